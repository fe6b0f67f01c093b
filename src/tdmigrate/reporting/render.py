"""The report of a run, in the format that is asked for."""

from __future__ import annotations

from typing import TextIO

from tdmigrate.reporting.shown import Pen, shown_in
from tdmigrate.results import RunResult


def render(format: str, run: RunResult, stream: TextIO, *, color: bool = False, quiet: bool = False) -> None:
    """Write the report: "text", "concise", "github", "json" or "sarif".

    ``color`` concerns the formats for people; ``quiet`` leaves out notes and summary, except of json and sarif, which
    are read by programs. What the stream cannot encode is escaped. Raises what writing to the stream raises.
    """
    if format == "json":
        from tdmigrate.reporting import json_report

        json_report.write(run, stream)
        return
    if format == "sarif":
        from tdmigrate.reporting import sarif

        sarif.write(run, stream)
        return
    show = shown_in(stream.encoding)
    if format == "github":
        from tdmigrate.reporting import github

        found = github.lines(run, show, quiet)
    elif format == "concise":
        from tdmigrate.reporting import concise

        found = concise.lines(run, Pen(show, color), quiet)
    else:
        from tdmigrate.reporting import text

        found = text.lines(run, Pen(show, color), quiet)
    for line in found:
        stream.write(f"{line}\n")
