"""What the modules of a project give a source that imports them: functions, classes and variables that lead to models.

Each module is read once and run in the abstract, never imported. Where it lies hangs on the source's own path alone, so
a source gets the same answer whichever files a run is for.
"""

from __future__ import annotations

import ast
import os
from collections import Counter, deque
from collections.abc import Iterator
from functools import lru_cache

from tdmigrate.keras1.registry import METHOD_PROOF_KEYWORDS
from tdmigrate.understanding.imported import Places, imported, under, written
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import Elsewhere, Value

WITHIN = "::"  # between the path of a module and a name in it
MOST = 60  # modules that the imports of one source lead to
DEEPEST = 12  # modules that are run, each for one that imports it
_MARKS = (".git", "setup.py", "setup.cfg", "pyproject.toml", "requirements.txt")  # of a project's own folder
_WORDS = tuple(sorted(METHOD_PROOF_KEYWORDS))


class Modules:
    """The modules of the project that one source may import."""

    def __init__(self, path: str) -> None:
        """``path``: of the source; one that names no file has none."""
        self._path = os.path.realpath(path)
        self._places: Places | None = None
        if not path.startswith("<") and path != "-":
            self._places = Places(path, _roots(os.path.dirname(self._path)), ("keras",))

    def find(self, name: str) -> Elsewhere | None:
        """The module of a dotted name as the source writes it; None: none of the project, or it leads to no model."""
        place = self._places.find(name, self._path) if self._places is not None else None
        return of_file(place) if place is not None and place != self._path else None

    def imported(self, module: Module) -> list[str]:
        """The files of the project that the source's imports mean, in order of their names."""
        if self._places is None:
            return []
        found = (self._places.find(name, self._path) for name in imported(module.tree))
        return [place for place in dict.fromkeys(found) if place is not None and place != self._path]

    def member(self, statement: ast.ImportFrom, name: str) -> Value | None:
        """What ``from module import name`` binds; None: nothing that is known to lead to a model."""
        home = self.find(written(statement))
        value = attribute(home, name) if home is not None else None
        return value if value is not None else self.find(under(written(statement), name))

    def package(self, name: str, present: Value) -> Value | None:
        """What ``import a.b.c`` binds ``a`` to, where the source has ``present`` there; None: nothing of use."""
        top, _, rest = name.partition(".")
        home = self.find(top) or (present if isinstance(present, Elsewhere) else None)
        if isinstance(present, Elsewhere) and home is not None and present.path == home.path:
            home = present
        below = top
        parts = rest.split(".") if rest else []
        chain: list[tuple[str, Elsewhere | None]] = []
        for part in parts:
            below = f"{below}.{part}"
            chain.append((part, self.find(below)))
        inner: Elsewhere | None = None
        following = ""
        for part, module in reversed(chain):
            inner = _with(module or Elsewhere(part, UNKNOWN, ()), following, inner) if module or inner else None
            following = part
        return _with(home or Elsewhere(top, UNKNOWN, ()), following, inner) if home or inner else None


def attribute(owner: Elsewhere, name: str) -> Value | None:
    """What something of another module has under a name; None: nothing that is known to lead to a model."""
    return next((value for known, value in owner.attributes if known == name), None)


def _with(owner: Elsewhere, name: str, value: Elsewhere | None) -> Elsewhere:
    if value is None:
        return owner
    others = tuple(pair for pair in owner.attributes if pair[0] != name)
    return owner._replace(attributes=(*others, (name, value)))


@lru_cache(maxsize=64)
def _roots(folder: str) -> tuple[str, ...]:
    """The folders that absolute imports of a source in this folder may start from.

    That of its project, or where nothing marks one, the folder above its package and one more.
    """
    current = folder
    while True:
        if any(os.path.lexists(os.path.join(current, mark)) for mark in _MARKS):
            return (current,)
        parent = os.path.dirname(current)
        if parent == current:
            break
        current = parent
    current = folder
    while os.path.isfile(os.path.join(current, "__init__.py")) and os.path.dirname(current) != current:
        current = os.path.dirname(current)
    above = os.path.dirname(current)
    return (current,) if above in (os.path.expanduser("~"), os.path.sep) else (above,)


# --- what each file gives, and what it is; kept as long as the file stays as it is


_Stamp = tuple[str, int, int]
_given: dict[_Stamp, Elsewhere | None] = {}
_modules: dict[_Stamp, Module | None] = {}
_concerns: dict[_Stamp, bool] = {}
_running: list[str] = []  # files that are being run, each for the one before
_cut: set[str] = set()  # those of them that one further on asked for, in a circle, or that were too many
_runs_in_part: Counter[_Stamp] = Counter()
_imports: dict[_Stamp, list[str]] = {}  # the files that each module imports
_in_part: dict[_Stamp, Elsewhere | None] = {}  # what was found while some were cut: good for the present question alone


def of_file(path: str) -> Elsewhere | None:
    """What a module of the project gives; None: nothing in it leads to a model."""
    stamp = _stamp(path)
    if stamp is None:
        return None
    if stamp in _given:
        return _given[stamp]
    if path in _running or len(_running) >= DEEPEST:
        _cut.add(path)
        return None
    if stamp not in _in_part:
        _running.append(path)
        try:
            found = _in_part[stamp] = _run(path)
        finally:
            _running.pop()
        _cut.discard(path)
        _runs_in_part.update((stamp,) if _cut else ())
        if not _cut or _runs_in_part.total() > MOST:  # many modules in a circle: to run each anew takes too long
            _given[stamp] = found
    found = _in_part[stamp]
    if not _running:
        _in_part.clear()
        _cut.clear()
    return found


def module_of(path: str) -> Module | None:
    """A file of the project, parsed, in Python 3; None: it cannot be read."""
    stamp = _stamp(path)
    if stamp is None:
        return None
    if stamp not in _modules:
        _modules[stamp] = _read(path)
    return _modules[stamp]


def _stamp(path: str) -> _Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return path, status.st_mtime_ns, status.st_size


def _read(path: str) -> Module | None:
    # they stand above this room, and a source that imports no module of its project needs none of them
    from tdmigrate.sources.text import SourceError, read
    from tdmigrate.view import view

    try:
        return view(read(path), importer="a source for Keras").module
    except SourceError:
        return None


def _run(path: str) -> Elsewhere | None:
    module = module_of(path)
    if module is None or not concerns(path):
        return None
    from tdmigrate.understanding.giving import given

    try:
        return given(module)
    except RecursionError:
        return None


def concerns(path: str) -> bool:
    """Whether a module has to do with Keras: it names it or an argument of its own, or imports a module that does."""
    stamp = _stamp(path)
    if stamp is None:
        return False
    if stamp not in _concerns:
        _concerns[stamp] = any(
            "keras" in module.text or any(word in module.text for word in _WORDS) for _, module in led_to(path)
        )
    return _concerns[stamp]


def led_to(path: str) -> Iterator[tuple[str, Module]]:
    """A file and the modules of its project that its imports lead to, nearest first, with their paths."""
    pending = deque([path])
    seen = {path}
    while pending:
        one = pending.popleft()
        module = module_of(one)
        if module is None:
            continue
        yield one, module
        stamp = _stamp(one)
        if stamp is None:
            continue
        if stamp not in _imports:
            _imports[stamp] = Modules(one).imported(module)
        for found in _imports[stamp]:
            if found not in seen and len(seen) < MOST:
                seen.add(found)
                pending.append(found)
