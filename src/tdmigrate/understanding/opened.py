"""The calls of ``open`` that files come from, and their modes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from tdmigrate.understanding.variables import Variables

OPENERS: Final = frozenset(("open", "file", "io.open"))


def opened(variables: Variables, node: ast.expr) -> list[ast.Call]:
    """The calls of ``open`` that a file comes from; none: it may come from elsewhere."""
    made: Sequence[ast.expr] = [node] if isinstance(node, ast.Call) else variables.origins(node)
    found = calls_of_open(variables, made)
    return found if len(found) == len(made) else []


def calls_of_open(variables: Variables, made: Sequence[ast.expr]) -> list[ast.Call]:
    return [one for one in made if isinstance(one, ast.Call) and variables.full(one.func) in OPENERS]


def mode_of(call: ast.Call) -> tuple[int | None, str | None]:
    """The index of the argument that is a file's mode, and the mode; None: that it is not known."""
    for index, one in enumerate((*call.args, *(keyword.value for keyword in call.keywords))):
        name = call.keywords[index - len(call.args)].arg if index >= len(call.args) else None
        if name == "mode" or (index == 1 and name is None):
            known = isinstance(one, ast.Constant) and isinstance(one.value, str)
            return index, one.value if known else None  # type: ignore[attr-defined]
        if isinstance(one, ast.Starred) or (index >= len(call.args) and name is None):
            return None, None
    return None, "r"
