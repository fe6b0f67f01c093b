"""Calls written as text, bound as the abstract run binds them."""

from __future__ import annotations

import ast

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Entry, Layer
from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.understanding.calls import LegacyArguments, bind
from tdmigrate.understanding.shapes import UNKNOWN


def value_of(node: ast.expr) -> object:
    """A literal's value; the name ``unknown`` and everything else is not known, also inside of a tuple."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return tuple(value_of(member) for member in node.elts)
    try:
        value: object = ast.literal_eval(node)
    except ValueError:
        return UNKNOWN
    return value


def find(path: str) -> Entry:
    entry = registry.lookup(path if path.startswith("keras.") else f"keras.layers.{path}")
    assert entry is not None, path
    return entry


def layer_call(text: str, versions: str = "", inner: object = None) -> tuple[Layer, LegacyArguments]:
    """``"LSTM(7, return_sequences=True)"`` as its entry and arguments."""
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    entry = find(ast.unparse(call.func))
    assert isinstance(entry, Layer)
    bound = bind(call, entry, parse(versions) if versions else ALL, value_of)
    return entry, LegacyArguments(bound, entry, inner)
