"""What the abstract run saw, call by call, joined over every run of each call."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from tdmigrate.findings import Evidence
from tdmigrate.keras1 import entry as legacy
from tdmigrate.understanding.facts import (
    AttributeUse,
    Bound,
    FunctionUse,
    LayerUse,
    Merging,
    MethodUse,
    ModelUse,
    Node,
    Place,
    Symbol,
)
from tdmigrate.understanding.joins import evidences, join_bounds, join_masks, join_merging, join_objects
from tdmigrate.understanding.shapes import UNKNOWN, Dims, join
from tdmigrate.understanding.values import (
    LayerValue,
    Tensor,
)

# whether what was seen of a node holds: not where a run broke off that could have come by again
Trust = Callable[[ast.AST], bool]
IN_ORDER = ("first", "later", "maybe")


class _Application:
    """The inputs of a layer, joined over a set of applications."""

    def __init__(self) -> None:
        self.count = 0
        self.inputs: Dims | None = None
        self.evidence: tuple[Evidence, ...] = ()
        self.masked: bool | None = None

    def add(self, tensor: Tensor) -> None:
        if self.count == 0:
            self.inputs, self.masked = tensor.dims, tensor.masked
        else:
            self.inputs = join(self.inputs, tensor.dims)
            self.masked = join_masks(self.masked, tensor.masked)
        self.count += 1
        self.evidence = evidences(self.evidence, tensor.evidence)

    def cover(self, other: _Application) -> None:
        if other.count:
            count = self.count
            self.add(Tensor(other.inputs, other.evidence, other.masked))
            self.count = count + other.count


class _Layer:
    def __init__(self, layer: LayerValue, bound: Bound, partial: ast.Call | None) -> None:
        self.symbol = layer.symbol
        self.entry = layer.entry
        self.bound = bound
        self.partial = partial
        self.sure = True
        self.firm = _Application()
        self.deferred: dict[int, _Application] = {}  # by the container whose input is told later
        self.places: dict[object, Place] = {}
        self.escaped = False


class _Model:
    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.layers: tuple[ast.Call, ...] | None = None
        self.inputs: tuple[Dims | None, ...] = ()
        self.complete = True
        self.outermost = True
        self.nodes: dict[str, Node] = {}
        self.outputs: tuple[tuple[ast.Call, ...], ...] = ()


class _Page:
    """One set of records."""

    def __init__(self) -> None:
        self.layers: dict[tuple[ast.Call, str], _Layer] = {}
        self.functions: dict[ast.Call, tuple[Symbol, legacy.Entry | None, Bound | None]] = {}
        self.methods: dict[ast.Call, tuple[legacy.Method | None, str, Bound | None]] = {}
        self.doubted: set[ast.Call] = set()  # calls of methods whose receiver may be no model
        self.receivers: dict[ast.Call, dict[ast.Call | None, None]] = {}  # the calls that made them
        self.models: dict[ast.Call, _Model] = {}
        self.constants: dict[ast.expr, object] = {}
        self.mergings: dict[ast.Call, Merging] = {}
        self.settled: set[int] = set()
        self.attributes: dict[ast.Attribute, dict[str | None, None]] = {}
        self.havers: dict[ast.Attribute, dict[ast.Call, None]] = {}  # the calls that made layers that have them
        self.adds: dict[ast.stmt, set[ast.Call | None]] = {}  # what each statement was seen to add


class Recorder:
    """Collects what calls did. ``aside``: while code runs that the source as it stands never reaches."""

    def __init__(self) -> None:
        self._pages = (_Page(), _Page())
        self._aside = 0
        self._others: set[ast.Call] = set()  # calls that were seen to reach something else than a legacy symbol
        self._reached: dict[ast.expr, dict[ast.Call, None]] = {}  # mention of a symbol → calls it reaches
        self._nested: set[ast.Call] = set()

    def aside(self, on: bool) -> None:
        self._aside += 1 if on else -1

    @property
    def depth(self) -> int:
        """How many runs aside are nested now."""
        return self._aside

    def back_to(self, depth: int) -> None:
        self._aside = depth

    @property
    def main(self) -> bool:
        """Whether what runs now is really reached."""
        return self._aside == 0

    @property
    def _page(self) -> _Page:
        return self._pages[1 if self._aside else 0]

    # --- layers

    def made(self, layer: LayerValue, bound: Bound, partial: ast.Call | None, sure: bool) -> None:
        """``bound``: the call's arguments as far as they are written where they can be changed."""
        key = (layer.node, layer.symbol.path)
        record = self._page.layers.get(key)
        if record is None:
            record = self._page.layers[key] = _Layer(layer, bound, partial)
        else:
            record.bound = join_bounds(record.bound, bound)
        record.sure = record.sure and sure

    def applied(self, layer: LayerValue, tensor: Tensor, place: Place | None, deferred: int | None) -> None:
        record = self._page.layers.get((layer.node, layer.symbol.path))
        if record is None:  # made on the other page
            self.made(layer, layer.bound, None, True)
            record = self._page.layers[(layer.node, layer.symbol.path)]
        if deferred is None:
            record.firm.add(tensor)
        else:
            record.deferred.setdefault(deferred, _Application()).add(tensor)
        if place is not None:
            self._put(record, layer.node, place)

    def _put(self, record: _Layer, node: ast.Call, place: Place) -> None:
        group = "order" if place.kind in IN_ORDER else place.kind
        key = (group, *place[1:])
        known = record.places.get(key)
        kind = place.kind if known is None or known.kind == place.kind else "maybe"
        record.places[key] = place._replace(kind=kind)
        if place.statement is not None:
            self.adds(place.statement, node)

    def adds(self, statement: ast.stmt, node: ast.Call | None) -> None:
        """A statement adds the layer or model of this call; None: something that is not known."""
        self._page.adds.setdefault(statement, set()).add(node)

    def held(self, layer: LayerValue) -> None:
        """The layer went where nothing follows it: it may be applied to anything there."""
        record = self._page.layers.get((layer.node, layer.symbol.path))
        if record is not None:
            record.escaped = True

    def settled(self, container: int) -> None:
        """A container whose input is told later was now put into another model."""
        self._page.settled.add(container)

    # --- other calls

    def function(self, node: ast.Call, symbol: Symbol, entry: legacy.Entry | None, bound: Bound | None) -> None:
        known = self._page.functions.get(node)
        if known is not None and known[2] is not None and bound is not None and known[0].path == symbol.path:
            bound = join_bounds(known[2], bound)
        self._page.functions[node] = (symbol, entry, bound)

    def merged(self, node: ast.Call, merging: Merging) -> None:
        known = self._page.mergings.get(node)
        self._page.mergings[node] = merging if known is None else join_merging(known, merging)

    def method(
        self,
        node: ast.Call,
        method: legacy.Method | None,
        owner: str,
        bound: Bound | None,
        model: ast.Call | None = None,
    ) -> None:
        """``method`` None: the receiver is something else than a model; ``model``: the call that made it, if known."""
        self._page.receivers.setdefault(node, {})[model] = None
        if method is None or not owner:
            self._page.doubted.add(node)
        known = self._page.methods.get(node)
        if known is None:
            self._page.methods[node] = (method, owner, bound)
            return
        joined = join_bounds(known[2], bound) if known[2] is not None and bound is not None else known[2] or bound
        self._page.methods[node] = (known[0] or method, owner if owner == known[1] else "", joined)

    def attribute(self, node: ast.Attribute, owner: str | None, layer: ast.Call | None = None) -> None:
        """``owner`` None: what has it is no layer or model, or not known to be one.

        ``layer``: the call that made it, where it is a known layer.
        """
        self._page.attributes.setdefault(node, {})[owner] = None
        if layer is not None:
            self._page.havers.setdefault(node, {})[layer] = None

    def reached(self, node: ast.Call, origins: Iterable[ast.expr]) -> None:
        for origin in origins:
            self._reached.setdefault(origin, {})[node] = None

    def other(self, node: ast.Call) -> None:
        self._others.add(node)

    def constant(self, node: ast.expr, value: object) -> None:
        constants = self._page.constants
        constants[node] = join_objects(constants[node], value) if node in constants else value

    # --- models

    def model(self, node: ast.Call, kind: str) -> None:
        self._page.models.setdefault(node, _Model(kind))

    def node(self, graph: ast.Call, name: str, tensor: Tensor) -> None:
        """An input or node of a Graph is added."""
        model = self._page.models.get(graph)
        if model is not None:
            known = model.nodes.get(name, Node(tensor.dims, tensor.masked))
            model.nodes[name] = Node(join(known.dims, tensor.dims), join_masks(known.masked, tensor.masked))

    def built(
        self,
        node: ast.Call,
        layers: Sequence[ast.Call],
        inputs: Sequence[Dims | None],
        complete: bool,
        outputs: Sequence[Sequence[ast.Call]],
    ) -> None:
        model = self._page.models.get(node)
        if model is None:
            return
        if len(model.outputs) != len(outputs):  # of none, or of another number: then each may be any
            every = tuple(dict.fromkeys(call for calls in model.outputs for call in calls))
            model.outputs = (every,) * len(outputs)
        pairs = zip(model.outputs, outputs, strict=True)
        model.outputs = tuple(tuple(dict.fromkeys((*known, *calls))) for known, calls in pairs)
        if model.layers is None:
            model.layers, model.inputs, model.complete = tuple(layers), tuple(inputs), complete
            return
        if model.layers != tuple(layers):
            model.complete = False
            model.layers = max(model.layers, tuple(layers), key=len)
        model.complete = model.complete and complete
        if len(model.inputs) == len(inputs):
            model.inputs = tuple(join(a, b) for a, b in zip(model.inputs, inputs, strict=True))
        else:
            model.inputs = (None,)

    def nested(self, node: ast.Call | None) -> None:
        if node is not None:
            self._nested.add(node)

    # --- what comes of it

    def calls(self, mention: ast.expr) -> tuple[ast.Call, ...]:
        return tuple(self._reached.get(mention, ()))

    def layer_uses(self, trusted: Trust) -> tuple[list[LayerUse], list[LayerUse]]:
        """Sure uses, and those whose call may reach something else."""
        main, side = self._pages
        seen = {node for node, _ in main.layers}
        records = {**{key: record for key, record in side.layers.items() if key[0] not in seen}, **main.layers}
        paths: dict[ast.Call, set[str]] = {}
        for node, path in records:
            paths.setdefault(node, set()).add(path)
        sure: list[LayerUse] = []
        unsure: list[LayerUse] = []
        for (node, path), record in records.items():
            page = main if (node, path) in main.layers else side
            certain = record.sure and len(paths[node]) == 1 and node not in self._others
            (sure if certain else unsure).append(self._layer_use(node, record, page, trusted(node)))
        sure.sort(key=lambda use: _position(use.node))
        unsure.sort(key=lambda use: (_position(use.node), use.symbol.path))
        return sure, unsure

    def _layer_use(self, node: ast.Call, record: _Layer, page: _Page, trusted: bool) -> LayerUse:
        firm = record.firm
        for container, application in record.deferred.items():
            if container not in page.settled:
                firm.cover(application)
        inputs = firm.inputs if trusted and not record.escaped else None
        places = tuple(self._place(place, page, trusted) for place in record.places.values())
        return LayerUse(
            node,
            record.symbol,
            record.entry,
            record.bound,
            inputs,
            firm.evidence if inputs is not None else (),
            firm.count,
            places or (Place("loose"),),
            firm.masked if trusted and not record.escaped else None,
            record.partial,
        )

    @staticmethod
    def _place(place: Place, page: _Page, trusted: bool) -> Place:
        if place.kind == "first" and not trusted:
            place = place._replace(kind="maybe")
        if place.statement is not None and len(page.adds.get(place.statement, ())) > 1:
            # the statement adds others too: nothing can be put before it for this one alone
            return place._replace(statement=None, receiver=None, adder=None)
        return place

    def function_uses(self, trusted: Trust) -> list[FunctionUse]:
        main, side = self._pages
        records = {**side.functions, **main.functions}
        mergings = {**side.mergings, **main.mergings}
        return [
            FunctionUse(
                node, symbol, entry, bound, mergings.get(node, Merging()) if trusted(node) else Merging()
            )
            for node, (symbol, entry, bound) in sorted(records.items(), key=lambda pair: _position(pair[0]))
            if node not in self._others
        ]

    def method_uses(self, trusted: Trust) -> list[MethodUse]:
        main, side = self._pages
        records = {**side.methods, **main.methods}
        return [
            MethodUse(
                node,
                method,
                owner if trusted(node) else "",
                bound,
                self._made_by(node) if trusted(node) else (),
                trusted(node) and node not in (main if node in main.methods else side).doubted,
            )
            for node, (method, owner, bound) in sorted(records.items(), key=lambda pair: _position(pair[0]))
            if method is not None and bound is not None
        ]

    def _made_by(self, node: ast.Call) -> tuple[ast.Call, ...]:
        found = {**self._pages[1].receivers.get(node, {}), **self._pages[0].receivers.get(node, {})}
        known = tuple(one for one in found if one is not None)
        return known if len(known) == len(found) else ()

    def attribute_uses(self, trusted: Trust) -> list[AttributeUse]:
        """Those that are a layer's or model's whenever they are come by."""
        main, side = self._pages
        found = {**side.attributes, **main.attributes}
        havers = {**side.havers, **main.havers}
        return [
            AttributeUse(node, tuple(owner for owner in owners if owner is not None), tuple(havers.get(node, ())))
            for node, owners in sorted(found.items(), key=lambda pair: _position(pair[0]))
            if None not in owners and trusted(node)
        ]

    def model_records(self, trusted: Trust) -> list[tuple[ast.Call, ModelUse]]:
        """Models with ``name`` and ``scope`` still open."""
        main, side = self._pages
        records = {**side.models, **main.models}
        return [
            (
                node,
                ModelUse(
                    model.kind,
                    node,
                    "",
                    "",
                    model.layers or (),
                    model.inputs,
                    model.complete and model.layers is not None and trusted(node),
                    node not in self._nested,
                    model.nodes if trusted(node) else {},
                    model.outputs,
                ),
            )
            for node, model in sorted(records.items(), key=lambda pair: _position(pair[0]))
        ]

    def constants(self, trusted: Trust) -> dict[ast.expr, object]:
        main, side = self._pages
        found = {**side.constants, **main.constants}
        return {node: value for node, value in found.items() if value is not UNKNOWN and trusted(node)}

    def seen(self) -> set[ast.Call]:
        """The calls of layers and functions that were run at all."""
        found: set[ast.Call] = set()
        for page in self._pages:
            found.update(page.functions, (node for node, _ in page.layers))
        return found


def _position(node: ast.expr) -> tuple[int, int, int, int]:
    return (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
