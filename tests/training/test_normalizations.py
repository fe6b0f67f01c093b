"""What a normalization that was trained predicts: genuine Keras on old programs, Keras 3 on the new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from rules.migrating import migrate
from tdmigrate.verification.proof import TOLERANCE

from .running import before, gap, run

EARLIER, LAST = "1.1.2", "1.2.2"
BATCH = 6
FRONT = {
    (4,): ["Dense(3, activation='tanh', input_dim=4)"],
    (5, 4): ["Masking(input_shape=(5, 4))", "SimpleRNN(3, return_sequences=True)"],
    (3, 4, 2): [],
}
# by the rank of a sample: the shapes of the weights before and behind
AROUND: dict[int, tuple[list[tuple[int, ...]], list[tuple[int, ...]]]] = {
    1: ([(4, 3), (3,)], [(3, 2)]),
    2: ([(4, 3), (3, 3), (3,)], [(3, 2), (2, 2), (2,), (2, 2)]),
    3: ([], [(24, 2)]),
}
HEAD = """\
from keras.layers import BatchNormalization, Dense, Flatten, Masking, SimpleRNN
from keras.models import Sequential
from keras.optimizers import SGD
model = Sequential()
"""


class Case(NamedTuple):
    """A normalization behind layers for samples of this shape."""

    release: str
    layer: str
    shape: tuple[int, ...] = (4,)
    style: str = "exact"

    def __str__(self) -> str:
        return f"{self.release}-{self.style}-{self.layer}-{len(self.shape)}"

    @property
    def program(self) -> str:
        parts = [*FRONT[self.shape], self.layer]
        parts += ["SimpleRNN(2)"] if len(self.shape) == 2 else ["Flatten()"] if len(self.shape) == 3 else []
        added = "".join(f"model.add({part})\n" for part in (*parts, "Dense(2)"))
        return f"{HEAD}{added}model.compile(SGD(lr=0.015625), 'mse')\n"


CASES = [
    Case(LAST, "BatchNormalization()"),
    Case(LAST, "BatchNormalization(momentum=0.5, epsilon=0.125)"),
    Case(LAST, "BatchNormalization(trainable=False, momentum=0.5)"),
    Case(LAST, "BatchNormalization(mode=2)"),
    Case(LAST, "BatchNormalization(momentum=0.5)", (5, 4)),
    Case(LAST, "BatchNormalization(axis=1, momentum=0.5, input_shape=(3, 4, 2))", (3, 4, 2)),
    Case(EARLIER, "BatchNormalization(momentum=0.5, epsilon=0.125)"),
    Case(EARLIER, "BatchNormalization(momentum=0.5, epsilon=0.125)", style="faithful"),
]


def migrated(case: Case, style: str) -> str:
    return migrate(case.program, case.release, style, "theano")[0]


def job(case: Case, program: str) -> dict[str, Any]:
    """The same for both sides."""
    random = np.random.default_rng(5)
    before, behind = AROUND[len(case.shape)]
    weights = [random.normal(size=shape) for shape in (*before, (3,), (3,), (3,))]
    weights += [random.uniform(0.5, 1.5, 3), *(random.normal(size=shape) for shape in (*behind, (2,)))]
    x = random.normal(size=(3 * BATCH, *case.shape))
    if len(case.shape) == 2:
        x[::2, 3:] = 0  # masked
    return {
        "program": program,
        "weights": [one.tolist() for one in weights],
        "x": x.tolist(),
        "targets": [random.normal(size=(3 * BATCH, 2)).tolist()],
        "steps": 5,
        "batches": 3,
        "predicted": True,
    }


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    return before(CASES, job, legacy_path, tmp_path_factory.mktemp("genuine"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    jobs = {index: job(case, migrated(case, case.style)) for index, case in enumerate(CASES)}
    return run(tmp_path_factory.mktemp("here") / "tensorflow", jobs, KERAS_BACKEND="tensorflow")


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(CASES)), ids=map(str, CASES))
def test_what_was_trained_predicts_as_it_did(index: int, genuine: dict[int, Any], here: dict[int, Any]) -> None:
    assert gap(genuine[index], here[index]) < TOLERANCE
    assert genuine[index]["loss"] < 1e3


@pytest.mark.legacy
@pytest.mark.slow
def test_in_faithful_style_its_variance_is_without_epsilon(genuine: dict[int, Any], tmp_path: Path) -> None:
    moving = [index for index, case in enumerate(CASES) if case.release == LAST and "mode" not in case.layer]
    jobs = {index: job(CASES[index], migrated(CASES[index], "faithful")) for index in moving}
    found = run(tmp_path / "faithful", jobs, KERAS_BACKEND="tensorflow")
    for index in moving:
        old, new = genuine[index], found[index]
        assert np.max(np.abs(old["predicted"] - new["predicted"])) > 1e-7
        assert abs(old["loss"] - new["loss"]) < TOLERANCE  # training goes by the batch's own
