"""Penalties of regularizers that count in Keras 3 and did not, or the other way round."""

from __future__ import annotations

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context
from tdmigrate.rules.layers import inner_use
from tdmigrate.understanding.facts import LayerUse

_OF_WEIGHTS = ("W_regularizer", "U_regularizer", "b_regularizer", "gamma_regularizer", "beta_regularizer")
# keras/engine/topology.py of 1.2.2: Container.losses leaves out what hangs on the inputs of the part
_UNCOUNTED = parse("1.2")
# keras/layers/containers.py of 0.3.3 asks layers that are trained alone; keras/engine/topology.py of 1.0 to 1.2 all
_LEFT_OUT = parse("0.3")
_COUNTED = parse("1.0-1.2")


def check_lost_penalties(ctx: Context) -> None:
    """Say of a layer whose penalty counts otherwise where it is."""
    parts = {node for model in ctx.facts.models if not model.outermost for node in model.layers}
    for use in ctx.facts.layers:
        if use.node in parts and _is_active(use) and ctx.era.versions.meets(_UNCOUNTED):
            message = (
                f"{use.entry.name}: what it adds to the loss by its outputs counts now, too, where its model is a part "
                "of another; Keras 1.2 left it out there: without that regularizer the loss is as it was"
            )
            ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
        if use.node in parts and _wraps_active(ctx, use) and ctx.era.versions.meets(_UNCOUNTED):
            message = (
                f"{use.entry.name}: what regularizers of its inner layer add to the loss counts now, where its model "
                "is a part of another; Keras 1.2 left it out there: without those regularizers the loss is as it was"
            )
            ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
        frozen = use.bound.arguments.get("trainable")
        if frozen is None or frozen.value is not False:
            continue
        if _is_active(use) and ctx.era.versions.meets(_LEFT_OUT):
            message = (
                f"{use.entry.name}: what it adds to the loss by its outputs counts now, though it is not trained; "
                "Keras 0.3 left out all penalties of such a layer: without that regularizer the loss is as it was"
            )
            ctx.add("K206", Severity.NOTE, ctx.span(frozen.node), message, symbol=use.symbol.path)
        if any(_is_given(use, name) for name in _OF_WEIGHTS) and ctx.era.versions.meets(_COUNTED):
            message = (
                f"{use.entry.name}: the penalty of weights that are not trained is no part of the loss any more; in "
                "Keras 1 it was, always the same number"
            )
            ctx.add("K206", Severity.NOTE, ctx.span(frozen.node), message, symbol=use.symbol.path)


def _is_active(use: LayerUse) -> bool:
    return use.entry.name == "ActivityRegularization" or _is_given(use, "activity_regularizer")


def _wraps_active(ctx: Context, use: LayerUse) -> bool:
    """Whether it is a wrapper of a layer with a penalty, of which 1.2 lost all (keras/layers/wrappers.py of 1.2.2)."""
    inner = inner_use(ctx, use, use.entry) if isinstance(use.entry, Layer) else None
    return inner is not None and (_is_active(inner) or any(_is_given(inner, name) for name in _OF_WEIGHTS))


def _is_given(use: LayerUse, name: str) -> bool:
    argument = use.bound.arguments.get(name)
    return argument is not None and not is_none(argument.node)
