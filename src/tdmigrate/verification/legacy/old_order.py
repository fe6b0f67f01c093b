"""Keras 0.1 under genuine Keras 0.2.0 or 0.3.3: layers that take the old order of arguments, (input_dim, output_dim).

Keras 0.1 itself was never put on the package index. Only how a layer is called is adapted, by the signatures of its
entry; the layer that comes out is the genuine one. Defaults that 0.1 had otherwise (numeric trap C40) are those of
0.1.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final

from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.registry import all_entries
from tdmigrate.keras1.versions import RELEASES, since

OLD = "0.1.3"
PLACES = ("core", "recurrent", "embeddings", "convolutional", "normalization", "noise", "advanced_activations")
# sizes that 0.1 asked for first, of which the later layer takes its own or knows from its input
_ASKED_FIRST: Final = ("input_dim", "input_shape", "stack_size")


def accept() -> None:
    """Make the layer classes take the old order, in this process."""
    modules = [importlib.import_module(f"keras.layers.{place}") for place in PLACES]
    for entry in all_entries():
        if not isinstance(entry, Layer):
            continue
        old, new = (_signature(entry, release) for release in (OLD, "0.3.3"))
        layer = next((getattr(module, entry.name) for module in modules if hasattr(module, entry.name)), None)
        if layer is None:
            continue
        if _asks_first(old) and not _asks_first(new):
            layer.__init__ = _adapted(layer.__init__, old)
        elif old.startswith("poolsize="):
            layer.__init__ = _renamed(layer.__init__)


def _asks_first(signature: str) -> bool:
    """Whether one of the first two parameters is a size of the input."""
    return any(name.strip() in _ASKED_FIRST for name in signature.split(",")[:2])


def _signature(entry: Layer, release: str) -> str:
    return entry.signatures[since(tuple(entry.signatures), RELEASES.index(release))]


def _adapted(init: Callable[..., None], signature: str) -> Callable[..., None]:
    """An ``__init__`` with this signature that calls the genuine one by keywords."""
    bind = eval(f"lambda {signature}: locals()")  # text of our own entries

    def adapted(self: object, *positional: Any, **keywords: Any) -> None:
        given = bind(*positional, **keywords)
        given.update(given.pop("kwargs", {}))
        given.pop("truncate_gradient", None)  # a matter of training; gone in 0.3
        given.pop("stack_size", None)  # the channels of the input
        init(self, **given)

    return adapted


def _renamed(init: Callable[..., None]) -> Callable[..., None]:
    """An ``__init__`` that takes the size of a pool by the name that 0.1 gave it, too."""

    def renamed(self: object, *positional: Any, **keywords: Any) -> None:
        if "poolsize" in keywords:
            keywords["pool_size"] = keywords.pop("poolsize")
        init(self, *positional, **keywords)

    return renamed
