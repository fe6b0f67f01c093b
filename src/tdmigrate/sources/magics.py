"""What IPython reads in a cell and Python does not: set aside line by line, and put back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tdmigrate.records import NamedTuple
from tdmigrate.sources.lines import begun, split

# magics of a whole cell, or of one line, behind which Python stands (IPython.core.magics, and well-known extensions)
_PYTHON_CELLS: Final = frozenset(("capture", "memit", "mprun", "prun", "px", "time", "timeit"))
_PYTHON_LINES: Final = frozenset(("time",))
_CELL: Final = re.compile(r"%%(\w*)")
_LINE: Final = re.compile(r"""(?x) %(?P<magic>\w[\w.]*)[ \t]+ | [!?%] | %?[\w.*]+\?{1,2}[ \t]*$""")
_ASSIGNED: Final = re.compile(r"([\w.,\[\] \t*()'\"]*[\w\])][ \t]*=[ \t]*)([%!].*)")


class Aside(NamedTuple):
    """A piece of one line that another text of one line stands for meanwhile."""

    row: int  # from 1
    column: int  # from 1, in characters
    piece: str
    stand_in: str


class Plain(NamedTuple):
    """A cell's text as Python reads it, row by row."""

    text: str
    asides: tuple[Aside, ...]
    is_code: bool = True  # or it is of another language


def set_aside(text: str, mark: str) -> Plain:
    """The cell in Python: its magics, shell lines and questions are strings, or calls of nobody's function.

    ``mark``: what no source holds.
    """
    lines = split(text)
    asides: list[Aside] = []

    def put(row: int, start: int, end: int, form: str = '"{}"') -> None:
        stand_in = form.format(f"{mark}{len(asides) + 1}")
        asides.append(Aside(row, start + 1, lines[row - 1][start:end], stand_in))

    first = next((row for row, line in enumerate(lines, 1) if line.strip()), 0)
    whole = _CELL.match(lines[first - 1]) if first else None
    if whole is not None and whole[1] not in _PYTHON_CELLS:
        return Plain("", (), is_code=False)
    scan = begun(text)
    row = next(scan, None)
    continues, before = False, ""  # the magic of the row before, and its indentation
    while row is not None:
        line = lines[row - 1].rstrip("\r\n")
        indent = len(line) - len(line.lstrip())
        found = _LINE.match(line, indent)
        assigned = _ASSIGNED.match(line)
        skips = True
        if continues:
            put(row, 0, len(line), before + '"{}"')
        elif row == first and whole is not None:
            put(row, indent, len(line))
        elif found is not None and found["magic"] in _PYTHON_LINES and found.end() < len(line):
            put(row, indent, found.end(), '"{}";')
            skips = False
        elif found is not None:
            put(row, indent, len(line))
        elif assigned is not None:
            put(row, assigned.start(2), len(line), 'get_ipython("{}")')
        else:
            skips = False
        before = before if continues else line[:indent]
        continues = skips and line.endswith("\\")
        try:
            row = scan.send(skips)
        except StopIteration:
            row = None
    return Plain(_with_stand_ins(lines, asides), tuple(asides))


def _with_stand_ins(lines: list[str], asides: Sequence[Aside]) -> str:
    for aside in asides:
        line = lines[aside.row - 1]
        start = aside.column - 1
        lines[aside.row - 1] = line[:start] + aside.stand_in + line[start + len(aside.piece) :]
    return "".join(lines)


def put_back(text: str, asides: Sequence[Aside]) -> str:
    """A text in which each string of ``asides`` stands once, with what it stands for. Else a ``ValueError``."""
    for aside in asides:
        if text.count(aside.stand_in) != 1:
            raise ValueError(f"{aside.piece.strip()!r} would be lost")
        text = text.replace(aside.stand_in, aside.piece)
    return text
