"""K.function: which calls tdmigrate.compat.function can stand for, and the learning phase among their inputs."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import FunctionUse

NAME = "function"
_GRADIENTS = "keras.backend.gradients"
_TRAINED = frozenset(("targets", "sample_weights", "total_loss", "get_updates", "get_gradients"))


class Compiled:
    """The calls of K.function of a module. ``asks``: why a person has to write some of them."""

    def __init__(self, ctx: Context, uses: list[FunctionUse]) -> None:
        self.ctx = ctx
        self.asks: dict[ast.Call, str] = {}
        self._inputs: set[ast.expr] = set()
        tainted = self._tainted()
        for use in uses:
            arguments = use.bound.arguments if use.bound is not None else {}
            told = [argument.node for name, argument in arguments.items() if name in ("inputs", "outputs")]
            if any(self._is_tainted(node, tainted) for node in told):
                self.asks[use.node] = (
                    "it computes gradients, or what training is made of: write a function of the arrays that computes "
                    "loss and gradients with tf.GradientTape, jax.value_and_grad or torch.autograd.grad"
                )
            elif use.bound is not None and use.bound.unknown:
                names = ", ".join(f"`{name}`" for _, name in use.bound.unknown)
                self.asks[use.node] = (
                    f"{names}: of theano.function; tdmigrate.compat.function has inputs and outputs only"
                )
            elif "inputs" in arguments:
                self._inputs.add(arguments["inputs"].node)

    def is_input(self, node: ast.AST, within: int = 4) -> bool:
        """Whether a value goes nowhere but among the inputs of such calls."""
        while node not in self._inputs:
            parent = self.ctx.parents.get(node)
            if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and within:
                reads = self._reads(parent.targets[0])
                return bool(reads) and all(self.is_input(read, within - 1) for read in reads)
            adds = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add)
            if parent is None or not (adds or isinstance(parent, (ast.List, ast.Tuple))):
                return False
            node = parent
        return True

    def _reads(self, target: ast.expr) -> list[ast.Name]:
        """Where a variable is read; none: something else may be bound to its name there."""
        if not isinstance(target, ast.Name):
            return []
        scope_of = self.ctx.names.scope_of
        scope = scope_of(target)
        binders, reads = self.ctx.binders(target.id), self.ctx.loads.get(target.id, [])
        if scope:  # those of other functions are other variables
            binders = [one for one in binders if _is_within(scope_of(one), scope)]
            reads = [one for one in reads if _is_within(scope_of(one), scope)]
        return reads if len(binders) == 1 else []

    def _tainted(self) -> set[str]:
        """Variables that hold gradients, or what is made of them."""
        assigned: list[tuple[ast.expr, list[str]]] = []
        for node in self.ctx.module.nodes:
            if isinstance(node, (ast.Assign, ast.AugAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
                assigned.append((node.value, names))
        found: set[str] = set()
        while True:
            more = {name for value, names in assigned if self._is_tainted(value, found) for name in names} - found
            if not more:
                return found
            found |= more

    def _is_tainted(self, value: ast.expr, names: set[str]) -> bool:
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and node.id in names:
                return True
            if isinstance(node, ast.Attribute) and node.attr in _TRAINED:
                return True
            symbol = self.ctx.names.resolve(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
            if symbol is not None and symbol.path == _GRADIENTS:
                return True
        return False


def _is_within(scope: str, outer: str) -> bool:
    return scope == outer or scope.startswith(f"{outer}.")


def compiled(ctx: Context, uses: Mapping[ast.Call, FunctionUse]) -> Compiled:
    """``uses``: every call of a function of Keras."""
    named = [one for one in uses.values() if one.entry is not None and one.entry.name == NAME]
    return Compiled(ctx, [one for one in named if one.symbol.path.startswith("keras.backend.")])
