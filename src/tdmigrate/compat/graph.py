"""Graph of Keras 0.1.2–1.1.1 for programs that compute the names of its nodes: a builder of functional models.

Needs nothing but Keras 3 (3.6 or later, any backend).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from tdmigrate.compat.registering import Tensor

Array = Any

_MERGE_LAYERS = {"sum": layers.Add, "mul": layers.Multiply, "ave": layers.Average, "max": layers.Maximum}


class Graph:
    """A network of named nodes, built step by step.

    The ``Graph`` of keras/legacy/models.py (1.0.8). ``model`` is what it makes: a functional ``keras.Model`` with the
    inputs in the order of ``add_input`` and a dict of outputs by name. Training methods take one dict of inputs and
    outputs by name; every other attribute is the model's, so that ``graph.save(path)`` saves the model.

    Args:
        name: of the model.
    """

    def __init__(self, name: str | None = None) -> None:
        self._name = name
        self._inputs: dict[str, Tensor] = {}
        self._nodes: dict[str, Tensor] = {}
        self._outputs: dict[str, Tensor] = {}
        self._layers: dict[str, Any] = {}
        self._taken: set[str] = set()
        self._model: keras.Model | None = None

    # --- building

    def add_input(
        self,
        name: str,
        input_shape: Sequence[int | None] | None = None,
        batch_input_shape: Sequence[int | None] | None = None,
        dtype: str | type[int] = "float",
    ) -> None:
        """Add an input of shape ``(batch, *input_shape)``, or ``batch_input_shape``; ``dtype``: "float", "int", int.

        Raises ValueError for a name that is taken and for another dtype.
        """
        self._take(name)
        kind = dtype if isinstance(dtype, str) else dtype.__name__
        if kind[:3] != "int" and kind[:5] != "float":
            raise ValueError(f"dtype is 'int' or 'float', not {dtype!r}")
        self._inputs[name] = keras.Input(
            shape=None if input_shape is None else tuple(input_shape),
            batch_shape=None if batch_input_shape is None else tuple(batch_input_shape),
            dtype="int32" if kind[:3] == "int" else None,
            name=_layer_name(name),
        )

    def add_node(
        self,
        layer: Any,
        name: str,
        input: str | None = None,
        inputs: Sequence[str] = (),
        merge_mode: str = "concat",
        concat_axis: int = -1,
        dot_axes: Any = -1,
        create_output: bool = False,
    ) -> None:
        """Add a layer, or a model, called on the node ``input`` or on the nodes ``inputs`` merged.

        ``merge_mode``: "concat" along ``concat_axis``, "sum", "mul", "ave", "max", or of two nodes "dot" and "cos"
        along ``dot_axes``: an axis, or one for each. "cos" is ``dot(a, b) / sqrt(dot(a, a) * dot(b, b))`` of shape
        ``(batch, 1, 1)``, for nodes of shape ``(batch, features)``.

        Raises ValueError for a name that is taken, an unknown node or mode.
        """
        self._take(name)
        source = self._source(name, input, inputs, merge_mode, concat_axis, dot_axes)
        _rename(layer, name)
        self._layers[name] = layer
        self._nodes[name] = layer(source)
        if create_output:
            self.add_output(name, input=name)

    def add_shared_node(
        self,
        layer: Any,
        name: str,
        inputs: Sequence[str] = (),
        merge_mode: str | None = None,
        concat_axis: int = -1,
        dot_axes: Any = -1,
        outputs: Sequence[str] = (),
        create_output: bool = False,
    ) -> None:
        """Add a layer called on each of ``inputs``: merged into the node ``name``, or as the nodes ``outputs``.

        Raises ValueError as ``add_node`` does, and where there are not as many outputs as inputs.
        """
        self._take(name)
        sources = [self._node(one) for one in inputs]
        self._layers[name] = layer
        if merge_mode is not None:
            _rename(layer, f"input_for_{name}")
            self._nodes[name] = _merged([layer(one) for one in sources], merge_mode, concat_axis, dot_axes, name)
            heads = [name]
        else:
            if len(outputs) != len(inputs):
                raise ValueError(f"{len(inputs)} inputs and {len(outputs)} outputs of the shared node {name!r}")
            _rename(layer, name)
            heads = list(outputs)
            for head, source in zip(heads, sources, strict=True):
                self._take(head)
                self._nodes[head] = layer(source)
        for head in heads if create_output else ():
            self.add_output(head, input=head)

    def add_output(
        self,
        name: str,
        input: str | None = None,
        inputs: Sequence[str] = (),
        merge_mode: str = "concat",
        concat_axis: int = -1,
        dot_axes: Any = -1,
    ) -> None:
        """Make a node, or nodes merged as ``add_node`` merges them, an output. Raises ValueError as that does."""
        if name in self._outputs:
            raise ValueError(f"there is an output {name!r} already")
        self._outputs[name] = self._source(name, input, inputs, merge_mode, concat_axis, dot_axes)
        self._model = None

    @property
    def model(self) -> keras.Model:
        """The functional model of all nodes that outputs hang on."""
        if self._model is None:
            self._model = keras.Model(list(self._inputs.values()), dict(self._outputs), name=self._name)
        return self._model

    @property
    def nodes(self) -> dict[str, Any]:
        """The layer of each node, as Graph of 0.3 kept them; of a node that merges a shared layer's outputs, that."""
        return dict(self._layers)

    def __call__(self, tensor: Tensor) -> Tensor:
        """As a layer, for a graph of one input and one output."""
        (output,) = self.model(tensor).values()
        return output

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.model, name)

    def _take(self, name: str) -> None:
        if name in self._taken:
            raise ValueError(f"there is a node {name!r} already")
        self._taken.add(name)
        self._model = None

    def _node(self, name: str) -> Tensor:
        if name in self._nodes:
            return self._nodes[name]
        if name not in self._inputs:
            raise ValueError(f"there is no node {name!r}")
        return self._inputs[name]

    def _source(
        self, name: str, input: str | None, inputs: Sequence[str], mode: str, concat_axis: int, dot_axes: Any
    ) -> Tensor:
        if bool(input) == bool(inputs):
            raise ValueError(f"{name!r} is connected to either `input` or `inputs`")
        if input:
            return self._node(input)
        return _merged([self._node(one) for one in inputs], mode, concat_axis, dot_axes, f"merge_inputs_for_{name}")

    # --- training, with inputs and outputs in one dict

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        metrics: Any = None,
        loss_weights: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        """``Model.compile``: one loss or list of metrics is that of every output; a missing loss weight is 1."""
        several = len(self._outputs) > 1
        if several and loss is not None and not isinstance(loss, Mapping):
            loss = dict.fromkeys(self._outputs, loss)
        if several and metrics and not isinstance(metrics, Mapping):
            metrics = {name: list(metrics) for name in self._outputs}
        if several and loss_weights:
            loss_weights = {name: loss_weights.get(name, 1.0) for name in self._outputs}
        self.model.compile(optimizer, loss, metrics=metrics, loss_weights=loss_weights or None, **kwargs)

    def fit(self, x: Any, *args: Any, validation_data: Any = None, sample_weight: Any = None, **kwargs: Any) -> Any:
        """``Model.fit`` without ``y``; ``x`` and ``validation_data``: a dict, or an iterable of dicts, or of pairs of
        a dict of data and one of sample weights.
        """
        return self._given(self.model.fit, x, args, sample_weight, kwargs, validation_data)

    def evaluate(self, x: Any, *args: Any, sample_weight: Any = None, **kwargs: Any) -> Any:
        """``Model.evaluate`` without ``y``; ``x`` as for ``fit``."""
        return self._given(self.model.evaluate, x, args, sample_weight, kwargs)

    def train_on_batch(self, x: Mapping[str, Array], sample_weight: Any = None) -> Any:
        """``Model.train_on_batch`` without ``y``."""
        return self.model.train_on_batch(*self._parts(x), sample_weight=self._weights(x, sample_weight))

    def test_on_batch(self, x: Mapping[str, Array], sample_weight: Any = None) -> Any:
        """``Model.test_on_batch`` without ``y``."""
        return self.model.test_on_batch(*self._parts(x), sample_weight=self._weights(x, sample_weight))

    def predict(self, x: Mapping[str, Array], *args: Any, **kwargs: Any) -> dict[str, Array]:
        """``Model.predict``; what it gives is a dict by the names of the outputs."""
        predicted: dict[str, Array] = self.model.predict(self._fed(x), *args, **kwargs)
        return predicted

    def predict_on_batch(self, x: Mapping[str, Array]) -> dict[str, Array]:
        """``Model.predict_on_batch``; what it gives is a dict by the names of the outputs."""
        predicted: dict[str, Array] = self.model.predict_on_batch(self._fed(x))
        return predicted

    def _given(
        self,
        method: Any,
        x: Any,
        args: tuple[Any, ...],
        sample_weight: Any,
        kwargs: dict[str, Any],
        validation_data: Any = None,
    ) -> Any:
        if validation_data is not None:
            whole = isinstance(validation_data, Mapping)
            kwargs["validation_data"] = self._parts(validation_data) if whole else self._each(validation_data)
        if not isinstance(x, Mapping):
            return method(self._each(x), None, *args, **kwargs)
        return method(*self._parts(x), *args, sample_weight=self._weights(x, sample_weight), **kwargs)

    def _each(self, batches: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        for batch in batches:
            if isinstance(batch, tuple):
                data, weights = batch
                yield (*self._parts(data), self._weights(data, weights))
            else:
                yield self._parts(batch)

    def _parts(self, data: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
        return self._fed(data), {name: data[name] for name in self._outputs}

    def _fed(self, data: Mapping[str, Array]) -> dict[str, Array]:
        return {_layer_name(name): data[name] for name in self._inputs}

    def _weights(self, data: Mapping[str, Array], weights: Mapping[str, Array] | None) -> dict[str, Array] | None:
        """Sample weights for every output: ones where there are none."""
        if not weights:
            return None
        given = dict(weights)
        return {name: given[name] if name in given else np.ones(len(data[name])) for name in self._outputs}


def _layer_name(name: str) -> str:
    """The name as Keras 3 on TensorFlow takes it."""
    return re.sub(r"[^A-Za-z0-9_.>-]", "_", name).lstrip("_>-") or "node"


def _rename(layer: Any, name: str) -> None:
    if isinstance(layer, keras.Layer):
        layer.name = _layer_name(name)


def _merged(tensors: Sequence[Tensor], mode: str, concat_axis: int, dot_axes: Any, name: str) -> Tensor:
    called = _layer_name(name)
    if mode == "concat":
        return layers.Concatenate(axis=concat_axis, name=called)(tensors)
    if mode in _MERGE_LAYERS:
        return _MERGE_LAYERS[mode](name=called)(tensors)
    if mode not in ("dot", "cos"):
        raise ValueError(f"no merge mode {mode!r} is known")
    axes = dot_axes if isinstance(dot_axes, int) else tuple(dot_axes)
    product = layers.Dot(axes=axes, normalize=mode == "cos", name=called)(tensors)
    return layers.Reshape((1, 1))(product) if mode == "cos" else product
