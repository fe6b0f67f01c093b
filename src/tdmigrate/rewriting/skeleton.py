"""What of a source libcst is to see: it takes far longer than ``ast``, and most statements have no edit."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tdmigrate.sources.lines import Characters

_PASS: Final = "pass"
_IMPORT: Final = re.compile(r"\bimport\b")
_DUNDER: Final = re.compile(r"__\w+__")
_EMPTY: Final = re.compile(r"[ \t\f]*(?:#.*)?")
_GOES_DOWN: Final = re.compile(r"[ \t\f;]*\\")
_GOES_ON: Final = re.compile(r"[ \t\f]*(?:\\|;[ \t\f]*[^\s#])")


def tree(text: str) -> ast.Module:
    """``ast.parse`` without its warnings: an invalid escape in an old string is none of our business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def leads(statement: ast.stmt) -> bool:
    """Whether it may stand among imports: ``np.random.seed(1)``, ``os.environ["A"] = "1"``, ``__author__ = "me"``."""
    if not isinstance(statement, ast.Assign):
        return isinstance(statement, ast.Expr)
    return all(
        isinstance(target, (ast.Attribute, ast.Subscript))
        or (isinstance(target, ast.Name) and _DUNDER.fullmatch(target.id) is not None)
        for target in statement.targets
    )


def skeleton(rows: Sequence[str], wanted: Iterable[int]) -> dict[int, str]:
    """The rows of a source, without newlines, by their numbers, without statements and comments that do not matter.

    Those matter that have a row (from 1) of ``wanted`` or an import, the first of the module, those of its level among
    which new imports may come, and the first that holds an indented block: new blocks are indented like it. Of others
    ``pass`` stays, once for several in a row, since a block needs a statement. What stays keeps its columns.
    """
    try:
        module = tree("\n".join(rows))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return dict(enumerate(rows, 1))  # libcst shall say what it thinks
    imports = {row for row, text in enumerate(rows, 1) if _IMPORT.search(text)}
    return _Skeleton(rows, sorted(imports.union(wanted))).of(module)


class _Skeleton:
    def __init__(self, rows: Sequence[str], wanted: Sequence[int]) -> None:
        self._old = rows
        self._new = dict(enumerate(rows, 1))
        self._characters = Characters(lambda row: rows[row - 1].encode())
        self._wanted = wanted
        self._indented = False  # an indented block was met

    def of(self, module: ast.Module) -> dict[int, str]:
        leading = True  # nothing went yet, and new imports may come behind all that stays
        gone = False
        for index, line in enumerate(self._lines(module.body)):
            stays = index == 0 or (leading and all(map(leads, line)))
            gone = not stays and self._goes(line, gone)
            leading = leading and not gone
            if not gone:
                self._enter(line)
        if module.body:
            self._drop_empty(1, module.body[0].lineno)
            self._drop_empty(self._last_row(module.body[-1]) + 1, len(self._old))
        return self._new

    def _enter(self, line: Sequence[ast.stmt]) -> None:
        """Do without what does not matter inside of a line that stays."""
        todo = [*_bodies(line[0])]
        while todo:  # no recursion: a chain of elif is long
            body = todo.pop()
            self._indented = self._indented or self._is_indented(body)
            gone = False
            for inner in self._lines(body):
                gone = self._goes(inner, gone)
                if not gone:
                    todo += _bodies(inner[0])

    def _lines(self, body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
        """The statements of a block, those together that stand in one logical line."""
        line: list[ast.stmt] = []
        row = 0
        for statement in body:
            if row and not line:
                self._drop_empty(row + 1, statement.lineno)
            line.append(statement)
            end_row, end_column = self._end(statement)
            if not _GOES_ON.match(self._old[end_row - 1], end_column):
                yield line
                line = []
            row = self._last_row(statement)
        if line:
            yield line

    def _goes(self, line: Sequence[ast.stmt], behind: bool) -> bool:
        """Whether it does not matter; then ``pass`` stands there, or nothing ``behind`` a line that went."""
        first, row, column = line[0], line[0].lineno, self._start(line[0])
        end_row, end_column = self._end(line[-1])
        at = bisect_left(self._wanted, row)
        if at < len(self._wanted) and self._wanted[at] <= end_row:
            return False
        # its place is not that of its first character, or it is no statement of its own
        if getattr(first, "decorator_list", None) or self._old[row - 1].startswith("elif", column):
            return False
        if not self._indented and any(map(self._is_indented, _bodies(first))):
            return False
        last_row = self._last_row(line[-1])
        if behind:
            self._drop(range(row, last_row + 1))
            return True
        stop = end_column if end_row == row else len(self._old[row - 1])
        if stop - column < len(_PASS):
            return False
        rest = self._new[row][end_column:] if last_row == row else ""
        self._new[row] = self._new[row][:column] + _PASS.ljust(stop - column) + rest
        self._drop(range(row + 1, last_row + 1))
        return True

    def _drop(self, rows: Iterable[int]) -> None:
        for row in rows:
            del self._new[row]

    def _drop_empty(self, start: int, stop: int) -> None:
        self._drop(row for row in range(start, stop) if _EMPTY.fullmatch(self._old[row - 1]))

    def _is_indented(self, body: Sequence[ast.stmt]) -> bool:
        return not self._old[body[0].lineno - 1][: self._start(body[0])].strip()

    def _start(self, node: ast.stmt) -> int:
        return self._characters.before(node.lineno, node.col_offset)

    def _last_row(self, statement: ast.stmt) -> int:
        """Where the line of a statement ends: a backslash behind it takes in the next row."""
        row, column = self._end(statement)
        while row < len(self._old) and _GOES_DOWN.fullmatch(self._old[row - 1], column):
            row, column = row + 1, 0
        return row

    def _end(self, node: ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return node.end_lineno, self._characters.before(node.end_lineno, node.end_col_offset)


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement that are not empty, in their order."""
    parts: list[ast.AST] = [statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
    bodies = [getattr(part, "body", []) for part in parts]
    bodies += [getattr(statement, "orelse", []), getattr(statement, "finalbody", [])]
    return (body for body in bodies if body)
