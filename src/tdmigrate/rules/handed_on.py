"""K208: layers and functions that are called through something that may be another: a dict, a parameter, getattr."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Entry, Function, Gathered, Layer, Ordered, Renamed, Spelling
from tdmigrate.rules.arguments import Plan, plan
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import LayerUse

RULE = Rule(
    code="K208",
    name="unclear-layer",
    title="A call that may make one of several layers",
    what="Finds calls whose layer the source leaves open, such as `cells[kind](…)`, where some layer needs a change.",
    why="Each layer's arguments and defaults went their own way, and one call cannot say two things.",
    safety="Nothing is changed; the message says what each layer needs.",
    examples=(
        Example(
            "from keras.layers import GRU, LSTM, Dense\n"
            "\n"
            "\n"
            "def layers(kind, n):\n"
            "    return [{'gru': GRU, 'lstm': LSTM}[kind](n), Dense(output_dim=n)]\n",
            "from keras.layers import GRU, LSTM, Dense\n"
            "\n"
            "\n"
            "def layers(kind, n):\n"
            "    return [{'gru': GRU, 'lstm': LSTM}[kind](n), Dense(units=n)]\n",
        ),
    ),
)

_NAMED = frozenset(("TimeDistributedDense",))  # TD007 speaks of these
_SCOPES = ("globals", "locals", "vars", "eval")
_MODULES = ("keras.layers", "keras.optimizers", "keras.regularizers", "keras.constraints", "keras.callbacks")
_HANDED = frozenset(("value", "default", "alias", "partial"))


def check_handed_on(ctx: Context) -> None:
    """Calls that are not settled, and names handed on to where no call is seen."""
    calls: dict[ast.Call, list[LayerUse]] = {}
    for use in ctx.facts.unsure:
        calls.setdefault(use.node, []).append(use)
    for node, uses in calls.items():
        _check_call(ctx, node, uses)
    _check_scopes(ctx)
    _check_looked_up(ctx)
    _check_names(ctx, frozenset(calls))


def _check_scopes(ctx: Context) -> None:
    """Calls of what a name taken from the module's own names gives, ``globals()[kind](…)``, that a model adds."""
    if not any(f"{name}(" in ctx.module.text for name in _SCOPES):
        return
    for node in ctx.module.nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add"):
            continue
        made = node.args[0] if len(node.args) == 1 else None
        if isinstance(made, ast.Call) and _is_of_scope(made.func):
            names = sorted({one.local for one in ctx.facts.bindings if isinstance(registry.lookup(one.path), Layer)})
            if names:
                message = (
                    f"this call may make any of {', '.join(names)}, and is not rewritten: its arguments and defaults "
                    "are those of Keras 1. Choose from a dict of functions that make the layer, `{'name': lambda: …}`"
                )
                ctx.add("K208", Severity.WARNING, ctx.span(made), message)


def _check_looked_up(ctx: Context) -> None:
    """Calls of what ``getattr(layers, kind)`` gives, where the source does not show which names may come."""
    settled = {use.node for use in (*ctx.facts.layers, *ctx.facts.unsure)} | {use.node for use in ctx.facts.functions}
    for node in ctx.module.nodes:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr"):
            continue
        module = ctx.names.resolve(node.args[0]) if len(node.args) == 2 else None
        if module is None or not module.path.startswith(_MODULES) or ctx.names.resolve(node) is not None:
            continue
        for call in _calls_of(ctx, node):
            if call not in settled and (call.args or call.keywords):
                message = (
                    f"this call may make anything of `{module.path}`, and is not rewritten: its arguments and defaults "
                    "are those of Keras 1. Choose from a dict of functions that make it, `{'name': lambda: …}`"
                )
                ctx.add("K208", Severity.WARNING, ctx.span(call), message)


def _calls_of(ctx: Context, node: ast.Call) -> list[ast.Call]:
    """The calls of what an expression gives: where it stands, or of the variable that holds it."""
    parent = ctx.parents.get(node)
    if isinstance(parent, ast.Call):
        return [parent] if parent.func is node else []
    if not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
        return []
    called = [ctx.parents.get(load) for load in ctx.loads.get(parent.targets[0].id, ())]
    return [one for one in called if isinstance(one, ast.Call) and getattr(one.func, "id", "") == parent.targets[0].id]


def _is_of_scope(func: ast.expr) -> bool:
    """``globals()[name]``, ``vars()[name]``, ``eval(name)``."""
    if isinstance(func, ast.Subscript):
        return isinstance(func.value, ast.Call) and _is_scope(func.value.func, _SCOPES[:-1])
    return isinstance(func, ast.Call) and _is_scope(func.func, _SCOPES[-1:])


def _is_scope(node: ast.expr, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _check_call(ctx: Context, node: ast.Call, uses: list[LayerUse]) -> None:
    needs: list[str] = []
    severity = Severity.WARNING
    for use in uses:
        entry = use.entry
        spelling = entry.keras3
        if spelling is None:
            needs.append(f"{entry.name}: {entry.person or 'it is gone from Keras 3'}")
            severity = Severity.ERROR
            continue
        made = plan(ctx, node, use.bound, entry, spelling, use.partial)
        breaks, shifts = _needs(made)
        if breaks:
            severity = Severity.ERROR
        if breaks or shifts:
            needs.append(f"{entry.name}: {'; '.join((*breaks, *shifts))}")
    if not needs:
        return
    names = sorted({use.entry.name for use in uses})
    what = f"{', '.join(names[:-1])} or {names[-1]}" if names[1:] else f"{names[0]} or something else"
    ctx.add("K208", severity, ctx.span(node), f"this call may make {what}; by hand, for each: {'. '.join(needs)}")


def _needs(made: Plan) -> tuple[list[str], list[str]]:
    """What fails without a change, and what computes other numbers, in words."""
    breaks = [*made.changes, *(message for _, message in made.asks)]
    if made.shaped:
        breaks.append(f"{' and '.join(f'`{name}`' for name in made.shaped)} is Input(...) or goes")
    if made.weights is not None:
        breaks.append("`weights` is set on the built layer")
    return breaks, list(made.pins)


def _check_names(ctx: Context, unsure: frozenset[ast.Call]) -> None:
    settled = {use.node for use in ctx.facts.layers} | {use.node for use in ctx.facts.functions}
    settled |= {use.partial for use in ctx.facts.layers if use.partial is not None}
    for reference in ctx.facts.references:
        entry = reference.entry
        if reference.role in ("base", "partial") and isinstance(entry, Function) and entry.kind == "data":
            from tdmigrate.rules import data  # few sources need it

            data.check_keywords(ctx, reference, entry)
        if entry is None or entry.keras3 is None or reference.role not in _HANDED or entry.name in _NAMED:
            continue
        if isinstance(entry, Function) and entry.kind == "backend":  # rules/backend.py
            continue
        renamed = _renamed(entry, entry.keras3)
        if not renamed or any(call in settled or call in unsure for call in reference.calls):
            continue
        if isinstance(entry, Function) and entry.kind == "optimizer" and reference.role == "value":
            from tdmigrate.rules import optimizer_names  # few sources keep their classes

            if optimizer_names.check_class(ctx, reference, entry.name):
                continue
        code = "K206" if isinstance(entry, Layer) else "K604" if entry.kind == "data" else "K404"
        message = f"{entry.name} as a value: what calls it is not seen here; there, {renamed}"
        ctx.add(code, Severity.NOTE, ctx.span(reference.node), message, symbol=reference.symbol.path)


def _renamed(entry: Entry, spelling: Spelling) -> str:
    """What of a call has to change, whatever the call."""
    words = [
        f"`{name}` is `{parameter.to}`"
        for name, parameter in spelling.parameters.items()
        if isinstance(parameter, (Renamed, Gathered, Ordered)) and parameter.to != name
    ]
    old, new = signature(list(entry.signatures.values())[-1]), signature(spelling.signature)
    pinned = [
        f"`{parameter.to}`"
        for name, parameter in spelling.parameters.items()
        if isinstance(parameter, Renamed) and parameter.pin and old.default(name) != new.default(parameter.to)
    ]
    pinned += [f"`{written.keyword}`" for written in spelling.written if not written.channels_first]
    if pinned:
        words.append(f"the default of {', '.join(pinned)} is another")
    return ", ".join(words)
