"""Accuracies as Keras 1 took them (keras/metrics.py of 1.2.2, keras/models.py of 0.3.3)."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from tdmigrate.compat.registering import Tensor, registered


@registered
def acc(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The accuracy that Keras 1 took for losses other than crossentropies.

    ``(..., n)`` both, or targets ``(...)`` of one feature; gives ``(...)``. With one feature it is
    ``y_true == round(y_pred)``, where Keras 3 asks whether the output is above one half; with more it is
    ``argmax(y_true) == argmax(y_pred)``.
    """
    y_true = ops.cast(y_true, y_pred.dtype)
    if y_pred.shape[-1] == 1:
        if len(y_true.shape) < len(y_pred.shape):
            y_true = ops.expand_dims(y_true, -1)
        return ops.mean(ops.cast(ops.equal(y_true, ops.round(y_pred)), y_pred.dtype), axis=-1)
    return ops.cast(ops.equal(ops.argmax(y_true, axis=-1), ops.argmax(y_pred, axis=-1)), y_pred.dtype)


def predict_classes(model: keras.Model, x: Any, batch_size: int = 32, verbose: int = 1) -> Any:
    """The most probable class of each sample: ``argmax`` of ``predict`` along the last axis.

    Where that has one feature only: whether it is above one half, as int32, of the shape of ``predict``. As in Keras
    1.0-1.2 (Sequential.predict_classes in keras/models.py of 1.2.2).
    """
    predicted = np.asarray(model.predict(x, batch_size=batch_size, verbose=verbose))
    return predicted.argmax(axis=-1) if predicted.shape[-1] > 1 else (predicted > 0.5).astype("int32")
