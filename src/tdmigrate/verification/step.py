"""Training a model a little: what both sides of a proof do alike, and the words between them.

A model that its source compiles is trained with the source's own loss: one step of plain SGD, which shows the
gradients, or ``STEPS`` of the source's own optimizer where those are to be the same. Of others the loss is the mean
squared error against made-up targets, summed over the outputs, masked steps set aside, and what regularisation adds.
SGD is that of Keras without momentum (keras/optimizers.py of 1.2.2): every trainable weight becomes
``w - RATE * gradient``, then what its constraint makes of that.

Both sides are in the training phase and draw the same chance. Only a model that draws by means of its own, or that
fixes the phase, is in the test phase.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tdmigrate.records import NamedTuple
from tdmigrate.verification import evaluating, samples
from tdmigrate.verification.evaluating import Evaluated
from tdmigrate.verification.record import Array, LayerOutput, Run

RATE = 0.5
STEPS = 3  # of an own optimizer: its averages and its decay show in the second and third
MADE_UP, OWN_LOSS, OWN_OPTIMIZER = "made up", "own loss", "own optimizer"
STEPS_OF = {
    MADE_UP: "a training step",
    OWN_LOSS: "a training step with its own loss",
    OWN_OPTIMIZER: f"{STEPS} steps with its own loss and optimizer",
}


class Trained(NamedTuple):
    """A model after one step on the inputs of its first run."""

    training: bool  # whether it was in the training phase
    loss: float  # before the step, the last where there are several
    layers: tuple[tuple[Array, ...], ...]  # their weights after it, in the order of ``Record.layers``
    names: tuple[tuple[str, ...], ...] = ()  # of these weights, on the modern side
    kind: str = MADE_UP  # which loss and optimizer
    targets: tuple[Array, ...] = ()  # of an own loss
    why: str | None = None  # the loss is made up though the source has its own
    doubt: str = ""  # on the legacy side: why a gradient may be another one without anything being wrong
    evaluated: Evaluated | None = None  # before the step, where the source compiles


class Untrained(Exception):  # noqa: N818
    """Why a model could not make the step; the message is one line.

    ``refused``: the new model does not take the loss or the optimizer of its own program.
    """

    def __init__(self, reason: str, refused: bool = False) -> None:
        super().__init__(reason)
        self.refused = refused


class Target(NamedTuple):
    """What an output is trained towards, and how much each of its numbers counts (1, or 0 at masked steps)."""

    values: Array
    counts: Array


def targets(run: Run) -> list[Target]:
    """One for each output, of its shape; both sides make the same of the legacy run."""
    random = samples.source("targets")
    return [Target(samples.numbers(one.value.shape, random), _counts(one)) for one in run.outputs]


def own_target(shape: Sequence[int], loss: str) -> Array:
    """What an output of this shape is trained towards with this loss: what Keras calls it, "" for one of the source."""
    random = samples.source("targets")
    if "sparse" in loss:
        return random.integers(0, shape[-1], (*shape[:-1], 1)).astype("int32")
    if "hinge" in loss:  # as Keras 3 would turn into -1 and 1, and Keras 1 did not
        return random.integers(0, 2, tuple(shape)) * 1.0
    values: Array = random.uniform(0.1, 0.9, tuple(shape))
    if "categorical_crossentropy" in loss or "kullback" in loss or loss == "kld":
        values = values / values.sum(-1, keepdims=True)
    return values


def _counts(output: LayerOutput) -> Array:
    mask = output.fitting_mask
    if mask is None:
        return np.ones(output.value.shape)
    return np.broadcast_to(mask.reshape(mask.shape + (1,) * (output.value.ndim - mask.ndim)), output.value.shape) * 1.0


def save(folder: Path, made: Trained | Untrained) -> None:
    """Write what came of the step into an existing folder."""
    if isinstance(made, Untrained):
        (folder / "step.json").write_text(json.dumps({"reason": str(made), "refused": made.refused}))
        return
    counts = [len(arrays) for arrays in made.layers]
    arrays = {f"a{index}": array for index, array in enumerate(sum(made.layers, ()))}
    arrays |= {f"t{index}": array for index, array in enumerate(made.targets)}
    if made.evaluated is not None:
        arrays |= evaluating.arrays(made.evaluated)
    np.savez(folder / "step.npz", **arrays)  # type: ignore[arg-type]
    data = {
        "training": made.training, "loss": made.loss, "counts": counts, "names": made.names, "kind": made.kind,
        "why": made.why, "targets": len(made.targets), "doubt": made.doubt,
        "evaluated": None if made.evaluated is None else evaluating.data(made.evaluated),
    }  # fmt: skip
    (folder / "step.json").write_text(json.dumps(data))


def load(folder: Path, weights: bool = True) -> Trained | Untrained | None:
    """Read it back, if wanted without the weights; None: nothing was written. What is no step raises as
    ``record.load`` does.
    """
    if not (folder / "step.json").exists():
        return None
    if not (folder / "step.json").is_file():
        raise ValueError("step.json is not a file")
    data = json.loads((folder / "step.json").read_text())
    if "reason" in data:
        return Untrained(str(data["reason"]), bool(data["refused"]))
    if not (folder / "step.npz").is_file():
        raise ValueError("step.npz is not a file")
    layers: tuple[tuple[Array, ...], ...] = ()
    with np.load(folder / "step.npz", allow_pickle=False) as arrays:
        aims = tuple(arrays[f"t{index}"] for index in range(int(data["targets"])))
        evaluated = None if data["evaluated"] is None else evaluating.read(data["evaluated"], arrays)
        if weights:
            every = iter([arrays[f"a{index}"].astype(np.float64, copy=False) for index in range(sum(data["counts"]))])
            layers = tuple(tuple(next(every) for _ in range(count)) for count in data["counts"])
    names = tuple(tuple(map(str, each)) for each in data["names"])
    why = None if data["why"] is None else str(data["why"])
    kind, doubt = str(data["kind"]), str(data["doubt"])
    return Trained(bool(data["training"]), float(data["loss"]), layers, names, kind, aims, why, doubt, evaluated)


def is_finite(made: Trained) -> bool:
    """Whether the loss and all weights are numbers."""
    arrays = [np.asarray(made.loss), *(one for layer in made.layers for one in layer)]
    return all(bool(np.all(np.isfinite(one))) for one in arrays)
