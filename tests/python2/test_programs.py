"""Programs in Python 2, converted, print under Python 3 what they print under Python 2.7.

``programs/*.txt`` is what Python 2.7 printed; where there is one, it prints it again here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tdmigrate.config import Settings
from tdmigrate.pipeline import run_text

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
PYTHON_2 = next(
    (str(path) for path in Path.home().glob(".pyenv/versions/2.7*/bin/python2.7")), shutil.which("python2.7")
)


def printed(python: str, path: Path) -> str:
    """What a program prints, without blanks at the ends of lines: Python 2 held back the one behind ``print x,``."""
    text = subprocess.run([python, str(path)], capture_output=True, text=True, check=True).stdout
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_converted_program_prints_the_same(path: Path, tmp_path: Path) -> None:
    (file,) = run_text("a.py", path.read_bytes(), Settings(mode="write")).files
    assert [one.message for one in file.findings if one.severity.value != "note"] == []
    assert file.new_text is not None
    new = tmp_path / path.name
    new.write_text(file.new_text, encoding="utf-8")
    expected = path.with_suffix(".txt").read_text()
    assert printed(sys.executable, new) == expected
    if PYTHON_2 is not None:
        assert printed(PYTHON_2, path) == expected


def test_there_are_programs() -> None:
    assert len(PROGRAMS) >= 3
