"""Helpers of Keras 0.1–1.2 (keras/utils)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tdmigrate.keras1.entry import Function, Ordered, Parameter, Renamed, Spelling

_COMPAT = "tdmigrate.compat"


def _same(
    module: str, name: str, versions: str, signature: str, to: str, parameters: Mapping[str, Parameter] | None = None
) -> Function:
    """With the same parameters in the same order, but for their names."""
    known = parameters or {}
    new = signature
    for old, parameter in known.items():
        if isinstance(parameter, Renamed):
            new = re.sub(rf"\b{old}\b", parameter.to, new)
        elif isinstance(parameter, Ordered):
            new = new.replace(f"{old}='default'", f"{parameter.to}=None")
    first = versions.partition("-")[0]
    path = f"keras.utils.{module}.{name}"
    return Function(name, {path: versions}, {first: signature}, Spelling(to, known, signature=new), "data")


def _gone(module: str, names: str, versions: str, person: str) -> tuple[Function, ...]:
    """Names that a person has to replace, whatever they are called with."""
    return tuple(
        Function(name, {f"keras.utils.{module}.{name}": versions}, {"0.1": "*args, **kwargs"}, None, "data", person)
        for name in names.split()
    )


_NUMPY = (
    Function(
        "to_categorical",
        {"keras.utils.np_utils.to_categorical": "0.1-1.2"},
        {"0.1": "y, nb_classes=None"},
        Spelling(
            f"{_COMPAT}.to_categorical",
            {"nb_classes": Renamed("num_classes")},
            signature="y, num_classes=None, each_row=False",
        ),
        "data",
    ),
    _same("np_utils", "normalize", "0.1-1.2", "a, axis=-1, order=2", f"{_COMPAT}.normalize", {"a": Renamed("x")}),
    _same("np_utils", "probas_to_classes", "0.1-1.2", "y_pred", f"{_COMPAT}.probas_to_classes"),
    Function(
        "convert_kernel",
        {"keras.utils.np_utils.convert_kernel": "1.0.1-1.2"},
        {
            "1.0.1": "kernel, dim_ordering='th'",
            "1.1.1": "kernel, dim_ordering='default'",
            "1.2": "kernel, dim_ordering=None",
        },
        Spelling(f"{_COMPAT}.convert_kernel", {"dim_ordering": Ordered()}, signature="kernel, data_format=None"),
        "data",
    ),
    *_gone("np_utils", "categorical_probas_to_classes", "0.1-1.2", "write `np.argmax(p, axis=1)`"),
    *_gone("np_utils", "accuracy", "0.1-1.2", "write `np.mean(np.asarray(p) == np.asarray(y))`"),
    *_gone(
        "np_utils",
        "binary_logloss",
        "0.1-1.2",
        "write `-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))` with `p = np.clip(p, 1e-15, 1 - 1e-15)`",
    ),
    *_gone(
        "np_utils",
        "multiclass_logloss",
        "0.1-1.2",
        "write `-np.mean(np.log(p[np.arange(len(y)), y - 1]))`: it counted classes from 1 on",
    ),
    *_gone(
        "np_utils",
        "conv_output_length conv_input_length",
        "1.0.6-1.2",
        "Keras 3 tells the shape: layer.compute_output_shape(input_shape)",
    ),
)

_SHAPES = "show_shapes=False, show_dtype=False"


def _drawing(name: str, versions: str, first: str, to: str) -> Function:
    """A picture of a model; ``recursive`` and ``show_shape`` are of 0.3, by keyword."""
    names = "show_layer_names=True"
    old = {
        "0.1": f"{first}, *, {names}",  # not to be told yet, but it drew them
        "0.3": f"{first}, *, recursive=False, show_shape=False, {names}",
        "1.0": f"{first}, show_shapes=False, {names}",
    }
    named = to == "model_to_dot"  # by default, today
    return Function(
        name,
        {f"keras.utils.visualize_util.{name}": versions},
        old,
        Spelling(
            f"keras.utils.{to}",
            {
                "show_layer_names": Renamed("show_layer_names", pin=True),
                "recursive": Renamed("expand_nested"),
                "show_shape": Renamed("show_shapes"),
            },
            signature=f"{first}, {_SHAPES}, show_layer_names={named}, rankdir='TB', expand_nested=False",
        ),
        "data",
    )


_DRAWINGS = (
    _drawing("plot", "0.1-1.2", "model, to_file='model.png'", "plot_model"),
    _drawing("model_to_dot", "1.0-1.2", "model", "model_to_dot"),
    _drawing("to_graph", "0.3", "model", "model_to_dot"),
)

_GET_FILE = "fname, origin, untar=False, md5_hash=None, cache_subdir='datasets'"



def get_file(path: str, versions: str) -> Function:
    """``get_file``, which was in two places."""
    return Function(
        "get_file",
        {path: versions},
        {"0.1": "fname, origin, untar=False", "1.0.5": _GET_FILE},
        Spelling(
            "keras.utils.get_file",
            signature="fname=None, origin=None, untar=False, md5_hash=None, file_hash=None, cache_subdir='datasets'",
        ),
        "data",
    )


_FILES = (
    get_file("keras.utils.data_utils.get_file", "0.3.3-1.2"),
    *_gone("data_utils", "validate_file", "1.0.5-1.2", "give get_file a `file_hash`, which it checks"),
    *_gone("data_utils", "urlretrieve", "0.3.3-1.2", "import urlretrieve from urllib.request"),
    _same(
        "io_utils",
        "HDF5Matrix",
        "0.1-1.2",
        "datapath, dataset, start=0, end=None, normalizer=None",
        f"{_COMPAT}.HDF5Matrix",
    ),
    _same("io_utils", "save_array", "0.1-1.2", "array, name", f"{_COMPAT}.save_array"),
    _same("io_utils", "load_array", "0.1-1.2", "name", f"{_COMPAT}.load_array"),
    *_gone(
        "io_utils", "ask_to_proceed_with_overwrite", "1.0.7-1.2", "ask by `input(...)`, or give save `overwrite=True`"
    ),
)

_GENERIC = (
    Function(
        "Progbar",
        {"keras.utils.generic_utils.Progbar": "0.1-1.2"},
        {"0.1": "target, width=30, verbose=1, interval=0.01", "1.0": "target, width=30, verbose=1, interval=0.05"},
        Spelling("keras.utils.Progbar", signature="target, width=20, verbose=1, interval=0.05"),
        "data",
    ),
    # they took any number of dicts: rules/data.py
    _same("generic_utils", "custom_object_scope", "1.2.2", "custom_objects", "keras.utils.custom_object_scope"),
    _same("generic_utils", "CustomObjectScope", "1.2.2", "custom_objects", "keras.utils.CustomObjectScope"),
    _same("generic_utils", "get_custom_objects", "1.2.2", "", "keras.utils.get_custom_objects"),
    *_gone("generic_utils", "get_from_module", "0.1-1.2", "use the `get` of the module, such as keras.losses.get"),
    *_gone("generic_utils", "make_tuple", "0.1-1.2", "write the tuple itself"),
    *_gone("generic_utils", "printv display_table", "0.1-1.2.0", "use print or pprint"),
    *_gone(
        "generic_utils",
        "func_dump func_load func_reconstruct_closure",
        "1.1-1.2",
        "byte code holds for one version of Python: import the function instead",
    ),
)

_LAYERS = (
    _same(
        "layer_utils", "convert_all_kernels_in_model", "1.0.7-1.2", "model", f"{_COMPAT}.convert_all_kernels_in_model"
    ),
    *_gone("layer_utils", "print_summary model_summary print_layer_shapes", "0.1-1.2", "write `model.summary()`"),
    *_gone("layer_utils", "count_total_params", "1.2", "write `model.count_params()`"),
    *_gone(
        "layer_utils",
        "layer_from_config container_from_config get_layer",
        "0.1-1.2",
        "use keras.layers.deserialize, with a config that Keras 3 made: those of Keras 1 have other arguments",
    ),
)

_TESTS = (
    *_gone("test_utils", "get_test_data", "0.1-1.2", "make the arrays with NumPy, or keep a copy of the function"),
    *_gone("test_utils", "layer_test keras_test", "0.3.3-1.2", "call the layer on arrays and compare"),
    *_gone("theano_utils", "floatX", "0.1-0.2", "write `np.asarray(x, dtype=keras.config.floatx())`"),
    *_gone(
        "theano_utils",
        "sharedX shared_zeros shared_scalar shared_ones alloc_zeros_matrix",
        "0.1-0.2",
        "a variable is keras.Variable(value), in a layer self.add_weight(shape=…, initializer=…)",
    ),
    *_gone("theano_utils", "ndim_tensor", "0.1-0.2", "a placeholder is keras.Input(shape=…)"),
    *_gone("theano_utils", "on_gpu", "0.1-0.2", "ask the backend, such as tf.config.list_physical_devices('GPU')"),
)

ENTRIES: tuple[Function, ...] = (*_NUMPY, *_DRAWINGS, *_FILES, *_GENERIC, *_LAYERS, *_TESTS)
