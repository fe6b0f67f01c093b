"""Two sources → proof: genuine Keras 1 runs the old program, Keras 3 the new one, and their outputs are compared here.

Neither program runs in this process.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Semaphore

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import MEMORY, SECONDS, Job, Limits
from tdmigrate.verification.proof import compare, not_run, with_release, with_step
from tdmigrate.verification.sides import INSTALL, Legacy, Modern, Trouble, unproved

AHEAD = 4  # old programs that may have run before their new ones; their records lie on the disk meanwhile


def prove(jobs: Sequence[Job], legacy_path: Path | None = None) -> list[Proof]:
    """Prove each job; the proofs come in the order of the jobs. See ``Prover``."""
    with Prover(legacy_path) as prover:
        return prover.prove(jobs)


class Prover:
    """Both sides of proofs. Their processes start when they are first needed, and end with the ``with`` block.

    Each release of Keras has one worker, and so has Keras 3; a worker forks a process for each program. So however many
    programs run at a time, a framework is imported once, and its memory is shared.
    """

    def __init__(
        self,
        legacy_path: Path | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        processes: int = 0,
    ) -> None:
        """``legacy_path``: where genuine Keras lies or is put (None: the user's cache). ``progress`` is told before
        each proof how many of ``prove`` are made, of how many, and what the next is of. ``processes``: how many
        programs run at a time; 0: one per core, as far as each can have its memory.
        """
        self._progress = progress
        self._processes = processes
        self._scratch = tempfile.TemporaryDirectory(prefix="tdmigrate-", ignore_cleanup_errors=True)
        self._folder = Path(self._scratch.name)
        self._legacy = Legacy(self._folder, legacy_path)
        self._modern = Modern(self._folder)
        self._warmed: Future[None] | None = None  # once the new side has started
        self._begun = 0  # jobs, to give each a folder of its own

    def prove(self, jobs: Sequence[Job], *, seconds: float = SECONDS, memory: int = MEMORY) -> list[Proof]:
        """Prove each job; the proofs come in the order of the jobs. Nothing that a program does raises here.

        ``seconds``, ``memory``: what one program may take on one side.
        """
        if jobs and importlib.util.find_spec("numpy") is None:
            return [unproved(job, f"NumPy is not here: {INSTALL}") for job in jobs]
        if not jobs:
            return []
        limits = Limits(seconds, memory)
        return [self._shown(*one, limits) for one in zip(jobs, self._prove(jobs, limits), strict=True)]

    def _prove(self, jobs: Sequence[Job], limits: Limits) -> list[Proof]:
        proofs: dict[int, Proof] = {}
        processes = self._processes or _fitting(limits.memory)
        slots = Semaphore(processes)
        # one release and backend after the other
        order = sorted(range(len(jobs)), key=lambda index: (jobs[index].version, jobs[index].backend))
        threads = ThreadPoolExecutor(processes + AHEAD)  # that only wait for programs
        try:
            if processes > 1 and self._warmed is None:
                self._warmed = threads.submit(self._warm, slots)
            running: dict[Future[Proof], int] = {}
            for index in order:
                folder = self._folder / f"job-{self._begun}"
                self._begun += 1
                running[threads.submit(self._one, jobs[index], folder, limits, slots)] = index
            while running:
                self._tell(len(proofs), len(jobs), jobs[next(iter(running.values()))].model)
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    proofs[running.pop(one)] = one.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            self._legacy.abandon()
            self._modern.abandon()
            raise
        finally:
            threads.shutdown()
        return [proofs[index] for index in range(len(jobs))]

    def _tell(self, made: int, whole: int, model: str) -> None:
        if self._progress is not None:
            self._progress(made, whole, model)

    def _warm(self, slots: Semaphore) -> None:
        """Have the new side start while old programs run."""
        with slots:
            self._modern.start()

    def _one(self, job: Job, folder: Path, limits: Limits, slots: Semaphore) -> Proof:
        folder.mkdir()
        try:
            with slots:
                old = self._legacy.run(job, folder, limits)
            if isinstance(old, Proof):
                return old
            if self._warmed is not None:
                self._warmed.result()  # outside of a slot
            with slots:
                new = self._modern.run(job, old, folder, limits)
            if isinstance(new, Trouble):
                return with_release(job, not_run(job, old.record, new, self._modern.framework), old)
            proof = compare(job, old.record, new.record)
            proof = proof if proof.status != "equal" else with_step(proof, job, old, new)
            return with_release(job, proof, old)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _shown(self, job: Job, proof: Proof, limits: Limits) -> Proof:
        """With the two programs of a single layer, if those differ as well."""
        difference = proof.difference
        if difference is None or difference.programs is None or proof.legacy is None:
            return proof
        old, new = difference.programs
        release = proof.legacy.split()[1]
        small = Job(job.model, job.row, old, "model", new, "model", release, ordering=job.ordering)
        (alone,) = self._prove([small], limits)
        if alone.status == "different":
            return proof
        return proof._replace(difference=difference._replace(programs=None))

    def close(self) -> None:
        """End both sides and delete what they left."""
        self._legacy.abandon()
        self._modern.abandon()
        self._legacy.close()
        self._modern.close()
        self._scratch.cleanup()

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _fitting(memory: int) -> int:
    """One process per core, but not more than can each have this memory: two can be hoped to share it."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return min(cores, 2)
    return min(cores, max(2, whole // memory))
