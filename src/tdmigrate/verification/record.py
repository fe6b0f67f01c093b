"""What one model did when it ran: the words between the legacy side, the modern side and the comparison.

A record crosses processes as a JSON file and an .npz file, never as a pickle: the program that made it is not trusted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tdmigrate.records import NamedTuple
from tdmigrate.results import Difference

Array = npt.NDArray[Any]


class LayerWeights(NamedTuple):
    """A layer that has weights.

    ``kind``: the name of its class; of the layer inside, for a wrapper. ``halves`` 2: a Bidirectional, forward
    weights first. ``ordering``: the ``dim_ordering`` of a layer over images. ``first``: what the program made of its
    weights. ``given``: of each, whether the program has set it; () where none is.
    """

    name: str
    kind: str
    weights: tuple[Array, ...]
    halves: int = 1
    ordering: str = "th"
    first: tuple[Array, ...] = ()
    given: tuple[bool, ...] = ()


class Taken(NamedTuple):
    """What data that was made up as weights became."""

    arrays: tuple[Array, ...]
    is_list: bool  # of all weights of a layer; else it is one of them


class LayerOutput(NamedTuple):
    """What a layer gave; ``mask`` has the shape of the leading axes (batch, time), True where a step counts."""

    name: str
    kind: str
    value: Array
    mask: Array | None = None
    inputs: tuple[Array, ...] = ()  # what it got; none: not known
    masks: tuple[Array | None, ...] = ()  # of these

    @property
    def is_finite(self) -> bool:
        return bool(np.all(np.isfinite(self.value)))

    @property
    def fitting_mask(self) -> Array | None:
        """The mask, where it is one of the steps of this value: of shape (batch, time) before further axes."""
        mask, value = self.mask, self.value
        fits = mask is not None and value.ndim > mask.ndim and value.shape[: mask.ndim] == mask.shape
        return mask if fits else None

    @property
    def masked(self) -> int:
        """How many steps are masked, of all samples."""
        mask = self.fitting_mask
        return 0 if mask is None else int(mask.size - np.count_nonzero(mask))

    @property
    def is_constant(self) -> bool:
        """Whether all its numbers are the same, so that equal outputs say little."""
        return bool(self.value.size) and bool(np.all(self.value == self.value.flat[0]))


class Run(NamedTuple):
    """One prediction: what went in, what came out, and what single layers gave, in order of their creation."""

    inputs: tuple[Array, ...]
    outputs: tuple[LayerOutput, ...]
    layers: tuple[LayerOutput, ...] = ()
    carried: bool = False  # states of recurrent layers are those that the run before has left


class Record(NamedTuple):
    """A model on one side."""

    framework: str  # "keras 1.2.2 theano"
    parameters: int  # count of all weights, trainable or not
    layers: tuple[LayerWeights, ...]  # in order of their creation
    runs: tuple[Run, ...]
    penalty: float | None = None  # what regularisation adds to the loss; None: not known
    inputs: tuple[str, ...] = ()  # names of a Graph's inputs, in order; its outputs bear theirs
    configs: Mapping[str, Mapping[str, Any]] = {}  # settings of the layers, by their names
    difference: Difference | None = None  # of a new model whose outputs are others
    data: Mapping[str, tuple[Taken, ...]] = {}  # by the text that evaluates to it, in the order of evaluation

    @property
    def release(self) -> str:
        """ "1.2.2"; of a reference formula, the last of Keras 1."""
        words = self.framework.split()
        return words[1] if words[0] == "keras" else "1.2.2"

    @property
    def backend(self) -> str:
        """ "theano", by which a reference formula goes too, or "tensorflow"."""
        words = self.framework.split()
        return words[2] if words[0] == "keras" else "theano"


class Failure(Exception):  # noqa: N818
    """Why a model could not be run.

    ``stage``: "program" (running it, or finding the model in it), "layers" (its layers don't match the legacy ones),
    "predict", "data" (weights from data that the old program has not), "shape" (of an output, that can't be inferred).
    """

    def __init__(self, stage: str, reason: str, layer: str | None = None) -> None:
        super().__init__(reason)
        self.stage = stage
        self.reason = reason
        self.layer = layer


def save(folder: Path, record: Record) -> None:
    """Write a record into an existing folder."""
    arrays: dict[str, Array] = {}
    known: dict[int, str] = {}  # what one layer gave and the next one got is kept once

    def keep(array: Array | None) -> str | None:
        if array is None:
            return None
        if id(array) not in known:
            known[id(array)] = f"a{len(arrays)}"
            arrays[known[id(array)]] = np.asarray(array)
        return known[id(array)]

    def outputs(given: tuple[LayerOutput, ...]) -> list[list[Any]]:
        return [
            [one.name, one.kind, keep(one.value), keep(one.mask), [keep(x) for x in one.inputs],
             [keep(x) for x in one.masks]]
            for one in given
        ]  # fmt: skip

    data = {
        "framework": record.framework,
        "parameters": record.parameters,
        "penalty": record.penalty,
        "inputs": record.inputs,
        "layers": [
            [one.name, one.kind, list(map(keep, one.weights)), one.halves, one.ordering, list(map(keep, one.first)),
             one.given]
            for one in record.layers
        ],
        "runs": [
            [[keep(x) for x in run.inputs], outputs(run.outputs), outputs(run.layers), run.carried]
            for run in record.runs
        ],
        "configs": record.configs,
        "difference": record.difference,
        "data": {
            text: [[list(map(keep, arrays)), is_list] for arrays, is_list in every]
            for text, every in record.data.items()
        },
    }
    np.savez(folder / "arrays.npz", **arrays)  # type: ignore[arg-type]
    (folder / "record.json").write_text(json.dumps(data))


def load(folder: Path) -> Record:
    """Read a record back. What is none raises ValueError, LookupError, TypeError, OSError, EOFError or BadZipFile."""
    for name in ("record.json", "arrays.npz"):
        if not (folder / name).is_file():  # a pipe would never end
            raise ValueError(f"{name} is not a file")
    data = json.loads((folder / "record.json").read_text())
    with np.load(folder / "arrays.npz", allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}

        def outputs(given: Any) -> tuple[LayerOutput, ...]:
            return tuple(
                LayerOutput(
                    str(name),
                    str(kind),
                    arrays[value].astype(np.float64, copy=False),
                    None if mask is None else arrays[mask].astype(np.bool_, copy=False),
                    tuple(arrays[key] for key in inputs),
                    tuple(None if key is None else arrays[key].astype(np.bool_, copy=False) for key in masks),
                )
                for name, kind, value, mask, inputs, masks in given
            )

        record = Record(
            framework=str(data["framework"]),
            parameters=int(data["parameters"]),
            layers=tuple(
                LayerWeights(
                    str(name),
                    str(kind),
                    tuple(arrays[key] for key in keys),
                    int(halves),
                    str(ordering),
                    tuple(arrays[key].astype(np.float64) for key in first),
                    tuple(bool(flag) for flag in given),
                )
                for name, kind, keys, halves, ordering, first, given in data["layers"]
            ),
            runs=tuple(
                Run(tuple(arrays[key] for key in inputs), outputs(given), outputs(layers), bool(carried))
                for inputs, given, layers, carried in data["runs"]
            ),
            penalty=None if data["penalty"] is None else float(data["penalty"]),
            inputs=tuple(str(name) for name in data["inputs"]),
            configs=dict(data["configs"]),
            difference=None if data["difference"] is None else _difference(data["difference"]),
            data={
                str(text): tuple(Taken(tuple(arrays[key] for key in keys), bool(is_list)) for keys, is_list in every)
                for text, every in data["data"].items()
            },
        )
    if not record.runs or not all(run.outputs for run in record.runs):
        raise ValueError("nothing was computed")
    return record


def _difference(data: Any) -> Difference:
    layer, kind, new_kind, index, values, ranges, trap, programs = data
    return Difference(
        str(layer),
        str(kind),
        str(new_kind),
        None if index is None else tuple(int(one) for one in index),
        None if values is None else (float(values[0]), float(values[1])),
        ((float(ranges[0][0]), float(ranges[0][1])), (float(ranges[1][0]), float(ranges[1][1]))),
        None if trap is None else str(trap),
        None if programs is None else (str(programs[0]), str(programs[1])),
    )
