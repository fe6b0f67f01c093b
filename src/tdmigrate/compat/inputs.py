"""What layers are called on, of an InputLayer its own tensor."""

from __future__ import annotations

from typing import Any

import keras

from tdmigrate.compat.registering import Tensor


def input_of(layer: Any) -> Tensor | list[Tensor]:
    """The tensor that ``layer`` is called on, of several a list.

    ``layer.input`` of Keras 1.0-1.2 (Layer.input and InputLayer in keras/engine/topology.py of 1.2.2). An InputLayer
    gave the tensor that it makes, of which Keras 3 gives an empty list.
    """
    if isinstance(layer, keras.layers.InputLayer):
        return layer.output
    return layer.inputs[0] if isinstance(layer, keras.Sequential) else layer.input


def input_shape_of(layer: Any) -> tuple[int | None, ...] | list[tuple[int | None, ...]]:
    """The shape of what ``layer`` is called on, samples included (None where any number may be), of several a list.

    ``layer.input_shape`` of Keras 1.0-1.2 (Layer.input_shape in keras/engine/topology.py of 1.2.2).
    """
    found = input_of(layer)
    return [one.shape for one in found] if isinstance(found, list) else found.shape
