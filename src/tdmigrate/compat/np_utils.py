"""Arrays as keras/utils/np_utils.py made them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np


def to_categorical(y: Any, num_classes: int | None = None, each_row: bool = False) -> Any:
    """One row with a single 1 for each number of ``y``, whatever its shape: float64 (size of y, num_classes) (1.2.2).

    Keras 3 keeps the shape of ``y`` instead. ``num_classes`` (``nb_classes`` of old): by default the highest number
    and one more. ``each_row``: of a ``y`` (n, m), one row with m ones for each of its rows, as up to 1.1.2.
    """
    numbers = np.array(y, dtype="int64")
    if not num_classes:
        num_classes = int(np.max(numbers)) + 1
    rows = len(numbers) if each_row else numbers.size
    numbers = numbers.reshape((rows, -1))
    found = np.zeros((rows, num_classes))
    found[np.arange(rows)[:, None], numbers] = 1
    return found


def normalize(x: Any, axis: int = -1, order: int = 2) -> Any:
    """``x`` over its norm along ``axis``, where that is not 0 (1.2.2). Keras 3 takes axis 0 for the last."""
    norm = np.atleast_1d(np.linalg.norm(x, order, axis))
    norm[norm == 0] = 1
    return x / np.expand_dims(norm, axis)


def probas_to_classes(y_pred: Any) -> Any:
    """The likeliest class of each row; of one column, whether it is above 0.5 (1.2.2)."""
    if np.ndim(y_pred) > 1 and y_pred.shape[1] > 1:
        return np.argmax(y_pred, axis=1)
    return np.array([1 if p > 0.5 else 0 for p in y_pred])


def slice_X(X: Any, start: Any = None, stop: int | None = None) -> Any:  # noqa: N802, N803
    """``X[start:stop]``, or ``X[start]`` for an array or list of indices; of a list of arrays, that of each.

    As keras/engine/training.py of 1.2.2, and keras/models.py of 0.3.3, had it.
    """
    if isinstance(X, list):
        return [slice_X(one, start, stop) for one in X]
    if hasattr(start, "__len__"):
        return X[start.tolist() if hasattr(start, "shape") else start]  # a data set of HDF5 takes lists only
    return X[start:stop]


def convert_kernel(kernel: Any, data_format: str | None = None) -> Any:
    """A kernel over images or volumes, flipped along its lengths: between Theano and TensorFlow (1.2.2).

    ``data_format`` (``dim_ordering`` of old): where the lengths are, behind (out, in) with "channels_first", before
    (in, out) with "channels_last"; None: as ``keras.config.image_data_format()`` says.
    """
    if np.ndim(kernel) not in (4, 5):
        raise ValueError(f"convert_kernel: a kernel of rank 4 or 5 is needed, not {np.ndim(kernel)}")
    first = (data_format or keras.config.image_data_format()) == "channels_first"
    lengths = tuple(range(2, np.ndim(kernel))) if first else tuple(range(np.ndim(kernel) - 2))
    return np.flip(kernel, lengths).copy()


def convert_all_kernels_in_model(model: Any) -> None:
    """Flip the kernel of every convolution among ``model.layers``, as between Theano and TensorFlow (1.2.2).

    Kernels lie (lengths, in, out) in Keras 3, whatever the ordering of the images. Layers of models inside, depthwise
    and separable convolutions stay, as there.
    """
    for layer in model.layers:
        if type(layer).__name__ in ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose"):
            kernel = keras.ops.convert_to_numpy(layer.kernel)
            layer.kernel.assign(np.flip(kernel, tuple(range(kernel.ndim - 2))).copy())
