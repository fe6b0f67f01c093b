"""The bare machine of the abstract run: scopes, objects, branches, budget. What Python and Keras do is built on it."""

from __future__ import annotations

import ast
import builtins
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from tdmigrate.keras1.versions import Versions
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.elsewhere import Modules
from tdmigrate.understanding.facts import Binding, Symbol
from tdmigrate.understanding.joins import anything, join_values
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.record import Recorder
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.store import Delta, Store
from tdmigrate.understanding.values import (
    CELLS,
    CONTAINERS,
    Builtin,
    Cell,
    ClassValue,
    Const,
    Content,
    DictCell,
    Frame,
    Func,
    Item,
    LayerValue,
    ListCell,
    Method,
    OneOf,
    Partial,
    Ref,
    TupleValue,
    Value,
    alternatives,
    constant,
    members,
)

STEPS = 200_000  # node visits, beyond two for each node of the source
WORK = 4  # contents compared or joined that cost as much as a visit
LONGEST = 64  # members of a constant sequence worth looking at
DEPTH = 90  # nested expressions, statements and calls
BUILTINS = frozenset(dir(builtins)) | {"xrange", "unicode", "basestring", "long", "raw_input", "reduce", "execfile"}


class ExhaustedError(Exception):
    """The budget is used up."""


class Exit(NamedTuple):
    """A way out of a block: the value returned and what was written since the block began."""

    value: Value
    delta: Delta


class Loop:
    """A loop being run: the states at ``break`` and at ``continue``."""

    def __init__(self, level: int) -> None:
        self.level = level  # of the store where the loop began
        self.turn = level  # and where its present turn began
        self.breaks: list[Delta] = []
        self.continues: list[Delta] = []


class Activation:
    """A function being run."""

    def __init__(self, function: Func | None, receiver: Value | None, level: int) -> None:
        self.function = function
        self.receiver = receiver  # the first argument, for super()
        self.level = level
        self.exits: list[Exit] = []
        self.loops: list[Loop] = []


class Snapshot(NamedTuple):
    """Where the machine stands, for a run that may break off."""

    level: int
    depth: int
    frame: Frame
    context: int
    statement: ast.stmt | None
    owner: ClassValue | None
    activations: list[Activation]
    loops: list[Loop]
    aside: int


class Machine(ABC):
    """State, and the steps that know nothing of Keras."""

    def __init__(self, module: Module, names: Names, versions: Versions, size: int) -> None:
        """``size``: nodes of the tree."""
        self.module = module
        self.names = names
        self.versions = versions
        self.channels: str | None = None  # where images have them by default, "th" or "tf"
        self.store = Store()
        self.recorder = Recorder()
        self.budget = STEPS + 2 * size
        self.depth = 0
        self.dead = False  # whether this point cannot be reached
        self.base = Frame(0, "module", frozenset(), frozenset(), None)
        self.frame = self.base
        self.context = 0
        self.activations = [Activation(None, None, 1)]
        self.statement: ast.stmt | None = None
        self.owner: ClassValue | None = None  # the class whose body is being run
        # functions that were run; methods also with the class they were run on
        self.entered: set[tuple[ast.AST, ast.ClassDef | None]] = set()
        self.run_so_far: list[ast.AST] = []  # the same in order, as often as they were run
        self.made_up: set[ast.Call] = set()  # calls that are not of the source
        # variables that hold a text because no call told another: the default of a parameter
        self.by_default: set[tuple[int, str]] = set()
        self.born: list[Func | ClassValue] = []  # functions and classes defined since the present root began
        self.instances: dict[ast.ClassDef, dict[int, None]] = {}
        self.made: list[int] = []  # the addresses of all instances, in order
        self.containers: dict[int, None] = {}  # models made since the present root began
        self.calling_back: dict[tuple[ast.AST, int], Func] = {}  # functions handed to code that may call them
        self.stored_away: dict[int, None] = {}  # objects that unknown objects hold
        self.older = 0  # objects of addresses up to this were there before the present root began
        self._interned: dict[tuple[int, ast.AST, object], int] = {}
        self._bindings: dict[tuple[ast.stmt, int], Binding] | None = None
        self._scopes: dict[ast.AST, tuple[frozenset[str], frozenset[str]]] = {}
        self._generators: dict[ast.AST, bool] = {}
        self._symbols: dict[ast.expr, Symbol | None] = {}

    @cached_property
    def modules(self) -> Modules:
        """The modules of the project that the source may import."""
        return Modules(self.module.path)

    @abstractmethod
    def evaluate(self, node: ast.expr) -> Value:
        ...

    @abstractmethod
    def execute(self, body: Sequence[ast.stmt]) -> None:
        ...

    def spend(self) -> None:
        self.budget -= 1
        if self.budget * WORK < self.store.work:
            raise ExhaustedError

    def snapshot(self) -> Snapshot:
        return Snapshot(
            self.store.level,
            self.depth,
            self.frame,
            self.context,
            self.statement,
            self.owner,
            list(self.activations),
            list(self.activation.loops),
            self.recorder.depth,
        )

    def restore(self, saved: Snapshot) -> None:
        """Go back to where a run began that broke off; what it wrote below that is kept."""
        self.store.cut(saved.level)
        self.depth, self.frame, self.context = saved.depth, saved.frame, saved.context
        self.statement, self.owner = saved.statement, saved.owner
        self.activations = saved.activations
        self.activation.loops = saved.loops
        self.recorder.back_to(saved.aside)
        self.dead = False

    @property
    def activation(self) -> Activation:
        return self.activations[-1]

    def symbol(self, node: ast.expr) -> Symbol | None:
        """What ``names`` says of an expression."""
        if node not in self._symbols:
            self._symbols[node] = self.names.resolve(node)
        return self._symbols[node]

    # --- places

    def intern(self, node: ast.AST, tag: object = None) -> int:
        """A number for this node in this context: the same when a loop comes by again, another in each call."""
        return self._interned.setdefault((self.context, node, tag), len(self._interned) + 1)

    # --- objects

    def allocate(self, node: ast.AST, cell: Cell, tag: object = None) -> Ref:
        """A new object. Where a loop comes by again, what was made here before is one of the older ones from now on."""
        address = self.intern(node, tag)
        if self.store.get((address, "")) is not None:
            if isinstance(cell, (ListCell, DictCell)):
                self.store.put((-address, ""), cell)
                return Ref(-address)
            self.store.retire(address)
        self.store.put((address, ""), cell)
        if isinstance(cell, CONTAINERS):
            self.containers[address] = None
        return Ref(address)

    def cell(self, value: Value) -> Cell | None:
        if isinstance(value, Ref):
            content = self.store.get((value.address, ""))
            if isinstance(content, CELLS):
                return content
        return None

    def constant(self, value: Value) -> object:
        """The constant a value is known to be (tuples and lists member by member), a Symbol, or ``UNKNOWN``."""
        items = self.sequence(value)
        if items is None:
            return constant(value)
        known = [self.constant(item.value) for item in items[:LONGEST]]
        return tuple(known) if isinstance(value, TupleValue) else known

    def write(self, ref: Ref, cell: Cell) -> None:
        self.store.put((ref.address, ""), cell)

    def attribute_of(self, ref: Ref, name: str) -> Value | None:
        content = self.store.get((ref.address, name))
        return None if content is None or isinstance(content, CELLS) else content

    # --- variables

    def lookup(self, name: str) -> Value:
        frame: Frame | None = self.frame
        if frame is not None and name in frame.shared:
            frame = self.base
        start = frame
        while frame is not None:
            if frame is start or frame.kind != "class":
                content = self.store.get((frame.address, name))
                if content is not None and not isinstance(content, CELLS):
                    return content
                if frame.kind in ("function", "comprehension") and name in frame.local:
                    return UNKNOWN
            frame = frame.outer
        return Builtin(name) if name in BUILTINS else UNKNOWN

    def choice(self, node: ast.expr) -> Value:
        """As ``evaluate``, of what chooses one of several: the text that a parameter is by default may be another."""
        value = self.evaluate(node)
        return join_values(value, UNKNOWN) if self.is_by_default(node) else value

    def is_by_default(self, node: ast.expr) -> bool:
        """Whether an expression is made of a text that a parameter is by default."""
        return bool(self.by_default) and any(
            key in self.by_default
            for one in ast.walk(node)
            if isinstance(one, (ast.Name, ast.Attribute))
            for key in self._keys(one)
        )

    def _keys(self, node: ast.Name | ast.Attribute) -> Iterator[tuple[int, str]]:
        """Where the value of a variable, or of an attribute of one, may be kept."""
        if isinstance(node, ast.Attribute):
            held = alternatives(self.lookup(node.value.id)) if isinstance(node.value, ast.Name) else ()
            yield from ((one.address, node.attr) for one in held if isinstance(one, Ref))
            return
        frame: Frame | None = self.frame
        while frame is not None:
            yield frame.address, node.id
            frame = frame.outer if node.id not in frame.local else None

    def keep_default(self, target: ast.expr, value: Value, source: ast.expr) -> None:
        """After ``target = source``: what is a text by default is so under its new name too."""
        if not isinstance(target, (ast.Name, ast.Attribute)) or not isinstance(value, Const):
            return
        if isinstance(value.value, str) and self.is_by_default(source):
            self.by_default.update(list(self._keys(target))[:1])

    def bind_name(self, name: str, value: Value) -> None:
        frame = self.frame
        if name in frame.shared:
            frame = self.base
        elif frame.kind == "function" and name not in frame.local:  # nonlocal
            outer: Frame | None = frame.outer
            while outer is not None and not (outer.kind == "function" and name in outer.local):
                outer = outer.outer
            frame = outer or self.base
        self.store.put((frame.address, name), value)

    # --- branches

    def branch(self, run: Callable[[], None]) -> tuple[Delta, bool]:
        """Run on a copy of the state; what it wrote, and whether its end is reached. The state stays as it was."""
        self.store.push()
        run()
        ended = not self.dead
        self.dead = False
        return self.store.pop(), ended

    def join_branches(self, branches: Sequence[tuple[Delta, bool]]) -> None:
        live = [delta for delta, ended in branches if ended]
        if live:
            self.store.merge(live)
        else:
            self.dead = True

    def run_aside(self, run: Callable[[], None]) -> None:
        """Run what is never reached, for what little it tells, and forget its effects."""
        self.recorder.aside(True)
        activation = self.activation
        saved = (self.born, self.calling_back, activation.exits, activation.loops)
        self.born, self.calling_back = [], {}
        activation.exits = []
        activation.loops = [Loop(self.store.level) for _ in activation.loops]
        try:
            self.branch(run)
        finally:
            self.born, self.calling_back, activation.exits, activation.loops = saved
            self.recorder.aside(False)

    # --- hands that are not ours

    def hand_over(self, value: Content, harmless: bool = False) -> None:
        """Unknown code gets a value: it may change what the value reaches, and call the functions in it.

        ``harmless``: it will not change objects (numpy, printing, Keras itself), but may call functions.
        """
        pending: list[Content] = [value]
        seen: set[int] = set()
        while pending:
            content = pending.pop()
            if isinstance(content, Func):
                self.calling_back[content.node, content.frame.address] = content
            elif isinstance(content, Method):
                self.calling_back[content.function.node, content.function.frame.address] = content.function
                pending.append(content.receiver)
            elif isinstance(content, LayerValue):
                if not harmless:
                    self.recorder.held(content)
            elif isinstance(content, (OneOf, TupleValue, Partial)):
                pending.extend(members(content))
            elif isinstance(content, Ref) and content.address not in seen:
                seen.add(content.address)
                cell = self.cell(content)
                if cell is None:
                    continue
                if not harmless:
                    self.stored_away[content.address] = None
                    # a model's layers stay where they are in it, whoever trains it
                    pending.extend(() if isinstance(cell, CONTAINERS) else members(cell))
                    pending.extend(self._loosen(content, cell))

    def _loosen(self, ref: Ref, cell: Cell) -> list[Content]:
        self.store.work += 2 * WORK
        self.write(ref, anything(cell))
        held: list[Content] = []
        for key in self.store.keys_of(ref.address):
            content = self.store.get(key)
            if key[1] and content is not None and not isinstance(content, CELLS):
                held.append(content)
                self.store.put(key, join_values(content, UNKNOWN))
        return held

    def store_away(self, value: Value) -> None:
        """An unknown object now holds the value."""
        for one in alternatives(value):
            if isinstance(one, Ref):
                self.stored_away[one.address] = None
            elif isinstance(one, LayerValue):
                self.recorder.held(one)
            elif isinstance(one, (Func, Method)):
                self.hand_over(one, harmless=True)

    # --- sequences

    def sequence(self, value: Value) -> tuple[Item, ...] | None:
        """The members of a tuple or list of known length."""
        if isinstance(value, TupleValue):
            return value.items
        cell = self.cell(value)
        if isinstance(cell, ListCell):
            return cell.items
        return None
