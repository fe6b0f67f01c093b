"""Where values stand in a JSON text: members and elements by their offsets, so that one can be replaced alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tdmigrate.records import NamedTuple

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')  # images are strings of megabytes
_SCALAR: Final = re.compile(r"[^\s,\]}]+")
_NEXT: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]')


class Place(NamedTuple):
    """A value: ``text[start:end]``."""

    start: int
    end: int


def root(text: str) -> Place:
    """The value that the whole text is. The text is valid JSON; so for all functions of this module."""
    start = _blank(text, 0)
    return Place(start, _end(text, start))


def members(text: str, place: Place) -> dict[str, Place]:
    """The values of an object by their keys; of several with one key the last, as readers take it.

    Raises ``ValueError``: it is no object.
    """
    if text[place.start] != "{":
        raise ValueError("no object")
    found = {}
    offset = _blank(text, place.start + 1)
    while text[offset] != "}":
        key = _end(text, offset)
        start = _blank(text, _blank(text, key) + 1)
        end = _end(text, start)
        found[_loads(text[offset:key])] = Place(start, end)
        offset = _following(text, end)
    return found


def elements(text: str, place: Place) -> Iterator[Place]:
    """The values of an array. Raises ``ValueError``: it is none."""
    if text[place.start] != "[":
        raise ValueError("no array")
    offset = _blank(text, place.start + 1)
    while text[offset] != "]":
        end = _end(text, offset)
        yield Place(offset, end)
        offset = _following(text, end)


def _loads(text: str) -> str:
    import json

    return str(json.loads(text))


def _following(text: str, end: int) -> int:
    """Where the next value begins, or the bracket that closes."""
    offset = _blank(text, end)
    return _blank(text, offset + 1) if text[offset] == "," else offset


def _blank(text: str, offset: int) -> int:
    blank = _BLANK.match(text, offset)
    assert blank is not None  # it matches nothing, too
    return blank.end()


def _end(text: str, start: int) -> int:
    if text[start] not in "[{":
        value = (_STRING if text[start] == '"' else _SCALAR).match(text, start)
        assert value is not None
        return value.end()
    depth = 0
    for token in _NEXT.finditer(text, start):
        if token[0] in ("[", "{"):
            depth += 1
        elif token[0] in ("]", "}"):
            depth -= 1
            if not depth:
                return token.end()
    raise AssertionError("valid JSON closes its brackets")
