"""Targets and weights by the names of outputs, where a model has one output: Keras 3 takes them alone.

Keras 1 took a dict by names however many outputs there are (``standardize_input_data`` and
``standardize_sample_or_class_weights`` in keras/engine/training.py of 1.2.2), and looked at no other keys. Keras 3
raises TypeError for targets and for weights of samples, and takes such weights of classes for none.
"""

from __future__ import annotations

import ast

from tdmigrate.findings import Edit, Recast, Severity, TextEdit
from tdmigrate.records import NamedTuple
from tdmigrate.rules.accuracy import outputs
from tdmigrate.rules.arguments import Plan, edited
from tdmigrate.rules.context import Context, once
from tdmigrate.understanding.facts import Argument, MethodUse

_CHANGE = "`{}` is without the name of its output: Keras 3 takes no dict for a model with one output (trap F18)"
ASK = "Keras 3 takes no dict for a model with one output (trap F18): give what is under the name of that output"
_OTHERS = "Keras 3 refuses names that no output has: leave them out"
_PAIR = "a model with one output takes its targets and weights without the name of that output now: give the array"


class Entry(NamedTuple):
    """What a dict has under a key."""

    key: str | None  # None: not a constant
    value: ast.expr | None  # None: it is not in the dict as it is written


def settle(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """fit and its like, with targets and weights as Keras 3 takes them."""
    given = use.bound.arguments
    spread = [value for _, _, value in use.bound.spread]
    for name in ("y", "sample_weight", "class_weight"):
        argument = given.get(name)
        if argument is not None:
            by_dict = argument.node in spread
            made = _settle_one(ctx, use, made, name, argument, by_dict)
    held_out = given.get("validation_data")
    members = held_out.node.elts if held_out is not None and isinstance(held_out.node, ast.Tuple) else []
    for member in members[1:]:
        picked = pick(ctx, use, member)
        if isinstance(picked, str):
            made = made._replace(asks=(*made.asks, (member, f"`validation_data`: {picked}")))
        elif picked is not None:
            made = made._replace(
                inner=(*made.inner, _edit(ctx, member, picked)),
                changes=(*made.changes, _CHANGE.format("validation_data")),
            )
    return made


def _settle_one(ctx: Context, use: MethodUse, made: Plan, name: str, argument: Argument, by_dict: bool) -> Plan:
    node = argument.node
    picked = pick(ctx, use, node, weights=name != "y")
    if picked is None:
        return made
    if by_dict or isinstance(picked, str):
        ask = picked if isinstance(picked, str) else ASK
        return made._replace(asks=(*made.asks, (node, f"`{name}`: {ask}")))
    if picked.value is None:
        made = edited(made, argument.index, f"{{}}[{picked.key!r}]")
    else:
        made = made._replace(inner=(*made.inner, _edit(ctx, node, picked)))
    return made._replace(changes=(*made.changes, _CHANGE.format(name)))


def _edit(ctx: Context, node: ast.expr, picked: Entry) -> Edit:
    if picked.value is None:
        return TextEdit(ctx.span(node), f"{{}}[{picked.key!r}]")
    return Recast(ctx.span(node), (ctx.span(picked.value),))


def pick(ctx: Context, use: MethodUse, node: ast.expr, weights: bool = False) -> Entry | str | None:
    """The entry that stands for a dict by names of outputs; a string: what only a person can do; None: nothing."""
    entries = entries_of(ctx, node)
    if not entries or (weights and all(one.key is None for one in entries)):  # by classes
        return None
    if any(_is_keyed(one) for one in use.models):
        return None
    number = 1 if use.owner == "Sequential" else outputs(ctx, use)
    own = _names(ctx, use)
    if number is not None and number > 1:
        known = not weights and None not in own and all(one.key is not None for one in entries)
        return _OTHERS if known and not {one.key for one in entries} <= {*own} else None
    if number is None and (len(entries) > 1 or weights):
        return ASK if len(entries) == 1 and not _is_of_several(ctx, use) else None
    if len(entries) > 1:
        entries = [one for one in entries if one.key is not None and one.key in own]
    if len(entries) != 1 or (entries[0].key is None and entries[0].value is None):
        return ASK
    return entries[0]


def _is_keyed(model: ast.Call) -> bool:
    """Whether a model is made with a dict of outputs, as only Keras 3 makes it: that takes its targets by its keys."""
    return any(one.arg == "outputs" and isinstance(one.value, ast.Dict) for one in model.keywords)


def _is_of_several(ctx: Context, use: MethodUse) -> bool:
    """Whether targets in a dict or list of more than one say that a model has several outputs."""
    targets = use.bound.arguments.get("y")
    if targets is None:
        return False
    entries = entries_of(ctx, targets.node)
    listed = isinstance(targets.node, (ast.List, ast.Tuple)) and len(targets.node.elts) > 1
    return listed or (entries is not None and len(entries) > 1)


def entries_of(ctx: Context, node: ast.expr) -> list[Entry] | None:
    """The entries of a dict with keys that are no numbers, as far as they are written; None: it is not known for one.

    A variable counts where its scope, or the module's own level, sets it once.
    """
    made = node
    stores: list[Entry] = []
    if isinstance(node, ast.Name):
        binders = ctx.binders(node.id)
        scope = ctx.names.scope_of(node)
        near = [one for one in binders if ctx.names.scope_of(one) == scope] or binders
        statement = ctx.parents.get(near[0]) if len(near) == 1 else None
        if not isinstance(statement, ast.Assign) or statement.targets != near:
            return None
        made = statement.value
        stores = [one for load in ctx.loads.get(node.id, ()) for one in _stored(ctx, load, scope)]
    if isinstance(made, ast.Dict):
        if any(isinstance(key, ast.Constant) and not isinstance(key.value, str) for key in made.keys):
            return None
        if None in made.keys or not (made.keys or stores):
            return None
        pairs = zip(made.keys, made.values, strict=True)
        entries = [Entry(_text(key), value) for key, value in pairs]
    elif isinstance(made, ast.Call) and getattr(made.func, "id", "") == "dict" and not made.args and made.keywords:
        if ctx.is_bound("dict") or any(one.arg is None for one in made.keywords):
            return None
        entries = [Entry(one.arg, one.value) for one in made.keywords]
    else:
        return None
    if made is not node:
        entries = [one._replace(value=None) for one in entries]
    return [*entries, *(one for one in stores if one not in entries)]


def _stored(ctx: Context, load: ast.Name, scope: str) -> list[Entry]:
    """``targets['out'] = …`` of a name."""
    place = ctx.parents.get(load)
    if not isinstance(place, ast.Subscript) or place.value is not load or not isinstance(place.ctx, ast.Store):
        return []
    if ctx.names.scope_of(load) != scope:
        return []
    return [Entry(_text(place.slice), None)]


def _text(key: ast.expr | None) -> str | None:
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def _names(ctx: Context, use: MethodUse) -> list[str | None]:
    from tdmigrate.rules.several_outputs import names  # few targets are told by names

    return names(ctx, use)


# --- pairs of data that a function gives


@once
def _lone(ctx: Context) -> frozenset[str]:
    """What the only outputs of models of the source are called."""
    layers = {one.node: one for one in ctx.facts.layers}
    found: set[str] = set()
    for model in ctx.facts.models:
        calls = model.outputs[0] if len(model.outputs) == 1 and not _is_keyed(model.node) else ()
        given = [layers[call].bound.arguments.get("name") for call in calls if call in layers]
        found.update(one.value for one in given if one is not None and isinstance(one.value, str))
    return frozenset(found)


def check_pairs(ctx: Context) -> None:
    """``return inputs, {'out': y}`` where the model has one output of that name: what takes it is not followed."""
    lone = _lone(ctx)
    for node in ctx.module.nodes if lone else ():
        if not isinstance(node, (ast.Return, ast.Yield)) or not isinstance(node.value, ast.Tuple):
            continue
        for member in node.value.elts[1:]:
            entries = entries_of(ctx, member)
            span = ctx.span(member)
            if entries and len(entries) == 1 and entries[0].key in lone and not _is_told(ctx, member):
                ctx.add("K305", Severity.ERROR, span, f"{entries[0].key!r} alone: {_PAIR}")


def _is_told(ctx: Context, node: ast.expr) -> bool:
    """Whether a rule has spoken of an expression already."""
    span = ctx.span(node)
    return any(one.span == span and one.code in (ctx.code("K303"), ctx.code("K305")) for one in ctx.findings)
