"""Text → ``Module``, or one line that says why Python cannot parse it."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tdmigrate.sources.lines import NEWLINE
from tdmigrate.sources.text import SourceError
from tdmigrate.understanding.module import Module

# what takes some five seconds to check and rewrite; the largest sources that people write have half of it
_MOST_NODES = 130_000
_MOST_ROWS = 10_000  # of Python 2, which is converted first
_IMPORTS_KERAS = re.compile(r"^[ \t]*(?:from|import)\b.*\bkeras\b", re.MULTILINE)
_DEEPEST = 2_000  # levels of a tree; the parser of libcst runs out of its stack between 6,000 and 10,000


@contextmanager
def quiet() -> Iterator[None]:
    """Sources are parsed inside: an invalid escape in an old string is none of our business."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def parse(text: str, path: str) -> Module:
    """Raises ``SourceError``: E901 syntax, E903 text that no source can hold, E904 nested too deeply."""
    try:
        with quiet():
            return Module(text, path)
    except SyntaxError as error:
        raise _refused(error) from None
    except (RecursionError, MemoryError):
        raise too_deep() from None
    except ValueError as error:
        raise SourceError("E903", None, f"is no Python text ({error})", "save it as UTF-8") from None


def check_depth(module: Module) -> None:
    """Raises ``SourceError`` (E904) for a module that is nested too deeply to be rewritten: libcst would crash."""
    level: list[ast.AST] = [module.tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise too_deep()


def check_size(module: Module) -> None:
    """Raises ``SourceError`` (E908) for a module that imports Keras and has more in it than is looked at."""
    if len(module.nodes) > _MOST_NODES and _IMPORTS_KERAS.search(module.text):
        raise _too_large(len(module.nodes), _MOST_NODES, "nodes in its tree")


def check_rows(text: str) -> None:
    """Raises ``SourceError`` (E908) for more rows in Python 2 than are converted."""
    rows = len(NEWLINE.findall(text))
    if rows > _MOST_ROWS:
        raise _too_large(rows, _MOST_ROWS, "rows of Python 2")


def _too_large(number: int, most: int, unit: str) -> SourceError:
    what = f"is too large ({number:,} {unit}; tdmigrate looks at no more than {most:,})"
    return SourceError("E908", None, what, "split it, or leave it out with --exclude")


def too_deep() -> SourceError:
    return SourceError("E904", None, "is nested too deeply", "split its longest expression")


def _refused(error: SyntaxError) -> SourceError:
    return SourceError("E901", error.lineno, f"syntax error ({error.msg})", advice())


def advice() -> str:
    return f"mend it so that Python {sys.version_info.major}.{sys.version_info.minor} parses it"
