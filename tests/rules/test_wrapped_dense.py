"""TimeDistributed(Dense) that becomes Dense: what either of the two was told."""

from __future__ import annotations

import pytest

from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover
from test_company import EARLY, LAST, OLD, migrate

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


def test_nor_behind_one_that_is_of_compat_in_this_style_alone() -> None:
    lines = (
        "from keras.models import Sequential\nfrom keras.layers import Dense, Embedding, TimeDistributed\n"
        "model = Sequential()\nmodel.add(Embedding(9, 5, input_length=4))\nmodel.add(TimeDistributed(Dense(2)))\n"
        "model.compile('sgd', 'mse')\nmodel.fit_generator(rows, samples_per_epoch=10, nb_epoch=1)\n"
    )
    done = migrate(lines, LAST, "exact", "theano")
    assert "from tdmigrate.compat import Embedding" in done.text
    assert done.again == ()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("TimeDistributed(Dense(2), trainable=False)", "TimeDistributed(Dense(2, trainable=False))"),
        ("TimeDistributed(Dense(2, trainable=flag), trainable=False)", "Dense(2, trainable=(flag) and (False))"),
        ("TimeDistributed(Dense(2), trainable=True)", "TimeDistributed(Dense(2), trainable=True)"),
    ],
)
def test_what_is_frozen_is_the_inner_layer(call: str, text: str) -> None:
    done = migrate(f"{HEAD}model.add(Dense(3, init='zero', input_shape=(4, 5)))\nmodel.add({call})\n", LAST)
    assert text in done.text
    assert done.left + done.again == ()


def test_a_layer_made_elsewhere_is_to_be_frozen_by_a_person() -> None:
    body = "inner = Dense(2)\nmodel.add(TimeDistributed(inner, trainable=False, input_shape=(4, 5)))\n"
    assert any("give it `trainable=False`" in one for one in migrate(HEAD + body, LAST).left)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("version", [OLD, EARLY, LAST])
def test_a_frozen_wrapper_trains_as_it_did(version: str, prover: Prover) -> None:
    text = f"""{HEAD.replace("keras.layers", "keras.layers.core").replace(", TimeDistributed", "")}
from keras.layers.wrappers import TimeDistributed
model.add(TimeDistributed(Dense(3), input_shape=(4, 5)))
model.add(TimeDistributed(Dense(2), trainable=False))
"""
    right = Job("model", 1, text, "model", migrate(text, version).text, "model", version)
    wrong = right._replace(new=right.new.replace("Dense(2, trainable=False)", "Dense(2), trainable=False"))
    assert [one.status for one in prover.prove([right, wrong])] == ["equal", "different"]
