"""K303: losses of a program's own that go by columns, which Keras 1 made of targets of one dimension."""

from __future__ import annotations

import ast

from tdmigrate.rules.arguments import Plan, edited
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.metrics import function_of
from tdmigrate.understanding.facts import MethodUse

_FUNCTION = "with_columns"
_SHAPING = frozenset(("concatenate", "repeat_elements", "squeeze", "tile"))  # functions that name an axis


def settle(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile with a loss that gets columns where it asks for them."""
    argument = use.bound.arguments.get("loss")
    if argument is None or ctx.settings.style == "modern" or any(one.index == argument.index for one in made.edits):
        return made
    if any(value is argument.node for _, _, value in use.bound.spread):
        return made
    node = argument.node
    function = node if isinstance(node, ast.Lambda) else function_of(ctx, node) if isinstance(node, ast.Name) else None
    if function is None or not _takes_columns(function):
        return made
    spelled = ctx.name(f"{COMPAT}.{_FUNCTION}")
    made = edited(made, argument.index, f"{spelled.text}({{}})")
    change = "targets of one dimension are columns in this loss, as in Keras 1"
    return made._replace(imports=(*made.imports, *spelled.imports), changes=(*made.changes, change))


def _takes_columns(function: ast.FunctionDef | ast.Lambda) -> bool:
    """Whether a loss looks at an axis of its targets that they have by that alone."""
    names = [one.arg for one in function.args.args[:1]]
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and _is_named(node.value, names):
            return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _SHAPING:
            first = node.args[0] if node.args else None
            members = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
            if any(one is not None and _is_named(one, names) for one in members):
                return True
    return False


def _is_named(node: ast.expr, names: list[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
