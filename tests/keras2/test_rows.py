"""Each break from Keras 2 to Keras 3: found, mended where that is safe, and both run on Keras 3."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from keras2.rows import ROWS, Row
from rules.migrating import findings, fixable, rewrite
from tdmigrate.rules.context import CheckSettings

KERAS2 = CheckSettings(from_keras2=True)
SCRIPT = Path(__file__).parent / "running.py"
EACH = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@EACH
def test_what_is_found(row: Row) -> None:
    assert tuple(sorted({one.code for one in findings(row.before, KERAS2)})) == row.codes


@EACH
def test_what_it_becomes(row: Row) -> None:
    assert rewrite(row.before, KERAS2) == (row.after or row.before)
    assert fixable(row.after or row.before, KERAS2) == []


@EACH
def test_nothing_is_found_without_the_option(row: Row) -> None:
    assert findings(row.before) == ()


@EACH
def test_a_break_without_a_fix_is_said(row: Row) -> None:
    said = [one for one in findings(row.before, KERAS2) if one.severity.value == "error"]
    assert said or not row.breaks


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The exceptions in which the programs end on Keras 3, before and after; "" for none."""
    folder = tmp_path_factory.mktemp("keras2")
    jobs = [(f"{row.name} before", row.before) for row in ROWS]
    jobs += [(f"{row.name} after", row.after) for row in ROWS if row.after is not None]
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    source = str(Path(__file__).parents[2] / "src")
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": source}
    command = [sys.executable, str(SCRIPT), "jobs.json", "results.json"]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=500)
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, str] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


@EACH
def test_keras_3_does_what_is_said_of_it(row: Row, outcomes: dict[str, str]) -> None:
    assert outcomes[f"{row.name} before"] == row.breaks


@pytest.mark.parametrize("row", [row for row in ROWS if row.after is not None], ids=lambda row: row.name)
def test_what_it_becomes_runs_on_keras_3(row: Row, outcomes: dict[str, str]) -> None:
    assert outcomes[f"{row.name} after"] == ""


def test_all_breaks_are_there() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) == 63
