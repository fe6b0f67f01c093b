"""compile of several outputs, and what evaluate and its like give of them.

With `loss_weights` Keras 3 wants as many losses, and takes a dict of weights beside a list of losses by its order.
Keras 1 took one loss for every output, and the weights of a dict by the names of the outputs, 1 where it has none.
Keras 3 sorts the metrics of several outputs by their names, where Keras 1 went by outputs.
"""

from __future__ import annotations

import ast

from tdmigrate.findings import Added, CallEdit, TextEdit
from tdmigrate.rules.accuracy import as_written, outputs
from tdmigrate.rules.arguments import Plan, edited, is_none
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.facts import MethodUse, ModelUse

_MEANS = (
    "the loss of each output is the mean of batches in what fit and evaluate tell, Keras 1 weighed them by their sizes "
    "(trap D16): other numbers where the last batch is smaller"
)
_NAMED = "`loss_weights`: Keras 3 does not look at their names here: write a list in the order of the outputs"
_IF_NAMED = "`loss_weights`: if it is a dict, Keras 3 goes by its order, not by its names, beside a list of losses"
_UNKNOWN = "`loss_weights`: Keras 3 fails with one loss: give as many, in a list or dict as these are"
_ASKED = {
    "class_weight": "Keras 3 takes none for several outputs: give sample_weight instead",
    "sample_weight": "Keras 3 wants weights for every output, ones where there were none, in the form of the targets",
}
_UNORDERED = (
    "Keras 3 sorts the metrics of several outputs by name, so that `score[3]` is another number than in Keras 1: put "
    "the model in a variable, and go by name with `return_dict=True`"
)
_SEVERAL = (ast.List, ast.Tuple, ast.Dict)


def settle(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile with a loss for each output, and weights in the order of the outputs."""
    number = outputs(ctx, use) or 1
    if number == 1:
        return made
    made = made._replace(notes=(*made.notes, (use.node, _MEANS)))
    loss, weights = (use.bound.arguments.get(name) for name in ("loss", "loss_weights"))
    spread = [value for _, _, value in use.bound.spread]
    if loss is None or weights is None or is_none(weights.node) or {loss.node, weights.node} & {*spread}:
        return made
    written, named = as_written(ctx, loss.node), as_written(ctx, weights.node)
    if not isinstance(named, ast.Dict) and isinstance(written, ast.Dict):
        return made
    if not isinstance(named, _SEVERAL):
        if isinstance(written, _SEVERAL):
            return made._replace(notes=(*made.notes, (weights.node, _IF_NAMED)))
        return made._replace(asks=(*made.asks, (weights.node, _UNKNOWN)))
    if isinstance(named, ast.Dict) and isinstance(written, ast.Dict) and _keys(named).keys() == _keys(written).keys():
        return made
    if isinstance(named, ast.Dict):
        text = _in_order(ctx, use, weights.node, named)
        if text is None:
            return made._replace(asks=(*made.asks, (weights.node, _NAMED)))
        made = edited(made, weights.index, text)
        made = made._replace(changes=(*made.changes, "`loss_weights` are in the order of the outputs (trap D16)"))
    if isinstance(written, _SEVERAL) or not (isinstance(loss.value, str) or ctx.is_function(loss.node)):
        return made
    own = next((edit.value for edit in made.edits if edit.index == loss.index), None)
    made = edited(made, loss.index, f"[{', '.join([own or '{}'] * number)}]")
    return made._replace(changes=(*made.changes, "`loss` is given for every output, as `loss_weights` are (trap D16)"))


def settle_weights(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """fit and its like, with weights of classes, or with weights of samples by the names of the outputs."""
    if (outputs(ctx, use) or 1) == 1:
        return made
    asks = []
    for name, ask in _ASKED.items():
        argument = use.bound.arguments.get(name)
        if argument is None or is_none(argument.node):
            continue
        if name == "class_weight" or isinstance(as_written(ctx, argument.node), ast.Dict):
            asks.append((argument.node, f"`{name}`: {ask}"))
    return made._replace(asks=(*made.asks, *asks))


def settle_scores(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """evaluate and its like, where more than the loss is made of what they give: in the order of Keras 1."""
    if not _may_be_others(ctx, use) or not _is_looked_at(ctx, use.node):
        return made
    receiver = use.node.func.value if isinstance(use.node.func, ast.Attribute) else use.node.func
    if receiver is use.node.func or not _is_chain(receiver):
        return made._replace(asks=(*made.asks, (use.node, _UNORDERED)))
    spelled = ctx.name(f"{COMPAT}.scores")
    model = ctx.module.segment(receiver)
    change = f"`{spelled.text}` puts what it gives in the order of Keras 1: Keras 3 sorts metrics by their names"
    span = ctx.span(use.node)
    edits = CallEdit(span, added=(Added("return_dict", "True"),)), TextEdit(span, f"{spelled.text}({model}, {{}})")
    return made._replace(
        inner=(*made.inner, *edits),
        imports=(*made.imports, *spelled.imports),
        changes=(*made.changes, change),
    )


def _may_be_others(ctx: Context, use: MethodUse) -> bool:
    """Whether the model may have several outputs with metrics."""
    if use.owner not in ("Model", "") or any(name == "return_dict" for _, name in use.bound.unknown):
        return False
    if not any(_may_have_several(one) for one in ctx.facts.models if one.node in use.models or not use.models):
        return False
    compiles = [one for one in ctx.facts.methods if one.method.name == "compile"]
    known = [one for one in compiles if use.models and {*one.models} & {*use.models}]
    # one that is not known may be of this model as well
    compiles = known if known and all(one.models for one in compiles) else compiles
    return not compiles or any(_has_metrics(one) for one in compiles)


def _may_have_several(model: ModelUse) -> bool:
    """Whether a model has several outputs, or one output that is not known, which may be a list of them."""
    return model.kind == "Model" and (len(model.outputs) != 1 or not model.outputs[0])


def _has_metrics(use: MethodUse) -> bool:
    metrics = use.bound.arguments.get("metrics")
    if metrics is None:
        return use.bound.starred
    return not is_none(metrics.node) and metrics.value != []


def _is_looked_at(ctx: Context, node: ast.Call) -> bool:
    """Whether more is made of what a call gives than its first number."""
    parent = ctx.parents.get(node)
    if isinstance(parent, ast.Expr):
        return False
    index = parent.slice if isinstance(parent, ast.Subscript) and parent.value is node else None
    return not (isinstance(index, ast.Constant) and index.value == 0)


def _is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _in_order(ctx: Context, use: MethodUse, given: ast.expr, weights: ast.Dict) -> str | None:
    """The weights as a list; None: which is of which output is not known."""
    own = names(ctx, use)
    given_to = _keys(weights)
    if None in own or not given_to.keys() <= {*own}:
        return None
    if given is not weights:
        return f"[{', '.join(f'{{}}.get({name!r}, 1.0)' for name in own)}]"
    texts = (ctx.module.segment(given_to[name]) if name in given_to else "1.0" for name in own)
    return f"[{', '.join(texts)}]"


def _keys(node: ast.Dict) -> dict[str | None, ast.expr]:
    """The values of a dict by its keys; None: a key that is not known."""
    keys = (str(key.value) if isinstance(key, ast.Constant) else None for key in node.keys)
    return dict(zip(keys, node.values, strict=True))


def names(ctx: Context, use: MethodUse) -> list[str | None]:
    """What the layers of the outputs are called; None: one that is not known."""
    layers = {one.node: one for one in ctx.facts.layers}
    models = [one for one in ctx.facts.models if one.node in use.models]
    found: list[str | None] = []
    for calls in models[0].outputs if len(models) == 1 else ((),):
        given = [layers[call].bound.arguments.get("name") for call in calls if call in layers]
        name = given[0].value if len(given) == len(calls) == 1 and given[0] is not None else None
        found.append(name if isinstance(name, str) else None)
    return found
