"""Sizes of layers that NumPy computed get ``int``; others stay as they are."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = "import numpy as np\nfrom keras.layers import Dense, Embedding, RepeatVector\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("n = y.max() + 1\nDense(n)\n", "Dense(int(n))"),
        ("Embedding(np.max(X) + 1, 3)\n", "Embedding(int(np.max(X) + 1), 3"),
        ("RepeatVector(np.prod(shape))\n", "RepeatVector(int(np.prod(shape)))"),
        ("Dense(X.shape[1])\n", "Dense(X.shape[1])"),
        ("Dense(len(set(y)))\n", "Dense(len(set(y)))"),
        ("Dense(np.max(y, axis=0))\n", "Dense(np.max(y, axis=0))"),
        ("def f(n):\n    Dense(n)\nn = y.max()\n", "Dense(n)"),
    ],
)
def test_int_stands_where_numpy_computed_a_size(old: str, new: str) -> None:
    text, _ = migrate(HEAD + old)
    assert new in text
    assert migrate(text)[0] == text
