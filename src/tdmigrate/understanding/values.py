"""What an expression can be in the abstract run: values, and the contents of objects that change.

Values never change. What can change (lists, dicts, instances, models) is a ``Ref`` to a cell of the store. Two values
of different branches are joined to the one value that covers both.
"""

import ast
from collections.abc import Iterable, Mapping

from tdmigrate.findings import Evidence
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.facts import Bound, Symbol
from tdmigrate.understanding.shapes import UNKNOWN, Dims, Unknown


class Frame(NamedTuple):
    """A scope at run time; its variables are the store's cells ``(address, name)``."""

    address: int
    kind: str  # "module", "function", "class", "comprehension"
    local: frozenset[str]
    shared: frozenset[str]  # declared global
    outer: "Frame | None"


class Const(NamedTuple):
    """A constant: int, float, str, bytes, bool, None."""

    value: object


class AtLeast(NamedTuple):
    """An integer that is not known, but not smaller than ``low``."""

    low: int


class Sym(NamedTuple):
    """A legacy symbol; ``origins`` are the expressions that mention it without calling it, on its way here."""

    symbol: Symbol
    origins: tuple[ast.expr, ...] = ()


class Foreign(NamedTuple):
    """Something of another package: "numpy.array"."""

    path: str


class Builtin(NamedTuple):
    name: str


class SomeModel(NamedTuple):
    """A model that another module of the project makes: what an ``Elsewhere`` gives, until it is there as a ``Ref``."""

    kind: str  # "Sequential", "Model", "Graph"


class SomeDict(NamedTuple):
    """A dict that another module of the project fills, with what is known of it, until it is there as a ``Ref``."""

    entries: "tuple[tuple[object, Value], ...]"
    open: bool  # whether there may be others


class Elsewhere(NamedTuple):
    """A module, function, class or instance of another module of the project, as far as it leads to models."""

    path: str  # of the module, and the name in it: "/project/net.py::build"
    returns: "Value"  # what a call of it gives
    attributes: "tuple[tuple[str, Value], ...]"
    base: "Value | None" = None  # the model that it is as well: an instance of a subclass of Sequential


class Stream(NamedTuple):
    """What a loop runs over when its length is not known: the first member, any other; ``filled``: there is a first."""

    first: "Value"
    rest: "Value"
    filled: bool


class Item(NamedTuple):
    """A member of a sequence and the display it was written in, if it was."""

    value: "Value"
    display: ast.List | ast.Tuple | None = None
    position: int = 0


class TupleValue(NamedTuple):
    items: tuple[Item, ...]


class Trail(NamedTuple):
    """The layers a tensor came through, last first; ``node`` None: one of the parents."""

    node: ast.Call | None
    parents: "tuple[Trail, ...]"


class Tensor(NamedTuple):
    """A symbolic tensor: shape, the steps that determined its rank, and whether it carries a mask (None: not known).

    ``mask``: the step that made its mask; None: there is none, or it is not known.
    """

    dims: Dims | None
    evidence: tuple[Evidence, ...] = ()
    masked: bool | None = None
    trail: Trail | None = None
    mask: Trail | None = None


class LayerValue(NamedTuple):
    """A legacy layer, as made by one call."""

    node: ast.Call
    symbol: Symbol
    entry: Layer | Function  # a Function: Merge
    bound: Bound
    parts: "tuple[tuple[str, Value], ...]"  # the values of its arguments by parameter


class Merger(NamedTuple):
    """A layer of Keras 3 that merges tensors, as made by one call."""

    node: ast.Call
    name: str  # "Concatenate"
    mode: str  # of ``merge``, which gives the same shape
    axis: object  # along which, as far as known: of Concatenate and Dot


class SomeLayer(NamedTuple):
    """A layer of a model, or a model in it; which one is not known."""

    holder: str  # "layers", "get_layer": where it comes from


class Ref(NamedTuple):
    """An object that can change: its cell's address. A negative address stands for all older objects of that place."""

    address: int


class Func(NamedTuple):
    """A function or lambda of the source, with the scope it closes over and its defaults."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Frame
    defaults: "tuple[tuple[str, Value], ...]"
    kind: str  # "plain", "static", "class", "property", "opaque" (decorated by who knows what)
    owner: "ClassValue | None"  # the class whose body it stands in


class ClassValue(NamedTuple):
    """A class of the source; its attributes are variables of ``frame``."""

    node: ast.ClassDef
    frame: Frame
    bases: "tuple[Value, ...]"


class Method(NamedTuple):
    """A function of the source bound to its first argument."""

    receiver: "Value"
    function: Func


class Attribute(NamedTuple):
    """An attribute of a Keras or built-in object, such as ``model.add``."""

    receiver: "Value"
    name: str


class Super(NamedTuple):
    """``super()``: what ``receiver`` inherits beyond ``owner``."""

    receiver: "Value"
    owner: ClassValue


class Partial(NamedTuple):
    """``functools.partial(function, …)``."""

    function: "Value"
    node: ast.Call
    arguments: "tuple[Value, ...]"
    keywords: "tuple[tuple[str, Value], ...]"


class OneOf(NamedTuple):
    """One of several; ``UNKNOWN`` among them: or anything else."""

    values: "tuple[Value, ...]"


class ListCell(NamedTuple):
    """A list; ``items`` None: of unknown length, its members covered by ``member``."""

    items: tuple[Item, ...] | None
    member: "Value" = UNKNOWN


class Entry(NamedTuple):
    """A member of a dict, with the nodes it was written with."""

    key: object
    value: "Value"
    key_node: ast.expr | None = None
    value_node: ast.expr | None = None


class KeywordName(ast.Name):
    """The name of a keyword argument, as of ``dict(a=1)``: the node that a member of a dict was written with."""


def keyword_entries(call: ast.AST, values: Mapping[str, "Value"]) -> tuple[Entry, ...]:
    """Members of a dict that the keyword arguments of a call make, with their nodes where it has them itself."""
    given = call.keywords if isinstance(call, ast.Call) else []
    nodes = {keyword.arg: keyword for keyword in given if keyword.arg is not None}
    return tuple(
        Entry(name, value, keyword_name(nodes[name]), nodes[name].value) if name in nodes else Entry(name, value)
        for name, value in values.items()
    )


def keyword_name(keyword: ast.keyword) -> KeywordName:
    name = str(keyword.arg)
    place = {"lineno": keyword.lineno, "col_offset": keyword.col_offset, "end_lineno": keyword.lineno}
    return KeywordName(name, ast.Load(), **place, end_col_offset=keyword.col_offset + len(name.encode()))


class DictCell(NamedTuple):
    """A dict with constant keys; ``open``: there may be others."""

    entries: tuple[Entry, ...]
    open: bool = False


class InstanceCell(NamedTuple):
    """An instance of a class of the source; its attributes are the store's cells ``(address, name)``."""

    owner: ClassValue
    model: Ref | None  # what it is as a Keras model, where the class inherits from one


class SequentialCell(NamedTuple):
    """A Sequential as far as it is built.

    ``empty``: True, False, or None (either; ``output`` then is that of the case in which it is not).
    """

    node: ast.Call | None  # None: a parameter that is used as a model
    empty: bool | None
    output: Tensor
    start: Dims | None  # input shape
    members: "tuple[Value, ...]"  # layers and models in it
    steps: tuple[Tensor, ...]  # output of each
    exact: bool  # whether ``members`` are all and surely
    deferred: bool  # whether the first layer does not tell its input (0.x: told when it is put into another model)
    known: bool = False  # whether it surely is one, though ``node`` is None: another module makes it


class GraphCell(NamedTuple):
    node: ast.Call | None
    nodes: tuple[tuple[str, Tensor], ...]
    inputs: tuple[tuple[str, Tensor], ...]
    outputs: tuple[tuple[str, Tensor], ...]
    members: "tuple[Value, ...]"
    exact: bool
    known: bool = False  # as of a Sequential


class ModelCell(NamedTuple):
    """A functional Model."""

    node: ast.Call | None
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


class OtherCell(NamedTuple):
    """An object of which nothing is known any more."""


Value = (
    Const
    | AtLeast
    | Sym
    | Foreign
    | Builtin
    | SomeModel
    | SomeDict
    | Elsewhere
    | Stream
    | TupleValue
    | Tensor
    | LayerValue
    | Merger
    | SomeLayer
    | Ref
    | Func
    | ClassValue
    | Method
    | Attribute
    | Super
    | Partial
    | OneOf
    | Unknown
)
ContainerCell = SequentialCell | GraphCell | ModelCell
Cell = ListCell | DictCell | InstanceCell | ContainerCell | OtherCell
Content = Value | Cell

NONE = Const(None)
ANY_TENSOR = Tensor(None)


def alternatives(value: Value) -> tuple[Value, ...]:
    return value.values if isinstance(value, OneOf) else (value,)


def constant(value: Value) -> object:
    """The constant a value is known to be, members of a tuple each for itself; else ``UNKNOWN``."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, TupleValue):
        return tuple(constant(item.value) for item in value.items)
    if isinstance(value, Sym):
        return value.symbol
    return UNKNOWN


def truth(value: Value) -> bool | None:
    """Whether it is true; None: not known."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, AtLeast):
        return True if value.low > 0 else None
    if isinstance(value, TupleValue):
        return bool(value.items)
    if isinstance(value, OneOf):
        truths = {truth(one) for one in value.values}
        return truths.pop() if len(truths) == 1 else None
    if isinstance(value, (Sym, Func, ClassValue, LayerValue, Merger, Method, Partial, Builtin)):
        return True
    return None


CONTAINERS = (SequentialCell, GraphCell, ModelCell)
CELLS = (ListCell, DictCell, InstanceCell, SequentialCell, GraphCell, ModelCell, OtherCell)


def list_members(cell: ListCell) -> list[Value]:
    return [cell.member] if cell.items is None else [item.value for item in cell.items]


def same_constant(a: object, b: object) -> bool:
    return type(a) is type(b) and (a == b or (a != a and b != b))


def find(cell: DictCell, key: object) -> Entry | None:
    return next((entry for entry in cell.entries if same_constant(entry.key, key)), None)


def members(content: Content) -> Iterable[Value]:
    """The values a content holds directly."""
    if isinstance(content, OneOf):
        return content.values
    if isinstance(content, TupleValue):
        return [item.value for item in content.items]
    if isinstance(content, Stream):
        return [content.first, content.rest]
    if isinstance(content, ListCell):
        return list_members(content)
    if isinstance(content, DictCell):
        return [entry.value for entry in content.entries]
    if isinstance(content, Partial):
        return [content.function, *content.arguments, *(value for _, value in content.keywords)]
    if isinstance(content, Method):
        return [content.receiver, content.function]
    if isinstance(content, Attribute):
        return [content.receiver]
    if isinstance(content, Elsewhere):
        return [content.base] if content.base is not None else []
    if isinstance(content, InstanceCell):
        return [content.model] if content.model is not None else []
    if isinstance(content, LayerValue):
        return [value for _, value in content.parts]
    if isinstance(content, (SequentialCell, GraphCell)):
        return content.members
    return []


def renamed(content: Content, old: Ref, new: Ref) -> Content:
    """The same content with every mention of one object now meaning another."""
    if content == old and isinstance(content, Ref):
        return new
    if isinstance(content, (Sym, Func, ClassValue, Const, Tensor)) or not isinstance(content, tuple):
        return content
    return _renamed_tuple(content, old, new)  # type: ignore[return-value]  # the kind stays


def _renamed_tuple(content: tuple[object, ...], old: Ref, new: Ref) -> object:
    changed = False
    out: list[object] = []
    for member in content:
        moved: object = member
        if isinstance(member, Ref):
            moved = new if member == old else member
        elif isinstance(member, tuple) and not isinstance(
            member, (Sym, Func, ClassValue, Const, Tensor, Frame, Symbol, Bound, Layer, Function)
        ):
            moved = _renamed_tuple(member, old, new)
        changed = changed or moved is not member
        out.append(moved)
    if not changed:
        return content
    return type(content)(*out) if hasattr(content, "_fields") else tuple(out)  # type: ignore[arg-type]
