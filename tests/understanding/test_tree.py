"""The index of a module says what a walk says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tdmigrate.understanding.module import Module
from tdmigrate.understanding.tree import Tree, key

HERE = Path(__file__)
SOURCES = [HERE, *sorted((HERE.parents[2] / "src/tdmigrate/understanding").glob("c*.py"))]


def _walked(node: ast.AST, name: str) -> list[ast.expr]:
    found = [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute)) and key(one) == name]
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_mentions_are_those_of_a_walk(path: Path) -> None:
    module = Module(path.read_text("utf-8"))
    tree = Tree(module)
    found = 0
    for node in ast.walk(module.tree):
        if isinstance(node, (ast.stmt, ast.Call, ast.Lambda)):
            for name in ("self", "node", "self._tree", "name"):
                assert tree.mentions(node, name) == _walked(node, name)
                found += len(tree.mentions(node, name))
        if isinstance(node, ast.stmt):
            block, place = tree.block(node), tree.place(node)
            assert block[place] is node
            behind = [one for other in block[place + 1 :] for one in _walked(other, "node")]
            assert tree.mentions_behind(node, "node") == behind
    assert found > 5


def test_an_assignment_before_a_statement() -> None:
    module = Module("a = 1\nb = a\na = 2\nif b:\n    a = 3\n    b = a\nc = a\n")
    tree = Tree(module)
    last, inner = module.tree.body[-1], module.tree.body[3].body[1]  # type: ignore[attr-defined]
    assert [tree.is_assigned("a", last, start) for start in (0, 2, 3)] == [True, True, False]
    assert tree.is_assigned("a", inner, 0)
    assert not tree.is_assigned("b", inner, 0)
    assert tree.beside(inner.value, last) is module.tree.body[3]
    assert tree.beside(module.tree, last) is None


def test_what_a_function_has_for_itself() -> None:
    module = Module("def f(a):\n    global b\n    b = c = a\n    m.add(a)\ndef g(m):\n    m.add(1)\n")
    tree = Tree(module)
    function = module.tree.body[0]
    assert [tree.binds(function, name) for name in "abcm"] == [True, False, True, False]
    assert [tree.is_shared(one, "b") for one in module.tree.body] == [True, False]
    assert tree.adders == {"g"}
