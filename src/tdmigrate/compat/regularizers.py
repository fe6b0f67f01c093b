"""Penalties on the outputs of a layer, and one on a kernel that Keras 3 has no more."""

from __future__ import annotations

from functools import cache
from typing import Any

from keras import layers, ops, regularizers

from tdmigrate.compat.precision import dot
from tdmigrate.compat.registering import Tensor, registered


@cache
def _divides_by_batch() -> bool:
    """Whether this Keras divides activity losses by the batch size: from 3.14.0 it does, before it did not.

    Asked of a layer rather than of a version number: an activity loss of 2 on a batch of two comes out as 1 or 2.
    """
    layer = layers.Activation("linear", activity_regularizer=ops.sum, name="activity_probe", dtype="float32")
    layer(ops.ones((2, 1), dtype="float32"))
    return float(layer.losses[0]) < 1.5


@registered
class ActivityRegularizer(regularizers.Regularizer):  # type: ignore[misc]
    """``l1 * sum(|x|) + l2 * sum(x ** 2)`` over the whole batch, whatever this Keras divides activity losses by.

    The sum is that of Keras 1.0-1.2 (keras/regularizers.py of 1.2.2). With ``batch_mean`` it is divided by the batch
    size, as in Keras 0.1-0.3 (keras/regularizers.py of 0.3.3). To be used as ``activity_regularizer=`` only.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, batch_mean: bool = False) -> None:
        self.l1 = float(l1)
        self.l2 = float(l2)
        self.batch_mean = bool(batch_mean)
        self._divided = _divides_by_batch()

    def __call__(self, x: Tensor) -> Tensor:
        loss = ops.add(
            ops.multiply(ops.sum(ops.abs(x)), self.l1),
            ops.multiply(ops.sum(ops.square(x)), self.l2),
        )
        if self._divided == self.batch_mean:
            return loss
        batch = ops.cast(ops.shape(x)[0], loss.dtype)
        return ops.divide_no_nan(loss, batch) if self.batch_mean else ops.multiply(loss, batch)

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2, "batch_mean": self.batch_mean}


def activity_l1(l: float = 0.01, batch_mean: bool = False) -> ActivityRegularizer:  # noqa: E741
    """``l * sum(|x|)`` of a layer's output: ``activity_l1`` of Keras 0.1-1.2; see ``ActivityRegularizer``."""
    return ActivityRegularizer(l1=l, batch_mean=batch_mean)


def activity_l2(l: float = 0.01, batch_mean: bool = False) -> ActivityRegularizer:  # noqa: E741
    """``l * sum(x ** 2)`` of a layer's output: ``activity_l2`` of Keras 0.1-1.2; see ``ActivityRegularizer``."""
    return ActivityRegularizer(l2=l, batch_mean=batch_mean)


def activity_l1l2(l1: float = 0.01, l2: float = 0.01, batch_mean: bool = False) -> ActivityRegularizer:
    """``l1 * sum(|x|) + l2 * sum(x ** 2)`` of a layer's output: ``activity_l1l2`` of Keras 0.1-1.2."""
    return ActivityRegularizer(l1=l1, l2=l2, batch_mean=batch_mean)


@registered
class EigenvalueRegularizer(regularizers.Regularizer):  # type: ignore[misc]
    """``k * sqrt(e)`` of a kernel ``(inputs, outputs)``, with ``e`` the largest eigenvalue of ``kernel.T @ kernel``.

    ``e`` is what the power method comes to after nine steps from a vector of ones, as in Keras 1.0.5-1.2
    (keras/regularizers.py of 1.2.2). A kernel that is no matrix is a ``ValueError``.
    """

    def __init__(self, k: float) -> None:
        self.k = float(k)

    def __call__(self, x: Tensor) -> Tensor:
        if len(x.shape) != 2:
            raise ValueError(f"EigenvalueRegularizer is for matrices, not for a kernel of the shape {tuple(x.shape)}")
        covariance = dot(ops.transpose(x), ops.convert_to_tensor(x))
        vector = ops.sum(covariance, axis=1, keepdims=True)
        for _ in range(8):
            vector = dot(covariance, vector)
        above, below = ops.sum(ops.multiply(dot(covariance, vector), vector)), ops.sum(ops.square(vector))
        return ops.multiply(ops.sqrt(ops.divide(above, below)), self.k)

    def get_config(self) -> dict[str, Any]:
        return {"k": self.k}
