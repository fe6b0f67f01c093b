"""Operations that keep double precision on every backend.

Where Keras 3 promotes types itself (keras/src/backend/common/dtypes.py of 3.15) it makes float32 of float64 on every
backend but TensorFlow: its ``mean`` and ``tanh`` on JAX and its ``matmul``, ``mean``, ``maximum`` and ``prod`` on
PyTorch compute in single precision whatever the layer's dtype is. Sums, products, ``einsum`` and ``sigmoid`` do not.
"""

from __future__ import annotations

from keras import ops

from tdmigrate.compat.registering import Tensor


def dot(x: Tensor, kernel: Tensor) -> Tensor:
    """``(..., inputs)`` and ``(inputs, outputs)`` to ``(..., outputs)``."""
    return ops.einsum("...i,ij->...j", x, kernel)


def mean(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Over these axes, which stay with size 1; nothing to take it over gives NaN."""
    total = ops.sum(x, axis=axes, keepdims=True)
    return ops.divide(total, ops.sum(ops.ones_like(x), axis=axes, keepdims=True))


def tanh(x: Tensor) -> Tensor:
    return ops.subtract(ops.multiply(ops.sigmoid(ops.multiply(x, 2.0)), 2.0), 1.0)


def product(x: Tensor, axis: int) -> Tensor:
    """Over one axis, halved again and again: as many multiplications as sizes need, in any dtype."""
    sizes = ops.shape(x)
    if not isinstance(sizes[axis], int):
        return ops.prod(x, axis=axis)
    while sizes[axis] > 1:
        half = sizes[axis] // 2
        first, second, rest = ops.split(x, [half, 2 * half], axis=axis)
        x = ops.concatenate([ops.multiply(first, second), rest], axis=axis)
        sizes = ops.shape(x)
    return ops.prod(x, axis=axis) if sizes[axis] == 0 else ops.squeeze(x, axis=axis)
