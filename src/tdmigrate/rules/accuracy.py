"""Accuracies: which one compile meant, and `show_accuracy` of Keras 0.x, which is a metric of compile now."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tdmigrate.findings import Added, Edit, Import, Recast, TextEdit
from tdmigrate.keras1.entry import Layer, Text
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import Plan, edited, held_once, is_none, leaves
from tdmigrate.rules.context import COMPAT, Context, once
from tdmigrate.rules.losses import activations
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import LayerUse, MethodUse
from tdmigrate.understanding.shapes import Dims

_NAMES = ("accuracy", "acc")
_FLAGS = ("show_accuracy", "accuracy")  # of fit and its like; of train_on_batch and its like
_BINARY = "binary_crossentropy"
_CATEGORICAL = ("categorical_crossentropy", "sparse_categorical_crossentropy")  # nobody takes them of one feature
_BOUNDED = ("sigmoid", "hard_sigmoid", "softmax")
_BEFORE_1 = parse("0.1-0.3")
_BY_MODE = parse("0.1-0.3.2")  # `class_mode` decided, whatever the outputs
VECTORS = 2  # the rank of outputs without timesteps
_ALWAYS = ("fit", "fit_generator")  # which give a History, whatever they show

ACC = Text("'acc'")
_BINARY_ACC = Text("BinaryAccuracy(name='acc')", (Import("keras.metrics", "BinaryAccuracy"),))
_ROUNDED = Text("acc", (Import(COMPAT, "acc"),))
_BINARY_ROUNDED = Text(f"accuracy_of({_BINARY!r})", (Import(COMPAT, "accuracy_of"),))


# --- which accuracy


class Loss(NamedTuple):
    """The loss that a compile is given."""

    name: str | None = None  # of one of Keras's
    own: bool = False  # whether it is a function, or what a call makes
    node: ast.expr | None = None  # where its name is known only when the program runs


def loss_of(ctx: Context, use: MethodUse) -> Loss:
    """The loss of a compile for its only output."""
    argument = use.bound.arguments.get("loss")
    if argument is None:
        return Loss()
    node = argument.node
    if isinstance(node, ast.List) and len(node.elts) == 1:
        node = node.elts[0]
    elif isinstance(node, ast.Dict) and len(node.values) == 1:
        node = node.values[0]
    symbol = ctx.names.resolve(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
    if symbol is not None:
        return Loss(symbol.path.rpartition(".")[2])
    if isinstance(node, ast.Name) and node.id in ctx.compat:
        return Loss(ctx.compat[node.id])
    value = node.value if isinstance(node, ast.Constant) else argument.value if node is argument.node else None
    if isinstance(value, str) and ctx.is_certain(node) and not _is_of_loop(ctx, node):
        return Loss(value)
    if ctx.is_function(node) or (isinstance(node, ast.Call) and not _looks_up(node)):
        return Loss(own=True)
    known = isinstance(node, ast.Name) and any(isinstance(one, ast.FunctionDef) for one in ctx.binders(node.id))
    return Loss(own=True) if known else Loss(node=node)


def _looks_up(node: ast.Call) -> bool:
    """Whether a call looks something up, such as a setting, where others make a loss."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("get", "getattr", "str", "get_flag")


def _is_of_loop(ctx: Context, node: ast.expr) -> bool:
    """Whether a variable takes several values."""
    bound = [ctx.binders(one.id) for one in ast.walk(node) if isinstance(one, ast.Name)]
    return any(len(one) != 1 or not isinstance(ctx.parents.get(one[0]), ast.Assign) for one in bound)


def meant(ctx: Context, use: MethodUse) -> Text:
    """The accuracy that Keras 1 took, of a call of compile, as it is written now."""
    given = use.bound.arguments
    found = loss_of(ctx, use)
    loss = found.name
    dims = {last_dim(ctx, model) for model in use.models} or {None}
    one = dims == {1}
    if ctx.era.assumed.within(_BEFORE_1):
        mode = given.get("class_mode")
        by_mode = ctx.era.assumed.within(_BY_MODE) and mode is not None and mode.value == "binary"
        if by_mode and not one:
            return _BINARY_ACC
        return _ROUNDED if one and not is_bounded(ctx, use) and loss != _BINARY else ACC
    if one:
        return ACC if is_bounded(ctx, use) or (loss == _BINARY and not _is_linear(ctx, use)) else _ROUNDED
    if found.node is not None:
        return Text(f"accuracy_of({ctx.module.segment(found.node)})", (Import(COMPAT, "accuracy_of"),))
    if loss == _BINARY:
        return _BINARY_ACC if is_bounded(ctx, use) or not _is_linear(ctx, use) else _BINARY_ROUNDED
    if loss in _CATEGORICAL or (not found.own and (not dims & {1, None} or is_bounded(ctx, use))):
        return ACC
    return _ROUNDED


def is_bounded(ctx: Context, use: MethodUse) -> bool:
    """Whether outputs lie between 0 and 1, so that rounding is the same as asking for more than one half."""
    found = _ends(ctx, use)
    return bool(found) and all(one in _BOUNDED for one in found)


def _is_linear(ctx: Context, use: MethodUse) -> bool:
    """Whether outputs are known to lie anywhere."""
    found = _ends(ctx, use)
    return bool(found) and all(one in ("linear", "relu") for one in found)


def _ends(ctx: Context, use: MethodUse) -> list[str | None]:
    """The activations that the outputs may be of; None: one that is not known."""
    models = [model for model in ctx.facts.models if model.node in use.models]
    # unknown code may have had the model in hands: then its last layer is most likely what it was
    ends = [call for model in models for one in model.outputs for call in one or model.layers[-1:]]
    return list(activations(ctx, ends))


def last_dim(ctx: Context, model: ast.Call) -> int | None:
    """The size of the last axis of a model's only output; None: it is not known."""
    sizes = {dims[-1] if dims and isinstance(dims[-1], int) else None for dims in _last_dims(ctx, model)}
    (size,) = sizes if len(sizes) == 1 else (None,)
    return size


def rank(ctx: Context, use: MethodUse) -> int | None:
    """How many axes the only output of the model of a call has; None: it is not known."""
    ranks = {len(dims) if dims else None for model in use.models for dims in _last_dims(ctx, model)}
    (number,) = ranks if len(ranks) == 1 else (None,)
    return number


def _last_dims(ctx: Context, model: ast.Call) -> list[Dims | None]:
    """The shapes that a model's only output may have; None: one that is not known."""
    use = next((one for one in ctx.facts.models if one.node is model), None)
    if use is None or len(use.outputs) != 1:
        return [None]
    return [dims for call in use.outputs[0] for dims in dims_of(ctx, call)]


def dims_of(ctx: Context, call: ast.Call) -> list[Dims | None]:
    """The shapes that a layer, or a model of one output, may give; None: one that is not known."""
    layer = next((one for one in ctx.facts.layers if one.node is call), None)
    if layer is None:
        return _last_dims(ctx, call) if any(one.node is call for one in ctx.facts.models) else [None]
    return [_dims(ctx, layer)]


def _dims(ctx: Context, layer: LayerUse) -> Dims | None:
    if not isinstance(layer.entry, Layer):
        return None
    if layer.inputs is None and layer.entry.name == "Dense":
        size = LegacyArguments(layer.bound, layer.entry).get("output_dim")
        return (None, size) if isinstance(size, int) else None
    return _given_by(ctx, layer, [layer.inputs])


def _given_by(ctx: Context, layer: LayerUse, inputs: Sequence[Dims | None]) -> Dims | None:
    if not isinstance(layer.entry, Layer):
        return None
    held = layer.bound.arguments.get(layer.entry.wraps or "")
    inner = next((one for one in ctx.facts.layers if held is not None and one.node is held.node), None)
    shown = _Held(ctx, inner) if inner is not None else None
    return layer.entry.shape(inputs, LegacyArguments(layer.bound, layer.entry, shown))


class _Held(NamedTuple):
    """The layer in a wrapper, as shape rules ask for it."""

    ctx: Context
    layer: LayerUse

    def output(self, inputs: Sequence[Dims | None]) -> Dims | None:
        return _given_by(self.ctx, self.layer, inputs)


def outputs(ctx: Context, use: MethodUse) -> int | None:
    """How many outputs the model of a call has; None: it is not known."""
    found = {len(one.outputs) for one in ctx.facts.models if one.node in use.models}
    (number,) = found if len(found) == 1 else (None,)
    return number


def settle_compile(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile with the accuracies that it meant, under the key 'acc', and with one for a later `show_accuracy`."""
    metrics = use.bound.arguments.get("metrics")
    if metrics is None:
        return _masked(ctx, use, made) if use.bound.starred else _shown_in(ctx, use, made)
    display = as_written(ctx, metrics.node)
    named = [one for part in _parts(display) for one in leaves(part)]
    if use.bound.starred and "loss" not in use.bound.arguments:  # which decides; rules/open_compile.py asks
        named = []
    leaf_nodes = [one for one in named if isinstance(one, ast.Constant) and one.value in _NAMES]
    number = outputs(ctx, use)
    edits: list[Edit] = []
    for leaf in leaf_nodes:
        text = ctx.written(meant(ctx, use) if number in (1, None) else ACC)
        shared = display not in (metrics.node, held_once(ctx, metrics.node))
        if text.text != repr(leaf.value) and shared and text.text != ACC.text:
            ask = (metrics.node, f"`metrics`: {leaf.value!r} meant `{text.text}` here: write it")
            made = made._replace(asks=(*made.asks, ask))
        elif text.text != repr(leaf.value):
            edits.append(TextEdit(ctx.span(leaf), text.text))
            made = made._replace(
                imports=(*made.imports, *text.imports),
                changes=(*made.changes, f"`{leaf.value!r}` is `{text.text}`: its key in the history stays 'acc'"),
            )
    flat = isinstance(display, (ast.List, ast.Tuple)) and display.elts
    if number is not None and number > 1 and flat and not any(isinstance(one, (ast.List, ast.Dict)) for one in flat):
        whole = f"[{', '.join(['{}'] * number)}]"
        made = edited(made, metrics.index, whole)
        made = made._replace(changes=(*made.changes, "`metrics` are given for every output"))
    made = made._replace(inner=(*made.inner, *edits))
    none = isinstance(display, (ast.List, ast.Tuple, ast.Dict)) and not named
    return made if none or is_none(metrics.node) else _masked(ctx, use, made)


def _masked(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    from tdmigrate.rules import masked_metrics  # few sources have masks

    return masked_metrics.settle(ctx, use, made)


def as_written(ctx: Context, node: ast.expr) -> ast.expr:
    """A value as it is written, where the module's own level writes them once for a variable."""
    if isinstance(node, ast.Name):
        makers = [ctx.parents.get(one) for one in ctx.binders(node.id)]
        if len(makers) == 1 and isinstance(makers[0], ast.Assign):
            return makers[0].value
    return node


def _parts(node: ast.expr) -> Sequence[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


# --- show_accuracy


class _Shown(NamedTuple):
    """A call that shows an accuracy, or does not."""

    use: MethodUse
    flag: str  # its parameter
    value: object


def _calls(ctx: Context, models: frozenset[ast.Call]) -> list[_Shown] | None:
    """All calls on these models that may show accuracies; None: some may be on other models as well."""
    found: list[_Shown] = []
    for one in _showing(ctx):
        if one.use.models and frozenset(one.use.models) == models:
            found.append(one)
        elif not one.use.models or models & frozenset(one.use.models):
            return None
    return found


@once
def _showing(ctx: Context) -> list[_Shown]:
    """All calls that may show accuracies."""
    found: list[_Shown] = []
    for use in ctx.facts.methods:
        flag = next((one for one in _FLAGS if any(f"{one}=" in form for form in use.method.signatures.values())), None)
        if use.method.name != "compile" and flag is not None and use.owner != "Graph":
            argument = use.bound.arguments.get(flag)
            found.append(_Shown(use, flag, argument.value if argument is not None else False))
    return found


@once
def _compiling(ctx: Context) -> Mapping[ast.Call | None, list[MethodUse]]:
    """The calls that compile each model; None: it is not known which."""
    found: dict[ast.Call | None, list[MethodUse]] = {}
    for one in ctx.facts.methods:
        if one.method.name == "compile":
            for model in one.models or (None,):
                found.setdefault(model, []).append(one)
    return found


def _compiled(ctx: Context, models: frozenset[ast.Call]) -> MethodUse | None:
    """The only call that compiles these models, without metrics."""
    compiling = _compiling(ctx)
    found = [compiling.get(model, []) for model in models]
    if None in compiling or not found or any(len(one) != 1 or one[0] is not found[0][0] for one in found):
        return None
    only = found[0][0]
    if frozenset(only.models) != models or only.bound.starred or "metrics" in only.bound.arguments:
        return None
    return only


def _is_shown(ctx: Context, models: frozenset[ast.Call]) -> list[_Shown]:
    """The calls on these models, if some show the accuracy and compile can be told of it."""
    if not models or _compiled(ctx, models) is None:
        return []
    calls = _calls(ctx, models) or []
    return calls if any(one.value is True for one in calls) and all(type(one.value) is bool for one in calls) else []


def _shown_in(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    if not _is_shown(ctx, frozenset(use.models)) or any(name == "metrics" for _, name in use.bound.unknown):
        return made
    text = ctx.written(meant(ctx, use))
    made = _masked(ctx, use, made)
    if (told := _by_mode(ctx, use)) is not None:
        made = made._replace(notes=(*made.notes, (use.node, told)))
    return made._replace(
        added=(*made.added, Added("metrics", f"[{text.text}]")),
        added_imports=(*made.added_imports, *text.imports),
        pins=(*made.pins, f"metrics=[{text.text}], which is shown below (trap D20)"),
    )


def _by_mode(ctx: Context, use: MethodUse) -> str | None:
    """What to tell of an accuracy for which `class_mode` decided."""
    if not ctx.era.assumed.within(_BY_MODE):
        return None
    mode = use.bound.arguments.get("class_mode")
    is_one = {last_dim(ctx, model) for model in use.models} == {1}
    if mode is not None and mode.value == "binary":
        if is_one or is_bounded(ctx, use):
            return None
        return "the accuracy compared rounded outputs, now it asks whether they are above one half"
    if not is_one or (mode is not None and mode.value != "categorical"):
        return None
    return "the accuracy of one unit was always 1 without class_mode='binary'; now it is the binary one"


def settle_shown(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """A call of fit and its like without the flag: compile has the metric now, and results are lists."""
    calls: Mapping[ast.Call, _Shown] = {one.use.node: one for one in _is_shown(ctx, frozenset(use.models))}
    mine = calls.get(use.node)
    if mine is None:
        return made
    argument = use.bound.arguments.get(mine.flag)
    if mine.value is True and argument is not None:
        if any(value is argument.node for _, _, value in use.bound.spread):
            return made
        made = edited(made, argument.index, drop=True)._replace(
            asks=tuple(ask for ask in made.asks if ask[0] is not argument.node),
            changes=(*made.changes, f"`{mine.flag}` goes: compile has the metric"),
        )
    elif use.method.name not in _ALWAYS and not _is_alone(ctx, use.node) and not _is_indexed(ctx, use.node):
        suffix = "[:1]" if use.method.name.endswith("_on_batch") else "[0]"
        made = made._replace(
            inner=(*made.inner, TextEdit(ctx.span(use.node), f"{{}}{suffix}")),
            changes=(*made.changes, f"`{suffix}` of it: it gives the accuracy as well now"),
        )
    return made


def settle_result(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """What train_on_batch of Keras 0.x gave without an accuracy: a list with the loss in it."""
    if not use.method.name.endswith("_on_batch") or use.method.name.startswith("predict"):
        return made
    flag = use.bound.arguments.get("accuracy")
    models = frozenset(use.models)
    shown = use.node in {one.use.node for one in _is_shown(ctx, models)}
    if not ctx.era.assumed.within(_BEFORE_1) or shown or (flag is not None and flag.value is not False):
        return made
    whole = ctx.parents.get(use.node)
    if isinstance(whole, ast.Expr) or (isinstance(whole, ast.Call) and whole.func is not use.node):
        return made  # nothing is made of it; or float(…), as it is written here
    if not models or _compiled(ctx, models) is None:
        note = (use.node, "Keras 0.x gave a list with the loss in it; without metrics it is the loss itself now")
        return made._replace(notes=(*made.notes, note))
    if isinstance(whole, ast.Subscript) and isinstance(whole.slice, ast.Constant) and whole.slice.value == 0:
        edit: Edit = Recast(ctx.span(whole), ("float(", ctx.span(use.node), ")"))
    else:
        edit = TextEdit(ctx.span(use.node), "[float({})]")
    change = "it gives the loss itself now, Keras 0.x gave a list with it"
    return made._replace(inner=(*made.inner, edit), changes=(*made.changes, change))


def _is_alone(ctx: Context, node: ast.Call) -> bool:
    """Whether nothing is made of what a call gives."""
    return isinstance(ctx.parents.get(node), ast.Expr)


def _is_indexed(ctx: Context, node: ast.Call) -> bool:
    parent = ctx.parents.get(node)
    return isinstance(parent, ast.Subscript) and parent.value is node
