"""Programs that compile a ``model``, migrated and trained: by genuine Keras as they were, by Keras 3 as they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tdmigrate.findings import Applicability
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module

# what a case's program, old or new, is trained on
Job = Callable[[Any, str], dict[str, Any]]
SCRIPT = Path(__file__).parent / "trained.py"


def migrated(program: str, release: str, style: str) -> str:
    """The program with its safe fixes, after which none are left."""
    settings = CheckSettings(keras_version=release, style=style)
    findings = check(Module(program), settings).findings
    fixes = [one.fix for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE]
    new = apply(program, fixes)
    assert all(one.fix is None for one in check(Module(new), settings).findings)
    return new


def run(folder: Path, jobs: dict[int, dict[str, Any]], legacy: tuple[str, ...] = (), **settings: str) -> dict[int, Any]:
    folder.mkdir()
    (folder / "jobs.json").write_text(json.dumps(list(jobs.items())))
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", **settings}
    command = [sys.executable, str(SCRIPT), "jobs.json", "results.npz", *legacy]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=500)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:]
    arrays = np.load(folder / "results.npz")
    return {
        index: {name.partition("/")[2]: arrays[name] for name in arrays.files if name.startswith(f"{index}/")}
        for index in jobs
    }


def gap(old: dict[str, Any], new: dict[str, Any]) -> float:
    """How far two steps are apart, of the scale of what they gave."""
    assert old.keys() == new.keys()
    assert all(np.isfinite(value).all() for value in old.values())
    return float(max(np.max(np.abs(new[name] - one)) / max(1.0, np.max(np.abs(one))) for name, one in old.items()))


def before(cases: Sequence[Any], job: Job, legacy_path: Path, folder: Path) -> dict[int, Any]:
    """What came of each case's ``program`` in genuine Keras of its ``release``, by its place."""
    found: dict[int, Any] = {}
    for release in sorted({case.release for case in cases}):
        jobs = {index: job(case, case.program) for index, case in enumerate(cases) if case.release == release}
        found.update(run(folder / release, jobs, (str(legacy_path), release)))
    return found


def after(cases: Sequence[Any], job: Job, new: Callable[[Any], str], folder: Path) -> dict[str, dict[int, Any]]:
    """What came of each ``new`` program in Keras 3 on each of the case's ``backends``, by its place."""
    return {
        backend: run(
            folder / backend,
            {index: job(case, new(case)) for index, case in enumerate(cases) if backend in case.backends},
            KERAS_BACKEND=backend,
            JAX_ENABLE_X64="1",
        )
        for backend in sorted({backend for case in cases for backend in case.backends})
    }
