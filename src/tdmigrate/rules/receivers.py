"""Calls in a source without Keras whose receiver may be a model: their words are Keras 1's, no more is known."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Severity
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import MethodUse


def leave_to_person(ctx: Context, use: MethodUse, already: int) -> None:
    """Show the fixes of one call's findings, which stand behind the first ``already``, and apply none of them."""
    func = use.node.func
    receiver = ctx.module.segment(func.value) if isinstance(func, ast.Attribute) else ctx.module.segment(func)
    named = " ".join(receiver.split())
    for index, finding in enumerate(ctx.findings[already:], already):
        fix = finding.fix
        shown = fix._replace(applicability=Applicability.DISPLAY) if fix is not None else None
        why = f"if `{named}` is a Keras model"
        if finding.severity is not Severity.NOTE:
            why = f"not rewritten: the source does not tell whether `{named}` is a Keras model"
        ctx.findings[index] = finding._replace(message=f"{finding.message} ({why})", fix=shown)
