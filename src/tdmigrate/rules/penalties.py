"""Penalties of regularizers, which up to Keras 1.1 were in the loss of training alone (trap C29)."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Severity
from tdmigrate.keras1.entry import Function
from tdmigrate.rules.after_compile import EVALUATING, FED, compile_statement, is_followed, line_after, loads
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.facts import MethodUse

_NAME = "penalize_training_only"
_TOLD = (
    "up to 1.1 Keras had the penalties of regularizers in the loss of training alone, Keras 3 has them in that of "
    "evaluation and in val_loss too"
)
_VALIDATED = ("validation_data", "validation_split")
_SUFFIX = "_regularizer"
_LAYERS = ("ActivityRegularization",)
_USING = FED | {"predict", "predict_classes", "predict_proba", "predict_on_batch", "predict_generator"}


def check_penalties(ctx: Context) -> None:
    """Keep penalties out of evaluation, where a model has them."""
    if not _has_penalties(ctx):
        return
    evaluations = [(node, use) for use in ctx.facts.methods if (node := _evaluation(use)) is not None]
    compiles = [use for use in ctx.facts.methods if use.method.name == "compile"]
    if ctx.settings.style == "modern" or not compiles:
        _tell(ctx, evaluations)
        return
    kept = False
    for use in compiles:
        if _is_penalized(ctx, use) and _is_evaluated(ctx, use, [one for _, one in evaluations]):
            _keep(ctx, use)
            kept = True
    for statement, name in loads(ctx) if kept else ():
        _write(ctx, statement, name, "load_model")


def _tell(ctx: Context, evaluations: list[tuple[ast.expr, MethodUse]]) -> None:
    """Say it once, where the first loss is that holds penalties now."""
    if not evaluations:
        return
    node, use = min(evaluations, key=lambda one: ctx.span(one[0]))
    if ctx.settings.style == "modern":
        severity, code, advice = Severity.NOTE, "K306", "to see the loss without them, give it to compile as a metric"
    else:
        severity, code = Severity.WARNING, "K305"
        advice = f"call `{COMPAT}.{_NAME}` with the model where it is compiled"
    message = f"{use.owner or 'model'}.{use.method.name}: {_TOLD}: {advice} (trap C29)"
    ctx.add(code, severity, ctx.span(node), message)


def _keep(ctx: Context, use: MethodUse) -> None:
    label = f"{use.owner or 'model'}.compile"
    found = compile_statement(ctx, use)
    if found is None:
        advice = f"give the model a name, and call `{COMPAT}.{_NAME}` with it behind compile"
        message = f"{label}: {_TOLD}: {advice} (trap C29)"
        ctx.add("K305", Severity.WARNING, ctx.span(use.node), message)
        return
    statement, name = found
    builds = "Graph" in ctx.compat.values() or any(one.path == f"{COMPAT}.Graph" for one in ctx.replaced.values())
    _write(ctx, statement, f"{name}.model" if use.owner == "Graph" and builds else name, label)


def _write(ctx: Context, statement: ast.stmt, name: str, label: str) -> None:
    if is_followed(ctx, statement, _NAME):
        return
    edit, call = line_after(ctx, statement, _NAME, name)
    fix = Fix(Applicability.SAFE, (edit,), call.imports)
    message = f"{label}: {_TOLD}: `{call.text}` leaves them out there (trap C29)"
    ctx.add("K303", Severity.WARNING, ctx.span(statement), message, fix=fix)


def _has_penalties(ctx: Context) -> bool:
    if _penalized(ctx) or any(
        isinstance(use.entry, Function) and use.entry.kind == "regularizer" for use in ctx.facts.functions
    ):
        return True
    return any(not use.models for use in ctx.facts.methods) and ctx.brought.penalties


def _penalized(ctx: Context) -> set[ast.Call]:
    """The calls of layers that have penalties."""
    return {
        use.node
        for use in ctx.facts.layers
        if use.entry.name in _LAYERS
        or any(name.endswith(_SUFFIX) and not is_none(one.node) for name, one in use.bound.arguments.items())
    }


def _is_penalized(ctx: Context, use: MethodUse) -> bool:
    """Whether a model that is compiled may have penalties."""
    penalized = _penalized(ctx)
    models = {one.node: one for one in ctx.facts.models}
    left, seen = [*use.models], set()
    if not left:
        return True
    while left:
        call = left.pop()
        if call in seen:
            continue
        seen.add(call)
        if any(one in penalized for one in ast.walk(call)):
            return True
        if call in models:
            if not models[call].complete:
                return True
            left += models[call].layers
    return False


def _is_evaluated(ctx: Context, use: MethodUse, evaluations: list[MethodUse]) -> bool:
    """Whether a model that is compiled may be evaluated: here, or wherever it is used, if not here."""

    def is_of(one: MethodUse) -> bool:
        return not use.models or not one.models or bool({*one.models} & {*use.models})

    used = any(one.method.name in _USING and is_of(one) for one in ctx.facts.methods)
    return any(map(is_of, evaluations)) or not used


def _evaluation(use: MethodUse) -> ast.expr | None:
    """What asks for the loss of data that a model is not trained on."""
    if use.method.name in EVALUATING:
        return use.node
    given = (use.bound.arguments.get(name) for name in _VALIDATED)
    told = (one.node for one in given if one is not None and not is_none(one.node) and one.value not in (0, 0.0))
    return next(told, None)
