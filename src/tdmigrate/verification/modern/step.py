"""The step of gradient descent under Keras 3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from tdmigrate.verification.modern import own
from tdmigrate.verification.modern.backends import differentiate
from tdmigrate.verification.record import Run
from tdmigrate.verification.serve import describe, is_out_of_memory
from tdmigrate.verification.step import MADE_UP, OWN_OPTIMIZER, RATE, STEPS, Trained, Untrained, targets


def train(
    model: Any,
    layers: Sequence[Any],
    inputs: Any,
    run: Run,
    theirs: Trained,
    compiles: own.Compiles,
    backend: str,
    forget: Callable[[], None],
) -> Trained:
    """The step that the legacy model made with the same weights; ``layers``: those with weights, as they are paired.

    ``inputs``: those of ``run``, the first of the legacy record, as the model takes them. ``backend``: of the legacy
    model. ``forget``: the states of its layers. Raises Untrained.
    """
    try:
        if theirs.kind == MADE_UP:
            evaluated = None
            loss = _step(model, inputs, run, theirs.training)
        else:
            evaluated = own.evaluate(model, compiles, inputs, run, theirs, forget)
            forget()
            loss = own.train(model, compiles, inputs, run, theirs)
        return Trained(
            theirs.training,
            loss,
            tuple(tuple(_as_meant(layer, theirs, backend)) for layer in layers),
            tuple(tuple(_names(layer)) for layer in layers),
            theirs.kind,
            evaluated=evaluated,
        )
    except Untrained:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        own_loss = theirs.kind != MADE_UP
        raise Untrained(f"the new model could not be trained: {describe(error)}", own_loss) from error


def _step(model: Any, inputs: Any, run: Run, training: bool) -> float:
    """One step with the loss that is made up; the loss before it."""
    import keras
    from keras import ops

    def loss_of(made: Any, penalties: Sequence[Any]) -> Any:
        outputs = [made[one.name] for one in run.outputs] if isinstance(made, dict) else keras.tree.flatten(made)
        errors = [
            ops.mean(
                ops.square(ops.cast(output, "float64") - ops.convert_to_tensor(target.values))
                * ops.convert_to_tensor(target.counts)
            )
            for output, target in zip(outputs, targets(run), strict=True)
        ]
        return sum([ops.cast(one, "float64") for one in penalties], sum(errors))

    loss, gradients = differentiate(model, inputs, training, loss_of)
    for variable in reversed(model.trainable_variables):
        moved = variable.value - RATE * gradients.pop()  # none is kept longer than needed: they are as large as weights
        variable.assign(moved if variable.constraint is None else variable.constraint(moved))
    return loss


def _as_meant(layer: Any, theirs: Trained, backend: str) -> list[Any]:
    """Weights after the step, beside Theano without what a BatchNormalization of tdmigrate.compat takes into its
    running variance as Keras 1.2 did there: the legacy side leaves it out, too (legacy/step.py).
    """
    weights = [np.asarray(one) for one in layer.get_weights()]
    steps = STEPS if theirs.kind == OWN_OPTIMIZER else 1
    averages = theirs.training and backend == "theano"
    if averages and type(layer).__name__ == "BatchNormalization" and getattr(layer, "form", "") == "theano":
        weights[-1] = weights[-1] - (layer.mode == 0) * (1 - layer.momentum**steps) * layer.epsilon
    return weights


def _names(layer: Any) -> Iterator[str]:
    """What to call the weights of a layer: "kernel"; "forward kernel" of a Bidirectional."""
    halves = ("forward", "backward") if hasattr(layer, "forward_layer") else ("",)
    for index, weight in enumerate(layer.weights):
        yield f"{halves[index * len(halves) // len(layer.weights)]} {weight.name}".strip()
