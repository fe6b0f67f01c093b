"""AutoEncoder of Keras 0.x: a model of its encoder and its decoder, or its encoder alone."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.rules.context import Context
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import LayerUse

NAME = "AutoEncoder"
_SEQUENTIAL = "keras.models.Sequential"
# what code asks or tells an AutoEncoder later on
_ATTRIBUTES = frozenset(("decoder", "encoder", "output_reconstruction"))
_SAID = frozenset((*_ATTRIBUTES, "tie_weights", "weights"))


def check_autoencoder(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    """Report ``AutoEncoder(encoder, decoder)`` as ``Sequential([encoder, decoder])``; False: a person has to.

    With output_reconstruction=False it gave what the encoder gives (keras/layers/core.py of 0.3.3).
    """
    arguments = use.bound.arguments
    said = LegacyArguments(use.bound, entry)
    whole = said.get("output_reconstruction")
    chain = [arguments.get(name) for name in ("encoder", "decoder")[: 2 if whole is True else 1]]
    if (
        use.bound.starred
        or use.bound.spread
        or use.bound.unknown
        or use.partial is not None
        or not _SAID.issuperset(arguments)
        or not isinstance(whole, bool)
        or said.get("tie_weights") not in (None, False)
        or said.get("weights") is not None
        or not all(part is not None and _is_container(ctx, part.node) for part in chain)
        or any(isinstance(node, ast.Attribute) and node.attr in _ATTRIBUTES for node in ctx.module.nodes)
    ):
        return False
    spans = [ctx.span(part.node) for part in chain if part is not None]
    pieces: tuple[str | Span, ...] = (spans[0],)
    message = "it gave what its encoder gives"
    spelled = ctx.name(_SEQUENTIAL)
    if whole:
        pieces = (f"{spelled.text}([", spans[0], ", ", spans[1], "])")
        message = "it is a model of its encoder and its decoder"
    span = ctx.span(use.node)
    fix = Fix(Applicability.SAFE, (Recast(span, pieces),), spelled.imports if whole else ())
    if ctx.add("K201", Severity.ERROR, span, f"{NAME}: {message}", symbol=use.symbol.path, fix=fix):
        ctx.replace(use.node.func, Applicability.SAFE, _SEQUENTIAL if whole else None)
    return True


def _is_container(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression is a Sequential, made here or held by a variable that never holds anything else."""
    if isinstance(node, ast.Name):
        held = [
            one.value
            for one in ctx.module.nodes
            if isinstance(one, ast.Assign) and any(isinstance(t, ast.Name) and t.id == node.id for t in one.targets)
        ]
        return bool(held) and all(isinstance(one, ast.Call) and _is_container(ctx, one) for one in held)
    symbol = ctx.names.resolve(node.func) if isinstance(node, ast.Call) else None
    entry = registry.lookup(symbol.path) if symbol is not None else None
    return isinstance(entry, Function) and entry.name == "Sequential"
