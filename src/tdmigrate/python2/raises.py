"""P207: ``raise`` of a class, a value and a traceback, where it hangs on the value what Python 2 raised."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator

from tdmigrate.findings import Finding, Recast, Severity, Span
from tdmigrate.python2.base import GONE, Source
from tdmigrate.rules.arguments import is_none

_ITSELF = "Python 2 raised this exception itself, and made no other one of it"
_VALUES = (ast.BinOp, ast.Constant, ast.Dict, ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)  # no exceptions


def raises(source: Source, converted: Collection[Span]) -> Iterator[Finding]:
    """``converted``: each ``raise`` that named a value, which is a call now."""
    for node in source.nodes if converted else ():
        if isinstance(node, ast.Raise) and node.exc is not None and source.span(node) in converted:
            exception, traceback = _parts(node.exc)
            if isinstance(exception, ast.Call):
                yield from _of_value(source, node, exception, traceback)
            elif traceback is not None:
                yield from _of_none(source, node, exception, traceback)


def _parts(node: ast.expr) -> tuple[ast.expr, ast.expr | None]:
    """The exception and its traceback."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "with_traceback":
        return node.func.value, node.args[0]
    return node, None


def _of_value(source: Source, node: ast.Raise, made: ast.Call, traceback: ast.expr | None) -> Iterator[Finding]:
    """Of ``raise E, value``, where ``E(value)`` stands now."""
    if len(made.args) != 1 or made.keywords:
        return
    (value,) = made.args
    if is_none(value):
        message = "None as the value was none: Python 2 gave the exception nothing"
        yield source.one(GONE, node, message, _raise(source, node, made.func, traceback))
    elif _is_exception(source, value, made.func):
        yield source.one(GONE, node, _ITSELF, _raise(source, node, value, traceback))
    elif traceback is not None and not isinstance(value, _VALUES):
        shown = source.module.segment(value)
        message = f"if {shown} is an exception, Python 2 raised it itself: `raise {shown}.with_traceback(…)`"
        yield source.one(GONE, node, message, severity=Severity.WARNING)


def _of_none(source: Source, node: ast.Raise, raised: ast.expr, traceback: ast.expr) -> Iterator[Finding]:
    """Of ``raise E, None, traceback``, where ``E.with_traceback(traceback)`` stands now."""
    shown = source.module.segment(raised)
    if _is_class(source, raised):
        message = f"{shown} is a class, of which Python 2 made an exception"
        yield source.one(GONE, node, message, _raise(source, node, raised, traceback, "()"))
    elif _caught(source, raised) is None:
        message = f"if {shown} is a class, it is `raise {shown}().with_traceback(…)`: Python 2 made an exception of it"
        yield source.one(GONE, node, message, severity=Severity.WARNING)


def _raise(source: Source, node: ast.Raise, raised: ast.expr, traceback: ast.expr | None, made: str = "") -> Recast:
    behind = () if traceback is None else (f"{made}.with_traceback(", source.span(traceback), ")")
    return Recast(source.span(node), ("raise ", source.span(raised), *behind))


def _is_exception(source: Source, value: ast.expr, wanted: ast.expr) -> bool:
    """Whether a value is an exception of the wanted class for certain."""
    if isinstance(value, ast.Call):
        return source.module.segment(value.func) == source.module.segment(wanted)
    caught = _caught(source, value)
    if caught is not None:
        return caught.type is not None and source.module.segment(caught.type) == source.module.segment(wanted)
    return _of_exc_info(source, value, 1) and _of_exc_info(source, wanted, 0)


def _of_exc_info(source: Source, node: ast.expr, index: int) -> bool:
    """Whether it is the type (0) or the exception (1) that is being handled."""
    info: ast.expr | None = None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == index:
        info = node.value
    elif (unpacked := source.unpacked(node)) is not None and unpacked[1] == index:
        info = unpacked[0]
    return isinstance(info, ast.Call) and source.full(info.func) == "sys.exc_info"


def _caught(source: Source, node: ast.expr) -> ast.ExceptHandler | None:
    """The ``except`` around a name that it gives its exception."""
    if not isinstance(node, ast.Name):
        return None
    around = (one for one in source.tree.up(node) if isinstance(one, ast.ExceptHandler))
    return next((one for one in around if one.name == node.id), None)


def _is_class(source: Source, node: ast.expr) -> bool:
    if not isinstance(node, ast.Name):
        return False
    found = source.bindings(node, node.id)
    if not found:
        own = getattr(builtins, node.id, None)
        return isinstance(own, type) and issubclass(own, BaseException)
    return all(isinstance(one, ast.ClassDef) for one in found)
