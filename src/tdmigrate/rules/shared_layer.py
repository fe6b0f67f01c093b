"""K316: add_shared_layer of Keras 0.3, one layer in several Sequentials."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Recast, Severity, StatementEdit
from tdmigrate.keras1.entry import Layer
from tdmigrate.rules.context import Context
from tdmigrate.rules.moving import is_plain
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import FunctionUse, LayerUse

RULE = Rule(
    code="K316",
    name="shared-layer",
    title="A shared layer is added to each model",
    what="Finds `add_shared_layer(layer, [left, right])` of Keras 0.3.",
    why="Keras 3 does not have it: a Sequential takes a layer that another one has as well.",
    safety=(
        "Safe: one layer, the same weights. A person has to do it where the models are not listed in the call, and "
        "where the source makes masks, which the old function did not pass on."
    ),
    examples=(
        Example(
            "from keras.layers.core import Dense, add_shared_layer\n"
            "\n"
            "def share(left, right):\n"
            "    add_shared_layer(Dense(5, init='uniform'), [left, right])\n",
            "from keras.layers import Dense\n"
            "\n"
            "def share(left, right):\n"
            "    left.add(Dense(5, kernel_initializer='random_uniform'))\n"
            "    right.add(left.layers[-1])\n",
        ),
    ),
)


def check_shared_layer(ctx: Context, use: FunctionUse) -> bool:
    """Report ``add_shared_layer(layer, [left, right])`` as an ``add`` to each; False: a person has to.

    It added one Siamese and a SiameseHead to each (keras/layers/core.py of 0.3.3).
    """
    bound = use.bound
    statement = ctx.parents.get(use.node)
    if bound is None or bound.starred or bound.spread or bound.unknown or not isinstance(statement, ast.Expr):
        return False
    layer, models = bound.arguments.get("layer"), bound.arguments.get("inputs")
    if layer is None or models is None or not isinstance(models.node, (ast.List, ast.Tuple)) or not models.node.elts:
        return False
    names = [ctx.module.segment(one) for one in models.node.elts]
    if not all(isinstance(one, (ast.Name, ast.Attribute)) for one in models.node.elts) or len(set(names)) < len(names):
        return False
    if not all(is_plain(name) for name in names) or any(_masks(ctx, one) for one in ctx.facts.layers):
        return False
    first, *others = names
    added = Recast(ctx.span(use.node), (f"{first}.add(", ctx.span(layer.node), ")"))
    edits = (added, StatementEdit(ctx.span(statement), after=tuple(f"{one}.add({first}.layers[-1])" for one in others)))
    message = "add_shared_layer: the layer is added to each model"
    fix = Fix(Applicability.SAFE, edits)
    if ctx.add(RULE.code, Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path, fix=fix):
        ctx.replace(use.node.func, Applicability.SAFE, None)
    return True


def _masks(ctx: Context, use: LayerUse) -> bool:
    """Whether a layer may make a mask."""
    if not isinstance(use.entry, Layer) or use.entry.masks != "makes":
        return False
    return LegacyArguments(use.bound, use.entry).get("mask_zero") is not False
