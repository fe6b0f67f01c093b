"""Metrics that are one number of a whole batch, as in Keras 1, and a program's own metrics as Keras 1 called them.

An epoch averages those of a batch by the batches' sizes. Each gives its number once a sample, of sequences once a step:
Keras 3 counts a plain number of a small last batch as much as one of any other batch, where Keras 1 weighted it by the
number of samples. Formulas of keras/metrics.py of 1.2.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from tdmigrate.compat.registering import Tensor, registered
from tdmigrate.compat.targets import like_outputs

_EPSILON = 1e-7


@registered
class FunctionMetric:
    """A metric function that is called as Keras 1 called it, under its own name in logs.

    Called with targets ``(batch, ...)`` of any dtype and outputs ``(batch, ...)``. The function gets the targets in the
    dtype of the outputs, ``(batch,)`` as ``(batch, 1)``; where it gives one number for the whole batch, the result is
    that number once a sample, ``(batch,)``, so that batches count by their sizes (``Model.compile`` and ``_test_loop``
    in keras/engine/training.py of 1.2.2); of sequences once a step, ``(batch, timesteps)``, which fits a mask.

    Args:
        function: what targets and outputs are given to.
        key: which number to take of a function that gives a dict of them.
        name: the name in logs; None: ``key``, else the function's own.
    """

    def __init__(self, function: Callable[..., Any], key: str | None = None, name: str | None = None) -> None:
        self.function = function
        self.key = key
        own: str = getattr(function, "__name__", type(function).__name__)
        self.name = name or key or own
        self.__name__ = self.name

    def __call__(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        y_pred = ops.convert_to_tensor(y_pred)
        found = self.function(like_outputs(y_true, y_pred), y_pred)
        if self.key is not None:
            found = found[self.key]
        found = ops.cast(found, y_pred.dtype)
        return _each(found, y_pred) if len(found.shape) == 0 else found

    def get_config(self) -> dict[str, Any]:
        function = keras.saving.serialize_keras_object(self.function)
        return {"function": function, "key": self.key, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> FunctionMetric:
        return cls(**{**config, "function": keras.saving.deserialize_keras_object(config["function"])})


def metric(function: Any, key: str | None = None) -> Any:
    """A program's own metric for ``compile``, called as Keras 1 called it; see ``FunctionMetric``.

    ``key``: the number to take, of a function that gives a dict of them. In lists, tuples and dicts every function is
    wrapped; names, metrics of Keras 3 and None come back as they are.
    """
    if isinstance(function, (list, tuple)):
        return [metric(one) for one in function]
    if isinstance(function, dict):
        return {name: metric(one) for name, one in function.items()}
    if not callable(function) or isinstance(function, (keras.metrics.Metric, FunctionMetric, type)):
        return function
    return FunctionMetric(function, key)


@registered
def precision(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Of what a batch predicts as 1 how much is 1: ``(batch, ..., features)`` both; gives ``(batch, ...)``."""
    return _each(_precision(y_true, y_pred), y_pred)


@registered
def recall(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Of what is 1 in a batch how much is predicted as 1: ``(batch, ..., features)`` both; gives ``(batch, ...)``."""
    return _each(_recall(y_true, y_pred), y_pred)


@registered
def fbeta_score(y_true: Tensor, y_pred: Tensor, beta: float = 1) -> Tensor:
    """``(1 + beta ** 2) * p * r / (beta ** 2 * p + r)`` of a batch's precision and recall; gives ``(batch, ...)``.

    ``beta`` below 0 is a ``ValueError``.
    """
    if beta < 0:
        raise ValueError(f"beta={beta} is below 0, with which only precision counts")
    p, r, square = _precision(y_true, y_pred), _recall(y_true, y_pred), float(beta) ** 2
    below = ops.add(ops.add(ops.multiply(p, square), r), _EPSILON)
    return _each(ops.divide(ops.multiply(ops.multiply(p, r), 1.0 + square), below), y_pred)


@registered
def fmeasure(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """``fbeta_score`` with ``beta=1``."""
    return fbeta_score(y_true, y_pred)


@registered
def matthews_correlation(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """``(tp * tn - fp * fn) / sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))`` of a batch; ``(batch, ...)``."""
    true, told = _rounded(_alike(y_true, y_pred)), _rounded(y_pred)
    not_true, not_told = ops.subtract(1.0, true), ops.subtract(1.0, told)
    tp, tn = ops.sum(ops.multiply(true, told)), ops.sum(ops.multiply(not_true, not_told))
    fp, fn = ops.sum(ops.multiply(not_true, told)), ops.sum(ops.multiply(true, not_told))
    above = ops.subtract(ops.multiply(tp, tn), ops.multiply(fp, fn))
    told_so, left_so = ops.multiply(ops.add(tp, fp), ops.add(tp, fn)), ops.multiply(ops.add(tn, fp), ops.add(tn, fn))
    return _each(ops.divide(above, ops.add(ops.sqrt(ops.multiply(told_so, left_so)), _EPSILON)), y_pred)


def _precision(y_true: Tensor, y_pred: Tensor) -> Tensor:
    both = ops.sum(_rounded(ops.multiply(_alike(y_true, y_pred), y_pred)))
    return ops.divide(both, ops.add(ops.sum(_rounded(y_pred)), _EPSILON))


def _recall(y_true: Tensor, y_pred: Tensor) -> Tensor:
    true = _alike(y_true, y_pred)
    return ops.divide(ops.sum(_rounded(ops.multiply(true, y_pred))), ops.add(ops.sum(_rounded(true)), _EPSILON))


def _alike(y_true: Tensor, y_pred: Tensor) -> Tensor:
    return like_outputs(y_true, ops.convert_to_tensor(y_pred))


def _rounded(x: Tensor) -> Tensor:
    return ops.round(ops.clip(x, 0.0, 1.0))


def _each(number: Tensor, y_pred: Tensor) -> Tensor:
    """The number once a sample and step, of which Keras 3 takes the mean: by the mask, if there is one."""
    return ops.broadcast_to(number, ops.shape(y_pred)[: max(1, len(y_pred.shape) - 1)])
