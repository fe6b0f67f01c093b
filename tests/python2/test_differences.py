"""What is told of a program is so: converted, it does not print under Python 3 what it prints under Python 2.7."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tdmigrate.config import Settings
from tdmigrate.findings import Severity
from tdmigrate.pipeline import run_text

from .test_programs import PYTHON_2, printed

PROGRAMS = [
    "def first(it): yield next(it)\nprint list(first(iter([])))",
    "it = iter([1])\nprint list(it.next() for i in range(3))",
    "class A(object):\n    def __eq__(self, other): return True\nprint len({A(): 1})",
    "exec 'print 3'",
    "print map(lambda a, b: (a, b), [1, 2], [3])",
    "x = [n for n in (1, 2)]\nprint n",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_converted_program_does_something_else(program: str, tmp_path: Path) -> None:
    old = f"if 0: import keras\n{program}\n"
    (file,) = run_text("a.py", old.encode(), Settings(mode="write")).files
    assert [one.code for one in file.findings if one.severity is not Severity.NOTE]
    path = tmp_path / "program.py"
    path.write_text(file.new_text or old)
    new = subprocess.run([sys.executable, str(path)], capture_output=True, text=True)
    if PYTHON_2 is not None:
        path.write_text(old)
        assert printed(PYTHON_2, path) != new.stdout


def test_the_method_of_an_iterator_does_the_same(tmp_path: Path) -> None:
    old = "if 0: import keras\nit = iter([1, 2])\nf = it.next\nprint f(), f()\n"
    (file,) = run_text("a.py", old.encode(), Settings(mode="write")).files
    path = tmp_path / "program.py"
    path.write_text(file.new_text or old)
    assert printed(sys.executable, path) == "1 2\n"
