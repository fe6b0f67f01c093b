"""Constraints on a kernel whose axes stand otherwise now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import constraints, ops

from tdmigrate.compat.registering import Tensor, registered


@registered
class InOldLayout(constraints.Constraint):  # type: ignore[misc]
    """What another constraint makes of a kernel that is laid out as in Keras 0.1-1.2; its shape stays.

    ``axes``: for each axis of the old kernel the one of the new kernel, None for one of length 1 that is gone:
    ``(3, 2, 0, 1)`` where it was (filters, inputs, rows, columns) and is (rows, columns, inputs, filters)
    (keras/layers/convolutional.py of 1.2.2). ``constraint``: a constraint, its name or configuration; None: the kernel
    stays as it is. Other ``axes`` than each of the kernel's once are a ``ValueError``.
    """

    def __init__(self, constraint: Any, axes: Sequence[int | None]) -> None:
        self.constraint = constraints.get(constraint)
        self.axes = tuple(axes)
        self._kept = [axis for axis in self.axes if axis is not None]
        if sorted(self._kept) != list(range(len(self._kept))):
            raise ValueError(f"axes={self.axes} are not each axis of a kernel once")

    def __call__(self, w: Tensor) -> Tensor:
        if self.constraint is None:
            return w
        old = ops.transpose(w, self._kept)
        lengths = [1 if axis is None else w.shape[axis] for axis in self.axes]
        new = self.constraint(ops.reshape(old, lengths))
        back = [self._kept.index(axis) for axis in range(len(self._kept))]
        return ops.transpose(ops.reshape(new, old.shape), back)

    def get_config(self) -> dict[str, Any]:
        return {"constraint": constraints.serialize(self.constraint), "axes": list(self.axes)}
