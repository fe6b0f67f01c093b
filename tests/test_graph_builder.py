"""The builder of graphs whose names are computed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from tdmigrate.compat import Graph

RNG = np.random.default_rng(11)
BATCH = 6


def draw(*shape: int) -> Any:
    return RNG.normal(size=(BATCH, *shape)).astype("float32")


def two_inputs() -> Graph:
    graph = Graph(name="net")
    for name in ("left", "right"):
        graph.add_input(name, input_shape=(4,))
    graph.add_shared_node(layers.Dense(3), "shared", inputs=["left", "right"], outputs=["l", "r"])
    graph.add_node(layers.Dense(2), "one", inputs=["l", "r"], merge_mode="sum")
    graph.add_output("first", input="one")
    graph.add_output("second", inputs=["l", "r"], merge_mode="mul")
    return graph


DATA = {"left": draw(4), "right": draw(4), "first": draw(2), "second": draw(3)}


def batches(weights: bool = False) -> Iterator[Any]:
    while True:
        yield (DATA, {"first": np.zeros(BATCH)}) if weights else DATA


def test_the_model_has_the_names_of_the_graph() -> None:
    graph = two_inputs()
    assert graph.model.name == "net"
    assert [tensor.name for tensor in graph.model.inputs] == ["left", "right"]
    assert list(graph.predict(DATA, verbose=0)) == ["first", "second"]
    assert graph.get_layer("one") is graph.nodes["one"]
    assert graph.nodes["shared"].name == "shared"


def test_a_step_makes_a_new_model() -> None:
    graph = two_inputs()
    before = graph.model
    assert graph.model is before
    graph.add_output("third", input="l")
    assert list(graph.model.output) == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("sum", lambda a, b: a + b),
        ("mul", lambda a, b: a * b),
        ("ave", lambda a, b: (a + b) / 2),
        ("max", np.maximum),
        ("concat", lambda a, b: np.concatenate([a, b], axis=-1)),
        ("dot", lambda a, b: np.sum(a * b, axis=-1, keepdims=True)),
        ("cos", lambda a, b: (np.sum(a * b, -1) / np.sqrt(np.sum(a * a, -1) * np.sum(b * b, -1)))[:, None, None]),
    ],
)
def test_merges(mode: str, expected: Any) -> None:
    graph = Graph()
    graph.add_input("a", input_shape=(4,))
    graph.add_input("b", input_shape=(4,))
    graph.add_output("out", inputs=["a", "b"], merge_mode=mode)
    data = {"a": draw(4), "b": draw(4)}
    got = graph.predict_on_batch(data)["out"]
    wanted = expected(data["a"], data["b"])
    assert got.shape == wanted.shape
    assert np.max(np.abs(got - wanted)) < 1e-6


def test_a_shared_node_is_merged_under_its_name() -> None:
    graph = Graph()
    graph.add_input("a", input_shape=(4,))
    graph.add_input("b", input_shape=(4,))
    dense = layers.Dense(3)
    graph.add_shared_node(dense, "both", ["a", "b"], merge_mode="concat", concat_axis=1, create_output=True)
    data = {"a": draw(4), "b": draw(4)}
    kernel = dense.get_weights()[0]
    wanted = np.concatenate([data["a"] @ kernel, data["b"] @ kernel], axis=1)
    assert np.max(np.abs(graph.predict_on_batch(data)["both"] - wanted)) < 1e-5
    assert dense.name == "input_for_both"


def test_training_takes_one_dict() -> None:
    graph = two_inputs()
    graph.compile("sgd", "mse", metrics=["mae"], loss_weights={"second": 2.0})
    weights = {"first": np.zeros(BATCH)}
    history = graph.fit(DATA, epochs=1, verbose=0, validation_data=DATA, sample_weight=weights).history
    assert history["first_loss"] == [0.0]
    assert history["loss"] == pytest.approx([2 * history["second_loss"][0]])
    losses = dict(zip(graph.metrics_names, [0] * 9, strict=False))
    assert "loss" in losses
    assert graph.evaluate(DATA, verbose=0, sample_weight=weights)[1] == 0
    assert graph.train_on_batch(DATA, sample_weight=weights)[1] == 0
    assert len(graph.test_on_batch(DATA)) == 5


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
def test_training_takes_batches() -> None:
    graph = two_inputs()
    graph.compile("sgd", {"first": "mse", "second": "mse"})
    assert graph.fit(batches(), steps_per_epoch=2, verbose=0).history["first_loss"][0] > 0
    history = graph.fit(batches(weights=True), steps_per_epoch=2, verbose=0).history
    assert history["first_loss"] == [0.0]
    assert graph.evaluate(batches(), steps=2, verbose=0)[0] > 0


def test_names_that_keras_3_does_not_take() -> None:
    graph = Graph()
    graph.add_input("in/1 st", input_shape=(4,))
    graph.add_node(layers.Dense(3), "_a b", input="in/1 st")
    graph.add_output("out/1", input="_a b")
    assert list(graph.predict({"in/1 st": draw(4)}, verbose=0)) == ["out/1"]


def test_a_graph_is_a_layer() -> None:
    inner = Graph()
    inner.add_input("x", input_shape=(4,))
    inner.add_node(layers.Dense(3), "d", input="x", create_output=True)
    outer = Graph()
    outer.add_input("x", input_shape=(4,))
    outer.add_node(inner, "inner", input="x")
    outer.add_output("out", input="inner")
    data = {"x": draw(4)}
    assert np.allclose(outer.predict_on_batch(data)["out"], inner.predict_on_batch(data)["d"])


def test_the_model_is_saved(tmp_path: Path) -> None:
    graph = two_inputs()
    graph.save(tmp_path / "net.keras")
    again = keras.models.load_model(tmp_path / "net.keras")
    given = {name: DATA[name] for name in ("left", "right")}
    got, wanted = again.predict(given, verbose=0), graph.predict(DATA, verbose=0)
    assert all(np.array_equal(got[name], wanted[name]) for name in ("first", "second"))


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda graph: graph.add_input("left", input_shape=(4,)), "there is a node 'left' already"),
        (lambda graph: graph.add_input("more", input_shape=(4,), dtype="bool"), "dtype is 'int' or 'float'"),
        (lambda graph: graph.add_node(layers.Dense(2), "d", input="gone"), "there is no node 'gone'"),
        (lambda graph: graph.add_node(layers.Dense(2), "d"), "either `input` or `inputs`"),
        (lambda graph: graph.add_node(layers.Dense(2), "d", inputs=["l", "r"], merge_mode="join"), "no merge mode"),
        (lambda graph: graph.add_shared_node(layers.Dense(2), "d", ["l", "r"], outputs=["e"]), "2 inputs and 1"),
        (lambda graph: graph.add_output("first", input="l"), "there is an output 'first' already"),
    ],
)
def test_steps_that_cannot_be(step: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        step(two_inputs())


def test_what_neither_it_nor_its_model_has() -> None:
    with pytest.raises(AttributeError):
        two_inputs().gone  # noqa: B018


SCRIPT = """
import numpy as np
from keras import layers
from tdmigrate.compat import Graph
graph = Graph()
graph.add_input('a', input_shape=(4,))
for i in range(2):
    graph.add_node(layers.Dense(3), 'd%d' % i, input='a')
graph.add_output('out', inputs=['d0', 'd1'], merge_mode='cos')
graph.compile('sgd', {'out': 'mse'})
data = {'a': np.ones((5, 4), 'float32'), 'out': np.zeros((5, 1, 1), 'float32')}
graph.fit(data, epochs=1, verbose=0)
assert graph.predict(data, verbose=0)['out'].shape == (5, 1, 1)
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends(backend: str) -> None:
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
