"""Patterns in the manner of ``.gitignore``: which paths they leave out.

Loaded only where there are patterns: importing pathspec costs as much as a whole check.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

from pathspec import GitIgnoreSpec

from tdmigrate.records import NamedTuple

_MOST_STARS = 8  # in a name: pathspec tries all the ways in which they can match


class Patterns(NamedTuple):
    """The patterns that count below one folder."""

    base: str  # absolute path of the folder
    spec: GitIgnoreSpec

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """Whether an absolute path is left out; None: no pattern says anything, or it isn't below ``base``."""
        below = self.base.rstrip("/") + "/"
        if not path.startswith(below):
            return None
        return self.spec.check_file(path[len(below) :] + ("/" if is_folder else "")).include


def parse(lines: Iterable[str], base: str) -> Patterns:
    """The lines of one .gitignore file; a line that is no pattern matches nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # re's opinion of "[[" in somebody's file
        return Patterns(base, GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)]))


def _is_pattern(line: str) -> bool:
    if max(part.count("*") for part in line.split("/")) > _MOST_STARS:
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
