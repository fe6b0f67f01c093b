"""Run by test_against_keras.py: ``here.py JOBS DATA RESULTS``, tdmigrate.compat on the backend of KERAS_BACKEND.

JOBS is JSON, a list of calls by index; DATA holds weights and inputs by names like ``3/weight/0``; RESULTS gets
outputs, gradients, weights after one call in training, and what a saved and a rebuilt layer compute.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

from tdmigrate import compat

ARRAYS = keras.ops.convert_to_numpy


def model_of(layer: Any, job: dict[str, Any]) -> Any:
    inputs = keras.Input(tuple(job["shape"][1:]), dtype="int32" if job["ids"] else "float64")
    before = keras.layers.Masking()(inputs) if job["masked"] else inputs
    return keras.Model(inputs, layer(before))


def mean_square(outputs: Any) -> Any:
    total = keras.ops.sum(keras.ops.square(outputs))
    return keras.ops.divide(total, float(np.prod(outputs.shape)))  # ops.mean is of single precision on JAX


def gradients(model: Any, layer: Any, x: Any, training: bool) -> list[Any]:
    """Of the mean square of the outputs: by the inputs, then by each trained weight."""
    backend = keras.config.backend()
    if backend == "tensorflow":
        import tensorflow as tf

        source = tf.convert_to_tensor(x)
        with tf.GradientTape() as tape:
            tape.watch(source)
            loss = mean_square(model(source, training=training))
        values = [weight.value for weight in layer.trainable_variables]
        found = tape.gradient(loss, [source, *values], unconnected_gradients="zero")
        found = [tf.convert_to_tensor(one) for one in found]
    elif backend == "jax":
        import jax

        def loss_of(source: Any, trained: Any) -> Any:
            fixed = [variable.value for variable in model.non_trainable_variables]
            outputs, _ = model.stateless_call(trained, fixed, source, training=training)
            return mean_square(outputs)

        trained = [variable.value for variable in model.trainable_variables]
        allowed = jax.numpy.issubdtype(x.dtype, jax.numpy.floating)
        if allowed:
            first, rest = jax.grad(loss_of, argnums=(0, 1))(x, trained)
            found = [first, *rest]
        else:
            found = [np.zeros(x.shape), *jax.grad(loss_of, argnums=1)(x, trained)]
    else:
        import torch

        source = torch.tensor(x, requires_grad=x.dtype.kind == "f")
        loss = mean_square(model(source, training=training))
        values = [weight.value for weight in layer.trainable_variables]
        wanted = [source, *values] if source.requires_grad else values
        found = list(torch.autograd.grad(loss, wanted, allow_unused=True))
        found = [torch.zeros(()) if one is None else one for one in found]
        if not source.requires_grad:
            found.insert(0, torch.zeros(x.shape))
    return [ARRAYS(one) for one in found]


def run(job: dict[str, Any], weights: list[Any], x: Any, folder: Path) -> dict[str, Any]:
    layer = eval(job["new"], {**vars(compat)})
    model = model_of(layer, job)
    layer.set_weights(weights)
    training = job["training"]
    result = {"output": ARRAYS(model(x, training=training))}
    result.update({f"changed/{index}": array for index, array in enumerate(layer.get_weights())})
    layer.set_weights(weights)
    first, *rest = gradients(model, layer, x, training)
    result["input_gradient"] = first
    result.update({f"gradient/{index}": array for index, array in enumerate(rest)})
    layer.set_weights(weights)
    result["predicted"] = ARRAYS(model(x, training=False))
    if keras.config.backend() == "tensorflow":
        result["compiled"] = model.predict(x, verbose=0, batch_size=len(x))
    path = folder / "model.keras"
    model.save(path)
    result["loaded"] = ARRAYS(keras.models.load_model(path)(x, training=False))
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config(), job["new"]
    twin = model_of(again, job)
    again.set_weights(weights)
    result["rebuilt"] = ARRAYS(twin(x, training=False))
    return result


def main() -> None:
    jobs, data, results = sys.argv[1:]
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    given = np.load(data)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for index, job in json.loads(Path(jobs).read_text()):
            weights = [given[f"{index}/weight/{number}"] for number in range(job["weights"])]
            result = run(job, weights, given[f"{index}/input"], Path(folder))
            found.update({f"{index}/{name}": value for name, value in result.items()})
    np.savez(results, **found)


if __name__ == "__main__":
    main()
