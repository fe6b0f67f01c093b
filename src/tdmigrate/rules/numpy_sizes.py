"""Sizes of layers that NumPy computed: Keras 1 took NumPy's integers, Keras 3 refuses them."""

from __future__ import annotations

import ast
from typing import Final

from tdmigrate.findings import TextEdit
from tdmigrate.keras1.entry import Renamed, Spelling
from tdmigrate.rules.arguments import Plan, edited
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import LayerUse

# whole numbers of layers that Keras 3 (3.15) refuses as np.int64
_SIZES: Final = frozenset(
    ("filter_length", "input_dim", "length", "n", "output_dim", "padding", "pool_length", "stride", "subsample_length")
)
_REDUCTIONS: Final = frozenset(("max", "min", "prod", "sum"))
_OF_NUMPY: Final = _REDUCTIONS | {"amax", "amin", "int32", "int64"}


def settle(ctx: Context, use: LayerUse, spelling: Spelling, made: Plan) -> Plan:
    """A layer's call with ``int`` around the sizes that NumPy computed."""
    if ctx.is_bound("int"):
        return made
    members = [*use.node.args, *(keyword.value for keyword in use.node.keywords)]
    for argument in use.bound.arguments.values():
        name = argument.name
        if name not in _SIZES or name in made.shaped:
            continue
        if not isinstance(spelling.parameters.get(name), (Renamed, type(None))):
            continue
        node = argument.node
        parts = node.elts if isinstance(node, ast.Tuple) and name == "padding" else [node]
        sizes = [one for one in parts if _is_of_numpy(ctx, one)]
        place = next((index for index, one in enumerate(members) if one is node), None)
        if not sizes or any(edit.index == place and (edit.value or edit.drop) for edit in made.edits):
            continue
        if place is not None and sizes == [node]:
            made = edited(made, place, "int({})")
        else:  # a part of a tuple, or where a dict or a partial has it: an int does as well wherever that goes
            edits = tuple(TextEdit(ctx.span(one), "int({})") for one in sizes)
            made = made._replace(inner=(*made.inner, *(one for one in edits if one not in made.inner)))
        made = made._replace(changes=(*made.changes, f"`{name}` is an integer of NumPy, which Keras 3 refuses"))
    return made


def _is_of_numpy(ctx: Context, node: ast.expr, depth: int = 10) -> bool:
    """Whether an expression is surely a number that NumPy computed, or arithmetic on one."""
    if not depth:
        return False
    if isinstance(node, ast.Name):
        statements = [ctx.parents.get(one) for one in ctx.binders(node.id)]
        return bool(statements) and all(
            isinstance(one, ast.Assign)
            and all(isinstance(target, ast.Name) for target in one.targets)
            and _is_of_numpy(ctx, one.value, depth - 1)
            for one in statements
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv)):
        sides = node.left, node.right
        return any(_is_of_numpy(ctx, one, depth - 1) for one in sides) and all(
            (isinstance(one, ast.Constant) and type(one.value) is int) or _is_of_numpy(ctx, one, depth - 1)
            for one in sides
        )
    if not isinstance(node, ast.Call) or node.keywords or not isinstance(node.func, ast.Attribute):
        return False
    if _is_numpy(ctx, node.func.value):
        return node.func.attr in _OF_NUMPY and len(node.args) == 1
    return node.func.attr in _REDUCTIONS and not node.args


def _is_numpy(ctx: Context, node: ast.expr) -> bool:
    binders = ctx.binders(node.id) if isinstance(node, ast.Name) else []
    return bool(binders) and all(isinstance(one, ast.alias) and one.name == "numpy" for one in binders)
