"""The step of gradient descent under Keras 3 on TensorFlow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from tdmigrate.verification.record import Run
from tdmigrate.verification.serve import describe, is_out_of_memory
from tdmigrate.verification.step import RATE, Trained, Untrained, targets


def train(model: Any, layers: Sequence[Any], inputs: Any, run: Run, training: bool) -> Trained:
    """The step that the legacy model made with the same weights; ``layers``: those with weights, as they are paired.

    ``inputs``: those of ``run``, the first of the legacy record, as the model takes them. Raises Untrained.
    """
    try:
        return _train(model, layers, inputs, run, training)
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise Untrained(f"the new model could not be trained: {describe(error)}") from error


def _train(model: Any, layers: Sequence[Any], inputs: Any, run: Run, training: bool) -> Trained:
    import keras
    import tensorflow as tf

    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        made = model(inputs, training=training)
        outputs = [made[one.name] for one in run.outputs] if isinstance(made, dict) else keras.tree.flatten(made)
        errors = [
            tf.reduce_mean(tf.square(tf.cast(output, "float64") - target.values) * target.counts)
            for output, target in zip(outputs, targets(run), strict=True)
        ]
        loss = tf.add_n([*errors, *(tf.cast(one, "float64") for one in model.losses)])
    gradients = tape.gradient(loss, [one.value for one in variables], unconnected_gradients="zero")
    for variable, gradient in zip(variables, gradients, strict=True):
        moved = variable.value - RATE * tf.convert_to_tensor(gradient)
        variable.assign(moved if variable.constraint is None else variable.constraint(moved))
    return Trained(
        training,
        float(loss),
        tuple(tuple(_as_meant(layer, training)) for layer in layers),
        tuple(tuple(_names(layer)) for layer in layers),
    )


def _as_meant(layer: Any, training: bool) -> list[Any]:
    """Weights after the step, without what a BatchNormalization of tdmigrate.compat takes into its running variance as
    Keras 1.2 on Theano did: the legacy side leaves it out, too (legacy/step.py).
    """
    weights = [np.asarray(one) for one in layer.get_weights()]
    if training and type(layer).__name__ == "BatchNormalization" and getattr(layer, "form", "") == "theano":
        weights[-1] = weights[-1] - (layer.mode == 0) * (1 - layer.momentum) * layer.epsilon
    return weights


def _names(layer: Any) -> Iterator[str]:
    """What to call the weights of a layer: "kernel"; "forward kernel" of a Bidirectional."""
    halves = ("forward", "backward") if hasattr(layer, "forward_layer") else ("",)
    for index, weight in enumerate(layer.weights):
        yield f"{halves[index * len(halves) // len(layer.weights)]} {weight.name}".strip()
