"""TimeDistributed(Dense) that becomes Dense: what either of the two was told."""

from __future__ import annotations

import pytest

from test_company import LAST, migrate

HEAD = "from keras.layers import Dense, TimeDistributed\nfrom keras.models import Sequential\n\nmodel = Sequential()\n"


@pytest.mark.parametrize(
    ("inner", "outer", "text"),
    [
        ("name='a'", "name='b'", "Dense(5, name='b')"),  # the model knew the wrapper's
        ("name='a'", "trainable=False", "Dense(5, name='a', trainable=False)"),
        (
            "'zero', name='a', activation='tanh'",
            "name=n",
            "Dense(5, kernel_initializer='zeros', activation='tanh', name=n)",
        ),
        ("trainable=False", "trainable=flag", "Dense(5, trainable=(False) and (flag))"),  # either froze it
    ],
)
def test_the_name_is_the_wrapper_s(inner: str, outer: str, text: str) -> None:
    done = migrate(f"{HEAD}model.add(TimeDistributed(Dense(5, {inner}), input_shape=(None, 4), {outer}))\n", LAST)
    assert f"model.add({text})\n" in done.text
    assert done.left + done.again == ()


@pytest.mark.parametrize(
    ("inner", "version", "is_told"),
    [
        ("Dropout(0.5)", "0.3.3", True),
        ("GaussianNoise(0.5)", "0.3.3", True),
        ("Embedding(9, 2, dropout=0.5)", "0.3.3", True),
        ("Embedding(9, 2, dropout=0)", "0.3.3", False),
        ("Dense(3)", "0.3.3", False),
        ("Dropout(0.5)", "1.0.8", False),
    ],
)
def test_an_inner_layer_that_never_trained_is_told(inner: str, version: str, is_told: bool) -> None:
    head = HEAD.replace("import Dense", "import Dense, Dropout, Embedding, GaussianNoise")
    done = migrate(f"{head}model.add(TimeDistributed({inner}, input_shape=(5, 4)))\n", version)
    assert any("as in a prediction always" in one for one in done.notes) is is_told


@pytest.mark.parametrize(
    "layer",
    [
        "ThresholdedReLU(input_shape=(6, 4))",
        "LocallyConnected1D(3, 2, input_shape=(6, 4))",
        "Deconvolution2D(5, 2, 1, (None, 5, 16, 15), subsample=(2, 2), dim_ordering='th', input_shape=(1, 8, 8))",
    ],
)
def test_behind_a_layer_whose_new_shape_is_not_known_a_second_run_finds_nothing(layer: str) -> None:
    head = HEAD.replace("import Dense", f"import {layer.partition('(')[0]}, Lambda")
    done = migrate(f"{head}model.add({layer})\nmodel.add(TimeDistributed(Lambda(lambda x: x + 1.)))\n", LAST)
    assert "from tdmigrate.compat import" in done.text
    assert done.left + done.again == ()
