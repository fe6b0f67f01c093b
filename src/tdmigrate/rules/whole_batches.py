"""K404: metrics of the source's own that give one number for a whole batch."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.rules import closures
from tdmigrate.rules.context import Context

_CODE = "K404"
_REDUCTIONS = frozenset(("all", "any", "max", "mean", "min", "prod", "std", "sum", "var"))
_NUMBERS = frozenset(("epsilon", "floatx", "constant"))
_OWN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def check_whole_batches(ctx: Context) -> None:
    """Keras 1 weighed what a metric gave by the size of its batch, Keras 3 counts a single number once."""
    told: set[closures.Function] = set()
    for call in ctx.module.nodes:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "compile"):
            continue
        for role, function in closures.given(ctx, call, wrapped=False):
            if role != "metric" or function in told or function in ctx.measured or not is_scalar(ctx, function):
                continue
            told.add(function)
            name = "a metric" if isinstance(function, ast.Lambda) else function.name
            message = (
                f"{name}: one number for a whole batch, which Keras 1 weighed by the batch's size; Keras 3 counts each "
                "batch once: where the last one is smaller, give one value for each sample (axis=-1)"
            )
            first = results(function)[0]
            ctx.add(_CODE, Severity.NOTE, ctx.span(first), message)


def is_scalar(ctx: Context, function: closures.Function) -> bool:
    """Whether a function is known to give one number, without axes."""
    return _Scalars(ctx).is_scalar(function)


class _Scalars:
    """Which expressions of functions are numbers without axes, as far as the source tells."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self._open: set[ast.AST] = set()

    def is_scalar(self, function: closures.Function) -> bool:
        if function in self._open:
            return False
        self._open.add(function)
        values = assigned(function)
        found = results(function)
        return bool(found) and all(self._is(one, values) is True for one in found)

    def _is(self, node: ast.expr, values: dict[str, list[ast.expr]]) -> bool | None:
        """None: a plain number, which goes with either."""
        if isinstance(node, ast.Constant):
            return None
        if isinstance(node, ast.UnaryOp):
            return self._is(node.operand, values)
        if isinstance(node, ast.BinOp):
            return self._all([node.left, node.right], values)
        if isinstance(node, ast.Compare):
            return self._all([node.left, *node.comparators], values)
        if isinstance(node, ast.IfExp):
            return self._all([node.body, node.orelse], values)
        if isinstance(node, ast.Name):
            known = values.get(node.id)
            return self._all(known, {**values, node.id: []}) if known is not None else False  # of `x = x + y`: y
        if isinstance(node, ast.Call):
            return self._of_call(node, values)
        return False

    def _all(self, nodes: list[ast.expr], values: dict[str, list[ast.expr]]) -> bool | None:
        found = {self._is(one, values) for one in nodes}
        return False if False in found else True if True in found else None

    def _of_call(self, node: ast.Call, values: dict[str, list[ast.expr]]) -> bool | None:
        func = node.func
        symbol = self.ctx.names.resolve(func) if isinstance(func, (ast.Name, ast.Attribute)) else None
        if symbol is None:
            binders = self.ctx.binders(func.id) if isinstance(func, ast.Name) else []
            own = binders[0] if len(binders) == 1 else None
            return isinstance(own, ast.FunctionDef) and self.is_scalar(own)
        module, _, name = symbol.path.rpartition(".")
        if module != "keras.backend":
            return False
        if name in _NUMBERS:
            return None
        if name in _REDUCTIONS:
            axis = [*node.args[1:2], *(one.value for one in node.keywords if one.arg in ("axis", None))]
            if all(isinstance(one, ast.Constant) and one.value is None for one in axis):
                return True
        return self._all([*node.args, *(one.value for one in node.keywords)], values)


def _inside(function: closures.Function) -> list[ast.stmt]:
    """The statements of a function, without those of functions in it."""
    found: list[ast.stmt] = []
    stack: list[ast.AST] = [] if isinstance(function, ast.Lambda) else list(function.body)
    while stack:
        node = stack.pop(0)
        if isinstance(node, ast.stmt):
            found.append(node)
        if not isinstance(node, _OWN):
            stack = [*ast.iter_child_nodes(node), *stack]
    return found


def results(function: closures.Function) -> list[ast.expr]:
    if isinstance(function, ast.Lambda):
        return [function.body]
    return [one.value for one in _inside(function) if isinstance(one, ast.Return) and one.value is not None]


def assigned(function: closures.Function) -> dict[str, list[ast.expr]]:
    """What is assigned to each variable; one that is unpacked, or a loop's, is not there."""
    later = [*function.args.args[2:], *function.args.kwonlyargs]  # what nobody gives: plain numbers by default
    found: dict[str, list[ast.expr]] = {one.arg: [] for one in later}
    for one in _inside(function):
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
            found.setdefault(one.targets[0].id, []).append(one.value)
        elif isinstance(one, ast.AugAssign) and isinstance(one.target, ast.Name):
            found.setdefault(one.target.id, []).append(one.value)
    return found
