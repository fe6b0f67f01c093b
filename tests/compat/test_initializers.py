from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import initializers, layers

from tdmigrate import compat

from .models import draw, gap, model_of, reloaded


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


@pytest.mark.parametrize(
    ("name", "fans", "limit"),
    [
        ("glorot_uniform", ((1, 2), (0, 1, 2)), np.sqrt(6 / (4 * 32 * 64))),
        ("he_uniform", ((1, 2), (0, 1, 2)), np.sqrt(6 / (32 * 64))),
        ("lecun_uniform", (), np.sqrt(3 / np.sqrt(3 * 32 * 64))),
    ],
)
def test_fans_of_these_axes(name: str, fans: tuple[tuple[int, ...], ...], limit: float) -> None:
    drawn = np.asarray(compat.FanScaling(name, *fans)((3, 32, 64), dtype="float64"))
    assert 0.98 * limit < np.abs(drawn).max() <= limit


def test_fans_of_a_matrix_and_normal_distributions() -> None:
    drawn = np.asarray(compat.FanScaling("glorot_normal")((200, 300), dtype="float64"))
    assert abs(drawn.std() / np.sqrt(2 / 500) - 1) < 0.02
    assert np.abs(drawn).max() > 3 * drawn.std()  # not truncated
    with pytest.raises(ValueError, match="normal"):
        compat.FanScaling("normal")


@pytest.mark.parametrize("axis", [0, 2])
def test_orthogonal_rows(axis: int) -> None:
    drawn = np.moveaxis(np.asarray(compat.RowOrthogonal(1.1, axis)((4, 3, 5), dtype="float64")), axis, 0)
    rows = drawn.reshape(drawn.shape[0], -1)
    assert gap(rows @ rows.T, 1.21 * np.eye(len(rows))) < 1e-6


def test_fans_and_rows_round_trip(tmp_path: Path) -> None:
    conv = layers.Conv1D(4, 3, kernel_initializer=compat.FanScaling("he_normal", (1, 2), (0, 1, 2)))
    model = model_of(conv, layers.Conv1D(2, 2, kernel_initializer=compat.RowOrthogonal(1.1, 1)), shape=(9, 4))
    again = reloaded(model, tmp_path)
    for one, other in zip(model.layers, again.layers, strict=True):
        assert one.kernel_initializer.get_config() == other.kernel_initializer.get_config()


def shaped(shape: tuple[int, ...], name: str | None = None, dim_ordering: str = "th") -> object:
    """As a program for Keras 1 has it."""
    return np.full(shape, 0.25 if dim_ordering == "tf" else 0.5)


def test_a_function_of_keras_1_makes_a_kernel() -> None:
    layer = layers.Dense(3, kernel_initializer=compat.Keras1Initializer(shaped), dtype="float64")
    layer.build((None, 2))
    assert np.asarray(layer.kernel).tolist() == [[0.25] * 3] * 2
    for function in (lambda shape, name: np.ones(shape), lambda shape: keras.Variable(np.ones(shape))):
        assert np.asarray(compat.Keras1Initializer(function)((2,), dtype="float32")).tolist() == [1, 1]


def test_it_is_saved_with_its_function(tmp_path: Path) -> None:
    known = keras.saving.register_keras_serializable(package="tests")(shaped)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(3, kernel_initializer=compat.Keras1Initializer(known))])
    model.save(tmp_path / "model.keras")
    found = keras.models.load_model(tmp_path / "model.keras").layers[0].kernel_initializer
    assert isinstance(found, compat.Keras1Initializer)
    assert found.function is known
