"""What sources for Keras 2 become computes the same numbers: tensorflow.python.keras beside Keras 3, in float64."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rules.migrating import findings, rewrite
from tdmigrate.rules.context import CheckSettings

KERAS2 = CheckSettings(from_keras2=True)
SCRIPT = Path(__file__).parent / "computing.py"
IMPORTS = "from keras import backend as K, layers as L, losses, optimizers as O\n\nvalue = {}\n"

EXPRESSIONS = (
    # functions of keras.backend
    "K.dot(x, y)",
    "K.square(x)",
    "K.sqrt(x)",
    "K.abs(x)",
    "K.pow(x, 3)",
    "K.clip(x, -1, 1)",
    "K.mean(x, axis=1)",
    "K.sum(x, axis=-1, keepdims=True)",
    "K.prod(x)",
    "K.std(x, axis=0)",
    "K.var(x, axis=0)",
    "K.max(x, axis=1)",
    "K.argmax(x)",
    "K.maximum(x, z)",
    "K.softmax(x)",
    "K.softmax(x, axis=0)",
    "K.softplus(x)",
    "K.sigmoid(x)",
    "K.hard_sigmoid(x)",
    "K.elu(x, alpha=0.5)",
    "K.relu(x, alpha=0.2)",
    "K.relu(x, max_value=1.0)",
    "K.relu(x, threshold=0.5)",
    "K.l2_normalize(x, axis=1)",
    "K.l2_normalize(x)",
    "K.expand_dims(x)",
    "K.expand_dims(x, axis=1)",
    "K.squeeze(K.expand_dims(x, 0), 0)",
    "K.stack([x, z])",
    "K.stack([x, z], axis=1)",
    "K.concatenate([x, z])",
    "K.concatenate([x, z], axis=0)",
    "K.reshape(x, (4, 3))",
    "K.permute_dimensions(s, (1, 0, 2))",
    "K.transpose(x)",
    "K.flatten(x)",
    "K.batch_flatten(s)",
    "K.repeat(x, 2)",
    "K.repeat_elements(x, 2, axis=1)",
    "K.tile(x, (2, 1))",
    "K.reverse(x, axes=1)",
    "K.gather(s, [1, 0, 1])",
    "K.one_hot(i, num_classes=4)",
    "K.cumsum(x)",
    "K.cumsum(x, axis=1)",
    "K.cumprod(x, axis=1)",
    "K.logsumexp(x, axis=1)",
    "K.mean(K.equal(x, x))",
    "K.less(x, z)",
    "K.less_equal(x, z)",
    "K.equal(x, z)",
    "K.cast(K.greater(x, z), 'float64')",
    "K.switch(K.greater(x, z), x, z)",
    "K.zeros_like(x)",
    "K.ones_like(x) * 3",
    "K.constant(0.5) * x",
    "K.constant(2, dtype='float64') * x",
    "K.eval(K.square(x))",
    "K.int_shape(K.constant(x))",
    "K.ndim(K.constant(x))",
    "K.binary_crossentropy(t, p)",
    "K.binary_crossentropy(t, x, from_logits=True)",
    "K.categorical_crossentropy(t, p)",
    "K.categorical_crossentropy(target=t, output=x, from_logits=True)",
    "K.sparse_categorical_crossentropy(i, p)",
    "K.in_top_k(K.cast(p, 'float32'), i, 2)",
    # layers
    "L.ThresholdedReLU()(x)",
    "L.ThresholdedReLU(theta=0.5)(x)",
    "L.LeakyReLU(alpha=0.2)(x)",
    "L.LeakyReLU()(x)",
    "L.Activation('hard_sigmoid')(x)",
    "L.Dense(3, activation='hard_sigmoid', kernel_initializer='ones')(x)",
    "L.LSTM(3, recurrent_activation='hard_sigmoid', kernel_initializer='ones', recurrent_initializer='ones')(s)",
    "L.GRU(3, recurrent_activation='hard_sigmoid', reset_after=False, recurrent_initializer='ones', "
    "kernel_initializer='ones')(s)",
    # optimizers
    "steps(O.SGD(lr=0.1))",
    "steps(O.SGD(lr=0.1, decay=0.5))",
    "steps(O.SGD(learning_rate=0.1, momentum=0.9, nesterov=True, decay=1e-2))",
    "steps(O.Adam(lr=0.1, decay=0.3))",
    "steps(O.Adam(lr=0.1, amsgrad=True, epsilon=None))",
    "steps(O.Adamax(lr=0.1, decay=0.3))",
    "steps(O.Adadelta(lr=0.1))",
    # losses
    "losses.mse(t, p)",
    "losses.MAE(t, p)",
    "losses.msle(t, p)",
    "losses.kld(t + 0.1, p)",
    "losses.logcosh(t, p)",
    "losses.MeanSquaredError(losses.Reduction.NONE)(t, p)",
    "losses.MeanSquaredError(losses.Reduction.AUTO)(t, p)",
)


# its optimizers hold their settings in single precision, and its crossentropy adds epsilon where that of Keras 2.0–2.3
# clips; both where Keras 3 does not
LOOSE = ("steps(", "K.binary_crossentropy(t, p)")


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What each expression is on Keras 2, and what it is on Keras 3 once rewritten."""
    folder = tmp_path_factory.mktemp("numbers")
    jobs = [(one, one, rewrite(IMPORTS.format(one), KERAS2)) for one in EXPRESSIONS]
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    source = str(Path(__file__).parents[2] / "src")
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": source}
    environment["KERAS_BACKEND"] = "tensorflow"
    command = [sys.executable, str(SCRIPT), "jobs.json", "results.json"]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=500)
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, list[Any]] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_numbers_are_the_same(expression: str, values: dict[str, list[Any]]) -> None:
    old, new = values[expression]
    assert not isinstance(old, str), old
    assert not isinstance(new, str), new
    assert np.shape(old) == np.shape(new)
    np.testing.assert_allclose(new, old, rtol=1e-5 if expression.startswith(LOOSE) else 1e-7, atol=1e-9)


@pytest.mark.parametrize("expression", [one for one in EXPRESSIONS if one not in ("L.LeakyReLU()(x)",)])
def test_each_is_found(expression: str) -> None:
    assert findings(IMPORTS.format(expression), KERAS2)
