"""Functions of keras.initializations, called in functions that make the first numbers of a weight."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.initializers import made
from tdmigrate.rules.context import Context
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import FunctionUse

_SCALE = "{scale}"


def check_call(ctx: Context, use: FunctionUse, entry: Function, code: str) -> bool:
    """Rewrite a call whose result a function gives back; says whether it did.

    Elsewhere what it made was a variable, which Keras 3 makes otherwise.
    """
    parent, bound = ctx.parents.get(use.node), use.bound
    given_back = isinstance(parent, ast.Return) or (isinstance(parent, ast.Lambda) and parent.body is use.node)
    if bound is None or not given_back or bound.starred or bound.unknown or bound.surplus or bound.spread:
        return False
    shape, scale = bound.arguments.get("shape"), bound.arguments.get("scale")
    if shape is None:
        return False
    text = ctx.written(made(entry.name))
    parts = text.text.split(_SCALE)
    pieces: list[str | Span] = [parts[0]]
    for part in parts[1:]:
        default = signature(entry.signatures[bound.version]).default("scale") if scale is None else None
        pieces += [repr(default) if scale is None else ctx.span(scale.node), part]
    pieces += ["(", ctx.span(shape.node), ")"]
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(use.node), tuple(pieces)),), text.imports)
    now = f"keras.initializers.{text.text.partition('(')[0]}"
    message = f"{entry.name}: `{now}` makes an object, which is called with the shape"
    if ctx.add(code, Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path, fix=fix):
        # the module itself is of no use to the new name
        ctx.replace(use.node.func, Applicability.SAFE, now if isinstance(use.node.func, ast.Name) else None)
    return True
