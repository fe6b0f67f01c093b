"""Compiled models whose metrics and losses count what Keras 1 counted."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from tdmigrate.compat.registering import Tensor


def count_masked_steps(model: Any) -> None:
    """Let the metrics of a compiled model count the steps that a mask leaves out of the loss.

    Keras 0.x and 1.x computed metrics of all targets and outputs, whatever the mask (``Model.compile`` in
    keras/engine/training.py of 1.2.2, ``Sequential.compile`` in keras/models.py of 0.3.3). Keras 3 weights what a
    metric gives by the mask, a batch by its unmasked steps. The loss is not changed. A later ``compile`` keeps this; a
    model that is loaded from a file does not have it.

    Args:
        model: a ``keras.Model``.
    """
    genuine = type(model).compute_metrics

    def compute_metrics(x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        return genuine(model, x, y, keras.tree.map_structure(_unmasked, y_pred), sample_weight)

    model.compute_metrics = compute_metrics


def _unmasked(outputs: Tensor) -> Tensor:
    """The same numbers without their mask: what JAX calls a copy may be the tensor itself."""
    return ops.multiply(outputs, ops.ones_like(outputs))


def penalize_training_only(model: Any) -> None:
    """Leave what regularizers add out of the loss of ``evaluate`` and ``test_on_batch``, and out of ``val_loss``.

    Up to Keras 1.1 a regularizer added to the loss in the training phase only (``K.in_train_phase`` in
    keras/regularizers.py of 1.1.2). Keras 3 adds the same to every loss. A later ``compile`` keeps this; a model that
    is loaded from a file does not have it.

    Args:
        model: a ``keras.Model`` that is compiled with a loss.
    """
    genuine = type(model).compute_loss

    def compute_loss(
        x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        if training:
            return genuine(model, x, y, y_pred, sample_weight, training=True)
        return model._compile_loss(y, y_pred, sample_weight)

    model.compute_loss = compute_loss
