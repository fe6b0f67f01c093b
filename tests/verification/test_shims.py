from __future__ import annotations

import numpy as np
import pytest

from tdmigrate.verification.legacy.shims import convolve2d
from tdmigrate.verification.record import Array

IMAGE = np.arange(12.0).reshape(3, 4)
KERNEL = np.array([[1.0, 2.0], [3.0, 5.0]])
VALID, FULL = 0, 2


def by_hand(image: Array, kernel: Array) -> Array:
    """True convolution, full: every number of the image spreads the kernel."""
    out = np.zeros([a + b - 1 for a, b in zip(image.shape, kernel.shape, strict=True)])
    for (row, column), value in np.ndenumerate(image):
        out[row : row + kernel.shape[0], column : column + kernel.shape[1]] += value * kernel
    return out


def test_a_full_convolution() -> None:
    np.testing.assert_array_equal(convolve2d(IMAGE, KERNEL, 1, FULL, 0, 0), by_hand(IMAGE, KERNEL))


def test_a_valid_convolution() -> None:
    np.testing.assert_array_equal(convolve2d(IMAGE, KERNEL, 1, VALID, 0, 0), by_hand(IMAGE, KERNEL)[1:-1, 1:-1])


def test_a_correlation() -> None:
    flipped = KERNEL[::-1, ::-1]
    np.testing.assert_array_equal(convolve2d(IMAGE, flipped, 0, VALID, 0, 0), by_hand(IMAGE, KERNEL)[1:-1, 1:-1])


def test_a_kernel_larger_than_the_image() -> None:
    with pytest.raises(ValueError, match="larger than the image"):
        convolve2d(KERNEL, IMAGE, 1, VALID, 0, 0)
