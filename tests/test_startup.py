"""What a check costs before it has looked at anything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEGACY = """
from keras.models import Sequential
from keras.layers.core import TimeDistributedDense
from keras.layers.recurrent import LSTM

model = Sequential()
model.add(LSTM(128, return_sequences=True, input_dim=10))
model.add(TimeDistributedDense(10))
"""

HEAVY = (
    "libcst", "fissix", "tensorflow", "keras", "numpy", "h5py", "platformdirs", "pathspec", "tomllib", "tomli", "json",
    "difflib", "html", "multiprocessing", "concurrent", "subprocess", "tempfile", "shutil", "dataclasses",
    "importlib.metadata",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tagger.py").write_text(LEGACY)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'tagger'\n")
    return tmp_path


def test_check_imports_nothing_heavy(folder: Path) -> None:
    script = (
        "import sys\n"
        "from tdmigrate.cli import main\n"
        "try:\n"
        "    main(['--check', '.'])\n"
        "except SystemExit as ended:\n"
        "    print(ended.code, *sys.modules, file=sys.stderr)\n"
    )
    # -S: what the environment itself imports at every start is none of our business
    path = os.pathsep.join(filter(None, sys.path))
    ended = subprocess.run(
        [sys.executable, "-S", "-c", script],
        capture_output=True,
        text=True,
        cwd=folder,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert "TD001" in ended.stdout
    code, *modules = ended.stderr.split()
    assert code == "1"
    assert [name for name in HEAVY if name in modules] == []


def test_no_module_of_the_current_folder_is_run(folder: Path) -> None:
    for name in ("click", "gc", "signal", "tomllib", "pathspec", "libcst", "platformdirs"):
        (folder / f"{name}.py").write_text(f"open('ran', 'a').write('{name} ')\nraise SystemExit(99)\n")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    command = [sys.executable, "-m", "tdmigrate", "--diff", "."]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=env)
    assert ended.returncode == 1, ended.stderr
    assert "+" in ended.stdout
    assert not (folder / "ran").exists()


def test_check_of_one_legacy_file_costs_twice_an_import_of_click(folder: Path, tmp_path: Path) -> None:
    # processor time, the least of several runs: what else the machine does must not matter
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(tmp_path / "bytecode")

    def seconds(*arguments: str) -> float:
        null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        pid = os.posix_spawn(sys.executable, [sys.executable, *arguments], env, file_actions=null)
        _, status, usage = os.wait4(pid, 0)
        assert os.waitstatus_to_exitcode(status) == (1 if str(folder) in arguments else 0)
        return usage.ru_utime + usage.ru_stime

    runs = [(seconds("-c", "import click"), seconds("-m", "tdmigrate", "--check", str(folder))) for _ in range(25)]
    click = min(first for first, _ in runs)
    check = min(second for _, second in runs)
    assert check <= 2 * click
