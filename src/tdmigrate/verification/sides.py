"""The two sides of a proof: the workers of genuine Keras, that of Keras 3, and what their programs leave."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from tdmigrate.plain import printable
from tdmigrate.records import NamedTuple
from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Call, Job, Limits
from tdmigrate.verification.legacy.install import (
    KERAS,
    ON_TENSORFLOW,
    THEANO,
    LegacyUnavailable,
    default_path,
    install,
    is_intact,
    take,
)
from tdmigrate.verification.modern.backends import ENVIRONMENT
from tdmigrate.verification.runner import End, Worker

if TYPE_CHECKING:
    from tdmigrate.verification.record import Record
    from tdmigrate.verification.step import Trained, Untrained

INSTALL = "pip install 'tdmigrate[verify]'"
BACKENDS = {"tensorflow": INSTALL, "jax": f"{INSTALL} jax", "torch": f"{INSTALL} torch"}  # what has Keras 3 run on it
_NAMES = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "torch"}


class Legacy:
    """The old side: one worker for each release and backend that jobs need."""

    def __init__(self, folder: Path, path: Path | None) -> None:
        self._folder = folder
        self._path = path
        self._workers: dict[tuple[str, str], Worker] = {}
        self._lock = threading.Lock()
        self._abandoned = False
        self._unavailable: dict[tuple[str, str], str] = {}  # by release and backend, the trouble in one line
        self._unreachable = False  # a release could not be fetched: no need to try others

    def run(self, job: Job, folder: Path, limits: Limits) -> Ran | Proof:
        """The record of the old program, behind the link ``folder/legacy`` too; a finished proof where there is none.

        Threads may run jobs at the same time.
        """
        place = folder / "old"
        first: Proof | None = None
        sources = [(job.old, job.old_target)]
        if job.compiled is not None:
            sources.insert(0, (job.compiled.old, job.compiled.old_target))
        without_loss: str | None = None  # why the program with its own compile did not run
        for (release, backend), (source, target) in product(_attempts(job), sources):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            worker = self._ready(release, backend)
            if isinstance(worker, str):
                first = first or unproved(job, worker)
                continue
            data = {
                "source": source, "target": target, "old_order": job.old_order, "ordering": job.ordering,
                "own_optimizer": job.own_optimizer,
            }  # fmt: skip
            (place / "old.json").write_text(json.dumps(data))
            end = worker.run(place, *limits)
            ran = outcome(place, end, "the old program", limits)
            if not isinstance(ran, Trouble):
                (folder / "legacy").symlink_to(place / end.made)
                ran = _told(ran, without_loss if job.compiled is not None and source == job.old else None)
                instead = first.reason if first is not None and release in job.foreign else None
                return ran._replace(instead=instead)
            if job.compiled is not None and source == job.compiled.old:
                without_loss = ran.reason
            absent = f"genuine Keras {release} does not start here ({ran.reason}): {INSTALL}"
            first = first or unproved(job, absent if ran.stage == "absent" else ran.reason, worker.framework)
            if ran.stage in ("end", "memory"):  # no other release would do better
                break
        assert first is not None
        if job.call is not None and first.legacy is None:
            (folder / "legacy").mkdir()
            return _by_formula(job, job.call, folder / "legacy")
        return first

    def _ready(self, release: str, backend: str) -> Worker | str:
        """The worker of this release; why there is none."""
        which = (release, backend)
        with self._lock:
            if which in self._workers:
                return self._workers[which]
            if which not in self._unavailable:
                trouble = self._start(release, backend)
                if trouble is None:
                    return self._workers[which]
                self._unavailable[which] = trouble
            return self._unavailable[which]

    def _start(self, release: str, backend: str) -> str | None:
        if self._abandoned:
            return "interrupted"
        if release not in KERAS:
            return f"there is no genuine Keras {release} to run: one of {', '.join(KERAS)}"
        releases = (THEANO, KERAS[release]) if backend == "theano" else (KERAS[release],)
        path = self._path or default_path()
        absent = f"genuine Keras {release} is not here: go online once and run `tdmigrate legacy install`"
        if self._unreachable and not all(is_intact(path, one) for one in releases):
            return absent
        try:
            path = install(None, releases, sys.stderr) if self._path is None else take(self._path, releases)
        except LegacyUnavailable as unavailable:
            self._unreachable = True
            sys.stderr.write(f"tdmigrate: {printable(str(unavailable))}\n")  # once; the proofs say it shorter
            return absent
        home = self._folder / f"keras-{release}-{backend}"
        home.mkdir()
        arguments = (str(path), release, backend)
        self._workers[release, backend] = Worker("tdmigrate.verification.legacy.worker", arguments, home, {})
        return None

    def abandon(self) -> None:
        """Make a job that runs in another thread end now."""
        self._abandoned = True  # a release that is being fetched keeps the lock
        for worker in list(self._workers.values()):
            worker.abandon()

    def close(self) -> None:
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()


def _told(ran: Ran, why: str | None) -> Ran:
    """With why the step is not of the source's own loss."""
    from tdmigrate.verification.step import Trained

    return ran._replace(step=ran.step._replace(why=why)) if why and isinstance(ran.step, Trained) else ran


def _attempts(job: Job) -> list[tuple[str, str]]:
    """The releases that may run the old program, each with its backend, best first."""
    releases = (job.version, *job.others)
    on_theano = [(release, "theano") for release in releases]
    if job.backend == "theano":
        return on_theano
    return [*((release, job.backend) for release in releases if release in ON_TENSORFLOW), *on_theano]


class Modern:
    """The new side, on the backend that ``KERAS_BACKEND`` names: jax, torch, or else tensorflow."""

    def __init__(self, folder: Path) -> None:
        home = folder / "keras-3"
        home.mkdir()
        wanted = os.environ.get("KERAS_BACKEND")
        self.backend = wanted if wanted in BACKENDS else "tensorflow"  # "theano" is meant for old programs
        environment = {"KERAS_BACKEND": self.backend, **ENVIRONMENT[self.backend]}
        self._worker = Worker("tdmigrate.verification.modern.worker", (), home, environment)

    def run(self, job: Job, old: Ran, folder: Path, limits: Limits) -> Ran | Trouble:
        """The record of the new program, given that of the old one, which lies in ``folder/legacy`` too."""
        from tdmigrate.verification.step import Untrained

        compiled = job.compiled
        if compiled is None or not _with_own_loss(old):
            return self._run(job, job.new, job.new_target, folder, limits)
        ran = self._run(job, compiled.new, compiled.new_target, folder, limits)
        if not isinstance(ran, Trouble) or ran.stage != "program" or job.finished:
            return ran
        bare = self._run(job, job.new, job.new_target, folder, limits)
        return bare if isinstance(bare, Trouble) else bare._replace(step=Untrained(ran.reason))

    def _run(self, job: Job, source: str, target: str, folder: Path, limits: Limits) -> Ran | Trouble:
        place = folder / "modern"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        (place / "legacy").symlink_to(folder / "legacy")
        (place / "new.json").write_text(json.dumps({"source": source, "target": target, "compat": job.compat}))
        ran = outcome(place, self._worker.run(place, *limits), "the new program", limits)
        if isinstance(ran, Trouble) and ran.stage == "absent":
            absent = f"Keras 3 on {_NAMES[self.backend]} does not start here ({ran.reason}): {BACKENDS[self.backend]}"
            return ran._replace(reason=absent)
        return ran

    def start(self) -> None:
        """Start its worker, which takes a while, if it isn't there."""
        self._worker.start()

    @property
    def framework(self) -> str | None:
        return self._worker.framework

    def abandon(self) -> None:
        """Make the jobs that run in other threads end now."""
        self._worker.abandon()

    def close(self) -> None:
        self._worker.close()


class Trouble(NamedTuple):
    """Why a program left no record."""

    stage: str  # of record.Failure, or "end"
    reason: str
    layer: str | None = None


class Ran(NamedTuple):
    """What a program left: a model that ran, and what came of its training step."""

    record: Record
    step: Trained | Untrained
    instead: str | None = None  # why no release ran it that the source was written for; None: such a one did


def _with_own_loss(ran: Ran) -> bool:
    """Whether the step was made with the loss of the source."""
    from tdmigrate.verification.step import MADE_UP, Trained

    return isinstance(ran.step, Trained) and ran.step.kind != MADE_UP


def outcome(folder: Path, end: End, name: str, limits: Limits) -> Ran | Trouble:
    """What a program left in its folder; its files are read with distrust."""
    too_much = Trouble("end", f"{name} needs more memory than {limits.memory / 2**30:.1f} GB")
    before = " before the model had run"
    trouble = Trouble("end", f"{name} ended its process (exit code {end.code}){before}")
    if end.kind == "absent":
        return Trouble("absent", end.output)
    if end.kind == "lost":
        return Trouble("end", f"{name} ended the process that watches it")
    if end.kind == "timeout":
        trouble = Trouble("end", f"{name} did not finish within {limits.seconds:g} seconds")
    elif end.kind == "output":
        return Trouble("end", f"{name} printed too much: more than a megabyte")
    elif end.kind == "disk":
        return Trouble("end", f"{name} wrote too much: more than 4 GB, or more than 10,000 files")
    elif end.kind == "signal":
        is_memory = "bad_alloc" in end.output or "MemoryError" in end.output
        trouble = too_much if is_memory else Trouble("end", f"{name} crashed (signal {end.code})")
    from tdmigrate.verification import record, step

    if not end.made:
        return trouble
    folder /= end.made
    try:
        if (folder / "failure.json").is_file():
            data = json.loads((folder / "failure.json").read_text())
            if data["stage"] == "memory":
                return too_much
            reason = str(data["reason"])
            if data["stage"] == "internal":
                reason = f"what {name} builds could not be examined: {reason}"
            return Trouble(str(data["stage"]), reason, data["layer"] and str(data["layer"]))
        # the record is there before the step begins, of which no end may be seen
        why = trouble.reason.removesuffix(before)
        return Ran(record.load(folder), step.load(folder) or step.Untrained(why))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, BadZipFile):
        return trouble
    except MemoryError:
        return too_much


def unproved(job: Job, reason: str, legacy: str | None = None, modern: str | None = None) -> Proof:
    return Proof(job.model, job.row, "unproved", reason, legacy=legacy, modern=modern)


def _by_formula(job: Job, call: Call, folder: Path) -> Ran | Proof:
    from tdmigrate.verification import formula, record
    from tdmigrate.verification.step import Untrained

    try:
        made = formula.record_of(call, job.version)
    except formula.NoFormula as unknown:
        return unproved(job, str(unknown), legacy=formula.FRAMEWORK)
    record.save(folder, made)
    return Ran(made, Untrained("a reference formula has no gradient"))
