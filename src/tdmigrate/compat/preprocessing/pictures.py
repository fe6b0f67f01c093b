"""Arrays as pictures, and pictures of a folder (keras/preprocessing/image.py)."""

from __future__ import annotations

import os
import re
from typing import Any

import keras
import numpy as np


def is_first(data_format: str | None) -> bool:
    """Whether the channels come first, as told or else as Keras is set."""
    return (data_format or keras.config.image_data_format()) == "channels_first"


def array_to_img(x: Any, data_format: str | None = None, scale: bool = True) -> Any:
    """A PIL image of an array of rank 3 with 1 or 3 channels (1.2.2).

    ``scale``: raise it so that nothing is below 0, then stretch the highest value to 255. Keras 3 moves the lowest
    value to 0 in any case. ``data_format``: ``dim_ordering`` of old.
    """
    from PIL import Image

    x = np.asarray(x, dtype=keras.config.floatx())
    if x.ndim != 3:
        raise ValueError(f"array_to_img: an array of rank 3 is needed, not {x.ndim}")
    if is_first(data_format):
        x = x.transpose(1, 2, 0)
    if x.shape[2] not in (1, 3):
        raise ValueError(f"array_to_img: 1 or 3 channels are needed, not {x.shape[2]}")
    if scale:
        x = x + max(-np.min(x), 0)
        highest = np.max(x)
        if highest != 0:
            x = x / highest
        x = x * 255
    pixels = x.astype("uint8")
    return Image.fromarray(pixels if x.shape[2] == 3 else pixels[:, :, 0])


def list_pictures(directory: str, ext: str = "jpg|jpeg|bmp|png") -> list[str]:
    """The paths of pictures in a folder and the folders inside of it (1.2.2; up to 1.1.2 in the folder alone)."""
    wanted = re.compile(rf"(\w+\.(?:{ext}))")
    return [os.path.join(root, name) for root, _, names in os.walk(directory) for name in names if wanted.match(name)]
