"""Keras's own models in the abstract run: Sequential, Graph, Model, and layers called on tensors."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tdmigrate.findings import Evidence
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.shape_rules import merged
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.calls import bind
from tdmigrate.understanding.facts import Bound, Place, Symbol
from tdmigrate.understanding.joins import anything, evidences, join_all, join_contents, join_tensors
from tdmigrate.understanding.layers import Given, Layers
from tdmigrate.understanding.shapes import UNKNOWN, Dim, Dims, show
from tdmigrate.understanding.values import (
    ANY_TENSOR,
    CONTAINERS,
    NONE,
    Cell,
    Const,
    ContainerCell,
    DictCell,
    Elsewhere,
    Entry,
    GraphCell,
    InstanceCell,
    Item,
    LayerValue,
    ListCell,
    Merger,
    ModelCell,
    OneOf,
    Ref,
    SequentialCell,
    SomeDict,
    SomeLayer,
    SomeModel,
    Stream,
    Tensor,
    Trail,
    TupleValue,
    Value,
    alternatives,
    list_members,
)

# parameters of Graph's methods (keras/layers/containers.py of 0.3.3; ``ndim`` of add_input: 0.1)
GRAPH_METHODS: Mapping[str, tuple[str, ...]] = {
    "add_input": ("name", "input_shape", "batch_input_shape", "dtype", "ndim"),
    "add_node": ("layer", "name", "input", "inputs", "merge_mode", "concat_axis", "dot_axes", "create_output"),
    "add_shared_node": ("layer", "name", "inputs", "merge_mode", "concat_axis", "dot_axes", "outputs", "create_output"),
    "add_output": ("name", "input", "inputs", "merge_mode", "concat_axis", "dot_axes"),
}
ADDERS = frozenset(("add", "add_input", "add_node", "add_output", "add_shared_node"))
MOST_MEMBERS = 1000  # layers of a model that are kept account of
TOUCHED = " touched"  # no attribute can have this name
CHANGERS = ADDERS | {"pop", "append", "insert", "extend", "remove"}


class Site(NamedTuple):
    """Where a layer is put into a container: what a ``Place`` will say of it."""

    statement: ast.stmt | None = None
    receiver: str | None = None
    adder: str | None = None
    sequence: ast.List | ast.Tuple | None = None
    position: int = 0


class Containers(Layers):
    """Models as objects that layers are put into."""

    # --- making them

    def make_model(self, given: Given, entry: Function) -> Ref:
        """``Sequential(...)``, ``Graph()``, ``Model(input=, output=)``."""
        kind = kind_of(entry)
        self.recorder.model(given.node, kind)
        if kind == "Sequential":
            ref = self.allocate(given.node, self.new_sequential(given.node))
            self.fill(ref, given)
            return ref
        if kind == "Graph":
            return self.allocate(given.node, GraphCell(given.node, (), (), (), (), True))
        return self.allocate(given.node, self.functional(given, entry))

    @staticmethod
    def new_sequential(node: ast.Call | None) -> SequentialCell:
        return SequentialCell(node, True, ANY_TENSOR, None, (), (), True, False)

    def made_elsewhere(self, template: Value, key: tuple[int, ast.AST, tuple[object, ...]], anew: bool) -> Value:
        """What another module gives, its models as objects of this run.

        ``key``: the place they have. ``anew``: they are others each time; else the same object is there again.
        """
        if isinstance(template, SomeModel):
            return self._placed(key, self._unseen(template.kind), anew)
        if isinstance(template, TupleValue):
            items = enumerate(template.items)
            return TupleValue(
                tuple(Item(self.made_elsewhere(item.value, _inner(key, index), anew)) for index, item in items)
            )
        if isinstance(template, SomeDict):
            known = ((word, self.made_elsewhere(one, _inner(key, word), anew)) for word, one in template.entries)
            entries = tuple(Entry(word, one) for word, one in known)
            return self._placed(key, DictCell(entries, template.open), anew)
        if isinstance(template, Stream):
            first = self.made_elsewhere(template.first, _inner(key, "first"), anew)
            return Stream(first, first, template.filled)
        if isinstance(template, OneOf):
            values = enumerate(template.values)
            return join_all([self.made_elsewhere(one, _inner(key, index), anew) for index, one in values])
        if isinstance(template, Elsewhere) and template.base is not None:
            return template._replace(base=self.made_elsewhere(template.base, _inner(key, "base"), anew))
        return template

    def read_back(self, node: ast.Call, kinds: Sequence[str]) -> Value:
        """A model that a file, text or config describes; ``kinds``: what it may be."""
        return join_all([self.allocate(node, self._unseen(kind), ("read back", kind)) for kind in kinds])

    def _unseen(self, kind: str) -> ContainerCell:
        """A model whose layers are not in sight."""
        if kind == "Sequential":
            return self.new_sequential(None)._replace(empty=None, exact=False, known=True)
        if kind == "Graph":
            return GraphCell(None, (), (), (), (), False, True)
        return ModelCell(None, (ANY_TENSOR,), (ANY_TENSOR,))

    def _placed(self, key: tuple[int, ast.AST, tuple[object, ...]], cell: Cell, anew: bool) -> Ref:
        """The object of a place, made where it is not there yet or is to be another."""
        context, node, tag = key
        kept, self.context = self.context, context
        ref = Ref(self.intern(node, tag))
        if anew or self.cell(ref) is None:
            ref = self.allocate(node, cell, tag)
        self.context = kept
        return ref

    def fill(self, ref: Ref, given: Given) -> None:
        """The ``layers`` of ``Sequential(layers)``."""
        layers = given.keyword("layers")
        if layers is None and given.positional:
            layers = given.positional[0]
        if layers is None or layers == NONE:
            if given.open:
                self.unsettle(ref)
            return
        items = self.sequence(layers)
        if items is None:
            self.unsettle(ref)
            self.apply_anywhere(layers)
            return
        for item in items:
            self.add(ref, item.value, Site(sequence=item.display, position=item.position))

    def apply_anywhere(self, layers: Value) -> None:
        """The members of a list that is not known as a whole go into a model, in who knows what order."""
        for one in alternatives(layers):
            cell = self.cell(one)
            for member in list_members(cell) if isinstance(cell, ListCell) else ():
                self.apply(member, [ANY_TENSOR], Place("maybe"))

    def functional(self, given: Given, entry: Function) -> ModelCell:
        bound = self.bound(given, entry)
        ends = []
        for name, position in (("input", 0), ("output", 1)):
            argument = bound.arguments.get(name)
            value: Value | None = given.values.get(argument.node, UNKNOWN) if argument is not None else None
            if value is None:
                value = given.keyword(name) or given.keyword(name + "s")
            if value is None and position < len(given.positional):
                value = given.positional[position]
            ends.append(tuple(self.tensors(value)) if value is not None else (ANY_TENSOR,))
        return ModelCell(given.node, ends[0], ends[1])

    def make_input(self, given: Given, bound: Bound, entry: Function) -> Tensor:
        """``Input(shape=, batch_shape=)`` and ``InputLayer(input_shape=, batch_input_shape=)``."""
        for name in ("batch_shape", "batch_input_shape", "shape", "input_shape"):
            argument = bound.arguments.get(name)
            if argument is None or argument.value is None:
                continue
            if not isinstance(argument.value, (tuple, list)) or isinstance(argument.value, Symbol):
                break
            dims = (*(() if name.startswith("batch") else (None,)), *_dims(argument.value))
            text = f"{entry.name}({name}={self.text(argument.node)}) is {show(dims)}"
            return Tensor(dims, (Evidence(self.module.span(given.node), text),), False)
        return ANY_TENSOR._replace(masked=False)

    def make_merge(self, given: Given, symbol: Symbol, entry: Function, bound: Bound) -> Value:
        """``merge([a, b], mode=)``; ``Merge([model, model], mode=)`` and LambdaMerge make a layer."""
        parts = tuple((name, given.values.get(argument.node, UNKNOWN)) for name, argument in bound.arguments.items())
        layer = LayerValue(given.node, symbol, entry, bound, parts)
        if entry.name == "merge":
            return self.apply(layer, self.tensors(self.part(layer, "inputs") or UNKNOWN), None)
        return layer

    def merge_anew(self, layer: Merger, given: Given) -> Tensor:
        """What a merging layer of Keras 3 makes of tensors."""
        value = given.positional[0] if given.positional else given.keyword("inputs") or UNKNOWN
        inputs = self.tensors(value)
        if len(inputs) < 2:  # a list that is not known
            return ANY_TENSOR
        dims = _merged([one.dims for one in inputs], layer.mode, layer.axis, layer.axis, None)
        return self._merge(layer.node, inputs, dims, layer.name)

    def _merge(self, node: ast.Call, inputs: Sequence[Tensor], dims: Dims | None, label: str) -> Tensor:
        trail = Trail(node, tuple(tensor.trail for tensor in inputs if tensor.trail is not None))
        masked = False if all(tensor.masked is False for tensor in inputs) else None
        if dims is None:
            return Tensor(None, (), masked, trail)
        step = Evidence(self.module.span(node), f"{label} gives {show(dims)}")
        before = evidences(*(tensor.evidence[-1:] for tensor in inputs))
        return Tensor(dims, evidences(before[-3:], (step,)), masked, trail)

    # --- Sequential

    def add(self, ref: Ref, layer: Value, site: Site) -> None:
        """``model.add(layer)``."""
        self.touch(ref)
        cell = self.cell(ref)
        if isinstance(cell, GraphCell):
            return
        if not isinstance(cell, SequentialCell):
            self.hand_over(layer)
            return
        choices = alternatives(layer)
        results = [self._added(ref, cell, one, site) for one in choices]
        joined: SequentialCell = results[0]
        for other in results[1:]:
            both = join_contents(joined, other)
            assert isinstance(both, SequentialCell)
            joined = both
        self.write(ref, joined)
        self.foreign_changes(ref)

    def _added(self, ref: Ref, cell: SequentialCell, layer: Value, site: Site) -> SequentialCell:
        kind = {True: "first", False: "later", None: "maybe"}[cell.empty]
        place = Place(kind, *site)
        if site.statement is not None and not isinstance(layer, LayerValue):
            other = self.cell(layer)
            self.recorder.adds(site.statement, other.node if isinstance(other, CONTAINERS) else None)
        own = self.own_input(layer) if cell.empty is not False else []
        deferred = cell.deferred
        if cell.empty is True:
            inputs = own
            start = own[0].dims if len(own) == 1 else None
            deferred = self._opens_untold(layer)
        else:
            inputs = [cell.output]
            start = cell.start
            if cell.empty is None:
                inputs = [join_tensors(cell.output, own[0])] if len(own) == 1 else [ANY_TENSOR]
                start = None
        if isinstance(layer, LayerValue):
            output = self.apply(layer, inputs, place, ref.address if deferred else None)
        elif isinstance(layer, Tensor):  # InputLayer
            output = layer if cell.empty is True else ANY_TENSOR
            start = layer.dims if cell.empty is True else start
        elif isinstance(layer, Ref) and layer != ref:
            output = self.apply_model(layer, inputs, place)
            if cell.empty is True:
                start = self.start_of(layer)
        else:
            output = ANY_TENSOR
        known = isinstance(layer, (LayerValue, Ref, Tensor)) and len(cell.members) < MOST_MEMBERS
        if len(cell.members) >= MOST_MEMBERS or (
            not cell.exact and any(_alike(layer, member) for member in cell.members)
        ):
            members = cell.members  # a loop comes by again
        else:
            members = (*cell.members, layer)
        exact = cell.exact and known
        steps = (*cell.steps, output) if exact else ()
        return SequentialCell(cell.node, False, output, start, members, steps, exact, deferred, cell.known)

    def _opens_untold(self, layer: Value) -> bool:
        """Whether a model that begins with it is told its input only when it is put to use."""
        if isinstance(layer, LayerValue):
            return not self.tells(layer) and self.part(layer, "layers") is None
        cell = self.cell(layer)
        return isinstance(cell, SequentialCell) and (cell.deferred or cell.empty is True)

    def pop(self, ref: Ref) -> None:
        """``model.pop()``."""
        self.touch(ref)
        cell = self.cell(ref)
        if not isinstance(cell, SequentialCell):
            return
        if not cell.exact or len(cell.steps) != len(cell.members) or not cell.members:
            self.unsettle(ref)
            self._maybe_empty(ref)
        elif len(cell.members) == 1:
            self.write(ref, self.new_sequential(cell.node)._replace(known=cell.known))
        else:
            self.write(
                ref, cell._replace(output=cell.steps[-2], members=cell.members[:-1], steps=cell.steps[:-1])
            )
        self.foreign_changes(ref)

    def _maybe_empty(self, ref: Ref) -> None:
        cell = self.cell(ref)
        if isinstance(cell, SequentialCell):
            self.write(ref, cell._replace(empty=None))

    def touch(self, ref: Ref) -> None:
        """A model is about to change that was there before the present root: who knows how often the root runs."""
        if 0 < ref.address <= self.older and self.store.get((ref.address, TOUCHED)) is None:
            self.store.put((ref.address, TOUCHED), NONE)
            self.unsettle(ref)

    def unsettle(self, ref: Ref) -> None:
        """From here on anything may have been added to it."""
        cell = self.cell(ref)
        if isinstance(cell, CONTAINERS):
            left = anything(cell)
            if left != cell:
                self.write(ref, left)

    def foreign_changes(self, changed: Ref) -> None:
        """A model that came from outside was changed: others that came from outside may be the same one."""
        cell = self.cell(changed)
        if not isinstance(cell, (SequentialCell, GraphCell)) or cell.node is not None:
            return
        self.unsettle_guesses(but=changed.address)
        self.unsettle_held()

    def unsettle_guesses(self, but: int = 0) -> None:
        """Something from outside was changed: it may be any of the models that came from outside."""
        self.store.work += len(self.containers)
        for address in list(self.containers):
            other = self.cell(Ref(address))
            if address != but and isinstance(other, (SequentialCell, GraphCell)) and other.node is None:
                self.unsettle(Ref(address))

    def unsettle_held(self) -> None:
        """As above, of the models that went outside."""
        self.store.work += len(self.stored_away)
        for address in self.stored_away:
            self.unsettle(Ref(address))

    # --- models as layers

    def apply_model(self, value: Value, inputs: Sequence[Tensor], place: Place | None) -> Tensor:
        cell = self.cell(value)
        assert isinstance(value, Ref)
        if isinstance(cell, InstanceCell) and cell.model is not None:
            return self.apply_model(cell.model, inputs, place)
        if not isinstance(cell, CONTAINERS):
            return ANY_TENSOR
        self.recorder.nested(cell.node)
        if isinstance(cell, SequentialCell):
            if cell.empty is not False:
                return ANY_TENSOR
            if not cell.deferred or not cell.exact or all(tensor.dims is None for tensor in inputs):
                return cell.output._replace(mask=None)  # each call has a mask of its own
            self.recorder.settled(value.address)
            tensors = inputs
            for member in cell.members:
                tensors = [self.apply(member, tensors, None)]
            return tensors[0]
        outputs = [tensor for _, tensor in cell.outputs] if isinstance(cell, GraphCell) else list(cell.outputs)
        return outputs[0]._replace(mask=None) if len(outputs) == 1 else ANY_TENSOR

    def model_dims(self, value: Value, inputs: Sequence[Dims | None]) -> Dims | None:
        cell = self.cell(value)
        if isinstance(cell, InstanceCell) and cell.model is not None:
            cell = self.cell(cell.model)
        if isinstance(cell, SequentialCell) and cell.empty is False:
            if not cell.deferred or not cell.exact:
                return cell.output.dims
            shapes: Sequence[Dims | None] = inputs
            for member in cell.members:
                shapes = [self.output_dims(member, shapes)]
            return shapes[0]
        if isinstance(cell, ModelCell) and len(cell.outputs) == 1:
            return cell.outputs[0].dims
        return None

    def start_of(self, value: Value) -> Dims | None:
        """The input shape of a model."""
        cell = self.cell(value)
        if isinstance(cell, SequentialCell):
            return cell.start
        if isinstance(cell, ModelCell) and len(cell.inputs) == 1:
            return cell.inputs[0].dims
        return None

    # --- Graph

    def graph_method(self, ref: Ref, cell: GraphCell, name: str, given: Given, site: Site) -> None:
        values: dict[str, Value] = dict(zip(GRAPH_METHODS[name], given.positional, strict=False))
        values.update(given.keywords)
        key = values.get("name", UNKNOWN)
        names = [one.value for one in alternatives(key) if isinstance(one, Const) and isinstance(one.value, str)]
        if name == "add_input":
            tensor = self._graph_input(given, values)
            self._put_name(ref, cell, "inputs", names, tensor)
            return
        if name == "add_output":
            self._put_name(ref, cell, "outputs", names or ["?"], self._node_input(given.node, cell, values))
            return
        layer = values.get("layer", UNKNOWN)
        place = Place("node", *site)
        cell = cell._replace(members=_with(cell.members, layer), exact=cell.exact and not given.open)
        if name == "add_node":
            inputs = [self._node_input(given.node, cell, values)]
            if not self._opens_untold(layer) and "input" not in values and "inputs" not in values:
                inputs = self.own_input(layer)
            output = self.apply(layer, inputs, place)
            self._put_name(ref, cell, "nodes", names, output)
            if values.get("create_output") not in (None, Const(False)):
                self._output(ref, names, output)
            return
        sources = [self._node(cell, item.value) for item in self.sequence(values.get("inputs", UNKNOWN)) or ()]
        outputs = [self.apply(layer, [source], place) for source in sources or [ANY_TENSOR]]
        mode = self.constant(values.get("merge_mode", NONE))
        if mode is None:
            self._put_name(ref, cell, "nodes", names, ANY_TENSOR)
            for item, output in zip(self.sequence(values.get("outputs", UNKNOWN)) or (), outputs, strict=False):
                head = self.constant(item.value)
                now = self.cell(ref)
                if isinstance(head, str) and isinstance(now, GraphCell):
                    self._put_name(ref, now, "nodes", [head], output)
            return
        self._put_name(ref, cell, "nodes", names, self._merge_nodes(given.node, outputs, values))

    def _graph_input(self, given: Given, values: Mapping[str, Value]) -> Tensor:
        whole = self.constant(values.get("batch_input_shape", NONE))
        shape = self.constant(values.get("input_shape", NONE))
        rank = self.constant(values.get("ndim", NONE))
        dims: Dims | None = None
        if isinstance(shape, (tuple, list)):
            dims = (None, *_dims(shape))
        elif isinstance(whole, (tuple, list)):
            dims = _dims(whole)
        else:
            number = shape if shape is not None else rank  # 0.1: add_input(name, ndim)
            if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 16:
                dims = (None,) * number
        if dims is None:
            return ANY_TENSOR._replace(masked=False)
        step = Evidence(self.module.span(given.node), f"add_input gives {show(dims)}")
        return Tensor(dims, (step,), False)

    def _node(self, cell: GraphCell, name: Value) -> Tensor:
        known = {**dict(cell.inputs), **dict(cell.nodes)}
        found: Tensor | None = None
        for one in alternatives(name):
            key = self.constant(one)
            tensor = known.get(key, ANY_TENSOR) if isinstance(key, str) else ANY_TENSOR
            found = tensor if found is None else join_tensors(found, tensor)
        return found or ANY_TENSOR

    def _node_input(self, node: ast.Call, cell: GraphCell, values: Mapping[str, Value]) -> Tensor:
        several = values.get("inputs", NONE)
        items = self.sequence(several)
        if items:
            sources = [self._node(cell, item.value) for item in items]
            return sources[0] if len(sources) == 1 else self._merge_nodes(node, sources, values)
        if items is None and several != NONE:
            return ANY_TENSOR
        return self._node(cell, values.get("input", NONE))

    def _merge_nodes(self, node: ast.Call, inputs: Sequence[Tensor], values: Mapping[str, Value]) -> Tensor:
        mode = self.constant(values.get("merge_mode", Const("concat")))
        axis = self.constant(values.get("concat_axis", Const(-1)))
        axes = self.constant(values.get("dot_axes", Const(-1)))
        label = f"merge(mode={mode!r})" if isinstance(mode, str) else "merge()"
        return self._merge(node, inputs, _merged([t.dims for t in inputs], mode, axis, axes, None), label)

    def _put_name(self, ref: Ref, cell: GraphCell, group: str, names: Sequence[object], tensor: Tensor) -> None:
        known: dict[str, Tensor] = dict(getattr(cell, group))
        for name in names:
            if isinstance(name, str):
                known[name] = tensor if len(names) == 1 else join_tensors(tensor, known.get(name, tensor))
                if group != "outputs" and cell.node is not None:
                    self.recorder.node(cell.node, name, known[name])
        exact = cell.exact and len(names) == 1
        if group == "inputs":
            cell = cell._replace(inputs=tuple(known.items()), exact=exact)
        elif group == "outputs":
            cell = cell._replace(outputs=tuple(known.items()), exact=exact)
        else:
            cell = cell._replace(nodes=tuple(known.items()), exact=exact)
        self.write(ref, cell)
        self.foreign_changes(ref)

    def _output(self, ref: Ref, names: Sequence[object], tensor: Tensor) -> None:
        cell = self.cell(ref)
        if isinstance(cell, GraphCell):
            self._put_name(ref, cell, "outputs", names, tensor)

    # --- attributes

    def model_attribute(self, ref: Ref, cell: ContainerCell, name: str) -> Value | None:
        """``model.output``, ``model.output_shape``, ``model.layers`` …; None: a method, or not known."""
        if name in ("output", "output_shape"):
            output = self._model_output(cell)
            return output if name == "output" else _shape_value(output.dims)
        if name in ("input", "input_shape"):
            start = self.start_of(ref)
            if name == "input":
                return Tensor(start) if start is not None else ANY_TENSOR
            return _shape_value(start)
        if name == "layers" and isinstance(cell, SequentialCell) and cell.exact:
            # an Input is no layer of its own there
            return TupleValue(tuple(Item(member) for member in cell.members if not isinstance(member, Tensor)))
        if name == "layers" and not isinstance(cell, GraphCell):
            return Stream(SomeLayer("layers"), SomeLayer("layers"), False)
        if name in ("layers", "nodes", "inputs", "outputs"):
            return UNKNOWN
        return None

    @staticmethod
    def _model_output(cell: ContainerCell) -> Tensor:
        if isinstance(cell, SequentialCell):
            return cell.output if cell.empty is False else ANY_TENSOR
        outputs = [tensor for _, tensor in cell.outputs] if isinstance(cell, GraphCell) else list(cell.outputs)
        return outputs[0] if len(outputs) == 1 else ANY_TENSOR

    # --- methods, for the record

    def note_method(self, owner: str, name: str, given: Given, model: ast.Call | None = None) -> None:
        """A method of a model is called; ``owner`` "": the receiver is not known to be one. ``model``: what made it."""
        if owner == "":
            keywords = {word for word, _ in given.keywords}
            sure = keywords & registry.METHOD_PROOF_KEYWORDS or name in registry.MODEL_METHODS
            if not sure and not (name == "save" and _is_model_file(given)):
                return
        found = [registry.method(kind, name) for kind in ([owner] if owner else ["Sequential", "Model", "Graph"])]
        method = next((one for one in found if one is not None), None)
        if method is not None:
            bound = bind(given.form, method, self.versions, self.value_of(given), given.spread)
            self.recorder.method(given.node, method, owner, bound, model)
            self.note_constants(given)

    # --- at the end of a root

    def note_models(self) -> None:
        """Write down the models as they stand now."""
        for address in self.containers:
            if address <= self.older:
                continue
            cell = self.cell(Ref(address))
            if not isinstance(cell, CONTAINERS) or cell.node is None:
                continue
            if isinstance(cell, SequentialCell):
                inputs: tuple[Dims | None, ...] = (cell.start,)
                outputs: Sequence[Tensor] = (cell.output,)
            elif isinstance(cell, GraphCell):
                inputs = tuple(tensor.dims for _, tensor in cell.inputs)
                outputs = [tensor for _, tensor in cell.outputs]
            else:
                inputs = tuple(tensor.dims for tensor in cell.inputs)
                outputs = cell.outputs
            if isinstance(cell, ModelCell):
                calls, exact = _through(cell.outputs)
                exact = exact and all(tensor.dims is not None for tensor in cell.outputs)
            else:
                calls = [call for member in cell.members for call in self._calls(member)]
                exact = cell.exact and all(isinstance(member, (LayerValue, Ref, Tensor)) for member in cell.members)
            exact = exact and all(dims is not None for dims in inputs)
            self.recorder.built(cell.node, calls, inputs, exact, [_ends(one) for one in outputs])

    def _calls(self, member: Value) -> list[ast.Call]:
        calls = []
        for one in alternatives(member):
            if isinstance(one, LayerValue):
                calls.append(one.node)
            cell = self.cell(one)
            if isinstance(cell, CONTAINERS) and cell.node is not None:
                calls.append(cell.node)
        return calls


def _inner(
    key: tuple[int, ast.AST, tuple[object, ...]], part: object
) -> tuple[int, ast.AST, tuple[object, ...]]:
    """The place of a part of what has this place."""
    return key[0], key[1], (*key[2], part)


def _is_model_file(given: Given) -> bool:
    """Whether the first argument names a file that only models are saved to."""
    first = given.positional[0] if given.positional else None
    value = first.value if isinstance(first, Const) else None
    return isinstance(value, str) and value.endswith((".h5", ".hdf5"))


def model_kind(cell: ContainerCell) -> str:
    """ "Sequential", "Graph" or "Model"."""
    return {SequentialCell: "Sequential", GraphCell: "Graph"}.get(type(cell), "Model")


def kind_of(entry: Function) -> str:
    """ "Sequential", "Graph" or "Model"."""
    return entry.name if entry.name in ("Sequential", "Graph") else "Model"


def _dims(shape: Sequence[object]) -> Dims:
    return tuple(_dim(member) for member in shape)


def _dim(member: object) -> Dim:
    if member is None:
        return None
    return member if isinstance(member, int) and not isinstance(member, bool) else UNKNOWN


def _merged(inputs: Sequence[Dims | None], mode: object, axis: object, axes: object, shape: object) -> Dims | None:
    try:
        return merged(inputs, mode, axis, axes, shape)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None


def _shape_value(dims: Dims | None) -> Value:
    if dims is None:
        return UNKNOWN
    return TupleValue(
        tuple(Item(Const(dim) if dim is None or isinstance(dim, int) else UNKNOWN) for dim in dims)
    )


def _alike(a: Value, b: Value) -> bool:
    """Whether two are the same model, layers of the same call, or something of which no more is known."""
    if isinstance(a, LayerValue) and isinstance(b, LayerValue):
        return a.node is b.node
    if isinstance(a, Ref) or isinstance(b, Ref):
        return a == b
    return not isinstance(a, LayerValue) and not isinstance(b, LayerValue)


def _with(members: tuple[Value, ...], layer: Value) -> tuple[Value, ...]:
    if any(_alike(layer, member) for member in members):
        return members
    return (*members, layer)


def _ends(tensor: Tensor) -> list[ast.Call]:
    """The calls that a tensor may come right out of."""
    pending = [tensor.trail]
    seen: set[int] = set()
    ends: list[ast.Call] = []
    while pending:
        trail = pending.pop()
        if trail is None or id(trail) in seen:
            continue
        seen.add(id(trail))
        if trail.node is None:
            pending.extend(trail.parents)
        else:
            ends.append(trail.node)
    return ends


def _through(outputs: Sequence[Tensor]) -> tuple[list[ast.Call], bool]:
    """The calls that tensors came through, in the order of the source; whether there is only one way."""
    pending = [tensor.trail for tensor in outputs]
    seen: set[int] = set()
    calls: dict[ast.Call, None] = {}
    exact = True
    while pending:
        trail = pending.pop()
        if trail is None or id(trail) in seen:
            continue
        seen.add(id(trail))
        if trail.node is not None:
            calls[trail.node] = None
        else:
            exact = False
        pending.extend(trail.parents)
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset)), exact
