"""Small numbers in the place of sizes that only the data tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zlib import crc32

_RANGES: Final = {"size": (5, 33), "length": (24, 17), "small": (2, 2)}  # first number, how many


def values(names: Mapping[str, str], given: Mapping[str, int | float]) -> dict[str, int | float]:
    """A number for each name; ``names`` has the kind of each ("size", "length", "small", "fraction"), ``given`` numbers
    that stand.

    A number hangs on its name rather than on the order of names, so that the old and the new source get the same ones.
    Sizes and lengths differ from each other while there are enough numbers: two axes taken for each other then show.
    """
    chosen: dict[str, int | float] = {name: given[name] for name in names if name in given}
    taken = set(chosen.values())
    for name in sorted(names.keys() - chosen.keys()):
        kind = names[name]
        if kind == "fraction":
            chosen[name] = 0.25
            continue
        first, count = _RANGES[kind]
        start = crc32(name.encode("utf-8", "surrogatepass"))
        ring = [first + (start + k) % count for k in range(count)]
        number = ring[0] if kind == "small" else next((n for n in ring if n not in taken), ring[0])
        chosen[name] = number
        taken.add(number)
    return chosen


def larger(value: int | float, scale: int) -> int | float:
    """A number that stands for a size or a length ``scale`` times as large, still unlike the others; others as is."""
    return value * scale if isinstance(value, int) and value >= _RANGES["size"][0] else value
