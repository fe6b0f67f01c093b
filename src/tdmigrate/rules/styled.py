"""What stands for functions and classes in some styles alone. None is known here by name."""

from __future__ import annotations

import ast

from tdmigrate.keras1.entry import Function, Spelling
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context, Spelled
from tdmigrate.rules.rates import needs_variable
from tdmigrate.understanding.facts import FunctionUse


def standing_in(ctx: Context, use: FunctionUse, entry: Function) -> tuple[Spelling, Spelled] | None:
    """The spelling of what a call calls in this style, and its name; None: that of every style."""
    spelling = _spelling(ctx, use, entry)
    if spelling is None or not _is_named(ctx, use):
        return None
    if _is_free(ctx, spelling.path):
        ctx.freed.add(spelling.path)
    return spelling, ctx.name(spelling.path)


def _spelling(ctx: Context, use: FunctionUse, entry: Function) -> Spelling | None:
    styled = entry.styled
    if styled is None or use.bound is None or not (ctx.settings.style in styled.styles or needs_variable(ctx, use)):
        return None
    if ctx.era.assumed.hi < parse(styled.since).lo:
        return None
    given = use.bound.arguments
    told = {name for name, one in given.items() if not is_none(one.node) and one.value not in (0, 0.0)}
    return styled.spelling if not styled.given or any(told.issuperset(names) for names in styled.given) else None


def _is_named(ctx: Context, use: FunctionUse) -> bool:
    """Whether a call names what it calls, other than through a variable."""
    symbol = ctx.names.resolve(use.node.func)
    return symbol is not None and (
        not isinstance(use.node.func, ast.Name) or symbol.binding.local in (use.node.func.id, "*")
    )


def _is_free(ctx: Context, path: str) -> bool:
    """Whether every import of a name will go, since each of its uses names what stands for it at ``path`` instead."""
    going: set[ast.expr] = set()
    for use in ctx.facts.functions:
        spelling = _spelling(ctx, use, use.entry) if isinstance(use.entry, Function) else None
        if spelling is not None and spelling.path == path and _is_named(ctx, use):
            going.add(use.node.func)
    return ctx.are_imports_going(path.rpartition(".")[2], going)
