"""Two sources → proof: genuine Keras 1 runs the old program, Keras 3 the new one, and their outputs are compared here.

Neither program runs in this process.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import MEMORY, SECONDS, Job, Limits
from tdmigrate.verification.proof import compare, not_run, with_step
from tdmigrate.verification.sides import INSTALL, Legacy, Modern, Ran, Trouble, unproved

AHEAD = 4  # old programs that may have run before their new ones; their records lie on the disk meanwhile


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
        self._legacy = Legacy(self._folder, legacy_path)
        self._modern = Modern(self._folder)
        self._begun = 0  # jobs, to give each a folder of its own

    def prove(self, jobs: Sequence[Job], *, seconds: float = SECONDS, memory: int = MEMORY) -> list[Proof]:
        """Prove each job; the proofs come in the order of the jobs. Nothing that a program does raises here.

        ``seconds``, ``memory``: what one program may take on one side.
        """
        if jobs and importlib.util.find_spec("numpy") is None:
            return [unproved(job, f"NumPy is not here: {INSTALL}") for job in jobs]
        limits = Limits(seconds, memory)
        return [self._shown(*one, limits) for one in zip(jobs, self._prove(jobs, limits), strict=True)]

    def _prove(self, jobs: Sequence[Job], limits: Limits) -> list[Proof]:
        proofs: dict[int, Proof] = {}
        # one release and backend after the other; the old programs run ahead of the new ones, in a thread that only
        # waits for them
        order = sorted(range(len(jobs)), key=lambda index: (jobs[index].version, jobs[index].backend))
        ahead = ThreadPoolExecutor(1)
        try:
            waiting = deque(order)
            sides: deque[tuple[int, Path, Future[Ran | Proof]]] = deque()
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

    def _finish(self, job: Job, old: Ran, folder: Path, limits: Limits) -> Proof:
        new = self._modern.run(job, old, folder, limits)
        if isinstance(new, Trouble):
            return not_run(job, old.record, new, self._modern.framework)
        proof = compare(job, old.record, new.record)
        return proof if proof.status != "equal" else with_step(proof, old, new)

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
        self._legacy.close()
        self._modern.close()
        self._scratch.cleanup()

    def __enter__(self) -> Prover:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
