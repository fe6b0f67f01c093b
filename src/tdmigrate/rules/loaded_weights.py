"""K327: load_weights of a model that is trained on, whose optimizer Keras 3 sets back with the weights."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.receivers import leave_to_person
from tdmigrate.rules.rule import Example, Rule

_NAME = "load_weights"
_TRAINS = frozenset(("fit", "fit_generator", "train_on_batch"))
_BLOCKS = ("body", "orelse", "finalbody")
_LOOPS = (ast.For, ast.AsyncFor, ast.While)

RULE = Rule(
    code="K327",
    name="loaded-weights",
    title="load_weights also sets back the optimizer",
    what="Finds `load_weights` of a model that goes on training with the optimizer that it has.",
    why="A file of Keras 3 also holds the optimizer's learning rate, moments and number of steps, and `load_weights` "
    "takes them; Keras 1 took the weights alone (trap F17).",
    safety="Safe: `tdmigrate.compat.load_weights` leaves the optimizer as it is.",
    examples=(
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import Dense\n"
            "\n"
            "model = Sequential([Dense(output_dim=1, input_dim=3)])\n"
            "model.compile('sgd', 'mse')\n"
            "for x, y in rounds:\n"
            "    model.fit(x, y, nb_epoch=5)\n"
            "    model.load_weights(best)\n",
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input\n"
            "from tdmigrate.compat import load_weights\n"
            "\n"
            "model = Sequential([Input(shape=(3,)), Dense(units=1)])\n"
            "model.compile('sgd', 'mse')\n"
            "for x, y in rounds:\n"
            "    model.fit(x, y, epochs=5)\n"
            "    load_weights(model, best)\n",
        ),
    ),
)


def check_loaded_weights(ctx: Context) -> None:
    for use in ctx.facts.methods:
        path = use.bound.arguments.get("filepath")
        if use.method.name != _NAME or path is None or not isinstance(use.node.func, ast.Attribute):
            continue
        by_name = use.bound.arguments.get("by_name")
        is_named = by_name is not None and by_name.value is not False  # for rules/files.py
        if is_named or use.bound.spread or not _is_trained_on(ctx, use.node):
            continue
        already = len(ctx.findings)
        spelled = ctx.name(f"{COMPAT}.{_NAME}")
        pieces = (f"{spelled.text}(", ctx.span(use.node.func.value), ", ", ctx.span(path.node), ")")
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(use.node), pieces),), spelled.imports)
        message = f"`{spelled.text}` leaves the optimizer as it is; Keras 3 sets it back with the weights (trap F17)"
        ctx.add(RULE.code, Severity.ERROR, ctx.span(use.node), message, fix=fix)
        if not (use.sure or ctx.names.bindings):
            leave_to_person(ctx, use, already)


def _is_trained_on(ctx: Context, call: ast.Call) -> bool:
    """Whether a model may train after this call with an optimizer that it had before."""
    assert isinstance(call.func, ast.Attribute)
    receiver = call.func.value
    scope = ctx.names.scope_of(call)
    again = _compiled_after(ctx, call, scope)
    if isinstance(receiver, ast.Name) and again is None and _is_given(ctx, call, receiver.id):
        return True
    return any(_counts(ctx, one, call, scope, again) for one in _events(ctx, receiver))


def _events(ctx: Context, receiver: ast.expr) -> Iterator[ast.expr]:
    """Where the model is trained, or handed to something that may train it."""
    text = ast.unparse(receiver)
    trains = not _TRAINS.isdisjoint(ctx.module.words.called)
    for node in ctx.module.nodes:
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load) or node is receiver:
            continue
        if type(node) is not type(receiver) or ast.unparse(node) != text:
            continue
        parent = ctx.parents.get(node)
        if not isinstance(parent, ast.Attribute):
            if isinstance(parent, ast.Return) or (trains and isinstance(receiver, ast.Name)):
                yield node
        elif parent.attr in _TRAINS:
            yield node


def _counts(ctx: Context, event: ast.expr, call: ast.Call, scope: str, again: ast.Call | None) -> bool:
    if ctx.names.scope_of(event) != scope:
        other = isinstance(event, ast.Name) and scope and not ctx.names.scope_of(event).startswith(f"{scope}.")
        return again is None and not other
    shared = _loops(ctx, event) & _loops(ctx, call)
    if shared - (_loops(ctx, again) if again is not None else frozenset()):
        return True
    return _place(event) > _place(call) and (again is None or _place(event) < _place(again))


def _compiled_after(ctx: Context, call: ast.Call, scope: str) -> ast.Call | None:
    """The first compile of the same model that certainly runs after a call: its optimizer is a new one."""
    assert isinstance(call.func, ast.Attribute)
    text = ast.unparse(call.func.value)
    blocks = {*_blocks(ctx, call)}
    found = [
        node
        for node in ctx.module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "compile"
        and _place(node) > _place(call)
        and ast.unparse(node.func.value) == text
        and ctx.names.scope_of(node) == scope
        and next(_blocks(ctx, node)) in blocks
    ]
    return min(found, key=_place, default=None)


def _blocks(ctx: Context, node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The blocks around a node from the inside: what they are of, and as what (``body``, ``orelse``)."""
    parent = ctx.parents.get(node)
    while parent is not None:
        if isinstance(node, ast.stmt):
            fields = (name for name in _BLOCKS if any(one is node for one in getattr(parent, name, ())))
            yield parent, next(fields, "")
        node, parent = parent, ctx.parents.get(parent)


def _loops(ctx: Context, node: ast.AST) -> frozenset[ast.AST]:
    return frozenset(one for one, _ in _blocks(ctx, node) if isinstance(one, _LOOPS))


def _is_given(ctx: Context, call: ast.Call, name: str) -> bool:
    """Whether a model is a parameter of the function around a call."""
    function = next((one for one, _ in _blocks(ctx, call) if isinstance(one, ast.FunctionDef)), None)
    return function is not None and any(isinstance(one, ast.arg) and one.arg == name for one in ast.walk(function.args))


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset
