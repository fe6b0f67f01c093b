"""Weights of timesteps (sample_weight_mode='temporal'), and weights of classes beside those of samples."""

from __future__ import annotations

import ast

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Text
from tdmigrate.rules.accuracy import as_written, outputs
from tdmigrate.rules.arguments import Plan, edited, is_none
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.listed import is_numbers, numpy_name
from tdmigrate.understanding.facts import MethodUse

_TIGHT = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Dict)
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
    weighted = ctx.written(_WEIGHTED)
    own = next((edit.value for edit in made.edits if edit.index == loss.index), None)
    made = edited(made, loss.index, weighted.text.replace("{}", own or "{}"))
    made = edited(made, mode.index, drop=True)
    return made._replace(
        asks=tuple(ask for ask in made.asks if ask[0] is not mode.node),
        imports=(*made.imports, *weighted.imports),
        changes=(*made.changes, "weights of timesteps need no mode; those that are 0 do not count (traps D8, D10)"),
    )


def settle_both(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """Weights of classes and of samples in one call: Keras 1 took those of samples alone, Keras 3 raises."""
    classes, samples = (use.bound.arguments[name] for name in ("class_weight", "sample_weight"))
    if is_none(classes.node) or is_none(samples.node) or _is_chosen(classes.node, samples.node):
        return made
    spread = [value for _, _, value in use.bound.spread]
    written = as_written(ctx, samples.node)
    change = "`class_weight` goes where there is `sample_weight`: Keras 1 took that alone"
    if {classes.node, samples.node} & set(spread) or (outputs(ctx, use) or 1) > 1:
        pass
    elif is_numbers(written) or _is_array(written, numpy_name(ctx)):
        goes = not classes.positional  # else the place of those behind it would be another
        made = edited(made, classes.index, None if goes else "None", drop=goes)
        return made._replace(changes=(*made.changes, change))
    elif isinstance(samples.node, (ast.Name, ast.Attribute)):
        text = ctx.module.segment(samples.node)
        shown = "{}" if isinstance(classes.node, _TIGHT) else "({})"
        made = edited(made, classes.index, f"{shown} if {text} is None else None")
        return made._replace(changes=(*made.changes, change))
    ask = (classes.node, "`class_weight` beside `sample_weight`: Keras 1 took the latter alone: leave this one out")
    return made._replace(asks=(*made.asks, ask))


def _is_chosen(classes: ast.expr, samples: ast.expr) -> bool:
    """Whether weights of classes are given as this rule writes them."""
    if not isinstance(classes, ast.IfExp) or not isinstance(classes.test, ast.Compare):
        return False
    return ast.dump(classes.test.left) == ast.dump(samples)


def _is_array(node: ast.expr, numpy: str) -> bool:
    """Whether an expression is what a function of numpy gives."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == numpy
