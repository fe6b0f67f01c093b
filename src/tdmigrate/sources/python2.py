"""Python 2 → Python 3 by fissix, with the way back from each place of the new text to the old one."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tdmigrate.findings import Span
from tdmigrate.records import NamedTuple
from tdmigrate.sources.lines import NEWLINE, beginnings, split

_FUTURE: Final = re.compile(r"^[ \t]*from[ \t]+__future__[ \t]+import\b[ \t]*(\([^)]*\)|[^\r\n#]*)", re.MULTILINE)
_SHEBANG: Final = re.compile(r"(#![^\r\n]*\bpython)2(?:\.\d)?\b")
_LONE: Final = re.compile(r"(?<!\r)\n")
_TAB: Final = 8  # columns, as Python 2 counts them
_UNNAMED: Final = re.compile(r"xxx_todo_changeme\d*")


class Taken(NamedTuple):
    """A place of the new text that says what the old one meant, where the same words would mean something else."""

    span: Span
    # "map", "filter", "zip", "range", "dict", "imap", "raise"; "import" from "beside" the file, mended or not
    name: str


class Piece(NamedTuple):
    """A token that stands in both texts; offsets in characters."""

    new: int
    old: int
    size: int


class Origins:
    """Where pieces of the new text stood in the old one."""

    def __init__(self, new: str, old: str, pieces: Sequence[Piece], widened: Mapping[int, int]) -> None:
        """``widened``: rows → columns that their indentation grew by before ``old`` was converted."""
        self._old = old
        self._new_rows, self._old_rows = _rows(new), _rows(old)
        self._pieces = [Piece(0, 0, 0), *pieces, Piece(len(new), len(old), 0)]
        self._starts = [piece.new for piece in self._pieces]
        self._widened = widened

    def span(self, span: Span) -> Span:
        """The old place of a new one; of what is all new, that of the old tokens which it took the place of."""
        start = self._start(self._new_rows[span.row - 1] + span.column - 1)
        end = self._end(self._new_rows[span.end_row - 1] + span.end_column - 1)
        return Span(*self._place(start), *self._place(max(start, end)))

    def first(self, row: int) -> Span:
        """Where in the new text the first token stands that stood in this old row, or behind it."""
        offset = self._old_rows[min(row, len(self._old_rows)) - 1]
        piece = min(
            (piece for piece in self._pieces if piece.old >= offset), key=lambda one: one.old, default=self._pieces[-1]
        )
        start = _place(self._new_rows, piece.new)
        return Span(*start, *_place(self._new_rows, piece.new + piece.size))

    def _start(self, offset: int) -> int:
        index = bisect_right(self._starts, offset) - 1
        piece = self._pieces[index]
        if offset < piece.new + piece.size or index + 1 == len(self._pieces):
            return piece.old + offset - piece.new
        following = self._pieces[index + 1]
        gap = self._old[piece.old + piece.size : following.old]
        return following.old - len(gap.lstrip())

    def _end(self, offset: int) -> int:
        index = max(bisect_left(self._starts, offset) - 1, 0)
        piece = self._pieces[index]
        if offset <= piece.new + piece.size or index + 1 == len(self._pieces):
            return piece.old + offset - piece.new
        gap = self._old[piece.old + piece.size : self._pieces[index + 1].old]
        return piece.old + piece.size + len(gap.rstrip())

    def _place(self, offset: int) -> tuple[int, int]:
        row = bisect_right(self._old_rows, offset)
        return row, max(offset - self._old_rows[row - 1] + 1 - self._widened.get(row, 0), 1)


def _rows(text: str) -> list[int]:
    """The offset of each row."""
    return [0, *(newline.end() for newline in NEWLINE.finditer(text))]


class Converted(NamedTuple):
    """What a Python 2 source says in Python 3."""

    text: str
    origins: Origins
    taken: tuple[Taken, ...]
    divides: bool  # whether `/` of two integers gave an integer


class Python2Error(Exception):
    """It cannot be converted: Python 2 would not parse it either, or fissix fails. ``row``: where, from 1, if known."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


class Conversion:
    """A Python 2 source on its way: ``converted()`` is what it says by now."""

    def __init__(self, text: str, path: str | None) -> None:
        """``path``: of the file, beside which Python 2 looks for modules; None: it stands in none.

        Raises ``Python2Error``.
        """
        if "\r" in text.replace("\r\n", ""):
            raise Python2Error("its lines end in carriage returns")
        self._closed = text.endswith("\n")
        self._path = path
        self._futures = _futures(text)
        self._leaves: list[Any] = []
        self._starts: list[int] = []
        self._convert(text, {})
        if "\t" in text and not _agrees(str(self._tree)):
            self._convert(*_evened(text))

    def _convert(self, text: str, widened: dict[int, int]) -> None:
        shebang = _SHEBANG.match(text)
        self._old = text if shebang is None else f"{shebang[1]}3{text[shebang.end() :]}"
        self._widened = widened
        self._tree, self._met = _refactored(self._old, self._path, self._futures)

    def converted(self) -> Converted:
        rows = _rows(self._old)
        texts: list[str] = []
        pieces: list[Piece] = []
        self._leaves, self._starts = [], []
        size = 0
        for leaf in self._tree.leaves():
            texts += leaf.prefix, leaf.value
            start = size + len(leaf.prefix)
            size = start + len(leaf.value)
            self._leaves.append(leaf)
            self._starts.append(start)
            if leaf.lineno and leaf.value:
                origin = rows[leaf.lineno - 1] + leaf.column
                if self._old.startswith(leaf.value, origin):
                    pieces.append(Piece(start, origin, len(leaf.value)))
        text = "".join(texts)
        origins = Origins(text, self._old, pieces, self._widened)
        text = text if self._closed else text.removesuffix("\n").removesuffix("\r")
        return Converted(text, origins, tuple(sorted(self._taken(_rows(text)))), "division" not in self._futures)

    def floor(self, places: Iterable[tuple[int, int]]) -> None:
        """Write ``//`` and ``//=`` for the operators at these rows and columns, from 1, of what is converted by now."""
        rows = _rows("".join(part for leaf in self._leaves for part in (leaf.prefix, leaf.value)))
        for row, column in places:
            leaf = self._leaves[bisect_right(self._starts, rows[row - 1] + column - 1) - 1]
            leaf.value = leaf.value.replace("/", "//")

    def _taken(self, rows: list[int]) -> Iterator[Taken]:
        from tdmigrate.sources.fixers import marks

        first: dict[int, int] = {}
        for leaf, start in zip(self._leaves, self._starts, strict=True):
            for which, number in marks(leaf):
                if which == "first":
                    first[number] = start
                elif number in first:  # else another fixer took it away
                    end = _place(rows, start + len(leaf.value))
                    yield Taken(Span(*_place(rows, first.pop(number)), *end), self._met[number])


def _place(rows: list[int], offset: int) -> tuple[int, int]:
    row = bisect_right(rows, offset)
    return row, offset - rows[row - 1] + 1


def _futures(text: str) -> frozenset[str]:
    """What a source imports from ``__future__``."""
    found = list(_FUTURE.finditer(text))
    if not found:
        return frozenset()
    starts, rows = beginnings(text), _rows(text)  # others stand in strings
    told = [match[1] for match in found if bisect_right(rows, match.start()) in starts]
    return frozenset(name for names in told for name in re.findall(r"\w+", names))


def _agrees(text: str) -> bool:
    """Whether tabs and blanks indent alike, however wide a tab is, which Python 3 asks for, and libcst."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in an old string is none of our business
            ast.parse(text)
    except TabError:
        return False
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True  # the caller finds out
    around: list[str] = [""]
    lines = split(text)
    for row in sorted(beginnings(text)):
        indent = _indent(lines[row - 1])
        while not indent.startswith(around[-1]):
            if len(around[-1].expandtabs(_TAB)) < len(indent.expandtabs(_TAB)):
                return False  # deeper, and not by what it has more
            around.pop()
        around.append(indent)
    return True


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _evened(text: str) -> tuple[str, dict[int, int]]:
    """The text with its indentation in blanks, and by how much which row grew."""
    lines = split(text)
    widened = {}
    for row in sorted(beginnings(text)):
        line = lines[row - 1]
        indent = _indent(line)
        if "\t" in indent:
            blanks = indent.expandtabs(_TAB)
            lines[row - 1] = blanks + lines[row - 1][len(indent) :]
            widened[row] = len(blanks) - len(indent)
    return "".join(lines), widened


def _refactored(source: str, path: str | None, futures: frozenset[str]) -> tuple[Any, list[str]]:
    """The new tree, and what the fixers met in it."""
    from tdmigrate.sources.fixers import FixerError, fixers, parse_errors, parsed

    try:
        tree = parsed(source if source.endswith("\n") else f"{source}\n", "print_function" in futures)
    except parse_errors() as error:
        raise _told(error) from None
    try:
        lists = fixers().run(tree, path, futures)
    except FixerError as error:
        raise Python2Error(str(error)) from None
    newline = "\r\n" if "\r\n" in source and not _LONE.search(source) else "\n"
    for leaf in tree.leaves():
        leaf.value = str(leaf.value)  # fissix puts numbers there
        if _UNNAMED.fullmatch(leaf.value):
            leaf.value = leaf.value.replace("xxx_todo_changeme", "given")
        if newline != "\n":  # fixers write lines of their own
            leaf.prefix, leaf.value = (_LONE.sub(newline, text) for text in (leaf.prefix, leaf.value))
    return tree, lists


def _told(error: Exception) -> Python2Error:
    """What fissix's parser says. At the end of the text, where it finds out what is open, nothing is wrong."""
    if isinstance(error, IndentationError):
        return Python2Error(error.msg, error.lineno)
    context = getattr(error, "context", None)
    return Python2Error(str(error.args[0]).partition(":")[0], context[1][0] if context is not None else None)
