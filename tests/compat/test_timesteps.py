from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from tdmigrate import compat

from .models import Array, draw, gap, model_of, reloaded


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
