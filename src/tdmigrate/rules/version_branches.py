"""K112: a test of Keras's own release, which Keras 3 answers otherwise than the release that a source is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

_ATTRIBUTE = "__version__"
_TESTS = ("startswith", "match", "search", "fullmatch")

RULE = Rule(
    code="K112",
    name="release-test",
    title="The release of Keras decides",
    what="Finds comparisons of `keras.__version__` with a release before 2.",
    why="Under Keras 3 such a test has another answer: an assert fails, and another branch runs.",
    safety="Nothing is changed; the message says what to look at.",
    examples=(
        Example("import keras\n\nassert keras.__version__ == '1.2.2'\n", None),
        Example(
            "import keras\n"
            "from keras.layers import Dense\n"
            "\n"
            "if keras.__version__.startswith('1'):\n"
            "    layer = Dense(output_dim=4)\n"
            "else:\n"
            "    layer = Dense(units=8)\n",
            None,
        ),
    ),
)


def check_version_branches(ctx: Context) -> None:
    for test in {test: None for read in _reads(ctx) for test in _tests(ctx, read)}:
        if any(_is_early(one) for one in ast.walk(test)):
            message = (
                f"`{ctx.module.segment(test)}` has another answer under Keras 3: keep what is for the release of this "
                "source, and leave out the test"
            )
            ctx.add(RULE.code, Severity.WARNING, ctx.span(test), message)


def _reads(ctx: Context) -> Iterator[ast.expr]:
    """Where the source reads Keras's release, and the variables that it keeps it in."""
    names = {one.local for one in ctx.facts.bindings if one.path == f"keras.{_ATTRIBUTE}"}
    for node in ctx.module.nodes:
        is_read = isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load)
        if isinstance(node, ast.Attribute) and node.attr == _ATTRIBUTE:
            symbol = ctx.names.resolve(node.value)
            is_read = symbol is not None and symbol.path == "keras"
        if is_read and isinstance(node, ast.expr):
            yield node
            yield from _kept(ctx, node)


def _kept(ctx: Context, node: ast.expr) -> Iterator[ast.expr]:
    """Reads of a variable that an assignment makes of the release."""
    statement: ast.AST = node
    while isinstance(statement, (ast.expr, ast.keyword, ast.comprehension)):
        statement = ctx.parents[statement]
    if not isinstance(statement, ast.Assign):
        return
    for target in ast.walk(ast.Tuple(statement.targets, ast.Store())):
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
            yield from ctx.loads.get(target.id, ())


def _tests(ctx: Context, node: ast.expr) -> Iterator[ast.expr]:
    """Comparisons that an expression is a part of."""
    parent: ast.AST | None = node
    while isinstance(parent, (ast.expr, ast.keyword, ast.comprehension)):
        called = parent.func if isinstance(parent, ast.Call) else None
        is_asked = isinstance(called, ast.Attribute) and called.attr in _TESTS
        if isinstance(parent, ast.expr) and (isinstance(parent, ast.Compare) or is_asked):
            yield parent
            return
        parent = ctx.parents.get(parent)


def _is_early(node: ast.AST) -> bool:
    """Whether a constant may be a release before 2, or its first number."""
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, str):
        return value.lstrip("^").startswith(("0.", "1.")) or value in ("0", "1")
    return isinstance(value, (int, float)) and 0 < value < 2
