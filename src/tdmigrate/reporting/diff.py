"""Unified diffs that ``git apply`` and ``patch -p1`` take."""

from __future__ import annotations

import difflib
from os.path import normpath

from tdmigrate.results import CellLines, FileResult
from tdmigrate.sources.lines import split

NO_NEWLINE = "\\ No newline at end of file\n"


def changes(file: FileResult) -> str:
    """All that changes in a file with a new text; of a notebook cell by cell."""
    assert file.new_text is not None
    if not file.old_cells:
        return unified(file.path, file.bom + file.old_text, file.bom + file.new_text, file.created)
    old, new = _cells(file.old_text, file.old_cells), _cells(file.new_text, file.new_cells)
    return "".join(unified(f"{file.path}:cell {number}", text, new.get(number, "")) for number, text in old.items())


def _cells(text: str, cells: tuple[CellLines, ...]) -> dict[int, str]:
    """The text of each cell by its number: an empty line stands between each two.

    No patch program takes these, so that lines end as a terminal wants them.
    """
    lines = [line.rstrip("\r\n") for line in split(text)]
    ends = [*(cell.row - 2 for cell in cells[1:]), len(lines) - 1]
    return {
        cell.number: "".join(f"{line}\n" for line in lines[cell.row - 1 : end])
        for cell, end in zip(cells, ends, strict=True)
    }


def unified(path: str, old: str, new: str, created: bool = False) -> str:
    r"""The way from ``old`` to ``new``; nothing where they are the same. Newlines stand as they are in the texts.

    ``created``: there is no old file yet.

    Lines end at ``\n`` alone, as patch programs see them.
    """
    head = normpath(path).lstrip("/") if path else path
    before, after = _lines(old), _lines(new)
    was = "/dev/null" if created else _name(f"a/{head}")
    found = difflib.unified_diff(before, after, was, _name(f"b/{head}"), n=3)
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}" for line in found)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:] * bool(lines[-1])


def _name(name: str) -> str:
    """A file name as git writes it: plain where it is plain, else quoted as in C, byte by byte."""
    try:
        data = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that no file name decodes to
        data = name.encode("utf-8", "surrogatepass")
    if any(byte < 32 or byte > 126 or byte in b'"\\' for byte in data):
        return '"' + "".join(map(_quoted, data)) + '"'
    return f"{name}\t" if " " in name else name  # the tab tells where a name with spaces ends


def _quoted(byte: int) -> str:
    char = chr(byte)
    if char in '"\\':
        return f"\\{char}"
    return char if 32 <= byte <= 126 else f"\\{byte:03o}"
