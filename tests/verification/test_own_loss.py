"""Steps with the loss and the optimizer of the source: what is equal, what only they can tell apart, and when a loss is
made up instead."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Compiled, Job
from tdmigrate.verification.program import Program, Uncut, cut, targets
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.step import own_target

OLD = """
from keras.models import Sequential
from keras.layers.core import Dense, Dropout
from keras.optimizers import SGD, Adam
model = Sequential()
model.add(Dense(5, input_dim=4, activation='tanh'))
model.add(Dropout(.4))
model.add(Dense(3, activation='softmax'))
"""
NEW = """
import keras
from keras import Sequential, Input
from keras.layers import Dense, Dropout
from keras.optimizers import SGD, Adam
from tdmigrate import compat
model = Sequential()
model.add(Input((4,)))
model.add(Dense(5, activation='tanh'))
model.add(Dropout(.4))
model.add(Dense(3, activation='softmax'))
"""
DECAY = "keras.optimizers.schedules.InverseTimeDecay(.1, 1, .2)"
OWN = """
def loss(y_true, y_pred):
    return {}.mean({}.square(y_true - y_pred) * 3, axis=-1)
"""


def job(version: str, old: str, new: str, own_optimizer: bool = False) -> Job:
    new_text = NEW if version >= "0.3" else NEW.replace("Dropout(.4)", "compat.Dropout(.4)")
    compiled = Compiled(OLD + old, "model", new_text + new, "model")
    return Job("model", 1, OLD, "model", new_text, "model", version, compiled=compiled, own_optimizer=own_optimizer)


def loss(name: str, version: str = "1.2.2", new: str = "") -> Job:
    return job(version, f"model.compile('sgd', '{name}')", f"model.compile('sgd', '{new or name}')")


MOMENTUM = "model.compile(loss='mse', optimizer=SGD({}=.1, momentum=.9, nesterov=True))"
EQUAL: dict[str, tuple[Job, str]] = {
    "distributions": (loss("categorical_crossentropy"), "own loss"),
    "classes": (loss("sparse_categorical_crossentropy", "1.0.8"), "own loss"),
    "labels": (job("0.3.3", "model.compile('sgd', 'hinge')", "model.compile('sgd', compat.hinge)"), "own loss"),
    "counts, 0.2": (loss("poisson_loss", "0.2.0", new="poisson"), "own loss"),
    "under 0.2": (loss("mean_squared_error", "0.2.0"), "own loss"),
    "of the source": (
        job("1.1.2", "import keras.backend as K" + OWN.format("K", "K") + "model.compile(loss=loss, optimizer='adam')",
            "from keras import ops" + OWN.format("ops", "ops") + "model.compile(loss=loss, optimizer='adam')"),
        "own loss",
    ),
    "another optimizer, which is not compared": (
        job("1.2.2", "model.compile('adam', 'mse')", "model.compile('rmsprop', 'mse')"), "own loss"),
    "momentum": (job("1.2.2", MOMENTUM.format("lr"), MOMENTUM.format("learning_rate"), True), "own optimizer"),
    "momentum, 0.2": (job("0.2.0", MOMENTUM.format("lr"), MOMENTUM.format("learning_rate"), True), "own optimizer"),
    "a rate that decays": (
        job("1.0.8", "model.compile(loss='mse', optimizer=SGD(lr=.1, decay=.2))",
            f"model.compile(loss='mse', optimizer=SGD({DECAY}))", True),
        "own optimizer",
    ),
}  # fmt: skip
DIFFERENT: dict[str, tuple[Job, str]] = {
    "another loss": (loss("categorical_crossentropy", new="mse"), "a training step with its own loss"),
    "a rate that decays no more": (
        job("1.2.2", "model.compile(loss='mse', optimizer=SGD(lr=.1, decay=.2))",
            "model.compile(loss='mse', optimizer=SGD(.1))", True),
        "3 steps with its own loss and optimizer",
    ),
    "epsilon of Adam": (
        job("1.2.2", "model.compile(loss='mse', optimizer=Adam(epsilon=1e-3))",
            "model.compile(loss='mse', optimizer=Adam(epsilon=1e-2))", True),
        "3 steps with its own loss and optimizer",
    ),
    "a compile that fails where nothing is left to a person": (
        job("1.2.2", "model.compile('sgd', 'mse')", "model.compile(SGD(lr=.1), 'mse')")._replace(finished=True),
        "failed at `model.compile(SGD(lr=.1), 'mse')`",
    ),
    "a loss that the new Keras has not, where nothing is left to a person": (
        loss("kullback_leibler_divergence", "1.1.2", new="kullback_leibler_divergence")._replace(finished=True),
        "the new model could not be trained: ValueError",
    ),
    "labels of hinge": (loss("hinge", new="hinge"), "a training step with its own loss"),
}  # fmt: skip
# the loss is made up, or there is no step
NOT_OWN: dict[str, tuple[Job, str, bool]] = {
    "a loss that Keras has not": (
        job("1.2.2", "model.compile('sgd', 'msee')", "model.compile('sgd', 'mse')"),
        "step not of its own loss: the old program under Keras 1.2.2 failed at `model.compile('sgd', 'msee')`", True),
    "a loss that fails": (
        job("1.2.2", "model.compile('sgd', lambda t, p: 1 / 0)", "model.compile('sgd', 'mse')"), "", True),
    "a loss without numbers": (
        job("1.2.2", "import keras.backend as K\nmodel.compile('sgd', lambda t, p: K.log(p - 5))",
            "model.compile('sgd', 'mse')"),
        "step not of its own loss: its own loss does not give finite numbers", True),
    "under TensorFlow": (
        loss("mse")._replace(backend="tensorflow"),
        "step not of its own loss: what genuine Keras trains on TensorFlow is not trusted", True),
    "a compile that is left to a person": (
        job("1.2.2", "model.compile('sgd', 'mse')", "model.compile(SGD(lr=.1), 'mse')"),
        "step not compared: the new program under Keras", False),
    "a loss that is left to a person": (
        loss("kullback_leibler_divergence", "1.1.2", new="kullback_leibler_divergence"),
        "step not compared: the new model could not be trained: ValueError", False),
}  # fmt: skip


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> Mapping[str, Proof]:
    jobs = {name: case[0] for name, case in (EQUAL | DIFFERENT).items()} | {n: case[0] for n, case in NOT_OWN.items()}
    return dict(zip(jobs, prover.prove(list(jobs.values())), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUAL)
def test_equal_with_its_own(proofs: Mapping[str, Proof], name: str) -> None:
    proof = proofs[name]
    assert (proof.status, proof.reason) == ("equal", None)
    assert proof.step is not None
    assert proof.step.of == EQUAL[name][1]
    assert max(proof.step.loss, proof.step.weights) < 1e-12


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", DIFFERENT)
def test_different_with_its_own(proofs: Mapping[str, Proof], name: str) -> None:
    proof = proofs[name]
    assert proof.status == "different"
    assert DIFFERENT[name][1] in str(proof.reason)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_OWN)
def test_where_its_own_loss_can_not_be_had(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words, is_made_up) = proofs[name], NOT_OWN[name]
    assert proof.status == "equal"
    assert words in (proof.reason or "")
    assert (proof.step is not None and proof.step.of == "made up") is is_made_up


@pytest.mark.parametrize("name", ["categorical_crossentropy", "kullback_leibler_divergence", "kld"])
def test_targets_are_distributions(name: str) -> None:
    values = own_target((3, 2, 4), name)
    assert np.allclose(values.sum(-1), 1)
    assert values.min() > 0


def test_targets_fit_the_loss() -> None:
    assert own_target((3, 7, 4), "sparse_categorical_crossentropy").shape == (3, 7, 1)
    assert set(np.unique(own_target((9, 4), "squared_hinge"))) == {0.0, 1.0}
    assert own_target((3, 4), "").min() >= 0.1


HEAD = """
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense
from keras.optimizers import SGD
X = np.load('X.npy')
"""
CUT = {
    "at the level of the module": (
        """
model = Sequential([Dense(3, input_dim=4)])
sgd = SGD(lr=0.1, decay=X.shape[0])
model.compile(loss='mse', optimizer=sgd, metrics=[X])
model.fit(X, X)
""",
        "model.compile(loss='mse', optimizer=sgd)",
        "model",
    ),
    "in the function that builds": (
        """
def build(n=3):
    model = Sequential([Dense(n, input_dim=4)])
    model.compile('sgd', 'mse')
    return model
""",
        "model.compile('sgd', 'mse')",
        "build()",
    ),
    "by the caller of it": (
        """
def build(n):
    net = Sequential([Dense(n, input_dim=4)])
    return net
model = build(3)
model.compile('sgd', 'mse')
""",
        "model.compile('sgd', 'mse')",
        "model",
    ),
    "as an attribute": (
        """
class Net:
    def __init__(self):
        self.model = Sequential([Dense(3, input_dim=4)])
        self.model.compile('sgd', 'mse')
""",
        "self.model.compile('sgd', 'mse')",
        "Net().model",
    ),
}
NOT_CUT = {
    "nowhere": ("model = Sequential([Dense(3, input_dim=4)])\n", "nothing in the source compiles the model"),
    "with what data tells": (
        "model = Sequential([Dense(3, input_dim=4)])\nmodel.compile('sgd', X)\n",
        "comes from data and is not used as a size",
    ),
    "another model": (
        "model = Sequential([Dense(3, input_dim=4)])\nother = Sequential([Dense(3, input_dim=4)])\n"
        "other.compile('sgd', 'mse')\n",
        "nothing in the source compiles the model",
    ),
}


def cut_first(text: str) -> Program | Uncut:
    first = targets(text)[0]
    return cut(text, first.scope, first.name, first.ordinal, compiled=True)


@pytest.mark.parametrize("case", CUT)
def test_a_compile_is_cut_out_too(case: str) -> None:
    text, line, target = CUT[case]
    program = cut_first(HEAD + text)
    assert isinstance(program, Program)
    assert program.target == target
    assert line in program.source
    assert ".fit(" not in program.source
    assert "np.load" not in program.source


@pytest.mark.parametrize("case", NOT_CUT)
def test_why_no_compile_is_cut_out(case: str) -> None:
    text, words = NOT_CUT[case]
    uncut = cut_first(HEAD + text)
    assert isinstance(uncut, Uncut)
    assert words in uncut.reason
