"""Shapes behind the merging layers of Keras 3, which a second run meets."""

from __future__ import annotations

import pytest

from tdmigrate.keras1.versions import ALL
from tdmigrate.understanding.models import run
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.shapes import show

ANY = "a shape of unknown rank"
HEAD = """\
import keras
from keras import layers
from keras.layers import Add, Average, Concatenate, Dense, Dot, Input, Maximum, Minimum, Multiply, Subtract
from keras.layers import add, concatenate, dot, TimeDistributed
from keras.models import Sequential
a = Input(shape=(7, 6))
b = Input(shape=(7, 6))
c = Input(shape=(7, 5))
"""


def shape(text: str) -> str:
    """The input of the Dense with 99 units."""
    module = Module(HEAD + text)
    facts = run(module, Names(module, ALL), ALL)
    [use] = [one for one in facts.layers if module.segment(one.node) == "Dense(99)"]
    return show(use.inputs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(f"Dense(99)({name}()([a, b]))\n", "(None, 7, 6)")
          for name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract")],
        ("Dense(99)(Concatenate()([a, c]))\n", "(None, 7, 11)"),
        ("Dense(99)(Concatenate(axis=1)([a, b]))\n", "(None, 14, 6)"),
        ("Dense(99)(Concatenate(1)([a, b, b]))\n", "(None, 21, 6)"),
        ("Dense(99)(layers.Concatenate(axis=-1)([a, c]))\n", "(None, 7, 11)"),
        ("Dense(99)(keras.layers.add([a, b]))\n", "(None, 7, 6)"),
        ("Dense(99)(concatenate([a, c]))\n", "(None, 7, 11)"),
        ("Dense(99)(concatenate([a, b], axis=1))\n", "(None, 14, 6)"),
        ("Dense(99)(concatenate(inputs=[a, b], axis=1))\n", "(None, 14, 6)"),
        ("Dense(99)(Dot(axes=2)([a, b]))\n", "(None, 7, 7)"),
        ("Dense(99)(Dot(axes=(1, 1), normalize=True)([a, b]))\n", "(None, 6, 6)"),
        ("Dense(99)(dot([a, b], axes=2))\n", "(None, 7, 7)"),
        ("join = Concatenate()\nDense(99)(join([a, join([a, c])]))\n", "(None, 7, 17)"),
        ("both = [a, b]\nDense(99)(Add()(both))\n", "(None, 7, 6)"),
        ("join = Add() if flag else Multiply()\nDense(99)(join([a, b]))\n", "(None, 7, 6)"),
        ("Dense(99)(Concatenate()([other, c]))\n", "(None, 7, ?)"),
        ("Dense(99)(Concatenate(axis=n)([a, b]))\n", "(None, ?, ?)"),
        ("Dense(99)(Concatenate(**options)([a, b]))\n", "(None, ?, ?)"),
        ("Dense(99)(Add()(tensors))\n", ANY),
    ],
)  # fmt: skip
def test_the_shape_behind_it(text: str, expected: str) -> None:
    assert shape(text) == expected
