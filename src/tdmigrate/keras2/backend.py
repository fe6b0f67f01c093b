"""Functions of keras.backend of Keras 2: those of Keras 1, with the arguments that are other ones."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1 import backend as first
from tdmigrate.keras1.entry import Form, Function, Renamed, Spelling, Text
from tdmigrate.keras2.words import KEY, VERSIONS

_PACKAGE = "keras.backend"
_OPS = Import("keras", "ops")

# arguments that Keras 2 called or ordered otherwise than Keras 1.2
_SIGNATURES = {
    "binary_crossentropy": "target, output, from_logits=False",
    "categorical_crossentropy": "target, output, from_logits=False",
    "expand_dims": "x, axis=-1",
    "l2_normalize": "x, axis=None",
    "one_hot": "indices, num_classes",
    "random_normal": "shape, mean=0.0, stddev=1.0, dtype=None, seed=None",
    "random_uniform": "shape, minval=0.0, maxval=1.0, dtype=None, seed=None",
    "softmax": "x, axis=-1",
    "sparse_categorical_crossentropy": "target, output, from_logits=False",
    "stack": "x, axis=0",
}
# mostly of images, whose arguments and axes are all others: a person decides
_BY_HAND = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), "it is `ops.conv`, whose arguments are in another order"),
    **dict.fromkeys(("conv2d_transpose", "conv3d_transpose"), "it is `ops.conv_transpose`"),
    "separable_conv1d": "it is `ops.separable_conv`",
    "separable_conv2d": "it is `ops.separable_conv`",
    "depthwise_conv2d": "it is `ops.depthwise_conv`",
    **dict.fromkeys(("pool2d", "pool3d"), "it is `ops.max_pool`, or `ops.average_pool`"),
    "resize_images": "it is `keras.layers.UpSampling2D(…)(x)`",
    "resize_volumes": "it is `keras.layers.UpSampling3D(…)(x)`",
    "spatial_2d_padding": "it is `keras.layers.ZeroPadding2D(…)(x)`",
    "spatial_3d_padding": "it is `keras.layers.ZeroPadding3D(…)(x)`",
    "temporal_padding": "it is `keras.layers.ZeroPadding1D(…)(x)`",
    "bias_add": "add the bias, with the axes that it is broadcast along",
    "batch_normalization": "it is `ops.batch_normalization(x, mean, variance, axis, offset, scale)`",
    "map_fn": "it is `ops.map`",
    "batch_dot": "its axes were others up to 2.2: write `ops.einsum`, or `keras.layers.Dot`",
    "local_conv1d": "Keras 3 does not have it",
    "local_conv2d": "Keras 3 does not have it",
    "moving_average_update": "write `x.assign(x * momentum + value * (1 - momentum))` where it is trained",
}
_NEW: Mapping[str, tuple[str, str, str]] = {
    # name → its parameters, where it is now, the parameters there
    "less": ("x, y", "keras.ops.less", "x1, x2"),
    "less_equal": ("x, y", "keras.ops.less_equal", "x1, x2"),
    "cumsum": ("x, axis=0", "keras.ops.cumsum", "x, axis=None"),
    "cumprod": ("x, axis=0", "keras.ops.cumprod", "x, axis=None"),
    "logsumexp": ("x, axis=None, keepdims=False", "keras.ops.logsumexp", "x, axis=None, keepdims=False"),
}
# arguments of Keras 1.2 by other names
_ARGUMENTS = {"dim": "axis", "nb_classes": "num_classes", "std": "stddev", "low": "minval", "high": "maxval"}
_NORMALIZED = (
    Form(Text("({x} * ops.rsqrt(ops.maximum(ops.sum(ops.square({x})), 1e-12)))", (_OPS,)), {"axis": None}),
    Form(Text("ops.normalize({x}, axis={axis})", (_OPS,))),
)


_FLOATX = Import("keras.config", "floatx")
_CONSTANT = (
    Form(
        Text("ops.convert_to_tensor({value}, dtype=floatx())", (_OPS, _FLOATX)),
        {"dtype": None, "shape": None, "name": None},
    ),
    Form(Text("ops.convert_to_tensor({value}, dtype={dtype})", (_OPS,)), {"shape": None, "name": None}),
)


def _hand(name: str, person: str) -> Function:
    return Function(name, {f"{_PACKAGE}.{name}": VERSIONS}, {KEY: "*args, **kwargs"}, None, "backend", person=person)


def _new(name: str, signature: str, now: str, modern: str) -> Function:
    parameters = {
        old: Renamed(new.partition("=")[0].strip(), pin=old == "axis" and "axis=0" in signature)
        for old, new in zip(
            [one.partition("=")[0].strip() for one in signature.split(",")], modern.split(","), strict=True
        )
    }
    return Function(
        name, {f"{_PACKAGE}.{name}": VERSIONS}, {KEY: signature}, Spelling(now, parameters, signature=modern), "backend"
    )


def _as_then(entry: Function) -> Function:
    """The entry of Keras 1, with the arguments of Keras 2."""
    signature = _SIGNATURES.get(entry.name, list(entry.signatures.values())[-1])
    spelling = entry.keras3
    if spelling is not None:
        parameters = {_ARGUMENTS.get(name, name): one for name, one in spelling.parameters.items()}
        spelling = spelling._replace(parameters=parameters)
    entry = entry._replace(paths={f"{_PACKAGE}.{entry.name}": VERSIONS}, signatures={KEY: signature}, keras3=spelling)
    return entry._replace(keras3=None, forms=_NORMALIZED) if entry.name == "l2_normalize" else entry


ENTRIES: Mapping[str, Function] = {
    **{entry.name: _as_then(entry) for entry in first.ENTRIES},
    **{name: _new(name, *told) for name, told in _NEW.items()},
    **{name: _hand(name, person) for name, person in _BY_HAND.items()},
    "constant": Function(
        "constant",
        {f"{_PACKAGE}.constant": VERSIONS},
        {KEY: "value, dtype=None, shape=None, name=None"},
        None,
        "backend",
        person="it is `ops.full(shape, value)`, or `ops.convert_to_tensor(value)`",
        forms=_CONSTANT,
    ),
}

# what Keras 3's keras.backend has
KEPT = frozenset(
    (
        "backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format", "is_float_dtype",
        "is_int_dtype", "is_keras_tensor", "result_type", "set_epsilon", "set_floatx", "set_image_data_format",
        "standardize_dtype",
    )
)  # fmt: skip

# what tensorflow.keras.backend has lost, in its Keras 3
GONE_FROM_TENSORFLOW = frozenset(
    (
        "control_dependencies", "conv3d_transpose", "eager", "function", "get_session", "identity", "in_test_phase",
        "in_train_phase", "is_placeholder", "is_tensor", "is_variable", "learning_phase", "local_conv1d",
        "local_conv2d", "logsumexp", "manual_variable_initialization", "normalize_batch_in_training",
        "normalize_data_format", "pattern_broadcast", "placeholder", "print_tensor", "random_binomial", "reset_uids",
        "separable_conv1d", "set_learning_phase", "set_session", "size", "slice", "symbolic",
    )
)  # fmt: skip
