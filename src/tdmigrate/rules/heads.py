"""Places in the head of a method, which are names for the tree of a rewrite and nothing for that of ``ast``."""

from __future__ import annotations

import ast
import re

from tdmigrate.findings import Span
from tdmigrate.rules.context import Context


def head(ctx: Context, method: ast.FunctionDef) -> Span:
    """The name of a method in its definition."""
    start = Span(method.lineno, method.col_offset + 1, method.lineno, method.col_offset + 1)
    found = re.compile(r"def\s+").match(ctx.module.line(start.row), start.column - 1)
    column = (found.end() if found else start.column + 3) + 1
    return Span(start.row, column, start.row, column + len(method.name))


def parameter(ctx: Context, given: ast.arg) -> Span:
    """The name of a parameter, without its annotation."""
    span = ctx.span(given)
    return Span(span.row, span.column, span.row, span.column + len(given.arg))
