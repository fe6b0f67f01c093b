"""Classes of callbacks: what ends training between two batches, and those that are no Callback."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.rules import callbacks
from tdmigrate.rules.batch_logs import QUESTIONS
from tdmigrate.rules.context import Context

_BATCHES = ("on_batch_begin", "on_batch_end")
_STOP = "stop_training"
_SETTERS = ("set_model", "_set_model")
_END = "on_train_end"
_EMPTY = (
    "was an empty dict in Keras 1, Keras 3 gives the last epoch's numbers: go by those that the callback kept itself"
)
_AT_ONCE = (
    "Keras 3 ends the epoch at this batch, Keras 1 trained to the end of the epoch before it stopped: set it in "
    "`on_epoch_end`"
)
_NO_CALLBACK = (
    "is no subclass of Callback: Keras 3 calls more hooks (`on_train_batch_end` and so on) and has other keys in "
    "`params`. Make it a subclass of `keras.callbacks.Callback`"
)


def check_hooks(ctx: Context) -> None:
    for made in callbacks.subclasses(ctx):
        _check_stops(ctx, made)
        _check_end(ctx, made)
    for node in ctx.module.nodes:
        if isinstance(node, ast.ClassDef) and _is_plain(node) and _is_hooked(node):
            ctx.add(callbacks.CODES.ask, Severity.ERROR, ctx.span(node.body[0]), f"`{node.name}` {_NO_CALLBACK}")


def _check_stops(ctx: Context, made: ast.ClassDef) -> None:
    """Where a hook of batches, or a method that one calls, says that training shall stop."""
    methods = {node.name: node for node in made.body if isinstance(node, ast.FunctionDef)}
    reached, waiting = set[str](), [name for name in _BATCHES if name in methods]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        called = {node.attr for node in ast.walk(methods[name]) if isinstance(node, ast.Attribute)}
        waiting.extend((called & methods.keys()) - reached)
    for name in sorted(reached):
        for node in ast.walk(methods[name]):
            if isinstance(node, ast.Attribute) and node.attr == _STOP and _is_true(ctx, node):
                label = f"{name}: `{ctx.module.segment(node)}`: {_AT_ONCE}"
                if _is_behind_question(ctx, node):
                    ctx.add(callbacks.CODES.note, Severity.NOTE, ctx.span(node), label)
                else:
                    ctx.add(callbacks.CODES.ask, Severity.WARNING, ctx.span(node), label)


def _check_end(ctx: Context, made: ast.ClassDef) -> None:
    """Where the hook at the end of a training reads its logs: Keras 1.2.2, ``fit`` in keras/engine/training.py."""
    ends = [node for node in made.body if isinstance(node, ast.FunctionDef) and node.name == _END]
    for hook in ends:
        given = [one.arg for one in hook.args.args[1:2]]
        for node in ast.walk(hook):
            if not isinstance(node, ast.Name) or node.id not in given or not isinstance(node.ctx, ast.Load):
                continue
            above = ctx.parents.get(node)
            call = ctx.parents.get(above) if isinstance(above, ast.keyword) else above
            if not (isinstance(call, ast.Call) and getattr(call.func, "attr", "") == _END):
                ctx.add(callbacks.CODES.ask, Severity.WARNING, ctx.span(node), f"{_END}: `{node.id}` {_EMPTY}")
                break


def _is_true(ctx: Context, node: ast.Attribute) -> bool:
    """Whether it is assigned anything but a plain False."""
    parent = ctx.parents.get(node)
    if not isinstance(parent, ast.Assign) or node not in parent.targets:
        return False
    return not (isinstance(parent.value, ast.Constant) and not parent.value.value)


def _is_behind_question(ctx: Context, node: ast.AST) -> bool:
    """Whether it happens only where a number is none: training is of no use then."""
    above = ctx.parents.get(node)
    while above is not None and not isinstance(above, ast.FunctionDef):
        asked = ast.walk(above.test) if isinstance(above, ast.If) else ()
        if any(getattr(one, "attr", getattr(one, "id", "")) in QUESTIONS for one in asked):
            return True
        above = ctx.parents.get(above)
    return False


def _is_plain(node: ast.ClassDef) -> bool:
    return all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)


def _is_hooked(node: ast.ClassDef) -> bool:
    """Whether Keras 1 would have taken a class for a callback: it can be told its model, and has hooks."""
    names = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
    return not names.isdisjoint(_SETTERS) and any(name.startswith(("on_epoch_", "on_batch_")) for name in names)
