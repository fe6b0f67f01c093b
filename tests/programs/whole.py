"""Whole programs in the manner of 2015–2017: run as they were by genuine Keras, and as they are now by Keras 3."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

RUNNING = Path(__file__).parent / "running.py"


class Job(NamedTuple):
    """A program and a folder of its own.

    ``weights``: "handed" over from genuine Keras; "own", which the program gives; "drawn", and it is asked how.
    """

    program: Path
    folder: Path
    weights: str = "handed"


class Told(NamedTuple):
    """What a program told; see running.py."""

    values: list[tuple[str, Any]]
    printed: str
    trouble: str | None


def run(folder: Path, jobs: Sequence[Job], *others: str, **settings: str) -> list[Told]:
    """What the programs told, run in one process. ``others``: the release and, of genuine Keras, its folder."""
    listed = folder / "jobs.json"
    asked = [{"program": str(job.program), "folder": str(job.folder), "weights": job.weights} for job in jobs]
    listed.write_text(json.dumps(asked))
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", **settings}
    command = [sys.executable, str(RUNNING), str(listed), *others]
    limit = 300 + 15 * len(jobs)  # seconds; a program takes one or two
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=limit)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:]
    return [Told(*json.loads((job.folder / "told.json").read_text())) for job in jobs]


def gap(old: Any, new: Any) -> float:
    """How far numbers lie apart, of dicts those of the same name; words must be the same."""
    if isinstance(old, dict):
        assert old.keys() == new.keys()
        return max((gap(old[name], new[name]) for name in old), default=0.0)
    if isinstance(old, str) or old is None:
        assert old == new
        return 0.0
    if isinstance(old, list) and any(isinstance(one, (dict, str, type(None))) for one in old):
        assert len(old) == len(new)
        return max(gap(one, other) for one, other in zip(old, new, strict=True))
    one, other = np.asarray(numbers(old)), np.asarray(numbers(new))
    assert one.shape == other.shape
    assert np.isfinite(one).all()
    return float(np.max(np.abs(one - other), initial=0.0))


def numbers(value: Any) -> list[float]:
    """The numbers of nested lists in their order; those of several outputs have lengths of their own."""
    return [number for part in value for number in numbers(part)] if isinstance(value, list) else [value]
