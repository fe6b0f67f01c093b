"""Calls of layers, optimizers, callbacks and other functions of Keras 2, and of models' methods, by their entries."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tdmigrate.findings import Applicability, CallEdit, Fix, Recast, Severity, TextEdit
from tdmigrate.keras1.entry import Function, Layer, Layout, Method
from tdmigrate.keras2 import layers, models, optimizers, registry
from tdmigrate.keras2.words import KEY
from tdmigrate.rules import weights
from tdmigrate.rules.arguments import Plan, plan
from tdmigrate.rules.calls import About, Codes, check_call, report
from tdmigrate.rules.context import Spelled
from tdmigrate.rules.inputs import plan_input
from tdmigrate.rules.keras2.context import Keras2, through_tensorflow
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import Argument, Bound, Facts, FunctionUse, LayerUse, MethodUse
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.shapes import UNKNOWN

LAYER_CODES = Codes(arguments="K201", defaults="K202", ask="K205", note="K206")
METHOD_CODES = Codes(arguments="K303", defaults="K304", ask="K305", note="K306")
_OTHER = Codes(arguments="K401", defaults="K402", ask="K403", note="K404")
_KINDS = {
    "layer": LAYER_CODES,
    "callback": METHOD_CODES,
    "input": LAYER_CODES,
    "data": Codes(arguments="K601", defaults="K602", ask="K603", note="K604"),
}
_KERAS = "Keras 2"
_AS_BEFORE = Layout()


# --- binding ---------------------------------------------------------------------------------------------------------


# of a ``**dict`` that the source resolves: parameter, key node, value node
Spread = tuple[tuple[str, ast.expr, ast.expr], ...]


def spreads(facts: Facts) -> dict[ast.Call, Spread]:
    """What understanding found in the dicts that calls are given by ``**``."""
    found: list[FunctionUse | LayerUse | MethodUse] = [*facts.functions, *facts.layers, *facts.methods]
    return {one.node: one.bound.spread for one in found if one.bound is not None and one.bound.spread}


def bind(
    names: Names, facts: Facts, call: ast.Call, entry: Function | Method, spread: Spread = ()
) -> tuple[Bound, int]:
    """The call's arguments by their parameters, and how badly they fit."""
    text = entry.signatures[KEY]
    known = signature(text).names()
    positional = signature(text.partition("*")[0].rstrip(", ")).names()
    arguments: dict[str, Argument] = {}
    unknown: list[tuple[int, str]] = []
    starred = False
    misfits = 0
    for index, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            starred = True
            break
        if index >= len(positional):
            misfits += "*args" not in text
            continue
        name = positional[index]
        value = _value(names, facts, node)
        arguments[name] = Argument(name, index, True, node, value)
        misfits += not _fits(value, signature(text).default(name))
    taken = {*known, *(entry.keras3.parameters if entry.keras3 is not None else ())}
    for index, keyword in enumerate(call.keywords, len(call.args)):
        if keyword.arg is None:
            starred = starred or not spread
            for name, _, node in spread:
                if name in taken:
                    arguments.setdefault(name, Argument(name, index, False, node, _value(names, facts, node)))
        elif keyword.arg in taken:
            value = _value(names, facts, keyword.value)
            arguments[keyword.arg] = Argument(keyword.arg, index, False, keyword.value, value)
        else:
            unknown.append((index, keyword.arg))
            misfits += 1
    known_spread = tuple(one for one in spread if one[0] in taken)
    return Bound(KEY, arguments, tuple(unknown), (), starred, known_spread), misfits


def _fits(value: object, default: object) -> bool:
    """Whether a value may be meant where that is the default: a truth value is no number, and the other way round."""
    if isinstance(value, bool) or isinstance(default, bool):
        return value is UNKNOWN or isinstance(value, bool) == isinstance(default, bool)
    return True


def _value(names: Names, facts: Facts, node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    symbol = names.resolve(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
    return symbol if symbol is not None else facts.constants.get(node, UNKNOWN)


def uses(names: Names, facts: Facts, nodes: Sequence[ast.AST]) -> Iterator[FunctionUse]:
    """Every call of something that has an entry."""
    spread = spreads(facts)
    for node in nodes:
        symbol = names.resolve(node.func) if isinstance(node, ast.Call) else None
        if symbol is None or not isinstance(node, ast.Call):
            continue
        told = spread.get(node, ())
        variants = registry.variants(symbol.path)
        if through_tensorflow(symbol.binding):
            variants = variants[::-1]
        fits = [(*bind(names, facts, node, entry, told), entry) for entry in variants]
        if fits:
            bound, _, entry = min(fits, key=lambda one: one[1])
            yield FunctionUse(node, symbol, entry, bound)


# --- functions, classes and layers -----------------------------------------------------------------------------------


def check_calls(ctx: Keras2) -> None:
    made = {use.node: use for use in ctx.facts.layers}
    for use in ctx.facts.functions:
        if not isinstance(use.entry, Function) or use.bound is None or use.entry.kind == "backend":
            continue
        if use.entry in ctx.variants(use.symbol):
            _check_call(ctx, use, use.entry, use.bound, made.get(use.node))


def _check_call(ctx: Keras2, use: FunctionUse, entry: Function, bound: Bound, layer: LayerUse | None) -> None:
    codes = _KINDS.get(entry.kind, _OTHER)
    spelling = entry.keras3
    if spelling is None:
        return  # its import, or the chain to it, says so
    about = About(entry.name, use.symbol.path, keras=_KERAS)
    callee: Spelled | None = None
    if spelling.path.rpartition(".")[2] != use.symbol.path.rpartition(".")[2]:
        spelled = ctx.spell(use.node.func, use.symbol, spelling.path)
        callee = None if spelled.text == ctx.module.segment(use.node.func) else spelled
    if entry.kind == "input":
        _check_input(ctx, use, bound, about)
        return
    if entry.name == "to_categorical" and "dtype" in bound.arguments:
        _check_categorical(ctx, use, plan(ctx, use.node, bound, entry, spelling), bound.arguments["dtype"], about)
        return
    if ctx.is_modern:
        spelling = spelling._replace(parameters=layers.as_in_keras3(spelling.parameters))
    made = check_call(ctx, use.node, bound, entry, spelling, codes, about, callee)
    if entry.kind == layers.LAYER:
        _check_shape(ctx, use, layer, made, about)
        _check_weights(ctx, use, layer, made, about)
    notes = [] if entry.note is None else [entry.note]
    if entry.kind == optimizers.KIND:
        notes += [note for name, note in optimizers.TOLD.items() if name in bound.arguments or _is_given(bound, name)]
    for silent in registry.silent(entry.name) if not ctx.is_modern else ():
        if not bound.starred and not any(_is_given(bound, name) for name in silent.parameters):
            notes.append(silent.note)
    for note in notes:
        _note(ctx, use.node, codes.note, f"{entry.name}: {note}")


def _note(ctx: Keras2, node: ast.expr, code: str, message: str) -> None:
    if all(one.message != message for one in ctx.findings):  # once a file
        ctx.add(code, Severity.NOTE, ctx.span(node), message)


def _is_given(bound: Bound, name: str) -> bool:
    return name in bound.arguments or any(name == keyword for _, keyword in bound.unknown)


def _check_input(ctx: Keras2, use: FunctionUse, bound: Bound, about: About) -> None:
    """``Input(shape=5)``, which tf.keras took."""
    shape = bound.arguments.get("shape")
    if shape is None or type(shape.value) is not int:
        return
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(shape.node), ("(", ctx.span(shape.node), ",)")),))
    message = f"{about.label}: `shape` is a tuple: Keras 3 takes no number"
    ctx.add("K203", Severity.ERROR, ctx.span(shape.node), message, symbol=about.symbol, fix=fix)


def _check_categorical(ctx: Keras2, use: FunctionUse, made: Plan, dtype: Argument, about: About) -> None:
    span = ctx.span(use.node)
    edits = (
        CallEdit(span, arguments=made.edits),
        Recast(span, (span, ".astype(", ctx.span(dtype.node), ")")),
    )
    message = f"{about.label}: Keras 3 takes no `dtype`: it is `to_categorical(…).astype(…)`"
    ctx.add("K601", Severity.ERROR, span, message, symbol=about.symbol, fix=Fix(Applicability.SAFE, edits))


def _check_shape(ctx: Keras2, use: FunctionUse, layer: LayerUse | None, made: Plan, about: About) -> None:
    """input_shape, batch_input_shape and their like."""
    if not made.shaped:
        return
    span = ctx.span(use.node)
    entry = layer.entry if layer is not None else None
    planned = plan_input(ctx, layer, entry, made.shaped) if layer is not None and isinstance(entry, Layer) else None
    if planned is None:
        if set(made.shaped) - {"input_shape"}:
            names = " and ".join(f"`{name}`" for name in made.shaped)
            message = f"{about.label}: {names}: add a `keras.Input(…)` of that shape before this layer"
            ctx.add("K205", Severity.ERROR, span, message, symbol=about.symbol)
        return
    if planned.ask is not None:
        message = f"{about.label}: {planned.ask.replace('Keras 1', _KERAS)}"
        ctx.add("K205", Severity.ERROR, span, message, symbol=about.symbol)
        return
    edits = (CallEdit(span, arguments=planned.arguments, added=planned.added), *planned.edits)
    # with `input_shape` alone Keras 3 only warns
    severity = Severity.ERROR if set(made.shaped) - {"input_shape"} else Severity.WARNING
    fix = Fix(Applicability.SAFE, edits, planned.imports)
    ctx.add("K203", severity, span, f"{about.label}: {planned.message}", symbol=about.symbol, fix=fix)


def _check_weights(ctx: Keras2, use: FunctionUse, layer: LayerUse | None, made: Plan, about: About) -> None:
    if made.weights is None:
        return
    alike = not about.label.startswith("CuDNN")  # whose biases are twice as many
    if alike and layer is not None and isinstance(layer.entry, Layer) and layer.entry.wraps is None:
        weights.check_weights(ctx, layer, made.weights, about, weights.RULE.code, layout=_AS_BEFORE)
        return
    message = f"{about.label}: `weights` cannot be given here: call `set_weights` on the built layer"
    ctx.add("K205", Severity.ERROR, ctx.span(made.weights.node), message, symbol=about.symbol)


# --- methods ---------------------------------------------------------------------------------------------------------


def unknown_models(names: Names, facts: Facts, nodes: Sequence[ast.AST]) -> Iterator[MethodUse]:
    """Calls of methods on what is not known to be a model, with an argument that nothing but Keras 2's models took."""
    seen = {use.node for use in facts.methods}
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node in seen:
            continue
        method = registry.method(node.func.attr)
        if method is not None and any(keyword.arg in models.TELLING for keyword in node.keywords):
            yield MethodUse(node, method, "", bind(names, facts, node, method)[0])


def check_methods(ctx: Keras2) -> None:
    for use in ctx.facts.methods:
        method = registry.method(use.method.name)
        label = f"{use.owner or 'model'}.{use.method.name}"
        if use.method.name == "predict_classes":
            from tdmigrate.rules import predictions  # few sources call it

            predictions.check_predictions(ctx, use, label, METHOD_CODES)
        elif method is not None:
            _check_method(ctx, use, method, label)


def _check_method(ctx: Keras2, use: MethodUse, method: Method, label: str) -> None:
    spelling = method.keras3
    if spelling is None:
        ctx.add("K305", Severity.ERROR, ctx.span(use.node), f"{label}: {method.person}")
        return
    callee: Spelled | None = None
    if spelling.path != method.name and isinstance(use.node.func, ast.Attribute):
        callee = Spelled(f"{ctx.module.segment(use.node.func.value)}.{spelling.path}", (), None)
    bound, _ = bind(ctx.names, ctx.facts, use.node, method, use.bound.spread)
    if method.name == "compile" and ctx.reads_acc:
        spelling = spelling._replace(parameters={**spelling.parameters, **models.SHORT})
    made = plan(ctx, use.node, bound, method, spelling)
    if any(isinstance(edit, TextEdit) and edit.text == "'acc'" for edit in made.inner):
        made = made._replace(changes=(*made.changes, "`'accuracy'` is `'acc'`: by that name this source reads it"))
    if "optimizer" in bound.arguments and not ctx.is_modern:
        _check_named(ctx, bound.arguments["optimizer"])
    given = bound.arguments.get("generator")
    if given is not None:
        from tdmigrate.rules import generators  # few sources have them

        generators.check_generator(ctx, use, given.node, label)
    report(ctx, use.node, made, METHOD_CODES, About(label, None, keras=_KERAS), callee)


def _check_named(ctx: Keras2, optimizer: Argument) -> None:
    """``compile('adagrad')``: an optimizer with its defaults."""
    name = next((one for one in optimizers.NAMES if one.lower() == str(optimizer.value).lower()), None)
    if name is None or not isinstance(optimizer.value, str):
        return
    notes = [silent.note for silent in registry.silent(name)]
    for note in [*notes, *([optimizers.NOTES[name]] if name in optimizers.NOTES else [])]:
        _note(ctx, optimizer.node, _OTHER.note, f"{name}: {note}")
