"""A call for every function, class and method of Keras 0.2–1.2 that is no layer, and the program around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from layer_calls import Trial
from legacy_api import LegacyFunction, LegacyParameter

# area → the modules that belong to it
AREAS: Mapping[str, tuple[str, ...]] = {
    "losses": ("keras.objectives", "keras.metrics"),
    "optimizers": ("keras.optimizers",),
    "initializers": ("keras.initializations", "keras.activations"),
    "regularizers": ("keras.regularizers", "keras.constraints"),
    "callbacks": ("keras.callbacks",),
    "data": ("keras.preprocessing", "keras.datasets", "keras.utils", "keras.wrappers", "keras.applications"),
    "models": ("keras.models", "keras.engine.training"),
}

_MODEL = (
    "model = Sequential()\nmodel.add(Dense(3, input_dim=4))\nmodel.add(Activation('softmax'))\n"
    "model.compile('sgd', 'categorical_crossentropy')\n"
)
# name in a call → the lines that make it
_MADE: Mapping[str, str] = {
    "tensor": "tensor = K.variable(np.ones((2, 3)))",
    "truth": "truth = K.variable(np.eye(3))",
    "numbers": "numbers = K.variable(np.array([0, 1, 2]))",
    "guess": "guess = K.variable(np.ones((3, 3)) / 3.)",
    "labels": "labels = np.array([0, 1, 2, 1])",
    "features": "features = np.ones((4, 4))",
    "targets": "targets = np.eye(3)[[0, 1, 2, 1]]",
    "classes_of": "classes_of = np.array([0, 1, 0, 1])",
    "image": "image = np.ones((3, 8, 3))",
    "images": "images = np.ones((4, 8, 8, 3))",
    "model": "from keras.models import Sequential\nfrom keras.layers.core import Activation, Dense\n" + _MODEL,
    "functional": "from keras.models import Model\nfrom keras.layers import Dense, Input\nleft = Input(shape=(4,))\n"
    "functional = Model(input=left, output=Dense(3, activation='softmax')(left))\n"
    "functional.compile('sgd', 'categorical_crossentropy')\n",
    "build": "from keras.models import Sequential\nfrom keras.layers.core import Activation, Dense\n\n\ndef build():\n"
    + "".join(f"    {line}\n" for line in _MODEL.splitlines())
    + "    return model\n\n",
    "batches": "def endless():\n    while True:\n        yield np.ones((4, 4)), np.eye(3)[[0, 1, 2, 1]]\n\n\n"
    "batches = endless()",
}

# a parameter → the values to try, where its default is none that a program can write
VALUES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("x", "y_pred"), ("guess",)),
    "y_true": ("truth",),
    "identifier": ("None",),
    **dict.fromkeys(("clipnorm", "clipvalue"), ("1.",)),
    "decay": ("0.0", "0.01"),
    "nesterov": ("True",),
    "shape": ("(4, 5)",),
    "dim_ordering": ("'th'", "'tf'"),
    "schedule": ("lambda epoch: 0.1",),
    "filepath": ("'weights.{epoch:02d}.hdf5'", "'weights.h5'"),
    "filename": ("'log.csv'",),
    **dict.fromkeys(("monitor",), ("'val_loss'", "'val_acc'")),
    "patience": ("0", "3"),
    **dict.fromkeys(
        ("on_epoch_begin", "on_epoch_end", "on_batch_begin", "on_batch_end"), ("lambda number, logs: None",)
    ),
    **dict.fromkeys(("on_train_begin", "on_train_end"), ("lambda logs: None",)),
    "headers": ("None",),
    "sequences": ("[[1, 2], [3]]",),
    "sequence": ("[1, 2, 3, 4]",),
    "maxlen": ("3",),
    "vocabulary_size": ("5",),
    "size": ("5",),
    "text": ("'a small text'",),
    "texts": ("['a text', 'another']",),
    "n": ("50",),
    "nb_words": ("100",),
    **dict.fromkeys(("filters",), ("'!.'",)),
    "y": ("labels",),
    "nb_classes": ("3",),
    **dict.fromkeys(("a", "array", "p", "P", "Y"), ("targets",)),
    "preds": ("targets",),
    "kernel": ("np.ones((2, 3, 3, 3))",),
    "input_length": ("10",),
    "output_length": ("10",),
    "filter_size": ("3",),
    "border_mode": ("'same'", "'valid'"),
    "stride": ("2",),
    "fname": ("'a.txt'",),
    "origin": ("'https://example.com/a.txt'",),
    "md5_hash": ("None",),
    "fpath": ("'a.txt'",),
    "datapath": ("'data.h5'",),
    "dataset": ("'x'",),
    "start": ("0",),
    "end": ("2",),
    "name": ("'array.h5'",),
    "target": ("10",),
    "build_fn": ("build",),
    "path": ("'a.png'",),
    "directory": ("'images'",),
    "img": ("image",),
    "matrix": ("np.eye(3)",),
    "transform_matrix": ("np.eye(3)",),
    "intensity": ("0.1",),
    "rg": ("0.1",),
    "wrg": ("0.1",),
    "hrg": ("0.1",),
    "zoom_range": ("(0.9, 1.1)",),
    "row_axis": ("0",),
    "col_axis": ("1",),
    "channel_axis": ("2",),
    "axis": ("1",),
    "weights": ("None",),
    "sampling_table": ("None",),
    "target_size": ("(8, 8)",),
    "model": ("model",),
    "layers": ("model.layers",),
    "optimizer": ("'sgd'",),
    "func": ("len",),
    "config": ("{}",),
    "metrics": ("['accuracy']", "['acc', 'mse']"),
    "loss": ("'mse'",),
    "class_mode": ("'categorical'", "'binary'"),
    "theano_mode": ("None",),
    "sample_weight_mode": ("None", "'temporal'"),
    "loss_weights": ("[1.]",),
    **dict.fromkeys(("batch_size",), ("2",)),
    "nb_epoch": ("1",),
    **dict.fromkeys(("show_accuracy", "accuracy"), ("False", "True")),
    "callbacks": ("[]",),
    "validation_split": ("0.5",),
    "shuffle": ("True",),
    "class_weight": ("{0: 1., 1: 2., 2: 1.}",),
    "sample_weight": ("np.ones(4)",),
    "generator": ("batches",),
    "samples_per_epoch": ("8",),
    **dict.fromkeys(("val_samples", "nb_val_samples"), ("8",)),
    "initial_epoch": ("0",),
    "nb_worker": ("1",),
    "nb_val_worker": ("1",),
    "pickle_safe": ("False",),
    "max_q_size": ("10",),
    "overwrite": ("True",),
    "by_name": ("True",),
    "line_length": ("80",),
    "positions": ("[.33, .55, .67, 1.]",),
    "custom_objects": ("{}",),
    "verbose": ("0",),
    "index": ("0",),
}

_ON_DATA = (
    "fit", "evaluate", "predict", "predict_classes", "predict_proba", "train_on_batch", "test_on_batch",
    "predict_on_batch",
)  # fmt: skip
# what one function or method takes, before ``VALUES``: (name or Class.name, parameter) → values
OF_ONE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("get", "identifier"): ("None",),
    ("sparse_categorical_crossentropy", "y_true"): ("numbers",),
    ("sparse_categorical_accuracy", "y_true"): ("numbers",),
    ("l1", "l"): ("0.1",),
    ("l2", "l"): ("0.1",),
    ("EigenvalueRegularizer", "k"): ("2",),
    ("TensorBoard", "histogram_freq"): ("0", "1"),
    ("ModelCheckpoint", "period"): ("1", "2"),
    **{(name, "x"): ("features",) for name in _ON_DATA},
    **{(name, "X"): ("features",) for name in _ON_DATA},
    **{(name, "y"): ("targets",) for name in _ON_DATA},
    ("fit_on_sequences", "sequences"): ("[[1, 2], [3]]",),
    ("sequences_to_matrix", "mode"): ("'binary'", "'count'", "'tfidf'", "'freq'"),
    ("texts_to_matrix", "mode"): ("'binary'", "'count'", "'tfidf'", "'freq'"),
    ("compile", "optimizer"): ("'sgd'", "'adagrad'"),
    ("ImageDataGenerator.fit", "X"): ("images",),
    ("ImageDataGenerator.fit", "x"): ("images",),
    ("ImageDataGenerator.standardize", "x"): ("images[0]",),
    ("flow", "X"): ("images",),
    ("flow", "x"): ("images",),
    ("set_weights", "weights"): ("model.get_weights()",),
    ("save_weights", "filepath"): ("'weights.h5'",),
    ("load_weights", "filepath"): ("'weights.h5'",),
    ("save", "filepath"): ("'model.h5'",),
    ("get_layer", "name"): ("model.layers[0].name",),
    ("Model.get_layer", "name"): ("functional.layers[0].name",),
    ("get_layer", "index"): ("0",),
    ("Sequential", "layers"): ("[]",),
    ("flip_axis", "x"): ("image",),
    ("flip_axis", "axis"): ("1",),
    ("transform_matrix_offset_center", "x"): ("8",),
    ("transform_matrix_offset_center", "y"): ("8",),
    **{
        (name, "x"): ("image",)
        for name in (
            "apply_transform", "array_to_img", "horizontal_flip", "random_barrel_transform", "random_channel_shift",
            "random_rotation", "random_shear", "random_shift", "random_transform", "random_zoom", "standardize",
            "vertical_flip",
        )
    },
    ("preprocess_input", "x"): ("images",),
}  # fmt: skip

# classes that programs derive others from, and make no object of
BASES = frozenset(("Optimizer",))
_UNKNOWN = "None"  # for what no program of a user's gives: such calls are bound to a signature, not run
# functions that fetch, draw or read files: not run either
_NOT_RUN = frozenset(
    (
        "DirectoryIterator", "HDF5Matrix", "InceptionV3", "MusicTaggerCRNN", "ResNet50", "VGG16", "VGG19", "Xception",
        "ask_to_proceed_with_overwrite", "decode_predictions", "flow_from_directory", "get_file", "get_word_index",
        "list_pictures", "load_array", "load_batch", "load_data", "load_img", "load_model", "load_weights",
        "model_to_dot", "plot", "save_array", "to_graph", "validate_file",
    )
)  # fmt: skip

_OBJECTS: Mapping[str, str] = {
    "Tokenizer": "thing = Tokenizer(nb_words=100)\nthing.fit_on_texts(['a text', 'another'])",
    "ImageDataGenerator": "thing = ImageDataGenerator()\nthing.fit(images)\nthing.flow(images, labels)",
    "Sequential": "thing = model",
    "Model": "thing = functional",
}
# of models: methods that a program calls; the others are what Keras calls itself
_METHODS = (
    "compile", "fit", "evaluate", "predict", "predict_classes", "predict_proba", "train_on_batch", "test_on_batch",
    "predict_on_batch", "fit_generator", "evaluate_generator", "predict_generator", "get_config", "summary",
    "save_weights", "load_weights", "get_weights", "set_weights", "to_json", "to_yaml", "save", "pop", "get_layer",
    "reset_states",
)  # fmt: skip


def methods_of(class_: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The methods of a class that a program calls on an object of it."""
    if class_ not in _OBJECTS:
        return ()
    return tuple(one for one in known if class_ not in ("Sequential", "Model") or one in _METHODS)


def trials(function: LegacyFunction) -> Iterator[Trial]:
    """Calls of a function, or of a class that makes an object."""
    for parameter, call in _calls(function.name, function.parameters):
        lines = [f"from {function.module} import {function.name}", f"made = {call}"]
        yield Trial(function.name, parameter, call, _program(lines, call))


def method_trials(owner: LegacyFunction, name: str, parameters: tuple[LegacyParameter, ...]) -> Iterator[Trial]:
    """Calls of a method of an object."""
    for parameter, call in _calls(name, parameters, f"{owner.name}.{name}"):
        first = f"from {owner.module} import {owner.name}"
        lines = [first, _OBJECTS[owner.name], f"made = thing.{call}"]
        yield Trial(f"{owner.name}.{name}", parameter, f"{owner.name}.{call}", _program(lines, f"{lines[1]} {call}"))


# what every call of a function gives: the default would take long
_ALWAYS: Mapping[str, str] = {"fit": "nb_epoch"}
# the arguments of functions that take any number of them
_ANY_NUMBER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("CustomObjectScope", "custom_object_scope"), ("{'len': len}", "{'len': len}, {'max': max}")),
}


def _calls(name: str, parameters: tuple[LegacyParameter, ...], full: str = "") -> Iterator[tuple[str, str]]:
    """``full``: the name of a method with its class."""
    full = full or name
    always = [one.name for one in parameters if one.default is None or one.name == _ALWAYS.get(name)]
    required = {one.name: _values(full, one)[0] for one in parameters if one.name in always}
    seen: set[str] = set()
    if not parameters:
        yield from (("", f"{name}({given})") for given in _ANY_NUMBER.get(name, ("",)))
    for at, parameter in enumerate(parameters):
        for value in _values(full, parameter):
            given = {**required, parameter.name: value}
            calls = [f"{name}({', '.join(f'{key}={text}' for key, text in given.items())})"]
            if parameter.positional:
                before = [required.get(one.name) or _values(full, one)[0] for one in parameters[:at]]
                later = [f"{one}={text}" for one, text in required.items() if one not in _names(parameters[: at + 1])]
                calls.append(f"{name}({', '.join([*before, value, *later])})")
            for call in calls:
                if call not in seen:
                    seen.add(call)
                    yield parameter.name, call


def _names(parameters: tuple[LegacyParameter, ...]) -> set[str]:
    return {one.name for one in parameters}


def _values(name: str, parameter: LegacyParameter) -> tuple[str, ...]:
    short = name.rpartition(".")[2]
    found = OF_ONE.get((name, parameter.name)) or OF_ONE.get((short, parameter.name)) or VALUES.get(parameter.name)
    return found or (parameter.default or _UNKNOWN,)


def is_run(name: str, parameters: tuple[LegacyParameter, ...]) -> bool:
    """Whether a call of it can be run on the data that are given here."""
    if name.rpartition(".")[2] in _NOT_RUN:
        return False
    return not any(one.default is None and _values(name, one) == (_UNKNOWN,) for one in parameters)


def _program(lines: list[str], text: str) -> str:
    words = "".join(one if one == "_" or one.isalnum() else " " for one in text).split()
    made = [lines_of for name, lines_of in _MADE.items() if name in words]
    head = ["import numpy as np", *(["from keras import backend as K"] if any("K." in one for one in made) else [])]
    return "\n".join([*head, *made, *lines]) + "\n"
