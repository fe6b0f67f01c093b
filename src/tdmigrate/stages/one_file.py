"""One file: its bytes are read, understood and checked; where that is asked for, it gets its new text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tdmigrate.config import Settings
from tdmigrate.discovery import VENDORED, may_hold_legacy
from tdmigrate.findings import Applicability, Finding
from tdmigrate.results import Conclusion, FileResult
from tdmigrate.sources.text import Source, decode, limit, scan
from tdmigrate.stages.guarding import guarded
from tdmigrate.stages.looked import Looked, Own, Read, Task
from tdmigrate.syntax import check_size
from tdmigrate.view import View, view

if TYPE_CHECKING:
    from mmap import mmap

    from tdmigrate.rules.context import CheckSettings
    from tdmigrate.understanding.claims import Claims
    from tdmigrate.understanding.era import Era


def look_at(task: Task, settings: Settings) -> Looked:
    """One file, for another process. Raises nothing but what stops the whole run."""
    return look_at_one(task, settings)._replace(read=None)


def look_at_one(task: Task, settings: Settings) -> Looked:
    """The same, with what is for this process alone."""
    return guarded(task.found.path, lambda: _look_at_file(task, settings))


def _look_at_file(task: Task, settings: Settings) -> Looked:
    found = task.found
    if task.read is not None:
        return look_at_view(task.read, settings, task.claims)

    def matters(data: bytes | mmap) -> bool:
        return may_hold_legacy(data) or ((found.named or bool(task.origin)) and len(data) <= limit(found.path))

    data = scan(found.path, matters)
    if data is None:
        return Looked(FileResult(found.path))
    return look_at_source(decode(found.path, data), settings, task.claims, task.origin)


def look_at_source(source: Source, settings: Settings, claims: Claims | None, origin: str = "") -> Looked:
    seen = view(source, origin=origin)
    if not (origin or may_hold_legacy(source.data)) or source.data.startswith(VENDORED):
        return Looked(FileResult(source.path))
    check_size(seen.module)
    from tdmigrate.rules.check import read
    from tdmigrate.rules.context import CheckSettings

    reading = read(seen.module, CheckSettings.of(settings), origin)
    return look_at_view(Read(seen, reading, origin=origin), settings, claims)


def look_at_view(read: Read, settings: Settings, claims: Claims | None) -> Looked:
    """What is found in a file; with ``claims`` None only what it says by itself, for its project."""
    if claims is None:
        return _by_itself(read, settings)
    from tdmigrate.rules.check import check
    from tdmigrate.rules.context import CheckSettings

    seen, wanted = read.view, CheckSettings.of(settings)
    checked = check(seen.module, wanted, claims, read.reading)
    if read.origin and checked.era is None:
        return Looked(FileResult(seen.source.path))
    findings = checked.findings
    if settings.vendor is not None:
        from tdmigrate.stages.new_text import vendoring

        findings = vendoring(seen.module, findings, wanted)
    of_python2, kept = _of_python2(read, settings, wanted)
    if of_python2:
        findings = tuple(sorted((*findings, *of_python2), key=lambda finding: (finding.span, finding.code)))
    if kept is not None:
        findings = tuple(map(_never_applied, findings))
    looked = Looked(_result(seen, checked.era, findings, wanted), module=seen.module.text, divides=seen.divides)
    if kept is not None and settings.mode == "write":
        looked = looked._replace(result=looked.result._replace(kept=kept))
    if read.origin and seen.python2 is not None:
        from tdmigrate.understanding.imported import imported

        looked = looked._replace(imports=imported(seen.module.tree))
    if kept is not None or (settings.mode == "check" and not settings.verify):
        return looked
    from tdmigrate.stages.new_text import with_new_text

    checked = checked._replace(findings=(*checked.findings, *of_python2))
    return with_new_text(looked, read, checked, findings, claims, settings)


def _by_itself(read: Read, settings: Settings) -> Looked:
    """What a file says of the Keras that it is for, and whether it waits for what its project says."""
    from tdmigrate.rules.context import CheckSettings

    seen, reading = read.view, read.reading
    own = _own(seen, reading.era(CheckSettings.of(settings)))
    if settings.vendor is not None and not own.waits:
        from tdmigrate.rules.vendored import imports_compat

        own = own._replace(waits="project" if imports_compat(seen.module) else "")
    # its project may say that it is for Keras 0.x/1.x all the same; Python 2 is converted whatever it is for
    in_python2 = seen.python2 is not None and reading.search is not None
    if settings.from_keras2 or in_python2:
        own = own._replace(waits="project")
    imports: tuple[str, ...] = ()
    if in_python2:
        from tdmigrate.understanding.imported import imported

        imports = imported(seen.module.tree)
    return Looked(FileResult(seen.source.path), own=own, read=read, imports=imports)


def _result(seen: View, era: Era | None, findings: Sequence[Finding], wanted: CheckSettings) -> FileResult:
    legacy = era if era is not None and era.legacy else None
    return FileResult(
        seen.source.path,
        keras_version=legacy.versions.show() if legacy is not None else None,
        source_backend=legacy.backend if legacy is not None else None,
        findings=tuple(sorted(map(seen.placed, findings), key=lambda finding: (finding.span, finding.code))),
        text=seen.shown,
        old_text=seen.shown,
        cells=seen.cells,
        old_cells=seen.cells,
        encoding=seen.source.encoding,
        bom=seen.source.bom.decode("utf-8"),
        conclusion=_conclusion(seen, legacy, wanted) if legacy is not None else None,
    )


def _of_python2(read: Read, settings: Settings, wanted: CheckSettings) -> tuple[tuple[Finding, ...], str | None]:
    """What there is to say of Python 2, and why the file is not to be converted all the same."""
    if read.view.python2 is None or (read.reading.search is None and not read.importer):
        return (), None
    from tdmigrate.python2.check import SYNTAX, check_python2

    found = check_python2(read.view.module, read.view.told, wanted)
    if settings.python2 == "keep":
        return found, "it is Python 2, which --python2 keep leaves as it is"
    if not any(one.code == SYNTAX for one in found):
        return found, f"it is Python 2, and {SYNTAX} is not wanted"
    return found, None


def _never_applied(finding: Finding) -> Finding:
    if finding.fix is None:
        return finding
    return finding._replace(fix=finding.fix._replace(applicability=Applicability.DISPLAY))


def _own(seen: View, era: Era | None) -> Own:
    if era is None:
        return Own((), "")
    from tdmigrate.evidence import own_claims

    claims = own_claims(seen, era)
    kind = "legacy" if era.legacy else "other"
    return Own(claims, "project" if era.legacy else "pins" if era.maybe else "", kind)


def _conclusion(seen: View, era: Era, wanted: CheckSettings) -> Conclusion:
    """What was concluded of a file, in words."""
    backend = f" on {era.backend}" if era.backend_told or wanted.source_backend else f", {era.backend} assumed"
    ordering = f", images as {era.ordering!r}" if era.ordering_told else ""
    asked = [
        f"{option} {value}"
        for option, value in (("--keras-version", wanted.keras_version), ("--source-backend", wanted.source_backend))
        if value is not None
    ]
    own = [
        *(era.version_evidence if wanted.keras_version is None else ()),
        *(era.backend_evidence[:1] if wanted.source_backend is None else ()),
        *era.ordering_evidence,
    ]
    return Conclusion(
        f"Keras {era.versions.show()}{backend}{ordering}",
        (*asked, *(claim.show() for claim in era.claims)),
        tuple(f"{seen.source.path}:{seen.where(one.span)}: {one.message}" for one in own),
    )
