"""Functions made by K.function, migrated by the whole tool and called: genuine Keras, and Keras 3 on each backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from tdmigrate import compat
from test_company import migrate

from .test_against_keras import start, wait

PROGRAM = """\
import numpy as np
from keras import backend as K
from keras.layers import BatchNormalization, Dense
from keras.models import Sequential

random = np.random.RandomState(3)
model = Sequential()
model.add(Dense(4, input_dim=3, activation='softsign'))
model.add(BatchNormalization())
model.add(Dense(2, activation='softmax'))
model.set_weights([random.uniform(0.5, 1.5, w.shape) for w in model.get_weights()])
x, y = random.normal(size=(2, 5, 3))


def get_activations(layer, batch, phase):
    function = K.function([model.layers[0].input, K.learning_phase()], [model.layers[layer].output])
    return function([batch, phase])[0]


hidden = K.function([model.layers[0].input], [model.layers[0].output])
inputs = [model.input] + [K.learning_phase()]
every = K.function(inputs, [layer.output for layer in model.layers], updates=[])
tail = K.function(inputs=[model.layers[1].output], outputs=[model.output])
last = K.function([model.layers[1].input, K.learning_phase()], [model.layers[2].output])
a, b = K.placeholder((None, 3)), K.placeholder(ndim=2)
distance = K.function([a, b], [K.sqrt(K.sum(K.square(a - b), axis=-1)), a * K.epsilon()])
total = K.function([a, b], K.sum(a))
mean = K.function([model.input], [K.mean(model.layers[0].output, axis=1)])

results = hidden([x]) + every([x, 0]) + every([x, 1.0]) + every([x, 0]) + tail(every([y, 0])[1:2])
results += distance([x, y]) + [total((x, y))] + mean([y])
results += last(hidden([x]) + [1])
results += [get_activations(index, x, phase) for index in (0, 1, 2) for phase in (0, 1)]
"""

# Keras 3.15's BatchNormalization on jax and its matmul on torch give float64 that is right to float32
GAPS = {"tensorflow": 1e-10, "jax": 1e-6, "torch": 1e-6}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("release", ["1.0.8", "1.2.2"])
def test_functions_give_what_those_of_genuine_keras_gave(release: str, legacy_path: Path, tmp_path: Path) -> None:
    new = migrate(PROGRAM, release).text
    assert "K.function" not in new
    (tmp_path / "old.txt").write_text(PROGRAM)
    (tmp_path / "new.txt").write_text(new)
    script = str(Path(__file__).with_name("compiled.py"))
    running = [start([script, "old.txt", "old.npz", str(legacy_path), release], tmp_path)]
    running += [
        start([script, "new.txt", f"{one}.npz"], tmp_path, KERAS_BACKEND=one, JAX_ENABLE_X64="1") for one in GAPS
    ]
    try:
        for process in running:
            wait(process)
    finally:
        for process in running:
            process.kill()
            process.communicate()
    old = np.load(tmp_path / "old.npz")
    assert len(old.files) == 22
    assert np.abs(old["arr_2"] - old["arr_5"]).max() > 0.1  # the batch's own statistics
    for backend in GAPS:
        found = np.load(tmp_path / f"{backend}.npz")
        assert found.files == old.files
        for name in old.files:
            assert found[name].shape == old[name].shape
            assert np.abs(found[name] - old[name]).max() < GAPS[backend], (backend, name)


def test_nothing_but_the_random_numbers_goes_on() -> None:
    model = keras.Sequential(
        [
            layers.Input(batch_shape=(2, 6, 4)),
            layers.LSTM(8, return_sequences=True, stateful=True),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
        ]
    )
    function = compat.function([model.inputs[0], "training"], [layer.output for layer in model.layers])
    x = np.arange(48.0).reshape((2, 6, 4)) / 48
    before = [np.array(one) for one in model.get_weights()]
    first, second = function([x, 1]), function([x, 1])
    assert [np.array_equal(one, other) for one, other in zip(first, second, strict=True)] == [True, True, False]
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))
    assert not np.array_equal(function([x, 0])[1], first[1])


def test_inputs_that_are_not_needed_and_those_in_the_middle() -> None:
    a, b = layers.Input((3,)), layers.Input((3,))
    inner = ops.square(a)
    (found,) = compat.function([inner, b], [inner + 1])([np.ones((2, 3)), np.ones((2, 3))])
    assert np.array_equal(found, 2 * np.ones((2, 3)))


@pytest.mark.parametrize("inputs", [["training", "training"], ["phase"]])
def test_what_is_no_input(inputs: list[str]) -> None:
    a = layers.Input((3,))
    with pytest.raises(ValueError, match="at most once"):
        compat.function([a, *inputs], [a])


@pytest.mark.parametrize("arrays", [[], np.ones((1, 3)), [np.ones((1, 3)), 0]])
def test_one_array_for_each_input(arrays: list[Any]) -> None:
    a = layers.Input((3,))
    with pytest.raises(ValueError, match="a list of 1 arrays"):
        compat.function([a], [a])(arrays)


class Steps(layers.Layer):  # type: ignore[misc]
    """Steps of a recurrent layer of its own, with a mask that the first member of each timestep tells."""

    def call(self, x: Any) -> Any:
        def step(now: Any, states: list[Any]) -> tuple[Any, list[Any]]:
            return now + states[0], [now * states[0]]

        folded = compat.foldl(lambda made, one: made * 2 + one, ops.transpose(x, (1, 0, 2)))
        mask = ops.greater(x, 0.5)[:, :, 0]
        last, outputs, states = compat.rnn(step, x, [ops.ones_like(x[:, 0])], mask=mask)
        return outputs + (last + states[0] + folded)[:, None]


def test_steps_over_a_time_axis_of_any_length_in_compiled_functions() -> None:
    inputs = layers.Input((None, 3))
    model = keras.Model(inputs, Steps()(inputs))
    for length in (2, 5):
        x = np.random.default_rng(length).uniform(size=(2, length, 3))
        state, output, outputs = np.ones((2, 3)), np.zeros((2, 3)), []
        folded = x[:, 0]
        for index in range(length):
            taken = x[:, index, :1] > 0.5
            output, state = (
                np.where(taken, x[:, index] + state, output),
                np.where(taken, x[:, index] * state, state),
            )
            outputs.append(output)
            folded = folded * 2 + x[:, index] if index else folded
        wanted = np.stack(outputs, axis=1) + (output + state + folded)[:, None]
        assert np.abs(model.predict(x, verbose=0) - wanted).max() < 1e-12
