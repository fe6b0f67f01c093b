"""A compile without metrics, of a model that another gave metrics: Keras 3 keeps those (Trainer.compile, 3.15.1)."""

from __future__ import annotations

import ast

from tdmigrate.findings import Added
from tdmigrate.rules.accuracy import as_written
from tdmigrate.rules.arguments import Plan, edited, is_none
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import MethodUse

_CHANGE = "`metrics=[]`: Keras 3 keeps the metrics of an earlier compile, Keras 1 had none"


def settle(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """The compile with an empty list of metrics, where another one may have given the model some before."""
    if use.bound.starred or _metrics(ctx, use) or any(one.keyword == "metrics" for one in made.added):
        return made
    others = (one for one in ctx.facts.methods if one.method.name == "compile" and one is not use)
    if not any(_metrics(ctx, one) and _is_same_model(ctx, use, one) and _may_precede(ctx, one, use) for one in others):
        return made
    given = use.bound.arguments.get("metrics")
    if given is None:
        made = made._replace(added=(*made.added, Added("metrics", "[]")))
    elif is_none(given.node):
        made = edited(made, given.index, "[]")
    else:
        return made
    return made._replace(changes=(*made.changes, _CHANGE))


def _metrics(ctx: Context, use: MethodUse) -> bool:
    """Whether a compile may give metrics."""
    given = use.bound.arguments.get("metrics")
    if given is None:
        return False
    display = as_written(ctx, given.node)
    return not is_none(display) and not (isinstance(display, (ast.List, ast.Tuple)) and not display.elts)


def _is_same_model(ctx: Context, use: MethodUse, other: MethodUse) -> bool:
    if use.models and other.models:
        return bool({*use.models} & {*other.models})
    receivers = [one.node.func.value for one in (use, other) if isinstance(one.node.func, ast.Attribute)]
    return len({ctx.module.segment(one) for one in receivers}) == 1


def _may_precede(ctx: Context, other: MethodUse, use: MethodUse) -> bool:
    """Whether ``other`` may have run before ``use``: it stands above, in another function, or in the same loop."""
    if other.node.lineno < use.node.lineno or ctx.names.scope_of(other.node) != ctx.names.scope_of(use.node):
        return True
    above = ctx.parents.get(use.node)
    while above is not None:
        if isinstance(above, (ast.For, ast.While)) and above.lineno <= other.node.lineno <= (above.end_lineno or 0):
            return True
        above = ctx.parents.get(above)
    return False
