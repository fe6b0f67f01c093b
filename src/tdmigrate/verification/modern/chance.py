"""Random numbers of Keras 3 for a proof: numbers that hang on their place alone (see verification/legacy/chance.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tdmigrate.verification.samples import RATIO, SPREAD


@contextmanager
def fixed() -> Iterator[None]:
    """While this lasts, ``keras.random`` and layers draw what genuine Keras draws in a proof."""
    from keras.src.backend import random

    stead = {"uniform": _uniform, "normal": _normal, "dropout": _dropout}
    genuine = {name: getattr(random, name) for name in stead}
    try:
        for name, function in stead.items():
            setattr(random, name, function)
        yield
    finally:
        for name, function in genuine.items():
            setattr(random, name, function)


def _drawn(shape: Any, dtype: Any) -> Any:
    from keras import backend, ops

    sizes = [ops.cast(size, "int32") for size in shape]
    count = ops.prod(ops.stack(sizes)) if sizes else 1
    steps = ops.multiply(ops.add(ops.arange(count, dtype="float64"), 1.0), RATIO)
    values = ops.reshape(ops.subtract(steps, ops.floor(steps)), shape)
    return ops.cast(values, dtype or backend.floatx())


def _uniform(shape: Any, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    return minval + (maxval - minval) * _drawn(shape, dtype)


def _normal(shape: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None) -> Any:
    return mean + stddev * ((_drawn(shape, dtype) - 0.5) * SPREAD)


def _dropout(inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None) -> Any:
    from keras import ops

    sizes = ops.shape(inputs)
    shape = sizes if noise_shape is None else [size or own for size, own in zip(noise_shape, sizes, strict=True)]
    kept = ops.cast(_drawn(shape, "float64") >= rate, inputs.dtype)
    return inputs * kept / (1 - rate)
