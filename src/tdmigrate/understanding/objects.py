"""Python's own functions, and the methods of its lists, dicts and strings, in the abstract run."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Callable, Mapping

from tdmigrate.understanding.containers import ADDERS, CHANGERS, Containers, Site
from tdmigrate.understanding.facts import Place, Symbol
from tdmigrate.understanding.joins import join_all, join_values
from tdmigrate.understanding.layers import Given
from tdmigrate.understanding.machine import LONGEST
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import (
    ANY_TENSOR,
    CELLS,
    CONTAINERS,
    NONE,
    AtLeast,
    ClassValue,
    Const,
    DictCell,
    Entry,
    Frame,
    InstanceCell,
    Item,
    LayerValue,
    ListCell,
    OneOf,
    Ref,
    Stream,
    Super,
    TupleValue,
    Value,
    alternatives,
    find,
    keyword_entries,
    list_members,
)

MOST_TURNS = 32  # members of a loop that is run one by one
LONGEST_STRING = 10_000
QUIET = frozenset(
    (
        "print", "isinstance", "issubclass", "type", "id", "repr", "hash", "callable", "help", "hasattr", "vars", "dir",
        "input", "raw_input", "open", "any", "all", "filter", "format", "ord", "chr", "bin", "hex", "pow", "delattr",
        "iter", "next", "bytes", "bytearray", "complex", "memoryview", "object", "unicode",
    )
)  # fmt: skip


class Objects(Containers):
    """Calls of what Python brings along."""

    @abstractmethod
    def invoke(self, callee: Value, given: Given) -> Value:
        ...

    @abstractmethod
    def get_attribute(self, value: Value, name: str) -> Value:
        ...

    # --- code that is not known

    def site(self, node: ast.Call) -> Site:
        """Where a call that adds a layer stands: told only where it is a statement of its own."""
        statement = self.statement
        if not isinstance(statement, ast.Expr) or statement.value is not node:
            return Site()
        if isinstance(node.func, ast.Attribute):
            return Site(statement, self.module.segment(node.func.value), self.module.segment(node.func))
        alone = len(node.args) == 1 and not isinstance(node.args[0], ast.Starred) and not node.keywords
        if isinstance(node.func, ast.Name) and alone:  # an alias of the method
            return Site(statement, None, node.func.id)
        return Site()

    def is_layer(self, value: Value) -> bool:
        return any(
            isinstance(one, LayerValue) or isinstance(self.cell(one), CONTAINERS) for one in alternatives(value)
        )

    def call_unknown(self, given: Given, harmless: bool = False) -> Value:
        for value in given.everything():
            self.hand_over(value, harmless)
        func = given.node.func
        if isinstance(func, ast.Attribute) and not harmless:
            self._call_method_of_unknown(func.attr, given)
        return UNKNOWN

    def _call_method_of_unknown(self, name: str, given: Given) -> None:
        self.note_method("", name, given)
        if name in CHANGERS:
            self.unsettle_held()
            self.unsettle_guesses()
        if name in ADDERS:
            for value in given.everything():
                if self.is_layer(value):
                    kind = "maybe" if name == "add" else "node"
                    site = self.site(given.node)
                    self.apply(value, [ANY_TENSOR], Place(kind, *site))

    def call_builtin(self, name: str, given: Given) -> Value:
        known = BUILTIN_CALLS.get(name)
        if known is not None:
            return known(self, given)
        return self.call_unknown(given, harmless=name in QUIET)

    def items(self, value: Value) -> tuple[Value, ...] | Stream:
        """What iterating over a value gives, one by one where it is known and short."""
        if isinstance(value, Stream):
            return value
        if isinstance(value, OneOf):
            choices = [self.items(one) for one in value.values]
            filled = all(one.filled if isinstance(one, Stream) else bool(one) for one in choices)
            firsts = join_all([_first(one) for one in choices])
            return Stream(firsts, join_all([firsts, *(_rest(one) for one in choices)]), filled)
        if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= MOST_TURNS:
            return tuple(Const(character) for character in value.value)
        items = self.sequence(value)
        if items is not None:
            values = tuple(item.value for item in items)
            return values if len(values) <= MOST_TURNS else Stream(values[0], join_all(values[1:]), True)
        cell = self.cell(value)
        if isinstance(cell, DictCell):
            if not cell.open and len(cell.entries) <= MOST_TURNS:
                return tuple(Const(entry.key) for entry in cell.entries)
            return Stream(UNKNOWN, UNKNOWN, False)
        if isinstance(cell, ListCell):
            return Stream(cell.member, cell.member, False)
        return Stream(UNKNOWN, UNKNOWN, False)

    def range_(self, given: Given) -> Value:
        bounds = [self.constant(value) for value in given.positional]
        numbers = [bound for bound in bounds if isinstance(bound, int)]
        usable = 0 < len(numbers) == len(bounds) <= 3 and numbers[2:] != [0]
        if usable and not given.open:
            span = range(*numbers)
            if len(span) <= MOST_TURNS:
                return TupleValue(tuple(Item(Const(number)) for number in span))
            return Stream(Const(span[0]), AtLeast(span[1]) if span.step > 0 else UNKNOWN, True)
        start = 0 if len(bounds) == 1 else bounds[0] if bounds else UNKNOWN
        if isinstance(start, int) and len(bounds) < 3:
            return Stream(Const(start), AtLeast(start + 1), False)
        return Stream(UNKNOWN, UNKNOWN, False)

    def enumerate_(self, given: Given) -> Value:
        if not given.positional:
            return UNKNOWN
        source = self.items(given.positional[0])
        start = self.constant(given.positional[1] if len(given.positional) > 1 else given.keyword("start") or Const(0))
        if not isinstance(start, int):
            return Stream(UNKNOWN, UNKNOWN, False)
        if isinstance(source, Stream):
            first, rest = _pair(Const(start), source.first), _pair(AtLeast(start + 1), source.rest)
            return Stream(first, rest, source.filled)
        return TupleValue(tuple(Item(_pair(Const(start + n), value)) for n, value in enumerate(source)))

    def zip_(self, given: Given) -> Value:
        sources = [self.items(value) for value in given.positional]
        known = [source for source in sources if not isinstance(source, Stream)]
        if sources and len(known) == len(sources):
            return TupleValue(
                tuple(Item(TupleValue(tuple(Item(v) for v in row))) for row in zip(*known, strict=False))
            )
        first = TupleValue(tuple(Item(_first(source)) for source in sources))
        rest = TupleValue(tuple(Item(_rest(source)) for source in sources))
        return Stream(first, rest, False)

    def list_(self, given: Given) -> Value:
        if not given.positional:
            return self.allocate(given.node, ListCell(() if not given.open else None))
        source = given.positional[0]
        items = self.sequence(source)
        if items is not None:
            return self.allocate(given.node, ListCell(tuple(Item(item.value) for item in items)))
        members = self.items(source)
        if isinstance(members, Stream):
            return self.allocate(given.node, ListCell(None, join_values(members.first, members.rest)))
        return self.allocate(given.node, ListCell(tuple(Item(value) for value in members)))

    def tuple_(self, given: Given) -> Value:
        members = self.items(given.positional[0]) if given.positional else ()
        return UNKNOWN if isinstance(members, Stream) else TupleValue(tuple(Item(value) for value in members))

    def reversed_(self, given: Given) -> Value:
        members = self.items(given.positional[0]) if given.positional else ()
        if isinstance(members, Stream):
            either = join_values(members.first, members.rest)
            return Stream(either, either, members.filled)
        return TupleValue(tuple(Item(value) for value in reversed(members)))

    def map_(self, given: Given) -> Value:
        if len(given.positional) != 2:
            return self.call_unknown(given)
        function, source = given.positional
        members = self.items(source)
        if isinstance(members, Stream) or len(members) > MOST_TURNS:
            self.hand_over(function)
            self.hand_over(source)
            return UNKNOWN
        saved = self.context
        results = []
        for index, value in enumerate(members):
            self.context = self.intern(given.node, ("map", index))
            results.append(Item(self.invoke(function, given._replace(positional=(value,), keywords=(), values={}))))
            self.context = saved
        return TupleValue(tuple(results))

    def dict_(self, given: Given) -> Value:
        entries: tuple[Entry, ...] = ()
        is_open = given.open
        if given.positional:
            source = self.cell(given.positional[0])
            if isinstance(source, DictCell):
                entries, is_open = source.entries, is_open or source.open
            else:
                is_open = True
        names = {name for name, _ in given.keywords}
        kept = tuple(entry for entry in entries if entry.key not in names)
        return self.allocate(given.node, DictCell((*kept, *keyword_entries(given.form, dict(given.keywords))), is_open))

    def len_(self, given: Given) -> Value:
        value = given.positional[0] if given.positional else UNKNOWN
        if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
            return Const(len(value.value))
        items = self.sequence(value)
        if items is not None:
            return Const(len(items))
        cell = self.cell(value)
        return Const(len(cell.entries)) if isinstance(cell, DictCell) and not cell.open else UNKNOWN

    def getattr_(self, given: Given) -> Value:
        if len(given.positional) < 2:
            return UNKNOWN
        target, name = given.positional[0], self.constant(given.positional[1])
        if not isinstance(name, str):
            return UNKNOWN
        found = self.get_attribute(target, name)
        return join_values(found, given.positional[2]) if len(given.positional) > 2 else found

    def setattr_(self, given: Given) -> Value:
        if len(given.positional) == 3:
            target, name, value = given.positional
            word = self.constant(name)
            for one in alternatives(target):
                if isinstance(one, Ref) and isinstance(self.cell(one), InstanceCell) and isinstance(word, str):
                    self.store.put((one.address, word), value)
                else:
                    self.hand_over(one)
                    self.store_away(value)
        return NONE

    def super_(self, given: Given) -> Value:
        if len(given.positional) == 2:
            owner, receiver = given.positional
            return Super(receiver, owner) if isinstance(owner, ClassValue) else UNKNOWN
        activation = self.activation
        function, receiver_ = activation.function, activation.receiver
        if function is None or function.owner is None or receiver_ is None:
            return UNKNOWN
        return Super(receiver_, function.owner)

    def type_(self, given: Given) -> Value:
        if len(given.positional) == 1:
            cell = self.cell(given.positional[0])
            if isinstance(cell, InstanceCell):
                return cell.owner
            return UNKNOWN
        return self.call_unknown(given)

    def execute_text(self, given: Given) -> Value:
        """``exec`` of who knows what: any variable in sight may be another one now."""
        frame: Frame | None = self.frame
        while frame is not None:
            for key in self.store.keys_of(frame.address):
                content = self.store.get(key)
                if key[1] and content is not None and not isinstance(content, CELLS):
                    self.store.put(key, join_values(content, UNKNOWN))
            frame = frame.outer
        return self.call_unknown(given)

    def leave(self, given: Given) -> Value:
        self.dead = True
        return UNKNOWN

    def calculate(self, function: Callable[..., object], given: Given) -> Value:
        """A built-in function of constants."""
        arguments = [self.constant(value) for value in given.positional]
        if given.keywords or given.open or not arguments or any(_has_unknown(argument) for argument in arguments):
            return UNKNOWN
        try:
            return as_value(function(*arguments))
        except Exception:  # whatever a built-in function says to arguments that do not fit
            return UNKNOWN

    # --- methods of lists, dicts and strings

    def call_list(self, ref: Ref, cell: ListCell, name: str, given: Given) -> Value:
        arguments = given.positional
        items = cell.items
        if name == "append" and len(arguments) == 1:
            if items is not None and len(items) < 4 * LONGEST:
                self.write(ref, ListCell((*items, Item(arguments[0]))))
            else:
                self.write(ref, ListCell(None, join_all([*list_members(cell), arguments[0]])))
            return NONE
        if name == "extend" and len(arguments) == 1:
            more = self.sequence(arguments[0])
            if items is not None and more is not None:
                self.write(ref, ListCell((*items, *(Item(item.value) for item in more))))
            else:
                members = self.items(arguments[0])
                added = [members.first, members.rest] if isinstance(members, Stream) else list(members)
                self.write(ref, ListCell(None, join_all([*list_members(cell), *added])))
            return NONE
        if name == "insert" and len(arguments) == 2:
            index = self.constant(arguments[0])
            if items is not None and isinstance(index, int):
                present = list(items)
                present.insert(index, Item(arguments[1]))
                self.write(ref, ListCell(tuple(present)))
            else:
                self.write(ref, ListCell(None, join_all([*list_members(cell), arguments[1]])))
            return NONE
        if name == "pop" and not given.open:
            index = self.constant(arguments[0]) if arguments else -1
            if items and isinstance(index, int) and -len(items) <= index < len(items):
                present = list(items)
                taken = present.pop(index)
                self.write(ref, ListCell(tuple(present)))
                return taken.value
            member = join_all(list_members(cell))
            self.write(ref, ListCell(None, member))
            return member
        if name in ("index", "count", "copy"):
            return self.allocate(given.node, cell, "copy") if name == "copy" else UNKNOWN
        if name in ("reverse", "sort", "remove", "clear"):
            self.write(ref, ListCell(None, join_all(list_members(cell))))
            return NONE
        self.hand_over(ref)
        return self.call_unknown(given)

    def call_dict(self, ref: Ref, cell: DictCell, name: str, given: Given) -> Value:
        arguments = given.positional
        if name in ("get", "pop", "setdefault") and arguments:
            told = given.node.args[:1] if isinstance(given.node, ast.Call) else []
            key = self.constant(self.choice(told[0]) if told and isinstance(told[0], ast.Name) else arguments[0])
            default = arguments[1] if len(arguments) > 1 else NONE
            entry = find(cell, key)
            if name == "pop":
                left = tuple(e for e in cell.entries if e is not entry)
                self.write(ref, DictCell(left, cell.open or _has_unknown(key)))
            elif name == "setdefault" and entry is None:
                self.write(ref, DictCell(cell.entries, True))
            if entry is not None:
                return entry.value if not cell.open else join_values(entry.value, default)
            if _has_unknown(key) or cell.open:
                return join_all([*(e.value for e in cell.entries), default, UNKNOWN])
            return default
        if name == "update" and len(arguments) <= 1 and not given.open:
            other = self.cell(arguments[0]) if arguments else DictCell(())
            if isinstance(other, DictCell):
                new = [*other.entries, *keyword_entries(given.form, dict(given.keywords))]
                keys = {entry.key for entry in new}
                kept = tuple(entry for entry in cell.entries if entry.key not in keys)
                if other.open:
                    kept = tuple(Entry(e.key, join_values(e.value, UNKNOWN)) for e in kept)
                self.write(ref, DictCell((*kept, *new), cell.open or other.open))
                return NONE
        if name in ("keys", "iterkeys", "values", "itervalues", "items", "iteritems"):
            return self._dict_view(cell, name)
        if name == "copy":
            return self.allocate(given.node, cell, "copy")
        if name in ("has_key", "__contains__"):
            return UNKNOWN
        self.hand_over(ref)
        return self.call_unknown(given)

    def _dict_view(self, cell: DictCell, name: str) -> Value:
        if name.endswith("keys"):
            members: list[Value] = [Const(entry.key) for entry in cell.entries]
        elif name.endswith("values"):
            members = [entry.value for entry in cell.entries]
        else:
            members = [_pair(Const(entry.key), entry.value) for entry in cell.entries]
        if cell.open:
            either = join_values(join_all(members), UNKNOWN)
            return Stream(either, either, False)
        return TupleValue(tuple(Item(member) for member in members))

    def call_constant(self, value: object, name: str, given: Given) -> Value:
        """``'lstm_{}'.format(i)``, ``mode.lower()``."""
        if not isinstance(value, str) or name.startswith("_"):
            return self.call_unknown(given, harmless=True)
        if name == "format" and (len(value) > LONGEST_STRING or "{" not in value or _wide(value)):
            return UNKNOWN
        if name not in STRING_METHODS:
            return self.call_unknown(given, harmless=True)
        arguments = [self.constant(argument) for argument in given.positional]
        keywords = {word: self.constant(argument) for word, argument in given.keywords}
        if given.open or any(_has_unknown(argument) for argument in (*arguments, *keywords.values())):
            return UNKNOWN
        try:
            return as_value(getattr(value, name)(*arguments, **keywords))
        except Exception:  # whatever str says to arguments that do not fit
            return UNKNOWN


STRING_METHODS = frozenset(
    (
        "format", "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "startswith", "endswith",
        "replace", "join", "split",
    )
)  # fmt: skip


def as_value(thing: object) -> Value:
    """A Python constant as a value, if it is small."""
    if thing is None or isinstance(thing, (bool, float)):
        return Const(thing)
    if isinstance(thing, int):
        return Const(thing) if thing.bit_length() <= 128 else UNKNOWN
    if isinstance(thing, (str, bytes)):
        return Const(thing) if len(thing) <= LONGEST_STRING else UNKNOWN
    if isinstance(thing, (tuple, list)) and len(thing) <= LONGEST:
        return TupleValue(tuple(Item(as_value(member)) for member in thing))
    return UNKNOWN


def _wide(template: str) -> bool:
    """Whether a format asks for a width or precision: it could ask for a string of any length."""
    return ":" in template


def _has_unknown(thing: object) -> bool:
    if isinstance(thing, (tuple, list)) and not isinstance(thing, Symbol):
        return any(_has_unknown(member) for member in thing)
    return thing is UNKNOWN or isinstance(thing, Symbol)


def _pair(a: Value, b: Value) -> TupleValue:
    return TupleValue((Item(a), Item(b)))


def _first(source: tuple[Value, ...] | Stream) -> Value:
    return source.first if isinstance(source, Stream) else source[0] if source else UNKNOWN


def _rest(source: tuple[Value, ...] | Stream) -> Value:
    return source.rest if isinstance(source, Stream) else join_all(source)


def _sum(values: object) -> object:
    if isinstance(values, (tuple, list)) and all(isinstance(value, (int, float)) for value in values):
        return sum(values)
    return UNKNOWN


BUILTIN_CALLS: Mapping[str, Callable[[Objects, Given], Value]] = {
    "range": Objects.range_,
    "xrange": Objects.range_,
    "enumerate": Objects.enumerate_,
    "zip": Objects.zip_,
    "list": Objects.list_,
    "tuple": Objects.tuple_,
    "reversed": Objects.reversed_,
    "map": Objects.map_,
    "dict": Objects.dict_,
    "len": Objects.len_,
    "getattr": Objects.getattr_,
    "setattr": Objects.setattr_,
    "super": Objects.super_,
    "type": Objects.type_,
    "exec": Objects.execute_text,
    "execfile": Objects.execute_text,
    "eval": Objects.execute_text,
    "exit": Objects.leave,
    "quit": Objects.leave,
    "int": lambda run, given: run.calculate(int, given),
    "long": lambda run, given: run.calculate(int, given),
    "float": lambda run, given: run.calculate(float, given),
    "str": lambda run, given: run.calculate(str, given),
    "bool": lambda run, given: run.calculate(bool, given),
    "abs": lambda run, given: run.calculate(abs, given),
    "round": lambda run, given: run.calculate(round, given),
    "max": lambda run, given: run.calculate(max, given),
    "min": lambda run, given: run.calculate(min, given),
    "divmod": lambda run, given: run.calculate(divmod, given),
    "sum": lambda run, given: run.calculate(_sum, given),
}
