"""What a proof starts from: a file with its old and its new text."""

from __future__ import annotations

from tdmigrate.records import NamedTuple
from tdmigrate.rules.check import CheckResult


class Changed(NamedTuple):
    """One file whose change is to be proved; both texts are modules in Python 3."""

    path: str
    old_text: str
    new_text: str
    check: CheckResult  # of the old text
    compat: str | None = None  # the text of the module that stands for tdmigrate.compat in the project
