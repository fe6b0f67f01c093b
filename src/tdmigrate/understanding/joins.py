"""One value for several: what covers the values of branches that meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tdmigrate.findings import Evidence
from tdmigrate.understanding.facts import Argument, Bound, Merging, Symbol
from tdmigrate.understanding.shapes import UNKNOWN, Unknown, join
from tdmigrate.understanding.values import (
    ANY_TENSOR,
    CELLS,
    AtLeast,
    Attribute,
    Cell,
    ClassValue,
    Const,
    Content,
    DictCell,
    Elsewhere,
    Entry,
    Foreign,
    Func,
    GraphCell,
    Item,
    LayerValue,
    ListCell,
    Merger,
    Method,
    ModelCell,
    OneOf,
    OtherCell,
    Partial,
    Ref,
    SequentialCell,
    SomeDict,
    SomeModel,
    Stream,
    Sym,
    Tensor,
    Trail,
    TupleValue,
    Value,
    alternatives,
    find,
    list_members,
    same_constant,
)

MOST_ALTERNATIVES = 8
MOST_REFS = 32
MOST_CONSTANTS = 4
MOST_EVIDENCE = 6
OBJECTS = (Sym, LayerValue, Merger, Ref, Func, ClassValue, Method, Attribute, Partial, Elsewhere, SomeModel, SomeDict)


def evidences(*groups: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """All of them once, in order, no more than a person reads."""
    return tuple(dict.fromkeys(one for group in groups for one in group))[:MOST_EVIDENCE]


def same(a: Content, b: Content) -> bool:
    """Whether two say the same, evidence aside."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Const) and isinstance(b, Const):
        return same_constant(a.value, b.value)
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.dims == b.dims and a.masked == b.masked and a.mask is b.mask
    if isinstance(a, LayerValue) and isinstance(b, LayerValue):
        return a.node is b.node and a.symbol.path == b.symbol.path and _same_parts(a.parts, b.parts)
    if isinstance(a, OneOf) and isinstance(b, OneOf):
        return len(a.values) == len(b.values) and all(any(same(x, y) for y in b.values) for x in a.values)
    if isinstance(a, (Func, ClassValue)) and isinstance(b, (Func, ClassValue)):
        return a.node is b.node and a.frame.address == b.frame.address
    if isinstance(a, Sym) and isinstance(b, Sym):
        return a.symbol.path == b.symbol.path and set(a.origins) == set(b.origins)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return _same_members(a, b)
    return a == b


def _same_members(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if isinstance(x, tuple) and isinstance(y, tuple):
            if type(x) is tuple and type(y) is tuple:
                if not _same_members(x, y):
                    return False
            elif not same(x, y):  # type: ignore[arg-type]  # every NamedTuple in here is a Content, an Item or an Entry
                return False
        elif not (x is y or same_constant(x, y)):
            return False
    return True


def _same_parts(a: tuple[tuple[str, Value], ...], b: tuple[tuple[str, Value], ...]) -> bool:
    return len(a) == len(b) and all(m == n and same(x, y) for (m, x), (n, y) in zip(a, b, strict=True))


def join_masks(a: bool | None, b: bool | None) -> bool | None:
    return a if a == b else None


def join_tensors(a: Tensor, b: Tensor) -> Tensor:
    dims = join(a.dims, b.dims)
    return Tensor(
        dims,
        evidences(a.evidence, b.evidence) if dims is not None else (),
        join_masks(a.masked, b.masked),
        a.trail if a.trail is b.trail else Trail(None, tuple(t for t in (a.trail, b.trail) if t is not None)),
        a.mask if a.mask is b.mask else None,
    )


def join_merging(a: Merging, b: Merging) -> Merging:
    """One merge, seen in two runs."""
    alike = len(a.inputs) == len(b.inputs)
    inputs = tuple(join(x, y) for x, y in zip(a.inputs, b.inputs, strict=True)) if alike else ()
    either = {a.masks, b.masks}
    masks = a.masks if len(either) == 1 else "several" if "several" in either else "open"
    return Merging(inputs, masks, a.bare or b.bare)


def join_objects(a: object, b: object) -> object:
    """Of two constants as ``constant`` gives them."""
    if isinstance(a, tuple) and isinstance(b, tuple) and type(a) is type(b) is tuple and len(a) == len(b):
        return tuple(join_objects(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Symbol) and isinstance(b, Symbol):
        return a if a.path == b.path else UNKNOWN
    return a if same_constant(a, b) else UNKNOWN


def join_bounds(a: Bound, b: Bound) -> Bound:
    """One call, bound in two runs."""
    if a is b:
        return a
    arguments: dict[str, Argument] = {}
    for name in (*a.arguments, *(name for name in b.arguments if name not in a.arguments)):
        x, y = a.arguments.get(name), b.arguments.get(name)
        if x is None or y is None or x.node is not y.node:
            known = x if x is not None else y
            assert known is not None
            arguments[name] = known._replace(value=UNKNOWN)
        else:
            arguments[name] = x._replace(value=join_objects(x.value, y.value))
    known_values = {value for _, _, value in a.spread}
    return a._replace(
        arguments=arguments,
        spread=(*a.spread, *(one for one in b.spread if one[2] not in known_values)),
        starred=a.starred or b.starred or a.arguments.keys() != b.arguments.keys(),
        handed=tuple(sorted({*a.handed, *b.handed})),
    )


def join_layers(a: LayerValue, b: LayerValue) -> LayerValue:
    others = dict(b.parts)
    parts = tuple((name, join_values(value, others.get(name, UNKNOWN))) for name, value in a.parts)
    return a._replace(bound=join_bounds(a.bound, b.bound), parts=parts)


def join_values(a: Value, b: Value) -> Value:
    """The one value that covers both."""
    if a is b:
        return a
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return join_tensors(a, b)
    if not isinstance(a, OneOf) and not isinstance(b, OneOf):
        merged = _join_plain(a, b)
        if merged is not None:
            return merged
    both = (*alternatives(a), *alternatives(b))
    refs: list[Value] = list(dict.fromkeys(value for value in both if isinstance(value, Ref)))
    found: list[Value] = []
    for value in both:
        if isinstance(value, Ref):
            continue
        for index, known in enumerate(found):
            merged = _join_plain(known, value)
            if merged is not None:
                found[index] = merged
                break
        else:
            found.append(value)
    return one_of([*refs, *found])


def _join_plain(a: Value, b: Value) -> Value | None:
    """Where two are one kind of thing that has a join of its own, or the same."""
    if type(a) is not type(b):
        return None
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return join_tensors(a, b)
    if isinstance(a, LayerValue) and isinstance(b, LayerValue):
        if a.node is b.node and a.symbol.path == b.symbol.path:
            return a if _same_parts(a.parts, b.parts) else join_layers(a, b)
        return None
    if isinstance(a, Sym) and isinstance(b, Sym) and a.symbol.path == b.symbol.path:
        return a._replace(origins=tuple(dict.fromkeys((*a.origins, *b.origins))))
    if isinstance(a, TupleValue) and isinstance(b, TupleValue) and len(a.items) == len(b.items):
        return TupleValue(join_items(a.items, b.items))
    if isinstance(a, Stream) and isinstance(b, Stream):
        return Stream(join_values(a.first, b.first), join_values(a.rest, b.rest), a.filled and b.filled)
    if isinstance(a, AtLeast) and isinstance(b, AtLeast):
        return AtLeast(min(a.low, b.low))
    return a if same(a, b) else None


def one_of(values: Iterable[Value]) -> Value:
    """Of values that are pairwise different."""
    found = list(values)
    constants = [value for value in found if isinstance(value, (Const, AtLeast, Foreign, TupleValue))]
    unknown = any(isinstance(value, Unknown) for value in found)
    if unknown or len(constants) > MOST_CONSTANTS:
        # a constant says nothing beside anything else; an object does: it may be changed through this value
        found = [v for v in found if isinstance(v, OBJECTS)]
        found.append(UNKNOWN)
    if len(found) > MOST_ALTERNATIVES:
        refs = [value for value in found if isinstance(value, Ref)]
        found = [*refs, UNKNOWN] if len(refs) <= MOST_REFS else [UNKNOWN]
    return found[0] if len(found) == 1 else OneOf(tuple(found))


def join_items(a: tuple[Item, ...], b: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(
        Item(join_values(x.value, y.value), x.display, x.position)
        if x.display is y.display and x.position == y.position
        else Item(join_values(x.value, y.value))
        for x, y in zip(a, b, strict=True)
    )


def join_contents(a: Content, b: Content) -> Content:
    """The one content that covers both; of cells of different kinds nothing is known."""
    if a is b:
        return a
    if isinstance(a, ListCell) and isinstance(b, ListCell):
        return _join_lists(a, b)
    if isinstance(a, DictCell) and isinstance(b, DictCell):
        return _join_dicts(a, b)
    if isinstance(a, SequentialCell) and isinstance(b, SequentialCell):
        return _join_sequentials(a, b)
    if isinstance(a, GraphCell) and isinstance(b, GraphCell):
        return GraphCell(
            a.node or b.node,
            _join_named(a.nodes, b.nodes),
            _join_named(a.inputs, b.inputs),
            _join_named(a.outputs, b.outputs),
            _longer(a.members, b.members),
            a.exact and b.exact and same_layers(a.members, b.members),
            a.known or b.known,
        )
    if isinstance(a, ModelCell) and isinstance(b, ModelCell):
        return ModelCell(a.node or b.node, _join_outputs(a.inputs, b.inputs), _join_outputs(a.outputs, b.outputs))
    if isinstance(a, CELLS) or isinstance(b, CELLS):
        return a if isinstance(a, CELLS) and same(a, b) else OtherCell()
    return join_values(a, b)


def _join_outputs(a: tuple[Tensor, ...], b: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    if len(a) != len(b):
        return (ANY_TENSOR,)
    return tuple(join_tensors(x, y) for x, y in zip(a, b, strict=True))


def _join_lists(a: ListCell, b: ListCell) -> ListCell:
    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        return ListCell(join_items(a.items, b.items))
    members = [*list_members(a), *list_members(b)]
    return ListCell(None, join_all(members))


def join_all(values: Sequence[Value]) -> Value:
    """What covers all of them; of none: ``UNKNOWN``."""
    if not values:
        return UNKNOWN
    joined = values[0]
    for value in values[1:]:
        joined = join_values(joined, value)
    return joined


def _join_dicts(a: DictCell, b: DictCell) -> DictCell:
    entries: list[Entry] = []
    for x in a.entries:
        y = find(b, x.key)
        if y is None:
            entries.append(x._replace(value=join_values(x.value, UNKNOWN)))
        elif x.value_node is y.value_node:
            entries.append(x._replace(value=join_values(x.value, y.value)))
        else:
            entries.append(Entry(x.key, join_values(x.value, y.value)))
    only = [y._replace(value=join_values(y.value, UNKNOWN)) for y in b.entries if find(a, y.key) is None]
    lacking = bool(only) or len(entries) != len(b.entries)
    return DictCell((*entries, *only), a.open or b.open or lacking)


def same_layers(a: tuple[Value, ...], b: tuple[Value, ...]) -> bool:
    return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))


def _longer(a: tuple[Value, ...], b: tuple[Value, ...]) -> tuple[Value, ...]:
    return a if len(a) >= len(b) else b


def _join_sequentials(a: SequentialCell, b: SequentialCell) -> SequentialCell:
    if a.empty is True and b.empty is True:
        return a
    equal = a.exact and b.exact and same_layers(a.members, b.members)
    if a.empty is True or b.empty is True:
        full = b if a.empty is True else a
        return full._replace(empty=None, exact=False)
    return SequentialCell(
        a.node or b.node,
        a.empty if a.empty == b.empty else None,
        join_tensors(a.output, b.output),
        join(a.start, b.start),
        _longer(a.members, b.members),
        tuple(join_tensors(x, y) for x, y in zip(a.steps, b.steps, strict=True)) if equal else (),
        equal,
        a.deferred or b.deferred,
        a.known or b.known,
    )


def _join_named(
    a: tuple[tuple[str, Tensor], ...], b: tuple[tuple[str, Tensor], ...]
) -> tuple[tuple[str, Tensor], ...]:
    # a name that only one branch has: where it is used, that branch was taken
    names = dict(a)
    for name, tensor in b:
        names[name] = join_tensors(names[name], tensor) if name in names else tensor
    return tuple(names.items())


def anything(cell: Cell) -> Cell:
    """What is left of a cell once unknown code had it in hands: its kind."""
    if isinstance(cell, SequentialCell):
        empty = False if cell.empty is False else None
        return cell._replace(empty=empty, output=ANY_TENSOR, start=cell.start, steps=(), exact=False)
    if isinstance(cell, GraphCell):
        return cell._replace(
            nodes=tuple((name, ANY_TENSOR) for name, _ in cell.nodes),
            inputs=tuple((name, ANY_TENSOR) for name, _ in cell.inputs),
            exact=False,
        )
    if isinstance(cell, ListCell):
        return ListCell(None, join_values(join_all(list_members(cell)), UNKNOWN))
    if isinstance(cell, DictCell):
        return DictCell(tuple(Entry(e.key, join_values(e.value, UNKNOWN)) for e in cell.entries), True)
    return cell


def blurred(content: Content) -> Content:
    """A content that a loop keeps changing, made to cover whatever it may become."""
    if isinstance(content, CELLS):
        return anything(content)
    if isinstance(content, Tensor):
        return ANY_TENSOR
    return join_values(content, UNKNOWN)
