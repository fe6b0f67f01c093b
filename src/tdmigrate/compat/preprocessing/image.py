"""Pictures changed at random as they are trained on (keras/preprocessing/image.py of 1.0.4 to 1.2.2)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from tdmigrate.compat.preprocessing.iterators import DirectoryIterator, NumpyArrayIterator
from tdmigrate.compat.preprocessing.pictures import is_first
from tdmigrate.compat.preprocessing.transforms import (
    apply_transform,
    drawn,
    flip_axis,
    random_channel_shift,
    random_zooms,
    rotation,
    shearing,
    transform_matrix_offset_center,
    translation,
    zooming,
)

RELEASES = ("1.0.4", "1.1.1", "1.2.0")  # each from that one on


class ImageDataGenerator:
    """Batches of pictures, changed at random and normalised (1.2.2); draws from NumPy's global generator as Keras 1.

    Each picture is rotated (degrees), shifted (parts of its lengths), sheared (radians) and zoomed by one matrix, read
    at the nearest pixel; then come ``channel_shift_range``, flips, ``preprocessing_function``, ``rescale``, and what is
    taken of the mean: ``samplewise_*`` over the channels of each pixel, ``featurewise_*`` and ``zca_whitening`` after
    ``fit``. ``data_format``: ``dim_ordering`` of old; None: as Keras is set.

    ``release``: "1.2.0" (the default, and later); "1.1.1" (and 1.1.2), where ``featurewise_*`` are for each place of a
    picture instead of each channel, and pictures of a folder come in order of their names, none from folders inside; or
    "1.0.4" (to 1.1.0): as these, but in the order of the disk, with ``zca_whitening`` of the covariance over the number
    of values instead of samples, and seeds set once in a pass over the data.
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        rotation_range: float = 0.0,
        width_shift_range: float = 0.0,
        height_shift_range: float = 0.0,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[Any], Any] | None = None,
        data_format: str | None = None,
        release: str = "1.2.0",
    ) -> None:
        if release not in RELEASES:
            raise ValueError(f"ImageDataGenerator: release is one of {', '.join(RELEASES)}, not {release!r}")
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.zoom_range = list(zoom_range) if np.ndim(zoom_range) else [1 - zoom_range, 1 + zoom_range]
        if len(self.zoom_range) != 2:
            raise ValueError(f"ImageDataGenerator: zoom_range is one number or two, not {zoom_range}")
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.release = release
        self.seeding = "shuffle" if release == "1.0.4" else "batch"
        self.dtype = keras.config.floatx() if release == "1.2.0" else "float32"  # of each picture while it is changed
        first = is_first(data_format)
        self.data_format = "channels_first" if first else "channels_last"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if first else (3, 1, 2)
        self.mean: Any = None
        self.std: Any = None
        self.principal_components: Any = None

    def flow(
        self,
        X: Any,  # noqa: N803  # as every release called it
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "jpeg",
    ) -> NumpyArrayIterator:
        """Endless batches of arrays. ``save_to_dir``: keep each picture there as ``prefix_index_random.format``."""
        return NumpyArrayIterator(X, y, self, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format)

    def flow_from_directory(
        self,
        directory: str,
        target_size: Any = (256, 256),
        color_mode: str = "rgb",
        classes: Any = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "jpeg",
        follow_links: bool = False,
    ) -> DirectoryIterator:
        """Endless batches of the pictures in ``directory``, which has a folder for each class.

        Pictures are brought to ``target_size`` (height, width) by the nearest pixel, as Pillow did up to 6.2.
        """
        return DirectoryIterator(
            directory,
            self,
            target_size,
            color_mode,
            classes,
            class_mode,
            batch_size,
            shuffle,
            seed,
            save_to_dir,
            save_prefix,
            save_format,
            follow_links,
        )

    def standardize(self, x: Any) -> Any:
        """One picture, normalised (changed in place where Keras 1 did)."""
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        channels = self.channel_axis - 1
        if self.samplewise_center:
            x -= np.mean(x, axis=channels, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, axis=channels, keepdims=True) + 1e-7
        if self.featurewise_center and self._is_fitted(self.mean, "featurewise_center"):
            x -= self.mean
        if self.featurewise_std_normalization and self._is_fitted(self.std, "featurewise_std_normalization"):
            x /= self.std + 1e-7
        if self.zca_whitening and self._is_fitted(self.principal_components, "zca_whitening"):
            x = np.dot(x.reshape(x.size), self.principal_components).reshape(x.shape)
        return x

    @staticmethod
    def _is_fitted(known: Any, what: str) -> bool:
        if known is None:
            warnings.warn(f"ImageDataGenerator({what}=True) was not fitted: call fit(x) first", stacklevel=3)
        return known is not None

    def random_transform(self, x: Any) -> Any:
        """One picture, changed at random; the draws come in the order of Keras 1."""
        rows, columns, channels = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        theta = np.pi / 180 * drawn(self.rotation_range)
        down = drawn(self.height_shift_range) * x.shape[rows]
        right = drawn(self.width_shift_range) * x.shape[columns]
        shear = drawn(self.shear_range)
        zoom = random_zooms(self.zoom_range)
        matrix = np.dot(np.dot(np.dot(rotation(theta), translation(down, right)), shearing(shear)), zooming(*zoom))
        matrix = transform_matrix_offset_center(matrix, x.shape[rows], x.shape[columns])
        x = apply_transform(x, matrix, channels, self.fill_mode, self.cval)
        if self.channel_shift_range != 0:
            x = random_channel_shift(x, self.channel_shift_range, channels)
        if self.horizontal_flip and np.random.random() < 0.5:
            x = flip_axis(x, columns)
        if self.vertical_flip and np.random.random() < 0.5:
            x = flip_axis(x, rows)
        return x

    def fit(
        self,
        x: Any = None,
        augment: bool = False,
        rounds: int = 1,
        seed: int | None = None,
        *,
        X: Any = None,  # noqa: N803  # as most releases called it
    ) -> None:
        """Learn mean, standard deviation and principal components of ``x``, or of ``rounds`` times changed pictures."""
        x = np.array(X if x is None else x, dtype=keras.config.floatx())
        if x.ndim != 4:
            raise ValueError(f"fit: pictures as an array of rank 4 are needed, not {x.ndim}")
        if seed is not None and self.release != "1.0.4":
            np.random.seed(seed)
        if augment:
            x = np.stack([self.random_transform(one) for _ in range(rounds) for one in x])
        axes = (0, self.row_axis, self.col_axis) if self.release == "1.2.0" else (0,)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=axes, keepdims=True)[0]
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=axes, keepdims=True)[0]
            x /= self.std + 1e-7
        if self.zca_whitening:
            flat = x.reshape((len(x), -1))
            sigma = np.dot(flat.T, flat) / flat.shape[1 if self.release == "1.0.4" else 0]
            u, s, _ = np.linalg.svd(sigma)
            self.principal_components = np.dot(np.dot(u, np.diag(1.0 / np.sqrt(s + 10e-7))), u.T)
