"""The slice itself: from the statement that makes the model back to everything it needs, numbers filled in on the way.

Every kept expression is rewritten top-down with its role: a size, an object, or neither. Where a part of it is opaque
and surely a number, or used as a size only, a number takes its place and what stood behind it is not needed any more;
where it is used as an object the model cannot be cut out. Roles flow from uses to bindings, so passes are repeated
until the roles stand.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import IntFlag
from functools import cached_property
from itertools import count, takewhile
from typing import Final

from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.registry import lookup
from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.arguments import Arguments
from tdmigrate.verification.cutting.compiling import Compiling
from tdmigrate.verification.cutting.elements import without_weights
from tdmigrate.verification.cutting.flow import Frame, Node, TooMuchError
from tdmigrate.verification.cutting.scope import Scope, argument_of, default_of, parameter_of
from tdmigrate.verification.cutting.statements import (
    FunctionNode,
    Setting,
    bound_inside,
    flat,
    is_training,
    own_expressions,
    plain,
    root,
    runs,
    targets_of,
)
from tdmigrate.verification.cutting.unknown import CASTS, Bound, Opacity
from tdmigrate.verification.cutting.vocabulary import (
    ADDING,
    LAYERS,
    PYTHON2,
    READING_BUILTINS,
    RUNS,
    SETTINGS,
    importable,
    is_trained,
    kind_of,
    may_build,
    object_keyword,
    other_layers,
    takes_fractions,
    takes_numbers,
)

MAX_PASSES: Final = 12
MAX_VISITS: Final = 400_000
# building calls it only of layers that something makes anew
_CONFIG: Final = "get_config"
MADE_UP: Final = "made_up"  # the function that stands for data given as weights
_TENSORS: Final = frozenset(("input", "inputs", "output", "outputs"))  # keywords of Model
_OF_CONFIG: Final = frozenset(("Bidirectional", "clone_model", "copy", "deepcopy", "from_config", "layer_from_config"))


class Role(IntFlag):
    """What an expression is used as."""

    NONE = 0
    SIZE = 1
    OBJECT = 2
    TESTED = 4  # compared, printed, taken for true or false
    COUNT = 8  # a loop counts to it
    FRACTION = 16  # a rate, a share, a deviation


class Trouble(NamedTuple):
    row: int
    reason: str
    parameter: str | None = None  # that no call of the source tells


class Filled(NamedTuple):
    name: str
    row: int
    kind: str  # "size", "length", "small" or "fraction"


class Slicer:
    """One run of the slice for one model."""

    def __init__(
        self,
        scope: Scope,
        opacity: Opacity,
        arguments: Arguments,
        chain: tuple[Node, ...],
        made: Node | None,
        dead: frozenset[Node],
        given: Mapping[str, int | float],
        compiling: Compiling | None = None,
        data: frozenset[str] | None = None,
        asked: Sequence[tuple[str, Node]] = (),
    ) -> None:
        self.scope = scope
        self.opacity = opacity
        self.arguments = arguments
        self.chain = chain  # the functions and classes around the model, outermost first
        self.dead = dead  # what no run reaches
        self.given = given  # numbers that stand already
        self.compiling = compiling
        self.data = data  # that the old source gives as weights; None: this is the old source
        self.told: dict[Node, bool] = {}  # of statements that set weights, whether the program can do it
        self.asked = asked  # names, and where they stand, that the call of the function around the model mentions
        self.held_in = _held_in(made)
        self.made = made  # the statement that makes the model; None: the model is the object of its own class
        owner = chain[0].inner if chain and isinstance(chain[0].stmt, ast.ClassDef) else None
        self.lineage = scope.lineage(scope.maker(owner)) if owner is not None else []
        self.roles: dict[tuple[Node, str], Role] = {}
        self.visits = 0
        self.numbers: Mapping[str, int | float] = {}
        self._reset()

    def _reset(self) -> None:
        self.needed: dict[Node, set[str]] = {}
        self.full: set[Node] = set()  # needed for more than its shape
        self.new: dict[Node, list[ast.stmt]] = {}
        self.defaults: dict[Node, ast.expr] = {}
        self.decorators: dict[Node, list[ast.expr]] = {}  # of functions around the model, those that build on it
        self.fills: dict[str, Filled] = {}
        self.troubles: list[Trouble] = []
        self.shims: set[str] = set()
        self.made_up: dict[str, int] = {}  # data that layers are given as weights, with their rows
        self.left_out: dict[str, int] = {}  # arguments without which the model is the same, with their rows
        self.queue: list[Node] = []

    # --- passes

    def run(self) -> None:
        """Find the roles, then what is needed."""
        for _ in range(MAX_PASSES):
            before = dict(self.roles)
            self._pass()
            if self.roles == before:
                return
        raise TooMuchError

    def rewrite(self, numbers: Mapping[str, int | float]) -> None:
        """Once more, with the numbers that were chosen for the fills."""
        self.numbers = numbers
        self._pass()

    def _pass(self) -> None:
        self._reset()
        for node in (*self.chain, *(self.scope.owner[frame] for frame in self.lineage[:1])):
            self.need(node, "")
        for node in self.scope.module.nodes:
            if self._is_setting(node):
                self.need(node, "")
        for name, node in self.asked:
            self._use(name, node, Role.OBJECT)
        if self.made is not None:
            self.need(self.made, "")
            for name in self.made.bound:
                self.need(self.made, name)
            for node in self.compiling.nodes if self.compiling is not None else ():
                self.need(node, "")
        else:
            for node in self._constructor_nodes():
                own = node.frame.self_name
                if own in node.changed or any(name.partition(".")[0] == own for name in self._set(node)):
                    self.need(node, "")
        while True:
            while self.queue:
                self._process(self.queue.pop())
            self._changes()
            if not self.queue:
                break

    def _constructor_nodes(self) -> list[Node]:
        constructor = self.scope.constructor(self.lineage[0])
        return constructor.nodes if constructor is not None else []

    def _is_setting(self, node: Node) -> bool:
        stmt = node.stmt
        if not (isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call)):
            return False
        path = self.scope.path(stmt.value.func, node) or ""
        return path.startswith("keras.") and path.rpartition(".")[2] in SETTINGS and not node.parents

    def need(self, node: Node, name: str, whole: bool = True) -> None:
        """Take a node into the slice, for one of the names it binds ("" for none)."""
        if node in self.dead:
            return
        names = self.needed.get(node)
        if names is None:
            self.needed[node] = {name} - {""}
            self.queue.append(node)
            for parent in node.parents:
                self.need(parent, "")
            owner = self.scope.owner.get(node.frame)
            if owner is not None:
                self.need(owner, "")
        elif name and name not in names:
            names.add(name)
            self.queue.append(node)
        if whole and node not in self.full:
            self.full.add(node)
            if names is not None:
                self.queue.append(node)
        if node.frame.self_name is not None and "." in name and self._is_helper(node.frame):
            for site in self.scope.sites.get(node.frame, []):
                if site.node.frame in self._running():
                    self.need(site.node, "")

    def _running(self) -> list[Frame]:
        """The methods that run while the class around the model makes it."""
        method = self.chain[1].inner if len(self.chain) > 1 else None
        return self.scope.running(self.lineage[0], method) if self.lineage else []

    def _is_helper(self, frame: Frame) -> bool:
        """A function that is called by the slice rather than sliced itself."""
        owner = self.scope.owner.get(frame)
        return owner is not None and owner not in self.chain and not self._is_constructor(frame)

    def _is_constructor(self, frame: Frame) -> bool:
        """``__init__`` of the class around the model, or of its bases: only the attributes in need are kept of it."""
        return isinstance(frame.owner, FunctionNode) and frame.owner.name == "__init__" and frame.outer in self.lineage

    # --- what changes an object in need

    def _changes(self) -> None:
        in_time = self._in_time()
        for node in self.scope.nodes:
            if node in self.needed or node in self.dead or node.stmt is None:
                continue
            if not (node.changed or node.setting) or not self._frame_runs(node.frame):
                continue
            for name, kind in {**node.changed, **self._set(node)}.items():
                origins = self.scope.origins(name, node)
                if kind == "handed" and not (self.made in origins and (in_time(node) or self._may_go_on(node))):
                    continue  # what comes after the last step trains, plots or saves
                if self.made is not None and (self.made in origins or self._through(name, node)):
                    self.need(node, "")
                    break
                held = {o for o in origins if o in (self.needed if kind != "item" else self.full)}
                held = {
                    o for o in held if not isinstance(o.stmt, ast.Import | ast.ImportFrom | FunctionNode | ast.ClassDef)
                }
                held = {o for o in held if o.stmt is not None or o.frame.self_name != name}
                if held and in_time(node):
                    self.need(node, "")
                    break

    def _set(self, node: Node) -> dict[str, str]:
        """The name whose object a statement gives weights that the program can tell or make up, as ``changed`` has it.

        What the old source sets anywhere but in the argument of a layer comes from training where it is data.
        """
        setting = node.setting
        if setting is None:
            return {}
        if node not in self.told:
            self.told[node] = (
                not self.opacity.opaque(setting.receiver, node)
                and not self.opacity.controlled(node)
                and self._open(setting.weights, node) <= (self.data or frozenset())
            )
        return {setting.held: "call"} if self.told[node] else {}

    def _open(self, weights: ast.expr, node: Node) -> frozenset[str]:
        """The parts of a layer's weights that come from data, as they are written."""
        if not self.opacity.opaque(weights, node):
            return frozenset()
        inner = self._arrays(weights, node)
        if inner is None:
            return frozenset((_text(weights),))
        return frozenset().union(*(self._open(one, node) for one in inner))

    def _arrays(self, weights: ast.expr, node: Node) -> Sequence[ast.expr] | None:
        """The parts of a list of weights, or the list that a function of tdmigrate.compat lays out; None: neither."""
        if isinstance(weights, ast.List | ast.Tuple):
            return None if any(isinstance(one, ast.Starred) for one in weights.elts) else weights.elts
        path = self.scope.path(weights.func, node) if isinstance(weights, ast.Call) else None
        if isinstance(weights, ast.Call) and path is not None and path.startswith("tdmigrate.compat."):
            return weights.args[:1]
        return None

    def _may_go_on(self, node: Node) -> bool:
        """Whether a statement gives the model to a function nobody knows, which by its name and place may build on."""
        made = self.made
        call = node.stmt.value if isinstance(node.stmt, ast.Expr) else None
        path = self.scope.path(call.func, node) if isinstance(call, ast.Call) else None
        if made is None or path is None or node.frame is not made.frame or not may_build(path):
            return False
        return not any(other.order < node.order and _trains(other.stmt) for other in made.frame.nodes)

    def _through(self, name: str, node: Node) -> bool:
        """Whether a statement may change the model through the object that holds it: ``models["a"].add(...)``."""
        made = self.made
        return made is not None and name == self.held_in and node.frame is made.frame and node.order > made.order

    def _frame_runs(self, frame: Frame) -> bool:
        if frame is self.scope.module:
            return True
        owner = self.scope.owner.get(frame)
        return owner in self.needed

    def _in_time(self) -> Callable[[Node], bool]:
        """Whether a statement stands before the last step that builds the model, or in one block with it."""
        made = self.made
        if made is None:
            return lambda node: True
        last = made.order
        outermost = set(made.parents[:1])
        for other in self.needed:
            changes = any(made in self.scope.origins(n, other) or self._through(n, other) for n in other.changed)
            if other.frame is made.frame and changes:
                last = max(last, other.order)
                outermost.update(other.parents[:1])
        return lambda node: node.frame is not made.frame or node.order <= last or bool(outermost & set(node.parents))

    # --- one node

    def _process(self, node: Node) -> None:
        stmt = node.stmt
        for loop in node.loops:
            for other in node.frame.nodes:
                if isinstance(other.stmt, ast.Break | ast.Continue) and other.loops[-1:] == (loop,):
                    self.need(other, "")
        if stmt is None:
            self._parameter(node)
        elif isinstance(stmt, ast.Import | ast.ImportFrom):
            self._import(node, stmt)
        elif isinstance(stmt, FunctionNode):
            self._function(node, stmt)
        elif isinstance(stmt, ast.ClassDef):
            self._class(node, stmt)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is None:
            self.new[node] = []
        elif isinstance(stmt, ast.Assign | ast.AnnAssign):
            self.new[node] = self._assign(node, stmt)
        else:
            self.new[node] = [self._other(node, stmt)]

    def _parameter(self, node: Node) -> None:
        owner = self.scope.owner[node.frame]
        assert node.parameter is not None
        default = default_of(owner.stmt, node.parameter.arg)
        if default is not None:
            role = self.roles.get((node, node.parameter.arg), Role.NONE)
            self.defaults[node] = self.visit(default, role, owner)

    def _import(self, node: Node, stmt: ast.Import | ast.ImportFrom) -> None:
        kept = []
        for alias in stmt.names:
            bound = alias.asname or alias.name
            if isinstance(stmt, ast.Import):
                bound = bound.partition(".")[0]
            if bound in self.needed[node] or alias.name == "*":
                kept.append(alias)
        if not kept:
            self.new[node] = []
        elif isinstance(stmt, ast.Import):
            self.new[node] = [ast.Import(kept)]
        else:
            self.new[node] = [ast.ImportFrom(stmt.module, kept, stmt.level)]

    def _function(self, node: Node, stmt: FunctionNode) -> None:
        inner = node.inner
        assert inner is not None
        if self._is_constructor(inner):
            for other in inner.nodes:
                if _is_super_init(other.stmt) and self._has_known_bases(inner.outer):
                    self.need(other, "")
            return
        if node in self.chain:
            building = [one for one in stmt.decorator_list if self._builds_on_results(one, node)]
            self.decorators[node] = [self.visit(one, Role.OBJECT, node) for one in building]
            return
        for name, parameter in inner.parameters.items():
            self.need(parameter, name)
        for decorator in stmt.decorator_list:
            self.visit(decorator, Role.OBJECT, node)
        own = {*inner.parameters}
        for other in inner.nodes:
            if is_root(other, own, inner, self._set(other)):
                self.need(other, "")
                for name in other.bound:
                    self.need(other, name)

    def _builds_on_results(self, decorator: ast.expr, node: Node) -> bool:
        """Whether a decorator of the source may change the model that the function gives: others are left out."""
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        bindings = self.scope.lookup(func.id, node) if isinstance(func, ast.Name) else None
        for binding in bindings or ():
            parts = list(ast.walk(binding.stmt)) if isinstance(binding.stmt, FunctionNode | ast.ClassDef) else []
            if any(isinstance(one, ast.Attribute) and one.attr in ADDING for one in parts):
                return True
            paths = [self.scope.path(one, binding) for one in parts if isinstance(one, ast.Name)]
            if any(path is not None and path.startswith(LAYERS) for path in paths):
                return True
        return False

    def _has_known_bases(self, frame: Frame | None) -> bool:
        assert frame is not None
        assert isinstance(frame.owner, ast.ClassDef)
        bases = frame.owner.bases
        return bool(bases) and not any(self.opacity.opaque(base, self.scope.owner[frame]) for base in bases)

    def _class(self, node: Node, stmt: ast.ClassDef) -> None:
        inner = node.inner
        assert inner is not None
        for base in stmt.bases:
            if inner not in self.lineage or not self.opacity.opaque(base, node):
                self.visit(base, Role.OBJECT, node)
        if inner in self.lineage:
            for method in inner.definitions.get("__init__", []):
                self.need(method, "__init__")
            return
        for other in inner.nodes:
            if isinstance(other.stmt, FunctionNode) and other.stmt.name == _CONFIG and not self._asks_config:
                continue
            if isinstance(other.stmt, FunctionNode) and self._is_run(other):
                continue
            if not isinstance(other.stmt, ast.Expr) or isinstance(other.stmt.value, ast.Call):
                self.need(other, "")
                for name in other.bound:
                    self.need(other, name)

    def _is_run(self, method: Node) -> bool:
        """Whether a method trains, evaluates or saves an object of its class, and builds nothing."""
        assert isinstance(method.stmt, FunctionNode)
        if method.stmt.name in RUNS:
            return True
        assert method.inner is not None
        return runs(method.stmt, method.inner.self_name) and not self.scope.builds(method.inner)

    @cached_property
    def _asks_config(self) -> bool:
        """Whether anything makes an object anew of what ``get_config`` gives."""
        nodes = ast.walk(self.scope.module.owner)
        return any(getattr(node, name, "") in _OF_CONFIG for node in nodes for name in ("id", "attr", "name"))

    def _assign(self, node: Node, stmt: ast.Assign | ast.AnnAssign) -> list[ast.stmt]:
        assert stmt.value is not None
        self_name = node.frame.self_name
        targets = targets_of(stmt)
        names = {name for target in flat(targets) if (name := plain(target, self_name)) is not None}
        role = Role.NONE
        for name in names:
            role |= self.roles.get((node, name), Role.NONE)
        unpacked = isinstance(targets[0], ast.Tuple | ast.List) and not _same_length(targets[0], stmt.value)
        if len(targets) == 1 and unpacked and self.opacity.opaque(stmt.value, node):
            return self._unpack(node, targets[0], stmt.value)
        hint = next(iter(names)) if len(names) == 1 else None
        if isinstance(stmt.value, ast.Tuple | ast.List) and len(targets) == 1 and _same_length(targets[0], stmt.value):
            value = self._pairwise(node, targets[0], stmt.value)
        elif node not in self.full and isinstance(stmt.value, ast.Call):  # an array of whose shape alone use is made
            self._use_root(stmt.value.func, node)
            value = self._call_with(stmt.value, self._positional(stmt.value, role, node), node, {}, None, callee=False)
        else:
            value = self.visit(stmt.value, role, node, hint=hint)
        for target in targets:
            self._target(target, node)
        return [ast.Assign(list(targets), value)]

    def _pairwise(self, node: Node, target: ast.expr, value: ast.Tuple | ast.List) -> ast.expr:
        assert isinstance(target, ast.Tuple | ast.List)
        elements: list[ast.expr] = []
        for single, element in zip(target.elts, value.elts, strict=True):
            name = plain(single, node.frame.self_name)
            role = self.roles.get((node, name), Role.NONE) if name is not None else Role.OBJECT
            if name is not None and name not in self.needed[node]:
                elements.append(
                    ast.Constant(None) if self.opacity.opaque(element, node) else self.visit(element, role, node)
                )
            else:
                elements.append(self.visit(element, role, node, hint=name))
        return type(value)(elements, ast.Load())

    def _unpack(self, node: Node, target: ast.expr, value: ast.expr) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for single in flat([target]):
            name = plain(single, node.frame.self_name)
            if name is not None and name in self.needed[node]:
                role = self.roles.get((node, name), Role.NONE)
                made.append(ast.Assign([single], self._fill(name, role, node, node.row, blame=value)))
        return made

    def _target(self, target: ast.expr, node: Node) -> None:
        for single in flat([target]):
            if plain(single, node.frame.self_name) is None:
                held = root(single, node.frame.self_name)
                if held is not None:
                    self._use(held, node, Role.OBJECT)
                for part in ast.walk(single):
                    if isinstance(part, ast.Subscript):
                        self.visit(part.slice, Role.OBJECT, node)

    def _other(self, node: Node, stmt: ast.stmt) -> ast.stmt:
        """A copy with its own expressions rewritten; blocks are filled in when the program is written."""
        self_name = node.frame.self_name
        if isinstance(stmt, ast.If | ast.While):
            return type(stmt)(self.visit(stmt.test, Role.TESTED, node), [], [])
        if isinstance(stmt, ast.For | ast.AsyncFor):
            self._target(stmt.target, node)
            role = Role.NONE
            for name in node.bound:
                role |= self.roles.get((node, name), Role.NONE)
            listed = isinstance(stmt.iter, ast.Tuple | ast.List)
            return type(stmt)(stmt.target, self.visit(stmt.iter, role if listed else Role.OBJECT, node), [], [])
        if isinstance(stmt, ast.With | ast.AsyncWith):
            items = [ast.withitem(self.visit(i.context_expr, Role.OBJECT, node), i.optional_vars) for i in stmt.items]
            return type(stmt)(items, [])
        if isinstance(stmt, ast.Try):
            handlers = []
            for handler in stmt.handlers:
                kind = self.visit(handler.type, Role.OBJECT, node) if handler.type is not None else None
                handlers.append(ast.ExceptHandler(kind, handler.name, []))
            return ast.Try([], handlers, [], [])
        if isinstance(stmt, ast.Match):
            self.troubles.append(Trouble(node.row, "a match statement decides how the model is built"))
            return stmt
        if isinstance(stmt, ast.AugAssign):
            held = plain(stmt.target, self_name)
            role = Role.NONE
            if held is not None:
                role = self.roles.get((node, held), Role.NONE)
                self._use(held, node, role)
            else:
                self._target(stmt.target, node)
            return ast.AugAssign(stmt.target, stmt.op, self.visit(stmt.value, role, node))
        if isinstance(stmt, ast.Return):
            return ast.Return(self.visit(stmt.value, Role.OBJECT, node) if stmt.value is not None else None)
        if isinstance(stmt, ast.Expr):
            if self.compiling is not None and node in self.compiling.nodes:
                return self._compile(node, stmt.value)
            if node.setting is not None and self._set(node):
                return self._set_weights(node, node.setting, stmt.value)
            return ast.Expr(self.visit(stmt.value, Role.OBJECT, node))
        for expression in own_expressions(stmt):
            self.visit(expression, Role.OBJECT, node)
        return stmt

    def _compile(self, node: Node, call: ast.expr) -> ast.stmt:
        """``model.compile(…)`` with what is wanted of its arguments; it gives nothing that data could decide."""
        assert isinstance(call, ast.Call)
        assert self.compiling is not None
        self._use_root(call.func, node)
        positional = [self.visit(one, Role.OBJECT, node) for one in call.args]
        keywords = [
            ast.keyword(one.arg, self.visit(one.value, Role.OBJECT, node))
            for one in call.keywords
            if self.compiling.keeps(one)
        ]
        return ast.Expr(ast.Call(call.func, positional, keywords))

    def _set_weights(self, node: Node, setting: Setting, call: ast.expr) -> ast.stmt:
        """``model.layers[-1].set_weights([W, b])``; it gives nothing that data could decide."""
        assert isinstance(call, ast.Call)
        func = self._visit_callee(call.func, node, {})
        arguments = [
            self._weights(one, node) if one is setting.weights else self.visit(one, Role.OBJECT, node)
            for one in call.args
        ]
        keywords = [ast.keyword(one.arg, self.visit(one.value, Role.OBJECT, node)) for one in call.keywords]
        return ast.Expr(ast.Call(func, arguments, keywords))

    def _weights(self, weights: ast.expr, node: Node, bound: Bound = {}) -> ast.expr:  # noqa: B006
        """A layer's weights, made up where they come from data, in the new program as the old one has them."""
        if not self.opacity.opaque(weights, node, bound):
            return self.visit(weights, Role.OBJECT, node, bound)
        inner = self._arrays(weights, node)
        if inner is None:
            text = _text(weights)
            if self.data is not None and text not in self.data:
                return self.visit(weights, Role.OBJECT, node, bound)
            self.made_up.setdefault(text, weights.lineno)
            return ast.Call(ast.Name(MADE_UP, ast.Load()), [ast.Constant(text)], [])
        made = [self._weights(one, node, bound) for one in inner]
        if isinstance(weights, ast.List | ast.Tuple):
            return _like(weights, made)
        assert isinstance(weights, ast.Call)
        func = self._visit_callee(weights.func, node, bound)
        others = [self.visit(one, Role.OBJECT, node, bound) for one in weights.args[1:]]
        keywords = [ast.keyword(one.arg, self.visit(one.value, Role.OBJECT, node, bound)) for one in weights.keywords]
        return ast.Call(func, [*made, *others], keywords)

    # --- uses and fills

    def _use(self, name: str, node: Node, role: Role, whole: bool = True) -> bool:
        """Note a use that stays; False where the name is bound nowhere."""
        bindings = self.scope.lookup(name, node)
        if bindings is None:
            return False
        for binding in bindings:
            attribute = name.partition(".")[2]
            key = name if name in binding.bound else (attribute if attribute in binding.bound else name)
            if key not in binding.bound and attribute:
                key = next((b for b in binding.bound if b.partition(".")[2] == attribute), key)
            self.need(binding, "*" if "*" in binding.bound else key, whole)
            self.roles[binding, key] = self.roles.get((binding, key), Role.NONE) | role
        return True

    def _why(self, name: str, blame: ast.expr | None, node: Node) -> str:
        inside = bound_inside(blame) if blame is not None else frozenset()
        for part in ast.walk(blame) if blame is not None else ():
            if not isinstance(part, ast.Name) or part.id in inside:
                continue
            path = self.scope.path(part, node)
            if self.scope.lookup(part.id, node) is None and part.id not in READING_BUILTINS:
                return f"`{part.id}` is defined nowhere in the source"
            if path is not None and not importable(path):
                return f"`{part.id}` comes from {path}, which the program cannot import"
        changed = self._other_model(blame, node) if blame is not None else None
        if changed is not None:
            return changed
        parameter = self._untold(blame, node) if blame is not None else None
        if parameter is not None:
            return f"`{_short(name)}` hangs on the parameter `{parameter}`, which no call of the source tells"
        return f"`{_short(name)}` comes from data and is not used as a size"

    def _other_model(self, blame: ast.expr, node: Node) -> str | None:
        """What is said of a model that an opaque expression comes from and that has other layers in Keras 3."""
        for expr, at in self._sources(blame, node):
            for part in ast.walk(expr):
                path = self.scope.path(part, at) if isinstance(part, ast.Name | ast.Attribute) else None
                layers = other_layers(path) if path is not None else None
                if path is not None and layers is not None:
                    return f"{path.rpartition('.')[2]} of keras.applications is another model in Keras 3: {layers}"
        return None

    def _untold(self, blame: ast.expr, node: Node) -> str | None:
        """The parameter, told by no call of the source, that an opaque expression comes from."""
        for expr, at in self._sources(blame, node):
            for binding in self._opaque_bindings(expr, at):
                if self.opacity.free.get(binding) and binding.parameter is not None:
                    return binding.parameter.arg
        return None

    def _sources(self, blame: ast.expr, node: Node) -> Iterator[tuple[ast.expr, Node]]:
        """An opaque expression, and those that decide what the opaque bindings in it hold."""
        seen: set[Node] = set()
        waiting: list[tuple[ast.expr, Node]] = [(blame, node)]
        while waiting:
            expr, at = waiting.pop()
            yield expr, at
            for binding in self._opaque_bindings(expr, at):
                if binding not in seen:
                    seen.add(binding)
                    waiting += self._behind(binding)

    def _opaque_bindings(self, expr: ast.expr, node: Node) -> Iterator[Node]:
        for part in ast.walk(expr):
            held = plain(part, node.frame.self_name) if isinstance(part, ast.Name | ast.Attribute) else None
            bindings = self.scope.lookup(held, node) if held is not None else None
            yield from (one for one in bindings or () if one in self.opacity.nodes)

    def _behind(self, binding: Node) -> Iterator[tuple[ast.expr, Node]]:
        """The expressions that decide what a binding holds."""
        if binding.parameter is not None:
            for site in self.scope.sites.get(binding.frame, []):
                argument = argument_of(site, binding.parameter.arg)
                if argument is not None:
                    yield argument, site.node
        for node in binding.inner.nodes if isinstance(binding.stmt, FunctionNode) and binding.inner is not None else ():
            if isinstance(node.stmt, ast.Return) and node.stmt.value is not None:
                yield node.stmt.value, node
        for node in (binding, *binding.parents):
            if node.stmt is not None and not isinstance(node.stmt, FunctionNode | ast.ClassDef):
                yield from ((expression, node) for expression in own_expressions(node.stmt))

    def _fill(
        self, name: str, role: Role, node: Node, row: int, certain: bool = False, blame: ast.expr | None = None
    ) -> ast.expr:
        """A number for ``name``, where it is surely one or used as one only; ``blame``: what it stands for."""
        if not certain and (Role.OBJECT in role or Role.SIZE not in role):
            self.troubles.append(Trouble(row, self._why(name, blame, node)))
            return ast.Constant(None)
        before = self.fills.get(name)
        kind = filled_kind(name, role, before)
        self.fills[name] = Filled(name, min(row, before.row) if before is not None else row, kind)
        return ast.Constant(self.numbers.get(name, 0))

    # --- expressions

    def visit(self, expr: ast.expr, role: Role, node: Node, bound: Bound = {}, hint: str | None = None) -> ast.expr:  # noqa: B006
        """The expression with numbers in the place of what only the data tells; every use that is left is needed."""
        self.visits += 1
        if self.visits > MAX_VISITS:
            raise TooMuchError
        given = self.arguments.default(expr, node)
        if given is not None:
            return given
        row = getattr(expr, "lineno", node.row)
        if isinstance(expr, ast.Constant):
            return expr
        if isinstance(expr, ast.Name):
            return self._visit_name(expr, role, node, bound, hint)
        if isinstance(expr, ast.Attribute | ast.Subscript):
            return self._visit_access(expr, role, node, bound, hint)
        if isinstance(expr, ast.Call):
            return self._visit_call(expr, role, node, bound, hint)
        if isinstance(expr, ast.BinOp):
            text = isinstance(expr.left, ast.Constant | ast.JoinedStr) and not _is_number(expr.left)
            lists = any(isinstance(side, ast.List | ast.Tuple) for side in (expr.left, expr.right))
            plus = isinstance(expr.op, ast.Add) and not _is_number(expr.left) and not _is_number(expr.right)
            inner = Role.TESTED if text else role if lists or plus else role | Role.SIZE
            return ast.BinOp(
                self.visit(expr.left, inner, node, bound), expr.op, self.visit(expr.right, inner, node, bound)
            )
        if isinstance(expr, ast.UnaryOp):
            return ast.UnaryOp(
                expr.op, self.visit(expr.operand, Role.TESTED if isinstance(expr.op, ast.Not) else role, node, bound)
            )
        if isinstance(expr, ast.BoolOp):
            return ast.BoolOp(expr.op, [self.visit(value, role, node, bound) for value in expr.values])
        if isinstance(expr, ast.Compare):
            strings = any(
                isinstance(s, ast.Constant) and isinstance(s.value, str) for s in (expr.left, *expr.comparators)
            )
            inner = (
                Role.OBJECT if strings or any(isinstance(op, ast.In | ast.NotIn) for op in expr.ops) else Role.TESTED
            )
            return ast.Compare(
                self.visit(expr.left, inner, node, bound),
                expr.ops,
                [self.visit(c, inner, node, bound) for c in expr.comparators],
            )
        if isinstance(expr, ast.IfExp):
            return ast.IfExp(
                self.visit(expr.test, Role.TESTED, node, bound),
                self.visit(expr.body, role, node, bound),
                self.visit(expr.orelse, role, node, bound),
            )
        if isinstance(expr, ast.Tuple | ast.List | ast.Set):
            return _like(expr, [self.visit(element, role, node, bound) for element in expr.elts])
        if isinstance(expr, ast.Starred):
            return ast.Starred(self.visit(expr.value, Role.OBJECT, node, bound), expr.ctx)
        if isinstance(expr, ast.Dict):
            return self._visit_dict(expr, node, bound)
        if isinstance(expr, ast.JoinedStr):
            return ast.JoinedStr([self.visit(value, Role.TESTED, node, bound) for value in expr.values])
        if isinstance(expr, ast.FormattedValue):
            return ast.FormattedValue(
                self.visit(expr.value, Role.TESTED, node, bound), expr.conversion, expr.format_spec
            )
        if isinstance(expr, ast.YieldFrom):
            return ast.YieldFrom(self.visit(expr.value, Role.OBJECT, node, bound))
        if isinstance(expr, ast.Yield):
            return ast.Yield(self.visit(expr.value, Role.OBJECT, node, bound) if expr.value is not None else None)
        if isinstance(expr, ast.NamedExpr):
            return ast.NamedExpr(expr.target, self.visit(expr.value, role, node, bound))
        if isinstance(expr, ast.Slice):
            parts = [
                None if p is None else self.visit(p, Role.SIZE, node, bound)
                for p in (expr.lower, expr.upper, expr.step)
            ]
            return ast.Slice(*parts)
        if isinstance(expr, ast.Lambda):
            arguments = expr.args
            names = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
            inside = {**bound, **{a.arg: False for a in names if a is not None}}
            for default in [*arguments.defaults, *arguments.kw_defaults]:
                if default is not None:
                    self.visit(default, Role.OBJECT, node, bound)
            return ast.Lambda(arguments, self.visit(expr.body, Role.OBJECT, node, inside))
        if isinstance(expr, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            return self._visit_comprehension(expr, role, node, bound, hint)
        return self._fill(hint or _text(expr), role, node, row, blame=expr)

    def _visit_name(self, expr: ast.Name, role: Role, node: Node, bound: Bound, hint: str | None) -> ast.expr:
        if expr.id in bound:
            if bound[expr.id]:
                return self._fill(expr.id, role, node, expr.lineno)
            return expr
        if expr.id == "__name__":
            return ast.Constant("__main__")
        bindings = self.scope.lookup(expr.id, node)
        unknown = bindings is None or (bindings and self._unreadable(expr, node))
        if unknown:
            return self._fill(hint or expr.id, role, node, expr.lineno, blame=expr)
        if self._adrift(bindings):
            return self._fill(expr.id, role, node, expr.lineno, blame=expr)
        if not bindings and expr.id in PYTHON2:
            self.shims.add(expr.id)
        self._use(expr.id, node, role)
        return expr

    def _adrift(self, bindings: tuple[Node, ...] | None) -> bool:
        """Whether only the data tells which binding holds: ``n += 1`` for every line of a file."""
        return any(b in self.opacity.nodes and b.bound and self.opacity.controlled(b) for b in bindings or ())

    def _unreadable(self, expr: ast.Name, node: Node) -> bool:
        return self.scope.path(expr, node) is not None and self.opacity.opaque(expr, node)

    def _visit_access(
        self, expr: ast.Attribute | ast.Subscript, role: Role, node: Node, bound: Bound, hint: str | None
    ) -> ast.expr:
        if self.scope.path(expr, node) is not None and not self.opacity.opaque(expr, node, bound):
            self._use_root(expr, node)
            return expr
        if self.opacity.numeric(expr, node) and self.opacity.opaque(expr.value, node, bound):
            return self._fill(hint or _text(expr), role, node, expr.lineno, certain=True)
        if self.opacity.opaque(expr, node, bound):
            if isinstance(expr, ast.Attribute):
                own = root(expr, node.frame.self_name)
                if own is not None and "." in own and isinstance(expr.value, ast.Name):
                    bindings = self.scope.lookup(own, node)
                    if bindings and not self._adrift(bindings):
                        self._use(own, node, role)
                        return expr  # its binding is filled in
            return self._fill(hint or _text(expr), role, node, expr.lineno, blame=expr)
        if isinstance(expr, ast.Attribute):
            own = root(expr, node.frame.self_name)
            if own is not None and "." in own and isinstance(expr.value, ast.Name):
                self._use(own, node, role)
                self._use(expr.value.id, node, Role.NONE)
                return expr
            if expr.attr == "shape" and isinstance(expr.value, ast.Name) and self.opacity.known_shape(expr.value, node):
                self._use(expr.value.id, node, Role.OBJECT, whole=False)
                return expr
            return ast.Attribute(self.visit(expr.value, Role.OBJECT, node, bound), expr.attr, ast.Load())
        index = self.visit(expr.slice, Role.OBJECT, node, bound)
        return ast.Subscript(self.visit(expr.value, Role.OBJECT, node, bound), index, ast.Load())

    def _use_root(self, expr: ast.expr, node: Node) -> None:
        name = root(expr, None)
        if name is not None:
            self._use(name, node, Role.OBJECT)

    def _visit_call(self, expr: ast.Call, role: Role, node: Node, bound: Bound, hint: str | None) -> ast.expr:
        func = expr.func
        values = [*expr.args, *(keyword.value for keyword in expr.keywords)]
        if self.opacity.numeric(expr, node):
            cast = isinstance(func, ast.Name) and (
                func.id in CASTS or (func.id in ("max", "min") and len(expr.args) > 1)
            )
            if not cast and (
                any(self.opacity.opaque(value, node, bound) for value in values)
                or (isinstance(func, ast.Attribute) and self.opacity.opaque(func.value, node, bound))
            ):
                return self._fill(hint or _text(expr), role, node, expr.lineno, certain=True)
            if cast:
                role = Role.SIZE | (Role.FRACTION if isinstance(func, ast.Name) and func.id == "float" else Role.NONE)
                return self._call_with(expr, [(value, role) for value in expr.args], node, bound, hint)
        if self.opacity.opaque(expr, node, bound):
            known = self._get_default(expr, node, bound)
            if known is not None:
                return self.visit(known, role, node, bound)
            if Role.SIZE in role and Role.OBJECT not in role:
                return self._fill(hint or _text(expr), role, node, expr.lineno)
            if self.opacity.gives_opaque(func, node, bound):
                return self._fill(hint or _text(expr), role, node, expr.lineno, blame=expr)
        return self._call_with(expr, self._positional(expr, role, node), node, bound, None)

    def _get_default(self, expr: ast.Call, node: Node, bound: Bound) -> ast.expr | None:
        """``settings.get("units", 128)`` of unknown settings is 128, ``settings.get("dropout")`` None."""
        func = expr.func
        if not (isinstance(func, ast.Attribute) and func.attr in ("get", "pop", "setdefault")):
            return None
        if not (expr.args and isinstance(expr.args[0], ast.Constant) and self.opacity.opaque(func.value, node, bound)):
            return None
        if self._parses_settings(func.value, node):
            return None  # get(section, option)
        if len(expr.args) == 1 and func.attr == "get" and not expr.keywords:
            return ast.Constant(None)
        return expr.args[1] if len(expr.args) == 2 else None

    def _parses_settings(self, expr: ast.expr, node: Node) -> bool:
        """Whether an object is a ConfigParser."""
        bindings = self.scope.lookup(expr.id, node) if isinstance(expr, ast.Name) else None
        made = [b.stmt.value for b in bindings or () if isinstance(b.stmt, ast.Assign)]
        return any(isinstance(one, ast.Call) and ast.unparse(one.func).endswith("ConfigParser") for one in made)

    def _call_with(
        self,
        expr: ast.Call,
        positional: list[tuple[ast.expr, Role]],
        node: Node,
        bound: Bound,
        hint: str | None,
        callee: bool = True,
    ) -> ast.expr:
        expr, positional = self._untrained(expr, positional, node)
        sites = [s for s in self.scope.called.get(node, []) if s.call is expr]
        base = self.scope.of_base(expr, node)
        if base is not None and isinstance(base.stmt, FunctionNode):
            self.need(base, base.stmt.name)
        func = self._visit_callee(expr.func, node, bound) if callee else expr.func
        arguments = []
        for index, (value, role) in enumerate(positional):
            parameter = parameter_of(sites[0], index, None) if sites else None
            arguments.append(self._argument(value, role, parameter, node, bound, hint))
        keywords = []
        for keyword in expr.keywords:
            parameter = parameter_of(sites[0], None, keyword.arg) if sites and keyword.arg is not None else None
            role = Role.OBJECT if keyword.arg is None or object_keyword(keyword.arg) else Role.SIZE
            if role is Role.SIZE and kind_of(keyword.arg or "", False) == "fraction":
                role |= Role.FRACTION
            if self._begins_with_data(expr, keyword, node, bound):
                self.left_out[f"weights={_text(keyword.value)}"] = keyword.value.lineno
                continue
            if keyword.arg == "weights" and _is_known(self.scope.path(expr.func, node)):
                keywords.append(ast.keyword(keyword.arg, self._weights(keyword.value, node, bound)))
                continue
            sizes = self._input_sizes(expr, keyword, node, bound)
            if sizes is not None:
                keywords.append(ast.keyword(keyword.arg, sizes))
                continue
            if (
                keyword.arg is not None
                and keyword.arg.endswith("shape")
                and isinstance(keyword.value, ast.Tuple | ast.List)
            ):
                role = Role.SIZE
            if keyword.arg in _TENSORS and isinstance(keyword.value, ast.Dict):
                keywords.append(ast.keyword(keyword.arg, self._visit_tensors(keyword.value, node, bound)))
                continue
            keywords.append(
                ast.keyword(keyword.arg, self._argument(keyword.value, role, parameter, node, bound, keyword.arg))
            )
        return ast.Call(func, arguments, keywords)

    def _untrained(
        self, call: ast.Call, positional: list[tuple[ast.expr, Role]], node: Node
    ) -> tuple[ast.Call, list[tuple[ast.expr, Role]]]:
        """``VGG16(weights=None)`` for one that would fetch its weights, with its positional arguments."""
        path = self.scope.path(call.func, node)
        made, weights = without_weights(call) if path is not None and is_trained(path) else (call, None)
        if weights is None:
            return call, positional
        self.left_out[f"weights={_text(weights)}"] = call.lineno
        return made, [(value, role) for value, (_, role) in zip(made.args, positional, strict=True)]

    def _begins_with_data(self, call: ast.Call, keyword: ast.keyword, node: Node, bound: Bound) -> bool:
        """Whether an Embedding's first table comes from data: a proof gives both models tables of its own.

        Of no other layer: what others are given is laid out for Keras 3, which the proof has to see.
        """
        path = self.scope.path(call.func, node)
        if keyword.arg != "weights" or path is None or not (_is_known(path) and path.endswith(".Embedding")):
            return False
        return self.opacity.opaque(keyword.value, node, bound)

    def _input_sizes(self, call: ast.Call, keyword: ast.keyword, node: Node, bound: Bound) -> ast.expr | None:
        """Numbers for a whole input shape that only the data tells (``X.shape[1:]``), where the layer tells its rank.

        What the old source's layer told stands in ``given`` for the ``Input`` of the new one.
        """
        value, path = keyword.value, self.scope.path(call.func, node)
        if keyword.arg not in ("input_shape", "shape") or path is None or not path.startswith("keras."):
            return None
        if isinstance(value, ast.Tuple | ast.List | ast.Constant) or not self.opacity.opaque(value, node, bound):
            return None
        names = _axes(value)
        entry = lookup(path)
        ranks = (entry.ranks if entry.name != "Dense" else (2,)) if isinstance(entry, Layer) else None
        if ranks is not None and len(ranks) == 1:
            told = [next(names) for _ in range(ranks[0] - 1)]
        else:
            told = list(takewhile(lambda name: name in self.given, names))
        if not told:
            return None
        return ast.Tuple([self._fill(name, Role.SIZE, node, value.lineno, certain=True) for name in told], ast.Load())

    def _argument(
        self, value: ast.expr, role: Role, parameter: Node | None, node: Node, bound: Bound, hint: str | None
    ) -> ast.expr:
        name = None
        if not isinstance(value, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            name = hint if hint is not None and not isinstance(value, ast.Tuple | ast.List) else None
        if parameter is None:
            return self.visit(value, role, node, bound, name)
        assert parameter.parameter is not None
        used = self.roles.get((parameter, parameter.parameter.arg))
        if used is None and self.opacity.opaque(value, node, bound):
            return ast.Constant(None)  # all that the function asks of it is filled in there
        return self.visit(value, used or Role.NONE, node, bound, name)

    def _visit_callee(self, func: ast.expr, node: Node, bound: Bound) -> ast.expr:
        if isinstance(func, ast.Attribute) and not isinstance(func.value, ast.Name):
            return ast.Attribute(self.visit(func.value, Role.OBJECT, node, bound), func.attr, ast.Load())
        return self.visit(func, Role.OBJECT, node, bound)

    def _positional(self, expr: ast.Call, outer: Role, node: Node) -> list[tuple[ast.expr, Role]]:
        func = expr.func
        role = Role.OBJECT
        path = self.scope.path(func, node) or self._partial(func, node)
        if path is not None:
            role = Role.SIZE if takes_numbers(path) else Role.OBJECT
            role |= Role.FRACTION if takes_fractions(path) else Role.NONE
            if path.startswith("numpy."):
                return [(v, Role.SIZE if isinstance(v, ast.Tuple | ast.List) else Role.NONE) for v in expr.args]
        elif isinstance(func, ast.Name):
            bindings = self.scope.lookup(func.id, node)
            if bindings == ():
                if func.id in ("range", "xrange"):
                    role = Role.SIZE | Role.COUNT
                elif func.id in ("str", "repr", "print", "format", "isinstance", "bool"):
                    role = Role.TESTED
                elif func.id in ("tuple", "list"):
                    role = outer
                elif func.id in CASTS or func.id in ("max", "min", "pow", "divmod"):
                    role = Role.SIZE
            elif bindings and len(expr.args) == 1 and isinstance(expr.args[0], ast.Constant | ast.BinOp):
                role = Role.SIZE
            elif bindings and all(b.stmt is None or isinstance(b.stmt, ast.For) for b in bindings):
                role = Role.NONE  # a class or a layer handed in
        elif isinstance(func, ast.Attribute) and func.attr == "format":
            role = Role.TESTED
        elif isinstance(func, ast.Attribute) and func.attr in ("append", "insert", "extend"):
            held = root(func.value, node.frame.self_name)
            role = Role.NONE
            if held is not None:
                for binding in self.scope.lookup(held, node) or ():
                    role |= self.roles.get((binding, held), Role.NONE) & ~Role.OBJECT
        return [(value, role) for value in expr.args]

    def _partial(self, func: ast.expr, node: Node) -> str | None:
        """The full path of what ``functools.partial`` made a variable of."""
        bindings = self.scope.lookup(func.id, node) if isinstance(func, ast.Name) else None
        if not bindings or len(bindings) != 1 or not isinstance(bindings[0].stmt, ast.Assign):
            return None
        value = bindings[0].stmt.value
        if not (isinstance(value, ast.Call) and value.args):
            return None
        partial = self.scope.path(value.func, bindings[0]) == "functools.partial"
        return self.scope.path(value.args[0], bindings[0]) if partial else None

    def _visit_dict(self, expr: ast.Dict, node: Node, bound: Bound) -> ast.expr:
        keys: list[ast.expr | None] = []
        values: list[ast.expr] = []
        for key, value in zip(expr.keys, expr.values, strict=True):
            role = Role.OBJECT
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and not object_keyword(key.value):
                role = Role.SIZE
            keys.append(None if key is None else self.visit(key, Role.OBJECT, node, bound))
            values.append(self.visit(value, role, node, bound))
        return ast.Dict(keys, values)

    def _visit_tensors(self, expr: ast.Dict, node: Node, bound: Bound) -> ast.expr:
        """The inputs or outputs of a model by name, which are no sizes whatever the names are."""
        keys = [None if key is None else self.visit(key, Role.OBJECT, node, bound) for key in expr.keys]
        return ast.Dict(keys, [self.visit(value, Role.OBJECT, node, bound) for value in expr.values])

    def _visit_comprehension(
        self,
        expr: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        role: Role,
        node: Node,
        bound: Bound,
        hint: str | None,
    ) -> ast.expr:
        inner = dict(bound)
        generators = []
        for generator in expr.generators:
            if self.opacity.opaque(generator.iter, node, inner):
                return self._fill(hint or _text(expr), role, node, expr.lineno)
            source = self.visit(generator.iter, Role.OBJECT, node, inner)
            inner.update((n.id, False) for n in ast.walk(generator.target) if isinstance(n, ast.Name))
            tests = [self.visit(test, Role.TESTED, node, inner) for test in generator.ifs]
            generators.append(ast.comprehension(generator.target, source, tests, generator.is_async))
        if isinstance(expr, ast.DictComp):
            key, value = self.visit(expr.key, Role.OBJECT, node, inner), self.visit(expr.value, role, node, inner)
            return ast.DictComp(key, value, generators)
        return type(expr)(self.visit(expr.elt, role, node, inner), generators)


def is_root(node: Node, own: set[str], frame: Frame, given: Mapping[str, str]) -> bool:
    """Whether a function is called for this statement: it returns, or changes what its caller holds.

    ``given``: what it gives weights, by name.
    """
    stmt = node.stmt
    if stmt is None or (is_training(stmt) and not given):
        return False
    if isinstance(stmt, ast.Return):
        return True
    if any("." in name or name in frame.globals for name in node.bound):
        return True
    if any(name in own or "." in name or name not in frame.definitions for name in (*node.changed, *given)):
        return not isinstance(stmt, ast.If | ast.For | ast.While | ast.With | ast.Try)
    return any(isinstance(e, ast.Yield | ast.YieldFrom) for top in own_expressions(stmt) for e in ast.walk(top))


def _is_known(path: str | None) -> bool:
    """Whether the thing of this full path is of Keras, or stands for one that was."""
    return path is not None and path.startswith(("keras.", "tdmigrate."))


def _held_in(made: Node | None) -> str | None:
    """The name of the object in which the model is held; None where it has a name of its own."""
    if made is None or made.stmt is None or isinstance(made.stmt, ast.Return):
        return None
    targets = targets_of(made.stmt)
    if len(targets) != 1 or plain(targets[0], made.frame.self_name) is not None:
        return None
    return root(targets[0], made.frame.self_name)


def filled_kind(name: str, role: Role, before: Filled | None) -> str:
    """What sort of number stands for a name: by what it is used as, and by what it is called."""
    if Role.FRACTION in role or (before is not None and before.kind == "fraction"):
        return "fraction"
    counted = Role.COUNT in role
    kind = kind_of(name, counted)
    return before.kind if before is not None and before.kind == "small" else kind


def _trains(stmt: ast.stmt | None) -> bool:
    """Whether it compiles, trains or evaluates a model."""
    call = stmt.value if isinstance(stmt, ast.Expr | ast.Assign) else None
    func = call.func if isinstance(call, ast.Call) else None
    return isinstance(func, ast.Attribute) and func.attr in RUNS and func.attr != "summary"


def _is_super_init(stmt: ast.stmt | None) -> bool:
    if not (
        isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call) and isinstance(stmt.value.func, ast.Attribute)
    ):
        return False
    return stmt.value.func.attr == "__init__"


def _same_length(target: ast.expr, value: ast.expr) -> bool:
    if not (isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)):
        return False
    starred = any(isinstance(element, ast.Starred) for element in (*target.elts, *value.elts))
    return len(target.elts) == len(value.elts) and not starred


def _is_number(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and isinstance(expr.value, int | float)


def _like(expr: ast.Tuple | ast.List | ast.Set, elements: list[ast.expr]) -> ast.expr:
    return ast.Set(elements) if isinstance(expr, ast.Set) else type(expr)(elements, ast.Load())


def _axes(shape: ast.expr) -> Iterator[str]:
    """The sizes of an input shape as the source might write each: ``X.shape[1]`` of ``X.shape[1:]``."""
    first, whole = 0, shape
    if isinstance(shape, ast.Subscript) and isinstance(shape.slice, ast.Slice):
        lower = shape.slice.lower
        if isinstance(lower, ast.Constant) and isinstance(lower.value, int):
            first, whole = lower.value, shape.value
    return (f"{_text(whole)}[{axis}]" for axis in count(first))


def _text(expr: ast.expr) -> str:
    return ast.unparse(expr)


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:57] + "..."
