"""Optimizers of compat as parts of models; their steps are held against genuine Keras in tests/training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from tdmigrate import compat

OPTIMIZERS = [compat.SGD, compat.RMSprop, compat.Adagrad, compat.Adadelta, compat.Adam, compat.Adamax, compat.Nadam]


@pytest.mark.parametrize(
    "kind", [pytest.param(one, marks=() if one is compat.RMSprop else pytest.mark.slow) for one in OPTIMIZERS]
)
def test_it_is_saved_with_all_settings_and_goes_on(kind: Any, tmp_path: Path) -> None:
    decay = {} if kind is compat.Nadam else {"decay": 0.1}
    optimizer = kind(learning_rate=0.25, global_clipnorm=1.0, clipvalue=0.1, **decay)
    assert kind.from_config(optimizer.get_config()).get_config() == optimizer.get_config()
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(optimizer, "mse")
    x, y = np.ones((4, 3)), np.ones((4, 2))
    model.train_on_batch(x, y)
    optimizer.learning_rate = 0.5  # a number, though the rate decays
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is kind
    assert loaded.optimizer.get_config() == optimizer.get_config()
    for one in (model, loaded):
        one.train_on_batch(x, y)
    kernels = [np.asarray(one.layers[0].kernel) for one in (model, loaded)]
    assert np.abs(kernels[0] - kernels[1]).max() < 1e-6


def test_both_clips_hold() -> None:
    optimizer = compat.SGD(learning_rate=1.0, global_clipnorm=5.0, clipvalue=3.5)
    weight = keras.Variable([0.0, 0.0])
    optimizer.apply([keras.ops.convert_to_tensor([30.0, 40.0])], [weight])
    assert np.asarray(weight).tolist() == pytest.approx([-3.0, -3.5])
