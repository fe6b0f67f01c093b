"""P207: code in strings, which is converted by nobody."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Final

from tdmigrate.findings import Finding
from tdmigrate.python2.base import GONE, Source
from tdmigrate.understanding.branches import is_for_both, is_guarded

_TIMED: Final = ("timeit.Timer", "timeit.repeat", "timeit.timeit")
# what runs a string that it is given → how it reads it
_RUNS: Final = {"eval": "eval", "exec": "exec", **dict.fromkeys(_TIMED, "exec")}


def code(source: Source) -> Iterator[Finding]:
    told: set[ast.expr] = set()
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        mode = _mode(source, node)
        text = _text(source, node.args[0])
        if mode is None or text is None or text in told or is_for_both(source.tree, node):
            continue
        if is_guarded(source.tree, node, "SyntaxError", "Exception"):
            continue
        wrong = _wrong(str(text.value), mode)
        if wrong:
            told.add(text)
            message = f"Python 3 does not parse the code in this string, which stays as it is: {wrong}"
            yield source.one(GONE, text, message)


def _mode(source: Source, node: ast.Call) -> str | None:
    """How a call reads the code that it is given; None: it is none that does."""
    name = source.full(node.func)
    if name == "compile" and len(node.args) > 2:
        mode = node.args[2]
        return mode.value if isinstance(mode, ast.Constant) and mode.value in ("eval", "exec") else None
    return _RUNS.get(name)


def _text(source: Source, node: ast.expr) -> ast.Constant | None:
    made = source.origins(node) if isinstance(node, ast.Name) else [node]
    one = made[0] if len(made) == 1 else None
    return one if isinstance(one, ast.Constant) and isinstance(one.value, str) else None


def _wrong(text: str, mode: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text.lstrip(" \t") if mode == "eval" else text, mode=mode)
    except SyntaxError as error:
        return error.msg
    except (ValueError, RecursionError, MemoryError):
        pass  # of nothing that Python 2 ran
    return ""
