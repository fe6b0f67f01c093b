"""The state of the abstract run: variables and objects by key, with branches laid over it and joined again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tdmigrate.understanding.joins import blurred, join_contents, same
from tdmigrate.understanding.values import (
    Content,
    InstanceCell,
    Ref,
    renamed,
)

Key = tuple[int, str]  # (frame or object, name of the variable or attribute); "" for an object's own content
Delta = dict[Key, Content]


class Store:
    """What was written since a branch began lies in a layer of its own, so that a branch costs what it changes."""

    def __init__(self) -> None:
        self._layers: list[Delta] = [{}]
        self._traces: list[Delta] = []
        self._names: dict[int, dict[str, None]] = {}  # of all cells ever written, by address
        self.work = 0  # contents that were joined or searched so far

    def get(self, key: Key) -> Content | None:
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key]
        return None

    def put(self, key: Key, content: Content) -> None:
        if key[0] < 0:  # stands for many objects: none of them is surely the one that changes
            present = self.get(key)
            if present is not None:
                content = join_contents(present, content)
        self._layers[-1][key] = content
        self._names.setdefault(key[0], {})[key[1]] = None
        for trace in self._traces:
            trace[key] = join_contents(trace[key], content) if key in trace else content

    def forget(self, key: Key) -> None:
        """As if it had never been written (a layer cannot take a key of those below away: see ``unset``)."""
        self._layers[-1].pop(key, None)

    @property
    def level(self) -> int:
        return len(self._layers)

    def push(self) -> None:
        self._layers.append({})

    def pop(self) -> Delta:
        return self._layers.pop()

    def cut(self, level: int) -> None:
        """Drop the layers above a level, where a run broke off."""
        del self._layers[level:]
        self._traces.clear()

    def above(self, level: int) -> Delta:
        """All that was written since then."""
        flat: Delta = {}
        for layer in self._layers[level:]:
            flat.update(layer)
        return flat

    def trace(self) -> Delta:
        """From now on collect everything that is written, joined, for the handlers of a ``try``."""
        self._traces.append({})
        return self._traces[-1]

    def untrace(self) -> None:
        self._traces.pop()

    def merge(self, deltas: Sequence[Delta]) -> None:
        """Go on from the join of several branches."""
        if len(deltas) == 1:
            for key, content in deltas[0].items():
                self._layers[-1][key] = content
            return
        self.work += sum(map(len, deltas))
        for key in dict.fromkeys(key for delta in deltas for key in delta):
            present = self.get(key)
            # a variable that a branch does not bind: where it is read, that branch was not taken
            found = [c for c in (delta.get(key, present) for delta in deltas) if c is not None]
            self._layers[-1][key] = _joined(found)

    def cover(self, deltas: Iterable[Delta], blur: bool = False) -> bool:
        """Join branches into what is there; whether that changed anything. ``blur``: cover all further changes."""
        changed = False
        for delta in deltas:
            self.work += len(delta)
            for key, content in delta.items():
                present = self.get(key)
                joined = content if present is None else join_contents(present, content)
                if present is None or not same(present, joined):
                    changed = True
                    self._layers[-1][key] = blurred(joined) if blur and present is not None else joined
                elif present is not joined:
                    self._layers[-1][key] = joined
        return changed

    def keys_of(self, address: int) -> list[Key]:
        """The variables or attributes written so far of a frame or object."""
        keys = ((address, name) for name in self._names.get(address, ()))
        return [key for key in keys if self.get(key) is not None]

    def retire(self, address: int) -> None:
        """The object of this address is about to be made anew: what mentions it now means one of the older ones."""
        old, new = Ref(address), Ref(-address)
        keys = dict.fromkeys(key for layer in self._layers for key in layer)
        self.work += len(keys)
        for key in keys:
            content = self.get(key)
            if content is None:
                continue
            moved = renamed(content, old, new)
            if moved is not content:
                self.put(key, moved)
        for key in self.keys_of(address):
            content = self.get(key)
            if content is not None:
                self.put((-address, key[1]), content)
                if key[1] and isinstance(self.get((address, "")), InstanceCell):
                    self.forget(key)


def _joined(contents: Sequence[Content]) -> Content:
    joined = contents[0]
    for content in contents[1:]:
        joined = join_contents(joined, content)
    return joined
