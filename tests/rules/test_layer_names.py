"""K215: automatic names of layers, and the names of their classes, in texts."""

from __future__ import annotations

import pytest

from .migrating import findings, migrate

HEAD = (
    "from keras.layers import Convolution2D, BatchNormalization, Dense, Input, merge\n"
    "from keras.models import Model, Sequential\n"
    "from keras.callbacks import EarlyStopping\n"
    "x = Input(shape=(3,))\n"
    "h = Dense(4)(x)\n"
    "m = Model(x, [Dense(1)(h), Dense(1, name='out')(h)])\n"
    "m.fit(a, b, nb_epoch=1)\n"
)


def told(line: str) -> list[str]:
    return [one.message for one in findings(HEAD + line) if one.code == "K215"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("m.get_layer('dense_1').get_weights()", "dense_1"),
        ("m.get_layer(name='input_1')", "input_1"),
        ("m.get_layer('model_1')", "model_1"),
        ("print(h.history['val_dense_2_loss'])", "dense_2"),
        ("print(h.history.get('dense_2_mean_squared_error'))", "dense_2"),
        ("stop = EarlyStopping(monitor='val_dense_2_acc')", "dense_2"),
        ("m.compile('sgd', {'dense_2': 'mse', 'out': 'mae'})", "dense_2"),
        ("found = [one for one in m.layers if one.name in ('dense_1', 'out')]", "dense_1"),
    ],
)
def test_an_automatic_name_is_told(line: str, name: str) -> None:
    (message,) = told(line)
    assert f"Give the layer `name='{name}'`" in message


@pytest.mark.parametrize(
    "line",
    [
        "m.get_layer('out')",
        "m.get_layer('dense_0')",
        "m.get_layer('lstm_1')",  # no LSTM is made here
        "m.get_layer('convolution2d_1')",  # imported, never made
        "scores['model_1'] = 1",
        "scores = {'model_1': 1}",
        "print('dense_1')",
        "m.save('dense_1.h5')",
        "y = Dense(1, name='dense_1')(h); m.get_layer('dense_1')",
        "ys = [Dense(1, name='dense_%d' % i)(h) for i in range(3)]; m.get_layer('dense_1')",
        "m.layers[1].name = 'dense_1'; m.get_layer('dense_1')",
        "kinds = [one for one in m.layers if one.__class__.__name__ in ('Dense', 'LSTM')]",
        "some = [one for one in m.layers if one.name.startswith('dense')]",
        "some = [one for one in m.layers if 'norm' in one.name]",
    ],
)
def test_other_texts_are_none(line: str) -> None:
    assert told(line) == []


def test_keras_0_gave_no_such_names() -> None:
    text = "from keras.models import Sequential\nfrom keras.layers.core import Dense\nm.add(Dense(3, 4))\n"
    text += "m.get_layer('dense_1')\n"
    assert [one for one in findings(text) if one.code == "K215"] == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("y = Convolution2D(3, 3, 3)(z); ok = [one for one in m.layers if one.name.startswith('convolution')]", 1),
        ("y = Convolution2D(3, 3, 3)(z); ok = [one for one in m.layers if one.name.startswith('conv')]", 0),
        ("y = BatchNormalization()(h); ok = [one for one in m.layers if 'batchnorm' in one.name]", 1),
        ("y = BatchNormalization()(h); ok = [one for one in m.layers if 'batch' not in one.name]", 0),
        ("y = merge([h, h], mode='sum', name='merge_a'); ok = 'merge_a' in m.layers[0].name", 0),
    ],
)
def test_a_part_of_an_automatic_name_is_told_where_the_new_one_lacks_it(line: str, count: int) -> None:
    assert len(told(line)) == count


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one.__class__.__name__ == 'Convolution2D'", "one.__class__.__name__ == 'Conv2D'"),
        ("'Convolution2D' != type(one).__name__", "'Conv2D' != type(one).__name__"),
        ("type(one).__name__ in ['Dense', 'Deconvolution2D']", "type(one).__name__ in ['Dense', 'Conv2DTranspose']"),
    ],
)
def test_the_name_of_a_class_is_the_new_one(old: str, new: str) -> None:
    lines = "from keras.layers import Dense\n\ndef count(model):\n    return sum({} for one in model.layers)\n"
    done, _ = migrate(lines.format(old) + "d = Dense(3, init='zero')\n")
    assert done.startswith(lines.format(new))


@pytest.mark.parametrize(
    "compared",
    [
        "one.__class__.__name__ == 'Merge'",
        "type(one).__name__ in ('Dense', 'Merge')",
        "one.__class__.__name__ == 'Convolution2D' or type(one).__name__ == 'AtrousConvolution2D'",
    ],
)
def test_a_class_that_has_no_one_new_name_is_for_a_person(compared: str) -> None:
    text = "from keras.layers import Dense\nd = Dense(3, init='zero')\n"
    text += f"found = [one for one in model.layers if {compared}]\n"
    kept = [one for one in findings(text) if one.code == "K215"]
    assert kept
    assert all(one.fix is None for one in kept)
