"""Penalties of regularizers, which counted in training alone."""

from __future__ import annotations

import pytest

from .migrating import migrate

TEXT = """\
from keras.layers.core import *
from keras.models import Sequential
model = Sequential()
model.add(Dense(3, input_dim=4{}))
{}model.compile('sgd', 'mse')
"""
MORE = "model.add(ActivityRegularization(0.1))\n"
GRAPH = """\
from keras.layers.core import Dense
from keras.models import Graph
graph = Graph()
graph.add_input(name='a', input_shape=(3,))
graph.add_node(Dense(2, W_regularizer='l2'), name='b', input='a')
graph.add_output(name='c', input='b')
graph.compile('sgd', {'c': 'mse'})
"""


@pytest.mark.parametrize(
    ("version", "text", "told"),
    [
        ("1.1.2", TEXT.format(", W_regularizer='l2'", ""), True),
        ("0.2.0", TEXT.format(", b_regularizer=penalty", ""), True),
        ("0.3.3", TEXT.format("", MORE), True),
        ("0.3.3", GRAPH, True),
        ("1.1.2", TEXT.format(", W_regularizer=None", ""), False),
        ("1.2.2", TEXT.format(", W_regularizer='l2'", ""), False),
    ],
)
def test_what_they_add_to_is_told(version: str, text: str, told: bool) -> None:
    _, found = migrate(text, version)
    assert [one.code for one in found if "in training alone" in one.message] == (["K306"] if told else [])
