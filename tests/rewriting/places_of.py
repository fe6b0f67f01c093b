"""Ways to name a place of a source by its code, for the tests of this room."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Edit, Fix, Import, Span
from tdmigrate.understanding.module import Module


def where(text: str, code: str, *, statement: bool = False) -> Span:
    """The span of the first expression (or statement) that reads ``code``."""
    module = Module(text)
    for node in ast.walk(module.tree):
        wanted = isinstance(node, ast.stmt) if statement else isinstance(node, ast.expr)
        if wanted and module.segment(node) == code:  # type: ignore[arg-type]
            return module.span(node)  # type: ignore[arg-type]
    raise AssertionError(f"no {code!r} in {text!r}")


def only(text: str, kind: type[ast.expr] | type[ast.stmt]) -> Span:
    """The span of the first node of a kind, outermost first."""
    module = Module(text)
    node = next(node for node in ast.walk(module.tree) if isinstance(node, kind))
    return module.span(node)


def fix(*edits: Edit, imports: tuple[Import, ...] = ()) -> Fix:
    return Fix(Applicability.SAFE, edits, imports)
