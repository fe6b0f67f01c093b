"""Metrics that are one number of a whole batch, as in Keras 1, and that an epoch averages by the size of its batches.

Each gives its number once a sample, ``(batch,)``: Keras 3 counts a plain number of a small last batch as much as one of
any other batch, where Keras 1 weighted it by the number of samples. Formulas of keras/metrics.py of 1.2.2.
"""

from __future__ import annotations

from keras import ops

from tdmigrate.compat.registering import Tensor, registered

_EPSILON = 1e-7


@registered
def precision(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Of what a batch predicts as 1 how much is 1: ``(batch, ...)`` both; gives ``(batch,)``."""
    return _each(_precision(y_true, y_pred), y_pred)


@registered
def recall(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Of what is 1 in a batch how much is predicted as 1: ``(batch, ...)`` both; gives ``(batch,)``."""
    return _each(_recall(y_true, y_pred), y_pred)


@registered
def fbeta_score(y_true: Tensor, y_pred: Tensor, beta: float = 1) -> Tensor:
    """``(1 + beta ** 2) * p * r / (beta ** 2 * p + r)`` of a batch's precision and recall; gives ``(batch,)``.

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
    """``(tp * tn - fp * fn) / sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))`` of a batch; gives ``(batch,)``."""
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
    return ops.cast(y_true, ops.convert_to_tensor(y_pred).dtype)


def _rounded(x: Tensor) -> Tensor:
    return ops.round(ops.clip(x, 0.0, 1.0))


def _each(number: Tensor, y_pred: Tensor) -> Tensor:
    """The number once a sample."""
    return ops.broadcast_to(number, (ops.shape(y_pred)[0],))
