"""One step of gradient descent on a model: what both sides of a proof do alike, and the words between them.

The loss is the mean squared error against made-up targets, summed over the outputs, masked steps set aside, and what
regularisation adds. The step is SGD of Keras without momentum (keras/optimizers.py of 1.2.2): every trainable weight
becomes ``w - RATE * gradient``, then what its constraint makes of that.

Where nothing in the model acts by chance, both sides are in the training phase: BatchNormalization takes the moments
of the batch and moves its averages. Else both are in the test phase, and averages stay.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tdmigrate.records import NamedTuple
from tdmigrate.verification import samples
from tdmigrate.verification.record import Array, LayerOutput, Run

RATE = 0.5


class Trained(NamedTuple):
    """A model after one step on the inputs of its first run."""

    training: bool  # whether it was in the training phase
    loss: float  # before the step
    layers: tuple[tuple[Array, ...], ...]  # their weights after it, in the order of ``Record.layers``
    names: tuple[tuple[str, ...], ...] = ()  # of these weights, on the modern side


class Untrained(Exception):  # noqa: N818
    """Why a model could not make the step; the message is one line."""


class Target(NamedTuple):
    """What an output is trained towards, and how much each of its numbers counts (1, or 0 at masked steps)."""

    values: Array
    counts: Array


def targets(run: Run) -> list[Target]:
    """One for each output, of its shape; both sides make the same of the legacy run."""
    random = samples.source("targets")
    return [Target(samples.numbers(one.value.shape, random), _counts(one)) for one in run.outputs]


def _counts(output: LayerOutput) -> Array:
    mask = output.fitting_mask
    if mask is None:
        return np.ones(output.value.shape)
    return np.broadcast_to(mask.reshape(mask.shape + (1,) * (output.value.ndim - mask.ndim)), output.value.shape) * 1.0


def save(folder: Path, made: Trained | Untrained) -> None:
    """Write what came of the step into an existing folder."""
    if isinstance(made, Untrained):
        (folder / "step.json").write_text(json.dumps({"reason": str(made)}))
        return
    counts = [len(arrays) for arrays in made.layers]
    arrays = {f"a{index}": array for index, array in enumerate(sum(made.layers, ()))}
    np.savez(folder / "step.npz", **arrays)  # type: ignore[arg-type]
    data = {"training": made.training, "loss": made.loss, "counts": counts, "names": made.names}
    (folder / "step.json").write_text(json.dumps(data))


def load(folder: Path) -> Trained | Untrained | None:
    """Read it back; None: nothing was written. What is no step raises as ``record.load`` does."""
    if not (folder / "step.json").exists():
        return None
    if not (folder / "step.json").is_file():
        raise ValueError("step.json is not a file")
    data = json.loads((folder / "step.json").read_text())
    if "reason" in data:
        return Untrained(str(data["reason"]))
    if not (folder / "step.npz").is_file():
        raise ValueError("step.npz is not a file")
    with np.load(folder / "step.npz", allow_pickle=False) as arrays:
        every = iter([arrays[f"a{index}"].astype(np.float64) for index in range(len(arrays.files))])
        layers = tuple(tuple(next(every) for _ in range(count)) for count in data["counts"])
    names = tuple(tuple(map(str, each)) for each in data["names"])
    return Trained(bool(data["training"]), float(data["loss"]), layers, names)


def is_finite(made: Trained) -> bool:
    """Whether the loss and all weights are numbers."""
    arrays = [np.asarray(made.loss), *(one for layer in made.layers for one in layer)]
    return all(bool(np.all(np.isfinite(one))) for one in arrays)
