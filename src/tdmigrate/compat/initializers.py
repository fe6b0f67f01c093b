"""Initial distributions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
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
