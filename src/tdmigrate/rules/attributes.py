"""K313, K314: attributes and methods of layers and models, by keras1/attributes.py and the entries of layers."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Import, Recast, Severity, Span
from tdmigrate.keras1 import registry
from tdmigrate.keras1.attributes import ANY_LAYER, MODELS, OTHER_VALUE, SAME_VALUE, SETTER, Attribute, attribute
from tdmigrate.keras1.entry import Layer, Renamed
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.layer_inputs import open_inputs
from tdmigrate.rules.layers import standing_in
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import AttributeUse

RULES = (
    Rule(
        code="K313",
        name="attribute",
        title="An attribute or method of a layer or model is called otherwise now",
        what=(
            "Finds `layer.output_shape`, `layer.W`, `layer.nb_filter`, `layer.get_output_at(0)`, "
            "`model.reset_states()` and their like, where what has them is known to be a layer or model of Keras; "
            "`layer.set_weights(...)` with arrays laid out as Keras 1 had them; and keys of `layer.get_config()`."
        ),
        why="Keras 3 raises AttributeError, or takes the arrays for others.",
        safety="Safe: the same value.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers import Dense\n"
                "\n"
                "model = Sequential([Dense(output_dim=3, input_dim=4)])\n"
                "size = model.layers[-1].output_shape[-1]\n"
                "kernel = model.layers[-1].W.get_value()\n"
                "model.reset_states()\n",
                "from keras.models import Sequential\n"
                "from keras.layers import Dense, Input\n"
                "from tdmigrate.compat import reset_states\n"
                "\n"
                "model = Sequential([Input(shape=(4,)), Dense(units=3)])\n"
                "size = model.layers[-1].output.shape[-1]\n"
                "kernel = model.layers[-1].kernel.numpy()\n"
                "reset_states(model)\n",
            ),
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers import Dense\n"
                "\n"
                "model = Sequential([Dense(output_dim=3, input_dim=4)])\n"
                "size = model.layers[-1].get_config()['output_dim']\n",
                "from keras.models import Sequential\n"
                "from keras.layers import Dense, Input\n"
                "\n"
                "model = Sequential([Input(shape=(4,)), Dense(units=3)])\n"
                "size = model.layers[-1].get_config()['units']\n",
            ),
        ),
    ),
    Rule(
        code="K314",
        name="attribute-by-hand",
        title="An attribute or method of a layer or model that only a person can decide",
        what=(
            "Finds attributes and methods of layers and models that went without an equal, or that mean something else "
            "now: `model.layers.pop()` takes nothing away any more, `get_weights()` of an LSTM lists other arrays."
        ),
        why="Keras 3 raises AttributeError, or goes on with something else.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers import Dense\n"
                "\n"
                "model = Sequential([Dense(3, init='uniform', input_shape=(4,))])\n"
                "model.layers.pop()\n",
                None,
            ),
        ),
    ),
)

# of a shared variable of Theano, and of a variable of Keras 3
_VARIABLE = {"get_value": ".numpy()", "eval": ".numpy()", "set_value": ".assign("}
_APART = (ast.Subscript, ast.Starred, ast.For, ast.comprehension)


SHAPE = "_keras_shape"  # that Keras 1 gave every tensor, and nothing else had


def check_attributes(ctx: Context) -> None:
    for use in ctx.facts.attributes:
        if use.node.attr == SETTER:
            from tdmigrate.rules import loading  # few sources set weights

            loading.check_set_weights(ctx, use)
        elif "Graph" not in use.owners and use.node not in open_inputs(ctx):
            _check(ctx, use)
    for node in ctx.module.nodes:
        if isinstance(node, ast.Attribute) and node.attr == SHAPE:
            _check_shape(ctx, node)


def _check_shape(ctx: Context, node: ast.Attribute) -> None:
    span = ctx.span(node)
    if isinstance(node.ctx, ast.Load):
        fix = Fix(Applicability.SAFE, (Recast(span, (ctx.span(node.value), ".shape")),))
        ctx.add("K313", Severity.ERROR, span, f"`tensor.{SHAPE}` is `….shape` now", fix=fix)
    else:
        why = "Keras 3 knows the shape of each tensor: give a Lambda its `output_shape`, or leave it out"
        ctx.add("K314", Severity.ERROR, span, f"`tensor.{SHAPE}`: {why}")


def _check(ctx: Context, use: AttributeUse) -> None:
    node = use.node
    name = node.attr
    if isinstance(node.value, ast.Attribute) and node.value.attr == "layers":
        name = f"layers.{name}"
    row = attribute(name, use.owners)
    stored = isinstance(node.ctx, ast.Store)
    if name == "trainable":
        if stored:
            _check_frozen(ctx, use)
    elif row is None:
        _check_parameter(ctx, use, stored)
    elif row.stored or stored:
        if stored:
            _ask(ctx, use, row.why or "Keras 3 has no such attribute: what is meant?")
    elif not row.versions or ctx.era.versions.meets(parse(row.versions)):
        _check_row(ctx, use, row)


def _check_frozen(ctx: Context, use: AttributeUse) -> None:
    """Layers that Keras 3 runs otherwise where they are not to train."""
    assignment = ctx.parents.get(use.node)
    if isinstance(assignment, ast.Assign) and isinstance(assignment.value, ast.Constant) and assignment.value.value:
        return
    for made in ctx.facts.layers:
        entry = made.entry
        if not isinstance(entry, Layer) or entry.frozen is None or standing_in(ctx, made, entry) is not None:
            continue
        if {entry.name, ANY_LAYER, *MODELS} & set(use.owners):
            ctx.add("K314", Severity.NOTE, ctx.span(use.node), f"{_label(use)}: {entry.name}: {entry.frozen}")
            return


def _check_row(ctx: Context, use: AttributeUse, row: Attribute) -> None:
    node = use.node
    call = ctx.parents.get(node)
    called = call if isinstance(call, ast.Call) and call.func is node else None
    if row.note and called is not None:
        _tell(ctx, use, row, called)
    elif row.now is None:
        _ask(ctx, use, row.why, row.runs)
    elif row.at or row.call:
        if called is not None and _is_first(called) if row.at else called is not None and not _arguments(called):
            assert called is not None
            _write(ctx, use, called, row.now, row.compat)
        else:
            _ask(ctx, use, row.why)
    else:
        _write(ctx, use, node, row.now, row.compat)


def _check_parameter(ctx: Context, use: AttributeUse, stored: bool) -> None:
    """An attribute that held the value of an argument."""
    name = use.node.attr
    if name not in SAME_VALUE and name not in OTHER_VALUE:
        return
    targets = {target_of(ctx, owner, name) for owner in use.owners}
    if targets == {name} or any(owner in MODELS for owner in use.owners):
        return
    if targets == {None}:
        return
    target = targets.pop() if len(targets) == 1 else None
    if target and name in SAME_VALUE and not stored:
        _write(ctx, use, use.node, f".{target}", "")
    elif target:
        _ask(ctx, use, f"it is `{target}` now, in another form")
    else:
        _ask(ctx, use, "what it is called now depends on the layer")


def target_of(ctx: Context, owner: str, name: str) -> str | None:
    """What an argument of a layer is called now; "": that is not told; None: the layer never had it."""
    if owner == ANY_LAYER:
        return ""
    entry = registry.layer(owner)
    if entry is None or entry.keras3 is None or all(name not in form for form in entry.signatures.values()):
        return None
    parameter = entry.keras3.parameters.get(name)
    if parameter is None:
        return name
    return parameter.to if isinstance(parameter, Renamed) else ""


def _write(ctx: Context, use: AttributeUse, node: ast.expr, now: str, compat: str) -> None:
    """``node``: the attribute, or the call of it."""
    receiver = ctx.span(use.node.value)
    imports: tuple[Import, ...] = ()
    if compat:
        spelled = ctx.name(f"{COMPAT}.{compat}")
        now, imports = now.replace(compat, spelled.text, 1), spelled.imports
    before, _, after = now.rpartition("{}")
    pieces: list[str | Span] = [before, receiver, after] if before else [receiver, after]
    shown = now if before else f"…{now}"
    whole, access = _access(ctx, node)
    if access is not None:
        assert isinstance(access.func, ast.Attribute)
        method = access.func.attr
        if len(access.args) != (method == "set_value"):
            _ask(ctx, use, f"it is `{shown}` now, a variable with `numpy()` and `assign(value)`")
            return
        if isinstance(whole, ast.Subscript):
            pieces += ["[", ctx.span(whole.slice), "]"]
        node = access
        pieces.append(_VARIABLE[method])
        if method == "set_value":
            pieces += [ctx.span(access.args[0]), ")"]
        shown += _VARIABLE[method].rstrip("(")
    elif now == f".{use.node.attr}":
        return
    ctx.add(
        "K313",
        Severity.ERROR,
        ctx.span(node),
        f"{_label(use)} is `{shown}` now",
        fix=Fix(Applicability.SAFE, (Recast(ctx.span(node), tuple(pieces)),), imports),
    )


def _access(ctx: Context, node: ast.expr) -> tuple[ast.AST, ast.Call | None]:
    """``node`` or an element of it, and the call by which its value is read or set as Theano's shared variables are."""
    whole: ast.AST = node
    parent = ctx.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node and not isinstance(parent.slice, ast.Slice):
        whole, parent = parent, ctx.parents.get(parent)
    call = ctx.parents.get(parent) if isinstance(parent, ast.Attribute) and parent.attr in _VARIABLE else None
    return whole, call if isinstance(call, ast.Call) and call.func is parent else None


def _tell(ctx: Context, use: AttributeUse, row: Attribute, call: ast.Call) -> None:
    """Lists of weights: what takes one apart goes wrong, what hands it on does not."""
    unknown = use.owners == (ANY_LAYER,)
    if ANY_LAYER in row.owners and not unknown:
        return  # such a layer lists today what it listed then
    parent = ctx.parents.get(call)
    apart = isinstance(parent, _APART) or (isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple))
    handed = _is_handed_on(parent) or any(_is_handed_on(argument) for argument in call.args)
    if apart and not unknown:
        _ask(ctx, use, row.why, runs=True)
    elif apart or not (unknown or handed):
        ctx.add("K314", Severity.NOTE, ctx.span(use.node), f"{_label(use)}: {row.why}")


def _is_handed_on(node: ast.AST | None) -> bool:
    """``….set_weights(…)`` and ``….get_weights()``, one inside of the other."""
    names = ("get_weights", "set_weights")
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names


def _ask(ctx: Context, use: AttributeUse, why: str, runs: bool = False) -> None:
    severity = Severity.WARNING if runs else Severity.ERROR
    ctx.add("K314", severity, ctx.span(use.node), f"{_label(use)}: {why}")


def _label(use: AttributeUse) -> str:
    owner = use.owners[0] if len(use.owners) == 1 and use.owners[0] != ANY_LAYER else "layer"
    held = "layers." if isinstance(use.node.value, ast.Attribute) and use.node.value.attr == "layers" else ""
    return f"`{owner}.{held}{use.node.attr}`"


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _is_first(call: ast.Call) -> bool:
    """Whether a call asks for the first node of a layer."""
    arguments = _arguments(call)
    return len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and arguments[0].value == 0
