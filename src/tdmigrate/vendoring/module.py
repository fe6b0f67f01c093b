"""The module of a user's project that holds the pieces of ``tdmigrate.compat`` that its migrated sources need."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence

from tdmigrate import __version__
from tdmigrate.config import ConfigError
from tdmigrate.discovery import VENDORED
from tdmigrate.findings import Finding, Import
from tdmigrate.records import NamedTuple
from tdmigrate.sources.text import Source, SourceError, read
from tdmigrate.vendoring.library import COMPAT, Library, LibraryError, library

_HEAD = """\
{mark}{version}. Leave it as it is: `tdmigrate --write --vendor {module}` adds to it.
# What the migrated code of this project needs of Keras 0.x/1.x and Keras 3 lacks, taken from {compat}.
# Copyright (c) 2025 tdmigrate contributors. SPDX-License-Identifier: MIT
# checksum: {checksum}
"""
_DOCSTRING = '''\
"""Old behaviour that Keras 3 has no spelling for.

Registered for saving under the package ``tdmigrate``, as in ``{compat}``, so that either loads what the
other saved; a program that loads such a model imports this module first.
"""
'''
_CHECKSUM = re.compile(r"\A(?:#.*\n)*?# checksum: (\w+)\n")


class Place(NamedTuple):
    """Where the module is or comes to be."""

    module: str  # dotted, as sources import it
    path: str  # as a user would type it
    source: Source | None  # as it is; None: there is none yet


def place(module: str, paths: Sequence[str], project: str | None) -> Place:
    """The file of a module, given what the user named and the folder of the project's settings.

    Its package is looked for above the packages of what was named, then at the project's root, each also in ``src``.
    Raises ``ConfigError``: there is no such package, or something else stands at its place.
    """
    *packages, name = module.split(".")
    bases = list(_bases(paths, project))
    fitting = [base for base in bases if os.path.isdir(os.path.join(base, *packages))]
    if not fitting:
        looked = " nor in ".join(os.path.relpath(base) for base in bases)
        raise ConfigError(f"--vendor {module}: there is no package {'.'.join(packages)} in {looked}")
    files = [os.path.relpath(os.path.join(base, *packages, f"{name}.py")) for base in fitting]
    path = next((file for file in files if os.path.lexists(file)), files[0])
    if os.path.isdir(path.removesuffix(".py")):
        raise ConfigError(f"--vendor {module}: {path.removesuffix('.py')} is a package; name a module of its own")
    if not os.path.lexists(path):
        return Place(module, path, None)
    try:
        source = read(path)
    except SourceError as refused:
        raise ConfigError(f"--vendor {module}: {path} {refused.error.message}: {refused.error.advice}") from None
    if not source.data.startswith(VENDORED):
        raise ConfigError(f"--vendor {module}: {path} was not made by tdmigrate, so it stays; name another module")
    return Place(module, path, source)


def _bases(paths: Sequence[str], project: str | None) -> Iterator[str]:
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in map(os.path.abspath, paths or ["."])]
    folder = os.path.commonpath(folders)
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder = os.path.dirname(folder)
    root = folder
    while not os.path.lexists(os.path.join(root, ".git")) and os.path.dirname(root) != root:
        root = os.path.dirname(root)
    roots = [folder, project, root if os.path.lexists(os.path.join(root, ".git")) else None]
    found = dict.fromkeys(base for base in roots if base is not None)
    yield from dict.fromkeys(one for base in found for one in (base, os.path.join(base, "src")))


def text_of(where: Place, wanted: Iterable[str], pieces: Library | None = None) -> str | None:
    """The whole text of the module with these pieces beside those that it has; None: it has them all.

    Raises ``ConfigError``: it was edited by hand, or holds or lacks what this tdmigrate does not know.
    """
    old = where.source.text.replace("\r\n", "\n") if where.source is not None else ""
    present = _present(where, old) if where.source is not None else frozenset()
    names = sorted(present | frozenset(wanted))
    if present.issuperset(names):
        return None
    found = _CHECKSUM.match(old)
    if where.source is not None and (found is None or found[1] != _checksum(old[found.end() :])):
        lacking = ", ".join(sorted(frozenset(names) - present))
        raise ConfigError(
            f"--vendor {where.module}: {where.path} was edited, so {lacking} cannot be added; delete it, or undo that"
        )
    try:
        cut = (pieces or library()).cut(names)
    except LibraryError as error:
        raise ConfigError(f"--vendor {where.module}: {where.path}: {error}") from None
    listed = "".join(f'    "{name}",\n' for name in names)
    parts = [_DOCSTRING.format(compat=COMPAT), "from __future__ import annotations\n"]
    parts += ["".join(f"{line}\n" for line in group) for group in cut.imports]
    body = "\n".join([*parts, f"__all__ = [\n{listed}]\n"])
    for statement in cut.statements:
        body += f"\n{statement}\n" if "\n" not in statement else f"\n\n{statement}\n"
    head = _HEAD.format(
        mark=VENDORED.decode(), version=__version__, module=where.module, compat=COMPAT, checksum=_checksum(body)
    )
    return head + body


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _present(where: Place, text: str) -> frozenset[str]:
    """The names that the module hands on."""
    try:
        for node in ast.parse(text).body:
            names = [one.id for one in getattr(node, "targets", ()) if isinstance(one, ast.Name)]
            if isinstance(node, ast.Assign) and "__all__" in names:
                return frozenset(ast.literal_eval(node.value))
    except (SyntaxError, ValueError, TypeError):
        pass
    raise ConfigError(f"--vendor {where.module}: {where.path} has no __all__ any more; delete it, or mend it")


def imported(text: str, module: str) -> frozenset[str]:
    """The names that a source imports from a module."""
    return frozenset(alias.name for node in _froms(text, module) for alias in node.names)


def from_compat(text: str, module: str) -> str:
    """The source with ``tdmigrate.compat`` for the module, row by row the same."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    for node in _froms(text, module):
        line = lines[node.lineno - 1].encode("utf-8", "surrogatepass")
        before, behind = (part.decode("utf-8", "surrogatepass") for part in _split(line, node.col_offset))
        lines[node.lineno - 1] = before + re.sub(rf"^from(\s+){re.escape(module)}\b", rf"from\1{COMPAT}", behind)
    return "".join(lines)


def _split(line: bytes, offset: int) -> tuple[bytes, bytes]:
    return line[:offset], line[offset:]


def _froms(text: str, module: str) -> Iterator[ast.ImportFrom]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module == module:
            yield node


def vendored(findings: tuple[Finding, ...], module: str) -> tuple[Finding, ...]:
    """Findings whose new text takes from the module what it would take from ``tdmigrate.compat``."""

    def moved(needed: Import) -> Import:
        inside = needed.module == COMPAT or needed.module.startswith(f"{COMPAT}.")
        return needed._replace(module=module) if inside else needed

    made = []
    for finding in findings:
        fix = finding.fix
        imports = tuple(map(moved, fix.imports)) if fix is not None else ()
        if fix is not None and imports != fix.imports:
            message = finding.message.replace(COMPAT, module)
            finding = finding._replace(message=message, fix=fix._replace(imports=imports))
        made.append(finding)
    return tuple(made)
