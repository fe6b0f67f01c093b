"""Initializers that a source makes itself: Keras 1 called them as ``f(shape, name=…)``, Keras 3 does with a dtype."""

from __future__ import annotations

import ast

from tdmigrate.rules.context import Context
from tdmigrate.understanding.calling import HARMLESS

ASK = (
    "Keras 3 calls an initializer as `f(shape, dtype=…)`, Keras 1 did as `f(shape, name=…)`: if this is a function of "
    "the project, wrap it in `tdmigrate.compat.Keras1Initializer`"
)


def is_made(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression surely is a function, or an object that is called like one, of the source itself."""
    if ctx.is_function(node):
        return True
    if isinstance(node, ast.Name):
        binders = ctx.binders(node.id)
        return bool(binders) and all(_is_function(ctx, one) for one in binders)
    if not isinstance(node, ast.Call):
        return False
    if _imported(ctx, node.func) == "functools":
        return _last(node.func) == "partial"
    maker = ctx.binders(node.func.id) if isinstance(node.func, ast.Name) else []
    return len(maker) == 1 and (_is_called(maker[0]) or _gives_function(maker[0]))


def may_be_made(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression is, or is made by, something of another module that may be of the project."""
    func = node.func if isinstance(node, ast.Call) else node
    home = _imported(ctx, func)
    return home is not None and home not in HARMLESS and home != "keras" and not _last(func).isupper()


def _is_function(ctx: Context, binder: ast.AST) -> bool:
    assigned = ctx.parents.get(binder)
    return isinstance(binder, ast.FunctionDef) or (
        isinstance(assigned, ast.Assign) and isinstance(assigned.value, ast.Lambda)
    )


def _is_called(maker: ast.AST) -> bool:
    body = maker.body if isinstance(maker, ast.ClassDef) and not maker.bases[1:] else []
    return any(isinstance(one, ast.FunctionDef) and one.name == "__call__" for one in body)


def _gives_function(maker: ast.AST) -> bool:
    """Whether a function gives a function that it defines, and nothing else."""
    if not isinstance(maker, ast.FunctionDef):
        return False
    inside = {one.name for one in maker.body if isinstance(one, ast.FunctionDef)}
    own = [one for statement in maker.body if not isinstance(statement, ast.FunctionDef) for one in ast.walk(statement)]
    given = [one.value for one in own if isinstance(one, ast.Return)]
    return bool(given) and all(
        isinstance(value, ast.Lambda) or (isinstance(value, ast.Name) and value.id in inside) for value in given
    )


def _imported(ctx: Context, node: ast.expr) -> str | None:
    """The package that a name, or what has an attribute, is imported from; "" for one beside the source."""
    if isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    binders = ctx.binders(node.id)
    statements = [one if isinstance(one, ast.stmt) else ctx.parents.get(one) for one in binders]
    if len(statements) != 1:
        return None
    (statement,) = statements
    if isinstance(statement, ast.ImportFrom):
        return "" if statement.level else (statement.module or "").partition(".")[0]
    if isinstance(statement, ast.Import):
        return statement.names[0].name.partition(".")[0]
    return None


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
