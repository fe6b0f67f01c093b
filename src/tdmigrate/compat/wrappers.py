"""Wrappers around one layer."""

from __future__ import annotations

from keras import layers, ops

from tdmigrate.compat.registering import Tensor, registered


@registered
class TimeDistributed(layers.TimeDistributed):  # type: ignore[misc]
    """Apply a layer to every timestep: ``(batch, timesteps, ...)`` to ``(batch, timesteps, ...)``, however many.

    As in Keras 1.2.2 (keras/layers/wrappers.py): batch and time are folded into one axis, the inner layer runs once
    on ``(batch * timesteps, ...)`` and the axes are unfolded again; where batch size and length are both fixed
    (``batch_shape=``) it runs timestep by timestep instead, so that it sees that very batch size. A mask
    ``(batch, timesteps)`` passes on and never reaches the inner layer. The inner layer's activity regularizer counts.

    ``keras.layers.TimeDistributed`` of 3.14 and later takes the batch size for the number of timesteps in compiled
    functions on TensorFlow when the time axis is free. Configuration and weights are the same, so either loads the
    other's.
    """

    _stepwise = False

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        super().build(input_shape)
        self._stepwise = input_shape[0] is not None and input_shape[1] is not None

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor | None = None) -> Tensor:
        # the inner layer hears of ``training`` by being called inside this call
        if self._stepwise:
            return ops.stack([self.layer(inputs[:, t]) for t in range(inputs.shape[1])], axis=1)
        batch, timesteps, *features = ops.shape(inputs)
        outputs = self.layer(ops.reshape(inputs, (batch * timesteps, *features)))
        return ops.reshape(outputs, (batch, timesteps, *ops.shape(outputs)[1:]))
