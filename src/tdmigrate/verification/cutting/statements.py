"""What one statement binds and what it changes, by name.

A name is a variable (``model``) or an attribute of the method's own object (``self.model``); everything reached through
either (``model.layers[0].trainable``) counts as its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.vocabulary import CHANGING, KERAS1_SETTER, RUNS, SETTER, TRAINING

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Compound = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
BLOCKS = ("body", "orelse", "handlers", "cases", "finalbody")


class Effects(NamedTuple):
    """Names bound by a statement's own level, and names whose objects it changes ("item" by subscript only)."""

    bound: frozenset[str]
    changed: dict[str, str]


class Setting(NamedTuple):
    """A statement that sets weights: ``model.layers[-1].set_weights([W, b])``."""

    held: str  # the name that the receiver starts from: "model"
    receiver: ast.expr
    weights: ast.expr


def root(node: ast.expr, self_name: str | None) -> str | None:
    """The name an access path starts from; None where it starts from no name."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == self_name:
            return f"{self_name}.{node.attr}"
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def own_expressions(stmt: ast.stmt) -> Iterator[ast.expr]:
    """The expressions that a statement evaluates itself, without those of its blocks."""
    for field, value in ast.iter_fields(stmt):
        if field in BLOCKS and isinstance(stmt, (*Compound, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if isinstance(value, ast.expr):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.expr):
                    yield item
                elif isinstance(item, ast.withitem):
                    yield item.context_expr
                    if item.optional_vars is not None:
                        yield item.optional_vars
                elif isinstance(item, ast.keyword):
                    yield item.value
        elif isinstance(value, ast.arguments):
            yield from value.defaults
            yield from (default for default in value.kw_defaults if default is not None)


def targets_of(stmt: ast.stmt) -> list[ast.expr]:
    """What a statement assigns to, as written."""
    if isinstance(stmt, ast.Assign):
        return stmt.targets
    if isinstance(stmt, ast.AugAssign | ast.For | ast.AsyncFor):
        return [stmt.target]
    if isinstance(stmt, ast.AnnAssign):
        return [stmt.target] if stmt.value is not None else []
    if isinstance(stmt, ast.With | ast.AsyncWith):
        return [item.optional_vars for item in stmt.items if item.optional_vars is not None]
    return []


def flat(targets: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """Single targets of nested tuples, lists and stars."""
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            yield from flat(target.elts)
        elif isinstance(target, ast.Starred):
            yield from flat([target.value])
        else:
            yield target


def plain(target: ast.expr, self_name: str | None) -> str | None:
    """The name that a target binds: a variable, or an attribute of the method's own object."""
    if isinstance(target, ast.Name):
        return target.id
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == self_name:
        return f"{self_name}.{target.attr}"
    return None


def setting(stmt: ast.stmt | None, self_name: str | None) -> Setting | None:
    """What a statement sets the weights of; None where it sets none, or not of what a name leads to."""
    call = stmt.value if isinstance(stmt, ast.Expr) else None
    if not isinstance(call, ast.Call) or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == SETTER and len(call.args) == 1 and not call.keywords:
        receiver, weights = func.value, call.args[0]
    elif root(func, None) is not None and ast.unparse(func).rpartition(".")[2] == KERAS1_SETTER and len(call.args) > 1:
        receiver, weights = call.args[:2]
    else:
        return None
    held = root(receiver, self_name)
    return Setting(held, receiver, weights) if held is not None else None


def is_training(stmt: ast.stmt) -> bool:
    """A call of a training method, whether its result is kept or not: ``history = model.fit(...)``."""
    value = stmt.value if isinstance(stmt, ast.Expr | ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in (RUNS if _is_super(value.func.value) else TRAINING)
    if not (isinstance(stmt, ast.Expr) and isinstance(value, ast.Call)):
        return False
    return isinstance(value.func, ast.Name) and value.func.id == "print" and not any(map(_changes, ast.walk(value)))


def _changes(node: ast.AST) -> bool:
    """Whether it is a call that changes its object, whatever is made of its result: ``print(model.add(…))``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def is_super(func: ast.expr) -> bool:
    """Whether a callee is a method of ``super()``."""
    return isinstance(func, ast.Attribute) and _is_super(func.value)


def builds(method: str, whole: bool) -> bool:
    """Whether a method changes the object it is called on; ``whole``: nothing is made of its result."""
    return method in CHANGING or (whole and method not in TRAINING)


def effects(stmt: ast.stmt, self_name: str | None) -> Effects:
    """Read the statement's own level."""
    bound: set[str] = set()
    changed: dict[str, str] = {}
    if isinstance(stmt, ast.Import | ast.ImportFrom):
        names = (alias.asname or alias.name for alias in stmt.names)
        return Effects(frozenset(n.partition(".")[0] if isinstance(stmt, ast.Import) else n for n in names), {})
    if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return Effects(frozenset({stmt.name}), {})
    for target in flat(targets_of(stmt)):
        name = plain(target, self_name)
        if name is not None:
            bound.add(name)
        elif (held := root(target, self_name)) is not None:
            changed[held] = "item" if isinstance(target, ast.Subscript) else "attribute"
    for target in stmt.targets if isinstance(stmt, ast.Delete) else ():
        if not isinstance(target, ast.Name) and (held := root(target, self_name)) is not None:
            changed[held] = "item"
    if isinstance(stmt, ast.Try):
        bound |= {handler.name for handler in stmt.handlers if handler.name is not None}
    called = stmt.value if isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call) else None
    if called is not None and isinstance(called.func, ast.Subscript | ast.Call):  # BUILDERS[kind](model)
        given = (root(argument, self_name) for argument in called.args)
        changed.update((name, "call") for name in given if name is not None)
    for expression in own_expressions(stmt):
        for node in ast.walk(expression):
            if isinstance(node, ast.NamedExpr):
                bound.add(node.target.id)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whole = isinstance(stmt, ast.Expr) and node is stmt.value
                if builds(node.func.attr, whole):
                    held = self_name if _is_super(node.func.value) else root(node.func.value, self_name)
                    if held is not None:
                        changed[held] = "call"
                    named = node.func.attr == "__init__" and not _is_super(node.func.value)
                    if whole and node.args and named:  # Base.__init__(self, ...)
                        first = root(node.args[0], self_name)
                        if first is not None:
                            changed[first] = "call"
    return Effects(frozenset(bound), changed)


def runs(function: FunctionNode, self_name: str | None) -> bool:
    """Whether a method trains, evaluates or saves its own object."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RUNS:
            held = node.func.value
            if _is_super(held) or (isinstance(held, ast.Name) and held.id == self_name):
                return True
    return False


def bound_inside(expr: ast.expr) -> frozenset[str]:
    """The names that lambdas and comprehensions of an expression bind for themselves."""
    found: set[str] = set()
    for node in ast.walk(expr):
        if isinstance(node, ast.Lambda):
            found.update(one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg))
        elif isinstance(node, ast.comprehension):
            found.update(one.id for one in ast.walk(node.target) if isinstance(one, ast.Name))
    return frozenset(found)


def begun_with(first: Sequence[ast.stmt], body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """A module's statements with others before them, but behind its imports from ``__future__``."""
    futures = [one for one in body if isinstance(one, ast.ImportFrom) and one.module == "__future__"]
    return [*futures, *first, *(one for one in body if one not in futures)]
