"""Sizes of layers that NumPy computed get ``int``; others stay as they are."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
import numpy as np
from keras.layers import Convolution1D, Dense, Embedding, RepeatVector, ZeroPadding1D, ZeroPadding2D
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n = y.max() + 1\nDense(n)\n", "Dense(int(n))"),
        ("Embedding(np.max(X) + 1, 3)\n", "Embedding(int(np.max(X) + 1), 3"),
        ("RepeatVector(np.prod(shape))\n", "RepeatVector(int(np.prod(shape)))"),
        ("Dense(X.shape[1])\n", "Dense(X.shape[1])"),
        ("Convolution1D(4, np.max(sizes))\n", "Conv1D(4, int(np.max(sizes)))"),
        ("Convolution1D(4, 2, subsample_length=y.min())\n", "Conv1D(4, 2, strides=int(y.min()))"),
        ("ZeroPadding1D(np.max(sizes))\n", "ZeroPadding1D(int(np.max(sizes)))"),
        ("ZeroPadding2D((1, np.max(sizes)))\n", "ZeroPadding2D((1, int(np.max(sizes)))"),
        ("c = dict(nb_filter=4, filter_length=y.max())\nConvolution1D(**c)\n", "kernel_size=int(y.max()))"),
        ("c = {'output_dim': y.max()}\nDense(**c)\n", "int(y.max())}"),
        ("from functools import partial\nD = partial(Dense, y.max())\nD()\n", "partial(Dense, int(y.max()))"),
        ("Dense(len(set(y)))\n", "Dense(len(set(y)))"),
        ("Dense(np.max(y, axis=0))\n", "Dense(np.max(y, axis=0))"),
        ("def f(n):\n    Dense(n)\nn = y.max()\n", "Dense(n)"),
    ],
)
def test_int_stands_where_numpy_computed_a_size(old: str, new: str) -> None:
    text, _ = migrate(HEAD + old)
    assert new in text
    assert migrate(text)[0] == text
