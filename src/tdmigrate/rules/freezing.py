"""K326: `trainable` of a model that was compiled before, as the networks of a GAN are."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

CODE = "K326"

RULE = Rule(
    code=CODE,
    name="frozen-after-compile",
    title="`trainable` is set on a model after it was compiled",
    what="Finds `model.trainable = …` behind the `compile` of the same model.",
    why=(
        "Keras 1 went on training what could be trained when compile was called. Keras 3 asks when it makes the first "
        "step: a discriminator that was frozen for the model around it never trains, without a word."
    ),
    safety="Nothing is changed; the message says what to write.",
    examples=(
        Example(
            "from keras.layers import Dense\n"
            "from keras.models import Sequential\n"
            "\n"
            "judge = Sequential([Dense(output_dim=1, input_dim=2)])\n"
            "judge.compile('sgd', 'mse')\n"
            "judge.trainable = False\n",
            None,
        ),
    ),
)


def check_freezing(ctx: Context) -> None:
    compiled: dict[tuple[str, str], int] = {}
    for use in ctx.facts.methods:
        if use.method.name == "compile" and isinstance(use.node.func, ast.Attribute):
            key = (ctx.names.scope_of(use.node), ctx.module.segment(use.node.func.value))
            compiled[key] = min(use.node.lineno, compiled.get(key, use.node.lineno))
    nodes = [node for node in ctx.module.nodes if isinstance(node, ast.Attribute) and node.attr == "trainable"]
    stored = [node for node in nodes if isinstance(node.ctx, ast.Store)]
    thawed = {ctx.module.segment(node.value) for node in stored if _is_true(ctx, node)}
    for node in stored:
        name = ctx.module.segment(node.value)
        row = compiled.get((ctx.names.scope_of(node), name))
        if row is not None and row < node.lineno and name not in thawed:
            message = (
                f"`{name}.trainable`: Keras 1 went on training what row {row} compiled, Keras 3 does not: say "
                f"`{name}.trainable = True` before each step of it, and False before each of the model around it"
            )
            ctx.add(CODE, Severity.WARNING, ctx.span(node), message)


def _is_true(ctx: Context, node: ast.Attribute) -> bool:
    """Whether it is set to True, as it is written by hand before a step."""
    assignment = ctx.parents.get(node)
    return isinstance(assignment, ast.Assign) and getattr(assignment.value, "value", None) is True
