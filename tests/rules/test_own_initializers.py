"""Initializers that a source makes itself."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from functools import partial
from keras.layers import Dense
from inits import ramp, made, FLAT
import inits
def scaled(shape, scale=.1, name=None):
    return numpy.ones(shape) * scale
def maker(scale):
    def draw(shape, name=None):
        return numpy.ones(shape) * scale
    return draw
def chosen(deep):
    return 'uniform' if deep else 'normal'
class Const(object):
    def __call__(self, shape, name=None):
        return numpy.ones(shape)
class Names(object):
    pass
mine = lambda shape, name=None: scaled(shape, .1)
"""


def initializer(given: str) -> tuple[str, list[str]]:
    """What becomes of ``init={given}``, and the codes of what is left to a person."""
    new, found = migrate(f"{HEAD}layer = Dense(4, init={given})\n", "1.2.2")
    return new.rpartition("kernel_initializer=")[2].rstrip()[:-1], [one.code for one in found if one.code == "K205"]


@pytest.mark.parametrize("given", ["scaled", "mine", "maker(.1)", "Const()", "partial(scaled, scale=.2)"])
def test_functions_and_their_like_are_wrapped(given: str) -> None:
    assert initializer(given) == (f"Keras1Initializer({given})", [])


@pytest.mark.parametrize("given", ["ramp", "made(3)", "inits.ramp", "inits.made(3)"])
def test_what_another_module_makes_is_asked_about(given: str) -> None:
    assert initializer(given) == (given, ["K205"])


@pytest.mark.parametrize("given", ["FLAT", "chosen(1)", "Names()", "args.init"])
def test_what_may_be_a_name_stays(given: str) -> None:
    assert initializer(given) == (given, [])
