"""Which binding reaches which statement: blocks of statements as nodes, with reaching definitions.

A frame is a block that runs as one: the module, a function, a class body. Its nodes know every binding that may hold
when they run. Unknown order (other frames) is answered with every binding there is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from tdmigrate.verification.cutting.statements import (
    BLOCKS,
    Compound,
    Effects,
    FunctionNode,
    effects,
    is_training,
    setting,
    targets_of,
)

MAX_NODES: Final = 20_000  # statements of one source; a model-building file has hundreds
MAX_STEPS: Final = 200_000  # statements walked over for reaching definitions, loops counted each time

Env = dict[str, frozenset["Node"]]


class TooMuchError(Exception):
    """The source is beyond what is worth the work."""


class Node:
    """One statement, or one parameter (``stmt`` None)."""

    __slots__ = (
        "blocks", "bound", "changed", "env", "frame", "inner", "order", "parameter", "parents", "setting", "stmt",
    )  # fmt: skip

    def __init__(
        self, frame: Frame, stmt: ast.stmt | None, parents: tuple[Node, ...], parameter: ast.arg | None = None
    ):
        self.frame = frame
        self.stmt = stmt
        self.parents = parents
        self.parameter = parameter
        self.order = frame.count()
        self.env: Env = {}
        self.blocks: list[tuple[str, list[Node]]] = []
        self.inner: Frame | None = None  # of a function or class
        what = effects(stmt, frame.self_name) if stmt is not None else Effects(frozenset(), {})
        self.bound = frozenset({parameter.arg}) if parameter is not None else what.bound
        self.changed = what.changed if stmt is None or not is_training(stmt) else {}
        self.setting = setting(stmt, frame.self_name)  # of weights, which the slice takes for a change where it can

    @property
    def row(self) -> int:
        if self.parameter is not None:
            return self.parameter.lineno
        return self.stmt.lineno if self.stmt is not None else 1

    @property
    def loops(self) -> tuple[Node, ...]:
        return tuple(p for p in self.parents if isinstance(p.stmt, ast.For | ast.AsyncFor | ast.While))


class Frame:
    """The nodes of one block that runs as one, in source order."""

    def __init__(
        self,
        outer: Frame | None,
        owner: FunctionNode | ast.ClassDef | ast.Module,
        path: frozenset[ast.AST] = frozenset(),
        self_name: str | None = None,
    ) -> None:
        self.outer = outer
        self.owner = owner
        self.path = path
        self.self_name = self_name
        self.counter: list[int] = outer.counter if outer is not None else [0, 0]
        self.nodes: list[Node] = []
        self.parameters: dict[str, Node] = {}
        self.globals: set[str] = set()
        if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef):
            given = owner.args
            every = [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg]
            for arg in every:
                if arg is not None:
                    self.parameters[arg.arg] = Node(self, None, (), arg)
            self.nodes.extend(self.parameters.values())
        self.block = self._block(owner.body, ())
        self.definitions: dict[str, list[Node]] = {}
        for node in self.nodes:
            for name in node.bound:
                self.definitions.setdefault(name, []).append(node)
        _Flow(self).run()

    def count(self) -> int:
        self.counter[0] += 1
        if self.counter[0] > MAX_NODES:
            raise TooMuchError
        return self.counter[0]

    def _block(self, body: Sequence[ast.AST], parents: tuple[Node, ...]) -> list[Node]:
        nodes: list[Node] = []
        for stmt in body:
            if isinstance(stmt, ast.excepthandler | ast.match_case):
                continue
            assert isinstance(stmt, ast.stmt)
            if stmt in self.path and isinstance(stmt, Compound):
                nodes.extend(self._block(self._way_through(stmt), parents))
                continue
            node = Node(self, stmt, parents)
            nodes.append(node)
            self.nodes.append(node)
            if isinstance(stmt, ast.Global | ast.Nonlocal):
                self.globals.update(stmt.names)
            elif isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef):
                node.inner = Frame(self, stmt, self.path, self._self_of(stmt))
            elif isinstance(stmt, ast.ClassDef):
                node.inner = Frame(self, stmt, self.path)
            elif isinstance(stmt, Compound):
                inside = (*parents, node)
                for field in BLOCKS:
                    part = getattr(stmt, field, None)
                    if not part:
                        continue
                    if field in ("handlers", "cases"):
                        for number, holder in enumerate(part):
                            node.blocks.append((f"{field}{number}", self._block(holder.body, inside)))
                    else:
                        node.blocks.append((field, self._block(part, inside)))
        return nodes

    def _self_of(self, function: FunctionNode) -> str | None:
        if not isinstance(self.owner, ast.ClassDef):
            return self.self_name  # a closure in a method sees the method's object
        static = any(
            isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod") for d in function.decorator_list
        )
        leading = [*function.args.posonlyargs, *function.args.args]
        return leading[0].arg if leading and not static else None

    def _way_through(self, stmt: ast.stmt) -> list[ast.stmt]:
        """The statements that ran when the model inside this compound was made: its branch, one round of its loop."""

        def holds(block: Sequence[ast.AST]) -> bool:
            return any(s in self.path for s in block)

        body: list[ast.stmt] = getattr(stmt, "body", [])
        orelse: list[ast.stmt] = getattr(stmt, "orelse", [])
        if isinstance(stmt, ast.Try):
            for handler in stmt.handlers:
                if holds(handler.body):
                    return [*handler.body, *stmt.finalbody]
            return [*body, *orelse, *stmt.finalbody]
        if isinstance(stmt, ast.Match):
            return next((case.body for case in stmt.cases if holds(case.body)), [])
        if isinstance(stmt, ast.For | ast.AsyncFor):
            call = ast.Call(ast.Name("next", ast.Load()), [ast.Call(ast.Name("iter", ast.Load()), [stmt.iter], [])], [])
            bind = ast.Assign([stmt.target], call)
            for made in (bind, call, call.func, call.args[0], call.args[0].func):  # type: ignore[attr-defined]
                ast.copy_location(made, stmt.iter)
            return orelse if holds(orelse) else [bind, *body]
        if isinstance(stmt, ast.With | ast.AsyncWith):
            return body
        return orelse if holds(orelse) else body


class _Flow:
    """Reaching definitions over one frame; a binding may reach wherever some way leads there."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.breaks: list[list[Env]] = []
        self.continues: list[list[Env]] = []

    def run(self) -> None:
        start: Env = {name: frozenset({node}) for name, node in self.frame.parameters.items()}
        self.block(self.frame.block, start)

    def block(self, nodes: Sequence[Node], env: Env | None) -> Env | None:
        for node in nodes:
            if env is None:
                break
            env = self.node(node, env)
        return env

    def node(self, node: Node, env: Env) -> Env | None:
        counter = self.frame.counter
        counter[1] += 1
        if counter[1] > MAX_STEPS:
            raise TooMuchError
        node.env = _join(node.env, env) if node.env else env
        stmt = node.stmt
        if isinstance(stmt, ast.If):
            after = _bind(node, env)
            branches = dict(node.blocks)
            return _join_ways(
                [self.block(branches.get("body", []), after), self.block(branches.get("orelse", []), after)]
            )
        if isinstance(stmt, ast.For | ast.AsyncFor | ast.While):
            return self.loop(node, env)
        if isinstance(stmt, ast.Try):
            return self.attempt(node, env)
        if isinstance(stmt, ast.Match):
            return _join_ways([env, *(self.block(block, _bind(node, env)) for _, block in node.blocks)])
        if isinstance(stmt, ast.With | ast.AsyncWith):
            return self.block(dict(node.blocks).get("body", []), _bind(node, env))
        if isinstance(stmt, ast.Return | ast.Raise):
            return None
        if isinstance(stmt, ast.Break | ast.Continue) and self.breaks:
            (self.breaks if isinstance(stmt, ast.Break) else self.continues)[-1].append(env)
            return None
        return _bind(node, env)

    def loop(self, node: Node, env: Env) -> Env | None:
        blocks = dict(node.blocks)
        current = env
        while True:
            self.breaks.append([])
            self.continues.append([])
            end = self.block(blocks.get("body", []), _bind(node, current))
            breaks, continues = self.breaks.pop(), self.continues.pop()
            merged = _join_ways([current, end, *continues])
            assert merged is not None
            if merged == current:
                break
            current = merged
        node.env = _join(node.env, current)
        return _join_ways([self.block(blocks.get("orelse", []), current), *breaks])

    def attempt(self, node: Node, env: Env) -> Env | None:
        blocks = dict(node.blocks)
        seen: list[Env | None] = [env]
        current: Env | None = env
        for inner in blocks.get("body", []):
            if current is None:
                break
            current = self.node(inner, current)
            seen.append(current)
        failed = _join_ways(seen)
        ends = [self.block(blocks.get("orelse", []), current)]
        ends += [
            self.block(block, _bind(node, failed or env)) for name, block in node.blocks if name.startswith("handlers")
        ]
        final = blocks.get("finalbody")
        after = _join_ways(ends)
        return after if final is None else self.block(final, after if after is not None else failed)


def _bind(node: Node, env: Env) -> Env:
    if not node.bound:
        return env
    return {**env, **{name: frozenset({node}) for name in node.bound}}


def _join(a: Env, b: Env) -> Env:
    if a is b or a == b:
        return a
    joined = dict(a)
    for name, nodes in b.items():
        joined[name] = joined[name] | nodes if name in joined else nodes
    return joined


def _join_ways(ways: Sequence[Env | None]) -> Env | None:
    live = [way for way in ways if way is not None]
    if not live:
        return None
    joined = live[0]
    for way in live[1:]:
        joined = _join(joined, way)
    return joined


def every_node(frame: Frame) -> Iterator[Node]:
    """All nodes of a frame and of the functions and classes in it."""
    stack = [frame]
    while stack:
        current = stack.pop()
        for node in current.nodes:
            yield node
            if node.inner is not None:
                stack.append(node.inner)


def aliased(node: Node, name: str) -> list[ast.expr]:
    """The expressions whose object ``name`` shares after this binding: ``layer`` in ``for layer in model.layers``."""
    stmt = node.stmt
    if stmt is None or name not in node.bound:
        return []
    if isinstance(stmt, ast.For | ast.AsyncFor):
        source = stmt.iter
    elif isinstance(stmt, ast.Assign | ast.AnnAssign) and stmt.value is not None:
        source = stmt.value
    else:
        return []
    found: list[ast.expr] = []
    stack: list[ast.expr] = [source]
    while stack:
        value = stack.pop()
        if isinstance(value, ast.IfExp):
            stack += [value.body, value.orelse]
        elif isinstance(value, ast.BoolOp):
            stack += value.values
        elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            if value.func.id in ("enumerate", "zip", "reversed", "iter", "next", "list", "tuple", "sorted"):
                stack += value.args
        elif isinstance(value, ast.Tuple | ast.List) and len(targets_of(stmt)) == 1:
            stack += value.elts
        elif isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
            found.append(value)
    return found
