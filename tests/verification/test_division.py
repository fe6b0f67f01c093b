"""Programs of Python 2 divide as they did, whatever Python runs them."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from tdmigrate.verification.cutting.division import Divided, divides, parsed, spelled_out
from tdmigrate.verification.program import Program, cut

SOURCE = """\
from keras.models import Sequential
from keras.layers import Dense, ELU
def build(a, b):
    c = a
    c /= b
    model = Sequential()
    model.add(Dense(3, input_dim=2))
    model.add(ELU(a / b))
    model.add(ELU(c))
    return model
model = build({})
"""


def sizes(text: str) -> list[Any]:
    """What the program of the model gives to its last two layers."""
    program = cut(text, "build", "model")
    assert isinstance(program, Program), program
    given: list[Any] = []
    names = {"Sequential": _Sequential, "Dense": lambda *_, **__: None, "ELU": given.append}
    lines = [line for line in program.source.splitlines() if not line.startswith("from keras")]
    exec("\n".join([*lines, program.target]), names)
    return given


class _Sequential:
    def add(self, layer: object) -> None: ...


@pytest.mark.parametrize(
    ("call", "old", "new"),
    [
        ("7, 2", 3, 3.5),
        ("-7, 2", -4, -3.5),
        ("True, 2", 0, 0.5),
        ("7., 2", 3.5, 3.5),
        ("7, 2.", 3.5, 3.5),
    ],
)
def test_two_integers_give_one(call: str, old: float, new: float) -> None:
    assert sizes(Divided(SOURCE.format(call))) == [old, old]
    assert sizes(SOURCE.format(call)) == [new, new]


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (7 * 10**30, 2 * 10**30, 3),
        (np.int64(7), 2, 3),
        (np.float32(7), 2, 3.5),
        (np.array([7, 9]), np.array([2, 2]), [3, 4]),
        (np.array([7, 9]), 2.0, [3.5, 4.5]),
        (np.array([7.0, 9.0]), np.int32(2), [3.5, 4.5]),
    ],
)
def test_of_numpy_as_well(left: Any, right: Any, given: Any) -> None:
    body = spelled_out(parsed(Divided("result = left / right")).body)
    names = {"left": left, "right": right}
    exec(ast.unparse(ast.fix_missing_locations(ast.Module(body, []))), names)
    assert np.array_equal(names["result"], given)


def test_imports_from_the_future_stay_first() -> None:
    assert sizes(Divided(f"from __future__ import print_function\n{SOURCE.format('7, 2')}")) == [3, 3]


def test_only_what_may_be_of_integers_is_told() -> None:
    assert divides(Divided("x = a / b"))
    assert divides(Divided("x /= b"))
    assert not divides("x = a / b")
    assert not divides(Divided("x = a // b"))
    assert not divides(Divided("x = a / 2."))
    with pytest.raises(SyntaxError):
        parsed(Divided("x = ("))
