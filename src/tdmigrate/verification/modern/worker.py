"""The process that runs Keras 3: ``python -m tdmigrate.verification.modern.worker``; ``backends`` has its environment.

A job's folder holds ``new.json``, the program and the expression that is the model, and in ``legacy/`` the record of
the model that it must equal. The model gets that one's weights and inputs, in float64, and predicts in a compiled
function, one length of a free time axis after the other, as a user's program would (numeric trap C39 shows only
there).
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from tdmigrate.results import Difference
from tdmigrate.verification import step as steps
from tdmigrate.verification.differences import trap_of
from tdmigrate.verification.given import NotMadeUp, know
from tdmigrate.verification.modern import backends
from tdmigrate.verification.modern.apart import first_apart
from tdmigrate.verification.modern.chance import fixed
from tdmigrate.verification.modern.orders import others
from tdmigrate.verification.modern.own import Compiles
from tdmigrate.verification.modern.parts import Part, single_layers
from tdmigrate.verification.modern.step import train
from tdmigrate.verification.pairing import Named, pairs
from tdmigrate.verification.record import Failure, LayerOutput, LayerWeights, Record, Run, load
from tdmigrate.verification.serve import Worked, describe, is_out_of_memory, run_program, serve, watch, where
from tdmigrate.verification.step import Trained, Untrained
from tdmigrate.verification.weights import Misfit, in_keras3

NEAR = 1e-12  # outputs nearer than this (of their scale) need no look at single layers


def main() -> None:
    import keras

    backends.prepare()
    framework = f"keras {keras.__version__} {keras.config.backend()}"
    created = watch(keras.layers.Layer)
    compiles = Compiles()
    compiles.watch()

    def work(folder: Path) -> Worked:
        job = json.loads((folder / "new.json").read_text())
        legacy = load(folder / "legacy")
        if job["compat"] is not None:
            stand_in(job["compat"])
        know(legacy.data)
        try:
            model = run_program(job["source"], job["target"], f"the new program under Keras {keras.__version__}")
        except Failure as failure:
            if isinstance(failure.__cause__, NotMadeUp):
                raise Failure("data", str(failure.__cause__)) from failure
            raise
        theirs = steps.load(folder / "legacy", weights=False)
        worked = record_of(model, framework, created, legacy, theirs, compiles)
        return worked._replace(train=fixed()(worked.train))

    serve(framework, work)


def stand_in(source: str) -> None:
    """Let a source be ``tdmigrate.compat`` from now on, here. Raises Failure where it does not run."""
    module = ModuleType("tdmigrate.compat")
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, "<the module of --vendor>", "exec"), vars(module))
    except Exception as error:
        raise Failure("program", f"the module of --vendor failed: {describe(error)}") from error


@fixed()
def record_of(
    model: Any, framework: str, created: Sequence[Any], legacy: Record, theirs: Trained | Untrained | None,
    compiles: Compiles,
) -> Worked:  # fmt: skip
    """Give a model the legacy one's weights and inputs, run it, and say what came out; then make its step."""
    import keras

    if not isinstance(model, keras.Model):
        model = getattr(model, "model", model)  # the builder of a Graph
    if not isinstance(model, keras.Model):
        raise Failure("program", f"what the new program builds is not a model but {type(model).__name__}")
    first = legacy.runs[0].inputs
    if not model.built:
        shapes = [_common_shape(inputs) for inputs in zip(*(run.inputs for run in legacy.runs), strict=True)]
        try:
            model.build(shapes[0] if len(shapes) == 1 else shapes)
        except Exception as error:
            raise Failure("program", f"the new model could not be built{where(error)}: {describe(error)}") from error
    if isinstance(model, keras.Sequential) and model._functional is None:
        _tell_unbuilt(model, first, legacy.inputs)
    layers = single_layers(model, created)
    weighty = [part.layer for part in layers if part.layer.weights]
    weighty = _paired(weighty, legacy)
    begun = [tuple(map(np.asarray, layer.get_weights())) for layer in weighty]
    try:
        _set_weights(weighty, legacy)
    except Failure:
        moved = _moved(model, layers, weighty, legacy)
        if moved is not None:
            raise Failure("layers", moved) from None
        raise
    if len(model.inputs) != len(first):
        raise Failure("layers", f"the new model has {len(model.inputs)} inputs, the old one {len(first)}")
    outputs = _runs(model, layers, legacy)
    given = _given(model, first, legacy.inputs)
    inner: list[list[LayerOutput]] = [[] for _ in legacy.runs]
    difference: Difference | None = None
    if not all(_near(mine, theirs) for mine, theirs in zip(outputs, legacy.runs, strict=True)):
        moved = _moved(model, layers, weighty, legacy)
        if moved is not None:
            raise Failure("layers", moved)
        inner = _layer_outputs(model, layers, legacy.runs)
        difference = first_apart(layers, weighty, legacy)
    record = Record(
        framework=framework,
        parameters=sum(array.size for layer in weighty for array in layer.get_weights()),
        layers=tuple(
            LayerWeights(layer.name, _kind(layer), (), first=made) for layer, made in zip(weighty, begun, strict=True)
        ),
        runs=tuple(
            Run((), tuple(LayerOutput(f"output_{index}", "", value) for index, value in enumerate(values)), tuple(told))
            for values, told in zip(outputs, inner, strict=True)
        ),
        penalty=None if legacy.penalty is None else _penalty(model, layers, given, legacy.release),
        difference=difference,
    )

    run, backend = legacy.runs[0], legacy.backend

    def made() -> Trained:  # without the records, which have all weights
        if not isinstance(theirs, Trained):
            raise Untrained("the old model made none")
        _forget_states(layers)
        return train(model, weighty, given, run, theirs, compiles, backend, lambda: _forget_states(layers))

    return Worked(record, made)


def _tell_unbuilt(model: Any, inputs: Sequence[Any], names: Sequence[str]) -> NoReturn:
    """Raise Failure with the exception that kept a Sequential from being built.

    Its ``build`` returns where a layer's output shape can't be inferred (keras/src/models/sequential.py of 3.15.1), and
    so where the function of a Lambda raises whatever it raises; the model then fails when it is called.
    """
    try:
        model(_given(model, inputs, names))
    except Exception as error:
        if is_out_of_memory(error):
            raise
        reason = f"a layer of the new model can't be called: it failed{where(error)}: {describe(error)}"
        raise Failure("program", reason) from error
    raise Failure("shape", "Keras 3 can't infer the output shape of a layer of the new model")


def _moved(model: Any, layers: Sequence[Part], weighty: Sequence[Any], legacy: Record) -> str | None:
    """What is said where the outputs are equal with the weights in another order; None: they are not."""
    if len(model.inputs) != len(legacy.runs[0].inputs):
        return None
    for order in others(weighty, [_kind(layer) for layer in weighty], legacy):
        _set_weights(order, legacy)
        outputs = _runs(model, layers, legacy)
        if all(_near(mine, theirs) for mine, theirs in zip(outputs, legacy.runs, strict=True)):
            first = next(
                (one.name, layer.name)
                for one, layer, was in zip(legacy.layers, order, weighty, strict=True)
                if layer is not was
            )
            return (
                "only the order of the layers with weights differs: the outputs are equal where "
                f"{first[1]} of the new model has the weights of {first[0]}; weights saved by the old program go astray"
            )
    _set_weights_back(weighty, legacy)
    return None


def _set_weights_back(weighty: Sequence[Any], legacy: Record) -> None:
    with contextlib.suppress(Failure):  # they may not have fitted
        _set_weights(weighty, legacy)


def _runs(model: Any, layers: Sequence[Part], legacy: Record) -> list[list[Any]]:
    """What the model gives in each run of the legacy one."""
    made = []
    for run in legacy.runs:
        if not run.carried:
            _forget_states(layers)
        made.append(_predict(model, run.inputs, "the new model", legacy.inputs, run.outputs))
    return made


def _given(model: Any, inputs: Sequence[Any], names: Sequence[str] = ()) -> Any:
    """The inputs of a model as it takes them; ``names`` of them, in case it takes them so."""
    if names and set(names) == {tensor.name for tensor in model.inputs}:
        return dict(zip(names, inputs, strict=True))
    return list(inputs) if len(inputs) > 1 else inputs[0]


def _forget_states(layers: Sequence[Part]) -> None:
    for part in layers:
        if getattr(part.layer, "stateful", False):
            part.layer.reset_state()


def _common_shape(inputs: Sequence[Any]) -> tuple[int | None, ...]:
    """The shape that all of these fit, the batch size left free."""
    sizes = zip(*(one.shape for one in inputs), strict=True)
    return (None, *[one[0] if len(set(one)) == 1 else None for one in list(sizes)[1:]])


def _paired(layers: Sequence[Any], legacy: Record) -> list[Any]:
    """The layers in the order of the legacy ones that they stand for; behind those, what is left of them."""
    old = [Named(one.name, (one.kind, "Bidirectional") if one.halves > 1 else (one.kind,)) for one in legacy.layers]
    order = pairs(old, [Named(one.name, (type(one).__name__,)) for one in layers])
    return [layers[index] for index in order] + [one for index, one in enumerate(layers) if index not in order]


def _kind(layer: Any) -> str:
    """The name of its class, as it is registered for saving where it is: "tdmigrate>BatchNormalization"."""
    import keras

    return str(keras.saving.get_registered_name(type(layer)))


def _set_weights(layers: Sequence[Any], legacy: Record) -> None:
    """Give each layer the weights of the legacy one in its place. Raises Failure where they don't match."""
    old = legacy.layers
    for layer, theirs in zip(layers, old, strict=False):
        try:
            new = in_keras3(theirs, theirs.weights, legacy.release, _kind(layer), legacy.backend)
        except Misfit as misfit:
            reason = f"the weights of {theirs.name} can't be converted: {misfit}"
            raise Failure("layers", reason, theirs.name) from misfit
        expected = [array.shape for array in new]
        shapes = [tuple(array.shape) for array in layer.weights]
        if shapes != expected:
            reason = (
                f"the weights of {theirs.name} ({theirs.kind}) have the shapes {_show(expected)}, "
                f"those of {layer.name} ({type(layer).__name__}) {_show(shapes)}"
            )
            before = legacy.configs.get(theirs.name, {})
            trap = trap_of(theirs.kind, before, legacy.release, layer.get_config(), legacy.backend)
            reason += "" if trap is None else f"; likely trap {trap}"
            raise Failure("layers", reason, theirs.name)
        layer.set_weights(new)
    if len(layers) != len(old):
        extra = old[len(layers)].name if len(old) > len(layers) else None
        raise Failure("layers", f"{len(old)} layers with weights in the old model, {len(layers)} in the new", extra)


def _show(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(map(str, shapes)) or "none"


def _predict(
    model: Any,
    inputs: Sequence[Any],
    name: str,
    names: Sequence[str] = (),
    outputs: Sequence[LayerOutput] = (),
) -> list[Any]:
    """``names``: of the inputs, for a model that takes them so. Outputs that have names come in the order of
    ``outputs``.
    """
    import keras

    try:
        values = model.predict(_given(model, inputs, names), batch_size=len(inputs[0]), verbose=0)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise Failure("predict", f"{name} could not be run: it failed{where(error)}: {describe(error)}") from error
    if isinstance(values, dict):
        wanted = [one.name for one in outputs]
        if set(values) != set(wanted):
            raise Failure("predict", f"{name} gives {', '.join(sorted(values))} where {', '.join(wanted)} is wanted")
        values = [values[one] for one in wanted]
    return [np.asarray(one) for one in keras.tree.flatten(values)]


def _penalty(model: Any, layers: Sequence[Part], inputs: Any, release: str) -> float | None:
    """What regularisation adds to the loss; None: it can't be computed in float64 (L1 of Keras 3.12 on TensorFlow).

    Before 1.2 (``release``) nothing was added but in the training phase.
    """
    states = [(one, one.numpy()) for one in model.non_trainable_variables]
    try:
        if any(part.layer.activity_regularizer is not None for part in layers):
            _forget_states(layers)  # the old ones never moved
            model(inputs, training=release < "1.2")  # of its outputs
        return sum((float(loss) for loss in model.losses), 0.0)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        return None
    finally:
        for one, value in states:
            one.assign(value)


def _near(mine: Sequence[Any], theirs: Run) -> bool:
    """Whether outputs are the same up to rounding, masked steps too, and say something."""
    return len(mine) == len(theirs.outputs) and all(
        one.shape == other.value.shape
        and not other.is_constant
        and np.max(np.abs(one - other.value), initial=0) <= NEAR * max(1, np.max(np.abs(other.value), initial=0))
        for one, other in zip(mine, theirs.outputs, strict=True)
    )


def _layer_outputs(model: Any, layers: Sequence[Part], runs: Sequence[Run]) -> list[list[LayerOutput]]:
    """What the single layers give, for the search of the first that differs; those out of reach are left out."""
    import keras

    _forget_states(layers)
    inside = set(_operations(model))
    names, tensors = [], []
    for layer, outer in layers:
        for node in getattr(outer, "_inbound_nodes", ()):
            reached = [tensor for tensor in node.output_tensors if id(tensor) in inside]
            names += [(layer.name, type(layer).__name__)] * len(reached)
            tensors += reached
    if not tensors:
        return [[] for _ in runs]
    try:
        looking = keras.Model(model.inputs, tensors)
        told = [_predict(looking, run.inputs, "the new model") for run in runs]
    except Exception:  # the difference is found already; only its place stays unknown
        return [[] for _ in runs]
    return [
        [LayerOutput(name, kind, value) for (name, kind), value in zip(names, values, strict=True)] for values in told
    ]


def _operations(model: Any) -> Iterator[int]:
    """The identities of the tensors that the graph of a functional model, or of a Sequential, computes."""
    graph = getattr(model, "_functional", None) or model
    for nodes in getattr(graph, "_nodes_by_depth", {}).values():
        for node in nodes:
            yield from map(id, node.output_tensors)


if __name__ == "__main__":
    main()
