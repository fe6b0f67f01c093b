"""All files of a run: each is looked at, then those once more on which what their project says bears."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tdmigrate.config import STDIN, Settings
from tdmigrate.discovery import Found, may_hold_legacy
from tdmigrate.results import FileResult
from tdmigrate.sources.text import SourceError, decode, limit, scan
from tdmigrate.stages.guarding import guarded
from tdmigrate.stages.looked import Looked, Own, Progress, Read, Task
from tdmigrate.stages.one_file import look_at_one, look_at_source, look_at_view
from tdmigrate.view import view

if TYPE_CHECKING:
    from tdmigrate.evidence import Projects
    from tdmigrate.understanding.claims import Claims

# With fewer files to parse, starting processes costs more than it saves.
MANY = 30


def look_at_all(
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


def look_at_text(path: str, data: bytes, settings: Settings) -> Looked:
    """One source that stands in no file; its project is that of ``path``."""
    return guarded(path, lambda: _look_at_text(path, data, settings))


def _look_at_text(path: str, data: bytes, settings: Settings) -> Looked:
    source = decode(path, data)
    if path == STDIN:
        return look_at_source(source, settings, ())
    looked = look_at_source(source, settings, None)
    if looked.own is None:
        return looked
    projects = _projects([(path, looked.own)], settings)
    claims = _gather([(path, looked.own)], projects)[0]
    return looked if claims is None or looked.read is None else look_at_view(looked.read, settings, claims)


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
        from tdmigrate.rules.context import CheckSettings
        from tdmigrate.understanding.imported import imported

        looked = Looked(FileResult(found.path))
        if seen.python2 is not None:
            looked = look_at_view(Read(seen, read(seen.module, CheckSettings.of(settings)), importer), settings, ())
        return looked._replace(imports=imported(seen.module.tree))

    looked = guarded(found.path, look)
    # what no Python parses was none of ours before it was imported
    return looked if looked.module else Looked(FileResult(found.path), imports=looked.imports)


def _look_at_each(tasks: Sequence[Task], settings: Settings, progress: Progress) -> list[Looked]:
    jobs = min(settings.jobs or _cores(), len(tasks))
    # facts of a file that is to be proved stay in this process, and proofs take far longer than looking
    if jobs > 1 and not settings.verify and (len(tasks) > MANY or settings.jobs > 1):
        from tdmigrate.stages.parallel import look_at_many

        return look_at_many(tasks, settings, jobs, progress)
    looked = []
    for done, task in enumerate(tasks):
        progress(done, len(tasks))
        one = look_at_one(task, settings)
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
