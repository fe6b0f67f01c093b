"""What the checks of a converted source share: its variables, how a finding is made."""

from __future__ import annotations

import ast
from typing import Final

from tdmigrate.findings import Applicability, Edit, Evidence, Finding, Fix, Import, Severity, Span
from tdmigrate.understanding.variables import Variables

LISTS, ORDER, FILES, GONE, CHANCE = "P203", "P204", "P205", "P207", "P208"
HEAD: Final = "from keras.models import Sequential\n\nmodel = Sequential()\n"  # of the examples


class Source(Variables):
    """A module that was Python 2."""

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> Span:
        return self.module.span(node)

    def one(
        self,
        code: str,
        node: ast.expr | ast.stmt,
        message: str,
        edit: Edit | None = None,
        imports: tuple[Import, ...] = (),
        severity: Severity = Severity.ERROR,
        evidence: tuple[Evidence, ...] = (),
    ) -> Finding:
        fix = None if edit is None else Fix(Applicability.SAFE, (edit,), imports)
        return Finding(code, severity, self.span(node), message, evidence=evidence, fix=fix)
