"""Files that a killed process would leave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tdmigrate.sources.janitor import Janitor
from tdmigrate.sources.text import read, replace

KILLED = """
import os, signal, sys
from tdmigrate.sources.janitor import Janitor
from tdmigrate.sources import text
if sys.argv[2] == "named":
    text._nameless = lambda folder: None
def die(*args):
    os.kill(os.getpid(), signal.SIGKILL)
with Janitor() as janitor:
    source = text.read(sys.argv[1])
    text.replace(source, "x = 2\\n", janitor)
    os.replace = die
    text.replace(text.read(sys.argv[1]), "x = 3\\n", janitor)
"""


@pytest.mark.parametrize("kind", ["nameless", "named"])
def test_nothing_stays_of_a_killed_process(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    ran = subprocess.run([sys.executable, "-c", KILLED, str(path), kind], capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert os.listdir(tmp_path) == ["a.py"]
    assert path.read_text() == "x = 2\n"


def test_what_has_gone_is_left_to_others(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("x")
    with Janitor() as janitor:
        janitor.expect(str(path))
        janitor.gone()
    assert path.exists()
    with Janitor() as janitor:
        janitor.expect(str(path))
    assert not path.exists()
    with Janitor():
        pass


def test_no_process_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    with Janitor() as janitor:
        replace(read(str(path)), "x = 2\n", janitor)
    with pytest.raises(ChildProcessError):
        os.waitpid(janitor._child, os.WNOHANG)
