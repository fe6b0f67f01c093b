"""What IPython reads in a cell and Python does not: set aside line by line, and put back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tdmigrate.records import NamedTuple
from tdmigrate.sources.lines import NEWLINE, beginnings, begun, split

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


class Timed(NamedTuple):
    """A line of statements that ``%time`` stands before."""

    indent: str
    statements: int


class Aside(NamedTuple):
    """A piece of one line that another text of one line stands for meanwhile."""

    row: int  # from 1
    column: int  # from 1, in characters
    piece: str
    stand_in: str
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
        stand_in = f'{special.before}"{mark}{len(asides) + 1}"{special.behind}'
        piece = lines[row - 1][special.start : special.end]
        asides.append(Aside(row, special.start + 1, piece, stand_in, times))

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
    for aside in asides:
        if aside.timed is not None:
            gone = rf"(?:^|(?<=[\r\n]))([ \t]*)(?=(?:#[^\r\n]*[ \t])?{re.escape(aside.stand_in.strip())})"
            text = re.sub(gone, r"\1pass  ", text)
    return text


def put_back(text: str, asides: Sequence[Aside]) -> str:
    """A text in which each string of ``asides`` stands once, with what it stands for. Else a ``ValueError``."""
    rows = beginnings(f"{text}\n")
    for aside in asides:
        if text.count(aside.stand_in) != 1:
            raise ValueError(f"{aside.piece.strip()!r} would be lost")
        if aside.timed is not None:
            text = _timed(text, aside, aside.timed, rows)
        text = text.replace(aside.stand_in, aside.piece)
    return text


def _timed(text: str, aside: Aside, timed: Timed, rows: set[int]) -> str:
    """The text with the magic before the statements at whose end its stand-in is."""
    at = text.index(aside.stand_in)
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    row = len(NEWLINE.findall(text, 0, start)) + 1
    code = text[start:at].lstrip()
    indent = text[start : at - len(code)]
    # the magic reaches no further than its row, and that has to hold what it held
    same = indent.expandtabs() == timed.indent.expandtabs() and _statements(code) == timed.statements
    if not same or not {row, row + 1} <= rows:
        raise ValueError(f"{aside.piece.strip()!r} would stand before another statement")
    return text[:start] + indent + aside.piece + code + text[at + len(aside.stand_in) :]
