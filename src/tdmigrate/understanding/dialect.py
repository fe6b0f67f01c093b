"""Whether a module that Python 3 parses is Python 2 all the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from tdmigrate.understanding.binders import binders
from tdmigrate.understanding.module import Module

# names that Python 2 had built in
_NAMES: Final = frozenset(("basestring", "execfile", "long", "raw_input", "unichr", "unicode", "xrange"))
_METHODS: Final = frozenset(("has_key", "iteritems", "iterkeys", "itervalues"))
_MODULES: Final = frozenset(
    (
        "BaseHTTPServer", "ConfigParser", "HTMLParser", "Queue", "StringIO", "Tkinter", "__builtin__", "cPickle",
        "cStringIO", "commands", "cookielib", "httplib", "urllib2", "urlparse",
    )
)  # fmt: skip
_PRINT: Final = r"\bprint[ \t]*(?:>>|\(.*\)[ \t]*[^ \t#;\r\n]|\r|$)"
_LIKELY: Final = re.compile("|".join((*sorted((*_NAMES, *_METHODS, *_MODULES)), "#!.*python2", _PRINT)), re.MULTILINE)
_SHEBANG: Final = re.compile(r"#![^\n]*\bpython2\b|#![^\n]*\bpython2\.\d")
# a module that asks which Python it runs on is for both
_FOR_BOTH: Final = re.compile(r"\bPY[23]\b|\bversion_info\b|\bfrom (six|future|past|builtins)\b|\bimport six\b")


def python2_row(module: Module) -> int | None:
    """The first row that only Python 2 runs; None: there is none, or the module is for Python 3 as well."""
    if _LIKELY.search(module.text) is None or _FOR_BOTH.search(module.text):
        return None
    if _SHEBANG.match(module.text):
        return 1
    nodes = list(ast.walk(module.tree))
    guarded = {
        inner
        for node in nodes
        if isinstance(node, ast.Try) and any(map(_is_of_version, node.handlers))
        for inner in ast.walk(node)
    }
    return min(_rows(nodes, guarded), default=None)


def _is_of_version(handler: ast.ExceptHandler) -> bool:
    """Whether it catches what the other Python would raise."""
    caught = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)} if handler.type else set()
    return not caught.isdisjoint(("AttributeError", "ImportError", "NameError"))


def _is_print_statement(node: ast.expr) -> bool:
    """Whether a value nobody takes is that of ``print >>f, x``, ``print (x), y``, ``print ("%d") % x`` or ``print``."""
    first = node
    while not isinstance(first, (ast.Name, ast.Call)):
        if isinstance(first, ast.Tuple) and first.elts:
            first = first.elts[0]
        elif isinstance(first, (ast.BinOp, ast.Compare)):
            first = first.left
        elif isinstance(first, ast.BoolOp):
            first = first.values[0]
        else:
            return False
    if isinstance(first, ast.Call):
        return first is not node and isinstance(first.func, ast.Name) and first.func.id == "print"
    return first.id == "print"


def _rows(nodes: list[ast.AST], guarded: set[ast.AST]) -> Iterator[int]:
    bound = {name for name, _ in binders(nodes)}
    prints = "print_function" not in bound
    for node in nodes:
        if node in guarded:
            continue
        if isinstance(node, ast.Expr) and prints and _is_print_statement(node.value):
            yield node.lineno
        if isinstance(node, ast.Name):
            if node.id in _NAMES and node.id not in bound and "*" not in bound:
                yield node.lineno
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
                yield node.lineno
        elif isinstance(node, ast.Import):
            if any(alias.name.partition(".")[0] in _MODULES for alias in node.names):
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "") in _MODULES:
            yield node.lineno
