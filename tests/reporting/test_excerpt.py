from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.findings import Span
from tdmigrate.plain import printable
from tdmigrate.reporting.excerpt import CUT, ROWS, WIDTH, Row, excerpt, source_lines
from tdmigrate.reporting.shown import shown_in, width


def shown(line: str, start: int, end: int) -> tuple[str, str]:
    [row] = excerpt([line], Span(1, start, 1, end), printable)
    return row.text, row.carets


@pytest.mark.parametrize(
    ("line", "word", "text", "carets"),
    [
        ("model.add(X(1))", "X(1)", "model.add(X(1))", "          ^^^^"),
        ("\tX", "X", "    X", "    ^"),
        ("a\tX", "X", "a   X", "    ^"),
        ("'日本' X", "X", "'日本' X", "       ^"),
        ("X('日')", "X('日')", "X('日')", "^^^^^^^"),
        ("e\u0301 X", "X", "e\u0301 X", "  ^"),
        ("\x1b[1m X", "X", "\\x1b[1m X", "        ^"),
        ("a\x0cX", "X", "a\\x0cX", "     ^"),
    ],
)
def test_carets_stand_below_the_span(line: str, word: str, text: str, carets: str) -> None:
    start = line.index(word) + 1
    assert shown(line, start, start + len(word)) == (text, carets)


def test_what_the_stream_cannot_encode_takes_the_columns_of_its_escape() -> None:
    [row] = excerpt(["'é' X"], Span(1, 5, 1, 6), shown_in("ascii"))
    assert row == Row(1, "'\\xe9' X", 7, 8, "       ^")


def test_an_empty_span_is_a_place() -> None:
    assert shown("ab", 3, 3) == ("ab", "  ^")


def test_only_python_newlines_end_a_line() -> None:
    assert source_lines("a\r\nb\rc\x0cd\x0b\u2028e\nf") == ["a", "b", "c\x0cd\x0b\u2028e", "f"]


def test_every_line_of_a_span_is_underlined_from_its_indentation() -> None:
    rows = excerpt(["f(X(", "    1,  ", "", "  ))"], Span(1, 3, 4, 4), printable)
    assert [row.carets for row in rows] == ["  ^^", "    ^^", "", "  ^"]


def test_the_middle_of_a_long_span_is_left_out() -> None:
    rows = excerpt([f"line {number}" for number in range(1, 21)], Span(2, 1, 19, 3), printable)
    assert rows == [
        Row(2, "line 2", 0, 6, "^^^^^^"),
        Row(3, "line 3", 0, 6, "^^^^^^"),
        Row(4, "line 4", 0, 6, "^^^^^^"),
        Row(None, CUT),
        Row(19, "line 19", 0, 2, "^^"),
    ]
    assert len(rows) == ROWS


@pytest.mark.parametrize("at", [0, 5, 60, 120, 3000, 5970, 5999])
def test_a_long_line_is_cut_around_the_span(at: int) -> None:
    line = "x" * at + "MARK" + "y" * (6000 - at)
    text, carets = shown(line, at + 1, at + 5)
    assert len(text) <= WIDTH + 2 * len(CUT)
    assert text[len(carets) - 4 : len(carets)] == "MARK"
    assert text.startswith(CUT) == (at > 0 and "x" * at not in text)
    assert text.endswith(CUT) == ("y" * (6000 - at) not in text)


@pytest.mark.parametrize(
    ("line", "start", "cut"),
    [
        ("x" * 300 + "MARK", 301, CUT + "x" * 96 + "MARK"),
        ("x" * 300 + "MARK" + "y" * 10, 301, CUT + "x" * 86 + "MARK" + "y" * 10),
        ("x" * 300 + "MARK" + "y" * 99, 301, CUT + "x" * 20 + "MARK" + "y" * 76 + CUT),
        ("x" * 96 + "MARK", 97, "x" * 96 + "MARK"),
        ("x" * 97 + "MARK", 98, CUT + "x" * 96 + "MARK"),
        ("MARK" + "y" * 96, 1, "MARK" + "y" * 96),
        ("MARK" + "y" * 97, 1, "MARK" + "y" * 96 + CUT),
    ],
)
def test_how_much_of_a_long_line_is_left(line: str, start: int, cut: str) -> None:
    assert shown(line, start, start + 4) == (cut, " " * cut.index("MARK") + "^^^^")


def test_a_span_that_is_longer_than_the_line_that_is_shown() -> None:
    text, carets = shown("a = " + "b" * 5000, 5, 5005)
    assert len(carets) == len(text) - len(CUT)
    assert text.endswith(CUT)


def test_a_long_line_costs_no_more_than_what_is_shown() -> None:
    asked: list[str] = []

    def show(char: str) -> str:
        asked.append(char)
        return char

    excerpt(["é" * 1_000_000], Span(1, 500_000, 1, 500_010), show)
    assert 0 < len(asked) < 1000


@pytest.mark.parametrize("span", [Span(0, 0, 0, 0), Span(9, 1, 9, 2), Span(2, 1, 1, 1), Span(-3, 1, -1, 1)])
def test_a_span_outside_the_source_shows_nothing(span: Span) -> None:
    assert excerpt(["one"], span, printable) == []


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n"), max_size=300), min_size=1, max_size=9),
    st.tuples(*[st.integers(-2, 310)] * 4),
    st.sampled_from(["utf-8", "ascii", "latin-1", "cp1252", "utf-16"]),
)
def test_any_span_of_any_source_can_be_shown(lines: list[str], place: tuple[int, ...], encoding: str) -> None:
    for row in excerpt(lines, Span(*place), shown_in(encoding)):
        assert row.text.isprintable()
        row.text.encode(encoding)
        assert 0 <= row.start <= row.end <= len(row.text)
        before = sum(map(width, row.text[: row.start]))
        marked = sum(map(width, row.text[row.start : row.end]))
        if row.carets:
            assert row.carets == " " * before + "^" * max(marked, 1)
