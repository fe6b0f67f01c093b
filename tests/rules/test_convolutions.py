"""Convolutions and poolings: their activations, and where their channels are."""

from __future__ import annotations

import pytest

from tdmigrate.rules.context import CheckSettings

from .migrating import findings, migrate

HEAD = "from keras.layers.convolutional import Convolution1D, Convolution2D\nfrom keras.models import Sequential\n"
MODEL = HEAD + "model = Sequential()\nmodel.add({})\n"
SEQUENCE = "Convolution1D(5, 3, activation={}, input_shape=(6, 3))"
IMAGE = "Convolution2D(5, 3, 3, activation={}, input_shape=(2, 6, 3))"


@pytest.mark.parametrize(
    ("layer", "activation", "version", "is_told"),
    [
        (SEQUENCE, "'softmax'", "0.2.0", True),
        (SEQUENCE, "'softmax'", "0.3.3", True),
        (SEQUENCE, "'softmax'", "1.0.8", False),
        (SEQUENCE, "'softmax'", "1.2.2", False),
        (SEQUENCE, "'relu'", "0.2.0", False),
        (IMAGE, "'softmax'", "0.2.0", False),
    ],
)
def test_a_softmax_over_an_axis_of_one(layer: str, activation: str, version: str, is_told: bool) -> None:
    found = findings(MODEL.format(layer.format(activation)), CheckSettings(keras_version=version))
    told = [one for one in found if "over an axis of length 1" in one.message]
    assert bool(told) is is_told
    assert all(one.code == "K205" and one.fix is None for one in told)


@pytest.mark.parametrize("ordering", ["'tf'", "dim_ordering='tf'"])
def test_shapes_are_known_behind_what_a_first_run_wrote(ordering: str) -> None:
    """A second run that did not know them would take the wrapper from elsewhere; ``migrate`` holds that it is quiet."""
    text = (
        "from keras.layers.convolutional import MaxPooling2D\nfrom keras.layers.wrappers import TimeDistributed\n"
        "from keras.models import Sequential\nmodel = Sequential()\n"
        f"model.add(MaxPooling2D((2, 1), (2, 1), 'valid', {ordering}, input_shape=(8, 5, 1)))\n"
        "model.add(TimeDistributed(inner))\n"
    )
    new, _ = migrate(text, "1.2.2")
    assert "from keras.layers import MaxPooling2D, TimeDistributed" in new
