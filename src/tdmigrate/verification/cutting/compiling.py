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
# functions of tdmigrate.compat, given the model behind ``compile``, that change what ``evaluate`` returns
_COUNTING: Final = frozenset(("count_masked_steps", "penalize_training_only"))


class Compiling(NamedTuple):
    """Statements ``model.compile(…)``, and ``count_masked_steps(model)`` and its like, in source order.

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
    if any(map(_is_compile, here)):
        return Compiling(here)
    if len(chain) != 1 or not isinstance(chain[0].stmt, FunctionNode):
        return None
    name = chain[0].stmt.name
    outside = [
        (node, held)
        for node, held in _compiles(scope)
        if node.frame is scope.module and _is_call_of(scope.lookup(held, node), name, held)
    ]
    held = next((held for node, held in outside if _is_compile(node)), None)
    if held is None:
        return None
    return Compiling(tuple(node for node, other in outside if other == held), held)


def _compiles(scope: Scope) -> list[tuple[Node, str]]:
    found = []
    for node in scope.nodes:
        value = node.stmt.value if isinstance(node.stmt, ast.Expr) else None
        model = _model(value) if isinstance(value, ast.Call) else None
        held = root(model, node.frame.self_name) if model is not None else None
        if model is not None and held is not None and ast.unparse(model) == held:
            found.append((node, held))
    return found


def _is_compile(node: Node) -> bool:
    value = node.stmt.value if isinstance(node.stmt, ast.Expr) else None
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "compile"


def _model(call: ast.Call) -> ast.expr | None:
    """The model that a call compiles, or has count as Keras 1 did."""
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == "compile":
        return func.value
    counts = isinstance(func, ast.Name) and func.id.removeprefix("keras1_") in _COUNTING
    return call.args[0] if counts and len(call.args) == 1 and not call.keywords else None


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
