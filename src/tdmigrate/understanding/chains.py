"""Models that are made, given their layers one after the other, and only then put to use."""

import ast
from collections.abc import Iterator, Sequence

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.module import Module

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp,
           ast.GeneratorExp)  # fmt: skip
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


class Parents:
    """The way up a tree."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._above: dict[ast.AST, ast.AST] = {
            child: node for node in ast.walk(module.tree) for child in ast.iter_child_nodes(node)
        }

    def of(self, node: ast.AST) -> ast.AST | None:
        return self._above.get(node)

    def up(self, node: ast.AST) -> Iterator[ast.AST]:
        above = self._above.get(node)
        while above is not None:
            yield above
            above = self._above.get(above)

    def adds(self, call: ast.Call) -> bool:
        """Whether a call is of a function of this source that adds layers to something it is given."""
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        for node in ast.walk(self.module.tree):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                given = {one.arg for one in node.args.args}
                attributes = (one for one in ast.walk(node) if isinstance(one, ast.Attribute) and one.attr == "add")
                if any(isinstance(one.value, ast.Name) and one.value.id in given for one in attributes):
                    return True
        return False

    def scope(self, node: ast.AST) -> ast.AST:
        """The function or module around a node."""
        return next((one for one in self.up(node) if isinstance(one, (*_SCOPES, ast.Module))), self.module.tree)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        return node if isinstance(node, ast.stmt) else next((n for n in self.up(node) if isinstance(n, ast.stmt)), None)

    def block(self, statement: ast.stmt) -> Sequence[ast.stmt]:
        """The statements among which one stands."""
        above = self._above.get(statement)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(above, name, None)
            if isinstance(block, list) and statement in block:
                return block
        return [statement]


def key(node: ast.expr) -> str | None:
    """What stands for the same variable or attribute: "model", "self.model"; None: it is neither."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return None


def mentions(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """Every place in a node where a variable or attribute stands, in the order of the source."""
    found = [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute)) and key(one) == name]
    yield from sorted(found, key=lambda one: (one.lineno, one.col_offset))


def chain(parents: Parents, call: ast.Call) -> Chain | None:
    """The chain that begins with a call of Sequential; None: something else is done with the model in between."""
    made = parents.of(call)
    if not isinstance(made, ast.Assign) or len(made.targets) != 1:
        return None
    target = made.targets[0]
    name = key(target)
    if name is None or not isinstance(target, (ast.Name, ast.Attribute)):
        return None
    steps = _given(call)
    if steps is None or _is_shared(parents.scope(made), name):
        return None
    found = _Walk(parents, made, name)
    if not found.run(bool(steps)):
        return None
    steps += found.steps
    if not steps:
        return None
    last = found.last or made
    block = parents.block(made)
    behind = block[block.index(last) + 1 :]
    return Chain(made, call, target, tuple(steps), last, behind[0] if behind else None, tuple(found.uses))


def _is_shared(scope: ast.AST, name: str) -> bool:
    """Whether a function says that a name is not its own."""
    told = (one for one in ast.walk(scope) if isinstance(one, (ast.Global, ast.Nonlocal)))
    return any(name in one.names for one in told)


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

    def __init__(self, parents: Parents, made: ast.Assign, name: str) -> None:
        self._parents = parents
        self._made = made
        self._name = name
        self._block = parents.block(made)
        self.steps: list[Step] = []
        self.last: ast.stmt | None = None
        self.uses: list[ast.expr] = []

    def run(self, opened: bool) -> bool:
        """``opened``: the first layer is in already. Says whether the layers join before any other use."""
        for statement in self._block[self._block.index(self._made) + 1 :]:
            found = [one for one in mentions(statement, self._name) if self._is_seen(one)]
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
        attribute = self._parents.of(mention)
        call = self._parents.of(attribute) if isinstance(attribute, ast.Attribute) and attribute.attr == "add" else None
        if not isinstance(call, ast.Call) or call.func is not attribute or len(call.args) != 1 or call.keywords:
            return None
        statement, layer = self._parents.of(call), call.args[0]
        if not isinstance(statement, ast.Expr) or isinstance(layer, ast.Starred) or any(mentions(layer, self._name)):
            return None
        for one in (statement, *self._parents.up(statement)):
            if one is not statement and not isinstance(one, (*_FLOW, ast.ExceptHandler)):
                return None
            if one in self._block:
                return Step(layer, statement)
        return None

    def _is_seen(self, mention: ast.expr) -> bool:
        """Whether a mention may be of the variable in the scope of ``made``, no function's own."""
        where = self._parents.scope(mention)
        return where is self._parents.scope(self._made) or not binds(where, self._name)

    def _is_rebound(self, statement: ast.stmt) -> bool:
        return isinstance(statement, ast.Assign) and any(key(one) == self._name for one in statement.targets)

    def _changes(self, mention: ast.expr) -> bool:
        """Whether a mention changes the model's layers, or hands it to a function that does."""
        above = self._parents.of(mention)
        if isinstance(above, ast.Attribute):
            beyond = self._parents.of(above) if above.attr == "layers" else None
            return above.attr in CHANGERS or (isinstance(beyond, ast.Attribute) and beyond.attr in CHANGERS)
        return isinstance(above, ast.Call) and mention in above.args and self._parents.adds(above)

    def _is_alone(self) -> bool:
        """Whether no other code changes the model: functions that know its name, or what follows its block."""
        scope = self._parents.scope(self._made)
        around = scope
        if "." in self._name:
            if any(self._calls_on_owner()):
                return False
            around = next((one for one in self._parents.up(scope) if isinstance(one, ast.ClassDef)), scope)
        inside = {step.statement for step in self.steps}
        for mention in mentions(around, self._name):
            statement = self._parents.statement(mention)
            if statement is None or statement in inside or not self._changes(mention):
                continue
            if self._is_seen(mention) and (
                self._parents.scope(mention) is not scope or not self._is_elsewhere(statement)
            ):
                return False
        return True

    def _is_elsewhere(self, statement: ast.stmt) -> bool:
        """Whether a change is of another model: every way from ``made`` to it sets the name anew."""
        mine = [one for one in (self._made, *self._parents.up(self._made)) if isinstance(one, ast.stmt)]
        for one in (statement, *self._parents.up(statement)):
            if not isinstance(one, ast.stmt):
                continue
            block = self._parents.block(one)
            ancestor = next((other for other in mine if other in block), None)
            start = 0 if ancestor is None else block.index(ancestor) + 1
            end = block.index(one)
            if any(self._is_rebound(other) for other in block[start:end]):
                return True
            if ancestor is not None:
                in_loop = any(isinstance(above, (ast.For, ast.While)) for above in self._parents.up(ancestor))
                other_arm = one is ancestor and isinstance(one, ast.If)
                return (other_arm or end < start - 1) and not in_loop
        return False

    def _calls_on_owner(self) -> Iterator[bool]:
        """Of an attribute such as self.model: calls on ``self``, which may see it, while the layers join."""
        owner = self._name.partition(".")[0]
        start = self._block.index(self._made)
        end = self._block.index(self.last) if self.last is not None else start
        for statement in self._block[start : end + 1]:
            for call in (one for one in ast.walk(statement) if isinstance(one, ast.Call)):
                told = [*call.args, *(word.value for word in call.keywords)]
                yield any(isinstance(one, ast.Name) and one.id == owner for one in told)
                yield isinstance(call.func, ast.Attribute) and key(call.func) == f"{owner}.{call.func.attr}"


def binds(scope: ast.AST, name: str) -> bool:
    """Whether a function has a variable of this name for itself."""
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    arguments = scope.args
    if name in {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}:
        return True
    shared = {one for node in ast.walk(scope) if isinstance(node, (ast.Global, ast.Nonlocal)) for one in node.names}
    return name not in shared and any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in ast.walk(scope)
    )
