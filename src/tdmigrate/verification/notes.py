"""Which notes on a model's layers may say why it computes something else: those on the first layer that differs."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from tdmigrate.findings import Finding, Severity, Span
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.facts import Facts, FunctionUse, LayerUse
from tdmigrate.understanding.module import Module

_COMPUTES = ("K2", "K308", "TD")  # codes of notes on what a layer computes
_FAULT = "K522"  # of a warning: Keras 3 on TensorFlow adds a bias along the wrong axis


class Noted(NamedTuple):
    """A layer of a model as its source makes it."""

    kind: str  # its class as Keras 1 named layers by it: "batchnormalization"
    name: str | None  # that the source gives it, "" where it is not known; None: Keras numbers it
    rows: tuple[int, ...]  # of notes on what it computes
    is_counted: bool = True  # whether those of its kind are numbered in the order of the source


def noted(
    module: Module,
    findings: Sequence[Finding],
    uses: Sequence[LayerUse],
    facts: Facts,
    others: Sequence[LayerUse] = (),
    in_order: bool = True,
) -> tuple[Noted, ...]:
    """The layers of these calls and those they wrap, in source order, and what calls of ``merge`` make; () where none
    has a note.

    ``others``: calls of other modules that may be the model's. ``in_order``: whether all these layers are the model's.
    """
    every = sorted(_with_wrapped(uses, facts), key=lambda use: (use.node.lineno, use.node.col_offset))
    merging = [use for use in facts.functions if isinstance(use.entry, Function) and use.entry.kind == "merge"]
    rows: dict[ast.Call, set[int]] = {node: set() for node in [*(u.node for u in every), *(u.node for u in merging)]}
    for finding in findings:
        if finding.code == _FAULT or (finding.severity is Severity.NOTE and finding.code.startswith(_COMPUTES)):
            around = [node for node in rows if _holds(module.span(node), finding.span)]
            if around:
                rows[max(around, key=lambda node: (node.lineno, node.col_offset))].add(finding.span.row)
    if not any(rows.values()):
        return ()
    for use in every:
        inner = _wrapped(use)
        if inner in rows:  # a proof names one of them
            rows[use.node] |= rows[inner]
            rows[inner] |= rows[use.node]
    found = [_noted(use, rows[use.node], in_order and use.applied == 1) for use in every]
    found += [_noted(use, rows[use.node], False) for use in merging]
    return (*found, *(_noted(use, set(), False) for use in others))


def _noted(use: LayerUse | FunctionUse, rows: set[int], is_counted: bool) -> Noted:
    kind = use.entry.name.lower() if use.entry is not None else ""
    return Noted(kind, _name(use.node), tuple(sorted(rows)), is_counted)


def _with_wrapped(uses: Sequence[LayerUse], facts: Facts) -> list[LayerUse]:
    known = {use.node: use for use in facts.layers}
    every = list(dict.fromkeys(use.node for use in uses))
    for node in every:  # which grows
        inner = _wrapped(known[node])
        if inner in known and inner not in every:
            every.append(inner)
    return [known[node] for node in every]


def _wrapped(use: LayerUse) -> ast.Call | None:
    """The call of a layer that is written inside of its wrapper."""
    name = use.entry.wraps if isinstance(use.entry, Layer) else None
    argument = use.bound.arguments.get(name) if name is not None else None
    return argument.node if argument is not None and isinstance(argument.node, ast.Call) else None


def _holds(outer: Span, inner: Span) -> bool:
    begins = (outer.row, outer.column) <= (inner.row, inner.column)
    return begins and (inner.end_row, inner.end_column) <= (outer.end_row, outer.end_column)


def _name(call: ast.Call) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == "name":
            return str(keyword.value.value) if isinstance(keyword.value, ast.Constant) else ""
    return None


def hint(first: str | None, layers: Sequence[Noted]) -> tuple[int, ...]:
    """The rows of the notes on the layer that Keras 1 called ``first``; () where it has none, or may have none."""
    if first is None:
        return ()
    found = [one for one in layers if one.name == first]
    if not found:
        kind = re.sub(r"_\d+$", "", first)
        number = int(first[len(kind) + 1 :] or 1)
        found = [one for one in layers if one.kind == kind and one.name is None]
        if len(found) > 1 and all(one.is_counted for one in found):
            found = found[number - 1 : number]
    return tuple(sorted({row for one in found for row in one.rows})) if all(one.rows for one in found) else ()
