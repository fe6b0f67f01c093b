"""Training under Keras 3 as the source has it: its own ``compile``, then steps on the targets of the legacy side."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from inspect import signature
from typing import Any

import numpy as np

from tdmigrate.verification.record import Run
from tdmigrate.verification.step import OWN_OPTIMIZER, RATE, STEPS, Trained, Untrained


class Compiles:
    """The calls of ``compile`` in this process, the last of each model."""

    def __init__(self) -> None:
        self._calls: dict[int, dict[str, Any]] = {}
        self._kept: list[Any] = []  # models, so that none gets the identity of another

    def watch(self) -> None:
        """Keep the calls from now on."""
        import keras

        genuine = keras.Model.compile

        @wraps(genuine)
        def keep(model: Any, *positional: Any, **keywords: Any) -> None:
            self._kept.append(model)
            self._calls[id(model)] = signature(genuine).bind(model, *positional, **keywords).arguments
            genuine(model, *positional, **keywords)

        keras.Model.compile = keep

    def compile(self, model: Any, own_optimizer: bool) -> None:
        """Compile a model as its program does, with plain SGD unless with its own optimizer. Raises Untrained."""
        import keras

        if id(model) not in self._calls:
            raise Untrained("the new program does not compile the model")
        given = self._calls[id(model)]
        kept = {name: given[name] for name in ("loss", "loss_weights", "optimizer") if name in given}
        if not own_optimizer:
            kept["optimizer"] = keras.optimizers.SGD(RATE)
        model.compile(**kept)


def train(model: Any, compiles: Compiles, inputs: Any, run: Run, theirs: Trained) -> float:
    """The steps that the legacy model made, on the same targets; the loss before the last. Raises Untrained."""
    import keras

    compiles.compile(model, theirs.kind == OWN_OPTIMIZER)
    if keras.config.backend() == "tensorflow":
        return _eagerly(model, inputs, run, theirs)
    if not theirs.training:
        raise Untrained("its own loss in the test phase is compared on TensorFlow only")
    loss = 0.0
    for _ in range(STEPS if theirs.kind == OWN_OPTIMIZER else 1):
        made = model.train_on_batch(inputs, list(theirs.targets) if len(theirs.targets) > 1 else theirs.targets[0])
        loss = float(np.ravel(np.asarray(made))[0])
    return loss


def _eagerly(model: Any, inputs: Any, run: Run, theirs: Trained) -> float:
    """What ``train_on_batch`` does, without compiling it first."""
    import tensorflow as tf

    targets = [tf.convert_to_tensor(one) for one in theirs.targets]
    loss = 0.0
    for _ in range(STEPS if theirs.kind == OWN_OPTIMIZER else 1):
        with tf.GradientTape() as tape:
            made = model(inputs, training=theirs.training)
            value = model.compute_loss(inputs, _as_made(targets, made, run), made, None, training=theirs.training)
        weights = model.trainable_variables
        gradients = tape.gradient(value, [one.value for one in weights])
        model.optimizer.apply(gradients, weights)
        loss = float(value)
    return loss


def _as_made(targets: Sequence[Any], made: Any, run: Run) -> Any:
    """The targets in the structure of the model's outputs."""
    if isinstance(made, dict):
        return {one.name: target for one, target in zip(run.outputs, targets, strict=True)}
    return list(targets) if isinstance(made, (list, tuple)) else targets[0]
