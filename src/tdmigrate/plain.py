"""Text that is safe to show: nothing in it moves the cursor, breaks the line or fails to encode."""

from __future__ import annotations


def printable(text: str) -> str:
    """``text`` with control, format and surrogate characters escaped, such as ``\\x1b`` or ``\\udcff``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
