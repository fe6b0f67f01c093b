"""What holds of any bytes that are taken for a source, whoever wrote them."""

from __future__ import annotations

import ast
import json

from tdmigrate.config import Settings
from tdmigrate.pipeline import run_text
from tdmigrate.results import FileResult, RunResult
from tdmigrate.sources.text import SourceError, decode
from tdmigrate.stages.writing import encoded
from tdmigrate.view import view

OURS = ("E906", "E907")  # errors that are a fault of tdmigrate
# but for this one: a program that makes no sense may tell less of itself once a part is rewritten; it is left as it was
UNSTABLE = "would be fixed once more"


class FaultError(AssertionError):
    """Something that must never be."""


def check(path: str, data: bytes) -> str:
    """Rewrite ``data`` as the file ``path`` in memory; what became of it. Raises ``FaultError``."""
    result = run_text(path, data, Settings(mode="write"))
    if result.exit_code not in (0, 1, 2):
        raise FaultError(f"exit code {result.exit_code}")
    file = _only(result, path)
    if file.error is not None:
        ours = file.error.code in OURS and UNSTABLE not in file.error.message
        if ours or "\n" in file.error.show():
            raise FaultError(file.error.show())
        return file.error.code
    _spans_point_into_their_text(file)
    if not file.written:
        return "clean" if not file.findings else "left"
    new = encoded(data, file)
    if path.endswith(".ipynb"):
        _same_but_code(data, new)
    _again(path, new)
    return "rewritten"


def _only(result: RunResult, path: str) -> FileResult:
    return result.files[0] if result.files else FileResult(path)


def _spans_point_into_their_text(file: FileResult) -> None:
    for text, findings in ((file.text, file.findings), (file.old_text, file.fixed)):
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for one in findings:
            for span in (one.span, *(evidence.span for evidence in one.evidence)):
                if not (1 <= span.row <= len(lines) and 1 <= span.column <= len(lines[span.row - 1]) + 1):
                    raise FaultError(f"{one.code} stands at {span}, where no text is")


def _same_but_code(old: bytes, new: bytes) -> None:
    """Of a notebook only the sources of code cells differ, and its kernel."""

    def bare(data: bytes) -> object:
        whole = json.loads(data.decode("utf-8-sig"))
        sheets = whole.get("worksheets", [whole])
        for cell in (cell for sheet in sheets for cell in sheet.get("cells", ())):
            if cell.get("cell_type") == "code":
                cell.pop("source", None)
                cell.pop("input", None)
        whole.pop("metadata", None)
        return whole

    if bare(old) != bare(new):
        raise FaultError("something else than code changed")


def _again(path: str, new: bytes) -> None:
    """A rewritten source is Python 3, and a second rewrite changes nothing."""
    try:
        seen = view(decode(path, new))
    except SourceError as refused:
        raise FaultError(f"the new text is refused: {refused}") from refused
    ast.parse(seen.module.text)
    if seen.python2 is not None:
        raise FaultError("the new text is Python 2")
    second = _only(run_text(path, new, Settings(mode="write")), path)
    if second.error is not None:
        raise FaultError(f"the new text: {second.error.show()}")
    if second.written:
        raise FaultError(f"a second rewrite: {[one.code for one in second.fixed]}")
