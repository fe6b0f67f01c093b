"""The way of a file: bytes → text → understanding → rules → new text → proof → disk.

Only this module knows the order; what each stage does stands in ``tdmigrate.stages``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tdmigrate.config import STDIN, Settings
from tdmigrate.discovery import discover
from tdmigrate.results import STOPPED, FileResult, RunResult
from tdmigrate.stages.all_files import look_at_all, look_at_text
from tdmigrate.stages.looked import Looked, Progress

if TYPE_CHECKING:
    from tdmigrate.vendoring.module import Place


def run(paths: Sequence[str], settings: Settings, progress: Progress) -> tuple[RunResult, tuple[str, ...]]:
    """All files under ``paths``, and notes for standard error. What is wrong with a file stands in its result.

    Raises ``ConfigError`` before anything is written: the module of --vendor cannot be.
    """
    found = discover(paths, settings.exclude)
    place = _place(paths, settings)
    roots = _roots(paths)
    looked = look_at_all(found.files, settings, progress, roots)
    results = [*found.errors, *_finished(looked, settings, place, progress, roots)]
    return _result(results, len(found.files) + len(found.errors), settings), found.notes


def run_text(path: str, data: bytes, settings: Settings) -> RunResult:
    """One source that stands in no file: nothing is written, ``new_text`` holds what would be."""
    place = _place(() if path == STDIN else (path,), settings)
    looked = look_at_text(path, data, settings)
    return _result(_finished([looked], settings, place, None, None), 1, settings)


def shown_programs(paths: Sequence[str], settings: Settings, progress: Progress) -> tuple[RunResult, str]:
    """The programs that proofs of all files under ``paths`` run, as text; nothing is run, nothing written."""
    from tdmigrate.stages.proving import shown

    found = discover(paths, settings.exclude)
    roots = _roots(paths)
    looked = look_at_all(found.files, settings._replace(verify=True), progress, roots)
    results = [*found.errors, *(one.result for one in looked)]
    return _result(results, len(results), settings), shown(looked, settings, roots)


def shown_programs_of_text(path: str, data: bytes, settings: Settings) -> tuple[RunResult, str]:
    """The same for one source that stands in no file."""
    from tdmigrate.stages.proving import shown

    looked = look_at_text(path, data, settings._replace(verify=True))
    return _result([looked.result], 1, settings), shown([looked], settings, [os.curdir])


def _finished(
    looked: Sequence[Looked],
    settings: Settings,
    place: Place | None,
    progress: Progress | None,
    roots: Sequence[str] | None,
) -> list[FileResult]:
    """The results, proved and written where that is asked for; ``roots`` None: of a text, nothing is written."""
    if settings.mode == "check" and not settings.verify:
        return [one.result for one in looked]
    from tdmigrate.stages.proving import judged, proofs_of
    from tdmigrate.stages.vendored import compat_text
    from tdmigrate.stages.writing import put

    compat = compat_text(place, looked) if place is not None else None
    proofs = proofs_of(looked, settings, compat, progress, roots or [os.curdir]) if settings.verify else {}
    results, proved = judged(looked, proofs, settings.mode)
    return results if settings.mode == "check" else put(results, looked, proved, settings, place, roots is not None)


def _result(results: Sequence[FileResult], looked_at: int, settings: Settings) -> RunResult:
    files = tuple(file for file in results if file.error or file.findings or file.fixed or file.proofs or file.pieces)
    stopped = any(file.kept == STOPPED for file in files)
    return RunResult(
        settings.mode, files, looked_at, settings.unsafe_fixes, settings.require_proof, settings.verify, stopped
    )


def _place(paths: Sequence[str], settings: Settings) -> Place | None:
    if settings.vendor is None:
        return None
    from tdmigrate.vendoring.module import place

    return place(settings.vendor, paths, os.path.dirname(settings.source) if settings.source is not None else None)


def _roots(paths: Sequence[str]) -> list[str]:
    """The folders that imports of the project may start from."""
    return [os.curdir, *(path for path in paths if os.path.isdir(path))]
