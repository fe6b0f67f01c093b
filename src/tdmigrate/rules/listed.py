"""Data that are given as Python lists of numbers, which Keras 1 made arrays of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Text
from tdmigrate.rules.arguments import Plan, edited
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import MethodUse

_DATA = ("x", "X", "y", "sample_weight")
_ARRAY = Text("array({})", (Import("numpy", "array"),))


def settle_lists(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    spread = [value for _, _, value in use.bound.spread]
    for name in _DATA:
        argument = use.bound.arguments.get(name)
        if argument is None or argument.node in spread or not _is_listed(ctx, argument.node):
            continue
        array = Text(f"{local}.array({{}})") if (local := numpy_name(ctx)) else ctx.written(_ARRAY)
        made = edited(made, argument.index, array.text)
        change = f"`{name}` is an array: Keras 3 takes a list for one input each (trap F13)"
        made = made._replace(imports=(*made.imports, *array.imports), changes=(*made.changes, change))
    return made


def _is_listed(ctx: Context, node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        makers = [ctx.parents.get(one) for one in ctx.binders(node.id)]
        if len(makers) != 1 or not isinstance(makers[0], ast.Assign):
            return False
        made = makers[0].value
        return is_numbers(made) or _is_rows(made) or (_is_empty(made) and _is_grown(ctx, node.id))
    return is_numbers(node) or _is_rows(node)


def _is_rows(node: ast.expr) -> bool:
    """Whether an expression makes a list of lists: of more inputs than one, Keras 1 took arrays alone."""
    return isinstance(node, ast.ListComp) and isinstance(node.elt, (ast.List, ast.ListComp))


def _is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.List) and not node.elts


def _is_grown(ctx: Context, name: str) -> bool:
    """Whether lists, and nothing else, are appended to the list of this name."""
    appended = []
    for load in ctx.loads.get(name, ()):
        method = ctx.parents.get(load)
        call = ctx.parents.get(method) if isinstance(method, ast.Attribute) and method.value is load else None
        if isinstance(method, ast.Attribute) and isinstance(call, ast.Call) and call.func is method:
            appended.append(call.args[0] if method.attr == "append" and call.args else None)
    return bool(appended) and all(isinstance(one, (ast.List, ast.ListComp)) for one in appended)


def is_numbers(node: ast.expr) -> bool:
    """Whether an expression is a list of nothing but numbers, in lists or not."""
    if not isinstance(node, ast.List):
        return False
    found = list(_leaves(node))
    return bool(found) and all(isinstance(one, ast.Constant) and isinstance(one.value, (int, float)) for one in found)


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, (ast.List, ast.Tuple)):
        for element in node.elts:
            yield from _leaves(element)
    else:
        yield node.operand if isinstance(node, ast.UnaryOp) else node


def numpy_name(ctx: Context) -> str:
    """The name by which the module's own level imports numpy; "": it does not."""
    for statement in ctx.module.tree.body:
        for alias in statement.names if isinstance(statement, ast.Import) else ():
            if alias.name == "numpy" and (alias.asname is None or alias.asname == "np"):
                return alias.asname or alias.name
    return ""
