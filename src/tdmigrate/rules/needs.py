"""What a source has of that which rules need to run: ``attribute:lr`` is any ``….lr`` in its code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from tdmigrate.keras1.entry import Entry, Function, Layer, Ordered, Spelling
from tdmigrate.rules.context import Context

_NUMBERED = r"(?:val_)?[a-z][a-z0-9]*_[1-9]"  # kept as text, since few sources need it compiled
_LIVE = "found"  # the kind that grows while rules run


class Present:
    """The facts of one source, as needs name them; each kind is gathered when it is first asked for."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known: dict[str, Collection[str]] = {}

    def any(self, needs: Iterable[str]) -> bool:
        return any(map(self.has, needs))

    def has(self, need: str) -> bool:
        """``kind:word``: whether the word is there; ``kind with:part``: whether a word with that in it is."""
        kind, _, word = need.partition(":")
        if kind.endswith(" with"):
            return any(word in one for one in self._words(kind.removesuffix(" with")))
        return word in self._words(kind)

    def _words(self, kind: str) -> Collection[str]:
        if kind not in self._known or kind == _LIVE:
            self._known[kind] = frozenset(KINDS[kind](self._ctx))
        return self._known[kind]


def _imports(ctx: Context) -> Iterator[str]:
    """``keras.layers.core`` is one of ``keras.layers`` too, and none of ``keras``."""
    for binding in ctx.facts.bindings:
        yield binding.path
        yield ".".join(binding.path.split(".")[:2])


def _functions(ctx: Context) -> Iterator[Function]:
    return (use.entry for use in ctx.facts.functions if isinstance(use.entry, Function))


def _entries(ctx: Context) -> Iterator[Entry]:
    yield from _functions(ctx)
    yield from (use.entry for use in ctx.facts.layers)
    yield from (one.entry for one in ctx.facts.references if one.entry is not None)


def _owners(ctx: Context) -> Iterator[str]:
    """What the receivers of methods may be."""
    for use in ctx.facts.methods:
        yield use.owner
        yield from use.method.owners


def _only(ctx: Context) -> Iterator[str]:
    """What receivers of methods are known to be."""
    for use in ctx.facts.methods:
        yield use.owner
        if len(use.method.owners) == 1:
            yield use.method.owners[0]


def _bases(ctx: Context) -> Iterator[str]:
    for one in ctx.facts.references:
        if one.role == "base":
            yield "any"
            if isinstance(one.entry, Layer):
                yield "layer"
            elif one.entry is not None:
                yield one.entry.kind


def _traits(ctx: Context) -> Iterator[str]:
    spellings = (use.entry.keras3 for use in ctx.facts.layers if isinstance(use.entry, Layer))
    if any(one is not None and _knows_channels(one) for one in spellings):
        yield "channels"
    if any(re.match(_NUMBERED, one) for one in ctx.module.words.texts):
        yield "numbered"


def _knows_channels(spelling: Spelling) -> bool:
    return any(isinstance(one, Ordered) for one in spelling.parameters.values()) or any(
        one.keyword == "data_format" for one in spelling.written
    )


KINDS: Mapping[str, Callable[[Context], Iterable[str]]] = {
    # of the code, whatever it has to do with Keras
    "attribute": lambda ctx: ctx.module.words.attributes,
    "bound": lambda ctx: ctx.module.words.bound,
    "called": lambda ctx: ctx.module.words.called,
    "imported": lambda ctx: ctx.module.words.imported,
    "text": lambda ctx: ctx.module.words.texts,
    # of legacy Keras
    "import": _imports,
    "layer": lambda ctx: (use.entry.name for use in ctx.facts.layers),
    "argument": lambda ctx: (name for use in ctx.facts.layers for name in use.bound.arguments),  # of layers
    "function": lambda ctx: (entry.name for entry in _functions(ctx)),
    "kind": lambda ctx: (entry.kind for entry in _functions(ctx)),  # of functions
    "entry": lambda ctx: (entry.name for entry in _entries(ctx)),  # called or not
    "method": lambda ctx: (use.method.name for use in ctx.facts.methods),
    "owner": _owners,
    "only": _only,
    "base": _bases,
    "facts": lambda ctx: (name for name in ("methods", "attributes") if getattr(ctx.facts, name)),
    "trait": _traits,
    # of what the rules before have found
    _LIVE: lambda ctx: ("calls",) if ctx.calls else (),
}
