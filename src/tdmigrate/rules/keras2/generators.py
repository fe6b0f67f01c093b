"""What generators give to fit, evaluate and predict: Keras 3 takes tuples, and no lists in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Severity
from tdmigrate.rules.keras2.context import Keras2

_TUPLES = "what a generator yields has to be a tuple now: `(x,)`, `(x, y)` or `(x, y, weights)`"
_LISTS = "a generator's tuple may hold no lists now (on TensorFlow): write tuples, or dicts by the names of the inputs"
_ITERATORS = "Keras 3 takes a generator, but no other iterator: write a function that yields"


def check_generator(ctx: Keras2, node: ast.expr, label: str) -> None:
    """``node``: what such a method is given."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "iter":
        ctx.add("K305", Severity.ERROR, ctx.span(node), f"{label}: {_ITERATORS}")
        return
    yielded = list(_yielded(ctx, node))
    for value in yielded:
        if isinstance(value, ast.Tuple):
            if any(isinstance(member, ast.List) for member in value.elts):
                ctx.add("K305", Severity.ERROR, ctx.span(value), f"{label}: {_LISTS}")
        elif isinstance(value, (ast.List, ast.BinOp, ast.Subscript)) or (
            label.endswith("predict_generator") and isinstance(value, ast.Name)
        ):
            ctx.add("K305", Severity.ERROR, ctx.span(value), f"{label}: {_TUPLES}")
    if not yielded and label.endswith("predict_generator"):
        ctx.add("K306", Severity.NOTE, ctx.span(node), f"{label}: {_TUPLES}; a Sequence may give arrays")


def _yielded(ctx: Keras2, node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that a generator of this source yields; none where it is of another make."""
    if isinstance(node, ast.GeneratorExp):
        yield node.elt
        return
    if isinstance(node, ast.Name):
        made = ctx.maker(node.id)
        if made is not None:
            yield from _yielded(ctx, made)
        return
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return
    binders = ctx.binders(node.func.id)
    if len(binders) == 1 and isinstance(binders[0], ast.FunctionDef):
        for part in ast.walk(binders[0]):
            if isinstance(part, ast.Yield) and part.value is not None:
                yield part.value
