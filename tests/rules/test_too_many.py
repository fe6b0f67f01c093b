"""Calls that no release of Keras took: nothing of them is moved, for which value was meant is not known."""

from __future__ import annotations

import pytest

from .migrating import findings, rewrite

MADE = """\
from functools import partial
from keras.layers import Dense, Dropout, RepeatVector
from keras.layers.core import TimeDistributedDense
{}
"""


@pytest.mark.parametrize(
    "call",
    [
        "Dense(3, 'uniform', init='zero', input_dim=2)",
        "Dense(3, 'uniform', **{'init': 'zero'})",
        "Dropout(0.5, p=0.3)",
        "Dense(3, 'uniform', 'relu', None, None, None, None, None, None, None, True, 4, 9, 8)",
        "RepeatVector(3, 4)",  # nothing of it changes, and Keras 3 raises
        "partial(Dense, 3, 'uniform')(init='zero')",
        "partial(Dense, 3, 'uniform', 'tanh')('relu', activation='tanh')",
    ],
)
def test_it_stays_and_is_asked_about(call: str) -> None:
    text = MADE.format(f"layer = {call}")
    assert call in rewrite(text)
    told = [one for one in findings(text) if "a TypeError in Keras 1" in one.message]
    assert [one.fix for one in told] == [None]
    assert [one.code for one in told] == ["K205"]


@pytest.mark.parametrize(
    "call",
    [
        "TimeDistributedDense(3, 'uniform', init='zero')",
        "partial(TimeDistributedDense, 3, 'uniform', c(6))(3, activation='sigmoid')",
    ],
)
def test_dense_over_timesteps_keeps_its_arguments(call: str) -> None:
    text = MADE.format(f"layer = {call}")
    assert f"layer = {call.replace('TimeDistributedDense', 'Dense')}" in rewrite(text)
    told = [one for one in findings(text) if "a TypeError in Keras 1" in one.message]
    assert [(one.code, one.fix) for one in told] == [("TD005", None)]


def test_arguments_that_keras_3_takes_besides_are_its_own() -> None:
    text = MADE.format("layer = Dropout(0.5, None, 42)")
    assert "Dropout(0.5, None, 42)" in rewrite(text)
    assert not [one for one in findings(text) if "TypeError" in one.message and one.code == "K205"]


def test_sizes_that_keras_0_1_took_one_by_one_are_one_tuple() -> None:
    text = """\
from keras.models import Sequential
from keras.layers.core import Dense, Reshape, TimeDistributedDense

rows = 4
model = Sequential()
model.add(Dense(10, 100))
model.add(Reshape(5 * rows, 5))
model.add(TimeDistributedDense(5, 3))
model.add(Reshape((60,)))
"""
    new = rewrite(text)
    assert "Reshape((5 * rows, 5))" in new
    assert "model.add(Dense(3))" in new  # its input has rank 3
    assert "Reshape((60,))" in new
    assert any("(None, 20, 5) → (None, 20, 3)" in one.message for one in findings(text))


@pytest.mark.parametrize("call", ["Reshape(*sizes)", "Reshape((20, 5), 5)", "Reshape(20, dims=5)"])
def test_others_stay_as_they_are(call: str) -> None:
    text = f"from keras.layers.core import Dense, Reshape\nlayers = [Dense(10, 100), {call}]\n"
    assert call in rewrite(text)
