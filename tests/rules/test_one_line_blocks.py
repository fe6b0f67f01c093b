"""Imports that stand in one line with the head of their block."""

from __future__ import annotations

import pytest

from .migrating import migrate

CASES = [
    (
        "try: import keras\nexcept ImportError: keras = None\nx = keras.layers.TimeDistributedDense(3)\n",
        "try: import keras\nexcept ImportError: keras = None\nx = keras.layers.Dense(3)\n",
    ),
    (
        "try: import keras.backend as K\nexcept ImportError: K = None\ny = K.mean(x) if K else 0\n",
        "from keras import ops\ntry: import keras.backend as K\nexcept ImportError: K = None\n"
        "y = ops.mean(x) if K else 0\n",
    ),
    (
        "try: from keras.layers.core import Dense; from keras.models import Graph\nexcept ImportError: pass\n"
        "else: from keras.layers.recurrent import GRU as G; x = 1\nfinally: from keras.regularizers import l2\n"
        "y = Dense(3, W_regularizer=l2(0.1))\n",
        "try: from keras.layers import Dense\nexcept ImportError: pass\n"
        "else: from keras.layers import GRU as G; x = 1\nfinally: from keras.regularizers import l2\n"
        "y = Dense(3, kernel_regularizer=l2(0.1))\n",
    ),
    (
        "if a: import keras.layers.core as core; b = 1\nelse: core = None\nx = core.Dense(3, init='one')\n",
        "if a: import keras.layers as core; b = 1\nelse: core = None\nx = core.Dense(3, kernel_initializer='ones')\n",
    ),
    (
        "def f(x): from keras import backend as K; return K.mean(x)\nwhile a: from keras.layers import MaxoutDense\n",
        "def f(x): from keras import ops; return ops.mean(x)\nwhile a: pass\n",
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_imports_are_mended_there(before: str, after: str) -> None:
    new, _ = migrate(before)
    assert new == after
