"""Losses and optimizers by names that come from elsewhere, and metrics of whole batches, against genuine Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tdmigrate.verification.proof import TOLERANCE

from .running import gap, migrated, run

RELEASES = ("1.0.8", "1.2.2")
HEAD = """\
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential


def stack():
    return Sequential([Dense(3, activation='tanh', input_dim=5), Dense(4)])


"""
TOLD = {
    "parameter": """\
def build(loss='mse', optimizer='adagrad'):
    model = stack()
    model.compile(optimizer, loss=loss)
    return model


other = build(optimizer='adam')
model = build('hinge', 'sgd')
""",
    "adadelta": """\
def build(optimizer='adadelta'):
    model = stack()
    model.compile(optimizer, loss='mse')
    return model


other = build('sgd')
model = build()
""",
    "variable": "loss = K is not None and 'cosine_proximity'\nmodel = stack()\nmodel.compile('sgd', loss)\n",
    "attribute": """\
class Net(object):
    loss = None

    def build(self):
        self.model = stack()
        self.model.compile('sgd', self.loss)
        return self.model


class Own(Net):
    loss = 'squared_hinge'


model = Own().build()
""",
    "loop": "for loss in ('mse', 'hinge'):\n    model = stack()\n    model.compile('sgd', loss)\n",
}
METRIC = """\
def own(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_true - y_pred)))


model = stack()
model.compile('sgd', 'mse', metrics=[own])
"""
BATCH = 6


def job(program: str, **settings: int) -> dict[str, Any]:
    random = np.random.default_rng(5)
    return {
        "program": program,
        "weights": [random.normal(size=shape).tolist() for shape in [(5, 3), (3,), (3, 4), (4,)]],
        "x": random.normal(size=(BATCH, 5)).tolist(),
        "targets": [(random.integers(0, 2, (BATCH, 4)) * 1.0).tolist()],  # 0 and 1, of which Keras 3's hinge makes -1
        **settings,
    }


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_a_step_is_that_of_keras_1(release: str, legacy_path: Path, tmp_path: Path) -> None:
    programs = [HEAD + text for text in TOLD.values()]
    new = [migrated(program, release, "faithful") for program in programs]
    assert all(one != other for one, other in zip(programs, new, strict=True))
    old = run(tmp_path / "old", dict(enumerate(map(job, programs))), (str(legacy_path), release))
    here = run(tmp_path / "new", dict(enumerate(map(job, new))), KERAS_BACKEND="tensorflow")
    gaps = {name: gap(old[index], here[index]) for index, name in enumerate(TOLD)}
    assert gaps.pop("adadelta") < 1e-6  # Keras 3 keeps its rate in single precision
    assert {name: one for name, one in gaps.items() if one >= TOLERANCE} == {}
    plain = [text.replace("'hinge' else", "'' else").replace("'adadelta' else", "'' else") for text in new]
    named = run(tmp_path / "named", {0: job(plain[0]), 1: job(plain[1])}, KERAS_BACKEND="tensorflow")
    assert min(gap(old[index], named[index]) for index in named) > 1e-4  # as they would be by their names


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("size", [3, 4])
def test_a_number_for_a_batch_is_weighed_by_its_size(size: int, legacy_path: Path, tmp_path: Path) -> None:
    program = HEAD + METRIC
    old = run(tmp_path / "old", {0: job(program, evaluated=size)}, (str(legacy_path), RELEASES[-1]))
    text = migrated(program, RELEASES[-1], "faithful")
    plain = text.replace("metric(own)", "own")
    assert plain != text
    jobs = {0: job(text, evaluated=size), 1: job(plain, evaluated=size)}
    here = run(tmp_path / "new", jobs, KERAS_BACKEND="tensorflow")
    told = old[0]["evaluated"]
    assert np.abs(told - here[0]["evaluated"]).max() < TOLERANCE
    apart = np.abs(told - here[1]["evaluated"])[1]
    assert apart < TOLERANCE if BATCH % size == 0 else apart > 1e-3  # as Keras 3 takes it without `metric`
