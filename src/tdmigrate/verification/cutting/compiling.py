"""The statements of a source that compile its model, for a proof that trains with the source's own loss."""

from __future__ import annotations

import ast
from typing import Final

from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.flow import Node
from tdmigrate.verification.cutting.scope import Scope
from tdmigrate.verification.cutting.statements import FunctionNode, root

# what is told while training, and never trained on
_METRICS: Final = frozenset(("metrics", "weighted_metrics", "class_mode"))


class Compiling(NamedTuple):
    """Statements ``model.compile(…)``, in source order.

    ``held``: the variable of the module that has the model when they run, where a function made it and its caller
    compiles it; None: they stand where the model is made.
    """

    nodes: tuple[Node, ...]
    held: str | None = None
    metrics: bool = False  # whether its metrics are wanted

    def keeps(self, keyword: ast.keyword) -> bool:
        """Whether a keyword of ``compile`` stays."""
        return keyword.arg != "theano_mode" and (self.metrics or keyword.arg not in _METRICS)


def compiling(scope: Scope, chain: tuple[Node, ...], made: Node | None) -> Compiling | None:
    """The statements that compile the model that ``made`` makes within ``chain``; None: there are none."""
    if made is None:
        return None
    here = tuple(
        node for node, held in _compiles(scope) if node.frame is made.frame and made in scope.origins(held, node)
    )
    if here:
        return Compiling(here)
    if len(chain) != 1 or not isinstance(chain[0].stmt, FunctionNode):
        return None
    name = chain[0].stmt.name
    outside = [
        (node, held)
        for node, held in _compiles(scope)
        if node.frame is scope.module and _is_call_of(scope.lookup(held, node), name, held)
    ]
    if not outside:
        return None
    _, held = outside[0]
    return Compiling(tuple(node for node, other in outside if other == held), held)


def _compiles(scope: Scope) -> list[tuple[Node, str]]:
    found = []
    for node in scope.nodes:
        value = node.stmt.value if isinstance(node.stmt, ast.Expr) else None
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "compile":
            held = root(value.func.value, node.frame.self_name)
            if held is not None and ast.unparse(value.func.value) == held:
                found.append((node, held))
    return found


def _is_call_of(bindings: object, function: str, held: str) -> bool:
    """Whether a variable is bound once, to what a call of this function gives."""
    if not isinstance(bindings, (set, frozenset, list, tuple)) or len(bindings) != 1:
        return False
    (binding,) = bindings
    stmt = binding.stmt
    return (
        isinstance(stmt, ast.Assign)
        and ast.unparse(stmt.targets[0]) == held
        and isinstance(stmt.value, ast.Call)
        and isinstance(stmt.value.func, ast.Name)
        and stmt.value.func.id == function
    )
