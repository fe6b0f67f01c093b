"""What is said of a layer that gives something else than its legacy counterpart: where, why, and in how few lines."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from tdmigrate.keras1.entry import Layer, Renamed
from tdmigrate.keras1.registry import lookup
from tdmigrate.keras1.versions import parse, since
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.calls import Required, signature
from tdmigrate.verification.record import Array, LayerOutput

_MERGING: Final = frozenset(
    ("Merge", "Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")
)
# of a layer's own settings, those that say nothing of what it computes from given weights, or that no text can hold
_ASIDE: Final = ("name", "trainable", "dtype", "initializer", "regularizer", "constraint", "seed", "input_dtype")


class Gap(NamedTuple):
    """How far two outputs of one layer are apart."""

    relative: float  # to the scale of the legacy output, at least 1
    place: tuple[int, ...] | None  # of the worst place; None: they have other shapes
    values: tuple[float, float] | None  # there, the legacy one first
    ranges: tuple[tuple[float, float], tuple[float, float]]  # least and largest of each


def gap_of(theirs: LayerOutput, mine: Array) -> Gap:
    """The gap, masked steps set aside."""
    ranges = (_range(theirs.value), _range(mine))
    if theirs.value.shape != mine.shape:
        return Gap(float("inf"), None, None, ranges)
    apart = np.abs(theirs.value - mine)
    if theirs.fitting_mask is not None:
        apart[~theirs.fitting_mask] = 0
    apart = np.where(np.isnan(apart), np.inf, apart)
    if not apart.size:
        return Gap(0.0, None, None, ranges)
    index = tuple(int(one) for one in np.unravel_index(int(np.argmax(apart)), apart.shape))
    values = (float(theirs.value[index]), float(mine[index]))
    return Gap(float(apart[index]) / max(1.0, float(np.max(np.abs(theirs.value)))), index, values, ranges)


def _range(values: Array) -> tuple[float, float]:
    return (float(np.min(values)), float(np.max(values))) if values.size else (0.0, 0.0)


def same_kind(kind: str) -> str:
    """A word that a legacy layer without weights has in common with its new one: what its class is called now."""
    if kind in _MERGING:
        return "Merge"
    entry = lookup(f"keras.layers.{kind}")
    spelling = entry.keras3 if isinstance(entry, Layer) else None
    return spelling.path.rpartition(".")[2] if spelling is not None else kind


def trap_of(
    kind: str, old: Mapping[str, Any], release: str, new: Mapping[str, Any], backend: str = "theano"
) -> str | None:
    """The numeric trap that the new layer's settings fell into: an old default that was not written out.

    ``old``, ``new``: what ``get_config`` gives on each side. ``backend``: of the old one.
    """
    entry = lookup(f"keras.layers.{kind}")
    if not isinstance(entry, Layer) or entry.keras3 is None:
        return None
    for written in entry.keras3.written:
        if written.backend not in ("", backend):
            continue
        known = written.keyword in new and _is_constant(written.text.text) and _meets(written.versions, release)
        if known and new[written.keyword] != ast.literal_eval(written.text.text):
            return written.trap or None
    for name, how in entry.keras3.parameters.items():
        if isinstance(how, Renamed) and how.trap is not None and how.to in new and name in old:
            before, after = _plain(old[name]), _plain(new[how.to])
            if before is not None and after is not None and before not in after:
                return how.trap
    return None


def _plain(value: object) -> str | None:
    if isinstance(value, str):
        return value.lower().replace("_", "")
    return None if isinstance(value, (dict, list, tuple)) or value is None else repr(value)


def _is_constant(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True


def _meets(versions: str, release: str) -> bool:
    return not versions or parse(versions).meets(parse(release))


def old_program(kind: str, config: Mapping[str, Any], release: str, shape: Sequence[int], ids: bool) -> str | None:
    """A program of that release with this layer alone, on inputs of ``shape``; None: no few lines can say it."""
    entry = lookup(f"keras.layers.{kind}")
    if not isinstance(entry, Layer):
        return None
    path = next((path for path, versions in entry.paths.items() if _meets(versions, release)), None)
    if path is None:
        return None
    text = entry.signatures[since(tuple(entry.signatures), parse(release).lo)]
    arguments = []
    for name, default in signature(text).parameters:
        value = config.get(name)
        value = tuple(value) if isinstance(value, list) else value  # JSON has no tuples
        if name in config and not _is_aside(name) and value != default:
            arguments.append(f"{name}={value!r}")
        elif default is Required and name not in config:
            return None
    shaped = "input_length" if ids else "input_shape"
    if not any(one.startswith(("input_shape=", "batch_input_shape=", f"{shaped}=")) for one in arguments):
        arguments.append(f"input_length={shape[1]}" if ids else f"input_shape={tuple(shape[1:])!r}")
    module, _, name = path.rpartition(".")
    lines = ["from keras.models import Sequential", f"from {module} import {name}", "model = Sequential()"]
    return "\n".join([*lines, f"model.add({name}({', '.join(arguments)}))"]) + "\n"


def new_program(layer: Any, config: Mapping[str, Any], shape: Sequence[int]) -> str | None:
    """A program of Keras 3 with this layer alone; None: no few lines can say it."""
    kind = type(layer)
    module = "keras.layers" if kind.__module__.startswith("keras.") else "tdmigrate.compat"
    if module == "tdmigrate.compat" and not kind.__module__.startswith("tdmigrate."):
        return None
    arguments, compat = [], set()
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if name not in config or _is_aside(name) or config[name] == parameter.default:
            continue
        value = config[name]
        if isinstance(value, dict):
            return None
        if isinstance(value, str) and value.startswith("tdmigrate>"):
            compat.add(value.rpartition(">")[2])
            arguments.append(f"{name}={value.rpartition('>')[2]}")
        else:
            arguments.append(f"{name}={value!r}")
    lines = ["import keras", f"from {module} import {kind.__name__}"]
    lines += [f"from tdmigrate.compat import {', '.join(sorted(compat))}"] if compat else []
    lines += ["model = keras.Sequential()", f"model.add(keras.Input({tuple(shape[1:])!r}))"]
    return "\n".join([*lines, f"model.add({kind.__name__}({', '.join(arguments)}))"]) + "\n"


def _is_aside(name: str) -> bool:
    return name in _ASIDE or name.endswith((*_ASIDE, "init")) or name == "weights"
