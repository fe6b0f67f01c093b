"""Metrics of compile that Keras 3 would give other targets, logits or accuracies than Keras 1."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from keras.utils.np_utils import to_categorical
from project import imported


def own(t, p):
    return K.mean(K.abs(p - t), axis=-1)


def whole(t, p):
    return K.sum(t * p)


def pair(t, p):
    return {'low': K.min(p - t), 'high': K.max(p - t)}


def made(t, p):
    found = {}
    found[str(1)] = K.min(p)
    return found


m = Sequential()
m.add(Dense(4, input_dim=3))
"""
TRAINED = "\nm.add(Dense({}))\nm.compile('sgd', 'mse', metrics={})\nm.fit(x, {})\n"


def compiled(units: str, metrics: str, y: str = "y", style: str = "faithful") -> str:
    new, _ = migrate(HEAD + TRAINED.format(units, metrics, y), style=style)
    return new.rpartition("metrics=")[2].partition(")\nm.fit")[0]


@pytest.mark.parametrize("style", ["faithful", "exact"])
@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ("[own]", "[metric(own)]"),
        ("[own, imported]", "[metric(own), metric(imported)]"),
        ("[lambda t, p: p]", "[metric(lambda t, p: p)]"),
        ("{'a': [own], 'b': whole}", "{'a': [metric(own)], 'b': metric(whole)}"),
        ("[imported.r2, imported.made(2)]", "[metric(imported.r2), metric(imported.made(2))]"),
        ("(own,)", "(metric(own),)"),
        ("[own if x else whole]", "[metric(own) if x else metric(whole)]"),
        ("[pair]", "[metric(pair, 'low'), metric(pair, 'high')]"),
        ("{'a': pair}", "{'a': [metric(pair, 'low'), metric(pair, 'high')]}"),
        ("chosen", "metrics_of(chosen, 'mse')"),
        ("['mean_squared_error']", "['mean_squared_error']"),
    ],
)
def test_own_metrics_get_what_keras_1_gave_them(metrics: str, expected: str, style: str) -> None:
    assert compiled("1", metrics, style=style) == expected


@pytest.mark.parametrize(
    "y",
    ["to_categorical(c)", "np.random.rand(9, 4)", "np.zeros(9)[:, None] / 2.0", "X / 255.", "(X / 2.0).reshape(-1, 1)"],
)
def test_floats_of_the_outputs_rank_prove_that_nothing_differs(y: str) -> None:
    text = f"{HEAD}X = np.ones((9, 4), 'uint8')\n{TRAINED.format(4, '[own, whole, imported]', y)}"
    assert "metrics=[own, metric(whole), metric(imported)]" in migrate(text)[0]


@pytest.mark.parametrize(
    "y",
    ["to_categorical(c).astype('int32')", "np.zeros((9, 4), dtype=int)", "c", "np.zeros(9)", "np.reshape(c / 2.0, -1)"],
)
def test_whole_numbers_and_one_axis_do_not(y: str) -> None:
    assert compiled("4", "[own]", y) == "[metric(own)]"


def test_targets_are_followed_through_variables() -> None:
    before = "y = to_categorical(c)\na, b, y, z = train_test_split(x, y)\nm.compile('sgd', 'mse', metrics=[own])\n"
    calls = "m.fit(a, y, validation_data=(b, z))\nm.evaluate(b, z[:9])\n"
    assert "metrics=[own]" in migrate(f"{HEAD}{before.replace(' y, z =', ' u, z =')}{calls}")[0]
    assert "metrics=[metric(own)]" in migrate(f"{HEAD}{before}{calls}m.evaluate(x, loaded)\n")[0]


def test_metrics_of_a_variable_are_wrapped_where_they_are_written() -> None:
    new, _ = migrate(f"{HEAD}wanted = [own]\nm.compile('sgd', 'mse', metrics=wanted)\n")
    assert "wanted = [metric(own)]\nm.compile('sgd', 'mse', metrics=wanted)\n" in new


def test_modern_style_is_told() -> None:
    new, found = migrate(f"{HEAD}m.compile('sgd', 'mse', metrics=[own])\n", style="modern")
    assert "metrics=[own]" in new
    assert [one for one in found if one.code == "K306" and "one-dimensional" in one.message]


def test_a_dict_of_unknown_keys_is_a_finding() -> None:
    _, found = migrate(f"{HEAD}m.compile('sgd', 'mse', metrics=[made])\n")
    assert [one for one in found if one.code == "K305" and "returns a dict" in one.message]


@pytest.mark.parametrize(
    ("units", "name", "expected"),
    [
        ("1", "poisson", "poisson"),
        ("4", "poisson", "'poisson'"),
        ("1", "binary_crossentropy", "binary_crossentropy"),
        ("4, activation='sigmoid'", "binary_crossentropy", "'binary_crossentropy'"),
        ("4, activation='softmax'", "binary_crossentropy", "binary_crossentropy"),
        ("4, activation='sigmoid'", "categorical_crossentropy", "categorical_crossentropy"),
        ("4, activation='softmax'", "categorical_crossentropy", "'categorical_crossentropy'"),
        ("1", "kullback_leibler_divergence", "kullback_leibler_divergence"),
        ("1", "binary_accuracy", "binary_accuracy"),
        ("1, activation='sigmoid'", "binary_accuracy", "'binary_accuracy'"),
    ],
)
def test_named_metrics_come_from_compat_where_keras_3_differs(units: str, name: str, expected: str) -> None:
    assert compiled(units, f"['{name}']") == f"[{expected}]"


@pytest.mark.parametrize(
    ("before", "loss", "expected"),
    [
        ("", "args.loss", "accuracy_of(args.loss)"),
        ("", "config['loss']", "accuracy_of(config['loss'])"),
        ("", "config.get('loss')", "accuracy_of(config.get('loss'))"),
        ("LOSS = 'binary_crossentropy'\n", "LOSS", "BinaryAccuracy(name='acc')"),
        ("LOSS = 'mse'\n", "LOSS", "'acc'"),
        ("for loss in ['mse', 'binary_crossentropy']:\n    ", "loss", "accuracy_of(loss)"),
        ("def build(loss='mse'):\n    ", "loss", "accuracy_of(loss)"),
        ("", "own", "acc"),
    ],
)
def test_accuracies_of_a_loss_of_run_time_are_decided_there(before: str, loss: str, expected: str) -> None:
    text = f"{HEAD}m.add(Dense(3))\n{before}m.compile('sgd', loss={loss}, metrics=['accuracy'])\n"
    assert migrate(text)[0].rpartition("metrics=")[2] == f"[{expected}])\n"


@pytest.mark.parametrize(("backend", "told"), [("theano", True), ("tensorflow", False)])
def test_directions_of_nothing_are_told_on_theano(backend: str, told: bool) -> None:
    for given in ("'cosine_proximity'", "'mse', metrics=['cosine_proximity']"):
        _, found = migrate(f"{HEAD}m.compile('sgd', {given})\n", backend=backend)
        assert any("vector of zeros" in one.message for one in found) is told


@pytest.mark.parametrize(
    ("given", "new"),
    [
        ("metrics", "metrics_of(metrics, loss)"),
        ("list(metrics)", "metrics_of(list(metrics), loss)"),
        ("['accuracy'] + metrics", "metrics_of(['accuracy'] + metrics, loss)"),
        ("conf.METRICS", "metrics_of(conf.METRICS, loss)"),
        ("['accuracy']", "[accuracy_of(loss)]"),
        ("None", "None"),
    ],
)
def test_metrics_from_elsewhere_are_looked_at_at_run_time(given: str, new: str) -> None:
    text = (
        "import conf\nfrom keras.layers import Dense\nfrom keras.models import Sequential\n\n\n"
        "def build(metrics, loss='mse'):\n    model = Sequential()\n    model.add(Dense(3, input_dim=4, init='zero'))\n"
        f"    model.compile('sgd', loss, metrics={given})\n    return model\n\n\nbuild(['accuracy', 'precision'])\n"
    )
    once, found = migrate(text)
    assert f"metrics={new})" in once
    assert migrate(once)[0] == once
    assert "K305" not in {finding.code for finding in found}
