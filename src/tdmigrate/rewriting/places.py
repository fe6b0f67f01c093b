"""The concrete tree of one source, and the way between spans, libcst nodes and offsets in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from tdmigrate.findings import Span
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.skeleton import skeleton

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
# a form feed at the start of a line sets the indentation back to nothing; libcst loses it
_FORM_FEED = re.compile(r"[ \t\f]*\f")

_BRACKETED = (cst.Tuple, cst.GeneratorExp)


class Places:
    """A source that libcst parses, as far as ``wanted`` rows (from 1) need it; None: all of it.

    libcst sees the text with ``\\n`` for every newline, without the form feeds that start a line, and without rows that
    nobody looks at: where rows and columns are moved to is known. The text itself is never taken from libcst, which
    does not keep every byte.

    Raises ``Misfit`` for a source that libcst does not parse, ``RecursionError`` for one that is nested too deeply.
    """

    def __init__(self, text: str, wanted: Iterable[int] | None = None) -> None:
        self.text = text
        self._starts: list[int] = []  # offset of each row in the text
        self._shifts: list[int] = []  # characters at the start of each row that libcst does not see
        rows: list[str] = []
        newlines: list[str] = []
        for match in _LINE.finditer(text):
            line = match.group()
            bare = line.rstrip("\r\n")
            form_feed = _FORM_FEED.match(bare)
            shift = form_feed.end() if form_feed else 0
            self._starts.append(match.start())
            self._shifts.append(shift)
            rows.append(bare[shift:])
            newlines.append(line[len(bare) :])
        # the pattern also matches the nothing behind the last newline and behind a line without one
        if len(rows) > 1 and not newlines[-2]:
            for columns in (rows, newlines, self._starts, self._shifts):
                columns.pop()
        self.newline = next((newline for newline in newlines if newline), "\n")
        shown = dict(enumerate(rows, 1)) if wanted is None else skeleton(rows, wanted)
        self._rows = list(shown)  # the rows that libcst sees
        seen = "\n".join(shown.values())
        try:
            self.module = cst.parse_module(seen)
            self._positions = MetadataWrapper(self.module, unsafe_skip_copy=True).resolve(PositionProvider)
        except (cst.ParserSyntaxError, ValueError) as error:
            raise Misfit(f"libcst cannot read this source: {type(error).__name__}") from None
        # libcst drops spaces behind the last statement, which moves nothing; it must not have dropped anything before
        if not seen.startswith(self.module.code.rstrip()):
            raise Misfit("libcst does not keep this source as it is")
        self.indent = self.module.default_indent

    def offset(self, row: int, column: int) -> int:
        """Row and column from 1 → offset in the text."""
        if not 1 <= row <= len(self._starts):
            raise Misfit(f"there is no row {row}")
        end = self._starts[row] if row < len(self._starts) else len(self.text)
        offset = self._starts[row - 1] + column - 1
        if column < 1 or offset > end:
            raise Misfit(f"row {row} has no column {column}")
        return offset

    def range(self, span: Span) -> tuple[int, int]:
        """Offsets of a span, end exclusive."""
        return self.offset(span.row, span.column), self.offset(span.end_row, span.end_column)

    def of(self, node: cst.CSTNode) -> tuple[int, int]:
        """Offsets of a node, without its own parentheses."""
        place = self._positions[node]
        return (
            self._offset(place.start.line, place.start.column),
            self._offset(place.end.line, place.end.column),
        )

    def _offset(self, row: int, column: int) -> int:
        row = self._rows[row - 1]
        return self._starts[row - 1] + self._shifts[row - 1] + column

    def whole(self, node: cst.BaseExpression) -> tuple[int, int]:
        """Offsets of an expression with all its parentheses."""
        start, end = self.of(node)
        if node.lpar:
            start = self.of(node.lpar[0])[0]
        if node.rpar:
            end = self.of(node.rpar[-1])[1]
        return start, end

    def own(self, text: str) -> str:
        """New text with the newlines of the source."""
        return text.replace("\n", self.newline)

    def indented(self, lines: Iterable[str], indent: str) -> list[str]:
        """New lines at an indentation; four spaces of their own are one step of the source's indentation."""
        rows: list[str] = []
        for line in (row for text in lines for row in text.split("\n")):
            code = line.lstrip(" ")
            steps, spaces = divmod(len(line) - len(code), 4)
            rows.append(indent + self.indent * steps + " " * spaces + code if code else "")
        return rows

    def find(self, spans: Sequence[Span]) -> dict[Span, list[cst.CSTNode]]:
        """The expressions and small statements that stand exactly at these spans."""
        found: dict[Span, list[cst.CSTNode]] = {span: [] for span in spans}
        wanted = {self.range(span): span for span in spans}
        rows = {span.row for span in spans}
        for node, place in self._positions.items():
            if not isinstance(node, (cst.BaseExpression, cst.BaseSmallStatement)):
                continue
            if self._rows[place.start.line - 1] not in rows and not isinstance(node, _BRACKETED):
                continue
            span = wanted.get(self._as_ast(node))
            if span is not None:
                found[span].append(node)
        return found

    def _as_ast(self, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets that ``ast`` gives an expression."""
        start, end = self.of(node)
        # the innermost parentheses belong to a tuple or generator; a generator without its own has those of the call
        if isinstance(node, _BRACKETED) and node.lpar:
            return self.of(node.lpar[-1])[0], self.of(node.rpar[0])[1]
        if isinstance(node, cst.GeneratorExp):
            return self.text.rfind("(", 0, start), self.text.find(")", end) + 1
        return start, end
