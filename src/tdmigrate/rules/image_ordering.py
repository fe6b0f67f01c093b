"""K520 to K522: where images have their channels, as the backend is told and asked, and what Keras 3 makes of it."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, ArgumentEdit, CallEdit, Edit, Fix, Import, Severity, TextEdit
from tdmigrate.keras1.entry import Entry, Layer, Ordered
from tdmigrate.keras1.orderings import FORMATS, KIND
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import Context, once
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.rules.windows import told
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import FunctionUse

RULES = (
    Rule(
        code="K520",
        name="image-ordering",
        title="image_dim_ordering is image_data_format now",
        what="Finds `set_image_dim_ordering` and `image_dim_ordering` of the backend.",
        why="Keras 3 has neither: 'th' is 'channels_first' and 'tf' is 'channels_last'.",
        safety="Safe: the same setting, the same answer.",
        examples=(
            Example(
                "from keras import backend as K\n"
                "from keras.layers import Convolution2D, Flatten\n"
                "\n"
                "K.set_image_dim_ordering('th')\n"
                "layers = [Convolution2D(32, 3, 3), Flatten()]\n",
                "from keras import backend as K\n"
                "from keras.layers import Conv2D, Flatten\n"
                "\n"
                "K.set_image_data_format('channels_first')\n"
                "layers = [Conv2D(32, (3, 3), data_format='channels_first'), Flatten(data_format='channels_last')]\n",
            ),
            Example(
                "from keras import backend as K\n"
                "from keras.layers import Convolution2D\n"
                "\n"
                "first = K.image_dim_ordering() == 'th'\n"
                "layer = Convolution2D(32, 3, 3, dim_ordering=K.image_dim_ordering())\n",
                "from keras import backend as K\n"
                "from keras.layers import Conv2D\n"
                "\n"
                "first = K.image_data_format() == 'channels_first'\n"
                "layer = Conv2D(32, (3, 3), data_format=K.image_data_format())\n",
            ),
        ),
    ),
    Rule(
        code="K521",
        name="image-ordering-note",
        title="Worth knowing about where images have their channels",
        what="Notes a default that the release decided, and a setting that more layers follow in Keras 3.",
        why="The rewrite names what it had to assume.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
    Rule(
        code="K522",
        name="image-bias",
        title="Keras 3 on TensorFlow adds this bias along the columns",
        what=(
            "Finds convolutions over images with their channels first whose output has as many columns as filters, "
            "and a bias."
        ),
        why=(
            "Keras 3.15 on TensorFlow takes the last axis for the channels then, without a word "
            "(keras/src/backend/tensorflow/numpy.py, add): eagerly, under XLA, and on a CPU in all but plain "
            "convolutions of a graph; on jax and torch it does not."
        ),
        safety="Nothing is changed: run it on another backend, or have the channels last.",
        examples=(
            Example(
                "from keras.layers.convolutional import Convolution2D\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Convolution2D(8, 3, 3, border_mode='same', dim_ordering='th', input_shape=(3, 8, 8)))\n",
                None,
            ),
        ),
    ),
)

_SET, _ASKED = "keras.backend.set_image_data_format", "keras.backend.image_data_format"


def check_image_ordering(ctx: Context) -> None:
    for use in ctx.facts.functions:
        if use.entry is not None and getattr(use.entry, "kind", None) == KIND:
            if use.entry.keras3 is not None:
                _check_set(ctx, use)
            else:
                _check_asked(ctx, use)
    for reference in ctx.facts.references:
        if reference.entry is not None and getattr(reference.entry, "kind", None) == KIND:
            where = _SET if reference.entry.keras3 is not None else _ASKED
            message = f"{reference.symbol.path} is {where} now, of 'channels_first' or 'channels_last'"
            ctx.add("K520", Severity.ERROR, ctx.span(reference.node), message, symbol=reference.symbol.path)
    _check_default(ctx)
    _check_bias(ctx)


def _check_set(ctx: Context, use: FunctionUse) -> None:
    argument = use.bound.arguments.get("dim_ordering") if use.bound is not None else None
    span = ctx.span(use.node)
    if argument is None:
        ctx.add("K520", Severity.ERROR, span, f"it is {_SET} now, of 'channels_first' or 'channels_last'")
        return
    if isinstance(argument.value, str) and argument.value in FORMATS:
        value = FORMATS[argument.value]
    else:
        value = f"{FORMATS['th']} if {{}} == 'th' else {FORMATS['tf']}"
    keyword = None if argument.positional else "data_format"
    _rename(ctx, use, _SET, (ArgumentEdit(argument.index, keyword, value),))
    if argument.value != "tf":
        message = (
            "layers of other files that are told no data_format follow this setting in Keras 3, Flatten and those over "
            "sequences too, which took the channels as last in Keras 1 (trap C13)"
        )
        ctx.add("K521", Severity.NOTE, span, message, symbol=use.symbol.path)


def _check_asked(ctx: Context, use: FunctionUse) -> None:
    if use.node in _orderings(ctx):
        _rename(ctx, use, _ASKED)
        return
    compared = ctx.parents.get(use.node)
    if isinstance(compared, ast.Compare) and len(compared.comparators) == 1:
        other = compared.left if use.node is not compared.left else compared.comparators[0]
        if (
            isinstance(compared.ops[0], (ast.Eq, ast.NotEq))
            and isinstance(other, ast.Constant)
            and isinstance(other.value, str)
            and other.value in FORMATS
        ):
            _rename(ctx, use, _ASKED, (), (TextEdit(ctx.span(other), FORMATS[other.value]),))
            return
    symbol = ctx.names.resolve(use.node.func)
    if symbol is None:
        return
    spelled = ctx.spell(use.node.func, symbol, _ASKED)
    text = f"('th' if {spelled.text}() == 'channels_first' else 'tf')"
    _add(ctx, use, _ASKED, (TextEdit(ctx.span(use.node), text),), spelled.imports)


def _rename(
    ctx: Context, use: FunctionUse, path: str, arguments: tuple[ArgumentEdit, ...] = (), also: tuple[Edit, ...] = ()
) -> None:
    symbol = ctx.names.resolve(use.node.func)
    if symbol is None:  # through a variable: what it stands for is mended there
        return
    spelled = ctx.spell(use.node.func, symbol, path)
    func = None if spelled.text == ctx.module.segment(use.node.func) else spelled.text
    _add(ctx, use, path, (CallEdit(ctx.span(use.node), func, arguments), *also), spelled.imports)


def _add(ctx: Context, use: FunctionUse, path: str, edits: tuple[Edit, ...], imports: tuple[Import, ...]) -> None:
    message = f"{use.symbol.path} is {path} now"
    fix = Fix(Applicability.SAFE, edits, imports)
    if ctx.add("K520", Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path, fix=fix):
        ctx.replace(use.node.func, Applicability.SAFE, path)


@once
def _orderings(ctx: Context) -> set[ast.expr]:
    """The values of every layer's ``dim_ordering``."""
    return {
        argument.node
        for use in ctx.facts.layers
        for name, argument in use.bound.arguments.items()
        if name in _ordered(use.entry)
    }


def _ordered(entry: Entry) -> list[str]:
    parameters = entry.keras3.parameters if entry.keras3 is not None else {}
    return [name for name, parameter in parameters.items() if isinstance(parameter, Ordered)]


def _check_default(ctx: Context) -> None:
    """The release decided, and the source may be for one or the other."""
    era = ctx.era
    both = era.versions.meets(parse("0.1-1.0")) and era.versions.meets(parse("1.1-1.2"))
    if era.ordering_told or era.orderings or era.ordering_asked or not (both or era.ordering_guessed):
        return
    for use in ctx.facts.layers:  # once a file
        names = _ordered(use.entry)
        values = [use.bound.arguments[name].value for name in names if name in use.bound.arguments]
        if names and values in ([], ["default"]) and not any(name == "data_format" for _, name in use.bound.unknown):
            where = "first" if era.ordering == "th" else "last"
            why = "as the input's shape looks" if era.ordering_guessed else "say --keras-version"
            message = (
                f"{use.entry.name}: before Keras 1.1 images had their channels first, from then on last, where nothing "
                f"told otherwise; {where} is assumed (trap C12; {why})"
            )
            ctx.add("K521", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
            return


def _convolves(entry: Layer) -> bool:
    """Whether a layer adds a bias to what filters make of its input."""
    if entry.window is not None:
        return not entry.window.pool
    return entry.layout is not None and entry.layout.convert == "separable"


def _check_bias(ctx: Context) -> None:
    for use in ctx.facts.layers:
        entry = use.entry
        if not isinstance(entry, Layer) or not _convolves(entry) or use.inputs is None:
            continue
        arguments = LegacyArguments(use.bound, entry, channels=ctx.era.channels)
        ordering = told(ctx, use, entry.keras3)
        if len(use.inputs) < 4 or ordering != "th" or arguments.get("bias") is False:
            continue
        shape = entry.shape([use.inputs], arguments)
        if shape is not None and isinstance(shape[1], int) and shape[1] == shape[-1]:
            message = (
                f"{entry.name}: {shape[1]} filters and as many columns, with the channels first: Keras 3.15 on "
                "TensorFlow adds the bias along the columns; run it on jax or torch, or have the channels last "
                "(trap C44)"
            )
            ctx.add("K522", Severity.WARNING, ctx.span(use.node), message, symbol=use.symbol.path)
