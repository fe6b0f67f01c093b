"""Random programs of Sequential and Merge: what is rewritten builds the same models at every use.

Both sides run on stand-ins of Keras that write down how each model computes its output and what its inputs are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import pytest

from test_company import OLD, migrate

HEAD = "from keras.layers.core import Dense, Merge\nfrom keras.models import Sequential\n"
PARTS = "left = Sequential()\nleft.add(Dense(1, input_dim=3))\nright = Sequential()\nright.add(Dense(2, input_dim=3))\n"
MERGE = ".add(Merge([{}, {}], mode='sum'))"
Use = tuple[object, ...]


class Model:
    """``output``: nested tuples of what it is computed by; ``inputs``: the names of its inputs."""

    def __init__(self, inputs: Sequence[object] = (), outputs: object = None) -> None:
        self.inputs = list(inputs)
        self.output = outputs

    @property
    def outputs(self) -> list[object]:
        return [self.output]

    def __call__(self, tensor: object) -> object:
        return (self.output, tensor)


class Merge:
    def __init__(self, parts: Sequence[Model], mode: str) -> None:
        self.parts = parts
        assert all(part.output is not None for part in parts)


class Input:
    def __init__(self, number: int) -> None:
        self.name = f"input {number}"


class Dense:
    def __init__(self, units: int, told: Input | None) -> None:
        self.units = units
        self.told = told

    def __call__(self, tensor: object) -> object:
        return (self.units, tensor)


class Sequential(Model):
    def __init__(self, layers: Sequence[Any] = ()) -> None:
        super().__init__()
        for layer in layers:
            self.add(layer)

    def add(self, layer: Any) -> None:
        if isinstance(layer, Merge):
            assert self.output is None
            self.output = ("sum", *(part.output for part in layer.parts))
            self.inputs = list(dict.fromkeys(one for part in layer.parts for one in part.inputs))
        elif self.output is not None:
            self.output = layer(self.output)
        elif isinstance(layer, Model):
            self.inputs, self.output = list(layer.inputs), layer.output
        else:
            told = layer if isinstance(layer, Input) else layer.told
            self.inputs = [told.name]
            self.output = told.name if isinstance(layer, Input) else layer(told.name)


def execute(text: str) -> list[Use]:
    """What each ``use(model)`` sees; AttributeError, AssertionError or NameError where the program makes no sense."""
    numbers = itertools.count()
    seen: list[Use] = []

    def dense(units: int = 0, input_dim: int | None = None) -> Dense:
        return Dense(units, None if input_dim is None else Input(next(numbers)))

    names: dict[str, Callable[..., Any]] = {
        "Sequential": Sequential,
        "Model": Model,
        "Merge": Merge,
        "Dense": dense,
        "Add": lambda: lambda tensors: ("sum", *tensors),
        "Input": lambda shape: Input(next(numbers)),
        "use": lambda model: seen.append((model.output, *model.inputs)),
    }
    exec("\n".join(line for line in text.split("\n") if not line.startswith("from ")), names)
    return seen


def statements(random: Random, depth: int) -> Iterator[str]:
    for _ in range(random.randint(1, 5)):
        name, other = random.choice("mn"), random.choice(("m", "n", "left"))
        yield from random.choices(
            (
                [f"{name} = Sequential()"],
                [name + MERGE.format(other, "right")],
                [f"{name}.add(Dense({random.randint(3, 9)}))"],
                [f"use({name})"],
                [f"{name} = {other}"],
                [f"{name}.add({other})"],
                [f"{name} = Sequential()", name + MERGE.format("right", "left"), f"{name}.add(Dense(7))"],
                [f"{name} = Sequential([Merge([left, right], mode='sum'), Dense(4)])"],
                compound(random, depth) if depth < 2 else ["use(m)"],
            ),
            (18, 22, 22, 12, 4, 2, 3, 3, 14),
        )[0]


def compound(random: Random, depth: int) -> list[str]:
    body = [f"    {line}" for line in statements(random, depth + 1)]
    after = {
        "if 1:": ["else:", "    pass"],
        "if 0:": ["else:", *(f"    {line}" for line in statements(random, depth + 1))],
        "for i in range(2):": [],
        "while 1:": ["    break"],
        "try:": ["except ZeroDivisionError:", "    pass"],
        "def f():": ["f()"],
    }
    head = random.choice(list(after))
    return [head, *body, *after[head]]


def program(seed: int) -> str:
    random = Random(seed)
    begun = random.choice(("", "m = Sequential()\n", "m = Sequential()\nm" + MERGE.format("left", "right") + "\n"))
    return "".join((HEAD, PARTS, begun, "\n".join(statements(random, 0)), "\nuse(m)\n"))


@pytest.mark.parametrize("start", range(0, 2000, 500))
def test_the_same_models_at_every_use(start: int) -> None:
    rewritten = 0
    for seed in range(start, start + 500):
        text = program(seed)
        try:
            before = execute(text)
        except (AssertionError, AttributeError, NameError):
            continue
        done = migrate(text, OLD)
        if done.left:  # a person makes the rest of it
            continue
        rewritten += "Model(" in done.text
        assert execute(done.text) == before, f"seed {seed}:\n{text}\n{done.text}"
        assert done.again == (), f"seed {seed}:\n{text}"
    assert rewritten > 20


@pytest.mark.parametrize(
    ("version", "penalty", "told"),
    [
        ("1.2.2", "W_regularizer='l2'", True),
        ("1.1.2", "W_regularizer='l2'", False),
        ("1.2.2", "b_regularizer=None", False),
    ],
)
def test_penalties_of_merged_models_that_keras_1_2_left_out_are_told(version: str, penalty: str, told: bool) -> None:
    parts = PARTS.replace("Dense(1,", f"Dense(1, {penalty},")
    done = migrate(
        f"{HEAD}{parts}model = Sequential()\nmodel{MERGE.format('left', 'right')}\nmodel.add(Dense(3))\n", version
    )
    assert any("Keras 1.2 left it out" in line for line in done.notes) == told, done
    assert done.left == ()


def test_comments_before_a_bracket() -> None:
    steps = (
        "model.add(\n    Merge  # parts\n    ([left, right], mode='sum'))\n"
        "model.add(Dense  # head\n          (3))\n"
    )
    done = migrate(f"{HEAD}{PARTS}model = Sequential()\n{steps}", OLD)
    made = "# parts\nx = Add()([left.outputs[0], right.outputs[0]])\nx = (Dense  # head\n          (3))(x)\n"
    assert made in done.text
    assert done.left == ()
