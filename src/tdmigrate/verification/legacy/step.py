"""The step of gradient descent under genuine Keras 0.2–1.2, as ``compile`` and ``train_on_batch`` make it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tdmigrate.records import NamedTuple
from tdmigrate.verification.legacy import own
from tdmigrate.verification.legacy.engines import Descent, Engine
from tdmigrate.verification.legacy.own import Compiles
from tdmigrate.verification.record import Array, Run
from tdmigrate.verification.serve import describe, is_out_of_memory
from tdmigrate.verification.step import OWN_OPTIMIZER, RATE, STEPS, Trained, Untrained, is_finite, targets


class Trainee(NamedTuple):
    """A model with random weights that has run."""

    engine: Engine
    model: Any
    inputs: Sequence[Any]
    outputs: Callable[[], Sequence[Any]]  # symbolic, as in training; 0.x makes another graph for that
    tested: Sequence[Any]  # symbolic, as in a prediction
    phase: Any  # the symbolic learning phase; None: there is none
    fixed: bool | None  # whether the program set the training phase once for all; None: it did not
    layers: Sequence[Any]  # those with weights
    run: Run  # the first
    names: Sequence[str]  # of the inputs of a Graph
    compiles: Compiles
    own_optimizer: bool  # whether steps of that are wanted
    size: int  # of a batch that is evaluated
    steps_draw: bool  # a TimeDistributed has chance inside: it draws step by step on one side, all at once on the other


def train(trainee: Trainee, weights_of: Callable[[Any], list[Array]], release: str) -> Trained:
    """One step, or more of the program's own optimizer; ``weights_of``: of a layer. Raises Untrained."""
    try:
        why: str | None = None
        if trainee.compiles.of(trainee.model) is not None:
            try:
                return _own(trainee, weights_of, release)
            except Untrained as untrained:
                why = str(untrained)
        return _train(trainee, weights_of, release)._replace(why=why)
    except Untrained:
        raise
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError from error
        raise Untrained(f"the old model could not be trained: {describe(error)}") from error


def _own(trainee: Trainee, weights_of: Callable[[Any], list[Array]], release: str) -> Trained:
    """Train as the program does; where that fails the model is as it was. Raises Untrained."""
    engine, layers = trainee.engine, trainee.layers
    if trainee.steps_draw:
        raise Untrained("a layer inside a TimeDistributed draws chance, which it does in another order now")
    if any(forgets_its_weight(layer) for layer in layers):
        raise Untrained("a weight is not trained as was meant (trap C42)")
    variables, _ = _trainable(trainee)
    states = list(dict.fromkeys([*variables, *(one for layer in layers for one in _variables(layer))]))
    before = [engine.read(one) for one in states]
    try:
        doubt = _doubt(trainee, list(trainee.outputs()), trainee.fixed is None or trainee.fixed)
        steps = own.train(
            trainee.model, trainee.compiles, trainee.own_optimizer, trainee.run, trainee.names, trainee.size,
            engine,
        )  # fmt: skip
        training = trainee.fixed is None or trainee.fixed
        count = STEPS if steps.kind == OWN_OPTIMIZER else 1
        after = tuple(tuple(_as_meant(one, weights_of(one), training, release, count)) for one in layers)
        made = Trained(
            training, steps.loss, after, (), steps.kind, steps.targets, doubt=doubt, evaluated=steps.evaluated
        )
        if all(np.array_equal(was, engine.read(one)) for was, one in zip(before, states, strict=True)):
            raise Untrained("no gradient of its own loss reaches a weight of the old model")
        if not is_finite(made):
            raise Untrained("its own loss does not give finite numbers")
        return made
    except Exception as error:
        for was, one in zip(before, states, strict=True):
            engine.write(one, was)
        if isinstance(error, Untrained) or is_out_of_memory(error):
            raise
        raise Untrained(f"the old program could not train it: {describe(error)}") from error


def _variables(layer: Any) -> list[Any]:
    """Those whose numbers ``get_weights`` gives."""
    held = [getattr(layer, name, []) for name in ("weights", "params", "trainable_weights", "non_trainable_weights")]
    return [one for each in held if isinstance(each, (list, tuple)) for one in each]


def _train(trainee: Trainee, weights_of: Callable[[Any], list[Array]], release: str) -> Trained:
    model, engine = trainee.model, trainee.engine
    variables, constraints = _trainable(trainee)
    if not variables:
        raise Untrained("the model has no weights to train")
    outputs = list(trainee.outputs())
    training = not (engine.by_chance(outputs) or trainee.steps_draw) if trainee.fixed is None else trainee.fixed
    if not training:
        outputs = list(trainee.tested)
    if any(not engine.dtype(one).startswith("float") for one in outputs):
        raise Untrained("an output of the old model is no floating-point number, so it has no gradient")
    error = sum(
        engine.error(output, target.values, target.counts)
        for output, target in zip(outputs, targets(trainee.run), strict=True)
    )
    penalty, always = _penalty(model, engine)
    drawn = trainee.steps_draw and any(hasattr(one, "layer") for one in getattr(model, "regularizers", ()))
    if (engine.by_chance([penalty]) and (always or training)) or (drawn and always):
        raise Untrained("what regularisation adds to the loss depends on chance")
    updates = _updates(model) if training else ()
    if release < "1.2" and len(set(map(_changed, updates))) < len(updates):
        raise Untrained("a weight moves twice in a step, which Theano refuses")
    doubt = _doubt(trainee, outputs, training)
    untouched = [engine.read(variable) for variable in variables]
    before = engine.descend(
        Descent(
            trainee.inputs, trainee.run.inputs, error, penalty, trainee.phase, training, training or always, RATE,
            variables, constraints, updates,
        )
    )  # fmt: skip
    if all(np.array_equal(one, engine.read(variable)) for one, variable in zip(untouched, variables, strict=True)):
        raise Untrained("no gradient reaches a weight of the old model")
    averages = training and engine.backend == "theano"
    after = tuple(tuple(_as_meant(layer, weights_of(layer), averages, release)) for layer in trainee.layers)
    made = Trained(training, before, after, doubt=doubt)
    if not is_finite(made):
        raise Untrained("the step of the old model does not give finite numbers")
    return made


def _updates(model: Any) -> list[Any]:
    """What layers change in training, states of recurrent ones set aside."""
    states = set(map(_changed, getattr(model, "state_updates", ())))
    return [update for update in model.updates if _changed(update) not in states]


def _changed(update: Any) -> Any:
    """The variable of a pair (variable, value); on TensorFlow, an operation may stand for both."""
    return update[0] if isinstance(update, (tuple, list)) else update


def _doubt(trainee: Trainee, outputs: Sequence[Any], training: bool) -> str:
    """Whether maxima are ambiguous, before the step."""
    ties = trainee.engine.ties(outputs)
    if not ties:
        return ""
    count = trainee.engine.function(trainee.inputs, ties, trainee.phase, int(training))
    if not any(float(one) > 0.5 for one in count(*trainee.run.inputs)):
        return ""
    return "several numbers are equally large where a maximum is taken, and on Theano each gets the whole gradient"


def _trainable(trainee: Trainee) -> tuple[list[Any], dict[Any, Any]]:
    model = trainee.model
    weights = list(model.trainable_weights if hasattr(model, "trainable_weights") else model.params)
    constraints = model.constraints
    if not isinstance(constraints, dict):
        constraints = dict(zip(weights, constraints, strict=True))
    weights += [layer.W for layer in trainee.layers if forgets_its_weight(layer)]
    return list(dict.fromkeys(weights)), constraints


def forgets_its_weight(layer: Any) -> bool:
    """A TimeDistributedDense with bias=False does not count its only weight among its weights, until 1.1.2.

    It is not trained either (numeric trap C42), and the report says so; here it makes the step as was meant.
    """
    return type(layer).__name__ == "TimeDistributedDense" and not layer.get_weights() and hasattr(layer, "W")


def _penalty(model: Any, engine: Engine) -> tuple[Any, bool]:
    """What regularisation adds to the loss, symbolic, and whether only the training phase has it (before 1.2).

    There each regularizer of outputs knows its ``layer``.
    """
    loss = engine.zero()
    if hasattr(model, "losses"):
        return sum(model.losses, loss), False
    for regularizer in getattr(model, "regularizers", ()):
        loss = regularizer(loss)
    return loss, True


def _as_meant(layer: Any, weights: list[Array], averages: bool, release: str, steps: int = 1) -> list[Array]:
    """Weights after ``steps``, where averages moved on Theano without what 1.2 adds there to the running variance.

    It averages variance + epsilon (``normalize_batch_in_training``, keras/backend/theano_backend.py of 1.2.2), on
    TensorFlow the variance (numeric trap C43).
    """
    if averages and release >= "1.2" and type(layer).__name__ == "BatchNormalization" and layer.mode == 0:
        *others, variance = weights
        return [*others, variance - (1 - layer.momentum**steps) * layer.epsilon]
    return weights
