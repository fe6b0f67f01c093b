from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from tdmigrate import compat

from .models import RNG, draw, gap, model_of, numbers, reloaded


def test_free_time_axis_on_two_lengths_in_compiled_functions() -> None:
    inner = layers.Dense(4, activation="softsign")
    model = model_of(compat.TimeDistributed(inner), shape=(None, 6))
    assert model.output_shape == (None, None, 4)
    model.compile("sgd", "mse")
    kernel, bias = (RNG.uniform(-0.7, 0.7, size=w.shape) for w in inner.get_weights())
    inner.set_weights([kernel, bias])
    for length in (7, 9):
        x = draw(2, length, 6)
        y = x @ kernel + bias
        assert gap(model.predict(x, verbose=0), y / (1 + np.abs(y))) < 1e-12
        assert np.isfinite(model.train_on_batch(x, draw(2, length, 4)))
        kernel, bias = inner.get_weights()


def test_keras_own_wrapper_is_what_the_trap_says_or_right() -> None:
    """Whichever Keras runs here, the corrected wrapper has the numbers of a plain Dense."""
    dense = layers.Dense(4)
    plain = model_of(dense, shape=(None, 6))
    wrapped = model_of(compat.TimeDistributed(dense), shape=(None, 6))
    for length in (7, 9):
        x = draw(2, length, 6)
        assert gap(wrapped.predict(x, verbose=0), plain.predict(x, verbose=0)) < 1e-14


def test_inner_layer_of_any_rank() -> None:
    inner = layers.Conv2D(3, 2)
    model = model_of(compat.TimeDistributed(inner), shape=(None, 5, 6, 2))
    assert model.output_shape == (None, None, 4, 5, 3)
    x = draw(2, 7, 5, 6, 2)
    steps = [ops.convert_to_numpy(inner(x[:, t])) for t in range(7)]
    assert gap(model.predict(x, verbose=0), np.stack(steps, axis=1)) < 1e-12


def test_nested_and_model_inside() -> None:
    block = model_of(layers.Dense(3), layers.Activation("relu"), shape=(4,))
    model = model_of(compat.TimeDistributed(compat.TimeDistributed(block)), shape=(None, None, 4))
    x = draw(2, 3, 5, 4)
    kernel, bias = block.get_weights()
    assert gap(model.predict(x, verbose=0), np.maximum(x @ kernel + bias, 0)) < 1e-12


def test_recurrent_inner_layer_gets_no_mask_and_the_mask_passes_on() -> None:
    inputs = layers.Input((None, 3, 2))
    mask = ops.any(ops.not_equal(inputs, 0.0), axis=(2, 3))
    inner = layers.LSTM(4)
    masked = layers.Lambda(lambda x: 1.0 * x, mask=lambda x, m: ops.any(ops.not_equal(x, 0.0), axis=(2, 3)))(inputs)
    outputs = compat.TimeDistributed(inner)(masked)
    assert outputs._keras_mask is not None
    model = keras.Model(inputs, [outputs, outputs._keras_mask, mask])
    x = draw(2, 5, 3, 2)
    x[:, 3:] = 0
    y, shown, expected = model.predict(x, verbose=0)
    assert np.array_equal(shown, expected)
    assert not shown[:, 3:].any()
    steps = [ops.convert_to_numpy(inner(x[:, t])) for t in range(5)]
    assert gap(y, np.stack(steps, axis=1)) < 1e-12


def test_fixed_batch_runs_step_by_step() -> None:
    inner = layers.LSTM(3, stateful=True)
    inputs = layers.Input(batch_shape=(2, 4, 5, 6))
    model = keras.Model(inputs, compat.TimeDistributed(inner)(inputs))
    x = draw(2, 4, 5, 6)
    got = model.predict(x, batch_size=2, verbose=0)
    plain = keras.Sequential([layers.Input(batch_shape=(2, 20, 6)), layers.LSTM(3, return_sequences=True)])
    plain.set_weights(inner.get_weights())
    whole = plain.predict(x.reshape(2, 20, 6), batch_size=2, verbose=0)  # state runs on from step to step
    assert gap(got, whole[:, 4::5]) < 1e-12


def test_fixed_batch_with_free_time_axis() -> None:
    inputs = layers.Input(batch_shape=(2, None, 6))
    dense = layers.Dense(3)
    model = keras.Model(inputs, compat.TimeDistributed(dense)(inputs))
    kernel, bias = dense.get_weights()
    for length in (4, 7):
        x = draw(2, length, 6)
        assert gap(model.predict(x, batch_size=2, verbose=0), x @ kernel + bias) < 1e-12


def test_empty_time_axis_and_empty_batch() -> None:
    layer = compat.TimeDistributed(layers.Dense(3))
    model = model_of(layer, shape=(None, 6))
    assert model(np.zeros((2, 0, 6))).shape == (2, 0, 3)
    assert model(np.zeros((0, 4, 6))).shape == (0, 4, 3)


def test_batch_normalization_inside_learns_from_all_timesteps() -> None:
    inner = layers.BatchNormalization(momentum=0.0, epsilon=1e-3)
    model = model_of(compat.TimeDistributed(inner), shape=(None, 6))
    x = draw(3, 5, 6)
    plain = layers.BatchNormalization(momentum=0.0, epsilon=1e-3)
    flat = x.reshape(15, 6)
    assert gap(model(x, training=True), numbers(plain(flat, training=True)).reshape(x.shape)) < 1e-12
    assert gap(inner.moving_mean, plain.moving_mean) < 1e-12
    assert gap(inner.moving_mean, flat.mean(0)) < 1e-6  # Keras takes it in float32 on JAX and PyTorch
    assert gap(model(x, training=False), numbers(plain(flat)).reshape(x.shape)) < 1e-12


def test_training_reaches_the_inner_layer() -> None:
    layer = compat.TimeDistributed(layers.Dropout(0.5))
    x = np.ones((4, 20, 10))
    assert gap(layer(x), x) == 0
    assert set(np.unique(layer(x, training=True))) == {0.0, 2.0}


def test_inner_activity_regularizer_counts() -> None:
    inner = layers.Dense(4, activity_regularizer=compat.activity_l2(0.5))
    layer = compat.TimeDistributed(inner)
    y = layer(draw(2, 5, 6))
    assert abs(float(sum(layer.losses)) - 0.5 * float(np.sum(np.square(y)))) < 1e-10


def test_time_distributed_round_trip_and_gradients(tmp_path: Path) -> None:
    model = model_of(compat.TimeDistributed(layers.Dense(4), name="scores"), shape=(None, 6))
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.train_on_batch(draw(2, 5, 6), draw(2, 5, 4))
    assert all(gap(a, b) > 0 and np.isfinite(b).all() for a, b in zip(before, model.get_weights(), strict=True))
    again = reloaded(model, tmp_path)
    assert isinstance(again.get_layer("scores"), compat.TimeDistributed)
    x = draw(2, 8, 6)
    assert gap(again.predict(x, verbose=0), model.predict(x, verbose=0)) == 0


def test_time_distributed_has_the_configuration_of_keras_own() -> None:
    dense = layers.Dense(4)
    ours, own = (
        compat.TimeDistributed(dense, name="a").get_config(),
        layers.TimeDistributed(dense, name="a").get_config(),
    )
    assert ours == own
    assert isinstance(compat.TimeDistributed.from_config(ours), compat.TimeDistributed)
