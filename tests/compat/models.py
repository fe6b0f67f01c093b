"""What tests of tdmigrate.compat share: numbers, small models, and how far apart two results are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops

Array = Any
RNG = np.random.default_rng(7)


def draw(*shape: int) -> Array:
    return RNG.normal(size=shape)


def model_of(*parts: Any, shape: tuple[int | None, ...]) -> Any:
    return keras.Sequential([layers.Input(shape=shape), *parts])


def numbers(value: Any) -> Array:
    """As an array, whichever backend it is of."""
    return ops.convert_to_numpy(value)


def gap(a: Any, b: Any) -> float:
    a, b = numbers(a), numbers(b)
    assert a.shape == b.shape
    return float(np.max(np.abs(a - b)))


def reloaded(model: Any, tmp_path: Path) -> Any:
    path = tmp_path / "model.keras"
    model.save(path)
    return keras.models.load_model(path)
