"""Losses with sample weights as Keras 1 took them."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from tdmigrate.compat.registering import Tensor, registered


@registered
class WeightedLoss(keras.losses.Loss):  # type: ignore[misc]
    """``mean(score * weights) / mean(weights != 0)`` of a batch; ``score`` is the loss of each sample, or timestep.

    The ``weighted_objective`` of Keras 0.3.2-1.2 (keras/engine/training.py of 1.2.2): what has the weight 0 does not
    count, where Keras 3 divides by the number of all. Weights ``(batch,)``, or ``(batch, timesteps)`` for outputs with
    such an axis; scores are averaged along the axes that the weights do not have. With a mask, scores are first
    ``score * mask / mean(mask)``.

    Args:
        loss: a function of targets and outputs, or the name of one.
    """

    def __init__(self, loss: Any, name: str | None = None, reduction: str = "sum_over_batch_size") -> None:
        super().__init__(name=name, reduction=reduction)
        self.loss = loss
        found = keras.losses.get(loss)
        self._score = found.call if isinstance(found, keras.losses.Loss) else found

    def __call__(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor = None) -> Tensor:
        mask = getattr(y_pred, "_keras_mask", None)
        y_pred = ops.convert_to_tensor(y_pred)
        y_true = ops.cast(y_true, y_pred.dtype)
        if len(y_true.shape) < len(y_pred.shape) and y_pred.shape[-1] == 1:
            y_true = ops.expand_dims(y_true, -1)
        score = self._score(y_true, y_pred)
        if mask is not None:
            mask = ops.cast(mask, score.dtype)
            score = score * mask / ops.mean(mask)
        if sample_weight is not None:
            weights = ops.cast(sample_weight, score.dtype)
            extra = tuple(range(len(weights.shape), len(score.shape)))
            score = ops.mean(score, axis=extra) if extra else score
            score = score * weights / ops.mean(ops.cast(ops.not_equal(weights, 0), score.dtype))
        return ops.mean(score)

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        return self._score(y_true, y_pred)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "loss": keras.saving.serialize_keras_object(self.loss)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> WeightedLoss:
        return cls(**{**config, "loss": keras.saving.deserialize_keras_object(config["loss"])})
