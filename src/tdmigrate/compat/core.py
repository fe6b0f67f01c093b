"""Layers of keras.layers.core that Keras 3 lacks or has with another formula."""

from __future__ import annotations

from typing import Any

import keras
from keras import activations, constraints, initializers, layers, ops, regularizers

from tdmigrate.compat.precision import dot
from tdmigrate.compat.registering import Tensor, registered
from tdmigrate.compat.regularizers import ActivityRegularizer


class Affine(layers.Layer):  # type: ignore[misc]
    """What layers with one kernel and one bias have in common."""

    def __init__(
        self,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def add_kernel(self, shape: tuple[int, ...]) -> Any:
        return self.add_weight(
            name="kernel",
            shape=shape,
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )

    def add_bias(self, shape: tuple[int, ...]) -> Any:
        """None where there is to be none."""
        if not self.use_bias:
            return None
        return self.add_weight(
            name="bias",
            shape=shape,
            initializer=self.bias_initializer,
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "use_bias": self.use_bias,
            "kernel_initializer": initializers.serialize(self.kernel_initializer),
            "bias_initializer": initializers.serialize(self.bias_initializer),
            "kernel_regularizer": regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": constraints.serialize(self.kernel_constraint),
            "bias_constraint": constraints.serialize(self.bias_constraint),
        }


@registered
class MaxoutDense(Affine):
    """The greatest of ``features`` affine maps, unit by unit: ``(batch, inputs)`` to ``(batch, units)``.

    ``max over k of (x @ kernel[k] + bias[k])``, as in Keras 1.2.2 (keras/layers/core.py), where ``features`` was
    ``nb_feature``. Weights: kernel ``(features, inputs, units)``, bias ``(features, units)``.
    """

    def __init__(self, units: int, features: int = 4, **kwargs: Any) -> None:
        """``kwargs``: ``use_bias``, ``kernel_initializer`` and the like, as ``keras.layers.Dense`` takes them."""
        super().__init__(**kwargs)
        self.units = units
        self.features = features
        self.input_spec = layers.InputSpec(ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        inputs = input_shape[-1]
        assert inputs is not None
        self.kernel = self.add_kernel((self.features, inputs, self.units))
        self.bias = self.add_bias((self.features, self.units))

    def call(self, inputs: Tensor) -> Tensor:
        outputs = ops.einsum("bi,kiu->bku", inputs, self.kernel)
        if self.bias is not None:
            outputs = ops.add(outputs, self.bias)
        return ops.max(outputs, axis=1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "features": self.features}


@registered
class Highway(Affine):
    """``t * activation(x @ kernel + bias) + (1 - t) * x``, ``t = sigmoid(x @ carry_kernel + carry_bias)``.

    As in Keras 1.2.2 (keras/layers/core.py): ``(batch, inputs)``, which stays. Weights: kernel and carry kernel
    ``(inputs, inputs)``, bias and carry bias ``(inputs,)``; penalties and constraints are for kernel and bias alone.
    ``transform_bias``: where the carry bias starts; 1 from 1.2.1 on, before that an argument with the default -2.
    """

    def __init__(self, activation: Any = None, transform_bias: float = 1.0, **kwargs: Any) -> None:
        """``kwargs``: ``use_bias``, ``kernel_initializer`` and the like, as ``keras.layers.Dense`` takes them."""
        super().__init__(**kwargs)
        self.activation = activations.get(activation)
        self.transform_bias = transform_bias
        self.input_spec = layers.InputSpec(ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        inputs = input_shape[-1]
        assert inputs is not None
        self.kernel = self.add_kernel((inputs, inputs))
        self.carry_kernel = self.add_weight(
            name="carry_kernel", shape=(inputs, inputs), initializer=self.kernel_initializer
        )
        self.bias = self.add_bias((inputs,))
        self.carry_bias = None
        if self.use_bias:
            start = initializers.Constant(self.transform_bias)
            self.carry_bias = self.add_weight(name="carry_bias", shape=(inputs,), initializer=start)

    def call(self, inputs: Tensor) -> Tensor:
        gate, outputs = dot(inputs, self.carry_kernel), dot(inputs, self.kernel)
        if self.bias is not None:
            gate, outputs = ops.add(gate, self.carry_bias), ops.add(outputs, self.bias)
        gate = ops.sigmoid(gate)
        carried = ops.multiply(ops.subtract(1.0, gate), inputs)
        return ops.add(ops.multiply(self.activation(outputs), gate), carried)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "activation": activations.serialize(self.activation),
            "transform_bias": self.transform_bias,
        }


@registered
class ActivityRegularization(layers.Layer):  # type: ignore[misc]
    """Pass on what comes and add ``l1 * sum(|x|) + l2 * sum(x ** 2)`` of the whole batch to the loss.

    As in Keras 1.2.2 (keras/layers/core.py); with ``batch_mean`` divided by the batch size, as in Keras 0.3.3. Keras
    3.14 and later divide the penalty of their own layer by the batch size. Any shape, which stays; a mask passes on.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, batch_mean: bool = False, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=ActivityRegularizer(l1, l2, batch_mean), **kwargs)
        self.supports_masking = True
        self.l1 = l1
        self.l2 = l2
        self.batch_mean = batch_mean

    def call(self, inputs: Tensor) -> Tensor:
        return inputs

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        config.pop("activity_regularizer", None)
        return {**config, "l1": self.l1, "l2": self.l2, "batch_mean": self.batch_mean}


@registered
class Dropout(layers.Layer):  # type: ignore[misc]
    """Set a share ``rate`` of the elements to 0 in training, and multiply by ``1 - rate`` when predicting.

    As in Keras 0.2.0 (keras/layers/core.py): nothing is scaled in training, where ``keras.layers.Dropout`` divides by
    ``1 - rate``. A ``rate`` of 0 or less does nothing. Any shape, which stays; a mask passes on.
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.supports_masking = True

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        if self.rate <= 0:
            return inputs
        if not training:
            return ops.multiply(inputs, 1.0 - self.rate)
        drawn = keras.random.uniform(ops.shape(inputs), dtype=inputs.dtype, seed=self.seed_generator)
        return ops.multiply(inputs, ops.cast(ops.greater_equal(drawn, self.rate), inputs.dtype))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}
