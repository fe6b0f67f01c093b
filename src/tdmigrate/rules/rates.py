"""The learning rate of an optimizer that a variable holds: ``sgd.lr``."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.keras1.entry import Folded, Function
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import FunctionUse

KIND = "optimizer"
_OLD = "lr"
# of a variable of Keras 1, and of one of Keras 3
_METHODS = {"get_value": (".numpy()", 0), "set_value": (".assign(", 1)}


def check_rates(ctx: Context, code: str, ask: str) -> None:
    """Every ``lr`` of a variable that stands for one optimizer alone."""
    functions = (use for use in ctx.facts.functions if isinstance(use.entry, Function) and use.entry.kind == KIND)
    makers = {use.node: use for use in functions}
    for node in ast.walk(ctx.module.tree) if makers else ():
        if not (isinstance(node, ast.Attribute) and node.attr == _OLD and isinstance(node.value, ast.Name)):
            continue
        maker = ctx.maker(node.value.id)
        made = makers.get(maker) if maker is not None else None
        new = _new(made)
        if made is None or new is None:
            continue
        if ctx.settings.style != "exact" and _has_schedule(made):
            message = f"`{node.value.id}.{_OLD}`: with a decay it is a schedule, no variable; exact style keeps it one"
            ctx.add(ask, Severity.ERROR, ctx.span(node), message, symbol=made.symbol.path)
            continue
        whole, pieces = _rewritten(ctx, node, new)
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(whole), pieces),))
        message = f"`{node.value.id}.{_OLD}` is `{node.value.id}.{new}` now"
        ctx.add(code, Severity.ERROR, ctx.span(whole), message, symbol=made.symbol.path, fix=fix)


def _new(made: FunctionUse | None) -> str | None:
    entry = made.entry if made is not None else None
    spelling = entry.keras3 if isinstance(entry, Function) else None
    to = getattr(spelling.parameters.get(_OLD), "to", None) if spelling is not None else None
    return to if isinstance(to, str) else None


def _has_schedule(made: FunctionUse) -> bool:
    entry = made.entry
    if made.bound is None or not isinstance(entry, Function) or entry.keras3 is None:
        return False
    folded = [name for name, one in entry.keras3.parameters.items() if isinstance(one, Folded) and one.into == _OLD]
    given = [made.bound.arguments[name].value for name in folded if name in made.bound.arguments]
    return any(value not in (0, 0.0) for value in given)


def _rewritten(ctx: Context, node: ast.Attribute, new: str) -> tuple[ast.expr, tuple[str | Span, ...]]:
    """The expression that changes and its new form."""
    start: tuple[str | Span, ...] = (ctx.span(node.value), f".{new}")
    method = ctx.parents.get(node)
    call = ctx.parents.get(method) if isinstance(method, ast.Attribute) else None
    if isinstance(method, ast.Attribute) and isinstance(call, ast.Call) and call.func is method:
        now, count = _METHODS.get(method.attr, ("", -1))
        if len(call.args) == count and not call.keywords:
            return call, (*start, now, *((ctx.span(call.args[0]), ")") if count else ()))
    return node, start
