"""What is to be proved of a changed file: which programs, against which genuine Keras. Nothing is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from tdmigrate.config import Settings
from tdmigrate.keras1.entry import Layer
from tdmigrate.records import NamedTuple
from tdmigrate.results import Proof
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import LayerUse, ModelUse
from tdmigrate.understanding.module import Module
from tdmigrate.verification.calls import rewritten
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.notes import Noted, noted
from tdmigrate.verification.program import Covered, Fill, Target, further, is_discarded, targets
from tdmigrate.verification.programs import Around, Cannot, Pair, is_finished, programs
from tdmigrate.verification.releases import foreign, releases
from tdmigrate.verification.sizes import Sizes

NAME = "TimeDistributedDense"
# an input's size or its shape, which a layer of 0.1 took first; arguments that only layers of 0.1 had
_FIRST_IN_0_1 = ("input_dim", "input_shape")
_ONLY_IN_0_1 = ("stack_size", "poolsize")


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
    uses: tuple[LayerUse, ...] = ()  # the layers that are known to be the model's
    covers: Covered = frozenset()  # rows that its old programs hold


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
        return _task(label, row, target, uses)._replace(uses=tuple(uses))

    def _task(label: str, row: int, target: Target | None, uses: Sequence[LayerUse]) -> Task:
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
            proved = made.is_abstract and _is_proved_by(target, beyond)
            why = None if proved else Proof(label, row, "unproved", made.reason)
            return Task(item, (), why, alone(uses), covers=made.covers)
        covers = frozenset().union(*(pair.old.covers for pair in made))
        if target.heir and all(_changes_nothing(pair, target.heir) for pair in made):
            return Task(item, (), None, alone(uses), covers=covers)

        def other_sizes(scale: int, sizes: Sizes) -> tuple[tuple[str, Job], ...]:
            made = programs(item, target, projects, own_loss, scale, sizes)
            return () if isinstance(made, Cannot) else _jobs(blank, made)

        fills = tuple({fill.name: fill for pair in made for fill in pair.old.fills}.values())
        jobs, on_theano = _jobs(blank, made), None
        if era.backend != "theano":
            on_theano = _on_theano([*every, *_named(facts.layers, jobs)])
            jobs = tuple((words, _on_its_backend(job, on_theano is not None)) for words, job in jobs)
        return Task(
            item, jobs, None, alone(uses), on_theano, other_sizes if fills else None, fills, noted_of(uses),
            covers=covers,
        )  # fmt: skip

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
