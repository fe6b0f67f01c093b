"""Endless batches of pictures (Iterator and its kinds in keras/preprocessing/image.py of 1.0.4 to 1.2.2)."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator as Indexes
from typing import Any

import keras
import numpy as np

from tdmigrate.compat.preprocessing.pictures import array_to_img, is_first

_PEEKED = 2  # batches that Keras 3 on TensorFlow asks for before each pass, to learn their shapes


class Iterator(keras.utils.PyDataset, ABC):  # type: ignore[misc]
    """Batches without end, one after the other by ``next``, or as ``x`` of Keras 3's ``fit`` (with steps_per_epoch).

    The order is drawn anew at each start over the samples, after ``np.random.seed(seed + batches so far)`` where a
    seed is given. ``seeding``: it is set before each "batch" (from 1.1.1 on), "pass" (0.3) or "shuffle" (1.0).
    """

    def __init__(self, n: int, batch_size: int, shuffle: bool, seed: int | None, seeding: str = "batch") -> None:
        super().__init__()
        self.n = n
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_generator = self._flow_index(seed, seeding)
        self._run: list[Any] = []  # the first batches of the present pass of Keras 3
        self._again = False
        self._passes = 0

    def reset(self) -> None:
        self.batch_index = 0

    def _flow_index(self, seed: int | None, seeding: str) -> Indexes[tuple[Any, int, int]]:
        order = np.arange(self.n)
        while True:
            begins = self.batch_index == 0 and (seeding == "pass" or self.shuffle)
            if seed is not None and (seeding == "batch" or begins):
                np.random.seed(seed + self.total_batches_seen)
            if self.batch_index == 0:
                order = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)
            start = (self.batch_index * self.batch_size) % self.n
            size = min(self.batch_size, self.n - start)
            self.batch_index = self.batch_index + 1 if size == self.batch_size else 0
            self.total_batches_seen += 1
            yield order[start : start + size], start, size

    def __iter__(self) -> Iterator:
        return self

    def __next__(self) -> Any:
        return self.next()

    def next(self) -> Any:
        with self.lock:
            chosen, start, _ = next(self.index_generator)
        return self._batch(chosen, start)

    @abstractmethod
    def _batch(self, chosen: Any, start: int) -> Any:
        """The batch of the ``chosen`` samples; ``start``: the place of the first of them in this pass."""

    # --- as Keras 3 asks for it

    @property
    def num_batches(self) -> None:
        """None: there is no end."""

    def __getitem__(self, index: int) -> Any:
        """The next batch, whatever the index; but what Keras 3 looked at beforehand comes once more."""
        if index == 0:
            self._again = self._was_peeked()
            self._passes += 1
            if not self._again:
                self._run = []
        if self._again and index < len(self._run):
            return self._run[index]
        batch = self.next()
        if len(self._run) <= _PEEKED and not self._again:
            self._run.append(batch)
        return batch

    def _was_peeked(self) -> bool:
        """Whether the pass that ends now was only to see what batches are like. On JAX and PyTorch, Keras 3 looks at
        the first batch before it trains a model for the first time."""
        if keras.backend.backend() == "tensorflow":
            return len(self._run) == _PEEKED and not self._again
        return len(self._run) == 1 and self._passes == 1


class PictureIterator(Iterator):
    """What the two kinds have in common: pictures changed at random, and kept in a folder if wanted."""

    def __init__(
        self,
        n: int,
        image_data_generator: Any,
        batch_size: int,
        shuffle: bool,
        seed: int | None,
        save_to_dir: str | None,
        save_prefix: str,
        save_format: str,
    ) -> None:
        super().__init__(n, batch_size, shuffle, seed, image_data_generator.seeding)
        self.image_data_generator = image_data_generator
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format

    def _changed(self, pictures: Any, shape: tuple[int, ...], start: int) -> Any:
        batch = np.zeros(shape, dtype=keras.config.floatx())
        for place, x in enumerate(pictures):
            x = self.image_data_generator.random_transform(x.astype(self.image_data_generator.dtype))
            batch[place] = self.image_data_generator.standardize(x)
        if self.save_to_dir:
            for place, x in enumerate(batch):
                name = f"{self.save_prefix}_{start + place}_{np.random.randint(10000)}.{self.save_format}"
                picture = array_to_img(x, self.image_data_generator.data_format)
                picture.save(os.path.join(self.save_to_dir, name))
        return batch


class NumpyArrayIterator(PictureIterator):
    """Batches (x, y), or x alone, of arrays; see ``ImageDataGenerator.flow``."""

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        seed: int | None = None,
        save_to_dir: str | None = None,
        save_prefix: str = "",
        save_format: str = "jpeg",
    ) -> None:
        if y is not None and len(x) != len(y):
            raise ValueError(f"flow: {len(x)} pictures and {len(y)} labels")
        self.x = np.asarray(x, dtype=keras.config.floatx())
        if self.x.ndim != 4:
            raise ValueError(f"flow: pictures as an array of rank 4 are needed, not {self.x.ndim}")
        self.y = np.asarray(y) if y is not None else None
        super().__init__(len(x), image_data_generator, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format)

    def _batch(self, chosen: Any, start: int) -> Any:
        batch = self._changed((self.x[index] for index in chosen), (len(chosen), *self.x.shape[1:]), start)
        return batch if self.y is None else (batch, self.y[chosen])


class DirectoryIterator(PictureIterator):
    """Batches of pictures in a folder with a folder for each class; see ``ImageDataGenerator.flow_from_directory``."""

    def __init__(
        self,
        directory: str,
        image_data_generator: Any,
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
    ) -> None:
        if color_mode not in ("rgb", "grayscale"):
            raise ValueError(f"flow_from_directory: color_mode is 'rgb' or 'grayscale', not {color_mode!r}")
        if class_mode not in ("categorical", "binary", "sparse", None):
            raise ValueError(f"flow_from_directory: no such class_mode: {class_mode!r}")
        self.directory = directory
        self.target_size = tuple(target_size)
        self.color_mode = color_mode
        self.class_mode = class_mode
        self.data_format = image_data_generator.data_format
        channels = 3 if color_mode == "rgb" else 1
        first = is_first(self.data_format)
        self.image_shape = (channels, *self.target_size) if first else (*self.target_size, channels)
        names = list(classes) if classes else _folders(directory)
        self.nb_class = len(names)
        self.class_indices = {name: number for number, name in enumerate(names)}
        found = [
            (os.path.relpath(path, directory), self.class_indices[label])
            for label in names
            for path in _files(os.path.join(directory, label), image_data_generator.release, follow_links)
            if path.lower().endswith((".png", ".jpg", ".jpeg", ".bmp"))
        ]
        self.filenames = [name for name, _ in found]
        self.classes = np.array([label for _, label in found], dtype="int32")
        self.nb_sample = len(found)
        print(f"Found {self.nb_sample} images belonging to {self.nb_class} classes.")
        super().__init__(
            self.nb_sample, image_data_generator, batch_size, shuffle, seed, save_to_dir, save_prefix, save_format
        )

    def _batch(self, chosen: Any, start: int) -> Any:
        pictures = (self._read(self.filenames[index]) for index in chosen)
        batch = self._changed(pictures, (len(chosen), *self.image_shape), start)
        labels = self.classes[chosen]
        if self.class_mode == "sparse":
            return batch, labels
        if self.class_mode == "binary":
            return batch, labels.astype(keras.config.floatx())
        if self.class_mode == "categorical":
            return batch, np.eye(self.nb_class, dtype=keras.config.floatx())[labels]
        return batch

    def _read(self, name: str) -> Any:
        path = os.path.join(self.directory, name)
        picture = keras.utils.load_img(path, color_mode=self.color_mode, target_size=self.target_size)
        return keras.utils.img_to_array(picture, data_format=self.data_format)


def _folders(directory: str) -> list[str]:
    return sorted(name for name in os.listdir(directory) if os.path.isdir(os.path.join(directory, name)))


def _files(folder: str, release: str, follow_links: bool) -> list[str]:
    """From 1.2 on also those of the folders inside; of 1.1.1 and 1.1.2 by their names, else as the disk lists them."""
    if release == "1.2.0":
        walked = sorted(os.walk(folder, followlinks=follow_links), key=lambda one: one[0])
        return [os.path.join(root, name) for root, _, names in walked for name in names]
    listed = os.listdir(folder)
    return [os.path.join(folder, name) for name in (sorted(listed) if release == "1.1.1" else listed)]
