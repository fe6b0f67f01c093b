"""Sizes that a proof assumes: larger ones, and those that are told by arrays of fixed size that layers are given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.numbers import larger
from tdmigrate.verification.program import Fill

Sizes = Mapping[str, int | float]  # by the name of the fill

# what genuine Keras raises where weights do not fit: keras/layers/core.py of 0.2.0 and 0.3.3, engine/topology.py of 1.x
_RAISED: Final = re.compile(
    r"(?P<line>`.*`: )?\w+: Layer (?:weight )?shape \((?P<layer>[\d, ]+)\) not compatible with (?:provided )?"
    r"weight shape \((?P<given>[\d, ]+)\)"
)


class Misfit(NamedTuple):
    """Weights of another shape than those of the layer that gets them."""

    line: str  # of the program; "": not known
    layer: tuple[int, ...]
    given: tuple[int, ...]

    def told(self, fills: Sequence[Fill]) -> Sizes | None:
        """The numbers of fills with which the layer would take the weights; None: other numbers do not help."""
        found: dict[str, int | float] = {}
        for assumed, size in self._apart():
            behind = _behind(assumed, fills)
            if len(behind) != 1:
                return None
            value = behind[0].value + size - assumed
            if found.setdefault(behind[0].name, value) != value:
                return None
        return found or None

    def reason(self, fills: Sequence[Fill]) -> str | None:
        """Why this proves nothing, given all fills of the program; None: they have no part in it."""
        names = dict.fromkeys(f"`{fill.name}`" for assumed, _ in self._apart() for fill in _behind(assumed, fills))
        return (
            f"{self.line or 'the program'} gives a layer an array of the fixed size {self.given}, but the layer's size "
            f"{self.layer} is assumed: only the data tells {' and '.join(names)}"
            if names
            else None
        )

    def _apart(self) -> list[tuple[int, int]]:
        """The sizes of the layer that are others, and those of the array."""
        if len(self.layer) != len(self.given):
            return []
        return [(own, size) for own, size in zip(self.layer, self.given, strict=True) if own != size]


def _behind(size: int, fills: Sequence[Fill]) -> list[Fill]:
    """The fills that a size may come from: ``n``, or else ``n + 1`` and ``n - 1``."""
    return [one for one in fills if one.value == size] or [one for one in fills if abs(one.value - size) == 1]


def misfit(reason: str | None) -> Misfit | None:
    """What the reason says of weights that do not fit; None: it says something else."""
    raised = _RAISED.search(reason or "")
    if raised is None:
        return None
    layer, given = (tuple(map(int, re.findall(r"\d+", raised[name]))) for name in ("layer", "given"))
    return Misfit((raised["line"] or "").removesuffix(": "), layer, given)


def resized(fills: Sequence[Fill], scale: int, sizes: Sizes) -> list[Fill]:
    """Fills with those ``sizes``, and the others ``scale`` times as large."""
    return [fill._replace(value=sizes.get(fill.name, larger(fill.value, scale))) for fill in fills]
