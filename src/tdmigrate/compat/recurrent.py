"""Recurrent layers of Keras 0.1 and 0.2 that went with 0.3 (keras/layers/recurrent.py of 0.2.0).

``(batch, timesteps, inputs)`` to ``(batch, units)``, with ``return_sequences`` to ``(batch, timesteps, units)``. A mask
``(batch, timesteps)`` does not hold their state: behind a masked step the state counts as zeros, and a masked step has
an output like any other. It passes on with ``return_sequences``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import keras
from keras import activations, initializers, layers, ops

from tdmigrate.compat.activations import hard_sigmoid
from tdmigrate.compat.precision import dot, tanh
from tdmigrate.compat.registering import Tensor, registered


class _Steps(layers.Layer):  # type: ignore[misc]
    """A cell that hands on to the layer it is of: what it gets is the layer's projections, then its counts."""

    def __init__(self, owner: _Recurrent) -> None:
        super().__init__(dtype=owner.dtype_policy)
        self.step = owner.step
        self.units = owner.units
        self.state_size = [owner.units] * owner.depth
        self.output_size = owner.units

    def call(self, inputs: Tensor, states: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        depth = len(self.state_size)
        width = inputs.shape[-1] - depth
        projected = tuple(inputs[:, start : start + self.units] for start in range(0, width, self.units))
        counts = [inputs[:, width + k : width + k + 1] for k in range(depth)]
        output = self.step(projected, states, counts)
        return output, [output, *states[:-1]]


class _Recurrent(layers.Layer):  # type: ignore[misc]
    depth = 1  # how many states a step sees

    def __init__(
        self,
        units: int,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        return_sequences: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.activation = activations.get(activation)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.return_sequences = return_sequences
        self.supports_masking = True
        self.input_spec = layers.InputSpec(ndim=3)

    @abstractmethod
    def project(self, inputs: Tensor) -> tuple[Tensor, ...]:
        """What a step takes of the inputs, for all steps at once."""

    @abstractmethod
    def step(self, projected: tuple[Tensor, ...], states: Sequence[Tensor], counts: Sequence[Tensor]) -> Tensor:
        """The next state, which is the output; ``states``: the last one first; ``counts``: 1 where one counts, or 0."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        inputs = input_shape[-1]
        assert inputs is not None
        self.add_parts(inputs)
        self.steps = layers.RNN(_Steps(self), return_sequences=self.return_sequences)

    @abstractmethod
    def add_parts(self, inputs: int) -> None:
        """The weights, in the order of Keras."""

    def call(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor:
        flags = ops.ones_like(inputs[:, :, :1]) if mask is None else ops.expand_dims(ops.cast(mask, inputs.dtype), -1)
        # of the state of one step ago, of two …
        counts = [ops.pad(flags, ((0, 0), (k, 0), (0, 0)))[:, :-k] for k in range(1, self.depth + 1)]
        return self.steps(ops.concatenate([*self.project(inputs), *counts], axis=-1))

    def compute_mask(self, inputs: Tensor, mask: Tensor | None = None) -> Tensor | None:
        return mask if self.return_sequences else None

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, steps, _ = input_shape
        return (batch, steps, self.units) if self.return_sequences else (batch, self.units)

    def _kernel(self, name: str, inputs: int) -> Any:
        return self.add_weight(name=name, shape=(inputs, self.units), initializer=self.kernel_initializer)

    def _recurrent(self, name: str) -> Any:
        return self.add_weight(name=name, shape=(self.units, self.units), initializer=self.recurrent_initializer)

    def _bias(self, name: str) -> Any:
        return self.add_weight(name=name, shape=(self.units,), initializer="zeros")

    def _projection(self, inputs: int) -> Any:
        """Carries the inputs over as they are, or mixes them with signs drawn once; it is trained like the others."""

        def draw(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
            if inputs == self.units:
                return ops.eye(inputs, dtype=dtype)
            signs = ops.sign(ops.subtract(keras.random.uniform(shape, dtype=dtype), 0.5))
            return ops.divide(signs, inputs**0.5)

        return self.add_weight(name="projection", shape=(inputs, self.units), initializer=draw)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "recurrent_activation": activations.serialize(self.recurrent_activation),
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "recurrent_initializer": initializers.serialize(self.recurrent_initializer),
            "return_sequences": self.return_sequences,
        }


@registered
class SimpleDeepRNN(_Recurrent):
    """``h[t] = activation(x[t] @ W + b + sum over k of recurrent_activation(h[t - k] @ U[k]))``, k from 1 to ``depth``.

    Weights: W ``(inputs, units)``, each U ``(units, units)``, b ``(units,)``.
    """

    def __init__(
        self,
        units: int,
        depth: int = 3,
        activation: Any = "sigmoid",
        recurrent_activation: Any = hard_sigmoid,
        **kwargs: Any,
    ) -> None:
        """``kwargs``: ``kernel_initializer``, ``recurrent_initializer`` and ``return_sequences``."""
        super().__init__(units, activation, recurrent_activation, **kwargs)
        self.depth = depth

    def add_parts(self, inputs: int) -> None:
        self.w = self._kernel("W", inputs)
        self.us = [self._recurrent(f"U_{k}") for k in range(1, self.depth + 1)]
        self.b = self._bias("b")

    def project(self, inputs: Tensor) -> tuple[Tensor, ...]:
        return (ops.add(dot(inputs, self.w), self.b),)

    def step(self, projected: tuple[Tensor, ...], states: Sequence[Tensor], counts: Sequence[Tensor]) -> Tensor:
        (total,) = projected
        for state, count, u in zip(states, counts, self.us, strict=True):
            total = ops.add(total, ops.multiply(count, self.recurrent_activation(dot(state, u))))
        return self.activation(total)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "depth": self.depth}


class _Gated(_Recurrent):
    order: tuple[str, ...]  # the weights, by their names in Keras

    def add_parts(self, inputs: int) -> None:
        self.parts = {name: self._part(name, inputs) for name in self.order}

    def _part(self, name: str, inputs: int) -> Any:
        if name == "Pmat":
            return self._projection(inputs)
        if name.startswith("W"):
            return self._kernel(name, inputs)
        return self._bias(name) if name.startswith("b") else self._recurrent(name)

    def project(self, inputs: Tensor) -> tuple[Tensor, ...]:
        """Of z, r and the new state."""
        part = self.parts
        kernels = part["W_z"], part["W_r"] if "W_r" in part else part["Pmat"], part["W_h"]
        return tuple(ops.add(dot(inputs, w), part[f"b_{gate}"]) for w, gate in zip(kernels, "zrh", strict=True))

    def update(self, z: Tensor, h: Tensor) -> Tensor:
        """What goes into z."""
        return ops.add(z, dot(h, self.parts["U_z"]))

    def step(self, projected: tuple[Tensor, ...], states: Sequence[Tensor], counts: Sequence[Tensor]) -> Tensor:
        z, r, new = projected
        h = ops.multiply(counts[0], states[0])
        z = self.recurrent_activation(self.update(z, h))
        r = self.recurrent_activation(ops.add(r, dot(h, self.parts["U_r"])))
        new = self.activation(ops.add(new, dot(ops.multiply(r, h), self.parts["U_h"])))
        return ops.add(ops.multiply(new, z), ops.multiply(h, ops.subtract(1.0, z)))


@registered
class JZS1(_Gated):
    """A gated layer, the MUT1 of Jozefowicz et al. 2015. With h of one step ago, s for ``recurrent_activation``:

    ``z = s(x @ W_z + b_z)``, ``r = s(x @ W_r + h @ U_r + b_r)``,
    ``new = activation(tanh(x @ P) + (r * h) @ U_h + b_h)``, and the next h is ``new * z + h * (1 - z)``.

    Weights: W_z, b_z, W_r, U_r, b_r, U_h, b_h, P; W and P ``(inputs, units)``, U ``(units, units)``, b ``(units,)``.
    """

    order = ("W_z", "b_z", "W_r", "U_r", "b_r", "U_h", "b_h", "Pmat")

    def project(self, inputs: Tensor) -> tuple[Tensor, ...]:
        part = self.parts
        z, r = (ops.add(dot(inputs, part[f"W_{gate}"]), part[f"b_{gate}"]) for gate in "zr")
        return z, r, ops.add(tanh(dot(inputs, part["Pmat"])), part["b_h"])

    def update(self, z: Tensor, h: Tensor) -> Tensor:
        return z


@registered
class JZS2(_Gated):
    """A gated layer, the MUT2 of Jozefowicz et al. 2015. With h of one step ago, s for ``recurrent_activation``:

    ``z = s(x @ W_z + h @ U_z + b_z)``, ``r = s(x @ P + h @ U_r + b_r)``,
    ``new = activation(x @ W_h + (r * h) @ U_h + b_h)``, and the next h is ``new * z + h * (1 - z)``.

    Weights: W_z, U_z, b_z, U_r, b_r, W_h, U_h, b_h, P; W and P ``(inputs, units)``, U ``(units, units)``, b
    ``(units,)``.
    """

    order = ("W_z", "U_z", "b_z", "U_r", "b_r", "W_h", "U_h", "b_h", "Pmat")


@registered
class JZS3(_Gated):
    """A gated layer, the MUT3 of Jozefowicz et al. 2015. With h of one step ago, s for ``recurrent_activation``:

    ``z = s(x @ W_z + tanh(h) @ U_z + b_z)``, ``r = s(x @ W_r + h @ U_r + b_r)``,
    ``new = activation(x @ W_h + (r * h) @ U_h + b_h)``, and the next h is ``new * z + h * (1 - z)``.

    Weights: W, U and b of z, of r and of h; W ``(inputs, units)``, U ``(units, units)``, b ``(units,)``.
    """

    order = ("W_z", "U_z", "b_z", "W_r", "U_r", "b_r", "W_h", "U_h", "b_h")

    def update(self, z: Tensor, h: Tensor) -> Tensor:
        return ops.add(z, dot(tanh(h), self.parts["U_z"]))
