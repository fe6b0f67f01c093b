"""How entries of Keras 2 are made: the words of keras1/entry.py, with signatures that no release of Keras 1 is in."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Function, Parameter, Spelling, Text, Values, Written
from tdmigrate.records import NamedTuple

VERSIONS = "2.0-2.15"
KEY = "2.0"

# clip(0.2 x + 0.5, 0, 1); Keras 3's is relu6(x + 3) / 6
HARD_SIGMOID = Text("hard_sigmoid", (Import("tdmigrate.compat", "hard_sigmoid"),))
ACTIVATION = Values({"hard_sigmoid": HARD_SIGMOID})


class Silent(NamedTuple):
    """What to tell of a call that gives none of these arguments, and so gets another default of Keras 3."""

    parameters: tuple[str, ...]
    note: str


def function(
    name: str,
    path: str,
    kind: str,
    signature: str,
    now: str | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    modern: str = "**kwargs",
    written: tuple[Written, ...] = (),
    note: str | None = None,
) -> Function:
    """``now``: its path in Keras 3, where that is another; ``modern``: Keras 3's parameters by position."""
    spelling = Spelling(now or path, parameters or {}, written, modern)
    return Function(name, {path: VERSIONS}, {KEY: signature}, spelling, kind, note=note)
