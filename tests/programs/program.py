"""What a row of the lists of programs says: the modules ``listed_*.py`` hold them as ``PROGRAMS``."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Program(NamedTuple):
    """The folder ``name`` beside this file: ``before.py``, which is run, and the modules that it imports."""

    name: str
    release: str
    quick: bool = False  # runs among the tests that are not slow
    left: tuple[str, ...] = ()  # codes of what is left to a person, without whom the new program differs or fails
    known: str = ""  # why the new program differs without a finding that fails the run

    def __str__(self) -> str:
        return f"{self.name}-{self.release}"

    @property
    def folder(self) -> Path:
        return HERE / self.name
