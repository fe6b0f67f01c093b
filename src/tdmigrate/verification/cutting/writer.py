"""The slice written out as a module, and the expression that is the model."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from typing import Final

from tdmigrate.verification.cutting.calls import Calls, decorated
from tdmigrate.verification.cutting.flow import Frame, Node
from tdmigrate.verification.cutting.slicer import MADE_UP, Slicer
from tdmigrate.verification.cutting.statements import Compound, FunctionNode, begun_with
from tdmigrate.verification.cutting.vocabulary import PYTHON2

MADE: Final = "made_model"  # holds a model that nothing of the source holds where the program needs it


class Writer:
    """The slice as a module."""

    def __init__(
        self, slicer: Slicer, calls: Calls, name: str, made: Node | None, numbers: Mapping[str, int | float]
    ) -> None:
        self.slicer = slicer
        self.calls = calls
        self.name = name
        self.made = made
        self.numbers = numbers

    def module(self) -> tuple[list[ast.stmt], str]:
        """The statements, and the expression that is the model after they ran."""
        body = self._block(self.slicer.scope.module.block)
        shims = [f"{name} = {PYTHON2[name]}" for name in sorted(self.slicer.shims)]
        if self.slicer.made_up:
            shims.append(f"from tdmigrate.verification.given import {MADE_UP}")
        return begun_with(ast.parse("\n".join(shims)).body, body), self._target()

    def _target(self) -> str:
        chain = self.slicer.chain
        if self.slicer.compiling is not None and self.slicer.compiling.held is not None:
            return self.slicer.compiling.held
        if not chain:
            return self.name or MADE
        first = chain[0]
        if not isinstance(first.stmt, ast.ClassDef):
            return self.name if self._is_global(first) else self._call(first)
        assert first.inner is not None
        maker = self.slicer.scope.maker(first.inner)
        constructor = self.slicer.scope.constructor(maker)
        assert isinstance(maker.owner, ast.ClassDef)
        named = made = maker.owner.name
        made += self.calls.arguments(constructor, self.slicer, self.numbers) if constructor is not None else "()"
        if len(chain) == 1:
            return made if self.made is None else f"{named}.{self.name}"
        method = chain[1].stmt
        assert isinstance(method, FunctionNode)
        if method.name == "__init__":
            return f"{made}.{self._held_by(chain[1])}"
        if decorated(method, "staticmethod") or decorated(method, "classmethod"):
            made = named
        return f"{made}.{self._call(chain[1])}"

    def _is_global(self, function: Node) -> bool:
        """Whether the model is held by the module, which calls the function and may go on building then."""
        made, scope = self.made, self.slicer.scope
        name = self.name.partition(".")[0].partition("[")[0]
        frame = function.inner
        if made is None or frame is None or made.frame is not frame or name not in scope.module.definitions:
            return False
        is_global = name in frame.globals or name not in frame.definitions
        called = [site.node for site in scope.sites.get(frame, [])]
        return is_global and any(node.frame is scope.module and node in self.slicer.needed for node in called)

    def _call(self, node: Node) -> str:
        assert node.inner is not None
        assert isinstance(node.stmt, FunctionNode)
        return node.stmt.name + self.calls.arguments(node.inner, self.slicer, self.numbers)

    def _held_by(self, method: Node) -> str:
        """The attribute of an object whose constructor made the model."""
        name = self.name
        own, _, attribute = name.partition(".")
        assert method.inner is not None
        return attribute if attribute and own == method.inner.self_name else MADE

    # --- statements

    def _block(self, nodes: Sequence[Node]) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for node in nodes:
            if node not in self.slicer.needed:
                if isinstance(node.stmt, ast.Global | ast.Nonlocal):
                    body.append(node.stmt)
                continue
            if isinstance(node.stmt, FunctionNode):
                body.append(self._function(node, node.stmt))
            elif isinstance(node.stmt, ast.ClassDef):
                body.append(self._class(node, node.stmt))
            elif isinstance(node.stmt, Compound):
                body.append(self._compound(node))
            elif node is self.made and isinstance(node.stmt, ast.Return) and not self.slicer.chain:
                body += self.slicer.new[node]
            else:
                body += self.slicer.new[node]
        return body

    def _compound(self, node: Node) -> ast.stmt:
        stmt = self.slicer.new[node][0]
        for field, nodes in node.blocks:
            block = self._block(nodes)
            if field.startswith("handlers"):
                assert isinstance(stmt, ast.Try)
                stmt.handlers[int(field[8:])].body = block or [ast.Pass()]
            elif not field.startswith("cases"):
                setattr(stmt, field, block or ([ast.Pass()] if field == "body" else []))
        return stmt

    def _function(self, node: Node, stmt: FunctionNode) -> ast.stmt:
        inner = node.inner
        assert inner is not None
        chained = node in self.slicer.chain
        body = self._block(inner.block)
        if chained:
            body += self._ending(node)
        kept = stmt.decorator_list
        if chained or inner.outer in self.slicer.lineage:
            kept = [d for d in kept if isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod", "property")]
        if chained:
            kept = [d for d in kept if not (isinstance(d, ast.Name) and d.id == "property")]
            kept += self.slicer.decorators.get(node, [])
        made = type(stmt)(stmt.name, self._parameters(inner, stmt.args), body or [ast.Pass()], kept, None, None)
        return _untyped(made)

    def _parameters(self, frame: Frame, given: ast.arguments) -> ast.arguments:
        def bare(arg: ast.arg) -> ast.arg:
            return ast.arg(arg.arg, None, None)

        def default(arg: ast.arg) -> ast.expr:
            return self.slicer.defaults.get(frame.parameters[arg.arg], ast.Constant(None))

        leading = [*given.posonlyargs, *given.args]
        return ast.arguments(
            [bare(a) for a in given.posonlyargs],
            [bare(a) for a in given.args],
            bare(given.vararg) if given.vararg is not None else None,
            [bare(a) for a in given.kwonlyargs],
            [default(a) if d is not None else None for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True)],
            bare(given.kwarg) if given.kwarg is not None else None,
            [default(a) for a in leading[len(leading) - len(given.defaults) :]],
        )

    def _ending(self, node: Node) -> list[ast.stmt]:
        """What makes the model come out of a function around it."""
        chain = self.slicer.chain
        assert isinstance(node.stmt, FunctionNode)
        if node is not chain[-1]:
            return (
                ast.parse(f"return {self._call(chain[chain.index(node) + 1])}").body if not self._is_init(node) else []
            )
        name = self.name
        if self._is_init(node):
            assert node.inner is not None
            held = self._held_by(node)
            return ast.parse(f"{node.inner.self_name}.{held} = {name}").body if held == MADE else []
        return ast.parse(f"return {name}").body if name else []

    def _is_init(self, node: Node) -> bool:
        chain = self.slicer.chain
        return (
            isinstance(node.stmt, FunctionNode)
            and node.stmt.name == "__init__"
            and isinstance(chain[0].stmt, ast.ClassDef)
        )

    def _class(self, node: Node, stmt: ast.ClassDef) -> ast.stmt:
        assert node.inner is not None
        reduced = node.inner in self.slicer.lineage
        bases = [b for b in stmt.bases if not reduced or not self.slicer.opacity.opaque(b, node)]
        body = self._block(node.inner.block)
        keywords = [] if reduced else stmt.keywords
        return _untyped(ast.ClassDef(stmt.name, bases, keywords, body or [ast.Pass()], []))


def _untyped(stmt: FunctionNode | ast.ClassDef) -> ast.stmt:
    if sys.version_info >= (3, 12):
        stmt.type_params = []
    return stmt
