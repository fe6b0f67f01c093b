"""Workflow commands that GitHub Actions turns into annotations of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tdmigrate.findings import Finding, Severity, Span
from tdmigrate.reporting import wording
from tdmigrate.reporting.shown import Show
from tdmigrate.results import FileResult, Proof, RunResult, file_row

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def lines(run: RunResult, show: Show, quiet: bool) -> Iterator[str]:
    """One command a finding, an error, a proof that was not "equal"."""
    for file in run.files:
        if file.error is not None:
            row = None if file.error.cell is not None else file.error.row
            yield _command("error", file.path, row, file.error.code, [file.error.show()], show)
        for finding in wording.shown_findings(file, quiet):
            yield _annotation(file, finding, run, show)
        for proof in file.proofs:
            if proof.status != "equal":
                yield _proof(file, proof, run, show)


def _annotation(file: FileResult, finding: Finding, run: RunResult, show: Show) -> str:
    place: Span | int = finding.span
    said = [finding.message, *wording.evidence(finding, file.cells)]
    if file.cells:  # columns are others in JSON
        place = file_row(file.cells, finding.span.row)
        said[0] = f"{wording.line(finding.span.row, file.cells)}: {finding.message}"
    remedy = wording.remedy(finding, run)
    if remedy is not None:
        said.append(remedy.label if remedy.text is None else f"{remedy.label}: {remedy.text}")
    return _command(LEVELS[finding.severity], file.path, place, finding.code, said, show)


def _proof(file: FileResult, proof: Proof, run: RunResult, show: Show) -> str:
    level = "error" if proof.status == "different" or run.require_proof else "warning"
    row = file_row(file.old_cells, proof.row)
    return _command(level, file.path, row, proof.status, [wording.proof(proof)], show)


def _command(level: str, path: str, place: Span | int | None, title: str, said: Sequence[str], show: Show) -> str:
    properties = {"file": path}
    if isinstance(place, int):
        properties["line"] = str(place)
    elif place is not None:
        properties["line"] = str(place.row)
        if place.row == place.end_row:  # GitHub refuses columns of an annotation of several lines
            properties["col"] = str(place.column)
        properties["endLine"] = str(place.end_row)
        if place.row == place.end_row:
            properties["endColumn"] = str(place.end_column)
    properties["title"] = title
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return show(f"::{level} {shown}::{_data(chr(10).join(said))}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
