"""K504: losses and metrics that read tensors of the model, beside what they are given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from tdmigrate.findings import Evidence, Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.tensors import Tensors

RULE = Rule(
    code="K504",
    name="loss-of-tensors",
    title="A loss that reads tensors of the model",
    what=(
        "Finds functions given to `compile` as a loss or metric that make use of a tensor from around them, as the "
        "loss of a variational autoencoder does of `z_mean` and `z_log_var`."
    ),
    why=(
        "Keras 3 calls a loss with numbers of one batch; a tensor of the functional API has none, and `fit` raises "
        "ValueError. A term that is added to the loss is computed in a layer that calls `self.add_loss`."
    ),
    safety="Nothing is changed; the message says what to write.",
    examples=(
        Example(
            "from keras import backend as K\n"
            "from keras.layers import Dense, Input\n"
            "from keras.models import Model\n"
            "from keras.objectives import mean_squared_error\n"
            "\n"
            "x = Input(shape=(8,))\n"
            "z_mean = Dense(2)(x)\n"
            "\n"
            "\n"
            "def loss(y_true, y_pred):\n"
            "    return mean_squared_error(y_true, y_pred) + K.mean(K.square(z_mean), axis=-1)\n"
            "\n"
            "\n"
            "model = Model(input=x, output=Dense(8)(z_mean))\n"
            "model.compile(optimizer='sgd', loss=loss)\n",
            None,
        ),
    ),
)

_ROLES = {"loss": "loss", "metrics": "metric"}

Function = ast.FunctionDef | ast.Lambda
Handed = Mapping[str, ast.expr]  # what names of a function stand for by the call that makes or binds it


def check_closures(ctx: Context) -> None:
    """Every function that a ``compile`` of the module is given."""
    tensors = Tensors(ctx.facts, ctx.names, ctx.parents, ctx.binders)
    if not tensors.made:
        return
    told: set[Function] = set()
    for role, function, handed in _made(ctx):
        if function not in told and any(map(tensors.is_tensor, handed.values())):
            told.add(function)
            _tell(ctx, role, function, tensors, handed)
    for call in ctx.module.nodes:
        if not _is_compile(call):
            continue
        for role, function in given(ctx, call):
            if function in told:
                continue
            told.add(function)
            _tell(ctx, role, function, tensors, {})


def _is_compile(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile"


def _made(ctx: Context) -> Iterator[tuple[str, Function, Handed]]:
    """The functions that calls make for a compile, as ``loss_with(z)`` does, and what their names stand for by that."""
    for call in filter(_is_compile, ctx.module.nodes):
        for role, value in _asked(call):
            for one in _calls(ctx, value):
                is_partial = getattr(one.func, "id", getattr(one.func, "attr", "")) == "partial" and one.args
                outer = _definition(ctx, one.args[0] if is_partial else one.func)
                if outer is None:
                    continue
                handed = _handed(outer, one.args[1:] if is_partial else one.args, one.keywords)
                functions = [outer] if is_partial else _returned(outer)
                yield from ((role, function, handed) for function in functions)


def _calls(ctx: Context, value: ast.expr) -> Iterator[ast.Call]:
    """The calls in what a compile is given, also those that a variable or a loop gives its names."""
    for one in ast.walk(value):
        if not isinstance(one, ast.Name):
            yield from [one] if isinstance(one, ast.Call) else []
        elif (maker := ctx.maker(one.id)) is not None:
            yield from [maker] if isinstance(maker, ast.Call) else []
        else:
            loops = [ctx.parents.get(binder) for binder in ctx.binders(one.id)]
            for loop in loops:
                if isinstance(loop, (ast.For, ast.comprehension)):
                    yield from (node for node in ast.walk(loop.iter) if isinstance(node, ast.Call))


def _definition(ctx: Context, node: ast.expr) -> ast.FunctionDef | None:
    found = ctx.binders(node.id) if isinstance(node, ast.Name) else []
    return found[0] if len(found) == 1 and isinstance(found[0], ast.FunctionDef) else None


def _handed(function: ast.FunctionDef, args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Handed:
    """What a call gives the parameters of a function."""
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    return dict(zip(names, args, strict=False)) | {one.arg: one.value for one in keywords if one.arg is not None}


def _returned(outer: ast.FunctionDef) -> list[Function]:
    """The functions inside another that it gives back."""
    inside = {one.name: one for one in ast.walk(outer) if isinstance(one, ast.FunctionDef) and one is not outer}
    values = [one.value for one in ast.walk(outer) if isinstance(one, ast.Return)]
    named = [inside[one.id] for one in values if isinstance(one, ast.Name) and one.id in inside]
    return [*named, *(one for one in values if isinstance(one, ast.Lambda))]


def _asked(call: ast.Call) -> list[tuple[str, ast.expr]]:
    """What a compile is given as losses and metrics."""
    told = [(_ROLES[keyword.arg], keyword.value) for keyword in call.keywords if keyword.arg in _ROLES]
    return [*told, *(("loss", argument) for argument in call.args[1:2])]


def given(ctx: Context, call: ast.Call, wrapped: bool = True) -> Iterator[tuple[str, Function]]:
    """The functions that a call of compile is given, with their roles. ``wrapped``: those in `metric(...)`, too."""
    for role, value in _asked(call):
        stack = [value]
        while stack:
            one = stack.pop()
            if isinstance(one, ast.Lambda):
                yield role, one
            elif isinstance(one, (ast.List, ast.Tuple)):
                stack += one.elts
            elif isinstance(one, ast.Dict):
                stack += one.values
            elif wrapped and isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
                stack += one.args[:1] if ctx.compat.get(one.func.id) == "metric" else []
            elif isinstance(one, ast.Name):
                found = [node for node in ctx.binders(one.id) if isinstance(node, ast.FunctionDef)]
                if len(found) == 1 == len(ctx.binders(one.id)):
                    yield role, found[0]


def _tell(ctx: Context, role: str, function: Function, tensors: Tensors, handed: Handed) -> None:
    nodes = list(ast.walk(function))
    own = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    given_to = {name: value for name, value in handed.items() if tensors.is_tensor(value)}
    used: dict[str, ast.Name] = {}
    for node in sorted((n for n in nodes if isinstance(n, ast.Name)), key=lambda n: (n.lineno, n.col_offset)):
        of_model = node.id in given_to or (node.id not in own and tensors.source(node) is not None)
        if of_model and node.id not in used and isinstance(node.ctx, ast.Load):
            used[node.id] = node
    if not used:
        return
    names = [f"`{name}`" for name in used]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    what = "are tensors of the model, which have no numbers" if len(names) > 1 else (
        "is a tensor of the model, which has no numbers"
    )  # fmt: skip
    called = role if isinstance(function, ast.Lambda) else function.name
    advice = (
        f"compute what it takes of {'them' if len(names) > 1 else 'it'} in a layer whose `call` hands it to "
        "`self.add_loss(...)` and gives its input back, and leave y_true and y_pred here"
        if role == "loss"
        else "give the model that tensor as an output, or compute it in a layer"
    )
    first = next(iter(used.values()))
    evidence = tuple(
        Evidence(ctx.span(made), f"`{name}` is made by calling a layer")
        for name, node in used.items()
        if name not in given_to and (made := tensors.source(node)) is not None
    )
    ctx.add(
        "K504",
        Severity.ERROR,
        ctx.span(first),
        f"{called}: {listed} {what} when Keras 3 calls a {role} (ValueError in fit): {advice}",
        evidence=evidence,
    )
