"""Accuracies as Keras 1 took them (keras/metrics.py of 1.2.2, keras/models.py of 0.3.3)."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from tdmigrate.compat.metrics import FunctionMetric
from tdmigrate.compat.precision import mean
from tdmigrate.compat.registering import Tensor, registered
from tdmigrate.compat.targets import like_outputs


@registered
def binary_accuracy(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The share of features where ``y_true == round(y_pred)``; Keras 3 asks whether outputs are above one half.

    ``(..., n)`` both, or targets ``(batch,)`` of one feature; gives ``(...)``. As in keras/metrics.py of 1.2.2.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    hits = ops.cast(ops.equal(like_outputs(y_true, y_pred), ops.round(y_pred)), y_pred.dtype)
    return ops.squeeze(mean(hits, (-1,)), axis=-1)


@registered
def acc(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """The accuracy that Keras 1 took for losses other than crossentropies.

    ``(..., n)`` both, or targets ``(batch,)`` or ``(..., 1)``; gives ``(...)``. With one feature it is
    ``y_true == round(y_pred)``, where Keras 3 asks whether the output is above one half; with more it is
    ``argmax(y_true) == argmax(y_pred)``.
    """
    if y_pred.shape[-1] == 1:
        if 1 < len(y_true.shape) < len(y_pred.shape):
            y_true = ops.expand_dims(y_true, -1)
        return binary_accuracy(y_true, y_pred)
    y_true = like_outputs(y_true, y_pred)
    return ops.cast(ops.equal(ops.argmax(y_true, axis=-1), ops.argmax(y_pred, axis=-1)), y_pred.dtype)


def accuracy_of(loss: Any) -> Any:
    """The metric, named ``acc``, that ``'accuracy'`` meant beside a loss which is known when the program runs.

    Keras 1 chose by the loss (``Model.compile`` in keras/engine/training.py of 1.2.2), Keras 3 chooses by shapes.
    ``loss`` is what ``compile`` gets for one output: a name, function or object.
    """
    loss = getattr(loss, "loss", loss)  # of a WeightedLoss
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", getattr(loss, "name", None))
    if name == "binary_crossentropy":
        return FunctionMetric(binary_accuracy, name="acc")
    return "acc" if name == "sparse_categorical_crossentropy" else acc  # Keras 3 sees labels by their shape


def predict_classes(model: keras.Model, x: Any, batch_size: int = 32, verbose: int = 1) -> Any:
    """The most probable class of each sample: ``argmax`` of ``predict`` along the last axis.

    Where that has one feature only: whether it is above one half, as int32, of the shape of ``predict``. As in Keras
    1.0-1.2 (Sequential.predict_classes in keras/models.py of 1.2.2).
    """
    predicted = np.asarray(model.predict(x, batch_size=batch_size, verbose=verbose))
    return predicted.argmax(axis=-1) if predicted.shape[-1] > 1 else (predicted > 0.5).astype("int32")
