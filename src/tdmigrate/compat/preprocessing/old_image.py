"""Pictures changed at random as in 0.3 (keras/preprocessing/image.py of 0.3.3): channels first, by splines."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from tdmigrate.compat.preprocessing.iterators import Iterator
from tdmigrate.compat.preprocessing.pictures import array_to_img
from tdmigrate.compat.preprocessing.transforms import drawn


class OldImageDataGenerator:
    """Batches of pictures (channels, rows, columns), changed at random and normalised, as ImageDataGenerator of 0.3.3.

    Each picture is rotated (degrees, by cubic splines), shifted (parts of its lengths), flipped and sheared (radians;
    over channels and rows, as 0.3 did), then normalised: ``samplewise_*`` over the rows of each column,
    ``featurewise_*`` for each place of a picture and ``zca_whitening`` after ``fit``. Needs SciPy.
    """

    def __init__(
        self,
        featurewise_center: bool = True,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = True,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        rotation_range: float = 0.0,
        width_shift_range: float = 0.0,
        height_shift_range: float = 0.0,
        shear_range: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
    ) -> None:
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.mean: Any = None
        self.std: Any = None
        self.principal_components: Any = None
        self._flow: OldIterator | None = None

    def flow(
        self,
        X: Any,  # noqa: N803  # as every release called it
        y: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "jpeg",
    ) -> OldIterator:
        """Endless batches (x, y). ``save_to_dir``: keep each picture there as ``prefix_index.format``."""
        self._flow = OldIterator(self, X, y, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format)
        return self._flow

    def __iter__(self) -> OldIterator:
        """The batches of the last ``flow``."""
        if self._flow is None:
            raise ValueError("OldImageDataGenerator makes batches of what flow(x, y) is given: call it first")
        return self._flow

    def __next__(self) -> Any:
        return next(iter(self))

    def next(self) -> Any:
        return next(self)

    def standardize(self, x: Any) -> Any:
        """One picture, normalised in place."""
        if self.samplewise_center:
            x -= np.mean(x, axis=1, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, axis=1, keepdims=True) + 1e-7
        if self.featurewise_center:
            x -= self._learnt(self.mean)
        if self.featurewise_std_normalization:
            x /= self._learnt(self.std) + 1e-7
        if self.zca_whitening:
            x = np.dot(x.reshape(x.size), self._learnt(self.principal_components)).reshape(x.shape)
        return x

    @staticmethod
    def _learnt(known: Any) -> Any:
        if known is None:
            raise ValueError("OldImageDataGenerator normalises by what it learnt: call fit(x) first")
        return known

    def random_transform(self, x: Any) -> Any:
        """One picture, changed at random; the draws come in the order of 0.3."""
        from scipy import ndimage

        if self.rotation_range:
            angle = np.random.uniform(-self.rotation_range, self.rotation_range)
            x = ndimage.rotate(x, angle, axes=(1, 2), reshape=False, mode="nearest")
        if self.width_shift_range or self.height_shift_range:
            right = drawn(self.width_shift_range) * x.shape[2]
            down = drawn(self.height_shift_range) * x.shape[1]
            x = ndimage.shift(x, (0, down, right), order=0, mode="nearest")
        if self.horizontal_flip and np.random.random() < 0.5:
            x = x[:, :, ::-1]
        if self.vertical_flip and np.random.random() < 0.5:
            x = x[:, ::-1]
        if self.shear_range:
            angle = np.random.uniform(-self.shear_range, self.shear_range)
            matrix = np.array([[1.0, -np.sin(angle), 0.0], [0.0, np.cos(angle), 0.0], [0.0, 0.0, 1.0]])
            x = ndimage.affine_transform(x, matrix, mode="nearest", order=3)
        return x

    def fit(self, X: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:  # noqa: N803
        """Learn mean, standard deviation and principal components of ``X``. 0.3 took no heed of ``seed``."""
        if augment:
            raise ValueError("fit(augment=True) of Keras 0.3 changed PIL images along the wrong axes: it is not kept")
        x = np.copy(X)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=0)
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=0)
            x /= self.std + 1e-7
        if self.zca_whitening:
            flat: Any = x.reshape((len(x), -1))
            u, s, _ = np.linalg.svd(np.dot(flat.T, flat) / flat.shape[1])
            self.principal_components = np.dot(np.dot(u, np.diag(1.0 / np.sqrt(s + 10e-7))), u.T)


class OldIterator(Iterator):
    """Batches (x, y) of arrays; see ``OldImageDataGenerator.flow``."""

    def __init__(
        self,
        generator: OldImageDataGenerator,
        x: Any,
        y: Any,
        batch_size: int,
        shuffle: bool,
        seed: int | None,
        save_to_dir: str | None,
        save_prefix: str,
        save_format: str,
    ) -> None:
        if len(x) != len(y):
            raise ValueError(f"flow: {len(x)} pictures and {len(y)} labels")
        self.generator = generator
        self.x = x
        self.y = y
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        super().__init__(len(x), batch_size, shuffle, seed, "pass")

    def _batch(self, chosen: Any, start: int) -> Any:
        batch = np.zeros((len(chosen), *self.x.shape[1:]))
        for place, index in enumerate(chosen):
            x = self.generator.random_transform(self.x[index].astype("float32"))
            batch[place] = self.generator.standardize(x)
        if self.save_to_dir:
            for place, x in enumerate(batch):
                name = f"{self.save_prefix}_{start + place}.{self.save_format}"
                array_to_img(x, "channels_first").save(os.path.join(self.save_to_dir, name))
        return batch, self.y[chosen]
