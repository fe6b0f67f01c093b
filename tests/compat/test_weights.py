"""Weights of Keras 1 on layers of today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tdmigrate.compat import set_keras1_weights, with_initial_weights
from tdmigrate.compat.weights import fuse_gates

Array = Any
RNG = np.random.default_rng(5)
W, B = RNG.normal(size=(4, 3)), RNG.normal(size=3)
LSTM, GRU = "icfo>ifco", "zrh>zrh"


@pytest.fixture(autouse=True)
def float64() -> Iterator[None]:
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


def has(layer: Any, weights: list[Array]) -> bool:
    own = layer.get_weights()
    return len(own) == len(weights) and all(np.array_equal(a, b) for a, b in zip(own, weights, strict=True))


def gates(count: int) -> list[Array]:
    return [RNG.normal(size=shape) for _ in range(count) for shape in ((4, 3), (3, 3), (3,))]


def test_a_layer_has_them_once_it_is_built() -> None:
    layer = layers.Dense(3)
    assert with_initial_weights(layer, [W, B]) is layer
    assert layer.weights == []
    layer(keras.Input((4,)))
    assert has(layer, [W, B])


def test_they_are_set_once() -> None:
    layer = with_initial_weights(layers.Dense(3), [W, B])
    layer(keras.Input((4,)))
    layer.set_weights([W + 1, B])
    layer(keras.Input((4,)))
    assert has(layer, [W + 1, B])


def test_none_sets_nothing() -> None:
    layer = layers.Dense(3, kernel_initializer="ones")
    with_initial_weights(layer, None)
    layer(keras.Input((4,)))
    assert has(layer, [np.ones((4, 3)), np.zeros(3)])


@pytest.mark.parametrize("wrap", [layers.TimeDistributed, lambda layer: keras.Sequential([layer])])
def test_inside_of_others(wrap: Any) -> None:
    layer = with_initial_weights(layers.Dense(3), [W, B])
    keras.Sequential([layers.Input((5, 4)), wrap(layer)])
    assert has(layer, [W, B])


def test_a_saved_model_brings_its_own(tmp_path: Any) -> None:
    model = keras.Sequential([layers.Input((4,)), with_initial_weights(layers.Dense(3), [W, B])])
    model.layers[0].set_weights([2 * W, B])
    model.save(tmp_path / "model.keras")
    assert has(keras.models.load_model(tmp_path / "model.keras").layers[0], [2 * W, B])


@pytest.mark.parametrize("run", ["fit", "predict"])
def test_a_model_without_an_input_is_refused(run: str) -> None:
    model = keras.Sequential([with_initial_weights(layers.Dense(3), [W, B])])
    model.compile("sgd", "mse")
    arguments = (np.ones((2, 4)), np.ones((2, 3)))[: 2 if run == "fit" else 1]
    with pytest.raises(ValueError, match="knows its input's shape"):
        getattr(model, run)(*arguments, verbose=0)


def test_shapes_that_do_not_fit_are_refused() -> None:
    layer = with_initial_weights(layers.Dense(3), [W.T, B])
    with pytest.raises(ValueError, match="shape"):
        layer(keras.Input((4,)))


@pytest.mark.parametrize(("kind", "order", "count"), [(layers.LSTM, LSTM, 4), (layers.GRU, GRU, 3)])
def test_gates_are_fused(kind: Any, order: str, count: int) -> None:
    options = {"reset_after": False} if kind is layers.GRU else {}
    layer = kind(3, **options)
    weights = gates(count)
    with_initial_weights(layer, weights, gates=order)(keras.Input((5, 4)))
    kernel, recurrent, bias = layer.get_weights()
    old, new = order.split(">")
    for place, gate in enumerate(new):
        part = slice(3 * place, 3 * place + 3)
        theirs = weights[3 * old.index(gate) : 3 * old.index(gate) + 3]
        for ours, their in zip((kernel[:, part], recurrent[:, part], bias[part]), theirs, strict=True):
            assert np.array_equal(ours, their)
    again = layer.get_weights()
    set_keras1_weights(layer, again, gates=order)  # fused ones stay
    assert has(layer, again)


def test_both_directions() -> None:
    forward, backward = gates(4), gates(4)
    layer = with_initial_weights(layers.Bidirectional(layers.LSTM(3)), forward + backward, gates=LSTM)
    layer(keras.Input((5, 4)))
    assert has(layer, fuse_gates(forward, LSTM) + fuse_gates(backward, LSTM))
    assert has(layer.forward_layer, fuse_gates(forward, LSTM))


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_other_numbers_of_arrays_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} weights"):
        fuse_gates([W] * count, LSTM)
