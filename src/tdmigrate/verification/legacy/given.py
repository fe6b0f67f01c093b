"""The weights that a program gives its layers, under genuine Keras: by ``weights=[...]`` or ``set_weights``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from tdmigrate.verification.given import fitted


class Given:
    """The layers whose weights were set in this process."""

    def __init__(self, single: Callable[[Any], Iterable[Any]]) -> None:
        """``single``: the single layers of a layer that may hold others."""
        self._single = single
        self._layers: dict[int, Any] = {}

    def watch(self, base: Any) -> None:
        """From now on, note the layers of this base class, and make up what stands for data."""
        for kind in {base, *_below(base)}:
            if "set_weights" in vars(kind):
                kind.set_weights = self._watched(kind.set_weights)

    def _watched(self, genuine: Callable[..., None]) -> Callable[..., None]:
        @wraps(genuine)
        def set_weights(layer: Any, weights: Any) -> None:
            shapes = [np.shape(one) for one in layer.get_weights()]
            genuine(layer, fitted(weights, shapes, type(layer).__name__))
            self._layers.update((id(one), one) for one in self._single(layer))

        return set_weights

    def flags(self, layer: Any, count: int) -> tuple[bool, ...]:
        """Of each of its ``count`` weights, whether the program has set it; of a Bidirectional, forward ones first."""
        halves = (layer.forward_layer, layer.backward_layer) if hasattr(layer, "forward_layer") else (layer,)
        return tuple(id(half) in self._layers for half in halves for _ in range(count // len(halves)))


def _below(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
