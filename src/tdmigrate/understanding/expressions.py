"""Expressions in the abstract run."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from tdmigrate.keras1.attributes import WATCHED
from tdmigrate.understanding.calling import Calls
from tdmigrate.understanding.containers import model_kind
from tdmigrate.understanding.elsewhere import WITHIN, attribute
from tdmigrate.understanding.facts import Symbol
from tdmigrate.understanding.joins import join_all, join_tensors, join_values
from tdmigrate.understanding.machine import DEPTH, LONGEST
from tdmigrate.understanding.module import LARGEST, Huge
from tdmigrate.understanding.objects import LONGEST_STRING, as_value
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import (
    CONTAINERS,
    AtLeast,
    Attribute,
    Builtin,
    ClassValue,
    Const,
    DictCell,
    Elsewhere,
    Entry,
    Foreign,
    Frame,
    Func,
    InstanceCell,
    Item,
    LayerValue,
    ListCell,
    Method,
    OneOf,
    OtherCell,
    Partial,
    Ref,
    SomeLayer,
    Stream,
    Super,
    Sym,
    Tensor,
    TupleValue,
    Value,
    alternatives,
    find,
    list_members,
    truth,
)

ARITHMETIC: Mapping[type[ast.operator], Callable[[object, object], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
LARGEST_EXPONENT = 64


class Expressions(Calls):
    """What an expression is worth."""

    def evaluate(self, node: ast.expr) -> Value:
        self.spend()
        if self.depth >= DEPTH:
            return UNKNOWN
        self.depth += 1
        try:
            method = EVALUATORS.get(type(node))
            return UNKNOWN if method is None else method(self, node)
        finally:
            self.depth -= 1

    def _constant(self, node: ast.Constant) -> Value:
        value = node.value
        if isinstance(value, Huge):
            return UNKNOWN
        if value is None or isinstance(value, (bool, int, float, str, bytes)):
            return Const(value)
        return UNKNOWN

    def _name(self, node: ast.Name) -> Value:
        symbol = self.symbol(node)
        held = self.lookup(node.id)
        if symbol is None:
            return held
        origins = held.origins if isinstance(held, Sym) else ()
        return Sym(symbol, (*origins, node) if node not in origins else origins)

    def _attribute(self, node: ast.Attribute) -> Value:
        symbol = self.symbol(node)
        if symbol is not None:
            return Sym(symbol, (node,))
        value = self.evaluate(node.value)
        self.note_attribute(node, value)
        return self.get_attribute(value, node.attr)

    def note_attribute(self, node: ast.Attribute, value: Value) -> None:
        """An attribute of ``value`` is read, called or assigned: for the record, where it may be one of Keras's."""
        if node.attr not in WATCHED:
            return
        choices = [one for one in alternatives(value) if not (isinstance(one, Const) and one.value is None)]
        for one in choices or [value]:
            layer = one.node if isinstance(one, LayerValue) else None
            self.recorder.attribute(node, self._owner(one, node.attr, isinstance(node.ctx, ast.Store)), layer)

    def _owner(self, value: Value, name: str, stored: bool) -> str | None:
        """What of Keras has this attribute of a value; None: it is not Keras's, or not known."""
        if isinstance(value, LayerValue):
            return value.entry.name
        if isinstance(value, SomeLayer):
            return "Layer"
        if isinstance(value, Elsewhere) and value.base is not None and attribute(value, name) is None:
            return self._owner(value.base, name, stored)
        cell = self.cell(value)
        if not isinstance(value, Ref) or not (stored or self.attribute_of(value, name) is None):
            return None
        if isinstance(cell, InstanceCell) and cell.model is not None:
            own = self.class_attribute(cell.owner, name)
            return self._owner(cell.model, name, stored) if own is None else None
        return model_kind(cell) if isinstance(cell, CONTAINERS) else None

    def get_attribute(self, value: Value, name: str) -> Value:
        found = []
        for one in alternatives(value):
            if isinstance(one, Const) and one.value is None and isinstance(value, OneOf):
                continue  # None has nothing: it is not None where this runs
            found.append(self._attribute_of(one, name))
        return join_all(found)

    def _attribute_of(self, value: Value, name: str) -> Value:
        if isinstance(value, Ref):
            return self._object_attribute(value, name)
        if isinstance(value, Sym):
            symbol = value.symbol
            return Sym(Symbol(f"{symbol.path}.{name}", symbol.binding), value.origins)
        if isinstance(value, Foreign):
            return Foreign(f"{value.path}.{name}")
        if isinstance(value, Elsewhere):
            return self.attribute_elsewhere(value, name)
        if isinstance(value, ClassValue):
            return self.class_attribute(value, name) or UNKNOWN
        if isinstance(value, Super):
            return self._inherited(value, name)
        if isinstance(value, Tensor) and name == "_keras_shape" and value.dims is not None:
            return TupleValue(
                tuple(Item(UNKNOWN if dim is UNKNOWN else Const(dim)) for dim in value.dims)
            )
        if isinstance(value, (Const, LayerValue, SomeLayer, Tensor, TupleValue)):
            return Attribute(value, name)
        return UNKNOWN

    def attribute_elsewhere(self, owner: Elsewhere, name: str) -> Value:
        """What something of another module has under a name: the same object each time, or what was put there."""
        present = self.attribute_of(Ref(self.place_elsewhere(owner)), name)
        if present is not None:
            return present
        template = attribute(owner, name)
        if template is not None:
            return self.made_elsewhere(template, (0, self.module.tree, (owner.path, name)), anew=False)
        if owner.base is not None:
            return self._attribute_of(owner.base, name)
        return UNKNOWN if WITHIN in owner.path else Foreign(f"{owner.path}.{name}")

    def place_elsewhere(self, owner: Elsewhere) -> int:
        """Where the attributes are kept that this source gives something of another module."""
        kept, self.context = self.context, 0
        address = self.intern(self.module.tree, ("attributes", owner.path))
        self.context = kept
        return address

    def _object_attribute(self, ref: Ref, name: str) -> Value:
        cell = self.cell(ref)
        if isinstance(cell, InstanceCell):
            own = self.attribute_of(ref, name)
            if own is not None:
                return own
            found = self.class_attribute(cell.owner, name)
            if found is not None:
                return self._bound(ref, found)
            if cell.model is not None:
                return self._object_attribute(cell.model, name)
            return self._inherited_elsewhere(cell.owner, name)
        if isinstance(cell, CONTAINERS):
            own = self.attribute_of(ref, name)
            if own is not None:
                return own
            known = self.model_attribute(ref, cell, name)
            return known if known is not None else Attribute(ref, name)
        return Attribute(ref, name) if cell is not None and not isinstance(cell, OtherCell) else UNKNOWN

    def _bound(self, receiver: Value, found: Value) -> Value:
        """A class's attribute as its instance has it."""
        bound: list[Value] = []
        for one in alternatives(found):
            if not isinstance(one, Func) or one.kind == "static":
                bound.append(one)
            elif one.kind == "property":
                bound.append(self.call_function(one, one.node, (receiver,), (), False))
            else:
                bound.append(Method(receiver, one))
        return join_all(bound)

    def _inherited_elsewhere(self, owner: ClassValue, name: str) -> Value:
        """What an instance has from a class of another module that its own class inherits from."""
        for one in self.mro(owner):
            made = one.returns if isinstance(one, Elsewhere) else None
            if isinstance(made, Elsewhere) and (attribute(made, name) is not None or made.base is not None):
                return self.attribute_elsewhere(made, name)
        return UNKNOWN

    def _inherited(self, value: Super, name: str) -> Value:
        found: list[Value] = []
        for receiver in alternatives(value.receiver):
            cell = self.cell(receiver)
            if not isinstance(cell, InstanceCell):
                found.append(UNKNOWN)
                continue
            attribute = self.class_attribute(cell.owner, name, beyond=value.owner)
            if attribute is not None:
                found.append(self._bound(receiver, attribute))
            else:
                inherited = self._inherited_elsewhere(cell.owner, name)
                found.append(Attribute(cell.model, name) if cell.model is not None else inherited)
        return join_all(found)

    # --- displays and comprehensions

    def _list(self, node: ast.List) -> Value:
        return self.allocate(node, ListCell(self._display(node)))

    def _tuple(self, node: ast.Tuple) -> Value:
        items = self._display(node)
        return UNKNOWN if items is None else TupleValue(items)

    def _display(self, node: ast.List | ast.Tuple) -> tuple[Item, ...] | None:
        items: list[Item] = []
        known = True
        for position, element in enumerate(node.elts):
            if isinstance(element, ast.Starred):
                more = self.sequence(self.evaluate(element.value))
                known = known and more is not None
                items.extend(more or ())
            else:
                items.append(Item(self.evaluate(element), node, position))
        return tuple(items) if known else None

    def _dict(self, node: ast.Dict) -> Value:
        entries: dict[object, Entry] = {}
        is_open = False
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            if key_node is None:
                cell = self.cell(self.evaluate(value_node))
                if isinstance(cell, DictCell):
                    entries.update((_key(entry.key), entry) for entry in cell.entries)
                is_open = is_open or not isinstance(cell, DictCell) or cell.open
                continue
            key = self.constant(self.evaluate(key_node))
            value = self.evaluate(value_node)
            if key is UNKNOWN or not _hashable(key):
                is_open = True
                self.store_away(value)
                continue
            entries[_key(key)] = Entry(key, value, key_node, value_node)
        return self.allocate(node, DictCell(tuple(entries.values()), is_open))

    def _set(self, node: ast.Set) -> Value:
        for element in node.elts:
            self.store_away(self.evaluate(element))
        return UNKNOWN

    def _list_comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Value:
        values, known = self._comprehend(node, node.generators, lambda: self.evaluate(node.elt))
        if isinstance(node, ast.GeneratorExp):
            either = join_all(values)
            return TupleValue(tuple(Item(v) for v in values)) if known else Stream(either, either, False)
        if isinstance(node, ast.SetComp):
            return UNKNOWN
        cell = ListCell(tuple(Item(value) for value in values)) if known else ListCell(None, join_all(values))
        return self.allocate(node, cell)

    def _dict_comprehension(self, node: ast.DictComp) -> Value:
        pairs, known = self._comprehend(
            node,
            node.generators,
            lambda: TupleValue((Item(self.evaluate(node.key)), Item(self.evaluate(node.value)))),
        )
        entries: dict[object, Entry] = {}
        for pair in pairs:
            if isinstance(pair, TupleValue) and len(pair.items) == 2:
                key = self.constant(pair.items[0].value)
                if key is not UNKNOWN and _hashable(key):
                    entries[_key(key)] = Entry(key, pair.items[1].value)
                    continue
            known = False
        return self.allocate(node, DictCell(tuple(entries.values()), not known))

    def _comprehend(
        self, node: ast.expr, generators: list[ast.comprehension], element: Callable[[], Value]
    ) -> tuple[list[Value], bool]:
        """The elements, and whether they are all and surely."""
        saved = (self.frame, self.context)
        local = frozenset(
            name.id for part in generators for name in ast.walk(part.target) if isinstance(name, ast.Name)
        )
        address = self.intern(node, "scope")
        self.frame = Frame(address, "comprehension", local, frozenset(), self.frame)
        try:
            return self._generate(node, generators, element)
        finally:
            self.frame, self.context = saved

    def _generate(
        self, node: ast.expr, generators: list[ast.comprehension], element: Callable[[], Value]
    ) -> tuple[list[Value], bool]:
        if not generators:
            return [element()], True
        part = generators[0]
        members = self.items(self.evaluate(part.iter))
        known = not isinstance(members, Stream) and not part.is_async
        turns = [members.first, members.rest] if isinstance(members, Stream) else list(members)
        values: list[Value] = []
        saved = self.context
        for index, member in enumerate(turns):
            self.context = self.intern(node, (len(generators), index))
            self.assign(part.target, member)
            tests = [truth(self.evaluate(test)) for test in part.ifs]
            if any(test is False for test in tests):
                self.context = saved
                continue
            known = known and all(test is True for test in tests)
            more, inner = self._generate(node, generators[1:], element)
            values.extend(more)
            known = known and inner and len(values) <= LONGEST
            self.context = saved
        return values, known

    # --- operators

    def _binary(self, node: ast.BinOp) -> Value:
        return self.binary(type(node.op), self.evaluate(node.left), self.evaluate(node.right), node)

    def binary(self, kind: type[ast.operator], left: Value, right: Value, node: ast.AST) -> Value:
        if isinstance(left, OneOf) or isinstance(right, OneOf):
            pairs = [(a, b) for a in alternatives(left) for b in alternatives(right)]
            if len(pairs) > LONGEST:
                return UNKNOWN
            return join_all([self.binary(kind, a, b, node) for a, b in pairs])
        if isinstance(left, AtLeast) and isinstance(right, Const) and kind in (ast.Add, ast.Sub):
            number = right.value
            if isinstance(number, int) and not isinstance(number, bool) and abs(number) < 1 << 32:
                return AtLeast(left.low + (number if kind is ast.Add else -number))
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return _tensor_arithmetic(left, right)
        a, b = self.sequence(left), self.sequence(right)
        if kind is ast.Add and a is not None and b is not None and len(a) + len(b) <= 4 * LONGEST:
            return self._sequence_like(left, (*a, *b), node)
        if kind is ast.Mult and (a is not None or b is not None):
            items, times = (a, right) if a is not None else (b, left)
            count = self.constant(times)
            if items is not None and isinstance(count, int) and len(items) * max(count, 0) <= 4 * LONGEST:
                return self._sequence_like(left if a is not None else right, items * count, node)
            return self._spread(left if a is not None else right, items or (), node)
        if not isinstance(left, Const) or not isinstance(right, Const):
            if a is not None and isinstance(left, Ref):
                return self.allocate(node, ListCell(None, UNKNOWN), "sum")
            if kind is ast.Mod and isinstance(left, Const) and isinstance(right, TupleValue):
                return self._percent(left.value, self.constant(right))
            return UNKNOWN
        return _calculate(kind, left.value, right.value)

    def _sequence_like(self, value: Value, items: tuple[Item, ...], node: ast.AST) -> Value:
        return TupleValue(items) if isinstance(value, TupleValue) else self.allocate(node, ListCell(items), "sum")

    def _spread(self, value: Value, items: tuple[Item, ...], node: ast.AST) -> Value:
        """A sequence that is repeated who knows how often."""
        if isinstance(value, TupleValue):
            return UNKNOWN
        return self.allocate(node, ListCell(None, join_all([item.value for item in items])), "sum")

    @staticmethod
    def _percent(template: object, arguments: object) -> Value:
        if isinstance(template, str) and isinstance(arguments, tuple) and all(
            isinstance(argument, (str, int, float)) for argument in arguments
        ):
            return _calculate(ast.Mod, template, arguments)
        return UNKNOWN

    def _unary(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            known = truth(value) if not isinstance(value, Ref) else self.truth(value)
            return UNKNOWN if known is None else Const(not known)
        if isinstance(value, Tensor) and isinstance(node.op, ast.USub):
            return value._replace(masked=None)
        if isinstance(value, Const) and isinstance(value.value, (int, float)):
            if isinstance(node.op, ast.USub):
                return as_value(-value.value)
            if isinstance(node.op, ast.UAdd):
                return as_value(+value.value)
        return UNKNOWN

    def truth(self, value: Value) -> bool | None:
        """As ``values.truth``, with the contents of lists and dicts looked at."""
        cell = self.cell(value)
        if isinstance(cell, ListCell):
            return None if cell.items is None else bool(cell.items)
        if isinstance(cell, DictCell):
            return True if cell.entries and not cell.open else None if cell.open else False
        if isinstance(cell, CONTAINERS):
            return True
        return truth(value)

    def _boolean(self, node: ast.BoolOp) -> Value:
        wanted = isinstance(node.op, ast.And)
        found: list[Value] = []
        for part in node.values:
            value = self.evaluate(part)
            known = self.truth(value)
            if known is None:
                found.append(value)
            elif known is not wanted:
                found.append(value)
                break
            elif part is node.values[-1]:
                found.append(value)
        return join_all(found) if len(found) == 1 or not wanted else self._conjunction(found)

    def _conjunction(self, found: list[Value]) -> Value:
        # ``a and b``: false if any surely is, and nothing else is worth telling apart
        if any(self.truth(value) is False for value in found):
            return Const(False)
        return join_values(join_all(found), UNKNOWN)

    def _compare(self, node: ast.Compare) -> Value:
        left = self.choice(node.left)
        outcomes: list[bool | None] = []
        for comparison, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.choice(right_node)
            outcomes.append(self._outcome(type(comparison), left, right))
            left = right
        if any(outcome is False for outcome in outcomes):
            return Const(False)
        return Const(True) if all(outcome is True for outcome in outcomes) else UNKNOWN

    def _outcome(self, kind: type[ast.cmpop], left: Value, right: Value) -> bool | None:
        if isinstance(left, OneOf) or isinstance(right, OneOf):
            outcomes = {self._outcome(kind, a, b) for a in alternatives(left) for b in alternatives(right)}
            return outcomes.pop() if len(outcomes) == 1 else None
        if kind in (ast.Is, ast.IsNot):
            alike = _identical(left, right)
            return None if alike is None else alike is (kind is ast.Is)
        if kind in (ast.In, ast.NotIn):
            inside = self._inside(left, right)
            return None if inside is None else inside is (kind is ast.In)
        if isinstance(left, AtLeast) and isinstance(right, Const) and isinstance(right.value, int):
            return _at_least(kind, left.low, right.value)
        if kind in (ast.Eq, ast.NotEq) and (left == Const(None) or right == Const(None)):
            alike = _identical(left, right)
            return None if alike is None else alike is (kind is ast.Eq)
        a, b = self.constant(left), self.constant(right)
        if _untold(a) or _untold(b):
            if isinstance(a, Symbol) and isinstance(b, Symbol) and kind in (ast.Eq, ast.NotEq) and a.path == b.path:
                return kind is ast.Eq
            return None
        try:
            return bool(COMPARISONS[kind](a, b))
        except TypeError:
            return None

    def _inside(self, left: Value, right: Value) -> bool | None:
        key = self.constant(left)
        if _untold(key):
            return None
        if isinstance(right, Const) and isinstance(right.value, str) and isinstance(key, str):
            return key in right.value
        items = self.sequence(right)
        if items is not None:
            members = [self.constant(item.value) for item in items]
            if any(not _untold(member) and member == key for member in members):
                return True
            return None if any(_untold(member) for member in members) else False
        cell = self.cell(right)
        if isinstance(cell, DictCell):
            return None if cell.open else find(cell, key) is not None
        return None

    def _conditional(self, node: ast.IfExp) -> Value:
        known = self.truth(self.evaluate(node.test))
        if known is not None:
            taken, left = (node.body, node.orelse) if known else (node.orelse, node.body)
            self.run_aside(lambda: self._drop(left))
            return self.evaluate(taken)
        results: list[Value] = []
        parts = (node.body, node.orelse)
        self.join_branches([self.branch(lambda p=part: results.append(self.evaluate(p))) for part in parts])  # type: ignore[misc]
        return join_all(results)

    def _drop(self, node: ast.expr) -> None:
        self.evaluate(node)

    # --- members

    def _subscript(self, node: ast.Subscript) -> Value:
        value = self.evaluate(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [
                None if part is None else self.constant(self.evaluate(part))
                for part in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            return self._sliced(value, bounds, node)
        index = self.choice(node.slice)
        return join_all([self._member(one, index) for one in alternatives(value)])

    def _member(self, value: Value, index: Value) -> Value:
        if isinstance(index, OneOf):
            return join_all([self._member(value, one) for one in index.values])
        key = self.constant(index)
        items = self.sequence(value)
        if items is not None:
            if isinstance(key, int) and -len(items) <= key < len(items):
                return items[key].value
            return join_all([item.value for item in items]) if _untold(key) else UNKNOWN
        cell = self.cell(value)
        if isinstance(cell, ListCell):
            return cell.member
        if isinstance(cell, DictCell):
            entry = None if _untold(key) else find(cell, key)
            if entry is not None:
                return entry.value
            return join_all([*(entry.value for entry in cell.entries), UNKNOWN]) if _untold(key) else UNKNOWN
        if isinstance(value, Stream):
            return join_values(value.first, value.rest)
        if isinstance(value, Const) and isinstance(value.value, str) and isinstance(key, int):
            return Const(value.value[key]) if -len(value.value) <= key < len(value.value) else UNKNOWN
        return UNKNOWN

    def _sliced(self, value: Value, bounds: list[object], node: ast.expr) -> Value:
        numbers = [bound for bound in bounds if bound is None or (isinstance(bound, int) and abs(bound) < 1 << 32)]
        known = len(numbers) == 3 and numbers[2] != 0
        cut = slice(*numbers) if known else slice(None)
        if isinstance(value, Const) and isinstance(value.value, str):
            return Const(value.value[cut]) if known else UNKNOWN
        items = self.sequence(value)
        if isinstance(value, TupleValue):
            return TupleValue(value.items[cut]) if known else UNKNOWN
        if items is not None and known:
            return self.allocate(node, ListCell(items[cut]))
        cell = self.cell(value)
        if isinstance(cell, ListCell):
            return self.allocate(node, ListCell(None, join_all(list_members(cell))))
        return UNKNOWN

    # --- the rest

    def _lambda(self, node: ast.Lambda) -> Value:
        function = Func(node, self.frame, self.defaults(node.args), "plain", None)
        self.born.append(function)
        return function

    def defaults(self, arguments: ast.arguments) -> tuple[tuple[str, Value], ...]:
        positional = [*arguments.posonlyargs, *arguments.args]
        found: list[tuple[str, Value]] = []
        last = positional[len(positional) - len(arguments.defaults) :]
        for arg, node in zip(last, arguments.defaults, strict=True):
            found.append((arg.arg, self.evaluate(node)))
        for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if default is not None:
                found.append((arg.arg, self.evaluate(default)))
        return tuple(found)

    def _walrus(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.assign(node.target, value)
        return value

    def _call_expression(self, node: ast.Call) -> Value:
        return self.call(node)

    def _text(self, node: ast.JoinedStr) -> Value:
        pieces: list[str] = []
        known = True
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.constant(self.evaluate(part.value))
                if isinstance(value, (str, int)) and part.conversion == -1 and part.format_spec is None:
                    pieces.append(str(value))
                else:
                    known = False
            elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                pieces.append(part.value)
        text = "".join(pieces)
        return Const(text) if known and len(text) <= LONGEST_STRING else UNKNOWN

    def _inner(self, node: ast.Await | ast.Yield | ast.YieldFrom | ast.Starred) -> Value:
        if node.value is not None:
            self.store_away(self.evaluate(node.value))
        return UNKNOWN


def _tensor_arithmetic(left: Value, right: Value) -> Value:
    """A tensor and a number, or two tensors of one rank: element by element."""
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return join_tensors(left, right)._replace(masked=None)
    tensor, other = (left, right) if isinstance(left, Tensor) else (right, left)
    if isinstance(tensor, Tensor) and isinstance(other, Const) and isinstance(other.value, (int, float)):
        return tensor._replace(masked=None)
    return UNKNOWN


def _calculate(kind: type[ast.operator], a: object, b: object) -> Value:
    """Arithmetic of constants, as far as it stays small."""
    if kind is ast.Pow:
        small = isinstance(a, (int, float)) and isinstance(b, int) and abs(b) <= LARGEST_EXPONENT
        if not small or (isinstance(a, int) and a.bit_length() > LARGEST_EXPONENT):
            return UNKNOWN
        function: Callable[[object, object], object] | None = operator.pow
    elif kind is ast.Mult:
        lengths = [len(x) * y for x, y in ((a, b), (b, a)) if isinstance(x, (str, bytes)) and isinstance(y, int)]
        if any(length > LONGEST_STRING for length in lengths):
            return UNKNOWN
        function = operator.mul
    elif kind is ast.Mod and isinstance(a, (str, bytes)):
        # a width or precision could ask for a string of any length
        template = a.decode("latin-1") if isinstance(a, bytes) else a
        if len(template) > LONGEST_STRING or any(c.isdigit() or c in ".*" for c in _directives(template)):
            return UNKNOWN
        function = operator.mod
    else:
        function = ARITHMETIC.get(kind)
    if function is None:
        return UNKNOWN
    try:
        result = function(a, b)
        if isinstance(result, int) and abs(result) > LARGEST:
            return UNKNOWN
        return as_value(result)
    except Exception:  # whatever an operator says to operands that do not fit
        return UNKNOWN


def _directives(template: str) -> str:
    """The characters from each % on to the letter that ends it."""
    found = []
    for piece in template.split("%")[1:]:
        for character in piece:
            found.append(character)
            if character.isalpha():
                break
    return "".join(found)


def _identical(left: Value, right: Value) -> bool | None:
    """``left is right``, for None, True and False."""
    if isinstance(left, Const) and isinstance(right, Const):
        single = (None, True, False)
        if any(left.value is one for one in single) or any(right.value is one for one in single):
            return left.value is right.value
        return None
    for a, b in ((left, right), (right, left)):
        if isinstance(a, Const) and a.value is None and isinstance(b, KNOWN_OBJECTS):
            return False
    if isinstance(left, Sym) and isinstance(right, Sym):
        return True if left.symbol.path == right.symbol.path else None
    return None


KNOWN_OBJECTS = (
    Sym, Tensor, LayerValue, Ref, Func, ClassValue, Method, Partial, TupleValue, AtLeast, Builtin, Elsewhere,
)  # fmt: skip


def _at_least(kind: type[ast.cmpop], low: int, number: int) -> bool | None:
    """An integer of at least ``low`` compared with a number."""
    if number < low:
        return {ast.Eq: False, ast.NotEq: True, ast.Lt: False, ast.LtE: False, ast.Gt: True, ast.GtE: True}.get(kind)
    if number == low:
        return {ast.Lt: False, ast.GtE: True}.get(kind)
    return None


def _untold(thing: object) -> bool:
    if isinstance(thing, (tuple, list)) and not isinstance(thing, Symbol):
        return any(_untold(member) for member in thing)
    return thing is UNKNOWN or isinstance(thing, Symbol)


def _hashable(key: object) -> bool:
    try:
        hash(key)
    except TypeError:
        return False
    return not _untold(key)


def _key(key: object) -> tuple[type, object]:
    return (type(key), key)


EVALUATORS: Mapping[type, Callable[..., Value]] = {
    ast.Constant: Expressions._constant,
    ast.Name: Expressions._name,
    ast.Attribute: Expressions._attribute,
    ast.Call: Expressions._call_expression,
    ast.List: Expressions._list,
    ast.Tuple: Expressions._tuple,
    ast.Dict: Expressions._dict,
    ast.Set: Expressions._set,
    ast.ListComp: Expressions._list_comprehension,
    ast.GeneratorExp: Expressions._list_comprehension,
    ast.SetComp: Expressions._list_comprehension,
    ast.DictComp: Expressions._dict_comprehension,
    ast.BinOp: Expressions._binary,
    ast.UnaryOp: Expressions._unary,
    ast.BoolOp: Expressions._boolean,
    ast.Compare: Expressions._compare,
    ast.IfExp: Expressions._conditional,
    ast.Subscript: Expressions._subscript,
    ast.Lambda: Expressions._lambda,
    ast.NamedExpr: Expressions._walrus,
    ast.JoinedStr: Expressions._text,
    ast.Await: Expressions._inner,
    ast.Yield: Expressions._inner,
    ast.YieldFrom: Expressions._inner,
    ast.Starred: Expressions._inner,
}
