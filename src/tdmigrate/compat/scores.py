"""The order of what evaluate and its like give (keras/engine/training.py of 1.2.2, compile)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras


def scores(model: keras.Model, logs: Mapping[str, float]) -> Any:
    """The numbers of ``logs`` in the order of Keras 1; the loss itself where there is nothing else.

    That is the loss, then the loss of each output if there are several, then the metrics of the first output, of the
    second and so on, each as ``compile`` lists them. Keras 3 sorts the metrics of several outputs by their names.

    Args:
        model: has computed ``logs`` last.
        logs: what ``model.evaluate(..., return_dict=True)`` gives, or ``train_on_batch`` or ``test_on_batch``.
    """
    values = [logs[name] for name in names_in_order(model, logs)]
    return values[0] if len(values) == 1 else values


def names_in_order(model: keras.Model, logs: Mapping[str, float]) -> list[str]:
    """The names in ``logs`` in the order of Keras 1; ``model`` has computed them last."""
    losses: list[str] = []
    metrics: list[str] = []
    for metric in model.metrics:
        # one of them holds all that compile was given, and gives them by name
        result = metric.result()
        if isinstance(result, Mapping):
            metrics.extend(result)
        else:
            losses.append(metric.name)
    names = [name for name in (*losses, *metrics) if name in logs]
    return [*names, *(name for name in logs if name not in names)]
