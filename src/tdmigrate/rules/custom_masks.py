"""K705: layers of the source's own that compute with a mask, which is no number any more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Import, Severity, TextEdit
from tdmigrate.keras1.entry import Text
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

_HEAD = (
    "from keras import backend as K\n"
    "from keras.engine.topology import Layer\n"
    "\n"
    "\n"
    "class Sum(Layer):\n"
    "    def __init__(self, **kwargs):\n"
    "        self.supports_masking = True\n"
    "        super(Sum, self).__init__(**kwargs)\n"
    "\n"
)
RULE = Rule(
    code="K705",
    name="computed-mask",
    title="A layer of your own computes with its mask",
    what="Finds masks that stand in sums and products in the `call` of a layer.",
    why="On Theano a mask was of ones and zeros; now it is of True and False, which TensorFlow does not multiply.",
    safety="Safe: the mask is cast to numbers there.",
    examples=(
        Example(
            f"{_HEAD}    def call(self, x, mask=None):\n"
            "        return K.sum(x * K.expand_dims(mask), axis=1)\n"
            "\n"
            "    def get_output_shape_for(self, input_shape):\n"
            "        return (input_shape[0], input_shape[2])\n",
            "from keras import ops\n"
            "from keras.layers import Layer\n"
            "from keras.config import floatx\n"
            "\n"
            "\n"
            "class Sum(Layer):\n"
            "    def __init__(self, **kwargs):\n"
            "        super(Sum, self).__init__(**kwargs)\n"
            "        self.supports_masking = True\n"
            "\n"
            "    def call(self, x, mask=None):\n"
            "        return ops.sum(x * ops.expand_dims(ops.cast(mask, floatx()), axis=-1), axis=1)\n"
            "\n"
            "    def compute_output_shape(self, input_shape):\n"
            "        return (input_shape[0], input_shape[2])\n",
        ),
    ),
)

# functions of keras.backend that hand the mask on as it is, in another shape
_SHAPED = frozenset(("expand_dims", "permute_dimensions", "repeat", "repeat_elements", "reshape", "squeeze", "tile"))
_COMPUTE = frozenset(("batch_dot", "cumsum", "dot", "exp", "max", "mean", "min", "prod", "sum"))
_NUMBERS = Text(
    "ops.cast({}, floatx())", (Import("keras", "ops"), Import("keras.config", "floatx"))
)  # on Theano they were int8, which gives way to what it stands beside


def check_masks(ctx: Context, method: ast.FunctionDef) -> None:
    """The mask of a ``call``, its argument behind the tensor, wherever it is computed with."""
    names = [one.arg for one in method.args.args[2:3]]
    if names != ["mask"] or any(_binds(node, "mask") for node in ast.walk(method)):
        return
    for node in _computed(ctx, method):
        new = ctx.written(_NUMBERS)
        message = "`mask`: it is of True and False in Keras 3: cast it to compute with it"
        fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(node), new.text),), new.imports)
        ctx.add(RULE.code, Severity.ERROR, ctx.span(node), message, fix=fix)


def _computed(ctx: Context, method: ast.FunctionDef) -> Iterator[ast.Name]:
    for node in ast.walk(method):
        if isinstance(node, ast.Name) and node.id == "mask":
            inner: ast.expr = node
            outer = ctx.parents.get(inner)
            while isinstance(outer, ast.Call) and inner in outer.args[:1] and _function(ctx, outer) in _SHAPED:
                inner, outer = outer, ctx.parents.get(outer)
            called = isinstance(outer, ast.Call) and inner in outer.args and _function(ctx, outer) in _COMPUTE
            if called or (isinstance(outer, (ast.BinOp, ast.UnaryOp, ast.AugAssign)) and not _is_not(outer)):
                yield node


def _function(ctx: Context, call: ast.Call) -> str:
    """The name in keras.backend of what is called; '' of another."""
    symbol = ctx.names.resolve(call.func)
    module, _, name = (symbol.path if symbol is not None else "").rpartition(".")
    return name if module == "keras.backend" else ""


def _is_not(node: ast.AST) -> bool:
    """Whether it takes a mask as true or false."""
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _binds(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
