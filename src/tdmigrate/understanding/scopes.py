"""The scopes of a module and what each binds: the statements alone, read once, before any flow is followed.

Only names that a Keras import may reach, straight or through plain aliases, are kept; no other name is of interest.
"""

from __future__ import annotations

import ast
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from tdmigrate.keras1.versions import Versions
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.facts import Binding, Symbol
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.neighbours import Star, owns_keras
from tdmigrate.understanding.paths import below, of_keras2

Position = tuple[int, int]  # row from 1, column in bytes from 0, as ast counts


class Definition(NamedTuple):
    """One thing a name may be bound to: a legacy symbol, or whatever ``value`` is; neither: something else."""

    symbol: Symbol | None = None
    value: ast.expr | None = None


Definitions = tuple[Definition, ...]

OTHER = Definition()  # something that is not Keras's, or not known to be
UNSET = Definition(value=ast.Constant(value=None))  # not bound: a program that worked did not read it


class Moment(NamedTuple):
    """When a function was made: the step of the run, and the place from which on its scope may still change."""

    step: int
    position: Position


class Scope:
    """A module, function, class, lambda or comprehension: what it binds, and what is known of it while it runs."""

    def __init__(self, kind: str, parent: Scope | None, name: str = "", end: Position = (0, 0)) -> None:
        self.kind = kind
        self.parent = parent
        self.name = name  # qualified: "Model.build"
        self.end = end
        self.inline = kind in ("class", "comprehension")  # runs where it stands, not when it is called
        self.parameters: tuple[str, ...] = ()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.places: list[tuple[Position, str, Definition]] = []  # every binding, in order of place
        self.by_name: dict[str, list[tuple[Position, Definition]]] = {}  # the same, name by name
        self.stars: list[Star] = []
        self.foreign: dict[str, Definitions] = {}  # bound from inner scopes by global or nonlocal
        self.state: dict[str, Definitions] = {}
        self.history: dict[str, list[tuple[int, Definitions]]] = {}
        self.outer: dict[str, Definitions] = {}  # names of enclosing scopes as this one sees them
        self.born = Moment(0, (0, 0))

    def between(self, start: Position, end: Position) -> Sequence[tuple[Position, str, Definition]]:
        """The bindings that stand in a piece of source."""
        return self.places[bisect_left(self.places, start, key=_place) : bisect_left(self.places, end, key=_place)]

    def since(self, start: Position, name: str, most: int) -> list[Definition]:
        """The bindings of a name from a place on, the first ``most`` of them."""
        bound = self.by_name.get(name, [])
        index = bisect_left(bound, start, key=_place)
        return [definition for _, definition in bound[index : index + most]]


def _place(binding: tuple[Position, str, Definition] | tuple[Position, Definition]) -> Position:
    return binding[0]


Placed = ast.stmt | ast.expr | ast.alias | ast.arg | ast.excepthandler | ast.keyword | ast.pattern


def start_of(node: Placed) -> Position:
    return (node.lineno, node.col_offset)


def end_of(node: Placed) -> Position:
    return (cast(int, node.end_lineno), cast(int, node.end_col_offset))


def literal_getattr(node: ast.expr) -> tuple[ast.expr, str] | None:
    """The object and the name of ``getattr(object, "name")``, with no default or None."""
    if (
        type(node) is ast.Call
        and type(node.func) is ast.Name
        and node.func.id == "getattr"
        and not node.keywords
        and (len(node.args) == 2 or (len(node.args) == 3 and is_none(node.args[2])))
        and isinstance(name := node.args[1], ast.Constant)
        and isinstance(name.value, str)
    ):
        return node.args[0], name.value
    return None


def is_none(node: ast.expr) -> bool:
    return type(node) is ast.Constant and node.value is None


def chain(node: ast.expr) -> tuple[ast.Name, tuple[str, ...]] | None:
    """The name at the root of ``a.b.c`` and the attributes, outermost last; a literal getattr is an attribute too."""
    attributes: list[str] = []
    while True:
        if type(node) is ast.Name:
            return node, tuple(reversed(attributes))
        if type(node) is ast.Attribute:
            attributes.append(node.attr)
            node = node.value
        elif (got := literal_getattr(node)) is not None:
            node = got[0]
            attributes.append(got[1])
        else:
            return None


def alternatives(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may evaluate to, through conditional expressions."""
    pending = [node]
    while pending:
        node = pending.pop()
        if type(node) is ast.IfExp:
            pending += (node.orelse, node.body)
        elif type(node) is ast.NamedExpr:
            pending.append(node.value)
        else:
            yield node


def _definition(value: ast.expr | None) -> Definition:
    kind = type(value)
    if kind is ast.Name or kind is ast.Attribute or kind is ast.IfExp or kind is ast.NamedExpr:
        return Definition(value=value)
    if value is not None and (is_none(value) or literal_getattr(value)):
        return Definition(value=value)
    return OTHER


def parameters(arguments: ast.arguments) -> tuple[str, ...]:
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    found += [arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None]
    return tuple(arg.arg for arg in found)


def captures(pattern: ast.pattern) -> Iterator[str]:
    """Names that a match pattern binds."""
    for node in ast.walk(pattern):
        name = node.rest if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if isinstance(name, str):
            yield name


def targets(target: ast.expr) -> Iterator[ast.expr]:
    """The single targets of an assignment target."""
    pending = [target]
    while pending:
        target = pending.pop()
        if isinstance(target, (ast.Tuple, ast.List)):
            pending += reversed(target.elts)
        elif isinstance(target, ast.Starred):
            pending.append(target.value)
        else:
            yield target


class _Event(NamedTuple):
    scope: Scope
    position: Position
    name: str
    definition: Definition


_TRY = tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name))


class Scan:
    """The scopes of a module, the Keras imports in it, and the names worth following."""

    def __init__(self, module: Module, versions: Versions, keras2: bool = False) -> None:
        """``keras2``: the source may be for Keras 2, so that tensorflow.keras is Keras, too."""
        self.root = Scope("module", None, end=(sys.maxsize, 0))
        self.scopes: dict[ast.AST, Scope] = {module.tree: self.root}
        self.regions: list[tuple[Position, Scope]] = []  # where the bodies of functions and classes begin
        self.bindings: tuple[Binding, ...] = ()
        self.definitions: dict[ast.AST, Definition] = {}  # of a target name or an import's alias
        self.starred: dict[ast.alias, dict[str, Definition]] = {}  # what a Keras star import brings
        self.stars: dict[ast.alias, Star] = {}  # the other star imports
        self.exported: set[str] = set()
        self.exports_open = False  # __all__ holds more than the source tells
        self.tracked: frozenset[str] = frozenset()
        self._module = module
        self._versions = versions
        self._keras2 = keras2
        self._words: frozenset[str] | None = None
        self._events: list[_Event] = []
        self._found: list[tuple[Position, Binding]] = []
        self._blocks: list[tuple[Scope, Sequence[ast.stmt]]] = [(self.root, module.tree.body)]
        while self._blocks:
            scope, body = self._blocks.pop()
            for statement in body:
                self._statement(scope, statement)
        self.regions.sort(key=lambda region: region[0])
        if self._found and not owns_keras(module.path):
            self._found.sort(key=lambda found: found[0])
            self.bindings = tuple(binding for _, binding in self._found)
            if ":=" in module.text:
                self._walruses()
            self._keep()

    def enclosing(self, position: Position) -> Scope:
        """The innermost function, class or module whose body holds a place."""
        index = bisect_left(self.regions, (position[0], position[1] + 1), key=lambda region: region[0])
        scope = self.regions[index - 1][1] if index else self.root
        while scope.parent is not None and scope.end <= position:
            scope = scope.parent
        return scope

    def _statement(self, scope: Scope, node: ast.stmt) -> None:
        if isinstance(node, ast.Expr):
            self._extends_all(scope, node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(scope, target, node.value)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self._bind(scope, start_of(node), node.name)
            name = f"{scope.name}.{node.name}" if scope.name else node.name
            inner = Scope("class" if isinstance(node, ast.ClassDef) else "function", scope, name, end_of(node))
            if not isinstance(node, ast.ClassDef):
                inner.parameters = parameters(node.args)
            inner.parameters += tuple(parameter.name for parameter in getattr(node, "type_params", ()))
            self.scopes[node] = inner
            first = node.body[0]
            begin = [start_of(first), *map(start_of, getattr(first, "decorator_list", ()))]
            self.regions.append((min(begin), inner))
            self._blocks.append((inner, node.body))
        elif isinstance(node, ast.Import):
            self._import(scope, node)
        elif isinstance(node, ast.ImportFrom):
            self._import_from(scope, node)
        elif isinstance(node, ast.If):
            self._blocks += ((scope, node.body), (scope, node.orelse))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._assign(scope, node.target, None)
            self._blocks += ((scope, node.body), (scope, node.orelse))
        elif isinstance(node, ast.While):
            self._blocks += ((scope, node.body), (scope, node.orelse))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    self._assign(scope, item.optional_vars, None)
            self._blocks.append((scope, node.body))
        elif isinstance(node, _TRY):
            attempt = cast(ast.Try, node)
            for handler in attempt.handlers:
                if handler.name is not None:
                    self._bind(scope, start_of(handler), handler.name)
                self._blocks.append((scope, handler.body))
            self._blocks += ((scope, attempt.body), (scope, attempt.orelse), (scope, attempt.finalbody))
        elif isinstance(node, ast.AugAssign):
            self._assign(scope, node.target, None)
            if isinstance(node.target, ast.Name) and node.target.id == "__all__":
                self._exports(scope, node.value)
        elif isinstance(node, ast.AnnAssign):
            self._assign(scope, node.target, node.value)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self._assign(scope, target, UNSET.value)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                for name in captures(case.pattern):
                    self._bind(scope, start_of(case.pattern), name)
                self._blocks.append((scope, case.body))
        elif isinstance(node, ast.Global):
            scope.globals.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocals.update(node.names)
        elif isinstance(alias := getattr(node, "name", None), ast.Name):  # of a type
            self._assign(scope, alias, None)

    def _bind(self, scope: Scope, position: Position, name: str, definition: Definition = OTHER) -> None:
        self._events.append(_Event(scope, position, name, definition))

    def _assign(self, scope: Scope, target: ast.expr, value: ast.expr | None) -> None:
        pending: list[tuple[ast.expr, ast.expr | None]] = [(target, value)]
        while pending:
            target, value = pending.pop()
            if type(target) is ast.Name:
                definition = _definition(value)
                if definition is not OTHER:
                    self.definitions[target] = definition
                self._bind(scope, start_of(target), target.id, definition)
                if target.id == "__all__" and value is not None:
                    self._exports(scope, value)
            elif isinstance(target, (ast.Tuple, ast.List)):
                pending += zip(target.elts, _members(target, value), strict=True)
            elif isinstance(target, ast.Starred):
                pending.append((target.value, None))

    def _import(self, scope: Scope, node: ast.Import) -> None:
        for index, alias in enumerate(node.names):
            local = alias.asname or alias.name.partition(".")[0]
            path = self._path(alias.name)
            if path is None and alias.asname is None:
                path = self._path(local)  # `import tensorflow.compat` gives tensorflow.keras as well
            if path is not None:
                self._legacy(scope, alias, Binding(node, index, local, path), local, path if alias.asname else local)
            else:
                self._bind(scope, start_of(alias), local)

    def _import_from(self, scope: Scope, node: ast.ImportFrom) -> None:
        module = node.module or ""
        home = None if node.level else self._path(module)
        for index, alias in enumerate(node.names):
            if alias.name == "*":
                if home is not None and below(home, "keras"):
                    self._star(scope, alias, Binding(node, index, "*", home))
                else:
                    star = self.stars[alias] = Star(start_of(alias), module, node.level, self._module.path)
                    scope.stars.append(star)
                continue
            path = self._path(f"{module}.{alias.name}") if home is not None else None
            local = alias.asname or alias.name
            if path is not None:
                self._legacy(scope, alias, Binding(node, index, local, path), local, path)
            else:
                self._bind(scope, start_of(alias), local)

    def _path(self, path: str) -> str | None:
        """The path in Keras of a module or name that the source imports; None: it is none of Keras's."""
        if self._keras2:
            return of_keras2(path)
        return path if below(path, "keras") else None

    def _legacy(self, scope: Scope, alias: ast.alias, binding: Binding, local: str, path: str) -> None:
        definition = Definition(Symbol(path, binding))
        self._found.append((start_of(alias), binding))
        self.definitions[alias] = definition
        self._bind(scope, start_of(alias), local, definition)

    def _star(self, scope: Scope, alias: ast.alias, binding: Binding) -> None:
        from tdmigrate.keras1 import registry

        if self._words is None:
            self._words = frozenset(re.findall(r"\w+", self._module.text))
        self._found.append((start_of(alias), binding))
        brought = self.starred[alias] = {}
        exported = registry.exports(binding.path, self._versions)
        if self._keras2:
            from tdmigrate.keras2.registry import exports

            exported = (exported - {"K"}) | exports(binding.path)  # it is keras.backend, imported as that or not
        for name in sorted(exported & self._words):
            brought[name] = Definition(Symbol(f"{binding.path}.{name}", binding))
            self._bind(scope, start_of(alias), name, brought[name])

    def _extends_all(self, scope: Scope, node: ast.expr) -> None:
        """``__all__.append("name")`` and ``__all__.extend([...])``."""
        if (
            isinstance(node, ast.Call)
            and isinstance(method := node.func, ast.Attribute)
            and isinstance(method.value, ast.Name)
            and method.value.id == "__all__"
        ):
            for argument in node.args:
                self._exports(scope, argument)

    def _exports(self, scope: Scope, value: ast.expr) -> None:
        if scope is not self.root:
            return
        pending: list[ast.expr] = [value]
        while pending:
            node = pending.pop()
            if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
                pending += node.elts
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                pending += (node.left, node.right)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self.exported.add(node.value)
            elif not (isinstance(node, ast.Name) and node.id == "__all__"):
                self.exports_open = True

    def _walruses(self) -> None:
        for node in self._module.nodes:
            if isinstance(node, ast.NamedExpr):
                self._assign(self.enclosing(start_of(node)), node.target, node.value)

    def _keep(self) -> None:
        """Keep the names that an import or an alias of it may reach."""
        aliases: dict[str, set[str]] = {}
        pending: list[str] = []
        for event in self._events:
            if event.definition.symbol is not None:
                pending.append(event.name)
            elif event.definition.value is not None:
                for value in alternatives(event.definition.value):
                    if (found := chain(value)) is not None:
                        aliases.setdefault(found[0].id, set()).add(event.name)
        tracked: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in tracked:
                tracked.add(name)
                pending += aliases.get(name, ())
        self.tracked = frozenset(tracked)
        foreign: dict[tuple[Scope, str], list[Definition]] = {}
        for scope, position, name, definition in self._events:
            if name in tracked:
                scope.places.append((position, name, definition))
                owner = self._owner(scope, name)
                if owner is not scope:
                    foreign.setdefault((owner, name), []).append(definition)
        for (owner, name), definitions in foreign.items():
            owner.foreign[name] = tuple(dict.fromkeys(definitions))
        for scope in self.scopes.values():
            scope.places.sort(key=_place)
            for position, name, definition in scope.places:
                scope.by_name.setdefault(name, []).append((position, definition))

    def _owner(self, scope: Scope, name: str) -> Scope:
        if name in scope.globals:
            return self.root
        if name not in scope.nonlocals:
            return scope
        owner: Scope | None = scope.parent
        while owner is not None and (owner.kind != "function" or name in owner.nonlocals):
            owner = owner.parent
        return owner or self.root


def _members(target: ast.Tuple | ast.List, value: ast.expr | None) -> Iterable[ast.expr | None]:
    """The value of each element of a tuple target, where the source pairs them."""
    if (
        isinstance(value, (ast.Tuple, ast.List))
        and len(value.elts) == len(target.elts)
        and not any(isinstance(element, ast.Starred) for element in (*target.elts, *value.elts))
    ):
        return value.elts
    return [None] * len(target.elts)
