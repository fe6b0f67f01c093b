"""What every rule about a call does alike: arguments renamed, old defaults written out, the rest asked or noted."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, CallEdit, Edit, Fix, Import, Severity
from tdmigrate.keras1.entry import Entry, Method, Spelling
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import Plan, plan
from tdmigrate.rules.context import COMPAT, Context, Spelled
from tdmigrate.understanding.facts import Bound


class Codes(NamedTuple):
    """The codes under which one family reports."""

    arguments: str
    defaults: str
    ask: str
    note: str


class About(NamedTuple):
    """What the findings of one call have in common."""

    label: str  # "LSTM", "Sequential.fit"
    symbol: str | None
    applicability: Applicability = Applicability.SAFE
    rank: int | None = None
    keras: str = "Keras 1"  # whose defaults are written out


def check_call(
    ctx: Context,
    node: ast.Call,
    bound: Bound,
    entry: Entry | Method,
    spelling: Spelling,
    codes: Codes,
    about: About,
    callee: Spelled | None = None,
    partial: ast.Call | None = None,
) -> Plan:
    """Report what changes in one call; ``callee``: its new name, where that changes; ``partial`` may hold arguments."""
    made = plan(ctx, node, bound, entry, spelling, partial)
    report(ctx, node, made, codes, about, callee)
    return made


def report(
    ctx: Context, node: ast.Call, made: Plan, codes: Codes, about: About, callee: Spelled | None = None
) -> None:
    """The findings of a plan."""
    span = ctx.span(node)
    changes = list(made.changes)
    if callee is not None:
        shown = callee.path if callee.path is not None and callee.path.startswith(COMPAT) else callee.text
        changes.insert(0, f"it is `{shown}`")
    if callee is not None or made.edits or made.inner:
        edits: tuple[Edit, ...] = (CallEdit(span, callee.text if callee else None, made.edits), *made.inner)
        imports: tuple[Import, ...] = made.imports + (callee.imports if callee else ())
        added = ctx.add(
            codes.arguments,
            Severity.ERROR,
            span,
            f"{about.label}: {'; '.join(changes) or 'its arguments moved'}",
            symbol=about.symbol,
            fix=Fix(about.applicability, edits, imports),
        )
        if added and callee is not None:
            ctx.replace(node.func, about.applicability, callee.path)
    if made.added:
        ctx.add(
            codes.defaults,
            Severity.WARNING,
            span,
            f"{about.label}: what {about.keras} did without being told is written out: {', '.join(made.pins)}",
            symbol=about.symbol,
            fix=Fix(about.applicability, (CallEdit(span, added=made.added),), made.added_imports),
        )
    said = {(one.span, one.message) for one in ctx.findings} if made.asks else set()
    for place, message in made.asks:
        if (ctx.span(place), f"{about.label}: {message}") not in said:  # of a string that several calls may be given
            ctx.add(codes.ask, Severity.ERROR, ctx.span(place), f"{about.label}: {message}", symbol=about.symbol)
    for place, message in made.notes:
        ctx.add(codes.note, Severity.NOTE, ctx.span(place), f"{about.label}: {message}", symbol=about.symbol)
