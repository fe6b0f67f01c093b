"""Weights of Keras 1 on layers of today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from tdmigrate.compat import (
    keras1_highway,
    keras1_kernels,
    keras1_kernels_1d,
    keras1_transposed_kernels,
    load_weights,
    load_weights_by_name,
    set_keras1_weights,
    with_initial_weights,
)
from tdmigrate.compat.layouts import fuse_gates

Array = Any
RNG = np.random.default_rng(5)
W, B = RNG.normal(size=(4, 3)), RNG.normal(size=3)
X, Y = RNG.normal(size=(8, 4)), RNG.normal(size=(8, 3))
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


KERNELS = (keras1_kernels, keras1_kernels_1d, keras1_transposed_kernels)


def test_kernels_of_every_ordering_and_backend() -> None:
    first = RNG.normal(size=(5, 4, 3, 2))  # filters, inputs, rows, columns
    last = first.transpose(2, 3, 1, 0)
    for given, ordering in ((first, "th"), (last, "tf")):
        kernel, bias = keras1_kernels([given, B], ordering, "tensorflow") or []
        assert np.array_equal(kernel, last)
        assert bias is B
        kernel, _ = keras1_kernels([given, B], ordering, "theano") or []
        assert np.array_equal(kernel, last[::-1, ::-1])
        kernel, _ = keras1_transposed_kernels([given, B], ordering, "theano") or []
        assert np.array_equal(kernel, last[::-1, ::-1].transpose(0, 1, 3, 2))
        kernel, _ = keras1_transposed_kernels([given, B], ordering, "tensorflow") or []
        assert np.array_equal(kernel, last.transpose(0, 1, 3, 2))


def test_kernels_of_volumes_and_sequences() -> None:
    volume = RNG.normal(size=(6, 5, 4, 3, 2))  # filters, inputs, lengths
    assert np.array_equal((keras1_kernels([volume], "th", "theano") or [])[0],
                          volume.transpose(2, 3, 4, 1, 0)[::-1, ::-1, ::-1])  # fmt: skip
    sequence = RNG.normal(size=(3, 5, 4))  # length, inputs, filters
    for given, ordering in ((sequence.transpose(2, 1, 0)[..., None], "th"), (sequence[:, None], "tf")):
        assert np.array_equal((keras1_kernels_1d([given], ordering, "theano") or [])[0], sequence[::-1])
        assert np.array_equal((keras1_kernels_1d([given], ordering, "tensorflow") or [])[0], sequence)


@pytest.mark.parametrize("given", [RNG.normal(size=(3, 2, 5, 4)), RNG.normal(size=(3, 5, 4))])
def test_a_second_length_of_a_sequence_is_refused(given: Array) -> None:
    with pytest.raises(ValueError, match="squeeze"):
        keras1_kernels_1d([given], "tf", "theano")


@pytest.mark.parametrize("convert", KERNELS)
def test_other_words_are_refused(convert: Any) -> None:
    with pytest.raises(ValueError, match="'th' or 'tf', not 'default'"):
        convert([], "default", "theano")
    with pytest.raises(ValueError, match="'theano' or 'tensorflow', not 'jax'"):
        convert(None, "th", "jax")


def test_no_weights_stay_none() -> None:
    assert [convert(None, "th", "theano") for convert in KERNELS] == [None] * 3
    assert keras1_highway(None) is None


def test_highway_of_either_release() -> None:
    kernel, carry, bias, carry_bias = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3)), B, B + 1
    for given in ([kernel, bias, carry, carry_bias], [kernel, carry, bias, carry_bias]):
        for ours, theirs in zip(keras1_highway(given) or [], [kernel, carry, bias, carry_bias], strict=True):
            assert ours is theirs
    assert keras1_highway([carry, kernel]) == [carry, kernel]


def test_weights_go_by_the_names_of_layers(tmp_path: Any) -> None:
    inner = keras.Sequential([keras.Input((5,)), layers.Dense(2, name="deep")], name="inner")
    source = keras.Sequential([keras.Input((3, 4)), layers.LSTM(5, name="read"), inner, layers.Dense(1, name="head")])
    source.compile("adam", "mse")
    fresh = keras.Sequential([keras.Input((5,)), layers.Dense(2, name="other")], name="inner")
    first = layers.Dense(4, name="first")
    target = keras.Sequential([keras.Input((3, 6)), first, layers.LSTM(5, name="read"), fresh, layers.Dense(7)])
    for layer in source.layers:
        layer.set_weights([RNG.normal(size=one.shape) for one in layer.get_weights()])
    for name in ("w.weights.h5", "m.keras"):
        path = str(tmp_path / name)
        (source.save_weights if name[0] == "w" else source.save)(path)
        for layer in target.layers:
            layer.set_weights([one * 0 for one in layer.get_weights()])
        kept = [target.layers[0].get_weights(), target.layers[3].get_weights()]
        load_weights_by_name(target, path)
        assert has(target.get_layer("read"), source.get_layer("read").get_weights())
        assert has(fresh, inner.get_weights())
        assert has(target.layers[0], kept[0])
        assert has(target.layers[3], kept[1])


def test_a_layer_of_the_same_name_with_other_weights_is_refused(tmp_path: Any) -> None:
    path = str(tmp_path / "w.weights.h5")
    keras.Sequential([keras.Input((4,)), layers.Dense(3, name="same")]).save_weights(path)
    with pytest.raises(ValueError, match="same"):
        load_weights_by_name(keras.Sequential([keras.Input((4,)), layers.Dense(2, name="same")]), path)


def test_a_file_without_names_is_refused(tmp_path: Any) -> None:
    path = str(tmp_path / "w.weights.h5")
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="same")])
    model.save_weights(path)
    with h5py.File(path, "r+") as file:
        del file["layers/dense/vars"].attrs["name"]
    with pytest.raises(ValueError, match="does not tell the names"):
        load_weights_by_name(model, path)


@pytest.mark.parametrize("load", [load_weights, load_weights_by_name])
@pytest.mark.parametrize("name", ["w.weights.h5", "w.keras"])
def test_the_optimizers_of_a_model_and_of_one_inside_it_stay(load: Any, name: str, tmp_path: Any) -> None:
    path = str(tmp_path / name)
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3, name="inner")])
    outer = keras.Sequential([keras.Input((4,)), inner])
    for model in (inner, outer):
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(X, Y, verbose=0)
    (outer.save if name.endswith(".keras") else outer.save_weights)(path)
    saved = inner.get_weights()
    for model in (inner, outer):
        model.optimizer.learning_rate = 0.01
        model.fit(X, Y, verbose=0)
    load(outer, path)
    assert has(inner, saved)
    assert [float(model.optimizer.learning_rate) for model in (inner, outer)] == [0.01, 0.01]
    assert [int(model.optimizer.iterations) for model in (inner, outer)] == [2, 2]
