"""Which files of a project a file's imports mean, found as Python would, without running anything."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from tdmigrate.discovery import may_hold_legacy
from tdmigrate.sources.text import SourceError, read
from tdmigrate.understanding.imported import Places, imported
from tdmigrate.verification.cutting.division import Divided
from tdmigrate.verification.cutting.joined import Own
from tdmigrate.verification.cutting.vocabulary import MODULES
from tdmigrate.view import view

MOST: Final = 60  # modules that are read for one file
SIZE: Final = 2_000_000  # characters of them


class Texts:
    """The sources of a project, as they are and as they will be."""

    def __init__(
        self,
        known: Mapping[str, tuple[str, str] | None] = {},
        looked_at: Iterable[str] = (),
        roots: Sequence[str] = (),
    ) -> None:
        """``known``: the old and the new text of files, by path; None: it could not be done. ``looked_at``: the paths
        of all that the run migrates. ``roots``: folders that absolute imports may start from."""
        self._known = {os.path.realpath(path): texts for path, texts in known.items()}
        self._looked_at = {os.path.realpath(path) for path in looked_at}
        self._legacy: set[str] = set()  # of the files that were read, those that may hold legacy Keras
        self.roots = tuple(roots)

    def old(self, path: str) -> str | None:
        """The text of a file; None: it cannot be read."""
        return self._text(path, 0)

    def new(self, path: str) -> str | None:
        """Its text after the run."""
        return self._text(path, 1)

    def is_migrated(self, path: str) -> bool:
        """Whether the run looks at it, or it holds nothing that might have to be migrated."""
        return path in self._looked_at or path not in self._legacy

    def _text(self, path: str, which: int) -> str | None:
        if path in self._known:
            texts = self._known[path]
            return texts[which] if texts is not None else None
        try:
            source = read(path)
            if may_hold_legacy(source.data):
                self._legacy.add(path)
            seen = view(source, importer="a source under proof")
            return Divided(seen.module.text) if seen.divides and which == 0 else seen.module.text
        except SourceError:
            return None


def gather(path: str, text: str, texts: Texts, new: bool = False) -> tuple[Own, ...]:
    """A file and the modules of its project that it imports, and so on; the file alone where it does not parse.

    ``new``: with the texts after the run. No module is looked for above the roots, or above the package of the file.
    """
    text_of = texts.new if new else texts.old
    places = Places(path, texts.roots, MODULES)
    paths, texts_of = [os.path.realpath(path)], [text]
    imports: list[dict[str, int]] = []
    size = len(text)
    for index, one in enumerate(paths):  # which grows meanwhile
        imports.append({})
        for name in _wanted(texts_of[index]) or ():
            found = places.find(name, one)
            if found is None or found == one:
                continue
            if found not in paths:
                inner = text_of(found) if len(paths) < MOST else None
                if inner is None or size + len(inner) > SIZE or _wanted(inner) is None:
                    continue
                size += len(inner)
                paths.append(found)
                texts_of.append(inner)
            imports[index][name] = paths.index(found)
    return tuple(
        Own(_name(one), one, inner, names, index == 0 or texts.is_migrated(one))
        for index, (one, inner, names) in enumerate(zip(paths, texts_of, imports, strict=True))
    )


@lru_cache(maxsize=256)  # a module is asked again for each file that imports it
def _wanted(text: str) -> tuple[str, ...] | None:
    """Every dotted name that may be a module which a text imports; None: it does not parse."""
    try:
        return imported(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _name(path: str) -> str:
    folder, file = os.path.split(path)
    name = os.path.splitext(file)[0]
    name = os.path.basename(folder) if name == "__init__" else name
    return name if name.isidentifier() else "module"
