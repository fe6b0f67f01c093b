"""Training under genuine Keras as the source has it: its own ``compile``, then ``evaluate`` and ``train_on_batch``.

Before 1.0 ``compile`` had Theano compile four functions, of which a proof needs one: here each waits for its first
call.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

import numpy as np

from tdmigrate.records import NamedTuple
from tdmigrate.verification import evaluating
from tdmigrate.verification.evaluating import Evaluated
from tdmigrate.verification.legacy.engines import Engine
from tdmigrate.verification.record import Array, Run
from tdmigrate.verification.serve import describe, is_out_of_memory
from tdmigrate.verification.step import OWN_LOSS, OWN_OPTIMIZER, RATE, STEPS, Untrained, own_target

_PLACES = ("keras.models.Sequential", "keras.models.Graph", "keras.engine.training.Model", "keras.legacy.models.Graph")


class Compiled(NamedTuple):
    """A call of ``compile`` that a program has made."""

    genuine: Callable[..., None]
    positional: tuple[Any, ...]
    keywords: dict[str, Any]


class Compiles:
    """The calls of ``compile`` in this process, the last of each model."""

    def __init__(self) -> None:
        self.metrics = False  # whether they are compiled: not in the program, which they may stop
        self._calls: dict[int, Compiled] = {}
        self._kept: list[Any] = []  # models, so that none gets the identity of another

    def watch(self) -> None:
        """Keep the calls from now on."""
        watched: list[Any] = []
        for place in _PLACES:
            module, _, name = place.rpartition(".")
            try:
                found = getattr(importlib.import_module(module), name, None)
            except ImportError:
                continue
            if found is not None and "compile" in vars(found) and found not in watched:
                watched.append(found)
                found.compile = self._keeper(found.compile)

    def _keeper(self, genuine: Callable[..., None]) -> Callable[..., None]:
        @wraps(genuine)
        def keep(model: Any, *positional: Any, **keywords: Any) -> None:
            self._kept.append(model)
            self._calls[id(model)] = Compiled(genuine, positional, keywords)
            bound = inspect.signature(genuine).bind(model, *positional, **keywords)
            if not self.metrics:
                bound.arguments.pop("metrics", None)
            with lazily():
                genuine(*bound.args, **bound.kwargs)

        return keep

    def of(self, model: Any) -> Compiled | None:
        """The last call on this model."""
        return self._calls.get(id(model))


class Steps(NamedTuple):
    """What came of training."""

    loss: float  # before the last step
    targets: tuple[Array, ...]  # what was trained towards, one for each output
    kind: str
    evaluated: Evaluated  # before all steps


def train(
    model: Any, compiles: Compiles, own_optimizer: bool, run: Run, names: Sequence[str], size: int, engine: Engine
) -> Steps:
    """Compile as the program does, evaluate and train on the inputs of ``run``.

    One step of SGD, or ``STEPS`` of the program's own optimizer. ``names``: of the inputs of a Graph. ``size``: of a
    batch that is evaluated. Raises Untrained, and whatever genuine Keras raises.
    """
    compiled = compiles.of(model)
    if compiled is None:
        raise Untrained("the old program does not compile the model")
    if engine.backend != "theano":
        raise Untrained("what genuine Keras trains on TensorFlow is not trusted")
    import keras.optimizers

    bound = inspect.signature(compiled.genuine).bind(model, *compiled.positional, **compiled.keywords)
    arguments = dict(bound.arguments)
    extra = arguments.pop("kwargs", {})
    metrics = {name: arguments.pop(name) for name in ("metrics",) if name in arguments}
    arguments.pop("self")
    shapes = [one.value.shape for one in run.outputs]
    losses = [_loss(arguments["loss"], one.name, index) for index, one in enumerate(run.outputs)]
    count = len(run.inputs[0]) if size <= len(run.inputs[0]) else 2 * len(run.inputs[0])
    evaluated = Evaluated(targets=evaluating.forms([(count, *shape[1:]) for shape in shapes], losses), size=size)
    compiles.metrics = True
    try:
        with lazily():
            compiled.genuine(model, **{**arguments, "optimizer": "sgd"}, **metrics, **extra)
        evaluated = _evaluated(model, evaluated, run, names)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        evaluated = evaluated._replace(why=f"the old model could not be evaluated: {describe(error)}")
    if not own_optimizer:
        arguments["optimizer"] = keras.optimizers.SGD(lr=RATE)
    with lazily():
        compiled.genuine(model, **arguments, **extra)
    targets = tuple(map(own_target, shapes, losses))
    loss = 0.0
    for _ in range(STEPS if own_optimizer else 1):
        loss = float(np.ravel(np.asarray(model.train_on_batch(*_given(run, names, targets))))[0])
    return Steps(loss, targets, OWN_OPTIMIZER if own_optimizer else OWN_LOSS, evaluated)


def _evaluated(model: Any, wanted: Evaluated, run: Run, names: Sequence[str]) -> Evaluated:
    """Evaluate a compiled model on each of the targets.

    Before 1.0 no metrics were compiled; ``show_accuracy`` asked for the only one there was.
    """
    is_old = "show_accuracy" in inspect.signature(type(model).evaluate).parameters and not hasattr(
        model, "metrics_names"
    )
    asked: dict[str, Any] = {"show_accuracy": True} if is_old and len(run.outputs) == 1 else {}
    numbers = []
    for targets in wanted.targets:
        _forget_states(model)
        inputs = tuple(evaluating.again(one, targets) for one in run.inputs)
        given = _given(run._replace(inputs=inputs), names, targets)
        made = model.evaluate(*given, batch_size=wanted.size, verbose=0, **asked)
        numbers.append(tuple(map(float, np.ravel(np.asarray(made)))))
    _forget_states(model)
    return wanted._replace(names=tuple(getattr(model, "metrics_names", ("loss", "acc"))), numbers=tuple(numbers))


def _forget_states(model: Any) -> None:
    if any(getattr(layer, "stateful", False) for layer in getattr(model, "layers", ())):
        model.reset_states()


def _given(run: Run, names: Sequence[str], targets: Sequence[Array]) -> tuple[Any, ...]:
    """Inputs and targets, as the model takes them."""
    if names:
        return (dict(zip((*names, *(one.name for one in run.outputs)), (*run.inputs, *targets), strict=True)),)
    return _alone(run.inputs), _alone(targets)


def _loss(given: Any, name: str, index: int) -> str:
    """The name of the loss of an output; "" where it has none that is known."""
    if isinstance(given, dict):
        given = given.get(name, next(iter(given.values())) if len(given) == 1 else "")
    elif isinstance(given, (list, tuple)):
        given = given[index]
    return given if isinstance(given, str) else str(getattr(given, "__name__", ""))


def _alone(values: Sequence[Any]) -> Any:
    return list(values) if len(values) > 1 else values[0]


class _Later:
    """A function that Theano compiles when it is first called."""

    def __init__(self, make: Callable[..., Any], positional: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        self._make: Callable[[], Any] = partial(make, *positional, **keywords)
        self._made: Any = None

    def __call__(self, *values: Any) -> Any:
        if self._made is None:
            self._made = self._make()
        return self._made(*values)


@contextmanager
def lazily() -> Iterator[None]:
    """While this lasts, functions are compiled at their first call."""
    theano = sys.modules.get("theano")
    if theano is None:  # on TensorFlow, where nothing is compiled before it is called
        yield
        return
    places: list[tuple[Any, Any]] = [(theano, theano.function)]
    try:
        backend = importlib.import_module("keras.backend")
        places.append((backend, backend.function))
    except ImportError:  # 0.2
        pass

    def later(make: Callable[..., Any]) -> Callable[..., _Later]:
        return lambda *positional, **keywords: _Later(make, positional, keywords)

    for place, genuine in places:
        place.function = later(genuine)
    try:
        yield
    finally:
        for place, genuine in places:
            place.function = genuine
