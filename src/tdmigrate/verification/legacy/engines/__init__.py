"""The backends that genuine Keras 0.2–1.2 runs on here: what a worker asks of the library that computes.

Symbolic values, weights and inputs are those of the engine; arrays are NumPy's, in float64.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from tdmigrate.records import NamedTuple
from tdmigrate.verification.record import Array

BACKENDS = ("theano", "tensorflow")


class Descent(NamedTuple):
    """One step of gradient descent, in symbols."""

    inputs: Sequence[Any]
    values: Sequence[Array]  # of the inputs
    error: Any
    penalty: Any  # what regularisation adds
    phase: Any  # the symbolic learning phase; None: there is none
    training: bool  # whether the error is that of the training phase
    penalised: bool  # whether the penalty is
    rate: float
    variables: Sequence[Any]  # the weights that are trained
    constraints: Mapping[Any, Callable[[Any], Any]]  # of some of them
    updates: Sequence[Any]  # what else changes in training, as layers of Keras list it


class Engine(Protocol):
    """A library that computes what genuine Keras builds. None of its methods but ``start`` is called before that."""

    backend: str  # what Keras calls it

    def start(self, path: Path, release: str) -> None:
        """Make this process one in which ``import keras`` is genuine Keras of this release, in float64."""

    def ancestors(self, values: Sequence[Any]) -> set[Any]:
        """All values that these are computed from, themselves too."""

    def free(self, values: set[Any]) -> list[Any]:
        """Those of the values that must be given: neither computed, nor constant, nor a weight."""

    def by_chance(self, values: Sequence[Any]) -> bool:
        """Whether random numbers are in them: of a Dropout, say."""

    def rank(self, value: Any) -> int:
        """How many axes a value has."""

    def dtype(self, value: Any) -> str:
        """ "float64"."""

    def rows(self, tensor: Any, reachable: set[Any]) -> list[int]:
        """How many rows the tables have that this input indexes, where ``reachable`` does that."""

    def read(self, variable: Any) -> Array:
        """The numbers of a weight."""

    def write(self, variable: Any, value: Array) -> None:
        """Set them."""

    def ties(self, values: Sequence[Any]) -> list[Any]:
        """Of each maximum in the graph of these values, how many of its numbers too many get its whole gradient, where
        those of Keras 3 do not.
        """

    def zero(self) -> Any:
        """A constant."""

    def error(self, output: Any, target: Array, counts: Array) -> Any:
        """The mean over all numbers of squared error times ``counts``; all of one shape."""

    def function(self, inputs: Sequence[Any], results: Sequence[Any], phase: Any, training: int) -> Any:
        """A function from arrays to the list of the arrays that ``results`` become, in the test phase (0) or the
        training phase (1). ``phase``: the symbol of that, None: there is none. What does not fit raises ValueError.
        """

    def descend(self, step: Descent) -> float:
        """Make a step, and give the loss before it."""


def engine(backend: str) -> Engine:
    """That of "theano" or "tensorflow"; nothing of it is imported yet."""
    module = importlib.import_module(f"tdmigrate.verification.legacy.engines.{backend}")
    made: Engine = module.ENGINE
    return made
