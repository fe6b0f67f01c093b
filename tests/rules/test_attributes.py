"""Attributes and methods of layers and models: each row of the data on real layers, and whole programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
from keras import layers

from tdmigrate import compat
from tdmigrate.keras1 import registry
from tdmigrate.keras1.attributes import ANY_LAYER, ATTRIBUTES, SAME_VALUE, Attribute
from tdmigrate.keras1.entry import Renamed
from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import prove
from test_company import migrate

HEAD = """\
from keras.models import Model, Sequential
from keras.layers import (LSTM, GRU, Activation, BatchNormalization, Convolution1D, Dense, Embedding, Flatten, Input,
                          PReLU, SimpleRNN, TimeDistributed)

"""


@pytest.fixture(autouse=True, scope="module")  # it takes a quarter of a second
def fresh() -> Iterator[None]:
    yield
    keras.backend.clear_session()


# --- the data, on Keras 3


def built(owner: str) -> Any:
    """A layer or model of today that the rows of this owner speak of."""
    made: dict[str, Callable[[], Any]] = {
        "Dense": lambda: layers.Dense(3), "TimeDistributedDense": lambda: layers.Dense(3),
        "Embedding": lambda: layers.Embedding(5, 3), "SimpleRNN": lambda: layers.SimpleRNN(3),
        "LSTM": lambda: layers.LSTM(3), "GRU": lambda: layers.GRU(3), "PReLU": lambda: layers.PReLU(),
        "BatchNormalization": lambda: layers.BatchNormalization(), "Convolution1D": lambda: layers.Conv1D(3, 2),
        "AtrousConvolution1D": lambda: layers.Conv1D(3, 2), "Convolution2D": lambda: layers.Conv2D(3, 2),
        "Convolution3D": lambda: layers.Conv3D(3, 2), "AtrousConvolution2D": lambda: layers.Conv2D(3, 2),
        "Deconvolution2D": lambda: layers.Conv2DTranspose(3, 2), "ConvLSTM2D": lambda: layers.ConvLSTM2D(3, 2),
        "SeparableConvolution2D": lambda: layers.SeparableConv2D(3, 2),
        "Bidirectional": lambda: layers.Bidirectional(layers.LSTM(3)), ANY_LAYER: lambda: layers.Activation("relu"),
    }  # fmt: skip
    volumes = ("Convolution3D", "ConvLSTM2D")
    axes = {"Embedding": 1, **dict.fromkeys(volumes, 4)}.get(owner, 3 if owner.endswith("2D") else 2)
    x = keras.Input((4,) * axes)
    if owner == "Model":
        return keras.Model(x, layers.Dense(3)(x))
    if owner == "Sequential":
        return keras.Sequential([layers.Input((4, 4)), layers.Dense(3)])
    layer = made[owner]()
    layer(x)
    return layer


CHANGES: dict[str, Callable[[list[Any]], Any]] = {
    "pop": lambda held: held.pop(),
    "append": lambda held: held.append(1),
    "insert": lambda held: held.insert(0, 1),
    "remove": lambda held: held.remove(held[0]),
    "extend": lambda held: held.extend([1]),
}
ROWS = [(row, owner) for row in ATTRIBUTES for owner in row.owners]


@pytest.mark.parametrize(("row", "owner"), ROWS, ids=lambda part: part.name if isinstance(part, Attribute) else part)
def test_every_row_is_true_of_keras_3(row: Attribute, owner: str) -> None:
    thing = built(owner)
    if row.now is not None:
        text = row.now if "{}" in row.now else "{}" + row.now
        value = eval(text.format("thing"), {"thing": thing, **vars(compat)})
        assert row.call or value is not None
    if row.name.startswith("layers."):
        before = len(thing.layers)
        CHANGES[row.name[7:]](thing.layers)
        assert len(thing.layers) == before
    elif row.stored:
        with pytest.raises((AttributeError, ValueError)):
            setattr(thing, row.name, [])
    else:
        assert hasattr(thing, row.name) == (row.runs or row.note or row.now == f".{row.name}")


def same_values() -> list[tuple[str, str, str]]:
    found = []
    for entry in registry.all_entries():
        parameters = entry.keras3.parameters if entry.keras3 is not None else {}
        for name, parameter in parameters.items():
            if name in SAME_VALUE and isinstance(parameter, Renamed) and parameter.to != name:
                found.append((entry.name, name, parameter.to))
    return found


WITH = {  # arguments that today's layers need
    "Dense": "3", "Dropout": "0.2", "GaussianDropout": "0.2", "GaussianNoise": "0.2", "SpatialDropout1D": "0.2",
    "Conv1D": "3, 2", "Conv2D": "3, 2", "LSTM": "3", "GRU": "3", "SimpleRNN": "3", "Embedding": "5, 3",
    "RepeatVector": "2", "AveragePooling1D": "2", "MaxPooling1D": "2",
    **dict.fromkeys(("SpatialDropout2D", "SpatialDropout3D"), "0.2"),
    **dict.fromkeys(("Conv2DTranspose", "SeparableConv2D", "Conv3D", "ConvLSTM2D"), "3, 2"),
    **dict.fromkeys(("AveragePooling2D", "AveragePooling3D", "MaxPooling2D", "MaxPooling3D"), "2"),
}  # fmt: skip


@pytest.mark.parametrize(("owner", "name", "to"), same_values())
def test_values_of_arguments_are_there_under_the_new_name(owner: str, name: str, to: str) -> None:
    entry = registry.layer(owner)
    if entry is None:  # a regularizer or the like
        return
    assert entry.keras3 is not None
    module, _, kind = entry.keras3.path.rpartition(".")
    if module != "keras.layers":
        return
    assert hasattr(eval(f"layers.{kind}({WITH.get(kind, '')})", {"layers": layers}), to)


# --- whole programs


class Form(NamedTuple):
    body: str
    holds: str
    model: str = "model"


FORMS = [
    Form("model = Sequential([Dense(5, init='normal', input_dim=4), Dense(3)])\n"
         "model.add(Dense(2 * model.layers[-1].output_shape[-1] + model.layers[0].input_shape[1]))\n",
         "2 * model.layers[-1].output.shape[-1] + model.layers[0].input.shape[1]"),
    Form("x = Input(shape=(4,))\nshared = Dense(4, activation='tanh')\ny = shared(x)\n"
         "model = Model(input=x, output=Dense(shared.get_output_shape_at(0)[-1])(shared.get_output_at(0)))\n",
         "Dense(shared.output.shape[-1])(shared.output)"),
    Form("whole = Sequential([Dense(5, activation='tanh', input_dim=4), Dense(3)])\n"
         "model = Model(input=whole.get_input_at(0), output=whole.layers[0].get_output_at(0))\n",
         "Model(inputs=whole.inputs[0], outputs=whole.layers[0].output)"),
    Form("conv = Convolution1D(nb_filter=3, filter_length=3, border_mode='same', input_shape=(6, 4))\n"
         "model = Sequential([conv])\n"
         "model.add(Convolution1D(conv.nb_filter + 1, 3, border_mode=conv.border_mode))\n",
         "Conv1D(conv.filters + 1, 3, padding=conv.padding)"),
    Form("model = Sequential()\nmodel.add(LSTM(3, return_sequences=True, input_shape=(5, 4)))\n"
         "model.add(LSTM(model.layers[-1].output_dim + 1, inner_activation=model.layers[-1].inner_activation))\n",
         "LSTM(model.layers[-1].units + 1, recurrent_activation=model.layers[-1].recurrent_activation)"),
    Form("class Net(object):\n    def __init__(self, sizes):\n        self.model = Sequential()\n"
         "        for size in sizes:\n            self.model.add(Dense(size, input_dim=4))\n\n"
         "    def widen(self):\n        last = self.model.layers[-1]\n"
         "        self.model.add(Dense(output_dim=2 * last.output_shape[1]))\n        return self.model\n"
         "net = Net([3, 2])\n",
         "units=2 * last.output.shape[1]", "net.widen()"),
    Form("def grow(n):\n    model = Sequential()\n    model.add(SimpleRNN(3, stateful=True, return_sequences=True, "
         "batch_input_shape=(2, 5, 4)))\n    for i in range(n):\n        model.add(Dense(output_dim=3))\n"
         "    sizes = [layer.output_shape[-1] for layer in model.layers]\n    model.reset_states()\n"
         "    model.add(Activation('tanh' if model.stateful else 'relu'))\n    return model\n",
         "    sizes = [layer.output.shape[-1] for layer in model.layers]\n    reset_states(model)\n", "grow(2)"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.holds)
def test_what_has_an_equal_is_written(form: Form) -> None:
    done = migrate(HEAD + form.body, "1.2.2")
    assert form.holds in done.text, done.text
    assert done.left == ()
    assert done.again == ()


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    texts = [(form, HEAD + form.body) for form in FORMS]
    jobs = [Job(f.holds, 1, t, f.model, migrate(t, "1.2.2").text, f.model, "1.2.2") for f, t in texts]
    return {job.model: proof for job, proof in zip(jobs, prove(jobs, legacy_path), strict=True)}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.holds)
def test_it_computes_the_same(form: Form, proofs: dict[str, Proof]) -> None:
    assert proofs[form.holds].status == "equal", proofs[form.holds]


MODEL = "model = Sequential([Dense(3, init='normal', input_dim=4), LSTM(3), Embedding(5, 3)])\n"
ASKED = [
    ("model.layers.pop()", "a copy of the list"),
    ("model.outputs = [model.layers[0].output]", "Keras 3 refuses it"),
    ("model.layers[0].outbound_nodes = []", "_inbound_nodes"),
    ("model.layers[0].get_output_at(1)", "_inbound_nodes"),
    ("model.layers[0].get_output(train=False)", "keras.Model(model.inputs, layer.output)"),
    ("model.layers[1].U_f", "parts of one matrix"),
    ("kernel = model.layers[1].get_weights()[0]", "the gates side by side"),
    ("for array in model.layers[1].get_weights(): pass", "the gates side by side"),
    ("[layer.W for layer in Model(x, y).layers]", "it is `kernel`"),
    ("Convolution1D(3, 2).filter_length", "`kernel_size` now, in another form"),
    ("Model(x, y).get_layer('a').nb_filter", "depends on the layer"),
    ("model.layers[0].W = 3", "what is meant"),
    ("model.container_nodes", "for itself"),
    ("print(model.metrics_names)", "'compile_metrics']"),
    ("Convolution1D(3, 2).set_weights(rows)", "trap C14): say --source-backend"),
    ("model.set_weights(rows)", "the gates side by side"),
    ("model.get_layer('a').set_weights(rows)", "the gates side by side"),
    ("for layer, rows in zip(model.layers, table): layer.set_weights(rows)", "the gates side by side"),
    ("(model.layers[0] if flag else model.layers[1]).set_weights(rows)", "the gates side by side"),
]


@pytest.mark.parametrize(("line", "words"), ASKED)
def test_what_has_none_is_for_a_person(line: str, words: str) -> None:
    done = migrate(HEAD + MODEL + line + "\n", "1.2.2")
    assert [left for left in done.left if left.startswith("K314") and words in left], done
    assert line.partition(".")[2] in done.text
    assert done.again == ()


NOTED = [
    ("model.get_layer('a').get_weights()[0]", "of a convolution"),
    ("rows = LSTM(3).get_weights()", "the gates side by side"),
]


@pytest.mark.parametrize(("line", "words"), NOTED)
def test_lists_of_weights_are_noted(line: str, words: str) -> None:
    done = migrate(HEAD + MODEL + line + "\n", "1.2.2")
    assert [note for note in done.notes if note.startswith("K314") and words in note], done
    assert done.left == ()


NORMALIZED = MODEL + "norm = BatchNormalization()\nmodel.add(norm)\n"
FROZEN = [
    (NORMALIZED + "norm.trainable = False", True),
    (NORMALIZED + "for layer in model.layers:\n    layer.trainable = layer.name != 'new'", True),
    (NORMALIZED + "model.trainable = value", True),
    (NORMALIZED + "model.trainable = True", False),
    (NORMALIZED + "model.layers[0].trainable = False", False),
    (MODEL + "for layer in model.layers:\n    layer.trainable = False", False),
    (MODEL + "model.add(BatchNormalization(mode=2))\nmodel.trainable = False", False),  # compat's
]


@pytest.mark.parametrize(("lines", "told"), FROZEN)
def test_a_normalization_that_is_frozen_is_noted(lines: str, told: bool) -> None:
    done = migrate(HEAD + lines + "\n", "1.2.2")
    assert any("goes by its running statistics" in note for note in done.notes if note.startswith("K314")) == told, done
    assert done.left == ()


FOREIGN = [
    "def f(net): return net.layers[0].output_shape, net.W, net.reset_states()",
    "import other\nother.model.layers.pop()\nother.layer.W",
    "class Own(Sequential):\n    W = 3\n    def reset_states(self): return self.W\nown = Own()\nown.reset_states()",
    "thing = Dense(3) if maybe else other()\nthing.W",
    "model.layers[1].set_weights(model.layers[1].get_weights())",
    "table = {}\ntable.pop('a')\nlist(model.layers).pop()\nrows = []\nrows.append(1)\nmodel.pop()",
    "a, b = Dense(3).get_weights()\nkernel = model.layers[0].get_weights()[0]",
    "rows = model.get_layer('a').get_weights()",
    "rows = model.get_weights()\nmodel.set_weights(rows)",
    "model.layers[1].set_weights(model.layers[1].get_weights())",
    "model.layers[0].set_weights([W, b])\nmodel.layers[2].set_weights([W])",
    "Dense(3).name, Dense(3).trainable_weights, model.output_shape, model.input_shape, model.layers[0].get_weights()",
]


@pytest.mark.parametrize("lines", FOREIGN)
def test_other_objects_are_left_alone(lines: str) -> None:
    done = migrate(HEAD + MODEL + lines + "\n", "1.2.2")
    assert [line for line in (*done.left, *done.notes) if line.startswith("K31")] == []
    assert lines in done.text


@pytest.mark.parametrize(("version", "text"), [("0.3.3", "model.trainable_weights"), ("1.2.2", "model.params")])
def test_what_only_some_releases_had(version: str, text: str) -> None:
    source = "from keras.models import Sequential\n\nmodel = Sequential()\nprint(model.params)\n"
    assert f"print({text})" in migrate(source, version).text


def test_a_variable_of_theano_is_one_of_keras() -> None:
    body = "layer = model.layers[0]\nlayer.W.set_value(2 * layer.W.get_value())\nlayer.b.set_value(bias, borrow=True)\n"
    done = migrate(HEAD + MODEL + body, "1.2.2")
    assert "\nlayer.kernel.assign(2 * layer.kernel.numpy())\nlayer.bias.assign(bias)\n" in done.text
    assert done.again == ()


def test_an_element_of_a_list_of_variables_too() -> None:
    body = "model.trainable_weights[i].set_value(model.trainable_weights[0].eval())\nmodel.trainable_weights[1:]\n"
    done = migrate(HEAD + MODEL + body, "1.2.2")
    new = "model.trainable_weights[i].assign(model.trainable_weights[0].numpy())\nmodel.trainable_weights[1:]\n"
    assert done.text.endswith(new)
    assert done.again == ()


def test_states_are_set_back_in_models_too() -> None:
    inner = keras.Sequential([layers.Input(batch_shape=(2, 5, 3)), layers.GRU(3, stateful=True, return_sequences=True)])
    model = keras.Sequential(
        [
            layers.Input(batch_shape=(2, 5, 4)),
            layers.LSTM(3, stateful=True, return_sequences=True),
            inner,
            layers.Bidirectional(layers.SimpleRNN(2, stateful=True)),
            layers.Dense(2),
        ]
    )
    x = np.random.default_rng(2).normal(size=(2, 5, 4))
    first, second = model.predict(x, verbose=0), model.predict(x, verbose=0)
    compat.reset_states(model)
    assert not np.allclose(first, second)
    np.testing.assert_array_equal(first, model.predict(x, verbose=0))


def test_weights_of_one_layer_go_to_another_as_they_are() -> None:
    lines = "for one, other in zip([LSTM(2), Dense(3)], model.layers):\n    one.set_weights(other.get_weights())\n"
    assert not [line for line in migrate(HEAD + MODEL + lines, "1.2.2").left if line.startswith("K31")]
    lines = lines.replace("other.get_weights()", "table[other.name]")
    assert [line for line in migrate(HEAD + MODEL + lines, "1.2.2").left if line.startswith("K314")]
