"""Where logical lines begin."""

from __future__ import annotations

import pytest

from tdmigrate.sources.lines import Characters, beginnings, begun, kept, split


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("a\nb", ["a\n", "b"]),
        ("a\r\n\rb\n", ["a\r\n", "\r", "b\n", ""]),
        ("a\x0cb\u2028c", ["a\x0cb\u2028c"]),
    ],
)
def test_lines_as_python_counts_them(text: str, lines: list[str]) -> None:
    assert split(text) == lines
    assert "".join(lines) == text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", {1}),
        ("a = 1\nb = 2\n", {1, 2, 3}),
        ("a = (1,\n  2)\nb\n", {1, 3, 4}),
        ("a = '''x\ny(\n'''\nb\n", {1, 4, 5}),
        ('a = """it\'s\n"""; b = [\n]\nc', {1, 4}),
        ("a = 1 + \\\n  2\nb\n", {1, 3, 4}),
        ("a = 'x\\\n  y'\nb\n", {1, 3, 4}),
        ("# it's (\nb\n", {1, 2, 3}),
        ("a = 'open\nb\n", {1, 2, 3}),  # the quote ends with its line
        ("a = r'\\'\nb'\nc", {1, 2, 3}),
        ("a = ''\nb = ''''''\nc", {1, 2, 3}),
        ("a)\nb\n", {1, 2, 3}),
        ("a\r\nb = (\r\n)\rc", {1, 2, 4}),
        ("a = '''\\'''\n'''\nb", {1, 3}),
    ],
)
def test_logical_lines(text: str, rows: set[int]) -> None:
    assert beginnings(text) == rows


def test_a_line_that_is_not_python_is_passed_over() -> None:
    scan = begun("!echo it's (\na = 1\n!ls [\nb\n")
    assert [next(scan), scan.send(True), scan.send(False), scan.send(True), scan.send(False)] == [1, 2, 3, 4, 5]


def test_megabytes_are_read_once() -> None:
    text = "x = '''" + "a\n" * 500_000 + "'''\n" + "f(\n" * 20_000
    assert beginnings(text) == {1, 500_002}


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("", "", []),
        ("abc", "abc", [0, 1, 2]),
        ("abc", "xaybzc", [None, 0, None, 1, None, 2]),
        ("abcdef", "aef", [0, 4, 5]),
        ("aaaa", "xaaa", [None, 0, 1, 2]),
        ("abc", "xyz", [None, None, None]),
        ("abcd", "axyd", [0, None, None, 3]),
        ("", "ab", [None, None]),
    ],
)
def test_lines_that_stay(old: str, new: str, places: list[int | None]) -> None:
    assert kept(old, new) == places


def test_a_line_far_away_is_another_one() -> None:
    assert kept(["a", *"b" * 40, "c"], ["a", "c", "d"]) == [0, None, None]


def test_characters_before_an_offset_in_bytes() -> None:
    rows = ["abc", "aé\u4e2d\U0001f600b", ""]
    found = Characters(lambda row: rows[row - 1].encode())
    assert [found.before(1, offset) for offset in range(4)] == [0, 1, 2, 3]
    assert [found.before(2, offset) for offset in (0, 1, 3, 6, 10, 11)] == [0, 1, 2, 3, 4, 5]
    assert found.before(3, 0) == 0
