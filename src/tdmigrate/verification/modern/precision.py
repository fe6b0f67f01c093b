"""Keras 3 in float64, where it falls back to float32 by itself."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def keep_double() -> None:
    """Make LeakyReLU keep its slope and optimizers their settings in float64 on TensorFlow, and have it rank float64;
    regularizers keep their factors and inputs and casts their values, too.
    """
    _settings()
    _slope()
    _ranks()
    _own_casts()
    keep_double_anywhere()


def keep_double_anywhere() -> None:
    """The same on any backend; the others hold the slope in float64."""
    _promotion()
    _factors()
    _inputs()
    _casts()


def _settings() -> None:
    """TensorFlow makes a float32 of a Python float before it casts (keras/src/backend/tensorflow/core.py, cast): of the
    momentum of an optimizer, of the numbers of a schedule.
    """
    from keras.src.backend import core

    cast, convert = core.cast, core.convert_to_tensor

    def converted(x: Any, dtype: Any = None, *others: Any, **keywords: Any) -> Any:
        return convert(np.float64(x) if type(x) is float and dtype is None else x, dtype, *others, **keywords)

    core.cast = lambda x, dtype: cast(np.float64(x) if type(x) is float else x, dtype)
    core.convert_to_tensor = converted


def _promotion() -> None:
    """But on TensorFlow, Keras promotes float64 to float32, whatever ``floatx`` says (BIT64_TO_BIT32_DTYPE of
    keras/src/backend/common/dtypes.py of 3.15): "to be aligned with JAX's default behavior".
    """
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


def _slope() -> None:
    """TensorFlow's own leaky ReLU holds the slope in float32 (keras/src/backend/tensorflow/nn.py, leaky_relu)."""
    import tensorflow as tf
    from keras.src.backend.tensorflow import nn

    def leaky_relu(x: Any, negative_slope: float = 0.2) -> Any:
        x = tf.convert_to_tensor(x)
        return tf.where(x > 0, x, tf.cast(np.float64(negative_slope), x.dtype) * x)

    nn.leaky_relu = leaky_relu


def _ranks() -> None:
    """TensorFlow ranks outputs in float32 alone, which top_k_categorical_accuracy asks for."""
    import tensorflow as tf
    from keras.src.backend.tensorflow import math

    genuine = math.in_top_k
    math.in_top_k = lambda targets, predictions, k: genuine(targets, tf.cast(predictions, "float32"), k)


def _factors() -> None:
    """Regularizers make a tensor of a Python float before they cast it: on TensorFlow a float32, whatever ``floatx``
    says, so that 0.1 becomes 0.10000000149 (keras/src/regularizers/regularizers.py of 3.15).
    """
    import keras

    for kind in (keras.regularizers.L1, keras.regularizers.L2, keras.regularizers.L1L2):
        kind.__init__ = _exact(kind.__init__)


def _exact(init: Callable[..., None]) -> Callable[..., None]:
    """An ``__init__`` after which the arguments stand in the attributes of their names, as float64."""
    signature = inspect.signature(init)

    def exact(self: Any, *positional: Any, **keywords: Any) -> None:
        init(self, *positional, **keywords)
        given = signature.bind(self, *positional, **keywords)
        given.apply_defaults()
        _, *factors = given.arguments.items()
        for name, value in factors:
            if value is not None:
                setattr(self, name, np.float64(value))

    return exact


def _inputs() -> None:
    """An input that the program says is float32 rounds what it is given before anything computes."""
    from keras.src.layers import InputLayer

    genuine = InputLayer.__init__

    def init(self: Any, *positional: Any, **keywords: Any) -> None:
        if keywords.get("dtype") == "float32":
            keywords["dtype"] = "float64"
        genuine(self, *positional, **keywords)

    init.__signature__ = inspect.signature(genuine)  # type: ignore[attr-defined]  # Keras reads it
    InputLayer.__init__ = init


def _casts() -> None:
    """A program's cast to float32, in which it ran, goes to the precision that everything is in here, as on the old
    side: float32 rounds a result in another place than there.
    """
    from keras import ops

    genuine = ops.cast
    ops.cast = lambda x, dtype: genuine(x, "float64" if _is_single(dtype) else dtype)


def _own_casts() -> None:
    """The same of TensorFlow's own cast where the program calls it; Keras has reasons for its calls."""
    import tensorflow as tf

    genuine = tf.cast

    def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
        from_program = sys._getframe(1).f_globals.get("__name__") == "__main__"
        return genuine(x, tf.float64 if from_program and _is_single(dtype) else dtype, name=name)

    tf.cast = cast


def _is_single(dtype: Any) -> bool:
    from keras import backend

    try:
        return bool(backend.standardize_dtype(dtype) == "float32")
    except (ValueError, TypeError):  # no dtype at all: the cast itself says so
        return False
