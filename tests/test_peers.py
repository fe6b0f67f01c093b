"""What other tools of this kind get wrong, each once: none of it here."""

from __future__ import annotations

import codecs
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

OLD = "from keras.layers.core import TimeDistributedDense\nx = TimeDistributedDense(3, init='zero')\n"
NEW = "from keras.layers import Dense\nx = Dense(3, kernel_initializer='zeros')\n"
BROKEN = f"{OLD}def f(:\n"


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def tool(folder: Path, *args: str) -> Ended:
    command = [sys.executable, "-m", "tdmigrate", "--isolated", *args]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert b"Traceback" not in ran.stderr
    return Ended(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


@pytest.mark.parametrize("mode", ["--check", "--diff", "--write"])
def test_a_syntax_error_is_told_and_the_file_kept(tmp_path: Path, mode: str) -> None:
    """tf_upgrade_v2 empties it, prints "0 issues" and ends with 0; django-upgrade and pyupgrade say nothing."""
    path = tmp_path / "a.py"
    path.write_text(BROKEN)
    ended = tool(tmp_path, mode, "a.py")
    assert ended.code == 2
    assert ended.err.startswith("a.py:3: E901 ")
    assert path.read_text() == BROKEN


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    """tf_upgrade_v2 empties such a file; bump-pydantic and codemodder lose the mark."""
    path = tmp_path / "a.py"
    path.write_bytes(codecs.BOM_UTF8 + OLD.encode())
    assert tool(tmp_path, "--write", "a.py").code == 0
    assert path.read_bytes() == codecs.BOM_UTF8 + NEW.encode()


def test_carriage_returns_stay(tmp_path: Path) -> None:
    """bump-pydantic loses them."""
    path = tmp_path / "a.py"
    path.write_bytes(OLD.replace("\n", "\r\n").encode())
    assert tool(tmp_path, "--write", "a.py").code == 0
    assert path.read_bytes() == NEW.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
def test_modes_stay(tmp_path: Path, mode: int) -> None:
    """tf_upgrade_v2 makes 0600 of 0644."""
    path = tmp_path / "a.py"
    path.write_text(OLD)
    path.chmod(mode)
    assert tool(tmp_path, "--write", "a.py").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.parametrize("indent", [None, 1, 3])
def test_the_json_of_a_notebook_stays(tmp_path: Path, indent: int | None) -> None:
    """tf_upgrade_v2 writes it anew."""
    code = {"source": OLD.splitlines(keepends=True), "metadata": {"b": 1, "a": 2}, "cell_type": "code", "outputs": []}
    text = json.dumps({"nbformat": 4, "metadata": {}, "cells": [code]}, indent=indent).replace(": 4", " :4")
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    assert tool(tmp_path, "--write", "a.ipynb").code == 0
    new = text
    for old_line, new_line in zip(OLD.splitlines(), NEW.splitlines(), strict=True):
        new = new.replace(json.dumps(old_line)[1:-1], json.dumps(new_line)[1:-1])
    assert path.read_text() == new


def test_nested_calls_are_rewritten_in_one_run(tmp_path: Path) -> None:
    """torchfix rewrites the outer one, and the inner one in a second run."""
    path = tmp_path / "a.py"
    path.write_text(
        "from keras.models import Sequential\nfrom keras.layers.core import TimeDistributedDense, Dropout\n"
        "x = Sequential([Dropout(p=TimeDistributedDense(3, init='zero'))])\n"
    )
    tool(tmp_path, "--write", "a.py")
    assert "Dropout(rate=Dense(3, kernel_initializer='zeros'))" in path.read_text()


def test_findings_end_with_1(tmp_path: Path) -> None:
    """torchfix ends with 0."""
    (tmp_path / "a.py").write_text(OLD)
    assert tool(tmp_path, "a.py").code == 1


@pytest.mark.parametrize("bad", [BROKEN.encode(), b"import keras\nx = '\xe9'\n", b"import keras\n\0"])
def test_a_bad_file_does_not_stop_the_run(tmp_path: Path, bad: bytes) -> None:
    """bump-pydantic gives up at the first one."""
    (tmp_path / "a.py").write_bytes(bad)
    (tmp_path / "b.py").write_text(OLD)
    ended = tool(tmp_path, "--write", ".")
    assert ended.code == 2
    assert ended.err.startswith("a.py:")
    assert (tmp_path / "a.py").read_bytes() == bad
    assert (tmp_path / "b.py").read_text() == NEW


def test_brackets_in_a_diff_stay(tmp_path: Path) -> None:
    """bump-pydantic takes `[int]` for markup."""
    (tmp_path / "a.py").write_text(f"{OLD}y: Optional[int] = z['[bold]'][red]\n")
    assert " y: Optional[int] = z['[bold]'][red]" in tool(tmp_path, "--diff", "a.py").out.splitlines()


@pytest.mark.parametrize("data", [None, b"import keras\nx = '\xe9'\n"])
def test_what_cannot_be_read_ends_with_2(tmp_path: Path, data: bytes | None) -> None:
    """ruff warns and ends with 0."""
    if data is not None:
        (tmp_path / "a.py").write_bytes(data)
    ended = tool(tmp_path, "a.py")
    assert ended.code == 2
    assert ended.err.startswith("a.py")


@pytest.mark.parametrize("choice", [("--select", "TD"), ("--ignore", "K,P,TD")])
def test_no_choice_of_rules_hides_a_syntax_error(tmp_path: Path, choice: tuple[str, str]) -> None:
    """flake8 --select does."""
    (tmp_path / "a.py").write_text(BROKEN)
    ended = tool(tmp_path, *choice, "a.py")
    assert (ended.code, ended.err.startswith("a.py:3: E901 ")) == (2, True)


@pytest.mark.slow
@pytest.mark.legacy
def test_the_sources_of_keras_are_read(legacy_path: Path, tmp_path: Path) -> None:
    """tf_upgrade_v2 fails on them with a traceback."""
    folders = [os.fspath(path) for path in sorted(legacy_path.rglob("keras")) if path.is_dir()]
    assert folders
    ended = tool(tmp_path, "--diff", *folders)
    assert ended.code == 0  # they import each other by relative paths, which no rule takes for the package
    assert "E9" not in ended.err
