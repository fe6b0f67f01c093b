"""Training under Keras 3 as the source has it: its own ``compile``, then ``evaluate`` and steps on the targets of the
legacy side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from inspect import signature
from typing import Any

import numpy as np

from tdmigrate.compat.scores import scores
from tdmigrate.verification.evaluating import Evaluated, again
from tdmigrate.verification.record import Run
from tdmigrate.verification.serve import describe, is_out_of_memory
from tdmigrate.verification.step import OWN_OPTIMIZER, RATE, STEPS, Trained, Untrained

_METRICS = ("metrics", "weighted_metrics")


class Compiles:
    """The calls of ``compile`` in this process, the last of each model."""

    def __init__(self) -> None:
        self._genuine: Callable[..., None] | None = None
        self._calls: dict[int, dict[str, Any]] = {}
        self._kept: list[Any] = []  # models, so that none gets the identity of another

    def watch(self) -> None:
        """Keep the calls from now on."""
        import keras

        self._genuine = genuine = keras.Model.compile

        @wraps(genuine)
        def keep(model: Any, *positional: Any, **keywords: Any) -> None:
            self._kept.append(model)
            bound = signature(genuine).bind(model, *positional, **keywords)
            self._calls[id(model)] = dict(bound.arguments)
            for name in _METRICS:  # they may fail, which must not stop the program
                bound.arguments.pop(name, None)
            genuine(*bound.args, **bound.kwargs)

        keras.Model.compile = keep

    def compile(self, model: Any, own_optimizer: bool, metrics: bool = False) -> None:
        """Compile a model as its program does, with plain SGD unless with its own optimizer. Raises Untrained."""
        import keras

        if self._genuine is None or id(model) not in self._calls:
            raise Untrained("the new program does not compile the model")
        given = self._calls[id(model)]
        wanted = ("loss", "loss_weights", "optimizer", *(_METRICS if metrics else ()))
        kept = {name: given[name] for name in wanted if name in given}
        if not own_optimizer:
            kept["optimizer"] = keras.optimizers.SGD(RATE)
        self._genuine(model, **kept)


def evaluate(
    model: Any, compiles: Compiles, inputs: Any, run: Run, theirs: Trained, forget: Callable[[], None]
) -> Evaluated | None:
    """The numbers of ``evaluate`` on the targets of the legacy side, or why there are none; ``forget``: all states."""
    import keras

    wanted = theirs.evaluated
    if wanted is None or wanted.why:
        return wanted
    numbers = []
    before = [(one, np.asarray(one)) for one in model.variables]
    try:
        made = model(inputs, training=False)
        for targets in wanted.targets:
            forget()
            # for each anew: TensorFlow keeps no function for targets of two ranks
            compiles.compile(model, own_optimizer=False, metrics=True)
            given = keras.tree.map_structure(partial(again, targets=targets), inputs)
            aims = _as_made(targets, made, run)
            told = model.evaluate(given, aims, batch_size=wanted.size, verbose=0, return_dict=True)
            numbers.append(tuple(map(float, np.ravel(scores(model, told)))))
    except Exception as error:
        if is_out_of_memory(error):
            raise
        for one, value in before:  # JAX has taken them
            one.assign(value)
        return Evaluated(why=f"the new model could not be evaluated: {describe(error)}")
    return Evaluated(numbers=tuple(numbers))


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
