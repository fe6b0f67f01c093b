"""One parsed source: its text, its tree, and the way from a node to its place in characters."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cached_property

from tdmigrate.findings import Span
from tdmigrate.sources.lines import Characters
from tdmigrate.understanding.words import Words, words

# Python may write and read no larger number in decimal digits, but in others, such as hexadecimal ones
LARGEST = 10**640
_LONG = re.compile(r"[0-9a-fA-F_]{500}")


class Huge(int):
    """A number of a source that is too large for decimal digits; nothing is known of it but what stands there."""

    def __repr__(self) -> str:
        return hex(self)


class Module:
    """A source that Python parses.

    Raises ``SyntaxError`` (or ``ValueError``, ``RecursionError``, ``MemoryError`` for hostile text) from ``ast.parse``.
    """

    def __init__(self, text: str, path: str = "<string>") -> None:
        self.text = text
        self.path = path
        self.tree = ast.parse(text, filename=path, type_comments=False)
        if _LONG.search(text):
            for node in ast.walk(self.tree):
                if isinstance(node, ast.Constant) and type(node.value) is int and node.value > LARGEST:
                    node.value = Huge(node.value)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, as ``ast.walk`` gives them: outer before inner."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def words(self) -> Words:
        """The words of its code, without comments."""
        return words(self.nodes)

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """What each node of the tree stands in."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def _lines(self) -> list[bytes]:
        # ast counts columns in UTF-8 bytes and breaks lines at \n, \r\n and \r only
        return self.text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "surrogatepass").split(b"\n")

    @cached_property
    def _characters(self) -> Characters:
        return Characters(lambda row: self._lines[row - 1])

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    def _column(self, row: int, offset: int) -> int:
        if self._ascii:
            return offset + 1
        return self._characters.before(row, offset) + 1

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg | ast.excepthandler) -> Span:
        """Rows and columns from 1, columns in characters, end exclusive."""
        end_row = node.end_lineno if node.end_lineno is not None else node.lineno
        end_offset = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return Span(
            node.lineno,
            self._column(node.lineno, node.col_offset),
            end_row,
            self._column(end_row, end_offset),
        )

    def line(self, row: int) -> str:
        """One line of the text, by its number from 1."""
        return self._lines[row - 1].decode("utf-8", "surrogatepass")

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """The node's own text, as it stands."""
        if node.end_lineno is None or node.end_col_offset is None:
            return ""
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return b"\n".join(lines).decode("utf-8", "surrogatepass")
