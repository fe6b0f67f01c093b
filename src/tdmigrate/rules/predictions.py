"""predict_classes, which is made of predict."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, CallEdit, Edit, Fix, Recast, Severity, Span, TextEdit
from tdmigrate.keras1.models import PREDICT
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.accuracy import last_dim
from tdmigrate.rules.arguments import plan
from tdmigrate.rules.calls import Codes
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.facts import MethodUse

_BY_MODE = parse("0.1-0.3.2")  # `class_mode` decided, whatever the outputs
_BINARY, _CATEGORICAL = "({} > 0.5).astype('int32')", "{}.argmax(axis=-1)"


def check_predictions(ctx: Context, use: MethodUse, label: str, codes: Codes) -> None:
    if not isinstance(use.node.func, ast.Attribute):
        return
    made = plan(ctx, use.node, use.bound, use.method, PREDICT)
    receiver = ctx.module.segment(use.node.func.value)
    form = _form(ctx, use)
    if form is None:
        _by_compat(ctx, use, label, codes)
        return
    edits: list[Edit] = [CallEdit(ctx.span(use.node), f"{receiver}.predict", made.edits, made.added), *made.inner]
    edits.append(TextEdit(ctx.span(use.node), form))
    message = f"{label}: it is `{form.replace('{}', f'{receiver}.predict(…)')}` now (trap F15)"
    fix = Fix(Applicability.SAFE, tuple(edits), (*made.imports, *made.added_imports))
    ctx.add(codes.arguments, Severity.ERROR, ctx.span(use.node), message, fix=fix)
    for place, text in made.asks:
        ctx.add(codes.ask, Severity.ERROR, ctx.span(place), f"{label}: {text}")


def _form(ctx: Context, use: MethodUse) -> str | None:
    """How classes are told from what predict gives; None: only the shape of that tells."""
    if ctx.era.assumed.within(_BY_MODE):
        compiles = [one for one in ctx.facts.methods if one.method.name == "compile"]
        own = [one for one in compiles if use.models and set(one.models) & set(use.models)]
        modes = {_mode(one) for one in own}
        return {"binary": _BINARY, "categorical": _CATEGORICAL}.get(modes.pop()) if len(modes) == 1 else None
    sizes = {last_dim(ctx, model) for model in use.models}
    if len(sizes) != 1 or None in sizes:
        return None
    return _BINARY if sizes == {1} else _CATEGORICAL


def _mode(use: MethodUse) -> str:
    mode = use.bound.arguments.get("class_mode")
    return "categorical" if mode is None else mode.value if isinstance(mode.value, str) else ""


def _by_compat(ctx: Context, use: MethodUse, label: str, codes: Codes) -> None:
    if ctx.era.assumed.within(_BY_MODE) or use.bound.starred or use.bound.spread:
        ctx.add(codes.ask, Severity.ERROR, ctx.span(use.node), f"{label}: {use.method.person}")
        return
    assert isinstance(use.node.func, ast.Attribute)
    spelled = ctx.name(f"{COMPAT}.predict_classes")
    given = use.bound.arguments
    pieces: list[str | Span] = [f"{spelled.text}(", ctx.span(use.node.func.value)]
    for name, keyword in (("X", ""), ("x", ""), ("batch_size", "batch_size="), ("verbose", "verbose=")):
        if name in given:
            pieces += [f", {keyword}", ctx.span(given[name].node)]
    if "batch_size" not in given and "X" in given:
        pieces.append(", batch_size=128")
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(use.node), (*pieces, ")")),), spelled.imports)
    message = f"{label}: it is `{spelled.text}(model, x)` of {COMPAT} now: how many features come out is not known"
    ctx.add(codes.arguments, Severity.ERROR, ctx.span(use.node), message, fix=fix)
