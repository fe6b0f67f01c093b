"""Numbers with more digits than Python writes, which sources can hold in hexadecimal digits."""

from __future__ import annotations

import ast

import pytest

from tdmigrate.config import STYLES, Settings
from tdmigrate.pipeline import run_text
from tdmigrate.understanding.module import Module

HUGE = f"0x{'1' * 5000}"
HEAD = (
    "from keras import backend as K\n"
    "from keras.callbacks import EarlyStopping\n"
    "from keras.layers import *\n"
    "from keras.models import Sequential\n"
    "from keras.optimizers import SGD\n\n"
    "N = {}\n"
    "m = Sequential([TimeDistributedDense(3, input_shape=(4, 5))])\n"
)
LINES = [
    "m.add(Dense(output_dim={}, init={}, W_regularizer={}))",
    "m.add(LSTM({}, init={}, inner_activation={}, dropout_W={}))",
    "m.add(SpatialDropout1D({}))",
    "m.add(Reshape(({}, 3)))",
    "m.add(Flatten(input_shape=({}, {})))",
    "m.add(Convolution2D({}, 3, 3, input_shape=(3, {}, 5)))",
    "m.add(UpSampling1D({}))",
    "m.add(Dense(N * N + {}, input_dim=N - 1))",
    "m.compile(SGD(lr={}, decay={}), 'mse')",
    "m.fit(x, y, nb_epoch={}, batch_size=-{})",
    "m.fit_generator(g, {}, {}, nb_val_samples={})",
    "e = EarlyStopping(patience={})",
    "y = K.reshape(x, ({},)) + K.resize_images(x, {}, 2, 'th') + K.ndim({})",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("style", STYLES)
def test_they_stay_as_they_are(line: str, style: str) -> None:
    text = f"{HEAD}{line}\n".replace("{}", HUGE)
    run = run_text("a.py", text.encode(), Settings(mode="diff", style=style, unsafe_fixes=True))
    (file,) = run.files
    assert file.error is None
    assert file.new_text is not None
    assert f"N = {HUGE}\n" in file.new_text
    numbers = [one.value for one in ast.walk(ast.parse(file.new_text)) if isinstance(one, ast.Constant)]
    assert max(one for one in numbers if type(one) is int) == int(HUGE, 16)


def test_they_are_written_in_digits_that_python_reads() -> None:
    tree = Module(f"x = {HUGE}, 0b{'1' * 20_000}, -0o{'7' * 9_000}, {'9' * 600}, 7\n").tree
    assert ast.dump(Module(ast.unparse(tree)).tree) == ast.dump(tree)
