"""Nested replacements in one text; whatever no replacement covers is copied byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum

from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.misfit import Misfit

Render = Callable[[int, int], str]  # offsets of a part of a region → its text, inner replacements done


class Level(IntEnum):
    """What goes around what where two regions cover the same characters."""

    NODE = 0  # a call or display, rewritten part by part
    TEXT = 1  # an expression, replaced as a whole
    LINE = 2  # statements with their line


class Region(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) that are written anew by ``make``."""

    start: int
    end: int
    level: Level
    make: Callable[[Render], str]


class _Branch(NamedTuple):
    region: Region
    inner: list[_Branch]


def paint(text: str, regions: Iterable[Region]) -> str:
    """The text with every region replaced. ``Misfit`` when two regions overlap and neither holds the other."""
    return _render(text, _tree(text, regions), _Marks((), ()))


def follow(text: str, regions: Iterable[Region], ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where in the painted text each range of the text begins and ends; what went: where that does which took it."""
    present = frozenset(text)
    free = (char for char in map(chr, range(0xF0000, 0x10FFFE)) if char not in present)
    starts, ends = {start: next(free) for start, _ in ranges}, {end: next(free) for _, end in ranges}
    marked = _render(text, _tree(text, regions), _Marks(sorted(starts.items()), sorted(ends.items())))
    marks = {*starts.values(), *ends.values()}
    found: dict[str, int] = {}
    offset = 0
    for char in marked:
        if char in marks:
            found.setdefault(char, offset)
        else:
            offset += 1
    places = [(found.get(starts[start], offset), found.get(ends[end], offset)) for start, end in ranges]
    return [(start, max(start, end)) for start, end in places]


class _Marks:
    """Characters that stand nowhere else, put in where something begins or ends."""

    def __init__(self, starts: Sequence[tuple[int, str]], ends: Sequence[tuple[int, str]]) -> None:
        self._starts = starts  # by offset
        self._ends = ends

    def copy(self, text: str, first: int, last: int) -> str:
        """The characters of the text from ``first`` to ``last``, with their marks."""
        inside = [(offset, 1, mark) for offset, mark in self._starts if first <= offset < last]
        inside += [(offset, 0, mark) for offset, mark in self._ends if first < offset <= last]
        parts: list[str] = []
        for offset, _, mark in sorted(inside):
            parts += text[first:offset], mark
            first = offset
        return "".join([*parts, text[first:last]])

    def keep(self, made: str, region: Region) -> str:
        """New text of a region, with the marks of what is not in it any more around it."""
        starts = [mark for offset, mark in self._starts if region.start <= offset < region.end and mark not in made]
        ends = [mark for offset, mark in self._ends if region.start < offset <= region.end and mark not in made]
        bare = made.lstrip(" \t\f")
        code = bare.rstrip()
        lead = made[: len(made) - len(bare)]
        return "".join([lead, *starts, code, *ends, bare[len(code) :]])


def _tree(text: str, regions: Iterable[Region]) -> _Branch:
    root = _Branch(Region(0, len(text), Level.LINE, lambda render: render(0, len(text))), [])
    stack = [root]
    for region in sorted(regions, key=lambda r: (r.start, -r.end, -r.level)):
        while region.start >= stack[-1].region.end and len(stack) > 1:
            stack.pop()
        if region.end > stack[-1].region.end:
            raise Misfit(f"two fixes overlap at character {region.start}")
        branch = _Branch(region, [])
        stack[-1].inner.append(branch)
        stack.append(branch)
    return root


def _render(text: str, branch: _Branch, marks: _Marks) -> str:
    def render(start: int, end: int) -> str:
        parts: list[str] = []
        at = start
        around = branch.inner
        # what goes with this region stands between it and a part that stays
        while (holder := next((one for one in around if _holds(one.region, start, end)), None)) is not None:
            around = holder.inner
        for inner in around:
            if inner.region.start < start or inner.region.end > end:
                continue
            parts += marks.copy(text, at, inner.region.start), _render(text, inner, marks)
            at = inner.region.end
        parts.append(marks.copy(text, at, end))
        return "".join(parts)

    return marks.keep(branch.region.make(render), branch.region)


def _holds(region: Region, start: int, end: int) -> bool:
    """Whether the region covers these characters and more."""
    return region.start <= start and end <= region.end and region.end - region.start > end - start
