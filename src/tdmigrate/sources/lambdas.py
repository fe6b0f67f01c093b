"""Parameters in parentheses of ``lambda``, which Python 3 does not have: ``lambda (a, b): b`` takes one, ``a_b[1]``.

fissix loses a level of nested ones, takes attributes and keywords for parameters, and leaves all but a lone one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def unpack_lambdas(tree: Any) -> None:
    """Rewrite every such lambda of a tree of fissix; one that binds a parameter anew in its body stays as it is."""
    from fissix.pygram import python_symbols as symbols

    known = {leaf.value for leaf in tree.leaves()}
    for node in list(tree.post_order()):
        if node.type in (symbols.lambdef, symbols.old_lambdef):
            _Lambda(node, known).rewrite()


class _Lambda:
    def __init__(self, node: Any, known: set[str]) -> None:
        from fissix.pgen2 import token
        from fissix.pygram import python_symbols as symbols

        self._token, self._symbols = token, symbols
        self._node = node
        self._known = known  # all words of the source

    def rewrite(self) -> None:
        several = self._node.children[1]
        parameters = [several] if several.type == self._symbols.vfpdef else list(several.children)
        found = [(one, self._indexes(one)) for one in parameters if one.type == self._symbols.vfpdef]
        names = [name for _, indexes in found for name in indexes]
        body = self._node.children[-1]
        if not found or any(self._is_bound(name, body) for name in names):
            return
        for parameter, indexes in found:
            from fissix.fixer_util import Name

            name = next(iter(indexes)) if list(indexes.values()) == [()] else self._new("_".join(indexes))
            first = parameter is found[0][0] and parameter is parameters[0]
            parameter.replace(Name(name, prefix=parameter.prefix or " " * first))
            for leaf in list(self._node.children[-1].leaves()):
                if leaf.value in indexes and indexes[leaf.value] and self._is_read(leaf):
                    subscripts = "".join(f"[{index}]" for index in indexes[leaf.value])
                    leaf.replace(Name(f"{name}{subscripts}", prefix=leaf.prefix))

    def _indexes(self, parameter: Any, above: tuple[int, ...] = ()) -> dict[str, tuple[int, ...]]:
        """The names in a parameter, and where each is in what is given for it."""
        if parameter.type == self._token.NAME:
            return {parameter.value: above}
        if parameter.type == self._symbols.vfpdef:
            return self._indexes(parameter.children[1], above)
        members = [child for child in parameter.children if child.type != self._token.COMMA]
        found: dict[str, tuple[int, ...]] = {}
        for index, member in enumerate(members):
            found.update(self._indexes(member, (*above, index)))
        return found

    def _new(self, name: str) -> str:
        """A name that the source does not have."""
        while name in self._known:
            name += "_"
        return name

    def _is_read(self, leaf: Any) -> bool:
        """Whether a name is no attribute and no keyword."""
        before, behind = leaf.prev_sibling, leaf.next_sibling
        attribute = before is not None and before.type == self._token.DOT
        keyword = leaf.parent.type == self._symbols.argument and getattr(behind, "value", "") == "="
        return leaf.type == self._token.NAME and not attribute and not keyword

    def _is_bound(self, name: str, body: Any) -> bool:
        """Whether the body gives a name another value: a loop in it, or a lambda of its own."""
        return any(leaf.value == name for node in body.pre_order() for leaf in self._binding(node))

    def _binding(self, node: Any) -> Iterator[Any]:
        if node.type == self._symbols.comp_for:
            loop = next(i for i, child in enumerate(node.children) if getattr(child, "value", "") == "for")
            yield from node.children[loop + 1].leaves()
        elif node.type in (self._symbols.lambdef, self._symbols.old_lambdef) and len(node.children) > 3:
            yield from node.children[1].leaves()
