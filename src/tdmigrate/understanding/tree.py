"""The nodes of a module by where they stand, and by what they name."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from tdmigrate.understanding.module import Module

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES: Final = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef)
_SHARED = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)  # one node stands in many places
_BLOCKS = ("body", "orelse", "finalbody")


class Tree:
    """Answers what stands around a node and within it, without a walk for each question."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._above: dict[ast.AST, ast.AST] = {}
        self._block: dict[ast.AST, tuple[list[ast.stmt], int]] = {}  # a statement's block, and its place there
        order = list(self._walk(module.tree))
        self._number = {node: number for number, node in enumerate(order)}
        # of each node: the number behind the last node within it
        self._end = {node: number + 1 for number, node in enumerate(order)}
        for node in reversed(order):
            above = self._above.get(node)
            if above is not None:
                self._end[above] = max(self._end[above], self._end[node])
        self._mentions: dict[str, list[ast.expr]] = {}
        self._shared: list[ast.Global | ast.Nonlocal] = []
        self._generators: set[ast.AST] = set()  # functions that yield
        self._assigned: dict[tuple[int, str], list[int]] = {}  # block and name → places of assignments, in order
        for node in order:
            if isinstance(node, (ast.Name, ast.Attribute)) and (name := key(node)) is not None:
                self._mentions.setdefault(name, []).append(node)
            elif isinstance(node, ast.Assign):
                block, place = self._block[node]
                for told in {key(one) for one in node.targets}:
                    if told is not None:
                        self._assigned.setdefault((id(block), told), []).append(place)
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                self._shared.append(node)
            elif isinstance(node, (ast.Yield, ast.YieldFrom)):
                self._generators.add(self.home(node))
        self._places = {name: [self._number[one] for one in found] for name, found in self._mentions.items()}
        self._own: dict[ast.AST, frozenset[str]] = {}  # names that a function has for itself
        # functions that call `add` of something they are given
        self.adders = frozenset(node.name for node in order if isinstance(node, ast.FunctionDef) and self._adds(node))

    def _walk(self, tree: ast.Module) -> Iterator[ast.AST]:
        """All nodes, each before those within it."""
        left: list[ast.AST] = [tree]
        while left:
            node = left.pop()
            yield node
            within = [child for child in ast.iter_child_nodes(node) if not isinstance(child, _SHARED)]
            for child in within:
                self._above[child] = node
            for name in _BLOCKS:
                block = getattr(node, name, None)
                if isinstance(block, list):
                    for place, statement in enumerate(block):
                        self._block[statement] = (block, place)
            left += reversed(within)

    def of(self, node: ast.AST) -> ast.AST | None:
        """What a node stands in."""
        return self._above.get(node)

    def up(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, and what that stands in, and so on."""
        above = self._above.get(node)
        while above is not None:
            yield above
            above = self._above.get(above)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The scopes that a node stands in, the innermost first; of Python 3, where each comprehension is one."""
        below, within = node, node
        for above in self.up(node):
            if isinstance(above, _SCOPES) and not _is_outside(above, within, below):
                yield above
            below, within = within, above
        yield self.module.tree

    def scope(self, node: ast.AST) -> ast.AST:
        """The innermost of them."""
        return next(self.scopes(node))

    def home(self, node: ast.AST) -> ast.AST:
        """The function, class or module whose variables Python 2 kept a node's names among."""
        return next(one for one in self.scopes(node) if not isinstance(one, COMPREHENSIONS))

    def is_generator(self, function: ast.AST) -> bool:
        """Whether a function yields."""
        return function in self._generators

    def generator(self, node: ast.AST) -> ast.AST | None:
        """What would end if a node raised StopIteration: the function around it that yields, a generator expression."""
        for scope in self.scopes(node):
            if isinstance(scope, ast.GeneratorExp):
                return scope
            if not isinstance(scope, COMPREHENSIONS):
                return scope if self.is_generator(scope) else None
        return None

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that a node is, or stands in."""
        return node if isinstance(node, ast.stmt) else next((n for n in self.up(node) if isinstance(n, ast.stmt)), None)

    def block(self, statement: ast.stmt) -> Sequence[ast.stmt]:
        """The statements among which one stands."""
        return self._block[statement][0]

    def place(self, statement: ast.stmt) -> int:
        """Which one of its block it is, from 0."""
        return self._block[statement][1]

    def is_assigned(self, name: str, statement: ast.stmt, start: int) -> bool:
        """Whether the block of a statement assigns to a name before it, from the place ``start`` on."""
        block, end = self._block[statement]
        places = self._assigned.get((id(block), name), [])
        first = bisect_left(places, start)
        return first < len(places) and places[first] < end

    def beside(self, node: ast.AST, other: ast.stmt) -> ast.stmt | None:
        """The statement of the block of ``other`` that a node is, or stands in."""
        block = self.block(other)
        known = (self._block.get(one) for one in (node, *self.up(node)))
        return next((block[found[1]] for found in known if found is not None and found[0] is block), None)

    def mentions(self, node: ast.AST, name: str) -> list[ast.expr]:
        """Every place in a node where a variable or attribute stands, in the order of the source."""
        return sorted(self._within(name, self._number[node], self._end[node]), key=_position)

    def mentions_behind(self, statement: ast.stmt, name: str) -> list[ast.expr]:
        """The same of all that follows a statement in its block."""
        found = self._within(name, self._end[statement], self._end[self.block(statement)[-1]])
        return sorted(found, key=_position)

    def _within(self, name: str, start: int, end: int) -> list[ast.expr]:
        places = self._places.get(name, [])
        return self._mentions.get(name, [])[bisect_left(places, start) : bisect_left(places, end)]

    def is_shared(self, scope: ast.AST, name: str) -> bool:
        """Whether a function in a scope says that a name is not its own."""
        start, end = self._number[scope], self._end[scope]
        return any(name in one.names and start <= self._number[one] < end for one in self._shared)

    def _adds(self, function: ast.FunctionDef) -> bool:
        given = {f"{one.arg}.add" for one in function.args.args}
        return any(self._within(name, self._number[function], self._end[function]) for name in given)

    def binds(self, scope: ast.AST, name: str) -> bool:
        """Whether a function has a variable of this name for itself."""
        if scope not in self._own:
            self._own[scope] = _bound(scope)
        return name in self._own[scope]


def key(node: ast.expr) -> str | None:
    """What stands for the same variable or attribute: "model", "self.model"; None: it is neither."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return None


def _is_outside(scope: ast.AST, within: ast.AST, below: ast.AST) -> bool:
    """Whether a child of a scope (and the child of that) is worked out around it: what a comprehension walks first,
    decorators, defaults."""
    if isinstance(scope, COMPREHENSIONS):
        return within is scope.generators[0] and below is scope.generators[0].iter
    return within is not scope.body if isinstance(scope, ast.Lambda) else not isinstance(within, ast.stmt)


def _position(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _bound(scope: ast.AST) -> frozenset[str]:
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return frozenset()
    arguments = scope.args
    given = {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    nodes = list(ast.walk(scope))
    shared = {one for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal)) for one in node.names}
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return frozenset(given | (stored - shared))
