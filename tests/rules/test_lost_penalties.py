"""Penalties that count otherwise in Keras 3: what is told of them."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = "from keras.layers import *\nfrom keras.models import Model, Sequential\n"
PART = (
    HEAD
    + "part = Sequential()\npart.add({})\nmodel = Sequential()\nmodel.add(Dense(4, input_dim=3))\nmodel.add(part)\n"
)
ALONE = HEAD + "model = Sequential()\nmodel.add({})\n"
MERGED = (
    HEAD + "left = Sequential()\nleft.add({})\nright = Sequential()\nright.add(Dense(3, input_dim=4))\n"
    "model = Sequential()\nmodel.add(Merge([left, right], mode='concat'))\n"
)


def told(text: str, version: str = "1.2.2", words: str = "") -> list[int]:
    return [one.span.row for one in migrate(text, version)[1] if words in one.message]


@pytest.mark.parametrize(
    ("form", "layer", "version", "rows"),
    [
        (PART, "Dense(2, activity_regularizer='activity_l2', input_dim=4)", "1.2.2", [4]),
        (PART, "ActivityRegularization(0.1, input_shape=(4,))", "1.2.2", [4]),
        (PART, "Dense(2, activity_regularizer=None, input_dim=4)", "1.2.2", []),
        (PART, "Dense(2, W_regularizer='l2', input_dim=4)", "1.2.2", []),
        (PART, "ActivityRegularization(0.1, input_shape=(4,))", "1.1.2", []),  # there it did not train at all
        (ALONE, "ActivityRegularization(0.1, input_shape=(4,))", "1.2.2", []),
    ],
)
def test_penalties_of_outputs_inside_a_part(form: str, layer: str, version: str, rows: list[int]) -> None:
    assert told(form.format(layer), version, "counts now, too") == rows


@pytest.mark.parametrize(
    ("form", "layer", "version", "rows"),
    [
        (PART, "TimeDistributed(Dense(2, W_regularizer='l2'), input_shape=(3, 4))", "1.2.2", [4]),
        (PART, "Bidirectional(LSTM(2, W_regularizer='l2'), input_shape=(3, 4))", "1.2.2", [4]),
        (PART, "TimeDistributed(Dense(2, W_regularizer='l2'), input_shape=(3, 4))", "1.1.2", []),
        (PART, "TimeDistributed(Dense(2), input_shape=(3, 4))", "1.2.2", []),
        (ALONE, "TimeDistributed(Dense(2, W_regularizer='l2'), input_shape=(3, 4))", "1.2.2", []),
    ],
)
def test_penalties_inside_a_wrapper_inside_a_part(form: str, layer: str, version: str, rows: list[int]) -> None:
    assert told(form.format(layer), version, "of its inner layer add to the loss") == rows


@pytest.mark.parametrize(
    ("layer", "rows"),
    [
        ("Dense(2, W_regularizer='l2', trainable=False, input_dim=4)", [4]),
        ("LSTM(2, b_regularizer='l2', trainable=False, input_shape=(4, 3))", [4]),
        ("Dense(2, W_regularizer='l2', trainable=True, input_dim=4)", []),
        ("Dense(2, W_regularizer=None, trainable=False, input_dim=4)", []),
        ("Dense(2, trainable=False, activity_regularizer='activity_l2', input_dim=4)", []),
    ],
)
def test_penalties_of_frozen_weights(layer: str, rows: list[int]) -> None:
    assert told(ALONE.format(layer), words="of weights that are not trained") == rows
    assert told(ALONE.format(layer), "0.3.3", "of weights that are not trained") == []


@pytest.mark.parametrize(
    ("layer", "version", "rows"),
    [
        ("Dense(2, activity_regularizer='activity_l2', trainable=False, input_dim=4)", "0.3.3", [4]),
        ("Dense(2, activity_regularizer='activity_l2', trainable=True, input_dim=4)", "0.3.3", []),
        ("Dense(2, W_regularizer='l2', trainable=False, input_dim=4)", "0.3.3", []),
        ("Dense(2, activity_regularizer='activity_l2', trainable=False, input_dim=4)", "1.0.8", []),
    ],
)
def test_penalties_of_outputs_of_a_frozen_layer(layer: str, version: str, rows: list[int]) -> None:
    assert told(ALONE.format(layer), version, "though it is not trained") == rows


@pytest.mark.parametrize(
    ("layer", "version", "rows"),
    [
        ("BatchNormalization(input_shape=(4,))", "1.2.2", [8]),
        ("BatchNormalization(input_shape=(4,))", "1.1.2", [8]),
        ("BatchNormalization(input_shape=(4,))", "0.3.3", [8]),
        ("BatchNormalization(input_shape=(4,))", "1.0.8", []),
        ("Dense(2, input_dim=4)", "1.2.2", []),
    ],
)
def test_running_averages_of_merged_models(layer: str, version: str, rows: list[int]) -> None:
    assert told(MERGED.format(layer), version, "running averages") == rows
