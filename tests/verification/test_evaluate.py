"""What ``evaluate`` returns, with the metrics of the source: equal, different, and where it can't be compared."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.evaluating import SIZE, Evaluated, again, arrays, data, forms, read
from tdmigrate.verification.jobs import Compiled, Job
from tdmigrate.verification.program import Program, cut, targets
from tdmigrate.verification.prover import Prover

OLD = """
from keras import backend as K
from keras.models import Sequential
from keras.layers.core import Dense
model = Sequential()
model.add(Dense(5, input_dim=4, activation='tanh'))
"""
NEW = """
from keras import ops, Input, Sequential
from keras.layers import Dense
from tdmigrate import compat
model = Sequential()
model.add(Input((4,)))
model.add(Dense(5, activation='tanh'))
"""
SHARE = """
def share(y_true, y_pred):
    return {0}.sum({0}.abs(y_true - y_pred)) / ({0}.sum({0}.abs(y_true)) + 1)
"""
ONE = "model.add(Dense(1, activation='sigmoid'))\n"
THREE = "model.add(Dense(3, activation='softmax'))\n"
FIRST = "lambda t, p: keras.metrics.top_k_categorical_accuracy(t, p, 2)"
OLD_TWO = """
from keras.layers import Input, Dense
from keras.models import Model
x = Input(shape=(4,))
y, z = Dense(3, activation='softmax', name='kind')(x), Dense(1, name='size')(x)
model = Model(input=x, output=[y, z])
"""
NEW_TWO = """
from keras import Input, Model
from keras.layers import Dense
from tdmigrate import compat
x = Input(shape=(4,))
y, z = Dense(3, activation='softmax', name='kind')(x), Dense(1, name='size')(x)
model = Model(inputs=x, outputs=[y, z])
"""
STATES = """
from keras.layers.recurrent import SimpleRNN
model = Sequential([SimpleRNN(3, batch_input_shape=(2, 5, 4), stateful=True), Dense(1)])
"""
NEW_STATES = """
from keras.layers import SimpleRNN
model = Sequential([Input(batch_shape=(2, 5, 4)), SimpleRNN(3, stateful=True), Dense(1)])
"""


def job(version: str, old: str, new: str, old_head: str = OLD, new_head: str = NEW) -> Job:
    compiled = Compiled(old_head + old, "model", new_head + new, "model")
    return Job("model", 1, "", "model", "", "model", version, compiled=compiled, finished=True)


def measured(version: str, layer: str, loss: str, metrics: str, new: str) -> Job:
    compiling = "model.compile('sgd', {}, metrics=[{}])\n"
    old = f"{SHARE.format('K')}{layer}{compiling.format(repr(loss), metrics)}"
    return job(version, old, f"{SHARE.format('ops')}{layer}{compiling.format(repr(loss), new)}")


MASKED = """
from keras.layers import Embedding, LSTM, TimeDistributed
model = Sequential([Embedding(4, 3, mask_zero=True, input_length=5), LSTM(3, return_sequences=True)])
model.add(TimeDistributed(Dense(2)))
"""
NEW_MASKED = """
from keras.layers import Embedding, LSTM, TimeDistributed
model = Sequential([Input((5,), dtype='int32'), Embedding(4, 3, mask_zero=True)])
model.add(LSTM(3, return_sequences=True, recurrent_activation=compat.hard_sigmoid))
model.add(TimeDistributed(Dense(2)))
"""

EQUAL: dict[str, tuple[Job, tuple[str, ...]]] = {
    "metrics of one-dimensional targets": (
        measured("1.2.2", ONE, "binary_crossentropy", "'precision', 'acc', share",
                 "compat.precision, 'acc', compat.metric(share)"),
        ("loss", "precision", "acc", "share"),
    ),
    "classes": (
        measured("1.1.2", THREE, "sparse_categorical_crossentropy", "'accuracy'", "'acc'"), ("loss", "acc")),
    "one of classes": (
        measured("1.0.8", THREE, "categorical_crossentropy", "'accuracy', 'mse'", "'acc', 'mse'"),
        ("loss", "acc", "mean_squared_error"),
    ),
    "the first of classes": (
        measured("1.2.2", f"import keras.metrics\n{THREE}", "categorical_crossentropy", FIRST, FIRST),
        ("loss", "<lambda>"),
    ),
    "the accuracy that Keras 0.3 was asked for": (
        job("0.3.3", f"{THREE}model.compile('sgd', 'categorical_crossentropy')",
            f"{THREE}model.compile('sgd', 'categorical_crossentropy', metrics=['acc'])"),
        ("loss", "acc"),
    ),
    "and was not asked for": (
        job("0.2.0", f"{ONE}model.compile('sgd', 'mse', class_mode='binary')", f"{ONE}model.compile('sgd', 'mse')",
            OLD.replace("from keras import backend as K", "")),
        ("loss",),
    ),
    "several outputs": (
        job("1.2.2", "model.compile('sgd', ['kld', 'mse'], metrics={'size': 'mae', 'kind': 'acc'})",
            "model.compile('sgd', ['kld', 'mse'], metrics={'kind': ['acc'], 'size': ['mae']})",
            OLD_TWO, NEW_TWO),
        ("loss", "kind_loss", "size_loss", "kind_acc", "size_mean_absolute_error"),
    ),
    "states": (
        job("1.2.2", f"{STATES}model.compile('sgd', 'mse', metrics=['mae'])",
            f"{NEW_STATES}model.compile('sgd', 'mse', metrics=['mae'])"),
        ("loss", "mean_absolute_error"),
    ),
    "a penalty that evaluate left out": (
        job("1.1.2", "model.add(Dense(1, W_regularizer='l2'))\nmodel.compile('sgd', 'mse', metrics=['mae'])",
            "model.add(Dense(1, kernel_regularizer='l2'))\nmodel.compile('sgd', 'mse', metrics=['mae'])\n"
            "from tdmigrate.compat import penalize_training_only\npenalize_training_only(model)"),
        ("loss", "mean_absolute_error"),
    ),
    "metrics of masked steps": (
        job("1.2.2", f"{SHARE.format('K')}{MASKED}model.compile('sgd', 'mse', metrics=['mae', 'acc', share])",
            f"{SHARE.format('ops')}{NEW_MASKED}"
            "model.compile('sgd', 'mse', metrics=['mae', 'acc', compat.metric(share)])\n"
            "from tdmigrate.compat import count_masked_steps\ncount_masked_steps(model)"),
        ("loss", "mean_absolute_error", "acc", "share"),
    ),
    "a penalty that evaluate leaves out, of a model that is never evaluated": (
        job("1.1.2", "model.add(Dense(1, W_regularizer='l2'))\nmodel.compile('sgd', 'mse', metrics=['mae'])",
            "model.add(Dense(1, kernel_regularizer='l2'))\nmodel.compile('sgd', 'mse', metrics=['mae'])"),
        ("mean_absolute_error",),
    ),
}  # fmt: skip
DIFFERENT: dict[str, tuple[Job, str]] = {
    "targets of another rank": (measured("1.2.2", ONE, "mse", "share", "share"), "evaluate gives "),
    "another accuracy": (
        measured("1.2.2", THREE, "categorical_crossentropy", "'acc'", "'binary_accuracy'"), "evaluate gives "),
    "metrics that leave masked steps out": (
        job("1.2.2", f"{MASKED}model.compile('sgd', 'mse', metrics=['mae'])",
            f"{NEW_MASKED}model.compile('sgd', 'mse', metrics=['mae'])"),
        "evaluate gives "),
    "a metric that is gone": (
        measured("1.2.2", ONE, "mse", "'mae', share", "'mae'"),
        "evaluate gave loss, mean_absolute_error, share, and gives 2 numbers now"),
    "a metric that fails": (
        measured("1.2.2", ONE, "mse", "'mape'", "'matthews_correlation'"), "the new model could not be evaluated: "),
}  # fmt: skip
NOT_COMPARED: dict[str, tuple[Job, str]] = {
    "a metric that fails under Keras 1": (
        measured("1.2.2", ONE, "mse", "lambda t, p: 1 / 0", "'mae'"),
        "evaluate not compared: the old model could not be evaluated: ZeroDivisionError"),
    "a metric that is left to a person": (
        measured("1.2.2", ONE, "mse", "'mape'", "'matthews_correlation'")._replace(finished=False),
        "evaluate not compared: the new model could not be evaluated: "),
}  # fmt: skip


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> Mapping[str, Proof]:
    jobs = {name: case[0] for cases in (EQUAL, DIFFERENT, NOT_COMPARED) for name, case in cases.items()}
    return dict(zip(jobs, prover.prove(list(jobs.values())), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUAL)
def test_equal(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, numbers) = proofs[name], EQUAL[name]
    assert (proof.status, proof.reason) == ("equal", None)
    assert proof.step is not None
    assert proof.step.of == "own loss"
    assert proof.evaluate is not None
    assert proof.evaluate.numbers == numbers
    assert proof.evaluate.max_abs < 1e-12


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", DIFFERENT)
def test_different(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words) = proofs[name], DIFFERENT[name]
    assert (proof.status, proof.evaluate) == ("different", None)
    assert words in str(proof.reason)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_COMPARED)
def test_not_compared(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words) = proofs[name], NOT_COMPARED[name]
    assert (proof.status, proof.evaluate) == ("equal", None)
    assert words in str(proof.reason)
    assert proof.step is not None


def test_targets_come_in_one_dimension_too() -> None:
    whole, flat = forms([(6, 1), (6, 3)], ["binary_crossentropy", "mse"])
    assert [one.shape for one in whole] == [(6, 1), (6, 3)]
    assert [one.shape for one in flat] == [(6,), (6, 3)]
    assert flat[0].dtype.kind == "i"
    assert np.array_equal(flat[0], whole[0][:, 0])
    assert len(forms([(6, 2)], ["mse"])) == 1


@pytest.mark.parametrize(
    ("loss", "kept"),
    [
        ("categorical_crossentropy", lambda one: set(np.unique(one)) == {0.0, 1.0} and np.all(one.sum(-1) == 1)),
        ("binary_crossentropy", lambda one: set(np.unique(one)) == {0.0, 1.0}),
        ("sparse_categorical_crossentropy", lambda one: one.shape[-1] == 1 and set(np.unique(one)) <= {0, 1, 2}),
        ("kld", lambda one: np.allclose(one.sum(-1), 1) and one.min() > 0),
        ("", lambda one: {0.0, 1.0} < set(np.unique(one))),
    ],
)
def test_targets_fit_the_loss(loss: str, kept: object) -> None:
    assert callable(kept)
    assert kept(forms([(6, 4, 3)], [loss])[0][0])


def test_an_evaluation_is_read_back() -> None:
    made = Evaluated(("loss", "acc"), ((0.5, 0.25), (0.5, 0.0)), forms([(6, 1)], ["mse"]))
    found = read(data(made), arrays(made))
    assert (found.names, found.numbers, found.size, found.why) == (made.names, made.numbers, SIZE, "")
    assert all(np.array_equal(one, other) for one, other in zip(made.targets[1], found.targets[1], strict=True))
    assert again(np.ones((3, 2)), found.targets[0]).shape == (6, 2)


def test_metrics_are_cut_out_with_what_they_need() -> None:
    text = f"{OLD}{SHARE.format('K')}{ONE}model.compile('sgd', 'mse', metrics=['acc', share])\nmodel.fit(X, Y)\n"
    first = targets(text)[0]
    with_metrics, without = (
        cut(text, first.scope, first.name, first.ordinal, compiled=True, metrics=metrics) for metrics in (True, False)
    )
    assert isinstance(with_metrics, Program)
    assert isinstance(without, Program)
    assert "metrics=['acc', share])" in with_metrics.source
    assert "def share" in with_metrics.source
    assert "model.compile('sgd', 'mse')" in without.source
    assert "def share" not in without.source
