"""K209 and K308: Merge and merge on tensors become the layer of Keras 3 for their mode."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras1.entry import Function
from tdmigrate.rules.context import Context
from tdmigrate.rules.merged import Ask, Layered, is_given, layered
from tdmigrate.rules.merged_models import RULE as MERGED_MODEL
from tdmigrate.rules.merged_models import Models
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import FunctionUse

RULES = (
    Rule(
        code="K209",
        name="merge-on-tensors",
        title="merge on tensors is a layer for each mode now",
        what="Finds `merge([a, b], mode=…)` and `Merge(mode=…)([a, b])` on tensors.",
        why="Both are gone since Keras 2.0; Keras 3 has a layer for each mode.",
        safety="Safe: each layer computes what the mode did.",
        examples=(
            Example(
                "from keras.layers import Input, merge\n"
                "\n"
                "a = Input(shape=(4,))\n"
                "b = Input(shape=(4,))\n"
                "both = merge([a, b], mode='concat', concat_axis=1)\n"
                "total = merge([a, b], 'sum', name='total')\n",
                "from keras.layers import Input, Concatenate, Add\n"
                "\n"
                "a = Input(shape=(4,))\n"
                "b = Input(shape=(4,))\n"
                "both = Concatenate(axis=1)([a, b])\n"
                "total = Add(name='total')([a, b])\n",
            ),
        ),
    ),
    Rule(
        code="K308",
        name="merge-note",
        title="Worth knowing about a Merge or merge",
        what="Notes where what is merged may have masks, or where the model's parts have another order now.",
        why="Keras 1 kept a step where every mask had it, Keras 3 where any has it.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
    MERGED_MODEL,
)

def check_merging(ctx: Context) -> None:
    """Every Merge and merge: rewritten, or a finding for a person."""
    uses = [
        use for use in ctx.facts.functions if isinstance(use.entry, Function) and use.entry.kind == "merge"
    ]
    if not uses:
        return
    called = {node.func: node for node in ctx.module.nodes if isinstance(node, ast.Call)}
    models = Models(ctx)
    for use in uses:
        _check(ctx, use, called.get(use.node), models)
    models.follow()


def _check(ctx: Context, use: FunctionUse, outer: ast.Call | None, models: Models) -> None:
    """``outer``: the call of the layer that it makes, ``Merge(mode=…)(…)``."""
    assert use.entry is not None
    bound = use.bound
    ctx.handled.add(use.node)
    layer = layered(ctx, use)
    if isinstance(layer, Ask):
        ask(ctx, use, layer)
        return
    assert bound is not None
    node = use.node
    tensors = bound.arguments.get("inputs")
    if is_given(bound.arguments.get("layers")):
        asked = models.rewrite(use, layer)
        if asked is not None:
            ask(ctx, use, asked)
        else:
            tell(ctx, use, layer)
        return
    if tensors is not None:
        pieces = layer.on(ctx.span(tensors.node))
    elif outer is not None and _takes_one(outer):
        node, pieces = outer, layer.on(ctx.span(outer.args[0]))
    elif layer.outer is None:
        pieces = layer.pieces
    else:
        ask(ctx, use, Ask(f"write `{layer.outer}({layer.text}([a, b]))` where it is called"))
        return
    added = ctx.add(
        "K209",
        Severity.ERROR,
        ctx.span(node),
        f"{use.entry.name}: it is `{layer.text}` now, called on the list of tensors",
        symbol=use.symbol.path,
        fix=Fix(Applicability.SAFE, (Recast(ctx.span(node), pieces),), layer.imports),
    )
    if added:
        ctx.replace(use.node.func, Applicability.SAFE, layer.path)
    tell(ctx, use, layer)


def _takes_one(call: ast.Call) -> bool:
    return len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)


def ask(ctx: Context, use: FunctionUse, asked: Ask) -> None:
    assert use.entry is not None
    ctx.add("K302", Severity.ERROR, ctx.span(use.node), f"{use.entry.name}: {asked.reason}", symbol=use.symbol.path)


def tell(ctx: Context, use: FunctionUse, layer: Layered) -> None:
    assert use.entry is not None
    for note in layer.notes:
        ctx.add("K308", Severity.NOTE, ctx.span(use.node), f"{use.entry.name}: {note}", symbol=use.symbol.path)


