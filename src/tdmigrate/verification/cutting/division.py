"""``/`` of Python 2 in programs that Python 3 runs: two integers gave an integer, rounded down."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from tdmigrate.verification.cutting.statements import begun_with

NAME: Final = "divided_as_in_python_2"

_DEFINITION: Final = f"""
def {NAME}(left, right):
    def is_whole(side):
        return isinstance(side, int) or getattr(getattr(side, "dtype", None), "kind", None) in ("b", "i", "u")
    return left // right if is_whole(left) and is_whole(right) else left / right
"""


class Divided(str):
    """The text of a source that was Python 2, in which ``/`` divides as it did there."""

    __slots__ = ()


class _Division(ast.Div):
    """The operator of such a text; all that looks at operators takes it for what it is written as."""


_Division.__name__ = "Div"  # ast.unparse goes by it


def parsed(text: str) -> ast.Module:
    """The tree of a text, in which a division of Python 2 can be told. Raises as ``ast.parse``."""
    tree = ast.parse(text)
    if isinstance(text, Divided):
        for node in ast.walk(tree):
            if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
                sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
                if not any(isinstance(side, ast.Constant) and isinstance(side.value, float) for side in sides):
                    node.op = _Division()
    return tree


def divides(text: str) -> bool:
    """Whether a division in it gave another number in Python 2, if it is one of integers."""
    return any(isinstance(getattr(node, "op", None), _Division) for node in ast.walk(parsed(text)))


def spelled_out(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements with every division of Python 2 as a call, and what is called."""
    speller = _Speller()
    new = [speller.visit(stmt) for stmt in body]
    return begun_with(ast.parse(_DEFINITION).body, new) if speller.found else new


class _Speller(ast.NodeTransformer):
    def __init__(self) -> None:
        self.found = False

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return self._call(node.left, node.right) if isinstance(node.op, _Division) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if not isinstance(node.op, _Division):
            return node
        before = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.Assign([node.target], self._call(before, node.value))

    def _call(self, left: ast.expr, right: ast.expr) -> ast.expr:
        self.found = True
        return ast.Call(ast.Name(NAME, ast.Load()), [left, right], [])
