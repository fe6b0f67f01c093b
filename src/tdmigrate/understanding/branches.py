"""What the branches around a place say: which of two places alone runs, what is caught there, what is asked before."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from tdmigrate.understanding.tree import Tree


def is_either(tree: Tree, one: ast.AST, other: ast.AST) -> bool:
    """Whether two nodes stand in branches of which one alone runs."""
    there = dict(_branches(tree, other))
    return any(there.get(at, branch) != branch for at, branch in _branches(tree, one))


def is_guarded(tree: Tree, node: ast.AST, *names: str) -> bool:
    """Whether a ``try`` that a node stands in catches one of these, or a ``with`` there is told of it."""
    if any(_catches(one, names) for one, inside in _tries(tree, node) if inside):
        return True
    blocks = (above for above in tree.up(node) if isinstance(above, (ast.With, ast.AsyncWith)))
    given = (one for block in blocks for item in block.items for one in ast.walk(item.context_expr))
    return any(isinstance(one, ast.Name) and one.id in names for one in given)


def is_instead(tree: Tree, node: ast.AST, *names: str) -> bool:
    """Whether it is guarded, or stands in for what is."""
    return any(_catches(one, names) for one, _ in _tries(tree, node))


def is_asked_for(tree: Tree, node: ast.AST, word: str) -> bool:
    """Whether a condition around a node asks for this word, as ``hasattr(x, "decode")`` does."""
    tests = (one.test for one in tree.up(node) if isinstance(one, (ast.If, ast.IfExp)))
    beside = (one for one in tree.up(node) if isinstance(one, ast.BoolOp))
    return any(
        word in (getattr(one, "value", None), getattr(one, "id", None), getattr(one, "attr", None))
        for test in (*tests, *beside)
        for one in ast.walk(test)
    )


def is_for_both(tree: Tree, node: ast.AST) -> bool:
    """Whether a condition around a node asks which Python it is."""
    return any(is_asked_for(tree, node, word) for word in ("PY2", "PY3", "version_info"))


def _tries(tree: Tree, node: ast.AST) -> Iterator[tuple[ast.Try, bool]]:
    """Every ``try`` around a node, and whether it catches what the node raises."""
    for above in tree.up(node):
        if isinstance(above, ast.Try):
            yield above, _holds(above.body, node)
        node = above


def _catches(tried: ast.Try, names: Collection[str]) -> bool:
    for handler in tried.handlers:
        caught = ast.walk(handler.type) if handler.type is not None else ()
        if handler.type is None or any(isinstance(one, ast.Name) and one.id in names for one in caught):
            return True
    return False


def _branches(tree: Tree, node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Of each ``if`` and ``try`` around a node: the branch it stands in."""
    for above in tree.up(node):
        if isinstance(above, (ast.If, ast.IfExp)):
            if node is not above.test:
                yield above, "else" if node is above.orelse or _holds(above.orelse, node) else "then"
        elif isinstance(above, ast.Try):
            if isinstance(node, ast.ExceptHandler):
                yield above, f"handler {above.handlers.index(node)}"
            elif _holds(above.orelse, node):
                yield above, "no handler"
        node = above


def _holds(block: object, node: ast.AST) -> bool:
    return isinstance(block, list) and any(one is node for one in block)
