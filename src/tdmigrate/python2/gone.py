"""P207: names, methods and modules of Python 2 that Python 3 does not have, as tables."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from typing import Final

from tdmigrate.findings import Finding, Import, ImportEdit, Severity, StatementEdit, TextEdit
from tdmigrate.python2.base import CHANCE, GONE, Source
from tdmigrate.understanding.branches import is_for_both, is_guarded, is_instead

# a name → the one of the same module that it is now
_RENAMED: Final[Mapping[str, str]] = {
    "itertools.ifilterfalse": "filterfalse",
    "itertools.izip_longest": "zip_longest",
    "os.getcwdu": "getcwd",
    "string.letters": "ascii_letters",
    "string.lowercase": "ascii_lowercase",
    "string.uppercase": "ascii_uppercase",
    "sys.maxint": "maxsize",
}
# a name → the builtin that it is now
_BUILT_IN: Final[Mapping[str, str]] = {
    "file": "open",
    "ifilter": "filter",
    "imap": "map",
    "itertools.ifilter": "filter",
    "itertools.imap": "map",
    "itertools.izip": "zip",
    "izip": "zip",
    "string.maketrans": "str.maketrans",
    "xrange": "range",
}
_ABSTRACT: Final = frozenset(
    (
        "Callable", "Container", "Hashable", "ItemsView", "Iterable", "Iterator", "KeysView", "Mapping", "MappingView",
        "MutableMapping", "MutableSequence", "MutableSet", "Sequence", "Set", "Sized", "ValuesView",
    )
)  # fmt: skip
_OF_STRINGS: Final = (
    "capitalize", "center", "count", "expandtabs", "find", "index", "ljust", "lower", "lstrip", "replace", "rfind",
    "rindex", "rjust", "rstrip", "split", "strip", "swapcase", "translate", "upper", "zfill",
)  # fmt: skip
_OF_TYPES: Final[Mapping[str, str]] = {
    "BooleanType": "bool", "ClassType": "type", "ComplexType": "complex", "DictType": "dict",
    "DictionaryType": "dict", "FileType": "io.IOBase", "FloatType": "float", "InstanceType": "object",
    "IntType": "int", "ListType": "list", "LongType": "int", "NoneType": "type(None)", "ObjectType": "object",
    "SliceType": "slice", "StringType": "str", "StringTypes": "str", "TupleType": "tuple", "TypeType": "type",
    "UnboundMethodType": "types.FunctionType", "UnicodeType": "str", "XRangeType": "range",
}  # fmt: skip
# a name → what to write
_NAMES: Final[Mapping[str, str]] = {
    **{f"string.{name}": f"the method x.{name}(…) of the string" for name in _OF_STRINGS},
    **{f"types.{name}": f"{new}" for name, new in _OF_TYPES.items()},
    "apply": "f(*args)",
    "array.ArrayType": "array.array",
    "base64.decodestring": "base64.decodebytes, of bytes",
    "base64.encodestring": "base64.encodebytes, of bytes",
    "basestring": "str",
    "buffer": "memoryview, of bytes",
    "cgi.escape": "html.escape",
    "coerce": "int(…) or float(…), or nothing",
    "contextlib.nested": "with a, b:",
    "execfile": "exec(open(…).read())",
    "fractions.gcd": "math.gcd",
    "inspect.getargspec": "inspect.getfullargspec, which gives three more",
    "intern": "sys.intern",
    "long": "int",
    "operator.div": "operator.floordiv of integers, operator.truediv of fractions",
    "operator.isCallable": "callable(x)",
    "operator.isMappingType": "isinstance(x, collections.abc.Mapping)",
    "operator.isNumberType": "isinstance(x, numbers.Number)",
    "operator.isSequenceType": "isinstance(x, collections.abc.Sequence)",
    "operator.sequenceIncludes": "operator.contains",
    "os.errno": "import errno",
    "os.path.walk": "os.walk, in a loop",
    "os.popen2": "subprocess.Popen",
    "os.popen3": "subprocess.Popen",
    "os.popen4": "subprocess.Popen",
    "os.tmpnam": "tempfile.mkstemp",
    "platform.dist": "platform.platform, or the package distro",
    "platform.linux_distribution": "platform.platform, or the package distro",
    "random.jumpahead": "a seed of its own",
    "raw_input": "input",
    "reduce": "functools.reduce",
    "reload": "importlib.reload",
    "string.atof": "float(x)",
    "string.atoi": "int(x)",
    "string.atol": "int(x)",
    "string.join": "' '.join(words): the string between them comes first, a blank if none is given",
    "string.joinfields": "' '.join(words)",
    "string.splitfields": "x.split(…)",
    "sys.exc_clear": "nothing: the exception ends with its except",
    "sys.exc_traceback": "sys.exc_info()[2]",
    "sys.exc_type": "sys.exc_info()[0]",
    "sys.exc_value": "sys.exc_info()[1]",
    "sys.exitfunc": "atexit.register",
    "time.clock": "time.perf_counter() for what passes, time.process_time() for what is worked",
    "unichr": "chr",
    "unicode": "str",
}
_MODULES: Final[Mapping[str, str]] = {
    "Bastion": "nothing like it",
    "UserDict": "collections.UserDict, or collections.abc.MutableMapping for DictMixin",
    "UserList": "collections.UserList",
    "UserString": "collections.UserString",
    "compiler": "ast",
    "dircache": "os.listdir",
    "email.Encoders": "email.encoders",
    "email.Header": "email.header",
    "email.MIMEAudio": "email.mime.audio",
    "email.MIMEBase": "email.mime.base",
    "email.MIMEImage": "email.mime.image",
    "email.MIMEMultipart": "email.mime.multipart",
    "email.MIMEText": "email.mime.text",
    "email.Message": "email.message",
    "email.Utils": "email.utils",
    "exceptions": "the exceptions are built in",
    "formatter": "nothing like it",
    "hotshot": "cProfile",
    "htmllib": "html.parser",
    "imp": "importlib, since Python 3.12",
    "md5": "hashlib.md5, of bytes",
    "mhlib": "mailbox",
    "mimetools": "email",
    "mimify": "email",
    "multifile": "email",
    "new": "types",
    "popen2": "subprocess",
    "rfc822": "email",
    "sets": "set and frozenset, which are built in",
    "sgmllib": "html.parser",
    "sha": "hashlib.sha1, of bytes",
    "sre": "re",
    "statvfs": "os.statvfs",
    "stringold": "the methods of strings",
    "strop": "the methods of strings",
    "xml.etree.cElementTree": "xml.etree.ElementTree, since Python 3.9",
}
# a method → what Python 3 asks instead, and what to say
_METHODS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "__cmp__": (("__lt__",), "write __lt__ and __eq__"),
    "__coerce__": (("__add__", "__mul__", "__eq__"), "write __add__, __mul__ … for each operator"),
    "__delslice__": (("__delitem__",), "__delitem__ gets a slice"),
    "__div__": (("__truediv__", "__floordiv__"), "it is __truediv__ there"),
    "__getslice__": (("__getitem__",), "__getitem__ gets a slice"),
    "__hex__": (("__index__",), "hex(x) asks __index__"),
    "__idiv__": (("__itruediv__",), "it is __itruediv__ there"),
    "__long__": (("__int__",), "it is __int__ there"),
    "__nonzero__": (("__bool__",), "it is __bool__ there"),
    "__oct__": (("__index__",), "oct(x) asks __index__"),
    "__rdiv__": (("__rtruediv__",), "it is __rtruediv__ there"),
    "__setslice__": (("__setitem__",), "__setitem__ gets a slice"),
    "__unicode__": (("__str__",), "it is __str__ there"),
}
# slices went to these first, so that __getitem__ and its like may not know them
_SLICED: Final = frozenset(("__delslice__", "__getslice__", "__setslice__"))


def gone(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            yield from _name(source, node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module(source, node, alias.name)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from _module(source, node, node.module)
            yield from _imported(source, node, node.module)
        elif isinstance(node, ast.ClassDef):
            yield from _methods(source, node)


def _name(source: Source, node: ast.Name | ast.Attribute) -> Iterator[Finding]:
    name = source.full(node)
    if isinstance(node, ast.Name):
        if not source.is_free(node, node.id):
            return  # it is told where it is imported
        starred = (f"{module}.{name}" for module in source.starred)
        name = next((one for one in starred if one in _NAMES or one in _BUILT_IN or one in _RENAMED), name)
    if "." not in name and isinstance(node, ast.Attribute):
        return
    written = source.module.segment(node)
    new, edit, imports = "", None, ()
    if name in _RENAMED:
        of = f"{source.module.segment(node.value)}." if isinstance(node, ast.Attribute) else ""
        new = f"{of}{_RENAMED[name]}"
        edit = TextEdit(source.span(node), new)
    elif name in _BUILT_IN:
        new = _BUILT_IN[name]
        edit = TextEdit(source.span(node), new) if source.is_free(node, new.partition(".")[0]) else None
    elif name.startswith("collections.") and name.removeprefix("collections.") in _ABSTRACT:
        new = name.replace("collections", "collections.abc")
        above = source.tree.of(node)
        if written == name and not isinstance(above, ast.Attribute):
            edit, imports = TextEdit(source.span(node), new), (Import("collections.abc"),)  # type: ignore[assignment]
    elif name in _NAMES and ("." in name or "*" not in source.bound):
        new = _NAMES[name]
    tree = source.tree
    if new and not is_guarded(tree, node, "NameError", "AttributeError") and not is_for_both(tree, node):
        yield source.one(GONE, node, f"Python 3 has no {name}; instead: {new}", edit, imports)


def _module(source: Source, node: ast.Import | ast.ImportFrom, name: str) -> Iterator[Finding]:
    tree = source.tree
    if name not in _MODULES or is_for_both(tree, node) or is_instead(tree, node, "ImportError", "Exception"):
        return
    beside = os.path.join(os.path.dirname(source.module.path), name)
    if os.path.isfile(f"{beside}.py") or os.path.isdir(beside):
        return  # of the project
    edit = None
    if name == "xml.etree.cElementTree":
        if isinstance(node, ast.ImportFrom):
            edit = ImportEdit(source.span(node), module="xml.etree.ElementTree")
        elif node.names[0].asname and len(node.names) == 1:
            alias = f"xml.etree.ElementTree as {node.names[0].asname}"
            edit = ImportEdit(source.span(node), rename=((0, alias),))
    yield source.one(GONE, node, f"Python 3 has no module {name}; instead: {_MODULES[name]}", edit)


def _imported(source: Source, node: ast.ImportFrom, module: str) -> Iterator[Finding]:
    """What an import names that its module has no more: one finding, since it is one statement to mend."""
    if is_instead(source.tree, node, "ImportError", "Exception"):
        return
    said, left = [], False
    rename, drop, after = [], [], []
    for index, alias in enumerate(node.names):
        name = f"{module}.{alias.name}"
        bound = alias.asname or alias.name
        if name in _RENAMED:
            new = _RENAMED[name]
            rename.append((index, new if bound == new else f"{new} as {bound}"))
            said.append(f"{alias.name} is {new}")
        elif module == "collections" and alias.name in _ABSTRACT:
            drop.append(index)
            after.append(f"{alias.name} as {bound}" if alias.asname else alias.name)
            said.append(f"{alias.name} is in collections.abc")
        elif name in _NAMES or name in _BUILT_IN:
            left = True
            said.append(f"{alias.name}: {_NAMES.get(name) or _BUILT_IN[name]}")
    if not said:
        return
    lines = (f"from collections.abc import {', '.join(after)}",) if after else ()
    edit = ImportEdit(source.span(node), drop=tuple(drop), rename=tuple(rename), after=lines)
    message = f"Python 3 does not find this in {module}: {'; '.join(said)}"
    yield source.one(GONE, node, message, None if left else edit)


def _methods(source: Source, node: ast.ClassDef) -> Iterator[Finding]:
    defined: dict[str, ast.stmt] = {}
    for one in node.body:
        if isinstance(one, ast.FunctionDef):
            defined[one.name] = one
        elif isinstance(one, ast.Assign):
            defined.update((to.id, one) for to in one.targets if isinstance(to, ast.Name))
    for name, one in defined.items():
        instead, what = _METHODS.get(name, ((), ""))
        is_there = any(other in defined for other in instead)
        if what and not (is_there and (name not in _SLICED or _knows_slices(one))):
            yield source.one(GONE, one, f"{name}: Python 3 does not ask it: {what}")


def _knows_slices(method: ast.stmt) -> bool:
    """Whether a method hands on a slice, so that the one for items takes it already."""
    return any(isinstance(one, ast.Name) and one.id == "slice" for one in ast.walk(method))


def default_encoding(source: Source) -> Iterator[Finding]:
    """``sys.setdefaultencoding``, which nothing has to take the place of."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and source.full(node.func) == "sys.setdefaultencoding":
            statement = source.tree.of(node)
            is_alone = isinstance(statement, ast.Expr)
            edit = StatementEdit(source.span(statement), replace=True) if isinstance(statement, ast.Expr) else None
            if is_alone and not is_guarded(source.tree, node, "AttributeError", "NameError"):
                yield source.one(GONE, node, "Python 3 has no sys.setdefaultencoding: text is Unicode there", edit)


def seeds(source: Source) -> Iterator[Finding]:
    message = "from the same seed, Python 3 draws other numbers with choice, randint, randrange, sample, shuffle"
    for node in source.nodes:
        if isinstance(node, ast.Call):
            name = source.full(node.func)
            if name == "random.seed" or (name == "random.Random" and node.args):
                yield source.one(CHANCE, node, message, severity=Severity.NOTE)
