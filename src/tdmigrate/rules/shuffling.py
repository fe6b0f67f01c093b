"""The order in which fit takes the samples: Keras 1 drew it from NumPy's generator."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.estimators import ESTIMATORS
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import Bound

_SEEDS = "random.seed("
_DRAWN = (
    "fit: Keras 3 draws the order of the samples from its backend's generator, which `np.random.seed` does not set: "
    "keras.utils.set_random_seed makes runs alike, in another order than Keras 1's (trap F12)"
)


def check_shuffling(ctx: Context, code: str) -> None:
    """A note at the first fit, or estimator, that shuffles, in a source that means its runs to be alike."""
    if _SEEDS not in ctx.module.text:
        return
    fits = [(use.node, use.bound) for use in ctx.facts.methods if use.method.name == "fit"]
    for use in ctx.facts.functions:
        if isinstance(use.entry, Function) and use.entry.name in ESTIMATORS and use.bound is not None:
            fits.append((use.node, use.bound))
    shuffled = [node for node, bound in fits if not _is_in_order(node, bound)]
    if shuffled:
        first = min(shuffled, key=lambda node: (node.lineno, node.col_offset))
        ctx.add(code, Severity.NOTE, ctx.span(first), _DRAWN)


def _is_in_order(node: ast.Call, bound: Bound) -> bool:
    """Whether a call says ``shuffle=False``, an estimator among what it hands on to fit."""
    argument = bound.arguments.get("shuffle")
    given = [one.value for one in node.keywords if one.arg == "shuffle"]
    return (argument is not None and argument.value is False) or any(
        isinstance(one, ast.Constant) and one.value is False for one in given
    )
