"""Notebooks (nbformat 3 and 4) ↔ one module that all their code cells make."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from tdmigrate.findings import Span
from tdmigrate.records import NamedTuple
from tdmigrate.results import CellLines
from tdmigrate.sources import margins, raw_json
from tdmigrate.sources.lines import NEWLINE, beginnings, kept, split
from tdmigrate.sources.magics import Aside, put_back, set_aside, settled
from tdmigrate.sources.raw_json import Place
from tdmigrate.sources.text import SourceError

_MARK: Final = "tdmigrate-"
_ADVICE: Final = "save it from Jupyter again"
_LAST_NEWLINE: Final = re.compile(r"(?:\r\n|\r|\n)\Z")
_PIECE: Final = re.compile(r"\\.|[^\\]+")
_NO_TEXT: Final = re.compile(r"[\0\ud800-\udfff]")
_ESCAPED: Final = re.compile(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")


class Cell(NamedTuple):
    """One code cell."""

    number: int  # among the code cells, from 1
    place: Place  # of its source in the JSON text
    text: str  # as it stands
    row: int  # of the module, from 1, where it begins; 0: it is not Python
    margins: tuple[str, ...]  # before each of its lines, or none
    asides: tuple[Aside, ...]
    closes: bool  # whether its last line had a newline


class Notebook(NamedTuple):
    """A notebook that is read; ``module`` holds its cells one after the other, a comment between each two."""

    text: str  # JSON
    module: str
    cells: tuple[Cell, ...]
    mark: str  # begins the comments
    kernel: Kernel | None


class Kernel(NamedTuple):
    """What the notebook says it runs in, where that is Python 2."""

    edits: tuple[tuple[Place, str], ...]  # of the JSON text, for Python 3
    row: int  # of the JSON text


def read(text: str) -> Notebook:
    """Raises ``SourceError`` (E903): it is no notebook, or none of a format that is known."""
    data = _loads(text)
    try:
        places = list(_sources(text, data))
        texts = [_joined(json.loads(text[place.start : place.end])) for place in places]
        kernel = _kernel(text, data)
    except ValueError as error:
        raise SourceError("E903", None, f"is no notebook ({error} where one belongs)", _ADVICE) from None
    mark = _mark(texts)
    cells: list[Cell] = []
    parts: list[str] = []
    row = 1
    for number, (place, source) in enumerate(zip(places, texts, strict=True), 1):
        before = margins.margins(source)
        plain = set_aside(margins.without(source, before), f"{mark}{number}-")
        if not plain.is_code:
            cells.append(Cell(number, place, source, 0, (), (), True))
            continue
        if parts:
            parts.append(f"{_separator(mark, number)}\n")
            row += 1
        closes = source.endswith("\n") or not source
        parts.append(plain.text if closes else f"{plain.text}\n")
        cells.append(Cell(number, place, source, row, before, plain.asides, closes))
        row += len(split(parts[-1])) - 1
    return Notebook(text, "".join(parts), tuple(cells), mark, kernel)


def cell_of(cells: Sequence[Cell], row: int) -> Cell:
    """The cell that a row of the module stands in."""
    code = [cell for cell in cells if cell.row]
    return code[max(bisect_right([cell.row for cell in code], row) - 1, 0)]


def cell_lines(notebook: Notebook) -> tuple[CellLines, ...]:
    """Where each cell of Python begins in the module, and where its lines stand in the JSON text."""
    found = []
    counted, row = 0, 1
    for cell in notebook.cells:
        row += len(NEWLINE.findall(notebook.text, counted, cell.place.start))
        counted = cell.place.start
        if cell.row:
            found.append(CellLines(cell.number, cell.row, tuple(_json_rows(notebook.text, cell, row))))
    return tuple(found)


def _json_rows(text: str, cell: Cell, row: int) -> Iterator[int]:
    """The rows of the JSON text for each line of a cell whose source begins in ``row``."""
    if text[cell.place.start] != "[":
        yield from (row for _ in split(cell.text))
        return
    counted, rest = cell.place.start, ""
    for place in raw_json.elements(text, cell.place):
        row += len(NEWLINE.findall(text, counted, place.start))
        counted = place.start
        lines = split(json.loads(text[place.start : place.end]))
        yield from (row for _ in lines[:-1])
        rest = lines[-1]
    if rest:
        yield row


def check_characters(notebook: Notebook) -> None:
    """Raises ``SourceError`` (E903) for what JSON can escape and no Python source can hold."""
    for row, line in enumerate(split(notebook.module), 1):
        found = _NO_TEXT.search(line)
        if found is not None:
            named = "a NUL" if found[0] == "\0" else f"\\u{ord(found[0]):x} alone"
            cell = cell_of(notebook.cells, row)
            what = f"is no Python text ({named} stands in it)"
            raise SourceError("E903", row - cell.row + 1, what, "write it as an escape in a Python string", cell.number)


def check_closed(notebook: Notebook, advice: str) -> None:
    """Raises ``SourceError`` (E901): a bracket or string of one cell would end in a later one."""
    rows = beginnings(notebook.module)
    code = [cell for cell in notebook.cells if cell.row]
    for cell, following in pairwise(code):
        if following.row - 1 not in rows:
            what = "syntax error (a bracket or a string is never closed)"
            raise SourceError("E901", None, what, advice, cell.number)


def within(cells: Sequence[Cell], refused: SourceError) -> SourceError:
    """The same error by cell and row of the cell."""
    error = refused.error
    if error.row is None or error.cell is not None or not any(cell.row for cell in cells):
        return refused
    cell = cell_of(cells, error.row)
    return SourceError(error.code, error.row - cell.row + 1, error.message, error.advice, cell.number)


def put(notebook: Notebook, module: str) -> str:
    """The JSON text with the cells of another module text; what is not in a changed line keeps its bytes.

    Raises ``ValueError``: that text is no longer made of these cells.
    """
    edits = [
        (cell.place, _written(notebook.text, cell, new))
        for cell, new in zip(notebook.cells, texts(notebook, module), strict=True)
        if new != cell.text
    ]
    if notebook.kernel is not None:
        edits += notebook.kernel.edits
    parts: list[str] = []
    done = 0
    for place, new in sorted(edits):
        parts += notebook.text[done : place.start], new
        done = place.end
    return "".join((*parts, notebook.text[done:]))


def texts(notebook: Notebook, module: str) -> list[str]:
    """The text of each cell in another text of the module. Raises ``ValueError``."""
    parts = iter(_parts(notebook, module))
    found = []
    for cell in notebook.cells:
        if not cell.row:
            found.append(cell.text)
            continue
        part = next(parts)
        if not cell.closes:
            part = part.removesuffix("\n")
        found.append(margins.within(put_back(part, cell.asides), cell.text, cell.margins))
    return found


def settle(notebook: Notebook, module: str) -> str:
    """Another text of the module as its cells can hold it, row by row. Raises ``ValueError``.

    New lines have the newlines of their cell, and what was timed and is gone leaves ``pass``.
    """
    code = [cell for cell in notebook.cells if cell.row]
    if not code:
        return module
    parts = []
    for cell, part in zip(code, _parts(notebook, module), strict=True):
        newlines = set(NEWLINE.findall(cell.text))
        own = ""  # what ``read`` put there, or, if the last line went, what parted it from the one before
        if not cell.closes and (last := _LAST_NEWLINE.search(part)) is not None:
            own = "\n" if cell.text.endswith("\r") else last[0]
        part = part.removesuffix(own)
        if len(newlines) == 1:
            part = NEWLINE.sub(newlines.pop(), part)
        parts.append(settled(part + "\n" * bool(own), cell.asides))
    separators = ["", *(f"{_separator(notebook.mark, cell.number)}\n" for cell in code[1:])]
    return "".join(separator + part for separator, part in zip(separators, parts, strict=True))


def _parts(notebook: Notebook, module: str) -> list[str]:
    """What each cell of Python gives to another text of the module. Raises ``ValueError``."""
    found = []
    for cell, following in pairwise(cell for cell in notebook.cells if cell.row):
        separator = f"{_separator(notebook.mark, following.number)}\n"
        before, between, module = module.partition(separator)
        if not between or before[-1:] not in ("", "\r", "\n"):
            raise ValueError(f"cell {cell.number} would not end where it ended")
        found.append(before)
    return [*found, module]


def shown(notebook: Notebook, module: str) -> str:
    """Another text of the module as a person reads it: with magics, and nothing between the cells."""
    both = zip(notebook.cells, texts(notebook, module), strict=True)
    code = [text for cell, text in both if cell.row]
    return "\n".join(text if text.endswith("\n") or not text else f"{text}\n" for text in code)


def place(cells: Sequence[Cell], span: Span) -> Span:
    """A span of the module in the text that is ``shown``: beside a magic, columns are others."""
    row, column = _shifted(cells, span.row, span.column)
    end_row, end_column = _shifted(cells, span.end_row, span.end_column)
    return Span(row, column, end_row, end_column)


def _shifted(cells: Sequence[Cell], row: int, column: int) -> tuple[int, int]:
    cell = cell_of(cells, row)
    inner = row - cell.row + 1
    for aside in cell.asides:
        if aside.row == inner and aside.timed is not None:
            column += len(aside.piece) if column >= aside.column else 0
        elif aside.row == inner and column > aside.column:
            end = aside.column + len(aside.stand_in)
            column = column - len(aside.stand_in) + len(aside.piece) if column >= end else aside.column
    return row, column + (len(cell.margins[inner - 1]) if inner <= len(cell.margins) else 0)


def _loads(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except RecursionError:
        raise SourceError("E904", None, "is nested too deeply", _ADVICE) from None
    except ValueError as error:
        row = getattr(error, "lineno", None)
        what = f"is no notebook (no JSON: {getattr(error, 'msg', error)})"
        raise SourceError("E903", row, what, _ADVICE) from None
    if not isinstance(data, dict) or not isinstance(data.get("nbformat"), int):
        raise SourceError("E903", None, "is no notebook (no nbformat in it)", _ADVICE)
    if data["nbformat"] not in (3, 4):
        what = f"is a notebook of nbformat {data['nbformat']}, not 3 or 4"
        raise SourceError("E903", None, what, "save it from Jupyter as nbformat 4")
    return data


def _sources(text: str, data: dict[str, Any]) -> Iterator[Place]:
    """The sources of all code cells in Python."""
    if not _is_python(data):
        return
    top = raw_json.members(text, raw_json.root(text))
    if data["nbformat"] == 4:
        holders, name = [top], "source"
    else:
        sheets = raw_json.elements(text, top["worksheets"]) if "worksheets" in top else ()
        holders, name = [raw_json.members(text, sheet) for sheet in sheets], "input"
    for holder in holders:
        for cell in raw_json.elements(text, holder["cells"]) if "cells" in holder else ():
            found = raw_json.members(text, cell)
            kind = found.get("cell_type")
            if kind is None or text[kind.start : kind.end] != '"code"' or name not in found:
                continue
            language = found.get("language")  # of nbformat 3
            if language is None or "python" in text[language.start : language.end]:
                yield found[name]


def _is_python(data: dict[str, Any]) -> bool:
    metadata = data.get("metadata")
    found = []
    for key in ("kernelspec", "language_info"):
        about = metadata.get(key) if isinstance(metadata, dict) else None
        if isinstance(about, dict):
            found.append(about.get("language" if key == "kernelspec" else "name"))
    named = [str(one).lower() for one in found if one]
    return not named or any("python" in one for one in named)


def _joined(source: object) -> str:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    if isinstance(source, str):
        return source
    raise ValueError("no text")


def _mark(texts: Sequence[str]) -> str:
    """Begins what stands between cells and for magics: no cell holds it."""
    whole = "\n".join(texts)
    return next(mark for number in range(len(whole) + 1) if (mark := f"{_MARK}{number}-") not in whole)


def _separator(mark: str, number: int) -> str:
    return f"# {mark}cell-{number}"


def _written(text: str, cell: Cell, new: str) -> str:
    """The cell's source in JSON: lines that stood there as they were, the new ones in the same manner."""
    old = text[cell.place.start : cell.place.end]
    escapes = old.isascii() and (not cell.text.isascii() or bool(_ESCAPED.search(old)))
    # readers put the lines together as they are, so a newline ends each but the last
    wanted = [line for line in re.split(r"(?<=\n)", new) if line]
    if not old.startswith("["):
        return f'"{"".join(one[1:-1] for one in _lines(_raw_lines(old), wanted, escapes))}"'
    places = list(raw_json.elements(text, cell.place))
    if not places:
        return json.dumps(wanted, ensure_ascii=escapes)
    opening = text[cell.place.start : places[0].start]
    closing = text[places[-1].end : cell.place.end]
    between = text[places[0].end : places[1].start] if len(places) > 1 else f",{opening[1:]}"
    written = _lines([text[place.start : place.end] for place in places], wanted, escapes)
    return opening + between.join(written) + closing if written else "[]"


def _lines(raws: Sequence[str], wanted: Sequence[str], escapes: bool) -> list[str]:
    """The wanted lines as JSON strings; those that are among ``raws`` as they stand there."""
    places = kept([json.loads(raw) for raw in raws], wanted)
    return [
        json.dumps(line, ensure_ascii=escapes) if place is None else raws[place]
        for line, place in zip(wanted, places, strict=True)
    ]


def _raw_lines(raw: str) -> list[str]:
    """A JSON string as one for each of its lines."""
    found = [""]
    for piece in _PIECE.findall(raw[1:-1]):
        found[-1] += piece
        if piece == "\\n":
            found.append("")
    return [f'"{line}"' for line in found if line]


def _kernel(text: str, data: dict[str, Any]) -> Kernel | None:
    metadata = data.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    if not isinstance(spec, dict) or not re.match(r"python2", str(spec.get("name"))):
        return None
    top = raw_json.members(text, raw_json.members(text, raw_json.root(text))["metadata"])
    kernel = raw_json.members(text, top["kernelspec"])
    edits = [(kernel["name"], '"python3"')]
    if "display_name" in kernel:
        edits.append((kernel["display_name"], '"Python 3"'))
    if isinstance(data["metadata"].get("language_info"), dict):
        about = raw_json.members(text, top["language_info"])
        if "pygments_lexer" in about:
            edits.append((about["pygments_lexer"], '"ipython3"'))
        mode = data["metadata"]["language_info"].get("codemirror_mode")
        if isinstance(mode, dict) and mode.get("version") == 2:
            edits.append((raw_json.members(text, about["codemirror_mode"])["version"], "3"))
    return Kernel(tuple(edits), len(split(text[: kernel["name"].start])))
