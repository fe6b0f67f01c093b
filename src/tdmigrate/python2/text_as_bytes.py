"""P205: text that was bytes as well in Python 2: decoded, handed to what wants bytes, written by its numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final, TypeGuard

from tdmigrate.findings import Finding, Severity, TextEdit
from tdmigrate.python2.base import FILES, Source
from tdmigrate.understanding.branches import is_asked_for, is_for_both, is_guarded
from tdmigrate.understanding.bytestrings import CODECS, Bytestrings

# functions that take no text → which argument that is; of those in _LOOKED_AT anything not known to be bytes is told
_WANT: Final = {
    **{f"hashlib.{name}": 0 for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")},
    "base64.b64encode": 0,
    "base64.urlsafe_b64encode": 0,
    "binascii.b2a_hex": 0,
    "binascii.crc32": 0,
    "binascii.hexlify": 0,
    "hashlib.new": 1,
    "hmac.new": 0,
    "os.write": 1,
    "struct.unpack": 1,
    "zlib.adler32": 0,
    "zlib.compress": 0,
    "zlib.crc32": 0,
    "zlib.decompress": 0,
}
_LITERALS: Final = frozenset(("binascii.b2a_hex", "binascii.hexlify", "os.write", "struct.unpack", "zlib.decompress"))


def text_as_bytes(source: Source, known: Bytestrings) -> Iterator[Finding]:
    return _AsBytes(source, known).found()


def literals(source: Source) -> Iterator[Finding]:
    """Strings without a prefix in which a byte above 127 is written as its number."""
    if "unicode_literals" in source.module.text:
        return
    message = "in Python 2 this was these bytes, in Python 3 it is text: write b'…' if bytes are meant"
    for node in source.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.kind == "u":
            continue
        high = not node.value.isascii() and any("\x80" <= char <= "\xff" for char in node.value)
        if high and "\\" in source.module.segment(node):
            yield source.one(FILES, node, message, severity=Severity.WARNING)


class _AsBytes:
    def __init__(self, source: Source, known: Bytestrings) -> None:
        self._source = source
        self._bytes = known

    def found(self) -> Iterator[Finding]:
        for node in self._source.nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)

    def _call(self, node: ast.Call) -> Iterator[Finding]:
        source, func = self._source, node.func
        name = source.full(func)
        if isinstance(func, ast.Attribute) and func.attr in ("encode", "decode") and not name.startswith("codecs."):
            yield from self._codec(node, func)
        words = {one.arg for one in node.keywords}
        if name == "str" and node.args and (len(node.args) > 1 or words & {"encoding", "errors"}):
            yield from self._decoded(node)
        asks = name == "hasattr" and len(node.args) == 2 and getattr(node.args[1], "value", None) == "__iter__"
        if asks and not is_asked_for(source.tree, node, "str"):
            message = "text has __iter__ in Python 3, too: ask isinstance(x, (list, tuple)) if it is not meant"
            yield source.one(FILES, node, message, severity=Severity.WARNING)
        if name in _WANT and len(node.args) > _WANT[name]:
            yield from self._wants(node.args[_WANT[name]], name, name in _LITERALS)
        elif isinstance(func, ast.Attribute) and func.attr == "update" and len(node.args) == 1:
            made = source.origins(func.value)
            if made and all(isinstance(one, ast.Call) and _hashes(source.full(one.func)) for one in made):
                yield from self._wants(node.args[0], "a hash", False)

    def _decoded(self, node: ast.Call) -> Iterator[Finding]:
        """Of ``str(x, 'utf-8')``, which was ``unicode(x, 'utf-8')``."""
        if self._bytes.maker(node.args[0]) is None and not self._is_no_text(node, node.args[0]):
            message = "of text this raises TypeError in Python 3, which takes bytes here: leave out the encoding"
            yield self._source.one(FILES, node, message, severity=Severity.WARNING)

    def _wants(self, node: ast.expr, name: str, literals: bool) -> Iterator[Finding]:
        source = self._source
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if self._bytes.maker(node) is not None or isinstance(node, ast.Starred) or (literals and not is_text):
            return
        message = f"{name} wants bytes in Python 3: of text it is .encode('utf-8')"
        edit = TextEdit(source.span(node), "b{}") if is_text and self._can_be_bytes(node) else None
        yield source.one(FILES, node, message, edit, severity=Severity.WARNING)

    def _can_be_bytes(self, node: ast.expr) -> bool:
        """Whether a ``b`` before a string makes it the bytes that it was."""
        written = self._source.module.segment(node)
        try:
            new = ast.literal_eval(f"b{written}")
            return isinstance(new, bytes) and new == ast.literal_eval(written).encode("latin-1")
        except (SyntaxError, ValueError):
            return False

    def _codec(self, node: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
        codec = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if isinstance(codec, str) and codec.replace("-", "_").removesuffix("_codec") in CODECS:
            message = f"{codec!r} is no encoding of text in Python 3: codecs.{func.attr} takes it, of bytes"
            yield self._source.one(FILES, node, message)
        elif func.attr == "decode" and isinstance(func.value, ast.Constant) and isinstance(func.value.value, str):
            yield self._source.one(FILES, node, "a string is text in Python 3, it has no decode: write it as it is")
        elif func.attr == "decode" and self._bytes.is_of_text(node) and self._bytes.maker(func.value) is None:
            if is_asked_for(self._source.tree, node, "decode") or self._is_no_text(node, func.value):
                return
            if not is_guarded(self._source.tree, node, "AttributeError"):
                message = "text has no decode in Python 3: if this is text, leave it out; if it is bytes, keep it"
                yield self._source.one(FILES, node, message, severity=Severity.WARNING)

    def _is_no_text(self, node: ast.expr, value: ast.expr) -> bool:
        """Whether conditions around or before a node have sorted out what is text."""
        source = self._source
        if is_asked_for(source.tree, node, "bytes") or is_for_both(source.tree, node):
            return True
        written = source.module.segment(value)
        within: ast.AST = node
        for above in source.tree.up(node):
            if isinstance(above, (ast.If, ast.IfExp)) and within is not above.test:
                is_else = within is above.orelse or (isinstance(above, ast.If) and within in above.orelse)
                asked = above.test
                if isinstance(asked, ast.UnaryOp) and isinstance(asked.op, ast.Not):
                    asked, is_else = asked.operand, not is_else
                if is_else and self._asks_for_text(asked, written):
                    return True
            for field in ("body", "orelse") if isinstance(within, ast.stmt) else ():
                block = getattr(above, field, None)
                if isinstance(block, list) and within in block:
                    before = block[: block.index(within)]
                    if any(_returns(one) and self._asks_for_text(one.test, written) for one in before):
                        return True
            within = above
        return False

    def _asks_for_text(self, test: ast.expr, written: str) -> bool:
        """Whether it is ``isinstance(value, str)``."""
        if not isinstance(test, ast.Call) or self._source.full(test.func) != "isinstance" or len(test.args) != 2:
            return False
        return self._source.module.segment(test.args[0]) == written and self._source.full(test.args[1]) == "str"


def _hashes(name: str) -> bool:
    return name.startswith("hashlib.")


def _returns(statement: ast.stmt) -> TypeGuard[ast.If]:
    return isinstance(statement, ast.If) and isinstance(statement.body[-1], (ast.Return, ast.Raise, ast.Continue))
