"""Settings of an optimizer besides its learning rate: variables in Keras 1, plain numbers in Keras 3."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.rules import rates
from tdmigrate.rules.context import Context

# variables of the optimizers of keras/optimizers.py 0.3 to 1.2.2
NUMBERS = frozenset(("momentum", "rho", "beta_1", "beta_2", "decay"))
_COUNT = "iterations"  # a variable in both
_GET, _SET = ("get_value", "eval"), "set_value"
_BAKED = (
    "is a plain number in Keras 3, which goes into the compiled training step: a value that is set later raises or has "
    "no effect. Compile the model again with an optimizer that has the new value"
)
_NO_DECAY = (
    "an optimizer of Keras 3 has no `decay`, only a schedule as its learning rate: keep the number that the optimizer "
    "was made with"
)


def check_settings(ctx: Context, code: str, ask: str) -> None:
    """Where the source reads or sets them. ``code``, ``ask``: of what has a fix, and of what a person decides."""
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr not in NUMBERS | {_COUNT}:
            continue
        if isinstance(node.ctx, ast.Load) and rates.is_optimizer(ctx, node.value):
            _check(ctx, node, code, ask)


def _check(ctx: Context, node: ast.Attribute, code: str, ask: str) -> None:
    method = _called(ctx, node)
    shown = ctx.module.segment(node)
    is_number = node.attr != _COUNT
    if is_number and (_is_set(ctx, node) or (method is not None and _name(method) == _SET)):
        ctx.add(ask, Severity.ERROR, ctx.span(node), f"`{shown}` {_BAKED}")
    elif node.attr == "decay" and not rates.keeps_decay(ctx, node.value):
        ctx.add(ask, Severity.ERROR, ctx.span(node), f"`{shown}`: {_NO_DECAY}")
    elif method is not None and _name(method) in _GET and not method.args:
        now = "" if is_number else ".numpy()"
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(method), (ctx.span(node), now)),))
        message = f"`{shown}.{_name(method)}()` is `{shown}{now}` now"
        ctx.add(code, Severity.ERROR, ctx.span(method), message, fix=fix)
    elif method is not None and _name(method) == _SET and len(method.args) == 1:
        pieces = (ctx.span(node), ".assign(", ctx.span(method.args[0]), ")")
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(method), pieces),))
        ctx.add(code, Severity.ERROR, ctx.span(method), f"`{shown}.set_value` is `{shown}.assign` now", fix=fix)


def _called(ctx: Context, node: ast.Attribute) -> ast.Call | None:
    """The call of a method of what ``node`` is."""
    method = ctx.parents.get(node)
    call = ctx.parents.get(method) if isinstance(method, ast.Attribute) else None
    return call if isinstance(call, ast.Call) and call.func is method else None


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _is_set(ctx: Context, node: ast.Attribute) -> bool:
    """Whether it is what ``K.set_value`` sets."""
    call = ctx.parents.get(node)
    symbol = ctx.names.resolve(call.func) if isinstance(call, ast.Call) and call.args[:1] == [node] else None
    return symbol is not None and symbol.path == "keras.backend.set_value"
