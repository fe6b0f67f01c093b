from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
from keras import layers, ops

from tdmigrate import compat

from .models import draw, gap, model_of, reloaded


def test_imports_nothing_of_the_tool() -> None:
    script = (
        "import sys, tdmigrate.compat; "
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('tdmigrate', 'libcst', 'click')))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    loaded = set(ast.literal_eval(shown.splitlines()[-1])) - {"tdmigrate"}
    assert loaded
    assert all(name.split(".")[:2] == ["tdmigrate", "compat"] for name in loaded)


def test_hard_sigmoid_is_the_old_formula() -> None:
    x = np.array([-9.0, -2.5, -1.0, 0.0, 1.0, 2.4, 2.5, 9.0])
    y = ops.convert_to_numpy(compat.hard_sigmoid(ops.convert_to_tensor(x)))
    assert y.dtype == np.float64
    assert gap(y, [0, 0, 0.3, 0.5, 0.7, 0.98, 1, 1]) < 1e-15


def test_hard_sigmoid_as_a_gate_survives_wrapping_and_saving(tmp_path: Path) -> None:
    lstm = layers.LSTM(3, recurrent_activation=compat.hard_sigmoid, return_sequences=True)
    model = model_of(layers.Bidirectional(lstm), layers.Dense(2, activation=compat.hard_sigmoid), shape=(None, 4))
    x = draw(2, 5, 4)
    wrapper = model.layers[0]
    for half in (wrapper.forward_layer, wrapper.backward_layer):
        assert half.recurrent_activation is compat.hard_sigmoid
    assert gap(reloaded(model, tmp_path).predict(x, verbose=0), model.predict(x, verbose=0)) == 0
