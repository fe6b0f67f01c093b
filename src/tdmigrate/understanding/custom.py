"""Classes of the source that derive from a layer of Keras, and what stands in them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import TypeGuard

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Layer
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.names import Names

# from these modules come the getters that make an object of a name
GETTERS = {
    "keras.initializations.get": "initializers",
    "keras.regularizers.get": "regularizers",
    "keras.constraints.get": "constraints",
    "keras.activations.get": "activations",
}


class LayerClass(NamedTuple):
    """A class that derives, directly or through classes of the same source, from a layer of Keras.

    ``base``: the name of that layer's entry. ``methods``: its own, by name. ``family``: it and the classes of the
    source between it and Keras. ``made``: attributes of ``self`` that hold what a getter gave, with its module.
    """

    node: ast.ClassDef
    base: str
    methods: Mapping[str, ast.FunctionDef]
    family: tuple[ast.ClassDef, ...]
    made: Mapping[str, str]


def layer_classes(tree: ast.Module, names: Names) -> tuple[LayerClass, ...]:
    """Every such class of a module, in order of place."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    by_name: dict[str, ast.ClassDef | None] = {}
    for node in classes:
        by_name[node.name] = None if node.name in by_name else node
    found = []
    for node in classes:
        family: list[ast.ClassDef] = []
        base = _base(node, names, by_name.get, family)
        if base is not None:
            methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
            found.append(LayerClass(node, base, methods, tuple(family), _made(family, names)))
    return tuple(sorted(found, key=lambda one: (one.node.lineno, one.node.col_offset)))


def _base(
    node: ast.ClassDef, names: Names, named: Callable[[str], ast.ClassDef | None], family: list[ast.ClassDef]
) -> str | None:
    if node in family:
        return None
    family.append(node)
    for base in node.bases:
        symbol = names.resolve(base)
        if symbol is not None:
            entry = registry.lookup(symbol.path)
            return entry.name if isinstance(entry, Layer) else None
        own = named(base.id) if isinstance(base, ast.Name) else None
        found = _base(own, names, named, family) if own is not None else None
        if found is not None:
            return found
    return None


def _made(family: list[ast.ClassDef], names: Names) -> dict[str, str]:
    made: dict[str, str] = {}
    for one in (node for owner in family for node in ast.walk(owner)):
        if not (isinstance(one, ast.Assign) and isinstance(one.value, ast.Call)):
            continue
        symbol = names.resolve(one.value.func)
        module = GETTERS.get(symbol.path) if symbol is not None else None
        for target in one.targets if module is not None else ():
            if is_own(target):
                made[target.attr] = module or ""
    return made


def is_own(node: ast.AST, name: str = "") -> TypeGuard[ast.Attribute]:
    """Whether an expression is an attribute of ``self``, of that name."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and name in ("", node.attr)
    )


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block and those of the blocks in it, without those of functions and classes."""
    for one in body:
        yield one
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for inner in ("body", "orelse", "finalbody"):
            yield from statements(getattr(one, inner, []))
