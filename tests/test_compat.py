from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import initializers, layers, ops

from tdmigrate import compat

Array = Any
RNG = np.random.default_rng(7)


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


def draw(*shape: int) -> Array:
    return RNG.normal(size=shape)


def model_of(*parts: Any, shape: tuple[int | None, ...]) -> Any:
    return keras.Sequential([layers.Input(shape=shape), *parts])


def gap(a: Any, b: Any) -> float:
    a, b = np.asarray(a), np.asarray(b)
    assert a.shape == b.shape
    return float(np.max(np.abs(a - b)))


def reloaded(model: Any, tmp_path: Path) -> Any:
    path = tmp_path / "model.keras"
    model.save(path)
    return keras.models.load_model(path)


def test_imports_nothing_of_the_tool() -> None:
    script = (
        "import sys, tdmigrate.compat; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('tdmigrate', 'libcst', 'click')))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "['tdmigrate', 'tdmigrate.compat']"


# --- hard_sigmoid


def test_hard_sigmoid_is_the_old_formula() -> None:
    x = np.array([-9.0, -2.5, -1.0, 0.0, 1.0, 2.4, 2.5, 9.0])
    y = ops.convert_to_numpy(compat.hard_sigmoid(ops.convert_to_tensor(x)))
    assert y.dtype == np.float64
    assert gap(y, [0, 0, 0.3, 0.5, 0.7, 0.98, 1, 1]) < 1e-15


def test_hard_sigmoid_as_a_gate_survives_wrapping_and_saving(tmp_path: Path) -> None:
    lstm = layers.LSTM(3, recurrent_activation=compat.hard_sigmoid, return_sequences=True)
    model = model_of(layers.Bidirectional(lstm), layers.Dense(2, activation=compat.hard_sigmoid), shape=(None, 4))
    x = draw(2, 5, 4)
    wrapper = model.layers[0]
    for half in (wrapper.forward_layer, wrapper.backward_layer):
        assert half.recurrent_activation is compat.hard_sigmoid
    assert gap(reloaded(model, tmp_path).predict(x, verbose=0), model.predict(x, verbose=0)) == 0


# --- TimeDistributed


def test_free_time_axis_on_two_lengths_in_compiled_functions() -> None:
    inner = layers.Dense(4, activation="tanh")
    model = model_of(compat.TimeDistributed(inner), shape=(None, 6))
    assert model.output_shape == (None, None, 4)
    model.compile("sgd", "mse")
    kernel, bias = (RNG.uniform(-0.7, 0.7, size=w.shape) for w in inner.get_weights())
    inner.set_weights([kernel, bias])
    for length in (7, 9):
        x = draw(2, length, 6)
        assert gap(model.predict(x, verbose=0), np.tanh(x @ kernel + bias)) < 1e-12
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
    y = model(x, training=True)
    flat = x.reshape(15, 6)
    assert gap(y, (x - flat.mean(0)) / np.sqrt(flat.var(0) + 1e-3)) < 1e-10
    assert gap(inner.moving_mean, flat.mean(0)) < 1e-12
    assert gap(model(x, training=False), (x - flat.mean(0)) / np.sqrt(flat.var(0) + 1e-3)) < 1e-10


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


# --- TimeDistributedMerge


@pytest.mark.parametrize(("mode", "formula"), [("sum", np.sum), ("ave", np.mean), ("mul", np.prod)])
def test_merge_over_time(mode: str, formula: Callable[..., Array], tmp_path: Path) -> None:
    model = model_of(compat.TimeDistributedMerge(mode=mode), shape=(None, 4))
    assert model.output_shape == (None, 4)
    again = reloaded(model, tmp_path)
    for length in (3, 6):
        x = draw(2, length, 4)
        assert gap(again.predict(x, verbose=0), formula(x, axis=1)) < 1e-12
    assert again.layers[-1].get_config()["mode"] == mode


def test_merge_refuses_other_modes_and_ranks() -> None:
    assert compat.TimeDistributedMerge().mode == "sum"
    with pytest.raises(ValueError, match="'max'"):
        compat.TimeDistributedMerge("max")
    with pytest.raises(ValueError, match="ndim"):
        compat.TimeDistributedMerge()(np.zeros((2, 3)))


# --- time_distributed_dense


def test_dense_function_with_and_without_bias() -> None:
    x, w, b = draw(2, 5, 3), draw(3, 4), draw(4)
    assert gap(compat.time_distributed_dense(x, w), x @ w) < 1e-12
    assert gap(compat.time_distributed_dense(x, w, b, None, 3, 4, 5), x @ w + b) < 1e-12


def test_dense_function_dropout_is_one_mask_for_all_timesteps() -> None:
    x, w = np.ones((3, 7, 50)), np.eye(50)
    seed = keras.random.SeedGenerator(1)
    y = np.asarray(compat.time_distributed_dense(x, w, dropout=0.5, training=True, seed=seed))
    assert set(np.unique(y)) == {0.0, 2.0}
    assert np.array_equal(y, np.repeat(y[:, :1], 7, axis=1))
    assert not np.array_equal(y[0], y[1])
    assert gap(compat.time_distributed_dense(x, w, dropout=0.5, training=False), x) == 0
    with pytest.raises(ValueError, match="training"):
        compat.time_distributed_dense(x, w, dropout=0.5)


# --- activity regularizers

ACTIVITY: list[tuple[Any, Callable[[Array], Array]]] = [
    (compat.activity_l1, lambda y: 0.01 * np.abs(y).sum()),
    (compat.activity_l2, lambda y: 0.01 * np.square(y).sum()),
    (compat.activity_l1l2, lambda y: 0.01 * np.abs(y).sum() + 0.01 * np.square(y).sum()),
]


@pytest.mark.parametrize(("make", "formula"), ACTIVITY)
@pytest.mark.parametrize("batch_mean", [False, True])
def test_activity_loss(make: Any, formula: Callable[[Array], Array], batch_mean: bool) -> None:
    layer = layers.Dense(4, activity_regularizer=make(batch_mean=batch_mean))
    y = np.asarray(layer(draw(5, 3)))
    expected = formula(y) / (5 if batch_mean else 1)
    assert abs(float(layer.losses[0]) - float(expected)) < 1e-12


@pytest.mark.parametrize("divides", [False, True])
@pytest.mark.parametrize("batch_mean", [False, True])
def test_activity_loss_of_either_kind_of_keras(
    divides: bool, batch_mean: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compat, "_divides_by_batch", lambda: divides)
    y = draw(5, 3)
    loss = float(compat.activity_l1l2(0.3, 0.2, batch_mean=batch_mean)(ops.convert_to_tensor(y)))
    recorded = loss / 5 if divides else loss
    expected = (0.3 * np.abs(y).sum() + 0.2 * np.square(y).sum()) / (5 if batch_mean else 1)
    assert abs(recorded - expected) < 1e-12


def test_activity_regularizer_trains_and_reloads(tmp_path: Path) -> None:
    model = model_of(layers.Dense(4, activity_regularizer=compat.activity_l1l2(0.1, 0.2)), shape=(None, 3))
    model.compile("sgd", "mse")
    x, target = draw(5, 6, 3), draw(5, 6, 4)
    y = model.predict(x, verbose=0)
    loss = model.evaluate(x, target, verbose=0, batch_size=5)
    expected = np.square(y - target).mean() + 0.1 * np.abs(y).sum() + 0.2 * np.square(y).sum()
    assert abs(loss - expected) < 1e-10
    again = reloaded(model, tmp_path)
    assert again.layers[-1].activity_regularizer.get_config() == {"l1": 0.1, "l2": 0.2, "batch_mean": False}
    assert abs(again.evaluate(x, target, verbose=0, batch_size=5) - expected) < 1e-10
    model.train_on_batch(x, target)
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_probe_leaves_no_trace_in_layer_names() -> None:
    keras.backend.clear_session()
    compat._divides_by_batch.cache_clear()
    compat.activity_l1()
    assert layers.Activation("relu").name == "activation"


# --- PerGate


@pytest.mark.parametrize("gates", [3, 4])
def test_gates_have_the_limit_of_one_gate(gates: int) -> None:
    kernel = np.asarray(compat.PerGate("glorot_uniform", gates)((64, 64 * gates), dtype="float64"))
    limit = np.sqrt(6 / 128)
    parts = np.split(kernel, gates, axis=1)
    assert all(0.98 * limit < np.abs(part).max() <= limit for part in parts)
    assert len({part.tobytes() for part in parts}) == gates


def test_orthogonal_gates_with_gain() -> None:
    kernel = np.asarray(compat.PerGate(initializers.Orthogonal(1.1), 4)((8, 32), dtype="float64"))
    for part in np.split(kernel, 4, axis=1):
        assert gap(part @ part.T, 1.21 * np.eye(8)) < 1e-6


@pytest.mark.parametrize("seed", [5, None])
def test_seeds(seed: int | None) -> None:
    gates = compat.PerGate(initializers.RandomUniform(seed=seed), 4)
    first = np.asarray(gates((3, 8)))
    assert len({part.tobytes() for part in np.split(first, 4, axis=1)}) == 4
    assert (gap(gates((3, 8)), first) == 0) == (seed is not None)


def test_seed_generator_and_constant() -> None:
    moving = compat.PerGate(initializers.RandomUniform(seed=keras.random.SeedGenerator(3)), 3)
    assert len({part.tobytes() for part in np.split(np.asarray(moving((3, 6))), 3, axis=1)}) == 3
    assert gap(compat.PerGate("ones", 4)((3, 8)), np.ones((3, 8))) == 0


def test_per_gate_in_layers_round_trip(tmp_path: Path) -> None:
    lstm = layers.LSTM(
        5,
        kernel_initializer=compat.PerGate("glorot_uniform", 4),
        recurrent_initializer=compat.PerGate(initializers.Orthogonal(1.1), 4),
        return_sequences=True,
    )
    model = model_of(lstm, layers.GRU(2, recurrent_initializer=compat.PerGate("glorot_uniform", 3)), shape=(None, 4))
    x = draw(2, 5, 4)
    again = reloaded(model, tmp_path)
    assert gap(again.predict(x, verbose=0), model.predict(x, verbose=0)) == 0
    recurrent = again.layers[0].recurrent_initializer if hasattr(again.layers[0], "recurrent_initializer") else None
    assert recurrent is not None
    assert recurrent.inner.gain == 1.1
    with pytest.raises(ValueError, match="gates"):
        compat.PerGate("ones", 4)((3, 9))
