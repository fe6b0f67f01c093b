"""P205: text that was bytes as well in Python 2, and bytes that went as text."""

from __future__ import annotations

import ast
import codecs
from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeGuard

from tdmigrate.findings import Evidence, Finding, Severity, Span, TextEdit
from tdmigrate.rules.python2_base import FILES, Source
from tdmigrate.rules.python2_files import OPENERS, mode_of, opened
from tdmigrate.understanding.branches import is_asked_for, is_for_both, is_guarded

# codecs between strings, which are functions of modules now
_CODECS: Final = frozenset(("base64", "bz2", "hex", "rot13", "string_escape", "zip", "zlib"))

# what gives bytes in Python 3, and the words for it
_GIVES: Final = frozenset(
    (
        "base64.b64decode", "base64.b64encode", "base64.decodestring", "base64.encodestring",
        "base64.urlsafe_b64decode", "base64.urlsafe_b64encode", "binascii.a2b_hex", "binascii.b2a_hex",
        "binascii.hexlify", "binascii.unhexlify", "marshal.dumps", "os.urandom", "pickle.dumps", "struct.pack",
        "subprocess.check_output", "zlib.compress", "zlib.decompress",
    )
)  # fmt: skip
_READS: Final = frozenset(("read", "readline", "readlines"))
# methods of bytes that give bytes, or a list of them
_STAYS: Final = frozenset(
    ("join", "lower", "lstrip", "replace", "rsplit", "rstrip", "split", "splitlines", "strip", "upper")
)
# methods of bytes that take no text
_TAKES: Final = frozenset(
    (
        "count", "endswith", "find", "index", "join", "lstrip", "partition", "replace", "rfind", "rpartition",
        "rsplit", "rstrip", "split", "startswith", "strip",
    )
)  # fmt: skip
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


def text(source: Source, mended: Collection[Span]) -> Iterator[Finding]:
    """``mended``: calls of ``open`` that get another mode."""
    return _Text(source, mended).found()


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


class _Text:
    def __init__(self, source: Source, mended: Collection[Span]) -> None:
        self._source = source
        self._mended = mended
        self._known: dict[ast.expr, ast.expr | None] = {}  # expression → what makes it bytes

    def found(self) -> Iterator[Finding]:
        told: set[ast.AST] = set()
        for node in self._source.nodes:
            if isinstance(node, ast.Call):
                yield from self._call(node)
            for used in self._as_text(node):
                maker = self._bytes(used)
                if maker is not None and maker not in told and not isinstance(maker, ast.Constant):
                    told.add(maker)
                    yield self._mixed(maker, used)
            if isinstance(node, ast.FunctionDef) and node.name in ("__str__", "__repr__"):
                yield from self._shown(node)

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
        if self._bytes(node.args[0]) is None and not self._is_no_text(node, node.args[0]):
            message = "of text this raises TypeError in Python 3, which takes bytes here: leave out the encoding"
            yield self._source.one(FILES, node, message, severity=Severity.WARNING)

    def _wants(self, node: ast.expr, name: str, literals: bool) -> Iterator[Finding]:
        source = self._source
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if self._bytes(node) is not None or isinstance(node, ast.Starred) or (literals and not is_text):
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
        if isinstance(codec, str) and codec.replace("-", "_").removesuffix("_codec") in _CODECS:
            message = f"{codec!r} is no encoding of text in Python 3: codecs.{func.attr} takes it, of bytes"
            yield self._source.one(FILES, node, message)
        elif func.attr == "decode" and isinstance(func.value, ast.Constant) and isinstance(func.value.value, str):
            yield self._source.one(FILES, node, "a string is text in Python 3, it has no decode: write it as it is")
        elif func.attr == "decode" and self._is_of_text(node) and self._bytes(func.value) is None:
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

    def _is_of_text(self, node: ast.Call) -> bool:
        """Whether ``encode`` or ``decode`` is that of strings: it names an encoding, or nobody else has the method."""
        func = node.func
        assert isinstance(func, ast.Attribute)
        known = {one.arg: one.value for one in node.keywords}
        named = node.args[0] if node.args else known.get("encoding")
        if len(node.args) > 2 or not known.keys() <= {"encoding", "errors"}:
            return False
        if isinstance(named, ast.Constant) and isinstance(named.value, str):
            return _is_codec(named.value)
        if named is None:
            return func.attr not in self._source.methods
        name = named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""
        return any(word in name.lower() for word in ("enc", "codec", "charset"))

    def _bytes(self, node: ast.expr) -> ast.expr | None:
        """What makes an expression bytes in Python 3, as far as it is known."""
        if node not in self._known:
            self._known[node] = None  # a variable that is made of itself
            self._known[node] = self._maker(node)
        return self._known[node]

    def _maker(self, node: ast.expr) -> ast.expr | None:
        source = self._source
        if isinstance(node, ast.Constant):
            return node if isinstance(node.value, bytes) else None
        if isinstance(node, (ast.Name, ast.Attribute)):
            walked = source.elements(node)
            if walked is not None:
                return self._bytes(walked) or next(iter(self._files(walked)), None)
            several = source.unpacked(node)
            if several is not None:
                return several[0] if self._communicates(several[0]) else None
            made = [self._bytes(one) for one in source.origins(node)]
            return made[0] if made and None not in made else None
        if isinstance(node, ast.Subscript):
            popen = node.value
            if self._communicates(popen):
                return node
            if isinstance(node.slice, ast.Slice) or self._is_listed(popen):
                return self._bytes(popen)
            return None
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            return self._bytes(node.left) or (self._bytes(node.right) if isinstance(node.op, ast.Add) else None)
        return self._made(node) if isinstance(node, ast.Call) else None

    def _made(self, node: ast.Call) -> ast.expr | None:
        """The same of a call."""
        source, func = self._source, node.func
        name = source.full(func)
        words = {one.arg for one in node.keywords}
        if name in _GIVES and not words & {"universal_newlines", "text", "encoding"}:
            return node
        if name == "bytes" and (len(node.args) > 1 or words):
            return node
        if name == "iter" and len(node.args) == 2:
            return self._bytes(node.args[1])
        if not isinstance(func, ast.Attribute):
            return None
        if func.attr == "encode" and not name.startswith("codecs.") and self._is_of_text(node):
            codec = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            return node if str(codec).replace("-", "_").removesuffix("_codec") not in _CODECS else None
        if func.attr in ("tostring", "tobytes", "recv", "digest"):
            return node if func.attr not in source.methods else None
        if func.attr in _READS:
            return next(iter(self._files(func.value)), None)
        return self._bytes(func.value) if func.attr in _STAYS else None

    def _files(self, node: ast.expr) -> Sequence[ast.expr]:
        """The calls that open a file of bytes; none: it is not known as one."""
        source = self._source
        if isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr") and self._is_piped(node.value):
            return [node]
        calls = opened(source, node)
        if any(source.span(one) in self._mended for one in calls):
            return []
        if calls:
            modes = [mode_of(one)[1] for one in calls]
            return calls if all(mode is not None and "b" in mode for mode in modes) else []
        made = [node] if isinstance(node, ast.Call) else source.origins(node)
        return made if made and all(map(self._opens_bytes, made)) else []

    def _opens_bytes(self, node: ast.expr) -> bool:
        name = self._source.full(node.func) if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or name not in ("bz2.BZ2File", "gzip.open"):
            return name == "urllib.request.urlopen"
        mode = mode_of(node)[1]
        return mode is not None and "t" not in mode

    def _communicates(self, node: ast.expr) -> bool:
        """Whether it is what a process wrote, in bytes."""
        func = node.func if isinstance(node, ast.Call) else None
        return isinstance(func, ast.Attribute) and func.attr == "communicate" and self._is_piped(func.value)

    def _is_piped(self, node: ast.expr) -> bool:
        """Whether it is a process whose output is bytes."""
        made = [node] if isinstance(node, ast.Call) else self._source.origins(node)
        return bool(made) and all(
            isinstance(one, ast.Call)
            and self._source.full(one.func) == "subprocess.Popen"
            and not {word.arg for word in one.keywords} & {"universal_newlines", "text", "encoding"}
            for one in made
        )

    def _is_listed(self, node: ast.expr) -> bool:
        """Whether an index of it gives a string, and no number."""
        for one in [node] if isinstance(node, ast.Call) else self._source.origins(node):
            func = one.func if isinstance(one, ast.Call) else None
            if isinstance(func, ast.Attribute) and func.attr in ("readlines", "rsplit", "split", "splitlines"):
                return True
        return False

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
            elif isinstance(op, (ast.In, ast.NotIn)) and self._is_text(left) and not self._is_listed(right):
                yield right

    def _taken(self, node: ast.Call) -> Iterator[ast.expr]:
        source, func = self._source, node.func
        name = source.full(func)
        if name == "print":
            into = next((one.value for one in node.keywords if one.arg == "file"), None)
            yield from node.args
            if into is not None:
                yield from self._written(into)
        elif name == "str" and len(node.args) == 1 and not node.keywords:
            yield node.args[0]
        elif name == "json.dump" and len(node.args) > 1:
            yield from self._written(node.args[1])
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
            if self._is_text(what):
                yield from self._written(into)

    def _written(self, into: ast.expr) -> Iterator[ast.expr]:
        """A file of bytes that text is written to."""
        for call in opened(self._source, into):
            mode = mode_of(call)[1]
            if mode is not None and "b" in mode and self._source.span(call) not in self._mended:
                self._known[call] = call
                yield call

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
                maker = self._bytes(node.value)
                if maker is not None:
                    message = f"{function.name} has to give text in Python 3: leave the encode out"
                    yield self._source.one(FILES, maker, message)


def _hashes(name: str) -> bool:
    return name.startswith("hashlib.")


def _returns(statement: ast.stmt) -> TypeGuard[ast.If]:
    return isinstance(statement, ast.If) and isinstance(statement.body[-1], (ast.Return, ast.Raise, ast.Continue))


def _is_codec(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
