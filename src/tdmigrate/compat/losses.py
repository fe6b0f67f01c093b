"""Crossentropies of what a model gives, never of the logits behind it.

On TensorFlow, Keras 3 looks for the logits that a sigmoid or softmax leaves on its output and takes the formula of a
softmax, or of sigmoids for ``binary_crossentropy``, of these, whichever activation it was
(keras/src/backend/tensorflow/nn.py, 3.15). Keras 0.3-1.2 took the output as it was, clipped to [1e-7, 1 - 1e-7]
(keras/backend/tensorflow_backend.py and theano_backend.py of 1.2.2; before 0.3 it clipped before it scaled). On other
backends nothing differs.
"""

from __future__ import annotations

from keras import losses, ops

from tdmigrate.compat.registering import Tensor, registered


@registered
def categorical_crossentropy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """``-sum(y_true * log(p))`` along the last axis, with ``p = clip(y_pred / sum(y_pred))``.

    ``(..., classes)`` both; gives ``(...)``. As in Keras 0.3-1.2 (keras/objectives.py of 1.2.2).
    """
    return losses.categorical_crossentropy(y_true, ops.copy(y_pred))


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
    return losses.binary_crossentropy(y_true, ops.copy(y_pred))
