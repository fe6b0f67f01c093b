"""Which expressions of a source that was Python 2 are bytes in Python 3, and what makes them that."""

from __future__ import annotations

import ast
import codecs
from collections.abc import Collection, Sequence
from typing import Final

from tdmigrate.findings import Span
from tdmigrate.understanding.opened import mode_of, opened
from tdmigrate.understanding.variables import Variables

# codecs between strings, which are functions of modules now
CODECS: Final = frozenset(("base64", "bz2", "hex", "rot13", "string_escape", "zip", "zlib"))
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


class Bytestrings:
    """Asked of one expression, it follows variables, files and methods back to where bytes come from."""

    def __init__(self, variables: Variables, aside: Collection[Span]) -> None:
        """``aside``: calls of ``open`` of which nothing is said."""
        self._variables = variables
        self._aside = aside
        self._known: dict[ast.expr, ast.expr | None] = {}  # expression → what makes it bytes

    def maker(self, node: ast.expr) -> ast.expr | None:
        """What makes an expression bytes in Python 3, as far as it is known."""
        if node not in self._known:
            self._known[node] = None  # a variable that is made of itself
            self._known[node] = self._maker(node)
        return self._known[node]

    def _maker(self, node: ast.expr) -> ast.expr | None:
        variables = self._variables
        if isinstance(node, ast.Constant):
            return node if isinstance(node.value, bytes) else None
        if isinstance(node, (ast.Name, ast.Attribute)):
            walked = variables.elements(node)
            if walked is not None:
                return self.maker(walked) or next(iter(self._files(walked)), None)
            several = variables.unpacked(node)
            if several is not None:
                return several[0] if self._communicates(several[0]) else None
            made = [self.maker(one) for one in variables.origins(node)]
            return made[0] if made and None not in made else None
        if isinstance(node, ast.Subscript):
            popen = node.value
            if self._communicates(popen):
                return node
            if isinstance(node.slice, ast.Slice) or self.is_listed(popen):
                return self.maker(popen)
            return None
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            return self.maker(node.left) or (self.maker(node.right) if isinstance(node.op, ast.Add) else None)
        return self._made(node) if isinstance(node, ast.Call) else None

    def _made(self, node: ast.Call) -> ast.expr | None:
        """The same of a call."""
        variables, func = self._variables, node.func
        name = variables.full(func)
        words = {one.arg for one in node.keywords}
        if name in _GIVES and not words & {"universal_newlines", "text", "encoding"}:
            return node
        if name == "bytes" and (len(node.args) > 1 or words):
            return node
        if name == "iter" and len(node.args) == 2:
            return self.maker(node.args[1])
        if not isinstance(func, ast.Attribute):
            return None
        if func.attr == "encode" and not name.startswith("codecs.") and self.is_of_text(node):
            codec = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            return node if str(codec).replace("-", "_").removesuffix("_codec") not in CODECS else None
        if func.attr in ("tostring", "tobytes", "recv", "digest"):
            return node if func.attr not in variables.methods else None
        if func.attr in _READS:
            return next(iter(self._files(func.value)), None)
        return self.maker(func.value) if func.attr in _STAYS else None

    def _files(self, node: ast.expr) -> Sequence[ast.expr]:
        """The calls that open a file of bytes; none: it is not known as one."""
        variables = self._variables
        if isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr") and self._is_piped(node.value):
            return [node]
        calls = opened(variables, node)
        if any(variables.module.span(one) in self._aside for one in calls):
            return []
        if calls:
            modes = [mode_of(one)[1] for one in calls]
            return calls if all(mode is not None and "b" in mode for mode in modes) else []
        made = [node] if isinstance(node, ast.Call) else variables.origins(node)
        return made if made and all(map(self._opens_bytes, made)) else []

    def _opens_bytes(self, node: ast.expr) -> bool:
        name = self._variables.full(node.func) if isinstance(node, ast.Call) else ""
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
        made = [node] if isinstance(node, ast.Call) else self._variables.origins(node)
        return bool(made) and all(
            isinstance(one, ast.Call)
            and self._variables.full(one.func) == "subprocess.Popen"
            and not {word.arg for word in one.keywords} & {"universal_newlines", "text", "encoding"}
            for one in made
        )

    def is_listed(self, node: ast.expr) -> bool:
        """Whether an index of it gives a string, and no number."""
        for one in [node] if isinstance(node, ast.Call) else self._variables.origins(node):
            func = one.func if isinstance(one, ast.Call) else None
            if isinstance(func, ast.Attribute) and func.attr in ("readlines", "rsplit", "split", "splitlines"):
                return True
        return False

    def is_of_text(self, node: ast.Call) -> bool:
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
            return func.attr not in self._variables.methods
        name = named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""
        return any(word in name.lower() for word in ("enc", "codec", "charset"))


def _is_codec(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
