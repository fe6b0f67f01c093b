"""K303, K305: layers that are asked for by their places, the first of which was a Sequential's InputLayer."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import MethodUse

_WHY = "Keras 1 counted the InputLayer of a Sequential as 0, Keras 3 counts from the first layer"
_LARGEST = 1000  # numbers of layers, not made-up ones


def check_place(ctx: Context, use: MethodUse, label: str) -> bool:
    """Whether ``get_layer(index=…)`` is mended here.

    As Sequential.get_layer in keras/models.py of 1.2.2, which asks the functional model that it has inside.
    """
    index = use.bound.arguments["index"]
    if use.owner == "Model" or not isinstance(use.node.func, ast.Attribute):
        return False
    place, span = index.value, ctx.span(use.node)
    known = type(place) is int and place != 0 and abs(place) < _LARGEST
    if use.owner == "Sequential" and known and not _has_merges(ctx):
        assert isinstance(place, int)
        now = place - 1 if place > 0 else place
        fix = Fix(Applicability.SAFE, (Recast(span, (ctx.span(use.node.func.value), f".layers[{now}]")),))
        ctx.add("K303", Severity.ERROR, span, f"{label}: {_WHY}: it is `layers[{now}]` now", fix=fix)
        return True
    shown = "of a Sequential, " if use.owner != "Sequential" else ""
    ctx.add("K305", Severity.WARNING, span, f"{label}: {shown}{_WHY}: take `model.layers[index - 1]`, or its name")
    return False


def _has_merges(ctx: Context) -> bool:
    """Whether a Merge may begin a model: the layers of its parts were counted too."""
    layers, functions = ctx.facts.layers, ctx.facts.functions
    names = {one.entry.name for one in layers} | {one.entry.name for one in functions if one.entry is not None}
    return "Merge" in names
