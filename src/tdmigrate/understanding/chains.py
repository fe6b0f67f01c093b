"""Models that are made, given their layers one after the other, and only then put to use."""

import ast
from collections.abc import Iterator
from itertools import groupby

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.tree import Tree, key

_FLOW = (ast.For, ast.If, ast.While, ast.With, ast.Try)
CHANGERS = frozenset(("add", "append", "extend", "insert", "pop", "remove"))


class Step(NamedTuple):
    """One layer that joins: by ``statement``, a ``model.add(layer)``; None: in the display of ``Sequential([…])``."""

    layer: ast.expr
    statement: ast.Expr | None


class Chain(NamedTuple):
    """A model whose layers all join before anything else is done with it.

    Every path from ``made`` to the end of the last step goes through the first step. ``last`` is the statement, in the
    block of ``made``, in which the last layer joins; ``following`` the one behind it.
    """

    made: ast.Assign
    call: ast.Call
    target: ast.Name | ast.Attribute
    steps: tuple[Step, ...]
    last: ast.stmt
    following: ast.stmt | None
    mentions: tuple[ast.expr, ...]  # of the model, afterwards


def chain(tree: Tree, call: ast.Call) -> Chain | None:
    """The chain that begins with a call of Sequential; None: something else is done with the model in between."""
    made = tree.of(call)
    if not isinstance(made, ast.Assign) or len(made.targets) != 1:
        return None
    target = made.targets[0]
    name = key(target)
    if name is None or not isinstance(target, (ast.Name, ast.Attribute)):
        return None
    steps = _given(call)
    if steps is None or tree.is_shared(tree.scope(made), name):
        return None
    found = _Walk(tree, made, name)
    if not found.run(bool(steps)):
        return None
    steps += found.steps
    if not steps:
        return None
    last = found.last or made
    place = tree.place(last) + 1
    following = tree.block(made)[place : place + 1]
    return Chain(made, call, target, tuple(steps), last, following[0] if following else None, tuple(found.uses))


def _given(call: ast.Call) -> list[Step] | None:
    """The layers of ``Sequential([…])``."""
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "layers")]
    if any(word.arg not in ("layers", "name") for word in call.keywords) or len(given) > 1:
        return None
    if not given:
        return []
    display = given[0]
    if not isinstance(display, (ast.List, ast.Tuple)) or any(isinstance(one, ast.Starred) for one in display.elts):
        return None
    return [Step(layer, None) for layer in display.elts]


class _Walk:
    """Goes through what comes after ``made``."""

    def __init__(self, tree: Tree, made: ast.Assign, name: str) -> None:
        self._tree = tree
        self._made = made
        self._name = name
        self.steps: list[Step] = []
        self.last: ast.stmt | None = None
        self.uses: list[ast.expr] = []

    def run(self, opened: bool) -> bool:
        """``opened``: the first layer is in already. Says whether the layers join before any other use."""
        behind = self._tree.mentions_behind(self._made, self._name)
        for statement, mentions in groupby(behind, lambda one: self._tree.beside(one, self._made)):
            assert statement is not None
            found = [one for one in mentions if self._is_seen(one)]
            added = [self._added(one) for one in found]
            steps = [step for step in added if step is not None]
            if found and not self.uses and len(steps) == len(found):
                if not opened and not self.steps and not isinstance(statement, ast.Expr):
                    return False  # the first layer may not join at all
                self.steps += steps
                self.last = statement
                continue
            self.uses += found
            if self._is_rebound(statement):
                break
        return self._is_alone()

    def _added(self, mention: ast.expr) -> Step | None:
        """The step of a ``model.add(layer)`` that is a statement of its own, in the scope of ``made``."""
        attribute = self._tree.of(mention)
        call = self._tree.of(attribute) if isinstance(attribute, ast.Attribute) and attribute.attr == "add" else None
        if not isinstance(call, ast.Call) or call.func is not attribute or len(call.args) != 1 or call.keywords:
            return None
        statement, layer = self._tree.of(call), call.args[0]
        if not isinstance(statement, ast.Expr) or isinstance(layer, ast.Starred):
            return None
        if self._tree.mentions(layer, self._name):
            return None
        for one in (statement, *self._tree.up(statement)):
            if one is not statement and not isinstance(one, (*_FLOW, ast.ExceptHandler)):
                return None
            if one is self._tree.beside(mention, self._made):
                return Step(layer, statement)
        return None

    def _is_seen(self, mention: ast.expr) -> bool:
        """Whether a mention may be of the variable in the scope of ``made``, no function's own."""
        where = self._tree.scope(mention)
        return where is self._tree.scope(self._made) or not self._tree.binds(where, self._name)

    def _is_rebound(self, statement: ast.stmt) -> bool:
        return isinstance(statement, ast.Assign) and any(key(one) == self._name for one in statement.targets)

    def _changes(self, mention: ast.expr) -> bool:
        """Whether a mention changes the model's layers, or hands it to a function that does."""
        above = self._tree.of(mention)
        if isinstance(above, ast.Attribute):
            beyond = self._tree.of(above) if above.attr == "layers" else None
            return above.attr in CHANGERS or (isinstance(beyond, ast.Attribute) and beyond.attr in CHANGERS)
        if not isinstance(above, ast.Call) or mention not in above.args:
            return False
        called = above.func.id if isinstance(above.func, ast.Name) else getattr(above.func, "attr", "")
        return called in self._tree.adders

    def _is_alone(self) -> bool:
        """Whether no other code changes the model: functions that know its name, or what follows its block."""
        scope = self._tree.scope(self._made)
        around = scope
        if "." in self._name:
            if any(self._calls_on_owner()):
                return False
            around = next((one for one in self._tree.up(scope) if isinstance(one, ast.ClassDef)), scope)
        inside = {step.statement for step in self.steps}
        for mention in self._tree.mentions(around, self._name):
            statement = self._tree.statement(mention)
            if statement is None or statement in inside or not self._changes(mention):
                continue
            if self._is_seen(mention) and (self._tree.scope(mention) is not scope or not self._is_elsewhere(statement)):
                return False
        return True

    def _is_elsewhere(self, statement: ast.stmt) -> bool:
        """Whether a change is of another model: every way from ``made`` to it sets the name anew."""
        tree = self._tree
        for one in (statement, *tree.up(statement)):
            if not isinstance(one, ast.stmt):
                continue
            ancestor = tree.beside(self._made, one)
            start = 0 if ancestor is None else tree.place(ancestor) + 1
            if tree.is_assigned(self._name, one, start):
                return True
            if ancestor is not None:
                in_loop = any(isinstance(above, (ast.For, ast.While)) for above in tree.up(ancestor))
                other_arm = one is ancestor and isinstance(one, ast.If)
                return (other_arm or tree.place(one) < start - 1) and not in_loop
        return False

    def _calls_on_owner(self) -> Iterator[bool]:
        """Of an attribute such as self.model: calls on ``self``, which may see it, while the layers join."""
        owner = self._name.partition(".")[0]
        start = self._tree.place(self._made)
        end = self._tree.place(self.last) if self.last is not None else start
        for statement in self._tree.block(self._made)[start : end + 1]:
            for call in (one for one in ast.walk(statement) if isinstance(one, ast.Call)):
                told = [*call.args, *(word.value for word in call.keywords)]
                yield any(isinstance(one, ast.Name) and one.id == owner for one in told)
                yield isinstance(call.func, ast.Attribute) and key(call.func) == f"{owner}.{call.func.attr}"
