"""K2xx: layers and their arguments, by their entries. No layer is known here by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import CallEdit, Fix, Severity
from tdmigrate.keras1.entry import Caution, Gathered, Instead, Layer, Spelling
from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.rules import autoencoder, first_weights, numpy_sizes, weights
from tdmigrate.rules.arguments import Plan, plan
from tdmigrate.rules.calls import About, Codes, report
from tdmigrate.rules.context import Context, Spelled, once
from tdmigrate.rules.inputs import plan_input
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments, signature
from tdmigrate.understanding.facts import Argument, LayerUse

CODES = Codes(arguments="K201", defaults="K202", ask="K205", note="K206")

RULES = (
    Rule(
        code="K201",
        name="layer-arguments",
        title="A layer or its arguments are called otherwise now",
        what="Finds calls of Keras 0.x/1.x layers whose name or whose arguments' names, order or values changed.",
        why="Keras 2 renamed nearly all of them; Keras 3 raises `Unrecognized keyword arguments` or `TypeError`.",
        safety="Safe: each new spelling computes what the old one did.",
        examples=(
            Example(
                "from keras.layers.core import Dense\n"
                "\n"
                "dense = Dense(output_dim=64, init='uniform', W_regularizer='l2')\n",
                "from keras.layers import Dense\n"
                "\n"
                "dense = Dense(units=64, kernel_initializer='random_uniform', kernel_regularizer='l2')\n",
            ),
            Example(
                "from keras.layers.normalization import BatchNormalization\n"
                "\n"
                "bn = BatchNormalization(mode=1, epsilon=1e-3, momentum=0.9)\n",
                "from tdmigrate.compat import BatchNormalization\n"
                "\n"
                "bn = BatchNormalization(mode=1, epsilon=1e-3, momentum=0.9)\n",
            ),
            Example(
                "import numpy as np\n"
                "from keras.layers.core import Dense\n"
                "\n"
                "nb_classes = np.max([0, 2, 1]) + 1\n"
                "dense = Dense(nb_classes, init='zero')\n",
                "import numpy as np\n"
                "from keras.layers import Dense\n"
                "\n"
                "nb_classes = np.max([0, 2, 1]) + 1\n"
                "dense = Dense(int(nb_classes), kernel_initializer='zeros')\n",
            ),
        ),
    ),
    Rule(
        code="K202",
        name="layer-defaults",
        title="An old default of a layer is written out",
        what=(
            "Finds calls that relied on a default which Keras 3 changed and which changes the outputs: the gates of "
            "every LSTM and GRU (hard_sigmoid, clip(0.2 x + 0.5, 0, 1)), the reset gate of every GRU, and their like."
        ),
        why="The program runs on Keras 3 without a word, and computes other numbers (traps A2, C1).",
        safety="Safe: it keeps the old numbers. `--style modern` leaves the new defaults and notes each.",
        examples=(
            Example(
                "from keras.layers.recurrent import GRU\n\nlayer = GRU(output_dim=32)\n",
                "from keras.layers import GRU\n"
                "from tdmigrate.compat import hard_sigmoid\n"
                "\n"
                "layer = GRU(units=32, recurrent_activation=hard_sigmoid, reset_after=False)\n",
            ),
        ),
    ),
    Rule(
        code="K204",
        name="layer-gone",
        title="A layer that tdmigrate does not rewrite yet",
        what="Finds layers of Keras 0.x/1.x that Keras 3 has no equal for, or whose rewrite a person has to decide.",
        why="The import or the call fails on Keras 3.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example("from keras.layers.ntm import NeuralTuringMachine\n\nlayer = NeuralTuringMachine(8, 4, 3)\n", None),
        ),
    ),
    Rule(
        code="K205",
        name="layer-argument-by-hand",
        title="An argument of a layer that only a person can decide",
        what="Finds arguments whose value has no equal in Keras 3, or cannot be told from the source.",
        why="A guess could change numbers without a word.",
        safety="Nothing is changed; the message says what to look at.",
        examples=(
            Example(
                "from keras.layers.convolutional import Convolution1D\n"
                "\n"
                "layer = Convolution1D(4, 3, border_mode='full')\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K206",
        name="layer-note",
        title="Worth knowing about a layer",
        what="Notes where the old numbers depended on the release or on a value that the source does not tell.",
        why="The rewrite keeps the outputs; a note names what it had to assume.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
    weights.RULE,
)


def check_layers(ctx: Context) -> None:
    """Every layer call that has no rule of its own."""
    for use in ctx.facts.layers:
        entry = use.entry
        if isinstance(entry, Layer) and entry.name not in OWN_RULES:
            check_layer(ctx, use, entry)
    for reference in ctx.facts.references:
        parameters = reference.entry.keras3.parameters if reference.entry and reference.entry.keras3 else {}
        gathered = [parameter for parameter in parameters.values() if isinstance(parameter, Gathered)]
        if reference.role == "base" and gathered:
            names = ", ".join(gathered[0].names)
            message = (
                f"a class of its own derives from {reference.symbol.path}, whose {names} are {gathered[0].to} now: by "
                "position they would be taken for the kernel and the strides without a word"
            )
            ctx.add("K205", Severity.ERROR, ctx.span(reference.node), message, symbol=reference.symbol.path)


# layers of rules/time_distributed_dense.py
OWN_RULES = frozenset(("TimeDistributedDense", "TimeDistributedMerge", "TimeDistributed"))


def check_layer(ctx: Context, use: LayerUse, entry: Layer) -> None:
    spelling = entry.keras3
    if entry.name == autoencoder.NAME and autoencoder.check_autoencoder(ctx, use, entry):
        return
    if spelling is None:
        ctx.add(
            "K204",
            Severity.ERROR,
            ctx.span(use.node),
            f"{entry.name}: {entry.person or 'it is gone from Keras 3'}",
            symbol=use.symbol.path,
        )
        return
    about = About(entry.name, use.symbol.path)
    instead = standing_in(ctx, use, entry)
    padded = False
    if entry.window is not None:
        from tdmigrate.rules import padding, transposed  # only sources with convolutions need them

        unpadded = padding.write_out(ctx, use, entry, spelling)
        padded = unpadded is not spelling or padding.pads_alike(ctx, use, entry)
        padded = padded or (instead is not None and instead.padded)
        spelling = transposed.settle(ctx, use, entry, unpadded)
    if any(kernel.parameter in use.bound.arguments for kernel in entry.kernels):
        from tdmigrate.rules import constraints

        spelling = constraints.settle(ctx, use, entry, spelling)
    if entry.kernels and ctx.settings.style == "exact":
        from tdmigrate.rules import spreads

        spelling = spreads.settle(ctx, use, entry, spelling)
    if "unroll" in use.bound.arguments:
        from tdmigrate.rules import unrolling

        spelling = unrolling.settle(ctx, use, spelling)
    check_likeness(ctx, use, entry, padded)
    layout = entry.layout
    name = callee(ctx, use, spelling)
    if instead is not None:
        written = _named_anew(ctx, use, instead)
        if written is None:
            message = f"{entry.name}: {instead.why}; {_shown(instead.spelling)} is what it was"
            ctx.add("K205", Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path)
            return
        spelling, layout, name = instead.spelling, instead.layout, written
    if ctx.settings.style != "exact":
        first_weights.tell(ctx, use, entry, spelling)
    made = numpy_sizes.settle(ctx, use, spelling, plan(ctx, use.node, use.bound, entry, spelling, use.partial))
    report(ctx, use.node, made, CODES, about, name)
    check_shape(ctx, use, entry, made, about)
    inner = inner_use(ctx, use, entry)
    weights.check_weights(ctx, use, made.weights, about, weights.RULE.code, inner, layout=layout)


def standing_in(ctx: Context, use: LayerUse, entry: Layer) -> Instead | None:
    """What of ``entry.instead`` stands for the layer that a call makes; None: Keras 3's does."""
    for one in entry.instead:
        if not _holds(ctx, one) or (one.masked and not ctx.may_be_masked(use)):
            continue
        if one.padded and _pads_alike(ctx, use, entry):
            continue
        if one.argument is None or _differs(use, entry, *one.argument):
            return one
    return None


def _pads_otherwise(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    from tdmigrate.rules import padding

    return padding.pads_otherwise(ctx, use, entry)


def _pads_alike(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    from tdmigrate.rules import padding

    return padding.pads_alike(ctx, use, entry)


def _differs(use: LayerUse, entry: Layer, name: str, alike: tuple[object, ...]) -> bool:
    """Whether an argument is, or may be, other than the constants with which Keras 3's layer is the same function."""
    arguments = LegacyArguments(use.bound, entry)
    had = arguments.given(name) or name in signature(entry.signatures[use.bound.version]).names()
    return had and arguments.get(name) not in alike


def _holds(ctx: Context, instead: Instead) -> bool:
    """Whether it stands for the layer by the release; in modern style nothing does but what has no other spelling."""
    if not is_wanted(ctx, instead):
        return False
    if ctx.settings.style == "modern":
        return instead.argument is not None and parse(instead.versions or ALL.highest).hi == ALL.hi
    return not instead.versions or _is_assumed(ctx, instead.versions)


def is_wanted(ctx: Context, instead: Instead) -> bool:
    """Whether it may stand for the layer by the style, and by the backend that the source ran on."""
    return (not instead.styles or ctx.settings.style in instead.styles) and _ran(ctx, instead)


def _ran(ctx: Context, instead: Instead) -> bool:
    return not instead.backend or ctx.era.backend == instead.backend


def _is_assumed(ctx: Context, versions: str) -> bool:
    """Whether the release that is assumed where releases differ is among these."""
    span = parse(versions)
    return span.lo <= ctx.era.assumed.hi <= span.hi


def _named_anew(ctx: Context, use: LayerUse, instead: Instead) -> Spelled | None:
    """What a call is to name, where that is no longer what its import gives; None: it goes through a variable."""
    symbol = ctx.names.resolve(use.node.func)
    if symbol is None:
        return None
    if isinstance(use.node.func, ast.Name) and symbol.binding.local not in (use.node.func.id, "*"):
        return None
    return ctx.name(instead.spelling.path, free=_is_free(ctx, instead.spelling.path))


def _is_free(ctx: Context, path: str) -> bool:
    """Whether every import of a name will go, since each of its uses names what stands for it at ``path`` instead."""
    return ctx.are_imports_going(path.rpartition(".")[2], _going(ctx).get(path, set()))


@once
def _going(ctx: Context) -> dict[str, set[ast.expr]]:
    """The names of layers in whose place others stand, by the paths of these."""
    found: dict[str, set[ast.expr]] = {}
    for use in ctx.facts.layers:
        instead = standing_in(ctx, use, use.entry) if isinstance(use.entry, Layer) else None
        if instead is not None:
            found.setdefault(instead.spelling.path, set()).add(use.node.func)
    return found


def check_likeness(ctx: Context, use: LayerUse, entry: Layer, padded: bool = False) -> None:
    """What the release or the backend made of a layer that Keras 3 does not; ``padded``: but for its padding."""
    stands = standing_in(ctx, use, entry)
    for one in entry.instead:
        if one.masked and ctx.settings.style == "modern" and ctx.may_be_masked(use):
            message = f"{entry.name}: {one.why}"
            ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
        if one.styles:
            _tell_of_training(ctx, use, entry, one, stands)
        if one.masked or one is stands or one.styles or one.padded or not ctx.era.versions.meets(parse(one.versions)):
            continue
        if one.argument is not None and not _differs(use, entry, *one.argument):
            continue
        if ctx.settings.style == "modern" or not _is_assumed(ctx, one.versions):
            message = f"{entry.name}: if this is a source for Keras {one.versions}: {one.why}"
            if all(finding.message != message for finding in ctx.findings):  # once a file
                ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
    for argument, caution in _heeded(entry.cautions, use):
        message = f"{entry.name}: `{caution.parameter}`: {caution.note} (trap {caution.trap})"
        ctx.add("K206", Severity.NOTE, ctx.span(argument.node), message, symbol=use.symbol.path)
    inner = inner_use(ctx, use, entry)
    if inner is not None:
        for argument, caution in _heeded(entry.inside, inner):
            message = f"{entry.name}: {caution.note}"
            ctx.add("K205", Severity.ERROR, ctx.span(argument.node), message, symbol=use.symbol.path)
        for _, caution in _heeded(entry.masked_inside, inner) if use.masked else ():
            message = f"{entry.name}: {caution.note} (trap {caution.trap})"
            ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
    check_mask(ctx, use, entry)
    if ctx.era.backend != "theano" and ctx.era.backend_told:
        return
    for argument, caution in _heeded(entry.theano, use):
        if padded and caution.trap == "C15":
            continue
        where = "" if ctx.era.backend == "theano" else "if it ran on Theano: "
        message = f"{entry.name}: {where}{caution.note} (trap {caution.trap})"
        certain = not where and caution.trap == "C15" and _pads_otherwise(ctx, use, entry)
        code, severity = ("K205", Severity.ERROR) if certain else ("K206", Severity.NOTE)
        ctx.add(code, severity, ctx.span(argument.node), message, symbol=use.symbol.path)


def check_mask(ctx: Context, use: LayerUse, entry: Layer) -> None:
    """What becomes of a mask that reaches a layer."""
    code, severity = ("K206", Severity.NOTE) if ctx.settings.style == "modern" else ("K205", Severity.ERROR)
    for one in entry.behind_mask:
        if _is_assumed(ctx, one.versions) and ctx.may_be_masked(use):
            ctx.add(code, severity, ctx.span(use.node), f"{entry.name}: {one.why}", symbol=use.symbol.path)
    if use.masked and entry.masks == "none" and not _is_wrapped(ctx, use):
        message = (
            f"{entry.name}: a mask reaches it, on which Keras 1 raised; Keras 3 drops the mask or passes it on "
            "(trap C26)"
        )
        ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)


def _is_wrapped(ctx: Context, use: LayerUse) -> bool:
    """Whether a TimeDistributed has the layer: it takes any mask, and hands none on to what it has."""
    parent = ctx.parents.get(use.node)
    wrappers = [one for one in ctx.facts.layers if one.node is parent and isinstance(one.entry, Layer)]
    return any(one.entry.name == "TimeDistributed" for one in wrappers)


def _tell_of_training(ctx: Context, use: LayerUse, entry: Layer, one: Instead, stands: Instead | None) -> None:
    """What trains otherwise than it did, said once a file; ``one``: what exact style has in the layer's place."""
    if one.versions and not _is_assumed(ctx, one.versions):
        return
    if one.argument is not None and not _differs(use, entry, *one.argument):
        return
    if one.rows:
        from tdmigrate.rules import gradients  # only sources with tables need it

        if (stands is not None and stands.spelling.path == one.spelling.path) or not gradients.may_be_squared(ctx):
            return
    exact = ctx.settings.style in one.styles
    if not _ran(ctx, one) and (ctx.era.backend_told or not exact):
        return
    where = "" if _ran(ctx, one) else f"if it ran on {one.backend.capitalize()} (say --source-backend): "
    name = _shown(one.spelling)
    way = f"; {name} does so" if exact else f"; exact style, or {name}, trains as it did"
    message = f"{entry.name}: {where}{one.why}{way if one is not stands else ''}"
    if all(finding.message != message for finding in ctx.findings):
        ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)


def _shown(spelling: Spelling) -> str:
    given = ", ".join(f"{written.keyword}={written.text.text}" for written in spelling.written)
    return f"{spelling.path}({given})" if given else spelling.path


def inner_use(ctx: Context, use: LayerUse, entry: Layer) -> LayerUse | None:
    """The layer made inside a wrapper's call; None: it is made elsewhere."""
    held = use.bound.arguments.get(entry.wraps) if entry.wraps is not None else None
    return next((one for one in ctx.facts.layers if held is not None and one.node is held.node), None)


def _heeded(cautions: tuple[Caution, ...], use: LayerUse) -> Iterator[tuple[Argument, Caution]]:
    """The arguments of a call that a caution is for."""
    for caution in cautions:
        argument = use.bound.arguments.get(caution.parameter)
        if argument is None or (caution.values and argument.value not in caution.values):
            continue
        if argument.value not in caution.harmless and _stands_beside(use, caution):
            yield argument, caution


def _stands_beside(use: LayerUse, caution: Caution) -> bool:
    if not caution.beside or not isinstance(use.entry, Layer):
        return True
    arguments = LegacyArguments(use.bound, use.entry)
    had = signature(use.entry.signatures[use.bound.version]).names()
    return all(arguments.get(name) in values for name, values in caution.beside.items() if name in had)


def callee(ctx: Context, use: LayerUse, spelling: Spelling) -> Spelled | None:
    """The new text of the called name, where it changes by more than the import does."""
    symbol = ctx.names.resolve(use.node.func)
    if symbol is None:  # reached through a variable or a parameter
        return None
    if spelling.path.rpartition(".")[2] == symbol.path.rpartition(".")[2]:
        return None
    spelled = ctx.spell(use.node.func, symbol, spelling.path)
    return None if spelled.text == ctx.module.segment(use.node.func) else spelled


def check_shape(ctx: Context, use: LayerUse, entry: Layer, made: Plan, about: About) -> None:
    """input_dim, input_shape and their like."""
    planned = plan_input(ctx, use, entry, made.shaped)
    if planned is None:
        return
    span = ctx.span(use.node)
    if planned.ask is not None:
        ctx.add("K205", Severity.ERROR, span, f"{about.label}: {planned.ask}", symbol=about.symbol)
        return
    edits = (CallEdit(span, arguments=planned.arguments, added=planned.added), *planned.edits)
    ctx.add(
        "K203",
        Severity.ERROR,
        span,
        f"{about.label}: {planned.message}",
        symbol=about.symbol,
        fix=Fix(about.applicability, edits, planned.imports),
    )
