"""Proofs whose new side is Keras 3 on another backend than TensorFlow."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.sides import Modern

OLD = """
from keras.models import Sequential
from keras.layers import *
from keras.regularizers import l2
from keras.constraints import maxnorm
model = Sequential()
"""
NEW = """
from keras import Input, Sequential
from keras.constraints import MaxNorm
from keras.layers import *
from keras.regularizers import L2
from tdmigrate.compat import hard_sigmoid
model = Sequential()
"""


def job(old: str, new: str) -> Job:
    old, new = (head + "".join(f"model.add({layer})\n" for layer in layers.split("\n")) for head, layers in
                ((OLD, old), (NEW, new)))  # fmt: skip
    return Job("model", 1, old, "model", new, "model", "1.2.2")


JOBS = {
    "masked ids": job(
        "Embedding(20, 6, mask_zero=True, input_length=5)\nLSTM(4, return_sequences=True)\nTimeDistributed(Dense(3))",
        "Input((5,))\nEmbedding(20, 6, mask_zero=True)\n"
        "LSTM(4, return_sequences=True, recurrent_activation=hard_sigmoid)\nTimeDistributed(Dense(3))",
    ),
    "images": job(
        "Convolution2D(4, 3, 3, activation='tanh', dim_ordering='tf', input_shape=(6, 7, 2))\n"
        "MaxPooling2D(dim_ordering='tf')\nBatchNormalization()\nFlatten()\n"
        "Dense(3, activation='softmax', W_regularizer=l2(.1), W_constraint=maxnorm(1))",
        "Input((6, 7, 2))\nConv2D(4, 3, activation='tanh')\nMaxPooling2D()\n"
        "BatchNormalization(momentum=.99, epsilon=.001)\nFlatten()\n"
        "Dense(3, activation='softmax', kernel_regularizer=L2(.1), kernel_constraint=MaxNorm(1))",
    ),
    "a wrong activation": job(
        "SimpleRNN(4, input_shape=(5, 3))\nLeakyReLU(.3)", "Input((5, 3))\nSimpleRNN(4, 'relu')\nLeakyReLU(.3)"
    ),
}


@pytest.fixture(scope="module", params=["jax", "torch"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def proofs(backend: str, legacy_path: Path) -> Iterator[Mapping[str, Proof]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", backend)
        with Prover(legacy_path) as prover:
            yield dict(zip(JOBS, prover.prove(list(JOBS.values())), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", ["masked ids", "images"])
def test_equal_with_the_step(proofs: Mapping[str, Proof], backend: str, name: str) -> None:
    proof = proofs[name]
    assert (proof.status, proof.reason) == ("equal", None)
    assert str(proof.modern).endswith(f" {backend}")
    assert proof.outputs is not None
    assert proof.outputs.max_abs < 1e-13
    assert proof.step is not None
    assert max(proof.step[:2]) < 1e-12


@pytest.mark.legacy
@pytest.mark.slow
def test_different(proofs: Mapping[str, Proof]) -> None:
    proof = proofs["a wrong activation"]
    assert (proof.status, proof.first_difference) == ("different", "simplernn_1")


@pytest.mark.parametrize(
    ("value", "backend"),
    [(None, "tensorflow"), ("", "tensorflow"), ("jax", "jax"), ("torch", "torch"), ("theano", "tensorflow")],
)
def test_which_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, backend: str) -> None:
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if value is not None:
        monkeypatch.setenv("KERAS_BACKEND", value)
    assert Modern(tmp_path).backend == backend


@pytest.mark.legacy
@pytest.mark.slow
def test_a_backend_that_is_not_here(legacy_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jax").mkdir()
    (tmp_path / "jax" / "__init__.py").write_text("raise ModuleNotFoundError(\"No module named 'jax'\")")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{':'.join(filter(None, sys.path))}")
    with Prover(legacy_path) as prover:
        (proof,) = prover.prove([JOBS["a wrong activation"]])
    assert proof.status == "unproved"
    assert proof.reason == (
        "Keras 3 on JAX does not start here (ModuleNotFoundError: No module named 'jax'): "
        "pip install 'tdmigrate[verify]' jax"
    )
