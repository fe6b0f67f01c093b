"""Simple statements: lines before and after them, lines in their place, and blocks that must not become empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from tdmigrate.findings import Span, StatementEdit
from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.canvas import Level, Region, Render
from tdmigrate.rewriting.comments import comments_between
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.places import Places

_REST_OF_LINE = re.compile(r"(?:[ \t\f;]|\\(?:\r\n|\r|\n))*(?P<comment>#[^\r\n]*)?(?P<newline>\r\n|\r|\n|\Z)")


class Change(NamedTuple):
    """What becomes of one simple statement."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    gone: bool = False  # the statement itself does not stay

    def then(self, other: Change) -> Change:
        """Both changes of one statement."""
        if self.gone and other.gone:
            raise Misfit("two fixes replace one statement")
        return Change(self.before + other.before, self.after + other.after, self.gone or other.gone)


GONE = Change(gone=True)
PASS = Change(before=("pass",), gone=True)


def change(edit: StatementEdit) -> Change:
    """What one edit says; new lines stand for a replaced statement before those that other edits put behind it."""
    if edit.replace:
        return Change(before=edit.before + edit.after, gone=True)
    return Change(edit.before, edit.after)


class Block(NamedTuple):
    """The lines of one block that hold simple statements."""

    lines: tuple[tuple[cst.BaseSmallStatement, ...], ...]
    indent: str  # of the lines
    suite: cst.SimpleStatementSuite | None  # the one line stands behind the header
    fillable: bool  # Python wants a statement here and there is none but those of ``lines``
    scope: tuple[int, int] | None  # where names bound here are seen; None: not certainly bound


def blocks(places: Places) -> Iterator[Block]:
    """All blocks of the source, outer before inner."""
    return _blocks(places, places.module, "", (0, len(places.text) + 1))


def _blocks(
    places: Places, block: cst.Module | cst.BaseSuite, outer: str, scope: tuple[int, int] | None
) -> Iterator[Block]:
    if isinstance(block, cst.SimpleStatementSuite):
        yield Block((tuple(block.body),), outer + places.indent, block, True, scope)
        return
    indent = outer
    if isinstance(block, cst.IndentedBlock):
        indent += places.indent if block.indent is None else block.indent
    lines = tuple(tuple(line.body) for line in block.body if isinstance(line, cst.SimpleStatementLine))
    fillable = len(lines) == len(block.body) and not isinstance(block, cst.Module)
    yield Block(lines, indent, None, fillable, scope)
    for statement in block.body:
        if not isinstance(statement, cst.SimpleStatementLine):
            seen = places.of(statement) if isinstance(statement, cst.FunctionDef) else None
            header = indent
            if isinstance(statement, cst.Match):  # its cases are a block of their own
                header += places.indent if statement.indent is None else statement.indent
            for suite in suites(statement):
                yield from _blocks(places, suite, header, seen)


def suites(statement: cst.CSTNode) -> Iterator[cst.BaseSuite]:
    """The blocks of a compound statement, those of its ``else`` and the like too."""
    parts = (cst.If, cst.Else, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.MatchCase)
    for child in statement.children:
        if isinstance(child, cst.BaseSuite):
            yield child
        elif isinstance(child, parts):
            yield from suites(child)


def statement_at(places: Places, offset: int) -> cst.BaseSmallStatement:
    """The simple statement around an offset. ``Misfit`` where there is none, as in the head of a compound one."""
    found = _statement_at(places, offset)
    if found is None:
        raise Misfit(f"there is no simple statement at character {offset}")
    return found


def is_in_statement(places: Places, offset: int) -> bool:
    """Whether what stands there is part of a simple statement."""
    return _statement_at(places, offset) is not None


def _statement_at(places: Places, offset: int) -> cst.BaseSmallStatement | None:
    for block in blocks(places):
        for line in block.lines:
            for statement in line:
                start, end = places.of(statement)
                if start <= offset < end:
                    return statement
    return None


def line_regions(places: Places, changes: Mapping[cst.BaseSmallStatement, Change]) -> Iterator[Region]:
    """The regions of all lines with a changed statement."""
    for block in blocks(places):
        statements = [statement for line in block.lines for statement in line]
        if not any(statement in changes for statement in statements):
            continue
        known = {statement: changes[statement] for statement in statements if statement in changes}
        if block.fillable and all(_codeless(known.get(statement)) for statement in statements):
            known[statements[-1]] = known[statements[-1]].then(Change(before=PASS.before))
        for line in block.lines:
            if any(statement in known for statement in line):
                yield _line_region(places, block, line, known)


def block_region(places: Places, span: Span) -> Region:
    """The lines of a compound statement or decorator that go; its comments stay at its indentation."""
    text = places.text
    first, last = places.range(span)
    start = max(text.rfind("\n", 0, first), text.rfind("\r", 0, first)) + 1
    rest = _REST_OF_LINE.match(text, last)
    indent = text[start:first]
    if rest is None or indent.strip():
        raise Misfit(f"row {span.row}: other code stands in the lines that are to go")
    comments = comments_between(places, start, rest.start("newline"))

    def make(render: Render) -> str:
        return "".join(indent + comment + places.newline for comment in comments)

    return Region(start, rest.end(), Level.LINE, make)


def _codeless(change: Change | None) -> bool:
    # comments alone do not make a block
    return change is not None and change.gone and all(row[:1] in ("", "#") for row in change.before + change.after)


class _Small(NamedTuple):
    """One simple statement of a line and what becomes of it."""

    start: int
    end: int
    change: Change


def _line_region(
    places: Places,
    block: Block,
    line: Sequence[cst.BaseSmallStatement],
    changes: Mapping[cst.BaseSmallStatement, Change],
) -> Region:
    text = places.text
    smalls = [_Small(*places.of(statement), changes.get(statement, Change())) for statement in line]
    rest = _REST_OF_LINE.match(text, smalls[-1].end)
    if rest is None:
        raise Misfit("a statement that does not end where its line ends")
    comment, newline = rest["comment"] or "", rest["newline"]
    if block.suite is None:
        start = max(text.rfind("\n", 0, smalls[0].start), text.rfind("\r", 0, smalls[0].start)) + 1
    else:
        start = places.of(block.suite.leading_whitespace)[0]
    lead = text[start : smalls[0].start]

    def make(render: Render) -> str:
        rows: list[str] = []
        row = ""
        opening = lead if block.suite is None else block.indent
        for index, small in enumerate(smalls):
            if small.change.before:
                rows += [row] * bool(row) + places.indented(small.change.before, block.indent)
                row = ""
            if not small.change.gone:
                separator = text[smalls[index - 1].end : small.start] if index else ""
                row += (separator if row else opening) + render(small.start, small.end)
                opening = block.indent
            if index == len(smalls) - 1:
                if not small.change.gone:
                    row += text[small.end : rest.start("newline")]
                elif comment and row:
                    row += "  " + comment
                elif comment and small.change.before:
                    rows[-1] += "  " + comment
                elif comment:
                    row = block.indent + comment
            if small.change.after:
                rows += [row] * bool(row) + places.indented(small.change.after, block.indent)
                row = ""
        rows += [row] * bool(row)
        if block.suite is None:
            return "".join(row + places.newline for row in rows[:-1]) + (rows[-1] + newline if rows else "")
        if all(small.change in (Change(), GONE, PASS) for small in smalls):
            return lead + rows[0][len(block.indent) :] + newline
        return "".join(places.newline + row for row in rows) + newline

    return Region(start, rest.end(), Level.LINE, make)
