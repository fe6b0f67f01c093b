"""Shapes told to first layers, wherever the container is built: what is written, and that it computes the same."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import prove
from test_company import migrate

HEAD = """\
from keras.models import Model, Sequential
from keras.layers import (LSTM, Activation, Bidirectional, Dense, Embedding, Flatten, GRU, Input, Lambda, Masking,
                          SimpleRNN, TimeDistributed)

"""


OLD_HEAD = "from keras.models import Sequential\nfrom keras.layers.core import Dense\n\n"


class Form(NamedTuple):
    """One way to build a model."""

    name: str
    body: str
    holds: tuple[str, ...]  # pieces of the new text
    model: str = "model"
    version: str = "1.2.2"

    @property
    def text(self) -> str:
        return (HEAD if self.version >= "1" else OLD_HEAD) + self.body.lstrip("\n")


FORMS = [
    Form(
        "conditional in a loop",
        """
model = Sequential()
for i in range(3):
    model.add(Dense(4, input_dim=5) if i == 0 else Dense(4))
    model.add(Activation('tanh'))
""",
        ("    model.add(Dense(4, input_shape=(5,)) if i == 0 else Dense(4))\n",),
    ),
    Form(
        "first turn of a loop of unknown length",
        """
def build(n, width):
    model = Sequential()
    for i in range(n):
        if i == 0:
            model.add(LSTM(width, input_dim=3, input_length=7, return_sequences=True))
        else:
            model.add(LSTM(width, return_sequences=True))
    return model
""",
        ("            model.add(Input(shape=(7, 3)))\n            model.add(LSTM(width, return_sequences=True",),
        "build(2, 4)",
    ),
    Form(
        "the same call first and later",
        """
model = Sequential()
for _ in range(3):
    model.add(Dense(5, input_dim=5, activation='tanh'))
""",
        ("    model.add(Dense(5, activation='tanh', input_shape=(5,)))\n",),
    ),
    Form(
        "the same call first and later with a batch size",
        """
model = Sequential()
for _ in range(2):
    model.add(SimpleRNN(3, batch_input_shape=(2, 5, 3), stateful=True, return_sequences=True))
""",
        (
            "    if not model.layers:\n"
            "        model.add(Input(batch_shape=(2, 5, 3)))\n"
            "    model.add(SimpleRNN(3, stateful=True, return_sequences=True))\n",
        ),
    ),
    Form(
        "the same call first and later with a type",
        """
model = Sequential()
for _ in range(2):
    model.add(Dense(5, input_dim=5, input_dtype='float32'))
""",
        ("    if not model.layers:\n        model.add(Input(shape=(5,), dtype='float32'))\n    model.add(Dense(5))\n",),
    ),
    Form(
        "a list for a function of the source",
        """
def chain(layers):
    return Sequential(layers[:1] + layers[1:])


rest = [Dense(2)]
parts = [Dense(4, input_dim=5)] + rest
model = Sequential(parts)
other = chain([Dense(4, input_dim=5), Dense(2)])
""",
        ("parts = [Input(shape=(5,)), Dense(4)] + rest", "chain([Dense(4, input_shape=(5,)), Dense(2)])"),
    ),
    Form(
        "either branch",
        """
def build(first, features):
    model = Sequential()
    if first: model.add(Dense(6, input_shape=(features,)))
    else: model.add(Dense(5, input_dim=features, activation='tanh')); model.add(Dense(6))
    model.add(Dense(3))
    return model
""",
        ("        model.add(Input(shape=(features,)))\n        model.add(Dense(5, activation='tanh'))",),
        "build(False, 4)",
    ),
    Form(
        "a list that grows",
        """
layers = []
layers.append(Dense(4, input_dim=5))
layers.append(Dense(3, input_dim=4))
layers += [Dense(2, input_shape=(3,))]
model = Sequential(layers)
""",
        ("layers.append(Dense(4, input_shape=(5,)))\n", "layers.append(Dense(3))\n", "layers += [Dense(2)]\n"),
    ),
    Form(
        "a list that is read elsewhere",
        """
layers = [Dense(4, input_dim=5), Dense(3)]
model = Sequential(layers)
layers[0].trainable = False
""",
        ("layers = [Dense(4, input_shape=(5,)), Dense(3)]\n",),
    ),
    Form(
        "a layer in a variable",
        """
size = 5
layer = Dense(4, input_dim=size)
model = Sequential()
model.add(layer)
model.add(Dense(3))
""",
        ("layer = Dense(4)\n", "model.add(Input(shape=(size,)))\nmodel.add(layer)\n"),
    ),
    Form(
        "a layer in a variable, its size bound anew",
        """
size = 5
layer = Dense(4, input_dim=size)
size = 6
model = Sequential()
model.add(layer)
""",
        ("layer = Dense(4, input_shape=(size,))\n", "model = Sequential()\nmodel.add(layer)\n"),
    ),
    Form(
        "a layer of a loop's own size",
        """
models = []
for size in (5, 6):
    layer = Dense(4, input_dim=size)
    models.append(Sequential())
    models[-1].add(layer)
model = models[0]
""",
        ("    layer = Dense(4, input_shape=(size,))\n",),
    ),
    Form(
        "a layer from a function",
        """
def layer(size):
    return Dense(4, input_dim=size)


model = Sequential()
model.add(layer(5))
""",
        ("    return Dense(4, input_shape=(size,))\n", "\nmodel.add(layer(5))\n"),
    ),
    Form(
        "a shared layer, first in two models",
        """
layer = Dense(4, input_dim=5, activation='tanh')
model = Sequential()
model.add(layer)
model.add(Dense(3))
other = Sequential([layer, Dense(2)])
""",
        ("layer = Dense(4, activation='tanh')\n", "other = Sequential([Input(shape=(5,)), layer, Dense(2)])"),
    ),
    Form(
        "a function's layers, first here and later there",
        """
def dense():
    return Dense(5, input_dim=5)


other = Sequential()
other.add(Dense(5, input_dim=3))
other.add(dense())
model = Sequential()
model.add(dense())
model.add(Dense(3))
""",
        ("other.add(dense())\nmodel = Sequential()\nmodel.add(Input(shape=(5,)))\nmodel.add(dense())\n",),
    ),
    Form(
        "a method that adds to a model it is given",
        """
class Net(object):
    def __init__(self, size):
        self.model = Sequential()
        self.size = size
        self.fill(self.model)

    def fill(self, model):
        model.add(Dense(4, input_dim=self.size))
        model.add(Dense(2))
""",
        ("        model.add(Input(shape=(self.size,)))\n        model.add(Dense(4))\n",),
        "Net(3).model",
    ),
    Form(
        "a model from a call",
        """
class Net(object):
    def __init__(self):
        self.model = Sequential()

    def get(self):
        return self.model


net = Net()
net.get().add(Dense(4, input_dim=3))
net.get().add(Dense(2))
""",
        ("\nnet.get().add(Dense(4, input_shape=(3,)))\n",),
        "net.model",
    ),
    Form(
        "wrappers",
        """
model = Sequential()
model.add(TimeDistributed(Dense(4, input_dim=3), input_shape=(5, 3)))
model.add(Bidirectional(LSTM(2, input_shape=(5, 4), return_sequences=True)))
model.add(TimeDistributed(Dense(3), batch_input_shape=(None, 5, 4)))
""",
        (
            "model.add(Input(shape=(5, 3)))\nmodel.add(TimeDistributed(Dense(4)))\n"
            "model.add(Bidirectional(LSTM(2, return_sequences=True",
            "model.add(TimeDistributed(Dense(3)))\n",
        ),
    ),
    Form(
        "a wrapper in a loop",
        """
model = Sequential()
for i in range(2):
    model.add(Bidirectional(GRU(2, return_sequences=True), input_shape=(5, 4)))
""",
        ("return_sequences=True, ", "input_shape=(5, 4)))\n"),
    ),
    Form(
        "models in models",
        """
inner = Sequential()
inner.add(Dense(4, input_dim=3))
inner.add(Dense(5))
middle = Sequential([inner, Activation('tanh')])
model = Sequential()
model.add(TimeDistributed(middle, input_shape=(6, 3)))
model.add(LSTM(2))
""",
        ("inner.add(Input(shape=(3,)))\n", "model.add(Input(shape=(6, 3)))\n"),
    ),
    Form(
        "a loop over layers and models",
        """
tail = Sequential([Dense(3, input_dim=4)])
model = Sequential()
for part in (Dense(4, input_dim=5), tail):
    model.add(part)
""",
        ("for part in (Dense(4, input_shape=(5,)), tail):\n    model.add(part)\n",),
    ),
    Form(
        "ids",
        """
def build(words, **more):
    model = Sequential()
    if words:
        model.add(Embedding(10, 4, input_length=7, dropout=0.))
    else:
        model.add(Embedding(20, 4, batch_input_shape=(None, 7), input_dtype='int32'))
    model.add(Flatten())
    model.add(Dense(2))
    return model
""",
        ("        model.add(Input(shape=(7,), dtype='int32'))\n        model.add(Embedding(10, 4))\n",),
        "build(True)",
    ),
    Form(
        "functional",
        """
x = Input(shape=(7,))
y = Embedding(10, 4, input_length=7)(x)
y = LSTM(3, input_shape=(7, 4), input_dtype='float32')(y)
model = Model(input=x, output=Dense(2, input_dim=3)(y))
""",
        ("y = Embedding(10, 4)(x)\ny = LSTM(3, ", "Dense(2)(y))\n"),
    ),
    Form(
        "None is nothing",
        """
def block(units, size=None):
    return Dense(units, input_dim=size)


model = Sequential()
model.add(Dense(4, input_dim=3, input_dtype=None))
model.add(block(4))
model.add(Dense(2, input_shape=None) if 0 else Dense(3, input_dim=None))
""",
        ("model.add(Input(shape=(3,)))\nmodel.add(Dense(4))\n", "else Dense(3))\n"),
    ),
    Form(
        "a list handed on",
        """
def block(size):
    return [Dense(4, input_dim=size), Dense(3)]


model = Sequential(block(5) + [Dense(2)])
""",
        ("    return [Dense(4, input_shape=(size,)), Dense(3)]\n",),
    ),
    Form(
        "of 0.3",
        """
model = Sequential()
for i in range(2):
    model.add(Dense(4, input_dim=4))
""",
        ("    model.add(Dense(4, input_shape=(4,)))\n",),
        version="0.3.3",
    ),
    Form(
        "alias of the method",
        """
class Net(object):
    def __init__(self, hidden):
        self.net = Sequential()
        add = self.net.add
        add(LSTM(hidden, input_dim=3, return_sequences=True))
        add(LSTM(2))

model = Net(4).net
""",
        ("        add(Input(shape=(None, 3)))\n        add(LSTM(hidden, return_sequences=True",),
    ),
    Form(
        "alias of the method, perhaps not first",
        """
model = Sequential()
put = model.add
for i in range(2):
    put(Dense(5, input_dim=5))
""",
        ("    put(Dense(5, input_shape=(5,)))\n",),
    ),
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_shape_is_told_where_keras_3_wants_it(form: Form) -> None:
    done = migrate(form.text, form.version)
    assert [piece for piece in form.holds if piece not in done.text] == [], done.text
    assert done.left == ()
    assert done.again == ()


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    jobs = [
        Job(form.name, 1, form.text, form.model, migrate(form.text, form.version).text, form.model, form.version)
        for form in FORMS
    ]
    return {job.model: proof for job, proof in zip(jobs, prove(jobs, legacy_path), strict=True)}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_it_computes_the_same(form: Form, proofs: dict[str, Proof]) -> None:
    assert proofs[form.name].status == "equal", (proofs[form.name], migrate(form.text, form.version).text)


ASKED = [
    "layer = Dense(4, batch_input_shape=(2, 3))\n",  # goes who knows where
    "layers = [] \nlayers.append(Dense(4, batch_input_shape=(2, 3)))\nmodel = Sequential(layers)\n",
    "model = Sequential()\nmodel.add(LSTM(4, batch_input_shape=(2, 5, 3)) if once else LSTM(4))\n",
    "shape = {'batch_input_shape': (2, 3)}\nmodel = Sequential([Dense(4, **shape)])\n",
]


@pytest.mark.parametrize("body", ASKED)
def test_a_batch_size_that_has_no_place_is_for_a_person(body: str) -> None:
    done = migrate(HEAD + body, "1.2.2")
    assert [line for line in done.left if line.startswith("K205") and "batch_input_shape" in line], done


def test_a_layer_that_brings_others_along_is_for_a_person() -> None:
    body = """
layer = Dense(5, input_dim=5)
other = Sequential([Dense(5, input_dim=3)])
other.add(layer)
model = Sequential()
model.add(layer)
"""
    assert any("in Keras 1 both were one chain" in line for line in migrate(HEAD + body, "1.2.2").left)


@pytest.mark.parametrize(("version", "is_told"), [("0.1.3", False), ("0.2.0", True), ("0.3.3", True), ("1.2.2", True)])
def test_ids_of_any_length_before_a_flatten(version: str, is_told: bool) -> None:
    body = "model = Sequential()\nmodel.add(Embedding(7, 4))\nmodel.add(GRU(6))\nmodel.add(Flatten())\n"
    head = "from keras.layers.core import *\nfrom keras.layers.embeddings import Embedding\n"
    text = f"{head}from keras.layers.recurrent import GRU\nfrom keras.models import Sequential\n{body}"
    assert ("Input(shape=(None,), dtype='int32')" in migrate(text, version).text) is is_told
