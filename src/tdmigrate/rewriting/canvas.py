"""Nested replacements in one text; whatever no replacement covers is copied byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    return _render(text, root)


def _render(text: str, branch: _Branch) -> str:
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
            parts += text[at : inner.region.start], _render(text, inner)
            at = inner.region.end
        parts.append(text[at:end])
        return "".join(parts)

    return branch.region.make(render)


def _holds(region: Region, start: int, end: int) -> bool:
    """Whether the region covers these characters and more."""
    return region.start <= start and end <= region.end and region.end - region.start > end - start
