"""What the stages hand on: a file to look at, what one file says by itself, and what looking at it gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tdmigrate.discovery import Found
from tdmigrate.findings import Finding
from tdmigrate.records import NamedTuple
from tdmigrate.results import FileResult
from tdmigrate.sources.text import Source
from tdmigrate.view import View

if TYPE_CHECKING:
    from tdmigrate.rules.check import CheckResult, Reading
    from tdmigrate.understanding.claims import Claims


class Progress(Protocol):
    """Is told how far a run is."""

    def __call__(self, done: int, total: int) -> None:
        """So many files are looked at, of so many."""

    def proving(self, done: int, total: int, model: str) -> None:
        """So many proofs are made, of so many; the next is that of ``model``."""


class Task(NamedTuple):
    """One file to look at; ``claims`` of its project, None: they are not gathered yet."""

    found: Found
    claims: Claims | None = None
    read: Read | None = None  # when it was looked at without them
    origin: str = ""  # of a source that imports no Keras: the one of its project that makes the models it uses


class Read(NamedTuple):
    """One file, read but not yet checked; never handed to another process."""

    view: View
    reading: Reading
    importer: str = ""  # what uses Keras and imports it, where it is looked at for that alone
    origin: str = ""  # as of a task


class Own(NamedTuple):
    """What one file says by itself of the Keras that it is for."""

    claims: Claims
    waits: str  # for "project": all that its project says; for "pins": whether its project is for Keras 0.x/1.x; ""
    keras: str = ""  # "legacy": it is for Keras 0.x/1.x; "other": for another, or not known; "": it imports none


class Looked(NamedTuple):
    """One file, looked at, before any proof and any writing."""

    result: FileResult
    source: Source | None = None  # where there is new text
    module: str = ""  # what of the old text is understood
    divides: bool = False  # whether `/` of two integers gave an integer in it
    new_module: str | None = None  # and of the new one
    left: tuple[Finding, ...] = ()  # the findings that will stand in the new text
    check: CheckResult | None = None  # where the change is to be proved
    seen: View | None = None  # there, too
    own: Own | None = None  # of a file that was looked at without the claims of its project
    read: Read | None = None
    imports: tuple[str, ...] = ()  # of Python 2: the dotted names of what may be modules of its project
