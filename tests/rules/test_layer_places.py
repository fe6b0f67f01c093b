"""Layers that are asked for by their places."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from keras.layers import Activation, Convolution2D, Dense, Input, Merge
from keras.models import Model, Sequential
"""
CHAIN = "m = Sequential([Dense(3, input_dim=4), Activation('relu'), Dense(2)])\n"
MERGED = """\
a, b = Sequential([Dense(3, input_dim=4)]), Sequential([Dense(3, input_dim=2)])
m = Sequential()
m.add(Merge([a, b], mode='concat'))
m.add(Dense(2))
m.add(Dense(1))
"""


def last(text: str) -> tuple[str, list[str]]:
    """The last line, and what is left to a person there."""
    new, found = migrate(HEAD + text)
    row = (HEAD + text).count("\n")
    left = [one for one in found if one.fix is None and one.span.row == row and one.severity.value != "note"]
    return new.splitlines()[-1], [f"{one.code} {one.message}" for one in left]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m.get_layer(index=1).name", "m.layers[0].name"),
        ("m.get_layer(None, 3)", "m.layers[2]"),
        ("m.get_layer(index=-1)", "m.layers[-1]"),
        ("m.get_layer('a', 2)", "m.layers[1]"),
        ("m.get_layer('a')", "m.get_layer('a')"),
    ],
)
def test_a_sequential_had_its_input_layer_first(before: str, after: str) -> None:
    assert last(f"{CHAIN}{before}\n") == (after, [])


def test_places_of_functional_models_stay() -> None:
    text = "x = Input(shape=(3,))\nm = Model(input=x, output=Dense(2)(x))\nm.get_layer(index=1)\n"
    assert last(text) == ("m.get_layer(index=1)", [])


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (CHAIN, "m.get_layer(index=0)"),
        (CHAIN, "[m.get_layer(index=i) for i in range(1, 3)]"),
        (MERGED, "m.get_layer(index=4)"),
    ],
)
def test_other_places_are_asked_about(head: str, line: str) -> None:
    new, (message,) = last(f"{head}{line}\n")
    assert new == line
    assert "K305 Sequential.get_layer: Keras 1 counted the InputLayer" in message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m.layers[1].trainable = False", "m.layers[-3:][1].trainable = False"),
        ("for one in m.layers[1:]: print(one)", "for one in m.layers[-3:][1:]: print(one)"),
        ("len(m.layers)", "len(m.layers[-3:])"),
        ("m.layers[-1].name", "m.layers[-1].name"),
        ("m.layers[-2].name", "m.layers[-2].name"),
    ],
)
def test_layers_behind_a_merge_are_the_last_ones(before: str, after: str) -> None:
    assert last(f"{MERGED}{before}\n") == (after, [])


@pytest.mark.parametrize("line", ["m.layers[0].layers[1]", "m.layers[-3].layers"])
def test_a_merge_has_no_layers(line: str) -> None:
    new, left = last(f"{MERGED}{line}\n")
    assert new == line
    assert any(one.startswith("K308 ") and "name the part" in one for one in left)


def test_layers_that_pad_may_stand_between() -> None:
    text = "m = Sequential([Merge([a, b]), Convolution2D(2, 3, 3, border_mode='same')])\nm.layers[1].name\n"
    new, (message,) = last(f"a, b = Sequential([Dense(3, input_dim=4)]), Sequential([Dense(3, input_dim=2)])\n{text}")
    assert new == "m.layers[1].name"
    assert "a layer that pads" in message
