"""Which programs of a changed file are proved, against which genuine Keras; where a model can't be, its calls alone."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from tdmigrate.config import Settings
from tdmigrate.keras1.versions import Versions, parse
from tdmigrate.results import Proof
from tdmigrate.rules.check import CheckResult
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.era import Era
from tdmigrate.understanding.facts import Facts, LayerUse, ModelUse
from tdmigrate.verification.calls import call_job
from tdmigrate.verification.legacy.install import KERAS
from tdmigrate.verification.program import Target, Uncut, cut, targets
from tdmigrate.verification.proof import Job, prove

ZERO = parse("0.3")


class Changed(Protocol):
    """One file whose change is to be proved."""

    @property
    def path(self) -> str: ...
    @property
    def old_text(self) -> str: ...
    @property
    def new_text(self) -> str: ...
    @property
    def check(self) -> CheckResult: ...


class _Task(NamedTuple):
    """One model: what may prove it, best first, and the calls in it to fall back on."""

    path: str
    jobs: tuple[Job, ...]  # the same programs, by release of Keras; none: ``unproved`` says why
    unproved: Proof | None
    calls: tuple[Job | Proof, ...]


def verify_files(changed: Sequence[Changed], settings: Settings) -> dict[str, list[Proof]]:
    """The proofs of each file, in the order of its models; those of single calls behind their model's."""
    tasks = [task for item in changed for task in _tasks(item)]
    where = Path(settings.legacy_path) if settings.legacy_path is not None else None
    found: dict[int, Proof] = {i: task.unproved for i, task in enumerate(tasks) if task.unproved is not None}
    # what one release of Keras does not run, another may that the source was as likely written for
    for turn in range(len(KERAS)):
        waiting = [
            i
            for i, task in enumerate(tasks)
            if turn < len(task.jobs) and (i not in found or (turn > 0 and _may_be_another(found[i])))
        ]
        proofs = prove([tasks[i].jobs[turn] for i in waiting], where)
        for i, proof in zip(waiting, proofs, strict=True):
            if i not in found or proof.status != "unproved":
                found[i] = proof
    behind: list[tuple[int, Job | Proof]] = [
        (i, call) for i, task in enumerate(tasks) if found[i].status == "unproved" for call in task.calls
    ]
    jobs = [call for _, call in behind if isinstance(call, Job)]
    done = iter(prove(jobs, where))
    results: dict[str, list[Proof]] = {item.path: [] for item in changed}
    calls: dict[int, list[Proof]] = {}
    for i, call in behind:
        calls.setdefault(i, []).append(next(done) if isinstance(call, Job) else call)
    for i, task in enumerate(tasks):
        if task.jobs or task.unproved is None or task.unproved.reason:
            results[task.path].append(found[i])
        results[task.path] += calls.get(i, [])
    return results


def _may_be_another(proof: Proof) -> bool:
    """Whether the old program failed where another release of Keras may run it."""
    return proof.status == "unproved" and proof.modern is None and "seconds" not in (proof.reason or "")


def _tasks(item: Changed) -> list[_Task]:
    facts, era = item.check.facts, item.check.era
    if facts is None or era is None:
        return []
    places = targets(item.old_text)
    tasks: list[_Task] = []
    covered: set[ast.Call] = set()
    for model in facts.models:
        if not model.outermost:
            continue
        uses = [use for use in facts.layers if use.node in model.layers]
        covered.update(use.node for use in uses)
        tasks.append(_model_task(item, model, uses, era, places, facts))
    loose = [use for use in facts.layers if use.node not in covered and use.entry.name == "TimeDistributedDense"]
    for use in loose:
        call = call_job(item, use, era)
        if isinstance(call, Proof):
            tasks.append(_Task(item.path, (), call, ()))
        else:
            tasks.append(_Task(item.path, (call,), None, ()))
    return tasks


def _model_task(
    item: Changed, model: ModelUse, uses: Sequence[LayerUse], era: Era, places: Sequence[Target], facts: Facts
) -> _Task:
    label = _label(model)
    row = model.node.lineno
    calls = tuple(call_job(item, use, era) for use in uses if use.entry.name == "TimeDistributedDense")
    if model.kind == "Graph":
        reason = "Graph is not rewritten yet, so there is no Keras 3 model to run"
        return _Task(item.path, (), Proof(label, row, "unproved", reason), calls)
    target = _target(model, places)
    if target is None:
        reason = "the model is not held by a name that can be followed"
        return _Task(item.path, (), Proof(label, row, "unproved", reason), calls)
    old = cut(item.old_text, target.scope, target.name, target.ordinal)
    if isinstance(old, Uncut):
        return _Task(item.path, (), _uncut(label, row, old, "the old source"), calls)
    new = cut(item.new_text, target.scope, target.name, target.ordinal, old.fills)
    if isinstance(new, Uncut):
        return _Task(item.path, (), _uncut(label, row, new, "the new source"), calls)
    old_order = any(_is_old_order(use) for use in uses)
    jobs = tuple(
        Job(label, row, old.source, old.target, new.source, new.target, release, old_order)
        for release in releases(era.versions, old_order, _free_time(uses))
    )
    return _Task(item.path, jobs, None, calls)


def _uncut(label: str, row: int, uncut: Uncut, where: str) -> Proof:
    line = f" (line {uncut.row} of {where})" if uncut.row is not None else ""
    return Proof(label, row, "unproved", f"{uncut.reason}{line}")


def _label(model: ModelUse) -> str:
    if model.scope and model.name in ("", "model", "self"):
        return model.scope
    return f"{model.scope}: {model.name}" if model.scope else model.name or model.kind


def _target(model: ModelUse, places: Sequence[Target]) -> Target | None:
    """The place of this model among those that can be cut out: by its row, else by its scope and name."""
    end = model.node.end_lineno or model.node.lineno
    near = [p for p in places if p.scope == model.scope and model.node.lineno - 1 <= p.row <= end]
    exact = [p for p in near if p.row == model.node.lineno] or near
    if exact:
        return exact[0]
    same = [p for p in places if p.scope == model.scope and p.name == (model.name or p.name)]
    return same[0] if len(same) == 1 else None


def _is_old_order(use: LayerUse) -> bool:
    """Whether the call writes (input_dim, output_dim) where later releases took the output's size first."""
    first = use.bound.arguments.get("input_dim")
    newest = signature(list(use.entry.signatures.values())[-1])
    return first is not None and first.positional and newest.names()[0] != "input_dim"


def _free_time(uses: Sequence[LayerUse]) -> bool:
    """Whether a TimeDistributedDense may get a time axis of unknown length, which 1.2 on Theano refuses."""
    return any(
        use.entry.name == "TimeDistributedDense" and (use.inputs is None or not isinstance(use.inputs[1], int))
        for use in uses
    )


def releases(versions: Versions, old_order: bool, free_time: bool) -> tuple[str, ...]:
    """The releases of Keras that may run a source for ``versions``, best first."""
    fitting = [release for release in KERAS if versions.meets(parse(release))]
    if old_order or versions.hi <= ZERO.hi:
        order = ["0.3.3", "0.2.0"]
    elif free_time:
        order = ["1.1.2", "1.0.8", "0.3.3", "1.2.2"]
    else:
        order = ["1.2.2", "1.1.2", "1.0.8", "0.3.3"]
    chosen = [release for release in order if release in fitting]
    # an interval between two of the releases: the next one above runs it
    return tuple(chosen) or (next((r for r in reversed(order) if parse(r).lo >= versions.lo), order[0]),)
