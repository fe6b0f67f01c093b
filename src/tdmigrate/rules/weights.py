"""K207, TD015: the initial weights that a layer was given."""

from __future__ import annotations

import ast

from tdmigrate.findings import ArgumentEdit, CallEdit, Fix, Recast, Severity, StatementEdit, Wrap
from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.rules.calls import About
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.moving import is_inside, is_plain
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import Argument, LayerUse, Place

RULE = Rule(
    code="K207",
    name="layer-weights",
    title="weights= is set on the built layer now",
    what=(
        "Finds `weights=[...]` on a layer: the initial values of its kernel and bias. A layer that joins a built "
        "container is given them there; any other sets them when it is built, by `tdmigrate.compat`. The separate "
        "gates of an LSTM or GRU are fused, kernels of convolutions get today's axes and are turned round where they "
        "come from Theano."
    ),
    why="Keras 3 layers other than Embedding take no `weights`.",
    safety=(
        "Safe: the same values at the same time. A person has to do it where nothing tells whether a kernel is "
        "Theano's (say --source-backend), or whether it comes from `get_weights()` of today."
    ),
    examples=(
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import Dense\n"
            "\n"
            "def build(W, b):\n"
            "    model = Sequential()\n"
            "    model.add(Dense(output_dim=3, input_dim=4, weights=[W, b]))\n"
            "    return model\n",
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input\n"
            "\n"
            "def build(W, b):\n"
            "    model = Sequential()\n"
            "    model.add(Input(shape=(4,)))\n"
            "    model.add(Dense(units=3))\n"
            "    model.layers[-1].set_weights([W, b])\n"
            "    return model\n",
        ),
        Example(
            "from keras.layers import Dense\n"
            "\n"
            "def head(x, W, b):\n"
            "    return Dense(output_dim=3, weights=[W, b])(x)\n",
            "from keras.layers import Dense\n"
            "from tdmigrate.compat import with_initial_weights\n"
            "\n"
            "def head(x, W, b):\n"
            "    return with_initial_weights(Dense(units=3), weights=[W, b])(x)\n",
        ),
        Example(
            "import theano\n"
            "from keras.models import Sequential\n"
            "from keras.layers import Convolution2D\n"
            "\n"
            "def build(W, b):\n"
            "    model = Sequential()\n"
            "    model.add(Convolution2D(8, 3, 3, dim_ordering='th', input_shape=(3, 9, 9), weights=[W, b]))\n"
            "    return model\n",
            "import theano\n"
            "from keras.models import Sequential\n"
            "from keras.layers import Conv2D, Input\n"
            "from tdmigrate.compat import keras1_kernels\n"
            "\n"
            "def build(W, b):\n"
            "    model = Sequential()\n"
            "    model.add(Input(shape=(3, 9, 9)))\n"
            "    model.add(Conv2D(8, (3, 3), data_format='channels_first'))\n"
            "    model.layers[-1].set_weights(keras1_kernels([W, b], 'th', 'theano'))\n"
            "    return model\n",
        ),
    ),
)

# of a Bidirectional: what the layer that was put in became
_FORWARD = "forward_layer"
# expressions that cannot be None
_ARRAYS = (ast.List, ast.Tuple, ast.ListComp, ast.BinOp, ast.Call, ast.Subscript)


def check_weights(
    ctx: Context,
    use: LayerUse,
    weights: Argument | None,
    about: About,
    code: str,
    inner: LayerUse | None = None,
    wrapped: bool = False,
    *,
    layout: Layout | None,
) -> None:
    """weights=[...]: set on the layer once it is built.

    ``inner``: the layer inside, where ``use`` is a wrapper. ``wrapped``: its call gets a wrapper already. ``layout``:
    that of the layer, as what stands for it now has it.
    """
    if weights is None:
        return
    from tdmigrate.rules.layouts import laid_out  # few sources give weights

    span = ctx.span(weights.node)
    text = " ".join(ctx.module.segment(weights.node).split())
    if isinstance(use.entry, Layer) and use.entry.wraps is not None:
        layout = inner.entry.layout if inner is not None and isinstance(inner.entry, Layer) else None
    if layout is None:
        _ask(ctx, use, weights, about, code)
        return
    laid = laid_out(ctx, inner or use, layout, weights.node)
    place = _container(ctx, use, weights)
    if laid.ask:
        _ask(ctx, use, weights, about, code, laid.ask)
        return
    if not laid.gates and place is not None:
        statement, receiver = place.statement, place.receiver
        assert statement is not None
        segment = ctx.module.segment(weights.node)
        given = laid.of(text if "\n" in segment else segment)
        edits = (
            CallEdit(ctx.span(use.node), arguments=(ArgumentEdit(weights.index, drop=True),)),
            StatementEdit(ctx.span(statement), after=(f"{receiver}.layers[-1].set_weights({given})",)),
        )
        message, fix = "is set on the built layer", Fix(about.applicability, edits, laid.imports)
    elif not wrapped and not _is_copied(ctx, use):
        spelled = ctx.name(f"{COMPAT}.with_initial_weights")
        value = f"{laid.of('{}')}, gates={laid.gates!r}" if laid.gates else laid.text or None
        keyword = "weights" if weights.positional else None
        moved = CallEdit(
            ctx.span(use.node),
            arguments=(ArgumentEdit(weights.index, keyword, value),) if value or keyword else (),
            wrap=Wrap(spelled.text, (weights.index,)),
        )
        message = "is set when the layer is built"
        fix = Fix(about.applicability, (moved,), (*spelled.imports, *laid.imports))
    elif (outer := _outer(ctx, use)) is not None and not wrapped:
        spelled = ctx.name(f"{COMPAT}.with_initial_weights")
        before, _, after = (laid.text or "{}").partition("{}")
        gates = f", gates={laid.gates!r}" if laid.gates else ""
        pieces = (
            f"{spelled.text}(", ctx.span(outer), f", weights={before}", span, f"{after}{gates}, of={_FORWARD!r})",
        )  # fmt: skip
        dropped = CallEdit(ctx.span(use.node), arguments=(ArgumentEdit(weights.index, drop=True),))
        message = "is set on the layer that goes forwards when it is built, as it was"
        fix = Fix(about.applicability, (dropped, Recast(ctx.span(outer), pieces)), (*spelled.imports, *laid.imports))
    else:
        _ask(ctx, use, weights, about, code)
        return
    if laid.text:
        message += ", as Keras 3 lays it out"
    ctx.add(code, Severity.ERROR, span, f"{about.label}: `weights={text}` {message}", symbol=about.symbol, fix=fix)
    if laid.note:
        ctx.add("K206", Severity.NOTE, span, f"{about.label}: {laid.note}", symbol=about.symbol)


def _container(ctx: Context, use: LayerUse, weights: Argument) -> Place | None:
    """The one place where the layer, made there, joins a built container."""
    text = ctx.module.segment(weights.node)
    if len(set(use.places)) != 1 or not isinstance(weights.node, _ARRAYS) or ("\n" in text and set("#'\"") & set(text)):
        return None
    place = use.places[0]
    if place.statement is None or place.receiver is None or place.kind not in ("first", "later", "maybe"):
        return None
    if isinstance(place.statement, ast.Expr) and place.statement.value in ctx.handled:  # it becomes another statement
        return None
    here = is_plain(place.receiver) and is_inside(ctx, weights.node, place.statement)
    return place if here and _is_built(ctx, use.node) else None


def _is_built(ctx: Context, node: ast.Call) -> bool:
    """Whether the container that takes the layer knows its input's shape."""
    return any(node in model.layers and model.inputs and model.inputs[0] is not None for model in ctx.facts.models)


def _outer(ctx: Context, use: LayerUse) -> ast.Call | None:
    """The call of the wrapper that copies the layer made in it, where that wrapper is given no weights itself."""
    for other in ctx.facts.layers:
        if isinstance(other.entry, Layer) and other.entry.copies:
            held = other.bound.arguments.get(other.entry.wraps or "")
            if held is not None and held.node is use.node and not other.bound.arguments.get("weights"):
                return other.node
    return None


def _is_copied(ctx: Context, use: LayerUse) -> bool:
    """Whether it is put into a wrapper that works with copies of it."""
    inside = any(place.kind == "inner" for place in use.places)
    for other in ctx.facts.layers:
        if isinstance(other.entry, Layer) and other.entry.copies:
            held = other.bound.arguments.get(other.entry.wraps or "")
            elsewhere = held is None or not isinstance(held.node, ast.Call)
            if (held is not None and held.node is use.node) or (inside and elsewhere):
                return True
    return False


def _ask(ctx: Context, use: LayerUse, weights: Argument, about: About, code: str, why: str = "") -> None:
    text = " ".join(ctx.module.segment(weights.node).split())
    message = f"`weights={text}` cannot be given here{why and f', and {why}'}; call `set_weights` on the built layer"
    span = ctx.span(weights.node)
    ctx.add(code, Severity.ERROR, span, f"{about.label}: {message}", symbol=about.symbol)
    if weights.positional:
        named = CallEdit(ctx.span(use.node), arguments=(ArgumentEdit(weights.index, "weights"),))
        fix = Fix(about.applicability, (named,))
        ctx.add(
            "K201", Severity.ERROR, span, f"{about.label}: `weights` is given by name", symbol=about.symbol, fix=fix
        )
