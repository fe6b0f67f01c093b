"""Which programs of a changed file are proved, against which genuine Keras; where a model can't be, its calls alone."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tdmigrate.config import Settings
from tdmigrate.keras1.entry import Layer
from tdmigrate.records import NamedTuple
from tdmigrate.results import Outputs, Proof, Step
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import LayerUse, ModelUse
from tdmigrate.understanding.module import Module
from tdmigrate.verification.calls import call_job, rewritten
from tdmigrate.verification.confine import missing
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.notes import Noted, hint, noted
from tdmigrate.verification.program import Fill, Target, further, is_discarded, targets
from tdmigrate.verification.programs import Around, Cannot, Changed, Pair, is_finished, programs
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.releases import foreign, releases
from tdmigrate.verification.sizes import Sizes, misfit, resized

NAME = "TimeDistributedDense"
# an input's size or its shape, which a layer of 0.1 took first; arguments that only layers of 0.1 had
_FIRST_IN_0_1 = ("input_dim", "input_shape")
_ONLY_IN_0_1 = ("stack_size", "poolsize")
ARRAYS = 3  # times that an array of fixed size may tell the size of a layer
LARGER = 8  # times as large are the sizes that only the data tells, where a model does not run with small ones


class Task(NamedTuple):
    """What is to be proved as one: a model, or a call that stands in none."""

    item: Changed
    jobs: tuple[tuple[str, Job], ...]  # one for each way its parameters take, in words; all must be equal
    unproved: Proof | None  # why there are no jobs; None without jobs: there is nothing to say of it
    calls: tuple[LayerUse, ...]  # to prove alone where it can't be
    on_theano: str | None = None  # what is computed otherwise there than on the backend of the source
    resized: Callable[[int, Sizes], tuple[tuple[str, Job], ...]] | None = None  # the jobs with other sizes filled in
    fills: tuple[Fill, ...] = ()  # of all jobs
    noted: tuple[Noted, ...] = ()  # its layers, if one has a note on what it computes


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
        models = _prove_models(tasks, prover)
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


def _on_theano(uses: Sequence[LayerUse]) -> str | None:
    """A layer, or an argument of one, that computes otherwise on Theano than on TensorFlow, as it is written."""
    for use in uses:
        if not isinstance(use.entry, Layer):
            continue
        for written in use.entry.keras3.written if use.entry.keras3 is not None else ():
            if written.backend == "theano":
                return f"{use.entry.name} (trap {written.trap})"
        for caution in use.entry.theano:
            argument = use.bound.arguments.get(caution.parameter)
            if argument is not None and argument.value in caution.values:
                return f"{use.entry.name}({caution.parameter}={argument.value!r}) (trap {caution.trap})"
    return None


# functions of TensorFlow, and what computes otherwise, too slowly, or not at all, on Theano
_ON_TENSORFLOW = re.compile(
    r"\btensorflow\b|\.tf\.|\b(?:VGG1[69]|Xception)\b|\bSeparableConv"
    r"|\b(?:(?:de|separable_|atrous_)?conv[123]d|pool[23]d)\("
)


def _named(uses: Sequence[LayerUse], jobs: Sequence[tuple[str, Job]]) -> list[LayerUse]:
    """Those that old programs may hold somewhere: inside of a wrapper, say."""
    words = {word for _, job in jobs for word in re.findall(r"\w+", job.old)}
    return [use for use in uses if use.entry.name in words]


def _on_its_backend(job: Job, differs: bool) -> Job:
    """Of a source that ran on TensorFlow: there, where Theano would compute otherwise, and else on the cheaper Theano.

    ``differs``: whether a layer does.
    """
    return job._replace(backend="tensorflow") if differs or _ON_TENSORFLOW.search(job.old) else job


def tasks_of(changed: Sequence[Changed], settings: Settings, texts: Texts) -> Iterator[tuple[Changed, Task]]:
    """What is to be proved of each file, in the order of its models. Nothing is run."""
    around = Around(changed, settings.unsafe_fixes, texts)
    for item in changed:
        yield from ((item, task) for task in _tasks(item, settings, around))


def _tasks(item: Changed, settings: Settings, around: Around) -> Iterator[Task]:
    unsafe_fixes, own_loss = settings.unsafe_fixes, settings.style != "modern"
    facts, era = item.check.facts, item.check.era
    if facts is None or era is None:
        return
    places = targets(item.old_text)
    projects = around.project(item) if places or _goes_further(item.old_text) else None
    beyond = further(item.old_text, projects.old if projects is not None else None)
    beside = projects.layers if projects is not None else []
    finished = is_finished(item, unsafe_fixes) and (projects is None or projects.finished)
    inner: list[LayerUse] = []  # of models that are parts of others, with which they are proved
    taken: set[Target] = set()
    module, changes = Module(item.old_text), rewritten(item, unsafe_fixes)

    def alone(uses: Sequence[LayerUse]) -> tuple[LayerUse, ...]:
        """The rewritten calls of TimeDistributedDense, each once."""
        once = {use.node: use for use in uses if use.entry.name == NAME}
        return tuple(use for use in once.values() if module.span(use.node) in changes)

    def noted_of(uses: Sequence[LayerUse]) -> tuple[Noted, ...]:
        return noted(module, item.check.findings, uses, facts, beside, in_order=not inner)

    def task(label: str, row: int, target: Target | None, uses: Sequence[LayerUse]) -> Task:
        every = [*uses, *beside]
        old_order = any(_is_old_order(use) for use in every)
        ordering = era.channels or "tf"  # where the setting decides, the new program runs with Keras 3's own
        chosen = releases(era.assumed, old_order, _free_time(every))
        blank = Job(
            label, row, "", "", "", "", chosen[0], old_order, None, chosen[1:], finished, item.compat, ordering,
            foreign=foreign(era.assumed, chosen), own_optimizer=settings.style == "exact",
        )  # fmt: skip
        if target is None:
            reason = "the model is not held by a name that can be followed"
            return Task(item, (), Proof(label, row, "unproved", reason), alone(uses))
        made = programs(item, target, projects, own_loss)
        if isinstance(made, Cannot):
            if made.is_abstract and _is_proved_by(target, beyond):
                return Task(item, (), None, alone(uses))
            return Task(item, (), Proof(label, row, "unproved", made.reason), alone(uses))
        if target.heir and all(_changes_nothing(pair, target.heir) for pair in made):
            return Task(item, (), None, alone(uses))

        def other_sizes(scale: int, sizes: Sizes) -> tuple[tuple[str, Job], ...]:
            made = programs(item, target, projects, own_loss, scale, sizes)
            return () if isinstance(made, Cannot) else _jobs(blank, made)

        fills = tuple({fill.name: fill for pair in made for fill in pair.old.fills}.values())
        jobs, on_theano = _jobs(blank, made), None
        if era.backend != "theano":
            on_theano = _on_theano([*every, *_named(facts.layers, jobs)])
            jobs = tuple((words, _on_its_backend(job, on_theano is not None)) for words, job in jobs)
        return Task(item, jobs, None, alone(uses), on_theano, other_sizes if fills else None, fills, noted_of(uses))

    loose = {use.node: use for use in facts.layers}
    for model in sorted(facts.models, key=lambda one: one.outermost):
        uses = [use for use in facts.layers if use.node in model.layers]
        target = _target(model, [place for place in places if place not in taken])
        if target is not None:
            taken.add(target)
        for use in uses:
            loose.pop(use.node, None)
        if not model.outermost:
            inner += uses
            continue
        if not uses and target is not None and is_discarded(item.old_text, target):
            continue
        yield task(_label(model), model.node.lineno, target, [*inner, *uses])
    for place, first, last in _bodies(item.old_text, places):  # a class of models, say
        uses = [use for use in loose.values() if first <= use.node.lineno <= last]
        if place not in taken and any(use.entry.name == NAME for use in uses):
            yield task(place.scope or place.name, place.row, place, uses)
            for use in uses:
                loose.pop(use.node, None)
    for target in beyond:
        uses = [use for use in loose.values() if _is_inside(use, item.old_text, target.heir)]
        yield task(_further_label(target), target.row, target, uses)
    for use in loose.values():
        yield Task(item, (), None, alone([use]))


def _goes_further(text: str) -> bool:
    """Whether a source has a class of whose base something is to be known, or adds to what it does not make."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            if any(not (isinstance(base, ast.Name) and base.id == "object") for base in node.bases):
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("add", "pop"):
            return True
    return False


def _is_proved_by(target: Target, inherited: Sequence[Target]) -> bool:
    """Whether classes that inherit from the one around a model, and build it, are proved instead."""
    same = target._replace(heir="", row=0)
    return any(one._replace(heir="", row=0) == same and one.heir != target.heir for one in inherited)


def _changes_nothing(pair: Pair, heir: str) -> bool:
    """Whether the program of a class that inherits the model needs nothing of that class."""
    empty = re.compile(rf"^class {re.escape(heir)}\(.*\):\n +pass$", re.MULTILINE)
    return all(empty.search(one.source) for one in (pair.old, pair.new))


def _is_inside(use: LayerUse, text: str, name: str) -> bool:
    classes = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef) and node.name == name]
    return any(one.lineno <= use.node.lineno <= (one.end_lineno or one.lineno) for one in classes)


def _further_label(target: Target) -> str:
    """``Net: self.model`` for the model that Net builds by what it inherits."""
    return ": ".join(filter(None, (target.heir or target.scope, target.name)))


def _jobs(blank: Job, pairs: Sequence[Pair]) -> tuple[tuple[str, Job], ...]:
    """The job of each way."""

    def job(pair: Pair) -> Job:
        old, new = pair.old, pair.new
        return blank._replace(
            old=old.source, old_target=old.target, new=new.source, new_target=new.target, compiled=pair.compiled
        )

    return tuple((pair.way, job(pair)) for pair in pairs)


def _label(model: ModelUse) -> str:
    if model.scope and model.name in ("", "model", "self"):
        return model.scope
    return f"{model.scope}: {model.name}" if model.scope else model.name or model.kind


def _target(model: ModelUse, places: Sequence[Target]) -> Target | None:
    """The place of this model among those that can be cut out: by its row, else by its scope and name."""
    end = model.node.end_lineno or model.node.lineno
    start = model.node.lineno - (1 if model.outermost else 0)  # `model = (` may stand in a row of its own
    near = [p for p in places if p.scope == model.scope and start <= p.row <= end]
    near = [p for p in near if p.row == model.node.lineno] or near
    near = [p for p in near if p.name == model.name] or near
    if near:
        return near[0]
    same = [p for p in places if p.scope == model.scope and p.name == model.name]
    return same[0] if len(same) == 1 and model.outermost else None


def _bodies(text: str, places: Sequence[Target]) -> Iterator[tuple[Target, int, int]]:
    """The places whose model is built by one function or class, with the first and last row of that."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            last = node.end_lineno or node.lineno
            inside = [place for place in places if node.lineno <= place.row <= last]
            if len(inside) == 1:
                yield inside[0], node.lineno, last


def _is_old_order(use: LayerUse) -> bool:
    """Whether the call is Keras 0.1's: an input's size by position where later releases took another argument there,
    or an argument that they don't have.
    """
    given = use.bound.arguments
    newest = signature(list(use.entry.signatures.values())[-1]).names()
    moved = any(name in given and given[name].positional and name not in newest[:1] for name in _FIRST_IN_0_1)
    return moved or any(name in given and name not in newest for name in _ONLY_IN_0_1)


def _free_time(uses: Sequence[LayerUse]) -> bool:
    """Whether a TimeDistributedDense may get a time axis of unknown length, which 1.2 on Theano refuses."""
    return any(use.entry.name == NAME and (use.inputs is None or not isinstance(use.inputs[1], int)) for use in uses)
