"""Items between commas (arguments, elements, imported names): dropped, replaced and added in the layout they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.misfit import Misfit


class Kind(Enum):
    ITEM = auto()
    COMMA = auto()
    SPACE = auto()
    COMMENT = auto()
    NEWLINE = auto()
    CONTINUATION = auto()  # a backslash and its newline


class Token(NamedTuple):
    kind: Kind
    text: str
    key: int = -1  # index of an item in the source


_GAP = re.compile(
    r"(?P<COMMA>,)|(?P<SPACE>[ \t\f]+)|(?P<COMMENT>\#[^\r\n]*)"
    r"|(?P<NEWLINE>\r\n|\r|\n)|(?P<CONTINUATION>\\(?:\r\n|\r|\n))"
)
_BREAKS = (Kind.NEWLINE, Kind.CONTINUATION)


def tokens_between(text: str) -> list[Token]:
    """The tokens of text that holds no code but commas."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _GAP.match(text, at)
        if match is None:
            raise Misfit(f"unexpected text between items: {text[at : at + 20]!r}")
        tokens.append(Token(Kind[match.lastgroup or ""], match.group()))
        at = match.end()
    return tokens


class Listing:
    """Items and what stands between them, from behind the opening bracket to before the closing one."""

    def __init__(
        self, text: str, start: int, end: int, items: Sequence[tuple[int, int]], rendered: Sequence[str]
    ) -> None:
        """``items``: offsets of each item in ``text``; ``rendered``: its present text."""
        self._tokens: list[Token] = []
        at = start
        for key, ((first, last), present) in enumerate(zip(items, rendered, strict=True)):
            self._tokens += tokens_between(text[at:first])
            self._tokens.append(Token(Kind.ITEM, present, key))
            at = last
        self._tokens += tokens_between(text[at:end])

    @property
    def items(self) -> list[str]:
        """The texts of the items that are there now."""
        return [token.text for token in self._tokens if token.kind is Kind.ITEM]

    def position(self, key: int) -> int:
        """Where an item of the source is now."""
        return sum(token.kind is Kind.ITEM for token in self._tokens[: self._index(key)])

    @property
    def comments(self) -> list[str]:
        return [token.text for token in self._tokens if token.kind is Kind.COMMENT]

    def render(self) -> str:
        return "".join(token.text for token in self._tokens)

    def _index(self, key: int) -> int:
        for index, token in enumerate(self._tokens):
            if token.kind is Kind.ITEM and token.key == key:
                return index
        raise Misfit(f"there is no item {key}")

    def replace(self, key: int, text: str) -> None:
        self._tokens[self._index(key)] = Token(Kind.ITEM, text, key)

    def _skip(self, index: int, step: int, *kinds: Kind) -> int:
        while 0 <= index < len(self._tokens) and self._tokens[index].kind in kinds:
            index += step
        return index

    def _kind(self, index: int) -> Kind | None:
        return self._tokens[index].kind if 0 <= index < len(self._tokens) else None

    def _starts_line(self, index: int) -> bool:
        return self._kind(self._skip(index - 1, -1, Kind.SPACE)) in _BREAKS

    def _comma_after(self, index: int) -> int | None:
        """The index of the comma that follows an item."""
        after = self._skip(index + 1, 1, Kind.SPACE, Kind.COMMENT, *_BREAKS)
        return after if self._kind(after) is Kind.COMMA else None

    def drop(self, key: int) -> None:
        """Take out an item and one comma; its line too, when nothing else stands on it. Comments stay."""
        index = self._index(key)
        comma = self._comma_after(index)
        if comma is None:
            self._drop_last(index)
            return
        # a comment between an item and its comma moves behind the comma
        between = self._tokens[index + 1 : comma]
        kept = between if any(token.kind is Kind.COMMENT for token in between) else []
        self._tokens[index : comma + 1] = kept
        if kept:
            return
        before = self._skip(index - 1, -1, Kind.SPACE)
        after = self._skip(index, 1, Kind.SPACE)
        if self._kind(before) in _BREAKS:
            if self._kind(after) in _BREAKS:
                del self._tokens[before + 1 : after + 1]  # the whole line
            else:
                del self._tokens[index:after]
        elif before < 0 or self._kind(after) is Kind.ITEM:
            # what follows moves up, also from the next line, so that a bracket keeps its first item
            following = self._skip(index, 1, Kind.SPACE, *_BREAKS) if before < 0 else after
            if self._kind(following) is Kind.ITEM:
                del self._tokens[index:following]
        else:
            del self._tokens[before + 1 : index]

    def drop_commas(self) -> None:
        """Take out every comma, where one item is left and must not be a tuple."""
        self._tokens = [token for token in self._tokens if token.kind is not Kind.COMMA]

    def _drop_last(self, index: int) -> None:
        previous = self._skip(index - 1, -1, Kind.SPACE, Kind.COMMENT, *_BREAKS)
        comma = previous if self._kind(previous) is Kind.COMMA else None
        commented = any(token.kind is Kind.COMMENT for token in self._tokens[previous + 1 : index])
        before = self._skip(index - 1, -1, Kind.SPACE)
        after = self._skip(index + 1, 1, Kind.SPACE)
        if self._kind(before) not in _BREAKS:
            del self._tokens[before + 1 : index + 1]
        elif self._kind(after) is Kind.NEWLINE:
            del self._tokens[before + 1 : after + 1]
        elif self._kind(after) is Kind.COMMENT:
            del self._tokens[index:after]
        elif commented:
            del self._tokens[index]
        else:
            del self._tokens[previous + 1 : index + 1]
        if comma is not None:
            del self._tokens[comma]

    def tidy(self) -> None:
        """Nothing but blanks left: nothing at all."""
        if all(token.kind in (Kind.SPACE, *_BREAKS) for token in self._tokens):
            self._tokens = []

    def insert(self, position: int, text: str) -> None:
        """Put an item before the one that is at this position now."""
        index = [at for at, token in enumerate(self._tokens) if token.kind is Kind.ITEM][position]
        new = [Token(Kind.ITEM, text), Token(Kind.COMMA, ",")]
        if self._starts_line(index):
            new += self._line_start(index)
        elif (aligned := self._aligned(index)) is not None:
            new += aligned
        else:
            new.append(Token(Kind.SPACE, " "))
        self._tokens[index:index] = new

    def _line_start(self, index: int) -> list[Token]:
        """The newline and indentation before an item that starts its line."""
        before = self._skip(index - 1, -1, Kind.SPACE)
        return self._tokens[before:index]

    def _aligned(self, index: int) -> list[Token] | None:
        """For the first of several items of which all others start a line: their newline and indentation."""
        others = [at for at, token in enumerate(self._tokens) if token.kind is Kind.ITEM and at > index]
        first = all(token.kind is not Kind.ITEM for token in self._tokens[:index])
        if not first or not others or not all(self._starts_line(at) for at in others):
            return None
        return self._line_start(others[0])

    def append(self, text: str) -> None:
        """Put an item behind the last one, before a trailing comma; on a line of its own when the last one has that."""
        indexes = [at for at, token in enumerate(self._tokens) if token.kind is Kind.ITEM]
        if not indexes:
            self.tidy()
            self._tokens.append(Token(Kind.ITEM, text))
            return
        last = indexes[-1]
        own_line = self._kind(self._skip(last - 1, -1, Kind.SPACE)) is Kind.NEWLINE
        new = [*(self._line_start(last) if own_line else [Token(Kind.SPACE, " ")]), Token(Kind.ITEM, text)]
        comma = self._comma_after(last)
        if comma is None:
            comma = last + 1
            self._tokens.insert(comma, Token(Kind.COMMA, ","))
        else:
            new.append(Token(Kind.COMMA, ","))
        at = comma + 1
        if own_line:
            # a comment at the end of the last item's line stays there
            end = self._skip(at, 1, Kind.SPACE)
            if self._kind(end) is Kind.COMMENT:
                at = end + 1
        self._tokens[at:at] = new
