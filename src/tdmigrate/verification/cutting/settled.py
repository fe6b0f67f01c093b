"""Branches that cannot run: their test is settled by a default or a constant of the source."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from tdmigrate.verification.cutting.arguments import Arguments
from tdmigrate.verification.cutting.flow import Node
from tdmigrate.verification.cutting.scope import Scope

_OPEN: Final = object()  # a value the source does not settle


class Settled:
    """Tests whose outcome stands."""

    def __init__(self, scope: Scope, arguments: Arguments, parameters: Mapping[Node, ast.expr]) -> None:
        self.scope = scope
        self.arguments = arguments
        self.parameters = parameters  # what the parameters of the functions around the model are

    def dead(self) -> frozenset[Node]:
        """Every statement in a branch that its test rules out."""
        found: set[Node] = set()
        for node in self.scope.nodes:
            if not isinstance(node.stmt, ast.If):
                continue
            outcome = self.value(node.stmt.test, node)
            if outcome is _OPEN:
                continue
            ruled_out = dict(node.blocks).get("orelse" if outcome else "body", [])
            stack = list(ruled_out)
            while stack:
                inner = stack.pop()
                found.add(inner)
                stack += [child for _, block in inner.blocks for child in block]
        return frozenset(found)

    def value(self, expr: ast.expr, node: Node) -> object:
        """The constant that an expression is."""
        given = self.arguments.default(expr, node)
        if given is not None:
            expr = given
        if isinstance(expr, ast.Constant):
            return expr.value
        if isinstance(expr, ast.Name):
            bindings = self.scope.lookup(expr.id, node)
            literal = self.parameters.get(bindings[0]) if bindings is not None and len(bindings) == 1 else None
            return literal.value if isinstance(literal, ast.Constant) else _OPEN
        if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.Not):
            inner = self.value(expr.operand, node)
            return _OPEN if inner is _OPEN else not inner
        if isinstance(expr, ast.Compare) and len(expr.ops) == 1:
            left, right = self.value(expr.left, node), self.value(expr.comparators[0], node)
            if left is _OPEN or right is _OPEN:
                return _OPEN
            if isinstance(expr.ops[0], ast.Eq | ast.Is):
                return left == right
            if isinstance(expr.ops[0], ast.NotEq | ast.IsNot):
                return left != right
        return _OPEN
