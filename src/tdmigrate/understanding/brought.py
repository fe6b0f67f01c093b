"""What modules of the project may bring into the models that a source takes from them: masks, and penalties.

Only their lines are read: a layer that is made anywhere in them may be in any model.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.elsewhere import Modules, led_to
from tdmigrate.understanding.module import Module

_SUFFIX = "_regularizer"
_PENALTIES = ("ActivityRegularization",)
_MAKERS = ("compute_mask", "get_output_mask")  # of layers of 1.x and 0.x
_WRAPPERS = ("TimeDistributed", "TimeDistributedDense")  # which keep the timesteps, and with them the mask


class Brought(NamedTuple):
    """What the modules that a source's imports lead to have in them."""

    masks: bool  # something makes masks, and something keeps timesteps
    penalties: bool


def brought(module: Module) -> Brought:
    """What comes from the modules that a source imports; nothing of a source that names no file."""
    found = [node for path in Modules(module.path).imported(module) for _, one in led_to(path) for node in one.nodes]
    own = [node for node in module.nodes if isinstance(node, ast.Call)]
    steps = any(_keeps_steps(node) for node in (*found, *own) if isinstance(node, ast.Call))
    makes = any(_makes_masks(node) for node in found)
    return Brought((makes and steps) or any(map(is_maker, found)), any(_penalizes(node) for node in found))


def is_maker(node: ast.AST) -> bool:
    """Whether it is a method of a layer that gives another mask than the one it gets."""
    if not isinstance(node, ast.FunctionDef) or node.name not in _MAKERS:
        return False
    given = {one.arg for one in node.args.args}
    results = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    return any(
        one is not None
        and not (isinstance(one, ast.Constant) and one.value is None)
        and not (isinstance(one, ast.Name) and one.id in given)
        for one in results
    )


def _makes_masks(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        _name(node) == "Masking" or any(name == "mask_zero" and _is_set(value) for name, value in _given(node))
    )


def _keeps_steps(node: ast.Call) -> bool:
    return _name(node) in _WRAPPERS or any(
        name == "return_sequences" and _is_set(value) for name, value in _given(node)
    )


def _penalizes(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        _name(node) in _PENALTIES or any(name.endswith(_SUFFIX) and _is_set(value) for name, value in _given(node))
    )


def _given(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    return ((one.arg, one.value) for one in node.keywords if one.arg is not None)


def _is_set(value: ast.expr) -> bool:
    return not (isinstance(value, ast.Constant) and value.value in (None, False))


def _name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
