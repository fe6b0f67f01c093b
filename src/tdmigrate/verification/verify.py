"""The proofs of all changed files; where a model can't be proved, of its calls alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tdmigrate.config import Settings
from tdmigrate.results import Outputs, Proof, Step
from tdmigrate.verification.calls import call_job
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.confine import missing
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.missed import discounted
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.notes import hint
from tdmigrate.verification.program import Fill
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.sizes import Sizes, misfit, resized
from tdmigrate.verification.tasks import Task, tasks_of

ARRAYS = 3  # times that an array of fixed size may tell the size of a layer
LARGER = 8  # times as large are the sizes that only the data tells, where a model does not run with small ones


def verify_files(
    changed: Sequence[Changed],
    settings: Settings,
    progress: Callable[[int, int, str], None] | None = None,
    texts: Texts | None = None,
) -> dict[str, list[Proof]]:
    """The proofs of each file, in the order of its models; those of single calls behind their model's.

    ``texts``: of the modules that the files may import. ``progress`` is told before each proof how many are made, of
    how many, and what the next is of.
    """
    where = Path(settings.legacy_path) if settings.legacy_path is not None else None
    tasks = [task for _, task in tasks_of(changed, settings, texts or Texts())]
    results: dict[str, list[Proof]] = {item.path: [] for item in changed}
    lacks = missing() if tasks else ()
    if lacks:
        named = " and ".join(lacks)
        sys.stderr.write(f"tdmigrate: this system lacks {named}: programs under proof are less confined\n")
    with Prover(where, progress, settings.jobs) as prover:
        models, besides = discounted(changed, tasks, _prove_models(tasks, prover))
        alone: list[list[Job | Proof]] = []
        told: set[ast.Call] = set()
        for task, proof in zip(tasks, models, strict=True):
            uses = [use for use in task.calls if use.node not in told] if _leaves_open(proof) else []
            told.update(use.node for use in uses)
            alone.append([call_job(task.item, use, settings.unsafe_fixes) for use in uses])
        proofs = iter(prover.prove([call for calls in alone for call in calls if isinstance(call, Job)]))
        for task, proof, calls in zip(tasks, models, alone, strict=True):
            found = [call if isinstance(call, Proof) else next(proofs) for call in calls]
            results[task.item.path] += [proof, *found] if proof is not None else found
    for path, more in besides.items():
        results[path] += more
    return results


def _prove_models(tasks: Sequence[Task], prover: Prover) -> list[Proof | None]:
    """The proof of each task that is a model; those that did not run once more, with other sizes."""

    def proofs_of(jobs: Sequence[Sequence[tuple[str, Job]]]) -> Iterator[Proof]:
        found = iter(prover.prove([job for some in jobs for _, job in some]))
        return (_all([(way, next(found)) for way, _ in some]) for some in jobs)

    made = proofs_of([task.jobs for task in tasks if task.jobs])
    proofs = [next(made) if task.jobs else task.unproved for task in tasks]

    def prove_again(sizes_of: Callable[[int, Task, Proof], tuple[int, Sizes] | None]) -> None:
        """Those that did not run with the sizes filled in, with the scale and the sizes that are given of each."""
        again: dict[int, tuple[tuple[str, Job], ...]] = {}
        for index, (task, proof) in enumerate(zip(tasks, proofs, strict=True)):
            if task.resized is None or proof is None or proof.status != "unproved" or proof.legacy is None:
                continue
            wanted = sizes_of(index, task, proof)
            jobs = task.resized(*wanted) if wanted is not None else ()
            if jobs:
                again[index] = jobs
        for index, proof in zip(again, proofs_of([*again.values()]), strict=True):
            if proof.status != "unproved" or misfit(proof.reason) is not None:
                proofs[index] = proof

    told: dict[int, Sizes] = {}  # by arrays of fixed size that are given as weights

    def of_arrays(index: int, task: Task, proof: Proof) -> tuple[int, Sizes] | None:
        known, found = told.get(index, {}), misfit(proof.reason)
        fills = resized(task.fills, 1, known)
        sizes = found.told(fills) if found is not None else None
        if sizes is None or not sizes.keys().isdisjoint(known):
            return None
        told[index] = {**known, **sizes}
        return 1, told[index]

    for _ in range(ARRAYS):
        prove_again(of_arrays)
    prove_again(lambda index, task, proof: (LARGER, {}) if misfit(proof.reason) is None else None)
    return [
        proof and _weighed(_of_fixed_size(proof, resized(task.fills, 1, told.get(index, {}))), task)
        for index, (task, proof) in enumerate(zip(tasks, proofs, strict=True))
    ]


def _of_fixed_size(proof: Proof, fills: Sequence[Fill]) -> Proof:
    """With another reason where an array of fixed size is given to a layer whose size is filled in."""
    found = misfit(proof.reason) if proof.status == "unproved" and fills else None
    return proof if found is None else proof._replace(reason=found.reason(fills) or proof.reason)


def _leaves_open(proof: Proof | None) -> bool:
    """Whether single calls are still to be proved."""
    return proof is None or proof.status == "unproved"


def _all(proofs: Sequence[tuple[str, Proof]]) -> Proof:
    """One verdict over all ways that a model's parameters may take: the worst."""
    for status in ("different", "unproved"):
        for way, proof in proofs:
            if proof.status == status:
                return proof._replace(reason=f"{way}: {proof.reason}") if way else proof
    gaps = [proof.outputs for _, proof in proofs if proof.outputs is not None]
    masked = sum(gap.masked for gap in gaps)
    steps = [proof.step for _, proof in proofs if proof.step is not None]
    without = next((f"{way}: {proof.reason}" if way else proof.reason for way, proof in proofs if proof.reason), None)
    return proofs[0][1]._replace(
        reason=without,
        outputs=Outputs(max(gap.max_abs for gap in gaps), gaps[0].dtype, masked) if gaps else None,
        step=_worst(steps) if steps else None,
    )


def _worst(steps: Sequence[Step]) -> Step:
    return Step(max(one.loss for one in steps), max(one.weights for one in steps), min(one.of for one in steps))


def _weighed(proof: Proof, task: Task) -> Proof:
    """A difference says nothing where genuine Keras ran on Theano, and the source on what computes otherwise.

    Another may have been told of already.
    """
    if proof.status != "different":
        return proof
    if task.on_theano is not None and (proof.legacy or "").endswith(" theano"):
        reason = f"{proof.reason}, but genuine Keras ran on Theano here, where {task.on_theano} is another computation"
        return proof._replace(status="unproved", reason=f"{reason} than on TensorFlow")
    rows = hint(proof.first_difference, task.noted)
    if not rows:
        return proof
    lines = f"line{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows))}"
    return proof._replace(reason=f"{proof.reason} (the note on {lines} may say why)")
