"""P207: ``raise`` of a class, a value and a traceback."""

from __future__ import annotations

import pytest

from .test_check import mended, told

INFO = "import sys\nt, v, tb = sys.exc_info()\n"


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        (f"{INFO}raise t, v, tb", "raise v.with_traceback(tb)"),
        (f"{INFO}raise t, v", "raise v"),
        ("import sys\nraise sys.exc_info()[0], sys.exc_info()[1]", "raise sys.exc_info()[1]"),
        ("raise ValueError, None, tb", "raise ValueError().with_traceback(tb)"),
        ("class E(Exception): pass\nraise E, None, tb", "raise E().with_traceback(tb)"),
        ("raise E, None", "raise E"),
        ("raise E, E(3), tb", "raise E(3).with_traceback(tb)"),
        ("try: f()\nexcept E, e: raise E, e, tb", "except E as e: raise e.with_traceback(tb)"),
    ],
)
def test_what_python_2_raised_is_raised(lines: str, new: str) -> None:
    assert [is_mended for _, is_mended in told("P207", lines)] == [True]
    assert mended(lines).split("\n")[-3] == new


@pytest.mark.parametrize("line", ["raise E, x, tb", "raise t, None, tb", f"{INFO}raise ValueError, v, tb"])
def test_what_hangs_on_the_value_is_told(line: str) -> None:
    assert [is_mended for _, is_mended in told("P207", line)] == [False]


@pytest.mark.parametrize(
    "line",
    [
        "raise E, 'text', tb",
        "raise E, 'a' % b",
        "raise E, x",
        "raise E, (1, 2)",
        "raise E('a'), None, tb",
        "try: f()\nexcept E, e: raise e, None, tb",
        "try: f()\nexcept K, e: raise E, e",
        "raise E",
    ],
)
def test_a_value_that_is_no_exception_goes_into_one(line: str) -> None:
    assert told("P207", line) == []
