"""Normalisation over the batch, over a sample or over channels."""

from __future__ import annotations

from typing import Any, Final

from keras import initializers, layers, ops, regularizers

from tdmigrate.compat.precision import mean
from tdmigrate.compat.registering import Tensor, registered

_FORMS: Final = ("variance", "theano", "deviation", "running")


@registered
class BatchNormalization(layers.Layer):  # type: ignore[misc]
    """``gamma * normalized + beta`` in the modes and forms of Keras 0.1-1.2; any shape, which stays.

    ``mode`` (keras/layers/normalization.py of 1.2.2), with m and v the mean and variance:

    - 0: over the batch in training, ``(x - m) / sqrt(v + epsilon)``, by the running statistics otherwise;
    - 1: over the last axis of each sample, ``(x - m) / (sqrt(v + epsilon) + epsilon)``, in training and otherwise;
    - 2: over the batch, in training and otherwise; the running statistics never change.

    ``form``: "variance" as from 1.0.6 on. "theano" as in 1.2 with Theano 0.9 or later: as "variance", but the running
    variance follows ``v + epsilon`` (keras/backend/theano_backend.py of 1.2.2). "deviation" as from 0.3.2 to 1.0.5:
    modes 0 and 2 divide by ``(s + epsilon)`` with ``s = sqrt(v + epsilon)``, mode 0 keeps a running s as its fourth
    weight, and mode 1 divides by ``(sqrt(v) + epsilon)``. "running" as from 0.1 to 0.3.1: as "deviation", but mode 0
    normalizes by the running statistics in training too, while it updates them.

    ``axis``: the features' axis; None: every element of a sample is a feature, as from 0.1 to 0.3.1. Weights: gamma,
    beta, running mean and running variance (or deviation), each of the features' shape, also where a mode needs no
    running ones. A mask passes on and never bears on the statistics. An unknown ``mode`` or ``form`` is a
    ``ValueError``.
    """

    def __init__(
        self,
        mode: int = 0,
        axis: int | None = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        form: str = "variance",
        **kwargs: Any,
    ) -> None:
        if mode not in (0, 1, 2):
            raise ValueError(f"mode is 0, 1 or 2, not {mode!r}")
        if form not in _FORMS:
            raise ValueError(f"form is one of {', '.join(map(repr, _FORMS))}, not {form!r}")
        super().__init__(**kwargs)
        self.mode = mode
        self.axis = axis
        self.momentum = momentum
        self.epsilon = epsilon
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.form = form
        self._of_variance = form in ("variance", "theano")
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = tuple(input_shape[1:]) if self.axis is None else (input_shape[self.axis],)
        if None in shape:
            raise ValueError(f"the features of {tuple(input_shape)} have no fixed number")
        self.gamma = self.add_weight(
            name="gamma", shape=shape, initializer=self.gamma_initializer, regularizer=self.gamma_regularizer
        )
        self.beta = self.add_weight(
            name="beta", shape=shape, initializer=self.beta_initializer, regularizer=self.beta_regularizer
        )
        self.running_mean = self.add_weight(name="running_mean", shape=shape, initializer="zeros", trainable=False)
        self.running_spread = self.add_weight(name="running_spread", shape=shape, initializer="ones", trainable=False)

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        now = self._of_batch(inputs) if self.mode == 2 or training else None
        if self.mode == 1:
            outputs = self._by_sample(inputs)
        else:
            if now is None or (self.mode == 0 and self.form == "running"):
                center, spread = self._along(self.running_mean, inputs), self._along(self.running_spread, inputs)
            else:
                center, spread = now
            divisor = ops.add(spread, self.epsilon)
            if self._of_variance:
                divisor = ops.sqrt(divisor)
            normed = ops.divide(ops.subtract(inputs, center), divisor)
            # not by ops.add, which Keras 3.15 on TensorFlow takes along the last axis where that is of beta's size
            outputs = ops.multiply(self._along(self.gamma, inputs), normed) + self._along(self.beta, inputs)
        # up to 0.3.1 mode 1 kept running statistics too and never used them
        if now is not None and (self.mode == 0 or (self.mode == 1 and self.form == "running")):
            # at last: an assignment changes what has been read on PyTorch
            self._follow(self.running_mean, now[0])
            self._follow(self.running_spread, ops.add(now[1], self.epsilon) if self.form == "theano" else now[1])
        return outputs

    def _by_sample(self, inputs: Tensor) -> Tensor:
        center = mean(inputs, (-1,))
        variance = mean(ops.square(ops.subtract(inputs, center)), (-1,))
        fuzz = self.epsilon if self._of_variance else 0.0
        divisor = ops.add(ops.sqrt(ops.add(variance, fuzz)), self.epsilon)
        normed = ops.divide(ops.subtract(inputs, center), divisor)
        return ops.add(ops.multiply(self.gamma, normed), self.beta)

    def _of_batch(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """The mean and the variance (or deviation) of each feature, with the axes of the inputs."""
        rank = len(inputs.shape)
        features = range(1, rank) if self.axis is None else (self.axis % rank,)
        axes = tuple(axis for axis in range(rank) if axis not in features)
        center = mean(inputs, axes)
        spread = mean(ops.square(ops.subtract(inputs, center)), axes)
        return center, spread if self._of_variance else ops.sqrt(ops.add(spread, self.epsilon))

    def _along(self, weight: Any, inputs: Tensor) -> Tensor:
        """A weight with the axes of the inputs."""
        if self.axis is None:
            return ops.expand_dims(weight, 0)
        shape = [1] * len(inputs.shape)
        shape[self.axis] = -1
        return ops.reshape(weight, shape)

    def _follow(self, running: Any, now: Tensor) -> None:
        now = ops.cast(ops.stop_gradient(ops.reshape(now, running.shape)), running.dtype)
        running.assign(ops.add(ops.multiply(running, self.momentum), ops.multiply(now, 1.0 - self.momentum)))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "mode": self.mode,
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "form": self.form,
        }


@registered
class LRN2D(layers.Layer):  # type: ignore[misc]
    """Divide by ``(k + alpha * s) ** beta``, s the sum of squares over ``n`` neighbouring channels.

    As in Keras 0.3.0 (keras/layers/normalization.py). ``(batch, channels, rows, columns)``, which stays. An even ``n``
    is a ``ValueError``.
    """

    def __init__(self, alpha: float = 1e-4, k: float = 2, beta: float = 0.75, n: int = 5, **kwargs: Any) -> None:
        if n % 2 == 0:
            raise ValueError(f"n is odd, not {n}")
        super().__init__(**kwargs)
        self.alpha = alpha
        self.k = k
        self.beta = beta
        self.n = n
        self.input_spec = layers.InputSpec(ndim=4)

    def call(self, inputs: Tensor) -> Tensor:
        half = self.n // 2
        channels = inputs.shape[1]
        squares = ops.pad(ops.square(inputs), ((0, 0), (half, half), (0, 0), (0, 0)))
        total = squares[:, :channels]
        for shift in range(1, self.n):
            total = ops.add(total, squares[:, shift : shift + channels])
        scale = ops.add(ops.multiply(total, self.alpha), self.k)
        return ops.divide(inputs, ops.power(scale, self.beta))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "alpha": self.alpha, "k": self.k, "beta": self.beta, "n": self.n}
