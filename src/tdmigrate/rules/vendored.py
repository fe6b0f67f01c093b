"""K110: imports from tdmigrate.compat, in files that import from the module of --vendor instead."""

from __future__ import annotations

import ast
from collections.abc import Collection

from tdmigrate.findings import Applicability, Finding, Fix, ImportEdit, Severity
from tdmigrate.rules.context import COMPAT, CheckSettings
from tdmigrate.rules.rule import Rule
from tdmigrate.rules.silence import silenced
from tdmigrate.understanding.module import Module

RULE = Rule(
    code="K110",
    name="vendored-import",
    title="An import from tdmigrate.compat, of a project that has its own copy",
    what="With `--vendor MODULE`, finds `from tdmigrate.compat import ...` of files that were migrated without it.",
    why="A project that holds the pieces in a module of its own does not need this package at run time.",
    safety="Safe: the module gets the same pieces, registered under the same names for saved models.",
    examples=(),
)


def imports_compat(module: Module) -> bool:
    """Whether a source imports names from tdmigrate.compat."""
    return bool(_statements(module))


def check_vendored(module: Module, settings: CheckSettings, pieces: Collection[str]) -> tuple[Finding, ...]:
    """The imports that move to ``settings.vendor``; ``pieces``: what can stand there."""
    assert settings.vendor is not None
    silent = silenced(module.text)
    found = []
    for statement in _statements(module):
        span = module.span(statement)
        names = [alias.name for alias in statement.names]
        quiet = any(RULE.code.startswith(one) for row in (span.row, span.end_row) for one in silent.get(row, ()))
        if quiet or not settings.wants(RULE.code):
            continue
        unknown = [name for name in names if name not in pieces]
        if unknown:
            message = f"{COMPAT} has no piece {', '.join(unknown)} to write into {settings.vendor}: import what is used"
            found.append(Finding(RULE.code, Severity.ERROR, span, message))
            continue
        fix = Fix(Applicability.SAFE, (ImportEdit(span, module=settings.vendor),))
        message = f"{', '.join(names)}: from {settings.vendor} now, which holds what this project uses of {COMPAT}"
        found.append(Finding(RULE.code, Severity.ERROR, span, message, fix=fix))
    return tuple(found)


def _statements(module: Module) -> list[ast.ImportFrom]:
    nodes = (node for node in module.nodes if isinstance(node, ast.ImportFrom))
    return [node for node in nodes if node.level == 0 and node.module == COMPAT]
