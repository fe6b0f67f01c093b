"""Pooling with the 'same' of Theano (pool2d and pool3d in keras/backend/theano_backend.py of 1.2.2)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from keras import layers, ops

from tdmigrate.compat.registering import Tensor, registered


def _added(size: int) -> int:
    """How much Theano added in front, and at the end."""
    return size - 2 if size > 2 and size % 2 else size - 1


class _Pooling:
    """What a pool of Keras 3 makes of `padding='same'` here; its other paddings stay."""

    pool_size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str
    pool: Callable[[Tensor, list[tuple[int, int]]], Tensor]  # without padding, of what has these cells added around it

    def call(self, inputs: Tensor) -> Tensor:
        if self.padding != "same":
            return super().call(inputs)  # type: ignore[misc]
        first = 2 if self.data_format == "channels_first" else 1
        axes = range(first, first + len(self.pool_size))
        added = [(0, 0)] * (len(self.pool_size) + 2)
        wanted: list[slice] = [slice(None)] * (len(self.pool_size) + 2)
        shape = ops.shape(inputs)
        for axis, size, stride in zip(axes, self.pool_size, self.strides, strict=True):
            added[axis] = (_added(size),) * 2
            wanted[axis] = slice(-(-shape[axis] // stride))
        return self.pool(inputs, added)[tuple(wanted)]


class _Max(_Pooling):
    def pool(self, inputs: Tensor, added: list[tuple[int, int]]) -> Tensor:
        padded = ops.pad(inputs, added, constant_values=-math.inf)
        return ops.max_pool(padded, self.pool_size, self.strides, "valid", self.data_format)


class _Average(_Pooling):
    def pool(self, inputs: Tensor, added: list[tuple[int, int]]) -> Tensor:
        given: list[Any] = [self.pool_size, self.strides, "valid", self.data_format]
        sums = ops.average_pool(ops.pad(inputs, added), *given)
        return sums / ops.average_pool(ops.pad(ops.ones_like(inputs), added), *given)


@registered
class MaxPooling1D(_Max, layers.MaxPooling1D):  # type: ignore[misc]
    """keras.layers.MaxPooling1D, with `padding='same'` as Keras 0.3-1.2 had it on Theano.

    Of a pool of k cells, k - 1 are added in front of ``(batch, steps, features)``, k - 2 where k is odd and more than
    2: windows begin that much earlier, and are as many as with TensorFlow, steps / strides rounded up.
    """


@registered
class MaxPooling2D(_Max, layers.MaxPooling2D):  # type: ignore[misc]
    """keras.layers.MaxPooling2D, with `padding='same'` as Keras 0.3-1.2 had it on Theano: see ``MaxPooling1D``."""


@registered
class MaxPooling3D(_Max, layers.MaxPooling3D):  # type: ignore[misc]
    """keras.layers.MaxPooling3D, with `padding='same'` as Keras 1.1-1.2 had it on Theano: see ``MaxPooling1D``."""


@registered
class AveragePooling1D(_Average, layers.AveragePooling1D):  # type: ignore[misc]
    """keras.layers.AveragePooling1D, with `padding='same'` as Keras 0.3-1.2 had it on Theano.

    Its windows lie as those of ``MaxPooling1D`` do; what is added counts for no mean.
    """


@registered
class AveragePooling2D(_Average, layers.AveragePooling2D):  # type: ignore[misc]
    """keras.layers.AveragePooling2D, with `padding='same'` as on Theano: see ``AveragePooling1D``."""


@registered
class AveragePooling3D(_Average, layers.AveragePooling3D):  # type: ignore[misc]
    """keras.layers.AveragePooling3D, with `padding='same'` as on Theano: see ``AveragePooling1D``."""
