"""Penalties that evaluation did not have up to Keras 1.1: the line that keeps them out, and where it can't stand."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity

from .migrating import migrate

HEAD = """\
from keras.layers.core import Dense, ActivityRegularization
from keras.models import Graph, Sequential
from keras.regularizers import l2

model = Sequential()
model.add(Dense(3, input_dim=4))
"""
PENALIZED = f"{HEAD}model.add(Dense(2, W_regularizer=l2(0.01)))\nmodel.compile('sgd', 'mse')\n"
EVALUATED = "model.evaluate(x, y)\n"


ALONE = "Sequential([Dense(2, input_dim=4, W_regularizer='l2')])"
LINE = "penalize_training_only(model)"


def rows(text: str, version: str = "1.1.2", style: str = "faithful") -> list[int]:
    return [one.span.row for one in migrate(text, version, style)[1] if "C29" in one.message]


def lines(text: str, version: str = "1.1.2") -> list[str]:
    return migrate(text, version)[0].splitlines()


@pytest.mark.parametrize("version", ["0.2", "0.3.3", "1.0.8", "1.1.2"])
def test_penalties_are_kept_out_up_to_1_1(version: str) -> None:
    text = f"{PENALIZED}{EVALUATED}{EVALUATED}"
    assert rows(text, version) == rows(text, version, "exact") == [8]
    new = lines(text, version)
    assert new.count(LINE) == 1
    assert new[new.index(LINE) - 1] == "model.compile('sgd', 'mse')"
    assert "from tdmigrate.compat import penalize_training_only" in new


@pytest.mark.parametrize("version", ["0.2", "1.1.2"])
def test_in_modern_style_it_is_a_note(version: str) -> None:
    _, found = migrate(f"{PENALIZED}{EVALUATED}{EVALUATED}", version, "modern")
    assert [(one.span.row, one.severity) for one in found if "C29" in one.message] == [(9, Severity.NOTE)]


def test_since_1_2_evaluation_has_them() -> None:
    assert rows(f"{PENALIZED}{EVALUATED}", "1.2.0") == []


def test_each_compile_has_the_line_once() -> None:
    text = f"{PENALIZED}model.fit(x, y, validation_split=0.1)\nmodel.compile('sgd', 'mae')\n{EVALUATED}"
    new, _ = migrate(text, "1.1.2")
    assert new.count(LINE) == 2
    assert LINE not in migrate(new, "1.1.2")[0].replace(LINE, "", 2)


def test_beside_what_is_trained_as_it_was_compiled() -> None:
    new = lines(f"{PENALIZED}model.trainable = False\nmodel.fit(x, y)\n{EVALUATED}")
    assert {*new[new.index("model.compile('sgd', 'mse')") + 1 :][:2]} == {LINE, "keep_trainable(model)"}
    again = lines("\n".join(new) + "\n")
    assert (again.count(LINE), again.count("keep_trainable(model)")) == (1, 1)


def test_a_model_that_is_loaded_has_the_line_too() -> None:
    head = HEAD.replace("import Graph, Sequential", "import Sequential, load_model")
    text = f"{head}model.add(Dense(2, W_regularizer='l2'))\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y)\n"
    loaded = "net = load_model('net.h5')\nother = load_model('other.h5')\nnet.evaluate(x, y)\nother.predict(x)\n"
    new = lines(f"{text}{EVALUATED}{loaded}")
    assert "penalize_training_only(net)" in new
    assert "penalize_training_only(other)" not in new


@pytest.mark.parametrize(
    "text",
    [
        f"class Net:\n    def __init__(self):\n        self.net = {ALONE}\n"
        "        self.net.compile('sgd', 'mse')\n",
        f"def build():\n    net = {ALONE}\n    net.compile('sgd', 'mse')\n    return net\n",
    ],
)
def test_a_model_that_nothing_here_uses_may_be_evaluated_elsewhere(text: str) -> None:
    assert "penalize_training_only(" in migrate(f"{HEAD}\n\n{text}", "1.1.2")[0]


def test_another_model_of_the_source_stays() -> None:
    text = f"{HEAD}model.compile('sgd', 'mse')\n{EVALUATED}other = {ALONE}\n"
    assert rows(f"{text}other.compile('sgd', 'mse')\nother.evaluate(x, y)\n") == [10]


def test_a_model_without_a_name_is_left_to_a_person() -> None:
    text = f"{HEAD}def build():\n    return {ALONE}\n\nbuild().compile('sgd', 'mse')\n"
    _, found = migrate(text, "1.1.2")
    assert [(one.code, one.severity, one.fix) for one in found if "C29" in one.message] == [
        ("K305", Severity.WARNING, None)
    ]


def test_what_is_compiled_elsewhere_is_left_to_a_person() -> None:
    _, found = migrate(f"{HEAD}model.add(Dense(2, W_regularizer='l2'))\n{EVALUATED}", "1.1.2")
    assert [(one.code, one.span.row) for one in found if "C29" in one.message] == [("K305", 8)]


@pytest.mark.parametrize(
    "evaluation",
    [
        "model.fit(x, y, validation_split=0.1)",
        "model.fit(x, y, validation_data=(x, y))",
        "model.test_on_batch(x, y)",
        "model.evaluate_generator(batches, val_samples=9)",
        "model.fit_generator(batches, 9, 2, validation_data=batches, nb_val_samples=3)",
    ],
)
def test_whatever_evaluates(evaluation: str) -> None:
    assert rows(f"{PENALIZED}{evaluation}\n") == [8]


@pytest.mark.parametrize("other", ["model.fit(x, y)", "model.fit(x, y, validation_split=0.)", "model.predict(x)"])
def test_what_does_not_evaluate(other: str) -> None:
    assert rows(f"{PENALIZED}{other}\n") == []


@pytest.mark.parametrize(
    ("layer", "penalized"),
    [
        ("Dense(2, W_regularizer='l2')", True),
        ("Dense(2, W_regularizer=None)", False),
        ("ActivityRegularization(l1=0.1)", True),
        ("Dense(2)", False),
    ],
)
def test_whatever_penalizes(layer: str, penalized: bool) -> None:
    assert bool(rows(f"{HEAD}model.add({layer})\nmodel.compile('sgd', 'mse')\n{EVALUATED}")) == penalized


def test_of_a_graph_too() -> None:
    text = (
        "from keras.models import Graph\nfrom keras.layers.core import Dense\n\ngraph = Graph()\n"
        "graph.add_input(name='x', input_shape=(4,))\n{}"
        "graph.add_node(Dense(2, W_regularizer='l2'), name='d', input='x')\ngraph.add_output(name='y', input='d')\n"
        "graph.compile('sgd', {{'y': 'mse'}})\ngraph.evaluate({{'x': x, 'y': y}})\n"
    )
    assert "\npenalize_training_only(graph)\n" in migrate(text.format(""), "0.3.3")[0]
    computed = "for i in range(n):\n    graph.add_node(Dense(2), name='h%d' % i, input='x')\n"
    assert "\npenalize_training_only(graph.model)\n" in migrate(text.format(computed), "0.3.3")[0]
