"""The way of a file: bytes → text → understanding → rules → new text → proof → disk.

Only this module knows the order.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from tdmigrate.config import STDIN, Settings
from tdmigrate.discovery import VENDORED, Found, discover, may_hold_legacy
from tdmigrate.findings import Applicability, Finding
from tdmigrate.patience import patience
from tdmigrate.records import NamedTuple
from tdmigrate.results import Conclusion, FileError, FileResult, Proof, RunResult, applies
from tdmigrate.sources.text import Source, SourceError, create, decode, encode, holds, limit, replace, scan
from tdmigrate.syntax import check_depth, check_size, parse, quiet, too_deep
from tdmigrate.view import View, rewritten_notebook, view

if TYPE_CHECKING:
    from mmap import mmap

    from tdmigrate.evidence import Projects
    from tdmigrate.rules.check import CheckResult, Reading
    from tdmigrate.rules.context import CheckSettings
    from tdmigrate.sources.janitor import Janitor
    from tdmigrate.understanding.claims import Claims
    from tdmigrate.understanding.era import Era
    from tdmigrate.understanding.module import Module
    from tdmigrate.vendoring.module import Place
    from tdmigrate.verification.modules import Texts

# With fewer files to parse, starting processes costs more than it saves.
MANY = 30

STOPPED = "the run was interrupted before it"  # why a file was not written

DEBUG = "TDMIGRATE_DEBUG"  # environment variable: an internal error shows where it comes from


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


class Changed(NamedTuple):
    """One file whose change is to be proved; both texts are modules in Python 3."""

    path: str
    old_text: str
    new_text: str
    check: CheckResult  # of the old text
    compat: str | None = None  # the text of the module that stands for tdmigrate.compat in the project


def run(paths: Sequence[str], settings: Settings, progress: Progress) -> tuple[RunResult, tuple[str, ...]]:
    """All files under ``paths``, and notes for standard error. What is wrong with a file stands in its result.

    Raises ``ConfigError`` before anything is written: the module of --vendor cannot be.
    """
    found = discover(paths, settings.exclude)
    where = _place(paths, settings)
    roots = _roots(paths)
    looked = _look_at_all(found.files, settings, progress, roots)
    results = [*found.errors, *_finish(looked, settings, where, progress, roots, to_disk=True)]
    return _result(results, len(found.files) + len(found.errors), settings), found.notes


def run_text(path: str, data: bytes, settings: Settings) -> RunResult:
    """One source that stands in no file: nothing is written, ``new_text`` holds what would be."""
    where = _place(() if path == STDIN else (path,), settings)
    looked = _guarded(path, lambda: _look_at_text(path, data, settings))
    return _result(_finish([looked], settings, where, None, [os.curdir], to_disk=False), 1, settings)


def shown_programs(paths: Sequence[str], settings: Settings, progress: Progress) -> tuple[RunResult, str]:
    """The programs that proofs of all files under ``paths`` run, as text; nothing is run, nothing written."""
    found = discover(paths, settings.exclude)
    roots = _roots(paths)
    looked = _look_at_all(found.files, settings._replace(verify=True), progress, roots)
    results = [*found.errors, *(one.result for one in looked)]
    return _result(results, len(results), settings), _shown(looked, settings, roots)


def shown_programs_of_text(path: str, data: bytes, settings: Settings) -> tuple[RunResult, str]:
    """The same for one source that stands in no file."""
    looked = _guarded(path, lambda: _look_at_text(path, data, settings._replace(verify=True)))
    return _result([looked.result], 1, settings), _shown([looked], settings, [os.curdir])


def _shown(looked: Sequence[Looked], settings: Settings, roots: Sequence[str]) -> str:
    from tdmigrate.verification.shown import programs_shown

    changed = _changed([one for one in looked if one.result.error is None], settings, None)
    with quiet():
        return "\n".join(programs_shown(changed, settings, _texts(looked, settings, roots)))


def encoded(data: bytes, result: FileResult) -> bytes:
    """The bytes of a result's new text, for a source that was read as ``data``."""
    return encode(decode(result.path, data), result.new_file or result.new_text or "")


def look_at(task: Task, settings: Settings) -> Looked:
    """One file, for another process. Raises nothing but what stops the whole run."""
    return _look_at(task, settings)._replace(read=None)


def _look_at(task: Task, settings: Settings) -> Looked:
    return _guarded(task.found.path, lambda: _look_at_file(task, settings))


def _look_at_text(path: str, data: bytes, settings: Settings) -> Looked:
    source = decode(path, data)
    if path == STDIN:
        return _look_at_source(source, settings, ())
    looked = _look_at_source(source, settings, None)
    if looked.own is None:
        return looked
    projects = _projects([(path, looked.own)], settings)
    claims = _gather([(path, looked.own)], projects)[0]
    return looked if claims is None or looked.read is None else _look_at_view(looked.read, settings, claims)


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


def _look_at_all(
    files: Sequence[Found], settings: Settings, progress: Progress, roots: Sequence[str]
) -> list[Looked]:
    """Every file that may hold something, in order; those of legacy Keras once more, with what their project says.

    Of the others, those that use models of one of them, and those in Python 2 that one of them in Python 2 imports.
    """
    todo = [Task(found) for found in files if found.named or _may_matter(found.path)]
    looked = _look_at_each(todo, settings, progress)
    waiting = [(index, one.own) for index, one in enumerate(looked) if one.own is not None]
    projects = _projects([(todo[index].found.path, own) for index, own in waiting], settings)
    gathered = _gather([(todo[index].found.path, own) for index, own in waiting], projects)
    again = [(index, claims) for (index, _), claims in zip(waiting, gathered, strict=True) if claims is not None]
    legacy = [
        looked[index].result.path for index, _ in again if (own := looked[index].own) is not None and own.keras
    ]
    bystanders = _bystanders(files, looked, legacy, settings, projects, progress)
    helpers = _helpers(files, [*looked, *bystanders], settings, roots)
    tasks = [Task(todo[index].found, claims, looked[index].read) for index, claims in again]
    for (index, _), one in zip(again, _look_at_each(tasks, settings, progress), strict=True):
        looked[index] = one
    return _in_order((*looked, *helpers, *bystanders), files)


def _in_order(looked: Sequence[Looked], files: Sequence[Found]) -> list[Looked]:
    """All of them, each the last time that it was looked at, in the files' order."""
    told = {one.result.path: one for one in looked}
    return [told[one.path] for one in files if one.path in told]


def _bystanders(
    files: Sequence[Found],
    looked: Sequence[Looked],
    legacy: Sequence[str],
    settings: Settings,
    projects: Projects | None,
    progress: Progress,
) -> list[Looked]:
    """Those of the files, of which none imports Keras, that use models of a source for Keras 0.x/1.x."""
    known = {one.result.path for one in looked if one.own is not None and one.own.keras}
    others = [found for found in files if found.path not in known]
    named = [found for found in others if found.named]
    if not (known or named):
        return []
    from tdmigrate.bystanders import Origins, importers, near, trainers
    from tdmigrate.evidence import Projects

    # to look for words of Keras 1 in every file would be felt in a large tree that has none
    training = [found.path for found in others] if legacy else near([found.path for found in others], known)
    training = [*dict.fromkeys((*training, *(found.path for found in named)))]
    projects = projects or Projects(settings.exclude, {})
    origins = Origins(projects, None if settings.keras_version == "auto" else settings.keras_version)
    apart = {found.path for found in others}
    links = [found.path for found in files if found.path not in legacy] if legacy else []
    found = {**trainers(training, origins), **importers(links, legacy, origins)}
    for one in named:
        origin = origins.of(one.path) if one.path not in found else None
        if origin is not None:
            found[one.path] = origin
    tasks = [
        Task(one, projects.claims(one.path), None, found[one.path])
        for one in files
        if one.path in found and one.path in apart
    ]
    return [one for one in _look_at_each(tasks, settings, progress) if one.module or one.result.error is not None]


def _helpers(
    files: Sequence[Found], looked: Sequence[Looked], settings: Settings, roots: Sequence[str]
) -> list[Looked]:
    """The files in Python 2 that say nothing of Keras and are imported, maybe by another such, by one that does."""
    todo = [(one.result.path, one.imports) for one in looked if one.imports]
    if not todo:
        return []
    from tdmigrate.understanding.imported import Places

    known = {one.result.path for one in looked if one.own is not None or one.module}
    others = {os.path.realpath(one.path): one for one in files if one.path not in known}
    helpers: list[Looked] = []
    for path, imports in todo:  # which grows meanwhile
        places = Places(path, roots, ("keras",))
        for name in imports:
            place = places.find(name, os.path.realpath(path))
            found = others.pop(place, None) if place is not None else None
            if found is not None:
                helper = _look_at_helper(found, path, settings)
                todo.append((found.path, helper.imports))
                if helper.module:
                    helpers.append(helper)
    return helpers


def _look_at_helper(found: Found, importer: str, settings: Settings) -> Looked:
    """A file that ``importer`` imports; without a module: nothing is to be done with it."""

    def look() -> Looked:
        data = scan(found.path, lambda data: len(data) <= limit(found.path))
        if data is None:
            return Looked(FileResult(found.path))
        seen = view(decode(found.path, data), importer)
        from tdmigrate.rules.check import read
        from tdmigrate.understanding.imported import imported

        looked = Looked(FileResult(found.path))
        if seen.python2 is not None:
            looked = _look_at_view(Read(seen, read(seen.module, _wanted(settings)), importer), settings, ())
        return looked._replace(imports=imported(seen.module.tree))

    looked = _guarded(found.path, look)
    # what no Python parses was none of ours before it was imported
    return looked if looked.module else Looked(FileResult(found.path), imports=looked.imports)


def _look_at_each(tasks: Sequence[Task], settings: Settings, progress: Progress) -> list[Looked]:
    jobs = min(settings.jobs or _cores(), len(tasks))
    # facts of a file that is to be proved stay in this process, and proofs take far longer than looking
    if jobs > 1 and not settings.verify and (len(tasks) > MANY or settings.jobs > 1):
        from tdmigrate.parallel import look_at_many

        return look_at_many(tasks, settings, jobs, progress)
    looked = []
    for done, task in enumerate(tasks):
        progress(done, len(tasks))
        one = _look_at(task, settings)
        looked.append(one if len(tasks) <= MANY else one._replace(read=None))  # trees would fill the memory
    return looked


def _projects(waiting: Sequence[tuple[str, Own]], settings: Settings) -> Projects | None:
    """What the projects of these files say; None: none of them waits for that."""
    if not any(own.waits for _, own in waiting):
        return None
    from tdmigrate.evidence import Projects

    return Projects(settings.exclude, {os.path.realpath(path): own.claims for path, own in waiting})


def _gather(waiting: Sequence[tuple[str, Own]], projects: Projects | None) -> list[Claims | None]:
    """For each file what its project says; None: nothing that bears on it."""
    if projects is None:
        return [None for _ in waiting]
    gathered: list[Claims | None] = []
    for path, own in waiting:
        bears = own.waits == "project"
        if own.waits == "pins":
            bears = any(claim.legacy_only for claim in projects.written(path))
        gathered.append(projects.claims(path) if bears else None)
    return gathered


def _may_matter(path: str) -> bool:
    try:
        return scan(path, may_hold_legacy) is not None
    except SourceError:
        return True  # said when its turn comes


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _guarded(path: str, look: Callable[[], Looked]) -> Looked:
    """What is wrong with one file must not stop the others."""
    try:
        with patience():
            return look()
    except Exception as error:
        return Looked(FileResult(path, error=_in_words(error)))


def _in_words(error: Exception) -> FileError:
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


def _look_at_file(task: Task, settings: Settings) -> Looked:
    found = task.found
    if task.read is not None:
        return _look_at_view(task.read, settings, task.claims)

    def matters(data: bytes | mmap) -> bool:
        return may_hold_legacy(data) or ((found.named or bool(task.origin)) and len(data) <= limit(found.path))

    data = scan(found.path, matters)
    if data is None:
        return Looked(FileResult(found.path))
    return _look_at_source(decode(found.path, data), settings, task.claims, task.origin)


def _look_at_source(source: Source, settings: Settings, claims: Claims | None, origin: str = "") -> Looked:
    seen = view(source, origin=origin)
    if not (origin or may_hold_legacy(source.data)) or source.data.startswith(VENDORED):
        return Looked(FileResult(source.path))
    check_size(seen.module)
    from tdmigrate.rules.check import read

    reading = read(seen.module, _wanted(settings), origin) if origin else read(seen.module, _wanted(settings))
    return _look_at_view(Read(seen, reading, origin=origin), settings, claims)


def _wanted(settings: Settings) -> CheckSettings:
    from tdmigrate.rules.context import CheckSettings

    return CheckSettings(
        settings.select,
        settings.ignore,
        settings.style,
        settings.td_style,
        None if settings.keras_version == "auto" else settings.keras_version,
        None if settings.source_backend == "auto" else settings.source_backend,
        settings.unsafe_fixes,
        settings.vendor,
        settings.from_keras2,
    )


def _look_at_view(read: Read, settings: Settings, claims: Claims | None) -> Looked:
    from tdmigrate.rules import check as rules
    from tdmigrate.rules.check import check

    seen, reading, wanted = read.view, read.reading, _wanted(settings)
    path, module = seen.source.path, seen.module
    if claims is None:
        own = _own(seen, reading.era(wanted))
        if settings.vendor is not None and not own.waits:
            from tdmigrate.rules.vendored import imports_compat

            own = own._replace(waits="project" if imports_compat(module) else "")
        # its project may say that it is for Keras 0.x/1.x all the same; Python 2 is converted whatever it is for
        if settings.from_keras2 or (seen.python2 is not None and reading.search is not None):
            own = own._replace(waits="project")
        imports: tuple[str, ...] = ()
        if seen.python2 is not None and reading.search is not None:
            from tdmigrate.understanding.imported import imported

            imports = imported(module.tree)
        return Looked(FileResult(path), own=own, read=read, imports=imports)
    checked = check(module, wanted, claims, reading)
    era = checked.era
    if read.origin and era is None:
        return Looked(FileResult(path))
    findings = checked.findings if settings.vendor is None else _vendoring(module, checked.findings, wanted)
    of_python2, kept = _of_python2(read, settings, wanted)
    if of_python2:
        findings = tuple(sorted((*findings, *of_python2), key=lambda one: (one.span, one.code)))
    if kept is not None:
        findings = tuple(map(_never_applied, findings))
    shown, cells = seen.shown, seen.cells
    result = FileResult(
        path,
        keras_version=era.versions.show() if era is not None and era.legacy else None,
        source_backend=era.backend if era is not None and era.legacy else None,
        findings=tuple(sorted(map(seen.placed, findings), key=lambda one: (one.span, one.code))),
        text=shown,
        old_text=shown,
        cells=cells,
        old_cells=cells,
        encoding=seen.source.encoding,
        bom=seen.source.bom.decode("utf-8"),
        conclusion=_conclusion(seen, era, wanted) if era is not None and era.legacy else None,
        kept=kept if settings.mode == "write" else None,
    )
    looked = Looked(result, module=module.text, divides=seen.divides)
    if read.origin and seen.python2 is not None:
        from tdmigrate.understanding.imported import imported

        looked = looked._replace(imports=imported(module.tree))
    if kept is not None or (settings.mode == "check" and not settings.verify):
        return looked

    # the rewrite may take away all that proved Keras 0.x/1.x; what is left of that is none of Keras 2 for it
    ours = wanted._replace(from_keras2=False) if era is not None and era.legacy else wanted

    def recheck(text: str) -> tuple[Finding, ...]:
        new = parse(text, path)
        reading = rules.read(new, ours, read.origin) if read.origin else None
        found = check(new, ours, claims, reading).findings
        return found if settings.vendor is None else _vendoring(new, found, wanted)

    try:
        if any(finding.fix is not None for finding in findings):
            check_depth(module)
        new_module, left = _rewritten(module.text, findings, settings, recheck)
        if new_module == module.text and not of_python2:
            return looked
        result, left = _with_new(result, seen, new_module, left)
    except Exception as error:
        return Looked(result._replace(error=_in_words(error)))
    looked = looked._replace(result=result, source=seen.source, new_module=new_module, left=left)
    if not settings.verify or read.importer:
        return looked
    return looked._replace(check=checked._replace(findings=(*checked.findings, *of_python2)), seen=seen)


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


def _with_new(
    result: FileResult, seen: View, module: str, left: tuple[Finding, ...]
) -> tuple[FileResult, tuple[Finding, ...]]:
    """The result with the file that holds the new module, and what is left in it. ``SourceError``: it cannot."""
    try:
        module = seen.settled(module)
        text = seen.file(module)
    except ValueError as error:
        raise _does_not_hold(str(error)) from None
    data = encode(seen.source, text)
    if seen.notebook is None:
        return result._replace(new_text=text), left
    new = rewritten_notebook(decode(result.path, data), module)
    if new is None:
        raise _does_not_hold("the new cells do not give the new text")
    result = result._replace(new_text=new.shown, new_cells=new.cells, new_file=text)
    return result, tuple(map(new.placed, left))


def _vendoring(module: Module, findings: tuple[Finding, ...], wanted: CheckSettings) -> tuple[Finding, ...]:
    """The findings with the module of --vendor for tdmigrate.compat, and those of imports that move to it."""
    from tdmigrate.rules.vendored import check_vendored, imports_compat
    from tdmigrate.vendoring.module import vendored

    assert wanted.vendor is not None
    findings = vendored(findings, wanted.vendor)
    if not imports_compat(module):
        return findings
    from tdmigrate.vendoring.library import library

    moved = check_vendored(module, wanted, library().pieces)
    return tuple(sorted((*findings, *moved), key=lambda one: one.span))


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


def _rewritten(
    text: str, findings: Sequence[Finding], settings: Settings, recheck: Callable[[str], tuple[Finding, ...]]
) -> tuple[str, tuple[Finding, ...]]:
    """The module with its fixes applied, and what is left in it. Raises ``SourceError`` where it does not hold."""
    fixes = [finding.fix for finding in findings if finding.fix and applies(finding, settings.unsafe_fixes)]
    if not fixes:
        return text, tuple(findings)
    from tdmigrate.moves import places, standing
    from tdmigrate.rewriting.apply import Misfit, rewrite

    unfixed = [finding for finding in findings if not applies(finding, settings.unsafe_fixes)]
    try:
        new_text, moved = rewrite(text, fixes, list(places(unfixed)))
        again = recheck(new_text)
    except Misfit as misfit:
        raise _does_not_hold(str(misfit)) from None
    except SourceError as refused:
        if refused.error.code == "E901":
            raise _does_not_hold(f"the new text has a {refused.error.message}") from None
        raise
    unfinished = next((finding for finding in again if applies(finding, settings.unsafe_fixes)), None)
    if unfinished is not None:
        row = unfinished.span.row
        raise _does_not_hold(f"row {row} of the new text would be fixed once more, {unfinished.code}")
    return new_text, standing(unfixed, again, moved)


def _does_not_hold(what: str) -> SourceError:
    advice = "the file is as it was; mend it by hand, and report it"
    return SourceError("E907", None, f"cannot be rewritten ({what.splitlines()[0]})", advice)


def _finish(
    looked: Sequence[Looked],
    settings: Settings,
    where: Place | None,
    progress: Progress | None,
    roots: Sequence[str],
    to_disk: bool,
) -> list[FileResult]:
    """Prove what changed, then write it; what they import from the module of --vendor first.

    ``roots``: folders that imports of the project may start from.
    """
    compat = None
    if where is not None:
        made = _vendored(where, [one for one in looked if one.result.error is None])
        compat = made.new_text if made is not None else where.source.text if where.source is not None else None
    proofs = _prove(looked, settings, compat, progress, roots) if settings.verify else {}
    results: list[FileResult] = []
    to_write: list[int] = []
    for one in looked:
        result = one.result
        if one.source is not None and result.error is None and result.new_text is not None:
            proved = proofs.get(result.path, ())
            if isinstance(proved, FileError):
                result = result._replace(error=proved)
            else:
                placed = proved if one.seen is None else tuple(map(one.seen.placed_proof, proved))
                result = result._replace(proofs=placed)
                if any(proof.status == "different" for proof in proved):
                    result = result._replace(kept="a proof came out different" if settings.mode == "write" else None)
                else:
                    to_write.append(len(results))
        results.append(result)
    changed = None
    if where is not None and settings.mode in ("diff", "write") and to_disk:
        changed = _vendored(where, [looked[index] for index in to_write])
        if changed is not None and settings.mode == "write":
            changed = _write_vendored(changed, where)
            if changed.error is not None:
                kept = f"{changed.path}, which it would import from, could not be written"
                results = [one._replace(kept=kept) if i in to_write else one for i, one in enumerate(results)]
                to_write = []
    if settings.mode == "write":
        _write_all(results, looked, to_write, settings, to_disk)
    return results if changed is None else [*results, changed]


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


def _vendored(where: Place, looked: Sequence[Looked]) -> FileResult | None:
    """The module of --vendor with what the new texts import from it; None: it has all of that."""
    from tdmigrate.vendoring.module import imported, text_of

    new_texts = [one.new_module for one in looked if one.new_module is not None]
    wanted = sorted(frozenset(name for text in new_texts for name in imported(text, where.module)))
    text = text_of(where, wanted)
    if text is None:
        return None
    old = where.source.text if where.source is not None else ""
    created = where.source is None
    return FileResult(where.path, old_text=old, text=old, new_text=text, created=created, pieces=tuple(wanted))


def _write_vendored(made: FileResult, where: Place) -> FileResult:
    assert made.new_text is not None
    try:
        if where.source is None:
            create(made.path, made.new_text)
        else:
            replace(where.source, made.new_text)
    except SourceError as refused:
        return made._replace(error=refused.error)
    return made._replace(text=made.new_text, written=True)


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


def _prove(
    looked: Sequence[Looked],
    settings: Settings,
    compat: str | None,
    progress: Progress | None,
    roots: Sequence[str],
) -> dict[str, tuple[Proof, ...] | FileError]:
    changed = _changed(looked, settings, compat)
    if not changed:
        return {}
    from tdmigrate.verification.verify import verify_files

    told = None if progress is None else progress.proving
    try:
        with quiet():
            proofs = verify_files(changed, settings, told, _texts(looked, settings, roots))
        return {path: tuple(found) for path, found in proofs.items()}
    except Exception as error:
        failed = internal(error)
        return {item.path: failed for item in changed}


def _changed(looked: Sequence[Looked], settings: Settings, compat: str | None) -> list[Changed]:
    return [
        Changed(one.result.path, _old_module(one), _provable(one.new_module, settings), one.check, compat)
        for one in looked
        if one.check is not None and one.new_module is not None
    ]


def _old_module(looked: Looked) -> str:
    """What is understood of the old text, as proofs want it."""
    from tdmigrate.verification.cutting.division import Divided

    return Divided(looked.module) if looked.divides else looked.module


def _texts(looked: Sequence[Looked], settings: Settings, roots: Sequence[str]) -> Texts:
    """What the files' imports may find."""
    from tdmigrate.verification.modules import Texts

    known: dict[str, tuple[str, str] | None] = {}
    for one in looked:
        result = one.result
        if result.error is not None:
            known[result.path] = None
        elif one.module:
            new = one.module if one.new_module is None else one.new_module
            known[result.path] = (_old_module(one), _provable(new, settings))
    return Texts(known, [one.result.path for one in looked], roots)


def _provable(new_text: str, settings: Settings) -> str:
    """The new text for a proof, in which the module of --vendor runs under the name of what it was taken from."""
    if settings.vendor is None:
        return new_text
    from tdmigrate.vendoring.module import from_compat

    return from_compat(new_text, settings.vendor)
