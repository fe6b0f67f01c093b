"""Tables that rows are looked up in, trained: genuine Keras on old programs, Keras 3 on the new ones.

Each batch has ids several times, and ids that later ones have not: their rows still move where there is momentum.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tdmigrate.verification.proof import TOLERANCE

from .running import after, before, gap, migrated, run

PAIRS_OF_IDS, OLD, EARLY, LAST = "0.2.0", "0.3.3", "1.0.8", "1.2.2"
ROWS, WIDTH, LENGTH = 7, 3, 4
BACKENDS = ("tensorflow", "jax", "torch")
HEAD = """\
from keras.models import Sequential
from keras.layers.core import Activation, Dense, Flatten
from keras.layers.embeddings import Embedding
from keras.optimizers import SGD, RMSprop, Adagrad, Adadelta, Adam
from keras.regularizers import l2
"""
EMBEDDING = f"Embedding({ROWS}, {WIDTH}, input_length={LENGTH})"
PENALIZED = f"Embedding({ROWS}, {WIDTH}, input_length={LENGTH}, W_regularizer=l2(0.03125), W_constraint='nonneg')"
# settings that single precision holds, to which Keras 3 rounds its own optimizers' on TensorFlow
HELD = (
    "SGD(lr=0.125)",
    "SGD(lr=0.125, momentum=0.875)",
    "SGD(lr=0.125, momentum=0.875, nesterov=True)",
    "SGD(lr=0.125, clipnorm=0.5)",
    "SGD(lr=0.125, momentum=0.875, clipvalue=0.0625)",
    "RMSprop(lr=0.125)",
    "Adagrad(lr=0.125)",
    "Adadelta(lr=1.0, rho=0.875)",
    "Adam(lr=0.125, beta_1=0.75, beta_2=0.96875)",
)
LATER = ("Adamax(lr=0.125, beta_1=0.75, beta_2=0.96875)",)
LATEST = (
    "Nadam(lr=0.125)",
    "Adam(lr=0.1, decay=0.1)",
    "SGD(lr=0.1, momentum=0.9, decay=0.1, clipnorm=0.5, clipvalue=0.1)",
    "'rmsprop'",
    "'adagrad'",
    "'nadam'",
)
ROUNDED = ("'adam'", "'adadelta'", "'adamax'")
# of a layer of the source's own
OWN = """\
from keras import backend as K
from keras.engine.topology import Layer
class Table(Layer):
    def build(self, input_shape):
        self.W = self.add_weight(({rows}, {width}), initializer='uniform', name='{{}}_W'.format(self.name))
        super(Table, self).build(input_shape)
    def call(self, x, mask=None):
        return K.gather(self.W, K.cast(x, 'int32'))
    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[1], {width})
"""


class Case(NamedTuple):
    """What is trained how."""

    release: str
    optimizer: str
    layer: str = EMBEDDING
    head: str = ""
    style: str = "exact"
    rounded: bool = False  # Keras 3 rounds its settings
    backends: tuple[str, ...] = ("tensorflow",)

    def __str__(self) -> str:
        return f"{self.release}-{self.style}-{self.layer.partition('(')[0]}-{self.optimizer}"

    @property
    def program(self) -> str:
        pairs = self.layer.startswith("WordContext")
        behind = "" if pairs else "model.add(Flatten())\nmodel.add(Dense(1))\n"
        name = self.optimizer.partition("(")[0]
        more = f"from keras.optimizers import {name}\n" if name in ("Adamax", "Nadam") else ""
        return (
            f"{HEAD}{more}{self.head}model = Sequential()\nmodel.add({self.layer})\n{behind}"
            f"model.compile(optimizer={self.optimizer}, loss='mse')\n"
        )


def cases() -> list[Case]:
    rows = [
        Case(release, one, backends=BACKENDS if release == LAST else BACKENDS[:1])
        for release in (OLD, EARLY, LAST)
        # up to 1.0.2 Keras 1's RMSprop and Adagrad were Keras 3's, with another epsilon
        for one in (*HELD, *LATER, *(LATEST if release == LAST else ()))
    ]
    rows += [Case(LAST, one, rounded=True) for one in ROUNDED]
    rows += [Case(LAST, one, layer=PENALIZED) for one in (HELD[-1], HELD[5])]
    own = OWN.format(rows=ROWS, width=WIDTH)
    rows += [Case(LAST, one, layer=f"Table(input_shape=({LENGTH},))", head=own) for one in (HELD[-1], HELD[4])]
    pair = "from keras.layers.embeddings import WordContextProduct\n"
    rows += [
        Case(PAIRS_OF_IDS, one, layer=f"WordContextProduct({ROWS}, {WIDTH}, input_shape=(2,))", head=pair, style=style)
        for one in (HELD[3], HELD[5], HELD[-1])
        for style in ("faithful", "exact")
    ]
    # without squares each part of a gradient counts as it does in the sum
    return [*rows, *(Case(LAST, one, style="faithful") for one in HELD[:3])]


CASES = cases()


def job(case: Case, program: str) -> dict[str, Any]:
    """The same for both sides."""
    random = np.random.default_rng(5)
    length = 2 if case.layer.startswith("WordContext") else LENGTH
    # ids of the first batch are below 4, those of the last at least 2
    ids = np.concatenate([random.integers(low, low + 4, (4, length)) for low in (0, 1, 2)])
    weights = [random.normal(size=(ROWS, WIDTH))]
    weights += [random.normal(size=(ROWS, WIDTH))] if length == 2 else []
    weights += [random.normal(size=(LENGTH * WIDTH, 1)), random.normal(size=1)] if length != 2 else []
    return {
        "program": program,
        "weights": [one.tolist() for one in weights],
        "x": ids.tolist(),
        "targets": [random.normal(size=(len(ids), 1)).tolist()],
        "steps": 5,
        "batches": 3,
    }


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    return before(CASES, job, legacy_path, tmp_path_factory.mktemp("genuine"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, Any]]:
    return after(
        CASES, job, lambda case: migrated(case.program, case.release, case.style), tmp_path_factory.mktemp("here")
    )


EACH = [(backend, index) for index, case in enumerate(CASES) for backend in case.backends]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize(("backend", "index"), EACH, ids=[f"{backend}-{CASES[index]}" for backend, index in EACH])
def test_five_steps_are_those_of_keras_1(
    backend: str, index: int, genuine: dict[int, Any], here: dict[str, dict[int, Any]]
) -> None:
    # some reductions of Keras on JAX and PyTorch are of single precision
    exact = backend == "tensorflow" and not CASES[index].rounded
    assert gap(genuine[index], here[backend][index]) < (TOLERANCE if exact else 1e-6)
    table = np.asarray(job(CASES[index], "")["weights"][0])
    moved = np.abs(genuine[index]["weight/0"] - table).max(axis=1) > 1e-7
    assert moved[:6].all()


@pytest.mark.legacy
@pytest.mark.slow
def test_in_faithful_style_they_are_others(genuine: dict[int, Any], tmp_path: Path) -> None:
    told = [index for index, case in enumerate(CASES) if case.release == LAST and case.optimizer in HELD[3:]]
    told = [index for index in told if CASES[index].layer == EMBEDDING]
    jobs = {index: job(CASES[index], migrated(CASES[index].program, LAST, "faithful")) for index in told}
    found = run(tmp_path / "faithful", jobs, KERAS_BACKEND="tensorflow")
    assert len(told) == len(HELD[3:])
    assert {CASES[one].optimizer for one in told if gap(genuine[one], found[one]) < 1e-5} == set()
