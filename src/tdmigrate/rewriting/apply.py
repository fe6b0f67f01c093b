"""All fixes of one source at once: text to text."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

import libcst as cst

from tdmigrate.findings import (
    BlockEdit,
    CallEdit,
    Edit,
    ElementEdit,
    Fix,
    Import,
    ImportEdit,
    Recast,
    Span,
    StatementEdit,
    TextEdit,
)
from tdmigrate.rewriting.agree import agreed
from tdmigrate.rewriting.calls import call_region, display_region
from tdmigrate.rewriting.canvas import Level, Region, Render, follow, paint
from tdmigrate.rewriting.imports import ImportNode, Imports
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.places import Places
from tdmigrate.rewriting.recast import lost_comments, part, recast_region
from tdmigrate.rewriting.skeleton import tree
from tdmigrate.rewriting.statements import Change, block_region, change, line_regions, statement_at
from tdmigrate.sources.lines import NEWLINE

__all__ = ["Misfit", "Rewritten", "apply", "rewrite"]

_DEEP = 4_000  # libcst goes several calls deep for each level of a source: 300 strings side by side are as many

E = TypeVar("E", CallEdit, TextEdit, Recast, StatementEdit, BlockEdit, ElementEdit, ImportEdit)
N = TypeVar("N")


class Rewritten(NamedTuple):
    """A source with its fixes applied, and where pieces of the old one stand in it."""

    text: str
    moved: Mapping[Span, Span]


def apply(text: str, fixes: Sequence[Fix]) -> str:
    """The source with all fixes applied, as ``rewrite`` does it."""
    return rewrite(text, fixes).text


def rewrite(text: str, fixes: Sequence[Fix], followed: Sequence[Span] = ()) -> Rewritten:
    """The source with all fixes applied; what no fix names is the same characters.

    ``text`` is the source as it stands, newlines of any kind, without byte order mark. An edit that several fixes hold
    is done once. Edits inside what another edit takes away go with it. ``followed``: spans of the text whose new place
    is wanted; of what went that of what took its place.

    Raises ``Misfit`` when a span names no such node, when edits contradict each other or when the result does not
    parse; ``RecursionError`` for a source that is nested too deeply.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEP))
    try:
        return _rewrite(text, fixes, followed)
    finally:
        sys.setrecursionlimit(limit)


def _rewrite(text: str, fixes: Sequence[Fix], followed: Sequence[Span]) -> Rewritten:
    edits = list(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
    if not edits and not any(fix.imports for fix in fixes):
        return Rewritten(text, {span: span for span in followed})
    places = Places(text, {row for edit in edits for row in (edit.span.row, edit.span.end_row)})
    kept = [piece for edit in edits if isinstance(edit, Recast) for piece in edit.pieces if isinstance(piece, Span)]
    found = places.find([*(edit.span for edit in edits if not isinstance(edit, BlockEdit)), *kept])

    regions: list[Region] = []
    for span, calls in _by_span(edits, CallEdit).items():
        call = _first([node for node in found[span] if isinstance(node, cst.Call)], span)
        regions.append(call_region(places, call, calls))
    for span, elements in _by_span(edits, ElementEdit).items():
        displays: list[cst.List | cst.Tuple] = [n for n in found[span] if isinstance(n, (cst.List, cst.Tuple))]
        regions.append(display_region(places, _first(displays, span), elements))
    for span, texts in _by_span(edits, TextEdit).items():
        _first([node for node in found[span] if isinstance(node, cst.BaseExpression)], span)
        regions.append(_text_region(places, span, texts))

    parts = {}
    for span in kept:
        parts[span] = part(places, _first([node for node in found[span] if isinstance(node, cst.BaseExpression)], span))
    comments: list[tuple[int, tuple[str, ...]]] = []  # offset of what loses them
    for span, recasts in _by_span(edits, Recast).items():
        _first(found[span], span)
        pieces = agreed((edit.pieces for edit in recasts), "new form") or ()
        start, end = places.range(span)
        regions.append(recast_region(places, start, end, pieces, parts))
        stay = [parts[piece] for piece in pieces if isinstance(piece, Span)]
        comments.append((start, lost_comments(places, start, end, stay)))

    regions += [block_region(places, span) for span in _by_span(edits, BlockEdit)]
    import_edits: dict[ImportNode, list[ImportEdit]] = {}
    for span, own in _by_span(edits, ImportEdit).items():
        statements: list[ImportNode] = [n for n in found[span] if isinstance(n, (cst.Import, cst.ImportFrom))]
        import_edits[_first(statements, span)] = own
    changes: dict[cst.BaseSmallStatement, Change] = {}
    for span, statement_edits in _by_span(edits, StatementEdit).items():
        statement = _first([node for node in found[span] if isinstance(node, cst.BaseSmallStatement)], span)
        for edit in statement_edits:
            changes[statement] = changes.get(statement, Change()).then(change(edit))
    for offset, rows in comments:
        if rows:
            around = statement_at(places, offset)
            changes[around] = Change(before=rows).then(changes.get(around, Change()))
    imports = Imports(places, import_edits, {node for node, made in changes.items() if made.gone})
    imports.need(_needed(places, fixes))
    regions += imports.regions
    for node, made in imports.changes.items():
        changes[node] = made.then(changes.get(node, Change()))
    regions += line_regions(places, changes)

    result = paint(text, regions)
    _check(result)
    ranges = follow(text, regions, [places.range(span) for span in followed]) if followed else []
    return Rewritten(result, dict(zip(followed, _spans(result, ranges), strict=True)))


def _by_span(edits: Sequence[Edit], kind: type[E]) -> dict[Span, list[E]]:
    grouped: dict[Span, list[E]] = {}
    for edit in edits:
        if isinstance(edit, kind):
            grouped.setdefault(edit.span, []).append(edit)
    return grouped


def _first(nodes: Sequence[N], span: Span) -> N:
    if not nodes:
        raise Misfit(f"row {span.row}, column {span.column}: there is nothing that the fix could change")
    return nodes[0]


def _text_region(places: Places, span: Span, edits: Sequence[TextEdit]) -> Region:
    start, end = places.range(span)
    text = places.own(agreed((edit.text for edit in edits), "text") or "")

    def make(render: Render) -> str:
        return text.replace("{}", render(start, end))

    return Region(start, end, Level.TEXT, make)


def _needed(places: Places, fixes: Sequence[Fix]) -> dict[Import, list[int]]:
    """The imports that the fixes need, and the offsets at which their new text stands.

    Of what an import alone brings: the end of the module, or of that import, if its line goes on behind it.
    """
    needed: dict[Import, list[int]] = {}
    for fix in fixes:
        uses = [places.range(edit.span)[0] for edit in fix.edits if not isinstance(edit, ImportEdit)]
        ends = [places.range(edit.span)[1] for edit in fix.edits if isinstance(edit, ImportEdit)]
        uses += [end for end in ends if places.text[end:].lstrip(" \t").startswith(";")]
        for wanted in fix.imports:
            needed.setdefault(wanted, []).extend(uses or [len(places.text)])
    return needed


def _spans(text: str, ranges: Sequence[tuple[int, int]]) -> list[Span]:
    lines = [0, *(match.end() for match in NEWLINE.finditer(text))]

    def place(offset: int) -> tuple[int, int]:
        row = bisect_right(lines, offset)
        return row, offset - lines[row - 1] + 1

    return [Span(*place(start), *place(end)) for start, end in ranges]


def _check(result: str) -> None:
    try:
        tree(result)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Misfit(f"the result does not parse: {error}") from None
