"""K207, TD015: the initial weights that a layer was given."""

from __future__ import annotations

import ast

from tdmigrate.findings import ArgumentEdit, CallEdit, Fix, Severity, StatementEdit, Wrap
from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.keras1.versions import parse
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
        "gates of an LSTM or GRU are fused."
    ),
    why="Keras 3 layers other than Embedding take no `weights`.",
    safety=(
        "Safe: the same values at the same time. A person has to do it where the arrays themselves have to change, "
        "such as the kernels of convolutions, and inside a Bidirectional."
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
    ),
)

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
    span = ctx.span(weights.node)
    text = " ".join(ctx.module.segment(weights.node).split())
    layout = _in_force(ctx, use, inner, layout)
    place = _container(ctx, use, weights)
    if layout is not None and not layout.gates and place is not None:
        statement, receiver = place.statement, place.receiver
        assert statement is not None
        edits = (
            CallEdit(ctx.span(use.node), arguments=(ArgumentEdit(weights.index, drop=True),)),
            StatementEdit(ctx.span(statement), after=(f"{receiver}.layers[-1].set_weights({text})",)),
        )
        message, fix = "is set on the built layer", Fix(about.applicability, edits)
    elif layout is not None and not wrapped and not _is_copied(ctx, use):
        spelled = ctx.name(f"{COMPAT}.with_initial_weights")
        gates = f"{{}}, gates={layout.gates!r}" if layout.gates else None
        keyword = "weights" if weights.positional else None
        moved = CallEdit(
            ctx.span(use.node),
            arguments=(ArgumentEdit(weights.index, keyword, gates),) if gates or keyword else (),
            wrap=Wrap(spelled.text, (weights.index,)),
        )
        message, fix = "is set when the layer is built", Fix(about.applicability, (moved,), spelled.imports)
    else:
        _ask(ctx, use, weights, about, code)
        return
    ctx.add(code, Severity.ERROR, span, f"{about.label}: `weights={text}` {message}", symbol=about.symbol, fix=fix)


def _in_force(ctx: Context, use: LayerUse, inner: LayerUse | None, layout: Layout | None) -> Layout | None:
    """How the layer's weights were listed, where that is as today or told by the order of its gates; else None."""
    if isinstance(use.entry, Layer) and use.entry.wraps is not None:
        layout = inner.entry.layout if inner is not None and isinstance(inner.entry, Layer) else None
    if layout is None or layout.convert in ("same", "gates"):
        return layout
    if layout.same_from and ctx.era.assumed.lo >= parse(layout.same_from).lo:
        return Layout()
    return None


def _container(ctx: Context, use: LayerUse, weights: Argument) -> Place | None:
    """The one place where the layer, made there, joins a built container."""
    if len(set(use.places)) != 1 or not isinstance(weights.node, _ARRAYS):
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


def _ask(ctx: Context, use: LayerUse, weights: Argument, about: About, code: str) -> None:
    text = " ".join(ctx.module.segment(weights.node).split())
    message = f"`weights={text}` cannot be given here; call `set_weights` on this layer once it is built"
    layout = use.entry.layout if isinstance(use.entry, Layer) else None
    if layout is not None and layout.convert not in ("same", "gates"):
        message += ", with the arrays in today's layout"
    span = ctx.span(weights.node)
    ctx.add(code, Severity.ERROR, span, f"{about.label}: {message}", symbol=about.symbol)
    if weights.positional:
        named = CallEdit(ctx.span(use.node), arguments=(ArgumentEdit(weights.index, "weights"),))
        fix = Fix(about.applicability, (named,))
        ctx.add(
            "K201", Severity.ERROR, span, f"{about.label}: `weights` is given by name", symbol=about.symbol, fix=fix
        )
