"""The module of --vendor, a copy of what the new texts use of ``tdmigrate.compat``."""

from __future__ import annotations

from collections.abc import Sequence

from tdmigrate.results import FileResult
from tdmigrate.sources.text import SourceError, create, replace
from tdmigrate.stages.looked import Looked
from tdmigrate.vendoring.module import Place, imported, text_of


def compat_text(place: Place, looked: Sequence[Looked]) -> str | None:
    """The text of the module once all new texts can import from it; None: it is not there, and nothing needs it."""
    made = vendored(place, [one for one in looked if one.result.error is None])
    if made is not None:
        return made.new_text
    return place.source.text if place.source is not None else None


def vendored(place: Place, looked: Sequence[Looked]) -> FileResult | None:
    """The module of --vendor with what the new texts import from it; None: it has all of that."""
    new_texts = [one.new_module for one in looked if one.new_module is not None]
    wanted = sorted(frozenset(name for text in new_texts for name in imported(text, place.module)))
    text = text_of(place, wanted)
    if text is None:
        return None
    old = place.source.text if place.source is not None else ""
    created = place.source is None
    return FileResult(place.path, old_text=old, text=old, new_text=text, created=created, pieces=tuple(wanted))


def write_vendored(made: FileResult, place: Place) -> FileResult:
    assert made.new_text is not None
    try:
        if place.source is None:
            create(made.path, made.new_text)
        else:
            replace(place.source, made.new_text)
    except SourceError as refused:
        return made._replace(error=refused.error)
    return made._replace(text=made.new_text, written=True)
