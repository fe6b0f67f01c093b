"""Penalties of regularizers that count in Keras 3 and did not, or the other way round."""

from __future__ import annotations

from tdmigrate.findings import Severity
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import LayerUse

_OF_WEIGHTS = ("W_regularizer", "U_regularizer", "b_regularizer", "gamma_regularizer", "beta_regularizer")
# keras/engine/topology.py of 1.2.2: Container.losses leaves out what hangs on the inputs of the part
_UNCOUNTED = parse("1.2")


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
        frozen = use.bound.arguments.get("trainable")
        if frozen is not None and frozen.value is False and any(_is_given(use, name) for name in _OF_WEIGHTS):
            message = (
                f"{use.entry.name}: the penalty of weights that are not trained is no part of the loss any more; in "
                "Keras 1 it was, always the same number"
            )
            ctx.add("K206", Severity.NOTE, ctx.span(frozen.node), message, symbol=use.symbol.path)


def _is_active(use: LayerUse) -> bool:
    return use.entry.name == "ActivityRegularization" or _is_given(use, "activity_regularizer")


def _is_given(use: LayerUse, name: str) -> bool:
    argument = use.bound.arguments.get(name)
    return argument is not None and not is_none(argument.node)
