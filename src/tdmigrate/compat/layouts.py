"""Weights as Keras 0.x and 1.x listed them, laid out as Keras 3 lists them. NumPy alone is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Array = Any


def fuse_gates(weights: Sequence[Array], gates: str) -> list[Array]:
    """``(W, U, b)`` of every gate → kernel ``(inputs, gates * units)``, recurrent kernel ``(units, gates * units)``
    and bias ``(gates * units,)``; so for each layer where several follow one another, as those of a Bidirectional.

    ``gates``: the order in which Keras 1 listed them (get_weights in keras/layers/recurrent.py of 1.2.2) and today's,
    ``"icfo>ifco"`` for LSTM, ``"zrh>zrh"`` for GRU. Three arrays a layer are fused already, as Keras 1.1 and later had
    them with ``consume_less='gpu'``. Any other number of arrays is a ``ValueError``.
    """
    old, _, new = gates.partition(">")
    size = 3 * len(old)
    if weights and len(weights) % size == 0:
        layers = [weights[start : start + size] for start in range(0, len(weights), size)]
        return [
            np.concatenate([layer[3 * old.index(gate) + part] for gate in new], axis=-1)
            for layer in layers
            for part in range(3)
        ]
    if len(weights) in (3, 6):
        return list(weights)
    raise ValueError(f"{len(weights)} weights are not those of {len(old)} gates")


def keras1_kernels(weights: Sequence[Array] | None, dim_ordering: str, backend: str) -> list[Array] | None:
    """``weights`` of a Keras 1 convolution as Keras 3 lists them: kernels ``(*lengths, inputs, filters)``; biases stay.

    ``dim_ordering`` of that layer: "th", kernels ``(filters, inputs, *lengths)``, or "tf", kernels ``(*lengths, inputs,
    filters)``. ``backend`` it ran on: "theano", whose convolutions turn kernels round along every length (conv2d in
    keras/backend/theano_backend.py of 1.2.2), or "tensorflow", whose do not. None stays None. Other words are a
    ``ValueError``.

    Also for ConvLSTM2D, whose gates are still to be fused, and, with "tensorflow", for the two kernels of a
    SeparableConvolution2D, ``(multiplier, inputs, rows, columns)`` and ``(filters, inputs * multiplier, 1, 1)``.
    """
    if dim_ordering not in ("th", "tf"):
        raise ValueError(f"dim_ordering is 'th' or 'tf', not {dim_ordering!r}")
    if backend not in ("theano", "tensorflow"):
        raise ValueError(f"backend is 'theano' or 'tensorflow', not {backend!r}")
    if weights is None:
        return None
    found = []
    for one in map(np.asarray, weights):
        if one.ndim > 2:
            one = one if dim_ordering == "tf" else np.moveaxis(one, (1, 0), (-2, -1))
            one = np.flip(one, tuple(range(one.ndim - 2))) if backend == "theano" else one
        found.append(one)
    return found


def keras1_kernels_1d(weights: Sequence[Array] | None, dim_ordering: str, backend: str) -> list[Array] | None:
    """As ``keras1_kernels``, of a Convolution1D: → ``(length, inputs, filters)``.

    The kernel had a second length, of 1; it was laid out as "th", ``(filters, inputs, length, 1)``, before Keras 1.1,
    and as "tf", ``(length, 1, inputs, filters)``, from then on (build in keras/layers/convolutional.py of 1.0.8 and
    1.2.2). Another second length is a ``ValueError``.
    """
    kernels = keras1_kernels(weights, dim_ordering, backend)
    return kernels and [one.squeeze(1) if one.ndim > 2 else one for one in kernels]


def keras1_transposed_kernels(weights: Sequence[Array] | None, dim_ordering: str, backend: str) -> list[Array] | None:
    """As ``keras1_kernels``, of a Deconvolution2D: → ``(rows, columns, filters, inputs)``, for Conv2DTranspose."""
    kernels = keras1_kernels(weights, dim_ordering, backend)
    return kernels and [one.swapaxes(-1, -2) if one.ndim > 2 else one for one in kernels]


def keras1_highway(weights: Sequence[Array] | None) -> list[Array] | None:
    """The weights of a Highway as Keras 1.2 and ``Highway`` of tdmigrate list them: both kernels, then both biases.

    Before 1.2 each bias came after its kernel (build in keras/layers/core.py of 1.1.2). None stays None.
    """
    return None if weights is None else sorted(weights, key=np.ndim, reverse=True)
