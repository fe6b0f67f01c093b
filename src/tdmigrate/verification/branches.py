"""The ways that a model-building function takes by a parameter that no call of the source tells.

A parameter that is only ever compared with constants, or taken for true or false, can be tried with each of them and
with something else; every way is then a program of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.statements import FunctionNode
from tdmigrate.verification.program import Program, Project, Target, Uncut, cut

MOST = 8  # programs of one model
_OTHER = "something else"


class Way(NamedTuple):
    """One way: what parameters are assumed to be, and what that builds."""

    assumed: Mapping[str, object]
    program: Program | Uncut

    @property
    def words(self) -> str:
        """ "with kind='lstm'"; "" where nothing is assumed."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.assumed.items())
        return f"with {told}" if told else ""


def branches(text: str, target: Target, project: Project | None = None) -> list[Way]:
    """Every way to build the model of ``target``; one that says why not, where there are none or too many."""
    whole = _cut(text, target, {}, project)
    if isinstance(whole, Program):
        return [Way({}, whole)]
    tree = ast.parse(text)
    if whole.parameter is None:
        return [by_defaults(text, target, project) or Way({}, whole)]
    done: list[Way] = []
    waiting = [Way({}, whole)]
    while waiting:
        way = waiting.pop(0)
        if isinstance(way.program, Program):
            done.append(way)
            continue
        name = way.program.parameter
        values = _values(tree, way.program) if name is not None and name not in way.assumed else None
        if name is None or values is None or len(done) + len(waiting) + len(values) > MOST:
            return [Way({}, whole)]
        for value in values:
            assumed = {**way.assumed, name: value}
            waiting.append(Way(assumed, _cut(text, target, assumed, project)))
    return done


def _cut(text: str, target: Target, assumed: Mapping[str, object], project: Project | None) -> Program | Uncut:
    where = (target.scope, target.name, target.ordinal)
    return cut(text, *where, (), assumed, project, heir=target.heir, goes_on=target.goes_on)


def by_defaults(text: str, target: Target, project: Project | None = None) -> Way | None:
    """The way that every parameter takes which is None where a call leaves it out; None: there is no such way."""
    left_out = dict.fromkeys(_left_out(ast.parse(text), target.scope))
    program = _cut(text, target, left_out, project) if left_out else None
    return Way(left_out, program) if isinstance(program, Program) else None


def _values(tree: ast.Module, uncut: Uncut) -> list[object] | None:
    """The constants that take the parameter every way; None: more is made of it than tests."""
    if uncut.file is not None:
        return None
    owner = next(
        (
            node
            for node in ast.walk(tree)
            if isinstance(node, FunctionNode)
            and any(a.arg == uncut.parameter and a.lineno == uncut.row for a in _parameters(node.args))
        ),
        None,
    )
    if owner is None:
        return None
    tests: dict[ast.Name, list[object]] = {}
    for name, constants in _tests(owner):
        if name.id == uncut.parameter:
            tests[name] = constants
    uses = [node for node in ast.walk(owner) if isinstance(node, ast.Name) and node.id == uncut.parameter]
    if not uses or not all(use in tests for use in uses):
        return None
    values: list[object] = []
    for constant in (constant for constants in tests.values() for constant in constants):
        if not any(constant == one and type(constant) is type(one) for one in values):
            values.append(constant)
    return values


def _left_out(tree: ast.Module, scope: str) -> Iterator[str]:
    """The parameters, of the functions around a model, that are None where a call leaves them out."""
    block: ast.AST = tree
    for name in filter(None, scope.replace(".<locals>", "").split(".")):
        inner = [node for node in ast.walk(block) if isinstance(node, (FunctionNode, ast.ClassDef))]
        block = next((node for node in inner if node is not block and node.name == name), block)
        if isinstance(block, FunctionNode):
            leading = [*block.args.posonlyargs, *block.args.args]
            defaults = block.args.defaults
            pairs = [*zip(leading[len(leading) - len(defaults) :], defaults, strict=True)]
            pairs += [(arg, one) for arg, one in zip(block.args.kwonlyargs, block.args.kw_defaults, strict=True) if one]
            yield from (arg.arg for arg, one in pairs if isinstance(one, ast.Constant) and one.value is None)


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def _tests(owner: ast.AST) -> Iterator[tuple[ast.Name, list[object]]]:
    """Names that are tested, with constants that make the test come out either way."""
    for node in ast.walk(owner):
        if isinstance(node, (ast.If, ast.IfExp)):
            yield from _truths(node.test)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, ast.Name):
            other = node.comparators[0]
            members = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]
            if not isinstance(node.ops[0], (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)):
                continue
            constants = [member.value for member in members if isinstance(member, ast.Constant)]
            if len(constants) == len(members):
                yield node.left, [*constants, _OTHER]


def _truths(test: ast.expr) -> Iterator[tuple[ast.Name, list[object]]]:
    if isinstance(test, ast.Name):
        yield test, [True, False]
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _truths(test.operand)
    elif isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _truths(value)
