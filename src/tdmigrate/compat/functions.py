"""``function`` of keras.backend: numbers for some tensors of a model, of numbers for others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from tdmigrate.compat.registering import Tensor

_PHASE = "training"  # what stands for ``K.learning_phase()`` among the inputs


def function(inputs: Sequence[Tensor | str], outputs: Sequence[Tensor] | Tensor) -> Callable[[Sequence[Any]], Any]:
    """Make a function of a list of arrays, one for each of ``inputs``, that gives a list of NumPy arrays, one for each
    of ``outputs`` (one array, where ``outputs`` is one tensor).

    As in Keras 0.3-1.2 (keras/backend/theano_backend.py of 1.2.2, class Function). Inputs and outputs are tensors of
    the functional API, such as ``model.inputs[0]`` and ``layer.output``, or computed from these with keras.ops; an
    input may be any tensor on the way to the outputs, and one that these do not need is ignored. The string
    ``"training"`` stands where ``K.learning_phase()`` stood: 0 there computes as predict does, 1 as fit does, with
    dropout and with the batch's own statistics. Without it: as predict. As there, states of recurrent layers and
    running averages stay what they are.
    """
    given = list(inputs)
    tensors = [one for one in given if not isinstance(one, str)]
    phases = [index for index, one in enumerate(given) if isinstance(one, str)]
    if any(given[index] != _PHASE for index in phases) or len(phases) > 1:
        raise ValueError(f"inputs: tensors and, at most once, {_PHASE!r}")
    single = not isinstance(outputs, (list, tuple))
    wanted = [outputs] if single else list(outputs)
    model = keras.Model(_on_the_way(tensors, wanted), wanted)
    lasting = {id(one) for one in model.non_trainable_weights}  # all others are the states of random generators

    def compute(arrays: Sequence[Any]) -> Any:
        if not isinstance(arrays, (list, tuple)) or len(arrays) != len(given):
            raise ValueError(f"a list of {len(given)} arrays is needed, one for each input")
        training = any(bool(arrays[index]) for index in phases)
        values = [
            ops.convert_to_tensor(array, dtype=tensor.dtype)
            for array, tensor in zip(arrays, given, strict=True)
            if not isinstance(tensor, str)
        ]
        variables = model.non_trainable_variables
        found, updated = model.stateless_call(
            [one.value for one in model.trainable_variables],
            [one.value for one in variables],
            values,
            training=training,
        )
        for variable, value in zip(variables, updated, strict=True):
            if id(variable) not in lasting:
                variable.assign(value)
        results = [ops.convert_to_numpy(one) for one in (found if isinstance(found, (list, tuple)) else [found])]
        return results[0] if single else results

    return compute


def _on_the_way(inputs: list[Tensor], outputs: list[Tensor]) -> list[Tensor]:
    """The inputs as tensors that the outputs are made of.

    A Sequential calls its layers anew with each one that is added; the ``output`` of a layer is that of its first call,
    ``model.outputs`` are made by the last.
    """
    pending, ways = list(outputs), {id(one): one for one in outputs}
    while pending:
        history = pending.pop()._keras_history
        for tensor in history.operation._inbound_nodes[history.node_index].input_tensors:
            if id(tensor) not in ways:
                ways[id(tensor)] = tensor
                pending.append(tensor)
    made: dict[tuple[int, int], list[Tensor]] = {}
    for tensor in ways.values():
        made.setdefault(_maker(tensor), []).append(tensor)
    found = []
    for tensor in inputs:
        others = made.get(_maker(tensor), [])
        found.append(others[0] if id(tensor) not in ways and len(others) == 1 else tensor)
    return found


def _maker(tensor: Tensor) -> tuple[int, int]:
    """The layer or operation that makes a tensor, and which of its outputs it is."""
    return id(tensor._keras_history.operation), tensor._keras_history.tensor_index
