"""What IPython reads in a cell and Python does not: set aside line by line, and put back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from tdmigrate.records import NamedTuple
from tdmigrate.sources.lines import beginnings, begun, split

# magics of a whole cell behind which Python stands (IPython.core.magics, and well-known extensions)
_PYTHON_CELLS: Final = frozenset(("capture", "memit", "mprun", "prun", "px", "time", "timeit"))
_CELL: Final = re.compile(r"%%(?!\w+\?)(\w*)")
_TIMED: Final = re.compile(r"%time[ \t]+(?:--no-raise-error[ \t]+)?(?=[^ \t!?%#,;/])")  # Python stands behind it
_ESCAPED: Final = re.compile(r"[!?%,;]|/[ \t]*\w")
_ASKS: Final = re.compile(r"(?:[\w*]|\[-?\d+\])\?{1,2}[ \t]*$")
_CODE: Final = re.compile(r"""(?:[^\\'"#]|'(?:\\.|[^\\'])*'|"(?:\\.|[^\\"])*")*""")  # with no comment or open string
_ASSIGNS: Final = re.compile(r"=[ \t]*[!%]")
_TOKEN: Final = re.compile(
    r"""(?x) '(?:\\.|[^\\'])*' | "(?:\\.|[^\\"])*" | (?P<last> ['"\#] ) | (?P<opens> [(\[{] ) | (?P<closes> [)\]}] )
    | [=!<>:+\-*/%&|^@]= | (?P<assigns> = ) [ \t]* | (?P<ends> ; )"""
)


_KEY: Final = re.compile(r'"[\w-]+"')
_GONE: Final = re.compile(r"([ \t]*)(?:#.*[ \t])?")


class Timed(NamedTuple):
    """A line of statements that ``%time`` stands before."""

    indent: str
    statements: int


class Aside(NamedTuple):
    """A piece of one line that another text of one line stands for meanwhile."""

    row: int  # from 1
    column: int  # from 1, in characters
    piece: str
    key: str  # a string that no source has
    stand_in: str  # with the key in it
    timed: Timed | None = None  # what the piece stands before; the other text stands at the end of the line


class Plain(NamedTuple):
    """A cell's text as Python reads it, row by row."""

    text: str
    asides: tuple[Aside, ...]
    is_code: bool = True  # or it is of another language


class _Special(NamedTuple):
    """Columns of a line, from 0, that are not Python, and what stands for them: before and behind a string."""

    start: int
    end: int
    before: str = ""
    behind: str = ""


def set_aside(text: str, mark: str) -> Plain:
    """The cell in Python: its magics, shell lines and questions are strings, comments, or calls of nobody's function.

    ``mark``: what no source holds.
    """
    lines = split(text)
    asides: list[Aside] = []

    def put(row: int, special: _Special, times: Timed | None = None) -> None:
        key = f'"{mark}{len(asides) + 1}"'
        piece = lines[row - 1][special.start : special.end]
        stand_in = special.before + key + special.behind
        asides.append(Aside(row, special.start + 1, piece, key, stand_in, times))

    first = next((row for row, line in enumerate(lines, 1) if line.strip()), 0)
    whole = _CELL.match(lines[first - 1]) if first else None
    if whole is not None and whole[1] not in _PYTHON_CELLS:
        return Plain("", (), is_code=False)
    scan = begun(f"{text}\n")  # so that it begins one more row, if nothing stays open
    row = next(scan, None)
    continues, before = False, ""  # the magic of the row before, and its indentation
    while row is not None and row <= len(lines):
        line = lines[row - 1].rstrip("\r\n")
        indent = len(line) - len(line.lstrip())
        if continues:
            special: _Special | None = _Special(0, len(line), before)
        elif row == first and whole is not None:
            special = _Special(indent, len(line))
        else:
            special = _special(line, indent)
        if special is not None:
            put(row, special)
        before = before if continues else line[:indent]
        continues = special is not None and line.endswith("\\")
        try:
            following = scan.send(special is not None)
        except StopIteration:
            following = None
        timed = None if special is not None else _TIMED.match(line, indent)
        if timed is not None:
            if following == row + 1:  # the rewrite may put lines before it
                times = Timed(line[:indent], _statements(line[timed.end() :]))
                put(row, _Special(indent, timed.end(), "  # "), times)
            else:
                put(row, _Special(indent, timed.end(), behind=";"))
        row = following
    return Plain(_with_stand_ins(lines, asides), tuple(asides))


def _special(line: str, indent: int) -> _Special | None:
    """What of a logical line's first row is not Python; None: nothing, or no more than ``%time`` before it."""
    if _ASKS.search(line) and _CODE.fullmatch(line):
        return _Special(indent, len(line))
    timed = _TIMED.match(line, indent)
    if timed is None and _ESCAPED.match(line, indent):
        return _Special(indent, len(line))
    code = timed.end() if timed is not None else indent
    assigned = _assigned(line, code)
    if assigned is None:
        return None
    start, before = (assigned, "") if timed is None else (indent, line[code:assigned])
    return _Special(start, len(line), f"{before}get_ipython(", ")")


def _assigned(line: str, start: int) -> int | None:
    """Where what a line of code assigns begins, if it is a magic or a shell line."""
    if not _ASSIGNS.search(line):
        return None
    depth = 0
    for token in _TOKEN.finditer(line, start):
        if token["last"] is not None:
            return None
        if token["assigns"] is not None and not depth:
            return token.end() if line[token.end() : token.end() + 1] in ("!", "%") else None
        if token["opens"] is not None:
            depth += 1
        elif token["closes"] is not None:
            depth = max(depth - 1, 0)
    return None


def _statements(code: str) -> int:
    """How many statements stand in a line of code."""
    starts = [0]
    for token in _TOKEN.finditer(code):
        if token["last"] is not None:
            code = code[: token.start()]
            break
        if token["ends"] is not None:
            starts.append(token.end())
    return sum(bool(code[start:].strip(" \t;")) for start in starts)


def _with_stand_ins(lines: list[str], asides: Sequence[Aside]) -> str:
    for aside in asides:
        line = lines[aside.row - 1]
        start, end = aside.column - 1, aside.column - 1 + len(aside.piece)
        if aside.timed is None:
            lines[aside.row - 1] = line[:start] + aside.stand_in + line[end:]
        else:
            bare = line.rstrip("\r\n")
            lines[aside.row - 1] = line[:start] + bare[end:] + aside.stand_in + line[len(bare) :]
    return "".join(lines)


def settled(text: str, asides: Sequence[Aside]) -> str:
    """The text with something to time in the place of each statement that was timed and is gone."""
    lines = split(text)
    for index, found in _standing(lines, asides).items():
        for aside in found:
            at = lines[index].find(aside.stand_in.strip())
            gone = _GONE.fullmatch(lines[index], 0, at) if aside.timed is not None else None
            if gone is not None:
                lines[index] = f"{gone[1]}pass  {lines[index][gone.end(1) :]}"
    return "".join(lines)


def put_back(text: str, asides: Sequence[Aside]) -> str:
    """A text in which each string of ``asides`` stands once, with what it stands for. Else a ``ValueError``."""
    lines = split(text)
    standing = _standing(lines, asides)
    rows = beginnings(f"{text}\n") if asides else set()
    times = Counter(aside for found in standing.values() for aside in found)
    for aside in asides:
        if times[aside] != 1:
            raise _lost(aside)
    for index, found in standing.items():
        for aside in found:
            if aside.stand_in not in lines[index]:
                raise _lost(aside)
            if aside.timed is not None:
                # the magic reaches no further than its row
                whole = {index + 1, index + 2} <= rows
                lines[index] = _timed(lines[index], aside, aside.timed, whole)
            lines[index] = lines[index].replace(aside.stand_in, aside.piece)
    return "".join(lines)


def _standing(lines: Sequence[str], asides: Sequence[Aside]) -> dict[int, list[Aside]]:
    """The places of lines with strings of ``asides``, and which these are, as often as they stand there."""
    known = {aside.key: aside for aside in asides}
    found: dict[int, list[Aside]] = {}
    for index, line in enumerate(lines if asides else ()):
        here = [known[key] for key in _KEY.findall(line) if key in known]
        if here:
            found[index] = here
    return found


def _timed(line: str, aside: Aside, timed: Timed, whole: bool) -> str:
    """The line with the magic before the statements at whose end its stand-in is; ``whole``: they end there."""
    at = line.index(aside.stand_in)
    code = line[:at].lstrip()
    indent = line[: at - len(code)]
    same = indent.expandtabs() == timed.indent.expandtabs() and _statements(code) == timed.statements
    if not (same and whole):
        raise ValueError(f"{aside.piece.strip()!r} would stand before another statement")
    return indent + aside.piece + code + line[at + len(aside.stand_in) :]


def _lost(aside: Aside) -> ValueError:
    return ValueError(f"{aside.piece.strip()!r} would be lost")
