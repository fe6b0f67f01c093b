"""What IPython takes away before the lines of a cell: prompts, and an indentation that all of them have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tdmigrate.sources.lines import beginnings, kept, split

_PYTHON: Final = re.compile(r"[ \t]*(?:>>>|\.\.\.)[ \t]?")
_IPYTHON: Final = re.compile(r"[ \t]*(?:(?:(?:\[(?:nav|ins)\])? )?In \[\d+\]: |\.{3,}: ?)")
_ANY: Final = re.compile(r"(?m)^[ \t]*(?:>>>|\.{3,}:|(?:\[(?:nav|ins)\] )?In \[\d+\]: )")
_BLANK: Final = re.compile(r"[ \t]*")
_CLAUSE: Final = re.compile(r"(?:elif|else|except|finally)\b")


def margins(text: str) -> tuple[str, ...]:
    """What stands before each line of a cell and is no part of its Python; nothing where that is so of all lines."""
    lines = split(text)
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    body = first + lines[first].lstrip().startswith("%%")  # it has an indentation of its own
    begins = next((line for line in lines[body:] if line.strip()), "")
    if not (lines[first][:1] in (" ", "\t") or begins[:1] in (" ", "\t") or _ANY.search(text.replace("\r", "\n"))):
        return ()
    rows = beginnings(text)
    found = _prompts(lines, rows, first)
    bare = [line[len(prompt) :] for line, prompt in zip(lines, found, strict=True)]
    body = first + bare[first].lstrip().startswith("%%")
    if body > first:
        found[first] += _blank(bare[first])
    code = [line for row, line in enumerate(bare, 1) if row > body and row in rows and line.strip()]
    indent = min(map(_blank, code), key=len, default="")
    if all(line.startswith(indent) for line in code):
        for index in range(body, len(lines)):
            found[index] += indent if bare[index].strip() and bare[index].startswith(indent) else ""
    if not any(found) or len(split(without(text, found))) != len(lines):  # of \r and \n, a prompt made two newlines
        return ()
    return tuple(found)


def _prompts(lines: Sequence[str], rows: set[int], first: int) -> list[str]:
    begun = [line for row, line in enumerate(lines, 1) if row in rows]
    if any(line.lstrip(" \t").startswith(">>>") for line in begun):
        prompt = _PYTHON
    elif any(index + 1 in rows and _IPYTHON.match(line) for index, line in enumerate(lines[: first + 2])):
        prompt = _IPYTHON
    else:
        return [""] * len(lines)
    return [found[0] if (found := prompt.match(line)) is not None else "" for line in lines]


def _blank(line: str) -> str:
    blank = _BLANK.match(line)
    assert blank is not None  # it matches nothing, too
    return blank[0]


def without(text: str, before: Sequence[str]) -> str:
    """The text without its margins, if there are any."""
    if not before:
        return text
    return "".join(line[len(margin) :] for line, margin in zip(split(text), before, strict=True))


def within(text: str, old: str, before: Sequence[str]) -> str:
    """A new text with margins; ``old`` has them: a line that stays keeps its own, and a new one has the same."""
    if not before:
        return text
    were, lines, rows = split(without(old, before)), split(text), beginnings(text)
    places = kept(were, lines)
    like = _like(were, before)
    found: list[str] = []
    at = 0
    for row, (line, place) in enumerate(zip(lines, places, strict=True), 1):
        at = place + 1 if place is not None else at
        found.append(_margin(line, row in rows, like[min(at, len(like) - 1)]) if place is None else before[place])
    return "".join(margin + line for margin, line in zip(found, lines, strict=True))


def _like(lines: Sequence[str], before: Sequence[str]) -> list[str]:
    """For each line the margin that a new line in its place follows: its own, or that of the next with any text."""
    found: list[str] = []
    like = next((margin for line, margin in zip(lines[::-1], before[::-1], strict=True) if line.strip()), "")
    for line, margin in zip(lines[::-1], before[::-1], strict=True):
        like = margin if line.strip() else like
        found.append(like)
    return found[::-1]


def _margin(line: str, begins: bool, like: str) -> str:
    if not line.strip():
        return ""
    top = begins and line[:1] not in (" ", "\t") and not _CLAUSE.match(line)
    if ">>>" in like or ("..." in like and ":" not in like):
        return like.replace("...", ">>>") if top else like.replace(">>>", "...")
    if "]: " in like and not top:
        return "...: ".rjust(len(like))
    return like
