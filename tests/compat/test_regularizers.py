from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from tdmigrate import compat
from tdmigrate.compat import regularizers

from .models import Array, draw, model_of, reloaded

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
    monkeypatch.setattr(regularizers, "_divides_by_batch", lambda: divides)
    y = draw(5, 3)
    loss = float(compat.activity_l1l2(0.3, 0.2, batch_mean=batch_mean)(ops.convert_to_tensor(y)))
    recorded = loss / 5 if divides else loss
    expected = (0.3 * np.abs(y).sum() + 0.2 * np.square(y).sum()) / (5 if batch_mean else 1)
    assert abs(recorded - expected) < 1e-12


def squares(target: Any, y: Any) -> Any:
    """Summed: Keras takes a mean in float32 on JAX and PyTorch."""
    return ops.sum(ops.square(ops.subtract(target, y)))


keras.saving.register_keras_serializable("tests")(squares)


def test_activity_regularizer_trains_and_reloads(tmp_path: Path) -> None:
    model = model_of(layers.Dense(4, activity_regularizer=compat.activity_l1l2(0.1, 0.2)), shape=(None, 3))
    model.compile("sgd", squares)
    x, target = draw(5, 6, 3), draw(5, 6, 4)
    y = model.predict(x, verbose=0)
    loss = model.evaluate(x, target, verbose=0, batch_size=5)
    expected = np.square(y - target).sum() + 0.1 * np.abs(y).sum() + 0.2 * np.square(y).sum()
    assert abs(loss - expected) < 1e-10
    again = reloaded(model, tmp_path)
    assert again.layers[-1].activity_regularizer.get_config() == {"l1": 0.1, "l2": 0.2, "batch_mean": False}
    assert abs(again.evaluate(x, target, verbose=0, batch_size=5) - expected) < 1e-10
    model.train_on_batch(x, target)
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_probe_leaves_no_trace_in_layer_names() -> None:
    keras.backend.clear_session()
    regularizers._divides_by_batch.cache_clear()
    compat.activity_l1()
    assert layers.Activation("relu").name == "activation"
