"""Which bindings of a name reach each place that reads it.

The statements are followed once, in the order in which they run. Straight-line code sees the last binding before it.
Where ways meet (branches, handlers) all their bindings reach. A loop's body sees every binding made in the loop, a
handler every one made in its try. A function may run at any time after it is made: it sees what was bound then, and all
that its scope binds later.
"""

import ast
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from typing import cast

from tdmigrate.understanding.facts import Binding
from tdmigrate.understanding.neighbours import Star
from tdmigrate.understanding.scopes import (
    OTHER,
    UNSET,
    Definition,
    Definitions,
    Moment,
    Position,
    Scan,
    Scope,
    captures,
    chain,
    end_of,
    is_none,
    literal_getattr,
    parameters,
    start_of,
    targets,
)

_MOST = 100  # bindings of one name that are told apart; a name with more reads as uncertain
_DYNAMIC = frozenset({"eval", "exec", "globals", "locals", "vars"})
_WORD = re.compile(r"\w+")

_Changes = dict[tuple[Scope, str], Definitions]
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Reaching:
    """The reads of tracked names and what reaches each.

    Attributes:
        reads: the root name of each expression that reads a tracked name, with all definitions that reach it.
        chains: those expressions at their longest: ``keras.layers.core`` rather than ``keras``.
        stores: attribute chains that are assigned to or deleted, and literal ``setattr`` as object and name.
        mentioned: names that strings may stand for: annotations, and any string of a module that looks names up itself.
        overflow: names too often bound to be told apart.
    """

    def __init__(self, tree: ast.Module, scan: Scan) -> None:
        self.reads: dict[ast.Name, Definitions] = {}
        self.chains: list[ast.expr] = []
        self.stores: list[tuple[ast.expr, str]] = []
        self.mentioned: set[str] = set()
        self.overflow: set[str] = set()
        self._scan = scan
        self._watched = scan.tracked | _DYNAMIC
        self._step = 0
        self._scope = scan.root
        self._at: Position = (0, 0)  # where the statement begins
        self._from: Position | None = None  # where the outermost loop or class body around it begins
        self._changed: _Changes = {}  # since the branch began: what stood before
        self._waiting: deque[tuple[Scope, Sequence[ast.stmt] | ast.expr]] = deque([(scan.root, tree.body)])
        self._dynamic = False
        while self._waiting:
            self._scope, body = self._waiting.popleft()
            self._from = None
            self._changed = {}
            self._enter(self._scope)
            if isinstance(body, ast.expr):
                self._expressions(body)
            else:
                self._block(body)
        if self._dynamic:
            self._mention(tree)

    # State

    def _set(self, scope: Scope, name: str, definitions: Definitions) -> None:
        self._step += 1
        self._changed.setdefault((scope, name), scope.state.get(name, (UNSET,)))
        scope.state[name] = definitions
        scope.history.setdefault(name, []).append((self._step, definitions))

    def _union(self, name: str, first: Definitions, second: Iterable[Definition]) -> Definitions:
        union = tuple(dict.fromkeys((*first, *second)))
        if len(union) > _MOST:
            self.overflow.add(name)
            return (*union[: _MOST - 1], OTHER)
        return first if len(union) == len(first) else union

    def _enter(self, scope: Scope) -> None:
        declared = scope.globals | scope.nonlocals
        for name in scope.by_name:
            self._set(scope, name, self._outer(scope, name) if name in declared else (UNSET,))
        for name in scope.parameters:
            if name in self._scan.tracked:
                self._set(scope, name, (OTHER,))

    def _visible(self, name: str) -> Definitions:
        scope = self._scope
        found = scope.state.get(name)
        if found is None:
            return self._outer(scope, name)
        if scope.kind == "class" and UNSET in found:
            found = self._union(name, tuple(d for d in found if d != UNSET), self._outer(scope, name))
        return self._union(name, found, scope.foreign.get(name, ()))

    def _outer(self, scope: Scope, name: str) -> Definitions:
        """What a name of an enclosing scope may be bound to while ``scope`` runs."""
        if not scope.inline and name in scope.outer:
            return scope.outer[name]
        moment = None if scope.inline else scope.born  # None: the enclosing scope is at this very place
        from_module = name in scope.globals
        found: Definitions = ()
        owner = scope.parent
        while owner is not None:
            if owner.kind != "class":
                from_module = from_module or name in owner.globals
                here = owner.parent is None if from_module else name not in owner.nonlocals
                if here and name in owner.state:
                    found = owner.state[name] if moment is None else self._since(owner, name, moment)
                    found = self._union(name, found, owner.foreign.get(name, ()))
                    break
                if not owner.inline:
                    moment = owner.born
            owner = owner.parent
        if not scope.inline:
            scope.outer[name] = found
        return found

    def _since(self, scope: Scope, name: str, moment: Moment) -> Definitions:
        """What stood at a moment, and all that is bound later."""
        history = scope.history[name]
        index = bisect_right(history, moment.step, key=lambda entry: entry[0])
        found = history[index - 1][1] if index else (UNSET,)
        found = self._union(name, found, scope.since(moment.position, name, _MOST + 1))
        if any(star.position >= moment.position and _may_replace(star, name, found) for star in scope.stars):
            found = self._union(name, found, (OTHER,))
        return found

    def _weaken(self, start: Position, end: Position) -> None:
        """Any binding of this piece of source may have been made."""
        scope = self._scope
        made: dict[str, list[Definition]] = {}
        for _, name, definition in scope.between(start, end):
            made.setdefault(name, []).append(definition)
        for name, definitions in made.items():
            self._set(scope, name, self._union(name, scope.state[name], definitions))
        for star in scope.stars:
            if start <= star.position < end:
                self._foreign_star(star)

    def _foreign_star(self, star: Star) -> None:
        for name, found in list(self._scope.state.items()):
            if _may_replace(star, name, found):
                self._set(self._scope, name, self._union(name, found, (OTHER,)))

    def _fork(self) -> _Changes:
        """Begin one of several ways; what is returned goes to ``_back`` at its end."""
        before, self._changed = self._changed, {}
        return before

    def _back(self, before: _Changes, alive: bool = True) -> _Changes | None:
        """Take a way back: what it changed, None where it never comes to its end."""
        undone = self._changed
        changes = {(scope, name): scope.state[name] for scope, name in undone}
        for (scope, name), old in undone.items():
            self._set(scope, name, old)
        self._changed = before
        return changes if alive else None

    def _join(self, *ways: _Changes | None) -> bool:
        """Go on from where several ways meet; False: none of them comes here."""
        alive = [way for way in ways if way is not None]
        for key in dict.fromkeys(key for way in alive for key in way):
            scope, name = key
            joined: Definitions = ()
            for way in alive:
                joined = self._union(name, joined, way.get(key, scope.state[name]))
            self._set(scope, name, joined)
        return bool(alive)

    # Statements: True where the next statement is reached

    def _block(self, body: Sequence[ast.stmt]) -> bool:
        alive = True
        for statement in body:
            alive = self._statement(statement) and alive
        return alive

    def _statement(self, node: ast.stmt) -> bool:
        self._at = start_of(node)
        if isinstance(node, ast.Expr):
            self._expressions(node.value)
        elif isinstance(node, ast.Assign):
            self._expressions(node.value)
            for target in node.targets:
                self._store(target)
        elif isinstance(node, (ast.Return, ast.Raise)):
            self._expressions(node)
            return False
        elif isinstance(node, (ast.Break, ast.Continue)):
            return False
        elif isinstance(node, ast.If):
            return self._if(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._function(node)
        elif isinstance(node, ast.ClassDef):
            self._class(node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self._import(alias, alias.asname or alias.name.partition(".")[0])
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    self._star(alias)
                else:
                    self._import(alias, alias.asname or alias.name)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._expressions(node.iter)
            self._loops(node, node.target, None)
        elif isinstance(node, ast.While):
            self._loops(node, None, node.test)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                self._expressions(item.context_expr)
                if item.optional_vars is not None:
                    self._store(item.optional_vars)
            before = self._fork()
            self._block(node.body)
            self._back(before)
            self._weaken(start_of(node.body[0]), end_of(node))  # the manager may swallow an exception
        elif hasattr(node, "handlers"):
            return self._try(cast(ast.Try, node))
        elif isinstance(node, ast.AugAssign):
            self._expressions(node.value)
            if isinstance(node.target, ast.Name):
                self._read(node.target, node.target)
            self._store(node.target)
        elif isinstance(node, ast.AnnAssign):
            self._annotation(node.annotation)
            if node.value is not None:
                self._expressions(node.value)
                self._store(node.target)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                for single in targets(target):
                    if isinstance(single, ast.Name):
                        self._read(single, single)
                self._store(target)
        elif isinstance(node, ast.Match):
            return self._match(node)
        else:
            self._expressions(node)
            if isinstance(alias_name := getattr(node, "name", None), ast.Name):  # of a type
                self._store(alias_name)
        return True

    def _if(self, node: ast.If) -> bool:
        ways: list[_Changes | None] = []
        while True:  # along the elifs, which nest in the tree
            self._expressions(node.test)
            before = self._fork()
            ways.append(self._back(before, self._block(node.body)))
            if len(node.orelse) == 1 and isinstance(following := node.orelse[0], ast.If):
                node = following
            else:
                break
        before = self._fork()
        ways.append(self._back(before, self._block(node.orelse)))
        return self._join(*ways)

    def _loops(self, node: ast.For | ast.AsyncFor | ast.While, target: ast.expr | None, test: ast.expr | None) -> None:
        outermost, self._from = self._from, self._from or start_of(node)
        self._weaken(start_of(node), end_of(node))  # nothing that the loop leaves behind is more than this
        self._expressions(test)
        before = self._fork()
        if target is not None:
            self._store(target)
        self._block(node.body)
        self._back(before)
        self._from = outermost
        before = self._fork()
        self._block(node.orelse)
        self._back(before)

    def _try(self, node: ast.Try) -> bool:
        start, end = start_of(node.body[0]), end_of(node.body[-1])
        before = self._fork()
        alive = self._block(node.body)
        alive = self._block(node.orelse) and alive
        ways = [self._back(before, alive)]
        for handler in node.handlers:
            self._expressions(handler.type)
            before = self._fork()
            self._weaken(start, end)
            if handler.name is not None:
                self._bind(handler.name, OTHER)
            alive = self._block(handler.body)
            if handler.name is not None:
                self._bind(handler.name, UNSET)
            ways.append(self._back(before, alive))
        alive = self._join(*ways)
        if not node.finalbody:
            return alive
        # reached from anywhere above; afterwards stands what it binds itself, not what might have been bound above
        before = self._fork()
        self._weaken(start, start_of(node.finalbody[0]))
        inner = self._fork()
        last = self._back(inner, self._block(node.finalbody))
        self._back(before)
        return self._join(last) and alive

    def _match(self, node: ast.Match) -> bool:
        self._expressions(node.subject)
        ways: list[_Changes | None] = []
        exhausted = False
        for case in node.cases:
            self._expressions(case.pattern)
            for name in captures(case.pattern):
                if name in self._scan.tracked:  # stays bound where the guard fails
                    self._set(self._scope, name, self._union(name, self._scope.state[name], (OTHER,)))
            before = self._fork()
            for name in captures(case.pattern):
                self._bind(name, OTHER)
            self._expressions(case.guard)
            ways.append(self._back(before, self._block(case.body)))
            irrefutable = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
            exhausted = exhausted or (irrefutable and case.guard is None)
        if not exhausted:
            ways.append({})
        return self._join(*ways)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._expressions(*node.decorator_list)
        self._arguments(node.args)
        self._annotation(node.returns)
        self._postpone(self._scan.scopes[node], node.body)
        self._bind(node.name, OTHER)

    def _arguments(self, arguments: ast.arguments) -> None:
        self._expressions(*arguments.defaults, *arguments.kw_defaults)
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self._annotation(argument.annotation)
        for variadic in (arguments.vararg, arguments.kwarg):
            if variadic is not None:
                self._annotation(variadic.annotation)

    def _postpone(self, scope: Scope, body: Sequence[ast.stmt] | ast.expr) -> None:
        # what the statement around it binds is bound after it, though it stands before it: `X = lambda: X`
        scope.born = Moment(self._step, self._from or self._at)
        self._waiting.append((scope, body))

    def _class(self, node: ast.ClassDef) -> None:
        self._expressions(*node.decorator_list, *node.bases, *node.keywords)
        outside, self._scope = self._scope, self._scan.scopes[node]
        outermost, self._from = self._from, self._from or self._at
        self._enter(self._scope)
        self._block(node.body)
        self._scope, self._from = outside, outermost
        self._bind(node.name, OTHER)

    def _import(self, alias: ast.alias, local: str) -> None:
        definition = self._scan.definitions.get(alias, OTHER)
        symbol = definition.symbol
        if symbol is None or not is_submodule_import(symbol.binding):
            self._bind(local, definition)
            return
        # `import keras.a` after `import keras.b` leaves `keras` the same module, with both
        kept = [
            d
            for d in self._scope.state[local]
            if d.symbol and is_submodule_import(d.symbol.binding) and d.symbol.binding.path != symbol.binding.path
        ]
        self._set(self._scope, local, self._union(local, (definition,), kept))

    def _star(self, alias: ast.alias) -> None:
        brought = self._scan.starred.get(alias)
        if brought is None:
            self._foreign_star(self._scan.stars[alias])
        else:
            for name, definition in brought.items():
                # what a star brings depends on the release, so what stood before may stand still
                self._set(self._scope, name, self._union(name, self._scope.state[name], (definition,)))

    def _bind(self, name: str, definition: Definition) -> None:
        if name in self._scan.tracked:
            self._set(self._scope, name, (definition,))

    def _store(self, target: ast.expr) -> None:
        for single in targets(target):
            if isinstance(single, ast.Name):
                self._bind(single.id, self._scan.definitions.get(single, OTHER))
            elif isinstance(single, ast.Attribute):
                self.stores.append((single.value, single.attr))
                self._expressions(single.value)
            else:
                self._expressions(single)

    # Expressions

    def _read(self, outer: ast.expr, root: ast.Name) -> None:
        if root.id in self._scan.tracked:
            self.reads[root] = self._visible(root.id)
            self.chains.append(outer)
        elif root.id in _DYNAMIC:
            self._dynamic = True

    def _expressions(self, *nodes: ast.AST | None) -> None:
        """Read what these expressions read, in about the order in which they do."""
        watched = self._watched
        pending = list(reversed(nodes))
        while pending:
            node = pending.pop()
            kind = type(node)
            if node is None or kind is ast.Constant:
                continue
            if kind is ast.Name:
                name = cast(ast.Name, node)
                if name.id in watched:
                    if type(name.ctx) is ast.Store:
                        self._walrus(name)
                    else:
                        self._read(name, name)
            elif kind is ast.Attribute:
                base = cast(ast.Attribute, node).value
                while type(base) is ast.Attribute:
                    base = base.value
                if type(base) is ast.Name:
                    if base.id in watched:
                        self._read(cast(ast.expr, node), base)
                elif literal_getattr(base) and (found := chain(base)):
                    self._read(cast(ast.expr, node), found[0])
                else:
                    pending.append(base)
            elif kind is ast.Call and type(function := cast(ast.Call, node).func) is ast.Name:
                call = cast(ast.Call, node)
                if function.id == "getattr" and literal_getattr(call) and (found := chain(call)):
                    self._read(call, found[0])
                    continue
                if function.id in watched:
                    self._read(function, function)
                elif function.id == "setattr":
                    self._setattr(call)
                pending += reversed(call.keywords)
                pending += reversed(call.args)
            elif kind is ast.Lambda:
                function_ = cast(ast.Lambda, node)
                self._arguments(function_.args)
                scope = Scope("lambda", self._scope)
                scope.parameters = parameters(function_.args)
                self._postpone(scope, function_.body)
            elif isinstance(node, _Comprehension):
                self._comprehension(node)
            elif isinstance(node, ast.NamedExpr):
                pending += (node.target, node.value)
            else:
                for field in reversed(node._fields):
                    value = getattr(node, field)
                    if isinstance(value, ast.AST):
                        pending.append(value)
                    elif isinstance(value, list):
                        pending += [item for item in reversed(value) if isinstance(item, ast.AST)]

    def _walrus(self, target: ast.Name) -> None:
        scope = self._scope
        while scope.kind in ("comprehension", "lambda") and scope.parent is not None:
            scope = scope.parent
        if target.id in scope.state:
            definition = self._scan.definitions.get(target, OTHER)
            self._set(scope, target.id, self._union(target.id, scope.state[target.id], (definition,)))

    def _setattr(self, call: ast.Call) -> None:
        if len(call.args) == 3 and isinstance(name := call.args[1], ast.Constant) and isinstance(name.value, str):
            self.stores.append((call.args[0], name.value))

    def _comprehension(self, node: _Comprehension) -> None:
        first = node.generators[0]
        self._expressions(first.iter)
        outside, self._scope = self._scope, Scope("comprehension", self._scope)
        for generator in node.generators:
            for single in targets(generator.target):
                if isinstance(single, ast.Name):
                    self._bind(single.id, OTHER)
                else:
                    self._expressions(single)
        for generator in node.generators:
            if generator is not first:
                self._expressions(generator.iter)
            self._expressions(*generator.ifs)
        if isinstance(node, ast.DictComp):
            self._expressions(node.key, node.value)
        else:
            self._expressions(node.elt)
        self._scope = outside

    def _annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            self._expressions(node)
            self._mention(node)

    def _mention(self, node: ast.AST) -> None:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                self.mentioned.update(_WORD.findall(inner.value))


def is_submodule_import(binding: Binding) -> bool:
    """Whether it is ``import keras.x`` (or ``import keras``), which binds ``keras``."""
    return isinstance(binding.statement, ast.Import) and binding.statement.names[binding.index].asname is None


def _may_replace(star: Star, name: str, found: Definitions) -> bool:
    """Whether a star import may put something else in the place of a name that may be Keras's."""
    legacy = [d.symbol.path for d in found if d.symbol is not None]
    alias = any(d.value is not None and not is_none(d.value) for d in found)
    return OTHER not in found and (bool(legacy) or alias) and star.may_define(name, legacy)
