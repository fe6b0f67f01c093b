from __future__ import annotations

import pytest

from tdmigrate.findings import Evidence, Finding, Severity, Span
from tdmigrate.moves import standing

OLD = "import a\nx = f(1)\ny = g(2)\nz = h(3)\n"


def finding(code: str, row: int, column: int = 1, end_column: int = 9, message: str = "m") -> Finding:
    span = Span(row, column, row, end_column)
    return Finding(code, Severity.ERROR, span, message, evidence=(Evidence(span, "because"),))


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int, int, int]]:
    return [(f.code, f.span.row, f.span.column, f.span.end_column) for f in findings]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_follow_lines_that_moved(newline: str) -> None:
    new = "import a\nimport b\nx = f(1)\ny = G(2)\nq = 0\nz = h(3)\n"
    left = standing([finding("K1", 2), finding("K2", 4)], [], OLD.replace("\n", newline), new.replace("\n", newline))
    assert places(left) == [("K1", 3, 1, 9), ("K2", 6, 1, 9)]
    assert [f.evidence[0].span.row for f in left] == [3, 6]


def test_a_changed_line_keeps_the_place_inside_the_new_text() -> None:
    left = standing([finding("K1", 3, 5, 9)], [], OLD, "import a\nx = f(1)\ny\nz = h(3)\n")
    assert places(left) == [("K1", 3, 2, 2)]


def test_a_line_that_went_points_to_where_it_was() -> None:
    left = standing([finding("K1", 4)], [], OLD, "import a\n")
    assert places(left) == [("K1", 2, 1, 1)]
    assert places(standing([finding("K1", 1)], [], "a = 1", "")) == [("K1", 1, 1, 1)]


def test_what_the_second_check_says_too_stands_once() -> None:
    new = "import b\n" + OLD
    again = [finding("K2", 3), finding("K9", 5)]
    left = standing([finding("K2", 2, message="old"), finding("K2", 2), finding("K3", 2)], again, OLD, new)
    assert places(left) == [("K2", 3, 1, 9), ("K2", 3, 1, 9), ("K3", 3, 1, 9), ("K9", 5, 1, 9)]


def test_spans_of_several_lines() -> None:
    span = Span(2, 5, 3, 7)
    one = Finding("K1", Severity.ERROR, span, "m")
    (moved,) = standing([one], [], OLD, "#\n" + OLD)
    assert moved.span == Span(3, 5, 4, 7)
