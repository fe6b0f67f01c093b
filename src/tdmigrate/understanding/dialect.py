"""Whether a module that Python 3 parses is Python 2 all the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tdmigrate.understanding.binders import binders
from tdmigrate.understanding.module import Module

# names that Python 2 had built in
_NAMES: Final = frozenset(("basestring", "execfile", "long", "raw_input", "unichr", "unicode", "xrange"))
_CALLED: Final = frozenset(("apply", "cmp", "coerce", "execfile", "file", "intern", "reduce", "reload"))
_METHODS: Final = frozenset(
    ("has_key", "iteritems", "iterkeys", "itervalues", "viewitems", "viewkeys", "viewvalues")
)
_MODULES: Final = frozenset(
    (
        "BaseHTTPServer", "CGIHTTPServer", "ConfigParser", "HTMLParser", "Queue", "SimpleHTTPServer", "SocketServer",
        "StringIO", "Tkinter", "__builtin__", "cPickle", "cStringIO", "commands", "cookielib", "copy_reg",
        "dummy_thread", "htmlentitydefs", "httplib", "md5", "robotparser", "tkFileDialog", "tkMessageBox", "urllib2",
        "urlparse", "xmlrpclib",
    )
)  # fmt: skip
# of modules that Python 3 has, what it does not have of them
_MEMBERS: Final[Mapping[str, frozenset[str]]] = {
    "itertools": frozenset(("ifilter", "ifilterfalse", "imap", "izip", "izip_longest")),
    "os": frozenset(("getcwdu",)),
    "string": frozenset(("join", "letters", "lowercase", "maketrans", "replace", "split", "strip", "uppercase")),
    "sys": frozenset(("maxint",)),
    "types": frozenset(("DictType", "FloatType", "IntType", "ListType", "StringType", "TupleType", "UnicodeType")),
    "urllib": frozenset(("quote", "quote_plus", "unquote", "urlencode", "urlopen", "urlretrieve")),
}
_PRINT: Final = r"\bprint[ \t]*(?:>>|\(.*\)[ \t]*[^ \t#;\r\n]|[-\[]|\r|$)"
_WORDS: Final = {*_NAMES, *_METHODS, *_MODULES, *_CALLED, *(name for names in _MEMBERS.values() for name in names)}
_TELLING: Final = _WORDS - {"file", "join", "replace", "split", "strip"}
_LIKELY: Final = re.compile(rf"\bfile *\(|\bstring\.|#!.*python2|{_PRINT}", re.MULTILINE)
_SHEBANG: Final = r"#![^\n]*\bpython2\b|#![^\n]*\bpython2\.\d"
# a module that asks which Python it runs on is for both
_FOR_BOTH: Final = (
    r"\bPY[23]\b|\bversion_info\b|\bhexversion\b|\bhasattr\(\w+, .iter(?:items|keys|values)"
    r"|\bfrom (six|future|past|builtins)\b|\bimport six\b"
)


def python2_rows(module: Module) -> list[int]:
    """The rows that only Python 2 runs, in order; none where the module is for Python 3 as well."""
    if _TELLING.isdisjoint(re.findall(r"\w+", module.text)) and _LIKELY.search(module.text) is None:
        return []
    if re.search(_FOR_BOTH, module.text):
        return []
    if re.match(_SHEBANG, module.text):
        return [1]
    nodes = module.nodes
    guarded = {
        inner
        for node in nodes
        if isinstance(node, ast.Try) and any(map(_is_of_version, node.handlers))
        for inner in ast.walk(node)
    }
    return sorted(_rows(nodes, guarded))


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
        elif isinstance(first, ast.Subscript):
            first = first.value
        else:
            return False
    if isinstance(first, ast.Call):
        return first is not node and isinstance(first.func, ast.Name) and first.func.id == "print"
    return first.id == "print"


def _rows(nodes: Sequence[ast.AST], guarded: set[ast.AST]) -> Iterator[int]:
    bound = {name for name, _ in binders(nodes)}
    modules = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names if one.asname is None}
    called = frozenset() if "*" in bound else _CALLED - bound
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
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr in _METHODS:
                yield node.lineno
            if isinstance(func, ast.Name) and func.id in called:
                yield node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            if node.attr in _MEMBERS.get(node.value.id, ()):
                yield node.lineno
        elif isinstance(node, ast.Import):
            if any(alias.name.partition(".")[0] in _MODULES for alias in node.names):
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and not node.level:
            gone = _MEMBERS.get(node.module or "", frozenset())
            if (node.module or "") in _MODULES or any(alias.name in gone for alias in node.names):
                yield node.lineno
