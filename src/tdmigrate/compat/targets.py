"""Targets as Keras 1 gave them to losses and metrics."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from keras import ops

from tdmigrate.compat.registering import Tensor


def like_outputs(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Targets in the dtype of the outputs, ``(batch,)`` as ``(batch, 1)``; others keep their shape.

    Keras 1 made a column of one-dimensional targets (``standardize_input_data`` in keras/engine/training.py of 1.2.2,
    ``standardize_y`` in keras/models.py of 0.3.3) and took them in the dtype of the outputs. Keras 3 gives metrics
    what it is given, which broadcasts ``(batch,)`` against ``(batch, 1)`` to ``(batch, batch)``.
    """
    y_true = ops.cast(y_true, y_pred.dtype)
    return ops.expand_dims(y_true, -1) if len(y_true.shape) == 1 < len(y_pred.shape) else y_true


def with_columns(loss: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """A program's own loss with targets ``(batch,)`` as ``(batch, 1)``, in the dtype of the outputs.

    Keras 3 makes columns of them beside outputs ``(batch, 1)`` only; see ``like_outputs``. The result is that of
    ``loss``.
    """

    @wraps(loss)
    def given_columns(y_true: Tensor, y_pred: Tensor) -> Tensor:
        return loss(like_outputs(y_true, y_pred), y_pred)

    return given_columns
