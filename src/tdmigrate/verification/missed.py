"""Layers that no program under proof holds, since what adds them to a model could not be followed.

A proof of a model that they may be a part of says nothing of them: it is unproved then, and says which lines it lacks.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping, Sequence, Set

from tdmigrate.records import NamedTuple
from tdmigrate.results import Proof
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.cutting.statements import FunctionNode
from tdmigrate.verification.cutting.vocabulary import ADDING
from tdmigrate.verification.tasks import Task

_OF_MODELS = ADDING - {"append", "insert", "pop"}  # lists have these too


class Missed(NamedTuple):
    """The lines of one function, or of a module's own level, that build on a model of some program."""

    path: str
    frame: str  # the function, as ``Proof.model`` names it; "" for the module's own level
    outermost: str  # of the functions and classes around it
    row: int
    rows: tuple[int, ...]

    def reason(self, path: str) -> str:
        """Why a model of the file of this path is not proved."""
        where = "" if path == self.path else f" of {os.path.basename(self.path)}"
        return f"{self._lines}{where} may build on the model, and cannot be followed"

    @property
    def alone(self) -> str:
        """What is said of the lines where no model is known that they may be of."""
        return f"{self._lines} may build on a model, and no model that can be followed has them"

    @property
    def _lines(self) -> str:
        return f"line{'s' if len(self.rows) > 1 else ''} {', '.join(map(str, self.rows))}"


def discounted(
    changed: Sequence[Changed], tasks: Sequence[Task], proofs: Sequence[Proof | None]
) -> tuple[list[Proof | None], Mapping[str, Sequence[Proof]]]:
    """The proofs without those that may lack a part of their model; and what is to be said of files besides, by path.

    ``proofs``: of each task.
    """
    found = list(proofs)
    besides: dict[str, list[Proof]] = {}
    covered = _covered(tasks)
    for item in changed:
        path = item.path
        told = [
            proof.row
            for task, proof in zip(tasks, proofs, strict=True)
            if task.item.path == path and proof is not None and proof.status == "unproved"
        ]
        for missed in _missed(item, covered.get(os.path.realpath(path), set()), told):
            told_of = False
            for index, (task, proof) in enumerate(zip(tasks, found, strict=True)):
                if proof is None or not _may_be_of(missed, task):
                    continue
                told_of = True
                if proof.status == "equal":
                    found[index] = Proof(proof.model, proof.row, "unproved", missed.reason(task.item.path))
            if not told_of:
                label = missed.frame or os.path.basename(path)
                besides.setdefault(path, []).append(Proof(label, missed.row, "unproved", missed.alone))
    return found, besides


def _covered(tasks: Sequence[Task]) -> Mapping[str, set[int]]:
    """The rows of each file that programs hold, or of models that are known to be unproved."""
    found: dict[str, set[int]] = {}
    for task in tasks:
        own = os.path.realpath(task.item.path)
        for path, row in task.covers:
            found.setdefault(path or own, set()).add(row)
        if not task.jobs:
            found.setdefault(own, set()).update(use.node.lineno for use in task.uses)
    return found


def _may_be_of(missed: Missed, task: Task) -> bool:
    """Whether lines may build on the model of a task: they stand beside it, or it may call the function around them."""
    if not missed.outermost:
        return missed.path == task.item.path
    calls = len(re.findall(rf"\b{re.escape(missed.outermost)}\b", task.item.old_text))
    return calls > (1 if missed.path == task.item.path else 0)


_Position = tuple[int, int]


def _missed(item: Changed, covered: Set[int], told: Sequence[int]) -> Iterator[Missed]:
    """``told``: the rows of models of the file that are unproved anyway, with all that stands in one function."""
    facts = item.check.facts
    if facts is None:
        return
    tree = ast.parse(item.old_text)
    layers = {_position(use.node) for use in facts.layers}
    known = layers | {_position(use.node) for use in facts.functions}
    for way, frame in _frames(tree, ()):
        if isinstance(frame, FunctionNode) and any(frame.lineno <= row <= _end(frame) for row in told):
            continue
        if isinstance(frame, ast.Module) and any(not _is_inside(tree, row) for row in told):
            continue
        rows = _rows(frame, layers, known, covered)
        if rows:
            names = [one.name for one in way if isinstance(one, FunctionNode | ast.ClassDef)]
            row = frame.lineno if isinstance(frame, FunctionNode) else rows[0]
            yield Missed(item.path, ".".join(names), names[0] if names else "", row, rows)


def _position(node: ast.expr) -> _Position:
    return node.lineno, node.col_offset


def _end(node: FunctionNode) -> int:
    return node.end_lineno or node.lineno


def _is_inside(tree: ast.Module, row: int) -> bool:
    """Whether a row is of a function."""
    return any(isinstance(node, FunctionNode) and node.lineno <= row <= _end(node) for node in ast.walk(tree))


def _frames(node: ast.AST, way: tuple[ast.AST, ...]) -> Iterator[tuple[tuple[ast.AST, ...], ast.AST]]:
    """The module and every function, with the functions and classes around it and itself."""
    if isinstance(node, ast.Module | FunctionNode):
        yield way, node
    for child in ast.iter_child_nodes(node):
        yield from _frames(child, (*way, child) if isinstance(child, FunctionNode | ast.ClassDef) else way)


def _rows(frame: ast.AST, layers: Set[_Position], known: Set[_Position], covered: Set[int]) -> tuple[int, ...]:
    """The rows of what may put layers into a model, or takes them off, and is in no program.

    ``layers``: where layers are made; ``known``: and where other calls of Keras are.
    """
    parents: dict[ast.AST, ast.AST] = {}
    open_nodes = []
    for node in _of_frame(frame):
        parents.update((child, node) for child in ast.iter_child_nodes(node))
        if isinstance(node, ast.expr) and node.lineno not in covered:
            open_nodes.append(node)
    made = [node for node in open_nodes if isinstance(node, ast.Call) and _position(node) in layers]
    adds = any(isinstance(node, ast.Attribute) and node.attr in _OF_MODELS for node in open_nodes)
    rows = {node.lineno for node in made if adds or _is_handed_on(node, parents, known)}
    rows.update(node.lineno for node in open_nodes if _changes_layers(node, parents))
    return tuple(sorted(rows))


def _of_frame(frame: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a function or module but those of its functions and of the methods of its classes."""
    waiting = [*ast.iter_child_nodes(frame)]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, FunctionNode):
            yield node
            waiting += ast.iter_child_nodes(node)


def _is_handed_on(node: ast.expr, parents: Mapping[ast.AST, ast.AST], known: Set[_Position]) -> bool:
    """Whether a layer goes into a call that is none of Keras's and no application of a layer."""
    inner: ast.AST = node
    while not isinstance(inner, ast.stmt):
        outer = parents.get(inner)
        if outer is None:
            return False
        if isinstance(outer, ast.Call) and inner is not outer.func:
            applied = isinstance(outer.func, ast.Call)  # Dense(3)(x)
            if not applied and _position(outer) not in known:
                return True
        inner = outer
    return False


def _changes_layers(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """``model.layers.pop()``, ``del model.layers[-1]``, ``model.layers = …``."""
    if not (isinstance(node, ast.Attribute) and node.attr == "layers"):
        return False
    outer = parents.get(node)
    if isinstance(outer, ast.Attribute):
        return outer.attr in ADDING and isinstance(parents.get(outer), ast.Call)
    held = outer if isinstance(outer, ast.Subscript) else node
    return isinstance(held.ctx, ast.Store | ast.Del)
