"""What faithful rewritten code may import: old behaviour that Keras 3 has no spelling for.

Needs nothing but Keras 3 (3.6 or later, any backend). Everything here is registered for saving under the package
``tdmigrate``; a program that loads such a model imports this module first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

import keras
from keras import initializers, layers, ops, regularizers

from tdmigrate.graph_builder import Graph

__all__ = [
    "ActivityRegularizer",
    "Graph",
    "PerGate",
    "TimeDistributed",
    "TimeDistributedMerge",
    "activity_l1",
    "activity_l1l2",
    "activity_l2",
    "batch_dot",
    "hard_sigmoid",
    "time_distributed_dense",
]

Tensor = Any  # of whichever backend runs
T = TypeVar("T")


def _registered(thing: T) -> T:
    registered: T = keras.saving.register_keras_serializable(package="tdmigrate")(thing)
    return registered


@_registered
def hard_sigmoid(x: Tensor) -> Tensor:
    """``clip(0.2 * x + 0.5, 0, 1)``, element by element; shape and float dtype of ``x``.

    The ``hard_sigmoid`` of Keras 0.1-1.2 (keras/backend/tensorflow_backend.py of 1.2.2), the default gate of its LSTM
    and GRU. Keras 3's own is ``relu6(x + 3) / 6``, another function.
    """
    return ops.clip(ops.add(ops.multiply(x, 0.2), 0.5), 0.0, 1.0)


# Keras 3.6 saves (and its Bidirectional copies) any function called like one of its own activations as that one.
hard_sigmoid.__name__ = "keras1_hard_sigmoid"


@_registered
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


_MERGES: Final[Mapping[str, Callable[..., Tensor]]] = {"sum": ops.sum, "ave": ops.mean, "mul": ops.prod}


@_registered
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
        return _MERGES[self.mode](inputs, axis=1)

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
    y = ops.matmul(x, w)
    return y if b is None else ops.add(y, b)


def batch_dot(x: Tensor, y: Tensor, axes: int | Sequence[int | Sequence[int]] | None = None) -> Tensor:
    """Multiply and sum over one axis of each, example by example: ``(batch, ...)`` and ``(batch, ...)`` to
    ``(batch, rest of x, rest of y)``; a result of rank 1 becomes ``(batch, 1)``.

    As in Keras 0.3-1.2 (keras/backend/theano_backend.py of 1.2.2). ``axes``: one axis of both, or one of each (or as
    many of each); the batch axis is 0 and is none of them (``ValueError``). By default the last of ``x`` and the last
    but one of ``y``.
    """
    ranks = len(x.shape), len(y.shape)
    if axes is None:
        axes = (ranks[0] - 1, ranks[1] - 2)
    pair = (axes, axes) if isinstance(axes, int) else axes
    sides = zip(pair, ranks, strict=True)
    summed = [[axis % rank for axis in ([one] if isinstance(one, int) else one)] for one, rank in sides]
    if len(summed[0]) != len(summed[1]) or 0 in summed[0] + summed[1]:
        raise ValueError(f"axes={axes!r} are not one axis of each tensor, apart from that of the batch")
    letters = iter("cdefghijklmnopqrstuvwxyz")
    left = ["b", *(next(letters) for _ in range(ranks[0] - 1))]
    right = ["b", *(next(letters) for _ in range(ranks[1] - 1))]
    for one, other in zip(*summed, strict=True):
        right[other] = left[one]
    kept = [letter for letter in left if letter not in right[1:]]
    kept += [letter for letter in right if letter not in left]
    result = ops.einsum(f"{''.join(left)},{''.join(right)}->{''.join(kept)}", x, y)
    return ops.expand_dims(result, 1) if len(kept) == 1 else result


@cache
def _divides_by_batch() -> bool:
    """Whether this Keras divides activity losses by the batch size: from 3.14.0 it does, before it did not.

    Asked of a layer rather than of a version number: an activity loss of 2 on a batch of two comes out as 1 or 2.
    """
    layer = layers.Activation("linear", activity_regularizer=ops.sum, name="activity_probe", dtype="float32")
    layer(ops.ones((2, 1), dtype="float32"))
    return float(layer.losses[0]) < 1.5


@_registered
class ActivityRegularizer(regularizers.Regularizer):  # type: ignore[misc]
    """``l1 * sum(|x|) + l2 * sum(x ** 2)`` over the whole batch, whatever this Keras divides activity losses by.

    The sum is that of Keras 1.0-1.2 (keras/regularizers.py of 1.2.2). With ``batch_mean`` it is divided by the batch
    size, as in Keras 0.1-0.3 (keras/regularizers.py of 0.3.3). To be used as ``activity_regularizer=`` only.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, batch_mean: bool = False) -> None:
        self.l1 = float(l1)
        self.l2 = float(l2)
        self.batch_mean = bool(batch_mean)
        self._divided = _divides_by_batch()

    def __call__(self, x: Tensor) -> Tensor:
        loss = ops.add(
            ops.multiply(ops.sum(ops.abs(x)), self.l1),
            ops.multiply(ops.sum(ops.square(x)), self.l2),
        )
        if self._divided == self.batch_mean:
            return loss
        batch = ops.cast(ops.shape(x)[0], loss.dtype)
        return ops.divide_no_nan(loss, batch) if self.batch_mean else ops.multiply(loss, batch)

    def get_config(self) -> dict[str, Any]:
        return {"l1": self.l1, "l2": self.l2, "batch_mean": self.batch_mean}


def activity_l1(l: float = 0.01, batch_mean: bool = False) -> ActivityRegularizer:  # noqa: E741
    """``l * sum(|x|)`` of a layer's output: ``activity_l1`` of Keras 0.1-1.2; see ``ActivityRegularizer``."""
    return ActivityRegularizer(l1=l, batch_mean=batch_mean)


def activity_l2(l: float = 0.01, batch_mean: bool = False) -> ActivityRegularizer:  # noqa: E741
    """``l * sum(x ** 2)`` of a layer's output: ``activity_l2`` of Keras 0.1-1.2; see ``ActivityRegularizer``."""
    return ActivityRegularizer(l2=l, batch_mean=batch_mean)


def activity_l1l2(l1: float = 0.01, l2: float = 0.01, batch_mean: bool = False) -> ActivityRegularizer:
    """``l1 * sum(|x|) + l2 * sum(x ** 2)`` of a layer's output: ``activity_l1l2`` of Keras 0.1-1.2."""
    return ActivityRegularizer(l1=l1, l2=l2, batch_mean=batch_mean)


@_registered
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
