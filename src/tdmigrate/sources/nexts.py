"""``iterator.next()`` of Python 2, which is ``next(iterator)``, wherever it stands in an expression.

fissix knows it at the end of one alone, and takes every attribute that is called ``next`` for it, such as those of
linked lists.
"""

from __future__ import annotations

from typing import Any

from tdmigrate.sources.owned import Owned

_OLD, _NEW = "next", "__next__"


def rename_nexts(tree: Any, owned: Owned) -> None:
    """Rewrite the calls of iterators' methods in a tree of fissix, and the methods that classes define."""
    _Nexts(tree, owned).rewrite()


class _Nexts:
    def __init__(self, tree: Any, owned: Owned) -> None:
        from fissix.pygram import python_symbols as symbols

        self._symbols = symbols
        self._tree = tree
        self._owned = owned
        leaves = [leaf for leaf in tree.leaves() if leaf.value in (_OLD, _NEW)]
        self._for_both = any(leaf.value == _NEW for leaf in leaves)
        self._methods = [leaf.parent for leaf in leaves if self._is_method(leaf)]
        self._classes = {method.parent.parent.children[1].value for method in self._methods}

    def rewrite(self) -> None:
        if any(len(list(method.children[2].leaves())) > 3 for method in self._methods):
            return  # it takes more than ``self``: no loop calls it
        for node in list(self._tree.post_order()):
            if node.type == self._symbols.power:
                self._calls(node)
        for method in self._methods if not self._for_both else ():
            method.children[1].value = _NEW
            method.children[1].changed()

    def _is_method(self, leaf: Any) -> bool:
        function = leaf.parent
        inside = function.type == self._symbols.funcdef and function.children[1] is leaf
        suite = function.parent if inside else None
        return suite is not None and suite.parent is not None and suite.parent.type == self._symbols.classdef

    def _calls(self, power: Any) -> None:
        """Every ``.next`` in an expression with trailers, from the left."""
        index = 1
        while index < len(power.children):
            if [leaf.value for leaf in power.children[index].leaves()] == [".", _OLD]:
                power = self._rewritten(power, index)
            index += 1

    def _rewritten(self, power: Any, index: int) -> Any:
        """The expression with its trailer at ``index``, which is ``.next``, rewritten where it is an iterator's."""
        head, name = power.children[0], power.children[index].children[1]
        behind = power.children[index + 1] if index + 1 < len(power.children) else None
        of_super = getattr(head, "value", "") == "super"
        if behind is None or not str(behind).lstrip().startswith("("):  # handed on: iter(file.next, '')
            given = power.parent.parent if power.parent.type == self._symbols.arglist else power.parent
            renamed = given.type == self._symbols.trailer and getattr(given.prev_sibling, "value", "") == "iter"
        elif len(behind.children) > 2:  # of a class: Base.next(self)
            renamed = index == 1 and getattr(head, "value", "") in self._classes and not self._for_both
        elif of_super or self._owned.has(name):
            renamed = not (of_super and self._for_both)
        else:
            return self._called(power, index)
        if renamed:
            name.value = _NEW
            name.changed()
        return power

    def _called(self, power: Any, index: int) -> Any:
        """``next(…)`` of what stands before the trailer at ``index``, followed by what stands behind its call."""
        from fissix.fixer_util import Call, Name
        from fissix.pytree import Node

        prefix, children = power.prefix, list(power.children)
        for child in children:
            child.remove()
        base = children[0] if index == 1 else Node(self._symbols.power, children[:index])
        base.prefix = ""
        new = Call(Name(_OLD), [base], prefix=prefix)
        rest = children[index + 2 :]
        for child in rest:
            new.append_child(child)
        power.replace(new)
        return new
