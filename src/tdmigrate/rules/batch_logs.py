"""What `logs` of a batch hold (trap D17): its own numbers in Keras 1, the means since the epoch began in Keras 3."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from tdmigrate.findings import Applicability, Fix, Severity, TextEdit
from tdmigrate.keras1 import registry
from tdmigrate.keras1.callbacks import KIND, OWN_BATCHES
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.facts import FunctionUse

HOOKS = ("on_batch_begin", "on_batch_end")
MIXIN = "BatchLogs"
_RUNNING = (
    "in `logs` are the means since the epoch began, where Keras 1 gave those of the batch; "
    "there is no 'batch' and no 'size' in it (trap D17)"
)
_NO_SIZE = "Keras 3 does not say how many samples a batch has before it is over (trap D17): hand the number over"
QUESTIONS = ("isnan", "isinf", "isfinite")  # a mean is no number from the first loss on that is none

Hook = ast.FunctionDef | ast.Lambda


class Reads(NamedTuple):
    """What a hook reads of its `logs`."""

    numbers: tuple[ast.expr, ...] = ()  # at the end of a batch: what Keras 3 has otherwise, or not at all
    number: tuple[ast.expr, ...] = ()  # at its beginning: its number
    size: tuple[ast.expr, ...] = ()  # at its beginning: its size, or all there is
    questions: tuple[ast.expr, ...] = ()  # only whether it is a number

    @property
    def others(self) -> tuple[ast.expr, ...]:
        """What compat gives as Keras 1 gave it."""
        return (*self.numbers, *self.number)


def check_class(ctx: Context, node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> bool:
    """A class that derives from a callback, by itself or through others of ``classes``; says whether compat calls its
    hooks, by position."""
    wanted: list[tuple[str, ast.AST]] = []
    for label, hook in _hooks(node):
        if not isinstance(hook, ast.FunctionDef):
            wanted.append((label, hook))
            continue
        reads = _reads(ctx, hook, label, 2)
        wanted += [(label, one) for one in reads.others[:1]]
        _report_rest(ctx, label, reads)
    if not wanted:
        return False
    label, read = wanted[0]
    roots = list(_roots(ctx, node, classes))
    if ctx.settings.style == "modern" or not roots or any(base is None for _, base in roots):
        at = read if isinstance(read, (ast.expr, ast.stmt)) else node
        ctx.add("K323", Severity.WARNING, ctx.span(at), f"{label}: {_RUNNING}")
        return False
    for root, base in roots:
        if base is None or any(isinstance(one, ast.Name) and ctx.compat.get(one.id) == MIXIN for one in root.bases):
            continue
        spelled = ctx.name(f"{COMPAT}.{MIXIN}")
        fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(base), f"{spelled.text}, {{}}"),), spelled.imports)
        message = f"`{node.name}.{label}`: {_RUNNING}; `{COMPAT}.{MIXIN}` gives what Keras 1 gave"
        if all(finding.fix != fix for finding in ctx.findings):
            ctx.add("K321", Severity.ERROR, ctx.span(base), message, fix=fix)
    return True


def check_strangers(ctx: Context, classes: Mapping[str, ast.ClassDef]) -> None:
    """Classes whose bases are from elsewhere, and hooks that are given to an object."""
    for node in ctx.module.nodes:
        if isinstance(node, ast.ClassDef) and classes.get(node.name) is not node and _is_derived(ctx, node):
            for label, hook in _hooks(node):
                reads = _reads(ctx, hook, label, 2) if isinstance(hook, ast.FunctionDef) else Reads()
                for one in (*reads.others, *reads.size)[:1]:
                    message = f"{label}: if this is a callback: {_RUNNING}; `{COMPAT}.{MIXIN}` as a base gives it"
                    ctx.add("K323", Severity.WARNING, ctx.span(one), message)
        if _is_put(node) and not _is_within(ctx, node, classes):
            message = f"`{node.attr}` is set on an object: {_RUNNING}; define it in a class with `{COMPAT}.{MIXIN}`"
            ctx.add("K323", Severity.WARNING, ctx.span(node), message)


def hooks_read(ctx: Context, use: FunctionUse) -> bool:
    """Whether a function that a LambdaCallback calls for each batch may read what Keras 3 has not in `logs`."""
    wanted = False
    for label in HOOKS:
        argument = use.bound.arguments.get(label) if use.bound is not None else None
        if argument is None or (isinstance(argument.node, ast.Constant) and argument.node.value is None):
            continue
        hook = _defined(ctx, argument.node)
        if hook is None:
            wanted = True
            continue
        reads = _reads(ctx, hook, label, 1)
        wanted = wanted or bool(reads.others)
        _report_rest(ctx, label, reads)
        if reads.others and ctx.settings.style == "modern":
            ctx.add("K323", Severity.WARNING, ctx.span(reads.others[0]), f"{label}: {_RUNNING}")
    return wanted


def _report_rest(ctx: Context, label: str, reads: Reads) -> None:
    """What no class of compat gives, and what hangs on no mean."""
    for one in reads.size[:1]:
        ctx.add("K323", Severity.ERROR, ctx.span(one), f"{label}: {_NO_SIZE}")
    if reads.questions and not reads.others:
        ctx.add("K324", Severity.NOTE, ctx.span(reads.questions[0]), f"{label}: {_RUNNING}")


def _hooks(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    """The hooks of batches that a class has: functions, or what is put in their place."""
    for one in ast.walk(node):
        if isinstance(one, ast.FunctionDef) and one.name in HOOKS:
            yield one.name, one
        if isinstance(one, (ast.Name, ast.Attribute)) and isinstance(one.ctx, ast.Store):
            name = one.id if isinstance(one, ast.Name) else one.attr
            if name in HOOKS:
                yield name, one


def _roots(
    ctx: Context, node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]
) -> Iterator[tuple[ast.ClassDef, ast.expr | None]]:
    """The classes from which one gets to callbacks of Keras, with these as bases; None: Keras 3's sees to batches."""
    for base in node.bases:
        symbol = ctx.names.resolve(base)
        entry = registry.lookup(symbol.path) if symbol is not None else None
        if entry is not None and getattr(entry, "kind", None) == KIND:
            yield node, None if entry.name in OWN_BATCHES else base
        elif isinstance(base, ast.Name) and classes.get(base.id, node) is not node:
            yield from _roots(ctx, classes[base.id], classes)


def _is_derived(ctx: Context, node: ast.ClassDef) -> bool:
    """Whether a class derives from what other modules define, and from no class of tdmigrate.compat."""
    named = [base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")]
    homes = {base.id for base in named if isinstance(base, ast.Name)} & ctx.compat.keys()
    here = [base for base in named if isinstance(base, ast.Name) and _is_class(ctx, base.id)]
    return len(named) > len(here) and not any(ctx.compat[home] in (MIXIN, "LambdaCallback") for home in homes)


def _is_class(ctx: Context, name: str) -> bool:
    return any(isinstance(binder, ast.ClassDef) for binder in ctx.binders(name))


def _is_within(ctx: Context, node: ast.AST, classes: Mapping[str, ast.ClassDef]) -> bool:
    """Whether something stands in the body of a callback."""
    around: ast.AST | None = node
    while around is not None:
        if isinstance(around, ast.ClassDef) and classes.get(around.name) is around:
            return True
        around = ctx.parents.get(around)
    return False


def _defined(ctx: Context, hook: ast.expr) -> Hook | None:
    """The function that an expression is; None: it is not known."""
    made: ast.AST = hook
    if isinstance(hook, ast.Name):
        binders = ctx.binders(hook.id)
        made = binders[0] if len(binders) == 1 else hook
    return made if isinstance(made, (ast.Lambda, ast.FunctionDef)) else None


def _reads(ctx: Context, hook: Hook, label: str, place: int) -> Reads:
    """What a hook reads of `logs`, its parameter at ``place``."""
    arguments = hook.args
    named = [*arguments.posonlyargs, *arguments.args]
    catching = [one.arg for one in (arguments.vararg, arguments.kwarg) if one is not None]
    names = {named[place].arg} if len(named) > place else {*catching, *(one.arg for one in arguments.kwonlyargs)}
    body = hook.body if isinstance(hook.body, list) else [hook.body]
    inside = [node for statement in body for node in ast.walk(statement)]
    read = [node for node in inside if isinstance(node, ast.Name) and node.id in names and _is_load(node)]
    if names & {*catching}:  # which of these it is, is not asked
        return Reads(numbers=tuple(read)) if label == "on_batch_end" else Reads(size=tuple(read))
    read = [node for node in read if not _is_passed_over(ctx, node, label)]
    if label == "on_batch_end":
        questions = tuple(node for node in read if _is_question(ctx, node))
        return Reads(numbers=tuple(node for node in read if node not in questions), questions=questions)
    keys = {node: key_read(ctx, node) for node in read}
    number = tuple(node for node, key in keys.items() if key == "batch")
    return Reads(number=number, size=tuple(node for node, key in keys.items() if key in (None, "size")))


def _is_put(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and node.attr in HOOKS and isinstance(node.ctx, ast.Store)


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_passed_over(ctx: Context, logs: ast.Name, label: str) -> bool:
    """Whether `logs` are only asked whether they are there, or handed to the same hook of the class's base."""
    parent = ctx.parents.get(logs)
    if isinstance(parent, (ast.Compare, ast.If)):
        return isinstance(parent, ast.If) or isinstance(parent.ops[0], (ast.Is, ast.IsNot))
    if isinstance(parent, (ast.BoolOp, ast.IfExp, ast.UnaryOp)):
        if isinstance(parent, ast.UnaryOp):
            return isinstance(parent.op, ast.Not)
        around = ctx.parents.get(parent)
        targets = around.targets if isinstance(around, ast.Assign) else []
        return any(isinstance(target, ast.Name) and target.id == logs.id for target in targets)
    if isinstance(parent, ast.keyword):
        parent = ctx.parents.get(parent)
    func = parent.func if isinstance(parent, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr != label:
        return False
    base = func.value.func if isinstance(func.value, ast.Call) else func.value
    return isinstance(base, ast.Name) and (base.id == "super" or ctx.names.resolve(base) is not None)


def _is_question(ctx: Context, logs: ast.Name) -> bool:
    """Whether a number of the logs goes nowhere but to a question whether it is a number at all."""
    if key_read(ctx, logs) is None:
        return False
    parent = ctx.parents.get(logs)
    asking = ctx.parents.get(parent) if parent is not None else None  # logs['loss'] or logs.get
    while isinstance(asking, ast.Call):
        if isinstance(asking.func, (ast.Name, ast.Attribute)):
            name = asking.func.id if isinstance(asking.func, ast.Name) else asking.func.attr
            if name in QUESTIONS:
                return True
        asking = ctx.parents.get(asking)
    return False


def key_read(ctx: Context, held: ast.Name) -> object:
    """The key of ``held['key']`` or ``held.get('key')`` around a name; None: something else is done with it."""
    parent = ctx.parents.get(held)
    if isinstance(parent, ast.Attribute):
        parent = ctx.parents.get(parent)
    key = keyed(parent) if parent is not None else None
    return key[1].value if key is not None and key[0] is held else None


def keyed(node: ast.AST) -> tuple[ast.expr, ast.Constant] | None:
    """``held['key']`` or ``held.get('key')``."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.value, node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        first = node.args[0]
        return (node.func.value, first) if isinstance(first, ast.Constant) else None
    return None
