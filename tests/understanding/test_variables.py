"""Whose a name is, where its value comes from, and which of two places alone runs."""

from __future__ import annotations

import ast

import pytest

from tdmigrate.understanding.branches import is_either, is_guarded, is_instead
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.variables import Variables


def _read(text: str) -> tuple[Variables, ast.expr]:
    """The variables of a source, and what is the argument of its call of ``see``."""
    variables = Variables(Module(text))
    calls = [node for node in variables.nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "see"]
    return variables, calls[-1].args[0]


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("import os.path as p\nsee(p.walk)", "os.path.walk"),
        ("from time import clock as c\ndef f(): see(c)", "time.clock"),
        ("see(cmp)", "cmp"),
        ("def f(cmp): see(cmp)", ""),
        ("class A:\n    cmp = 1\n    def f(self): see(cmp)", "cmp"),
        ("def f():\n    global g\n    g = 1\nsee(g)", ""),
        ("x = [cmp for cmp in a if see(cmp)]", ""),
        ("x = [see(cmp) for a in b for cmp in a]\ncmp", ""),
        ("x = [cmp for cmp in see(cmp)]", "cmp"),
        ("def f(cmp, a=see(cmp)): pass", "cmp"),
        ("@see(cmp)\ndef f(cmp): pass", "cmp"),
    ],
)
def test_what_a_name_stands_for(text: str, full: str) -> None:
    variables, node = _read(text)
    assert variables.full(node) == full


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("x = 1\nx = 2\nsee(x)", ["2"]),
        ("x = 1\nif a: x = 2\nsee(x)", ["2", "1"]),
        ("if a: x = 1\nelse: x = 2; see(x)", ["2"]),
        ("with a as x: see(x)", ["a"]),
        ("def f(x):\n    if x: x = 2\n    see(x)", []),
        ("def f(self): self.x = 1\ndef g(self): see(self.x)", ["1"]),
        ("for x in a: see(x)", []),
    ],
)
def test_where_a_value_comes_from(text: str, values: list[str]) -> None:
    variables, node = _read(text)
    assert [ast.unparse(one) for one in variables.origins(node)] == values


def test_what_a_loop_walks_and_what_is_unpacked() -> None:
    variables, node = _read("for x in a.b: see(x)")
    walked = variables.elements(node)
    assert walked is not None
    assert ast.unparse(walked) == "a.b"
    variables, node = _read("x, y = f()\nsee(y)")
    value, place = variables.unpacked(node) or (node, 0)
    assert (ast.unparse(value), place) == ("f()", 1)


def test_branches() -> None:
    module = Module("if a: b\nelse: c\ntry: d\nexcept KeyError: e\nf\n")
    tree = Variables(module).tree
    a, b, c, d, e, f = sorted(
        (node for node in ast.walk(module.tree) if isinstance(node, ast.Name) and node.id != "KeyError"),
        key=lambda node: node.id,
    )
    assert is_either(tree, b, c)
    assert not any(is_either(tree, one, other) for one, other in ((a, b), (b, d), (d, e), (e, f)))
    assert is_guarded(tree, d, "KeyError")
    assert not is_guarded(tree, d, "ValueError")
    assert not is_guarded(tree, e, "KeyError")
    assert is_instead(tree, e, "KeyError")
    assert not is_instead(tree, f, "KeyError")
