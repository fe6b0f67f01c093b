"""keras.layers.convolutional and .convolutional_recurrent of Keras 0.1–1.2."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.activations import ACTIVATIONS
from tdmigrate.keras1.entry import (
    Caution,
    Dropped,
    Gathered,
    Kernel,
    Layer,
    Layout,
    Parameter,
    Renamed,
    ShapeRule,
    Spelling,
    Text,
    Values,
    Weights,
    Window,
    Written,
)
from tdmigrate.keras1.initializers import INITIALIZERS, INITIALIZERS_EXACT
from tdmigrate.keras1.layers.recurrent import FORGET, GATE
from tdmigrate.keras1.layers.words import (
    ACTIVATION,
    COMMON,
    DROPPED,
    IMAGE,
    INIT,
    KERNEL,
    NORMED_0,
    REGULARIZED,
    SEQUENCE,
    SINCE_0_3_2,
    SINCE_1_0,
    UNTOUCHED,
    paths,
)
from tdmigrate.keras1.regularizers import CONSTRAINTS, REGULARIZERS

# Keras 3 has no 'full' (trap C16)
BORDER_MODES = Values(
    {"valid": Text("'valid'"), "same": Text("'same'")},
    closed=True,
    doubt="`border_mode='full'` has no equal in Keras 3",
)
_SINCE: Mapping[str, Mapping[str, Parameter]] = {**SINCE_0_3_2, **SINCE_1_0}
PADDING = Renamed("padding", BORDER_MODES, trap="C16")

SAME_ON_THEANO = Caution(
    "border_mode",
    ("same",),
    "Theano padded both sides alike, Keras 3 pads the end first: other numbers for even sizes and for strides",
    "C15",
)
# (filters, inputs, *lengths), or (*lengths, inputs, filters), → the latter; of a sequence (length, inputs, filters)
_ON_SEQUENCES = (
    Kernel("W_constraint", (2, 1, 0, None), (2, 1, 0, None), "0.1-1.0"),
    Kernel("W_constraint", (0, None, 1, 2), (0, None, 1, 2), "1.1-1.2"),
)
_ON_IMAGES = (Kernel("W_constraint", (3, 2, 0, 1), (0, 1, 2, 3)),)
_ON_VOLUMES = (Kernel("W_constraint", (4, 3, 0, 1, 2), (0, 1, 2, 3, 4)),)
_TRANSPOSED = (Kernel("W_constraint", (2, 3, 0, 1), (0, 1, 3, 2)),)  # inputs come last now
_SEPARATE = tuple(
    _ON_IMAGES[0]._replace(parameter=parameter) for parameter in ("depthwise_constraint", "pointwise_constraint")
)

_KERAS3_CONV = (
    "filters, kernel_size, strides={0}, padding='valid', data_format=None, dilation_rate={0}, groups=1, "
    "activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
    "bias_constraint=None"
)


def on_sequences(subsample: str = "subsample_length=1") -> dict[str, str]:
    start = "nb_filter, filter_length"
    end = f"weights=None, border_mode='valid', {subsample}, {REGULARIZED}"
    last = "input_dim=None, input_length=None, "
    old = f"{start}, init='uniform', activation='linear', {end}"
    new = f"{start}, init='glorot_uniform', activation=None, {end}"
    return {
        "0.1": f"input_dim, {old}",
        "0.2": f"{old}, {last}**kwargs",
        "1.0.3": f"{old}, bias=True, {last}**kwargs",
        "1.1.2": f"{new}, bias=True, {last}**kwargs",
    }


def since(signatures: Mapping[str, str], first: str) -> dict[str, str]:
    """Signatures of a layer that came with a later release: the one in force there, and what followed."""
    before = [key for key in signatures if key <= first]
    return {first: signatures[before[-1]], **{key: text for key, text in signatures.items() if key > first}}


_SEQUENCES: Mapping[str, Renamed] = {
    "nb_filter": Renamed("filters"),
    "filter_length": Renamed("kernel_size"),
    "subsample_length": Renamed("strides"),
    "border_mode": PADDING,
}

# keras/layers/convolutional.py of 0.2.0 and 0.3.3: the outputs had a last axis of length 1 yet
_FLAT = Renamed(
    "activation",
    ACTIVATIONS._replace(
        gone={
            "softmax": "up to 0.2 it was taken over an axis of length 1, so that all outputs were 1, and 0.3 refused "
            "it: see what was meant; Keras 3 takes it over the filters"
        }
    ),
)

CONVOLUTION_1D = Layer(
    name="Convolution1D",
    paths={
        **paths("convolutional", "Convolution1D", "0.1-1.2"),
        **paths("convolutional", "Conv1D", "1.0.6-1.2"),
    },
    signatures=on_sequences(),
    shape=shapes.convolution(("filter_length",), "subsample_length"),
    keras3=Spelling(
        "keras.layers.Conv1D",
        {**SEQUENCE, **KERNEL, **NORMED_0, **_SEQUENCES, "activation": _FLAT},
        UNTOUCHED,
        signature=_KERAS3_CONV.format("1"),
        since={**SINCE_0_3_2, "1.0": {**SINCE_1_0["1.0"], "activation": ACTIVATION}},
    ),
    layout=Layout("conv1d"),
    ranks=(3,),
    first="sequence",
    theano=(SAME_ON_THEANO,),
    kernels=_ON_SEQUENCES,
    window=Window(("filter_length",), "subsample_length"),
)

ATROUS_CONVOLUTION_1D = Layer(
    name="AtrousConvolution1D",
    paths={
        **paths("convolutional", "AtrousConvolution1D", "1.1-1.2"),
        **paths("convolutional", "AtrousConv1D", "1.1-1.2"),
    },
    signatures=since(on_sequences("subsample_length=1, atrous_rate=1"), "1.1.0"),
    shape=shapes.convolution(("filter_length",), "subsample_length", "atrous_rate"),
    keras3=Spelling(
        "keras.layers.Conv1D",
        {**SEQUENCE, **KERNEL, **_SEQUENCES, "atrous_rate": Renamed("dilation_rate", trap="C19")},
        UNTOUCHED,
        signature=_KERAS3_CONV.format("1"),
        since=_SINCE,
    ),
    layout=Layout("conv1d"),
    ranks=(3,),
    first="sequence",
    theano=(SAME_ON_THEANO,),
    kernels=_ON_SEQUENCES,
    window=Window(("filter_length",), "subsample_length", "atrous_rate"),
)


def on_images(
    kernel: str,
    strides: str,
    extra: str = "",
    middle: str = "",
    depthwise: bool = False,
) -> dict[str, str]:
    """Signatures of convolutions over images or volumes, by the release in which one changed."""
    regularized = (
        "depthwise_regularizer=None, pointwise_regularizer=None, b_regularizer=None, activity_regularizer=None, "
        "depthwise_constraint=None, pointwise_constraint=None, b_constraint=None"
        if depthwise
        else REGULARIZED
    )

    def text(ordering: str, bias: bool, activation: str = "'linear'") -> str:
        return (
            f"nb_filter, {kernel}{extra}, init='glorot_uniform', activation={activation}, weights=None, "
            f"border_mode='valid', subsample={strides}{middle}{ordering}, {regularized}"
            f"{', bias=True' if bias else ''}, **kwargs"
        )

    return {
        "0.2": text("", bias=False),
        "0.3": text(", dim_ordering='th'", bias=False),
        "1.0.3": text(", dim_ordering='th'", bias=True),
        "1.0.4": text(", dim_ordering='default'", bias=True),
        "1.1.2": text(", dim_ordering='default'", bias=True, activation="None"),
    }


_IMAGES: Mapping[str, Parameter] = {
    **IMAGE,
    **KERNEL,
    "nb_filter": Renamed("filters"),
    "subsample": Renamed("strides"),
    "border_mode": PADDING,
}
_DEPTHWISE: Mapping[str, Parameter] = {
    **{name: parameter for name, parameter in _IMAGES.items() if not name.startswith("W_")},
    "init": INIT._replace(to="depthwise_initializer", also=("pointwise_initializer",)),
    "depthwise_regularizer": Renamed("depthwise_regularizer", REGULARIZERS),
    "pointwise_regularizer": Renamed("pointwise_regularizer", REGULARIZERS),
    "depthwise_constraint": Renamed("depthwise_constraint", CONSTRAINTS),
    "pointwise_constraint": Renamed("pointwise_constraint", CONSTRAINTS),
}
ROW_COL = ("nb_row", "nb_col")
_DIMS = ("kernel_dim1", "kernel_dim2", "kernel_dim3")


def gathered(names: tuple[str, ...]) -> dict[str, Parameter]:
    return dict.fromkeys(names, Gathered("kernel_size", names))


def _images(
    name: str,
    alias: str,
    versions: str,
    signatures: Mapping[str, str],
    shape: ShapeRule,
    keras3: Spelling | None,
    layout: Layout,
    window: Window | None = None,
    axes: int = 2,
    person: str | None = None,
    kernels: tuple[Kernel, ...] = _ON_IMAGES,
) -> Layer:
    return Layer(
        name=name,
        paths={
            **paths("convolutional", name, versions),
            **paths("convolutional", alias, "1.0.7-1.2" if alias == "Deconv2D" else "1.0.6-1.2"),
        },
        signatures=signatures,
        shape=shape,
        keras3=keras3,
        layout=layout,
        ranks=(axes + 2,),
        person=person,
        first="image",
        theano=(SAME_ON_THEANO,),
        kernels=kernels,
        window=window,
    )


_SQUARE = on_images("nb_row, nb_col", "(1, 1)")
_OLD_SQUARE = (
    "nb_filter, stack_size, nb_row, nb_col, init='glorot_uniform', activation='linear', weights=None, "
    f"border_mode='valid', subsample=(1, 1), {REGULARIZED}"
)
_CUBE = on_images("kernel_dim1, kernel_dim2, kernel_dim3", "(1, 1, 1)")


def _aside(
    name: str, signature: str, shape: ShapeRule, rank: int, versions: str = "0.2-1.2", values: Values | None = None
) -> Layer:
    """Layers that only move or repeat lengths, over images and volumes: ``dim_ordering`` from 0.3 on.

    ``values``: of their one argument.
    """
    argument = signature.partition("=")[0]
    keys = {"0.2": signature} if versions.startswith("0.2") else {}
    start = "0.3" if keys else versions.partition("-")[0]
    if start < "1.0.4":
        keys[start] = f"{signature}, dim_ordering='th'"
        start = "1.0.4"
    keys[start] = f"{signature}, dim_ordering='default'"
    return Layer(
        name=name,
        paths=paths("convolutional", name, versions),
        signatures={key: f"{text}, **kwargs" for key, text in keys.items()},
        shape=shape,
        keras3=Spelling(
            f"keras.layers.{name}",
            {**IMAGE, argument: Renamed(argument, values, trap="C20")},
            signature=f"{signature}, data_format=None",
        ),
        layout=Layout(),
        ranks=(rank,),
    )


# Keras 3 takes pairs (trap C20)
_PAIRS = Values(
    tuples={4: "(({0}, {1}), ({2}, {3}))"},
    keys="(({top_pad}, {bottom_pad}), ({left_pad}, {right_pad}))",
    doubt="four numbers, or a dict, are ((top, bottom), (left, right)) now",
)
_PAIR = Values(keys="({left_pad}, {right_pad})", doubt="a dict is (left, right) now")


def _sequence_aside(
    name: str, versions: str, signature: str, shape: ShapeRule, old: str, new: str, modern: str
) -> Layer:
    values, written = (_PAIR, UNTOUCHED) if old == "padding" else (None, ())
    return Layer(
        name=name,
        paths=paths("convolutional", name, versions),
        signatures={versions.partition("-")[0]: f"{signature}, **kwargs"},
        shape=shape,
        keras3=Spelling(
            f"keras.layers.{modern}",
            {**COMMON, old: Renamed(new, values)},
            written,
            signature=f"{signature.replace(old, new)}{', data_format=None' if written else ''}",
        ),
        layout=Layout(),
        ranks=(3,),
    )


_CONV_LSTM = (
    "nb_filter, nb_row, nb_col, init='glorot_uniform', inner_init='orthogonal', forget_bias_init='one', "
    "activation='tanh', inner_activation='hard_sigmoid', dim_ordering='default', border_mode='valid', "
    "subsample=(1, 1), W_regularizer=None, U_regularizer=None, b_regularizer=None, dropout_W=0.0, dropout_U=0.0, *, "
    "weights=None, return_sequences=False, go_backwards=False, stateful=False, **kwargs"
)


_NEVER = Dropped("Keras 1.2 never applied it", note=True, trap="C3", harmless=(None,))
_EVEN = tuple(range(2, 33, 2))
_RECURRENT = "Theano padded the recurrent step otherwise where the kernel is even"

CONV_LSTM_2D = Layer(
    name="ConvLSTM2D",
    paths=paths("convolutional_recurrent", "ConvLSTM2D", "1.1.2-1.2"),
    signatures={"1.1.2": _CONV_LSTM},
    shape=shapes.conv_lstm,
    keras3=Spelling(
        "keras.layers.ConvLSTM2D",
        {
            **IMAGE,
            **GATE,
            **gathered(ROW_COL),
            "nb_filter": Renamed("filters"),
            "init": INIT,
            "inner_init": Renamed(
                "recurrent_initializer", INITIALIZERS, trap="B1", exact=INITIALIZERS_EXACT, pin_exact=True
            ),
            "forget_bias_init": Renamed("unit_forget_bias", FORGET, trap="B9"),
            "activation": ACTIVATION,
            "border_mode": PADDING,
            "subsample": Renamed("strides"),
            "W_regularizer": Renamed("kernel_regularizer", REGULARIZERS),
            "U_regularizer": Renamed("recurrent_regularizer", REGULARIZERS),
            "b_regularizer": Renamed("bias_regularizer", REGULARIZERS),
            "dropout_W": DROPPED._replace(to="dropout", trap="C4"),
            "dropout_U": DROPPED._replace(to="recurrent_dropout", trap="C4"),
            "weights": Weights(),
        },
        signature="filters, kernel_size, strides=1, padding='valid', data_format=None, dilation_rate=1, "
        "activation='tanh', recurrent_activation='sigmoid', use_bias=True, kernel_initializer='glorot_uniform', "
        "recurrent_initializer='orthogonal', bias_initializer='zeros', unit_forget_bias=True, kernel_regularizer=None, "
        "recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
        "recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None, "
        "return_sequences=False, return_state=False, go_backwards=False, stateful=False",
        since={"1.2": dict.fromkeys(("W_regularizer", "U_regularizer", "b_regularizer"), _NEVER)},
    ),
    layout=Layout("convolution_gates", "icfo>ifco"),
    ranks=(5,),
    masks="consumes",
    kernels=_ON_IMAGES,
    theano=(
        SAME_ON_THEANO,
        Caution("nb_row", _EVEN, _RECURRENT, "C15"),
        Caution("nb_col", _EVEN, _RECURRENT, "C15"),
    ),
)


ENTRIES: tuple[Layer, ...] = (
    CONVOLUTION_1D,
    ATROUS_CONVOLUTION_1D,
    _images(
        "Convolution2D",
        "Conv2D",
        "0.1-1.2",
        {"0.1": _OLD_SQUARE, **_SQUARE},
        shapes.convolution(ROW_COL, "subsample"),
        Spelling(
            "keras.layers.Conv2D",
            {**_IMAGES, **NORMED_0, **gathered(ROW_COL), "stack_size": Dropped("Keras 3 takes it from the input")},
            signature=_KERAS3_CONV.format("(1, 1)"),
            since={**SINCE_0_3_2, **SINCE_1_0},
        ),
        Layout("convolution"),
        Window(ROW_COL, "subsample"),
    ),
    _images(
        "Deconvolution2D",
        "Deconv2D",
        "1.0.7-1.2",
        since(on_images("nb_row, nb_col", "(1, 1)", extra=", output_shape"), "1.0.7"),
        shapes.deconvolution,
        Spelling(
            "keras.layers.Conv2DTranspose",
            {
                **_IMAGES,
                **gathered(ROW_COL),
                "output_shape": Dropped(
                    "Keras 3 infers it, (n - 1) * strides + kernel for 'valid' and n * strides for 'same', and takes "
                    "output_padding=(…) for what is over: say which it is",
                    ask=True,
                    trap="C18",
                ),
            },
            signature="filters, kernel_size, strides=(1, 1), padding='valid', output_padding=None, data_format=None, "
            "dilation_rate=(1, 1), activation=None, use_bias=True, kernel_initializer='glorot_uniform', "
            "bias_initializer='zeros', kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
            "kernel_constraint=None, bias_constraint=None",
            since=SINCE_1_0,
        ),
        Layout("deconvolution"),
        Window(ROW_COL, "subsample", output="output_shape"),
        kernels=_TRANSPOSED,
    ),
    _images(
        "AtrousConvolution2D",
        "AtrousConv2D",
        "1.0.6-1.2",
        since(on_images("nb_row, nb_col", "(1, 1)", middle=", atrous_rate=(1, 1)"), "1.0.6"),
        shapes.convolution(ROW_COL, "subsample", "atrous_rate"),
        Spelling(
            "keras.layers.Conv2D",
            {**_IMAGES, **gathered(ROW_COL), "atrous_rate": Renamed("dilation_rate", trap="C19")},
            signature=_KERAS3_CONV.format("(1, 1)"),
            since=SINCE_1_0,
        ),
        Layout("convolution"),
        Window(ROW_COL, "subsample", "atrous_rate"),
    ),
    _images(
        "SeparableConvolution2D",
        "SeparableConv2D",
        "1.0.6-1.2",
        since(on_images("nb_row, nb_col", "(1, 1)", middle=", depth_multiplier=1", depthwise=True), "1.0.6"),
        shapes.convolution(ROW_COL, "subsample"),
        Spelling(
            "keras.layers.SeparableConv2D",
            {**gathered(ROW_COL), **_DEPTHWISE},
            signature="filters, kernel_size, strides=(1, 1), padding='valid', data_format=None, dilation_rate=(1, 1), "
            "depth_multiplier=1, activation=None, use_bias=True, depthwise_initializer='glorot_uniform', "
            "pointwise_initializer='glorot_uniform', bias_initializer='zeros', depthwise_regularizer=None, "
            "pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None, "
            "pointwise_constraint=None, bias_constraint=None",
            since=SINCE_1_0,
        ),
        Layout("separable"),
        kernels=_SEPARATE,
    ),
    _images(
        "Convolution3D",
        "Conv3D",
        "0.3.3-1.2",
        since(_CUBE, "0.3.3"),
        shapes.convolution(_DIMS, "subsample"),
        Spelling(
            "keras.layers.Conv3D",
            {**_IMAGES, **gathered(_DIMS)},
            signature=_KERAS3_CONV.format("(1, 1, 1)"),
            since=SINCE_1_0,
        ),
        Layout("convolution"),
        Window(_DIMS, "subsample", unsure=True),
        axes=3,
        kernels=_ON_VOLUMES,
    ),
    _sequence_aside("UpSampling1D", "0.3-1.2", "length=2", shapes.upsampling(1), "length", "size", "UpSampling1D"),
    _sequence_aside("UpSample1D", "0.1-0.2", "length=2", shapes.upsampling(1), "length", "size", "UpSampling1D"),
    _aside("UpSampling2D", "size=(2, 2)", shapes.upsampling(2), 4, "0.3-1.2"),
    _aside("UpSampling3D", "size=(2, 2, 2)", shapes.upsampling(3), 5, "0.3.3-1.2"),
    Layer(
        name="UpSample2D",
        paths=paths("convolutional", "UpSample2D", "0.1-0.2"),
        signatures={"0.1": "size=(2, 2), **kwargs"},
        shape=shapes.upsampling(2),
        keras3=Spelling(
            "keras.layers.UpSampling2D",
            COMMON,
            (Written("data_format", Text("'channels_first'"), "C12"),),
            signature="size=(2, 2), data_format=None",
        ),
        layout=Layout(),
        ranks=(4,),
    ),
    _sequence_aside(
        "ZeroPadding1D", "0.1-1.2", "padding=1", shapes.zero_padding(1), "padding", "padding", "ZeroPadding1D"
    ),
    _aside("ZeroPadding2D", "padding=(1, 1)", shapes.zero_padding(2), 4, values=_PAIRS),
    _aside("ZeroPadding3D", "padding=(1, 1, 1)", shapes.zero_padding(3), 5, "0.3.3-1.2"),
    _sequence_aside(
        "Cropping1D", "1.0.8-1.2", "cropping=(1, 1)", shapes.cropping(1), "cropping", "cropping", "Cropping1D"
    ),
    _aside("Cropping2D", "cropping=((0, 0), (0, 0))", shapes.cropping(2), 4, "1.0.8-1.2"),
    _aside("Cropping3D", "cropping=((1, 1), (1, 1), (1, 1))", shapes.cropping(3), 5, "1.0.8-1.2"),
    CONV_LSTM_2D,
    Layer(
        name="ConvRecurrent2D",
        paths=paths("convolutional_recurrent", "ConvRecurrent2D", "1.1.2-1.2"),
        signatures={
            "1.1.2": "weights=None, nb_row=None, nb_col=None, nb_filter=None, return_sequences=False, "
            "go_backwards=False, stateful=False, dim_ordering=None, **kwargs"
        },
        shape=shapes.conv_lstm,
        keras3=None,
        ranks=(5,),
        person="a recurrent layer of your own: write a cell and use keras.layers.RNN",
    ),
)
