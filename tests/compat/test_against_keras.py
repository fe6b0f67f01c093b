"""The layers of tdmigrate.compat on every backend of Keras, beside genuine Keras on Theano: outputs and gradients."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tdmigrate.keras1.entry import Layout
from tdmigrate.verification.weights import to_keras3

from .cases import CASES, Case, described

pytestmark = [pytest.mark.legacy, pytest.mark.slow]

HERE = Path(__file__).parent
BACKENDS = ("tensorflow", "jax", "torch")
PAIRS = [(backend, case) for backend in BACKENDS for case in CASES if backend in case.backends]
Results = dict[str, Any]


def inputs_of(case: Case, random: np.random.Generator) -> Any:
    if case.ids is not None:
        return random.integers(0, case.ids, case.shape)
    values = random.normal(size=case.shape)
    if case.masked:  # at the end, in the middle and at the start
        values[0, -2:] = values[1, 2] = values[-1, 0] = 0
    return values


def start(arguments: list[str], folder: Path, **settings: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", **settings}
    return subprocess.Popen([sys.executable, *arguments], cwd=folder, env=environment, stderr=subprocess.PIPE)


def wait(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate(timeout=500)
    assert process.returncode == 0, errors.decode(errors="replace")[-4000:]


def group(arrays: Any, index: int) -> Results:
    start = f"{index}/"
    return {name[len(start) :]: arrays[name] for name in arrays.files if name.startswith(start)}


def row(results: Results, kind: str) -> list[Any]:
    return [results[f"{kind}/{number}"] for number in range(sum(name.startswith(f"{kind}/") for name in results))]


@pytest.fixture(scope="session")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Results]:
    """What genuine Keras made of every case."""
    random = np.random.default_rng(5)
    jobs = [(index, described(case, inputs_of(case, random))) for index, case in enumerate(CASES)]
    found: dict[int, Results] = {}
    for release in sorted({case.release for case in CASES}):
        folder = tmp_path_factory.mktemp(f"keras-{release}")
        mine = [job for job in jobs if CASES[job[0]].release == release]
        (folder / "jobs.json").write_text(json.dumps(mine))
        wait(start([str(HERE / "genuine.py"), str(legacy_path), release, "jobs.json", "results.npz"], folder))
        arrays = np.load(folder / "results.npz")
        found.update({index: group(arrays, index) for index, _ in mine})
    return [found[index] for index in range(len(CASES))]


@pytest.fixture(scope="session")
def here(genuine: list[Results], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Results]]:
    """What tdmigrate.compat makes of every case on a backend."""

    @cache
    def run(backend: str) -> list[Results]:
        folder = tmp_path_factory.mktemp(backend)
        jobs, data = [], {}
        for index, (case, old) in enumerate(zip(CASES, genuine, strict=True)):
            if backend not in case.backends:
                continue
            weights = to_keras3(Layout(case.layout), row(old, "weight"), case.release)
            job = {"new": case.new, "shape": case.shape, "masked": case.masked, "ids": case.ids is not None}
            jobs.append((index, {**job, "training": case.training, "weights": len(weights)}))
            data[f"{index}/input"] = old["input"]
            data.update({f"{index}/weight/{number}": array for number, array in enumerate(weights)})
        (folder / "jobs.json").write_text(json.dumps(jobs))
        np.savez(folder / "data.npz", **data)
        arguments = [str(HERE / "here.py"), "jobs.json", "data.npz", "results.npz"]
        wait(start(arguments, folder, KERAS_BACKEND=backend, JAX_ENABLE_X64="1"))
        arrays = np.load(folder / "results.npz")
        return [group(arrays, index) for index in range(len(CASES))]

    return run


def gap(mine: Any, theirs: Any) -> float:
    assert mine.shape == theirs.shape
    assert np.isfinite(theirs).all()
    return float(np.max(np.abs(mine - theirs), initial=0) / max(1.0, np.max(np.abs(theirs), initial=0)))


@pytest.mark.parametrize(("backend", "case"), PAIRS, ids=lambda value: str(value))
def test_outputs_and_gradients(
    backend: str, case: Case, genuine: list[Results], here: Callable[[str], list[Results]]
) -> None:
    index = CASES.index(case)
    old, new = genuine[index], here(backend)[index]
    assert np.ptp(old["output"]) > 1e-3
    assert gap(new["output"], old["output"]) < 1e-12
    if case.ids is None:
        assert gap(new["input_gradient"], old["input_gradient"]) < 1e-12
    theirs = row(old, "gradient")
    trained = to_keras3(Layout(case.layout), theirs, case.release) if theirs else []
    mine = row(new, "gradient")[: len(trained)]
    assert len(mine) == len(trained) or case.training
    for gradient, other in zip(mine, trained, strict=True):
        assert gradient.dtype == np.float64
        assert gap(gradient, other) < 1e-12


@pytest.mark.parametrize(("backend", "case"), PAIRS, ids=lambda value: str(value))
def test_saved_and_rebuilt(
    backend: str, case: Case, genuine: list[Results], here: Callable[[str], list[Results]]
) -> None:
    new = here(backend)[CASES.index(case)]
    if not case.training:
        assert gap(new["predicted"], genuine[CASES.index(case)]["output"]) < 1e-12
    if backend == "tensorflow":
        assert gap(new["compiled"], new["predicted"]) < 1e-12
    assert np.array_equal(new["loaded"], new["predicted"])
    assert np.array_equal(new["rebuilt"], new["predicted"])


MOVING = [(backend, case) for backend, case in PAIRS if case.training and case.spread and "mode=1" not in case.old]


@pytest.mark.parametrize(("backend", "case"), MOVING, ids=str)
def test_running_statistics(
    backend: str, case: Case, genuine: list[Results], here: Callable[[str], list[Results]]
) -> None:
    """After one call in training: the two last weights, which mode 0 updates."""
    index = CASES.index(case)
    before = row(genuine[index], "weight")[2:]
    updated = row(genuine[index], "update")
    assert bool(updated) == ("mode=2" not in case.old)
    changed = row(here(backend)[index], "changed")[2:]
    for mine, theirs, start in zip(changed, updated or before, before, strict=True):
        assert gap(mine, theirs) < 1e-12
        assert (gap(mine, start) > 1e-3) == bool(updated)
