"""Attributes of layers, models and optimizers of Keras 2, and methods that only these have."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras2 import optimizers
from tdmigrate.rules import attributes, rates
from tdmigrate.rules.context import Context
from tdmigrate.rules.keras2.context import Keras2
from tdmigrate.understanding.facts import AttributeUse, FunctionUse

# those that Keras 2 had as Keras 1 had them, and Keras 3 has not
NAMES = frozenset(
    (
        "add_inbound_node", "append", "batch_input_shape", "extend", "get_input_at", "get_input_mask_at",
        "get_input_shape_at", "get_output_at", "get_output_mask_at", "get_output_shape_at", "inbound_nodes", "input",
        "input_shape", "inputs", "insert", "layers", "outbound_nodes", "output", "output_shape", "outputs", "pop",
        "remove", "reset_states", "state_updates", "stateful", "updates", "uses_learning_phase",
    )
)  # fmt: skip

_LR = "lr"
_NAMED = (
    "Keras 3 has ['loss', 'compile_metrics'] there, whatever the metrics: `evaluate(…, return_dict=True)` names the "
    "numbers"
)
_ADDED = {
    "add_loss": "Keras 3 takes no loss of a model's tensors: write a layer whose `call` says self.add_loss(…)",
    "add_metric": "Keras 3 takes metrics in `compile` alone",
}
_MODELS = ("keras.models.Model", "keras.models.Sequential")


def is_wanted(use: AttributeUse) -> bool:
    return use.node.attr in NAMES


def check_attributes(ctx: Keras2, nodes: Sequence[ast.AST]) -> None:
    attributes.check_attributes(ctx)
    makers = {use.node: use for use in ctx.facts.functions}
    named = False
    for node in nodes:
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr == _LR:
            _check_rate(ctx, node, makers)
        elif node.attr == "metrics_names" and not named and _is_called_model(ctx, node.value):
            named = True  # once a file
            ctx.add("K314", Severity.NOTE, ctx.span(node), f"`{ctx.module.segment(node)}`: {_NAMED}")
        elif node.attr in _ADDED and _is_model(ctx, node.value):
            ctx.add("K314", Severity.ERROR, ctx.span(node), f"`{ctx.module.segment(node)}`: {_ADDED[node.attr]}")


def _check_rate(ctx: Keras2, node: ast.Attribute, makers: dict[ast.Call, FunctionUse]) -> None:
    """``model.optimizer.lr``, and ``sgd.lr`` of a variable that holds an optimizer."""
    made = None
    if not isinstance(node.value, ast.Attribute) or node.value.attr != "optimizer":
        maker = ctx.maker(node.value.id) if isinstance(node.value, ast.Name) else None
        made = makers.get(maker) if maker is not None else None
        if made is None or getattr(made.entry, "kind", "") != optimizers.KIND:
            return
    if _is_backend_s(ctx, node):
        return
    old = ctx.module.segment(node)
    new = f"{ctx.module.segment(node.value)}.learning_rate"
    decay = made.bound.arguments.get("decay") if made is not None and made.bound is not None else None
    if decay is not None and decay.value not in (0, 0.0):
        message = f"`{old}`: with a decay it is a schedule, no variable"
        ctx.add("K403", Severity.ERROR, ctx.span(node), message)
        return
    if isinstance(node.ctx, ast.Store) and not ctx.prefix:
        message = (
            f"`{old} = …` does nothing now, without a word, and did nothing in Keras 2.0–2.2 once training had begun: "
            f"`{new} = …` sets the rate"
        )
        ctx.add("K403", Severity.WARNING, ctx.span(node), message)
        return
    whole, pieces = rates.rewritten(ctx, node)
    severity = Severity.WARNING if isinstance(node.ctx, ast.Store) else Severity.ERROR
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(whole), pieces),))
    ctx.add("K401", severity, ctx.span(whole), f"`{old}` is `{new}` now", fix=fix)


def _is_backend_s(ctx: Keras2, node: ast.Attribute) -> bool:
    """Whether it is given to a function of keras.backend that is rewritten with it: rules/backend.py."""
    call = ctx.parents.get(node)
    symbol = ctx.names.resolve(call.func) if isinstance(call, ast.Call) else None
    return symbol is not None and symbol.path.startswith("keras.backend.") and not ctx.is_lasting(symbol)


def _is_called_model(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression holds a model, or is called one."""
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.endswith("model") or _is_model(ctx, node)


def _is_model(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression is a variable that holds a functional model or a Sequential."""
    maker = ctx.maker(node.id) if isinstance(node, ast.Name) else None
    symbol = ctx.names.resolve(maker.func) if maker is not None else None
    return symbol is not None and symbol.path in _MODELS
