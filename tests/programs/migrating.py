"""A program and its modules, migrated in a copy of their folder as ``tdmigrate --write`` does it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from tdmigrate.config import Settings
from tdmigrate.findings import Severity
from tdmigrate.pipeline import run
from tdmigrate.results import FileResult


class Migrated(NamedTuple):
    left: tuple[str, ...]  # what a person has to do: "before.py:12 K205: message"
    again: tuple[str, ...]  # what a second run would fix


class Silent:
    """A progress nobody looks at."""

    def __call__(self, done: int, total: int) -> None:
        pass

    def proving(self, done: int, total: int, model: str) -> None:
        pass


def migrate(source: Path, release: str, style: str, folder: Path) -> Migrated:
    """Migrate ``source``, a folder of modules, into ``folder``, which is made."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings = Settings("write", style=style, keras_version=release, source_backend="theano", jobs=1)
    done, _ = run([str(folder)], settings, Silent())
    again, _ = run([str(folder)], settings._replace(mode="check"), Silent())
    left = [line for file in done.files for line in lines(file)]
    fixed = [line for file in again.files for line in lines(file, fixable=True)]
    return Migrated(tuple(left), tuple(fixed))


def lines(file: FileResult, fixable: bool = False) -> list[str]:
    """The errors and warnings of a file that a person has to do; ``fixable``: those of any severity with a fix."""
    name = Path(file.path).name
    if file.error is not None:
        return [f"{name} {file.error.show()}"]
    return [
        f"{name}:{one.span.row} {one.code}: {one.message}"
        for one in file.findings
        if (one.fix is not None if fixable else one.severity is not Severity.NOTE)
    ]
