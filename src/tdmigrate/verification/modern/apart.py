"""Where two models part: the first layer that gives something else than its legacy counterpart on the same inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from tdmigrate.results import Difference
from tdmigrate.verification.differences import gap_of, new_program, old_program, same_kind, trap_of
from tdmigrate.verification.modern.parts import Part
from tdmigrate.verification.record import LayerOutput, Record

TOLERANCE = 1e-10  # of the scale of what a layer gives


def first_apart(layers: Sequence[Part], weighty: Sequence[Any], legacy: Record) -> Difference | None:
    """Feed each layer what its counterpart got; None: none of those that could be fed gives something else.

    ``layers``: in order of creation. ``weighty``: those with weights, in the order of the legacy ones.
    """
    partners = _partners(layers, weighty, legacy)
    for run in legacy.runs:
        for theirs in run.layers:
            part = partners.get(theirs.name)
            if part is None or not theirs.inputs:
                continue
            mine = _fed(part, theirs)
            if mine is None:
                continue
            gap = gap_of(theirs, mine)
            if not gap.relative <= TOLERANCE:
                before, after = legacy.configs.get(theirs.name, {}), _config(part.layer)
                return Difference(
                    theirs.name, theirs.kind, type(part.layer).__name__, gap.place, gap.values, gap.ranges,
                    trap_of(theirs.kind, before, legacy.release, after, legacy.backend),
                    _programs(part, theirs, before, after, legacy),
                )  # fmt: skip
    return None


def _programs(
    part: Part, theirs: LayerOutput, before: Mapping[str, Any], after: Mapping[str, Any], legacy: Record
) -> tuple[str, str] | None:
    """An old and a new program of this layer alone; whether they differ remains to be seen."""
    if len(theirs.inputs) != 1 or part.outer is not part.layer:
        return None
    (given,) = theirs.inputs
    ids = bool(np.issubdtype(given.dtype, np.integer))
    old = old_program(theirs.kind, before, legacy.release, given.shape, ids)
    new = new_program(part.layer, after, given.shape)
    return None if old is None or new is None else (old, new)


def _partners(layers: Sequence[Part], weighty: Sequence[Any], legacy: Record) -> dict[str, Part]:
    """The new layer for each legacy one: by their weights, those without by the order of their kinds between these."""
    parts = {id(part.layer): part for part in layers}
    found = {one.name: parts[id(layer)] for one, layer in zip(legacy.layers, weighty, strict=False)}
    old = list(dict.fromkeys((one.name, one.kind) for run in legacy.runs for one in run.layers))
    taken = {id(part.layer): name for name, part in found.items()}
    words = [f"= {name}" if name in found else same_kind(kind) for name, kind in old]
    others = [
        f"= {taken[id(part.layer)]}" if id(part.layer) in taken else same_kind(type(part.layer).__name__)
        for part in layers
    ]
    for block in SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks():
        for index in range(block.size):
            found.setdefault(old[block.a + index][0], layers[block.b + index])
    return found


def _fed(part: Part, theirs: LayerOutput) -> Any:
    """What a layer gives on the inputs and masks of its counterpart; None: it can't be fed alone."""
    import keras
    from keras.src.backend import set_keras_mask

    nodes = getattr(part.outer, "_inbound_nodes", ())
    known = [tuple(tensor.shape) for tensor in nodes[0].input_tensors] if nodes else []
    given, tensors = [], []
    try:
        for index, value in enumerate(theirs.inputs):
            same = index < len(known) and len(known[index]) == value.ndim
            shape = known[index][1:] if same else value.shape[1:]
            whole = np.issubdtype(value.dtype, np.integer)
            tensor = keras.Input(shape, dtype="int32" if whole else "float64")
            given.append(value)
            tensors.append(tensor)
        fed = list(tensors)
        for tensor, mask in zip(fed, theirs.masks, strict=True):
            if mask is not None:
                flags = keras.Input(mask.shape[1:], dtype="bool")
                set_keras_mask(tensor, flags)
                given.append(mask)
                tensors.append(flags)
        if getattr(part.layer, "stateful", False):
            part.layer.reset_state()
        alone = keras.Model(tensors, part.outer(fed if len(fed) > 1 else fed[0]))
        made = alone.predict(given, batch_size=len(given[0]), verbose=0)
    except MemoryError:
        raise
    except Exception:  # the difference is found already; only its place stays unknown
        return None
    return np.asarray(made) if not isinstance(made, (list, dict)) else None


def _config(layer: Any) -> Mapping[str, Any]:
    try:
        config: Mapping[str, Any] = layer.get_config()
        return config
    except Exception:  # a layer of the program's own that has none
        return {}
