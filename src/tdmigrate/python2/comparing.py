"""P204: sorting by comparing two."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tdmigrate.findings import ArgumentEdit, CallEdit, Finding, Import
from tdmigrate.python2.base import ORDER, Source
from tdmigrate.rules.arguments import is_none
from tdmigrate.understanding.branches import is_guarded
from tdmigrate.understanding.tree import FUNCTIONS, Function

_COMPARES: Final = "Python 3 sorts by keys alone: what compared two is wrapped in functools.cmp_to_key"
_SIGNATURE: Final = ("cmp", "key", "reverse")  # of list.sort; sorted has what it sorts before it
_WRAPPED: Final = "functools.cmp_to_key({})"


def ordering(source: Source) -> Iterator[Finding]:
    told: set[ast.expr] = set()  # names cmp that a finding names already
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "sort":
            yield from _sort(source, node, 0, told)
        elif source.full(node.func) == "sorted":
            yield from _sort(source, node, 1, told)
    for node in source.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and source.full(node) == "cmp":
            above = source.tree.of(node)
            if isinstance(above, ast.Call) and above.func is node:
                yield source.one(ORDER, above, "Python 3 has no cmp: write (a > b) - (a < b)")
            elif node not in told and not is_guarded(source.tree, node, "NameError"):
                yield source.one(ORDER, node, "Python 3 has no cmp: write lambda a, b: (a > b) - (a < b)")


def _sort(source: Source, node: ast.Call, position: int, told: set[ast.expr]) -> Iterator[Finding]:
    if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
        return
    given = dict(zip(_SIGNATURE, enumerate(node.args[position:], position), strict=False))
    by_place = frozenset(given)
    given.update((one.arg or "", (i, one.value)) for i, one in enumerate(node.keywords, len(node.args)))
    if "cmp" not in given:
        return
    index, comparer = given["cmp"]
    key = given.get("key")
    drops = is_none(comparer) or source.full(comparer) == "cmp"
    if drops:
        if position == 0 and by_place == {"cmp"} and is_none(comparer) and not node.keywords:
            return  # `a.sort(None)` sorts in Python 3 as well, where an array does
        told.add(comparer)
    elif "cmp" in by_place and not _compares(source, comparer):
        if position == 1:
            message = "Python 3 takes no function behind what it sorts: one of two is key=functools.cmp_to_key(…)"
            yield source.one(ORDER, node, message)
        return
    elif key is not None and not is_none(key[1]):
        message = "Python 3 sorts by keys alone: join what compared two and the key, key=functools.cmp_to_key(…)"
        yield source.one(ORDER, node, message)
        return
    edits = [ArgumentEdit(index, drop=True) if drops else ArgumentEdit(index, keyword="key", value=_WRAPPED)]
    for name, (at, value) in given.items():
        if name == "key" and is_none(value):
            edits.append(ArgumentEdit(at, drop=True))
        elif name != "cmp" and name in by_place:
            edits.append(ArgumentEdit(at, keyword=name))
    message = "Python 3 sorts by keys alone: without a function that compares it sorts the same" if drops else _COMPARES
    if position == 0 and "sort" in source.methods:  # it may be the source's own
        yield source.one(ORDER, node, message)
        return
    imports = () if drops else (Import("functools"),)
    yield source.one(ORDER, node, message, CallEdit(source.span(node), arguments=tuple(edits)), imports=imports)


def _compares(source: Source, node: ast.expr) -> bool:
    """Whether it is known as a function of two."""
    if isinstance(node, ast.Lambda):
        return _takes_two(node)
    if isinstance(node, ast.Name):
        found = source.bindings(node, node.id)
        values = [one if isinstance(one, FUNCTIONS) else _assigned(source, one) for one in found]
        return bool(values) and all(one is not None and _takes_two(one) for one in values)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        inside = (one for one in source.tree.up(node) if isinstance(one, ast.ClassDef))
        named = (one for one in source.nodes if isinstance(one, ast.ClassDef) and one.name == node.value.id)
        for owner in inside if node.value.id in ("self", "cls") else named:
            method = next((one for one in owner.body if getattr(one, "name", "") == node.attr), None)
            if isinstance(method, ast.FunctionDef):
                static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in method.decorator_list)
                return _takes_two(method, 0 if static or node.value.id not in ("self", "cls") else 1)
    return False


def _assigned(source: Source, binder: ast.AST) -> ast.Lambda | None:
    above = source.tree.of(binder)
    return above.value if isinstance(above, ast.Assign) and isinstance(above.value, ast.Lambda) else None


def _takes_two(function: Function, bound: int = 0) -> bool:
    """Whether it can be called with two, beside those that are bound."""
    arguments = function.args
    most = len(arguments.posonlyargs) + len(arguments.args) - bound
    return most - len(arguments.defaults) <= 2 and (most >= 2 or arguments.vararg is not None)
