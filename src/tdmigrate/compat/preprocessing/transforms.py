"""Random changes of one picture, drawn from NumPy's global generator (keras/preprocessing/image.py of 1.2.2).

Every change is a matrix over (row, column), applied about the point ``length / 2 + 0.5`` and read at the nearest pixel;
it needs SciPy. ``fill_mode`` and ``cval``: what lies outside, as ``mode`` and ``cval`` of scipy.ndimage.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def drawn(limit: float) -> float:
    """Between ``-limit`` and ``limit``; nothing is drawn for 0."""
    return np.random.uniform(-limit, limit) if limit else 0


def rotation(theta: float) -> Any:
    return np.array([[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]])


def translation(rows: float, columns: float) -> Any:
    return np.array([[1, 0, rows], [0, 1, columns], [0, 0, 1]])


def shearing(angle: float) -> Any:
    """By an angle in radians; Keras 3's private copy takes degrees."""
    return np.array([[1, -np.sin(angle), 0], [0, np.cos(angle), 0], [0, 0, 1]])


def zooming(rows: float, columns: float) -> Any:
    return np.array([[rows, 0, 0], [0, columns, 0], [0, 0, 1]])


def random_zooms(zoom_range: Any) -> tuple[float, float]:
    """Factors for rows and columns; (1, 1) draws nothing."""
    low, high = zoom_range
    if low == 1 and high == 1:
        return 1, 1
    rows, columns = np.random.uniform(low, high, 2)
    return rows, columns


def transform_matrix_offset_center(matrix: Any, x: int, y: int) -> Any:
    """The matrix about the middle of a picture of ``x`` rows and ``y`` columns."""
    middle_x, middle_y = x / 2 + 0.5, y / 2 + 0.5
    return np.dot(np.dot(translation(middle_x, middle_y), matrix), translation(-middle_x, -middle_y))


def apply_transform(
    x: Any, transform_matrix: Any, channel_axis: int = 0, fill_mode: str = "nearest", cval: float = 0.0
) -> Any:
    """A picture read through a matrix, each channel for itself."""
    from scipy import ndimage

    matrix, offset = transform_matrix[:2, :2], transform_matrix[:2, 2]
    channels = [
        ndimage.affine_transform(channel, matrix, offset, order=0, mode=fill_mode, cval=cval)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.moveaxis(np.stack(channels), 0, channel_axis)


def flip_axis(x: Any, axis: int) -> Any:
    return np.flip(np.asarray(x), axis)


def _centered(x: Any, matrix: Any, rows: int, columns: int, channels: int, fill_mode: str, cval: float) -> Any:
    matrix = transform_matrix_offset_center(matrix, x.shape[rows], x.shape[columns])
    return apply_transform(x, matrix, channels, fill_mode, cval)


def random_rotation(
    x: Any,
    rg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
) -> Any:
    """By up to ``rg`` degrees either way."""
    theta = np.pi / 180 * np.random.uniform(-rg, rg)
    return _centered(x, rotation(theta), row_axis, col_axis, channel_axis, fill_mode, cval)


def random_shift(
    x: Any,
    wrg: float,
    hrg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
) -> Any:
    """By up to these parts of its width and height."""
    rows = np.random.uniform(-hrg, hrg) * x.shape[row_axis]
    columns = np.random.uniform(-wrg, wrg) * x.shape[col_axis]
    return apply_transform(x, translation(rows, columns), channel_axis, fill_mode, cval)


def random_shear(
    x: Any,
    intensity: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
) -> Any:
    """By up to ``intensity`` radians either way."""
    angle = np.random.uniform(-intensity, intensity)
    return _centered(x, shearing(angle), row_axis, col_axis, channel_axis, fill_mode, cval)


def random_zoom(
    x: Any,
    zoom_range: Any,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
) -> Any:
    """By factors between the two of ``zoom_range``, one for rows and one for columns."""
    if len(zoom_range) != 2:
        raise ValueError(f"random_zoom: zoom_range is two numbers, not {zoom_range}")
    rows, columns = random_zooms(zoom_range)
    return _centered(x, zooming(rows, columns), row_axis, col_axis, channel_axis, fill_mode, cval)


def random_channel_shift(x: Any, intensity: float, channel_axis: int = 0) -> Any:
    """Each channel brighter or darker by up to ``intensity``, within the lowest and highest value of the picture."""
    low, high = np.min(x), np.max(x)
    channels = [
        np.clip(channel + np.random.uniform(-intensity, intensity), low, high)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.moveaxis(np.stack(channels), 0, channel_axis)
