"""K405: classes that a source derives from the regularizers, constraints and optimizers of Keras."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

RULE = Rule(
    code="K405",
    name="own-regularizer-or-optimizer",
    title="A regularizer or optimizer of the source's own that Keras 3 calls otherwise",
    what=(
        "Finds classes derived from keras.regularizers.Regularizer with `set_param` or `set_layer`, and from "
        "keras.optimizers.Optimizer with `get_updates`."
    ),
    why=(
        "Keras 3 calls none of these methods: a regularizer is called with the weight and returns its penalty, an "
        "optimizer changes each weight in `update_step`."
    ),
    safety="Nothing is changed; the message says what to write.",
    examples=(
        Example(
            "from keras.layers import Dense\n"
            "from keras.regularizers import Regularizer\n"
            "\n"
            "\n"
            "class Far(Regularizer):\n"
            "    def set_param(self, p):\n"
            "        self.p = p\n"
            "\n"
            "    def __call__(self, loss):\n"
            "        return loss + (self.p ** 4).sum()\n"
            "\n"
            "\n"
            "layer = Dense(3, W_regularizer=Far(), input_dim=4)\n",
            None,
        ),
    ),
)


class _Base(NamedTuple):
    """A class of Keras 1 and what its subclasses did that nothing calls any more."""

    methods: tuple[str, ...]
    message: str


_BASES = {
    "keras.regularizers.Regularizer": _Base(
        ("set_param", "set_layer"),
        "Keras 3 calls a regularizer with the weight, or the output, and adds what it returns to the loss: write "
        "`def __call__(self, x): return …` without the loss, `x` in the place of `self.p`",
    ),
    "keras.optimizers.Optimizer": _Base(
        ("get_updates",),
        "Keras 3 calls no `get_updates`: pass `learning_rate` on to `super().__init__`, make what is kept for each "
        "weight in `build(self, variables)` with `self.add_optimizer_variables(variables, 'name')`, and change one "
        "weight in `update_step(self, gradient, variable, learning_rate)` with `self.assign_sub(variable, …)`",
    ),
}


def check_subclasses(ctx: Context) -> None:
    for node in ctx.module.nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        for base in node.bases:
            symbol = ctx.names.resolve(base) if isinstance(base, (ast.Name, ast.Attribute)) else None
            known = _BASES.get(symbol.path) if symbol is not None else None
            own = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
            if symbol is None or known is None or not set(own) & set(known.methods):
                continue
            text = f"{node.name}: {known.message}"
            ctx.add(RULE.code, Severity.ERROR, ctx.span(base), text, symbol=symbol.path)
