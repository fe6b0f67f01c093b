"""Layers of the source's own for Keras 2, and tensors of a model that other packages compute with."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tdmigrate.findings import Applicability, ArgumentEdit, CallEdit, Fix, Severity
from tdmigrate.keras2 import registry
from tdmigrate.rules.keras2.context import Keras2

_ADDERS = ("add_weight", "add_variable")
# of Keras 2.1 to 2.3 and tf.keras
_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")
_COMPUTE = ("numpy", "tensorflow")


def check_custom(ctx: Keras2, nodes: Sequence[ast.AST]) -> None:
    for node in nodes:
        if isinstance(node, ast.ClassDef) and any(_is_layer(ctx, base) for base in node.bases):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and _is_own(inner.func):
                    _check_weight(ctx, inner)
        elif isinstance(node, ast.Call):
            _check_tensor(ctx, node)


def _is_layer(ctx: Keras2, base: ast.expr) -> bool:
    symbol = ctx.names.resolve(base)
    return symbol is not None and registry.canonical(symbol.path).startswith("keras.layers.")


def _is_own(func: ast.expr) -> bool:
    """``self.add_weight``."""
    if not isinstance(func, ast.Attribute) or func.attr not in _ADDERS:
        return False
    return isinstance(func.value, ast.Name) and func.value.id == "self"


def _check_weight(ctx: Keras2, call: ast.Call) -> None:
    if not call.args:
        return
    span = ctx.span(call)
    first = call.args[0]
    starred = any(isinstance(one, ast.Starred) for one in call.args)
    given = {one.arg for one in call.keywords}
    named = _ORDER[: len(call.args)]
    if not starred and not _is_text(first) and "shape" not in given and _is_shape(call, given):
        return  # Keras 3 takes (shape, initializer), as 2.0 did
    unclear = not _is_text(first) and "shape" not in given
    if starred or unclear or len(call.args) > len(_ORDER) or given & set(named):
        message = "`add_weight`: Keras 3 takes its arguments by name: `add_weight(shape=…, initializer=…, name=…)`"
        ctx.add("K731", Severity.ERROR, span, message)
        return
    edits = tuple(ArgumentEdit(index, keyword) for index, keyword in enumerate(named))
    func = "self.add_weight" if ctx.module.segment(call.func) != "self.add_weight" else None
    fix = Fix(Applicability.SAFE, (CallEdit(span, func, edits),))
    message = f"`add_weight`: Keras 3 takes {' and '.join(f'`{name}`' for name in named)} by name"
    ctx.add("K730", Severity.ERROR, span, message, fix=fix)


def _is_text(node: ast.expr) -> bool:
    """Whether it is a name, as 2.1 and later releases had it first; 2.0 had the shape there."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_shape(call: ast.Call, given: set[str | None]) -> bool:
    """Whether what stands first is the shape for certain, and what stands behind is what Keras 3 takes there."""
    alone = len(call.args) == 1
    return len(call.args) <= 2 and (alone or "name" in given or isinstance(call.args[0], (ast.Tuple, ast.List)))


def _check_tensor(ctx: Keras2, call: ast.Call) -> None:
    """``np.sqrt(x)`` and ``tf.sqrt(x)`` of a tensor of a model that is being built."""
    package = _package(ctx, call.func)
    if package is None:
        return
    for argument in call.args:
        if _is_tensor(ctx, argument):
            message = (
                f"`{ctx.module.segment(call.func)}` cannot compute with what keras.Input or a layer gives: "
                "use the function of keras.ops, or a layer"
            )
            ctx.add("K502", Severity.ERROR, ctx.span(call), message)
            return


def _package(ctx: Keras2, func: ast.expr) -> str | None:
    """The package of a function that is reached through it."""
    root = func
    while isinstance(root, ast.Attribute):
        root = root.value
    if root is func or not isinstance(root, ast.Name):
        return None
    symbol = ctx.names.resolve(func)
    if symbol is not None:
        return "tensorflow" if symbol.path.startswith("tensorflow.") else None
    binders = ctx.binders(root.id)
    if binders and all(isinstance(one, ast.alias) and one.name in _COMPUTE for one in binders):
        return binders[0].name if isinstance(binders[0], ast.alias) else None
    return None


def _is_tensor(ctx: Keras2, node: ast.expr) -> bool:
    made: ast.expr | None = ctx.maker(node.id) if isinstance(node, ast.Name) else node
    if not isinstance(made, ast.Call):
        return False
    symbol = ctx.names.resolve(made.func)
    if symbol is not None:
        return symbol.path == "keras.layers.Input"
    layer = ctx.names.resolve(made.func.func) if isinstance(made.func, ast.Call) else None
    if layer is None or not layer.path.startswith("keras.layers."):
        return False
    return any(_is_tensor(ctx, argument) for argument in made.args)
