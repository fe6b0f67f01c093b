"""Losses with weights, accuracies, classes and callbacks of compat, by their formulas."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tdmigrate.compat import (
    BatchLogs,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    WeightedLoss,
    acc,
    predict_classes,
)

RANDOM = np.random.default_rng(3)


def gap(found: object, expected: object) -> float:
    return float(np.abs(np.asarray(keras.ops.convert_to_numpy(found)) - np.asarray(expected)).max())


@pytest.mark.parametrize("weights", [[1.0, 0.0, 2.0], [[1.0, 0.0], [0.0, 0.0], [2.0, 3.0]], None])
def test_what_weighs_nothing_does_not_count(weights: list[object] | None) -> None:
    true, predicted = RANDOM.random((2, 3, 2, 4)).astype("float32")
    score = ((true - predicted) ** 2).mean(-1)
    if weights is not None:
        array = np.array(weights)
        score = (score if array.ndim == 2 else score.mean(-1)) * array / (array != 0).mean()
    loss = WeightedLoss("mean_squared_error")
    given = None if weights is None else np.array(weights, "float32")
    assert gap(loss(true, predicted, given), score.mean()) < 1e-6


def test_a_weighted_loss_is_saved_with_what_it_weighs() -> None:
    config = keras.saving.serialize_keras_object(WeightedLoss("mse"))
    again = keras.saving.deserialize_keras_object(config)
    assert isinstance(again, WeightedLoss)
    assert gap(again(np.ones((2, 1)), np.zeros((2, 1)), np.array([3.0, 0.0])), 3.0) < 1e-6


def test_accuracies_round_one_feature_and_compare_several() -> None:
    one = keras.ops.convert_to_tensor([[0.6], [1.6], [-0.4]])
    assert gap(acc(np.array([1.0, 2.0, 3.0]), one), [1, 1, 0]) == 0
    several = keras.ops.convert_to_tensor([[0.1, 3.0], [2.0, -1.0]])
    assert gap(acc(np.array([[0, 1], [0, 1]]), several), [1, 0]) == 0


@pytest.mark.parametrize(("units", "kind"), [(1, "int32"), (3, "int64")])
def test_classes_are_told_from_the_number_of_features(units: int, kind: str) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units)])
    x = RANDOM.random((5, 2))
    found = predict_classes(model, x, verbose=0)
    predicted = model.predict(x, verbose=0)
    assert found.dtype == kind
    assert (found == (predicted > 0.5 if units == 1 else predicted.argmax(-1))).all()


class _Model:
    """What callbacks look at."""

    def __init__(self) -> None:
        self.optimizer = keras.optimizers.SGD(1.0)
        self.saved: list[str] = []

    def save(self, path: str, overwrite: bool) -> None:
        self.saved.append(path)


def test_a_rate_is_lowered_when_keras_1_lowered_it() -> None:
    callback = ReduceLROnPlateau(monitor="loss", factor=0.5, patience=2)
    callback.set_model(_Model())
    rates = []
    for epoch in range(8):
        callback.on_epoch_end(epoch, {"loss": 1.0})
        rates.append(float(keras.ops.convert_to_numpy(callback.model.optimizer.learning_rate)))
    assert rates == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125]


def test_a_schedule_gets_the_epoch_alone() -> None:
    def schedule(epoch: int, drop: float = 0.5) -> float:
        return drop**epoch

    callback = LearningRateScheduler(schedule)
    callback.set_model(_Model())
    rates = []
    for epoch in range(4):
        callback.on_epoch_begin(epoch)
        rates.append(float(keras.ops.convert_to_numpy(callback.model.optimizer.learning_rate)))
    assert rates == [1, 0.5, 0.25, 0.125]


def test_checkpoints_count_from_nought() -> None:
    callback = ModelCheckpoint("{epoch}.keras", period=2)
    callback.set_model(_Model())
    for epoch in range(4):
        callback.on_epoch_end(epoch, {})
    assert callback.model.saved == ["1.keras", "3.keras"]


def test_nothing_is_saved_without_what_is_watched() -> None:
    callback = ModelCheckpoint("best.keras", "acc", save_best_only=True)
    callback.set_model(_Model())
    with pytest.warns(RuntimeWarning, match="requires acc"):
        callback.on_epoch_end(0, {})
    for epoch, value in enumerate((0.5, 0.4, 0.6)):
        callback.on_epoch_end(epoch, {"acc": value})
    assert callback.model.saved == ["best.keras"] * 2


def test_logs_of_a_batch_are_its_own_and_those_of_an_epoch_stay() -> None:
    inputs, targets = np.linspace(-1, 2, 10).reshape(10, 1), np.linspace(3, 0, 10).reshape(10, 1) ** 2
    seen: list[dict[str, float]] = []

    class Every(BatchLogs, keras.callbacks.Callback):  # type: ignore[misc]
        def on_batch_end(self, batch: int, logs: dict[str, float]) -> None:
            seen.append(dict(logs))

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=["mae"])
    second = LambdaCallback(on_batch_end=lambda batch, logs: seen.append(dict(logs)))
    history = model.fit(inputs, targets, 4, epochs=2, verbose=0, shuffle=False, callbacks=[Every(), second]).history
    assert [list(one) for one in seen] == [["batch", "size", "loss", "mae"]] * 12
    numbers = [(one["batch"], one["size"]) for one in seen]
    assert numbers == [(0, 4), (0, 4), (1, 4), (1, 4), (2, 2), (2, 2)] * 2
    for one in seen:
        part = slice(4 * int(one["batch"]), 4 * int(one["batch"]) + 4)
        assert [one["loss"], one["mae"]] == pytest.approx(model.evaluate(inputs[part], targets[part], verbose=0))
    assert [history["loss"][1], history["mae"][1]] == pytest.approx(model.evaluate(inputs, targets, verbose=0))
