"""What a module gives those that import it, told from an abstract run of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from tdmigrate.keras1.versions import ALL
from tdmigrate.understanding.containers import model_kind
from tdmigrate.understanding.elsewhere import WITHIN
from tdmigrate.understanding.joins import join_all, join_values
from tdmigrate.understanding.layers import Given
from tdmigrate.understanding.models import Roots
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import (
    CELLS,
    CONTAINERS,
    ClassValue,
    Const,
    DictCell,
    Elsewhere,
    Func,
    InstanceCell,
    Item,
    ListCell,
    Method,
    ModelCell,
    Partial,
    Ref,
    SomeDict,
    SomeModel,
    Stream,
    TupleValue,
    Value,
    alternatives,
    list_members,
)

DEPTH = 4  # of functions that give objects whose methods give objects …
MOST = 8  # members of a list or dict that are told apart


def given(module: Module) -> Elsewhere | None:
    """What importing the module gives; None: nothing."""
    return _Giving(module, Names(module, ALL), ALL, module.nodes).whole()


class _Giving(Roots):
    """Runs a module, then each of its functions and classes, and takes note of what comes out."""

    def whole(self) -> Elsewhere | None:
        self._guarded(self.module.tree, lambda: self.execute(self.module.tree.body))
        self.dead = False
        if self._broken:
            return None
        self._bound_later: dict[str, Value] = {}  # variables of the module that its functions bind to models
        found: dict[str, Value] = {}
        for _, name in self.store.keys_of(self.base.address):
            content = self.store.get((self.base.address, name))
            if name and content is not None and not isinstance(content, CELLS):
                value = self._told(content, f"{self.module.path}{WITHIN}{name}", 0)
                if value is not None:
                    found[name] = value
        for name, value in self._bound_later.items():
            found[name] = join_values(found[name], value) if name in found else value
        return Elsewhere(self.module.path, UNKNOWN, tuple(found.items())) if found else None

    def _told(self, value: Value, path: str, depth: int) -> Value | None:
        """A value as another module sees it; None: nothing that leads to a model."""
        if depth > DEPTH:
            return None
        found: list[Value] = []
        known = True
        for one in alternatives(value):
            told = self._of_value(one, path, depth)
            if told is not None:
                found.append(told)
            elif not (isinstance(one, Const) and one.value is None):  # None has no methods
                known = False
        if not found:
            return None
        return join_all(found) if known else join_values(join_all(found), UNKNOWN)

    def _of_value(self, value: Value, path: str, depth: int) -> Value | None:
        if isinstance(value, Elsewhere):
            return value if value.base is None else value._replace(base=self._told(value.base, path, depth))
        if isinstance(value, TupleValue):
            return self._of_members([item.value for item in value.items], path, depth)
        if isinstance(value, Func):
            return self._of_function(value, (), path, depth)
        if isinstance(value, Method):
            return self._of_function(value.function, (value.receiver,), path, depth)
        if isinstance(value, Partial):
            return self._told(value.function, path, depth)
        if isinstance(value, ClassValue):
            return self._of_class(value, path, depth)
        cell = self.cell(value)
        if isinstance(cell, CONTAINERS):
            sure = isinstance(cell, ModelCell) or cell.node is not None or cell.known
            return SomeModel(model_kind(cell)) if sure else None
        if isinstance(cell, ListCell):
            members = list_members(cell)
            if cell.items is not None and len(members) <= MOST:
                return self._of_members(members, path, depth)
            member = self._told(join_all(members), path, depth + 1)
            return Stream(member, member, False) if member is not None else None
        if isinstance(cell, DictCell):
            told = ((one.key, self._told(one.value, f"{path}[{one.key!r}]", depth + 1)) for one in cell.entries[:MOST])
            entries = tuple((key, one) for key, one in told if one is not None)
            changes = path.rpartition(WITHIN)[2] in self._changed
            return SomeDict(entries, cell.open or changes or len(entries) < len(cell.entries)) if entries else None
        if isinstance(cell, InstanceCell) and isinstance(value, Ref):
            return self._of_instance(value, cell, path, depth)
        return None

    def _of_members(self, values: Iterable[Value], path: str, depth: int) -> TupleValue | None:
        told = [self._told(one, f"{path}[{index}]", depth + 1) for index, one in enumerate(values)]
        if all(one is None for one in told):
            return None
        return TupleValue(tuple(Item(UNKNOWN if one is None else one) for one in told))

    def _of_function(self, function: Func, leading: tuple[Value, ...], path: str, depth: int) -> Elsewhere:
        """A function; what it gives is not looked at where it is too deep."""
        results: list[Value] = []

        def run() -> None:
            value = self._told(self._run_function(function, leading), f"{path}()", depth + 1)
            if value is not None:
                results.append(value)
            for name in sorted(self._changed):
                content = self.store.get((self.base.address, name))
                if content is not None and not isinstance(content, (*CELLS, Func, ClassValue)):
                    bound = self._told(content, f"{self.module.path}{WITHIN}{name}", DEPTH)
                    if bound is not None:
                        known = self._bound_later.get(name)
                        self._bound_later[name] = bound if known is None else join_values(known, bound)

        self._run_aside_of(function.node, run)
        return Elsewhere(path, join_all(results), ())

    def _run_aside_of(self, node: ast.AST, run: Callable[[], None]) -> None:
        def whole() -> None:
            self._guarded(node, run)
            self.dead = False

        self.branch(whole)

    def _of_class(self, owner: ClassValue, path: str, depth: int) -> Elsewhere:
        made: list[Value] = []
        shared: list[tuple[str, Value]] = []

        def run() -> None:
            call = ast.Call(func=ast.Name(owner.node.name, ast.Load()), args=[], keywords=[])
            ast.copy_location(call, owner.node)
            self.made_up.add(call)
            ref = self.instantiate(owner, Given(call, call, {}, (), (), None, None, True))
            self.dead = False
            value = self._told(ref, f"{path}()", depth + 1)
            if value is not None:
                made.append(value)
            for method in self._methods(owner):
                if method.kind in ("static", "class"):
                    leading: tuple[Value, ...] = (owner,) if method.kind == "class" else ()
                    name = self._name_of(method)
                    shared.append((name, self._of_function(method, leading, f"{path}.{name}", depth + 1)))

        self._run_aside_of(owner.node, run)
        return Elsewhere(path, join_all(made), tuple(shared))

    def _of_instance(self, ref: Ref, cell: InstanceCell, path: str, depth: int) -> Elsewhere:
        """An object with its methods, and the attributes that any of them gives it."""
        methods = self._methods(cell.owner)
        found: dict[str, Value] = {}
        base = self._told(cell.model, path, depth) if cell.model is not None else None

        def run() -> None:
            plain = [one for one in methods if one.kind not in ("static", "class")]
            for method in plain:
                self.store.cover([self._written_by(method, (ref,))])
            for _, name in self.store.keys_of(ref.address):
                content = self.store.get((ref.address, name))
                if name and content is not None and not isinstance(content, CELLS):
                    value = self._told(content, f"{path}.{name}", depth + 1)
                    if value is not None:
                        found[name] = value
            for method in methods:
                name = self._name_of(method)
                leading: tuple[Value, ...] = () if method.kind == "static" else (ref,)
                if method.kind == "class":
                    leading = (cell.owner,)
                told = self._of_function(method, leading, f"{path}.{name}", depth + 1)
                found[name] = told.returns if method.kind == "property" else told

        if depth < DEPTH:
            self._run_aside_of(cell.owner.node, run)
        return Elsewhere(path, UNKNOWN, tuple(found.items()), base)
