"""Methods of models and optimizers through the whole tool: a call that Keras 3 takes comes out, or a finding."""

from __future__ import annotations

import ast
import importlib
import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tdmigrate.findings import Applicability, Severity
from tdmigrate.keras1.entry import Method
from tdmigrate.keras1.models import METHODS
from tdmigrate.keras1.versions import RELEASES
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.calls import Required, signature
from tdmigrate.understanding.module import Module

# what a legacy argument is called where Keras 3 calls it otherwise
RENAMED = {"X": "x", "nb_epoch": "epochs", "generator": "x"}
MAKE = {"Sequential": "Sequential()", "Model": "Model(input=a, output=b)"}
CONSTANTS = {"verbose": "1", "callbacks": "[]", "shuffle": "True", "show_accuracy": "True", "accuracy": "True"}


def migrate(text: str, version: str) -> tuple[str, list[str]]:
    """The new text, and the messages of what a person has to do; a second run must find nothing to fix."""
    settings = CheckSettings(keras_version=version)
    findings = check(Module(text), settings).findings
    safe = [one for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE]
    new = apply(text, [one.fix for one in safe if one.fix is not None])
    assert [one.code for one in check(Module(new), settings).findings if one.fix is not None] == []
    return new, [one.message for one in findings if one.fix is None and one.severity is not Severity.NOTE]


def forms() -> Iterator[tuple[Method, str, str]]:
    for method in METHODS:
        for owner in method.owners:
            if owner in MAKE:
                for key in method.signatures:
                    yield method, owner, key


def calls(form: str) -> Iterator[str]:
    """Every argument once by keyword beside the required ones, and every number of positional arguments."""
    parameters = signature(form).parameters
    names = [name for name, _ in parameters]
    required = [name for name, default in parameters if default is Required]

    def value(name: str) -> str:
        return CONSTANTS.get(name, f"given_{name}")

    for name in [None, *names]:
        yield ", ".join(f"{one}={value(one)}" for one in names if one in required or one == name)
    for count in range(max(1, len(required)), len(names) + 1):
        yield ", ".join(value(name) for name in names[:count])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "owner", "key"), forms(), ids=lambda value: value.name if isinstance(value, Method) else value
)
def test_a_call_binds_in_keras_3_or_is_asked_about(method: Method, owner: str, key: str) -> None:
    version = next(one for one in RELEASES if one == key or one.startswith(f"{key}."))
    models = importlib.import_module("keras.models")
    for arguments in calls(method.signatures[key]):
        old = f"from keras.models import {owner}\nmodel = {MAKE[owner]}\nresult = model.{method.name}({arguments})\n"
        new, left = migrate(old, version)
        if left:
            continue
        call = ast.parse(new).body[-1].value  # type: ignore[attr-defined]
        if isinstance(call.func, ast.Name):
            function = getattr(importlib.import_module("tdmigrate.compat"), call.func.id)
            call.args.pop(0)  # the model
        else:
            function = getattr(getattr(models, owner), call.func.attr)
        positional = [ast.unparse(one) for one in call.args]
        keywords = {one.arg: ast.unparse(one.value) for one in call.keywords}
        bound = inspect.signature(function).bind(None, *positional, **keywords)
        for name, value in {**bound.arguments, **bound.arguments.get("kwargs", {})}.items():
            if isinstance(value, str) and value.startswith("given_"):
                meant = value.removeprefix("given_").partition(" if ")[0]
                assert name == RENAMED.get(meant, meant), (arguments, new)


# --- optimizers ----------------------------------------------------------------------------------------------------


def sgd(lr: float = 0.01, momentum: float = 0.0, decay: float = 0.0, nesterov: bool = False) -> Iterator[float]:
    """One weight after each step, from 1.0 with the gradient 2 w: keras/optimizers.py of 1.2.2."""
    weight, velocity = 1.0, 0.0
    for step in range(100):
        rate = lr / (1 + decay * step)
        gradient = 2 * weight
        velocity = momentum * velocity - rate * gradient
        weight += momentum * velocity - rate * gradient if nesterov else velocity
        yield weight


def adam(lr: float = 0.001, epsilon: float = 1e-8, decay: float = 0.0) -> Iterator[float]:
    """As ``sgd``."""
    weight, first, second = 1.0, 0.0, 0.0
    for step in range(100):
        gradient = 2 * weight
        rate = lr / (1 + decay * step) * math.sqrt(1 - 0.999 ** (step + 1)) / (1 - 0.9 ** (step + 1))
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        weight -= rate * first / (math.sqrt(second) + epsilon)
        yield weight


def adamax(lr: float = 0.002, epsilon: float = 1e-8) -> Iterator[float]:
    """As ``sgd``."""
    weight, first, norm = 1.0, 0.0, 0.0
    for step in range(100):
        gradient = 2 * weight
        first, norm = 0.9 * first + 0.1 * gradient, max(0.999 * norm, abs(gradient))
        weight -= lr / (1 - 0.9 ** (step + 1)) * first / (norm + epsilon)
        yield weight


def adadelta(lr: float = 1.0, epsilon: float = 1e-8) -> Iterator[float]:
    """As ``sgd``."""
    weight, squares, updates = 1.0, 0.0, 0.0
    for _ in range(100):
        gradient = 2 * weight
        squares = 0.95 * squares + 0.05 * gradient**2
        update = gradient * math.sqrt(updates + epsilon) / math.sqrt(squares + epsilon)
        updates = 0.95 * updates + 0.05 * update**2
        weight -= lr * update
        yield weight


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "formula"),
    [
        ("SGD()", lambda: sgd()),
        ("SGD(0.1, 0.9, 1e-2, True)", lambda: sgd(0.1, 0.9, 1e-2, True)),
        ("SGD(lr=0.1, momentum=0.5, decay=0.)", lambda: sgd(0.1, 0.5)),
        ("SGD(decay=0.5)", lambda: sgd(decay=0.5)),
        ("Adam()", lambda: adam()),
        ("Adam(lr=0.1, epsilon=1e-3, decay=0.2)", lambda: adam(0.1, 1e-3, 0.2)),
        ("Adamax()", lambda: adamax()),
        ("Adadelta()", lambda: adadelta()),
        ("Adadelta(lr=0.5, epsilon=1e-4)", lambda: adadelta(0.5, 1e-4)),
    ],
)
def test_an_optimizer_takes_the_steps_it_took(call: str, formula: Callable[[], Iterator[float]]) -> None:
    name = call.partition("(")[0]
    new, left = migrate(f"from keras.optimizers import {name}\noptimizer = {call}\n", "1.2.2")
    assert left == []
    names: dict[str, Any] = {}
    exec(new, names)
    weight = importlib.import_module("keras").Variable(1.0, dtype="float32")
    names["optimizer"].build([weight])
    for expected, _ in zip(formula(), range(8), strict=False):
        names["optimizer"].apply([2 * weight], [weight])
        assert float(weight) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("call", ["RMSprop()", "Nadam()", "Adagrad(0.1)"])
def test_an_optimizer_that_cannot_take_the_same_steps_says_so(call: str) -> None:
    text = f"from keras.optimizers import {call.partition('(')[0]}\noptimizer = {call}\n"
    findings = check(Module(text), CheckSettings(keras_version="1.2.2")).findings
    assert any(one.severity is Severity.NOTE and "steps differ" in one.message for one in findings)
    by_name = f"from keras.models import Sequential\nSequential().compile('{call.partition('(')[0].lower()}', 'mse')\n"
    findings = check(Module(by_name), CheckSettings(keras_version="1.2.2")).findings
    assert any(one.severity is Severity.NOTE and "steps differ" in one.message for one in findings)


def test_one_way_of_clipping_goes_where_only_compat_has_both() -> None:
    text = "from keras.optimizers import SGD\nx = SGD(clipnorm=1., clipvalue=0.5)\n"
    new, left = migrate(text, "1.2.2")
    assert "SGD(global_clipnorm=1.)" in new
    assert not left
    notes = [one.message for one in check(Module(text), CheckSettings(keras_version="1.2.2")).findings if not one.fix]
    assert any("exact style keeps both" in note for note in notes)


@pytest.mark.parametrize(
    "given",
    ["loss='rmse'", "loss=objectives.rmse", "loss='mse', metrics=['RMSE']", "'mse' and objectives.RMSE(x, y)"],
)
def test_a_root_is_left_to_a_person(given: str) -> None:
    text = "from keras import objectives\nfrom keras.models import Sequential\nSequential().compile('sgd', {})\n"
    _, (left,) = migrate(text.format(given), "0.3.1")
    assert "write a function that gives `ops.sqrt(ops.mean(" in left


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("model.compile('sgd', 'huber')", "huber"),
        ("model.compile('sgd', {'a': 'mine', 'b': 'mse'})", "mine"),
        ("model.compile('sgd', 'mse', metrics=['acc', 'bias'])", "bias"),
        ("model.add(Activation('swish'))", "swish"),
        ("model.add(Dense(3, activation='gelu'))", "gelu"),
        ("model.add(LSTM(3, inner_activation='cut'))", "cut"),
        ("model.add(Dense(3, W_regularizer='ortho'))", "ortho"),
        ("model.add(Dense(3, W_constraint='box'))", "box"),
    ],
)
def test_a_name_that_the_source_registers_is_left_to_a_person(line: str, name: str) -> None:
    text = f"from keras.layers import *\nfrom keras.models import Sequential\nmodel = Sequential()\n{line}\n"
    _, (left,) = migrate(text, "1.2.2")
    assert f"'{name}': no name of Keras 1" in left


@pytest.mark.parametrize("release", ["0.3.3", "1.2.2"])
def test_names_that_keras_registers_are_not(release: str) -> None:
    text = (
        "from keras.layers.core import Activation, Dense\nfrom keras.models import Sequential\nmodel = Sequential()\n"
        "model.add(Dense(3, activation='softplus', W_regularizer='l2', W_constraint='nonneg'))\n"
        "model.add(Activation('linear'))\nmodel.compile('sgd', 'MSE')\n"
    )
    assert not migrate(text, release)[1]


@pytest.mark.parametrize(
    ("loss", "text"), [("cosine", "cosine_proximity"), ("squared_hinge", "squared_hinge"), ("hinge", "hinge")]
)
def test_losses_that_keras_3_does_not_have_come_from_compat(loss: str, text: str) -> None:
    new, left = migrate(f"from keras.models import Sequential\nSequential().compile('sgd', '{loss}')\n", "1.2.2")
    assert f"compile('sgd', {text})" in new
    assert f"from tdmigrate.compat import {text}\n" in new
    assert not left


def test_a_schedule_is_made_once() -> None:
    new, _ = migrate("from keras.optimizers import SGD\nx = SGD(0.1, 0.9, 1e-6, True)\n", "1.2.2")
    assert "SGD(InverseTimeDecay(0.1, 1, 1e-6), 0.9, nesterov=True)" in new
