"""Names in ``__all__`` that only a star import brings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tdmigrate.keras1 import registry
from tdmigrate.keras1.versions import ALL
from tdmigrate.rules.context import Context

_ALIAS = re.compile(r"(Separable)?Convolution[123]D")  # layers that Keras 3 has by their old names, too


def star_exports(ctx: Context) -> Iterator[tuple[ast.Constant, str]]:
    """Those that it does not bring in Keras 3, with the path that each was of."""
    body = ctx.module.tree.body
    stars = [one.path for one in ctx.facts.bindings if one.local == "*" and one.statement in body]
    for statement in body if stars else ():
        nodes = list(ast.walk(statement))
        if not any(isinstance(node, ast.Name) and node.id == "__all__" for node in nodes):
            continue
        for node in nodes:
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            name = node.value
            home = next((one for one in stars if name in registry.exports(one, ALL)), None)
            if home is None or name not in ctx.names.exported or ctx.is_bound(name) or _ALIAS.fullmatch(name):
                continue
            module = registry.module(home)
            kept = f"{module.keras3}.{name}" if module is not None else None
            if ctx.new_path(f"{home}.{name}") not in (f"{home}.{name}", kept):
                yield node, f"{home}.{name}"
