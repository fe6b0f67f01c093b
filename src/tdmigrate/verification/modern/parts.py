"""The single layers of a model of Keras 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tdmigrate.records import NamedTuple


class Part(NamedTuple):
    """A single layer of a model, and what stands for it in the model's graph: the wrapper around it, or itself."""

    layer: Any
    outer: Any


def parts(layer: Any, outer: Any = None) -> Iterator[Part]:
    """A model's single layers, models and wrappers opened, those of a Bidirectional not."""
    import keras

    if isinstance(layer, keras.Model):
        for one in layer.layers:
            yield from parts(one)
    elif isinstance(layer, keras.layers.Wrapper) and not isinstance(layer, keras.layers.Bidirectional):
        yield from parts(layer.layer, outer or layer)
    elif not isinstance(layer, keras.layers.InputLayer):
        yield Part(layer, outer or layer)


def single_layers(model: Any, created: Sequence[Any]) -> list[Part]:
    """The layers of a model, each once, in order of their creation."""
    order = {id(layer): index for index, layer in enumerate(created)}
    once = {id(part.layer): part for part in parts(model)}
    return sorted(once.values(), key=lambda part: order.get(id(part.layer), len(order)))
