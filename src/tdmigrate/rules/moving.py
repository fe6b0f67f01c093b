"""Expressions that a fix writes at another place of the module, or once more."""

from __future__ import annotations

import ast

from tdmigrate.rules.context import Context

# what nothing can change between two places but by binding its names anew
_STILL = (
    ast.Name, ast.Constant, ast.Tuple, ast.List, ast.UnaryOp, ast.BinOp, ast.unaryop, ast.operator, ast.expr_context,
)  # fmt: skip
_INNER = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)


def means_the_same(ctx: Context, node: ast.expr, there: ast.stmt | ast.expr) -> bool:
    """Whether ``node`` could be evaluated just before ``there`` instead of where it stands.

    Either ``there`` is the statement or expression around it, or it is made of names that are bound once, outside of
    loops, where both places see them.
    """
    if is_inside(ctx, node, there):
        return True
    if not all(isinstance(part, _STILL) for part in ast.walk(node)):
        return False
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return all(_is_still(ctx, name, node, there) for name in names)


def is_inside(ctx: Context, node: ast.expr, there: ast.stmt | ast.expr) -> bool:
    """Whether an expression is a part of ``there``, and nothing between binds names of its own."""
    above: ast.AST | None = node
    while above is not None and above is not there:
        if isinstance(above, _INNER) or (isinstance(above, ast.NamedExpr) and above is not node):
            return False
        above = ctx.parents.get(above)
    return above is there


def is_plain(expression: str) -> bool:
    """Whether an expression may be written twice: it makes nothing."""
    plain = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.expr_context)
    return all(isinstance(part, plain) for part in ast.walk(ast.parse(expression, mode="eval").body))


def _is_still(ctx: Context, name: str, node: ast.expr, there: ast.stmt | ast.expr) -> bool:
    """Whether the module binds a name once and for all, where both places see it."""
    binders = ctx.binders(name)
    if len(binders) != 1:
        return False
    scope = ctx.names.scope_of(binders[0])
    above = ctx.parents.get(binders[0])
    while above is not None and not isinstance(above, _SCOPES):
        if isinstance(above, _LOOPS):
            return False
        above = ctx.parents.get(above)
    if isinstance(binders[0], ast.arg):
        if not isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        scope = f"{scope}.{above.name}".lstrip(".")
    return all(_is_seen(ctx.names.scope_of(place), scope) for place in (node, there))


def _is_seen(scope: str, outer: str) -> bool:
    return outer == "" or scope == outer or scope.startswith(outer + ".")
