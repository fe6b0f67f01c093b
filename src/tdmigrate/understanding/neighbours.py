"""The modules beside a file: whether one takes Keras's place, and what a star import of one brings."""

import ast
import os.path
import sys
from collections.abc import Collection, Mapping

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.paths import below, same_thing

_LARGEST = 1_000_000  # bytes of a module that is read for its names
_MOST_MODULES = 50  # that one star import leads to

# Star imports of these bring none of Keras's class names: measured over their exports against what Keras 0.2.0–2.0.0
# defines, but for the five modules set apart.
_PLAIN_LIBRARIES = (sys.stdlib_module_names - {"ast", "pyclbr", "sre_parse", "symtable", "typing"}) | {
    "matplotlib",
    "numpy",
    "pandas",
    "pylab",
    "scipy",
}


def owns_keras(path: str) -> bool:
    """Whether ``import keras`` in this file means its own project: it is inside Keras, or a keras.py is beside it.

    A program beside a copy of the Keras package uses Keras.
    """
    if _nameless(path):
        return False
    folders = _packages(path)
    if any(os.path.basename(folder) == "keras" and _exists(folder, "layers") for folder in folders[:-1]):
        return True
    return any(os.path.isfile(os.path.join(folder, "keras.py")) for folder in {folders[0], folders[-1]})


def _nameless(path: str) -> bool:
    return path.startswith("<") or path == "-"


def _packages(path: str) -> list[str]:
    """The folder of a file and those above it up to the one that holds its outermost package."""
    folders = [os.path.dirname(os.path.abspath(path))]
    while os.path.isfile(os.path.join(folders[-1], "__init__.py")) and os.path.dirname(folders[-1]) != folders[-1]:
        folders.append(os.path.dirname(folders[-1]))
    return folders


def _exists(folder: str, module: str) -> bool:
    return os.path.isdir(os.path.join(folder, module)) or os.path.isfile(os.path.join(folder, module + ".py"))


class Star:
    """A star import of a module that is not Keras's.

    ``position`` is its row and column, ``level`` counts the dots of a relative import, ``path`` is the importing file.
    """

    def __init__(self, position: tuple[int, int], module: str, level: int, path: str) -> None:
        self.position = position
        self._source = _Source(module, level, path)
        self._brought: _Brought | None = None

    def may_define(self, name: str, legacy: Collection[str]) -> bool:
        """Whether it may bind a name to anything but these legacy paths: a module that isn't found may bind any."""
        if self._brought is None:
            self._brought = _follow(self._source)
        names, paths, plain, anything = self._brought
        return (
            anything
            or name in names
            or (plain and not name[:1].isupper())
            or any(not any(same_thing(path, known) for known in legacy) for path in paths.get(name, ()))
        )


class _Source(NamedTuple):
    """What a star import reads names from, as written in the file ``path``."""

    module: str
    level: int
    path: str

    def is_plain(self) -> bool:
        return not self.level and self.module.partition(".")[0] in _PLAIN_LIBRARIES

    def files(self) -> list[str]:
        """The files that may be it: below the outermost package's folder, beside the file, or up the dots."""
        if _nameless(self.path):
            return []
        folders = _packages(self.path)
        if self.level:
            folders = folders[self.level - 1 : self.level]
        parts = self.module.split(".") if self.module else []
        found = []
        for folder in dict.fromkeys((*folders[:1], *folders[-1:])):
            target = os.path.join(folder, *parts)
            for file in (target + ".py", os.path.join(target, "__init__.py")):
                if os.path.isfile(file):
                    found.append(file)
        return found


class _Brought(NamedTuple):
    """What star imports bring: names of their own, names of legacy paths, those of a plain library, anything."""

    names: frozenset[str] = frozenset()
    paths: Mapping[str, set[str]] = {}
    plain: bool = False
    anything: bool = False


def _follow(source: _Source) -> _Brought:
    """Read the modules that a star import leads to, through their own star imports."""
    names: set[str] = set()
    paths: dict[str, set[str]] = {}
    plain = False
    pending = [source]
    seen: set[str] = set()
    while pending:
        source = pending.pop()
        if source.is_plain():
            plain = True
            continue
        files = source.files()
        if not files or len(seen) > _MOST_MODULES:
            return _Brought(anything=True)
        for file in files:
            if file not in seen:
                seen.add(file)
                try:
                    tree = ast.parse(_read(file))
                except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                    return _Brought(anything=True)
                pending += _bound(tree, file, names, paths)
    return _Brought(frozenset(names), paths, plain)


def _read(file: str) -> bytes:
    with open(file, "rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError(f"{file} is too large to be read for its names")
    return data


def _bound(tree: ast.Module, path: str, names: set[str], paths: dict[str, set[str]]) -> list[_Source]:
    """Add what a module binds at its own level; its star imports of modules that are not Keras's are what is left."""
    stars: list[_Source] = []
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
            names.update(name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                if below(alias.name, "keras"):
                    paths.setdefault(alias.asname or top, set()).add(alias.name if alias.asname else top)
                else:
                    names.add(alias.asname or top)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            legacy = not node.level and below(module, "keras")
            for alias in node.names:
                if alias.name != "*":
                    local = alias.asname or alias.name
                    if legacy:
                        paths.setdefault(local, set()).add(f"{module}.{alias.name}")
                    else:
                        names.add(local)
                elif not legacy:
                    stars.append(_Source(module, node.level, path))
        else:
            if isinstance(node, ast.Name):
                name = node.id if isinstance(node.ctx, ast.Store) else None
            else:
                name = getattr(node, "name", None) or getattr(node, "rest", None)  # a handler, a match pattern
            if isinstance(name, str):
                names.add(name)
            pending += ast.iter_child_nodes(node)
    return stars
