"""P207: objects that have no hash in Python 3."""

from __future__ import annotations

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.pipeline import run_text

from .test_check import HEAD, told


@pytest.mark.parametrize(
    ("lines", "severity"),
    [
        ("", "note"),
        ("x = {A(): 1}", "error"),
        ("a = A()\nx[a] = 1", "error"),
        ("x = set([A() for i in b])", "error"),
        ("x = set()\nx.add(A())", "error"),
        ("x = hash(A())", "error"),
        ("    def f(self): x[self] = 1", "error"),
        ("model.add(A())", "note"),
        ("A = B", "note"),
        ("    def __hash__(self): return 1", None),
        ("    __hash__ = object.__hash__", None),
        ("A.__hash__ = f", None),
        ("x = [1]\ny = x[A()]", "note"),
        ("    @staticmethod\n    def f(self): return {self: 1}", "note"),
    ],
)
def test_an_object_without_a_hash(lines: str, severity: str | None) -> None:
    text = f"{HEAD}class A(object):\n    def __eq__(self, other): return True\n{lines}\nprint 1\n"
    (file,) = run_text(STDIN, text.encode(), Settings()).files
    assert [one.severity.value for one in file.findings if one.code == "P207"] == ([severity] if severity else [])


def test_a_method_in_a_branch_of_the_class() -> None:
    assert told("P207", "class A(object):\n    if x:\n        def __eq__(self, other): return True") == [(3, False)]


@pytest.mark.parametrize(
    "head",
    ["class A:", "class A(dict):", "class B: pass\nclass A(B):", "class B(object): __hash__ = None\nclass A(B):"],
)
def test_an_object_that_never_had_a_hash(head: str) -> None:
    assert told("P207", f"{head}\n    def __eq__(self, other): return True\nx = {{A(): 1}}") == []
