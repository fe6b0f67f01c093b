"""Numbers of a training step that say nothing, or something else than a prediction: of equal maxima, of moments."""

from __future__ import annotations

import pytest

from tdmigrate.verification.jobs import Job
from tdmigrate.verification.proof import TOLERANCE, UNIT_NORM
from tdmigrate.verification.prover import Prover
from test_company import EARLY, FIRST, LAST, OLD, migrate

TIES = "step not compared: several numbers are equally large where a maximum is taken"
HEAD = """\
from keras.layers.core import *
from keras.layers.convolutional import *
from keras.layers.embeddings import Embedding
from keras.models import Sequential

model = Sequential()
"""
POOLED = "from keras.layers.pooling import GlobalMaxPooling1D\nmodel.add(GlobalMaxPooling1D())\n"


def job(body: str, version: str, wrong: tuple[str, str] = ("", "")) -> Job:
    new = migrate(HEAD + body, version).text
    assert wrong[0] in new
    return Job("model", 1, HEAD + body, "model", new.replace(*wrong) if wrong[0] else new, "model", version)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "version"),
    [
        ("model.add(Embedding(3, 6, input_length=4))\nmodel.add(MaxPooling1D())\n", LAST),  # the same row twice
        ("model.add(Dense(6, input_shape=(4, 5)))\nmodel.add(UpSampling1D())\n" + POOLED, LAST),
        (
            "model.add(Convolution2D(3, 2, 2, input_shape=(2, 6, 6)))\nmodel.add(UpSample2D())\n"
            "model.add(MaxPooling2D((3, 3)))\n",
            FIRST,
        ),
    ],
)
def test_a_step_over_equal_maxima_is_not_compared(body: str, version: str, prover: Prover) -> None:
    [proof] = prover.prove([job(body, version)])
    assert proof.status == "equal"
    assert proof.step is None
    assert (proof.reason or "").startswith(TIES)


@pytest.mark.legacy
@pytest.mark.slow
def test_other_maxima_are_compared(prover: Prover) -> None:
    [proof] = prover.prove([job("model.add(Dense(6, input_shape=(4, 5)))\nmodel.add(MaxPooling1D())\n", LAST)])
    assert proof.status == "equal"
    assert proof.step is not None


@pytest.mark.legacy
@pytest.mark.slow
def test_equal_maxima_hide_no_other_loss(prover: Prover) -> None:
    """The loss is that of before the step, which no gradient has a part in."""
    body = (
        "model.add(Embedding(3, 6, input_length=4, W_regularizer='l2'))\nmodel.add(MaxPooling1D())\n"
        "model.add(Dropout(0.5))\n"
    )
    wrong = ("embeddings_regularizer='l2'", "embeddings_regularizer='l1'")
    proofs = prover.prove([job(body, LAST), job(body, LAST, wrong)])
    assert [proof.status for proof in proofs] == ["equal", "different"]


@pytest.mark.legacy
@pytest.mark.slow
def test_a_penalty_of_outputs_is_that_of_the_first_states(prover: Prover) -> None:
    """What a model that keeps states adds to the loss is told from those it began with, on both sides."""
    body = (
        "from keras.layers.recurrent import GRU\n"
        "model.add(GRU(5, batch_input_shape=(3, 4, 5), stateful=True))\n"
        "model.add(ActivityRegularization(l1=0.1))\n"
    )
    [proof] = prover.prove([job(body, LAST)])
    assert proof.status == "equal"
    assert proof.step is not None


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("version", [OLD, EARLY])
def test_a_penalty_of_normalized_outputs_is_told_by_the_step(version: str, prover: Prover) -> None:
    """Before 1.2 it was taken in training alone, of the moments of the batch."""
    body = (
        "from keras.layers.normalization import BatchNormalization\n"
        "model.add(BatchNormalization(input_shape=(4,)))\n"
        "model.add(Dense(3, activity_regularizer='activity_l1'))\n"
    )
    wrong = ("activity_l1", "activity_l2")
    [proof, other] = prover.prove([job(body, version), job(body, version, wrong)])
    assert proof.status == "equal"
    assert proof.step is not None
    assert other.status == "different"


UNIT = "model.add(Dense(3, W_constraint='unitnorm', input_dim=6))\n"


@pytest.mark.legacy
@pytest.mark.slow
def test_a_unitnorm_of_0_2_is_equal_to_its_epsilon_alone(prover: Prover) -> None:
    right, wrong = prover.prove([job(UNIT, FIRST), job(UNIT, FIRST, ("axis=-1", "axis=0"))])
    assert right.status == "equal"
    assert right.step is not None
    assert TOLERANCE < right.step.weights < UNIT_NORM
    assert wrong.status == "different"
    assert "the weight kernel of dense differs" in (wrong.reason or "")
