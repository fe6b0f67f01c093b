"""The lines of a source that a span covers, with what the span marks in them."""

from __future__ import annotations

from collections.abc import Sequence

from tdmigrate.findings import Span
from tdmigrate.records import NamedTuple
from tdmigrate.reporting.shown import Show, width

WIDTH = 100  # columns of a line that are shown
LEAD = 20  # columns before the mark, in a line that is cut
ROWS = 5  # lines of a span that are shown
TAB = 4
CUT = "..."


class Row(NamedTuple):
    """One line. ``text[start:end]`` is marked, ``carets`` underline it; ``number`` None: lines are left out here."""

    number: int | None
    text: str
    start: int = 0
    end: int = 0
    carets: str = ""


def source_lines(text: str) -> list[str]:
    r"""The lines as Python counts them: ``\n``, ``\r\n`` and ``\r`` end one, nothing else does."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def excerpt(lines: Sequence[str], span: Span, show: Show, first: int = 1) -> list[Row]:
    """What to show of a span; nothing where it points outside the source. ``first``: the row that is numbered 1."""
    return [
        row._replace(number=row.number - first + 1) if row.number is not None else row
        for row in _excerpt(lines, span, show)
    ]


def _excerpt(lines: Sequence[str], span: Span, show: Show) -> list[Row]:
    numbers = range(max(span.row, 1), min(span.end_row, len(lines)) + 1)
    if len(numbers) <= ROWS:
        return [_row(number, lines[number - 1], span, show) for number in numbers]
    head = [_row(number, lines[number - 1], span, show) for number in numbers[: ROWS - 2]]
    return [*head, Row(None, CUT), _row(numbers[-1], lines[numbers[-1] - 1], span, show)]


def _row(number: int, line: str, span: Span, show: Show) -> Row:
    # of a line in the middle of a span, all but its indentation is marked
    start = span.column - 1 if number == span.row else len(line) - len(line.lstrip())
    end = span.end_column - 1 if number == span.end_row else len(line.rstrip())
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    # a line may be megabytes long: only characters that have a chance to be shown are looked at
    first, last = max(0, start - WIDTH), min(len(line), start + 2 * WIDTH)
    pieces, columns = _laid_out(line[first:last], show)
    start, end, size = start - first, min(end, last) - first, len(pieces)
    begin = 0
    if first or columns[end] > WIDTH:
        while columns[start] - columns[begin] > LEAD:
            begin += 1
    stop = size
    while columns[stop] - columns[begin] > WIDTH:
        stop -= 1
    while begin and columns[stop] - columns[begin - 1] <= WIDTH:  # the mark stands near the end of its line
        begin -= 1
    start, end = min(start, stop), min(end, stop)
    before = CUT * bool(first or begin) + "".join(pieces[begin:start])
    marked = "".join(pieces[start:end])
    after = "".join(pieces[end:stop]) + CUT * bool(stop < size or last < len(line))
    indent = len(CUT) * bool(first or begin) + columns[start] - columns[begin]
    carets = columns[end] - columns[start]
    if span.row == span.end_row:
        carets = max(carets, 1)  # an empty span is a place too
    return Row(
        number,
        before + marked + after,
        len(before),
        len(before) + len(marked),
        " " * indent + "^" * carets if carets else "",
    )


def _laid_out(text: str, show: Show) -> tuple[Sequence[str], Sequence[int]]:
    """Each character as it is shown, and the column at which it begins; one column more, where the text ends."""
    if text.isascii() and text.isprintable():
        return text, range(len(text) + 1)
    pieces = []
    columns = [0]
    for char in text:
        piece = " " * (TAB - columns[-1] % TAB) if char == "\t" else show(char)
        pieces.append(piece)
        columns.append(columns[-1] + sum(map(width, piece)))
    return pieces, columns
