"""K305: files of weights that a source reads with h5py, in the layout that Keras 0.x and 1.x wrote."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context

CODE = "K305"
# of `save_weights` in keras/models.py of 0.3.3 and keras/engine/topology.py of 1.2.2
_OLD = frozenset(("nb_layers", "nb_params", "layer_names", "weight_names"))
_WHY = (
    "a file that Keras 3 writes does not have it, which raises KeyError; an old file has it, with the arrays as Keras "
    "1 laid them out. Read files of Keras 3 with `load_weights`"
)


def check_weight_files(ctx: Context) -> None:
    """Where the attributes of such a file are read."""
    for node in ctx.module.nodes:
        key = _key(node)
        if key is not None and key.value in _OLD:
            message = f"`attrs[{key.value!r}]` of a file of weights: {_WHY}"
            ctx.add(CODE, Severity.WARNING, ctx.span(key), message)


def _key(node: ast.AST) -> ast.Constant | None:
    """What is asked for in ``file.attrs[key]`` or ``file.attrs.get(key)``."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        held, key = node.value, node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        held, key = node.func.value, node.args[0]
    else:
        return None
    return key if isinstance(held, ast.Attribute) and held.attr == "attrs" and isinstance(key, ast.Constant) else None
