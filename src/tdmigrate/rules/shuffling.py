"""The order in which fit takes the samples: Keras 1 drew it from NumPy's generator."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import Argument

_SEEDS = "random.seed("
_DRAWN = (
    "fit: Keras 3 draws the order of the samples from its backend's generator, which `np.random.seed` does not set: "
    "keras.utils.set_random_seed makes runs alike, in another order than Keras 1's (trap F12)"
)


def check_shuffling(ctx: Context, code: str) -> None:
    """A note at the first fit that shuffles, in a source that means its runs to be alike."""
    if _SEEDS not in ctx.module.text:
        return
    shuffles = [use.node for use in ctx.facts.methods if use.method.name == "fit" and _shuffles(use.bound.arguments)]
    if shuffles:
        first = min(shuffles, key=lambda node: (node.lineno, node.col_offset))
        ctx.add(code, Severity.NOTE, ctx.span(first), _DRAWN)


def _shuffles(arguments: Mapping[str, Argument]) -> bool:
    given = arguments.get("shuffle")
    return given is None or given.value is not False
