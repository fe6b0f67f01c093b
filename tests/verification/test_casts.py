"""Casts to float32, the precision in which programs ran, in proofs that run in float64: neither side rounds there."""

from __future__ import annotations

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover
from test_company import migrate

HEAD = """\
from keras import backend as K
from keras.models import Sequential
from keras.layers.core import Dense, Lambda
"""
PICTURES = "model = Sequential()\nmodel.add(Lambda(lambda x: {}, input_shape=(3,)))\nmodel.add(Dense(output_dim=2))\n"
BEHIND = "model = Sequential()\nmodel.add(Dense(output_dim=3, input_dim=4))\nmodel.add(Lambda(lambda x: {}))\n"
LOSS = (
    "def loss(y_true, y_pred):\n    return K.mean(K.square(y_pred - K.cast(y_true, 'float32')) / 3., axis=-1)\n\n"
    "model = Sequential()\nmodel.add(Dense(output_dim=2, input_dim=4))\nmodel.compile('sgd', loss)\n"
)
TENSORFLOW = "import tensorflow as tf\n"
NEAR = 1e-14  # rounding of float64


def job(body: str, version: str = "1.2.2", backend: str = "theano", mistake: tuple[str, str] = ("", "")) -> Job:
    new = migrate(HEAD + body, version, backend=backend).text
    assert mistake[0] in new, new
    new = new.replace(*mistake) if mistake[0] else new
    return Job("model", 1, HEAD + body, "model", new, "model", version, backend=backend)


CAST = "K.cast({}, 'float32') / 255."
SMALL = "K.cast(x > 0.1, 'float32') * x / 3."
EQUAL = {
    **{
        f"{name}, {version} on {backend}": job(body, version, backend)
        for version, backend in (("0.3.3", "theano"), ("1.2.2", "theano"), ("1.2.2", "tensorflow"))
        for name, body in (
            ("pictures", PICTURES.format(CAST.format("x"))),
            ("what a layer gives", BEHIND.format(CAST.format("x * 100."))),
            ("a condition", BEHIND.format(SMALL)),
        )
    },
    "by TensorFlow": job(TENSORFLOW + BEHIND.format("tf.cast(x, tf.float32) / 255."), backend="tensorflow"),
    "by TensorFlow, in words": job(TENSORFLOW + BEHIND.format("tf.cast(x, 'float32') / 255."), backend="tensorflow"),
    "in a loss": job(LOSS),
}
DIFFERENT = {
    "another number": job(BEHIND.format(CAST.format("x")), mistake=("255.", "255.0001")),
    "whole numbers": job(BEHIND.format(CAST.format("x * 100.")), mistake=("x * 100.", "ops.cast(x * 100., 'int32')")),
    "half precision": job(BEHIND.format(CAST.format("x * 100.")), mistake=("'float32'", "'float16'")),
}


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> dict[str, Proof]:
    jobs = {**EQUAL, **DIFFERENT}
    return dict(zip(jobs, prover.prove([*jobs.values()]), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUAL)
def test_a_cast_to_the_precision_of_the_time_rounds_nowhere(name: str, proofs: dict[str, Proof]) -> None:
    proof = proofs[name]
    assert proof.status == "equal", proof
    assert proof.outputs is not None
    assert proof.outputs.max_abs < NEAR
    assert (proof.legacy or "").endswith(EQUAL[name].backend)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", DIFFERENT)
def test_other_casts_are_told(name: str, proofs: dict[str, Proof]) -> None:
    assert proofs[name].status == "different", proofs[name]
