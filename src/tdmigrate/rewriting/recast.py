"""Expressions and simple statements in a new form, with parts of the old one in it."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping, Sequence

import libcst as cst

from tdmigrate.findings import Span
from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.brackets import fill
from tdmigrate.rewriting.canvas import Level, Region, Render
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.places import Places


class Part(NamedTuple):
    """An expression that stays: its offsets, with its own parentheses."""

    start: int
    end: int
    bare: bool  # a generator that had the parentheses of a call


def part(places: Places, node: cst.BaseExpression) -> Part:
    return Part(*places.whole(node), isinstance(node, cst.GeneratorExp) and not node.lpar)


def recast_region(
    places: Places, start: int, end: int, pieces: Sequence[str | Span], parts: Mapping[Span, Part]
) -> Region:
    """``parts``: what the spans among the pieces stand for."""
    for piece in pieces:
        if isinstance(piece, Span) and not (start <= parts[piece].start and parts[piece].end <= end):
            raise Misfit(f"row {piece.row}: a part that stays lies outside of what is replaced")

    def make(render: Render) -> str:
        words, texts = [""], []
        for piece in pieces:
            if isinstance(piece, str):
                words[-1] += places.own(piece)
            else:
                text = render(parts[piece].start, parts[piece].end)
                texts.append(f"({text})" if parts[piece].bare else text)
                words.append("")
        return fill(words, texts)

    return Region(start, end, Level.TEXT, make)


def lost_comments(places: Places, start: int, end: int, stay: Sequence[Part]) -> tuple[str, ...]:
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
