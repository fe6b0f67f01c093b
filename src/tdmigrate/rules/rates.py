"""The learning rate of an optimizer: ``sgd.lr`` of one that a variable holds, and ``model.optimizer.lr``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.keras1.callbacks import SET_RATES
from tdmigrate.keras1.entry import Folded, Function
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import Context, once
from tdmigrate.understanding.facts import FunctionUse

KIND = "optimizer"
_OLD = "lr"
_NEW = "learning_rate"
_CALLED = ("optimizer", "optimiser", "optim", "opt")
SCHEDULE = (
    "with a decay it is a schedule, which cannot be set: take the optimizer of tdmigrate.compat, which keeps a variable"
)
# of a variable of Keras 1: the same of one of Keras 3, and how many arguments it takes
_METHODS = {"get_value": (".numpy()", 0), "set_value": (".assign(", 1)}


def check_rates(ctx: Context, code: str, ask: str) -> None:
    for node in _reads(ctx):
        if not _is_backend_s(ctx, node):
            _check_rate(ctx, node, code, ask)


def needs_variable(ctx: Context, made: FunctionUse) -> bool:
    """Whether an optimizer with a decay is to keep its rate in a variable, as the source reads or sets rates.

    That is what tdmigrate.compat has; the schedule that Keras 3 takes in place of ``decay`` cannot be set.
    """
    styled = made.entry.styled if isinstance(made.entry, Function) and made.entry.kind == KIND else None
    if styled is None or ctx.settings.style != "faithful" or ctx.era.assumed.hi < parse(styled.since).lo:
        return False
    return _has_decay(made) and _is_touched(ctx)


def is_schedule(ctx: Context, optimizer: ast.expr) -> bool:
    """Whether the rate of an optimizer may be a schedule now; where it is not known which one, of any in the source."""
    made = _made(ctx, optimizer)
    return any(_becomes_schedule(ctx, one) for one in ([made] if made is not None else _makers(ctx).values()))


@once
def _attributes(ctx: Context) -> frozenset[str]:
    """The attributes that the source gives optimizers to keep, and nothing else: ``self.opt = SGD()``."""
    held: dict[str, set[bool]] = {}
    for assigned in (node for node in ctx.module.nodes if isinstance(node, ast.Assign)):
        for target in assigned.targets:
            if isinstance(target, ast.Attribute):
                held.setdefault(target.attr, set()).add(assigned.value in _makers(ctx))
    return frozenset(name for name, kinds in held.items() if kinds == {True})


def keeps_decay(ctx: Context, optimizer: ast.expr) -> bool:
    """Whether an optimizer has its ``decay`` still, as those of tdmigrate.compat do."""
    made = _made(ctx, optimizer)
    return made is not None and _has_decay(made) and (ctx.settings.style == "exact" or needs_variable(ctx, made))


@once
def _is_touched(ctx: Context) -> bool:
    callbacks = (use.entry.name for use in ctx.facts.functions if isinstance(use.entry, Function))
    return any(name in SET_RATES for name in callbacks) or any(True for _ in _reads(ctx))


def _reads(ctx: Context) -> Iterator[ast.Attribute]:
    """Where the source has the rate of an optimizer."""
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr != _OLD:
            continue
        made = _made(ctx, node.value)
        held = made is None and is_optimizer(ctx, node.value)
        if held or _is_backend_s(ctx, node) or (made is not None and _has_rate(made)):
            yield node


def is_optimizer(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression is ``model.optimizer``, makes an optimizer of Keras, or is a variable that holds one of
    these; a parameter that is called an optimizer is one.
    """
    if isinstance(node, ast.Attribute):
        return node.attr == "optimizer" or node.attr in _attributes(ctx)
    if isinstance(node, ast.Call):
        return node in _makers(ctx)
    if not isinstance(node, ast.Name):
        return False
    binders = ctx.binders(node.id)
    if binders and all(isinstance(one, ast.arg) for one in binders):
        return node.id in _CALLED
    holders = [ctx.parents.get(one) for one in binders]
    values = [one.value for one in holders if isinstance(one, ast.Assign) and not isinstance(one.value, ast.Name)]
    return 0 < len(values) == len(holders) and all(is_optimizer(ctx, value) for value in values)


@once
def _makers(ctx: Context) -> dict[ast.Call, FunctionUse]:
    functions = (use for use in ctx.facts.functions if isinstance(use.entry, Function) and use.entry.kind == KIND)
    return {use.node: use for use in functions}


def _made(ctx: Context, optimizer: ast.expr) -> FunctionUse | None:
    """The call that makes the optimizer which a variable holds, where the source tells."""
    maker = ctx.maker(optimizer.id) if isinstance(optimizer, ast.Name) else None
    return _makers(ctx).get(maker) if maker is not None else None


def _is_backend_s(ctx: Context, node: ast.Attribute) -> bool:
    """Whether it is given to a function of keras.backend, such as ``K.set_value``: rules/backend.py."""
    call = ctx.parents.get(node)
    symbol = ctx.names.resolve(call.func) if isinstance(call, ast.Call) else None
    return symbol is not None and symbol.path.startswith("keras.backend.")


def _check_rate(ctx: Context, node: ast.Attribute, code: str, ask: str) -> None:
    made = _made(ctx, node.value)
    old = ctx.module.segment(node)
    new = f"{ctx.module.segment(node.value)}.{_NEW}"
    symbol = made.symbol.path if made is not None else None
    if isinstance(node.ctx, ast.Store):
        message = f"`{old} = …` changed nothing once training had begun: if the rate is meant, say `{new} = …`"
        ctx.add(ask, Severity.WARNING, ctx.span(node), message, symbol=symbol)
        return
    if is_schedule(ctx, node.value):
        message = f"`{old}`: {SCHEDULE}"
        ctx.add(ask, Severity.ERROR, ctx.span(node), message, symbol=symbol)
        return
    whole, pieces = rewritten(ctx, node)
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(whole), pieces),))
    ctx.add(code, Severity.ERROR, ctx.span(whole), f"`{old}` is `{new}` now", symbol=symbol, fix=fix)


def _has_rate(made: FunctionUse) -> bool:
    spelling = made.entry.keras3 if isinstance(made.entry, Function) else None
    return spelling is not None and getattr(spelling.parameters.get(_OLD), "to", None) == _NEW


def _becomes_schedule(ctx: Context, made: FunctionUse) -> bool:
    return ctx.settings.style != "exact" and _has_decay(made) and not needs_variable(ctx, made)


def _has_decay(made: FunctionUse) -> bool:
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
