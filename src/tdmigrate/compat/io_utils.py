"""Arrays in HDF5 files (keras/utils/io_utils.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np


class HDF5Matrix:
    """A part of a dataset of an HDF5 file, read as it is asked for (HDF5Matrix of 1.2.2).

    ``start`` and ``end``: which rows; ``normalizer``: applied to all that is read. Rows are asked for by a slice, a
    number, a list or an array, counted from ``start``. ``shape`` is that of the part, before ``normalizer``; ``dtype``
    and ``ndim`` are the dataset's. NumPy, and so Keras 3's ``fit``, reads it whole.
    """

    refs: ClassVar[dict[str, Any]] = {}  # open files by their paths

    def __init__(
        self,
        datapath: str,
        dataset: str,
        start: int = 0,
        end: int | None = None,
        normalizer: Callable[[Any], Any] | None = None,
    ) -> None:
        import h5py

        if datapath not in self.refs:
            self.refs[datapath] = h5py.File(datapath, "r")
        self.data = self.refs[datapath][dataset]
        self.start = start
        self.end = self.data.shape[0] if end is None else end
        self.normalizer = normalizer

    def __len__(self) -> int:
        return int(self.end - self.start)

    def __getitem__(self, key: Any) -> Any:
        rows: Any
        if isinstance(key, slice):
            first, last, step = key.indices(len(self))
            if key.stop is not None and key.stop > len(self):
                raise IndexError(f"row {key.stop} of {len(self)}")
            rows = slice(first + self.start, last + self.start, step)
        else:
            asked = np.asarray(key)
            if asked.size and asked.max() >= len(self):
                raise IndexError(f"row {asked.max()} of {len(self)}")
            rows = (asked + self.start).tolist()
        found = self.data[rows]
        return self.normalizer(found) if self.normalizer is not None else found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.asarray(self[0 : len(self)], dtype=dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self), *self.data.shape[1:])

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def dtype(self) -> Any:
        return self.data.dtype


def save_array(array: Any, name: str) -> None:
    """Write an array as the dataset ``data`` of an HDF5 file, which Keras 1 (by PyTables) reads too (1.2.2)."""
    import h5py

    with h5py.File(name, "w") as file:
        file.create_dataset("data", data=array)


def load_array(name: str) -> Any:
    """The array of a file by ``save_array``, of Keras 1 or of this one (1.2.2)."""
    import h5py

    with h5py.File(name, "r") as file:
        return file["data"][()]
