"""Two sources → proof: genuine Keras 1 runs the old program, Keras 3 the new one, and their outputs are compared here.

Neither program runs in this process.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from tdmigrate.plain import printable
from tdmigrate.records import NamedTuple
from tdmigrate.results import Outputs, Proof, Step
from tdmigrate.verification.legacy.install import KERAS, THEANO, LegacyUnavailable, default_path, install, is_intact
from tdmigrate.verification.runner import End, Worker

if TYPE_CHECKING:
    from tdmigrate.verification.record import Array, LayerOutput, Record
    from tdmigrate.verification.step import Trained, Untrained

TOLERANCE = 1e-10  # of the scale of the output; a wrong default shows at 1e-3 and more, rounding at 1e-15
SECONDS = 120.0  # for one program on one side
MEMORY = 4 * 2**30  # bytes, beyond what the frameworks take
AHEAD = 4  # old programs that may have run before their new ones; their records lie on the disk meanwhile
_INSTALL = "pip install 'tdmigrate[verify]'"


class Call(NamedTuple):
    """One legacy layer with its arguments on a shape."""

    layer: str  # "TimeDistributedDense"
    arguments: Mapping[str, object]  # by legacy parameter name; those not given have the defaults of the release
    shape: tuple[int | None, ...]  # of the input, the batch first; None: any size


class Job(NamedTuple):
    """Two programs that each run by themselves, and the expression in each that is the model."""

    model: str  # what to call it in the report
    row: int  # of the old source, from 1
    old: str
    old_target: str
    new: str
    new_target: str
    version: str  # the release of Keras to run the old program: a key of ``install.KERAS``
    old_order: bool = False  # the old program writes layers as Keras 0.1 did, (input_dim, output_dim)
    call: Call | None = None  # that is all of the old program: its formula stands in where genuine Keras can't be had
    others: tuple[str, ...] = ()  # releases that may run the old program where the ones before do not, best first
    finished: bool = False  # nothing is left to a person: a new program that fails is a wrong migration
    compat: str | None = None  # the source that the new program gets for tdmigrate.compat; None: that itself
    ordering: str = ""  # where images have their channels in the old program, "th" or "tf"; "": as its release has it


def prove(jobs: Sequence[Job], legacy_path: Path | None = None) -> list[Proof]:
    """Prove each job; the proofs come in the order of the jobs. See ``Prover``."""
    with Prover(legacy_path) as prover:
        return prover.prove(jobs)


class Prover:
    """Both sides of proofs. Their processes start when they are first needed, and end with the ``with`` block."""

    def __init__(
        self, legacy_path: Path | None = None, progress: Callable[[int, int, str], None] | None = None
    ) -> None:
        """``legacy_path``: where genuine Keras lies or is put (None: the user's cache). ``progress`` is told before
        each proof how many of ``prove`` are made, of how many, and what the next is of."""
        self._progress = progress
        self._scratch = tempfile.TemporaryDirectory(prefix="tdmigrate-", ignore_cleanup_errors=True)
        self._folder = Path(self._scratch.name)
        self._legacy = _Legacy(self._folder, legacy_path)
        self._modern = _Modern(self._folder)
        self._begun = 0  # jobs, to give each a folder of its own

    def prove(self, jobs: Sequence[Job], *, seconds: float = SECONDS, memory: int = MEMORY) -> list[Proof]:
        """Prove each job; the proofs come in the order of the jobs. Nothing that a program does raises here.

        ``seconds``, ``memory``: what one program may take on one side.
        """
        if jobs and importlib.util.find_spec("numpy") is None:
            return [_unproved(job, f"NumPy is not here: {_INSTALL}") for job in jobs]
        limits = _Limits(seconds, memory)
        proofs: dict[int, Proof] = {}
        # one release after the other; the old programs run ahead of the new ones, in a thread that only waits for them
        order = sorted(range(len(jobs)), key=lambda index: jobs[index].version)
        ahead = ThreadPoolExecutor(1)
        try:
            waiting = deque(order)
            sides: deque[tuple[int, Path, Future[_Ran | Proof]]] = deque()
            while waiting or sides:
                while waiting and len(sides) < AHEAD:
                    index = waiting.popleft()
                    folder = self._folder / f"job-{self._begun}"
                    self._begun += 1
                    folder.mkdir()
                    sides.append((index, folder, ahead.submit(self._legacy.run, jobs[index], folder, limits)))
                index, folder, side = sides.popleft()
                if self._progress is not None:
                    self._progress(len(proofs), len(jobs), jobs[index].model)
                old = side.result()
                proofs[index] = old if isinstance(old, Proof) else self._finish(jobs[index], old, folder, limits)
                shutil.rmtree(folder, ignore_errors=True)
        except BaseException:
            ahead.shutdown(wait=False, cancel_futures=True)
            self._legacy.abandon()
            raise
        finally:
            ahead.shutdown()
        return [proofs[index] for index in range(len(jobs))]

    def _finish(self, job: Job, old: _Ran, folder: Path, limits: _Limits) -> Proof:
        new = self._modern.run(job, folder, limits)
        if isinstance(new, _Trouble):
            return _not_run(job, old.record, new, self._modern.framework)
        proof = _compare(job, old.record, new.record)
        return proof if proof.status != "equal" else _with_step(proof, old, new)

    def close(self) -> None:
        """End both sides and delete what they left."""
        self._legacy.abandon()
        self._legacy.close()
        self._modern.close()
        self._scratch.cleanup()

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Limits(NamedTuple):
    """What one program may take on one side."""

    seconds: float
    memory: int  # bytes


class _Legacy:
    """The old side: one worker for each release that jobs need."""

    def __init__(self, folder: Path, path: Path | None) -> None:
        self._folder = folder
        self._path = path
        self._workers: dict[str, Worker] = {}
        self._abandoned = False
        self._unavailable: dict[str, str] = {}  # by release, the trouble in one line
        self._unreachable = False  # a release could not be fetched: no need to try others

    def run(self, job: Job, folder: Path, limits: _Limits) -> _Ran | Proof:
        """The record of the old program, left in ``folder/legacy`` too; a finished proof where there is none."""
        place = folder / "legacy"
        first: Proof | None = None
        for release in (job.version, *job.others):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            worker = self._ready(release)
            if isinstance(worker, str):
                first = first or _unproved(job, worker)
                continue
            data = {
                "source": job.old, "target": job.old_target, "old_order": job.old_order, "ordering": job.ordering,
            }  # fmt: skip
            (place / "old.json").write_text(json.dumps(data))
            ran = _outcome(place, worker.run(place, *limits), "the old program", limits)
            if not isinstance(ran, _Trouble):
                return ran
            absent = f"genuine Keras {release} does not start here ({ran.reason}): {_INSTALL}"
            first = first or _unproved(job, absent if ran.stage == "absent" else ran.reason, worker.framework)
            if ran.stage in ("end", "memory"):  # no other release would do better
                break
        assert first is not None
        if job.call is not None and first.legacy is None:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            return _by_formula(job, job.call, place)
        return first

    def _ready(self, release: str) -> Worker | str:
        """The worker of this release; why there is none."""
        if release in self._workers:
            return self._workers[release]
        if release not in self._unavailable:
            trouble = self._start(release)
            if trouble is None:
                return self._workers[release]
            self._unavailable[release] = trouble
        return self._unavailable[release]

    def _start(self, release: str) -> str | None:
        if self._abandoned:
            return "interrupted"
        if release not in KERAS:
            return f"there is no genuine Keras {release} to run: one of {', '.join(KERAS)}"
        releases = (THEANO, KERAS[release])
        path = self._path or default_path()
        absent = f"genuine Keras {release} is not here: go online once and run `tdmigrate legacy install`"
        if self._unreachable and not all(is_intact(path, one) for one in releases):
            return absent
        try:
            path = install(self._path, releases, sys.stderr)
        except LegacyUnavailable as unavailable:
            self._unreachable = True
            sys.stderr.write(f"tdmigrate: {printable(str(unavailable))}\n")  # once; the proofs say it shorter
            return absent
        home = self._folder / f"keras-{release}"
        home.mkdir()
        self._workers[release] = Worker("tdmigrate.verification.legacy.worker", (str(path), release), home, {})
        return None

    def abandon(self) -> None:
        """Make a job that runs in another thread end now."""
        self._abandoned = True
        for worker in list(self._workers.values()):
            worker.abandon()

    def close(self) -> None:
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()


class _Modern:
    """The new side."""

    def __init__(self, folder: Path) -> None:
        home = folder / "keras-3"
        home.mkdir()
        self._worker = Worker("tdmigrate.verification.modern.worker", (), home, {})

    def run(self, job: Job, folder: Path, limits: _Limits) -> _Ran | _Trouble:
        """The record of the new program, given that of the old one in ``folder/legacy``."""
        place = folder / "modern"
        place.mkdir()
        (place / "legacy").symlink_to(folder / "legacy")
        (place / "new.json").write_text(json.dumps({"source": job.new, "target": job.new_target, "compat": job.compat}))
        return _outcome(place, self._worker.run(place, *limits), "the new program", limits)

    @property
    def framework(self) -> str | None:
        return self._worker.framework

    def close(self) -> None:
        self._worker.close()


class _Trouble(NamedTuple):
    """Why a program left no record."""

    stage: str  # of record.Failure, or "end"
    reason: str
    layer: str | None = None


class _Ran(NamedTuple):
    """What a program left: a model that ran, and what came of its training step."""

    record: Record
    step: Trained | Untrained


def _outcome(folder: Path, end: End, name: str, limits: _Limits) -> _Ran | _Trouble:
    """What a program left in its folder; its files are read with distrust."""
    too_much = _Trouble("end", f"{name} needs more memory than {limits.memory / 2**30:.1f} GB")
    before = " before the model had run"
    trouble = _Trouble("end", f"{name} ended its process (exit code {end.code}){before}")
    if end.kind == "absent":
        return _Trouble("absent", end.output)
    if end.kind == "lost":
        return _Trouble("end", f"{name} ended the process that watches it")
    if end.kind == "timeout":
        trouble = _Trouble("end", f"{name} did not finish within {limits.seconds:g} seconds")
    elif end.kind == "signal":
        is_memory = "bad_alloc" in end.output or "MemoryError" in end.output
        trouble = too_much if is_memory else _Trouble("end", f"{name} crashed (signal {end.code})")
    from tdmigrate.verification import record, step

    try:
        if (folder / "failure.json").is_file():
            data = json.loads((folder / "failure.json").read_text())
            if data["stage"] == "memory":
                return too_much
            reason = str(data["reason"])
            if data["stage"] == "internal":
                reason = f"what {name} builds could not be examined: {reason}"
            return _Trouble(str(data["stage"]), reason, data["layer"] and str(data["layer"]))
        # the record is there before the step begins, of which no end may be seen
        why = trouble.reason.removesuffix(before)
        return _Ran(record.load(folder), step.load(folder) or step.Untrained(why))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, BadZipFile):
        return trouble
    except MemoryError:
        return too_much


def _unproved(job: Job, reason: str, legacy: str | None = None, modern: str | None = None) -> Proof:
    return Proof(job.model, job.row, "unproved", reason, legacy=legacy, modern=modern)


def _by_formula(job: Job, call: Call, folder: Path) -> _Ran | Proof:
    from tdmigrate.verification import formula, record
    from tdmigrate.verification.step import Untrained

    try:
        made = formula.record_of(call, job.version)
    except formula.NoFormula as unknown:
        return _unproved(job, str(unknown), legacy=formula.FRAMEWORK)
    record.save(folder, made)
    return _Ran(made, Untrained("a reference formula has no gradient"))


def _not_run(job: Job, old: Record, trouble: _Trouble, modern: str | None) -> Proof:
    """The verdict where the old model ran, and the new one is another or doesn't run."""
    if trouble.stage in ("layers", "predict") or (trouble.stage == "program" and job.finished):
        return Proof(job.model, job.row, "different", trouble.reason, None, None, old.framework, modern, trouble.layer)
    absent = f"Keras 3 on TensorFlow does not start here ({trouble.reason}): {_INSTALL}"
    return _unproved(job, absent if trouble.stage == "absent" else trouble.reason, old.framework, modern)


def _compare(job: Job, old: Record, new: Record) -> Proof:
    """The verdict over what two models computed."""
    if len(old.runs) != len(new.runs):
        return _unproved(job, "the new program did not leave what it computed", old.framework, new.framework)
    proof = Proof(job.model, job.row, "different", legacy=old.framework, modern=new.framework)
    if old.parameters != new.parameters:
        return proof._replace(reason=f"{old.parameters} parameters in the old model, {new.parameters} in the new")
    pairs: list[tuple[LayerOutput, LayerOutput]] = []
    for theirs, mine in zip(old.runs, new.runs, strict=True):
        if len(theirs.outputs) != len(mine.outputs):
            return proof._replace(
                reason=f"{len(theirs.outputs)} outputs of the old model, {len(mine.outputs)} of the new"
            )
        pairs += zip(theirs.outputs, mine.outputs, strict=True)
    if not all(one.is_finite for one, _ in pairs):
        return proof._replace(status="unproved", reason="the outputs of the old model are not finite numbers")
    for one, other in pairs:
        if one.value.shape != other.value.shape:
            reason = f"an output of shape {one.value.shape} in the old model, {other.value.shape} in the new"
            return proof._replace(reason=reason, first_difference=_first_difference(old, new))
        if not other.is_finite:
            reason = "the outputs of the new model are not finite numbers"
            return proof._replace(reason=reason, first_difference=_first_difference(old, new))
    gaps = [_gap(one, other) for one, other in pairs]
    outputs = Outputs(max(gap.largest for gap in gaps), "float64", sum(one.masked for one, _ in pairs))
    if any(gap.relative > TOLERANCE for gap in gaps):
        reason = f"the outputs differ by up to {outputs.max_abs:.1e}"
        return proof._replace(reason=reason, outputs=outputs, first_difference=_first_difference(old, new))
    first = _first_difference(old, new) if all(one.is_constant for one, _ in pairs) else None
    if first is not None:
        return proof._replace(reason="the outputs are constant, those of a layer differ", first_difference=first)
    if old.penalty is not None and new.penalty is not None and not _near(old.penalty, new.penalty):
        reason = f"the outputs are equal, but regularisation adds {old.penalty:.6g} to the loss, now {new.penalty:.6g}"
        return proof._replace(reason=reason, outputs=outputs)
    return proof._replace(status="equal", outputs=outputs)


def _with_step(proof: Proof, old: _Ran, new: _Ran) -> Proof:
    """The verdict over a training step of two models whose outputs are equal.

    A step that was not made takes nothing of that away, but is said.
    """
    from tdmigrate.verification.step import Untrained

    for step in (old.step, new.step):
        if isinstance(step, Untrained):
            return proof._replace(reason=f"step not compared: {step}")
    try:
        gaps = _step_gaps(old, new)
    except ValueError as misfit:
        return proof._replace(reason=f"step not compared: {misfit}")
    loss, *weights = gaps
    proof = proof._replace(step=Step(loss.gap.largest, max((one.gap.largest for one in weights), default=0.0)))
    for one in (*weights, loss):  # a weight says more of the place than the loss
        if not one.gap.relative <= TOLERANCE:
            reason = f"the outputs are equal, but in a training step {one.name} differs by {one.gap.largest:.1e}"
            return proof._replace(status="different", reason=reason, first_difference=one.layer)
    return proof


class _StepGap(NamedTuple):
    """How far a number of the step is apart."""

    name: str  # "the weight kernel of lstm_1", "the loss"
    layer: str | None
    gap: _Gap


def _step_gaps(old: _Ran, new: _Ran) -> list[_StepGap]:
    """The loss, then each weight in order of creation. Raises ValueError where they are not of the same weights."""
    import numpy as np

    from tdmigrate.verification.step import Trained
    from tdmigrate.verification.weights import Misfit, in_keras3

    theirs, mine = old.step, new.step
    assert isinstance(theirs, Trained)
    assert isinstance(mine, Trained)
    found = [_StepGap("the loss", None, _apart(np.asarray(theirs.loss), np.asarray(mine.loss)))]
    pairs = zip(old.record.layers, new.record.layers, theirs.layers, mine.layers, mine.names, strict=True)
    for layer, counterpart, before, after, names in pairs:
        try:
            expected = in_keras3(layer, before, old.record.release, counterpart.kind)
        except Misfit as misfit:
            raise ValueError(str(misfit)) from misfit
        for name, one, other in zip(names, expected, after, strict=True):
            if one.shape != other.shape:
                raise ValueError(f"the weight {name} of {layer.name} has other shapes after it")
            found.append(_StepGap(f"the weight {name} of {layer.name}", layer.name, _apart(one, other)))
    return found


def _near(old: float, new: float) -> bool:
    return abs(old - new) <= TOLERANCE * max(abs(old), abs(new))


class _Gap(NamedTuple):
    largest: float  # absolute
    relative: float  # to the scale of the legacy output, at least 1


def _gap(old: LayerOutput, new: LayerOutput) -> _Gap:
    """How far two outputs of one shape are apart, masked steps set aside."""
    theirs, mine = old.value, new.value
    if old.fitting_mask is not None:
        theirs, mine = theirs[old.fitting_mask], mine[old.fitting_mask]
    return _apart(theirs, mine)


def _apart(theirs: Array, mine: Array) -> _Gap:
    import numpy as np

    largest = float(np.max(np.abs(theirs - mine), initial=0))
    return _Gap(largest, largest / max(1.0, float(np.max(np.abs(theirs), initial=0))))


def _first_difference(old: Record, new: Record) -> str | None:
    """The name of the first layer, in order of creation, whose output differs; None: the layers don't show it."""
    names = dict(zip((layer.name for layer in old.layers), (layer.name for layer in new.layers), strict=False))
    for theirs, mine in zip(old.runs, new.runs, strict=True):
        pairs = list(zip(theirs.layers, mine.layers, strict=False))
        # layers without weights came or went, or names changed the order: those with weights are paired already
        if len(theirs.layers) != len(mine.layers) or any(names.get(a.name, b.name) != b.name for a, b in pairs):
            known = {one.name: one for one in mine.layers}
            pairs = [(one, known[names[one.name]]) for one in theirs.layers if names.get(one.name) in known]
        for one, other in pairs:
            if one.value.shape != other.value.shape or not _gap(one, other).relative <= TOLERANCE:
                return one.name
    return None
