"""Sources in other people's manner: what broke once, and every fixture under other settings."""

from __future__ import annotations

import pytest

from cases import CASES
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.sources.text import decode
from tdmigrate.understanding.module import Module

from .migrating import DEFAULT, findings, fixable, rewrite

HEAD = "from keras.models import Sequential\nfrom keras.layers.core import Dense, TimeDistributedDense\n"


def said(text: str, code: str, settings: CheckSettings = DEFAULT) -> str:
    return "\n".join(one.message for one in findings(text, settings) if one.code == code)


@pytest.mark.parametrize(
    "settings",
    [
        CheckSettings(style="exact"),
        CheckSettings(style="modern"),
        CheckSettings(td_style="time-distributed"),
        CheckSettings(keras_version="0.2"),
    ],
    ids=["exact", "modern", "time-distributed", "pinned"],
)
def test_every_fixture_is_done_after_one_run(settings: CheckSettings) -> None:
    for case in CASES:
        once = rewrite(decode("before.py", case.before).text, settings)
        again = [(one.span.row, one.code) for one in fixable(once, settings)]
        assert not again, (case.name, again, once)


def test_a_layer_that_a_call_may_make_says_what_each_needs() -> None:
    text = HEAD + (
        "from keras.layers.recurrent import GRU, LSTM\n"
        "def cell(kind, n, dim):\n"
        "    return {'gru': GRU, 'lstm': LSTM}[kind](n, input_dim=dim, U_regularizer='l2')\n"
        "model = Sequential()\n"
        "model.add(TimeDistributedDense(3))\n"
    )
    message = said(text, "K208")
    assert "this call may make GRU or LSTM" in message
    assert "reset_after=False" in message
    assert message.count("`U_regularizer` is `recurrent_regularizer`") == 2
    assert "U_regularizer='l2'" in rewrite(text)


def test_a_layer_handed_on_unseen_is_a_note() -> None:
    text = HEAD + "from keras.layers import LSTM\nCELLS = {'lstm': LSTM}\nhead = TimeDistributedDense(3)\n"
    assert "LSTM as a value" in said(text, "K206")


@pytest.mark.parametrize("init", ["lambda shape, name=None: small(shape)", "small"])
def test_an_initializer_of_its_own_is_called_with_a_shape_alone(init: str) -> None:
    text = HEAD + f"def small(shape, name=None):\n    return shape\nlayer = TimeDistributedDense(3, init={init})\n"
    assert f"kernel_initializer=Keras1Initializer({init})" in rewrite(text)


def test_a_frozen_penalty_is_told() -> None:
    text = HEAD + "layer = TimeDistributedDense(3, W_regularizer='l2', trainable=False)\n"
    assert "the loss that is shown lacks this constant" in said(text, "TD005")
    assert "lacks" not in said(text.replace("False", "True"), "TD005")


def test_a_comparison_with_the_class_is_told_as_such() -> None:
    text = HEAD + "def is_head(layer):\n    return isinstance(layer, TimeDistributedDense)\n"
    assert "is compared with TimeDistributedDense" in said(text, "TD007")


def test_the_old_softmax_tells_the_release_wherever_it_stands() -> None:
    text = HEAD + (
        "from keras.layers.core import Activation\n"
        "from keras.layers.recurrent import SimpleRNN\n"
        "def act(name):\n"
        "    return Activation(name)\n"
        "layers = [SimpleRNN(4), TimeDistributedDense(3), act('time_distributed_softmax')]\n"
    )
    assert "SimpleRNN(4, activation='sigmoid')" in rewrite(text)  # as in 0.1 and 0.2


def test_a_free_time_axis_is_not_of_1_2() -> None:
    """There Theano refused it, so that the defaults of 1.1 hold, which the proof runs too."""
    text = HEAD + (
        "from keras.layers import LSTM, BatchNormalization\n"
        "model = Sequential()\n"
        "model.add(LSTM(4, return_sequences=True, input_dim=3))\n"
        "model.add(BatchNormalization())\n"
        "model.add(TimeDistributedDense(3))\n"
    )
    assert "BatchNormalization(epsilon=1e-05)" in rewrite(text)
    assert "BatchNormalization()" in rewrite(text.replace("input_dim=3", "input_shape=(7, 3)"))


def test_a_pinned_version_leaves_migrated_sources_alone() -> None:
    text = HEAD + "from keras.layers.recurrent import LSTM\nlayers = [LSTM(4), TimeDistributedDense(3), Dense(2)]\n"
    settings = CheckSettings(keras_version="0.2")
    once = rewrite(text, settings)
    assert "LSTM(4, recurrent_activation=hard_sigmoid)" in once
    assert findings(once, settings) == ()


def test_a_partial_holds_the_shape_for_a_person() -> None:
    text = HEAD + (
        "from functools import partial\n"
        "head = partial(TimeDistributedDense, 16, 3)\n"
        "model = Sequential()\n"
        "model.add(head())\n"
    )
    assert "`input_dim` in functools.partial" in said(text, "TD005")
    assert fixable(rewrite(text)) == []


def test_arguments_that_may_not_change_hold_the_call_back() -> None:
    text = HEAD + "layer = TimeDistributedDense(3, init='uniform')\nother = TimeDistributedDense(4)\n"
    once = rewrite(text, CheckSettings(ignore=("TD005",)))
    assert "TimeDistributedDense(3, init='uniform')" in once
    assert "other = Dense(4)" in once
    assert "import Dense, TimeDistributedDense" in once or "import TimeDistributedDense" in once


def test_an_import_that_may_not_change_does_not_give_the_new_name() -> None:
    text = "def build():\n    from keras.layers.core import TimeDistributedDense\n    return TimeDistributedDense(3)\n"
    assert "from keras.layers import Dense\n" in rewrite(text, CheckSettings(ignore=("TD006",)))


def test_an_unused_import_of_a_gone_name_goes() -> None:
    text = HEAD + "from keras.layers import merge\nlayer = TimeDistributedDense(3)\n"
    assert "merge" not in rewrite(text)
    kept = check(Module(text, "nets/__init__.py"), CheckSettings()).findings
    assert [one.fix for one in kept if one.code == "K102"] == [None]


def test_a_penalty_that_the_old_wrapper_lost_is_told() -> None:
    text = HEAD + (
        "from keras.layers.wrappers import TimeDistributed\n"
        "layers = [TimeDistributed(Dense(3, activity_regularizer='activity_l2')), TimeDistributedDense(2)]\n"
    )
    assert "it lost the inner layer's activity_regularizer" in said(text, "K206")
    assert "it lost" not in said(text, "K206", CheckSettings(keras_version="1.2"))


ALIAS = HEAD + "TDD = TimeDistributedDense\nlayer = TDD(3, init='uniform')\n"


@pytest.mark.parametrize("ignored", ["TD001", "TD005", "TD007"])
def test_an_alias_its_calls_and_their_arguments_move_together(ignored: str) -> None:
    settings = CheckSettings(ignore=(ignored,))
    once = rewrite(ALIAS, settings)
    assert "TDD = TimeDistributedDense" in once
    assert "TDD(3, init='uniform')" in once
    assert fixable(once, settings) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Conv2D(4, (3, 3), subsample=(2, 2), padding='same')", "Conv2D(4, (3, 3), strides=(2, 2), padding='same')"),
        ("Conv2D(4, 3, W_regularizer='l2', bias=False)", "Conv2D(4, 3, kernel_regularizer='l2', use_bias=False)"),
        ("Conv2D(4, (3, 3), dim_ordering='th')", "Conv2D(4, (3, 3), data_format='channels_first')"),
        ("Conv2D(4, (3, 3), strides=2, activation='relu')", "Conv2D(4, (3, 3), strides=2, activation='relu')"),
    ],
)
def test_words_of_keras_1_in_a_call_in_the_form_of_keras_2(before: str, after: str) -> None:
    head = "from keras.layers import Conv2D, Dense\n"
    assert f"\ny = {after}\n" in rewrite(f"{head}x = Dense(output_dim=3)\ny = {before}\n")


def test_a_wrapper_behind_a_merge_is_done_after_one_run() -> None:
    text = (
        "import keras.layers as L\n\nx = L.Input(shape=(12, 3))\n"
        "h = L.merge([L.LSTM(4, return_sequences=True)(x)] * 2, mode='concat')\n"
        "h = L.TimeDistributed(L.Dense(5))(h)\n"
    )
    new = rewrite(text)
    assert "h = L.Dense(5)(h)\n" in new
    assert fixable(new) == []
