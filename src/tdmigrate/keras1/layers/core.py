"""keras.layers.core of Keras 0.1–1.2."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import (
    Dropped,
    Function,
    Instead,
    Layer,
    Layout,
    Parameter,
    Renamed,
    Spelling,
    Text,
    Written,
)
from tdmigrate.keras1.initializers import KERNELS_OF_FEATURES
from tdmigrate.keras1.layers.words import (
    ACTIVATION,
    COMMON,
    DROPPED,
    IMAGE,
    INIT_OF_ANY_RANK,
    INPUT_DIM,
    KERNEL,
    NORMED_0,
    REGULARIZED,
    SEQUENCE,
    SINCE_0_3_2,
    SINCE_1_0,
    UNTOUCHED,
    paths,
)

_KERAS3_DENSE = (
    "units, activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
    "bias_constraint=None, lora_rank=None, lora_alpha=None, quantization_config=None"
)

_DENSE = Spelling(
    "keras.layers.Dense",
    {**INPUT_DIM, "output_dim": Renamed("units"), **KERNEL, **NORMED_0},
    signature=_KERAS3_DENSE,
    since={**SINCE_0_3_2, **SINCE_1_0},
)


def _dense_signatures(first: str, last: str, activation: str = "activation={}, ") -> dict[str, str]:
    """Signatures of Dense and its kind: in 0.1 the input's size came first, ``bias`` came in 1.0.3."""
    linear, none = activation.format("'linear'"), activation.format("None")
    init = f"{first}init='glorot_uniform', "
    old = "W_regularizer=None, b_regularizer=None, W_constraint=None, b_constraint=None"
    return {
        "0.1": f"input_dim, {init}{linear}weights=None, {old}",
        "0.1.2": f"input_dim, {init}{linear}weights=None, {REGULARIZED}",
        "0.2": f"{init}{linear}weights=None, {REGULARIZED}, {last}, **kwargs",
        "1.0.3": f"{init}{linear}weights=None, {REGULARIZED}, bias=True, {last}, **kwargs",
        **({"1.1.2": f"{init}{none}weights=None, {REGULARIZED}, bias=True, {last}, **kwargs"} if activation else {}),
    }


def _dense() -> dict[str, str]:
    signatures = _dense_signatures("output_dim, ", "input_dim=None")
    middle = (
        "output_dim, init='glorot_uniform', activation='linear', weights=None, "
        f"{REGULARIZED}, input_dim=None, bias=True, **kwargs"
    )
    return {
        **{k: v for k, v in signatures.items() if k < "1"},
        "1.0.2": middle,
        **{k: v for k, v in signatures.items() if k > "1"},
    }


DENSE = Layer(
    name="Dense",
    paths=paths("core", "Dense", "0.1-1.2"),
    signatures=_dense(),
    shape=shapes.last_axis("output_dim"),
    keras3=_DENSE,
    layout=Layout(),
    masks="none",
    first="vector",
)

# its own rule decides between Dense and TimeDistributed(Dense); the parameters are Dense's either way
TIME_DISTRIBUTED_DENSE = Layer(
    name="TimeDistributedDense",
    paths=paths("core", "TimeDistributedDense", "0.1-1.2"),
    signatures=_dense_signatures("output_dim, ", "input_dim=None, input_length=None"),
    shape=shapes.last_axis("output_dim", rank=3),
    keras3=_DENSE._replace(parameters={**SEQUENCE, "output_dim": Renamed("units"), **KERNEL, **NORMED_0}),
    layout=Layout(),
    ranks=(3,),
    masks="passes",
    first="sequence",
)

MAXOUT_DENSE = Layer(
    name="MaxoutDense",
    paths=paths("core", "MaxoutDense", "0.1-1.2"),
    signatures=_dense_signatures("output_dim, nb_feature=4, ", "input_dim=None", activation=""),
    shape=shapes.flat("output_dim"),
    keras3=Spelling(
        "tdmigrate.compat.MaxoutDense",
        {
            **INPUT_DIM,
            **{name: parameter for name, parameter in KERNEL.items() if name != "activation"},
            **NORMED_0,
            "output_dim": Renamed("units"),
            "nb_feature": Renamed("features"),
            "init": INIT_OF_ANY_RANK._replace(exact=KERNELS_OF_FEATURES),
        },
        signature="units, features=4",
        since={**SINCE_0_3_2, "0.3.3": {"init": INIT_OF_ANY_RANK}, **SINCE_1_0},
    ),
    layout=Layout(),
    ranks=(2,),
    first="vector",
)


def _highway() -> dict[str, str]:
    start = "init='glorot_uniform', "
    bias = "transform_bias=-2, "
    end = f"weights=None, {REGULARIZED}"
    return {
        "0.3.1": f"{start}{bias}activation='linear', {end}, input_dim=None, **kwargs",
        "1.0.3": f"{start}{bias}activation='linear', {end}, bias=True, input_dim=None, **kwargs",
        "1.1.2": f"{start}{bias}activation=None, {end}, bias=True, input_dim=None, **kwargs",
        "1.2.1": f"{start}activation=None, {end}, bias=True, input_dim=None, **kwargs",
    }


# two for four weights, so that get_params passed over them (keras/layers/core.py of 0.3.3)
_CONSTRAINTS = ("W_constraint", "b_constraint")

HIGHWAY = Layer(
    name="Highway",
    paths=paths("core", "Highway", "0.3.1-1.2"),
    signatures=_highway(),
    shape=shapes.same,
    keras3=Spelling(
        "tdmigrate.compat.Highway",
        {
            **INPUT_DIM,
            **KERNEL,
            "transform_bias": Renamed("transform_bias", pin=True),
            **dict.fromkeys(_CONSTRAINTS, Dropped("Keras 0.3 never applied it")),
        },
        signature="activation=None, transform_bias=1.0",
        since={**SINCE_1_0, "1.0": {**SINCE_1_0["1.0"], **{name: KERNEL[name] for name in _CONSTRAINTS}}},
    ),
    layout=Layout("highway", same_from="1.2"),
    ranks=(2,),
    first="vector",
)

_UNUSED = "it was kept and never used"  # keras/layers/core.py of 0.2.0

ACTIVATION_LAYER = Layer(
    name="Activation",
    paths=paths("core", "Activation", "0.1-1.2"),
    signatures={"0.1": "activation, target=0, beta=0.1, **kwargs", "0.3.1": "activation, **kwargs"},
    shape=shapes.same,
    keras3=Spelling(
        "keras.layers.Activation",
        {**COMMON, "activation": ACTIVATION, "target": Dropped(_UNUSED), "beta": Dropped(_UNUSED)},
        signature="activation",
    ),
    layout=Layout(),
    masks="passes",
)

DROPOUT = Layer(
    name="Dropout",
    paths=paths("core", "Dropout", "0.1-1.2"),
    signatures={"0.1": "p, **kwargs", "1.2.1": "p, noise_shape=None, seed=None, **kwargs"},
    shape=shapes.same,
    keras3=Spelling(
        "keras.layers.Dropout",
        {**COMMON, "p": DROPPED},
        signature="rate, noise_shape=None, seed=None",
    ),
    layout=Layout(),
    masks="passes",
    # keras/layers/core.py of 0.2.0 against 0.3.3
    instead=(
        Instead(
            Spelling("tdmigrate.compat.Dropout", {**COMMON, "p": Renamed("rate")}, signature="rate, seed=None"),
            "there, Dropout multiplied by 1 - p when predicting and scaled nothing in training; Keras 3 scales in "
            "training",
            "0.1-0.2",
        ),
    ),
)

RESHAPE = Layer(
    name="Reshape",
    paths=paths("core", "Reshape", "0.1-1.2"),
    signatures={"0.1": "dims, **kwargs", "1.0": "target_shape, **kwargs"},
    shape=shapes.reshape("target_shape"),
    keras3=Spelling("keras.layers.Reshape", {**COMMON, "dims": Renamed("target_shape")}, signature="target_shape"),
    layout=Layout(),
    one_by_one=True,
)

PERMUTE = Layer(
    name="Permute",
    paths=paths("core", "Permute", "0.1-1.2"),
    signatures={"0.1": "dims, **kwargs"},
    shape=shapes.permute,
    keras3=Spelling("keras.layers.Permute", COMMON, signature="dims"),
    layout=Layout(),
)

FLATTEN = Layer(
    name="Flatten",
    paths=paths("core", "Flatten", "0.1-1.2"),
    signatures={"0.1": "**kwargs"},
    shape=shapes.flatten,
    keras3=Spelling("keras.layers.Flatten", COMMON, UNTOUCHED, signature="data_format=None"),
    layout=Layout(),
)

REPEAT_VECTOR = Layer(
    name="RepeatVector",
    paths=paths("core", "RepeatVector", "0.1-1.2"),
    signatures={"0.1": "n, **kwargs"},
    shape=shapes.repeat,
    keras3=Spelling("keras.layers.RepeatVector", COMMON, signature="n"),
    layout=Layout(),
    ranks=(2,),
)

LAMBDA = Layer(
    name="Lambda",
    paths=paths("core", "Lambda", "0.3-1.2"),
    signatures={
        "0.3": "function, output_shape=None, **kwargs",
        "0.3.3": "function, output_shape=None, arguments={}, **kwargs",
        "1.2.1": "function, output_shape=None, arguments=None, **kwargs",
    },
    shape=shapes.lambda_,
    keras3=Spelling("keras.layers.Lambda", COMMON, signature="function, output_shape=None, mask=None, arguments=None"),
    layout=Layout(),
)

MASKED_LAMBDA = LAMBDA._replace(
    name="MaskedLambda",
    paths=paths("core", "MaskedLambda", "0.3"),
    signatures={key: LAMBDA.signatures[key] for key in ("0.3", "0.3.3")},
    keras3=Spelling(
        "keras.layers.Lambda",
        COMMON,
        (Written("mask", Text("lambda x, mask: mask"), ""),),
        "function, output_shape=None, mask=None, arguments=None",
    ),
    masks="passes",
)
LAMBDAS = (LAMBDA.name, MASKED_LAMBDA.name)  # layers that hold a function

MASKING = Layer(
    name="Masking",
    paths=paths("core", "Masking", "0.1-1.2"),
    signatures={"0.1": "mask_value=0.0, **kwargs"},
    shape=shapes.same,
    keras3=Spelling("keras.layers.Masking", COMMON, signature="mask_value=0.0"),
    layout=Layout(),
    masks="makes",
)

ACTIVITY_REGULARIZATION = Layer(
    name="ActivityRegularization",
    paths=paths("core", "ActivityRegularization", "0.1-1.2"),
    signatures={"0.1": "l1=0.0, l2=0.0, **kwargs"},
    shape=shapes.same,
    keras3=Spelling(
        "tdmigrate.compat.ActivityRegularization",
        COMMON,
        (Written("batch_mean", Text("True"), "C28", versions="0.1-0.3"),),
        "l1=0.0, l2=0.0, batch_mean=False",
    ),
    layout=Layout(),
    masks="passes",
)

TIME_DISTRIBUTED_MERGE = Layer(
    name="TimeDistributedMerge",
    paths=paths("core", "TimeDistributedMerge", "0.2-0.3"),
    signatures={"0.2": "mode='sum', **kwargs"},
    shape=shapes.time_axis_merged,
    keras3=Spelling("tdmigrate.compat.TimeDistributedMerge", COMMON, signature="mode='sum'"),
    layout=Layout(),
    ranks=(3,),
)


_SPATIAL: Mapping[str, Parameter] = {
    "p": DROPPED,
    "noise_shape": Dropped("it was never used: the layer has its own"),  # keras/layers/core.py of 1.2.1
    "trainable": Dropped("the layer has no weights, and Keras 3's takes no such argument"),
}


def _spatial_dropout(axes: int, versions: str, ordering: str, modern: str) -> Layer:
    name = f"SpatialDropout{axes}D"
    start = versions.partition("-")[0]
    return Layer(
        name=name,
        paths=paths("core", name, versions),
        signatures={start: f"p, {ordering}**kwargs", "1.2.1": f"p, {ordering}noise_shape=None, seed=None, **kwargs"},
        shape=shapes.same,
        keras3=Spelling(
            f"keras.layers.{name}",
            {**(COMMON if axes == 1 else IMAGE), **_SPATIAL},
            signature=f"rate, {modern}seed=None, name=None, dtype=None",
        ),
        layout=Layout(),
        ranks=(axes + 2,),
        masks="passes",
    )


_GONE = {
    "AutoEncoder": (
        "0.1-0.3",
        {
            "0.1": "encoder, decoder, output_reconstruction=True, tie_weights=False, weights=None",
            "0.2": "encoder, decoder, output_reconstruction=True, weights=None, **kwargs",
        },
        shapes.unknown,
        "Keras 3 has no AutoEncoder: put the encoder's and decoder's layers into one Sequential",
    ),
    "Siamese": (
        "0.3",
        {
            "0.3": "layer, inputs, merge_mode='concat', concat_axis=1, dot_axes=-1",
            "0.3.1": "layer, inputs, merge_mode='concat', concat_axis=1, dot_axes=-1, is_graph=False",
        },
        shapes.unknown,
        "call one layer on several tensors in a functional Model, then merge them",
    ),
    "SiameseHead": ("0.3", {"0.3": "head"}, shapes.unknown, "take the output of one call of the shared layer"),
    "MaskedLayer": ("0.1-0.3", {"0.1": "**kwargs"}, shapes.same, "derive from keras.layers.Layer"),
}  # fmt: skip


def _gone() -> tuple[Layer, ...]:
    return tuple(
        Layer(
            name=name,
            paths=paths("core", name, versions),
            signatures=signatures,
            shape=shape,
            keras3=None,
            masks="passes" if name == "MaskedLayer" else "none",
            person=person,
        )
        for name, (versions, signatures, shape, person) in _GONE.items()
    )


_BASE: Mapping[str, str] = {
    "keras.layers.core.Layer": "0.1-1.2",
    "keras.layers.Layer": "0.3.2-1.2",
    "keras.engine.topology.Layer": "1.0-1.2",
    "keras.engine.Layer": "1.0-1.2",
}

LAYER = Layer(
    name="Layer",
    paths=_BASE,
    signatures={"0.1": "**kwargs"},
    shape=shapes.same,
    keras3=Spelling("keras.layers.Layer", COMMON, signature=""),
    layout=Layout(),
)

ADD_SHARED_LAYER = Function(
    name="add_shared_layer",
    paths=paths("core", "add_shared_layer", "0.3"),
    signatures={"0.3": "layer, inputs"},
    keras3=None,
    kind="function",
    person="call one layer on several tensors in a functional Model",
)

ENTRIES: tuple[Layer | Function, ...] = (
    DENSE,
    TIME_DISTRIBUTED_DENSE,
    MAXOUT_DENSE,
    HIGHWAY,
    ACTIVATION_LAYER,
    DROPOUT,
    _spatial_dropout(1, "1.1.2-1.2", "", ""),
    _spatial_dropout(2, "1.0.8-1.2", "dim_ordering='default', ", "data_format=None, "),
    _spatial_dropout(3, "1.0.8-1.2", "dim_ordering='default', ", "data_format=None, "),
    RESHAPE,
    PERMUTE,
    FLATTEN,
    REPEAT_VECTOR,
    LAMBDA,
    MASKED_LAMBDA,
    MASKING,
    ACTIVITY_REGULARIZATION,
    TIME_DISTRIBUTED_MERGE,
    *_gone(),
    LAYER,
    ADD_SHARED_LAYER,
)
