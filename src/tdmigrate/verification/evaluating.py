"""What ``evaluate`` of a compiled model returns, with the source's own metrics: what both sides of a proof do alike.

The inputs are those of the first run, twice, in batches of which the last is smaller: what counts a batch by its size
shows, and no batch is of one sample, of which many metrics are 0 or infinite. Targets are of the rank of the
outputs, and once more ``(batch,)`` where an output is ``(batch, 1)``: most programs give them so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tdmigrate.records import NamedTuple
from tdmigrate.verification import samples
from tdmigrate.verification.record import Array

SIZE = 4  # of a batch, of samples.BATCH inputs given twice

Targets = tuple[Array, ...]  # one for each output


class Evaluated(NamedTuple):
    """The numbers of a model before any training, one tuple for each of ``targets``, all of as many samples.

    ``why`` says why there are none.
    """

    names: tuple[str, ...] = ()  # of the numbers, on the legacy side: "loss", "acc"
    numbers: tuple[tuple[float, ...], ...] = ()
    targets: tuple[Targets, ...] = ()  # on the legacy side
    size: int = SIZE  # of a batch
    why: str = ""


def forms(shapes: Sequence[Sequence[int]], losses: Sequence[str]) -> tuple[Targets, ...]:
    """The targets of each evaluation, for outputs of these shapes and losses; "" for a loss of the source."""
    random = samples.source("evaluated")
    whole = tuple(_target(tuple(shape), loss, random) for shape, loss in zip(shapes, losses, strict=True))
    flat = tuple(one.reshape(-1) if one.ndim == 2 and one.shape[1] == 1 else one for one in whole)
    counted = tuple(one.astype("int64") if np.all(one == one.round()) else one for one in flat)
    return (whole,) if all(one.ndim > 1 for one in flat) else (whole, counted)


def _target(shape: tuple[int, ...], loss: str, random: np.random.Generator) -> Array:
    """Targets as programs have them for a loss: classes, one of them, 0 and 1, parts of 1; else 0, 1 and between."""
    if "sparse" in loss:
        return random.integers(0, shape[-1], (*shape[:-1], 1)).astype("int32")
    values: Array = random.uniform(0.1, 0.9, shape)
    if "categorical_crossentropy" in loss:
        values = np.eye(shape[-1])[random.integers(0, shape[-1], shape[:-1])]
    elif "kullback" in loss or loss == "kld":
        values = values / values.sum(-1, keepdims=True)
    elif "binary" in loss or "hinge" in loss:
        values = values.round()
    else:
        values = np.where(random.integers(0, 2, shape) == 1, values.round(), values)
    return values


def again(inputs: Array, targets: Targets) -> Array:
    """Inputs as often as there are targets."""
    return np.concatenate([inputs] * (len(targets[0]) // len(inputs)))


def arrays(made: Evaluated) -> dict[str, Array]:
    """The targets, to be saved."""
    return {f"e{form}_{index}": one for form, each in enumerate(made.targets) for index, one in enumerate(each)}


def data(made: Evaluated) -> dict[str, Any]:
    """The rest, as JSON can hold it."""
    counts = [len(each) for each in made.targets]
    return {"names": made.names, "numbers": made.numbers, "counts": counts, "size": made.size, "why": made.why}


def read(told: Mapping[str, Any], saved: Mapping[str, Array]) -> Evaluated:
    """Both, back. What is no evaluation raises as ``record.load`` does."""
    targets = tuple(
        tuple(saved[f"e{form}_{index}"] for index in range(int(count))) for form, count in enumerate(told["counts"])
    )
    numbers = tuple(tuple(map(float, each)) for each in told["numbers"])
    return Evaluated(tuple(map(str, told["names"])), numbers, targets, int(told["size"]), str(told["why"]))
