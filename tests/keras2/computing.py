"""Run by test_numbers.py: ``computing.py JOBS RESULTS``, in float64.

JOBS is JSON, lists of a name, an expression for Keras 2 and a program for Keras 3 that binds ``value``. The expression
runs on the Keras 2 that TensorFlow has kept for itself, tensorflow.python.keras. RESULTS gets both values by name, or
what was raised.
"""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.keras import backend as old_backend
from tensorflow.python.keras import losses as old_losses
from tensorflow.python.keras.layers import advanced_activations, core, recurrent
from tensorflow.python.keras.optimizer_v2 import adadelta, adam, adamax, gradient_descent
from tensorflow.python.keras.utils import losses_utils

STEPS = 4


def known() -> dict[str, Any]:
    random = np.random.default_rng(7)
    positive = random.uniform(0.1, 0.9, (3, 4))
    return {
        "np": np,
        "x": random.normal(0, 2, (3, 4)),
        "y": random.normal(0, 2, (4, 5)),
        "z": random.normal(0, 2, (3, 4)),
        "p": positive / positive.sum(axis=1, keepdims=True),
        "t": np.eye(4)[[1, 3, 0]],
        "i": np.array([1, 3, 0], "int32"),
        "s": random.normal(0, 1, (2, 5, 4)),
    }


def old_steps(optimizer: Any) -> Any:
    weight = tf.Variable(np.ones(3))
    for gradient in gradients():
        optimizer.apply_gradients([(tf.constant(gradient), weight)])
    return weight.numpy()


def new_steps(optimizer: Any) -> Any:
    weight = keras.Variable(np.ones(3), dtype="float64")
    for gradient in gradients():
        optimizer.apply([tf.constant(gradient)], [weight])
    return weight.numpy()


def gradients() -> Any:
    return np.random.default_rng(5).normal(0, 1, (STEPS, 3))


def modules(*found: Any) -> Any:
    one = types.SimpleNamespace()
    for module in found:
        for name in vars(module):
            setattr(one, name, getattr(module, name))
    return one


OLD = {
    "K": old_backend,
    "L": modules(core, advanced_activations, recurrent),
    "O": modules(adadelta, adam, adamax, gradient_descent),
    "losses": modules(old_losses, types.SimpleNamespace(Reduction=losses_utils.ReductionV2)),
    "steps": old_steps,
}


def outcome(compute: Callable[[], Any]) -> Any:
    try:
        return np.asarray(compute()).tolist()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def by_keras2(expression: str) -> Any:
    arrays = {name: tf.constant(one) for name, one in known().items() if isinstance(one, np.ndarray)}
    return eval(expression, {**arrays, **OLD})


def by_keras3(text: str) -> Any:
    names = {**known(), "steps": new_steps}
    exec(text, names)
    return names["value"]


def main(jobs: str, results: str) -> None:
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    old_backend.set_floatx("float64")
    found = {}
    for name, expression, text in json.loads(Path(jobs).read_text(encoding="utf-8")):
        found[name] = [
            outcome(lambda expression=expression: by_keras2(expression)),  # type: ignore[misc]
            outcome(lambda text=text: by_keras3(text)),  # type: ignore[misc]
        ]
    Path(results).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
