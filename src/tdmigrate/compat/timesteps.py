"""What worked on every timestep, or over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import keras
from keras import layers, ops

from tdmigrate.compat.precision import dot, mean, product
from tdmigrate.compat.registering import Tensor, registered

_MERGES: Final[Mapping[str, Callable[..., Tensor]]] = {
    "sum": lambda x: ops.sum(x, axis=1),
    "ave": lambda x: ops.squeeze(mean(x, (1,)), axis=1),
    "mul": lambda x: product(x, axis=1),
}


@registered
class TimeDistributedMerge(layers.Layer):  # type: ignore[misc]
    """Sum, average or multiply over time: ``(batch, timesteps, features)`` to ``(batch, features)``.

    As in Keras 0.3.3 (keras/layers/core.py). There it refused a masked input; here a mask is dropped with Keras 3's
    warning.

    ``mode``: ``"sum"``, ``"ave"`` or ``"mul"``; anything else is a ``ValueError``.
    """

    def __init__(self, mode: str = "sum", **kwargs: Any) -> None:
        if mode not in _MERGES:
            raise ValueError(f"mode is one of 'sum', 'ave' and 'mul', not {mode!r}")
        super().__init__(**kwargs)
        self.mode = mode
        self.input_spec = layers.InputSpec(ndim=3)

    def call(self, inputs: Tensor) -> Tensor:
        return _MERGES[self.mode](inputs)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[2])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mode": self.mode}


def time_distributed_dense(
    x: Tensor,
    w: Tensor,
    b: Tensor | None = None,
    dropout: float | None = None,
    input_dim: int | None = None,
    output_dim: int | None = None,
    timesteps: int | None = None,
    training: bool | None = None,
    seed: Any = None,
) -> Tensor:
    """``x[:, t] @ w + b`` for every timestep: ``(batch, timesteps, input_dim)`` to ``(batch, timesteps, output_dim)``.

    As in Keras 1.2.2 (keras/layers/recurrent.py). ``dropout`` sets features to 0 with one mask for all timesteps. The
    three sizes are taken for the old signature's sake: the shapes of ``x`` and ``w`` tell them.

    Keras 1 knew the learning phase; Keras 3 tells it to a layer's ``call`` only, so with ``dropout`` pass its
    ``training`` on (``ValueError`` without it). ``seed`` is what ``keras.random.dropout`` takes; JAX wants a
    ``SeedGenerator``.
    """
    if dropout is not None and 0.0 < dropout < 1.0:
        if training is None:
            raise ValueError("time_distributed_dense with dropout needs training=True or training=False")
        if training:
            batch, _, features = ops.shape(x)
            x = keras.random.dropout(x, dropout, noise_shape=(batch, 1, features), seed=seed)
    y = dot(x, w)
    return y if b is None else ops.add(y, b)
