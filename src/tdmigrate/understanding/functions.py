"""Functions and classes of the source in the abstract run."""

from __future__ import annotations

import ast
from abc import abstractmethod
from bisect import insort
from collections.abc import Iterator, Sequence

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function
from tdmigrate.understanding.containers import kind_of
from tdmigrate.understanding.joins import join_all, join_values
from tdmigrate.understanding.layers import Given
from tdmigrate.understanding.machine import LONGEST, Activation
from tdmigrate.understanding.objects import Objects
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import (
    ANY_TENSOR,
    CELLS,
    NONE,
    ClassValue,
    Const,
    ContainerCell,
    DictCell,
    Frame,
    Func,
    GraphCell,
    InstanceCell,
    Item,
    LayerValue,
    Method,
    ModelCell,
    Ref,
    Sym,
    Tensor,
    TupleValue,
    Value,
    alternatives,
    keyword_entries,
)

MOST_FRAMES = 10  # calls of functions within calls


def local_names(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a function binds itself, and those that it declares global."""
    bound: set[str] = set()
    shared: set[str] = set()
    outer: set[str] = set()
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        arguments = node.args
        for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            bound.add(arg.arg)
        bound.update(arg.arg for arg in (arguments.vararg, arguments.kwarg) if arg is not None)
    pending: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(getattr(node, "body", ()))
    while pending:
        part = pending.pop()
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(part.name)
            continue
        if isinstance(part, ast.Lambda):
            continue
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            bound.add(part.id)
        elif isinstance(part, ast.Global):
            shared.update(part.names)
        elif isinstance(part, ast.Nonlocal):
            outer.update(part.names)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            bound.update((alias.asname or alias.name).partition(".")[0] for alias in part.names)
        elif isinstance(part, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and part.name:
            bound.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            bound.add(part.rest)
        pending.extend(ast.iter_child_nodes(part))
    return frozenset(bound - shared - outer), frozenset(shared)


def is_generator(node: ast.AST) -> bool:
    pending: list[ast.AST] = list(getattr(node, "body", ())) if not isinstance(node, ast.Lambda) else [node.body]
    while pending:
        part = pending.pop()
        if isinstance(part, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(part))
    return False


class Functions(Objects):
    """Following calls into the source."""

    @abstractmethod
    def call_container(self, ref: Ref, name: str, given: Given) -> Value:
        ...

    def scope(self, node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
        """``local_names``, once for each function."""
        if node not in self._scopes:
            self._scopes[node] = local_names(node)
        return self._scopes[node]

    def yields(self, node: ast.AST) -> bool:
        if node not in self._generators:
            self._generators[node] = is_generator(node)
        return self._generators[node]

    def call_function(
        self,
        function: Func,
        node: ast.AST,
        positional: Sequence[Value],
        keywords: Sequence[tuple[str, Value]],
        is_open: bool,
    ) -> Value:
        """Run a function of the source on these arguments; what it returns, joined over all its exits."""
        running = sum(1 for one in self.activations if one.function is not None and one.function.node is function.node)
        if function.kind == "opaque" or running > 1 or len(self.activations) > MOST_FRAMES:
            for value in (*positional, *(value for _, value in keywords)):
                self.hand_over(value)
            self.hand_over(function)
            return UNKNOWN
        receiver = positional[0] if positional else None
        if self.recorder.main:
            self.entered.add((function.node, None))
            if function.owner is not None:
                self.entered.add((function.node, self._class_of(receiver)))
            self.run_so_far.append(function.node)
        address = self.intern(node, function.node)
        local, shared = self.scope(function.node)
        saved = (self.frame, self.context, self.statement, self.owner)
        self.store.push()
        activation = Activation(function, receiver, self.store.level - 1)
        self.activations.append(activation)
        self.frame = Frame(address, "function", local, shared, function.frame)
        self.context, self.owner = address, None
        self._bind_parameters(function, node, positional, keywords, is_open)
        value = self._run_body(function)
        self.activations.pop()
        self.frame, self.context, self.statement, self.owner = saved
        ended = not self.dead
        self.dead = False
        branches = [exit_.delta for exit_ in activation.exits]
        values = [exit_.value for exit_ in activation.exits]
        last = self.store.pop()
        if ended:
            branches.append(last)
            values.append(value)
        if branches:
            self.store.merge(branches)
        if isinstance(function.node, ast.AsyncFunctionDef) or self.yields(function.node):
            return UNKNOWN
        return join_all(values)

    def _run_body(self, function: Func) -> Value:
        if isinstance(function.node, ast.Lambda):
            return self.evaluate(function.node.body)
        self.execute(function.node.body)
        return NONE

    def _class_of(self, value: Value | None) -> ast.ClassDef | None:
        for one in alternatives(value) if value is not None else ():
            cell = self.cell(one)
            if isinstance(cell, InstanceCell):
                return cell.owner.node
            if isinstance(one, ClassValue):
                return one.node
        return None

    def _bind_parameters(
        self,
        function: Func,
        node: ast.AST,
        positional: Sequence[Value],
        keywords: Sequence[tuple[str, Value]],
        is_open: bool,
    ) -> None:
        arguments = function.node.args
        names = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)]
        found: dict[str, Value] = dict(zip(names, positional, strict=False))
        named = dict(keywords)
        only = [arg.arg for arg in arguments.kwonlyargs]
        for name in (*names, *only):
            if name in named:
                found[name] = named.pop(name)
        defaults = dict(function.defaults)
        for name in (*names, *only):
            if name not in found:
                default = defaults.get(name, UNKNOWN)
                found[name] = join_values(default, UNKNOWN) if is_open else default
                if isinstance(default, Const) and isinstance(default.value, str):
                    self.by_default.add((self.frame.address, name))
        if arguments.vararg is not None:
            rest = tuple(Item(value) for value in positional[len(names) :])
            found[arguments.vararg.arg] = UNKNOWN if is_open else TupleValue(rest)
        if arguments.kwarg is not None:
            entries = keyword_entries(node, named)
            found[arguments.kwarg.arg] = self.allocate(arguments.kwarg, DictCell(entries, is_open))
        address = self.frame.address
        for name, value in found.items():
            # a loop that comes by again calls in the same place: a closure made the last time still sees these
            present = self.store.get((address, name))
            if present is not None and not isinstance(present, CELLS):
                value = join_values(present, value)
            self.store.put((address, name), value)

    def instantiate(self, owner: ClassValue, given: Given) -> Ref:
        """``Net(...)`` for a class of the source."""
        model: Ref | None = None
        base = self.model_base(owner)
        if base is not None:
            kind = kind_of(base)
            if given.node not in self.made_up:
                self.recorder.model(given.node, kind)
            cell: ContainerCell = self.new_sequential(given.node)
            if kind == "Graph":
                cell = GraphCell(given.node, (), (), (), (), True)
            elif kind == "Model":
                cell = ModelCell(given.node, (ANY_TENSOR,), (ANY_TENSOR,))
            model = self.allocate(given.node, cell, ("model", owner.node))
        ref = self.allocate(given.node, InstanceCell(owner, model), ("instance", owner.node))
        if self.recorder.main:
            instances = self.instances.setdefault(owner.node, {})
            if ref.address not in instances:
                instances[ref.address] = None
                insort(self.made, ref.address)
        init = self.class_attribute(owner, "__init__")
        if isinstance(init, Func):
            self.call_function(init, given.node, (ref, *given.positional), given.keywords, given.open)
        elif model is not None and base is not None:
            self.call_container(model, "__init__", given)
        else:
            for value in given.everything():
                self.store_away(value)
        return ref

    def mro(self, owner: ClassValue) -> Iterator[Value]:
        """The class and what it inherits from, nearest first, whatever is not of the source included."""
        met: set[ast.ClassDef] = set()
        pending: list[Value] = [owner]
        left = LONGEST
        while pending and left:
            value = pending.pop(0)
            if isinstance(value, ClassValue):
                if value.node in met:
                    continue
                met.add(value.node)
                pending[:0] = [one for base in value.bases for one in alternatives(base)]
            left -= 1
            yield value

    def model_base(self, owner: ClassValue) -> Function | None:
        """Keras's own model class that a class inherits from."""
        for value in self.mro(owner):
            if isinstance(value, Sym):
                entry = registry.lookup(value.symbol.path)
                if isinstance(entry, Function) and entry.kind == "model":
                    return entry
        return None

    def class_attribute(self, owner: ClassValue, name: str, beyond: ClassValue | None = None) -> Value | None:
        """What a class has or inherits under a name, among classes of the source; ``beyond``: only after that one."""
        started = beyond is None
        for value in self.mro(owner):
            if not isinstance(value, ClassValue):
                continue
            if started:
                content = self.store.get((value.frame.address, name))
                if content is not None and not isinstance(content, CELLS):
                    return content
            elif beyond is not None and value.node is beyond.node:
                started = True
        return None

    def lambda_output(self, layer: LayerValue, inputs: Sequence[Tensor]) -> Tensor | None:
        function = self.part(layer, "function")
        if not isinstance(function, (Func, Method)) or len(inputs) != 1:
            return None
        leading = (function.receiver,) if isinstance(function, Method) else ()
        called = function.function if isinstance(function, Method) else function
        value = self.call_function(called, layer.node, (*leading, inputs[0]), (), True)
        return value if isinstance(value, Tensor) and value.dims is not None else None
