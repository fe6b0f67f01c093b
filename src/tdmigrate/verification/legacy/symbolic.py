"""Questions about the graph of symbolic values that Theano computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def ancestors(values: Sequence[Any]) -> set[Any]:
    """All values that these are computed from, themselves too."""
    found: set[Any] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value in found:
            continue
        found.add(value)
        if value.owner is not None:
            waiting += value.owner.inputs
    return found


def free(values: set[Any]) -> list[Any]:
    """Those of the values that must be given: neither computed, nor constant, nor a weight."""
    return [one for one in values if one.owner is None and not hasattr(one, "get_value") and not hasattr(one, "data")]


def by_chance(values: Sequence[Any]) -> bool:
    """Whether random numbers are in them: of a Dropout, say."""
    names = (type(value.owner.op).__name__ for value in ancestors(values) if value.owner is not None)
    return any(name.startswith("mrg_") or name == "RandomFunction" for name in names)
