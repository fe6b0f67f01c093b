"""`logs` of a batch as Keras 1 gave them (_fit_loop in keras/engine/training.py of 1.2.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import keras
import numpy as np

from tdmigrate.compat.scores import names_in_order


class _Batch:
    """A batch in training: its number, its logs, and what the metrics held before it by the ids of their variables."""

    def __init__(self, model: keras.Model, number: int) -> None:
        self.number = number
        self.logs: dict[str, Any] = {"batch": number}
        self.over = False
        self._before = {id(one): np.array(keras.ops.convert_to_numpy(one)) for one in model.metrics_variables}
        model.reset_metrics()

    def finish(self, model: keras.Model, given: dict[str, Any]) -> None:
        """Fill in the logs, and give the metrics back what they held: all their variables are sums."""
        self.over = True
        loss = next(metric for metric in model.metrics if metric.name == "loss")
        self.logs["size"] = int(loss.count)
        self.logs.update((name, given[name]) for name in names_in_order(model, given))
        for one in model.metrics_variables:
            before = self._before.get(id(one))
            if before is not None:
                one.assign(keras.ops.convert_to_numpy(one) + before)


_batches: WeakKeyDictionary[keras.Model, _Batch] = WeakKeyDictionary()


class BatchLogs:
    """A class before ``Callback`` among the bases of a callback: its hooks of batches get the `logs` of Keras 1.

    ``on_batch_end(batch, logs)`` gets the loss and the metrics of that batch, its number as 'batch' and its number of
    samples as 'size'; Keras 3 gives the means since the epoch began. ``on_batch_begin(batch, logs)`` gets 'batch': how
    many samples a batch has is known at its end. As in Keras 1, all callbacks of a model get the same dict, and hooks
    are called by position. The numbers of the epoch stay what they are. Other callbacks of Keras 3, the progress bar
    among them, see the numbers of the batch as well.
    """

    model: Any
    on_batch_begin: Callable[[int, dict[str, Any]], Any]
    on_batch_end: Callable[[int, dict[str, Any]], Any]

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        model = self.model
        held = _batches.get(model)
        if held is None or held.over or held.number != batch:  # otherwise another callback of the model began it
            held = _batches[model] = _Batch(model, batch)
        self.on_batch_begin(batch, held.logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        model = self.model  # on JAX, its variables have the state of training from here on
        held = _batches[model]
        if not held.over:
            held.finish(model, logs or {})
        self.on_batch_end(batch, held.logs)


class LambdaCallback(BatchLogs, keras.callbacks.Callback):  # type: ignore[misc]
    """Functions as hooks: keras.callbacks.LambdaCallback with the names and the `logs` of batches of Keras 1.

    Args:
        on_epoch_begin, on_epoch_end: are called with the epoch and its logs.
        on_batch_begin, on_batch_end: with the batch's number and its logs, see ``BatchLogs``.
        on_train_begin, on_train_end: with the logs, which are empty.
        attributes: whatever the callback should have.
    """

    def __init__(
        self,
        on_epoch_begin: Callable[[int, Any], Any] | None = None,
        on_epoch_end: Callable[[int, Any], Any] | None = None,
        on_batch_begin: Callable[[int, Any], Any] | None = None,
        on_batch_end: Callable[[int, Any], Any] | None = None,
        on_train_begin: Callable[[Any], Any] | None = None,
        on_train_end: Callable[[Any], Any] | None = None,
        **attributes: Any,
    ) -> None:
        super().__init__()
        hooks = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
        }
        self.__dict__.update(attributes)
        self.__dict__.update((name, hook) for name, hook in hooks.items() if hook is not None)
