"""New texts go to the disk; the module of --vendor, which they import from, goes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tdmigrate.config import Settings
from tdmigrate.findings import Finding
from tdmigrate.results import STOPPED, FileResult, applies
from tdmigrate.sources.text import Source, SourceError, decode, encode, holds, replace
from tdmigrate.stages.looked import Looked
from tdmigrate.stages.vendored import vendored, write_vendored

if TYPE_CHECKING:
    from tdmigrate.sources.janitor import Janitor
    from tdmigrate.vendoring.module import Place


def put(
    results: list[FileResult],
    looked: Sequence[Looked],
    proved: Sequence[int],
    settings: Settings,
    place: Place | None,
    to_disk: bool,
) -> list[FileResult]:
    """The results once their files are written (in a diff: as they would be), with that of the module of --vendor.

    ``proved``: the places of those that may be. ``to_disk``: whether the sources stand in files at all.
    """
    module = vendored(place, [looked[index] for index in proved]) if place is not None and to_disk else None
    if settings.mode == "write":
        if place is not None and module is not None:
            module = write_vendored(module, place)
            if module.error is not None:
                kept = f"{module.path}, which it would import from, could not be written"
                for index in proved:
                    results[index] = results[index]._replace(kept=kept)
                proved = ()
        _write_all(results, looked, proved, settings, to_disk)
    return results if module is None else [*results, module]


def _write_all(
    results: list[FileResult], looked: Sequence[Looked], to_write: Sequence[int], settings: Settings, to_disk: bool
) -> None:
    """Put what was written in the place of its result. An interrupt leaves the rest as it is and says so."""
    if not to_disk or not to_write:
        _write_each(results, looked, to_write, settings, None)
        return
    from tdmigrate.sources.janitor import Janitor

    with Janitor() as janitor:
        _write_each(results, looked, to_write, settings, janitor)


def _write_each(
    results: list[FileResult],
    looked: Sequence[Looked],
    to_write: Sequence[int],
    settings: Settings,
    janitor: Janitor | None,
) -> None:
    """``janitor`` None: nothing is written to the disk."""
    stopped = False
    for index in to_write:
        source = looked[index].source
        assert source is not None
        if not stopped:
            try:
                results[index] = _write(results[index], source, looked[index].left, settings, janitor)
            except KeyboardInterrupt:
                stopped = True
                if holds(source.path, encoded(source.data, results[index])):
                    results[index] = _written(results[index], looked[index].left, settings)
        if stopped and not results[index].written:
            results[index] = results[index]._replace(kept=STOPPED)


def _write(
    result: FileResult, source: Source, left: tuple[Finding, ...], settings: Settings, janitor: Janitor | None
) -> FileResult:
    assert result.new_text is not None
    if janitor is not None:
        try:
            replace(source, result.new_file or result.new_text, janitor)
        except SourceError as refused:
            return result._replace(error=refused.error)
    return _written(result, left, settings)


def _written(result: FileResult, left: tuple[Finding, ...], settings: Settings) -> FileResult:
    fixed = tuple(finding for finding in result.findings if applies(finding, settings.unsafe_fixes))
    text = result.new_text or ""
    return result._replace(findings=left, fixed=fixed, text=text, cells=result.new_cells, written=True)


def encoded(data: bytes, result: FileResult) -> bytes:
    """The bytes of a result's new text, for a source that was read as ``data``."""
    return encode(decode(result.path, data), result.new_file or result.new_text or "")
