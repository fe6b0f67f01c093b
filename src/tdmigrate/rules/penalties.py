"""Penalties of regularizers, which up to Keras 1.1 were in the loss of training alone."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Function
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import MethodUse

_EVALUATIONS = frozenset(("evaluate", "evaluate_generator", "test_on_batch"))
_VALIDATED = ("validation_data", "validation_split")
_SUFFIX = "_regularizer"
_LAYERS = ("ActivityRegularization",)


def check_penalties(ctx: Context) -> None:
    """Say once what the losses of evaluation hold besides, where there are penalties."""
    if not _has_penalties(ctx):
        return
    found = [(node, use) for use in ctx.facts.methods if (node := _evaluation(use)) is not None]
    if not found:
        return
    node, use = min(found, key=lambda one: ctx.span(one[0]))
    message = (
        f"{use.owner or 'model'}.{use.method.name}: up to 1.1 Keras had the penalties of regularizers in the loss of "
        "training alone, Keras 3 has them in that of evaluation and in val_loss too: to see the loss without them, "
        "give it to compile as a metric as well (trap C29)"
    )
    ctx.add("K306", Severity.NOTE, ctx.span(node), message)


def _has_penalties(ctx: Context) -> bool:
    if any(isinstance(use.entry, Function) and use.entry.kind == "regularizer" for use in ctx.facts.functions):
        return True
    return any(
        use.entry.name in _LAYERS
        or any(name.endswith(_SUFFIX) and not is_none(one.node) for name, one in use.bound.arguments.items())
        for use in ctx.facts.layers
    )


def _evaluation(use: MethodUse) -> ast.expr | None:
    """What asks for the loss of data that a model is not trained on."""
    if use.method.name in _EVALUATIONS:
        return use.node
    given = (use.bound.arguments.get(name) for name in _VALIDATED)
    told = (one.node for one in given if one is not None and not is_none(one.node) and one.value not in (0, 0.0))
    return next(told, None)
