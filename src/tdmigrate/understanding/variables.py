"""The variables of a module, whatever they hold: whose each name is, what binds it, where its value comes from.

``Names`` follows the names of Keras alone, through all that may run; here every name is looked at, as far as the blocks
of the source tell.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Collection
from functools import cached_property
from typing import Final

from tdmigrate.understanding.binders import binders
from tdmigrate.understanding.branches import is_either
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.scopes import Placed, Position, end_of, start_of
from tdmigrate.understanding.tree import FUNCTIONS, Tree, key

_MOST: Final = 20  # bindings that are looked at, back from a place


class Variables:
    """Every variable of a module, and ``self.f`` and its like."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.tree = Tree(module)
        self.nodes = module.nodes
        self.bound: dict[str, list[Placed]] = {}
        self._local: dict[ast.AST, dict[str, list[Placed]]] = {}  # scope → name → what binds it there
        # function and "self.f", or "self.f" alone → where it is given a value
        self._attributes: dict[tuple[ast.AST, str], list[Placed]] = {}
        self._everywhere: dict[str, list[Placed]] = {}
        # of a name, by which of its scopes: the module or name that it is imported as, and its bindings in order
        self._roots: dict[tuple[str, int], str] = {}
        self._sorted: dict[tuple[str, int], tuple[set[ast.AST], list[Placed]]] = {}
        shared = {
            (self._home(node), name)
            for node in self.nodes
            if isinstance(node, (ast.Global, ast.Nonlocal))
            for name in node.names
        }
        for name, node in binders(self.nodes):
            self.bound.setdefault(name, []).append(node)
            scope = self._home(node)
            if (scope, name) in shared:
                scope = module.tree
            self._local.setdefault(scope, {}).setdefault(name, []).append(node)
        for attribute in self.nodes:
            if isinstance(attribute, ast.Attribute) and isinstance(attribute.ctx, ast.Store):
                stored = key(attribute)
                if stored is not None:
                    self._attributes.setdefault((self.tree.home(attribute), stored), []).append(attribute)
                    self._everywhere.setdefault(stored, []).append(attribute)

    @cached_property
    def methods(self) -> frozenset[str]:
        """Functions that the source defines, methods among them."""
        return frozenset(node.name for node in self.nodes if isinstance(node, ast.FunctionDef))

    @cached_property
    def attributes(self) -> frozenset[str]:
        """What the source gives objects itself: methods, and attributes that it stores."""
        found = (one for one in self.nodes if isinstance(one, ast.Attribute))
        return self.methods.union(one.attr for one in found if not isinstance(one.ctx, ast.Load))

    @property
    def stored(self) -> Collection[str]:
        """Attributes that are given a value, as in ``self.f = 1``: "self.f"."""
        return self._everywhere.keys()

    @cached_property
    def starred(self) -> tuple[str, ...]:
        """Modules of which all names are imported."""
        found = (node for node in self.nodes if isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
        return tuple(node.module or "" for node in found)

    def _home(self, node: ast.AST) -> ast.AST:
        """The scope that a binder binds in."""
        if isinstance(node, ast.arg):
            return next(above for above in self.tree.up(node) if isinstance(above, FUNCTIONS))
        return self.tree.scope(node)

    def binds(self, scope: ast.AST, name: str) -> list[Placed]:
        return self._local.get(scope, {}).get(name, [])

    def bindings(self, node: ast.AST, name: str) -> list[Placed]:
        """What binds a name as it is seen from a node, in the one scope it is of."""
        for number, scope in enumerate(self.tree.scopes(node)):
            found = self.binds(scope, name)
            if found and (number == 0 or not isinstance(scope, ast.ClassDef)):
                return found
        return []

    def is_free(self, node: ast.AST, name: str) -> bool:
        """Whether a name is nobody's but Python's."""
        return not self.bindings(node, name)

    def full(self, node: ast.AST) -> str:
        """What names stand for, through imports and their aliases: "os.path.walk"; of Python's own "cmp"; or ""."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        found = self.bindings(node, node.id)
        if not found:
            return "" if parts else node.id
        at = (node.id, id(found))
        if at not in self._roots:
            roots = {self._imported(one, node.id) for one in found}
            self._roots[at] = roots.pop() if len(roots) == 1 else ""
        root = self._roots[at]
        if not root:
            return ""
        return ".".join((root, *reversed(parts)))

    def _imported(self, binder: ast.AST, name: str) -> str:
        statement = self.tree.of(binder)
        if not isinstance(binder, ast.alias):
            return ""
        if isinstance(statement, ast.ImportFrom):
            return "" if statement.level else f"{statement.module}.{binder.name}"
        return binder.name if binder.asname else name

    def origins(self, node: ast.expr) -> list[ast.expr]:
        """What a variable (or ``self.f``) may hold where it is read, the nearest first; none: nobody can say.

        Of a loop's variable nothing is said: ``elements`` has what it walks.
        """
        values = []
        for binder in self._before(node):
            value = self._value(binder)
            if value is None:
                return []
            values.append(value)
        return values

    def _value(self, binder: ast.AST) -> ast.expr | None:
        above = self.tree.of(binder)
        if isinstance(above, ast.Assign):
            return above.value
        return above.context_expr if isinstance(above, ast.withitem) else None

    def elements(self, node: ast.expr) -> ast.expr | None:
        """What the loop or comprehension walks whose variable this is."""
        found = self._before(node)
        if len(found) != 1:
            return None
        above = self.tree.of(found[0])
        if isinstance(above, (ast.For, ast.comprehension)) and above.target is found[0]:
            return above.iter
        return None

    def unpacked(self, node: ast.expr) -> tuple[ast.expr, int] | None:
        """Of a variable that is one of several that a value is unpacked into: the value, and which one it is."""
        found = self._before(node)
        above = self.tree.of(found[0]) if len(found) == 1 else None
        statement = self.tree.of(above) if isinstance(above, (ast.Tuple, ast.List)) else None
        if isinstance(statement, ast.Assign) and isinstance(above, (ast.Tuple, ast.List)):
            return statement.value, [one is found[0] for one in above.elts].index(True)
        return None

    def _before(self, node: ast.expr) -> list[Placed]:
        """The bindings that reach a place, as far as blocks tell: back to the first that surely lies on the way."""
        name = key(node)
        if name is None:
            return []
        if isinstance(node, ast.Name):
            every = self.bindings(node, name)
        else:
            every = self._attributes.get((self.tree.home(node), name)) or self._everywhere.get(name, [])
        if len(every) == 1:
            return [*every]
        homes, ordered = self._ordered(name, every)
        if not homes <= {self.tree.home(node), self.tree.scope(node)}:
            return []
        chain = {id(node), *map(id, self.tree.up(node))}
        found = []
        behind = bisect_right(ordered, start_of(node), key=self.ended)
        for one in reversed(ordered[max(behind - _MOST, 0) : behind]):
            if is_either(self.tree, one, node):
                continue
            found.append(one)
            statement = self._statement(one)
            if id(self.tree.of(statement)) in chain or id(statement) in chain:
                return found
        return found if behind <= _MOST else []

    def _ordered(self, name: str, every: list[Placed]) -> tuple[set[ast.AST], list[Placed]]:
        """Where bindings of one name stand, and they themselves by where they are done."""
        at = (name, id(every))
        if at not in self._sorted:
            homes = {self.tree.scope(one) for one in every if not isinstance(one, ast.arg)}
            self._sorted[at] = homes, sorted(every, key=self.ended)
        return self._sorted[at]

    def is_bound_within(self, node: ast.Name, block: Placed) -> bool:
        """Whether what a name is of is given another value inside a statement."""
        _, ordered = self._ordered(node.id, self.bindings(node, node.id))
        place = bisect_right(ordered, start_of(block), key=self.ended)
        while place < len(ordered) and self.ended(ordered[place]) <= end_of(block):
            if ordered[place] is not block:
                return True
            place += 1
        return False

    def ended(self, binder: Placed) -> Position:
        """Where a binding is done."""
        statement, above = self._statement(binder), self.tree.of(binder)
        if isinstance(binder, ast.arg):
            return start_of(statement)
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            return end_of(statement.iter)
        if isinstance(above, ast.ExceptHandler) or isinstance(binder, ast.ExceptHandler):
            return start_of(binder)
        return end_of(binder) if isinstance(statement, (ast.With, ast.AsyncWith)) else end_of(statement)

    def _statement(self, binder: Placed) -> ast.stmt:
        statement = self.tree.statement(binder)
        assert statement is not None  # binders stand in statements
        return statement
