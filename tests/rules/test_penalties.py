"""Penalties that evaluation did not have up to Keras 1.1: what is told of them, and where."""

from __future__ import annotations

import pytest

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


def rows(text: str, version: str = "1.1.2", style: str = "faithful") -> list[int]:
    return [one.span.row for one in migrate(text, version, style)[1] if "C29" in one.message]


@pytest.mark.parametrize("style", ["faithful", "modern", "exact"])
@pytest.mark.parametrize("version", ["0.2", "0.3.3", "1.0.8", "1.1.2"])
def test_it_is_told_once_up_to_1_1(version: str, style: str) -> None:
    assert rows(f"{PENALIZED}{EVALUATED}{EVALUATED}", version, style) == [9]


def test_since_1_2_evaluation_has_them() -> None:
    assert rows(f"{PENALIZED}{EVALUATED}", "1.2.0") == []


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
    assert rows(f"{PENALIZED}{evaluation}\n") == [9]


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
        "graph.add_input(name='x', input_shape=(4,))\n"
        "graph.add_node(Dense(2, W_regularizer='l2'), name='d', input='x')\ngraph.add_output(name='y', input='d')\n"
        "graph.compile('sgd', {'y': 'mse'})\ngraph.evaluate({'x': x, 'y': y})\n"
    )
    assert rows(text, "0.3.3") == [9]
