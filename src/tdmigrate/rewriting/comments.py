"""The comments of expressions that are written anew."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Sequence

from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.places import Places


class Part(NamedTuple):
    """An expression that stays: its offsets, with its own parentheses."""

    start: int
    end: int
    bare: bool  # a generator that had the parentheses of a call


def comments_between(places: Places, start: int, end: int, stay: Sequence[Part] = ()) -> tuple[str, ...]:
    """The comments between two offsets that stand outside of the parts that stay."""
    text = places.text[start:end]
    if "#" not in text:
        return ()
    # in parentheses, so that every newline of the text is inside an expression
    lines = f"({text}\n)".splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    found = []
    for token in tokenize.generate_tokens(io.StringIO("".join(lines), newline="").readline):
        if token.type == tokenize.COMMENT:
            offset = start + starts[token.start[0] - 1] + token.start[1] - 1
            if not any(one.start <= offset < one.end for one in stay):
                found.append(token.string)
    return tuple(found)


def behind(places: Places, offset: int, text: str, comments: Sequence[str]) -> str:
    """New text with comments behind it, each in a line; it stands inside of brackets."""
    row = places.text[max(places.text.rfind("\n", 0, offset), places.text.rfind("\r", 0, offset)) + 1 : offset]
    indent = row[: len(row) - len(row.lstrip())] + places.indent
    return f"{text}  " + "".join(f"{one}{places.newline}{indent}" for one in comments) if comments else text
