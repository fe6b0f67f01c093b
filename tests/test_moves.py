from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import Literal

import pytest

from cases import CASES, Case
from tdmigrate.config import Settings
from tdmigrate.findings import Applicability, Evidence, Finding, Severity, Span
from tdmigrate.moves import places, standing
from tdmigrate.pipeline import run_text
from tdmigrate.rewriting.apply import rewrite
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.sources.text import decode, encode
from tdmigrate.stages.writing import encoded
from tdmigrate.understanding.module import Module

MARK = re.compile(r"# mark (\d+)")


def finding(code: str, row: int, message: str = "m") -> Finding:
    span = Span(row, 1, row, 9)
    return Finding(code, Severity.ERROR, span, message, evidence=(Evidence(span, "because"),))


def test_what_is_left_moves_with_the_text() -> None:
    moved = {Span(2, 1, 2, 9): Span(3, 5, 3, 7)}
    (left,) = standing([finding("K1", 2)], [], moved)
    assert (left.span, left.evidence[0].span) == (Span(3, 5, 3, 7), Span(3, 5, 3, 7))


def test_what_the_second_check_says_too_stands_once() -> None:
    moved = {Span(row, 1, row, 9): Span(row + 1, 1, row + 1, 9) for row in (2, 3)}
    again = [finding("K2", 3), finding("K9", 5), finding("K7", 8, "elsewhere")]
    ours = [finding("K2", 2, "old"), finding("K2", 2), finding("K3", 2), finding("K7", 3, "elsewhere")]
    left = standing(ours, again, moved)
    assert [(one.code, one.span.row) for one in left] == [("K2", 3), ("K2", 3), ("K3", 3), ("K9", 5), ("K7", 8)]


def marked(text: str) -> str:
    """The source with a comment of its own behind every statement that has none."""
    lines = text.split("\n")
    for number, token in enumerate(tokenize.generate_tokens(io.StringIO(text).readline)):
        row = token.start[0] - 1
        if token.type == tokenize.NEWLINE and token.string and "#" not in lines[row]:
            lines[row] += f"  # mark {number}"
    return "\n".join(lines)


def mark(text: str, row: int) -> str | None:
    found = MARK.search(text.split("\n")[row - 1])
    return found[1] if found is not None else None


def text_of(case: Case) -> str:
    return marked(decode("program.py", case.before).text.replace("\r\n", "\n").replace("\r", "\n"))


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.mark.slow
@each_case
@pytest.mark.parametrize("style", ["faithful", "modern"])
def test_what_is_left_stays_with_its_statement(case: Case, style: str) -> None:
    text = text_of(case)
    imports = {
        row
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for row in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    findings = check(Module(text), CheckSettings(style=style)).findings
    fixes = [one.fix for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE]
    spans = [span for span in places(findings) if span.row not in imports]
    new, moved = rewrite(text, fixes, spans)
    for span in spans:
        now = moved[span]
        assert mark(text, span.row) in (None, mark(new, now.row)), (span, now, new)
        assert mark(text, span.end_row) in (None, mark(new, now.end_row)), (span, now, new)
        assert (now.row, now.column) <= (now.end_row, now.end_column)


@pytest.mark.slow
@each_case
def test_rows_after_a_write_are_those_of_a_fresh_check(case: Case) -> None:
    data = encode(decode("program.py", case.before), text_of(case))
    written, new = told(data, "write")
    fresh, _ = told(new, "check")
    for key in written.keys() & fresh.keys():
        if len(written[key]) == len(fresh[key]):
            assert written[key] == fresh[key]


def told(data: bytes, mode: Literal["check", "write"]) -> tuple[dict[tuple[str, str], list[int]], bytes]:
    """The rows of what a run tells, by code and message, and what it would write."""
    rows: dict[tuple[str, str], list[int]] = {}
    for file in run_text("program.py", data, Settings(mode=mode)).files:
        assert file.error is None
        for one in file.findings:
            rows.setdefault((one.code, one.message), []).append(one.span.row)
        data = encoded(data, file) if file.new_text is not None else data
    return rows, data


INSERTS = {
    "a line above": (
        "from keras.models import Sequential\nfrom keras.layers.recurrent import LSTM\n\n"
        "model = Sequential()\nmodel.add(LSTM(4, inner_init='one', input_dim=3, **options))  # here\n"
    ),
    "imports that shrink, a call of several lines": (
        "from keras.models import Sequential\nfrom keras.layers.core import Dense\n"
        "from keras.layers.core import TimeDistributedDense\nfrom keras.layers.recurrent import LSTM\n\n"
        "model = Sequential()\nmodel.add(\n    LSTM(  # here\n        4, inner_init='one',\n        input_dim=3,\n"
        "        **options\n    ))\nmodel.add(TimeDistributedDense(\n    2,\n    init='uniform'))\n"
    ),
}


@pytest.mark.parametrize("name", INSERTS)
def test_a_finding_does_not_slip_to_a_line_beside_it(name: str) -> None:
    (file,) = run_text("program.py", INSERTS[name].encode(), Settings(mode="write")).files
    assert file.new_text is not None
    assert file.error is None
    row = next(row for row, line in enumerate(file.new_text.split("\n"), 1) if "# here" in line)
    assert {one.span.row for one in file.findings if "LSTM:" in one.message} == {row}, file.new_text
