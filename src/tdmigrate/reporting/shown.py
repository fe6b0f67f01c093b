"""How text of unknown origin stands in a report: printable, and within what the stream can encode."""

from __future__ import annotations

from collections.abc import Callable

from tdmigrate.plain import printable
from tdmigrate.records import NamedTuple

Show = Callable[[str], str]  # any text → text of one line that can be written as it is


class Pen(NamedTuple):
    """How text is put down: what cannot be shown is escaped, colour is added where it is wanted."""

    show: Show
    color: bool

    def paint(self, text: str, color: str | None = None, bold: bool = False) -> str:
        if not self.color:
            return text
        from click import style

        return style(text, fg=color, bold=bold)


def shown_in(encoding: str | None) -> Show:
    """``printable`` for a stream of this encoding; None: a stream that takes any text."""
    if encoding is None or encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        return printable

    def show(text: str) -> str:
        return printable(text).encode(encoding, "backslashreplace").decode(encoding)

    return show


def width(char: str) -> int:
    """Columns on a terminal of one printable character."""
    if char.isascii():
        return 1
    import unicodedata  # few sources need it

    if unicodedata.category(char) in ("Mn", "Me") or "\u1160" <= char <= "\u11ff":  # the latter join a Hangul syllable
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
