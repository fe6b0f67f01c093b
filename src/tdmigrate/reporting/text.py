"""The report a person reads on a terminal: each finding with its source, its evidence and what it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tdmigrate.findings import Finding, Severity
from tdmigrate.reporting import wording
from tdmigrate.reporting.excerpt import CUT, WIDTH, excerpt, source_lines
from tdmigrate.reporting.shown import Pen
from tdmigrate.results import CellLines, FileResult, Proof, RunResult, cell_at, where

COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
VERDICT_COLORS = {"equal": "green", "different": "red", "unproved": "yellow"}
LINES = 8  # of new text that are shown


def lines(run: RunResult, pen: Pen, quiet: bool) -> Iterator[str]:
    """The whole report, line by line."""
    for file in run.files:
        source = source_lines(file.text)
        for finding in wording.shown_findings(file, quiet):
            yield heading(file, finding, run, pen)
            yield from _body(finding, source, file.cells, run, pen)
            yield ""
        ended = [*endings(file, pen)]
        if ended:
            yield from (*ended, "")
    if not quiet:
        yield from map(pen.show, (*wording.conclusions(run), *wording.summary(run)))


def heading(file: FileResult, finding: Finding, run: RunResult, pen: Pen) -> str:
    """``models/tagger.py:12:11: TD001 [*] message``."""
    row = where(file.cells, finding.span.row)
    place = f"{pen.paint(pen.show(file.path), bold=True)}:{row}:{finding.span.column}:"
    code = pen.paint(pen.show(finding.code), COLORS[finding.severity], bold=True)
    mark = f"[{pen.paint('*', 'cyan')}] " if wording.is_marked(finding, run) else ""
    note = "note: " if finding.severity is Severity.NOTE else ""
    return f"{place} {code} {mark}{note}{pen.show(finding.message)}"


def endings(file: FileResult, pen: Pen) -> Iterator[str]:
    """The proofs of a file and what became of it, one line each."""
    path = pen.paint(pen.show(file.path), bold=True)
    for proof in file.proofs:
        yield f"{path}:{where(file.old_cells, proof.row)}: {_verdict(proof, pen)} {pen.show(wording.proof(proof))}"
        for line in wording.minimal(proof):
            yield f"    {pen.show(line)}"
    outcome = wording.outcome(file)
    if outcome is not None:
        yield f"{path}: {pen.show(outcome)}"


def _verdict(proof: Proof, pen: Pen) -> str:
    return pen.paint(wording.VERDICTS[proof.status], VERDICT_COLORS[proof.status], bold=True)


def _body(
    finding: Finding, source: Sequence[str], cells: Sequence[CellLines], run: RunResult, pen: Pen
) -> Iterator[str]:
    cell = cell_at(cells, finding.span.row)
    rows = excerpt(source, finding.span, pen.show, 1 if cell is None else cell.row)
    margin = max((len(str(row.number)) for row in rows if row.number is not None), default=1)
    bar = pen.paint(f"{' ' * margin} |", "blue", bold=True)
    if rows:
        yield bar
    for row in rows:
        if row.number is None:
            yield pen.paint(row.text, "blue", bold=True)
            continue
        yield f"{pen.paint(f'{row.number:>{margin}} |', 'blue', bold=True)} {row.text}".rstrip()
        if row.carets:
            yield f"{bar} {pen.paint(row.carets, COLORS[finding.severity], bold=True)}"
    if rows:
        yield bar
    said = [pen.show(why) for why in wording.evidence(finding, cells)]
    remedy = wording.remedy(finding, run)
    if remedy is not None:
        said += _remedy(remedy, pen)
    equals = pen.paint(f"{' ' * margin} =", "blue", bold=True)
    yield from (f"{equals} {line}" for line in said)


def _remedy(remedy: wording.Remedy, pen: Pen) -> list[str]:
    if remedy.text is None:
        return [remedy.label]
    first, *rest = _new_text(remedy.text, pen)
    return [f"{remedy.label}: {first}", *(f"  {line}" for line in rest)]


def _new_text(text: str, pen: Pen) -> list[str]:
    found = source_lines(text)
    if len(found) > LINES:
        found = [*found[: LINES - 1], f"{CUT} {len(found) - LINES + 1} lines more"]
    return [_cut(pen.show(line.expandtabs(4))) for line in found]


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[:WIDTH] + CUT
