"""Whether a module trains by nothing but plain SGD, for which a gradient may come in parts."""

from __future__ import annotations

import ast

from tdmigrate.keras1.entry import Function
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import FunctionUse

_SGD = "SGD"
_CLIPS = ("clipnorm", "clipvalue")


def may_be_squared(ctx: Context) -> bool:
    """Whether some optimizer squares or clips gradients, or may; where nothing is compiled, other files may do it."""
    given = [use.bound.arguments.get("optimizer") for use in ctx.facts.methods if use.method.name == "compile"]
    return not given or any(argument is None or not _is_plain(ctx, argument.node) for argument in given)


def _is_plain(ctx: Context, node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        node = ctx.maker(node.id) or node
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value.lower() == _SGD.lower()
    made = next((use for use in ctx.facts.functions if use.node is node), None)
    return made is not None and _is_plain_sgd(made)


def _is_plain_sgd(made: FunctionUse) -> bool:
    if not isinstance(made.entry, Function) or made.entry.kind != "optimizer" or made.entry.name != _SGD:
        return False
    if made.bound is None or made.bound.starred:
        return False
    given = [made.bound.arguments.get(name) for name in _CLIPS]
    return all(argument is None or is_none(argument.node) or argument.value in (0, 0.0) for argument in given)
