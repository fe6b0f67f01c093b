"""Crossentropies of compile that Keras 3 would take of other logits. No layer is known here by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Import, Severity
from tdmigrate.keras1.entry import Layer, Renamed, Spelling, Text, Values
from tdmigrate.keras1.losses import LOGITS
from tdmigrate.rules.arguments import leaves
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.calls import LegacyArguments, signature
from tdmigrate.understanding.facts import LayerUse, MethodUse
from tdmigrate.understanding.shapes import UNKNOWN

_LOSS, _ACTIVATION = "loss", "activation"
_CLIPPED = (
    "Keras 1 clipped outputs to 1e-7 from 0 and 1, Keras 3 on TensorFlow takes the logits behind them; exact style "
    "keeps it (traps D1, D2, D4)"
)
# of outputs of other activations Keras 1 on TensorFlow gave another loss than on Theano; None: it is not known which
_SPARSE = "sparse_categorical_crossentropy"
_BOUNDED = {None, "softmax", "sigmoid", "hard_sigmoid"}
_SCALED = (
    "Keras 1 on Theano divided the outputs by their sum before it clipped them, Keras 3 clips them first: another loss "
    "where they lie above 1 (trap D3)"
)
_ZEROS = (
    "Keras 1 on Theano gave nan for a vector of zeros, tdmigrate.compat gives 0, as Keras 1 on TensorFlow did"
)


def on_theano(ctx: Context) -> bool:
    """Whether the source may have run on Theano."""
    return ctx.era.backend == "theano" or not ctx.era.backend_told


def noted(ctx: Context, values: Values) -> Values:
    """How named losses or metrics are spelled, with what of them was other numbers on Theano."""
    if not on_theano(ctx):
        return values
    return values._replace(notes={**values.notes, **dict.fromkeys(("cosine_proximity", "cosine"), _ZEROS)})


def settle(ctx: Context, use: MethodUse, spelling: Spelling) -> Spelling:
    """The spelling of compile with losses that are taken of the outputs, as they were.

    Keras 3 takes them of the logits behind a sigmoid or softmax, be it the wrong one of them. Where it is the right
    one, they differ only in what Keras 1 clipped, which exact style keeps as well and faithful style tells.
    """
    argument = use.bound.arguments.get(_LOSS)
    parameter = spelling.parameters.get(_LOSS)
    if argument is None or not isinstance(parameter, Renamed) or parameter.values is None:
        return spelling
    exact = ctx.settings.style == "exact"
    told = [(leaf, set(activations(ctx, ends))) for leaf, ends in _given(ctx, use, argument.node)]
    taken = {
        loss
        for loss, right in LOGITS.items()
        if exact or any(is_wrong(one, right) for leaf, found in told if _may_be(leaf, loss) for one in found)
    }
    for leaf, found in told:
        _tell(ctx, leaf, found, taken)
    texts: dict[object, Text] = {loss: Text(loss, (Import(COMPAT, loss),)) for loss in taken}
    values = noted(ctx, parameter.values)._replace(literal={**parameter.values.literal, **texts})
    for leaf in leaves(argument.node):
        symbol = ctx.names.resolve(leaf) if isinstance(leaf, (ast.Name, ast.Attribute)) else None
        loss = symbol.path.rpartition(".")[2] if symbol is not None else ""
        if loss not in texts:
            continue
        if leaf is argument.node and ctx.settings.style != "modern":
            values = values._replace(other=texts[loss])
        else:
            message = f"{loss}: Keras 3 takes it of the logits behind the output, {COMPAT}.{loss} as it was"
            ctx.add("K306", Severity.NOTE, ctx.span(leaf), message, symbol=f"keras.objectives.{loss}")
    return spelling._replace(parameters={**spelling.parameters, _LOSS: parameter._replace(values=values)})


def _tell(ctx: Context, leaf: ast.expr, found: set[str | None], taken: set[str]) -> None:
    """What a loss clips otherwise, given the activations that its outputs may be of. ``taken``: those of compat."""
    name = leaf.value if isinstance(leaf, ast.Constant) else None
    if not isinstance(name, str):
        return
    messages = []
    if ctx.settings.style == "faithful" and name not in taken and LOGITS.get(name) in found:
        messages.append(_CLIPPED)
    if name == _SPARSE and on_theano(ctx) and not found <= _BOUNDED:
        messages.append(_SCALED)
    for message in messages:
        ctx.add("K306", Severity.NOTE, ctx.span(leaf), f"{name}: {message}", symbol=f"keras.objectives.{name}")


def is_wrong(activation: str | None, right: str) -> bool:
    """Whether an activation leaves logits, or may (None: it is not known), that a loss takes for those of another."""
    return activation is None or (activation in LOGITS.values() and activation != right)


def _given(ctx: Context, use: MethodUse, node: ast.expr) -> Iterator[tuple[ast.expr, list[ast.Call]]]:
    """Each loss of an argument, with the calls that the outputs may come out of which it is for."""
    outputs = [model.outputs for model in ctx.facts.models if model.node in use.models]
    every = [call for of_model in outputs for calls in of_model for call in calls]
    for index, part in enumerate(node.elts if isinstance(node, ast.List) else ()):
        mine = [call for of_model in outputs for call in (of_model[index] if index < len(of_model) else ())]
        yield from ((leaf, mine) for leaf in leaves(part))
    for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
        named = _named(ctx, every, key.value) if isinstance(key, ast.Constant) else []
        yield from ((leaf, named or every) for leaf in leaves(value))
    if not isinstance(node, (ast.List, ast.Dict)):
        yield from ((leaf, every) for leaf in leaves(node))


def _named(ctx: Context, calls: list[ast.Call], name: object) -> list[ast.Call]:
    """Those that make a layer of this name."""
    names = {use.node: use.bound.arguments.get("name") for use in ctx.facts.layers}
    return [call for call in calls if (given := names.get(call)) is not None and given.value == name]


def _may_be(leaf: ast.expr, loss: str) -> bool:
    return leaf.value == loss if isinstance(leaf, ast.Constant) else True


def activations(ctx: Context, ends: list[ast.Call]) -> Iterator[str | None]:
    """The activations of these layers, and of those that models among them end in; None: one that is not known."""
    models = {model.node: model for model in ctx.facts.models}
    layers = {layer.node: layer for layer in ctx.facts.layers}
    pending, seen = list(ends), set(ends)
    while pending:
        node = pending.pop()
        found: list[ast.expr] = []
        if node in models:
            found += [call for calls in models[node].outputs for call in calls]
        elif node in layers:
            told = _activation(layers[node])
            if told != "":
                yield told
            held = layers[node].bound.arguments.get(getattr(layers[node].entry, "wraps", None) or "")
            found += [held.node] if held is not None else []
        for one in found:
            if isinstance(one, ast.Call) and one not in seen:
                seen.add(one)
                pending.append(one)


def _activation(use: LayerUse) -> str | None:
    """The name of a layer's activation; "": it has none; None: it is not known."""
    names = signature(use.entry.signatures[use.bound.version]).names()
    if not isinstance(use.entry, Layer) or _ACTIVATION not in names:
        return ""
    value = LegacyArguments(use.bound, use.entry).get(_ACTIVATION)
    if value is UNKNOWN:
        return None
    name = getattr(value, "path", value)
    return name.rpartition(".")[2].removeprefix("time_distributed_") if isinstance(name, str) else ""
