"""What of Theano and TensorFlow stands in functions that Keras calls: named, with what of keras.ops computes it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tdmigrate.findings import Severity
from tdmigrate.keras1.foreign import instead
from tdmigrate.rules.context import Context

PACKAGES = ("theano", "tensorflow")
# names by which the backends of Keras 1 had them
_IN_BACKEND = {"T": "theano.tensor", "theano": "theano", "tf": "tensorflow"}
_MODEL = frozenset(("get_input", "get_output", "input", "inputs", "layers", "output", "outputs"))


def imported(tree: ast.Module) -> dict[str, str]:
    """Local name → its path in Theano or TensorFlow."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            path = alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
            package = path.partition(".")[0]
            if package in PACKAGES:
                whole = isinstance(node, ast.Import) and alias.asname is None  # it binds the package itself
                found[package if whole else alias.asname or alias.name] = package if whole else path
    return found


def message(path: str, shown: str) -> str:
    """What to say of a name of Theano or TensorFlow."""
    package, _, name = path.partition(".")
    new = instead(package, name.removeprefix("tensor."))
    if package == "theano":
        return f"`{shown}`: Keras 3 does not run on Theano: " + (
            f"{new} is its like" if new is not None else "write it with keras.ops"
        )
    why = "it needs TensorFlow, where it may have other arguments by now"
    return f"`{shown}`: {why}; {new or 'keras.ops'} runs on every backend"


def of_backend(symbol: str, shown: str) -> str | None:
    """As ``message``, of ``K.T.mean`` and its like; None: it is none of these."""
    parts = symbol.removeprefix("keras.backend.").split(".")
    if parts[0].endswith("_backend"):
        parts = parts[1:]
    home = _IN_BACKEND.get(parts[0]) if parts else None
    return message(".".join((home, *parts[1:])), shown) if home is not None else None


def check_compiled(ctx: Context, names: Mapping[str, str]) -> None:
    """``theano.function`` of what a model puts out."""
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Call) or path_of(node.func, names) != "theano.function":
            continue
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if any(isinstance(one, ast.Attribute) and one.attr in _MODEL for value in given for one in ast.walk(value)):
            text = (
                "`theano.function`: Keras 3 does not run on Theano: tdmigrate.compat.function([model.inputs[0]], "
                "[layer.output]) makes a function of a list of arrays that gives a list of arrays"
            )
            ctx.add("K502", Severity.ERROR, ctx.span(node.func), text)


def path_of(node: ast.expr, names: Mapping[str, str]) -> str | None:
    """The path of a name or attribute chain; ``names``: those of imports. None: it begins with none of them."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value, names)
        return f"{inner}.{node.attr}" if inner is not None else None
    return None
