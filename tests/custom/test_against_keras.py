"""Layers of the source's own: genuine Keras on the old programs, Keras 3 on the new ones, in float64."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from custom.programs import PROGRAMS, Program
from rules.migrating import migrate
from tdmigrate.findings import Severity

SCRIPT = Path(__file__).parent / "built.py"
# some reductions of Keras on JAX are of single precision
TOLERANCES = {"tensorflow": 1e-10, "jax": 1e-6}


def job(program: Program, text: str) -> tuple[str, str, list[Any], Any]:
    random = np.random.default_rng(3)
    draw = random.integers if program.ids else random.normal
    inputs = [draw(0, program.ids or 1, shape).tolist() for shape in program.inputs]
    return program.name, text, inputs, random.normal(0, 1, program.targets).tolist()


def run(folder: Path, jobs: list[Any], legacy: tuple[str, ...] = (), **settings: str) -> dict[str, dict[str, Any]]:
    folder.mkdir()
    (folder / "jobs.json").write_text(json.dumps(jobs))
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", **settings}
    environment["PYTHONPATH"] = os.pathsep.join((f"{root}/src", root))
    command = [sys.executable, str(SCRIPT), "jobs.json", "results.npz", *legacy]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=500)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:]
    arrays = np.load(folder / "results.npz")
    found: dict[str, dict[str, Any]] = {}
    for name in arrays.files:
        case, _, key = name.partition("/")
        found.setdefault(case, {})[key] = arrays[name]
    return found


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for release in sorted({program.release for program in PROGRAMS}):
        folder = tmp_path_factory.mktemp("genuine") / "run"
        jobs = [job(program, program.text) for program in PROGRAMS if program.release == release]
        found.update(run(folder, jobs, (str(legacy_path), release)))
    return found


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Any]]]:
    jobs = [job(program, migrate(program.text, program.release)[0]) for program in PROGRAMS]
    return {
        backend: run(tmp_path_factory.mktemp("here") / backend, jobs, KERAS_BACKEND=backend, JAX_ENABLE_X64="1")
        for backend in TOLERANCES
    }


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_nothing_is_left_to_a_person(program: Program) -> None:
    _, found = migrate(program.text, program.release)
    assert [one.message for one in found if one.fix is None and one.severity is not Severity.NOTE] == []


@pytest.mark.slow
@pytest.mark.parametrize("backend", TOLERANCES)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_outputs_loss_and_step_are_those_of_keras_1(
    program: Program,
    backend: str,
    genuine: dict[str, dict[str, Any]],
    here: dict[str, dict[str, dict[str, Any]]],
) -> None:
    old, new = genuine[program.name], here[backend][program.name]
    assert "error" not in old, str(old["error"])
    assert "error" not in new, str(new["error"])
    assert old.keys() == new.keys()
    for key, value in old.items():
        assert value.shape == new[key].shape, key
        assert np.max(np.abs(value - new[key]), initial=0.0) < TOLERANCES[backend], key
