"""Losses whose formula changed, and crossentropies of what a model gives, never of the logits behind it.

On TensorFlow, Keras 3 looks for the logits that a sigmoid or softmax leaves on its output and takes the formula of a
softmax, or of sigmoids for ``binary_crossentropy``, of these, whichever activation it was
(keras/src/backend/tensorflow/nn.py, 3.15). Keras 0.3-1.2 took the output as it was, clipped to [1e-7, 1 - 1e-7]
(keras/backend/tensorflow_backend.py and theano_backend.py of 1.2.2; before 0.3 it clipped before it scaled). On other
backends nothing differs.
"""

from __future__ import annotations

from keras import losses, ops

from tdmigrate.compat.precision import mean
from tdmigrate.compat.registering import Tensor, registered
from tdmigrate.compat.targets import like_outputs

_EPSILON = 1e-7


@registered
def categorical_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """``-sum(y_true * log(p))`` along the last axis, with ``p = clip(y_pred / sum(y_pred))``.

    ``(..., classes)`` both; gives ``(...)``. As in Keras 0.3-1.2 (keras/objectives.py of 1.2.2).
    """
    y_pred = ops.copy(y_pred)
    return losses.categorical_crossentropy(like_outputs(y_true, y_pred), y_pred)


@registered
def sparse_categorical_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """``log(sum(p)) - log(p[y_true])`` with ``p = clip(y_pred)``.

    Whole numbers ``(...)`` or ``(..., 1)`` and ``(..., classes)``; gives ``(...)``. As in Keras 1.0-1.2 on TensorFlow
    (keras/objectives.py of 1.2.2).
    """
    return losses.sparse_categorical_crossentropy(y_true, ops.copy(y_pred))


@registered
def binary_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The mean of ``-(y_true * log(p) + (1 - y_true) * log(1 - p))`` along the last axis, with ``p = clip(y_pred)``.

    ``(..., n)`` both; gives ``(...)``. As in Keras 0.3-1.2 (keras/objectives.py of 1.2.2).
    """
    y_pred = ops.copy(y_pred)
    return losses.binary_crossentropy(like_outputs(y_true, y_pred), y_pred)


@registered
def cosine_proximity(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Minus the mean of ``y_true / |y_true| * y_pred / |y_pred|`` along the last axis, of which Keras 3 takes the sum.

    ``(..., n)`` both; gives ``(...)``. As in Keras 0.3.2-1.2 (keras/objectives.py of 1.2.2).
    """
    y_pred = ops.convert_to_tensor(y_pred)
    products = ops.multiply(_directed(like_outputs(y_true, y_pred)), _directed(y_pred))
    return ops.negative(_mean(products))


@registered
def poisson(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The mean of ``y_pred - y_true * log(y_pred + 1e-7)`` along the last axis, as in Keras 1.0-1.2.

    ``(..., n)`` both, or targets ``(batch,)`` of one feature; gives ``(...)``. Formula of keras/metrics.py of 1.2.2.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    logs = ops.log(ops.add(y_pred, _EPSILON))
    return _mean(ops.subtract(y_pred, ops.multiply(like_outputs(y_true, y_pred), logs)))


@registered
def kullback_leibler_divergence(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The sum of ``y_true * log(y_true / y_pred)`` along the last axis, both clipped to [1e-7, 1].

    ``(..., n)`` both, or targets ``(batch,)`` of one feature; gives ``(...)``. As in Keras 1.0.4-1.2 (keras/metrics.py
    of 1.2.2).
    """
    y_pred = ops.convert_to_tensor(y_pred)
    true, predicted = (ops.clip(one, _EPSILON, 1.0) for one in (like_outputs(y_true, y_pred), y_pred))
    return ops.sum(ops.multiply(true, ops.log(ops.divide(true, predicted))), axis=-1)


@registered
def hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The mean of ``max(1 - y_true * y_pred, 0)`` along the last axis, whatever the labels are.

    Keras 3 makes -1 and 1 of labels that are 0 and 1. ``(..., n)`` both; gives ``(...)``. As in Keras 0.1-1.2
    (keras/objectives.py of 1.2.2).
    """
    return _mean(_margin(y_true, y_pred))


@registered
def squared_hinge(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The mean of ``max(1 - y_true * y_pred, 0) ** 2`` along the last axis; see ``hinge``."""
    return _mean(ops.square(_margin(y_true, y_pred)))


def _margin(y_true: Tensor, y_pred: Tensor) -> Tensor:
    y_pred = ops.convert_to_tensor(y_pred)
    return ops.relu(ops.subtract(1.0, ops.multiply(like_outputs(y_true, y_pred), y_pred)))


def _directed(x: Tensor) -> Tensor:
    """Of length 1; as on TensorFlow, a vector of zeros stays one."""
    squares = ops.sum(ops.square(x), axis=-1, keepdims=True)
    return ops.multiply(x, ops.rsqrt(ops.clip(squares, 1e-12, float("inf"))))


def _mean(x: Tensor) -> Tensor:
    return ops.squeeze(mean(x, (-1,)), axis=-1)
