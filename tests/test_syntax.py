from __future__ import annotations

import sys
import warnings

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.pipeline import run_text
from tdmigrate.results import FileError
from tdmigrate.sources.text import SourceError
from tdmigrate.syntax import parse


def refusal(text: str) -> FileError:
    with pytest.raises(SourceError) as caught:
        parse(text, "a.py")
    error = caught.value.error
    assert "\n" not in error.show()
    return error


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_row_of_a_syntax_error(newline: str) -> None:
    error = refusal(newline.join(["x = 1", "y = (", "", "def f(:", ""]))
    assert (error.code, error.row) == ("E901", 4)
    assert "Python 2" not in error.show()
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in error.advice


@pytest.mark.parametrize(
    "text",
    [
        "x = (" * 150 + ")" * 150,
        "-" * 100_000 + "1",
        "x = " + "+".join("1" for _ in range(100_000)),
        "x = " + "a." * 50_000 + "b",
        "x = " + "f(" * 5_000 + ")" * 5_000,
        "if x:\n" * 50 + "".join(" " * n + "if x:\n" for n in range(1, 120)) + " " * 120 + "pass\n",
    ],
)
def test_nesting_without_end_is_an_error_of_the_file(text: str) -> None:
    # whether it parses after all, and which of the two errors it is, depends on the version of Python
    code = "parsed"
    try:
        parse(text, "a.py")
    except SourceError as refused:
        code = refused.error.code
    assert code in ("parsed", "E901", "E904")


def test_stack_and_memory_that_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (RecursionError("maximum recursion depth exceeded"), MemoryError()):

        def fail(text: str, path: str, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("tdmigrate.syntax.Module", fail)
        assert refusal("x = 1").code == "E904"


def test_lone_surrogates() -> None:
    assert refusal("x = '\ud800'\n").code == "E903"


def test_integers_longer_than_python_takes() -> None:
    assert refusal("x = " + "1" * 10_000).code == "E901"


def test_old_escapes_are_parsed_in_silence() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        module = parse("x = '\\d'\nassert (x, 'y')\n1 is 1\n", "a.py")
    assert len(module.tree.body) == 3
    assert caught == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (" ".join(["'a'"] * 400), ""),
        ("+".join(["a"] * 400), ""),
        (f"a{'.f()' * 300}", ""),
        (f"{'[' * 150}{']' * 150}", ""),
        (f"a{'.f()' * 5_000}", "E904"),
        (f"a{'.f' * 5_000}", "E904"),
        ("+".join(["a"] * 5_000), "E904"),
    ],
)
def test_nesting_is_rewritten_or_refused(line: str, code: str) -> None:
    text = f"from keras.layers.core import TimeDistributedDense\nd = TimeDistributedDense(3, init='zero')\nx = {line}\n"
    (file,) = run_text(STDIN, text.encode(), Settings(mode="write")).files
    assert (file.error.code if file.error is not None else "", file.written) == (code, not code)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("import keras\n" + "f(x)\n" * 25_000, "150,003 nodes in its tree"),
        ("import keras\n" + "f(x)\n" * 21_000, ""),
        ("# import keras\n" + "f(x)\n" * 25_000, ""),
        ("import keras\nprint 1\n" + "a\n" * 10_000, "10,002 rows of Python 2"),
        ("import keras\nprint 1\n" + "a\n" * 1_000, ""),
    ],
)
def test_a_size_that_nobody_writes_is_refused_at_once(text: str, what: str) -> None:
    files = run_text(STDIN, text.encode(), Settings(mode="check")).files
    errors = [file.error for file in files if file.error is not None]
    assert [(error.code, what in error.message) for error in errors] == ([("E908", True)] if what else [])


def test_nesting_without_a_fix_is_no_matter() -> None:
    text = f"import keras\nx = a{'.f' * 900}\n"
    assert run_text(STDIN, text.encode(), Settings(mode="write")).exit_code == 0
