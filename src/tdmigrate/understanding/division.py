"""Where a Python 2 program divided integers by ``/``, which gave an integer, rounded down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.keras1.registry import lookup
from tdmigrate.keras1.versions import ALL
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.calls import bind
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.shapes import UNKNOWN

INT, FLOAT = "int", "float"
# parameters of legacy layers and models that took whole numbers alone
_SIZES: Final = frozenset(
    (
        "batch_input_shape", "batch_shape", "batch_size", "cropping", "dims", "filter_length", "input_dim",
        "input_length", "input_shape", "kernel_dim1", "kernel_dim2", "kernel_dim3", "length", "n", "nb_col", "nb_epoch",
        "nb_feature", "nb_filter", "nb_row", "nb_val_samples", "output_dim", "padding", "pool_length", "pool_size",
        "samples_per_epoch", "shape", "size", "stride", "strides", "subsample", "subsample_length", "target_shape",
        "val_samples",
    )
)  # fmt: skip
_WHOLE: Final = frozenset(("len", "int", "ord", "id", "hash"))  # builtins that give integers
_RANGES: Final = frozenset(("range", "xrange"))


class Division(NamedTuple):
    """One division; ``is_whole`` None: of what, is not known."""

    node: ast.BinOp | ast.AugAssign
    is_whole: bool | None
    why: str = ""


def divisions(module: Module) -> list[Division]:
    """Every ``/`` and ``/=`` of a module in which that of two integers is an integer, in order of place."""
    nodes = [
        node
        for node in module.nodes
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div)
    ]
    if not nodes:
        return []
    kinds = _Kinds(module.tree)
    sized = {inner: why for place, why in _sizes(module) for inner in _arithmetic(place)}
    found = []
    for node in nodes:
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        both = kinds.of(left), kinds.of(right)
        if FLOAT in both:
            found.append(Division(node, False))
        elif both == (INT, INT):
            found.append(Division(node, True, "both are integers"))
        elif node in sized:
            found.append(Division(node, True, sized[node]))
        else:
            found.append(Division(node, None))
    return sorted(found, key=lambda one: (one.node.lineno, one.node.col_offset))


def operator_place(module: Module, node: ast.BinOp | ast.AugAssign) -> tuple[int, int]:
    """Row and column, from 1, of the operator."""
    left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
    span, until = module.span(left), module.span(right)
    for row in range(span.end_row, until.row + 1):
        line = module.line(row)
        start = span.end_column - 1 if row == span.end_row else 0
        end = until.column - 1 if row == until.row else len(line)
        code = line[start:end].partition("#")[0]
        if "/" in code:
            return row, start + code.index("/") + 1
    raise AssertionError("an operator stands between its operands")


def _arithmetic(node: ast.expr) -> Iterator[ast.AST]:
    """The operations whose result is this value, or a member of this display."""
    todo: list[ast.expr] = [node]
    while todo:
        one = todo.pop()
        if isinstance(one, ast.BinOp):
            yield one
            todo += one.left, one.right
        elif isinstance(one, ast.UnaryOp):
            todo.append(one.operand)
        elif isinstance(one, (ast.Tuple, ast.List)):
            todo += one.elts
        elif isinstance(one, ast.IfExp):
            todo += one.body, one.orelse


def _sizes(module: Module) -> Iterator[tuple[ast.expr, str]]:
    """Expressions that Python 2 or Keras 1 refused, had they not been whole numbers."""
    names = Names(module, ALL)
    for node in module.nodes:
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in _RANGES:
            yield from ((argument, "range takes integers alone") for argument in node.args)
        symbol = names.resolve(node.func)
        entry = lookup(symbol.path) if symbol is not None else None
        if isinstance(entry, (Layer, Function)) and entry.signatures:
            for argument in bind(node, entry, ALL, _value).arguments.values():
                if argument.name in _SIZES:
                    yield argument.node, f"`{argument.name}` of {entry.name} is a whole number"


def _value(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else UNKNOWN


class _Kinds:
    """Of what kind a number is, as far as a module says wherever it gives the name a value."""

    def __init__(self, tree: ast.Module) -> None:
        self._values: dict[str, list[ast.expr | str]] = {}  # what is bound to a name, or "" for what is not known
        self._changed: dict[str, list[ast.expr]] = {}  # by what it is changed, where it is whole before
        self._known: dict[str, str] = {}
        for node in ast.walk(tree):
            self._bind(node)

    def of(self, node: ast.expr) -> str:
        """INT, FLOAT, or "" where it is not known."""
        return self._of(node, 0)

    def _of(self, node: ast.expr, depth: int) -> str:
        if depth > 30:
            return ""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, (int, float)):  # True is 1 there
                return INT if isinstance(node.value, int) else FLOAT
            return ""
        if isinstance(node, ast.Name):
            return self._named(node.id, depth)
        if isinstance(node, ast.UnaryOp):
            return "" if isinstance(node.op, ast.Not) else self._of(node.operand, depth + 1)
        if isinstance(node, ast.BinOp):
            return self._result(node, depth)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in self._values:
                return ""
            return INT if node.func.id in _WHOLE else FLOAT if node.func.id == "float" else ""
        if isinstance(node, ast.Subscript):  # x.shape[1]
            return INT if isinstance(node.value, ast.Attribute) and node.value.attr == "shape" else ""
        if isinstance(node, ast.Attribute) and node.attr == "pi":
            return FLOAT
        return ""

    def _result(self, node: ast.BinOp, depth: int) -> str:
        both = self._of(node.left, depth + 1), self._of(node.right, depth + 1)
        if FLOAT in both:
            return FLOAT
        if both != (INT, INT) or isinstance(node.op, (ast.Pow, ast.MatMult)):  # 2 ** -1 is a fraction
            return ""
        return INT

    def _named(self, name: str, depth: int) -> str:
        if name not in self._known:
            self._known[name] = ""  # while it hangs on itself
            values = self._values.get(name, [""]) + self._changed.get(name, [])
            kinds = {value if isinstance(value, str) else self._of(value, depth + 1) for value in values}
            self._known[name] = kinds.pop() if len(kinds) == 1 else ""
        return self._known[name]

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._assign(node.target, node.value)
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                changed = ast.BinOp(ast.Constant(1), node.op, node.value)
                self._changed.setdefault(node.target.id, []).append(changed)
        elif isinstance(node, (ast.For, ast.comprehension)):
            counts = isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Name)
            counts = counts and node.iter.func.id in _RANGES  # type: ignore[attr-defined]
            self._assign(node.target, INT if counts else "")
        elif isinstance(node, ast.arg):
            self._values.setdefault(node.arg, []).append("")
        elif isinstance(node, ast.alias):
            self._values.setdefault(node.asname or node.name.partition(".")[0], []).append("")
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)):
            self._values.setdefault(node.name or "", []).append("")
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._assign(node.optional_vars, "")

    def _assign(self, target: ast.expr, value: ast.expr | str) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            pairs = isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts)
            pairs = pairs and not any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))  # type: ignore[union-attr]
            for index, one in enumerate(target.elts):
                self._assign(one, value.elts[index] if pairs else "")  # type: ignore[union-attr]
            if isinstance(value, ast.Attribute) and value.attr == "shape":
                for one in target.elts:
                    if isinstance(one, ast.Name):
                        self._values[one.id][-1] = INT
        elif isinstance(target, ast.Starred):
            self._assign(target.value, "")
