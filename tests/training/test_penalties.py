"""Penalties of regularizers in the loss of evaluation: genuine Keras up to 1.1 had none, Keras 3 has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tdmigrate.verification.proof import TOLERANCE

from .running import migrated, run

PROGRAM = """\
from keras.models import Sequential
from keras.layers.core import Dense
from keras.regularizers import l2
model = Sequential()
model.add(Dense(3, input_dim=4, W_regularizer=l2(0.25)))
model.compile('sgd', 'mse')
"""
RANDOM = np.random.default_rng(3)
KERNEL = RANDOM.normal(size=(4, 3))
PENALTY = 0.25 * float(np.sum(KERNEL**2))


def job(program: str) -> dict[str, Any]:
    return {
        "program": program,
        "weights": [KERNEL.tolist(), [0.0, 0.1, 0.2]],
        "x": np.linspace(-1, 1, 24).reshape(6, 4).tolist(),
        "targets": [np.linspace(1, 0, 18).reshape(6, 3).tolist()],
        "evaluated": 6,
    }


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize(("release", "without"), [("0.3.3", True), ("1.0.8", True), ("1.1.2", True), ("1.2.2", False)])
def test_evaluation_has_them_since_1_2(release: str, without: bool, legacy_path: Path, tmp_path: Path) -> None:
    old = run(tmp_path / "old", {0: job(PROGRAM)}, (str(legacy_path), release))[0]
    new = migrated(PROGRAM, release, "faithful")
    assert ("penalize_training_only(" in new) == without
    bare = "\n".join(line for line in new.split("\n") if not line.startswith("penalize_training_only("))
    both = run(tmp_path / "new", {0: job(new), 1: job(bare)}, KERAS_BACKEND="tensorflow")
    assert abs(both[0]["evaluated"] - old["evaluated"]) < TOLERANCE
    assert abs(both[1]["evaluated"] - old["evaluated"] - without * PENALTY) < TOLERANCE
    assert abs(both[0]["loss"] - old["loss"]) < TOLERANCE
