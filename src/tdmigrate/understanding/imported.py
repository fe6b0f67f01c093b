"""Which files of a project the imports of a source mean."""

from __future__ import annotations

import ast
import os
from collections.abc import Collection, Iterator, Sequence


def imported(tree: ast.Module) -> tuple[str, ...]:
    """Every dotted name that may be a module which a source imports, in order of the alphabet."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return tuple(sorted({name for node in nodes for name in asked(node)}))


def asked(stmt: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Every dotted name that may be a module which the statement imports."""
    for alias in stmt.names:
        if isinstance(stmt, ast.Import):
            yield from leading(alias.name)
        else:
            yield written(stmt)
            if alias.name != "*":
                yield under(written(stmt), alias.name)


def leading(name: str) -> Iterator[str]:
    """``a`` and ``a.b`` of ``a.b``."""
    parts = name.split(".")
    return (".".join(parts[: end + 1]) for end in range(len(parts)))


def written(stmt: ast.ImportFrom) -> str:
    """The dotted name that an import writes, dots in front included."""
    return "." * stmt.level + (stmt.module or "")


def under(name: str, part: str) -> str:
    return f"{name}{part}" if name.endswith(".") else f"{name}.{part}"


class Places:
    """Where the modules that a file imports may lie, found as Python would, without running anything."""

    def __init__(self, path: str, roots: Sequence[str], aside: Collection[str]) -> None:
        """``roots``: folders that absolute imports may start from. ``aside``: names that mean no file of a project."""
        folder = os.path.dirname(os.path.realpath(path))
        top = _package(folder)
        above = [one for one in map(os.path.realpath, roots) if _within(folder, one)]
        self._bounds = [top, *above]
        self._roots = above
        self._aside = aside

    def find(self, name: str, importer: str) -> str | None:
        """The file of a dotted name, as the importer writes it."""
        level = len(name) - len(name.lstrip("."))
        parts = name[level:].split(".") if name[level:] else []
        if level:
            folder = os.path.dirname(importer)
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._file(folder, parts)
        if parts[0] in self._aside:
            return None
        return next((found for folder in self._folders(importer) if (found := self._file(folder, parts))), None)

    def _folders(self, importer: str) -> Iterator[str]:
        """The importer's own folder, that of its package, and all those up to a root."""
        folder = os.path.dirname(importer)
        yield folder
        yield _package(folder)
        for root in self._roots:
            current = folder
            while current != root and _within(current, root):
                current = os.path.dirname(current)
                yield current

    def _file(self, folder: str, parts: Sequence[str]) -> str | None:
        base = os.path.join(folder, *parts)
        for file in (*([f"{base}.py"] if parts else []), os.path.join(base, "__init__.py")):
            if os.path.isfile(file):
                found = os.path.realpath(file)
                return found if any(_within(found, bound) for bound in self._bounds) else None
        return None


def _package(folder: str) -> str:
    """The folder that the outermost package around a file stands in."""
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
