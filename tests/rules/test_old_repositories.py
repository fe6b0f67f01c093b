"""Programs in the manner of old repositories: what went wrong in one of them, each as small as it could be made."""

from __future__ import annotations

import pytest

from tdmigrate.rules.check import check
from tdmigrate.understanding.module import Module

from .migrating import DEFAULT, findings, rewrite


def said(text: str, code: str) -> list[str]:
    return [one.message for one in findings(text) if one.code == code]


STARS = (
    "from keras.layers.core import *\n"
    "from keras.layers.recurrent import *\n"
    "from keras.regularizers import *\n"
    "\n"
    "maxout = MaxoutDense(4, nb_feature=2)\n"
    "layers = [Highway, Highway()]\n"
    "penalty = activity_l2(0.1)\n"
)


def test_what_a_star_brought_and_keras_3_lacks_comes_from_compat() -> None:
    once = rewrite(STARS)
    assert once == (
        "from keras.layers import *\n"
        "from keras.regularizers import *\n"
        "from tdmigrate.compat import MaxoutDense, Highway, activity_l2\n"
        "\n"
        "maxout = MaxoutDense(4, features=2)\n"
        "layers = [Highway, Highway()]\n"
        "penalty = activity_l2(0.1)\n"
    )
    assert not findings(once)


@pytest.mark.parametrize("name", ["K", "np"])
def test_modules_that_came_with_all_of_keras_layers_are_told(name: str) -> None:
    text = f"from keras.layers import *\nlayer = Dense(output_dim=3)\nvalue = {name}.zeros((2, 2))\n"
    assert said(text, "K102") == [
        f"`{name}` came with the import of * from keras.layers; in Keras 3 it does not: import it"
    ]
    assert not said(f"import numpy as {name}\n{text}", "K102")


def test_modules_of_keras_3_are_left_alone_in_a_source_half_rewritten() -> None:
    text = (
        "import keras.ops\n"
        "from keras import config, ops\n"
        "from keras.ops import mean\n"
        "from keras.layers import Dense\n"
        "\n"
        "layer = Dense(output_dim=3)\n"
        "value = mean(keras.ops.ones((2, 4))), ops, config\n"
    )
    assert rewrite(text) == text.replace("output_dim=3", "units=3")
    assert [one.code for one in findings(text)] == ["K201"]


CHOSEN = (
    "from keras.layers import GRU, LSTM, Dense\n"
    "from keras.models import Sequential\n"
    "CELLS = {{'lstm': LSTM, 'gru': GRU}}\n"
    "def build(kind='lstm'):\n"
    "{choice}"
    "    model = Sequential([Dense(3, init='normal', input_dim=4)])\n"
    "    model.add(cell(8))\n"
    "    return model\n"
    "build({given})\n"
)


@pytest.mark.parametrize(
    "choice",
    [
        "    cell = CELLS[kind]\n",
        "    cell = CELLS.get(kind, LSTM)\n",
        "    name = kind.lower()\n    cell = CELLS[name]\n",
        "    cell = GRU if kind == 'gru' else LSTM\n",
        "    if kind == 'lstm':\n        cell = LSTM\n    else:\n        cell = GRU\n",
    ],
)
def test_the_default_of_a_parameter_is_not_the_only_layer_that_it_may_choose(choice: str) -> None:
    text = CHOSEN.format(choice=choice, given="")
    assert "this call may make GRU or LSTM" in said(text, "K208")[0]
    assert "model.add(cell(8))" in rewrite(text)
    told = rewrite(CHOSEN.format(choice=choice, given="'lstm'"))
    assert "model.add(cell(8, recurrent_activation=hard_sigmoid))" in told


def test_nor_where_an_attribute_keeps_it() -> None:
    text = (
        "from keras.layers import GRU, LSTM, Dense\n"
        "from keras.models import Sequential\n"
        "class Net(object):\n"
        "    cells = {{'lstm': LSTM, 'gru': GRU}}\n"
        "    def __init__(self, kind='lstm'):\n"
        "        self.kind = kind\n"
        "        self.model = Sequential([Dense(3, init='normal', input_shape=(5, 4))])\n"
        "        self.model.add(self.cells[self.kind](8))\n"
        "Net({})\n"
    )
    assert "this call may make GRU or LSTM" in said(text.format(""), "K208")[0]
    assert "self.cells[self.kind](8, recurrent_activation=hard_sigmoid)" in rewrite(text.format("'lstm'"))


def test_the_oldest_default_of_units_is_written_out() -> None:
    text = (
        "from keras.layers.core import Dense\n"
        "from keras.layers.recurrent import GRU, LSTM\n"
        "layers = [Dense(4, 3), LSTM(3, return_sequences=True), GRU(128, 5)]\n"
    )
    assert "LSTM(return_sequences=True, units=128, recurrent_activation=hard_sigmoid, " in rewrite(text)
    assert not said(text, "K205")


def test_full_convolution_is_of_theano() -> None:
    text = (
        "from keras.models import Sequential\n"
        "from keras.layers.convolutional import Convolution2D\n"
        "model = Sequential()\n"
        "model.add(Convolution2D(8, 3, 3, border_mode='full', input_shape=(1, 28, 28)))\n"
    )
    found = check(Module(text), DEFAULT)
    assert found.era is not None
    assert (found.era.backend, found.era.backend_told) == ("theano", True)
    assert "ZeroPadding2D((2, 2), data_format='channels_first')" in rewrite(text)
    assert "padding='full'" not in rewrite(text)


def test_the_default_of_a_parameter_stays_a_parameter() -> None:
    once = rewrite(
        "from keras.layers import Convolution2D, Dense\n"
        "INIT = 'normal'\n"
        "def block(n, init='uniform', act='hard_sigmoid', order='th', **kw):\n"
        "    conv = Convolution2D(n, 3, 3, init=INIT, dim_ordering=order)\n"
        "    return [conv, Dense(n, init=init, activation=act), Dense(n, init=kw.get('init', 'zero'))]\n"
        "block(3)\n"
    )
    assert once == (
        "from keras.layers import Conv2D, Dense\n"
        "from tdmigrate.compat import hard_sigmoid\n"
        "INIT = 'normal'\n"
        "def block(n, init='uniform', act='hard_sigmoid', order='th', **kw):\n"
        "    conv = Conv2D(n, (3, 3), kernel_initializer='random_normal', "
        "data_format='channels_first' if order == 'th' else 'channels_last')\n"
        "    return [conv, "
        "Dense(n, kernel_initializer=init, activation=hard_sigmoid if act == 'hard_sigmoid' else act), "
        "Dense(n, kernel_initializer=kw.get('init', 'zero'))]\n"
        "block(3)\n"
    )
    assert not findings(once)


def test_what_a_parameter_leaves_out_by_default_is_not_left_out() -> None:
    once = rewrite(
        "from keras.layers.core import Dense\n"
        "from keras.optimizers import SGD\n"
        "dense = Dense(3, init='zero')\n"
        "def make(lr=0.1, decay=0.0):\n"
        "    return SGD(lr=lr, decay=decay)\n"
        "make()\n"
    )
    assert "SGD(learning_rate=InverseTimeDecay(lr, 1, decay))" in once


def test_the_shape_of_any_tensor_is_its_shape() -> None:
    text = (
        "from keras.layers import Dense, Input\n"
        "def head(x, n):\n"
        "    return Dense(n, init='uniform')(x), x._keras_shape[-1], len((lambda a: a._keras_shape)(x))\n"
        "tensor = Input((3,))\n"
        "tensor._keras_shape = (None, 3)\n"
    )
    once = rewrite(text)
    assert "Dense(n, kernel_initializer='random_uniform')(x), x.shape[-1], len((lambda a: a.shape)(x))" in once
    assert len(said(text, "K314")) == 1
