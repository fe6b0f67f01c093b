"""What all of compat is registered for saving with."""

from __future__ import annotations

from typing import Any, TypeVar

import keras

Tensor = Any  # of whichever backend runs
T = TypeVar("T")


def registered(thing: T) -> T:
    """Register a class or function under the package ``tdmigrate``."""
    known: T = keras.saving.register_keras_serializable(package="tdmigrate")(thing)
    return known
