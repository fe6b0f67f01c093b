"""Sources that import no Keras and use models all the same: which of them belong to a program for Keras 0.x/1.x.

``import net; net.build().fit(x, y, nb_epoch=2)`` needs the same changes as a source that imports Keras itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from tdmigrate.discovery import VENDORED, may_train
from tdmigrate.patience import patience
from tdmigrate.sources.text import SourceError, scan

if TYPE_CHECKING:
    from tdmigrate.evidence import Projects


class Origins:
    """Which source of its project makes the models that a source without Keras uses."""

    def __init__(self, projects: Projects, pinned: str | None) -> None:
        """``pinned``: the release of Keras that the user names."""
        self._projects = projects
        self._pinned = pinned

    def of(self, path: str) -> str | None:
        """By its imports, straight or through others, a source for Keras 0.x/1.x; None: they lead to none."""
        return next((one for one, legacy in self._found(path) if legacy), None)

    def of_training(self, path: str) -> str | None:
        """As ``of``, of a source that trains in the words of Keras 1, which prove something themselves.

        Any source with Keras that its imports lead to will do, or one for Keras 0.x/1.x elsewhere in its project.
        """
        found = self._found(path)
        best = next((one for one, legacy in found if legacy), None)
        return best or next((one for one, _ in found), None) or self._projects.legacy(path)

    def _found(self, path: str) -> list[tuple[str, bool]]:
        """As ``_led_to``; nothing where a source cannot be understood, which is said when its own turn comes."""
        try:
            with patience():
                return list(self._led_to(path))
        except Exception:
            return []

    def _led_to(self, path: str) -> Iterator[tuple[str, bool]]:
        """The sources with Keras that the imports of a source lead to, as a user types them; whether for 0.x/1.x."""
        from tdmigrate.evidence import shown
        from tdmigrate.understanding.elsewhere import led_to

        real = os.path.realpath(path)
        for one, module in led_to(real):
            kind = _kind(one, self._pinned, module.text) if one != real else ""
            if kind:
                pinned = kind == "maybe" and any(claim.legacy_only for claim in self._projects.written(one))
                yield shown(one), pinned or kind == "legacy"


@lru_cache(maxsize=4096)
def _kind(path: str, pinned: str | None, text: str) -> str:
    """What a source is for: "legacy", "maybe" (where its project says so), "other", or "" (it has no Keras)."""
    if "keras" not in text:
        return ""
    from tdmigrate.keras1.versions import ALL
    from tdmigrate.understanding.elsewhere import module_of
    from tdmigrate.understanding.era import conclude
    from tdmigrate.understanding.names import Names

    module = module_of(path)
    if module is None:
        return ""
    names = Names(module, ALL)
    if not names.bindings:
        return ""
    era = conclude(module, names, pinned)
    return "legacy" if era.legacy else "maybe" if era.maybe else "other"


def importers(paths: Sequence[str], legacy: Sequence[str], origins: Origins) -> Mapping[str, str]:
    """Those of ``paths`` whose imports lead to one of the ``legacy`` sources, each with the one it finds first.

    Only a source that names a module is parsed to see whether it imports it.
    """
    found: dict[str, str] = {}
    left = list(paths)
    names = {_name(path) for path in legacy}
    while names and left:
        named = partial(_mentions, [name.encode() for name in sorted(names)])
        names = set()
        again: list[str] = []
        for path in left:
            origin = origins.of(path) if holds(path, named) else None
            if origin is None:
                again.append(path)
            else:
                found[path] = origin
                names.add(_name(path))
        left = again
    return found


def near(paths: Iterable[str], known: Iterable[str]) -> list[str]:
    """Those of ``paths`` in the folder of one of the ``known`` files, right above it, or right below it."""
    folders = {os.path.dirname(path) for path in known}
    close = folders | {os.path.dirname(folder) for folder in folders if folder}
    return [
        path
        for path in paths
        if (folder := os.path.dirname(path)) in close or (folder and os.path.dirname(folder) in folders)
    ]


def trainers(paths: Sequence[str], origins: Origins) -> Mapping[str, str]:
    """Those of ``paths`` that train in the words of Keras 1, each with the source for Keras of its project."""
    found = ((path, origins.of_training(path)) for path in paths if holds(path, may_train))
    return {path: origin for path, origin in found if origin is not None}


def _mentions(names: Sequence[bytes], data: bytes) -> bool:
    """Whether some name stands there as a word; most files have none of them at all, which is soon found out."""
    present = [name for name in names if name in data]
    return bool(present) and re.search(rb"\b(?:%s)\b" % b"|".join(map(re.escape, present)), data) is not None


def holds(path: str, matters: Callable[[bytes], bool]) -> bool:
    """Whether the bytes of a source matter, and it is one that a run can read."""

    def look(data: object) -> bool:
        return isinstance(data, bytes) and not data.startswith(VENDORED) and matters(data)

    try:
        return scan(path, look) is not None
    except SourceError:
        return False


def _name(path: str) -> str:
    """The last part of the dotted name by which a file is imported."""
    folder, file = os.path.split(os.path.realpath(path))
    name = os.path.splitext(file)[0]
    return os.path.basename(folder) if name == "__init__" else name
