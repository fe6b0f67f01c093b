"""Models of Keras 0.1–1.2 and their methods (keras/models.py, keras/engine/training.py, keras/legacy/models.py)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.entry import Dropped, Function, Method, Parameter, Renamed, Spelling, Values
from tdmigrate.keras1.losses import LOSSES, METRICS
from tdmigrate.keras1.optimizers import BY_NAME, by_name

SEQUENTIAL = Function(
    name="Sequential",
    paths={
        "keras.models.Sequential": "0.1-1.2",
        "keras.layers.containers.Sequential": "0.1-0.3",
        "keras.old_models.Sequential": "0.3.3",
    },
    signatures={"0.1": "layers=[]", "1.0": "layers=[], name=None", "1.2.1": "layers=None, name=None"},
    keras3=Spelling("keras.models.Sequential", signature="layers=None, trainable=True, name=None"),
    kind="model",
)

MODEL = Function(
    name="Model",
    paths={
        "keras.models.Model": "0.1-1.2",  # up to 0.3 a base class that made no network
        "keras.engine.training.Model": "1.0-1.2",
        "keras.engine.Model": "1.0-1.2",
    },
    signatures={"1.0": "input, output, name=None"},
    keras3=Spelling(
        "keras.models.Model",
        {"input": Renamed("inputs"), "output": Renamed("outputs")},
        signature="inputs, outputs, name=None",
    ),
    kind="model",
)

GRAPH = Function(
    name="Graph",
    paths={
        "keras.models.Graph": "0.1.2-1.1.1",
        "keras.layers.containers.Graph": "0.1.2-0.3",
        "keras.legacy.models.Graph": "1.0-1.1.1",
        "keras.old_models.Graph": "0.3.3",
    },
    signatures={"0.1.2": "", "1.0": "name=None"},
    keras3=None,
    kind="model",
    person="Keras 3 has no Graph: make keras.Input(name=…) tensors, call the layers on them, and make a keras.Model",
)

_LAST_INPUT = "name=None, dtype=None"

INPUT = Function(
    name="Input",
    paths={
        "keras.layers.Input": "1.0-1.2",
        "keras.engine.Input": "1.0-1.2",
        "keras.engine.topology.Input": "1.0-1.2",
    },
    signatures={
        "1.0": f"shape=None, batch_shape=None, {_LAST_INPUT}",
        "1.0.6": f"shape=None, batch_shape=None, {_LAST_INPUT}, tensor=None",
        "1.1.0": f"shape=None, batch_shape=None, {_LAST_INPUT}, sparse=False, tensor=None",
    },
    keras3=Spelling(
        "keras.layers.Input",
        signature=(
            "shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None, "
            "tensor=None, optional=False"
        ),
    ),
    kind="input",
)

INPUT_LAYER = Function(
    name="InputLayer",
    paths={
        "keras.layers.InputLayer": "1.0-1.2",
        "keras.engine.InputLayer": "1.0-1.2",
        "keras.engine.topology.InputLayer": "1.0-1.2",
    },
    signatures={
        "1.0": "input_shape=None, batch_input_shape=None, input_dtype=None, name=None",
        "1.0.6": "input_shape=None, batch_input_shape=None, input_dtype=None, input_tensor=None, name=None",
        "1.1.0": "input_shape=None, batch_input_shape=None, input_dtype=None, input_tensor=None, sparse=False, "
        "name=None",
    },
    keras3=Spelling(
        "keras.layers.InputLayer",
        {
            "input_shape": Renamed("shape"),
            "batch_input_shape": Renamed("batch_shape"),
            "input_dtype": Renamed("dtype"),
        },
        signature=(
            "shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, input_tensor=None, "
            "optional=False, name=None"
        ),
    ),
    kind="input",
)

INPUT_SPEC = Function(
    name="InputSpec",
    paths={
        "keras.layers.InputSpec": "1.0-1.2",
        "keras.engine.InputSpec": "1.0-1.2",
        "keras.engine.topology.InputSpec": "1.0-1.2",
    },
    signatures={"1.0": "dtype=None, shape=None, ndim=None"},
    keras3=Spelling("keras.layers.InputSpec", signature="dtype=None, shape=None, ndim=None"),
    kind="function",
)

ENTRIES: tuple[Function, ...] = (SEQUENTIAL, MODEL, GRAPH, INPUT, INPUT_LAYER, INPUT_SPEC)

# --- methods -------------------------------------------------------------------------------------------------------

_SHOW_ACCURACY = Dropped("metrics=['acc'] in compile does it in Keras 3", ask=True, trap="D20", harmless=(False,))
ZEROS = (
    "what had the weight 0 did not count in Keras 1 and does now (trap D8): where there is such, compile with "
    "tdmigrate.compat.WeightedLoss(loss)"
)
_ZEROS = Values(doubt=ZEROS)
_DATA: Mapping[str, Parameter] = {"X": Renamed("x")}
_SAMPLE_WEIGHT: Mapping[str, Parameter] = {"sample_weight": Renamed("sample_weight", _ZEROS)}
_CLASS_WEIGHT: Mapping[str, Parameter] = {"class_weight": Renamed("class_weight", _ZEROS)}
# a generator makes its own batches
_GENERATED = ("steps_per_epoch", "steps", "samples_per_epoch", "val_samples")
_BATCH_SIZE = Renamed("batch_size", pin=True, trap="F2", moot=_GENERATED)
_WORKERS: Mapping[str, Parameter] = {
    "max_q_size": Dropped("Keras 3's PyDataset has max_queue_size", note=True, trap="F5"),
    "nb_worker": Dropped("Keras 3's PyDataset has workers", note=True, trap="F5"),
    "nb_val_worker": Dropped("Keras 3's PyDataset has workers", note=True, trap="F5"),
    "pickle_safe": Dropped("Keras 3's PyDataset has use_multiprocessing", note=True, trap="F5"),
}
# rules/steps.py: where the batch size is known, the number of batches is written in its place
SAMPLES: Mapping[str, str] = {
    "samples_per_epoch": "steps_per_epoch", "nb_val_samples": "validation_steps", "val_samples": "steps",
}  # fmt: skip


def _counted(name: str) -> str:
    steps = SAMPLES[name]
    return (
        f"it counts samples, `{steps}` of Keras 3 counts batches: write `{steps}=-(-{name} // batch_size)` with the "
        "generator's batch size"
    )


def count_of_samples(name: str) -> str:
    """What to do with a number of samples in a call that has the name of Keras 3 already."""
    return f"`{name}`: {_counted(name)} (trap F3)"


_SAMPLES = {name: Dropped(_counted(name), ask=True, trap="F3", harmless=(None,)) for name in SAMPLES}

_COMPILE = Spelling(
    "compile",
    {
        "optimizer": Renamed("optimizer", by_name("1e-06"), trap="E10"),
        "loss": Renamed("loss", LOSSES),
        "metrics": Renamed("metrics", METRICS),
        "class_mode": Dropped("the metric is told from the loss and the output's shape"),
        "theano_mode": Dropped("Theano is gone"),
        "sample_weight_mode": Dropped(
            "'temporal' weights are given as a 2-D sample_weight", ask=True, trap="D10", harmless=(None,)
        ),
    },
    signature=(
        "optimizer='rmsprop', loss=None, loss_weights=None, metrics=None, weighted_metrics=None, run_eagerly=False, "
        "steps_per_execution=1, jit_compile='auto', auto_scale_loss=True"
    ),
    since={"1.0.3": {"optimizer": BY_NAME._replace(to="optimizer")}},
)

_FIT = Spelling(
    "fit",
    {
        **_DATA,
        **_SAMPLE_WEIGHT,
        **_CLASS_WEIGHT,
        "nb_epoch": Renamed("epochs", pin=True, trap="F1"),
        "batch_size": _BATCH_SIZE,
        "show_accuracy": _SHOW_ACCURACY,
    },
    # batch_size=None is 32
    signature=(
        "x=None, y=None, batch_size=32, epochs=1, verbose='auto', callbacks=None, validation_split=0.0, "
        "validation_data=None, shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, "
        "steps_per_epoch=None, validation_steps=None, validation_batch_size=None, validation_freq=1"
    ),
)

_BATCHED: Mapping[str, Parameter] = {**_DATA, "batch_size": _BATCH_SIZE}
_KERAS3_PREDICT = "x, batch_size=32, verbose='auto', steps=None, callbacks=None"

_EVALUATE = Spelling(
    "evaluate",
    {**_BATCHED, **_SAMPLE_WEIGHT, "show_accuracy": _SHOW_ACCURACY},
    signature=(
        "x=None, y=None, batch_size=32, verbose='auto', sample_weight=None, steps=None, callbacks=None, "
        "return_dict=False"
    ),
)
PREDICT = Spelling("predict", _BATCHED, signature=_KERAS3_PREDICT)
_ACCURACY: Mapping[str, Parameter] = {**_DATA, **_SAMPLE_WEIGHT, "accuracy": _SHOW_ACCURACY}
_TRAIN_ON_BATCH = Spelling(
    "train_on_batch",
    {**_ACCURACY, **_CLASS_WEIGHT},
    signature="x, y=None, sample_weight=None, class_weight=None, return_dict=False",
)
_TEST_ON_BATCH = Spelling("test_on_batch", _ACCURACY, signature="x, y=None, sample_weight=None, return_dict=False")
_PREDICT_ON_BATCH = Spelling("predict_on_batch", _DATA, signature="x")
_FIT_GENERATOR = Spelling(
    "fit",
    {
        "generator": Renamed("x"),
        **_SAMPLES,
        "nb_epoch": Renamed("epochs"),
        **_CLASS_WEIGHT,
        "show_accuracy": _SHOW_ACCURACY,
        **_WORKERS,
    },
    signature=_FIT.signature,
)
_EVALUATE_GENERATOR = Spelling(
    "evaluate",
    {"generator": Renamed("x"), **_SAMPLES, "show_accuracy": _SHOW_ACCURACY, **_WORKERS},
    signature=_EVALUATE.signature,
)
_PREDICT_GENERATOR = Spelling("predict", {"generator": Renamed("x"), **_SAMPLES, **_WORKERS}, signature=_KERAS3_PREDICT)

# Graph: ``data`` holds inputs and outputs by name; Keras 3 takes them apart, as x and y (rules/graph_data.py)
_NAMED: Mapping[str, Parameter] = {"data": Renamed("x")}
_GRAPH_COMPILE = _COMPILE._replace(
    parameters={**_COMPILE.parameters, "sample_weight_modes": _COMPILE.parameters["sample_weight_mode"]}
)


def _graph(spelling: Spelling) -> Spelling:
    """A model's method as that of a Graph, with one argument for all data."""
    return spelling._replace(
        parameters={**spelling.parameters, **_NAMED}, signature=spelling.signature.replace(" y=None,", "")
    )


_FIT_END = "validation_split=0.0, validation_data=None, shuffle=True, {}class_weight=None, sample_weight=None"
_FIT_0_X = f"X, y, batch_size=128, nb_epoch=100, verbose=1, callbacks=[], {_FIT_END.format('show_accuracy=False, ')}"
_FIT_1_X = f"x, y, batch_size=32, nb_epoch=10, verbose=1, callbacks=[], {_FIT_END.format('')}"
_FIT_1_2 = _FIT_1_X.replace("callbacks=[]", "callbacks=None")

_GENERATE_0 = (
    "generator, samples_per_epoch, nb_epoch, verbose=1, show_accuracy=False, callbacks=[], validation_data=None"
)
_GENERATE_1 = (
    "generator, samples_per_epoch, nb_epoch, verbose=1, callbacks=[], validation_data=None, nb_val_samples=None, "
    "class_weight={}"
)
_QUEUE = "max_q_size=10"
_PROCESSES = f"{_QUEUE}, nb_worker=1, pickle_safe=False"


def _generators(name: str, start: str, owners: tuple[str, ...], spelling: Spelling) -> Method:
    """evaluate_generator and predict_generator."""
    old = {"0.3.3": "generator, val_samples, show_accuracy=False, verbose=1, **kwargs"} if start == "0.3.3" else {}
    return Method(
        name,
        owners,
        {
            **old,
            "1.0": "generator, val_samples, **kwargs",
            "1.0.1": f"generator, val_samples, {_QUEUE}, **kwargs",
            "1.0.6": f"generator, val_samples, {_PROCESSES}, **kwargs",
        },
        spelling,
    )


_BOTH = ("Sequential", "Model")
_ALL = (*_BOTH, "Graph")
_GRAPH = "Keras 3 has no Graph: see the finding on the Graph itself"  # of add_…, which it takes with it


_PREDICTED = {"0.1": "X, batch_size=128, verbose=1", "1.0": "x, batch_size=32, verbose=1"}

METHODS = (
    Method("add", ("Sequential",), {"0.1": "layer"}, Spelling("add", signature="layer, rebuild=True")),
    Method("pop", ("Sequential",), {"1.0.6": ""}, Spelling("pop", signature="rebuild=True")),
    Method(
        "compile",
        ("Sequential",),
        {
            "0.1": "optimizer, loss, class_mode='categorical', theano_mode=None",
            "0.3.1": "optimizer, loss, class_mode='categorical'",
            "0.3.2": "optimizer, loss, class_mode='categorical', sample_weight_mode=None",
            "0.3.3": "optimizer, loss, class_mode=None, sample_weight_mode=None, **kwargs",
            "1.0": "optimizer, loss, metrics=[], sample_weight_mode=None, **kwargs",
            "1.2.1": "optimizer, loss, metrics=None, sample_weight_mode=None, **kwargs",
        },
        _COMPILE,
    ),
    Method(
        "compile",
        ("Model",),
        {
            "1.0": "optimizer, loss, metrics=[], loss_weights=None, sample_weight_mode=None, **kwargs",
            "1.2.1": "optimizer, loss, metrics=None, loss_weights=None, sample_weight_mode=None, **kwargs",
        },
        _COMPILE,
    ),
    Method(
        "fit",
        ("Sequential",),
        {
            "0.1": _FIT_0_X,
            "1.0": f"{_FIT_1_X}, **kwargs",
            "1.2.1": f"{_FIT_1_2}, initial_epoch=0, **kwargs",
        },
        _FIT,
    ),
    Method(
        "fit",
        ("Model",),
        {"1.0": _FIT_1_X, "1.1.2": f"{_FIT_1_X}, initial_epoch=0", "1.2.1": f"{_FIT_1_2}, initial_epoch=0"},
        _FIT,
    ),
    Method(
        "evaluate",
        ("Sequential",),
        {
            "0.1": "X, y, batch_size=128, show_accuracy=False, verbose=1, sample_weight=None",
            "1.0": "x, y, batch_size=32, verbose=1, sample_weight=None, **kwargs",
        },
        _EVALUATE,
    ),
    Method("evaluate", ("Model",), {"1.0": "x, y, batch_size=32, verbose=1, sample_weight=None"}, _EVALUATE),
    Method(
        "predict",
        ("Sequential",),
        {"0.1": "X, batch_size=128, verbose=0", "1.0": "x, batch_size=32, verbose=0"},
        PREDICT,
    ),
    Method("predict", ("Model",), {"1.0": "x, batch_size=32, verbose=0"}, PREDICT),
    Method(
        "predict_classes",  # rules/predictions.py
        ("Sequential",),
        _PREDICTED,
        None,
        "write `predict(x).argmax(axis=-1)`, or `(predict(x) > 0.5).astype('int32')` for one unit",
    ),
    Method("predict_proba", ("Sequential",), _PREDICTED, PREDICT),
    Method(
        "train_on_batch",
        ("Sequential",),
        {
            "0.1": "X, y, accuracy=False, class_weight=None, sample_weight=None",
            "1.0": "x, y, class_weight=None, sample_weight=None, **kwargs",
        },
        _TRAIN_ON_BATCH,
    ),
    Method("train_on_batch", ("Model",), {"1.0": "x, y, sample_weight=None, class_weight=None"}, _TRAIN_ON_BATCH),
    Method(
        "test_on_batch",
        ("Sequential",),
        {"0.1": "X, y, accuracy=False, sample_weight=None", "1.0": "x, y, sample_weight=None, **kwargs"},
        _TEST_ON_BATCH,
    ),
    Method("test_on_batch", ("Model",), {"1.0": "x, y, sample_weight=None"}, _TEST_ON_BATCH),
    Method("predict_on_batch", ("Sequential",), {"0.1": "X", "1.0": "x"}, _PREDICT_ON_BATCH),
    Method("predict_on_batch", ("Model",), {"1.0": "x"}, _PREDICT_ON_BATCH),
    Method(
        "fit_generator",
        ("Sequential",),
        {
            "0.3.1": f"{_GENERATE_0}, class_weight=None, nb_worker=1",
            "0.3.3": f"{_GENERATE_0}, nb_val_samples=None, class_weight=None, nb_worker=1, nb_val_worker=None",
            "1.0": f"{_GENERATE_1.format('None')}, **kwargs",
            "1.0.1": f"{_GENERATE_1.format('None')}, {_QUEUE}, **kwargs",
            "1.0.6": f"{_GENERATE_1.format('None')}, {_PROCESSES}, **kwargs",
            "1.2.1": f"{_GENERATE_1.format('None')}, {_PROCESSES}, initial_epoch=0, **kwargs".replace(
                "callbacks=[]", "callbacks=None"
            ),
        },
        _FIT_GENERATOR,
    ),
    Method(
        "fit_generator",
        ("Model",),
        {
            "1.0": _GENERATE_1.format("{}"),
            "1.0.1": f"{_GENERATE_1.format('{}')}, {_QUEUE}",
            "1.0.6": f"{_GENERATE_1.format('{}')}, {_PROCESSES}",
            "1.1.2": f"{_GENERATE_1.format('{}')}, {_PROCESSES}, initial_epoch=0",
            "1.2.1": f"{_GENERATE_1.format('None')}, {_PROCESSES}, initial_epoch=0".replace(
                "callbacks=[]", "callbacks=None"
            ),
        },
        _FIT_GENERATOR,
    ),
    _generators("evaluate_generator", "0.3.3", _BOTH, _EVALUATE_GENERATOR),
    _generators("predict_generator", "1.0", _BOTH, _PREDICT_GENERATOR),
    Method(
        "summary",
        _ALL,
        {"0.3.1": "", "1.0.4": "line_length=100, positions=[0.33, 0.55, 0.67, 1.0]"},
        Spelling("summary"),
    ),
    Method(
        "save",
        _ALL,
        {"1.0.7": "filepath, overwrite=True"},
        Spelling("save", signature="filepath, overwrite=True, zipped=None"),
    ),
    Method(
        "save_weights",
        _ALL,
        {"0.1": "filepath, overwrite=False", "1.0.7": "filepath, overwrite=True"},
        Spelling(
            "save_weights",
            {"overwrite": Renamed("overwrite")},
            signature="filepath, overwrite=True, max_shard_size=None",
        ),
    ),
    Method(
        "load_weights",
        _ALL,
        {"0.1": "filepath", "1.1.0": "filepath, by_name=False"},
        Spelling("load_weights", signature="filepath, skip_mismatch=False"),
    ),
    Method(
        "get_layer",
        _ALL,
        {"1.0": "name=None, index=None"},
        # Keras 1 went by the index where both are given
        Spelling("get_layer", signature="name=None, index=None", exclusive=("index", "name")),
    ),
    Method(
        "get_config",
        _ALL,
        {"0.1": "verbose=0", "1.0": ""},
        Spelling("get_config", {"verbose": Dropped("it printed the config: use pprint")}),
    ),
    Method("to_json", _ALL, {"0.1": "**kwargs"}, Spelling("to_json")),
    Method("to_yaml", _ALL, {"0.1": "**kwargs"}, None, "Keras 3 writes no YAML: use to_json"),
    Method(
        "get_output", ("Sequential", "Graph"), {"0.1": "train=False"}, None, "use the layer's or model's output tensor"
    ),
    Method(
        "get_input", ("Sequential", "Graph"), {"0.1": "train=False"}, None, "use the layer's or model's input tensor"
    ),
    Method(
        "add_input",
        ("Graph",),
        {
            "0.1": "name, ndim=2, dtype='float'",
            "0.2": "name, input_shape, dtype='float'",
            "0.3.1": "name, input_shape=None, batch_input_shape=None, dtype='float'",
        },
        None,
        _GRAPH,
    ),
    Method(
        "add_node",
        ("Graph",),
        {
            "0.1": "layer, name, input=None, inputs=[], merge_mode='concat', create_output=False",
            "0.2": "layer, name, input=None, inputs=[], merge_mode='concat', concat_axis=-1, create_output=False",
            "0.3": "layer, name, input=None, inputs=[], merge_mode='concat', concat_axis=-1, dot_axes=-1, "
            "create_output=False",
        },
        None,
        _GRAPH,
    ),
    Method(
        "add_shared_node",
        ("Graph",),
        {
            "0.3": "layer, name, inputs=[], merge_mode=None, concat_axis=-1, dot_axes=-1, outputs=[], "
            "create_output=False"
        },
        None,
        _GRAPH,
    ),
    Method(
        "add_output",
        ("Graph",),
        {
            "0.1": "name, input=None, inputs=[], merge_mode='concat'",
            "0.2": "name, input=None, inputs=[], merge_mode='concat', concat_axis=-1",
            "0.3": "name, input=None, inputs=[], merge_mode='concat', concat_axis=-1, dot_axes=-1",
        },
        None,
        _GRAPH,
    ),
    Method(
        "compile",
        ("Graph",),
        {
            "0.1": "optimizer, loss, theano_mode=None",
            "0.3.1": "optimizer, loss",
            "0.3.2": "optimizer, loss, sample_weight_modes={}",
            "0.3.3": "optimizer, loss, sample_weight_modes={}, loss_weights={}, **kwargs",
            "1.0": "optimizer, loss, metrics=[], sample_weight_modes=None, loss_weights=None, **kwargs",
        },
        _GRAPH_COMPILE,
    ),
    Method(
        "fit",
        ("Graph",),
        {
            "0.1": "data, batch_size=128, nb_epoch=100, verbose=1, callbacks=[], validation_split=0.0, "
            "validation_data=None, shuffle=True, class_weight={}, sample_weight={}",
            "0.3.3": "data, batch_size=128, nb_epoch=100, verbose=1, callbacks=[], validation_split=0.0, "
            "validation_data=None, shuffle=True, show_accuracy=False, class_weight={}, sample_weight={}",
            "1.0": "data, batch_size=32, nb_epoch=10, verbose=1, callbacks=[], validation_split=0.0, "
            "validation_data=None, shuffle=True, class_weight=None, sample_weight=None, **kwargs",
        },
        _graph(_FIT),
    ),
    Method(
        "evaluate",
        ("Graph",),
        {
            "0.1": "data, batch_size=128, verbose=0, sample_weight={}",
            "0.3.3": "data, batch_size=128, show_accuracy=False, verbose=0, sample_weight={}",
            "1.0": "data, batch_size=128, verbose=0, sample_weight={}, **kwargs",
        },
        _graph(_EVALUATE),
    ),
    Method("predict", ("Graph",), {"0.1": "data, batch_size=128, verbose=0"}, _graph(PREDICT)),
    Method("predict_on_batch", ("Graph",), {"0.1": "data"}, _graph(_PREDICT_ON_BATCH)),
    Method(
        "train_on_batch",
        ("Graph",),
        {
            "0.1": "data, class_weight={}, sample_weight={}",
            "0.3.3": "data, accuracy=False, class_weight={}, sample_weight={}",
            "1.0": "data, class_weight={}, sample_weight={}, **kwargs",
        },
        _graph(_TRAIN_ON_BATCH),
    ),
    Method(
        "test_on_batch",
        ("Graph",),
        {
            "0.1": "data, sample_weight={}",
            "0.3.3": "data, accuracy=False, sample_weight={}",
            "1.0": "data, sample_weight={}, **kwargs",
        },
        _graph(_TEST_ON_BATCH),
    ),
    Method(
        "fit_generator",
        ("Graph",),
        {
            "0.3.1": "generator, samples_per_epoch, nb_epoch, verbose=1, callbacks=[], validation_data=None, "
            "class_weight={}, nb_worker=1",
            "0.3.3": f"{_GENERATE_0}, nb_val_samples=None, class_weight={{}}, nb_worker=1, nb_val_worker=None",
            "1.0": f"{_GENERATE_1.format('{}')}, **kwargs",
            "1.0.1": f"{_GENERATE_1.format('{}')}, {_QUEUE}, **kwargs",
            "1.1.1": f"{_GENERATE_1.format('{}')}, {_PROCESSES}, **kwargs",
        },
        _FIT_GENERATOR,
    ),
    Method(
        "evaluate_generator",
        ("Graph",),
        {
            "0.3.3": "generator, nb_val_samples, show_accuracy=False, verbose=1, **kwargs",
            "1.0": "generator, val_samples, verbose=1, **kwargs",
            "1.0.1": f"generator, val_samples, verbose=1, {_QUEUE}, **kwargs",
            "1.1.1": f"generator, val_samples, verbose=1, {_PROCESSES}, **kwargs",
        },
        _EVALUATE_GENERATOR,
    ),
)
