"""What a program cannot know without the user's data: values that come from files, arguments, chance and other modules.

An expression is opaque when it has a value that only the data tells. What is surely a number (``len(vocab)``,
``X.shape[1]``) is not opaque: it can be filled in.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

from tdmigrate.verification.cutting.arguments import Arguments
from tdmigrate.verification.cutting.flow import Frame, Node, TooMuchError
from tdmigrate.verification.cutting.scope import Scope, argument_of, default_of
from tdmigrate.verification.cutting.statements import Compound, FunctionNode, plain, root
from tdmigrate.verification.cutting.vocabulary import GIVES_LAYER, TRAINING, reads, takes_numbers

Bound = Mapping[str, bool]  # variables of comprehensions and lambdas: whether each is opaque

MAX_STEPS: Final = 400_000  # expressions looked at

CASTS: Final = frozenset({"int", "float", "round", "abs"})
_NUMERIC_BUILTINS: Final = CASTS | {"len", "sum", "max", "min"}
_NUMERIC_NUMPY: Final = frozenset(
    f"numpy.{name}"
    for name in [
        "max",
        "min",
        "amax",
        "amin",
        "prod",
        "product",
        "sum",
        "ceil",
        "floor",
        "sqrt",
        "log",
        "log2",
        "round",
        "argmax",
        "size",
        "ndim",
        "mean",
    ]
)
_ARRAYS: Final = frozenset(
    f"numpy.{name}"
    for name in [
        "zeros",
        "ones",
        "empty",
        "full",
        "eye",
        "arange",
        "linspace",
        "random.random",
        "random.rand",
        "random.randn",
        "random.normal",
        "random.uniform",
        "random.randint",
        "random.random_sample",
        "random.standard_normal",
    ]
)
_SIZED: Final = frozenset({"size", "ndim", "nnz"})


class Opacity:
    """Which bindings hold what only the data tells."""

    def __init__(self, scope: Scope, free: Mapping[Node, bool], options: Arguments) -> None:
        self.scope = scope
        self.options = options
        self.free = free  # parameters whose value no call of the source tells
        self.steps = 0
        self.nodes: set[Node] = {node for node, unknown in free.items() if unknown}
        moved = True
        while moved:
            before = len(self.nodes)
            for node in scope.nodes:
                self._mark(node)
            moved = len(self.nodes) > before

    def _mark(self, node: Node) -> None:
        stmt = node.stmt
        if stmt is None:
            if node not in self.free and node not in self.nodes and self._passed_opaque(node):
                self.nodes.add(node)
            return
        if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.inner is not None and any(self._gives_opaque(n) for n in node.inner.nodes):
                self.nodes.add(node)
            return
        if isinstance(stmt, ast.ClassDef):
            inner = node.inner
            for method in inner.definitions.get("__init__", []) if inner is not None else []:
                if method.inner is not None and any(n in self.nodes and n.stmt is not None for n in method.inner.nodes):
                    self.nodes.add(node)
            return
        if not (node.bound or node.changed) or isinstance(stmt, ast.Import | ast.ImportFrom):
            return
        opaque = self.controlled(node) or any(self.opaque(e, node) for e in self._given(stmt))
        if opaque and node.bound:
            self.nodes.add(node)
        if not node.changed:
            return
        opaque = opaque and not isinstance(stmt, (*Compound, ast.Return))
        for name in node.changed:
            for origin in self.scope.origins(name, node):
                if self._holds(origin) and (opaque or self.controlled(node, origin.parents)):
                    self.nodes.add(origin)

    def _holds(self, origin: Node) -> bool:
        """Whether a binding is of something that data may have been put into: nothing imported or made by Keras."""
        stmt = origin.stmt
        if stmt is None or isinstance(stmt, ast.Import | ast.ImportFrom | FunctionNode | ast.ClassDef):
            return False
        if not (isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Call)):
            return True
        path = self.scope.path(stmt.value.func, origin)
        return path is None or not path.startswith(("keras.", "tdmigrate."))

    @staticmethod
    def _given(stmt: ast.stmt) -> list[ast.expr]:
        """The expressions that decide what the statement binds or puts into an object."""
        if isinstance(stmt, ast.Assign | ast.AugAssign | ast.AnnAssign):
            return [stmt.value] if stmt.value is not None else []
        if isinstance(stmt, ast.For | ast.AsyncFor):
            return [stmt.iter]
        if isinstance(stmt, ast.With | ast.AsyncWith):
            return [item.context_expr for item in stmt.items]
        if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call):
            return [*stmt.value.args, *(keyword.value for keyword in stmt.value.keywords)]
        return []

    def _gives_opaque(self, node: Node) -> bool:
        stmt = node.stmt
        if isinstance(stmt, ast.Return) and stmt.value is not None:
            return self.opaque(stmt.value, node)
        if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Yield | ast.YieldFrom):
            return self.opaque(stmt.value.value, node) or self.controlled(node)
        return False

    def _passed_opaque(self, parameter: Node) -> bool:
        assert parameter.parameter is not None
        name = parameter.parameter.arg
        for site in self.scope.sites.get(parameter.frame, []):
            argument = argument_of(site, name)
            if argument is not None and self.opaque(argument, site.node):
                return True
        return False

    def controlled(self, node: Node, shared: tuple[Node, ...] = ()) -> bool:
        """Whether only the data tells if, or how often, the statement runs once the blocks ``shared`` have begun."""
        for parent in node.parents:
            if parent in shared:
                continue
            stmt = parent.stmt
            header: list[ast.expr] = []
            if isinstance(stmt, ast.If | ast.While):
                header = [stmt.test]
            elif isinstance(stmt, ast.For | ast.AsyncFor):
                header = [stmt.iter]
            elif isinstance(stmt, ast.With | ast.AsyncWith):
                header = [item.context_expr for item in stmt.items]
            elif isinstance(stmt, ast.Match):
                header = [stmt.subject]
            if any(self.opaque(e, parent) for e in header):
                return True
        return False

    # --- expressions

    def numeric(self, expr: ast.expr, node: Node) -> bool:
        """Surely a number, whatever the data: ``len(x)``, ``x.shape[0]``, ``n * 2``."""
        if isinstance(expr, ast.Call):
            if any(keyword.arg in ("key", "axis") for keyword in expr.keywords):
                return False
            if isinstance(expr.func, ast.Name) and expr.func.id in _NUMERIC_BUILTINS:
                return self.scope.lookup(expr.func.id, node) == ()
            if isinstance(expr.func, ast.Attribute) and expr.func.attr in ("max", "min") and not expr.args:
                return True
            return len(expr.args) == 1 and self.scope.path(expr.func, node) in _NUMERIC_NUMPY
        if isinstance(expr, ast.Subscript):
            return (
                isinstance(expr.value, ast.Attribute)
                and expr.value.attr == "shape"
                and not isinstance(expr.slice, ast.Slice)
            )
        if isinstance(expr, ast.Attribute):
            return expr.attr in _SIZED
        if isinstance(expr, ast.BinOp):
            sides = (expr.left, expr.right)
            certain = [self.numeric(side, node) or _number(side) for side in sides]
            return all(certain) or (any(certain) and not isinstance(expr.op, ast.Mult | ast.Mod))
        return False

    def known_shape(self, expr: ast.expr, node: Node) -> bool:
        """An array whose shape the source tells although its numbers may be chance."""
        if not isinstance(expr, ast.Name):
            return False
        bindings = self.scope.lookup(expr.id, node)
        if not bindings:
            return False
        for binding in bindings:
            value = binding.stmt.value if isinstance(binding.stmt, ast.Assign) and len(binding.bound) == 1 else None
            if (
                not isinstance(value, ast.Call)
                or self.scope.path(value.func, binding) not in _ARRAYS
                or self.controlled(binding)
            ):
                return False
            parts = [*value.args, *(keyword.value for keyword in value.keywords)]
            if any(self.opaque(part, binding) for part in parts):
                return False
        return True

    def opaque(self, expr: ast.expr | None, node: Node, bound: Bound = {}) -> bool:  # noqa: B006
        """Whether only the data tells the value."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooMuchError
        if expr is None or isinstance(expr, ast.Constant | ast.Lambda):
            return False
        if isinstance(expr, ast.Name):
            return self._name(expr, node, bound)
        if self.options.default(expr, node) is not None:
            return False
        if self.numeric(expr, node):
            return False
        if isinstance(expr, ast.Attribute | ast.Subscript):
            return self._access(expr, node, bound)
        if isinstance(expr, ast.Call):
            return self._call(expr, node, bound)
        if isinstance(expr, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            inner = dict(bound)
            for generator in expr.generators:
                opaque = self.opaque(generator.iter, node, inner)
                inner.update((n.id, opaque) for n in ast.walk(generator.target) if isinstance(n, ast.Name))
                if opaque or any(self.opaque(test, node, inner) for test in generator.ifs):
                    return True
            parts = [expr.key, expr.value] if isinstance(expr, ast.DictComp) else [expr.elt]
            return any(self.opaque(part, node, inner) for part in parts)
        if isinstance(expr, ast.Await | ast.Yield | ast.YieldFrom):
            return True
        return any(
            self.opaque(child, node, bound) for child in ast.iter_child_nodes(expr) if isinstance(child, ast.expr)
        )

    def _name(self, expr: ast.Name, node: Node, bound: Bound) -> bool:
        if expr.id in bound:
            return bound[expr.id]
        bindings = self.scope.lookup(expr.id, node)
        if bindings is None:
            return True
        path = self.scope.path(expr, node) if bindings else None
        if path is not None:
            return reads(path)
        return any(
            binding in self.nodes and not isinstance(binding.stmt, FunctionNode | ast.ClassDef) for binding in bindings
        )

    def _access(self, expr: ast.Attribute | ast.Subscript, node: Node, bound: Bound) -> bool:
        path = self.scope.path(expr, node) if isinstance(expr, ast.Attribute) else None
        if path is not None:
            return reads(path)
        if isinstance(expr, ast.Subscript) and self.opaque(expr.slice, node, bound):
            return True
        if isinstance(expr, ast.Attribute):
            if expr.attr == "shape" and self.known_shape(expr.value, node):
                return False
            own = root(expr, node.frame.self_name)
            if own is not None and "." in own and isinstance(expr.value, ast.Name):
                bindings = self.scope.lookup(own, node)
                if bindings is None:
                    return not self._inherits(node.frame)
                return any(b in self.nodes and not isinstance(b.stmt, FunctionNode | ast.ClassDef) for b in bindings)
        return self.opaque(expr.value, node, bound)

    def _inherits(self, frame: Frame | None) -> bool:
        """Whether the method's class has a base that the program can import: its attributes may come from there."""
        while frame is not None and not isinstance(frame.owner, ast.ClassDef):
            frame = frame.outer
        if frame is None or frame.outer is None:
            return False
        lineage = [(one, one.owner) for one in self.scope.lineage(frame)]
        classes = [(self.scope.owner[one], owner) for one, owner in lineage if isinstance(owner, ast.ClassDef)]
        paths = [self.scope.path(base, node) for node, owner in classes for base in owner.bases]
        return any(path is not None and not reads(path) for path in paths)

    def gives_opaque(self, func: ast.expr, node: Node, bound: Bound) -> bool:
        """Whether a callee gives what only the data tells, whatever its arguments."""
        if self.scope.path(func, node) is None:
            own = plain(func, node.frame.self_name)
            bindings = self.scope.lookup(own, node) if own is not None and own not in bound else None
            if bindings and all(isinstance(b.stmt, FunctionNode | ast.ClassDef) for b in bindings):
                return any(b in self.nodes for b in bindings)
            if isinstance(func, ast.Attribute):
                return func.attr in TRAINING or self.opaque(func.value, node, bound)
        return self.opaque(func, node, bound)

    def _call(self, expr: ast.Call, node: Node, bound: Bound) -> bool:
        func = expr.func
        if self.gives_opaque(func, node, bound):
            return True
        path = self.scope.path(func, node)
        if path is not None and (takes_numbers(path) or _class_like(path)):
            return False
        if path == GIVES_LAYER:
            return any(self.opaque(argument, node, bound) for argument in expr.args[:1])
        if path is None and self._is_class_handed_in(func, node):
            return False
        if path is None and any(True for _ in self.scope.callees(expr, node)):
            return False  # what is asked of its arguments is filled in inside the function
        return any(self.opaque(a, node, bound) for a in [*expr.args, *(keyword.value for keyword in expr.keywords)])


    def _is_class_handed_in(self, func: ast.expr, node: Node) -> bool:
        """Whether a parameter is called that is a class by default or in a call of the source: ``rnn=LSTM``."""
        bindings = self.scope.lookup(func.id, node) if isinstance(func, ast.Name) else None
        for binding in bindings or ():
            if binding.parameter is None:
                return False
            owner = self.scope.owner[binding.frame]
            given = [(default_of(owner.stmt, binding.parameter.arg), owner)]
            sites = self.scope.sites.get(binding.frame, [])
            given += [(argument_of(site, binding.parameter.arg), site.node) for site in sites]
            paths = [self.scope.path(one, at) for one, at in given if one is not None]
            if not any(path is not None and _class_like(path) for path in paths):
                return False
        return bool(bindings)


def _class_like(path: str) -> bool:
    return path.rpartition(".")[2][:1].isupper() and not path.startswith("numpy.")


def _number(expr: ast.expr) -> bool:
    if isinstance(expr, ast.UnaryOp):
        return _number(expr.operand)
    return isinstance(expr, ast.Constant) and isinstance(expr.value, int | float)
