"""weights=[...] of a layer: what is written, and that the layer then has these weights."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from tdmigrate.verification.weights import layout_of, to_keras3
from test_company import migrate

HEAD = """\
from keras.models import Model, Sequential
from keras.layers import (LSTM, GRU, Activation, BatchNormalization, Bidirectional, Convolution1D, Dense, Embedding,
                          Input, PReLU, SimpleRNN, TimeDistributed, TimeDistributedDense)

"""

RNG = np.random.default_rng(3)


def draw(*shapes: tuple[int, ...]) -> list[Any]:
    return [RNG.normal(size=shape) for shape in shapes]


D = draw((4, 3), (3,))
E = draw((3, 3), (3,))
GATES = draw(*[(4, 3), (3, 3), (3,)] * 4)
FEWER = draw(*[(4, 3), (3, 3), (3,)] * 3)
BOTH = draw(*[(4, 3), (3, 3), (3,)] * 8)
NORMAL = [*draw((4,), (4,), (4,)), np.ones(4)]
MATRIX = draw((10, 4))
SLOPES = draw((4,))
GIVEN = {"D": D, "E": E, "GATES": GATES, "FEWER": FEWER, "BOTH": BOTH, "NORMAL": NORMAL, "MATRIX": MATRIX[0],
         "SLOPES": SLOPES[0]}  # fmt: skip


class Form(NamedTuple):
    body: str
    holds: str
    expected: tuple[list[Any], ...]  # the weights of the layers of ``model`` that have any


FORMS = [
    Form("model = Sequential()\nmodel.add(Dense(3, weights=[D[0], D[1]], input_dim=4))\n",
         "\nmodel.add(Dense(3))\nmodel.layers[-1].set_weights([D[0], D[1]])\n", (D,)),
    Form("model = Sequential([Dense(3, input_dim=4, weights=D), Dense(3, weights=list(E))])\n",
         "with_initial_weights(Dense(3), weights=D), with_initial_weights(Dense(3), weights=list(E))])", (D, E)),
    Form("model = Sequential()\nfor w in (D, E):\n    model.add(Dense(3, weights=w, input_dim=4))\n",
         "    model.add(with_initial_weights(Dense(3, input_shape=(4,)), weights=w))\n", (D, E)),
    Form("model = Sequential()\nfor w, b in (D, E):\n    model.add(Dense(3, weights=[w, b], input_dim=4))\n",
         "    model.add(Dense(3, input_shape=(4,)))\n    model.layers[-1].set_weights([w, b])\n", (D, E)),
    Form("def build(w=None):\n    model = Sequential()\n    model.add(Dense(3, weights=w, input_dim=4))\n"
         "    return model\nmodel = build(D)\nbuild()\n",
         "    model.add(with_initial_weights(Dense(3), weights=w))\n", (D,)),
    Form("w = D\nlayer = Dense(3, weights=[w[0], w[1]])\nw = None\nmodel = Sequential([Activation('relu', "
         "input_shape=(4,))])\nmodel.add(layer)\n",
         "layer = with_initial_weights(Dense(3), weights=[w[0], w[1]])\n", (D,)),
    Form("x = Input(shape=(4,))\nmodel = Model(input=x, output=Dense(3, weights=E)(Dense(3, 'normal', None, D)(x)))\n",
         "with_initial_weights(Dense(3), weights=E)(with_initial_weights(Dense(3, kernel_initializer='random_normal', "
         "activation=None), weights=D)(x))", (D, E)),
    Form("x = Input(shape=(7,))\ny = Embedding(10, 4, input_length=7, weights=[MATRIX], trainable=False)(x)\n"
         "model = Model(input=x, output=LSTM(3, weights=GATES)(y))\n",
         "y = Embedding(10, 4, weights=[MATRIX], trainable=False)(x)",
         (MATRIX, to_keras3(layout_of("LSTM"), GATES, "1"))),
    Form("model = Sequential()\nmodel.add(LSTM(3, weights=GATES, input_shape=(5, 4)))\n",
         "weights=GATES, gates='icfo>ifco'))\n", (to_keras3(layout_of("LSTM"), GATES, "1"),)),
    Form("model = Sequential()\nmodel.add(GRU(3, weights=FEWER, input_shape=(5, 4)))\n",
         "weights=FEWER, gates='zrh>zrh'))\n", (to_keras3(layout_of("GRU"), FEWER, "1"),)),
    Form("model = Sequential()\nmodel.add(Bidirectional(LSTM(3), weights=BOTH, input_shape=(5, 4)))\n",
         "weights=BOTH, gates='icfo>ifco'))\n", (to_keras3(layout_of("LSTM"), BOTH, "1", 2),)),
    Form("model = Sequential()\nmodel.add(TimeDistributed(Dense(3, weights=D), input_shape=(5, 4)))\n",
         "model.add(TimeDistributed(with_initial_weights(Dense(3), weights=D)))\n", (D,)),
    Form("model = Sequential()\nmodel.add(TimeDistributed(Dense(3, weights=D), input_shape=(None, 4)))\n",
         "model.add(with_initial_weights(Dense(3), weights=D))\n", (D,)),
    Form("model = Sequential([TimeDistributedDense(3, weights=D, input_shape=(5, 4))])\n",
         ", with_initial_weights(Dense(3), weights=D)])\n", (D,)),
    Form("model = Sequential([BatchNormalization(input_shape=(4,), weights=NORMAL), "
         "PReLU('zero', weights=[SLOPES])])\n",
         "with_initial_weights(BatchNormalization(), weights=NORMAL)", (NORMAL, SLOPES)),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.body.replace("\n", " "))
def test_the_layers_have_the_weights_they_were_given(form: Form) -> None:
    done = migrate(HEAD + form.body, "1.2.2")
    assert form.holds in done.text, done.text
    assert done.left == ()
    assert done.again == ()
    names: dict[str, Any] = dict(GIVEN)
    exec(done.text, names)
    own = [layer.get_weights() for layer in names["model"].layers if layer.weights]
    assert len(own) == len(form.expected)
    for ours, theirs in zip(own, form.expected, strict=True):
        assert len(ours) == len(theirs)
        for mine, given in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, given, rtol=1e-6)


ASKED = [
    "Convolution1D(3, 2, 'normal', 'relu', D)",
    "Bidirectional(LSTM(3, weights=GATES), weights=BOTH)",
    "Bidirectional(LSTM(3, weights=some.get_weights()[0:3], consume_less='gpu'), weights=BOTH)",
    "Bidirectional(some(), weights=GATES)",
]


@pytest.mark.parametrize("call", ASKED)
def test_others_are_for_a_person(call: str) -> None:
    done = migrate(f"{HEAD}layer = {call}\n", "1.2.2")
    assert [line for line in done.left if line.startswith("K207")], done
    assert done.again == ()
    compile(done.text, "new", "exec")
