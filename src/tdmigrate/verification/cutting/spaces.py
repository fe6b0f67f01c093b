"""Where each name of a module is bound: the scopes of Python, so that a global name can be told from a local one."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Final

from tdmigrate.records import NamedTuple

_SEES_PAST: Final = "class"  # what stands in a class is not seen by the functions in it


class Space:
    """One scope: the module, a function, a class, a comprehension."""

    def __init__(self, kind: str, outer: Space | None) -> None:
        self.kind = kind
        self.outer = outer
        self.bound: set[str] = set()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()

    def binds(self, name: str) -> bool:
        return name in self.bound and name not in self.nonlocals


class Use(NamedTuple):
    """A name as it stands in the tree: in ``field`` of ``node``."""

    node: ast.AST
    field: str
    name: str
    space: Space  # where it stands


class Spaces(ast.NodeVisitor):
    """Every scope and every name of a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.module = Space("module", None)
        self.all = [self.module]
        self.uses: list[Use] = []
        self.imports: list[tuple[ast.Import | ast.ImportFrom, Space]] = []
        self._here = self.module
        self.visit(tree)

    def owner(self, use: Use) -> Space | None:
        """The scope that binds a name; None: the module binds it nowhere."""
        space: Space | None = use.space
        while space is not None:
            if use.name in space.globals:
                space = self.module
            if space is self.module:
                return space if use.name in space.bound else None
            if space.binds(use.name) and (space.kind != _SEES_PAST or space is use.space):
                return space
            space = space.outer
        return None

    # --- binding

    def _bind(self, node: ast.AST, field: str, name: str) -> None:
        self._bind_in(self._here, node, field, name)

    def _bind_in(self, space: Space, node: ast.AST, field: str, name: str) -> None:
        (self.module if name in space.globals else space).bound.add(name)
        self.uses.append(Use(node, field, name, space))

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.uses.append(Use(node, "id", node.id, self._here))
        else:
            self._bind(node, "id", node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        space = self._here
        while space.kind == "comprehension" and space.outer is not None:
            space = space.outer
        self._bind_in(space, node.target, "id", node.target.id)

    def visit_Import(self, node: ast.Import) -> None:
        self._import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.imports.append((node, self._here))
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias, "asname", bound_by(node, alias))

    def visit_Global(self, node: ast.Global) -> None:
        self._here.globals.update(node.names)
        for name in node.names:
            self.module.bound.add(name)
            self.uses.append(Use(node, "names", name, self.module))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._here.nonlocals.update(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            self._bind(node, "name", node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name is not None:
            self._bind(node, "name", node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name is not None:
            self._bind(node, "name", node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest is not None:
            self._bind(node, "rest", node.rest)
        self.generic_visit(node)

    # --- scopes

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node, "name", node.name)
        self._each([*node.decorator_list, *([node.returns] if node.returns is not None else [])])
        self._outside(node.args)
        self._inside("function", node.body, node.args)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._outside(node.args)
        self._inside("function", [node.body], node.args)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node, "name", node.name)
        self._each([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        self._inside("class", node.body)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        first, *others = node.generators
        self.visit(first.iter)
        element: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self._inside("comprehension", [first.target, *first.ifs, *others, *element])

    visit_ListComp = visit_SetComp = visit_GeneratorExp = visit_DictComp = _comprehension  # noqa: N815

    def _outside(self, arguments: ast.arguments) -> None:
        """Defaults and annotations, which are evaluated around the function."""
        self._each([*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)])
        self._each([arg.annotation for arg in parameters(arguments) if arg.annotation is not None])

    def _inside(self, kind: str, nodes: Iterable[ast.AST], arguments: ast.arguments | None = None) -> None:
        outer = self._here
        self._here = Space(kind, outer)
        self.all.append(self._here)
        for arg in parameters(arguments) if arguments is not None else ():
            self._bind(arg, "arg", arg.arg)
        self._each(nodes)
        self._here = outer

    def _each(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)


def parameters(arguments: ast.arguments) -> Sequence[ast.arg]:
    every = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [arg for arg in every if arg is not None]


def bound_by(stmt: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    """The name that an import binds."""
    if alias.asname is not None:
        return alias.asname
    return alias.name.partition(".")[0] if isinstance(stmt, ast.Import) else alias.name
