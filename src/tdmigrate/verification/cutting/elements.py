"""What an expression stands for, as far as the source writes it down: the element of a loop, say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from tdmigrate.verification.cutting.flow import Node
from tdmigrate.verification.cutting.scope import Scope

_DEPTH: Final = 8
_SAME_ELEMENTS: Final = frozenset(("sorted", "list", "tuple", "set", "reversed", "iter", "frozenset"))
_VIEWS: Final = frozenset(("items", "iteritems", "keys", "iterkeys", "values", "itervalues"))


def written(scope: Scope, expr: ast.expr, node: Node, call: ast.expr | None = None, depth: int = _DEPTH) -> ast.expr:
    """The expression itself, or the display or constant that it stands for.

    A variable of the module that is bound once stands for its value; a variable of a loop, or of a comprehension around
    ``call``, for its first element; ``sizes["a"]`` for the value of that key.
    """
    if depth == 0:
        return expr
    if isinstance(expr, ast.Name):
        for target, source in _loops(scope, expr.id, node, call):
            element = _element(scope, source, node, call, depth - 1)
            found = _of_target(target, element, expr.id) if element is not None else None
            return written(scope, found, node, call, depth - 1) if found is not None else expr
        value = _constant(scope, expr.id, node)
        return written(scope, value, node, None, depth - 1) if value is not None else expr
    if isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Constant):
        found = item(written(scope, expr.value, node, call, depth - 1), expr.slice.value)
        return written(scope, found, node, call, depth - 1) if found is not None else expr
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "dict":
        return _displayed(scope, expr, node, call, depth) or expr
    return expr


def _displayed(scope: Scope, made: ast.Call, node: Node, call: ast.expr | None, depth: int) -> ast.Dict | None:
    """``dict(a=1)``, or ``dict(defaults, a=1)``, as a display; None where the source doesn't write all of it."""
    base = written(scope, made.args[0], node, call, depth - 1) if made.args else ast.Dict([], [])
    if len(made.args) > 1 or not isinstance(base, ast.Dict) or scope.lookup("dict", node) != ():
        return None
    items: dict[object, tuple[ast.expr, ast.expr]] = {}
    for key, value in zip(base.keys, base.values, strict=True):
        if not isinstance(key, ast.Constant):
            return None
        items[key.value] = (key, value)
    for keyword in made.keywords:
        if keyword.arg is None:
            return None
        items[keyword.arg] = (ast.Constant(keyword.arg), keyword.value)
    return ast.Dict([key for key, _ in items.values()], [value for _, value in items.values()])


def _loops(scope: Scope, name: str, node: Node, call: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The target and the source of the loop that binds a variable: a comprehension around the call, or a ``for``."""
    if call is not None and node.stmt is not None:
        for part in ast.walk(node.stmt):
            if not isinstance(part, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
                continue
            if not any(inner is call for inner in ast.walk(part)):
                continue
            for generator in part.generators:
                if _binds(generator.target, name):
                    yield generator.target, generator.iter
                    return
    bindings = scope.lookup(name, node) or ()
    if len(bindings) == 1 and isinstance(bindings[0].stmt, ast.For):
        yield bindings[0].stmt.target, bindings[0].stmt.iter


def _binds(target: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target))


def _constant(scope: Scope, name: str, node: Node) -> ast.expr | None:
    """The value of a variable that the module binds once, outside of blocks."""
    bindings = scope.module.definitions.get(name, [])
    if len(bindings) != 1 or not isinstance(bindings[0].stmt, ast.Assign) or bindings[0].parents:
        return None
    if node.frame is not scope.module and name in node.frame.definitions:
        return None
    return bindings[0].stmt.value if isinstance(bindings[0].stmt.targets[0], ast.Name) else None


def _element(scope: Scope, source: ast.expr, node: Node, call: ast.expr | None, depth: int) -> ast.expr | None:
    """The first element of what is iterated over."""
    if depth == 0:
        return None
    source = written(scope, source, node, call, depth)
    if isinstance(source, ast.Tuple | ast.List | ast.Set):
        return source.elts[0] if source.elts and not isinstance(source.elts[0], ast.Starred) else None
    if isinstance(source, ast.Dict):
        return source.keys[0] if source.keys else None
    if not isinstance(source, ast.Call):
        return None
    if isinstance(source.func, ast.Attribute) and source.func.attr in _VIEWS and not source.args:
        return _viewed(written(scope, source.func.value, node, call, depth), source.func.attr)
    if scope.path(source.func, node) == "itertools.product":
        return _row(scope, source.args, node, call, depth)
    if not isinstance(source.func, ast.Name) or scope.lookup(source.func.id, node) != ():
        return None
    name = source.func.id
    if name in _SAME_ELEMENTS and source.args:
        return _element(scope, source.args[0], node, call, depth - 1)
    if name == "enumerate" and source.args:
        element = _element(scope, source.args[0], node, call, depth - 1)
        return ast.Tuple([ast.Constant(0), element], ast.Load()) if element is not None else None
    if name == "zip":
        return _row(scope, source.args, node, call, depth)
    return None


def _row(
    scope: Scope, sources: Sequence[ast.expr], node: Node, call: ast.expr | None, depth: int
) -> ast.expr | None:
    """The first elements of several sources, as ``zip`` and ``product`` give them."""
    elements = [_element(scope, one, node, call, depth - 1) for one in sources]
    told = [one for one in elements if one is not None]
    return ast.Tuple(list(told), ast.Load()) if len(told) == len(elements) else None


def _viewed(source: ast.expr, view: str) -> ast.expr | None:
    """What ``items``, ``keys`` or ``values`` of a dict give first."""
    if not (isinstance(source, ast.Dict) and source.keys and source.keys[0] is not None):
        return None
    if view.endswith("items"):
        return ast.Tuple([source.keys[0], source.values[0]], ast.Load())
    return source.keys[0] if view.endswith("keys") else source.values[0]


def item(source: ast.expr, key: object) -> ast.expr | None:
    """What a display holds under a constant."""
    if isinstance(source, ast.Dict):
        for known, value in zip(source.keys, source.values, strict=True):
            if isinstance(known, ast.Constant) and known.value == key:
                return value
    if isinstance(source, ast.Tuple | ast.List) and type(key) is int and -len(source.elts) <= key < len(source.elts):
        return source.elts[key] if not any(isinstance(one, ast.Starred) for one in source.elts) else None
    return None


def _of_target(target: ast.expr, element: ast.expr, name: str) -> ast.expr | None:
    """The part of an element that a target binds to a name."""
    if isinstance(target, ast.Name):
        return element if target.id == name else None
    if isinstance(target, ast.Tuple | ast.List) and isinstance(element, ast.Tuple | ast.List):
        for single, part in zip(target.elts, element.elts, strict=False):
            found = _of_target(single, part, name)
            if found is not None:
                return found
    return None


def without_weights(call: ast.Call) -> tuple[ast.Call, ast.expr | None]:
    """``VGG16(weights=None)`` for one that would fetch its weights, and those; None: it gives none already."""
    given = [*call.args[1:2], *(one.value for one in call.keywords if one.arg == "weights")]
    weights = given[0] if given else ast.Constant("imagenet")
    if isinstance(weights, ast.Constant) and weights.value is None:
        return call, None
    none = ast.copy_location(ast.Constant(None), call)
    arguments, keywords = call.args, [one for one in call.keywords if one.arg != "weights"]
    if len(arguments) > 1:
        arguments = [arguments[0], none, *arguments[2:]]
    else:
        keywords.append(ast.keyword("weights", none))
    return ast.copy_location(ast.Call(call.func, arguments, keywords), call), weights
