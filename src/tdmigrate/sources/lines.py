"""Where the logical lines of a source begin, told from its text: it need not parse."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from itertools import accumulate
from typing import Final

_NEAR: Final = 30  # lines: a fix takes away, and puts in, no more of them at one place
NEWLINE: Final = re.compile(r"\r\n|\r|\n")
# kept as text: a check of plain Python needs none of them compiled
_TOKEN: Final = (
    r"""(?x) (?P<skipped> \#[^\r\n]* | \\(?:\r\n|\r|\n) )
    | (?P<quote> \"{3} | '{3} | ["'] ) | (?P<opens> [(\[{] ) | (?P<closes> [)\]}] ) | (?P<newline> \r\n|\r|\n )"""
)
# the rest of a string behind its opening quote; one that is not closed ends with its line, or with the text
_REST: Final = {
    '"""': r'(?s)(?:\\.|[^\\"]|"(?!""))*(?:""")?',
    "'''": r"(?s)(?:\\.|[^\\']|'(?!''))*(?:''')?",
    '"': r'(?:\\(?:\r\n|[\s\S])|[^\\\r\n"])*"?',
    "'": r"(?:\\(?:\r\n|[\s\S])|[^\\\r\n'])*'?",
}


def split(text: str) -> list[str]:
    r"""The lines as Python counts them, each with its newline (``\n``, ``\r\n``, ``\r``); nothing else ends one.

    Behind a last newline there is one more, empty line.
    """
    ends = [match.end() for match in NEWLINE.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


class Characters:
    """Where characters stand in lines of which Python tells the places in bytes of UTF-8."""

    def __init__(self, line: Callable[[int], bytes]) -> None:
        """``line``: the bytes of a row."""
        self._line = line
        self._known: dict[int, Sequence[int] | None] = {}  # None: every character of the row is one byte

    def before(self, row: int, offset: int) -> int:
        """How many characters stand before this offset in bytes."""
        if row not in self._known:
            line = self._line(row)
            # all bytes of a character but the first are 10xxxxxx
            begins = accumulate((byte & 0xC0 != 0x80 for byte in line), initial=0)
            self._known[row] = None if line.isascii() else list(begins)
        known = self._known[row]
        # Python before 3.12 gives what stands in an f-string a place that its row may not have
        return offset if known is None else known[min(offset, len(known) - 1)]


def kept(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new line the place of the old line that it is; None: it is none of those near where it stands.

    Takes time with the number of lines; difflib takes it with the square where lines are alike.
    """
    found: list[int | None] = []
    at = 0
    while len(found) < len(new):
        ahead = _ahead(old, new, at, len(found))
        if ahead is None:
            found.append(None)
            at += 1
            continue
        gone, more = ahead
        at += gone
        found += [None] * more
        while len(found) < len(new) and at < len(old) and old[at] == new[len(found)]:
            found.append(at)
            at += 1
    return found


def _ahead(old: Sequence[str], new: Sequence[str], at: int, row: int) -> tuple[int, int] | None:
    """How many lines of both there are before two that are the same; the fewest in all."""
    for steps in range(2 * _NEAR):
        for gone in range(max(steps - _NEAR, 0), min(steps, _NEAR) + 1):
            more = steps - gone
            if at + gone < len(old) and row + more < len(new) and old[at + gone] == new[row + more]:
                return gone, more
    return None


def beginnings(text: str) -> set[int]:
    """Rows, from 1, where a logical line may begin: no string, bracket or backslash reaches into them."""
    return set(begun(text))


def begun(text: str) -> Generator[int, bool | None, None]:
    """The same, in order. What is sent True for its row has that row passed over: it is not Python."""
    row, depth, offset = 1, 0, 0
    if (yield row):
        offset = _line_end(text, offset)
    tokens, rests = re.compile(_TOKEN), {quote: re.compile(rest) for quote, rest in _REST.items()}
    while (token := tokens.search(text, offset)) is not None:
        offset = token.end()
        if token["quote"] is not None:
            rest = rests[token["quote"]].match(text, offset)
            assert rest is not None  # it matches nothing, too
            row += len(NEWLINE.findall(rest[0]))
            offset = rest.end()
        elif token["newline"] is not None:
            row += 1
            if not depth and (yield row):
                offset = _line_end(text, offset)
        elif token["skipped"] is not None:
            row += token["skipped"].startswith("\\")
        else:
            depth = depth + 1 if token["opens"] is not None else max(depth - 1, 0)


def _line_end(text: str, offset: int) -> int:
    newline = NEWLINE.search(text, offset)
    return len(text) if newline is None else newline.start()
