"""P204, P205, P207, P208: calls of Python 2 that fissix leaves, and that fail or mean something else in Python 3."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Final

from tdmigrate.findings import (
    Added,
    Applicability,
    ArgumentEdit,
    CallEdit,
    Edit,
    Finding,
    Fix,
    Import,
    Severity,
    Span,
    StatementEdit,
    TextEdit,
)
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.binders import binders
from tdmigrate.understanding.mentions import parents_of
from tdmigrate.understanding.module import Module

ORDER, FILES, GONE, CHANCE = "P204", "P205", "P207", "P208"

_HEAD: Final = "from keras.models import Sequential\n\nmodel = Sequential()\n"
RULES = (
    Rule(
        code=ORDER,
        name="comparison",
        title="Sorting by comparing two",
        what="Finds `cmp`, and functions that compare two handed to `sort` and `sorted`, in Python 2.",
        why="Python 3 sorts by keys alone and has no `cmp`: it raises TypeError or NameError.",
        safety="Safe where a function is handed to `sort` or `sorted`; `cmp` itself is left to a person.",
        examples=(
            Example(
                f"import random\n{_HEAD}words.sort(lambda a, b: len(a) - len(b))\nprint words\n",
                "import random\nfrom keras.models import Sequential\nimport functools\n\nmodel = Sequential()\n"
                "words.sort(key=functools.cmp_to_key(lambda a, b: len(a) - len(b)))\nprint(words)\n",
            ),
            Example(f"{_HEAD}print cmp(a, b)\n", None),
        ),
    ),
    Rule(
        code=FILES,
        name="text-and-bytes",
        title="Text and bytes are two things",
        what="Finds files that `pickle` and `csv` get in the other mode, and strings that are decoded, in Python 2.",
        why=(
            "A string of Python 2 was bytes. In Python 3 pickle wants bytes and csv text; what Python 2 pickled, such "
            "as arrays, does not load without `encoding='latin1'`."
        ),
        safety="Safe where the file is opened in the same source; what is decoded is left to a person.",
        examples=(
            Example(
                f"import cPickle\n{_HEAD}data = cPickle.load(open('data.pkl'))\n",
                f"import pickle\n{_HEAD}data = pickle.load(open('data.pkl', mode='rb'), encoding='latin1')\n",
            ),
            Example(f"{_HEAD}print 'words'.decode('utf-8')\n", None),
        ),
    ),
    Rule(
        code=GONE,
        name="gone-from-python",
        title="What Python 3 does not have",
        what="Finds `file`, `string.letters` and the like, `sys.setdefaultencoding`, and methods nobody calls now.",
        why="They raise NameError or AttributeError, or are never called.",
        safety="Safe where there is one that does the same; methods are left to a person.",
        examples=(
            Example(
                f"import string\n{_HEAD}print string.letters\n",
                f"import string\n{_HEAD}print(string.ascii_letters)\n",
            ),
            Example(f"{_HEAD}print 1\n\n\nclass Word:\n    def __cmp__(self, other):\n        return 0\n", None),
        ),
    ),
    Rule(
        code=CHANCE,
        name="seed-of-random",
        title="The same seed draws other numbers",
        what="Finds `random.seed` in Python 2; it is a note.",
        why=(
            "Python 3 makes an integer of a random number in another way: after the same seed, `shuffle` and `sample` "
            "give another order. `random.random` and all of numpy draw what they drew."
        ),
        safety="A note: write the order to a file where it has to stay.",
        examples=(Example(f"import random\n{_HEAD}random.seed(7)\nprint 1\n", None),),
    ),
)

_COMPARES: Final = "Python 3 sorts by keys alone: what compared two is wrapped in functools.cmp_to_key"
# codecs between strings, which are functions of modules now
_CODECS: Final = frozenset(("base64", "bz2", "hex", "rot13", "string_escape", "zip", "zlib"))
_STRING: Final[Mapping[str, str]] = {
    "letters": "string.ascii_letters",
    "lowercase": "string.ascii_lowercase",
    "maketrans": "str.maketrans",
    "uppercase": "string.ascii_uppercase",
}
_METHODS: Final[Mapping[str, str]] = {
    "__cmp__": "Python 3 does not ask it: write __lt__ and __eq__",
    "__div__": "Python 3 does not ask it: it is __truediv__ there",
    "__getslice__": "Python 3 does not ask it: __getitem__ gets a slice",
}


def calls(module: Module) -> Iterator[Finding]:
    """What there is to say of the calls of a module that was Python 2."""
    return _Calls(module).found()


class _Calls:
    def __init__(self, module: Module) -> None:
        self._module = module
        self._nodes = list(ast.walk(module.tree))
        self._parents = parents_of(self._nodes)
        self._is_text = "unicode_literals" in module.text
        self._bound: dict[str, list[ast.AST]] = {}
        for name, node in binders(self._nodes):
            self._bound.setdefault(name, []).append(node)
        # local name → module
        imports = (node for node in self._nodes if isinstance(node, ast.Import))
        self._modules = {one.asname or one.name: one.name for node in imports for one in node.names}

    def found(self) -> Iterator[Finding]:
        for node in self._nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, ast.Attribute) and _is(node.value, "string") and node.attr in _STRING:
                if self._modules.get("string") == "string":
                    new = _STRING[node.attr]
                    yield self._one(GONE, node, f"string.{node.attr} is {new}", TextEdit(self._span(node), new))
            elif isinstance(node, ast.Constant) and self._is_bytes(node):
                message = "in Python 2 this was these bytes, in Python 3 it is text: write b'…' if bytes are meant"
                yield self._one(FILES, node, message, severity=Severity.WARNING)
            elif isinstance(node, ast.ClassDef):
                methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name in _METHODS]
                yield from (self._one(GONE, one, f"{one.name}: {_METHODS[one.name]}") for one in methods)

    def _is_bytes(self, node: ast.Constant) -> bool:
        """Whether it is a string without a prefix in which a byte above 127 is written as its number."""
        if not isinstance(node.value, str) or node.kind == "u" or node.value.isascii() or self._is_text:
            return False
        return any("\x80" <= char <= "\xff" for char in node.value) and "\\" in self._module.segment(node)

    def _call(self, node: ast.Call) -> Iterator[Finding]:
        func = node.func
        if isinstance(func, ast.Name) and func.id not in self._bound:
            if func.id == "cmp":
                yield self._one(ORDER, node, "Python 3 has no cmp: write (a > b) - (a < b)")
            elif func.id == "file":
                yield self._one(GONE, node, "file is open", CallEdit(self._span(node), func="open"))
            elif func.id == "sorted":
                yield from self._sort(node, 1)
        elif isinstance(func, ast.Attribute):
            if func.attr == "sort":
                yield from self._sort(node, 0)
            elif func.attr in ("encode", "decode"):
                yield from self._codec(node, func)
            elif isinstance(func.value, ast.Name) and func.value.id in self._modules:
                yield from self._of_module(node, self._modules[func.value.id], func.attr)

    def _sort(self, node: ast.Call, position: int) -> Iterator[Finding]:
        index = next((i for i, one in enumerate(node.keywords, len(node.args)) if one.arg == "cmp"), None)
        if index is None and len(node.args) > position and self._compares(node.args[position]):
            index = position
        if index is not None:
            edit = ArgumentEdit(index, keyword="key", value="functools.cmp_to_key({})")
            call = CallEdit(self._span(node), arguments=(edit,))
            yield self._one(ORDER, node, _COMPARES, call, imports=(Import("functools"),))

    def _compares(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return any(isinstance(one, ast.FunctionDef) for one in self._bound.get(node.id, ()))
        return isinstance(node, ast.Lambda)

    def _codec(self, node: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
        codec = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if isinstance(codec, str) and codec.replace("-", "_").removesuffix("_codec") in _CODECS:
            message = f"{codec!r} is no encoding of text in Python 3: codecs.{func.attr} takes it, of bytes"
            yield self._one(FILES, node, message)
        elif func.attr == "decode" and isinstance(func.value, ast.Constant) and isinstance(func.value.value, str):
            yield self._one(FILES, node, "a string is text in Python 3, it has no decode: write it as it is")

    def _of_module(self, node: ast.Call, module: str, name: str) -> Iterator[Finding]:
        if (module, name) == ("sys", "setdefaultencoding"):
            statement = self._parents.get(node)
            if isinstance(statement, ast.Expr):
                edit = StatementEdit(self._span(statement), replace=True)
                yield self._one(GONE, node, "Python 3 has no sys.setdefaultencoding: text is Unicode there", edit)
        elif module == "pickle" and name in ("load", "loads"):
            yield from self._pickle(node, name)
        elif module == "pickle" and name == "dump" and len(node.args) > 1:
            yield from self._mode(node.args[1], "w", "wb", "pickle writes bytes")
        elif module == "csv" and name in ("reader", "DictReader", "writer", "DictWriter") and node.args:
            old, new = ("rb", "r") if name.endswith("eader") else ("wb", "w")
            yield from self._mode(node.args[0], old, new, "csv takes text", "newline")
        elif (module, name) == ("random", "seed"):
            message = (
                "from the same seed, Python 3 draws other numbers with choice, randint, randrange, sample, shuffle"
            )
            yield self._one(CHANCE, node, message, severity=Severity.NOTE)

    def _pickle(self, node: ast.Call, name: str) -> Iterator[Finding]:
        if name == "load" and node.args:
            yield from self._mode(node.args[0], "r", "rb", "pickle reads bytes")
        if len(node.args) == 1 and not node.keywords:
            message = "what Python 2 pickled with bytes in it (arrays, too) loads with encoding='latin1' alone"
            edit = CallEdit(self._span(node), added=(Added("encoding", "'latin1'"),))
            yield self._one(FILES, node, message, edit)

    def _mode(self, file: ast.expr, old: str, new: str, why: str, newline: str = "") -> Iterator[Finding]:
        """The mode of the file that is opened here or, as a name, opened once."""
        opened = self._opened(file)
        if opened is None:
            return
        mode = opened.args[1] if len(opened.args) == 2 else None
        if len(opened.args) > 2 or opened.keywords or (mode is None and old != "r"):
            return
        if mode is not None and not (isinstance(mode, ast.Constant) and mode.value == old):
            return
        added = (Added("newline", "''"),) if newline else ()
        if mode is None:
            edit = CallEdit(self._span(opened), added=(Added("mode", repr(new)), *added))
        else:
            edit = CallEdit(self._span(opened), arguments=(ArgumentEdit(1, value=repr(new)),), added=added)
        yield self._one(FILES, opened, f"{why}: the mode is {new!r} in Python 3", edit)

    def _opened(self, file: ast.expr) -> ast.Call | None:
        if isinstance(file, ast.Call):
            return file if isinstance(file.func, ast.Name) and file.func.id in ("open", "file") else None
        if not isinstance(file, ast.Name):
            return None
        stores = self._bound.get(file.id, ())
        maker = self._parents.get(stores[0]) if len(stores) == 1 else None
        value = maker.value if isinstance(maker, ast.Assign) else getattr(maker, "context_expr", None)
        return self._opened(value) if isinstance(value, ast.Call) else None

    def _span(self, node: ast.expr | ast.stmt) -> Span:
        return self._module.span(node)

    def _one(
        self,
        code: str,
        node: ast.expr | ast.stmt,
        message: str,
        edit: Edit | None = None,
        imports: tuple[Import, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        fix = None if edit is None else Fix(Applicability.SAFE, (edit,), imports)
        return Finding(code, severity, self._span(node), message, fix=fix)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
