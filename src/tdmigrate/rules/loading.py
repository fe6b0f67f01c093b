"""K313, K314: lists of weights that a source sets on layers and models, laid out as Keras 1 had them."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Edit, Fix, Recast, Severity, TextEdit
from tdmigrate.keras1.attributes import OTHERWISE
from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.layers import inner_use, standing_in
from tdmigrate.rules.layouts import Laid, is_as_before, is_todays, laid_out
from tdmigrate.understanding.facts import AttributeUse, LayerUse


def check_set_weights(ctx: Context, use: AttributeUse) -> None:
    """``layer.set_weights(…)`` and ``model.set_weights(…)``."""
    call = ctx.parents.get(use.node)
    if not isinstance(call, ast.Call) or call.func is not use.node:
        return
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if len(given) != 1 or isinstance(given[0], ast.Starred) or _is_converted(ctx, given[0]):
        return
    (weights,) = given
    found = {_laid(ctx, layer, weights) for layer in ctx.facts.layers if layer.node in use.layers}
    known = {layer.entry.name for layer in ctx.facts.layers if layer.node in use.layers}
    if known != set(use.owners) or None in found:
        _check_unknown(ctx, use, weights)
    elif len(found) > 1:
        if not is_todays(ctx, weights):
            _tell(ctx, use, Severity.WARNING, OTHERWISE)
    else:
        (laid,) = found
        assert laid is not None
        _write(ctx, use, call, weights, laid)


def _laid(ctx: Context, use: LayerUse, weights: ast.expr) -> Laid | None:
    """How the weights of a layer are written; None: what the layer lists is not known."""
    layout = _layout(ctx, use)
    inner = inner_use(ctx, use, use.entry) if isinstance(use.entry, Layer) else None
    return laid_out(ctx, inner or use, layout, weights) if layout is not None else None


def _layout(ctx: Context, use: LayerUse) -> Layout | None:
    if not isinstance(use.entry, Layer):
        return None
    if use.entry.wraps is not None:
        inner = inner_use(ctx, use, use.entry)
        return _layout(ctx, inner) if inner is not None else None
    instead = standing_in(ctx, use, use.entry)
    return instead.layout if instead is not None else use.entry.layout


def _write(ctx: Context, use: AttributeUse, call: ast.Call, weights: ast.expr, laid: Laid) -> None:
    if laid.ask:
        _tell(ctx, use, Severity.WARNING, laid.ask)
        return
    if laid.gates and is_todays(ctx, weights):
        return
    before, _, after = (laid.text or "{}").partition("{}")
    if laid.gates:
        spelled = ctx.name(f"{COMPAT}.set_keras1_weights")
        pieces = (
            f"{spelled.text}(", ctx.span(use.node.value), f", {before}", ctx.span(weights),
            f"{after}, gates={laid.gates!r})",
        )  # fmt: skip
        edit: Edit = Recast(ctx.span(call), pieces)
        imports = (*spelled.imports, *laid.imports)
        now = f"set_keras1_weights(…, {before}…{after}, gates={laid.gates!r})"
    elif laid.text:
        edit, imports = TextEdit(ctx.span(weights), laid.text), laid.imports
        now = f"set_weights({before}…{after})"
    else:
        return
    message = f"`{_label(use)}` takes other arrays than Keras 1 had: `{now}`"
    fix = Fix(Applicability.SAFE, (edit,), imports)
    ctx.add("K313", Severity.WARNING, ctx.span(call), message, fix=fix)
    if laid.note:
        _tell(ctx, use, Severity.NOTE, laid.note)


def _check_unknown(ctx: Context, use: AttributeUse, weights: ast.expr) -> None:
    """A model, or a layer of which it is not known what it is."""
    own = is_todays(ctx, weights)
    if own:
        return
    layouts = [_layout(ctx, layer) for layer in ctx.facts.layers]
    if any(layout is not None and not is_as_before(ctx, layout) for layout in layouts):
        _tell(ctx, use, Severity.WARNING if own is False else Severity.NOTE, OTHERWISE)
    elif not layouts:  # it comes from elsewhere
        _tell(ctx, use, Severity.NOTE, OTHERWISE)


def _tell(ctx: Context, use: AttributeUse, severity: Severity, why: str) -> None:
    ctx.add("K314", severity, ctx.span(use.node), f"`{_label(use)}`: {why}")


def _label(use: AttributeUse) -> str:
    return f"{use.owners[0] if len(use.owners) == 1 else 'layer'}.{use.node.attr}"


def _is_converted(ctx: Context, node: ast.expr) -> bool:
    """Whether weights are written as Keras 3 takes them by a function of tdmigrate.compat."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ctx.compat
