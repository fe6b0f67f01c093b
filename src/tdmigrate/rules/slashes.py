"""K210: a slash in the name of a layer or model."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import Argument, FunctionUse, LayerUse

RULE = Rule(
    code="K210",
    name="slash-in-name",
    title="A slash in the name of a layer or model",
    what="Finds `name=` with a `/` in it, as networks with inception modules have it.",
    why="Keras 3 takes no such name: `ValueError`, `cannot contain character /` (trap C38).",
    safety=(
        "Safe: `_` stands for it where the source tells it nowhere else. A person has to do it where another text of "
        "the source holds the name, or the new one, and where weights are loaded by name."
    ),
    examples=(
        Example(
            "from keras.layers import Dense\n"
            "\n"
            "def block(x, prefix):\n"
            "    x = Dense(output_dim=3, name=prefix + '/narrow')(x)\n"
            "    return Dense(output_dim=8, name='%s/wide' % prefix)(x)\n",
            "from keras.layers import Dense\n"
            "\n"
            "def block(x, prefix):\n"
            "    x = Dense(units=3, name=prefix + '_narrow')(x)\n"
            "    return Dense(units=8, name='%s_wide' % prefix)(x)\n",
        ),
        Example(
            "from keras.layers import Dense, Input\n"
            "from keras.models import Model\n"
            "\n"
            "x = Input(shape=(4,))\n"
            "model = Model(input=x, output=Dense(output_dim=3, name='block/dense')(x))\n"
            "layer = model.get_layer('block/dense')\n",
            None,
        ),
    ),
)

_KINDS = ("model", "input", "merge")


def check_slashes(ctx: Context) -> None:
    named = list(_named(ctx))
    texts = {node: text for _, name in named for node, text in _texts(name.node)}
    found = [(use, name) for use, name in named if any("/" in text for _, text in _texts(name.node)) or _has(name)]
    if not found:
        return
    others = [
        node.value
        for node in ctx.module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in texts
    ]
    for use, name in found:
        entry, shown = use.entry, ctx.module.segment(name.node)
        assert entry is not None
        held = {node: text for node, text in _texts(name.node) if "/" in text}
        told = [text for text in held.values() if _is_told(text, others, list(texts.values()))]
        message = f"{entry.name}: `name={shown}`: Keras 3 takes no `/` in a name (trap C38)"
        fix = None
        if not held or any(isinstance(one, ast.JoinedStr) for one in ast.walk(name.node)):
            message += "; write another one where it comes from"
        elif told:
            message += f"; write another one, and wherever {told[0]!r} is told"
        elif "by_name" in ctx.module.text:
            message += "; write another one, which weights loaded by name must have as well"
        else:
            edits = tuple(Recast(ctx.span(one), (_slashless(ctx, one),)) for one in held)
            fix = Fix(Applicability.SAFE, edits)
        ctx.add(RULE.code, Severity.ERROR, ctx.span(name.node), message, symbol=use.symbol.path, fix=fix)


def _named(ctx: Context) -> Iterator[tuple[LayerUse | FunctionUse, Argument]]:
    """The calls that name a layer or model, but for those that become another call."""
    for layer in ctx.facts.layers:
        if isinstance(layer.entry, Layer) and "name" in layer.bound.arguments:
            yield layer, layer.bound.arguments["name"]
    for use in ctx.facts.functions:
        entry = use.entry
        if isinstance(entry, Function) and entry.kind in _KINDS and use.bound and "name" in use.bound.arguments:
            yield use, use.bound.arguments["name"]


def _texts(node: ast.expr) -> list[tuple[ast.Constant, str]]:
    constants = [one for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return [(one, one.value) for one in constants if isinstance(one.value, str)]


def _has(name: Argument) -> bool:
    return isinstance(name.value, str) and "/" in name.value


def _is_told(text: str, others: list[str], names: list[str]) -> bool:
    """Whether another string than a name holds this one, or anything what it would become."""
    new = text.replace("/", "_")
    if not text.strip("/"):
        return text in others
    return any(text in one for one in others) or any(new == one for one in (*others, *names))


def _slashless(ctx: Context, node: ast.Constant) -> str:
    """A string with ``_`` for each slash, in its own quotes."""
    return ctx.module.segment(node).replace("/", "_")
