"""Names that a Python 2 source gives a value of its own, each in its scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Owned:
    """What a tree of fissix binds, as it was when it was asked."""

    def __init__(self, tree: Any) -> None:
        from fissix.pygram import python_symbols as symbols

        self._functions = (symbols.funcdef, symbols.lambdef, symbols.old_lambdef)
        self._scopes = (*self._functions, symbols.classdef)
        self._names: dict[str, list[Any]] = {}  # name → the scopes that bind it; None: the module
        for leaf in _bound(tree):
            self._names.setdefault(leaf.value, []).append(self._scope(leaf, leaf.value))

    def has(self, leaf: Any) -> bool:
        """Whether the name at a leaf is one that the source binds, in a scope around it."""
        scopes = self._names.get(leaf.value)
        if scopes is None:
            return False
        around = leaf.parent
        nearest = True  # a class's own names are not seen in its methods
        while around is not None:
            if around.type in self._scopes:
                if any(scope is around for scope in scopes) and (nearest or around.type in self._functions):
                    return True
                nearest = False
            around = around.parent
        return None in scopes

    def _scope(self, leaf: Any, name: str) -> Any:
        """The function, lambda or class in which a leaf binds its name; None: the module."""
        before, around = leaf, leaf.parent
        while around is not None:
            if around.type in self._scopes:
                named = around.type not in (self._functions[1:]) and len(around.children) > 1
                if not (named and around.children[1] is before):  # the name of a function is bound outside of it
                    return around
            before, around = around, around.parent
        return None


def _bound(tree: Any) -> Iterator[Any]:
    from fissix.pygram import python_symbols as symbols

    parameters = (symbols.parameters, symbols.typedargslist, symbols.tfplist, symbols.varargslist, symbols.vfplist)
    imports = (symbols.import_from, symbols.import_as_names, symbols.import_name, symbols.dotted_as_names)
    loops = (symbols.for_stmt, symbols.comp_for)
    before = ""
    for leaf in tree.leaves():
        parent = leaf.parent.type if leaf.parent is not None else None
        following = leaf.next_sibling.value if getattr(leaf.next_sibling, "value", None) is not None else ""
        if leaf.value.isidentifier() and (
            before in ("def", "class", "as", "for", "lambda")
            or (following == "=" and parent not in (symbols.argument, symbols.trailer))
            or (parent in parameters and before not in ("=", ":"))
            or (parent in imports and before in ("import", ",", "("))
            or (before == "," and (parent == symbols.except_clause or _is_target(leaf, loops, symbols.expr_stmt)))
            or (following == "," and _is_target(leaf, loops, symbols.expr_stmt))
        ):
            yield leaf
        before = leaf.value


def _is_target(leaf: Any, loops: tuple[int, ...], assignment: int) -> bool:
    """Whether it is one of several names that a loop or an assignment binds."""
    several, around = leaf.parent, leaf.parent.parent
    if around is None:
        return False
    if around.type in loops:
        return bool(around.children[1] is several)
    return around.type == assignment and around.children[0] is several
