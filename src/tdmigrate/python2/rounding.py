"""P211: numbers that round otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tdmigrate.findings import Finding, Severity
from tdmigrate.python2.base import HEAD, Source
from tdmigrate.rules.rule import Example, Rule

ROUND: Final = "P211"

RULE = Rule(
    code=ROUND,
    name="rounding",
    title="A half rounds to the even number",
    what="Finds `round` of one number in Python 2.",
    why="`round(2.5)` was 3.0, a half went away from zero; in Python 3 it is 2, the even one, and an integer.",
    safety="Left to a person: whether halves come, and whether a fraction is wanted.",
    examples=(Example(f"{HEAD}print round(n * 0.5)\n", None),),
)

_ROUNDS: Final = (
    "Python 2 rounded halves away from zero to a float (round(2.5) was 3.0), Python 3 to an even integer (2): "
    "write math.floor(x + 0.5) where halves come, float(…) where a float is wanted"
)


def rounded(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
            number = node.args[0]
            if source.full(node.func) == "round" and not isinstance(number, ast.Starred) and not _is_whole(number):
                yield source.one(ROUND, node, _ROUNDS, severity=Severity.WARNING)


def _is_whole(node: ast.expr) -> bool:
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(number, ast.Constant) and isinstance(number.value, int)
