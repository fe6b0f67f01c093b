"""What generators give to fit, evaluate and predict: Keras 3 takes tuples, and no lists in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Recast, Severity, Span
from tdmigrate.rules.context import Context
from tdmigrate.rules.steps import generator_of
from tdmigrate.understanding.facts import MethodUse

_TUPLES = "what a generator yields has to be a tuple now: `(x,)`, `(x, y)` or `(x, y, weights)`"
_LISTS = (
    "a generator's tuple may hold no lists now (on TensorFlow): write a tuple of several inputs or targets, an array "
    "of rows"
)
_ITERATORS = "Keras 3 takes a generator, but no other iterator: write a function that yields"
_PREDICTS = "predict_generator"
_NUMPY = ("np", "numpy")


def check_generator(ctx: Context, use: MethodUse, node: ast.expr, label: str) -> None:
    """``node``: what such a method is given."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "iter":
        ctx.add("K305", Severity.ERROR, ctx.span(node), f"{label}: {_ITERATORS}")
        return
    yielded = list(_yielded(ctx, node))
    predicts = use.method.name == _PREDICTS
    for value in yielded:
        listed = isinstance(value, ast.List) and not predicts and _is_plain(value) and len(value.elts) in (2, 3)
        if isinstance(value, ast.Tuple) or (isinstance(value, ast.List) and listed):
            for place, member in enumerate(value.elts):
                _check_member(ctx, use, member, place, label)
        if isinstance(value, ast.Tuple):
            continue
        if isinstance(value, ast.List) and listed:
            _mend(ctx, value, _as_tuple(ctx, value), f"{label}: {_TUPLES}")
        elif predicts and _is_array(value) and _is_given_once(ctx, node):
            _mend(ctx, value, ("(", ctx.span(value), ",)"), f"{label}: {_TUPLES}")
        elif isinstance(value, (ast.List, ast.BinOp, ast.Subscript)) or (predicts and _may_be_array(value)):
            ctx.add("K305", Severity.ERROR, ctx.span(value), f"{label}: {_TUPLES}")
    if not yielded and predicts and isinstance(node, (ast.Name, ast.Attribute, ast.Call)) and not _is_flow(ctx, node):
        ctx.add("K306", Severity.NOTE, ctx.span(node), f"{label}: {_TUPLES}")


def _may_be_array(value: ast.expr) -> bool:
    return isinstance(value, (ast.Name, ast.Attribute, ast.Call, ast.Dict))


def _is_array(value: ast.expr) -> bool:
    """Whether a function of NumPy makes it."""
    root = value.func if isinstance(value, ast.Call) else None
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in _NUMPY and isinstance(value, ast.Call)


def _is_given_once(ctx: Context, node: ast.expr) -> bool:
    """Whether the generator is of a function that is called for this method alone."""
    function = generator_of(ctx, node.func) if isinstance(node, ast.Call) else None
    if function is None:
        return False
    names = [getattr(one, "id", getattr(one, "attr", "")) for one in ctx.module.nodes]
    return names.count(function.name) == 1


def _is_flow(ctx: Context, node: ast.expr) -> bool:
    """Whether batches come from ImageDataGenerator, whose stand-in gives what Keras 3 takes."""
    made = ctx.maker(node.id) if isinstance(node, ast.Name) else node
    name = made.func.attr if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) else ""
    return name.startswith("flow")


def _check_member(ctx: Context, use: MethodUse, member: ast.expr, place: int, label: str) -> None:
    """One of a tuple of inputs, targets and weights."""
    if place > 0:
        _check_named(ctx, use, member, place, label)
    if not isinstance(member, ast.List):
        return
    message = f"{label}: {_LISTS}"
    models = [model for model in ctx.facts.models if model.node in use.models]
    sides = [model.inputs if place == 0 else model.outputs for model in models]
    if models and _is_plain(member) and all(len(side) == len(member.elts) for side in sides):
        _mend(ctx, member, _as_tuple(ctx, member), message)
    else:
        ctx.add("K305", Severity.ERROR, ctx.span(member), message)


def _check_named(ctx: Context, use: MethodUse, member: ast.expr, place: int, label: str) -> None:
    """Targets, or weights, that may be told by the names of outputs."""
    from tdmigrate.rules import by_output  # few generators do

    picked = by_output.pick(ctx, use, member, weights=place > 1)
    if picked is None:
        return
    if isinstance(picked, str) or not _is_for_training(ctx):
        ask = picked if isinstance(picked, str) else by_output.ASK
        ctx.add("K305", Severity.ERROR, ctx.span(member), f"{label}: {ask}")
    elif picked.value is None:
        text = f"{ctx.module.segment(member)}[{picked.key!r}]"
        _mend(ctx, member, (text,), f"{label}: {by_output.ASK}")
    else:
        _mend(ctx, member, (ctx.span(picked.value),), f"{label}: {by_output.ASK}")


def _is_for_training(ctx: Context) -> bool:
    """Whether nothing of the source takes from a generator by itself."""
    return not {"next", "__next__", "islice", "zip", "enumerate"} & ctx.module.words.called


def _is_plain(display: ast.List) -> bool:
    return bool(display.elts) and not any(isinstance(one, ast.Starred) for one in display.elts)


def _as_tuple(ctx: Context, display: ast.List) -> tuple[str | Span, ...]:
    pieces: list[str | Span] = ["("]
    for index, element in enumerate(display.elts):
        pieces += [", "] * (index > 0) + [ctx.span(element)]
    return (*pieces, ",)" if len(display.elts) == 1 else ")")


def _mend(ctx: Context, node: ast.expr, pieces: tuple[str | Span, ...], message: str) -> None:
    span = ctx.span(node)
    if any(finding.code == ctx.code("K303") and finding.span == span for finding in ctx.findings):
        return  # another method is given the same generator
    ctx.add("K303", Severity.ERROR, span, message, fix=Fix(Applicability.SAFE, (Recast(span, pieces),)))


def _yielded(ctx: Context, node: ast.expr) -> Iterator[ast.expr]:
    """The expressions that a generator of this source yields; none where it is of another make."""
    if isinstance(node, ast.GeneratorExp):
        yield node.elt
        return
    if isinstance(node, ast.Name):
        made = ctx.maker(node.id)
        if made is not None:
            yield from _yielded(ctx, made)
        return
    function = generator_of(ctx, node.func) if isinstance(node, ast.Call) else None
    for part in ast.walk(function) if function is not None else ():
        if isinstance(part, ast.Yield) and part.value is not None:
            yield part.value
