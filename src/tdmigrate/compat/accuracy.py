"""Accuracies as Keras 1 took them (keras/metrics.py of 1.2.2, keras/models.py of 0.3.3)."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from tdmigrate.compat.registering import Tensor, registered


@registered
def acc(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """Accuracy of outputs that are rounded: ``mean(y_true == round(y_pred))`` along the last axis.

    ``(..., n)`` both; gives ``(...)``, of the dtype of ``y_pred``. What Keras 1 called 'acc' where the output had one
    feature; Keras 3 asks there whether the output is above one half.
    """
    equal = ops.equal(ops.cast(y_true, y_pred.dtype), ops.round(y_pred))
    return ops.mean(ops.cast(equal, y_pred.dtype), axis=-1)


def predict_classes(model: keras.Model, x: Any, batch_size: int = 32, verbose: int = 1) -> Any:
    """The most probable class of each sample: ``argmax`` of ``predict`` along the last axis.

    Where that has one feature only: whether it is above one half, as int32, of the shape of ``predict``. As in Keras
    1.0-1.2 (Sequential.predict_classes in keras/models.py of 1.2.2).
    """
    predicted = np.asarray(model.predict(x, batch_size=batch_size, verbose=verbose))
    return predicted.argmax(axis=-1) if predicted.shape[-1] > 1 else (predicted > 0.5).astype("int32")
