"""Text → ``Module``, or one line that says why Python cannot parse it."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tdmigrate.sources.text import SourceError
from tdmigrate.understanding.module import Module

# What tells Python 2: what the parser says, or what stands in the line where it stopped.
_SAYS_PYTHON2 = (
    "Missing parentheses in call to",  # print x, exec x
    "multiple exception types must be parenthesized",  # except X, e
    "leading zeros in decimal integer literals",  # 0644
    "invalid decimal literal",  # 10L
    "inconsistent use of tabs",
)
_HAS_PYTHON2 = r"""(?x) \bexcept\b[^:]*\w\s*,\s*\w+\s*: | \braise\s+[\w.]+\s*,\s*\S | <> | \b[uU][rR]['"] | `[^`]+`"""


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
        raise _refused(error, text) from None
    except (RecursionError, MemoryError):
        raise too_deep() from None
    except ValueError as error:
        raise SourceError("E903", None, f"is no Python text ({error})", "save it as UTF-8") from None


def too_deep() -> SourceError:
    return SourceError("E904", None, "is nested too deeply", "split its longest expression")


def _refused(error: SyntaxError, text: str) -> SourceError:
    if error.msg.startswith(_SAYS_PYTHON2) or re.search(_HAS_PYTHON2, _line(text, error.lineno)):
        what = f"syntax error, it looks like Python 2 ({error.msg})"
        advice = "Python 2 is not read yet; make it Python 3 first (with 2to3, say)"
    else:
        what = f"syntax error ({error.msg})"
        advice = f"mend it so that Python {sys.version_info.major}.{sys.version_info.minor} parses it"
    return SourceError("E901", error.lineno, what, advice)


def _line(text: str, row: int | None) -> str:
    lines = re.split(r"\r\n|\r|\n", text)
    return lines[row - 1] if row is not None and 0 < row <= len(lines) else ""
