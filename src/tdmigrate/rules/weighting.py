"""sample_weight_mode='temporal': weights of timesteps, of which those that are 0 did not count."""

from __future__ import annotations

import ast

from tdmigrate.findings import ArgumentEdit, Import
from tdmigrate.keras1.entry import Text
from tdmigrate.rules.accuracy import outputs
from tdmigrate.rules.arguments import Plan
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.facts import MethodUse

_WEIGHTED = Text("WeightedLoss({})", (Import(COMPAT, "WeightedLoss"),))


def settle_temporal(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile of one output with a loss that takes such weights as they were taken."""
    mode, loss = (use.bound.arguments.get(name) for name in ("sample_weight_mode", "loss"))
    if mode is None or mode.value != "temporal" or not ctx.is_certain(mode.node) or use.bound.spread:
        return made
    several = loss is None or isinstance(loss.node, (ast.List, ast.Tuple, ast.Dict)) or (outputs(ctx, use) or 1) > 1
    if several or ctx.settings.style == "modern":
        return made
    assert loss is not None
    edits = {edit.index: edit for edit in made.edits}
    own = edits.get(loss.index, ArgumentEdit(loss.index))
    weighted = ctx.written(_WEIGHTED)
    edits[loss.index] = own._replace(value=weighted.text.replace("{}", own.value or "{}"))
    edits[mode.index] = ArgumentEdit(mode.index, drop=True)
    return made._replace(
        asks=tuple(ask for ask in made.asks if ask[0] is not mode.node),
        edits=tuple(edits.values()),
        imports=(*made.imports, *weighted.imports),
        changes=(*made.changes, "weights of timesteps need no mode; those that are 0 do not count (traps D8, D10)"),
    )
