"""Whether the calls of a migrated source fit the signatures of the installed Keras 3 and of tdmigrate.compat."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from typing import Any

from tdmigrate.rules.foreign import path_of

_HOMES = ("keras", "tdmigrate.compat")
# what classes take by ``**``: those that choose what they make, and those that hand it on to fit
_HANDED_ON = {
    "Model": frozenset(("inputs", "outputs")),
    "Sequential": frozenset(("layers", "trainable")),
    **dict.fromkeys(("BaseWrapper", "KerasClassifier", "KerasRegressor"), frozenset(("batch_size", "nb_epoch"))),
}
_BASE = frozenset(("name", "dtype", "trainable", "autocast", "activity_regularizer", "input_shape", "batch_shape"))


def imported(tree: ast.Module) -> dict[str, str]:
    """Local name → the full path that an import statement anywhere in the source gives it, of Keras and compat."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _is_ours(alias.name):
                    found[alias.asname or alias.name.partition(".")[0]] = alias.name if alias.asname else "keras"
    return found


def _is_ours(module: str) -> bool:
    return any(module == home or module.startswith(home + ".") for home in _HOMES)


def resolve(path: str) -> Any:
    """The object at a path. Raises AttributeError or ImportError where there is none."""
    module, _, name = path.rpartition(".")
    if not module:
        return importlib.import_module(path)
    try:
        return getattr(resolve(module), name)
    except AttributeError:
        return importlib.import_module(path)


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a Keras or compat name, with its full path."""
    names = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            path = path_of(node.func, names)
            if path is not None:
                yield node, path


def misfit(node: ast.Call, path: str) -> str | None:
    """What does not fit in a call of the Keras name at this path; None: it fits, or ``*`` or ``**`` hide it.

    A keyword that only ``**kwargs`` would take does not fit.
    """
    try:
        called = resolve(path)
    except (AttributeError, ImportError):
        return f"{path} is not in Keras 3"
    if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
        return None
    try:
        signature = inspect.signature(called)
        bound = signature.bind(*[None] * len(node.args), **{one.arg: None for one in node.keywords if one.arg})
    except TypeError as error:
        return f"{path}: {error}"
    takes = next((one.name for one in signature.parameters.values() if one.kind is one.VAR_KEYWORD), "")
    extra = set(bound.arguments.get(takes, ())) - _BASE - _HANDED_ON.get(path.rpartition(".")[2], frozenset())
    if path.startswith("tdmigrate.") and isinstance(called, type):  # it hands on to the class that it is made of
        extra -= {name for base in called.__mro__ for name in inspect.signature(base).parameters}
    return f"{path} has no {', '.join(sorted(extra))}" if extra else None
