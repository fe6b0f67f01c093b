"""Genuine Keras on TensorFlow, by way of ``tensorflow.compat.v1``."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tdmigrate.verification.legacy.engines import Descent, Engine
from tdmigrate.verification.record import Array

_BY_CHANCE = ("RandomUniform", "RandomStandardNormal", "TruncatedNormal", "RandomShuffle", "Multinomial", "RandomGamma")
_LOOKED_UP = ("Gather", "GatherV2")


class TensorFlow:
    """See ``Engine``."""

    backend = "tensorflow"

    def start(self, path: Path, release: str) -> None:
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
        from tdmigrate.verification.legacy import old_tensorflow, shims

        old_tensorflow.install(release)  # before anything stands where TensorFlow might look for it
        sys.path.insert(0, str(path / f"keras-{release}"))
        for name in [name for name in sys.modules if name == "keras" or name.startswith("keras.")]:
            del sys.modules[name]  # today's, should TensorFlow have asked for it
        shims.before_tensorflow()
        importlib.import_module("keras.layers.core")
        importlib.import_module("keras.models")  # what nearly every program imports
        shims.after_keras()

    def ancestors(self, values: Sequence[Any]) -> set[Any]:
        found: set[Any] = set()
        waiting = [_tensor(value) for value in values]
        while waiting:
            value = waiting.pop()
            if value not in found:
                found.add(value)
                waiting += value.op.inputs
        return found

    def free(self, values: set[Any]) -> list[Any]:
        return [value for value in values if value.op.type == "Placeholder"]

    def by_chance(self, values: Sequence[Any]) -> bool:
        return any(value.op.type in _BY_CHANCE for value in self.ancestors(values))

    def rank(self, value: Any) -> int:
        return len(value.get_shape())

    def dtype(self, value: Any) -> str:
        return str(value.dtype.base_dtype.name)

    def rows(self, tensor: Any, reachable: set[Any]) -> list[int]:
        found = []
        for value in reachable:
            if value.op.type in _LOOKED_UP:
                table, indexes = value.op.inputs[:2]
                if tensor in self.ancestors([indexes]):
                    found.append(table.get_shape()[0].value)
        return [rows for rows in found if rows is not None]

    def read(self, variable: Any) -> Array:
        return np.asarray(_session().run(variable))

    def write(self, variable: Any, value: Array) -> None:
        variable.load(value, _session())

    def ties(self, values: Sequence[Any]) -> list[Any]:
        return []  # as Keras 3 on TensorFlow

    def zero(self) -> Any:
        return _tf().constant(0.0, dtype="float64")

    def error(self, output: Any, target: Array, counts: Array) -> Any:
        tf = _tf()
        return tf.reduce_mean(tf.square(tf.cast(output, "float64") - target) * counts)

    def function(self, inputs: Sequence[Any], results: Sequence[Any], phase: Any, training: int) -> Any:
        results = [_tensor(result) for result in results]

        def run(*values: Array) -> list[Array]:
            return [np.asarray(one) for one in _run(results, inputs, values, phase, training)]

        return run

    def descend(self, step: Descent) -> float:
        """Gradients by TensorFlow, new weights by NumPy: none changes while another is still computed with."""
        tf = _tf()
        trained = list(step.variables)
        before = [self.read(variable) for variable in trained]
        loss, gradients = 0.0, [np.zeros_like(value) for value in before]
        for part, training in ((step.error, step.training), (step.penalty, step.penalised)):
            found = [(place, one) for place, one in enumerate(tf.gradients(part, trained)) if one is not None]
            # those of a table have a form of their own
            wanted = [part, *(tf.convert_to_tensor(one) for _, one in found)]
            value, *parts = _run(wanted, step.inputs, step.values, step.phase, training)
            loss += float(value)
            for (place, _), one in zip(found, parts, strict=True):
                gradients[place] = gradients[place] + one
        changes = [tf.assign(*one) if isinstance(one, (tuple, list)) else one for one in step.updates]
        _run(changes, step.inputs, step.values, step.phase, step.training)
        for variable, value, gradient in zip(trained, before, gradients, strict=True):
            moved = value - step.rate * gradient
            constraint = step.constraints.get(variable)
            self.write(variable, moved if constraint is None else _session().run(constraint(tf.constant(moved))))
        return loss


def _tf() -> Any:
    return importlib.import_module("tensorflow.compat.v1")


def _session() -> Any:
    """Keras's own; asking for it sets what variables begin with, once."""
    return importlib.import_module("keras.backend").get_session()


def _tensor(value: Any) -> Any:
    """A variable as the tensor that computations of it begin with."""
    return value if hasattr(value, "op") and hasattr(value, "consumers") else _tf().convert_to_tensor(value)


def _run(
    results: Sequence[Any], inputs: Sequence[Any], values: Sequence[Array], phase: Any, training: bool | int
) -> list[Any]:
    """The numbers of symbols. Raises ValueError where the values do not fit, MemoryError where they take too much."""
    given = {one: np.asarray(value, one.dtype.as_numpy_dtype) for one, value in zip(inputs, values, strict=True)}
    if phase is not None:
        given[phase] = np.asarray(training, phase.dtype.as_numpy_dtype)
    errors = _tf().errors
    try:
        return list(_session().run(list(results), given))
    except errors.ResourceExhaustedError as error:
        raise MemoryError from error
    except errors.OpError as error:
        raise ValueError(_cause(str(error))) from error


def _cause(message: str) -> str:
    """What TensorFlow says of an operation that failed, without where in its graph that stands."""
    found = re.search(r"^Node: .*\n((?:.*\n)*?)\s*\[\[", message, re.MULTILINE)
    return found[1].strip() if found else message


ENGINE: Engine = TensorFlow()
