"""Metrics of compat: targets of any rank and dtype, dicts, small batches, saved models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from tdmigrate import compat

RANDOM = np.random.default_rng(5)
BITS = np.array([0, 1, 1, 0, 1, 0, 1])
OUTPUTS = RANDOM.random((7, 1)).astype("float32")


def total(y_true: Any, y_pred: Any) -> Any:
    return ops.sum(ops.abs(y_true - y_pred))


def pair(y_true: Any, y_pred: Any) -> dict[str, Any]:
    return {"low": ops.min(y_pred - y_true), "high": ops.max(y_pred - y_true)}


NAMES = (
    "acc", "binary_accuracy", "binary_crossentropy", "cosine_proximity", "fbeta_score", "fmeasure", "hinge",
    "kullback_leibler_divergence", "matthews_correlation", "poisson", "precision", "recall", "squared_hinge",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["float64", "int64", "bool"])
def test_one_axis_and_any_dtype_are_a_column_of_floats(name: str, kind: str) -> None:
    function = getattr(compat, name)
    outputs = ops.convert_to_tensor(OUTPUTS)
    expected = ops.convert_to_numpy(function(ops.convert_to_tensor(BITS[:, None].astype("float32")), outputs))
    found = ops.convert_to_numpy(function(ops.convert_to_tensor(BITS.astype(kind)), outputs))
    assert found.shape == expected.shape == (7,)
    assert (found == expected).all()


def network(metrics: list[Any]) -> Any:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "mse", metrics=metrics)
    return model


def test_batches_count_by_their_sizes_and_keys_are_names() -> None:
    x = RANDOM.random((7, 3)).astype("float32")
    parts = [compat.metric(total), compat.metric(pair, "low"), compat.metric(pair, "high")]
    model = network(parts)
    found = model.evaluate(x, BITS, batch_size=4, verbose=0, return_dict=True)
    gaps = model.predict(x, verbose=0)[:, 0] - BITS
    batches = [gaps[:4], gaps[4:]]
    weights = [4 / 7, 3 / 7]
    assert set(found) == {"loss", "total", "low", "high"}
    for name, number in (("total", lambda g: abs(g).sum()), ("low", np.min), ("high", np.max)):
        assert abs(found[name] - np.dot(weights, [number(one) for one in batches])) < 1e-5


def test_a_wrapped_metric_is_saved_with_its_function(tmp_path: Path) -> None:
    x = RANDOM.random((7, 3)).astype("float32")
    model = network([compat.metric(total), compat.accuracy_of("binary_crossentropy")])
    before = model.evaluate(x, BITS, batch_size=4, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", custom_objects={"total": total})
    assert np.allclose(again.evaluate(x, BITS, batch_size=4, verbose=0), before)


def test_what_is_no_function_stays() -> None:
    mean = keras.metrics.MeanSquaredError()
    given = compat.metric({"a": ["mse", mean, total], "b": None})
    assert given["a"][:2] == ["mse", mean]
    assert given["a"][2].name == "total"
    assert given["b"] is None
    assert compat.metric(given["a"][2]) is given["a"][2]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("mse", [1, 0]),
        ("categorical_crossentropy", [1, 0]),
        ("binary_crossentropy", [1, 0.5]),
        (keras.losses.binary_crossentropy, [1, 0.5]),
        (compat.binary_crossentropy, [1, 0.5]),
        (compat.WeightedLoss("binary_crossentropy"), [1, 0.5]),
        (keras.losses.BinaryCrossentropy(), [1, 0.5]),
        (total, [1, 0]),
    ],
)
def test_the_loss_chooses_the_accuracy(loss: Any, expected: list[float]) -> None:
    true = ops.convert_to_tensor(np.array([[1.0, 0.0], [0.0, 1.0]], "float32"))
    outputs = ops.convert_to_tensor(np.array([[0.9, 0.2], [0.9, 0.8]], "float32"))
    metric = compat.accuracy_of(loss)
    assert (metric.name if hasattr(metric, "name") else metric.__name__) == "acc"
    assert ops.convert_to_numpy(metric(true, outputs)).tolist() == expected


def test_labels_are_left_to_keras() -> None:
    assert compat.accuracy_of("sparse_categorical_crossentropy") == "acc"


def test_a_number_of_a_batch_behind_a_mask_is_that_of_all_its_steps() -> None:
    x = RANDOM.random((5, 4, 3)).astype("float32")
    x[1, 2:] = 0
    y = RANDOM.integers(0, 2, (5, 4, 1)).astype("float32")
    model = keras.Sequential([keras.Input((4, 3)), keras.layers.Masking(), keras.layers.Dense(1, "sigmoid")])
    model.compile("sgd", "mse", metrics=[compat.metric(total), compat.fmeasure])
    found = model.evaluate(x, y, verbose=0, return_dict=True)
    outputs = model.predict(x, verbose=0)
    assert found["total"] == pytest.approx(float(abs(outputs - y).sum()))
    assert found["fmeasure"] == pytest.approx(float(ops.mean(compat.fmeasure(y, outputs))))
