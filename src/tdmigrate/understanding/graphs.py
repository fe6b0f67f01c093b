"""Graphs of Keras 0.x/1.x that one block of statements builds from ``Graph()`` to the last ``add_…``.

An ``if`` with an ``else`` may stand in the block: which nodes its arms add is for the reader of the steps to compare.
"""

import ast
from collections.abc import Iterator, Sequence

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.facts import Facts, MethodUse, ModelUse

ADDERS = frozenset(("add_input", "add_node", "add_shared_node", "add_output"))


class Step(NamedTuple):
    """``graph.add_node(…)``, a statement of its own."""

    statement: ast.Expr
    use: MethodUse
    choice: ast.If | None = None  # it stands in an arm of this
    otherwise: bool = False  # in the ``else``


class Straight(NamedTuple):
    """A graph whose steps follow each other in one block; nothing else there reads or binds its name meanwhile."""

    statement: ast.Assign
    target: ast.expr  # what holds it: a name or attribute chain
    steps: tuple[Step, ...]


class GraphUse(NamedTuple):
    """One call of Graph."""

    node: ast.Call
    model: ModelUse | None
    straight: Straight | None
    trouble: str  # why it is not straight, in words; "" where it is


class _Found(NamedTuple):
    statement: ast.stmt
    block: Sequence[ast.stmt]
    index: int  # type: ignore[assignment]  # in the block; hides tuple.index, which nobody calls


def graphs(tree: ast.Module, facts: Facts) -> tuple[GraphUse, ...]:
    """Every call of Graph that makes one."""
    calls = [use.node for use in facts.functions if use.entry is not None and use.entry.name == "Graph"]
    if not calls:
        return ()
    places = {
        statement.value: _Found(statement, block, index)
        for block in _blocks(tree)
        for index, statement in enumerate(block)
        if isinstance(statement, (ast.Assign, ast.Expr))
    }
    adding = {use.node: use for use in facts.methods if use.method.name in ADDERS}
    followed = all(adding[node].models for node in adding) and all(node in adding for node in _adding(tree))
    models = {model.node: model for model in facts.models}
    found = []
    for call in calls:
        own = [use for use in adding.values() if call in use.models]
        made = _straight(places, call, own) if followed else "a graph gets nodes where it is not known which one it is"
        straight = made if isinstance(made, Straight) else None
        found.append(GraphUse(call, models.get(call), straight, made if isinstance(made, str) else ""))
    return tuple(found)


def _straight(places: dict[ast.expr, _Found], call: ast.Call, own: Sequence[MethodUse]) -> Straight | str:
    if call not in places or not isinstance(places[call].statement, ast.Assign):
        return "it is not held by a name at once"
    statement, block, start = places[call]
    assert isinstance(statement, ast.Assign)
    target = statement.targets[0]
    if len(statement.targets) > 1 or not _is_chain(target):
        return "it is held by more than one name"
    if not own:
        return "no node of it is added here"
    arms = {
        id(arm): (index, one, otherwise)
        for index, one in enumerate(block)
        if isinstance(one, ast.If) and index > start
        for arm, otherwise in ((one.body, False), (one.orelse, True))
    }
    steps = []
    for use in own:
        place = places.get(use.node)
        row = f"line {use.node.lineno}"
        if use.models != (call,):
            return f"{row} adds to several graphs"
        if place is None or (id(place.block) not in arms and (place.block is not block or place.index < start)):
            return f"{row} adds to it in another block"
        assert isinstance(place.statement, ast.Expr)
        func = use.node.func
        if not isinstance(func, ast.Attribute) or ast.unparse(func.value) != ast.unparse(target):
            return f"{row} adds to it by another name"
        if place.block is block:
            steps.append(((place.index, False, 0), Step(place.statement, use)))
        else:
            index, choice, otherwise = arms[id(place.block)]
            steps.append(((index, otherwise, place.index), Step(place.statement, use, choice, otherwise)))
    steps.sort(key=lambda one: one[0])
    if steps[-1][1].choice is not None:
        return f"line {steps[-1][1].statement.lineno} adds the last node in another block"
    receivers = {step.use.node.func.value for _, step in steps if isinstance(step.use.node.func, ast.Attribute)}
    for index in range(start + 1, steps[-1][0][0] + 1):
        if any(node not in receivers for node in _mentions(block[index], target)):
            return f"line {block[index].lineno} makes use of it before it is whole"
    return Straight(statement, target, tuple(step for _, step in steps))


def _blocks(tree: ast.Module) -> Iterator[Sequence[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                yield block


def _adding(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that can only be of a graph, as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ADDERS:
            yield node


def _is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _mentions(part: ast.AST, target: ast.expr) -> Iterator[ast.AST]:
    text = ast.unparse(target)
    return (node for node in ast.walk(part) if isinstance(node, type(target)) and ast.unparse(node) == text)
