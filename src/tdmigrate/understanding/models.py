"""The abstract run of model-building code: which layers there are, and what shapes reach them.

The module's own level runs first, then every function and method that nothing in the file calls, with parameters of
which nothing is known. Functions that the file calls are followed at their calls.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Callable, Sequence

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.versions import Versions
from tdmigrate.understanding.calls import bind
from tdmigrate.understanding.facts import Facts, ModelUse
from tdmigrate.understanding.functions import local_names
from tdmigrate.understanding.joins import anything, join_all, join_values
from tdmigrate.understanding.layers import Given
from tdmigrate.understanding.machine import WORK, ExhaustedError
from tdmigrate.understanding.mentions import references, texts
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.record import Trust
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.statements import Statements
from tdmigrate.understanding.store import Delta, Key
from tdmigrate.understanding.values import (
    CELLS,
    ClassValue,
    Func,
    InstanceCell,
    Ref,
    Sym,
    Value,
    alternatives,
)

SHARE = 60_000  # steps of the budget that one root may take, beyond two for each node of the source


def run(module: Module, names: Names, versions: Versions, channels: str | None = None) -> Facts:
    """Everything that a module's code tells of its layers and models; never fails, whatever the source.

    ``channels``: the ordering of layers over images that name none, "th" or "tf"; None: it is not known.
    """
    nodes = module.nodes
    roots = Roots(module, names, versions, nodes)
    roots.channels = channels
    roots.run()
    trusted = roots.trust()
    roots.sweep(nodes)
    recorder = roots.recorder
    sure, unsure = recorder.layer_uses(trusted)
    return Facts(
        layers=tuple(sure),
        functions=tuple(recorder.function_uses(trusted)),
        methods=tuple(recorder.method_uses(trusted)),
        references=references(module, names, recorder),
        texts=texts(module),
        models=_models(recorder.model_records(trusted), module, names, nodes),
        bindings=tuple(names.bindings),
        unused=tuple(names.unused),
        uses=dict(names.uses),
        constants=recorder.constants(trusted),
        attributes=tuple(recorder.attribute_uses(trusted)),
        unsure=tuple(unsure),
    )


class Roots(Statements):
    """Where the run begins, and what is run in which order."""

    def __init__(self, module: Module, names: Names, versions: Versions, nodes: Sequence[ast.AST]) -> None:
        super().__init__(module, names, versions, len(nodes))
        self._called = _called_names(nodes)
        self._share = SHARE + 2 * len(nodes)
        self._broken: set[ast.AST] = set()  # functions, classes or the module that used up what they may
        self._changed: set[str] = set()  # variables that functions change
        self._attributes: frozenset[str] = frozenset()  # attributes that functions change, __init__ aside
        for node in nodes:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name != "__init__":
                names_, attributes = _changes(node)
                self._changed |= names_
                self._attributes |= attributes

    def run(self) -> None:
        self._guarded(self.module.tree, lambda: self.execute(self.module.tree.body))
        self.dead = False
        self.note_models()
        self._follow(self.born)
        self._follow_back()

    def _guarded(self, node: ast.AST, body: Callable[[], None]) -> None:
        """Run with a share of the budget; where that is used up, go back to the state as it was."""
        spare = self.budget - min(self.budget, self._share)
        self.budget -= spare
        work, self.store.work = self.store.work, 0
        saved = self.snapshot()
        before = len(self.run_so_far)
        try:
            body()
        except (ExhaustedError, RecursionError):
            self.restore(saved)
            self._broken.add(node)
            self._broken.update(self.run_so_far[before:])
        self.budget = max(self.budget - self.store.work // WORK, 0) + spare
        self.store.work = work

    def trust(self) -> Trust:
        """Which nodes every run came by to its end: what was seen of the others may not be all."""
        if not self._broken:
            return lambda node: True
        above = self.module.parents

        def trusted(node: ast.AST) -> bool:
            own = True
            inside = above.get(node)
            while inside is not None:
                if inside in self._broken and (own or not isinstance(inside, ast.Module)):
                    return False
                if isinstance(inside, ast.Lambda):
                    return False
                if isinstance(inside, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                    own = False
                    if inside.name in self._called:
                        return False
                inside = above.get(inside)
            return True

        return trusted

    # --- functions and classes that nothing called yet

    def _follow(self, born: Sequence[Func | ClassValue]) -> None:
        """Run what was defined and not entered: first what the file never calls, then what no run got to."""
        for owner in self._living():
            self._run_class(owner)
        if not born:
            return
        self._loosen_all()
        for uncalled in (True, False):
            for one in born:
                if uncalled and self._name_of(one) in self._called:
                    continue
                if isinstance(one, ClassValue):
                    if one.node not in self.instances:
                        self._run_class(one)
                elif not self._entered(one):
                    self._root(one.node, lambda one=one: self._drop_value(self._run_function(one, ())))  # type: ignore[misc]

    def _living(self) -> list[ClassValue]:
        """Classes of which the present root made instances."""
        found: dict[ast.ClassDef, ClassValue] = {}
        for ref in self._young():
            cell = self.cell(ref)
            if isinstance(cell, InstanceCell):
                found[cell.owner.node] = cell.owner
        return list(found.values())

    def _young(self) -> list[Ref]:
        """Instances that the present root made."""
        return [Ref(address) for address in self.made[bisect_right(self.made, self.older) :]]

    def _follow_back(self) -> None:
        """Run functions that were handed to unknown code with unknown arguments, whoever else calls them."""
        done: set[tuple[ast.AST, int]] = set()
        while True:
            waiting = [(key, one) for key, one in self.calling_back.items() if key not in done]
            if not waiting:
                return
            for key, one in waiting:
                done.add(key)
                if one.owner is None:
                    self._root(one.node, lambda one=one: self._drop_value(self._run_function(one, ())))  # type: ignore[misc]

    def _entered(self, one: Func) -> bool:
        return (one.node, None) in self.entered

    @staticmethod
    def _name_of(one: Func | ClassValue) -> str:
        return "" if isinstance(one.node, ast.Lambda) else one.node.name

    def _root(self, node: ast.AST, body: Callable[[], None]) -> None:
        """Run on a copy of the state: one root's effects are no other's business."""
        saved = (self.born, self.older, self.containers)
        self.born, self.older, self.containers = [], len(self._interned), dict(self.containers)

        def whole() -> None:
            self._guarded(node, body)
            self.dead = False
            self.note_models()
            self._follow(self.born)

        self.branch(whole)
        self.born, self.older, self.containers = saved

    def _run_function(self, one: Func, leading: tuple[Value, ...]) -> Value:
        """With nothing known of its parameters: a default is only one thing they can be."""
        plain = one._replace(kind="plain")
        return self.call_function(plain, one.node, leading, (), True)

    def _run_class(self, owner: ClassValue) -> None:
        """Run methods of a class that were not entered yet, on the instances there are or on one made of unknowns."""
        methods = self._methods(owner)
        if owner.node not in self.instances or not all(self._met(method, owner) for method in methods):
            self._root(owner.node, lambda: self._run_methods(owner, methods))

    def _run_methods(self, owner: ClassValue, methods: Sequence[Func]) -> None:
        known: list[Value] = [Ref(address) for address in self.instances.get(owner.node, {})]
        known = [ref for ref in known if self.cell(ref) is not None]
        if known:
            receiver = join_all(known)
        else:
            call = ast.Call(func=ast.Name(owner.node.name, ast.Load()), args=[], keywords=[])
            ast.copy_location(call, owner.node)
            self.made_up.add(call)
            receiver = self.instantiate(owner, Given(call, call, {}, (), (), None, None, True))
            self.dead = False
        changes = {
            method.node: _changes(method.node)[1] for method in methods if self._name_of(method) not in self._called
        }
        for uncalled in (True, False):
            for index, method in enumerate(methods):
                if self._met(method, owner) or (uncalled and self._name_of(method) in self._called):
                    continue
                still = (changes.get(later.node, frozenset()) for later in methods[index + 1 :])
                self._loosen_attributes(receiver, frozenset().union(*still))
                first: tuple[Value, ...] = () if method.kind == "static" else (receiver,)
                if method.kind == "class":
                    first = (owner,)
                self.store.cover([self._written_by(method, first)])

    def _written_by(self, method: Func, leading: tuple[Value, ...]) -> Delta:
        return self.branch(lambda: self._drop_value(self._run_function(method, leading)))[0]

    def _drop_value(self, value: Value) -> None:
        """A branch gives nothing back."""

    def _met(self, method: Func, owner: ClassValue) -> bool:
        return (method.node, owner.node) in self.entered

    def _methods(self, owner: ClassValue) -> list[Func]:
        """Its own and inherited methods, as far as the source has them."""
        found: dict[str, Func] = {}
        for one in self.mro(owner):
            if isinstance(one, ClassValue):
                for _, name in self.store.keys_of(one.frame.address):
                    content = self.class_attribute(one, name)
                    if isinstance(content, Func) and not isinstance(content.node, ast.Lambda):
                        found.setdefault(name, content)
        found.pop("__init__", None)
        return list(found.values())

    def _loosen_attributes(self, receiver: Value, changed: frozenset[str]) -> None:
        """Attributes that code still to come assigns or changes may be anything by then."""
        for one in alternatives(receiver):
            for name in sorted(changed):
                present = self.attribute_of(one, name) if isinstance(one, Ref) else None
                if isinstance(one, Ref) and present is not None:
                    self._loosen_cell((one.address, name), present)

    def _loosen_cell(self, key: Key, present: Value) -> None:
        self.store.put(key, join_values(present, UNKNOWN))
        for one in alternatives(present):
            cell = self.cell(one)
            if isinstance(one, Ref) and cell is not None:
                self.write(one, anything(cell))

    def _loosen_all(self) -> None:
        """Functions run in who knows what order: what they change of the state they share may be anything."""
        for name in sorted(self._changed):
            present = self.store.get((self.base.address, name))
            if present is not None and not isinstance(present, (*CELLS, Func, ClassValue, Sym)):
                self._loosen_cell((self.base.address, name), present)
        for ref in self._young():
            if self.cell(ref) is not None:
                self._loosen_attributes(ref, self._attributes)

    # --- calls that nothing reached

    def sweep(self, nodes: Sequence[ast.AST]) -> None:
        """Take note of every legacy call that no run came by: it is there to be migrated all the same."""
        seen = self.recorder.seen()
        for node in nodes:
            if not isinstance(node, ast.Call) or node in seen:
                continue
            symbol = self.names.resolve(node.func)
            if symbol is None:
                continue
            values = {
                argument: self._constant(argument) if isinstance(argument, ast.Constant) else UNKNOWN
                for argument in (*node.args, *(keyword.value for keyword in node.keywords))
            }
            given = Given(node, node, values, (), (), None, None, True)
            entry = registry.lookup(symbol.path)
            if isinstance(entry, Layer):
                self.make_layer(given, symbol, entry, True)
            else:
                bound = bind(node, entry, self.versions, self.value_of(given)) if entry is not None else None
                self.recorder.function(node, symbol, entry, bound)


def _called_names(nodes: Sequence[ast.AST]) -> frozenset[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                found.add(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                found.add(node.func.attr)
    return frozenset(found)


# methods that change a list, dict or model
CHANGERS = frozenset(
    (
        "add", "add_input", "add_node", "add_shared_node", "append", "clear", "extend", "insert", "pop", "remove",
        "reverse", "setdefault", "sort", "update",
    )
)  # fmt: skip


def _changes(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """The variables that a function changes and does not bind itself; the attributes it assigns or changes."""
    names: set[str] = set()
    attributes: set[str] = set()
    for part in ast.walk(node):
        target: ast.expr | None = None
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in CHANGERS:
            target = part.func.value
        elif isinstance(part, ast.Subscript) and not isinstance(part.ctx, ast.Load):
            target = part.value
        elif isinstance(part, ast.Global):
            names.update(part.names)
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            attributes.add(part.attr)
        if isinstance(target, ast.Name):
            names.add(target.id)
        elif isinstance(target, ast.Attribute):
            attributes.add(target.attr)
    return frozenset(names) - local_names(node)[0], frozenset(attributes)


def _models(
    records: Sequence[tuple[ast.Call, ModelUse]], module: Module, names: Names, nodes: Sequence[ast.AST]
) -> tuple[ModelUse, ...]:
    """With the names and scopes of the models filled in."""
    held: dict[ast.expr, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Attribute)):
            held[node.value] = module.segment(node.targets[0])
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            held[node.value] = module.segment(node.target)
    return tuple(use._replace(name=held.get(node, ""), scope=names.scope_of(node)) for node, use in records)
