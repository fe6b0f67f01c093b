"""``weights=[...]`` of a layer in a graph that became a functional model: set once the model is made."""

from __future__ import annotations

from tdmigrate.findings import Applicability, ArgumentEdit, CallEdit, Fix, StatementEdit
from tdmigrate.keras1.entry import Layer
from tdmigrate.rules.context import Context
from tdmigrate.rules.graph_model import Functional
from tdmigrate.understanding.facts import LayerUse
from tdmigrate.understanding.graphs import GraphUse

CODES = ("K207", "TD015")  # of rules/layers.py and rules/time_distributed_dense.py, which leave it to a person


def set_weights(ctx: Context, use: GraphUse, made: Functional) -> None:
    """Give the findings about such arguments the fix that they lack, where both list the same arrays in one order."""
    assert use.straight is not None
    target = ctx.module.segment(use.straight.target)
    last = ctx.span(use.straight.steps[-1].statement)
    names = {call: name for name, call in made.layers.items() if call is not None}
    for layer in ctx.facts.layers:
        argument = layer.bound.arguments.get("weights")
        if layer.node not in names or argument is None or layer.bound.starred or not _keeps_order(layer):
            continue
        span = ctx.span(argument.node)
        text = " ".join(ctx.module.segment(argument.node).split())
        drop = CallEdit(ctx.span(layer.node), arguments=(ArgumentEdit(argument.index, drop=True),))
        after = StatementEdit(last, after=(f"{target}.get_layer({names[layer.node]!r}).set_weights({text})",))
        for index, finding in enumerate(ctx.findings):
            if finding.code in CODES and finding.span == span and finding.fix is None:
                message = f"{layer.entry.name}: `weights={text}` is set on the layer once the model is made"
                fix = Fix(Applicability.SAFE, (drop, after))
                ctx.findings[index] = finding._replace(message=message, fix=fix)


def _keeps_order(use: LayerUse) -> bool:
    layout = use.entry.layout if isinstance(use.entry, Layer) else None
    return layout is not None and layout.convert == "same"
