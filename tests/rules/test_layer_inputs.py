"""What layers are called on: an InputLayer's is an empty list in Keras 3."""

from __future__ import annotations

import keras
import pytest

from tdmigrate.compat import input_of, input_shape_of
from test_company import migrate

FUNCTIONAL = (
    "from keras.layers import Dense, Input\n"
    "from keras.models import Model, Sequential, load_model\n"
    "\n"
    "x = Input(shape=(4,))\n"
    "net = Model(input=x, output=Dense(3)(x))\n"
)
SEQUENTIAL = (
    "from keras.layers import Dense\n"
    "from keras.models import Sequential\n"
    "\n"
    "net = Sequential([Dense(output_dim=3, input_dim=4)])\n"
)
LOADED = "from keras.models import load_model\n\nnet = load_model('a.h5')\n"


@pytest.mark.parametrize(
    ("source", "line", "after"),
    [
        (FUNCTIONAL, "first = net.layers[0].input", "first = input_of(net.layers[0])"),
        (FUNCTIONAL, "size = net.layers[0].input_shape[1]", "size = input_shape_of(net.layers[0])[1]"),
        (FUNCTIONAL, "size = net.layers[1].input_shape[1]", "size = net.layers[1].input.shape[1]"),
        (FUNCTIONAL, "all = [one.input for one in net.layers]", "all = [input_of(one) for one in net.layers]"),
        (FUNCTIONAL, "def see(net): return net.layers[0].input", "def see(net): return input_of(net.layers[0])"),
        (LOADED, "first = net.layers[0].input", "first = input_of(net.layers[0])"),
        (SEQUENTIAL, "first = net.layers[0].input", "first = net.layers[0].input"),
        (SEQUENTIAL, "size = net.layers[0].input_shape[1]", "size = net.layers[0].input.shape[1]"),
    ],
)
def test_the_first_layer_may_be_an_input_layer(source: str, line: str, after: str) -> None:
    done = migrate(source + line + "\n", "1.2.2")
    assert done.text.endswith(after + "\n"), done.text
    assert done.again == ()


def test_each_kind_of_layer_tells_what_it_is_called_on() -> None:
    one, other = keras.Input((4,)), keras.Input((4,))
    added = keras.layers.Add()
    model = keras.Model([one, other], keras.layers.Dense(2)(added([one, other])))
    assert input_of(model.layers[0]) is one
    assert input_shape_of(model.layers[0]) == (None, 4)
    assert input_of(added) == [one, other]
    assert input_shape_of(added) == [(None, 4), (None, 4)]
    assert input_shape_of(model.layers[-1]) == (None, 4)
    assert input_shape_of(keras.Sequential([keras.Input((3, 2)), keras.layers.Dense(2)])) == (None, 3, 2)
