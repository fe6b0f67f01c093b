"""New text inside the braces of f-strings, which before Python 3.12 may not hold their quotes, a backslash or a `#`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tdmigrate.findings import Applicability, CallEdit, Edit, ElementEdit, Fix, Recast, Span, TextEdit
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.module import Module

_STRING = re.compile(r"""(#[^\n]*)|(?:\b[a-zA-Z]+)?('''|\"\"\"|'|")(?:\\.|[^\\])*?\2""", re.DOTALL)
_LITERAL = re.compile(r"""(['"])(.*?)\1""")
_NEVER = re.compile(r"[\\#\r\n]")
_OTHER = {"'": '"', '"': "'"}

_Place = tuple[int, int]  # row and column


class _Refused(Exception):  # noqa: N818  # it is no error, the text just cannot stand there
    pass


class _Piece(NamedTuple):
    """One of the strings that are written side by side."""

    start: _Place
    end: _Place
    quotes: str  # around it: one or three


class FStrings:
    """All f-strings of a module."""

    def __init__(self, module: Module) -> None:
        nodes = [node for node in module.nodes if isinstance(node, (ast.JoinedStr, ast.FormattedValue))]
        specs = {node.format_spec for node in nodes if isinstance(node, ast.FormattedValue)}
        strings = [node for node in nodes if isinstance(node, ast.JoinedStr) and node not in specs]
        self._pieces: dict[int, list[_Piece]] = {}  # by each row that they reach
        for piece in (piece for node in strings for piece in _pieces(module, node)):
            for row in range(piece.start[0], piece.end[0] + 1):
                self._pieces.setdefault(row, []).append(piece)

    def fitted(self, fix: Fix) -> Fix:
        """The fix with quotes that can stand where its edits do; one that is only shown where there are none."""
        if not self._pieces:
            return fix
        try:
            return fix._replace(edits=tuple(map(self._fitted, fix.edits)))
        except _Refused:
            return fix._replace(applicability=Applicability.DISPLAY)

    def _fitted(self, edit: Edit) -> Edit:
        around = self._around(edit.span)
        if not around:
            return edit

        def fitted(text: str) -> str:
            return _requoted(text, around)

        if isinstance(edit, (TextEdit, ElementEdit)):
            return edit._replace(text=fitted(edit.text))
        if isinstance(edit, Recast):
            return edit._replace(pieces=tuple(fitted(one) if isinstance(one, str) else one for one in edit.pieces))
        if isinstance(edit, CallEdit):
            return edit._replace(
                arguments=tuple(
                    one if one.value is None else one._replace(value=fitted(one.value)) for one in edit.arguments
                ),
                added=tuple(one._replace(value=fitted(one.value)) for one in edit.added),
            )
        return edit

    def _around(self, span: Span) -> frozenset[str]:
        """The quotes of the f-strings in which something stands."""
        place = (span.row, span.column)
        return frozenset(one.quotes for one in self._pieces.get(span.row, ()) if one.start < place < one.end)


def _pieces(module: Module, node: ast.JoinedStr) -> Iterator[_Piece]:
    span, text = module.span(node), module.segment(node)

    def place(offset: int) -> _Place:
        rows = text.count("\n", 0, offset)
        return span.row + rows, offset + span.column if not rows else offset - text.rfind("\n", 0, offset)

    for found in _STRING.finditer(text):
        if found[2]:
            yield _Piece(place(found.start()), place(found.end()), found[2])


def _requoted(text: str, around: frozenset[str]) -> str:
    """New text whose strings have other quotes than those ``around`` it."""
    if _NEVER.search(text):
        raise _Refused

    def other(found: re.Match[str]) -> str:
        quote = found[1] if found[1] not in around else _OTHER[found[1]]
        if quote in around or quote in found[2]:
            raise _Refused
        return f"{quote}{found[2]}{quote}"

    new = _LITERAL.sub(other, text)
    if any(quotes in new for quotes in around):
        raise _Refused
    return new
