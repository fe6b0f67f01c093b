"""A call for every layer and parameter of Keras 0.2–1.2: what to give, and the program around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from legacy_api import LegacyLayer, LegacyParameter


class Bench(NamedTuple):
    """How one layer is tried: its input's shape (without the batch), what it needs, the layers before it."""

    shape: str
    required: Mapping[str, str] = {}
    before: tuple[str, ...] = ()
    first: bool = True  # whether it is told its input's shape itself
    batch: str | None = None  # the whole shape, where stateful needs one


class Trial(NamedTuple):
    """One call of one layer that gives one parameter."""

    layer: str
    parameter: str
    call: str
    program: str


VECTOR, SEQUENCE, VIDEO = "(6,)", "(6, 4)", "(4, 8, 8, 8)"
IMAGE, VOLUME = "(8, 8, 8)", "(6, 6, 6, 6)"  # alike on every axis: good for 'th' and 'tf'

_CONV1D = {"nb_filter": "3", "filter_length": "3"}
_CONV2D = {"nb_filter": "3", "nb_row": "3", "nb_col": "3"}
_CONV3D = {"nb_filter": "2", "kernel_dim1": "3", "kernel_dim2": "3", "kernel_dim3": "3"}
_UNITS = {"output_dim": "3"}
_BRANCHES = "[left, right]"

_FIXED = ("LocallyConnected1D",)  # layers that refuse a free length

BENCHES: Mapping[str, Bench] = {
    **dict.fromkeys(("Dense", "MaxoutDense"), Bench(VECTOR, _UNITS)),
    **dict.fromkeys(("Highway", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "ThresholdedLinear"), Bench(VECTOR)),
    **dict.fromkeys(("ActivityRegularization", "ParametricSoftplus", "SReLU", "BatchNormalization"), Bench(VECTOR)),
    "Activation": Bench(VECTOR, {"activation": "'tanh'"}),
    **dict.fromkeys(("Dropout", "GaussianDropout"), Bench(VECTOR, {"p": "0.5"})),
    "GaussianNoise": Bench(VECTOR, {"sigma": "0.1"}),
    **dict.fromkeys(("Lambda", "MaskedLambda"), Bench(VECTOR, {"function": "lambda x: x * 2"})),
    "RepeatVector": Bench(VECTOR, {"n": "3"}),
    "Reshape": Bench(VECTOR, {"dims": "(2, 3)", "target_shape": "(2, 3)"}),
    "Permute": Bench(SEQUENCE, {"dims": "(2, 1)"}),
    **dict.fromkeys(("Flatten", "Masking", "TimeDistributedMerge"), Bench(SEQUENCE)),
    "TimeDistributedDense": Bench(SEQUENCE, _UNITS),
    "TimeDistributed": Bench(SEQUENCE, {"layer": "Dense(3)"}),
    "Bidirectional": Bench(SEQUENCE, {"layer": "LSTM(3)"}),
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU", "JZS1", "JZS2", "JZS3"), Bench(SEQUENCE, _UNITS, batch="(2, 6, 4)")),
    "SimpleDeepRNN": Bench(SEQUENCE, _UNITS),
    "Embedding": Bench("(6,)", {"input_dim": "10", "output_dim": "3"}, first=False),
    "WordContextProduct": Bench("(2,)", {"input_dim": "10"}),
    **dict.fromkeys(("Convolution1D", "AtrousConvolution1D", "LocallyConnected1D"), Bench(SEQUENCE, _CONV1D)),
    **dict.fromkeys(
        ("Convolution2D", "AtrousConvolution2D", "SeparableConvolution2D", "LocallyConnected2D"), Bench(IMAGE, _CONV2D)
    ),
    "Deconvolution2D": Bench(IMAGE, {**_CONV2D, "nb_filter": "10", "output_shape": "(None, 10, 10, 10)"}),
    "Convolution3D": Bench(VOLUME, _CONV3D),
    "ConvLSTM2D": Bench(VIDEO, _CONV2D, batch="(2, 4, 8, 8, 8)"),
    **{
        f"{kind}{rank}D": Bench(shape)
        for rank, shape in ((1, SEQUENCE), (2, IMAGE), (3, VOLUME))
        for kind in (
            "MaxPooling", "AveragePooling", "GlobalMaxPooling", "GlobalAveragePooling", "UpSampling", "UpSample",
            "ZeroPadding", "Cropping",
        )
    },
    "SpatialDropout1D": Bench(SEQUENCE, {"p": "0.5"}),
    "SpatialDropout2D": Bench(IMAGE, {"p": "0.5"}),
    "SpatialDropout3D": Bench(VOLUME, {"p": "0.5"}),
    "LRN2D": Bench(IMAGE),
    # two files of the author's own that got into the sdist of 0.3.3
    **dict.fromkeys(("Xception", "SemiSupervizedConvolution2D"), Bench(IMAGE, _CONV2D)),
    "Graph": Bench(VECTOR),  # takes no arguments
    "Sequential": Bench(VECTOR, {"layers": "[Dense(3, input_dim=6)]"}, first=False),
    "Merge": Bench(VECTOR, {"layers": _BRANCHES}, first=False),
    "LambdaMerge": Bench(VECTOR, {"layers": _BRANCHES, "function": "lambda xs: xs[0] + xs[1]"}, first=False),
    "Siamese": Bench(VECTOR, {"layer": "Dense(3)", "inputs": _BRANCHES}, first=False),
    "AutoEncoder": Bench(VECTOR, {"encoder": "encoder", "decoder": "decoder"}, first=False),
}  # fmt: skip

VALUES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("init", "inner_init"), ("'he_normal'",)),
    **dict.fromkeys(("a_left_init", "a_right_init", "t_left_init", "t_right_init"), ("'one'",)),
    **dict.fromkeys(("alpha_init", "beta_init", "gamma_init", "forget_bias_init"), ("'one'",)),
    "transform_bias": ("-3",),
    "activation": ("'sigmoid'",),
    "inner_activation": ("'sigmoid'",),
    "weights": ("None", "initial"),
    **dict.fromkeys(
        (
            "W_regularizer", "U_regularizer", "b_regularizer", "gamma_regularizer", "beta_regularizer",
            "depthwise_regularizer", "pointwise_regularizer",
        ),
        ("'l2'",),
    ),
    "activity_regularizer": ("'activity_l2'",),
    **dict.fromkeys(("W_constraint", "b_constraint", "depthwise_constraint", "pointwise_constraint"), ("'nonneg'",)),
    "bias": ("False",),
    **dict.fromkeys(("dropout_W", "dropout_U", "dropout"), ("0.2",)),
    "border_mode": ("'same'", "'full'"),
    "subsample": ("(2, 2)",),
    "subsample_length": ("2",),
    "dim_ordering": ("'th'", "'tf'"),
    "atrous_rate": ("2",),
    "depth_multiplier": ("2",),
    "depth": ("2",),
    "consume_less": ("'gpu'", "'mem'"),
    **dict.fromkeys(("return_sequences", "go_backwards", "stateful", "unroll", "mask_zero"), ("True",)),
    "truncate_gradient": ("-1", "3"),
    "pool_length": ("3",),
    "stride": ("1",),
    "ignore_border": ("True", "False"),
    "length": ("3",),
    "padding": ("2",),
    "cropping": ("(1, 2)",),
    "mode": ("0",),
    "axis": ("1",),
    "epsilon": ("0.01",),
    "momentum": ("0.8",),
    "alpha": ("0.2",),
    "beta": ("0.5",),
    "k": ("3",),
    "n": ("3",),
    "theta": ("0.3",),
    "p": ("0.3",),
    "sigma": ("0.2",),
    "seed": ("3",),
    "noise_shape": ("(6,)",),
    "l1": ("0.1",),
    "l2": ("0.1",),
    "mask_value": ("-1.",),
    "nb_feature": ("2",),
    "proj_dim": ("3",),
    "shared_axes": ("[1]",),
    "target": ("0.1",),
    "arguments": ("{}",),
    "merge_mode": ("'sum'", "'ave'", "None"),
    "concat_axis": ("1",),
    "dot_axes": ("1",),
    "output_reconstruction": ("False",),
    "output_mask": ("None",),
    "output_shape": ("(6,)",),
    "node_indices": ("None",),
    "tensor_indices": ("None",),
    "is_graph": ("False",),
    "name": ("'named'",),
    "trainable": ("False",),
    "cache_enabled": ("False",),
    "create_input_layer": ("True",),
    "input_dtype": ("'float32'",),
}  # fmt: skip

OF_ONE_LAYER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("TimeDistributedMerge", "mode"): ("'sum'", "'ave'", "'mul'"),
    ("Merge", "mode"): ("'sum'", "'mul'", "'ave'", "'max'", "'concat'", "'dot'", "'cos'", "lambda xs: xs[0]"),
    ("BatchNormalization", "mode"): ("0", "1", "2"),
    ("SpatialDropout1D", "noise_shape"): ("None",),
    ("SpatialDropout2D", "noise_shape"): ("None",),
    ("SpatialDropout3D", "noise_shape"): ("None",),
    ("Embedding", "input_length"): ("6",),
    ("ActivityRegularization", "activity_regularizer"): ("None",),
    **{(f"{kind}2D", "subsample"): ("(2, 2)",) for kind in ("Convolution", "LocallyConnected")},
    ("Convolution3D", "subsample"): ("(2, 2, 2)",),
    ("SemiSupervizedConvolution2D", "strides"): ("(2, 2)",),
    **{(f"{kind}Pooling2D", "pool_size"): ("(3, 3)",) for kind in ("Max", "Average")},
    **{(f"{kind}Pooling3D", "pool_size"): ("(3, 3, 3)",) for kind in ("Max", "Average")},
    **{(f"{kind}Pooling2D", "strides"): ("(1, 1)",) for kind in ("Max", "Average")},
    **{(f"{kind}Pooling3D", "strides"): ("(1, 1, 1)",) for kind in ("Max", "Average")},
    ("MaxPooling2D", "stride"): ("(1, 1)",),
    ("UpSampling2D", "size"): ("(3, 3)",),
    ("UpSample2D", "size"): ("(3, 3)",),
    ("UpSampling3D", "size"): ("(3, 3, 3)",),
    ("ZeroPadding2D", "padding"): ("(2, 1)",),
    ("ZeroPadding3D", "padding"): ("(2, 1, 1)",),
    ("Cropping2D", "cropping"): ("((1, 1), (2, 1))",),
    ("Cropping3D", "cropping"): ("((1, 1), (2, 1), (1, 1))",),
    ("AtrousConvolution2D", "atrous_rate"): ("(2, 2)",),
    ("Lambda", "output_shape"): ("(6,)",),
    ("ParametricSoftplus", "alpha_init"): ("0.3",),
    ("ParametricSoftplus", "beta_init"): ("2.",),
}


def trials(layer: LegacyLayer) -> Iterator[Trial]:
    """For each parameter: a call that gives it by keyword, and one by position where it has one."""
    bench = BENCHES.get(layer.name)
    if bench is None:
        yield Trial(layer.name, "(no bench)", "", "")
        return
    for parameter in layer.parameters:
        for value in _values(layer.name, parameter, bench):
            for call in dict.fromkeys(_calls(layer, parameter, value, bench)):
                yield Trial(layer.name, parameter.name, call, program(layer, call, bench))


def _values(layer: str, parameter: LegacyParameter, bench: Bench) -> tuple[str, ...]:
    name = parameter.name
    if name in bench.required and (layer, name) not in OF_ONE_LAYER:
        return (bench.required[name],)
    if name in ("input_shape", "input_dim", "input_length", "batch_input_shape"):
        sizes = bench.shape.strip("(,)").split(", ")
        batch = bench.batch or f"(2, {', '.join(sizes)})"
        return {
            "input_shape": (bench.shape,),
            "input_dim": (sizes[-1],),
            "input_length": OF_ONE_LAYER.get((layer, name), (sizes[0],)),
            "batch_input_shape": (batch,),
        }[name]
    found = OF_ONE_LAYER.get((layer, name)) or VALUES.get(name)
    if found is None:
        raise LookupError(f"tools/layer_calls.py has no value for {layer}({name}=…)")
    return found


def _calls(layer: LegacyLayer, parameter: LegacyParameter, value: str, bench: Bench) -> Iterator[str]:
    given = {parameter.name: value}
    required = {one.name: bench.required[one.name] for one in layer.parameters if one.name in bench.required}
    for way in (_keywords(required, given, layer.name in _FIXED), _positions(layer, parameter, value, required)):
        if way is None:
            continue
        arguments, told = way
        if bench.first and not told & told_by(layer.name):
            told_shape = f"batch_input_shape={bench.batch}" if parameter.name == "stateful" else None
            arguments = [*arguments, told_shape or f"input_shape={bench.shape}"]
        yield f"{layer.name}({', '.join(arguments)})"


def told_by(layer: str) -> set[str]:
    """The parameters that tell a layer its input's shape; ``input_dim`` of a WordContextProduct is its words."""
    return {"input_shape", "batch_input_shape"} | (set() if layer == "WordContextProduct" else {"input_dim"})


def _keywords(required: Mapping[str, str], given: Mapping[str, str], fixed: bool) -> tuple[list[str], set[str]]:
    arguments = {**required, **given}
    if "input_length" in given and "input_dim" not in arguments:
        arguments["input_dim"] = "4"
    if "input_dim" in given and fixed:
        arguments["input_length"] = "6"
    return [f"{name}={value}" for name, value in arguments.items()], set(arguments)


def _positions(
    layer: LegacyLayer, parameter: LegacyParameter, value: str, required: Mapping[str, str]
) -> tuple[list[str], set[str]] | None:
    if not parameter.positional:
        return None
    names: list[str] = []
    values: list[str] = []
    for one in layer.parameters:
        names.append(one.name)
        if one == parameter:
            values.append(value)
            break
        values.append(required.get(one.name) or one.default or "None")
    told = {name for name, text in zip(names, values, strict=True) if text != "None"}
    if parameter.name == "input_length" and "input_dim" not in required:
        values[names.index("input_dim")] = "4"
        told.add("input_dim")
    later = {name: text for name, text in required.items() if name not in names}
    if parameter.name == "input_dim" and layer.name in _FIXED:
        later["input_length"] = "6"
    return values + [f"{name}={text}" for name, text in later.items()], told


def program(layer: LegacyLayer, call: str, bench: Bench) -> str:
    """A source that makes a model of one call."""
    lines = ["from keras.models import Sequential"]
    if layer.name == "Sequential":
        lines.append("from keras.layers import containers")
        call = f"containers.{call}"
    else:
        lines.append(f"from {layer.module} import {layer.name}")
    if layer.name not in ("Dense", "Embedding"):
        lines.append("from keras.layers.core import Dense")
    for inner in ("LSTM", "GRU"):
        if f"{inner}(" in call and layer.name != inner:
            lines.append(f"from keras.layers.recurrent import {inner}")
    if layer.name in ("Merge", "LambdaMerge", "Siamese"):
        lines += [f"{side} = Sequential()\n{side}.add(Dense(6, input_shape=(5,)))" for side in ("left", "right")]
    if layer.name == "AutoEncoder":
        lines += ["encoder = Sequential()", "encoder.add(Dense(3, input_dim=6))"]
        lines += ["decoder = Sequential()", "decoder.add(Dense(6, input_dim=3))"]
    lines.append("model = Sequential()")
    lines += [f"model.add({one})" for one in bench.before]
    lines.append(f"model.add({call})")
    return "\n".join(lines) + "\n"
