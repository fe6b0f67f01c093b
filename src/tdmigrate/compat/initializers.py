"""Initial distributions."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

from keras import initializers, ops
from keras import saving as serialization

from tdmigrate.compat.registering import Tensor, registered


@registered
class PerGate(initializers.Initializer):  # type: ignore[misc]
    """Initialise each gate of a fused kernel by itself: ``(..., gates * units)`` as ``gates`` draws ``(..., units)``.

    Keras 0.1-1.2 made one matrix per gate (keras/layers/recurrent.py of 1.2.2), so ``glorot_uniform`` had the limit
    ``sqrt(6 / (inputs + units))``; over Keras 3's fused kernel it is ``sqrt(6 / (inputs + gates * units))``.

    ``inner``: an initializer or its name. ``gates``: 4 for LSTM, 3 for GRU. A last axis that is not a multiple of
    ``gates`` is a ``ValueError``. An ``inner`` with an integer seed gives gate ``k`` the seed ``seed + k``: equal seeds
    would make equal gates.
    """

    def __init__(self, inner: Any = "glorot_uniform", gates: int = 4) -> None:
        self.inner = initializers.get(inner)
        self.gates = gates

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        units, rest = divmod(shape[-1], self.gates)
        if rest:
            raise ValueError(f"the last axis of {tuple(shape)} does not hold {self.gates} gates")
        return ops.concatenate([self._gate(k)((*shape[:-1], units), dtype=dtype) for k in range(self.gates)], axis=-1)

    def _gate(self, gate: int) -> Callable[..., Tensor]:
        # A Keras 3 initializer with an integer seed, its own or a made-up one, gives the same numbers at every call.
        inner: Any = self.inner
        seed = getattr(inner, "seed", None)
        if not isinstance(seed, int):
            return inner  # type: ignore[no-any-return]
        config = inner.get_config()
        config["seed"] = None if config["seed"] is None else seed + gate
        return inner.__class__.from_config(config)  # type: ignore[no-any-return]

    def get_config(self) -> dict[str, Any]:
        return {"inner": initializers.serialize(self.inner), "gates": self.gates}


# each with its scale, whether both fans count, and whether it is uniform (keras/initializations.py of 1.2.2)
_SCALED = {
    "lecun_uniform": (1.0, False, True),
    "glorot_normal": (1.0, True, False),
    "glorot_uniform": (1.0, True, True),
    "he_normal": (2.0, False, False),
    "he_uniform": (2.0, False, True),
}


@registered
class FanScaling(initializers.Initializer):  # type: ignore[misc]
    """An initial distribution scaled by fans that Keras 0.1-1.2 counted otherwise than Keras 3.

    ``distribution``: lecun_uniform, glorot_normal, glorot_uniform, he_normal or he_uniform; the normal ones are not
    truncated; another name is a ``ValueError``. ``fan_in`` and ``fan_out``: the axes whose lengths make each; without
    them both are those of a matrix, and of any other shape the square root of its size (keras/initializations.py of
    1.2.2).
    """

    def __init__(
        self, distribution: str, fan_in: Sequence[int] | None = None, fan_out: Sequence[int] | None = None
    ) -> None:
        if distribution not in _SCALED:
            raise ValueError(f"{distribution!r} is none of {', '.join(_SCALED)}")
        self.distribution = distribution
        self.fan_in = None if fan_in is None else tuple(fan_in)
        self.fan_out = None if fan_out is None else tuple(fan_out)

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        scale, average, uniform = _SCALED[self.distribution]
        fan_in, fan_out = self._fans(tuple(shape))
        variance = scale / ((fan_in + fan_out) / 2 if average else fan_in)
        limit = math.sqrt(3 * variance)
        drawn = initializers.RandomUniform(-limit, limit) if uniform else initializers.RandomNormal(0, variance**0.5)
        return drawn(tuple(shape), dtype=dtype)

    def _fans(self, shape: tuple[int, ...]) -> tuple[float, float]:
        if self.fan_in is not None and self.fan_out is not None:
            return math.prod(shape[axis] for axis in self.fan_in), math.prod(shape[axis] for axis in self.fan_out)
        if len(shape) == 2:
            return shape
        return math.sqrt(math.prod(shape)), math.sqrt(math.prod(shape))

    def get_config(self) -> dict[str, Any]:
        return {"distribution": self.distribution, "fan_in": self.fan_in, "fan_out": self.fan_out}


@registered
class RowOrthogonal(initializers.Initializer):  # type: ignore[misc]
    """A matrix with orthogonal rows or columns, one row for each index along ``axis``, times ``gain``.

    So Keras 0.1-1.2 did along the first axis of a kernel (keras/initializations.py of 1.2.2);
    ``keras.initializers.Orthogonal`` has a column for each index along the last one.
    """

    def __init__(self, gain: float = 1.1, axis: int = 0) -> None:
        self.gain = gain
        self.axis = axis

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        rest = [length for axis, length in enumerate(shape) if axis != self.axis]
        matrix = initializers.Orthogonal(self.gain)((shape[self.axis], math.prod(rest)), dtype=dtype)
        return ops.moveaxis(ops.reshape(matrix, (shape[self.axis], *rest)), 0, self.axis)

    def get_config(self) -> dict[str, Any]:
        return {"gain": self.gain, "axis": self.axis}


@registered
class Keras1Initializer(initializers.Initializer):  # type: ignore[misc]
    """A function ``f(shape, name=None)``, as Keras 0.1-1.2 took initializers, for Keras 3, which calls with a dtype.

    What the function gives, an array, a tensor or a variable, becomes a tensor of that dtype. Where it takes
    ``dim_ordering`` it gets 'tf': Keras 3 lays its kernels out so (keras/initializations.py of 1.2.2).
    """

    def __init__(self, function: Any) -> None:
        known = isinstance(function, dict)
        self.function = serialization.deserialize_keras_object(function) if known else function

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        told = inspect.signature(self.function).parameters
        given = {name: value for name, value in (("name", None), ("dim_ordering", "tf")) if name in told}
        return ops.convert_to_tensor(self.function(tuple(shape), **given), dtype=dtype)

    def get_config(self) -> dict[str, Any]:
        return {"function": serialization.serialize_keras_object(self.function)}
