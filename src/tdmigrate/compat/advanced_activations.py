"""Activations with weights or thresholds that Keras 3 lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import initializers, layers, ops

from tdmigrate.compat.registering import Tensor, registered


class _Elementwise(layers.Layer):  # type: ignore[misc]
    """Any shape, which stays; a mask passes on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)


class _Shared(_Elementwise):
    """With weights of the shape of a sample, of size 1 along ``shared_axes`` (the batch is axis 0)."""

    def __init__(self, shared_axes: int | Sequence[int] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        axes = [shared_axes] if isinstance(shared_axes, int) else shared_axes
        self.shared_axes = None if axes is None else list(axes)

    def shape_of(self, input_shape: tuple[int | None, ...]) -> tuple[int, ...]:
        shape = list(input_shape[1:])
        for axis in self.shared_axes or ():
            shape[axis - 1] = 1
        fixed = tuple(size for size in shape if size is not None)
        if len(fixed) != len(shape):
            raise ValueError(f"{tuple(input_shape)} has an axis of no fixed size: name it in shared_axes")
        return fixed

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "shared_axes": self.shared_axes}


@registered
class ParametricSoftplus(_Shared):
    """``alpha * log(1 + exp(beta * x))`` with an alpha and a beta for every element of a sample.

    As in Keras 1.2.2 (keras/layers/advanced_activations.py). Weights: alphas, betas; ``initial_alpha`` and
    ``initial_beta`` are where they start. ``shared_axes``: axes along which elements share theirs.
    """

    def __init__(self, initial_alpha: float = 0.2, initial_beta: float = 5.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.initial_alpha = float(initial_alpha)
        self.initial_beta = float(initial_beta)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = self.shape_of(input_shape)
        alpha, beta = initializers.Constant(self.initial_alpha), initializers.Constant(self.initial_beta)
        self.alphas = self.add_weight(name="alphas", shape=shape, initializer=alpha)
        self.betas = self.add_weight(name="betas", shape=shape, initializer=beta)

    def call(self, inputs: Tensor) -> Tensor:
        return ops.multiply(ops.softplus(ops.multiply(self.betas, inputs)), self.alphas)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "initial_alpha": self.initial_alpha, "initial_beta": self.initial_beta}


@registered
class SReLU(_Shared):
    """Three lines, with their slopes and corners for every element of a sample.

    With ``tr = t_left + |t_right|``: ``t_left + a_left * (x - t_left)`` left of t_left, x between, and
    ``tr + a_right * (x - tr)`` right of tr, as in Keras 1.2.2 (keras/layers/advanced_activations.py) on TensorFlow.
    ``capped``: as on Theano, where the left line never rises above tr, as it would with a negative slope. Weights:
    t_left, a_left, t_right, a_right. ``shared_axes``: axes along which elements share theirs.
    """

    def __init__(
        self,
        t_left_initializer: Any = "zeros",
        a_left_initializer: Any = "glorot_uniform",
        t_right_initializer: Any = "glorot_uniform",
        a_right_initializer: Any = "ones",
        capped: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.t_left_initializer = initializers.get(t_left_initializer)
        self.a_left_initializer = initializers.get(a_left_initializer)
        self.t_right_initializer = initializers.get(t_right_initializer)
        self.a_right_initializer = initializers.get(a_right_initializer)
        self.capped = capped

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = self.shape_of(input_shape)
        self.t_left = self.add_weight(name="t_left", shape=shape, initializer=self.t_left_initializer)
        self.a_left = self.add_weight(name="a_left", shape=shape, initializer=self.a_left_initializer)
        self.t_right = self.add_weight(name="t_right", shape=shape, initializer=self.t_right_initializer)
        self.a_right = self.add_weight(name="a_right", shape=shape, initializer=self.a_right_initializer)

    def call(self, inputs: Tensor) -> Tensor:
        above, width = ops.subtract(inputs, self.t_left), ops.abs(self.t_right)
        left = ops.multiply(above, self.a_left)
        if self.capped:
            left = ops.where(ops.greater(left, width), width, left)
        center = ops.where(ops.greater(above, width), width, above)
        beyond = ops.multiply(ops.relu(ops.subtract(above, width)), self.a_right)
        return ops.add(ops.add(self.t_left, ops.where(ops.less(above, 0.0), left, center)), beyond)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "t_left_initializer": initializers.serialize(self.t_left_initializer),
            "a_left_initializer": initializers.serialize(self.a_left_initializer),
            "t_right_initializer": initializers.serialize(self.t_right_initializer),
            "a_right_initializer": initializers.serialize(self.a_right_initializer),
            "capped": self.capped,
        }


@registered
class ThresholdedLinear(_Elementwise):
    """x where ``|x| >= theta``, else 0, as in Keras 0.3.3 (keras/layers/advanced_activations.py)."""

    def __init__(self, theta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.theta = theta

    def call(self, inputs: Tensor) -> Tensor:
        return ops.where(ops.less(ops.abs(inputs), self.theta), ops.zeros_like(inputs), inputs)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "theta": self.theta}
