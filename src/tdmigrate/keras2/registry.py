"""Every entry of Keras 2 by its path: the one door through which rules ask what Keras 3 breaks of it.

Paths are those of the package ``keras``; ``tensorflow`` asks for tensorflow.keras, which has kept other names.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from tdmigrate.keras1.entry import Function, Method
from tdmigrate.keras2 import layers, models, optimizers
from tdmigrate.keras2.modules import HOMES, PUBLIC, WHOLE
from tdmigrate.keras2.names import (
    CONSTANTS,
    GONE,
    IN_TENSORFLOW,
    NOTES,
    OTHERWISE,
    RENAMED,
    RENAMED_IN_TENSORFLOW,
)
from tdmigrate.keras2.words import Silent

_BACKEND = "keras.backend"
_ENTRIES: Mapping[str, Function] = {
    path: entry for entry in (*layers.RENAMED, *models.CALLBACKS, *models.OTHERS) for path in entry.paths
}
_OTHER_CALLS = frozenset(path for entry in layers.RENAMED for path in entry.paths)
_METHODS: Mapping[str, Method] = {method.name: method for method in models.METHODS}
_SILENT: Mapping[str, tuple[Silent, ...]] = {**layers.SILENT, **optimizers.SILENT}


def canonical(path: str) -> str:
    """The path at which a name is known: of a gone module's names that of their home.

    Names that are nowhere in Keras 3 get the first home, too: what is told of them stands there.
    """
    if path in GONE:
        return path
    module, _, name = path.rpartition(".")
    homes = HOMES.get(module)
    if not homes:
        return path
    home = next((one for one in homes if name in PUBLIC[one]), homes[0])
    path = f"{home}.{name}"
    return optimizers.ALIASES.get(path, path)


def is_otherwise(path: str) -> bool:
    """Whether Keras 3 has something else of that name, so that only a source for Keras 2 means what that had."""
    return path in OTHERWISE


def variants(path: str) -> tuple[Function, ...]:
    """The entries of a function, class or layer, of which a call is for the first that takes it; (): there is none."""
    path = canonical(optimizers.ALIASES.get(path, path))
    found = optimizers.VARIANTS.get(path)
    if found is not None:
        return found
    module, _, name = path.rpartition(".")
    entry = _ENTRIES.get(path)
    if entry is None and module == "keras.layers":
        entry = layers.layer(name)
    if entry is None and module == _BACKEND:
        entry = backend().get(name)
    return (entry,) if entry is not None else ()


def method(name: str) -> Method | None:
    return _METHODS.get(name)


def silent(name: str) -> tuple[Silent, ...]:
    """What to tell of calls that leave a default to Keras 3."""
    return _SILENT.get(name, ())


@cache
def backend() -> Mapping[str, Function]:
    """The functions of keras.backend, which few sources need."""
    entries: Mapping[str, Function] = import_module("tdmigrate.keras2.backend").ENTRIES
    return entries


def is_lasting(path: str, tensorflow: bool) -> bool:
    """Whether Keras 3 has it in that very place."""
    if tensorflow:
        if path in RENAMED_IN_TENSORFLOW:
            return False
        if path in IN_TENSORFLOW or path == _BACKEND:
            return True
        module, _, name = path.rpartition(".")
        if module == _BACKEND and path not in HOMES:
            return name not in import_module("tdmigrate.keras2.backend").GONE_FROM_TENSORFLOW
    return new_path(path, tensorflow) == path


def new_path(path: str, tensorflow: bool = False) -> str | None:
    """Where a module or name lives in Keras 3; None: it is gone. A path of which nothing is known stays."""
    if path in HOMES:
        homes = HOMES[path]
        return homes[0] if homes and path in WHOLE else None
    if tensorflow and path in RENAMED_IN_TENSORFLOW:
        return RENAMED_IN_TENSORFLOW[path]
    if tensorflow and path in IN_TENSORFLOW:
        return path
    if path in OTHERWISE:
        return OTHERWISE[path]
    module, _, name = path.rpartition(".")
    for known in (path, canonical(path)):
        if known in RENAMED:
            return RENAMED[known]
        if known in GONE:
            return None
        if known in optimizers.ALIASES:
            return optimizers.ALIASES[known]
        if known in _ENTRIES:
            spelling = _ENTRIES[known].keras3
            return spelling.path if spelling is not None else None
    if module == _BACKEND:
        if name in import_module("tdmigrate.keras2.backend").KEPT:
            return path
        entry = backend().get(name)
        return entry.keras3.path if entry is not None and entry.keras3 is not None else None
    if module in HOMES:
        known = canonical(path)
        home = known.rpartition(".")[0]
        return known if home in PUBLIC and name in PUBLIC[home] else None
    if path.startswith("keras.engine."):
        return None
    return path


def is_other_call(path: str) -> bool:
    """Whether its new name alone, without new arguments, is something else."""
    return canonical(path) in _OTHER_CALLS


def person(path: str) -> str:
    """What to tell a person of a name that is gone."""
    return GONE.get(path) or GONE.get(canonical(path)) or ""


def note(path: str) -> str | None:
    """What to tell where a name becomes another."""
    return NOTES.get(path)


def constant(path: str, tensorflow: bool) -> str | None:
    """The new text of a constant that is gone."""
    return None if tensorflow and path in IN_TENSORFLOW else CONSTANTS.get(path)


def is_gone_module(path: str) -> bool:
    return path in HOMES


def homes(path: str) -> tuple[str, ...]:
    """Where the names of a gone module live now."""
    return HOMES.get(path, ())


def exports(module: str) -> frozenset[str]:
    """The names that a star import of a module brings."""
    if module in HOMES:
        return frozenset(name for home in HOMES[module] for name in PUBLIC[home] if home != "keras")
    known = (*RENAMED, *GONE, *_ENTRIES, *optimizers.VARIANTS, *optimizers.ALIASES)
    named = {path.rpartition(".")[2] for path in known if path.rpartition(".")[0] == module}
    if module == _BACKEND:
        named.update(backend())
    return frozenset(named) | PUBLIC.get(module, frozenset())
