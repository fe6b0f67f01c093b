"""What is wrong with one file must not stop the others: every exception becomes a line about that file."""

from __future__ import annotations

import os
from collections.abc import Callable

from tdmigrate.patience import patience
from tdmigrate.results import FileError, FileResult
from tdmigrate.sources.text import SourceError
from tdmigrate.stages.looked import Looked
from tdmigrate.syntax import too_deep

DEBUG = "TDMIGRATE_DEBUG"  # environment variable: an internal error shows where it comes from


def guarded(path: str, look: Callable[[], Looked]) -> Looked:
    """What ``look`` gives, or the error of this file alone."""
    try:
        with patience():
            return look()
    except Exception as error:
        return Looked(FileResult(path, error=in_words(error)))


def in_words(error: Exception) -> FileError:
    if isinstance(error, SourceError):
        return error.error
    if isinstance(error, (RecursionError, MemoryError)):
        return too_deep().error
    return internal(error)


def internal(error: Exception) -> FileError:
    """An error of tdmigrate itself, in one line."""
    if os.environ.get(DEBUG):
        raise error
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return FileError("E906", None, f"internal error ({what})", f"report it; {DEBUG}=1 shows where")
