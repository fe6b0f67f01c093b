"""Legacy layers in the abstract run: how a call makes one, and what it makes of a tensor."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping, Sequence

from tdmigrate.findings import Evidence
from tdmigrate.keras1 import entry as legacy
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.layers.core import LAMBDAS
from tdmigrate.keras1.shape_rules import first_input
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.calls import LegacyArguments, bind
from tdmigrate.understanding.facts import Bound, Merging, Place, Symbol
from tdmigrate.understanding.joins import evidences, join_tensors
from tdmigrate.understanding.machine import Machine
from tdmigrate.understanding.shapes import UNKNOWN, Dims, join, show
from tdmigrate.understanding.values import (
    ANY_TENSOR,
    NONE,
    LayerValue,
    ListCell,
    OneOf,
    Ref,
    SequentialCell,
    Tensor,
    Trail,
    TupleValue,
    Value,
    alternatives,
)

# arguments by which a first layer tells its input
TELLS_INPUT = ("batch_input_shape", "input_shape", "input_length", "input_dim")
# arguments that a message about an output shape shows, since the rank hangs on them
SHOWN = ("return_sequences", "mode", "dims")
CHAINED = ("encoder", "decoder")  # what AutoEncoder of 0.x puts its input through
LONGEST_TEXT = 60


class Given(NamedTuple):
    """The arguments of a call, evaluated."""

    node: ast.Call
    form: ast.Call  # ``node``, or with functools.partial one call with the arguments of both
    values: dict[ast.expr, Value]
    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    spread: Mapping[str, tuple[ast.expr, ast.expr]] | None  # None: not resolved to nodes of the source
    known: Mapping[str, tuple[ast.expr, ast.expr]] | None  # as ``spread``, with stand-ins for nodes there are none of
    open: bool  # whether there may be others (``*args``, ``**kwargs`` that the source does not resolve)
    partial: ast.Call | None = None

    def keyword(self, name: str) -> Value | None:
        return next((value for known, value in self.keywords if known == name), None)

    def everything(self) -> list[Value]:
        return [*self.values.values(), *self.positional, *(value for _, value in self.keywords)]


class _Inner:
    """The layer inside a wrapper, as shape rules ask for it."""

    def __init__(self, layers: Layers, value: Value) -> None:
        self._layers = layers
        self._value = value

    def output(self, inputs: Sequence[Dims | None]) -> Dims | None:
        return self._layers.output_dims(self._value, inputs)


class Layers(Machine):
    """Making and applying layers."""

    def make_layer(self, given: Given, symbol: Symbol, entry: Layer, sure: bool) -> LayerValue:
        told = bind(given.form, entry, self.versions, self.value_of(given), given.spread)
        if given.spread is None:
            written = {keyword.arg for keyword in given.form.keywords}
            told = told._replace(handed=tuple(sorted({name for name, _ in given.keywords} - written)))
        bound = told if given.spread is not None else self.bound(given, entry)
        parts = tuple((name, given.values.get(argument.node, UNKNOWN)) for name, argument in bound.arguments.items())
        layer = LayerValue(given.node, symbol, entry, bound, parts)
        self.recorder.made(layer, told, given.partial, sure)
        self.note_constants(given)
        return layer

    def bound(self, given: Given, entry: legacy.Entry) -> Bound:
        """The call bound with all that is known of its arguments, be it written elsewhere in the source."""
        return bind(given.form, entry, self.versions, self.value_of(given), given.known)

    def value_of(self, given: Given) -> _ValueOf:
        return _ValueOf(self, given.values)

    def note_constants(self, given: Given) -> None:
        for node, value in given.values.items():
            if not isinstance(node, ast.Constant):
                self.recorder.constant(node, self.constant(value))

    def arguments(self, layer: LayerValue) -> LegacyArguments:
        inner = self.inner(layer)
        shown = _Inner(self, inner) if inner is not None else None
        return LegacyArguments(layer.bound, layer.entry, shown, self.channels)

    @staticmethod
    def part(layer: LayerValue, name: str) -> Value | None:
        """The value of one of its arguments, if it is given."""
        return next((value for known, value in layer.parts if known == name), None)

    def inner(self, layer: LayerValue) -> Value | None:
        """What a wrapper wraps."""
        wraps = layer.entry.wraps if isinstance(layer.entry, Layer) else None
        return self.part(layer, wraps) if wraps is not None else None

    # --- shapes

    def layer_dims(self, layer: LayerValue, inputs: Sequence[Dims | None]) -> Dims | None:
        rule = layer.entry.shape
        if rule is None:
            return None
        try:
            return rule(inputs, self.arguments(layer))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return None  # arguments no such layer takes

    def output_dims(self, value: Value, inputs: Sequence[Dims | None]) -> Dims | None:
        """What a layer or model gives for inputs of these shapes; nothing is recorded."""
        if isinstance(value, LayerValue):
            return self.layer_dims(value, inputs)
        if isinstance(value, OneOf):
            found = [self.output_dims(one, inputs) for one in value.values]
            joined = found[0]
            for dims in found[1:]:
                joined = join(joined, dims)
            return joined
        return self.model_dims(value, inputs)

    @abstractmethod
    def model_dims(self, value: Value, inputs: Sequence[Dims | None]) -> Dims | None:
        ...

    @abstractmethod
    def lambda_output(self, layer: LayerValue, inputs: Sequence[Tensor]) -> Tensor | None:
        """What the function of a Lambda layer makes of its input, if it tells."""

    @abstractmethod
    def apply_model(self, value: Value, inputs: Sequence[Tensor], place: Place | None) -> Tensor:
        ...

    def apply(
        self, value: Value, inputs: Sequence[Tensor], place: Place | None, deferred: int | None = None
    ) -> Tensor:
        """What a layer or model makes of tensors; it is recorded what it got.

        ``deferred``: the container whose input is not told yet.
        """
        outputs = [self._apply_one(one, inputs, place, deferred) for one in alternatives(value)]
        output = outputs[0]
        for other in outputs[1:]:
            output = join_tensors(output, other)
        return output

    def _apply_one(
        self, value: Value, inputs: Sequence[Tensor], place: Place | None, deferred: int | None
    ) -> Tensor:
        if isinstance(value, LayerValue):
            return self._apply_layer(value, inputs, place, deferred)
        if isinstance(value, Ref):
            return self.apply_model(value, inputs, place)
        return ANY_TENSOR

    def _apply_layer(
        self, layer: LayerValue, inputs: Sequence[Tensor], place: Place | None, deferred: int | None
    ) -> Tensor:
        self.spend()
        single = inputs[0] if len(inputs) == 1 else ANY_TENSOR._replace(masked=_any_mask(inputs))
        if isinstance(layer.entry, Layer):
            self.recorder.applied(layer, single, place, deferred)
            self._apply_inner(layer, single, deferred)
        else:
            shapes = tuple(tensor.dims for tensor in inputs)
            self.recorder.merged(layer.node, Merging(shapes, _masks(inputs), self._merges_layers(layer)))
        dims = self.layer_dims(layer, [tensor.dims for tensor in inputs])
        if dims is None and layer.entry.name in LAMBDAS:
            # its function says, where it only does arithmetic
            computed = self.lambda_output(layer, inputs)
            dims = computed.dims if computed is not None else None
        trail = Trail(layer.node, tuple(tensor.trail for tensor in inputs if tensor.trail is not None))
        makes = isinstance(layer.entry, Layer) and layer.entry.masks == "makes"
        mask = trail if makes else one_mask(inputs)
        return Tensor(dims, self._why(layer, inputs, dims), self._mask(layer, inputs), trail, mask)

    def _merges_layers(self, layer: LayerValue) -> bool:
        items = self.sequence(self.part(layer, "layers") or UNKNOWN) or ()
        return any(isinstance(one, LayerValue) for item in items for one in alternatives(item.value))

    def _apply_inner(self, layer: LayerValue, outer: Tensor, deferred: int | None) -> None:
        dims = outer.dims
        tensor = outer
        for name in CHAINED:
            part = self.part(layer, name) if layer.entry.name == "AutoEncoder" else None
            if part is not None and part != NONE:
                tensor = self.apply(part, [tensor], Place("inner"), deferred)
        inner = self.inner(layer)
        if inner is None:
            return
        if layer.entry.name == "TimeDistributed":
            dims = (dims[0], *dims[2:]) if dims is not None and len(dims) > 2 else None
        self.apply(inner, [outer._replace(dims=dims)], Place("inner"), deferred)

    def _why(self, layer: LayerValue, inputs: Sequence[Tensor], dims: Dims | None) -> tuple[Evidence, ...]:
        """The last steps that determined the rank of the output."""
        if dims is None:
            return ()
        step = Evidence(self.module.span(layer.node), f"{self.label(layer)} gives {show(dims)}")
        alone = self.layer_dims(layer, [None] * len(inputs))
        if alone is not None and len(alone) == len(dims):
            return (step,)
        before = evidences(*(tensor.evidence[-2:] for tensor in inputs))
        if len(inputs) == 1 and inputs[0].dims == dims:
            return before
        return evidences(before[-3:], (step,))

    def _mask(self, layer: LayerValue, inputs: Sequence[Tensor]) -> bool | None:
        masks = layer.entry.masks if isinstance(layer.entry, Layer) else "none"
        masked = _any_mask(inputs)
        inner = self.inner(layer)
        arguments = self.arguments(inner if masks == "consumes" and isinstance(inner, LayerValue) else layer)
        if masks == "makes":
            zero = arguments.get("mask_zero") if layer.entry.name == "Embedding" else True
            return zero if isinstance(zero, bool) else None
        if masks == "consumes":
            kept = arguments.get("return_sequences")
            return masked if kept is True else None if kept is UNKNOWN else False
        if not isinstance(layer.entry, Layer):  # merging
            return False if masked is False else None
        return masked if masks == "passes" else False

    def label(self, layer: LayerValue) -> str:
        """The layer as messages name it: "LSTM(return_sequences=True)", "TimeDistributed(Dense)"."""
        shown = []
        for name in SHOWN:
            argument = layer.bound.arguments.get(name)
            if argument is not None and argument.value is not UNKNOWN:
                shown.append(f"{name}={argument.value!r}")
        inner = self.inner(layer)
        if isinstance(inner, LayerValue):
            shown.insert(0, self.label(inner))
        name = layer.symbol.path.rpartition(".")[2]
        return f"{name}({', '.join(shown)})" if shown else name

    # --- inputs

    def told(self, layer: LayerValue) -> Tensor:
        """The input a first layer tells by its own arguments."""
        if not isinstance(layer.entry, Layer):
            return ANY_TENSOR
        try:
            dims = first_input(layer.entry, self.arguments(layer))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            dims = None
        if dims is None:
            return ANY_TENSOR._replace(masked=False)
        text = ", ".join(
            f"{name}={self.text(layer.bound.arguments[name].node)}"
            for name in TELLS_INPUT
            if name in layer.bound.arguments and not (name == "input_dim" and layer.entry.first == "ids")
        )
        name = layer.symbol.path.rpartition(".")[2]
        shown = f"{name}({text})" if text else name
        evidence = Evidence(self.module.span(layer.node), f"{shown} takes {show(dims)}")
        return Tensor(dims, (evidence,), False)

    def tells(self, layer: LayerValue) -> bool:
        """Whether it may tell its input at all."""
        bound = layer.bound
        return bound.starred or any(name in bound.arguments for name in TELLS_INPUT)

    def text(self, node: ast.expr) -> str:
        text = " ".join(self.module.segment(node).split())
        return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"

    def tensors(self, value: Value) -> list[Tensor]:
        """What a layer gets that is called with this: one tensor, or those of a list."""
        items = self.sequence(value)
        if items is not None:
            return [self.tensor(item.value) for item in items]
        return [self.tensor(value)]

    def tensor(self, value: Value) -> Tensor:
        """The one tensor that covers a value."""
        found: Tensor | None = None
        for one in alternatives(value):
            tensor = one if isinstance(one, Tensor) else ANY_TENSOR
            found = tensor if found is None else join_tensors(found, tensor)
        return found or ANY_TENSOR

    def own_input(self, value: Value) -> list[Tensor]:
        """The inputs of what stands first in a model, by what it tells itself."""
        if isinstance(value, LayerValue):
            if layers := self.part(value, "layers"):  # Merge
                return self.outputs_of(layers)
            return [self.told(value)]
        return [ANY_TENSOR]

    def outputs_of(self, value: Value) -> list[Tensor]:
        """The outputs of the models and layers that a Merge puts together."""
        cell = self.cell(value)
        if isinstance(value, TupleValue) or isinstance(cell, ListCell):
            items = self.sequence(value)
            return [ANY_TENSOR] if items is None else [self.output_of(item.value) for item in items]
        return [self.output_of(value)]

    def output_of(self, value: Value) -> Tensor:
        """The output of a model, or of a layer that tells its input."""
        outputs = []
        for one in alternatives(value):
            if isinstance(one, LayerValue):
                outputs.append(self.apply(one, self.own_input(one), Place("loose")))
            elif isinstance(one, Ref) and isinstance(self.cell(one), SequentialCell):
                outputs.append(self.apply_model(one, [ANY_TENSOR], None))
            elif isinstance(one, Tensor):
                outputs.append(one)
            else:
                outputs.append(self.apply(one, [ANY_TENSOR], None))
        joined = outputs[0]
        for tensor in outputs[1:]:
            joined = join_tensors(joined, tensor)
        return joined


class _ValueOf:
    """What is known of an argument, as ``bind`` asks for it."""

    def __init__(self, machine: Machine, values: Mapping[ast.expr, Value]) -> None:
        self._machine = machine
        self._values = values

    def __call__(self, node: ast.expr) -> object:
        return self._machine.constant(self._values.get(node, UNKNOWN))


def one_mask(inputs: Sequence[Tensor]) -> Trail | None:
    """The step that made the mask of all of these tensors; None: they have none in common."""
    masks = {id(tensor.mask): tensor.mask for tensor in inputs if tensor.masked}
    return next(iter(masks.values())) if len(masks) == 1 and all(tensor.masked for tensor in inputs) else None


def _masks(inputs: Sequence[Tensor]) -> str:
    """As in ``Merging``."""
    if all(tensor.masked is False for tensor in inputs):
        return "none"
    if one_mask(inputs) is not None:
        return "same"
    return "several" if any(tensor.masked for tensor in inputs) else "open"


def _any_mask(inputs: Sequence[Tensor]) -> bool | None:
    if len(inputs) == 1:
        return inputs[0].masked
    return False if inputs and all(tensor.masked is False for tensor in inputs) else None
