"""Which variables hold tensors of the functional API, by how they are made."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tdmigrate.understanding.facts import Facts
from tdmigrate.understanding.mentions import Parents
from tdmigrate.understanding.names import Names

_MAKERS = frozenset(("Input", "merge"))
_ENDS = frozenset(("input", "output"))


class Tensors:
    """Which variables hold tensors of the functional API."""

    def __init__(self, facts: Facts, names: Names, parents: Parents, binders: Callable[[str], list[ast.AST]]) -> None:
        """``binders``: everything that may bind a name."""
        self.names = names
        self.parents = parents
        self.binders = binders
        self.layers = {use.node for use in facts.layers}
        self.held = {
            target.id
            for use in facts.layers
            if isinstance(parent := parents.get(use.node), ast.Assign)
            for target in parent.targets
            if isinstance(target, ast.Name)
        }
        self.made: set[ast.expr] = {use.node for use in facts.attributes if use.node.attr in _ENDS}
        self.made.update(use.node for use in facts.functions if use.entry is not None and use.entry.name in _MAKERS)
        self.known: dict[tuple[str, str], ast.expr | None] = {}

    def source(self, node: ast.Name) -> ast.expr | None:
        """What makes the tensor that a variable holds where it is read; None: it may hold something else."""
        scope = self.names.scope_of(node)
        while True:
            binders = [one for one in self.binders(node.id) if self.names.scope_of(one) == scope]
            if binders:
                break
            if not scope:
                return None
            scope = scope.rpartition(".")[0]
        key = (scope, node.id)
        if key not in self.known:
            self.known[key] = None  # of a name that is made of itself
            values = [self._value(one) for one in binders]
            if all(value is not None and self.is_tensor(value) for value in values):
                self.known[key] = values[0]
        return self.known[key]

    def _value(self, binder: ast.AST) -> ast.expr | None:
        parent = self.parents.get(binder)
        if isinstance(parent, ast.Tuple) and isinstance(given := self._value(parent), ast.Tuple):
            starred = any(isinstance(one, ast.Starred) for one in (*parent.elts, *given.elts))
            pairs = () if starred or len(parent.elts) != len(given.elts) else zip(parent.elts, given.elts, strict=True)
            return next((value for target, value in pairs if target is binder), None)
        return parent.value if isinstance(parent, ast.Assign) and binder in parent.targets else None

    def is_tensor(self, value: ast.expr) -> bool:
        """Whether an expression certainly gives one."""
        if value in self.made:
            return True
        if isinstance(value, ast.Name):
            return self.source(value) is not None
        if isinstance(value, ast.BinOp):
            return self.is_tensor(value.left) or self.is_tensor(value.right)
        if isinstance(value, (ast.UnaryOp, ast.Subscript)):
            return self.is_tensor(value.operand if isinstance(value, ast.UnaryOp) else value.value)
        if not isinstance(value, ast.Call):
            return False
        if value.func in self.layers or (isinstance(value.func, ast.Name) and value.func.id in self.held):
            return True
        symbol = self.names.resolve(value.func)
        backend = symbol is not None and symbol.path.startswith("keras.backend.")
        return backend and any(map(self.is_tensor, value.args))
