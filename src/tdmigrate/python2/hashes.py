"""P207: classes with ``__eq__`` and without ``__hash__``, whose objects Python 3 puts into no set and no dict."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tdmigrate.findings import Evidence, Finding, Severity
from tdmigrate.python2.base import GONE, Source
from tdmigrate.rules.arguments import is_none

# whose objects Python 2 did not take as keys either
_NO_KEYS: Final = frozenset(("bytearray", "dict", "list", "set"))
_LISTS: Final = (ast.List, ast.ListComp, ast.Tuple)
_SETS: Final = frozenset(("frozenset", "set"))


def hashes(source: Source) -> Iterator[Finding]:
    found = [node for node in source.nodes if isinstance(node, ast.ClassDef) and _loses_hash(source, node)]
    keys: dict[ast.ClassDef, ast.expr] = {}
    for one in _keys(source) if found else ():
        for own in _classes(source, one):
            keys.setdefault(own, one)
    for node in found:
        equal = next(one for one in source.binds(node, "__eq__") if isinstance(one, ast.FunctionDef))
        key = keys.get(node)
        evidence = () if key is None else (Evidence(source.span(key), "here an object of it is a key"),)
        message = (
            f"{node.name} has __eq__ and no __hash__: Python 3 takes its objects into no set, and as no key of a dict; "
            "__hash__ = object.__hash__ in the class keeps what Python 2 did"
        )
        severity = Severity.NOTE if key is None else Severity.ERROR
        yield source.one(GONE, equal, message, severity=severity, evidence=evidence)


def _loses_hash(source: Source, node: ast.ClassDef) -> bool:
    defines = any(isinstance(one, ast.FunctionDef) for one in source.binds(node, "__eq__"))
    has_hash = source.binds(node, "__hash__") or f"{node.name}.__hash__" in source.stored
    return defines and not has_hash and _is_hashed(source, node)


def _is_hashed(source: Source, node: ast.ClassDef) -> bool:
    """Whether Python 2 took its objects as keys: not those of a class with __eq__ and no base but of this kind."""
    seen: set[ast.AST] = set()
    pending: list[ast.expr] = [*node.bases]
    is_new = False
    while pending:
        base = pending.pop()
        name = source.full(base)
        if name in _NO_KEYS or name.startswith("collections."):
            return False
        own = _class(source, base)
        if own is not None and any(_is_set_to_none(source, one) for one in source.binds(own, "__hash__")):
            return False
        is_new = is_new or own is None
        if own is not None and own not in seen:
            seen.add(own)
            pending += own.bases
    return is_new


def _is_set_to_none(source: Source, binder: ast.AST) -> bool:
    statement = source.tree.of(binder)
    return isinstance(statement, ast.Assign) and is_none(statement.value)


def _class(source: Source, node: ast.expr) -> ast.ClassDef | None:
    """The class of the source that a name is."""
    found = source.bindings(node, node.id) if isinstance(node, ast.Name) else []
    return found[0] if len(found) == 1 and isinstance(found[0], ast.ClassDef) else None


def _keys(source: Source) -> Iterator[ast.expr]:
    """What the source puts into sets, and takes as keys of dicts."""
    for node in source.nodes:
        if isinstance(node, ast.Set):
            yield from node.elts
        elif isinstance(node, ast.Dict):
            yield from filter(None, node.keys)
        elif isinstance(node, ast.SetComp):
            yield node.elt
        elif isinstance(node, ast.DictComp):
            yield node.key
        elif isinstance(node, ast.Subscript) and not any(isinstance(one, _LISTS) for one in source.origins(node.value)):
            yield node.slice
        elif isinstance(node, ast.Call) and node.args:
            yield from _given(source, node)


def _given(source: Source, node: ast.Call) -> Iterator[ast.expr]:
    func, first = node.func, node.args[0]
    if source.full(func) in _SETS or getattr(func, "attr", "") == "fromkeys":
        if isinstance(first, (ast.List, ast.Tuple)):
            yield from first.elts
        elif isinstance(first, (ast.ListComp, ast.GeneratorExp)):
            yield first.elt
    elif source.full(func) == "hash":
        yield first
    elif isinstance(func, ast.Attribute) and func.attr in ("add", "discard", "remove"):
        made = source.origins(func.value)
        if made and all(isinstance(one, ast.Call) and source.full(one.func) == "set" for one in made):
            yield first


def _classes(source: Source, node: ast.expr) -> list[ast.ClassDef]:
    """The classes of the source that an expression is an object of; none: it may be of another."""
    if isinstance(node, ast.Name) and node.id == "self":
        method = source.tree.home(node)
        own = source.tree.of(method)
        return [own] if isinstance(own, ast.ClassDef) and not getattr(method, "decorator_list", ()) else []
    made = source.origins(node) if isinstance(node, ast.Name) else [node]
    found = [_class(source, one.func) for one in made if isinstance(one, ast.Call)]
    return [one for one in found if one is not None] if len(found) == len(made) else []
