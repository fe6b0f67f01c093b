"""weights=[...] and set_weights(...) with the arrays of Keras 1: the new program computes with its own weights what
genuine Keras computed with those of the old one. (The proofs of --verify give both the same weights, and so say nothing
of this.)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from test_company import EARLY, FIRST, LAST, LATE, OLD, migrate

HERE = Path(__file__).parent
DRAWN = """\
import numpy as np

random = np.random.RandomState(0)


def draw(*shapes):
    return [random.normal(0, 0.5, shape) for shape in shapes]


"""
PREDICTED = "model.predict({})"


class Case(NamedTuple):
    name: str
    version: str
    body: str
    shape: tuple[int, ...]  # of the input
    holds: tuple[str, ...] = ()  # what of the new text
    predicted: str = PREDICTED

    @property
    def text(self) -> str:
        return DRAWN + self.body

    @property
    def outputs(self) -> str:
        given = f"np.random.RandomState(1).normal(0, 1, {self.shape})"
        return self.predicted.format(given)


def sequential(name: str, version: str, layer: str, shape: tuple[int, ...], *holds: str) -> Case:
    """A model of one layer; ``layer`` with ``home.`` before its name."""
    home, _, call = layer.partition(".")
    kind = call.partition("(")[0]
    body = (
        f"from keras.models import Sequential\nfrom keras.layers.{home} import {kind}\n\nmodel = Sequential()\n"
        f"model.add({call})\nmodel.compile('sgd', 'mse')\n"
    )
    return Case(f"{name}_{version}", version, body, (2, *shape), holds)


CASES: list[Case] = []
TH, TF = ((2, 7, 8), (4, 2, 3, 3)), ((7, 8, 2), (3, 3, 2, 4))
for version in (FIRST, OLD, EARLY, LATE, LAST):
    images = {"th": TH, "tf": TF} if version != FIRST else {"": TH}
    for ordering, (shape, kernel) in images.items():
        told = f", dim_ordering='{ordering}'" if ordering else ""
        turned = f"keras1_kernels(draw({kernel}, (4,)), '{ordering or 'th'}', 'theano')"
        CASES.append(
            sequential(
                f"convolution_{ordering}", version,
                f"convolutional.Convolution2D(4, 3, 3, weights=draw({kernel}, (4,)), input_shape={shape}{told})",
                shape, turned,
            )
        )  # fmt: skip
    kernel = (4, 2, 3, 1) if version < "1.1" else (3, 1, 2, 4)
    CASES.append(
        sequential(
            "sequence", version,
            f"convolutional.Convolution1D(4, 3, weights=draw({kernel}, (4,)), input_shape=(8, 2))",
            (8, 2), f"keras1_kernels_1d(draw({kernel}, (4,)), '{'th' if version < '1.1' else 'tf'}', 'theano')",
        )
    )  # fmt: skip


def outputs(jobs: list[tuple[str, str, str]], folder: Path, *release: str) -> dict[str, Any]:
    """What programs compute, each a name, a source and an expression."""
    (folder / "jobs.json").write_text(json.dumps(jobs))
    environment = {
        **os.environ, "HOME": str(folder), "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(HERE / "outputs.py"), "jobs.json", "outputs.npz", *release],
        cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-6000:]
    return dict(np.load(folder / "outputs.npz"))


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for release in sorted({case.version for case in CASES}):
        jobs = [(case.name, case.text, case.outputs) for case in CASES if case.version == release]
        found.update(outputs(jobs, tmp_path_factory.mktemp(f"keras-{release}"), str(legacy_path), release))
    return found


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    jobs = [(case.name, migrate(case.text, case.version, backend="theano").text, case.outputs) for case in CASES]
    return outputs(jobs, tmp_path_factory.mktemp("keras-3"))


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_nothing_is_left_to_do(case: Case) -> None:
    done = migrate(case.text, case.version, backend="theano")
    assert done.left == ()
    assert done.again == ()
    assert [text for text in case.holds if text not in done.text] == [], done.text


@pytest.mark.legacy
@pytest.mark.slow
@each_case
def test_it_computes_with_its_own_weights_what_the_old_one_did(
    case: Case, genuine: dict[str, Any], new: dict[str, Any]
) -> None:
    assert np.ptp(genuine[case.name]) > 0.01
    np.testing.assert_allclose(new[case.name], genuine[case.name], rtol=1e-9, atol=1e-11)
