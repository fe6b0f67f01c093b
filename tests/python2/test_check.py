"""What is said of Python 2, by line, and what of it is left to a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.findings import Severity
from tdmigrate.pipeline import run_text

HEAD = "import numpy as np\nimport pickle, csv, sys, random, string\nfrom keras.layers.core import Dense, Reshape\n"


def told(code: str, lines: str, mode: str = "check") -> list[tuple[int, bool]]:
    """Of the findings of one code their row behind HEAD, and whether it is mended."""
    (file,) = run_text(STDIN, f"{HEAD}{lines}\nprint 1\n".encode(), Settings(mode=mode)).files
    return [(one.span.row - 3, one.fix is not None) for one in file.findings if one.code == code]


def mended(lines: str) -> str:
    (file,) = run_text(STDIN, f"{HEAD}{lines}\nprint 1\n".encode(), Settings(mode="write")).files
    assert file.new_text is not None
    return file.new_text


WHOLE, OPEN, NOTHING = [(1, True)], [(1, False)], []  # type: ignore[var-annotated]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = 7 / 2", WHOLE),
        ("x = 7 / 2.0", NOTHING),
        ("x = float(n) / m", NOTHING),
        ("x = n / m", OPEN),
        ("x = len(a) / 2", WHOLE),
        ("x = a.shape[0] / 2", WHOLE),
        ("n, m = a.shape; x = n / 2", WHOLE),
        ("n = 3; x = (n + 1) / 2", WHOLE),
        ("n = 3.5; x = n / 2", NOTHING),
        ("n = 3; n = f(); x = n / 2", OPEN),
        ("for i in range(3): x = i / 2", WHOLE),
        ("for i in a: x = i / 2", OPEN),
        ("def f(n=3): return n / 2", OPEN),
        ("x = range(n / 2)", WHOLE),
        ("x = Dense(n / 2)", WHOLE),
        ("x = Dense(3, input_dim=n / m)", WHOLE),
        ("x = Reshape((n / 2, 3))", WHOLE),
        ("x = Dense(n * 2.5 / 2)", NOTHING),
        ("x = Dense(f(n / 2))", OPEN),
        ("n = 9; n /= 2", WHOLE),
        ("n /= 2", OPEN),
        ("x = True / 2", WHOLE),
        ("x = 2 ** n / 3", OPEN),
        ("def len(a): return 0.5\nx = len(a) / 2", [(2, False)]),
    ],
)
def test_divisions(line: str, found: list[tuple[int, bool]]) -> None:
    assert told("P202", line) == found
    assert told("P202", line, "write") == [one for one in found if not one[1]]


def test_a_division_on_several_lines() -> None:
    assert "x = (7  # a / b\n     // # c\n     2)" in mended("x = (7  # a / b\n     / # c\n     2)")
    assert "x = 9 // 2 // 2; y = len(a)//2" in mended("x = 9 / 2 / 2; y = len(a)/2")


def test_true_division_was_asked_for() -> None:
    text = f"from __future__ import division\n{HEAD}x = 7 / 2\nprint 1\n"
    (file,) = run_text(STDIN, text.encode(), Settings()).files
    assert "P202" not in {one.code for one in file.findings}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = map(f, y)", WHOLE),
        ("for x in zip(a, b): pass", NOTHING),
        ("x = d.keys()", WHOLE),
        ("x = filter(f, [1, 2])", WHOLE),
        ("x = filter(f, a.split())", WHOLE),
        ("x = filter(f, word)", [(1, True), (1, False)]),
        ("x = filter(lambda c: c in d, word)", [(1, True), (1, False)]),
    ],
)
def test_lists(line: str, found: list[tuple[int, bool]]) -> None:
    assert sorted(told("P203", line)) == sorted(found)


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("x.sort(cmp=f)", "x.sort(key=functools.cmp_to_key(f))"),
        ("x.sort(lambda a, b: 0)", "x.sort(key=functools.cmp_to_key(lambda a, b: 0))"),
        ("y = sorted(x, cmp=f, reverse=True)", "y = sorted(x, key=functools.cmp_to_key(f), reverse=True)"),
        ("def f(a, b): return 0\nx.sort(f)", "x.sort(key=functools.cmp_to_key(f))"),
        ("x.sort(0)", "x.sort(0)"),
        ("x.sort(axis)", "x.sort(axis)"),
        ("np.sort(x, 0)", "np.sort(x, 0)"),
        ("x = pickle.load(open('a', 'r'))", "x = pickle.load(open('a', 'rb'), encoding='latin1')"),
        ("with open('a') as f: x = pickle.load(f)", "with open('a', mode='rb') as f: x = pickle.load(f, encoding="),
        ("x = pickle.load(open('a', 'rb'), encoding='bytes')", "x = pickle.load(open('a', 'rb'), encoding='bytes')"),
        ("pickle.dump(x, open('a', 'w'))", "pickle.dump(x, open('a', 'wb'))"),
        ("x = csv.reader(open('a', 'rb'))", "x = csv.reader(open('a', 'r', newline=''))"),
        ("x = csv.writer(open('a', 'wb'))", "x = csv.writer(open('a', 'w', newline=''))"),
        ("x = csv.reader(open('a'))", "x = csv.reader(open('a'))"),
        ("x = file('a')", "x = open('a')"),
        ("x = string.letters", "x = string.ascii_letters"),
    ],
)  # fmt: skip
def test_calls(line: str, new: str) -> None:
    assert new in mended(line)


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("P204", "x = cmp(a, b)"),
        ("P205", "x = 'a'.decode('utf-8')"),
        ("P205", "x = y.encode('hex')"),
        ("P205", "x = '\\x80\\xff'"),
        ("P207", "class A:\n    def __cmp__(self, b): return 0"),
        ("P208", "random.seed(3)"),
    ],
)
def test_what_is_left_to_a_person(code: str, line: str) -> None:
    assert [is_mended for _, is_mended in told(code, line)] == [False]
    assert [is_mended for _, is_mended in told(code, line, "write")] == [False]


@pytest.mark.parametrize(
    "line",
    [
        "def cmp(a, b): return 0\nx = cmp(1, 2)",
        "from a import file\nx = file(3)",
        "def f(file, cmp): return file(cmp(1))",
        "np.random.seed(3)",
        "x = u'\\xff' + 'é' + '\\x41'",
    ],
)
def test_what_the_source_has_of_its_own(line: str) -> None:
    (file,) = run_text(STDIN, f"{HEAD}{line}\nprint 1\n".encode(), Settings()).files
    assert {one.code for one in file.findings if one.code.startswith("P2")} == {"P201"}


def test_what_is_left_after_writing_stands_at_its_new_row() -> None:
    lines = "x = map(f, y); z = reduce(f, y)\nw = n / m"
    (file,) = run_text(STDIN, f"{HEAD}{lines}\nprint 1\n".encode(), Settings(mode="write")).files
    (left,) = [one for one in file.findings if one.severity is not Severity.NOTE]
    assert file.text.split("\n")[left.span.row - 1][left.span.column - 1 : left.span.end_column - 1] == "n / m"


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("import words", "note"),
        ("from words import a", "note"),
        ("from lists.short import a", "note"),
        ("import lists.short", "warning"),
        ("import lists.short as short, os", "warning"),
        ("import os, words", "warning"),
        ("import os.path, sys", None),
        ("from __future__ import absolute_import\nimport lists.short", None),
    ],
)
def test_imports_from_beside(line: str, severity: str | None, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    for name in ("__init__.py", "words.py", "lists/__init__.py", "lists/short.py"):
        (tmp_path / name).touch()
    text = f"{line}\nimport keras\nprint 1\n".encode()
    (file,) = run_text(str(tmp_path / "train.py"), text, Settings()).files
    assert [one.severity.value for one in file.findings if one.code == "P209"] == ([severity] if severity else [])
    (tmp_path / "__init__.py").unlink()  # then Python 2 looks beside it as Python 3 does, for a file run by its path
    (file,) = run_text(str(tmp_path / "train.py"), text, Settings()).files
    assert "P209" not in {one.code for one in file.findings}
