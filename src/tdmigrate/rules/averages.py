"""K206: running averages of a BatchNormalization that moved less often: of one that is shared, or is not trained."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import LayerUse

# before 1.1 it could not be shared; keras/backend/theano_backend.py of 1.2.2 takes the first update of each variable
_SHARED = parse("1.1-1.2")


# keras/layers/containers.py of 0.3.3 asks layers that are trained alone for updates
_STILL = parse("0.3")


def check_averages(ctx: Context) -> None:
    """Say of each whose running averages move now, or move more often."""
    averaging = [use for use in ctx.facts.layers if _averages(use)]
    for use in averaging if ctx.era.versions.meets(_STILL) else ():
        frozen = use.bound.arguments.get("trainable")
        if frozen is not None and frozen.value is False:
            message = (
                f"{use.entry.name}: its running averages move in training now; Keras 0.3 left them as they were in a "
                "layer that is not trained"
            )
            ctx.add("K206", Severity.NOTE, ctx.span(frozen.node), message, symbol=use.symbol.path)
    if ctx.era.versions.meets(_SHARED):
        _check_shared(ctx, averaging)


def _check_shared(ctx: Context, averaging: Sequence[LayerUse]) -> None:
    """Those that a name stands for, or a model that has it, which is called more than once."""
    told: set[ast.Call] = set()
    for name, count in _called(ctx):
        maker = ctx.maker(name) if count > 1 else None
        for use in averaging:
            if maker is not None and use.node not in told and _is_of(ctx, use, maker):
                told.add(use.node)
                message = (
                    f"{use.entry.name}: `{name}` is applied {count} times, so that its running averages move as often "
                    "in a step; Keras 1.2 on Theano moved them by the first alone, 1.1 refused to train it there, and "
                    "on TensorFlow the order was open"
                )
                ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)


def _averages(use: LayerUse) -> bool:
    mode = use.bound.arguments.get("mode")
    return isinstance(use.entry, Layer) and use.entry.over_batch and (mode is None or mode.value not in (1, 2))


def _called(ctx: Context) -> Iterator[tuple[str, int]]:
    """Names, and in how many places each is called."""
    calls = (node.func for node in ctx.module.nodes if isinstance(node, ast.Call))
    yield from Counter(func.id for func in calls if isinstance(func, ast.Name)).items()


def _is_of(ctx: Context, use: LayerUse, maker: ast.Call) -> bool:
    """Whether the call makes the layer, or a model that has it: here, or in a function of the module."""
    if use.node is maker or any(model.node is maker and use.node in model.layers for model in ctx.facts.models):
        return True
    name = maker.func.id if isinstance(maker.func, ast.Name) else ""
    return any(
        isinstance(function, ast.FunctionDef) and any(part is use.node for part in ast.walk(function))
        for function in ctx.binders(name)
    )
