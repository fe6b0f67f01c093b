"""Crossentropies of every activation, compiled and trained: genuine Keras on old programs, Keras 3 on the new ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tdmigrate.verification.proof import TOLERANCE

from . import running
from .running import after, before, gap, run

OLD, EARLY, LATE, LAST = "0.3.3", "1.0.8", "1.1.2", "1.2.2"
HEAD = """\
from keras.models import Sequential
from keras.layers.core import Activation, Dense, Dropout
from keras.optimizers import SGD
from keras.activations import sigmoid, softmax
from keras.objectives import binary_crossentropy, categorical_crossentropy
"""
FUNCTIONAL = f"{HEAD}from keras.models import Model\nfrom keras.layers import Input, TimeDistributed\n"
CLASSES, FEATURES, BATCH = 4, 5, 6
LOSSES = ("categorical_crossentropy", "binary_crossentropy", "sparse_categorical_crossentropy")


class Case(NamedTuple):
    """A program and what its outputs are trained towards."""

    name: str
    release: str
    program: str
    losses: tuple[str, ...]
    scale: float = 1.0  # of the kernels
    style: str = "faithful"
    backends: tuple[str, ...] = ("tensorflow",)

    def __str__(self) -> str:
        return f"{self.release}-{self.name}"


def stack(release: str, end: str, loss: str, scale: float = 1.0, style: str = "faithful") -> Case:
    first = f"model = Sequential()\nmodel.add(Dense(3, activation='tanh', input_dim={FEATURES}))\n"
    program = f"{HEAD}{first}{end}\nmodel.compile(optimizer=SGD(lr=0.5), loss={loss})\n"
    label = f"{end.replace('model.add', '')}-{loss}{'-saturated' * (scale > 1)}"
    backends = ("tensorflow", "jax") if style == "faithful" and release == LAST and scale == 1 else ("tensorflow",)
    return Case(label, release, program, (loss.strip("'"),), scale, style, backends)


def cases() -> list[Case]:
    ends = [f"model.add(Dense({CLASSES}, activation='{name}'))" for name in ("sigmoid", "softmax", "hard_sigmoid")]
    ends += [f"model.add(Dense({CLASSES}))\nmodel.add(Activation('{name}'))" for name in ("sigmoid", "softmax")]
    rows = [
        stack(release, end, repr(loss))
        for release in (OLD, EARLY, LATE, LAST)
        for end in ends
        for loss in LOSSES[: 3 if release >= "1" else 2]
        if "hard" not in end or "sparse" not in loss  # zeros: Theano scaled and clipped, TensorFlow clipped and scaled
    ]
    rows += [
        stack(LAST, f"model.add(Dense({CLASSES}, activation={activation}))", loss)
        for activation in ("sigmoid", "softmax")
        for loss in ("categorical_crossentropy", "binary_crossentropy")
    ]
    # outputs beyond what Keras 1 clipped
    rows += [
        stack(LAST, f"model.add(Dense({CLASSES}, activation='{activation}'))", repr(loss), 6.0, "exact")
        for activation in ("sigmoid", "softmax")
        for loss in LOSSES[:2]
    ]
    two = f"""\
x = Input(shape=({FEATURES},))
a = Dense({CLASSES}, activation='sigmoid', name='a')(x)
b = Dense({CLASSES}, activation='softmax', name='b')(x)
model = Model(input=x, output=[a, b])
"""
    for loss in ("'categorical_crossentropy'", "'binary_crossentropy'",
                 "['categorical_crossentropy', 'binary_crossentropy']",
                 "{'a': 'categorical_crossentropy', 'b': 'categorical_crossentropy'}"):  # fmt: skip
        names = tuple(one for one in LOSSES[:2] if one in loss)
        compiled = f"model.compile(optimizer=SGD(lr=0.5), loss={loss})\n"
        rows.append(Case(f"two-{loss}", LAST, f"{FUNCTIONAL}{two}{compiled}", (names * 2)[:2]))
    return rows


CASES = cases()


def migrated(case: Case) -> str:
    return running.migrated(case.program, case.release, case.style)


def job(case: Case, program: str) -> dict[str, Any]:
    """The same for both sides."""
    random = np.random.default_rng(3)
    shapes = [(FEATURES, 3), (3,), (3, CLASSES), (CLASSES,)]
    if len(case.losses) > 1:
        shapes = [(FEATURES, CLASSES), (CLASSES,)] * 2
    labels = random.integers(0, CLASSES, BATCH)
    targets = {
        "categorical_crossentropy": np.eye(CLASSES)[labels],
        "sparse_categorical_crossentropy": labels[:, None],
        "binary_crossentropy": random.integers(0, 2, (BATCH, CLASSES)) * 1.0,
    }
    return {
        "program": program,
        "weights": [(case.scale * random.normal(size=shape)).tolist() for shape in shapes],
        "x": random.normal(size=(BATCH, FEATURES)).tolist(),
        "targets": [targets[loss].tolist() for loss in case.losses],
    }


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    return before(CASES, job, legacy_path, tmp_path_factory.mktemp("genuine"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, Any]]:
    return after(CASES, job, migrated, tmp_path_factory.mktemp("here"))


PAIRS = [(backend, index) for index, case in enumerate(CASES) for backend in case.backends]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize(("backend", "index"), PAIRS, ids=[f"{backend}-{CASES[index]}" for backend, index in PAIRS])
def test_loss_and_step_are_those_of_keras_1(
    backend: str, index: int, genuine: dict[int, Any], here: dict[str, dict[int, Any]]
) -> None:
    old, new = genuine[index], here[backend][index]
    # some reductions of Keras on JAX are of single precision
    assert gap(old, new) < (TOLERANCE if backend == "tensorflow" else 1e-6)
    start = job(CASES[index], "")["weights"]
    assert max(np.max(np.abs(old[f"weight/{number}"] - one)) for number, one in enumerate(start)) > 1e-6


WRONG = [("sigmoid", "categorical"), ("sigmoid", "sparse_categorical"), ("softmax", "binary")]


@pytest.mark.legacy
@pytest.mark.slow
def test_by_name_they_would_be_others(genuine: dict[int, Any], tmp_path: Path) -> None:
    jobs = {}
    for index, case in enumerate(CASES):
        for activation, loss in WRONG:
            if case == stack(LAST, f"model.add(Dense({CLASSES}, activation='{activation}'))", f"'{loss}_crossentropy'"):
                new = migrated(case)
                named = re.sub(r"loss=\w+", f"loss='{loss}_crossentropy'", new)
                assert named != new
                jobs[index] = job(case, named)
    assert len(jobs) == len(WRONG)
    for index, found in run(tmp_path / "named", jobs, KERAS_BACKEND="tensorflow").items():
        assert gap(genuine[index], found) > 1e-3
