"""Penalties of regularizers, which Keras before 1.2 added to the loss in training alone."""

from __future__ import annotations

from tdmigrate.keras1.versions import parse
from tdmigrate.rules.arguments import Plan, is_none
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import LayerUse, MethodUse

_IN_TRAINING = parse("0.1-1.1")
_REGULARIZER = "regularizer"
_ACTIVITY = "ActivityRegularization"
_TOLD = (
    "Keras before 1.2 added the penalties of regularizers in training alone; now `val_loss` and what evaluate and "
    "test_on_batch tell have them too"
)


def tell(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile of layers with regularizers."""
    if not ctx.era.assumed.meets(_IN_TRAINING) or not any(map(_has_penalty, ctx.facts.layers)):
        return made
    return made._replace(notes=(*made.notes, (use.node, _TOLD)))


def _has_penalty(layer: LayerUse) -> bool:
    given = layer.bound.arguments.items()
    return layer.entry.name == _ACTIVITY or any(
        name.endswith(_REGULARIZER) and not is_none(argument.node) for name, argument in given
    )
