"""The programs of one model of a changed file: its old and its new one, for each way that its parameters take."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import MappingProxyType

from tdmigrate.config import STDIN
from tdmigrate.findings import Severity
from tdmigrate.records import NamedTuple
from tdmigrate.results import applies
from tdmigrate.understanding.facts import LayerUse
from tdmigrate.verification.branches import Way, branches, by_defaults
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.cutting.division import divides
from tdmigrate.verification.cutting.joined import clashes
from tdmigrate.verification.jobs import Compiled
from tdmigrate.verification.modules import Texts, gather
from tdmigrate.verification.program import Covered, Fill, Program, Project, Target, Uncut, cut
from tdmigrate.verification.sizes import Sizes, resized


class Pair(NamedTuple):
    """One way to build a model, as it was and as it will be."""

    way: str  # in words: "with kind='lstm'"; "" where nothing is assumed
    old: Program
    new: Program
    compiled: Compiled | None = None  # both with the ``compile`` of their source; None: that can't be cut out


class Cannot(NamedTuple):
    """Why there are no programs."""

    reason: str
    final: bool = False  # without what the project's modules have, the programs would be of another model
    is_abstract: bool = False  # only a class that inherits from the one around the model builds it
    covers: Covered = frozenset()  # rows that the old program would hold


class Around:
    """What the project of a file brings into its programs."""

    def __init__(self, changed: Sequence[Changed], unsafe_fixes: bool, texts: Texts) -> None:
        self._items = {os.path.realpath(item.path): item for item in changed}
        self._unsafe_fixes = unsafe_fixes
        self._texts = texts

    def project(self, item: Changed) -> Projects | None:
        """The modules that a file imports, as they are and as they will be; None: it imports none."""
        if item.path == STDIN:
            return None
        old = gather(item.path, item.old_text, self._texts)
        new = gather(item.path, item.new_text, self._texts, new=True)
        if len(old) == len(new) == 1:
            return None
        try:
            renamed = clashes(old) | clashes(new)
        except (RecursionError, MemoryError):  # a module is too deeply nested
            return None
        others = [self._items[one.path] for one in old[1:] if one.path in self._items]
        unchanged = [one for one in old[1:] if one.path not in self._items]
        finished = all(is_finished(one, self._unsafe_fixes) for one in others)
        # they may be for another Keras; of what they divide, a person has to say
        finished = finished and not any("keras" in one.text or divides(one.text) for one in unchanged)
        return Projects(Project(old, renamed), Project(new, renamed), tuple(others), finished)


class Projects(NamedTuple):
    old: Project
    new: Project
    others: tuple[Changed, ...]  # of the modules, those that change
    finished: bool  # whether nothing of them is left to a person

    @property
    def layers(self) -> list[LayerUse]:
        """Calls that may stand in programs of the file."""
        return [use for item in self.others if item.check.facts is not None for use in item.check.facts.layers]


def is_finished(item: Changed, unsafe_fixes: bool) -> bool:
    """Whether nothing is left to a person."""
    return all(finding.severity is Severity.NOTE or applies(finding, unsafe_fixes) for finding in item.check.findings)


def programs(
    item: Changed,
    target: Target,
    projects: Projects | None,
    own_loss: bool = False,
    scale: int = 1,
    sizes: Sizes = MappingProxyType({}),
) -> tuple[Pair, ...] | Cannot:
    """The programs of a model: with what the project's modules have for them, else without.

    ``own_loss``: once more with the ``compile`` of the source. ``scale``: how much larger the sizes are to be that only
    the data tells; ``sizes``: what some of them are to be.
    """
    wanted = _Wanted(own_loss, scale, sizes)
    joined = _programs(item, target, projects.old, projects.new, wanted) if projects is not None else None
    if joined is not None and not (isinstance(joined, Cannot) and not joined.final):
        return joined
    alone = _programs(item, target, None, None, wanted)
    return joined if joined is not None and isinstance(alone, Cannot) else alone


class _Wanted(NamedTuple):
    own_loss: bool
    scale: int
    sizes: Sizes

    @property
    def is_resized(self) -> bool:
        return self.scale != 1 or bool(self.sizes)


def _programs(
    item: Changed, target: Target, before: Project | None, after: Project | None, wanted: _Wanted
) -> tuple[Pair, ...] | Cannot:
    pairs = []
    for found in branches(item.old_text, target, before):
        made = _pair(item, target, found, before, after, wanted)
        if isinstance(made, Cannot) and isinstance(found.program, Program) and not found.assumed:
            way = by_defaults(item.old_text, target, before)  # a parameter may matter to the new program alone
            again = _pair(item, target, way, before, after, wanted) if way is not None else made
            made = made if isinstance(again, Cannot) else again
        if isinstance(made, Cannot):
            return made
        pairs.append(made)
    return tuple(pairs)


def _pair(
    item: Changed, target: Target, way: Way, before: Project | None, after: Project | None, wanted: _Wanted
) -> Pair | Cannot:
    """The old program of one way, and the new one with the same numbers."""

    def again(
        text: str,
        fills: Sequence[Fill],
        project: Project | None,
        compiled: bool = False,
        metrics: bool = False,
        data: frozenset[str] | None = None,
    ) -> Program | Uncut:
        where = (target.scope, target.name, target.ordinal)
        return cut(
            text, *where, fills, way.assumed, project, compiled, metrics, data, target.heir, target.goes_on
        )

    def compiled(metrics: bool) -> Compiled | None:
        first = again(item.old_text, (), before, True, metrics)
        if isinstance(first, Program) and wanted.is_resized:
            first = again(item.old_text, resized(first.fills, wanted.scale, wanted.sizes), before, True, metrics)
        if isinstance(first, Uncut):
            return None
        second = again(item.new_text, first.fills, after, True, metrics, first.data)
        if isinstance(second, Uncut) or second.data != first.data:
            return None
        return Compiled(first.source, first.target, second.source, second.target)

    old = way.program
    if isinstance(old, Program) and wanted.is_resized:
        old = again(item.old_text, resized(old.fills, wanted.scale, wanted.sizes), before)
    if isinstance(old, Uncut):
        return _uncut(old, "old")
    new = again(item.new_text, old.fills, after, data=old.data)
    if isinstance(new, Uncut):
        return _uncut(new, "new")._replace(covers=old.covers)
    for text in sorted(old.data - new.data):
        reason = "the new program does not set the weights that come from data as the old one has them"
        return Cannot(f"{reason}: `{text}`", covers=old.covers)
    # without metrics where data decides those
    return Pair(way.words, old, new, (compiled(True) or compiled(False)) if wanted.own_loss else None)


def _uncut(uncut: Uncut, which: str) -> Cannot:
    file = uncut.file or "source"
    line = f" (line {uncut.row} of the {which} {file})" if uncut.row is not None else ""
    return Cannot(f"{uncut.reason}{line}", uncut.final, uncut.is_abstract, uncut.covers)
