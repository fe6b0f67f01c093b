"""The process that runs genuine Keras 0.2–1.2: ``python -m tdmigrate.verification.legacy.worker PATH RELEASE BACKEND``.

A job's folder holds ``old.json``: the program, the expression that is the model, whether the program writes the
order of arguments of Keras 0.1, and where it has the channels of images. The model gets random weights and inputs, and
the record says what it made of them.

The graph of the model is computed as Keras built it, in float64 and in the test phase, by the engine of its backend;
``compile`` of Keras 1 isn't needed for that.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tdmigrate.records import NamedTuple
from tdmigrate.verification import evaluating, samples
from tdmigrate.verification.given import taken
from tdmigrate.verification.legacy.engines import Engine, engine
from tdmigrate.verification.legacy.given import Given
from tdmigrate.verification.legacy.own import Compiles, lazily
from tdmigrate.verification.legacy.step import Trainee, forgets_its_weight, train
from tdmigrate.verification.record import Array, Failure, LayerOutput, LayerWeights, Record, Run
from tdmigrate.verification.serve import Worked, describe, run_program, serve, watch

_ASKS_SHAPE = "first layer in a Sequential model must get"  # Keras 1.0-1.2, models.py


def start(path: str, release: str, backend: str = "theano") -> Engine:
    """Make this process one in which ``import keras`` is genuine Keras of this release, on a backend and in float64."""
    os.environ["KERAS_BACKEND"] = backend
    settings = Path(os.environ["HOME"]) / ".keras"
    settings.mkdir(exist_ok=True)
    (settings / "keras.json").write_text(json.dumps({"floatx": "float64", "epsilon": 1e-07, "backend": backend}))
    made = engine(backend)
    made.start(Path(path), release)
    return made


def main() -> None:
    path, release, backend = sys.argv[1:]
    runs_on = start(path, release, backend)
    framework = f"keras {release} {backend}"
    created = watch(_layer_class())
    compiles = Compiles()
    compiles.watch()
    given = Given(lambda layer: [part.layer for part in parts(layer)])
    given.watch(_layer_class())

    def work(folder: Path) -> Worked:
        job = json.loads((folder / "old.json").read_text())
        if job["old_order"]:
            from tdmigrate.verification.legacy import old_order

            old_order.accept()
        _set_ordering(job["ordering"])
        try:
            model = run_program(job["source"], job["target"], f"the old program under Keras {release}")
            return record_of(model, framework, created, runs_on, Training(compiles, bool(job["own_optimizer"])), given)
        except Failure as failure:
            if _ASKS_SHAPE in failure.reason:
                reason = f"the model's first layer is told no input shape, without which Keras {release} builds none"
                raise Failure(failure.stage, reason) from failure
            raise

    serve(framework, work)


def _set_ordering(ordering: str) -> None:
    """What a keras.json says; before 1.0.4 there was no setting."""
    if not ordering:
        return
    try:
        from keras.backend import set_image_dim_ordering
    except ImportError:
        return
    set_image_dim_ordering(ordering)


def _layer_class() -> Any:
    try:
        from keras.engine import Layer
    except ImportError:  # before 1.0
        from keras.layers.core import Layer
    return Layer


class Part(NamedTuple):
    """A single layer of a model, and what stands for it in the model's graph: the wrapper around it, or itself."""

    layer: Any
    outer: Any


def parts(layer: Any, outer: Any = None) -> Iterator[Part]:
    """A model's single layers, containers and wrappers opened, those of a Bidirectional not."""
    inner = getattr(layer, "nodes", None)  # a Graph of 0.x
    inner = list(inner.values()) if isinstance(inner, dict) else getattr(layer, "layers", None)
    if hasattr(layer, "decoder"):  # an AutoEncoder of 0.x
        inner = [layer.encoder, layer.decoder] if layer.output_reconstruction else [layer.encoder]
    if isinstance(inner, (list, tuple)):
        for one in inner:
            yield from parts(one)
        if type(layer).__name__ != "Merge":
            return
    wrapped = getattr(layer, "layer", None)
    if hasattr(wrapped, "get_weights") and not hasattr(layer, "backward_layer"):
        yield from parts(wrapped, outer or layer)
    elif hasattr(layer, "get_weights"):
        yield Part(layer, outer or layer)


def single_layers(model: Any, created: Sequence[Any]) -> list[Part]:
    """The layers of a model, each once, in order of their creation."""
    order = {id(layer): index for index, layer in enumerate(created)}
    once = {id(part.layer): part for part in parts(model)}
    return sorted(once.values(), key=lambda part: order.get(id(part.layer), len(order)))


class Training(NamedTuple):
    """How a program trains its models."""

    compiles: Compiles
    own_optimizer: bool  # whether steps of that are wanted


def record_of(
    model: Any, framework: str, created: Sequence[Any], engine: Engine, training: Training, given: Given
) -> Worked:
    """Give a model random weights and inputs, run it, and say what came out; the step of training can follow."""
    if not hasattr(model, "get_weights") or isinstance(model, type):
        raise Failure("program", f"what the old program builds is not a model but {type(model).__name__}")
    if getattr(model, "layers", None) == []:
        raise Failure("program", "what the old program builds is a model without layers")
    _build(model)
    layers = single_layers(model, created)
    _tell_apart([part.layer for part in layers])
    random = samples.source("weights")
    flags = [given.flags(part.layer, len(_weights(part.layer, engine))) for part in layers]
    weights = [
        _randomise(part.layer, random, engine)._replace(given=one) for part, one in zip(layers, flags, strict=True)
    ]
    steps_draw = _steps_draw(created)
    graph = _graph(model, layers, engine)
    if not graph.outputs:
        raise Failure("program", "the old model has no output")
    runs = _runs(graph, engine)
    # from the last run: the new side carries on from its states
    runs += _carried(model, [part.layer for part in layers], graph, runs[-1], engine)
    loose = _loose_ends(model, layers, graph, engine)
    known = tuple(one for part, one in zip(layers, weights, strict=True) if one.weights and part not in loose)
    record = Record(
        framework=framework,
        parameters=sum(array.size for one in known for array in one.weights),
        layers=known,
        runs=runs,
        penalty=None if steps_draw else _penalty(model, graph, runs[0].inputs, engine),
        inputs=graph.names,
        configs={_name(part.layer): _config(part.layer) for part in layers},
        data=taken(),
    )
    weighty = [p.layer for p, one in zip(layers, weights, strict=True) if one.weights and p not in loose]
    trainee = _trainee(model, graph, weighty, runs[0], engine, training, steps_draw)
    release = record.release  # the record itself, with all weights, is not to live as long as the step
    return Worked(record, lambda: train(trainee, lambda layer: _weights(layer, engine), release))


def _trainee(
    model: Any, graph: _Graph, layers: Sequence[Any], run: Run, engine: Engine, training: Training, steps_draw: bool
) -> Trainee:
    tested = [node.value for node in graph.outputs]
    fixed: bool | None = None
    if not graph.is_old and graph.phase is None:
        import keras.backend

        fixed = bool(keras.backend.learning_phase())

    # with several outputs Keras 3 gives means of batches, whatever their sizes (numeric trap D16)
    is_whole = len(tested) > 1 or any(shape[0] for shape in graph.shapes)
    size = len(run.inputs[0]) if is_whole else evaluating.SIZE

    def outputs() -> Sequence[Any]:
        return _flat(model.get_output(train=True)) if graph.is_old else tested

    return Trainee(
        engine, model, graph.inputs, outputs, tested, graph.phase, fixed, layers, run, graph.names, *training,
        size, steps_draw,
    )  # fmt: skip


_DRAWING = ("Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")


def _steps_draw(created: Sequence[Any]) -> bool:
    """Whether chance is inside a TimeDistributed: of all steps at once here, of one step after the other in Keras 3."""
    inner = [
        part.layer
        for one in created
        if type(one).__name__ == "TimeDistributed" and hasattr(getattr(one, "layer", None), "get_weights")
        for part in parts(one.layer)
    ]
    rates = ("dropout_W", "dropout_U", "dropout")
    return any(type(one).__name__ in _DRAWING or any(getattr(one, name, 0) for name in rates) for one in inner)


def _config(layer: Any) -> dict[str, Any]:
    """Settings of a layer, as far as a text can hold them; constraints and initializations by their names."""
    try:
        config = layer.get_config()
    except Exception:  # of the program's own, perhaps
        return {}
    found = {str(name): value for name, value in config.items() if _is_plain(value)}
    for name, value in config.items():
        if str(name).endswith("_constraint") and isinstance(value, dict):
            found[str(name)] = str(value.get("name"))
    for name, value in vars(layer).items():  # of BatchNormalization they are no settings
        if name.endswith("init") and callable(value):
            found[name] = str(getattr(value, "__name__", ""))
    return found


def _is_plain(value: object) -> bool:
    if isinstance(value, (tuple, list)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, int, float, bool))


def _runs(graph: _Graph, engine: Engine) -> tuple[Run, ...]:
    """Predictions; of a model with a free axis on two lengths. Raises Failure."""
    if not any(size is None for shape in graph.shapes for size in shape[1:]):
        tries: list[tuple[int, ...]] = [samples.LENGTHS[0][:1]]
    else:
        tries = list(samples.LENGTHS)
    nodes = graph.outputs + graph.layers
    trouble = ""
    try:
        wanted = _symbols(nodes)
        function = engine.function(graph.inputs, wanted, graph.phase, 0)
        for lengths in tries:
            try:
                runs = tuple(_predict(graph, function, length) for length in lengths)
                _demand_numbers(runs, is_free=len(tries) > 1)
                if engine.by_chance([node.value for node in graph.outputs]):
                    _demand_same(runs[0], _predict(graph, function, lengths[0]))
                return runs
            except Exception as error:
                if not _is_of_length(error):
                    raise
                trouble = trouble or describe(error)
    except (MemoryError, Failure):
        raise
    except Exception as error:
        trouble = describe(error)
    raise Failure("predict", f"the old model could not be run: {trouble}")


def _is_of_length(error: Exception) -> bool:
    """Whether an exception may say that an axis is too short for the model."""
    return isinstance(error, (ValueError, IndexError, AssertionError)) or type(error).__name__ == "InvalidArgumentError"


def _demand_numbers(runs: Sequence[Run], is_free: bool) -> None:
    """Raise ValueError where an output is empty, of which nothing could be compared; with free axes, any layer's."""
    for run in runs:
        for one in (*run.outputs, *(run.layers if is_free else ())):
            if not one.value.size:
                raise ValueError(f"{one.name} gives an empty array of shape {one.value.shape}")


def _carried(model: Any, layers: Sequence[Any], graph: _Graph, run: Run, engine: Engine) -> tuple[Run, ...]:
    """The run again with the states that it left, as ``predict`` has it, and once more after a reset.

    None where nothing is stateful, nor of a Graph of 0.x or on TensorFlow.
    """
    stateful = [layer for layer in layers if getattr(layer, "stateful", False) and hasattr(layer, "reset_states")]
    if not stateful or engine.backend != "theano" or graph.names:
        return ()
    # 0.3 moved the states of a prediction as in training, with its chance (keras/models.py of 0.3.3, compile)
    if graph.is_old and any(getattr(one, rate, 0) for one in stateful for rate in ("dropout_W", "dropout_U")):
        return ()

    def predict() -> tuple[LayerOutput, ...]:
        given = list(run.inputs) if len(run.inputs) > 1 else run.inputs[0]
        made = model.predict(given, batch_size=len(run.inputs[0]))
        made = made if isinstance(made, list) else [made]
        return tuple(one._replace(value=np.asarray(value)) for one, value in zip(run.outputs, made, strict=True))

    def forget() -> None:
        for layer in stateful:
            layer.reset_states()

    try:
        if graph.is_old and not hasattr(model, "_predict"):
            with lazily():
                inspect.unwrap(type(model).compile)(model, "sgd", "mse")  # not as a compile of the program
        forget()
        predict()
        carried = predict()
        forget()
        fresh = predict()
        forget()
    except Exception as error:
        raise Failure("predict", f"the old model could not be run twice: {describe(error)}") from error
    return Run(run.inputs, carried, (), True), Run(run.inputs, fresh)


def _demand_same(run: Run, again: Run) -> None:
    """Raises Failure where what a model predicts is drawn anew each time, as a Lambda does that draws noise."""
    for one, other in zip(run.outputs, again.outputs, strict=True):
        if not np.allclose(one.value, other.value, rtol=1e-6, atol=1e-9, equal_nan=True):
            raise Failure("predict", "what the old model predicts depends on chance: two runs on the same input differ")


def _build(model: Any) -> None:
    """Sequential of 1.x, or a class of the program derived from it, builds its graph when it is first needed; so does
    Graph.
    """
    from keras.models import Sequential

    sequential = isinstance(model, Sequential) and getattr(model, "model", True) is None
    if sequential or (hasattr(model, "_graph_nodes") and not model.built):
        try:
            Sequential.build(model) if sequential else model.build()
        except Exception as error:
            raise Failure("program", f"the old model could not be built: {describe(error)}") from error


def _randomise(layer: Any, random: np.random.Generator, engine: Engine) -> LayerWeights:
    kind = type(getattr(layer, "forward_layer", layer)).__name__
    old, new = _weights(layer, engine), []
    first = tuple(np.asarray(array, dtype="float64") for array in old)
    for index, array in enumerate(old):
        if kind == "BatchNormalization" and index == len(old) - 1:
            new.append(samples.variance(array.shape, random))  # the running variance, before 1.0 the standard deviation
        else:
            new.append(samples.weight(array.shape, random))
    if forgets_its_weight(layer):
        engine.write(layer.W, new[0])
    elif new:
        layer.set_weights(new)
    ordering = getattr(layer, "dim_ordering", "th")  # before 0.3 there was no other
    halves = 2 if hasattr(layer, "forward_layer") else 1
    return LayerWeights(_name(layer), kind, tuple(new), halves, ordering, first)


def _weights(layer: Any, engine: Engine) -> list[Array]:
    if forgets_its_weight(layer):
        return [engine.read(layer.W)]
    # in 0.x a Merge counts its branches' weights as its own
    return [] if type(layer).__name__ == "Merge" else list(layer.get_weights())


def _tell_apart(layers: Sequence[Any]) -> None:
    """Number those of the same name: in 0.x every LSTM is called "lstm"."""
    names = [_name(layer) for layer in layers]
    for index, (layer, name) in enumerate(zip(layers, names, strict=True)):
        if names.count(name) > 1:
            layer.name = f"{name}_{names[: index + 1].count(name)}"


def _name(layer: Any) -> str:
    name = getattr(layer, "name", None)
    return name if isinstance(name, str) else type(layer).__name__.lower()


class _Node(NamedTuple):
    """A symbolic value with its mask."""

    name: str
    kind: str
    value: Any
    mask: Any
    inputs: tuple[Any, ...] = ()
    masks: tuple[Any, ...] = ()  # of these


class _Graph(NamedTuple):
    """A model in symbols."""

    inputs: tuple[Any, ...]
    shapes: tuple[tuple[int | None, ...], ...]
    tables: tuple[int | None, ...]  # of each input: rows of the table that it indexes (Embedding); None: it is no index
    outputs: tuple[_Node, ...]
    layers: tuple[_Node, ...]
    masks_value: float | None  # a Masking layer's value
    masks_zero: bool  # an Embedding masks id 0
    phase: Any  # the symbolic learning phase; None: there is none
    is_old: bool  # 0.x, which makes another graph for training
    names: tuple[str, ...] = ()  # of the inputs of a Graph


def _graph(model: Any, layers: Sequence[Part], engine: Engine) -> _Graph:
    phase: Any = None
    names: tuple[str, ...] = ()
    is_old = not (hasattr(model, "inbound_nodes") or hasattr(model, "model"))
    if not is_old:  # 1.x
        import keras.backend

        learning_phase = keras.backend.learning_phase()
        phase = None if isinstance(learning_phase, int) else learning_phase
        inputs = tuple(model.inputs)
        shapes = tuple(tuple(one._keras_shape) for one in inputs)
        names = tuple(getattr(model, "_graph_inputs", ()))
        called = tuple(getattr(model, "_graph_outputs", ())) or [one._keras_history[0].name for one in model.outputs]
        outputs = tuple(_Node(name, "", one, _mask_of(one)) for name, one in zip(called, model.outputs, strict=True))
        nodes = [node for part in layers for node in _nodes_1(part)]
    elif hasattr(model, "input_order"):  # a Graph of 0.x
        names = tuple(model.input_order)
        inputs = tuple(model.inputs[name].get_input(False) for name in names)
        shapes = tuple(_shape_of_input_0(model.inputs[name], engine) for name in names)
        ends = [(name, model.outputs[name]) for name in model.output_order]
        outputs = tuple(_Node(name, "", one.get_output(False), one.get_output_mask(False)) for name, one in ends)
        nodes = [node for part in layers for node in _nodes_0(part)]
    else:  # 0.x
        value = model.get_output(train=False)
        given = model.get_input(train=False)
        inputs = tuple(_flat(given))
        shapes = tuple(_shape_0(one, model, layers) for one in inputs)
        outputs = (_Node(_name(model.layers[-1]), "", value, model.layers[-1].get_output_mask(False)),)
        nodes = [node for part in layers for node in _nodes_0(part)]
    known = set(inputs) | {phase}
    reachable = engine.ancestors([node.value for node in outputs])
    nodes = [  # 0.x made the graph of a layer anew at each question
        node for node in nodes
        if (is_old or node.value in reachable) and known.issuperset(engine.free(engine.ancestors([node.value])))
    ]  # fmt: skip
    masking = next((part.layer for part in layers if type(part.layer).__name__ == "Masking"), None)
    return _Graph(
        inputs, shapes, tuple(_table(one, reachable, engine) for one in inputs), outputs, tuple(nodes),
        None if masking is None else float(masking.mask_value),
        any(getattr(part.layer, "mask_zero", False) for part in layers), phase, is_old, names,
    )  # fmt: skip


def _flat(given: Any) -> list[Any]:
    if isinstance(given, dict):
        given = list(given.values())
    if isinstance(given, (list, tuple)):
        return [one for item in given for one in _flat(item)]
    return [given]


def _mask_of(tensor: Any) -> Any:
    layer, node, index = tensor._keras_history
    return layer.inbound_nodes[node].output_masks[index]


def _nodes_1(part: Part) -> Iterator[_Node]:
    for node in getattr(part.outer, "inbound_nodes", ()):
        for value, mask in zip(node.output_tensors, node.output_masks, strict=True):
            yield _Node(
                _name(part.layer), type(part.layer).__name__, value, mask, tuple(node.input_tensors),
                tuple(node.input_masks),
            )  # fmt: skip


def _nodes_0(part: Part) -> Iterator[_Node]:
    try:
        value, mask = part.outer.get_output(False), part.outer.get_output_mask(False)
    except Exception:  # a layer of a shared head, say, is not connected by itself
        return
    if value is not None and not isinstance(value, (list, dict)):
        yield _Node(_name(part.layer), type(part.layer).__name__, value, mask, *_given_0(part.outer))


def _given_0(layer: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The inputs of a layer of 0.x, with their masks; none where they are not plain."""
    try:
        value, mask = layer.get_input(False), layer.get_input_mask(False)
    except Exception:  # a Merge has several, by other means
        return (), ()
    return ((), ()) if isinstance(value, (list, dict)) else ((value,), (mask,))


def _shape_0(tensor: Any, model: Any, layers: Sequence[Part]) -> tuple[int | None, ...]:
    for part in layers:
        if getattr(part.outer, "input", None) is tensor:
            if type(part.outer).__name__ == "Embedding":  # it takes the size of its table for the length of its input
                return (None, part.outer.input_length)
            return tuple(part.outer.input_shape)
    return tuple(model.input_shape)


def _loose_ends(model: Any, layers: Sequence[Part], graph: _Graph, engine: Engine) -> list[Part]:
    """Layers of a Graph of 0.x that no output hangs on: Keras counted their weights, later models leave them out."""
    if not hasattr(model, "input_order"):
        return []
    reachable = engine.ancestors([node.value for node in graph.outputs])
    found = []
    for part in layers:
        own = getattr(part.layer, "params", None) or getattr(part.layer, "trainable_weights", [])  # before 0.3; 0.3
        if own and reachable.isdisjoint(engine.ancestors(own)):
            found.append(part)
    return found


def _shape_of_input_0(layer: Any, engine: Engine) -> tuple[int | None, ...]:
    """Of an input of a Graph; 0.2 has the shape without the axis of the batch."""
    shape = tuple(layer.input_shape)
    rank = engine.rank(layer.get_input(False))
    return shape if len(shape) == rank else (None, *shape)


def _table(tensor: Any, reachable: set[Any], engine: Engine) -> int | None:
    """How many rows the smallest table has that this input indexes; None: it indexes none."""
    rows = engine.rows(tensor, reachable)
    if rows:
        return min(rows)
    return 2 if engine.dtype(tensor).startswith(("int", "uint")) else None


def _inputs(graph: _Graph, length: int) -> tuple[Array, ...]:
    random = samples.source("inputs")
    inputs = []
    for shape, table in zip(graph.shapes, graph.tables, strict=True):
        if table is not None:
            values = samples.ids(samples.filled(shape, length), table, random)
            value: float | None = 0 if graph.masks_zero else None
        else:
            values = samples.numbers(samples.filled(shape, length), random)
            value = graph.masks_value
        inputs.append(values if value is None else samples.masked(values, value))
    return tuple(inputs)


def _predict(graph: _Graph, function: Any, length: int) -> Run:
    """``function`` gives the values of ``_symbols``."""
    inputs = _inputs(graph, length)
    nodes = graph.outputs + graph.layers
    symbols = _symbols(nodes)
    found = {id(one): np.asarray(value) for one, value in zip(symbols, function(*inputs), strict=True)}
    flags = {id(one): _flags(found[id(one)]) for node in nodes for one in (node.mask, *node.masks) if one is not None}
    told = tuple(
        LayerOutput(
            node.name, node.kind, found[id(node.value)], None if node.mask is None else flags[id(node.mask)],
            tuple(found[id(one)] for one in node.inputs),
            tuple(None if one is None else flags[id(one)] for one in node.masks),
        )
        for node in nodes
    )  # fmt: skip
    return Run(inputs, told[: len(graph.outputs)], told[len(graph.outputs) :])


def _symbols(nodes: Sequence[_Node]) -> list[Any]:
    """All that is asked of a run, each once."""
    every = [one for node in nodes for one in (node.value, node.mask, *node.inputs, *node.masks) if one is not None]
    return list({id(one): one for one in every}.values())


def _penalty(model: Any, graph: _Graph, inputs: Sequence[Array], engine: Engine) -> float | None:
    """What regularisation adds to the loss, as ``compile`` sums it up; None: it can't be told."""
    loss = engine.zero()
    try:
        if hasattr(model, "losses"):  # from 1.2
            phase = 0
            for one in model.losses:
                loss = loss + one
        else:  # added when training only
            phase = 1
            for regularizer in getattr(model, "regularizers", ()):
                loss = regularizer(loss)
        if phase and engine.by_chance([loss]):
            return None  # the outputs of a layer behind a Dropout
        return float(engine.function(graph.inputs, [loss], graph.phase, phase)(*inputs)[0])
    except MemoryError:
        raise
    except Exception:  # a regularizer of the program's own, say
        return None


def _flags(mask: Any) -> Array:
    """A mask of shape (batch, time): this version of Keras may have given numbers, and a last axis of one."""
    flags: Array = np.asarray(mask) != 0
    return flags[..., 0] if flags.ndim == 3 and flags.shape[-1] == 1 else flags


if __name__ == "__main__":
    main()
