"""Other orders of the layers that have weights: where models differ, the order alone may be what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from tdmigrate.verification.record import Record
from tdmigrate.verification.weights import Misfit, in_keras3

TRIES = 24  # a model runs once for each


def others(layers: Sequence[Any], kinds: Sequence[str], legacy: Record) -> Iterator[list[Any]]:
    """Orders in which each layer has the shapes of the legacy one in its place, but for the given order.

    ``kinds``: of the layers, as ``in_keras3`` takes them. At most ``TRIES``.
    """
    if len(layers) != len(legacy.layers):
        return
    shapes = [[tuple(one.shape) for one in layer.weights] for layer in layers]
    fitting = [
        [index for index, kind in enumerate(kinds) if _shapes(legacy, place, kind) == shapes[index]]
        for place in range(len(layers))
    ]
    same = list(range(len(layers)))
    for order in islice(_orders(fitting, ()), TRIES + 1):
        if order != same:
            yield [layers[index] for index in order]


def _shapes(legacy: Record, place: int, kind: str) -> list[tuple[int, ...]] | None:
    theirs = legacy.layers[place]
    try:
        return [one.shape for one in in_keras3(theirs, theirs.weights, legacy.release, kind, legacy.backend)]
    except Misfit:
        return None


def _orders(fitting: Sequence[Sequence[int]], taken: tuple[int, ...]) -> Iterator[list[int]]:
    if len(taken) == len(fitting):
        yield list(taken)
        return
    for index in fitting[len(taken)]:
        if index not in taken:
            yield from _orders(fitting, (*taken, index))
