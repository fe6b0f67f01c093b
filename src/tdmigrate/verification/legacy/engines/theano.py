"""Genuine Keras on Theano 1.0.5, without a C compiler."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tdmigrate.verification.legacy.engines import Descent, Engine
from tdmigrate.verification.record import Array

FLAGS = (
    "device=cpu,floatX=float64,optimizer=fast_compile,"
    # of the gradient of a convolution, the fast forms for the processor forget the dilation
    "optimizer_excluding=AbstractConvCheck:local_conv2d_gradweight_cpu:local_conv2d_gradinputs_cpu,"
    "cxx=,blas.ldflags=,"  # no C compiler: Theano's C code does not compile against Python 3.11
    "base_compiledir={folder}"
)


class Theano:
    """See ``Engine``."""

    backend = "theano"

    def start(self, path: Path, release: str) -> None:
        os.environ["THEANO_FLAGS"] = FLAGS.format(folder=os.getcwd())
        sys.path[:0] = [str(path / f"keras-{release}"), str(path / "theano-1.0.5")]
        from tdmigrate.verification.legacy import chance, shims

        shims.before_theano()
        import theano

        theano.config.compute_test_value = "off"
        shims.after_theano()
        chance.install()
        import keras.layers.core
        import keras.models  # noqa: F401  # what nearly every program imports

        shims.after_keras()

    def ancestors(self, values: Sequence[Any]) -> set[Any]:
        found: set[Any] = set()
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if value in found:
                continue
            found.add(value)
            if value.owner is not None:
                waiting += value.owner.inputs
        return found

    def free(self, values: set[Any]) -> list[Any]:
        return [
            one for one in values if one.owner is None and not hasattr(one, "get_value") and not hasattr(one, "data")
        ]

    def by_chance(self, values: Sequence[Any]) -> bool:
        names = (type(value.owner.op).__name__ for value in self.ancestors(values) if value.owner is not None)
        return any(name.startswith("mrg_") or name == "RandomFunction" for name in names)

    def rank(self, value: Any) -> int:
        return int(value.ndim)

    def dtype(self, value: Any) -> str:
        return str(value.dtype)

    def rows(self, tensor: Any, reachable: set[Any]) -> list[int]:
        rows: list[int] = []
        for value in reachable:
            if value.owner is None or not type(value.owner.op).__name__.startswith("AdvancedSubtensor"):
                continue
            table, *indexes = value.owner.inputs
            if any(tensor in self.ancestors([index]) for index in indexes):
                tables = [one for one in self.ancestors([table]) if hasattr(one, "get_value")]
                rows += [self.read(one).shape[0] for one in tables if one.ndim == table.ndim]
        return rows

    def read(self, variable: Any) -> Array:
        value: Array = variable.get_value()
        return value

    def write(self, variable: Any, value: Array) -> None:
        variable.set_value(value)

    def ties(self, values: Sequence[Any]) -> list[Any]:
        """Theano gives the gradient of a maximum to each of the numbers that are as large (MaxPoolGrad in
        theano/tensor/signal/pool.py, MaxAndArgmax.grad in theano/tensor/basic.py, Maximum.L_op in
        theano/scalar/basic.py, of 1.0.5).
        """
        import theano
        import theano.tensor as T  # noqa: N812

        found = []
        for node in dict.fromkeys(value.owner for value in self.ancestors(values) if value.owner is not None):
            op, numbers = node.op, [one for one in node.inputs if one.dtype.startswith("float")]
            kind, chosen = type(op).__name__, node.outputs[0]
            is_maximum = (
                (kind == "Pool" and op.mode == "max")
                or kind == "MaxAndArgmax"
                or getattr(getattr(op, "scalar_op", None), "name", None) == "maximum"
            )
            if is_maximum and numbers and chosen.dtype.startswith("float"):
                given = theano.grad(chosen.sum(), numbers, disconnected_inputs="ignore")
                found.append(sum(T.sum(one) for one in given) - chosen.size)
        return found

    def zero(self) -> Any:
        import theano

        return theano.tensor.constant(0.0)

    def error(self, output: Any, target: Array, counts: Array) -> Any:
        import theano

        return theano.tensor.mean(theano.tensor.sqr(output - target) * counts)

    def function(self, inputs: Sequence[Any], results: Sequence[Any], phase: Any, training: int) -> Any:
        import theano

        givens = {} if phase is None else {phase: np.uint8(training)}
        return theano.function(
            list(inputs), list(results), givens=givens, on_unused_input="ignore", allow_input_downcast=True
        )

    def descend(self, step: Descent) -> float:
        import theano

        loss = _in_phase(step.error, step.phase, step.training) + _in_phase(step.penalty, step.phase, step.penalised)
        variables = list(step.variables)
        gradients = theano.grad(loss, variables, disconnected_inputs="ignore")
        updates = {}
        for variable, gradient in zip(variables, gradients, strict=True):
            moved = variable - step.rate * gradient
            constraint = step.constraints.get(variable)
            updates[variable] = moved if constraint is None else constraint(moved)
        for variable, value in step.updates:  # of several the first, as K.function of 1.2 takes it
            if variable not in updates:
                updates[variable] = _in_phase(value, step.phase, step.training)
        function = theano.function(
            list(step.inputs), loss, updates=list(updates.items()), on_unused_input="ignore",
            allow_input_downcast=True, no_default_updates=True,  # of random numbers: chance is in no branch taken
        )  # fmt: skip
        return float(function(*step.values))


def _in_phase(value: Any, phase: Any, training: bool) -> Any:
    import theano

    if phase is None:
        return value
    return theano.clone(value, replace={phase: theano.tensor.constant(np.uint8(training))})


ENGINE: Engine = Theano()
