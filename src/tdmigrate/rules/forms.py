"""Calls written anew as expressions of another form, with their arguments in it (``Form`` of keras1/entry.py)."""

from __future__ import annotations

import ast
import re

from tdmigrate.findings import Span
from tdmigrate.keras1.entry import Function
from tdmigrate.understanding.calls import Required, signature
from tdmigrate.understanding.facts import Bound
from tdmigrate.understanding.module import Module

_PART = re.compile(r"\{(\w+)\}")


def in_form(module: Module, entry: Function, bound: Bound, text: str) -> tuple[str | Span, ...] | None:
    """The new expression; None: an argument that is no mere name would be computed twice, or may not stand there."""
    words = _PART.split(text)  # text, name, text, name, … text
    made: list[str | Span] = [words[0]]
    for index in range(1, len(words), 2):
        name, behind = words[index], words[index + 1]
        argument = bound.arguments.get(name)
        if argument is None:
            default = signature(entry.signatures[bound.version]).default(name)
            if default is Required:
                return None
            made += [repr(default), behind]
            continue
        if words[1::2].count(name) > 1 and not _is_plain(argument.node):
            return None
        if words[index - 1].endswith(" in ") and assigns(argument.node):
            return None
        made += [module.span(argument.node), behind]
    return tuple(piece for piece in made if piece != "")


def assigns(node: ast.expr) -> bool:
    """Whether an expression holds an assignment, which what a comprehension goes over may not."""
    return any(isinstance(one, ast.NamedExpr) for one in ast.walk(node))


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression costs nothing to compute twice."""
    if isinstance(node, ast.Attribute):
        return _is_plain(node.value)
    return isinstance(node, (ast.Name, ast.Constant))
