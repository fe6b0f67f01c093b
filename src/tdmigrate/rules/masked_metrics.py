"""Metrics of steps that are masked: Keras 1 counted these steps, Keras 3 leaves them out (trap D11)."""

from __future__ import annotations

import ast

from tdmigrate.keras1.entry import Layer
from tdmigrate.rules.accuracy import VECTORS, dims_of
from tdmigrate.rules.after_compile import compile_statement, is_followed, line_after, loads
from tdmigrate.rules.arguments import Plan
from tdmigrate.rules.context import Context, once
from tdmigrate.understanding.brought import is_maker
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import LayerUse, MethodUse, ModelUse

_NAME = "count_masked_steps"
_TOLD = "metrics leave out the steps that are masked now, Keras 1 counted them (trap D11)"


def settle(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """A compile with metrics, so that they count masked steps. A model that is loaded gets the same line."""
    if not may_be_counted(ctx, use):
        return made
    if ctx.settings.style == "modern":
        return made._replace(notes=(*made.notes, (use.node, _TOLD)))
    found = compile_statement(ctx, use)
    if found is None:
        ask = f"{_TOLD}: give the model a name, and call `tdmigrate.compat.{_NAME}` with it behind compile"
        return made._replace(asks=(*made.asks, (use.node, ask)))
    done = _done(ctx)
    for statement, receiver in (found, *loads(ctx)):
        if statement in done or is_followed(ctx, statement, _NAME):
            continue
        done.add(statement)
        edit, call = line_after(ctx, statement, _NAME, receiver)
        made = made._replace(
            inner=(*made.inner, edit),
            imports=(*made.imports, *call.imports),
            changes=(*made.changes, f"`{call.text}`: metrics count masked steps, as in Keras 1 (trap D11)"),
        )
    return made


@once
def _done(ctx: Context) -> set[ast.stmt]:
    """The statements that have got the line."""
    return set()


def may_be_counted(ctx: Context, use: MethodUse) -> bool:
    """Whether an output of a model that is compiled has a mask, or may, since something makes one."""
    models = [one for one in ctx.facts.models if one.node in use.models or not use.models]
    if any(_may_be_masked(ctx, one, 4) for one in models):
        return True
    return not use.models and ctx.brought.masks


def _may_be_masked(ctx: Context, model: ModelUse, depth: int) -> bool:
    ends = [call for calls in model.outputs for call in calls or model.layers[-1:]]
    if not ends:
        return _makes_masks(ctx)
    return any(_keeps_mask(ctx, call, depth) for call in ends)


def _keeps_mask(ctx: Context, call: ast.Call, depth: int) -> bool:
    """Whether a mask may come out of a layer, or model, that ends a model."""
    inner = next((one for one in ctx.facts.models if one.node is call), None)
    if inner is not None and depth:
        return _may_be_masked(ctx, inner, depth - 1)
    dims = [len(one) if one is not None else None for one in dims_of(ctx, call)]
    if dims and all(one == VECTORS for one in dims):
        return False
    merging = next((one.merging for one in ctx.facts.functions if one.node is call), None)
    layer = next((one for one in ctx.facts.layers if one.node is call), None)
    if merging is not None and merging.masks == "none":
        return False
    if layer is None:
        return _makes_masks(ctx)
    if isinstance(layer.entry, Layer) and layer.entry.masks == "consumes" and not _is_of_steps(layer):
        return False
    return bool(layer.masked) or (layer.masked is None and _makes_masks(ctx))


def _is_of_steps(layer: LayerUse) -> bool:
    """Whether a recurrent layer may give all steps."""
    assert isinstance(layer.entry, Layer)
    return LegacyArguments(layer.bound, layer.entry).get("return_sequences") is not False


@once
def _makes_masks(ctx: Context) -> bool:
    """Whether any layer makes a mask, one of the project's own included."""
    return ctx.makes_masks or any(map(is_maker, ctx.module.nodes)) or ctx.brought.masks
