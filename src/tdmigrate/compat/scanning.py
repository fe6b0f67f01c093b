"""``rnn``, ``foldl`` and ``foldr`` of keras.backend: steps along an axis, each given what the one before made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from keras import ops

from tdmigrate.compat.registering import Tensor

Step = Callable[[Tensor, list[Tensor]], tuple[Tensor, Sequence[Tensor]]]


def rnn(
    step_function: Step,
    inputs: Tensor,
    initial_states: Sequence[Tensor],
    go_backwards: bool = False,
    mask: Tensor | None = None,
    constants: Sequence[Tensor] | None = None,
    unroll: bool = False,
    input_length: int | None = None,
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Go along the time axis of ``inputs`` (samples, time, ...): ``step_function(input, states + constants)`` gives
    ``(output, new_states)``. Returns the last output, all outputs (samples, time, ...) and the last states.

    As in Keras 0.3-1.2 (keras/backend/theano_backend.py of 1.2.2). ``go_backwards``: from the last timestep to the
    first, and the outputs in that order. ``mask`` (samples, time): at masked timesteps the output of the step before
    (zeros at first) and the states are kept. ``unroll`` and ``input_length``: how it was computed, not what; they have
    no effect.
    """
    over_time = ops.swapaxes(inputs, 0, 1)
    fixed = list(constants or ())
    states = [ops.convert_to_tensor(state) for state in initial_states]
    if mask is not None:
        if len(mask.shape) == len(inputs.shape) - 1:
            mask = ops.expand_dims(mask, -1)
        mask = ops.swapaxes(ops.cast(mask, "bool"), 0, 1)
    if go_backwards:
        over_time = ops.flip(over_time, axis=0)
        mask = ops.flip(mask, axis=0) if mask is not None else None
    # what is put out at masked timesteps before the first that is not
    nothing = ops.zeros_like(step_function(over_time[0], [*states, *fixed])[0])

    def step(carried: list[Tensor], now: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        index, last, *kept = carried
        output, new = step_function(now, [*kept, *fixed])
        made = [output, *new]
        if mask is not None:  # by index: ops.scan on TensorFlow refuses two tensors of unknown length
            taken = ops.take(mask, index, axis=0)
            made = [ops.where(taken, one, old) for one, old in zip(made, (last, *kept), strict=True)]
        made = [index + 1, *made]
        return made, made  # on TensorFlow what is collected has to look like what is carried

    first = ops.convert_to_tensor(0, dtype="int32")
    (_, last_output, *last_states), (_, outputs, *_) = ops.scan(step, [first, nothing, *states], over_time)
    return last_output, ops.swapaxes(outputs, 0, 1), last_states


def foldl(fn: Callable[[Any, Any], Any], elems: Tensor, initializer: Tensor | None = None) -> Tensor:
    """``fn(fn(fn(initializer, elems[0]), elems[1]), …)``; by default ``elems[0]`` is the first value.

    As in Keras 1.1 and 1.2 (keras/backend/theano_backend.py of 1.2.2).
    """
    if initializer is None:
        initializer, elems = elems[0], elems[1:]
    return _fold(fn, elems, initializer)


def foldr(fn: Callable[[Any, Any], Any], elems: Tensor, initializer: Tensor | None = None) -> Tensor:
    """``fn(… fn(fn(initializer, elems[-1]), elems[-2]), elems[0])``; by default ``elems[-1]`` is the first value.

    As in Keras 1.1 and 1.2 (keras/backend/theano_backend.py of 1.2.2).
    """
    if initializer is None:
        initializer, elems = elems[-1], elems[:-1]
    return _fold(fn, ops.flip(elems, axis=0), initializer)


def _fold(fn: Callable[[Any, Any], Any], elems: Tensor, first: Tensor) -> Tensor:
    def step(folded: Tensor, one: Tensor) -> tuple[Tensor, Tensor]:
        made = fn(folded, one)
        return made, made

    return ops.scan(step, ops.convert_to_tensor(first), elems)[0]
