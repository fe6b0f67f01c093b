"""K313: what a layer is called on, where the layer may be an InputLayer, of which Keras 3 gives an empty list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras1.attributes import ANY_LAYER
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import COMPAT, Context, once

_FUNCTIONAL = parse("1.0-1.2")
_NOW = {"input": "input_of", "input_shape": "input_shape_of", "batch_input_shape": "input_shape_of"}
_WHY = "of an InputLayer, the first layer of a functional model, Keras 3 gives [] there"


@once
def open_inputs(ctx: Context) -> frozenset[ast.Attribute]:
    """Reads of the inputs of layers that may be an InputLayer.

    Not where the source builds only models that are a Sequential: the layers of these have none.
    """
    kinds = {one.kind for one in ctx.facts.models}
    if kinds == {"Sequential"} or not ctx.era.versions.meets(_FUNCTIONAL):
        return frozenset()
    return frozenset(_reads(ctx))


def _reads(ctx: Context) -> Iterator[ast.Attribute]:
    for use in ctx.facts.attributes:
        if use.node.attr in _NOW and use.owners == (ANY_LAYER,) and not use.layers and not _is_later(use.node):
            yield use.node
    for node in ctx.module.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _NOW and _place(node) == 0:
            yield node


def check_inputs(ctx: Context) -> None:
    for node in sorted(open_inputs(ctx), key=lambda one: (one.lineno, one.col_offset)):
        if not isinstance(node.ctx, ast.Load):
            continue
        spelled = ctx.name(f"{COMPAT}.{_NOW[node.attr]}")
        pieces = (f"{spelled.text}(", ctx.span(node.value), ")")
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), pieces),), spelled.imports)
        message = f"`layer.{node.attr}` is `{spelled.text}(layer)` now: {_WHY}"
        ctx.add("K313", Severity.ERROR, ctx.span(node), message, fix=fix)


def _is_later(node: ast.Attribute) -> bool:
    place = _place(node)
    return place is not None and place != 0


def _place(node: ast.Attribute) -> int | None:
    """The number that a layer is taken by from the list of a model's: ``model.layers[0].input``."""
    held = node.value
    if not isinstance(held, ast.Subscript) or not isinstance(held.value, ast.Attribute):
        return None
    number = held.slice.operand if isinstance(held.slice, ast.UnaryOp) else held.slice
    if held.value.attr != "layers" or not isinstance(number, ast.Constant) or type(number.value) is not int:
        return None
    return -number.value if number is not held.slice else number.value
