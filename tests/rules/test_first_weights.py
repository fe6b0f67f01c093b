"""Which layers draw their first weights otherwise, and that it is said once."""

from __future__ import annotations

import pytest

from tdmigrate.rules.context import CheckSettings

from .migrating import findings

HEAD = "from keras.layers import *\nfrom keras.layers.core import TimeDistributedDense\n"


def told(layers: list[str], style: str = "faithful", version: str = "1.2.2") -> list[int]:
    """The rows of the layers of which it is said, from 0."""
    text = HEAD + "".join(f"x = {layer}\n" for layer in layers)
    found = findings(text, CheckSettings(keras_version=version, style=style))
    return [one.span.row - 3 for one in found if "draws its first weights" in one.message]


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("LSTM(3)", True),
        ("GRU(3)", True),
        ("Dense(3)", False),
        ("Dense(3, init='uniform')", False),
        ("Dense(3, init='zero')", False),
        ("Dense(3, init='he_normal')", True),
        ("Dense(3, init='orthogonal')", True),
        ("Dense(3, init=init)", False),
        ("Convolution1D(3, 4)", True),
        ("Convolution1D(3, 4, init='uniform')", False),
        ("Convolution2D(3, 4, 4, dim_ordering='tf')", False),
        ("Activation('relu')", False),
    ],
)
@pytest.mark.parametrize("style", ["faithful", "modern"])
def test_a_layer_that_draws_otherwise_is_told(layer: str, said: bool, style: str) -> None:
    assert told([layer], style) == ([0] if said else [])


def test_it_is_told_once_and_not_in_exact_style() -> None:
    assert told(["Dense(3)", "LSTM(3)", "GRU(3)"]) == [1]
    assert told(["Dense(3)", "LSTM(3)", "GRU(3)"], "exact") == []
