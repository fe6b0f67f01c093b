"""Variables for the nodes of a graph: names that say what the nodes were called and that nothing else uses."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterable

from tdmigrate.keras1 import registry
from tdmigrate.keras1.graphs import MERGES
from tdmigrate.understanding.module import Module

_WRITTEN = frozenset((*(path.rpartition(".")[2] for path in MERGES.values()), "Input", "Model", "Reshape"))


class Variables:
    """The variables of one module's new functional models."""

    def __init__(self, module: Module, imported: Iterable[str]) -> None:
        """``imported``: names that new text elsewhere imports."""
        self._taken = _reserved().union(_names(module.tree), imported)
        self._given: list[tuple[int, int, set[str]]] = []  # first and last row of a graph, and its variables

    def of(self, first: int, last: int) -> Naming:
        """The naming for a graph that is built in these rows; graphs built apart may share names of variables."""
        own: set[str] = set()
        near = [names for start, end, names in self._given if start <= last and first <= end]
        self._given.append((first, last, own))
        return Naming(self._taken.union(*near), own)


class Naming:
    """Gives each node of one graph its variable."""

    def __init__(self, taken: Iterable[str], own: set[str]) -> None:
        self._taken = frozenset(taken)
        self._own = own

    def new(self, node: str) -> str:
        """``input`` → ``input_``, ``1st-conv`` → ``node_1st_conv``."""
        name = re.sub(r"\W", "_", node)
        if not name.isidentifier():
            name = f"node_{name}"
        while name in self._taken or name in self._own or keyword.iskeyword(name):
            name += "_"
        self._own.add(name)
        return name


def _names(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.partition(".")[0]
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name is not None:
            yield node.name


def _reserved() -> frozenset[str]:
    """What new text may import, or a person expects to be something else."""
    entries = registry.all_entries()
    names = {entry.name for entry in entries} | {e.keras3.path.rpartition(".")[2] for e in entries if e.keras3}
    return frozenset(dir(builtins)) | {name for name in names if name[0].isupper()} | _WRITTEN
