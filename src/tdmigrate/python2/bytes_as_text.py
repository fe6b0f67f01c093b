"""P205: bytes that went as text in Python 2, which had one type for both."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import Final

from tdmigrate.findings import Evidence, Finding, Severity, Span
from tdmigrate.python2.base import FILES, Source
from tdmigrate.understanding.bytestrings import Bytestrings
from tdmigrate.understanding.opened import OPENERS, mode_of, opened

# methods of bytes that take no text
_TAKES: Final = frozenset(
    (
        "count", "endswith", "find", "index", "join", "lstrip", "partition", "replace", "rfind", "rpartition",
        "rsplit", "rstrip", "split", "startswith", "strip",
    )
)  # fmt: skip


def bytes_as_text(source: Source, known: Bytestrings, mended: Collection[Span]) -> Iterator[Finding]:
    """``mended``: calls of ``open`` that get another mode."""
    return _AsText(source, known, mended).found()


class _AsText:
    def __init__(self, source: Source, known: Bytestrings, mended: Collection[Span]) -> None:
        self._source = source
        self._bytes = known
        self._mended = mended
        self._told: set[ast.AST] = set()

    def found(self) -> Iterator[Finding]:
        for node in self._source.nodes:
            for used in self._as_text(node):
                yield from self._use(self._bytes.maker(used), used)
            if isinstance(node, ast.Call):
                for call in self._opened_for_bytes(node):
                    yield from self._use(call, call)
            if isinstance(node, ast.FunctionDef) and node.name in ("__str__", "__repr__"):
                yield from self._shown(node)

    def _use(self, maker: ast.expr | None, used: ast.expr) -> Iterator[Finding]:
        if maker is not None and maker not in self._told and not isinstance(maker, ast.Constant):
            self._told.add(maker)
            yield self._mixed(maker, used)

    def _as_text(self, node: ast.AST) -> Iterator[ast.expr]:
        """What a node takes as text, if it is not bytes too."""
        if isinstance(node, ast.Compare):
            yield from self._beside([node.left, *node.comparators], node.ops)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if self._is_text(other):
                    yield one
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and self._is_text(node.left):
            yield from node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        elif isinstance(node, ast.Call):
            yield from self._taken(node)

    def _beside(self, values: list[ast.expr], ops: list[ast.cmpop]) -> Iterator[ast.expr]:
        for left, op, right in zip(values, ops, values[1:], strict=False):
            if isinstance(op, (ast.Eq, ast.NotEq)):
                for one, other in ((left, right), (right, left)):
                    if self._is_text(other):
                        yield one
            elif isinstance(op, (ast.In, ast.NotIn)) and self._is_text(left) and not self._bytes.is_listed(right):
                yield right

    def _taken(self, node: ast.Call) -> Iterator[ast.expr]:
        source, func = self._source, node.func
        name = source.full(func)
        if name == "print":
            yield from node.args
        elif name == "str" and len(node.args) == 1 and not node.keywords:
            yield node.args[0]
        elif name.startswith("re.") and len(node.args) > 1 and self._is_text(node.args[0]):
            yield from node.args[1:]
        elif (
            name == "iter"
            and len(node.args) == 2
            and self._is_text(node.args[1])
            and isinstance(node.args[0], ast.Lambda)
        ):
            yield node.args[0].body
        if not isinstance(func, ast.Attribute):
            return
        if func.attr == "format" and self._is_text(func.value):
            yield from node.args
        elif func.attr == "join" and self._is_text(func.value) and len(node.args) == 1:
            joined = node.args[0]
            yield from joined.elts if isinstance(joined, (ast.List, ast.Tuple)) else [joined]
            if isinstance(joined, (ast.ListComp, ast.GeneratorExp)):
                yield joined.elt
        elif func.attr in _TAKES and any(map(self._is_text, node.args)):
            yield func.value
        elif func.attr == "write" and len(node.args) == 1:
            into, what = func.value, node.args[0]
            modes = [mode_of(one)[1] for one in opened(source, into)]
            is_text = modes and all(mode is not None and "b" not in mode for mode in modes)
            if is_text or source.full(into) in ("sys.stdout", "sys.stderr"):
                yield what

    def _opened_for_bytes(self, node: ast.Call) -> Iterator[ast.Call]:
        """What opens the file for bytes that a call writes text to."""
        into = self._written_to(node)
        for call in opened(self._source, into) if into is not None else ():
            mode = mode_of(call)[1]
            if mode is not None and "b" in mode and self._source.span(call) not in self._mended:
                yield call

    def _written_to(self, node: ast.Call) -> ast.expr | None:
        """The file that a call writes text to."""
        name, func = self._source.full(node.func), node.func
        if name == "print":
            return next((one.value for one in node.keywords if one.arg == "file"), None)
        if name == "json.dump" and len(node.args) > 1:
            return node.args[1]
        if isinstance(func, ast.Attribute) and func.attr == "write" and len(node.args) == 1:
            return func.value if self._is_text(node.args[0]) else None
        return None

    def _is_text(self, node: ast.expr) -> bool:
        """Whether it is text for certain."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        if isinstance(node, ast.BinOp):
            adds = isinstance(node.op, ast.Add) and self._is_text(node.right)
            return (isinstance(node.op, (ast.Add, ast.Mod)) and self._is_text(node.left)) or adds
        if not isinstance(node, ast.Call):
            return False
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in ("format", "join"):
            return self._is_text(func.value)
        return self._source.full(func) in ("json.dumps", "repr", "str") or getattr(func, "attr", "") == "to_json"

    def _mixed(self, maker: ast.expr, used: ast.expr) -> Finding:
        source = self._source
        name = source.full(maker.func) if isinstance(maker, ast.Call) else ""
        if name in OPENERS:
            mode = mode_of(maker)[1] if isinstance(maker, ast.Call) else ""
            message = f"the file is opened {mode!r}, for bytes, and goes with text: open it without the b"
        elif isinstance(maker, ast.Call) and isinstance(maker.func, ast.Attribute) and maker.func.attr == "encode":
            message = "this is bytes in Python 3 and goes with text: leave the encode out (a file has its own encoding)"
        else:
            message = "this gives bytes in Python 3 and goes with text: add .decode('utf-8')"
        span = source.span(used)
        evidence = () if span == source.span(maker) else (Evidence(span, "here it is used as text"),)
        return source.one(FILES, maker, message, severity=Severity.WARNING, evidence=evidence)

    def _shown(self, function: ast.FunctionDef) -> Iterator[Finding]:
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None and self._source.tree.home(node) is function:
                maker = self._bytes.maker(node.value)
                if maker is not None:
                    message = f"{function.name} has to give text in Python 3: leave the encode out"
                    yield self._source.one(FILES, maker, message)
