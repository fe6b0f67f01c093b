"""What TensorFlow can't compute on a CPU in float64, computed there all the same: channels first, pooling of volumes.

TensorFlow has those kernels for channels last (numeric trap C2 of float64 proofs: "channels_first convolution is not
implemented"), and no MaxPool3D in float64 at all. A model that has them is proved as it stands: the functions below
stand in for those of Keras's TensorFlow backend (keras/src/backend/tensorflow/nn.py, Keras 3.15) while the worker runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from inspect import signature
from typing import Any

_CONVOLUTIONS = ("conv", "depthwise_conv", "separable_conv", "conv_transpose")
_POOLS = ("max_pool", "average_pool")


def install(nn: Any) -> None:
    """Replace the functions of a TensorFlow backend module of Keras by ones that compute the same on a CPU."""
    for name in _CONVOLUTIONS:
        setattr(nn, name, _channels_last(getattr(nn, name)))
    for name in _POOLS:
        setattr(nn, name, _channels_last(_axis_by_axis(getattr(nn, name))))


def _channels_last(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function on inputs (batch, channels, *lengths), by way of (batch, *lengths, channels)."""
    form = signature(function)

    @wraps(function)
    def moved(*given: Any, **named: Any) -> Any:
        import keras

        arguments = form.bind(*given, **named).arguments
        first = (arguments.get("data_format") or keras.config.image_data_format()) == "channels_first"
        arguments["data_format"] = "channels_last"
        if not first:
            return function(**arguments)
        arguments["inputs"] = keras.ops.moveaxis(arguments["inputs"], 1, -1)
        return keras.ops.moveaxis(function(**arguments), -1, 1)

    return moved


def _axis_by_axis(function: Callable[..., Any]) -> Callable[..., Any]:
    """Pooling of volumes (batch, d, h, w, channels): over h and w, then over d.

    A maximum is one of maxima; an average over a window, what is padded left out, is one of averages.
    """

    @wraps(function)
    def pooled(inputs: Any, pool_size: Any, strides: Any = None, padding: str = "valid", **others: Any) -> Any:
        from keras import ops

        if len(inputs.shape) != 5:
            return function(inputs, pool_size, strides, padding, **others)
        sizes, steps = _three(pool_size), _three(strides or pool_size)
        _, depth, rows, columns, channels = ops.shape(inputs)
        planes = ops.reshape(inputs, (-1, rows, columns, channels))
        planes = function(planes, sizes[1:], steps[1:], padding, **others)
        _, rows, columns, _ = ops.shape(planes)
        lines = ops.reshape(planes, (-1, depth, rows * columns, channels))
        lines = function(lines, (sizes[0], 1), (steps[0], 1), padding, **others)
        return ops.reshape(lines, (-1, ops.shape(lines)[1], rows, columns, channels))

    return pooled


def _three(sizes: int | Sequence[int]) -> tuple[int, ...]:
    return (sizes,) * 3 if isinstance(sizes, int) else tuple(sizes)
