"""Activations whose formula changed."""

from __future__ import annotations

from keras import ops

from tdmigrate.compat.registering import Tensor, registered


@registered
def hard_sigmoid(x: Tensor) -> Tensor:
    """``clip(0.2 * x + 0.5, 0, 1)``, element by element; shape and float dtype of ``x``.

    The ``hard_sigmoid`` of Keras 0.1-1.2 (keras/backend/tensorflow_backend.py of 1.2.2), the default gate of its LSTM
    and GRU. Keras 3's own is ``relu6(x + 3) / 6``, another function.
    """
    return ops.clip(ops.add(ops.multiply(x, 0.2), 0.5), 0.0, 1.0)


# Keras 3.6 saves (and its Bidirectional copies) any function called like one of its own activations as that one.
hard_sigmoid.__name__ = "keras1_hard_sigmoid"
