"""Data that a program gives its layers as weights, made up: a proof has no files, and both sides need the same numbers.

On the old side ``made_up`` gives a ``MadeUp``, which becomes arrays once a layer takes it and so tells their shapes. On
the new side it gives those arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tdmigrate.verification import samples
from tdmigrate.verification.record import Array, Taken


class MadeUp:
    """Data of which no layer has told the shape yet."""

    def __init__(self) -> None:
        self._taken: Taken | None = None
        self._halves: list[MadeUp] = []

    @property
    def taken(self) -> Taken | None:
        """What layers took; None: nothing."""
        if not self._halves:
            return self._taken
        halves = [half.taken for half in self._halves]
        known = [half.arrays for half in halves if half is not None]
        return Taken(tuple(one for arrays in known for one in arrays), is_list=True) if len(known) == 2 else None

    def take(self, arrays: Sequence[Array], is_list: bool) -> list[Array]:
        """Become these arrays."""
        self._taken = Taken(tuple(arrays), is_list)
        return list(arrays)

    def __len__(self) -> int:
        """Two, as many as a Bidirectional has halves: it gives each layer one (keras/layers/wrappers.py of 1.2.2)."""
        return 2

    def __getitem__(self, half: slice) -> MadeUp:
        self._halves.append(MadeUp())
        return self._halves[-1]


class NotMadeUp(Exception):  # noqa: N818
    """The old program has no such data; the message is one line."""


_random: Final = samples.source("given")
_made: dict[str, list[MadeUp]] = {}  # by the text of the expression, in the order of evaluation
_known: dict[str, list[Taken]] | None = None  # of the old side; None: this is the old side


def made_up(text: str) -> Any:
    """What stands for the data that a source writes as ``text``. Raises NotMadeUp."""
    if _known is None:
        data = MadeUp()
        _made.setdefault(text, []).append(data)
        return data
    left = _known.get(text)
    if not left:
        raise NotMadeUp(f"the new program takes the weights `{text}` more often than the old one")
    taken = left.pop(0)
    return list(taken.arrays) if taken.is_list else taken.arrays[0]


def fitted(weights: Any, shapes: Sequence[tuple[int, ...]], kind: str) -> Any:
    """The weights that a layer of this class name takes, with arrays of ``shapes`` for what is made up."""
    if isinstance(weights, MadeUp):
        return weights.take([_array(shapes, index, kind) for index in range(len(shapes))], is_list=True)
    if not isinstance(weights, (list, tuple)) or not any(isinstance(one, MadeUp) for one in weights):
        return weights
    found = []
    for index, one in enumerate(weights):
        if isinstance(one, MadeUp) and index < len(shapes):
            found += one.take([_array(shapes, index, kind)], is_list=False)
        else:
            found.append(one)
    return found


def _array(shapes: Sequence[tuple[int, ...]], index: int, kind: str) -> Array:
    if kind == "BatchNormalization" and index == len(shapes) - 1:
        return samples.variance(shapes[index], _random)
    return samples.weight(shapes[index], _random)


def taken() -> dict[str, tuple[Taken, ...]]:
    """What layers have taken in this process, by the text of the expressions; up to the first that none took."""
    found: dict[str, tuple[Taken, ...]] = {}
    for text, every in _made.items():
        known = [one.taken for one in every]
        found[text] = tuple(one for one in known[: (*known, None).index(None)] if one is not None)
    return found


def know(data: Mapping[str, Sequence[Taken]]) -> None:
    """Take what the old side has made up; this is the new one."""
    global _known
    _known = {text: list(every) for text, every in data.items()}
