"""What the checks of a converted source share: whose a name is, where its value comes from, how a finding is made."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Final

from tdmigrate.findings import Applicability, Edit, Evidence, Finding, Fix, Import, Severity, Span
from tdmigrate.understanding.binders import binders
from tdmigrate.understanding.module import Module

LISTS, ORDER, FILES, GONE, CHANCE = "P203", "P204", "P205", "P207", "P208"
HEAD: Final = "from keras.models import Sequential\n\nmodel = Sequential()\n"  # of the examples

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES: Final = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef)

Place = tuple[int, int]

_MOST: Final = 20  # bindings that are looked at, back from a place


class Source:
    """A module that was Python 2, and its names."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.nodes = module.nodes
        self.parents = module.parents
        self.bound: dict[str, list[ast.AST]] = {}
        self._local: dict[ast.AST, dict[str, list[ast.AST]]] = {}  # scope → name → what binds it there
        # function and "self.f", or "self.f" alone → where it is given a value
        self._attributes: dict[tuple[ast.AST, str], list[ast.AST]] = {}
        self._everywhere: dict[str, list[ast.AST]] = {}
        # of a name, by which of its scopes: the module or name that it is imported as, and its bindings in order
        self._roots: dict[tuple[str, int], str] = {}
        self._yields: dict[ast.AST, bool] = {}  # function → whether it does
        self._sorted: dict[tuple[str, int], tuple[set[ast.AST], list[ast.AST]]] = {}
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
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
                name = f"{node.value.id}.{node.attr}"
                self._attributes.setdefault((self.home(node), name), []).append(node)
                self._everywhere.setdefault(name, []).append(node)

    @cached_property
    def methods(self) -> frozenset[str]:
        """Functions that the source defines, methods among them."""
        return frozenset(node.name for node in self.nodes if isinstance(node, ast.FunctionDef))

    @cached_property
    def has_message(self) -> bool:
        """Whether the source gives anything a ``message`` itself."""
        stored = (one for one in self.nodes if isinstance(one, ast.Attribute) and not isinstance(one.ctx, ast.Load))
        return "message" in self.methods or any(one.attr == "message" for one in stored)

    def up(self, node: ast.AST) -> Iterator[ast.AST]:
        above = self.parents.get(node)
        while above is not None:
            yield above
            above = self.parents.get(above)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The scopes that a node stands in, the innermost first; of Python 3, where each comprehension is one."""
        below, within = node, node
        for above in self.up(node):
            if isinstance(above, _SCOPES) and not _is_outside(above, within, below):
                yield above
            below, within = within, above
        yield self.module.tree

    def _home(self, node: ast.AST) -> ast.AST:
        """The scope that a binder binds in."""
        if isinstance(node, ast.arg):
            return next(above for above in self.up(node) if isinstance(above, FUNCTIONS))
        return next(self.scopes(node))

    def home(self, node: ast.AST) -> ast.AST:
        """The function, class or module whose variables Python 2 kept a node's names among."""
        return next(one for one in self.scopes(node) if not isinstance(one, COMPREHENSIONS))

    def binds(self, scope: ast.AST, name: str) -> list[ast.AST]:
        return self._local.get(scope, {}).get(name, [])

    def bindings(self, node: ast.AST, name: str) -> list[ast.AST]:
        """What binds a name as it is seen from a node, in the one scope it is of."""
        for number, scope in enumerate(self.scopes(node)):
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
        key = (node.id, id(found))
        if key not in self._roots:
            roots = {self._imported(one, node.id) for one in found}
            self._roots[key] = roots.pop() if len(roots) == 1 else ""
        root = self._roots[key]
        if not root:
            return ""
        return ".".join((root, *reversed(parts)))

    def _imported(self, binder: ast.AST, name: str) -> str:
        statement = self.parents.get(binder)
        if not isinstance(binder, ast.alias):
            return ""
        if isinstance(statement, ast.ImportFrom):
            return "" if statement.level else f"{statement.module}.{binder.name}"
        return binder.name if binder.asname else name

    def module_text(self, node: ast.AST) -> str:
        """What is written before the last dot."""
        return self.module.segment(node.value) if isinstance(node, ast.Attribute) else ""

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

    def elements(self, node: ast.expr) -> ast.expr | None:
        """What the loop or comprehension walks whose variable this is."""
        found = self._before(node)
        if len(found) != 1:
            return None
        above = self.parents.get(found[0])
        if isinstance(above, (ast.For, ast.comprehension)) and above.target is found[0]:
            return above.iter
        return None

    def _before(self, node: ast.expr) -> list[ast.AST]:
        """The bindings that reach a place, as far as blocks tell: back to the first that surely lies on the way."""
        if isinstance(node, ast.Name):
            name, every = node.id, self.bindings(node, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            every = self._attributes.get((self.home(node), name)) or self._everywhere.get(name, [])
        else:
            return []
        if len(every) == 1:
            return [*every]
        homes, ordered = self._ordered(name, every)
        if not homes <= {self.home(node), next(self.scopes(node))}:
            return []
        chain = {id(node), *map(id, self.up(node))}
        found = []
        behind = bisect_right(ordered, start(node), key=self.ended)
        for one in reversed(ordered[max(behind - _MOST, 0) : behind]):
            if self.is_either(one, node):
                continue
            found.append(one)
            statement = self.statement(one)
            if id(self.parents.get(statement)) in chain or id(statement) in chain:
                return found
        return found if behind <= _MOST else []

    def _ordered(self, name: str, every: list[ast.AST]) -> tuple[set[ast.AST], list[ast.AST]]:
        """Where bindings of one name stand, and they themselves by where they are done."""
        key = (name, id(every))
        if key not in self._sorted:
            homes = {next(self.scopes(one)) for one in every if not isinstance(one, ast.arg)}
            self._sorted[key] = homes, sorted(every, key=self.ended)
        return self._sorted[key]

    def unpacked(self, node: ast.expr) -> tuple[ast.expr, int] | None:
        """Of a variable that is one of several that a value is unpacked into: the value, and which one it is."""
        found = self._before(node)
        above = self.parents.get(found[0]) if len(found) == 1 else None
        statement = self.parents.get(above) if isinstance(above, (ast.Tuple, ast.List)) else None
        if isinstance(statement, ast.Assign) and isinstance(above, (ast.Tuple, ast.List)):
            return statement.value, [one is found[0] for one in above.elts].index(True)
        return None

    def is_for_both(self, node: ast.AST) -> bool:
        """Whether a condition around a node asks which Python it is."""
        return any(self.is_asked_for(node, word) for word in ("PY2", "PY3", "version_info"))

    @cached_property
    def starred(self) -> tuple[str, ...]:
        """Modules of which all names are imported."""
        found = (node for node in self.nodes if isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
        return tuple(node.module or "" for node in found)

    def _value(self, binder: ast.AST) -> ast.expr | None:
        above = self.parents.get(binder)
        if isinstance(above, ast.Assign):
            return above.value
        return above.context_expr if isinstance(above, ast.withitem) else None

    def statement(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.stmt):
            return node
        return next((one for one in self.up(node) if isinstance(one, ast.stmt)), node)

    def ended(self, binder: ast.AST) -> Place:
        """Where a binding is done."""
        statement = self.statement(binder)
        if isinstance(binder, ast.arg):
            return start(statement)
        above = self.parents.get(binder)
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            return end(statement.iter)
        if isinstance(above, ast.ExceptHandler) or isinstance(binder, ast.ExceptHandler):
            return start(binder)
        return end(binder) if isinstance(statement, (ast.With, ast.AsyncWith)) else end(statement)

    def is_either(self, one: ast.AST, other: ast.AST) -> bool:
        """Whether two nodes stand in branches of which one alone runs."""
        there = dict(_branches(self.parents, other))
        return any(there.get(at, branch) != branch for at, branch in _branches(self.parents, one))

    def generator(self, node: ast.AST) -> ast.FunctionDef | None:
        """The function around a node, if it yields."""
        function = self.home(node)
        if not isinstance(function, ast.FunctionDef):
            return None
        if function not in self._yields:
            yields = (one for one in ast.walk(function) if isinstance(one, (ast.Yield, ast.YieldFrom)))
            self._yields[function] = any(self.home(one) is function for one in yields)
        return function if self._yields[function] else None

    def is_bound_within(self, node: ast.Name, block: ast.AST) -> bool:
        """Whether what a name is of is given another value inside a statement."""
        _, ordered = self._ordered(node.id, self.bindings(node, node.id))
        place = bisect_right(ordered, start(block), key=self.ended)
        while place < len(ordered) and self.ended(ordered[place]) <= end(block):
            if ordered[place] is not block:
                return True
            place += 1
        return False

    def is_guarded(self, node: ast.AST, *names: str) -> bool:
        """Whether a ``try`` that a node stands in catches one of these."""
        return any(_catches(one, names) for one, inside in self._tries(node) if inside)

    def is_instead(self, node: ast.AST, *names: str) -> bool:
        """Whether it is guarded, or stands in for what is."""
        return any(_catches(one, names) for one, _ in self._tries(node))

    def _tries(self, node: ast.AST) -> Iterator[tuple[ast.Try, bool]]:
        """Every ``try`` around a node, and whether it catches what the node raises."""
        for above in self.up(node):
            if isinstance(above, ast.Try):
                yield above, _holds(above.body, node)
            node = above

    def is_asked_for(self, node: ast.AST, word: str) -> bool:
        """Whether a condition around a node asks for this word, as ``hasattr(x, "decode")`` does."""
        tests = (one.test for one in self.up(node) if isinstance(one, (ast.If, ast.IfExp)))
        beside = (one for one in self.up(node) if isinstance(one, ast.BoolOp))
        return any(
            word in (getattr(one, "value", None), getattr(one, "id", None), getattr(one, "attr", None))
            for test in (*tests, *beside)
            for one in ast.walk(test)
        )

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> Span:
        return self.module.span(node)

    def one(
        self,
        code: str,
        node: ast.expr | ast.stmt,
        message: str,
        edit: Edit | None = None,
        imports: tuple[Import, ...] = (),
        severity: Severity = Severity.ERROR,
        evidence: tuple[Evidence, ...] = (),
    ) -> Finding:
        fix = None if edit is None else Fix(Applicability.SAFE, (edit,), imports)
        return Finding(code, severity, self.span(node), message, evidence=evidence, fix=fix)


def _catches(tried: ast.Try, names: Collection[str]) -> bool:
    for handler in tried.handlers:
        caught = ast.walk(handler.type) if handler.type is not None else ()
        if handler.type is None or any(isinstance(one, ast.Name) and one.id in names for one in caught):
            return True
    return False


def start(node: ast.AST) -> Place:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def end(node: ast.AST) -> Place:
    return getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0)


def _is_outside(scope: ast.AST, within: ast.AST, below: ast.AST) -> bool:
    """Whether a child of a scope (and the child of that) is worked out around it: what a comprehension walks first,
    decorators, defaults."""
    if isinstance(scope, COMPREHENSIONS):
        return within is scope.generators[0] and below is scope.generators[0].iter
    return within is not scope.body if isinstance(scope, ast.Lambda) else not isinstance(within, ast.stmt)


def _branches(parents: Mapping[ast.AST, ast.AST], node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Of each ``if`` and ``try`` around a node: the branch it stands in."""
    above = parents.get(node)
    while above is not None:
        if isinstance(above, (ast.If, ast.IfExp)):
            if node is not above.test:
                yield above, "else" if node is above.orelse or _holds(above.orelse, node) else "then"
        elif isinstance(above, ast.Try):
            if isinstance(node, ast.ExceptHandler):
                yield above, f"handler {above.handlers.index(node)}"
            elif _holds(above.orelse, node):
                yield above, "no handler"
        node, above = above, parents.get(above)


def _holds(block: object, node: ast.AST) -> bool:
    return isinstance(block, list) and any(one is node for one in block)
