"""Optimizers that take the steps of Keras 1, with settings that can all be set together.

The formulas are those of keras/optimizers.py of 1.2.2, and of every release from 1.0.3 on. In each, ``decay`` makes the
rate of step ``t`` (from 0) ``learning_rate / (1 + decay * t)`` while ``learning_rate`` itself stays a number that
callbacks may set, and ``clipvalue`` clips what ``global_clipnorm`` leaves. All other arguments are those of the
optimizer of Keras 3, which rounds them to single precision on TensorFlow, whatever the dtype of the weights is; these
here do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

import keras
from keras import ops, optimizers

from tdmigrate.compat.registering import Tensor, registered


class _Settings:
    """What the optimizers of Keras 1 have in common, before an optimizer of Keras 3."""

    decay: float
    clipvalue: float | None
    iterations: Any
    _left_out: tuple[str, ...] = ()  # of the configuration of Keras 3's

    def __init__(
        self, *, decay: float = 0.0, clipvalue: float | None = None, global_clipnorm: float | None = None, **kwargs: Any
    ) -> None:
        # Keras 3 refuses both at once; it clips by the norm where there is one
        super().__init__(global_clipnorm=global_clipnorm, **kwargs)  # type: ignore[call-arg]
        self.clipvalue = clipvalue
        self.decay = float(decay)

    def _clipped(self, gradient: Tensor) -> Tensor:
        limit = self.clipvalue
        return ops.clip(gradient, -limit, limit) if limit is not None and limit > 0 else gradient

    def _decayed(self, rate: Tensor, dtype: Any) -> Tensor:
        rate = ops.cast(rate, dtype)
        if self.decay <= 0:
            return rate
        steps = ops.multiply(ops.cast(self.iterations, dtype), self.decay)
        return ops.divide(rate, ops.add(steps, 1.0))

    def update_step(self, gradient: Tensor, variable: Any, learning_rate: Tensor) -> None:
        """One step of one weight."""
        gradient = self._clipped(ops.cast(gradient, variable.dtype))
        self._step(gradient, variable, self._decayed(learning_rate, variable.dtype))

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        super().update_step(gradient, variable, rate)  # type: ignore[misc]

    def _count(self, dtype: Any) -> Tensor:
        """The number of this step, from 1."""
        return ops.cast(ops.add(self.iterations, 1), dtype)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()  # type: ignore[misc]
        return {**{key: value for key, value in config.items() if key not in self._left_out}, "decay": self.decay}


def _divided(gradient: Tensor, squares: Tensor, rate: Tensor, epsilon: float) -> Tensor:
    """``rate * gradient / (sqrt(squares) + epsilon)``; Keras 3 adds epsilon inside the root."""
    return ops.divide(ops.multiply(gradient, rate), ops.add(ops.sqrt(squares), epsilon))


def _averaged(old: Tensor, new: Tensor, share: float) -> Tensor:
    """``share * old + (1 - share) * new``."""
    return ops.add(ops.multiply(old, share), ops.multiply(new, 1.0 - share))


def _power(base: float, exponent: Tensor) -> Tensor:
    """``base ** exponent`` in the exponent's dtype."""
    return ops.exp(ops.multiply(exponent, math.log(base))) if base > 0 else ops.zeros_like(exponent)


@registered
class SGD(_Settings, optimizers.SGD):  # type: ignore[misc]
    """``v = momentum * v - rate * g``; ``w += v``, with ``nesterov`` ``w += momentum * v - rate * g``."""

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        decay: float = 0.0,
        nesterov: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, momentum=momentum, decay=decay, nesterov=nesterov, **kwargs)

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        step = ops.multiply(gradient, rate)
        if self.momentum == 0:
            self.assign_sub(variable, step)
            return
        velocity = self.momentums[self._get_variable_index(variable)]
        self.assign(velocity, ops.subtract(ops.multiply(velocity, self.momentum), step))
        if self.nesterov:
            self.assign_add(variable, ops.subtract(ops.multiply(velocity, self.momentum), step))
        else:
            self.assign_add(variable, velocity)


@registered
class RMSprop(_Settings, optimizers.RMSprop):  # type: ignore[misc]
    """``a = rho * a + (1 - rho) * g ** 2``; ``w -= rate * g / (sqrt(a) + epsilon)``."""

    _left_out = ("momentum", "centered")

    def __init__(
        self, learning_rate: Any = 0.001, rho: float = 0.9, epsilon: float = 1e-8, decay: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(learning_rate=learning_rate, rho=rho, epsilon=epsilon, decay=decay, **kwargs)

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        average = self._velocities[self._get_variable_index(variable)]
        self.assign(average, _averaged(average, ops.square(gradient), self.rho))
        self.assign_sub(variable, _divided(gradient, average, rate, self.epsilon))


@registered
class Adagrad(_Settings, optimizers.Adagrad):  # type: ignore[misc]
    """``a += g ** 2``, from 0; ``w -= rate * g / (sqrt(a) + epsilon)``."""

    _left_out = ("initial_accumulator_value",)

    def __init__(self, learning_rate: Any = 0.01, epsilon: float = 1e-8, decay: float = 0.0, **kwargs: Any) -> None:
        super().__init__(
            learning_rate=learning_rate, epsilon=epsilon, decay=decay, initial_accumulator_value=0.0, **kwargs
        )

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        total = self._accumulators[self._get_variable_index(variable)]
        self.assign_add(total, ops.square(gradient))
        self.assign_sub(variable, _divided(gradient, total, rate, self.epsilon))


@registered
class Adadelta(_Settings, optimizers.Adadelta):  # type: ignore[misc]
    """``a = rho * a + (1 - rho) * g ** 2``; ``u = g * sqrt(d + epsilon) / sqrt(a + epsilon)``; ``w -= rate * u``;
    ``d = rho * d + (1 - rho) * u ** 2``.
    """

    def __init__(
        self, learning_rate: Any = 1.0, rho: float = 0.95, epsilon: float = 1e-8, decay: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(learning_rate=learning_rate, rho=rho, epsilon=epsilon, decay=decay, **kwargs)

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        index = self._get_variable_index(variable)
        squares, moves = self._accumulated_grads[index], self._accumulated_delta_vars[index]
        self.assign(squares, _averaged(squares, ops.square(gradient), self.rho))
        roots = [ops.sqrt(ops.add(one, self.epsilon)) for one in (moves, squares)]
        move = ops.divide(ops.multiply(gradient, roots[0]), roots[1])
        self.assign(moves, _averaged(moves, ops.square(move), self.rho))
        self.assign_sub(variable, ops.multiply(move, rate))


@registered
class Adam(_Settings, optimizers.Adam):  # type: ignore[misc]
    """``w -= rate * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t) * m / (sqrt(v) + epsilon)`` in step ``t`` (from 1)."""

    _left_out = ("amsgrad",)

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, decay=decay, **kwargs
        )

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        index, step = self._get_variable_index(variable), self._count(variable.dtype)
        mean, square = self._momentums[index], self._velocities[index]
        self.assign(mean, _averaged(mean, gradient, self.beta_1))
        self.assign(square, _averaged(square, ops.square(gradient), self.beta_2))
        root = ops.sqrt(ops.subtract(1.0, _power(self.beta_2, step)))
        rate = ops.divide(ops.multiply(rate, root), ops.subtract(1.0, _power(self.beta_1, step)))
        self.assign_sub(variable, _divided(mean, square, rate, self.epsilon))


@registered
class Adamax(_Settings, optimizers.Adamax):  # type: ignore[misc]
    """``w -= rate / (1 - beta_1 ** t) * m / (u + epsilon)`` in step ``t`` (from 1)."""

    def __init__(
        self,
        learning_rate: Any = 0.002,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, decay=decay, **kwargs
        )

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        index = self._get_variable_index(variable)
        mean, largest = self._m[index], self._u[index]
        self.assign(mean, _averaged(mean, gradient, self.beta_1))
        self.assign(largest, ops.maximum(ops.multiply(largest, self.beta_2), ops.abs(gradient)))
        rate = ops.divide(rate, ops.subtract(1.0, _power(self.beta_1, self._count(variable.dtype))))
        self.assign_sub(variable, ops.divide(ops.multiply(mean, rate), ops.add(largest, self.epsilon)))


class _Product:
    """The product of all optimizers that fresh_optimizer makes of a Nadam, from when the first of them is built."""

    variable: Any = None


@registered
class Nadam(_Settings, optimizers.Nadam):  # type: ignore[misc]
    """Adam with Nesterov momentum that is scheduled: in step ``t`` (from 1) it is ``c(t)``, where
    ``c(t) = beta_1 * (1 - 0.5 * 0.96 ** (t * schedule_decay))``.

    With ``p`` the product of ``c(1)`` to ``c(t)``, ``m`` and ``v`` as in Adam, and ``u = v / (1 - beta_2 ** t)``:
    ``w -= rate * ((1 - c(t)) * g / (1 - p) + c(t + 1) * m / (1 - p * c(t + 1))) / (sqrt(u) + epsilon)``.
    Keras 3 schedules it with ``0.96 ** t``.
    """

    def __init__(
        self,
        learning_rate: Any = 0.002,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        schedule_decay: float = 0.004,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, **kwargs)
        self.schedule_decay = float(schedule_decay)
        self._product = _Product()

    _u_product: Any  # of Keras 3's Nadam

    def build(self, variables: list[Any]) -> None:
        super().build(variables)
        if self._product.variable is None:
            self._product.variable = self._u_product
        self._u_product = self._product.variable

    def _momentum(self, step: Tensor) -> Tensor:
        power = _power(0.96, ops.multiply(step, self.schedule_decay))
        return ops.multiply(ops.subtract(1.0, ops.multiply(power, 0.5)), self.beta_1)

    def _backend_update_step(self, grads: Any, trainable_variables: Any, learning_rate: Any) -> None:
        product = self._u_product
        self.assign(product, ops.multiply(product, self._momentum(self._count(product.dtype))))
        # past Keras 3's Nadam, which would take the product of its own schedule
        super(optimizers.Nadam, self)._backend_update_step(grads, trainable_variables, learning_rate)

    def _step(self, gradient: Tensor, variable: Any, rate: Tensor) -> None:
        index, dtype = self._get_variable_index(variable), variable.dtype
        mean, square = self._momentums[index], self._velocities[index]
        step = self._count(dtype)
        now, then = self._momentum(step), self._momentum(ops.add(step, 1.0))
        product = ops.cast(self._u_product, dtype)
        self.assign(mean, _averaged(mean, gradient, self.beta_1))
        self.assign(square, _averaged(square, ops.square(gradient), self.beta_2))
        fresh = ops.divide(ops.multiply(ops.subtract(1.0, now), gradient), ops.subtract(1.0, product))
        kept = ops.divide(ops.multiply(then, mean), ops.subtract(1.0, ops.multiply(product, then)))
        squares = ops.divide(square, ops.subtract(1.0, _power(self.beta_2, step)))
        self.assign_sub(variable, _divided(ops.add(fresh, kept), squares, rate, self.epsilon))

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "schedule_decay": self.schedule_decay}
        del config["decay"]
        return config


def fresh_optimizer(optimizer: Any) -> Any:
    """Make an optimizer for one ``compile``: its moments are its own, its rate and step number those of ``optimizer``.

    ``get_updates`` of keras/optimizers.py (0.1 to 1.2.2) made new moments for each ``compile`` of the same object.
    ``lr``, ``iterations`` and Nadam's ``m_schedule`` are variables of that object: each ``compile`` read and counted
    the same ones, so a rate that is set on ``optimizer`` counts for all.

    Args:
        optimizer: an optimizer, or what ``compile`` takes in its place (a name), which is given back as it is.
    """
    if not isinstance(optimizer, optimizers.Optimizer):
        return optimizer
    fresh = optimizer.__class__.from_config(optimizer.get_config())
    for name in ("_iterations", "_learning_rate"):
        own, shared = getattr(fresh, name), getattr(optimizer, name)
        if isinstance(own, keras.Variable):
            fresh._untrack_variable(own)
        setattr(fresh, name, shared)
        if isinstance(shared, keras.Variable):
            fresh._track_variable(shared)
    if isinstance(optimizer, Nadam):
        fresh._product = optimizer._product
    return fresh


def optimizer_of(identifier: Any) -> Any:
    """The optimizer that Keras 1 made of what ``compile`` got, where that is known when the program runs.

    ``identifier``: a name, in letters of any case, which gives the optimizer of this module with the defaults of Keras
    1.0.3-1.2 (``get`` in keras/optimizers.py of 1.2.2); anything else is given back as it is.
    """
    known = _classes().get(identifier.lower()) if isinstance(identifier, str) else None
    return identifier if known is None else known()


def optimizer_class(name: str) -> Callable[..., Any]:
    """What makes the optimizer of this name (``KeyError`` for another) of the arguments that it had in Keras 1.

    ``lr`` is ``learning_rate`` and ``clipnorm`` is ``global_clipnorm`` of the class in this module, whose defaults are
    those of Keras 1.0.3-1.2; the place of each argument is the same.
    """
    made = _classes()[name.lower()]

    @wraps(made, updated=())
    def make(*args: Any, **kwargs: Any) -> Any:
        renamed = {"lr": "learning_rate", "clipnorm": "global_clipnorm"}
        return made(*args, **{renamed.get(key, key): value for key, value in kwargs.items()})

    return make


def _classes() -> dict[str, Callable[..., Any]]:
    """The optimizers of this module by their names in small letters."""
    known = (SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam)
    return {one.__name__.lower(): one for one in known}
