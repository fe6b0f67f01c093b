"""The words that a source's code has: what comments say is none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tdmigrate.records import NamedTuple


class Words(NamedTuple):
    """Every word of a kind, wherever it stands."""

    attributes: frozenset[str]  # "compile" of ``model.compile``
    called: frozenset[str]  # "compile" of ``model.compile()``, "build" of ``build()``
    bound: frozenset[str]  # variables, functions and classes
    texts: frozenset[str]  # strings
    imported: frozenset[str]  # packages: "numpy" of ``from numpy.random import seed``


def words(nodes: Iterable[ast.AST]) -> Words:
    """The words of these nodes."""
    attributes, called, bound, texts, imported = (set[str]() for _ in Words._fields)
    for node in nodes:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                bound.add(node.id)
        elif isinstance(node, ast.Attribute):
            attributes.add(node.attr)
        elif isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                texts.add(node.value)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                called.add(node.func.id)
            elif isinstance(node.func, ast.Attribute):
                called.add(node.func.attr)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Import):
            imported.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            imported.add(node.module.partition(".")[0])
    return Words(*map(frozenset, (attributes, called, bound, texts, imported)))
