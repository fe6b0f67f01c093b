"""A line behind a compile, and behind what loads a compiled model: `count_masked_steps(model)` and its like."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Import, StatementEdit
from tdmigrate.keras1.entry import Text
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.facts import MethodUse

_LOADER = "keras.models.load_model"
EVALUATING = frozenset(("evaluate", "evaluate_generator", "test_on_batch"))
FED = EVALUATING | {"fit", "fit_generator", "train_on_batch"}


def line_after(ctx: Context, statement: ast.stmt, name: str, receiver: str) -> tuple[StatementEdit, Text]:
    """The edit that calls a function of compat with a model behind a statement, and the call with its import."""
    call = ctx.written(Text(f"{name}({{}})", (Import(COMPAT, name),)))
    call = call._replace(text=call.text.replace("{}", receiver))
    return StatementEdit(ctx.span(statement), after=(call.text,)), call


def compile_statement(ctx: Context, use: MethodUse) -> tuple[ast.stmt, str] | None:
    """The statement that a compile is, and the model's name there; None: a line behind it can't name the model."""
    statement, func = ctx.parents.get(use.node), use.node.func
    if not isinstance(statement, ast.Expr) or not isinstance(func, ast.Attribute) or not _is_chain(func.value):
        return None
    return statement, ctx.module.segment(func.value)


def loads(ctx: Context) -> Iterator[tuple[ast.stmt, str]]:
    """The statements that load a model which is trained or evaluated, and its name there."""
    called = {
        (ctx.names.scope_of(node), ctx.module.segment(node.value))
        for node in ctx.module.nodes
        if isinstance(node, ast.Attribute) and node.attr in FED
    }
    for use in ctx.facts.functions:
        statement = ctx.parents.get(use.node)
        if use.symbol.path == _LOADER and isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            name = ctx.module.segment(statement.targets[0])
            if (ctx.names.scope_of(use.node), name) in called and _is_chain(statement.targets[0]):
                yield statement, name


def is_followed(ctx: Context, statement: ast.stmt, name: str) -> bool:
    """Whether a function of compat is called right behind a statement, among other calls of such functions."""
    block = ctx.parents.get(statement)
    for body in (getattr(block, field, None) for field in ("body", "orelse", "finalbody")):
        if isinstance(body, list) and statement in body:
            for one in body[body.index(statement) + 1 :]:
                call = one.value if isinstance(one, ast.Expr) else None
                callee = call.func if isinstance(call, ast.Call) else None
                called = ctx.compat.get(callee.id) if isinstance(callee, ast.Name) else None
                if called is None or called == name:
                    return called == name
    return False


def _is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
