from __future__ import annotations

import pytest

from tdmigrate.findings import Span
from tdmigrate.results import FileResult

from .runs import CALL, DIFFERENT, EQUAL, NOTE, PERSON, SYNTAX, UNPROVED, rendered, result, run_of


def test_golden() -> None:
    run = run_of(result(CALL, PERSON, NOTE), FileResult("b.py", SYNTAX))
    assert rendered("github", run) == (
        """\
::error file=models/tagger.py,line=3,col=11,endLine=3,endColumn=35,title=TD001::it is Dense%0Abecause line 2: \
LSTM(return_sequences=True) gives (None, None, 128)%0Abecomes: Dense(10)
::warning file=models/tagger.py,line=2,col=11,endLine=2,endColumn=15,title=K205::look at it
::notice file=models/tagger.py,line=2,col=11,endLine=2,endColumn=15,title=K206::worth knowing
::error file=b.py,line=3,title=E901::E901 invalid syntax: mend it
"""
    )


def test_a_span_of_several_lines_has_no_columns() -> None:
    finding = PERSON._replace(span=Span(1, 5, 3, 2))
    assert (
        rendered("github", run_of(result(finding)))
        == "::warning file=models/tagger.py,line=1,endLine=3,title=K205::look at it\n"
    )


def test_an_error_of_a_whole_file_has_no_line() -> None:
    run = run_of(FileResult("a.py", SYNTAX._replace(row=None)))
    assert rendered("github", run) == "::error file=a.py,title=E901::E901 invalid syntax: mend it\n"


def test_escaping() -> None:
    run = run_of(result(PERSON._replace(message="50%, a:b\r\nc"), path="a,b:c%\n.py"))
    assert rendered("github", run) == (
        "::warning file=a%2Cb%3Ac%25%0A.py,line=2,col=11,endLine=2,endColumn=15,title=K205::50%25, a:b%0D%0Ac\n"
    )


@pytest.mark.parametrize(("required", "levels"), [(False, ["error", "warning"]), (True, ["error", "error"])])
def test_proofs_that_failed(required: bool, levels: list[str]) -> None:
    run = run_of(result(proofs=(EQUAL, DIFFERENT, UNPROVED)), require_proof=required)
    assert [line.split()[0].removeprefix("::") for line in rendered("github", run).splitlines()] == levels
