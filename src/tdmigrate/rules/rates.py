"""The learning rate of an optimizer: ``sgd.lr`` of one that a variable holds, and ``model.optimizer.lr``."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.keras1.entry import Folded, Function
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import FunctionUse

KIND = "optimizer"
_OLD = "lr"
_NEW = "learning_rate"
# of a variable of Keras 1: the same of one of Keras 3, and how many arguments it takes
_METHODS = {"get_value": (".numpy()", 0), "set_value": (".assign(", 1)}


def check_rates(ctx: Context, code: str, ask: str) -> None:
    functions = (use for use in ctx.facts.functions if isinstance(use.entry, Function) and use.entry.kind == KIND)
    makers = {use.node: use for use in functions}
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr != _OLD or _is_backend_s(ctx, node):
            continue
        if isinstance(node.value, ast.Attribute) and node.value.attr == "optimizer":
            _check_rate(ctx, node, None, code, ask)
        elif isinstance(node.value, ast.Name):
            maker = ctx.maker(node.value.id)
            made = makers.get(maker) if maker is not None else None
            if made is not None and _has_rate(made):
                _check_rate(ctx, node, made, code, ask)


def _is_backend_s(ctx: Context, node: ast.Attribute) -> bool:
    """Whether it is given to a function of keras.backend, such as ``K.set_value``: rules/backend.py."""
    call = ctx.parents.get(node)
    symbol = ctx.names.resolve(call.func) if isinstance(call, ast.Call) else None
    return symbol is not None and symbol.path.startswith("keras.backend.")


def _check_rate(ctx: Context, node: ast.Attribute, made: FunctionUse | None, code: str, ask: str) -> None:
    """``made``: the call that makes the optimizer, where the source tells."""
    old = ctx.module.segment(node)
    new = f"{ctx.module.segment(node.value)}.{_NEW}"
    symbol = made.symbol.path if made is not None else None
    if isinstance(node.ctx, ast.Store):
        message = f"`{old} = …` changed nothing once training had begun: if the rate is meant, say `{new} = …`"
        ctx.add(ask, Severity.WARNING, ctx.span(node), message, symbol=symbol)
        return
    if made is not None and ctx.settings.style != "exact" and _has_schedule(made):
        message = f"`{old}`: with a decay it is a schedule, no variable; exact style keeps it one"
        ctx.add(ask, Severity.ERROR, ctx.span(node), message, symbol=symbol)
        return
    whole, pieces = rewritten(ctx, node)
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(whole), pieces),))
    ctx.add(code, Severity.ERROR, ctx.span(whole), f"`{old}` is `{new}` now", symbol=symbol, fix=fix)


def _has_rate(made: FunctionUse) -> bool:
    spelling = made.entry.keras3 if isinstance(made.entry, Function) else None
    return spelling is not None and getattr(spelling.parameters.get(_OLD), "to", None) == _NEW


def _has_schedule(made: FunctionUse) -> bool:
    entry = made.entry
    if made.bound is None or not isinstance(entry, Function) or entry.keras3 is None:
        return False
    folded = [name for name, one in entry.keras3.parameters.items() if isinstance(one, Folded) and one.into == _OLD]
    given = [made.bound.arguments[name].value for name in folded if name in made.bound.arguments]
    return any(value not in (0, 0.0) for value in given)


def rewritten(ctx: Context, node: ast.Attribute) -> tuple[ast.expr, tuple[str | Span, ...]]:
    """The expression that changes and its new form."""
    start: tuple[str | Span, ...] = (ctx.span(node.value), f".{_NEW}")
    method = ctx.parents.get(node)
    call = ctx.parents.get(method) if isinstance(method, ast.Attribute) else None
    if isinstance(method, ast.Attribute) and isinstance(call, ast.Call) and call.func is method:
        now, count = _METHODS.get(method.attr, ("", -1))
        if len(call.args) == count and not call.keywords:
            return call, (*start, now, *((ctx.span(call.args[0]), ")") if count else ()))
    return node, start
