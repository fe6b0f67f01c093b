"""The functions of keras.backend (Keras 0.3–1.2: keras/backend/theano_backend.py, tensorflow_backend.py, common.py).

Their arguments are those of Theano's functions; where the two backends differ, the formula is Theano's and TensorFlow's
alike for the values that both take, or a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import (
    Dropped,
    Form,
    Function,
    InStyle,
    Parameter,
    Renamed,
    Spelling,
    Text,
    Values,
    Written,
)
from tdmigrate.keras1.optimizers import SUMMED

_OPS = Import("keras", "ops")
_LAYERS = Import("keras", "layers")
_FLOATX = Import("keras.config", "floatx")

_COMMON = ("keras.backend", "keras.backend.common")
_EITHER = ("keras.backend", "keras.backend.theano_backend", "keras.backend.tensorflow_backend")

Signatures = str | Mapping[str, str]
Parameters = Mapping[str, Parameter]


def _function(
    name: str,
    signatures: Signatures,
    keras3: Spelling | None = None,
    since: str = "0.3",
    person: str | None = None,
    note: str | None = None,
    forms: tuple[Form, ...] = (),
    operand: Text | None = None,
    phase: Text | None = None,
    sign: str = "",
    variable: tuple[Form, ...] = (),
    value: Text | None = None,
    modules: tuple[str, ...] = _EITHER,
    styled: InStyle | None = None,
) -> Function:
    """``since``: the first release that may have it; ``modules``: from which it can be imported."""
    return Function(
        name=name,
        paths={f"{module}.{name}": f"{since}-1.2" for module in modules},
        signatures={since: signatures} if isinstance(signatures, str) else signatures,
        keras3=keras3,
        kind="backend",
        person=person,
        note=note,
        forms=forms,
        operand=operand,
        phase=phase,
        sign=sign,
        variable=variable,
        value=value,
        styled=styled,
    )


def _ops(
    name: str, signature: str, parameters: Parameters | None = None, written: tuple[Written, ...] = ()
) -> Spelling:
    return Spelling(f"keras.ops.{name}", parameters or {}, written, signature)


def _form(text: str, *imports: Import, nonnegative: str = "", **when: object) -> Form:
    return Form(Text(text, imports or (_OPS,)), when, nonnegative)


def _variable(value: str) -> tuple[Form, ...]:
    imports = (Import("keras", "Variable"), *((_OPS,) if "ops." in value else ()))
    return (
        _form(f"Variable({value}, dtype=floatx())", *imports, _FLOATX, dtype=None),
        _form(f"Variable({value}, dtype={{dtype}})", *imports),
    )


_UNNAMED: Parameters = {"name": Dropped("only variables have names")}
_DRAWN = {
    "seed": Dropped(
        "in Keras 3 an integer seed gives the same numbers at every call; make one "
        "`keras.random.SeedGenerator(seed)` outside and give that",
        ask=True,
        harmless=(None,),
    )
}

# --- element by element ----------------------------------------------------------------------------------------------

_ELEMENTWISE = (
    _function("abs", "x", _ops("abs", "x"), sign="nonnegative"),
    _function("square", "x", _ops("square", "x"), sign="nonnegative"),
    _function("exp", "x", _ops("exp", "x"), sign="nonnegative"),
    _function("log", "x", _ops("log", "x")),
    _function("round", "x", _ops("round", "x, decimals=0")),
    _function("sign", "x", _ops("sign", "x")),
    _function("sin", "x", _ops("sin", "x"), "1.0"),
    _function("cos", "x", _ops("cos", "x"), "1.0"),
    _function(
        "sqrt",
        "x",
        forms=(
            _form("ops.sqrt({x})", nonnegative="x"),
            _form("ops.sqrt(ops.maximum({x}, 0.0))"),  # of a negative number it was 0
        ),
        sign="nonnegative",
    ),
    _function("pow", "x, a", _ops("power", "x1, x2", {"x": Renamed("x1"), "a": Renamed("x2")})),
    _function(
        "clip",
        "x, min_value, max_value",
        _ops(
            "clip",
            "x, x_min, x_max",
            {
                "min_value": Renamed("x_min"),
                "max_value": Renamed("x_max", Values({None: Text("float('inf')")})),
            },
        ),
    ),
    _function("maximum", "x, y", _ops("maximum", "x1, x2", {"x": Renamed("x1"), "y": Renamed("x2")}), sign="any"),
    _function("minimum", "x, y", _ops("minimum", "x1, x2", {"x": Renamed("x1"), "y": Renamed("x2")}), sign="all"),
    _function("sigmoid", "x", _ops("sigmoid", "x"), sign="nonnegative"),
    _function("tanh", "x", _ops("tanh", "x")),
    _function("softplus", "x", _ops("softplus", "x"), sign="nonnegative"),
    _function("softsign", "x", _ops("softsign", "x"), "1.0"),
    _function("elu", "x, alpha=1.0", _ops("elu", "x, alpha=1.0"), "1.1"),
    _function("hard_sigmoid", "x", Spelling("tdmigrate.compat.hard_sigmoid", signature="x"), sign="nonnegative"),
    _function(
        "relu",
        "x, alpha=0.0, max_value=None",
        Spelling(
            "keras.activations.relu",
            {"alpha": Renamed("negative_slope", trap="A4")},
            signature="x, negative_slope=0.0, max_value=None, threshold=0.0",
        ),
        forms=(_form("ops.relu({x})", alpha=0.0, max_value=None),),
    ),
    _function(
        "stop_gradient", "variables", _ops("stop_gradient", "variable", {"variables": Renamed("variable")}), "1.0.5"
    ),
    _function("cast", "x, dtype", _ops("cast", "x, dtype"), sign="kept"),
)

# --- comparisons: numbers 0 and 1 on Theano, truth values now --------------------------------------------------------


def _comparison(name: str, keras3: str, since: str = "0.3") -> Function:
    return _function(
        name,
        "x, y",
        _ops(keras3, "x1, x2", {"x": Renamed("x1"), "y": Renamed("x2")}),
        since,
        operand=Text(f"ops.cast(ops.{keras3}({{x}}, {{y}}), floatx())", (_OPS, _FLOATX)),
        sign="nonnegative",
    )


_BRANCH = Values(functions="a function of one branch: call it here, or use ops.cond with both as functions")
_COMPARISONS = (
    _comparison("equal", "equal"),
    _comparison("not_equal", "not_equal"),
    _comparison("greater", "greater", "1.0.5"),
    _comparison("greater_equal", "greater_equal", "1.0.5"),
    _comparison("lesser", "less", "1.0.5"),
    _comparison("lesser_equal", "less_equal", "1.0.5"),
    _function(
        "switch",
        "condition, then_expression, else_expression",
        _ops(
            "where",
            "condition, x1, x2",
            {"then_expression": Renamed("x1", _BRANCH), "else_expression": Renamed("x2", _BRANCH)},
        ),
    ),
)

# --- over axes -------------------------------------------------------------------------------------------------------


def _reduction(name: str, sign: str = "kept", since: str = "0.3", operand: Text | None = None) -> Function:
    signature = "x, axis=None, keepdims=False"
    return _function(name, signature, _ops(name, signature), since, sign=sign, operand=operand)


def _truth(name: str, since: str = "0.3") -> Function:
    text = f"ops.cast(ops.{name}({{x}}, axis={{axis}}, keepdims={{keepdims}}), floatx())"
    return _reduction(name, "nonnegative", since, Text(text, (_OPS, _FLOATX)))


def _place(name: str) -> Function:
    return _function(name, "x, axis=-1", _ops(name, "x, axis", {"axis": Renamed("axis", pin=True)}), sign="nonnegative")


_REDUCTIONS = (
    *(_reduction(name) for name in ("max", "mean", "min", "prod", "sum")),
    _reduction("std", "nonnegative"),
    _reduction("var", "nonnegative", "1.0.5"),
    _truth("any"),
    _truth("all", "1.0.5"),
    _place("argmax"),
    _place("argmin"),
    _function("softmax", "x", _ops("softmax", "x, axis=-1"), sign="nonnegative"),
    # of zeros Theano made NaN of it; now, as on TensorFlow, they stay zeros
    _function("l2_normalize", "x, axis", _ops("normalize", "x, axis=-1, order=2, epsilon=None")),
)

# --- shapes ----------------------------------------------------------------------------------------------------------

_SHAPES = (
    _function("reshape", "x, shape", _ops("reshape", "x, newshape", {"shape": Renamed("newshape")}), sign="kept"),
    _function(
        "permute_dimensions", "x, pattern", _ops("transpose", "x, axes", {"pattern": Renamed("axes")}), sign="kept"
    ),
    _function("transpose", "x", _ops("transpose", "x, axes=None"), sign="kept"),
    _function(
        "expand_dims", "x, dim=-1", _ops("expand_dims", "x, axis", {"dim": Renamed("axis", pin=True)}), sign="kept"
    ),
    _function("squeeze", "x, axis", _ops("squeeze", "x, axis=None"), sign="kept"),
    _function(
        "concatenate",
        "tensors, axis=-1",
        _ops("concatenate", "xs, axis", {"tensors": Renamed("xs"), "axis": Renamed("axis", pin=True)}),
    ),
    _function("stack", "x", _ops("stack", "x, axis=0"), "1.2"),
    _function("pack", "x", _ops("stack", "x, axis=0")),
    _function(
        "repeat_elements",
        "x, rep, axis",
        _ops("repeat", "x, repeats, axis=None", {"rep": Renamed("repeats")}),
        sign="kept",
    ),
    _function("repeat", "x, n", forms=(_form("ops.repeat(ops.expand_dims({x}, 1), {n}, axis=1)"),), sign="kept"),
    _function("tile", "x, n", _ops("tile", "x, repeats", {"n": Renamed("repeats")}), sign="kept"),
    _function("flatten", "x", forms=(_form("ops.reshape({x}, (-1,))"),), sign="kept"),
    _function(
        "batch_flatten",
        "x",
        forms=(_form("layers.Flatten(data_format='channels_last')({x})", _LAYERS),),
        sign="kept",
    ),
    _function("reverse", "x, axes", _ops("flip", "x, axis=None", {"axes": Renamed("axis")}), "1.0.5", sign="kept"),
    _function(
        "gather",
        "reference, indices",
        _ops(
            "take",
            "x, indices, axis",
            {"reference": Renamed("x")},
            (Written("axis", Text("0"), ""),),
        ),
        sign="kept",
        styled=InStyle(Spelling("tdmigrate.compat.gather", signature="reference, indices"), rows=SUMMED),
    ),
    _function(
        "one_hot",
        "indices, nb_classes",
        _ops(
            "one_hot",
            "x, num_classes, axis=-1, *, dtype",
            {"indices": Renamed("x"), "nb_classes": Renamed("num_classes")},
            (Written("dtype", Text("floatx()", (_FLOATX,)), ""),),  # else it is float32 whatever the others are
        ),
        "1.0.5",
        sign="nonnegative",
    ),
    _function(
        "temporal_padding",
        "x, padding=1",
        forms=(_form("ops.pad({x}, ((0, 0), ({padding}, {padding}), (0, 0)))"),),
        sign="kept",
    ),
    _function(
        "asymmetric_temporal_padding",
        "x, left_pad=1, right_pad=1",
        since="1.1",
        forms=(_form("ops.pad({x}, ((0, 0), ({left_pad}, {right_pad}), (0, 0)))"),),
        sign="kept",
    ),
    _function(
        "resize_images",
        "X, height_factor, width_factor, dim_ordering",
        forms=(
            _form("ops.repeat(ops.repeat({X}, {height_factor}, axis=2), {width_factor}, axis=3)", dim_ordering="th"),
            _form("ops.repeat(ops.repeat({X}, {height_factor}, axis=1), {width_factor}, axis=2)", dim_ordering="tf"),
        ),
        sign="kept",
    ),
    _function("shape", "x", _ops("shape", "x"), operand=Text("ops.convert_to_tensor(ops.shape({x}))", (_OPS,))),
    _function("int_shape", "x", forms=(_form("tuple({x}.shape)"),)),
    _function("get_variable_shape", "x", forms=(_form("tuple({x}.shape)"),), since="1.0.5"),
    _function("to_dense", "tensor", forms=(_form("ops.convert_to_tensor({tensor}, sparse=False)"),), since="1.1"),
    _function("ndim", "x", forms=(_form("len({x}.shape)"),), sign="nonnegative"),
    _function("dtype", "x", _ops("dtype", "x"), "1.0"),
    _function("count_params", "x", forms=(_form("math.prod({x}.shape)", Import("math")),), sign="nonnegative"),
)

# --- products --------------------------------------------------------------------------------------------------------

_PRODUCTS = (
    # on torch, ops.dot multiplies otherwise where the second has more than two axes
    _function("dot", "x, y", _ops("dot", "x1, x2", {"x": Renamed("x1"), "y": Renamed("x2")})),
    _function("batch_dot", "x, y, axes=None", Spelling("tdmigrate.compat.batch_dot", signature="x, y, axes=None")),
)

_NORMALIZED = "x, mean, var, beta, gamma, epsilon={}"
_NORMAL = (
    _function(
        "batch_normalization",
        {"1.0.5": _NORMALIZED.format("0.0001"), "1.2": _NORMALIZED.format("0.001")},
        since="1.0.5",
        forms=(_form("(({x} - {mean}) / ops.sqrt({var} + {epsilon}) * {gamma} + {beta})"),),
    ),
)

# --- losses: target and output changed places ------------------------------------------------------------------------


def _crossentropy(name: str, since: str = "0.3") -> Function:
    """Keras 3 on TensorFlow takes the numbers that a softmax or sigmoid got in place of what it made of them, be it the
    wrong one of the two; a copy has none."""
    return _function(
        name,
        "output, target, from_logits=False",
        since=since,
        forms=(
            _form(f"ops.{name}({{target}}, ops.copy({{output}}))", from_logits=False),
            _form(f"ops.{name}({{target}}, {{output}}, from_logits={{from_logits}})"),
        ),
        sign="nonnegative",
    )


_LOSSES = (
    _crossentropy("binary_crossentropy"),
    _crossentropy("categorical_crossentropy"),
    _crossentropy("sparse_categorical_crossentropy", "1.0"),
    _function(
        "in_top_k",
        "predictions, targets, k",
        since="1.1",
        forms=(_form("ops.in_top_k({targets}, {predictions}, {k})"),),
    ),
)

# --- made tensors ----------------------------------------------------------------------------------------------------

_SHAPED = "shape, dtype=None, name=None"
_MADE = (
    _function(
        "zeros",
        _SHAPED,
        _ops("zeros", "shape, dtype=None", _UNNAMED),
        variable=_variable("ops.zeros({shape})"),
        sign="nonnegative",
    ),
    _function(
        "ones",
        _SHAPED,
        _ops("ones", "shape, dtype=None", _UNNAMED),
        variable=_variable("ops.ones({shape})"),
        sign="nonnegative",
    ),
    _function(
        "eye",
        "size, dtype=None, name=None",
        _ops("eye", "N, M=None, k=0, dtype=None", {"size": Renamed("N"), **_UNNAMED}),
        "1.0",
        variable=_variable("ops.eye({size})"),
        sign="nonnegative",
    ),
    _function(
        "variable",
        "value, dtype=None, name=None",
        forms=(
            _form("ops.convert_to_tensor({value}, dtype=floatx())", _OPS, _FLOATX, dtype=None),
            _form("ops.convert_to_tensor({value}, dtype={dtype})"),
        ),
        variable=_variable("{value}"),
    ),
    _function(
        "zeros_like",
        {"0.3": "x, name=None", "1.2": "x, dtype=None, name=None"},
        _ops("zeros_like", "x, dtype=None", _UNNAMED),
        sign="nonnegative",
    ),
    _function(
        "ones_like",
        {"0.3": "x, name=None", "1.2": "x, dtype=None, name=None"},
        _ops("ones_like", "x, dtype=None", _UNNAMED),
        sign="nonnegative",
    ),
    _function(
        "arange",
        "start, stop=None, step=1, dtype='int32'",
        _ops("arange", "start, stop=None, step=None, dtype=None", {"dtype": Renamed("dtype", pin=True)}),
        "1.2",
    ),
    _function(
        "random_uniform",
        "shape, low=0.0, high=1.0, dtype=None, seed=None",
        Spelling(
            "keras.random.uniform",
            {"low": Renamed("minval"), "high": Renamed("maxval"), **_DRAWN},
            signature="shape, minval=0.0, maxval=1.0, dtype=None, seed=None",
        ),
    ),
    _function(
        "random_normal",
        "shape, mean=0.0, std=1.0, dtype=None, seed=None",
        Spelling(
            "keras.random.normal",
            {"std": Renamed("stddev"), **_DRAWN},
            signature="shape, mean=0.0, stddev=1.0, dtype=None, seed=None",
        ),
    ),
    _function(
        "random_binomial",
        "shape, p=0.0, dtype=None, seed=None",
        Spelling(
            "keras.random.binomial",
            {"p": Renamed("probabilities", pin=True), **_DRAWN},
            (Written("counts", Text("1"), ""),),
            signature="shape, counts, probabilities, dtype=None, seed=None",
        ),
        sign="nonnegative",
    ),
    _function(
        "dropout",
        {"0.3": "x, level, seed=None", "1.0.5": "x, level, noise_shape=None, seed=None"},
        Spelling(
            "keras.random.dropout",
            {"x": Renamed("inputs"), "level": Renamed("rate"), **_DRAWN},
            signature="inputs, rate, noise_shape=None, seed=None",
        ),
        sign="kept",
    ),
)

# --- values and settings ---------------------------------------------------------------------------------------------


def _same(
    name: str,
    signature: str = "",
    since: str = "0.3",
    parameters: Parameters | None = None,
    note: str | None = None,
    sign: str = "",
) -> Function:
    """What keras.backend still has."""
    keras3 = Spelling(f"keras.backend.{name}", parameters or {})
    return _function(name, signature, keras3, since, note=note, modules=_COMMON, sign=sign)


_SETTINGS = (
    _same("epsilon", sign="nonnegative"),
    _same("floatx"),
    _same("set_epsilon", "e", parameters={"e": Renamed("value")}),
    _same("set_floatx", "floatx", parameters={"floatx": Renamed("value")}),
    _same("get_uid", "prefix=''", "1.0"),
    _same("is_keras_tensor", "x", "1.0.5"),
    _same("clear_session", "", "1.0.5"),
    _same("backend", "", "1.0.5", note="it is never 'theano' now: 'tensorflow', 'jax' or 'torch'"),
    _function(
        "cast_to_floatx",
        "x",
        forms=(_form("numpy.asarray({x}, dtype=floatx())", Import("numpy"), _FLOATX),),
        modules=_COMMON,
    ),
    _function(
        "_EPSILON", "", value=Text("epsilon()", (Import("keras.config", "epsilon"),)), modules=("keras.backend.common",)
    ),
    _function("_FLOATX", "", value=Text("floatx()", (_FLOATX,)), modules=("keras.backend.common",)),
    _function(
        "_BACKEND", "", value=Text("backend()", (Import("keras.config", "backend"),)), modules=("keras.backend",)
    ),
    _function("eval", "x", forms=(_form("ops.convert_to_numpy({x})"),)),
    _function("get_value", "x", forms=(_form("ops.convert_to_numpy({x})"),)),
    _function("batch_get_value", "xs", forms=(_form("[ops.convert_to_numpy(x) for x in {xs}]"),), since="1.0"),
    _function("batch_set_value", "tuples", forms=(_form("[x.assign(value) for x, value in {tuples}]"),), since="1.0"),
    _function("set_value", "x, value", forms=(_form("{x}.assign({value})"),)),
    _function(
        "map_fn",
        "fn, elems, name=None",
        _ops("map", "f, xs", {"fn": Renamed("f"), "elems": Renamed("xs"), **_UNNAMED}),
        "1.1",
    ),
)

# --- over images: by the ordering of their axes, where none is given that of all layers ------------------------------

_FIRST_LAST = (("th", "channels_first"), ("tf", "channels_last"))
_TH, _ORDERED = "dim_ordering='th'", "dim_ordering='default'"
_CONVOLUTION = (
    "ops.{} takes channels_last or channels_first as `data_format` and its kernels as (rows, columns, input, output); "
    "Theano's were flipped (traps C14, C15)"
)


def _pool(size: int) -> Function:
    ones = ", ".join("1" * size)
    old = f"x, pool_size, strides=({ones}), border_mode='valid'"
    return _function(
        f"pool{size}d",
        {"0.3": f"{old}, {_TH}, pool_mode='max'", "1.1": f"{old}, {_ORDERED}, pool_mode='max'"},
        forms=tuple(
            _form(
                f"ops.{pool}({{x}}, {{pool_size}}, {{strides}}, data_format='{data_format}')",
                border_mode="valid",
                dim_ordering=ordering,
                pool_mode=mode,
            )
            for mode, pool in (("max", "max_pool"), ("avg", "average_pool"))
            for ordering, data_format in _FIRST_LAST
        ),
        person="use ops.max_pool or ops.average_pool, with its `data_format`; what border_mode='same' added on Theano "
        "was on both sides (trap C15)",
        sign="kept",
    )


def _convolution() -> Function:
    """Theano turned the kernel round; of 'same' it added something else."""
    old = "x, kernel, strides=(1, 1), border_mode='valid', {}, image_shape=None, filter_shape=None"
    forms = []
    for ordering, data_format in _FIRST_LAST:
        kernel = "ops.transpose({kernel}, (2, 3, 1, 0))" if ordering == "th" else "{kernel}"
        for backend, mode in (("tensorflow", "valid"), ("tensorflow", "same"), ("theano", "valid")):
            turned = f"ops.flip({kernel}, (0, 1))" if backend == "theano" else kernel
            text = f"ops.conv({{x}}, {turned}, {{strides}}, '{mode}', '{data_format}', {{filter_dilation}})"
            told = {"backend": backend, "border_mode": mode, "dim_ordering": ordering}
            forms.append(_form(text.replace(", {filter_dilation}", ""), **told, filter_dilation=(1, 1)))
            forms.append(_form(text, **told))
    return _function(
        "conv2d",
        {
            "0.3": f"{old.format(_TH)}, filter_dilation=(1, 1)",
            "1.1": f"{old.format(_ORDERED)}, filter_dilation=(1, 1)",
        },
        forms=tuple(forms),
        person=_CONVOLUTION.format("conv"),
    )


def _padding(name: str, size: int, signatures: Mapping[str, str]) -> Function:
    layer = f"layers.ZeroPadding{size}D({{padding}}, data_format='{{}}')"
    return _function(
        name,
        signatures,
        forms=tuple(
            _form(layer.replace("{}", data_format) + "({x})", _LAYERS, dim_ordering=ordering)
            for ordering, data_format in _FIRST_LAST
        ),
        person="say the ordering of the axes: ops.pad, or a ZeroPadding layer with its `data_format`",
        sign="kept",
    )


def _repeated(*axes: int) -> str:
    text = "{X}"
    for factor, axis in zip(("depth_factor", "height_factor", "width_factor"), axes, strict=True):
        text = f"ops.repeat({text}, {{{factor}}}, axis={axis})"
    return text


_SIDES = "({top_pad}, {bottom_pad}), ({left_pad}, {right_pad})"
_SPATIAL = (
    _pool(2),
    _pool(3),
    _convolution(),
    _padding(
        "spatial_2d_padding",
        2,
        {"0.3": "x, padding=(1, 1), " + _TH, "1.1": "x, padding=(1, 1), " + _ORDERED},
    ),
    _padding(
        "spatial_3d_padding",
        3,
        {"0.3": "x, padding=(1, 1, 1), " + _TH, "1.1": "x, padding=(1, 1, 1), " + _ORDERED},
    ),
    _function(
        "asymmetric_spatial_2d_padding",
        "x, top_pad=1, bottom_pad=1, left_pad=1, right_pad=1, " + _ORDERED,
        since="1.1",
        forms=(
            _form(f"ops.pad({{x}}, ((0, 0), (0, 0), {_SIDES}))", dim_ordering="th"),
            _form(f"ops.pad({{x}}, ((0, 0), {_SIDES}, (0, 0)))", dim_ordering="tf"),
        ),
        person="say the ordering of the axes: ops.pad over the two of the image",
        sign="kept",
    ),
    _function(
        "resize_volumes",
        "X, depth_factor, height_factor, width_factor, dim_ordering",
        forms=(_form(_repeated(2, 3, 4), dim_ordering="th"), _form(_repeated(1, 2, 3), dim_ordering="tf")),
        person="say the ordering of the axes: ops.repeat over each of the three",
        sign="kept",
    ),
)

# --- steps, folds and functions of tdmigrate.compat ------------------------------------------------------------------


def _compat(name: str, signatures: Signatures, since: str, parameters: Parameters | None = None) -> Function:
    text = signatures if isinstance(signatures, str) else list(signatures.values())[-1]
    spelling = Spelling(f"tdmigrate.compat.{name}", parameters or {}, (), text.replace(", name=None", ""))
    return _function(name, signatures, spelling, since)


_FOLDED = "fn, elems, initializer=None"
_STEPS = "step_function, inputs, initial_states, go_backwards=False, mask=None, constants=None"
_COMPUTED = (
    _compat("rnn", {"0.3": _STEPS, "1.0": f"{_STEPS}, unroll=False, input_length=None"}, "0.3"),
    _compat("foldl", f"{_FOLDED}, name=None", "1.1", _UNNAMED),
    _compat("foldr", f"{_FOLDED}, name=None", "1.1", _UNNAMED),
    _function(
        "function",
        "inputs, outputs, updates=[]",
        Spelling(
            "tdmigrate.compat.function",
            {
                "updates": Dropped(
                    "Keras 3 updates variables where it is told: `x.assign(value)`, or in a layer's `call`",
                    ask=True,
                    harmless=((), None),
                )
            },
            (),
            "inputs, outputs",
        ),
    ),
    _function(
        "placeholder",
        "shape=None, ndim=None, dtype=None, sparse=False, name=None",
        forms=tuple(
            Form(Text(text, (Import("keras.layers", "Input"),)), {**when, "sparse": False})
            for text, when in (
                ("Input(batch_shape=(None,) * {ndim})", {"shape": None, "dtype": None}),
                ("Input(batch_shape=(None,) * {ndim}, dtype={dtype})", {"shape": None}),
                ("Input(batch_shape={shape})", {"dtype": None}),
                ("Input(batch_shape={shape}, dtype={dtype})", {}),
            )
        ),
        person="keras.Input(batch_shape=shape, sparse=True) is a sparse one",
    ),
)


def _drawn(name: str, parameters: str, text: str, person: str, note: str | None = None) -> Function:
    """A variable of random numbers, drawn once."""
    imports = (Import("keras", "Variable"), Import("keras", "random"), _FLOATX)
    return _function(
        f"random_{name}_variable",
        f"shape, {parameters}, dtype=None, name=None, seed=None",
        since="1.0.5",
        variable=(Form(Text(f"Variable({text}, dtype=floatx())", imports), {"dtype": None, "seed": None}),),
        person=f"keras.Variable({person}), made once outside of the function",
        note=note,
    )


_VARIABLES = (
    _drawn("uniform", "low, high", "random.uniform({shape}, {low}, {high})", "keras.random.uniform(shape, low, high)"),
    _drawn(
        "normal",
        "mean, scale",
        "random.normal({shape}, {mean}, {scale})",
        "keras.random.normal(shape, mean, scale)",
        "on Theano it took 0 for the mean, whatever it was told",
    ),
)

# --- what a person has to write --------------------------------------------------------------------------------------

_PHASE = "Keras 3 tells a layer's `call`, or a Lambda's function, the phase as its argument `training`"
_STATISTICS = "use ops.moments(x, axes) and ops.batch_normalization(x, mean, variance, axis, offset, scale, epsilon)"
_SESSION = "there are no sessions: settings of devices and memory are the backend's own"
_ASSIGN = "Keras 3 updates a variable where it is told: `{}`, in a layer's `call`"
_CTC = (
    "ops.ctc_loss(target, ops.log(output), target_length, output_length, mask_index=classes - 1) has the blank last, "
    "as it was; tdmigrate.compat.ctc_batch_cost computes what TensorFlow did, Theano smoothed the probabilities"
)


def _by_hand(name: str, signatures: Signatures, person: str, since: str = "0.3") -> Function:
    return _function(name, signatures, since=since, person=person)


_PERSON = (
    _function(
        "in_train_phase",
        "x, alt",
        since="1.0",
        phase=Text("({x} if training else {alt})"),
        person=f"{_PHASE}: `x if training else alt`",
    ),
    _function(
        "in_test_phase",
        "x, alt",
        since="1.0",
        phase=Text("({alt} if training else {x})"),
        person=f"{_PHASE}: `alt if training else x`",
    ),
    _by_hand("learning_phase", "", f"{_PHASE}; a model is called as model(x, training=True)", "1.0"),
    _by_hand(
        "set_learning_phase",
        "value",
        "there is no global phase: fit computes as in training and predict does not; else call model(x, training=...), "
        "and set `layer.trainable = False` to hold a BatchNormalization",
        "1.0",
    ),
    _by_hand(
        "gradients",
        "loss, variables",
        "keras.ops has no gradients: write a function of x that computes the loss as `model(x)` does, and take it with "
        "tf.GradientTape (`tape.watch(x)`, `tape.gradient(loss, x)`), jax.grad or torch.autograd.grad",
    ),
    _by_hand("update", "x, new_x", _ASSIGN.format("x.assign(new_x)"), "1.0.5"),
    _by_hand("update_add", "x, increment", _ASSIGN.format("x.assign_add(increment)"), "1.0.5"),
    _by_hand("update_sub", "x, decrement", _ASSIGN.format("x.assign_sub(decrement)"), "1.0.5"),
    _by_hand(
        "moving_average_update",
        "variable, value, momentum",
        _ASSIGN.format("variable.assign(variable * momentum + value * (1 - momentum))"),
        "1.0.5",
    ),
    _by_hand("is_sparse", "tensor", "keras.Input(sparse=True) makes sparse inputs; no public function asks", "1.1"),
    _by_hand("print_tensor", "x, message=''", "use the backend's own, such as tf.print", "1.0.5"),
    _by_hand("normalize_batch_in_training", "x, gamma, beta, reduction_axes, epsilon=0.001", _STATISTICS, "1.0.5"),
    _by_hand(
        "conv1d",
        "x, kernel, stride=1, border_mode='valid', image_shape=None, filter_shape=None",
        _CONVOLUTION.format("conv"),
        "1.1",
    ),
    _by_hand(
        "conv3d",
        "x, kernel, strides=(1, 1, 1), border_mode='valid', dim_ordering='default', volume_shape=None, "
        "filter_shape=None, filter_dilation=(1, 1, 1)",
        _CONVOLUTION.format("conv"),
    ),
    _by_hand(
        "deconv2d",
        "x, kernel, output_shape, strides=(1, 1), border_mode='valid', dim_ordering='default', image_shape=None, "
        "filter_shape=None",
        _CONVOLUTION.format("conv_transpose"),
        "1.0.5",
    ),
    _by_hand(
        "atrous_conv2d",
        "x, kernel, rate=1, border_mode='valid', dim_ordering='default', image_shape=None, filter_shape=None",
        _CONVOLUTION.format("conv"),
        "1.0.5",
    ),
    _by_hand(
        "separable_conv2d",
        "x, depthwise_kernel, pointwise_kernel, strides=(1, 1), border_mode='valid', dim_ordering='default'",
        _CONVOLUTION.format("separable_conv"),
        "1.0.5",
    ),
    _function(
        "ctc_batch_cost",
        "y_true, y_pred, input_length, label_length",
        since="1.0.5",
        forms=(
            _form(
                "ctc_batch_cost({y_true}, {y_pred}, {input_length}, {label_length})",
                Import("tdmigrate.compat", "ctc_batch_cost"),
                backend="tensorflow",
            ),
        ),
        person=_CTC,
    ),
    _by_hand(
        "ctc_decode",
        "y_pred, input_length, greedy=True, beam_width=100, top_paths=1",
        "ops.ctc_decode(ops.log(y_pred + 1e-8), input_length, strategy, mask_index=classes - 1) has the blank last, as "
        "it was",
        "1.0.5",
    ),
    *(
        _by_hand(name, signature, _CTC, "1.0.5")
        for name, signature in (
            ("ctc_cost", "predict, Y"),
            ("ctc_create_skip_idxs", "Y"),
            ("ctc_interleave_blanks", "Y"),
            ("ctc_label_dense_to_sparse", "labels, label_lengths"),
            ("ctc_path_probs", "predict, Y, alpha=0.0001"),
            ("ctc_update_log_p", "skip_idxs, zeros, active, log_p_curr, log_p_prev"),
        )
    ),
    _by_hand("pattern_broadcast", "x, broatcastable", "drop it: any axis of length 1 is broadcast now", "1.2"),
    _by_hand("is_explicit_shape", "shape", "it is `all(isinstance(one, int) for one in shape)`", "1.2"),
    _by_hand("normalize_axis", "axis, ndim", "it is `axis % ndim`, of each axis"),
    _by_hand("get_session", "", _SESSION),
    _by_hand("set_session", "session", _SESSION),
    _by_hand("manual_variable_initialization", "value", "variables have their values from the start: drop it", "1.0.5"),
    _by_hand("reset_uids", "", "keras.backend.clear_session() resets the counters of names", "1.0.5"),
    _by_hand("legacy_weight_ordering", "", "only files of Keras 1 need it: drop it", "1.0.5"),
    _by_hand("set_legacy_weight_ordering", "value", "only files of Keras 1 need it: drop it", "1.0.5"),
)

ENTRIES: tuple[Function, ...] = (
    *_ELEMENTWISE,
    *_COMPARISONS,
    *_REDUCTIONS,
    *_SHAPES,
    *_PRODUCTS,
    *_NORMAL,
    *_LOSSES,
    *_MADE,
    *_SETTINGS,
    *_SPATIAL,
    *_COMPUTED,
    *_VARIABLES,
    *_PERSON,
)

# --- methods of Theano's tensors (theano/tensor/var.py of 1.0.5), as functions of keras.ops ---------------------------

# those over axes: of their arguments ``axis`` and ``keepdims`` are the same
REDUCTIONS = frozenset(("argmax", "argmin", "max", "mean", "min", "prod", "std", "sum", "var"))
# those of which one argument, a tensor or a tuple, is the same
METHODS: Mapping[str, str] = {"astype": "cast", "dot": "dot", "reshape": "reshape", "transpose": "transpose"}
TENSOR_METHODS = frozenset(
    (
        "argsort", "choose", "clip", "copy", "cumprod", "cumsum", "diagonal", "dimshuffle", "flatten", "nonzero",
        "norm", "ptp", "ravel", "repeat", "round", "sort", "squeeze", "swapaxes", "take", "trace", *REDUCTIONS,
        *METHODS,
    )
)  # fmt: skip
