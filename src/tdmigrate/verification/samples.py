"""Random weights and inputs that both sides of a proof get."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tdmigrate.verification.record import Array

BATCH = 3  # another size than the lengths, so that one taken for the other shows
LENGTHS = ((5, 8), (33, 40), (75, 80))  # of a free axis; the next pair for a model that needs longer ones
_SPREAD = 0.7  # of weights: with Keras's own initial weights a wrong gate activation hides at 4e-4
RATIO = (5**0.5 - 1) / 2  # its multiples, whole parts taken off, lie evenly in [0, 1): what both sides draw
SPREAD = 12**0.5  # of what stands for normal numbers: even ones of deviation 1
_WIDE = 16  # with more inputs than this the spread shrinks, else gates and activations saturate


def source(what: str) -> np.random.Generator:
    """The same numbers in every run."""
    return np.random.default_rng(list(what.encode()))


def weight(shape: Sequence[int], random: np.random.Generator) -> Array:
    """A weight of this shape in float64, uniform."""
    fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else 1
    values: Array = random.uniform(-_SPREAD, _SPREAD, shape)
    return values * (min(1.0, (_WIDE / fan_in) ** 0.5) if fan_in else 1.0)


def variance(shape: Sequence[int], random: np.random.Generator) -> Array:
    """A weight that must be positive, in float64."""
    values: Array = random.uniform(0.5, 1.5, shape)
    return values


def numbers(shape: Sequence[int], random: np.random.Generator) -> Array:
    """Inputs in float64, of values that float32 holds exactly: a program may declare its input so."""
    values: Array = random.uniform(-1, 1, shape).astype("float32").astype("float64")
    return values


def ids(shape: Sequence[int], rows: int, random: np.random.Generator) -> Array:
    """Indexes of the rows of a table, without 0 where there are others: 0 is what masks."""
    values: Array = random.integers(min(1, rows - 1), rows, shape).astype("int32")
    return values


def masked(values: Array, value: float) -> Array:
    """Steps of a batch set to the value that masks: of the second sample the last two, of the third the first two."""
    if values.ndim > 1 and values.shape[1] > 2:
        for sample, steps in ((1, slice(-2, None)), (2, slice(None, 2))):
            if sample < values.shape[0]:
                values[sample, steps] = value
    return values


def filled(shape: Sequence[int | None], length: int) -> list[int]:
    """A shape with the batch axis first, unknown sizes filled."""
    return [shape[0] or BATCH, *(length if size is None else size for size in shape[1:])]
