"""Convolutions with a kernel of its own at every place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import keras
from keras import activations, layers, ops

from tdmigrate.compat.core import Affine
from tdmigrate.compat.registering import Tensor, registered


def _length(size: int | None, kernel: int, stride: int) -> int:
    """How many places a kernel has along an axis."""
    if size is None:
        raise ValueError("a locally connected layer needs an input of fixed size")
    return (size - kernel) // stride + 1


class _Local(Affine):
    def __init__(self, filters: int, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.filters = filters
        self.activation = activations.get(activation)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "activation": activations.serialize(self.activation),
        }


@registered
class LocallyConnected1D(_Local):
    """A kernel and a bias for every place: ``(batch, steps, inputs)`` to ``(batch, places, filters)``.

    As in Keras 1.2.2 (keras/layers/local.py), without padding: ``activation(window @ kernel[place] + bias[place])``.
    Weights: kernel ``(places, kernel_size * inputs, filters)``, bias ``(places, filters)``. A free number of steps is a
    ``ValueError``.
    """

    def __init__(self, filters: int, kernel_size: int, strides: int = 1, activation: Any = None, **kwargs: Any) -> None:
        """``kwargs``: ``use_bias``, ``kernel_initializer`` and the like, as ``keras.layers.Conv1D`` takes them."""
        super().__init__(filters, activation, **kwargs)
        self.kernel_size = kernel_size
        self.strides = strides
        self.input_spec = layers.InputSpec(ndim=3)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        places = _length(input_shape[1], self.kernel_size, self.strides)
        inputs = input_shape[2]
        assert inputs is not None
        self.kernel = self.add_kernel((places, self.kernel_size * inputs, self.filters))
        self.bias = self.add_bias((places, self.filters))

    def call(self, inputs: Tensor) -> Tensor:
        starts = [place * self.strides for place in range(self.kernel.shape[0])]
        flat = (-1, self.kernel.shape[1])
        windows = [ops.reshape(inputs[:, start : start + self.kernel_size], flat) for start in starts]
        outputs = ops.einsum("bpi,pif->bpf", ops.stack(windows, axis=1), self.kernel)
        if self.bias is not None:
            outputs = ops.add(outputs, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], _length(input_shape[1], self.kernel_size, self.strides), self.filters)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "kernel_size": self.kernel_size, "strides": self.strides}


@registered
class LocallyConnected2D(_Local):
    """A kernel and a bias for every place of an image, as in Keras 1.2.2 (keras/layers/local.py), without padding.

    ``(batch, rows, columns, inputs)`` to ``(batch, down, across, filters)``, with ``data_format="channels_first"``
    ``(batch, inputs, rows, columns)`` to ``(batch, filters, down, across)``. Weights: kernel
    ``(down * across, window, filters)``, where a window is flattened with its channels where the images have them, and
    bias ``(down, across, filters)``, which with the channels first is read as ``(filters, down, across)``, as there. An
    image of free size is a ``ValueError``.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Sequence[int],
        strides: Sequence[int] = (1, 1),
        data_format: str | None = None,
        activation: Any = None,
        **kwargs: Any,
    ) -> None:
        """``kwargs``: ``use_bias``, ``kernel_initializer`` and the like, as ``keras.layers.Conv2D`` takes them."""
        super().__init__(filters, activation, **kwargs)
        self.kernel_size = tuple(kernel_size)
        self.strides = tuple(strides)
        self.data_format = data_format or keras.config.image_data_format()
        if self.data_format not in ("channels_first", "channels_last"):
            raise ValueError(f"data_format is 'channels_first' or 'channels_last', not {data_format!r}")
        self.input_spec = layers.InputSpec(ndim=4)

    def _places(self, input_shape: tuple[int | None, ...]) -> tuple[int, int]:
        sizes = input_shape[2:] if self.data_format == "channels_first" else input_shape[1:3]
        down, across = (
            _length(size, kernel, stride)
            for size, kernel, stride in zip(sizes, self.kernel_size, self.strides, strict=True)
        )
        return down, across

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.places = self._places(input_shape)
        down, across = self.places
        inputs = input_shape[1 if self.data_format == "channels_first" else 3]
        assert inputs is not None
        rows, columns = self.kernel_size
        self.kernel = self.add_kernel((down * across, rows * columns * inputs, self.filters))
        self.bias = self.add_bias((down, across, self.filters))

    def _window(self, inputs: Tensor, place: tuple[int, int]) -> Tensor:
        row, column = (
            slice(index * stride, index * stride + kernel)
            for index, stride, kernel in zip(place, self.strides, self.kernel_size, strict=True)
        )
        window = inputs[:, :, row, column] if self.data_format == "channels_first" else inputs[:, row, column]
        return ops.reshape(window, (-1, self.kernel.shape[1]))

    def call(self, inputs: Tensor) -> Tensor:
        down, across = self.places
        windows = ops.stack([self._window(inputs, place) for place in product(range(down), range(across))], axis=1)
        outputs = ops.reshape(ops.einsum("bpi,pif->bpf", windows, self.kernel), (-1, down, across, self.filters))
        if self.data_format == "channels_first":
            outputs = ops.transpose(outputs, (0, 3, 1, 2))
        if self.bias is not None:
            outputs = ops.add(outputs, ops.reshape(self.bias, (1, *outputs.shape[1:])))
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        places = self._places(input_shape)
        if self.data_format == "channels_first":
            return (input_shape[0], self.filters, *places)
        return (input_shape[0], *places, self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "data_format": self.data_format,
        }
