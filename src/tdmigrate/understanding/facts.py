"""What understanding knows of a module: facts that rules read. Nothing here infers or edits."""

import ast
from collections.abc import Mapping

from tdmigrate.findings import Evidence
from tdmigrate.keras1.entry import Entry, Method
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.shapes import Dims


class Binding(NamedTuple):
    """An import that binds a legacy name: statement, alias, and what it binds."""

    statement: ast.Import | ast.ImportFrom
    index: int  # type: ignore[assignment]  # of the alias; hides tuple.index, which nobody calls
    local: str  # the name bound ("TDD"); "*" for a star import
    path: str  # full legacy path: "keras.layers.core.TimeDistributedDense", or of a module "keras.layers.core"


class Symbol(NamedTuple):
    """What an expression is bound to: ``keras.layers.core.TimeDistributedDense``.

    ``binding`` is the import it comes through (the nearest one, where a try/except has several).
    """

    path: str
    binding: Binding


class Argument(NamedTuple):
    """One argument of a call as bound to a legacy parameter."""

    name: str  # the legacy parameter
    index: int  # type: ignore[assignment]  # among positional and keyword arguments, counted together
    positional: bool
    node: ast.expr
    value: object  # the constant it is known to be, else UNKNOWN; a Symbol, where it is a legacy symbol itself


class Bound(NamedTuple):
    """A call's arguments bound to a legacy signature."""

    version: str  # key of the entry's signature used
    arguments: dict[str, Argument]
    unknown: tuple[tuple[int, str], ...]  # keyword arguments the signature does not have: index, keyword
    surplus: tuple[int, ...]  # indexes of positional arguments beyond the signature, or given once more by keyword
    starred: bool  # *args or **kwargs that the source does not resolve
    spread: tuple[tuple[str, ast.expr, ast.expr], ...] = ()  # from a resolved **dict: parameter, key node, value node
    handed: tuple[str, ...] = ()  # what is known to come in by a ** that is not resolved
    modern: Mapping[str, Argument] = {}  # by legacy parameter: what Keras 3 keywords give (they are in ``unknown`` too)


class Place(NamedTuple):
    """How a layer gets into a container.

    ``kind``: "first" (proved to be the first layer), "later" (proved not to be), "maybe" (either), "call" (functional
    API), "node" (Graph), "inner" (held by a wrapper layer), "loose" (never seen to enter anything).
    """

    kind: str
    statement: ast.stmt | None = None  # the statement that adds it, such as the Expr of model.add(...)
    receiver: str | None = None  # text of the container at ``statement``: "model"; None: it has no name there
    adder: str | None = None  # text of what is called there: "model.add", or "add" for an alias of it
    sequence: ast.List | ast.Tuple | None = None  # or the display that holds it
    position: int = 0  # index in the display


class LayerUse(NamedTuple):
    """One call expression that makes a legacy layer, over every run of it."""

    node: ast.Call
    symbol: Symbol
    entry: Entry
    bound: Bound
    inputs: Dims | None  # joined over all applications; None: rank not proved
    evidence: tuple[Evidence, ...]  # why the inputs are what they are
    applied: int  # how many times it was seen applied (0: never)
    places: tuple[Place, ...]
    masked: bool | None = None  # whether a mask reaches it; None: not known
    partial: ast.Call | None = None  # functools.partial(...) through which it is called


class Merging(NamedTuple):
    """What a Merge or merge puts together, over every run of it.

    ``masks``: "none", "same" (one mask, of all), "several" (some have one, and not all the same as far as is known),
    "open" (not known).
    ``bare``: whether a layer is among what it merges, other than models and tensors.
    """

    inputs: tuple[Dims | None, ...] = ()  # (): not known how many
    masks: str = "open"
    bare: bool = False


class FunctionUse(NamedTuple):
    """One call of a legacy function or class that is not a layer (regularizers.l2, SGD, Input, merge, Model …)."""

    node: ast.Call
    symbol: Symbol
    entry: Entry | None  # None: a legacy path without an entry
    bound: Bound | None
    merging: Merging = Merging()  # of kind "merge"


class MethodUse(NamedTuple):
    """One call of a method of a model: model.fit(...), self.model.compile(...), graph.add_node(...)."""

    node: ast.Call
    method: Method
    owner: str  # "Sequential", "Model", "Graph", or "" when the receiver is not known to be one of them alone
    bound: Bound
    models: tuple[ast.Call, ...] = ()  # the calls that made the receiver; none: not all of them are known
    sure: bool = True  # whether the receiver is a model, of whatever kind, in every run


class AttributeUse(NamedTuple):
    """An attribute of a layer or model, read, called or assigned: ``layer.W``, ``model.layers.pop``."""

    node: ast.Attribute
    owners: tuple[str, ...]  # of all runs: "Dense", "Layer" (which one is not known), "Sequential", "Model", "Graph"
    layers: tuple[ast.Call, ...] = ()  # the calls that made those of them that are known layers


class Reference(NamedTuple):
    """A legacy symbol used otherwise than by calling it: a default argument, dict value, base class, alias …"""

    node: ast.expr
    symbol: Symbol
    entry: Entry | None
    role: str  # "value", "base", "default", "alias", "partial", "isinstance", "export"
    calls: tuple[ast.Call, ...] = ()  # the calls that were seen to reach it through a variable or parameter


class TextUse(NamedTuple):
    """A string constant that names a legacy layer or activation in a place that Keras reads."""

    node: ast.Constant
    name: str  # "TimeDistributedDense", "time_distributed_softmax"
    role: str  # "custom_objects", "activation", "comparison", "json", "other"


class Node(NamedTuple):
    """What a named node of a Graph gives, over every run."""

    dims: Dims | None  # None: rank not proved
    masked: bool | None  # None: not known


class ModelUse(NamedTuple):
    """A model the module builds, for verification and reports."""

    kind: str  # "Sequential", "Model", "Graph"
    node: ast.Call
    name: str  # the variable or attribute that holds it: "model", "self.model"
    scope: str  # qualified name of the function that builds it, "" for the module's own level
    layers: tuple[ast.Call, ...]  # calls of layers in the order they join, as far as known
    inputs: tuple[Dims | None, ...]
    complete: bool  # False where some layer or shape is not known
    outermost: bool = True  # False for a model that is a part of another
    nodes: Mapping[str, Node] = {}  # of a Graph: its inputs and nodes by name
    outputs: tuple[tuple[ast.Call, ...], ...] = ()  # calls of the layers, or models, that each may come out of


class Facts(NamedTuple):
    """All that understanding has to say of one module."""

    layers: tuple[LayerUse, ...]
    functions: tuple[FunctionUse, ...]
    methods: tuple[MethodUse, ...]
    references: tuple[Reference, ...]
    texts: tuple[TextUse, ...]
    models: tuple[ModelUse, ...]
    bindings: tuple[Binding, ...]  # every import of a legacy path
    unused: tuple[Binding, ...]  # those of which no expression of the module makes use
    uses: dict[Binding, tuple[ast.expr, ...]]  # each binding's loads: Name or whole attribute chain
    constants: dict[ast.expr, object]  # constants known of argument expressions
    attributes: tuple[AttributeUse, ...] = ()
    unsure: tuple[LayerUse, ...] = ()  # calls that may make this layer, and may make something else
