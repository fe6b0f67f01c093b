"""Helpers of tdmigrate.compat beside genuine Keras: the same arrays from the same seeds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from .cases import CASES, Case

pytestmark = [pytest.mark.legacy, pytest.mark.slow]

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What genuine Keras finds in every case, by its name."""
    found: dict[str, dict[str, Any]] = {case.about: {} for case in CASES}
    for release in sorted({case.release for case in CASES}):
        folder = tmp_path_factory.mktemp(f"keras-{release}")
        jobs = [(case.about, f"{case.old}\n{case.program}") for case in CASES if case.release == release]
        (folder / "jobs.json").write_text(json.dumps(jobs))
        ended = subprocess.run(
            [sys.executable, str(HERE / "genuine.py"), str(legacy_path), release, "jobs.json", "results.npz"],
            cwd=folder,
            env={**os.environ, "HOME": str(folder)},
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr[-4000:]
        arrays = np.load(folder / "results.npz")
        for name in arrays.files:
            about, _, key = name.partition("/")
            found[about][key] = arrays[name]
    return found


@pytest.fixture
def float64() -> Any:
    floatx = keras.config.floatx()
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx(floatx)


@pytest.mark.usefixtures("float64")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.about)
def test_the_same_as_keras(
    case: Case, genuine: dict[str, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    program = case.program
    for old, new in (("'th'", "'channels_first'"), ("'tf'", "'channels_last'")):
        program = program.replace(f", {old})", f", {new})")
    if case.release < "1.2.1":
        program = program.replace("to_categorical(y, 5)", "to_categorical(y, 5, each_row=True)")
    exec(f"{case.new}\n{program}", names)
    mine, theirs = names["found"], genuine[case.about]
    assert set(mine) == set(theirs)
    assert mine
    for name, value in mine.items():
        other = theirs[name]
        assert np.shape(value) == other.shape, name
        if other.dtype.kind in "US":
            assert np.array_equal(np.asarray(value, dtype=other.dtype), other), name
        else:
            assert np.max(np.abs(np.asarray(value) - other), initial=0) < 1e-10, name
