"""Functions of keras.backend that Keras 3 lacks or has with another meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from tdmigrate.compat.registering import Tensor


def gather(reference: Any, indices: Tensor) -> Tensor:
    """The rows of a table with these indices: ``(rows, ...)`` and ``(...)`` of integers to ``(..., ...)``.

    ``keras.ops.take`` of a variable has for its gradient a list of rows on TensorFlow, of which an optimizer squares or
    clips each alone, though some are gradients of the same row; Keras 1 took their sum, as this does.
    """
    if isinstance(reference, keras.Variable):
        reference = ops.reshape(reference, reference.shape)  # of which no gradient is a list
    return ops.take(reference, indices, axis=0)


def batch_dot(x: Tensor, y: Tensor, axes: int | Sequence[int | Sequence[int]] | None = None) -> Tensor:
    """Multiply and sum over one axis of each, example by example: ``(batch, ...)`` and ``(batch, ...)`` to
    ``(batch, rest of x, rest of y)``; a result of rank 1 becomes ``(batch, 1)``.

    As in Keras 0.3-1.2 (keras/backend/theano_backend.py of 1.2.2). ``axes``: one axis of both, or one of each (or as
    many of each); the batch axis is 0 and is none of them (``ValueError``). By default the last of ``x`` and the last
    but one of ``y``. With a rank of 4 or more, tensorflow_backend.py multiplied matrices along the last two axes
    instead. ``keras.ops.dot`` has no batch, and ``keras.layers.Dot`` refuses other ranks than 2 and 3.
    """
    ranks = len(x.shape), len(y.shape)
    if axes is None:
        axes = (ranks[0] - 1, ranks[1] - 2)
    pair = (axes, axes) if isinstance(axes, int) else axes
    sides = zip(pair, ranks, strict=True)
    summed = [[axis + rank * (axis < 0) for axis in ([one] if isinstance(one, int) else one)] for one, rank in sides]
    fit = all(0 < axis < rank for side, rank in zip(summed, ranks, strict=True) for axis in side)
    if len(summed[0]) != len(summed[1]) or not fit:
        raise ValueError(f"axes={axes!r} are not one axis of each tensor, apart from that of the batch")
    letters = iter("cdefghijklmnopqrstuvwxyz")
    left = ["b", *(next(letters) for _ in range(ranks[0] - 1))]
    right = ["b", *(next(letters) for _ in range(ranks[1] - 1))]
    for one, other in zip(*summed, strict=True):
        right[other] = left[one]
    kept = [letter for letter in left if letter not in right[1:]]
    kept += [letter for letter in right if letter not in left]
    result = ops.einsum(f"{''.join(left)},{''.join(right)}->{''.join(kept)}", x, y)
    return ops.expand_dims(result, 1) if len(kept) == 1 else result


def ctc_batch_cost(y_true: Tensor, y_pred: Tensor, input_length: Tensor, label_length: Tensor) -> Tensor:
    """Cost of each sample's labels ``(samples, labels)``, of probabilities ``(samples, timesteps, classes)`` whose last
    class is the blank; the lengths are ``(samples, 1)``, as is the result.

    As in Keras 1.0.5-1.2 on TensorFlow (keras/backend/tensorflow_backend.py of 1.2.2): of ``log(y_pred + 1e-8)``, whose
    exponentials TensorFlow brings to a sum of 1. theano_backend.py smoothed the probabilities instead.
    """
    return ops.expand_dims(
        ops.ctc_loss(
            ops.cast(y_true, "int32"),
            ops.log(y_pred + 1e-8),
            ops.cast(ops.reshape(label_length, (-1,)), "int32"),
            ops.cast(ops.reshape(input_length, (-1,)), "int32"),
            mask_index=y_pred.shape[-1] - 1,
        ),
        1,
    )
