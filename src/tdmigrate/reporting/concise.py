"""One line for each finding and each proof, for editors and for grep."""

from __future__ import annotations

from collections.abc import Iterator

from tdmigrate.reporting import wording
from tdmigrate.reporting.shown import Pen
from tdmigrate.reporting.text import endings, heading
from tdmigrate.results import RunResult


def lines(run: RunResult, pen: Pen, quiet: bool) -> Iterator[str]:
    """The whole report, line by line."""
    for file in run.files:
        for finding in wording.shown_findings(file, quiet):
            yield heading(file, finding, run, pen)
        yield from endings(file, pen)
    if not quiet:
        yield from map(pen.show, wording.summary(run))
