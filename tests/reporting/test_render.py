from __future__ import annotations

import io
import subprocess
import sys

import pytest

from tdmigrate.reporting.render import render

from .runs import CALL, result, run_of

PROGRAM = """
import sys
from tdmigrate.findings import Finding, Severity, Span
from tdmigrate.results import FileResult, RunResult
before = set(sys.modules)
from tdmigrate.reporting.render import render
finding = Finding("TD001", Severity.ERROR, Span(1, 1, 1, 2), "m")
render("text", RunResult("check", (FileResult("a.py", findings=(finding,), text="x = 1"),), 1), sys.stderr)
print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("format", ["text", "concise", "github", "json", "sarif"])
def test_a_stream_without_encoding(format: str) -> None:
    stream = io.StringIO()
    render(format, run_of(result(CALL)), stream)
    assert "TD001" in stream.getvalue()
    assert stream.getvalue().endswith("\n")


def test_a_text_report_imports_next_to_nothing() -> None:
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    loaded = set(found.stdout.split())
    assert "tdmigrate.reporting.text" in loaded
    assert not loaded & {
        "json",
        "html",
        "difflib",
        "textwrap",
        "unicodedata",
        "urllib",
        "click",
        "dataclasses",
        "string",
    }
