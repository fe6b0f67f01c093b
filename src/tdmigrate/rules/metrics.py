"""Metrics of compile that Keras 3 gives other targets than Keras 1, or takes of other logits.

Keras 1 made columns of one-dimensional targets and cast them to the outputs' dtype before a metric saw them; Keras 3
does so for losses only. Strings become functions of compat, functions of the program's own get ``metric(...)`` around
them, unless the source proves that nothing differs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Import, TextEdit
from tdmigrate.keras1.entry import Renamed, Spelling, Text
from tdmigrate.keras1.losses import LOGITS, OF_COLUMNS
from tdmigrate.rules.accuracy import as_written, is_bounded, last_dim, loss_of, outputs, rank
from tdmigrate.rules.arguments import Plan, leaves
from tdmigrate.rules.context import COMPAT, Context, once
from tdmigrate.rules.losses import activations, is_wrong, noted
from tdmigrate.understanding.arrays import Array, Arrays
from tdmigrate.understanding.facts import Argument, MethodUse

_METRICS = "metrics"
_FED = ("fit", "evaluate", "train_on_batch", "test_on_batch")
_FED_BY_GENERATORS = ("fit_generator", "evaluate_generator")
_SPARSE = "sparse_categorical_crossentropy"
_WRAPPER = Text("metric", (Import(COMPAT, "metric"),))
_LOOKED_AT = Text("metrics_of", (Import(COMPAT, "metrics_of"),))
_UNSEEN = (ast.Attribute, ast.BinOp, ast.Call, ast.Name, ast.Subscript)  # forms that show no metric
_UNSEEN_LOSS = (
    "`metrics` come from elsewhere, and Keras 1 chose the accuracy by the loss of each output: write "
    f"`{COMPAT}.metrics_of(metrics, loss, model)` with both"
)
_COLUMNS = "Keras 3 gives it targets as they are: one-dimensional ones broadcast to (batch, batch), integers raise"
_DICT = (
    "it returns a dict, of which Keras 1.1 and 1.2 logged every number; Keras 3 raises: give compile "
    f"`{COMPAT}.metric(function, key)` for each key"
)

Function = ast.FunctionDef | ast.Lambda


def settle(ctx: Context, use: MethodUse, spelling: Spelling) -> Spelling:
    """The spelling of compile with named metrics that take the targets and outputs that Keras 1 gave them."""
    argument, parameter = use.bound.arguments.get(_METRICS), spelling.parameters.get(_METRICS)
    if argument is None or not isinstance(parameter, Renamed) or parameter.values is None:
        return spelling
    if _are_elsewhere(ctx, argument, as_written(ctx, argument.node)):
        return spelling._replace(parameters={**spelling.parameters, _METRICS: parameter._replace(values=None)})
    ends = [call for model in ctx.facts.models if model.node in use.models for one in model.outputs for call in one]
    found = set(activations(ctx, ends)) or {None}
    exact = ctx.settings.style == "exact"
    taken = {name for name, right in LOGITS.items() if exact or any(is_wrong(one, right) for one in found)}
    if not _are_full(ctx, use):
        taken |= {*OF_COLUMNS}
    if not is_bounded(ctx, use):
        taken.add("binary_accuracy")
    texts: dict[object, Text] = {name: Text(name, (Import(COMPAT, name),)) for name in taken}
    values = noted(ctx, parameter.values)
    values = values._replace(
        literal={**values.literal, **texts},
        notes={name: note for name, note in values.notes.items() if name not in texts},
    )
    return spelling._replace(parameters={**spelling.parameters, _METRICS: parameter._replace(values=values)})


def settle_own(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile with functions of the program's own that are called as Keras 1 called them."""
    argument = use.bound.arguments.get(_METRICS)
    if argument is None or argument.node in {value for _, _, value in use.bound.spread}:
        return made
    display = as_written(ctx, argument.node)
    if _are_elsewhere(ctx, argument, display):
        return _looked_at(ctx, use, argument, made)
    wrapper = ctx.written(_WRAPPER)
    proved = None
    for leaf, inside in _members(display):
        if not _is_own(ctx, leaf) or _are_names(argument.value):
            continue
        function = function_of(ctx, leaf)
        keys = _keys(function) if function is not None else ()
        if keys is None:
            made = made._replace(asks=(*made.asks, (leaf, _DICT)))
            continue
        if proved is None:
            proved = _are_floats(ctx, use)
        # Keras 1 failed on other than one number where batches differ in size: a function elsewhere gives that
        if not keys and proved and function is not None and not _is_scalar(ctx, function):
            continue
        if not keys and ctx.settings.style == "modern":
            made = made._replace(notes=(*made.notes, (leaf, _COLUMNS)))
            continue
        text = ", ".join(f"{wrapper.text}({{}}, {key!r})" for key in keys) or f"{wrapper.text}({{}})"
        shown = text.replace("{}", ctx.module.segment(leaf))
        if len(keys) > 1 and not inside:
            text, shown = f"[{text}]", f"[{shown}]"
        if text.count("{}") > 1:
            text = shown
        edit = TextEdit(ctx.span(leaf), text)
        if edit not in made.inner:
            made = made._replace(
                inner=(*made.inner, edit),
                imports=(*made.imports, *wrapper.imports),
                changes=(*made.changes, f"`{shown}` gets targets as Keras 1 gave them"),
            )
        if function is not None:
            ctx.measured.add(function)
    return made


def _are_elsewhere(ctx: Context, argument: Argument, display: ast.expr) -> bool:
    """Whether metrics come from a parameter, another module or a call, so that no name of one is seen here."""
    if ctx.settings.style == "modern" or not isinstance(display, _UNSEEN) or function_of(ctx, display) is not None:
        return False
    func = display.func if isinstance(display, ast.Call) else None
    return not (isinstance(func, ast.Name) and func.id in ctx.compat) and argument.value is not None


def _looked_at(ctx: Context, use: MethodUse, argument: Argument, made: Plan) -> Plan:
    """The metrics with what Keras 1 meant by them, found when the program runs."""
    loss = use.bound.arguments.get("loss")
    if loss is None or loss.node in {value for _, _, value in use.bound.spread}:
        return made._replace(asks=(*made.asks, (argument.node, _UNSEEN_LOSS)))
    model = ""
    if use.owner != "Sequential" and outputs(ctx, use) != 1:
        receiver = use.node.func.value if isinstance(use.node.func, ast.Attribute) else None
        if not isinstance(receiver, (ast.Name, ast.Attribute)):
            return made._replace(asks=(*made.asks, (argument.node, _UNSEEN_LOSS)))
        model = f", {ctx.module.segment(receiver)}"
    wrapper = ctx.written(_LOOKED_AT)
    edit = TextEdit(ctx.span(argument.node), f"{wrapper.text}({{}}, {ctx.module.segment(loss.node)}{model})")
    shown = f"{wrapper.text}({ctx.module.segment(argument.node)}, …)"
    return made._replace(
        inner=(*made.inner, edit),
        imports=(*made.imports, *wrapper.imports),
        changes=(*made.changes, f"`{shown}` gives the metrics that Keras 1 meant, with its accuracy and its keys"),
    )


def has_own(ctx: Context, argument: Argument) -> bool:
    """Whether the metrics of an argument may have functions among them that are not Keras's."""
    if _are_names(argument.value):
        return False
    return any(_is_own(ctx, leaf) for leaf, _ in _members(as_written(ctx, argument.node)))


def _members(node: ast.expr) -> Iterator[tuple[ast.expr, bool]]:
    """The metrics of an argument, each with whether it stands in a list or tuple of metrics."""
    if isinstance(node, (ast.List, ast.Tuple)):
        for one in node.elts:
            yield from ((leaf, leaf is one or inside) for leaf, inside in _members(one))
    elif isinstance(node, ast.Dict):
        for one in node.values:
            yield from _members(one)
    else:
        yield from ((leaf, False) for leaf in leaves(node))


def function_of(ctx: Context, node: ast.expr) -> Function | None:
    """The function that an expression is, where the module writes it and nothing else binds its name."""
    if isinstance(node, ast.Lambda):
        return node
    binders = ctx.binders(node.id) if isinstance(node, ast.Name) else []
    if len(binders) != 1:
        return None
    parent = ctx.parents.get(binders[0])
    if isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Lambda):
        return parent.value
    return binders[0] if isinstance(binders[0], ast.FunctionDef) else None


def _is_own(ctx: Context, node: ast.expr) -> bool:
    """Whether a metric may be a function that is not Keras's, or a variable that holds some."""
    if isinstance(node, (ast.Constant, ast.JoinedStr, ast.Starred)):
        return False
    named = node.func if isinstance(node, ast.Call) else node
    symbol = ctx.names.resolve(named) if isinstance(named, (ast.Name, ast.Attribute)) else None
    if symbol is not None:
        return symbol.path.rpartition(".")[2] in OF_COLUMNS and symbol.path.startswith("keras.objectives.")
    while isinstance(named, ast.Attribute):
        named = named.value
    return not (isinstance(named, ast.Name) and (named.id in ctx.compat or _is_keras_s(ctx, named.id)))


def _is_keras_s(ctx: Context, name: str) -> bool:
    """Whether imports of Keras are all that binds a name."""
    binders = ctx.binders(name)
    froms = [ctx.parents.get(one) for one in binders]
    return bool(binders) and all(
        isinstance(one, ast.alias)
        and "keras" in (by.module if isinstance(by, ast.ImportFrom) and by.module else one.name).split(".")
        for one, by in zip(binders, froms, strict=True)
    )


def _are_names(value: object) -> bool:
    """Whether an argument is known to be names of metrics alone, or none."""
    return value is None or (isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value))


def _keys(function: Function) -> tuple[str, ...] | None:
    """The keys of the dict that a function returns; (): it returns none; None: they are not known."""
    from tdmigrate.rules.whole_batches import assigned, results

    values = assigned(function)
    found = [one for result in results(function) for one in _origins(result, values)]
    told = [_keys_of(one) for one in found if _is_dict(one)]
    if not told:
        return ()
    same = len(told) == len(found) and all(one == told[0] for one in told)
    return told[0] if same else None


def _origins(node: ast.expr, values: dict[str, list[ast.expr]]) -> list[ast.expr]:
    return values.get(node.id) or [node] if isinstance(node, ast.Name) else [node]


def _is_dict(node: ast.expr) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    made = isinstance(func, ast.Name) and func.id in ("dict", "OrderedDict")
    return made or isinstance(node, (ast.Dict, ast.DictComp))


def _keys_of(node: ast.expr) -> tuple[str, ...] | None:
    if isinstance(node, ast.Dict):
        keys = [one.value if isinstance(one, ast.Constant) else None for one in node.keys]
    elif isinstance(node, ast.Call) and not node.args:
        keys = [one.arg for one in node.keywords]
    else:
        return None
    names = tuple(one for one in keys if isinstance(one, str))
    return names if names and len(names) == len(keys) else None


def _is_scalar(ctx: Context, function: Function) -> bool:
    from tdmigrate.rules.whole_batches import is_scalar

    return is_scalar(ctx, function)


# --- what the source proves of the targets


def _are_full(ctx: Context, use: MethodUse) -> bool:
    """Whether targets are known to have the rank of the outputs, or Keras 1 would have raised."""
    axes = rank(ctx, use)
    if axes is not None and axes > 2:
        return True
    sizes = {last_dim(ctx, model) for model in use.models} or {None}
    checked = loss_of(ctx, use).name not in (None, _SPARSE)
    return (checked and not sizes & {1, None}) or _is_proved(ctx, use, floats=False)


def _are_floats(ctx: Context, use: MethodUse) -> bool:
    """Whether targets are known to be floats of the outputs' rank."""
    return _is_proved(ctx, use, floats=True)


def _is_proved(ctx: Context, use: MethodUse, floats: bool) -> bool:
    found = list(_targets(ctx, use))
    return bool(found) and all(
        one is not None and one.rank is not None and one.rank > 1 and (one.floats or not floats) for one in found
    )


def _targets(ctx: Context, use: MethodUse) -> Iterator[Array | None]:
    """What is known of the targets of each call that may feed the models of a compile; None: nothing."""
    arrays = _arrays(ctx)
    for one in ctx.facts.methods:
        if one.models and not {*one.models} & {*use.models}:
            continue
        if one.method.name in _FED_BY_GENERATORS:
            yield None
        elif one.method.name in _FED:
            y, held_out = (one.bound.arguments.get(name) for name in ("y", "validation_data"))
            yield arrays.of(y.node) if y is not None and not one.bound.starred else None
            if held_out is not None and held_out.value is not None:
                pair = held_out.node.elts if isinstance(held_out.node, ast.Tuple) else []
                yield arrays.of(pair[1]) if len(pair) > 1 else None


@once
def _arrays(ctx: Context) -> Arrays:
    return Arrays(ctx.names, ctx.parents, ctx.binders)
