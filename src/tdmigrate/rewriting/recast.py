"""Expressions and simple statements in a new form, with parts of the old one in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from tdmigrate.findings import Span
from tdmigrate.rewriting.brackets import fill
from tdmigrate.rewriting.canvas import Level, Region, Render
from tdmigrate.rewriting.comments import Part, behind, comments_between
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.places import Places
from tdmigrate.rewriting.statements import is_in_statement


def part(places: Places, node: cst.BaseExpression) -> Part:
    return Part(*places.whole(node), isinstance(node, cst.GeneratorExp) and not node.lpar)


def recast_region(
    places: Places, start: int, end: int, pieces: Sequence[str | Span], parts: Mapping[Span, Part]
) -> Region:
    """``parts``: what the spans among the pieces stand for."""
    for piece in pieces:
        if isinstance(piece, Span) and not (start <= parts[piece].start and parts[piece].end <= end):
            raise Misfit(f"row {piece.row}: a part that stays lies outside of what is replaced")

    stay = [parts[piece] for piece in pieces if isinstance(piece, Span)]
    kept = comments_between(places, start, end, stay)
    if kept and is_in_statement(places, start):
        kept = ()  # they go before that

    def make(render: Render) -> str:
        words, texts = [""], []
        for piece in pieces:
            if isinstance(piece, str):
                words[-1] += places.own(piece)
            else:
                text = render(parts[piece].start, parts[piece].end)
                texts.append(f"({text})" if parts[piece].bare else text)
                words.append("")
        text = fill(words, texts)
        return f"{behind(places, start, '(', kept)}{text})" if kept else text

    return Region(start, end, Level.TEXT, make)


def lost_comments(places: Places, start: int, end: int, stay: Sequence[Part]) -> tuple[str, ...]:
    """The comments of what is recast that go to lines before its statement."""
    comments = comments_between(places, start, end, stay)
    return comments if comments and is_in_statement(places, start) else ()
