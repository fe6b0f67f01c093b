"""K303, K305: compile that gets its optimizer, loss or metrics by ``*`` or ``**``.

A dict that stands in the source is rewritten where it stands (rules/arguments.py), as long as one compile alone gets it
and nothing in it is made anew for each. What else comes in is looked at when the program runs.
"""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.keras1.versions import parse
from tdmigrate.rules import masked_metrics
from tdmigrate.rules.accuracy import outputs
from tdmigrate.rules.arguments import UNCHANGED, Plan
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.metrics import has_own
from tdmigrate.rules.optimizer_objects import is_shared
from tdmigrate.understanding.facts import MethodUse

_FUNCTION = "compile_arguments"
_KNOWN = parse("1.0.3-1.2")  # whose compile tdmigrate.compat knows
_PLACED = 3  # arguments that have the same places in every compile of these releases
_DECIDING = ("optimizer", "loss", "metrics")
_ASK = (
    "may come in by * or ** here. Keras 3 gives optimizers by name other defaults, computes some losses and metrics "
    "otherwise, and chooses another accuracy: write what Keras 1 meant where these values stand"
)
_CHANGE = "may come in by * or ** here, and Keras 3 has other defaults and formulas for their names"
_SHARED = "comes in by ** and may reach several compiles: each had an optimizer of its own in Keras 1"
_OWN = "come in by ** here: Keras 3 gives functions among them targets as they are"
_ASSUMED = "before Keras 1.0.3, optimizers by name had other defaults (trap E10); a later release is assumed"


def check_open(ctx: Context, use: MethodUse, label: str) -> bool:
    """Whether what comes in by ``*`` or ``**`` gets the meaning of Keras 1 when the program runs, or has it already."""
    if _is_settled(ctx, use):
        return True
    names = unknown(use)
    return bool(names) and _check(ctx, use, label, names, _CHANGE)


def check_spread(ctx: Context, use: MethodUse, label: str, made: Plan) -> bool:
    """As ``check_open``, for a dict that stands in the source and cannot be rewritten there."""
    values = [value for _, _, value in use.bound.spread]
    star = _star(use.node)
    if not values or star is None:
        return False
    optimizer, metrics = (use.bound.arguments.get(name) for name in ("optimizer", "metrics"))
    if optimizer is not None and optimizer.node in values and isinstance(star, ast.Name):
        becomes_object = any(getattr(edit, "span", None) == ctx.span(optimizer.node) for edit in made.inner)
        is_object = not isinstance(optimizer.node, ast.Constant) and not isinstance(optimizer.value, str)
        if (becomes_object or is_object) and is_shared(ctx, star, use.node):
            return _check(ctx, use, label, ["optimizer"], _SHARED)
    if metrics is not None and metrics.node in values and has_own(ctx, metrics):
        return _check(ctx, use, label, ["metrics"], _OWN)
    return False


def ask(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """The plan of compile with a question, where what comes in by ``*`` or ``**`` is left to a person."""
    names = unknown(use)
    return made._replace(asks=(*made.asks, (use.node, f"{_listed(names)} {_ASK}"))) if names else made


def unknown(use: MethodUse) -> list[str]:
    """What decides the numbers of compile and may come in by ``*`` or ``**``."""
    if not use.bound.starred:
        return []
    given = use.bound.arguments.keys() - {name for name, _, _ in use.bound.spread}
    return [name for name in _DECIDING if name not in given]


def _check(ctx: Context, use: MethodUse, label: str, names: list[str], why: str) -> bool:
    if ctx.settings.style == "modern" or ctx.era.assumed.hi < _KNOWN.lo:
        return False
    given = [*use.node.args, *(one.value for one in use.node.keywords if one.arg is not None)]
    placed = len(use.node.args) <= _PLACED and not any(isinstance(one, ast.Starred) for one in given)
    if not placed and use.owner != "Model":
        return False
    model = _model(ctx, use)
    if model is None:
        return False
    spelled = ctx.name(f"{COMPAT}.{_FUNCTION}")
    span = ctx.span(use.node)
    pieces: list[str | Span] = [ctx.span(use.node.func), f"(**{spelled.text}("]
    values = [(one, "") for one in use.node.args]
    values += [(one.value, f"{one.arg}=" if one.arg is not None else "**") for one in use.node.keywords]
    for index, (value, keyword) in enumerate(sorted(values, key=lambda one: ctx.span(one[0]))):
        pieces += [f"{', ' if index else ''}{keyword}", ctx.span(value)]
    pieces.append(f"{model}))")
    counted = masked_metrics.settle(ctx, use, UNCHANGED)
    changes = "".join(f"; {change}" for change in counted.changes)
    message = f"{label}: {_listed(names)} {why}. `{spelled.text}` keeps what Keras 1 did{changes}"
    edits = (Recast(span, tuple(pieces)), *counted.inner)
    fix = Fix(Applicability.SAFE, edits, (*spelled.imports, *counted.imports))
    ctx.add("K303", Severity.ERROR, span, message, fix=fix)
    for node, ask_of_masks in counted.asks:
        ctx.add("K305", Severity.ERROR, ctx.span(node), f"{label}: {ask_of_masks}")
    if not ctx.era.versions.within(_KNOWN):
        ctx.add("K306", Severity.NOTE, span, f"{label}: {_ASSUMED} (say --keras-version)")
    return True


def _model(ctx: Context, use: MethodUse) -> str | None:
    """How the call tells the model, as Keras 1 went by its outputs; "": it has one; None: it has no name here."""
    if use.owner == "Sequential" or outputs(ctx, use) == 1:
        return ""
    receiver = use.node.func.value if isinstance(use.node.func, ast.Attribute) else use.node.func
    part = receiver
    while isinstance(part, ast.Attribute):
        part = part.value
    if receiver is use.node.func or not isinstance(part, ast.Name):
        return None
    return f", model={ctx.module.segment(receiver)}"


def _is_settled(ctx: Context, use: MethodUse) -> bool:
    star = _star(use.node)
    func = star.func if isinstance(star, ast.Call) else None
    return isinstance(func, ast.Name) and ctx.compat.get(func.id) == _FUNCTION


def _star(call: ast.Call) -> ast.expr | None:
    """The only ``**`` of a call."""
    stars = [one.value for one in call.keywords if one.arg is None]
    return stars[0] if len(stars) == 1 else None


def _listed(names: list[str]) -> str:
    *others, last = (f"`{name}`" for name in names)
    return f"{', '.join(others)} and {last}" if others else last
