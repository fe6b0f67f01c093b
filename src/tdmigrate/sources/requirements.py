"""The requirements that a project's own files write down, line by line. Nothing of the project is run."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from tdmigrate.records import NamedTuple


class Requirement(NamedTuple):
    """One requirement of one file."""

    row: int  # from 1
    name: str  # in lower case, "-" for "_" and "."
    specifier: str  # as PEP 440 writes it: "==1.0.4", ">=1.0,<2"; "": any version
    written: str  # as it stands in the file


# patterns are kept as text, since few projects need any of them compiled
# the name, extras, and the versions up to a marker, a comment or an option; a conda build string is left out
_LINE = r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?\s*((?:[<>=!~]=?=?\s*[\w.*+!-]+\s*,?\s*)*)\)?"
_CONDA = r"=\s*([\d.]+(?:\.\*|\*)?)(?:=\S*)?$"
_TOKENS = r"""(?:[^\s"']|"[^"]*"|'[^']*')+"""
_PIP = r"\bpip[\d.]*\s+install\s+([^&|;\n]*)"


def requirements(name: str, text: str) -> Iterator[Requirement]:
    """The requirements in a file of that name (without its folder); none where it is not one that holds any.

    Raises nothing for what stands in the file: what cannot be read says nothing.
    """
    reader = next((reader for (start, end), reader in _READERS.items() if _fits(name, start, end)), None)
    if reader is not None:
        yield from reader(text)


def is_wanted(name: str) -> bool:
    """Whether a file of that name may hold requirements."""
    return any(_fits(name, start, end) for start, end in _READERS)


def _fits(name: str, start: str, end: str) -> bool:
    return name.startswith(start) and name.endswith(end)


def parse(written: str, row: int) -> Requirement | None:
    """``Keras[tests] >= 1.0, <2 ; python_version < "3"`` as a requirement; None: it is none."""
    text = written.strip()
    match = re.match(_LINE, text)
    if match is None:
        return None
    if text[match.end() :].lstrip()[:1] not in ("", ";", "#", "@", "-"):
        return None
    name = re.sub(r"[-_.]+", "-", match[1]).lower()
    return Requirement(row, name, match[2].replace(" ", "").rstrip(","), " ".join(text.split()))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Rows of text, a line that ends with a backslash joined with the next; without comments."""
    held, start = "", 0
    for row, line in enumerate(text.splitlines(), 1):
        start = start or row
        bare = re.sub(r"(^|\s)#.*$", "", line).rstrip()
        if bare.endswith("\\"):
            held += bare[:-1] + " "
            continue
        yield start, held + bare
        held, start = "", 0
    if held:
        yield start, held


def _plain(text: str) -> Iterator[Requirement]:
    for row, line in _lines(text):
        if line.strip() and not line.lstrip().startswith("-"):
            found = parse(line.split(" --")[0], row)
            if found is not None:
                yield found


def _setup(text: str) -> Iterator[Requirement]:
    """``install_requires=`` and ``extras_require=``, and names or dicts of the module that hold what is given there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    held = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        given: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.Call):
            given = [(keyword.arg or "", keyword.value) for keyword in node.keywords]
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            given = [(str(key.value), value) for key, value in pairs if isinstance(key, ast.Constant)]
        for name, value in given:
            if name in ("install_requires", "extras_require"):
                value = held.get(value.id, value) if isinstance(value, ast.Name) else value
                yield from _literals(value)


def _literals(node: ast.expr) -> Iterator[Requirement]:
    nodes = [*node.values] if isinstance(node, ast.Dict) else [node]
    for inner in (inner for one in nodes for inner in ast.walk(one)):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            for offset, line in enumerate(inner.value.splitlines()):
                found = parse(line, inner.lineno + offset)
                if found is not None:
                    yield found


def _cfg(text: str) -> Iterator[Requirement]:
    """``install_requires`` of setup.cfg, and what ``[options.extras_require]`` lists."""
    section, key = "", ""
    for row, line in _lines(text):
        if line.startswith("["):
            section, key = line.strip("[] "), ""
            continue
        if line[:1].strip():
            key, _, line = line.partition("=")
            key = key.strip()
        wanted = (section == "options" and key == "install_requires") or section == "options.extras_require"
        found = parse(line, row) if wanted and line.strip() else None
        if found is not None:
            yield found


def _toml(text: str) -> Iterator[Requirement]:
    """The lists of pyproject.toml's ``[project]``, and the tables of Poetry and Pipenv."""
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document = toml.loads(text)
    except (ValueError, RecursionError):
        return
    project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
    lists: list[Any] = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    for written in (item for one in lists if isinstance(one, list) for item in one if isinstance(item, str) and item):
        found = parse(written, text.partition(written)[0].count("\n") + 1)
        if found is not None:
            yield found
    groups = [_table(one, "dependencies") for one in _table(poetry, "group").values() if isinstance(one, dict)]
    tables = [_table(poetry, "dependencies"), _table(document, "packages"), _table(document, "dev-packages"), *groups]
    for name, value in ((name, value) for table in tables for name, value in table.items()):
        version = value.get("version") if isinstance(value, dict) else value
        version = version if isinstance(version, str) else ""
        exact = f"=={version}" if version[:1].isdigit() else version if version[:1] in ("=", "<", ">", "!") else ""
        line = re.search(rf"(?m)^\s*[\"']?{re.escape(name)}[\"']?\s*=", text)
        found = parse(f"{name}{exact}", text.count("\n", 0, line.end()) + 1 if line is not None else 1)
        if found is not None:
            yield found._replace(written=f'{name} = "{version or "*"}"')


def _table(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    for key in keys:
        inner = document.get(key)
        document = inner if isinstance(inner, dict) else {}
    return document


def _environment(text: str) -> Iterator[Requirement]:
    """The list items of a conda environment, those for pip too: ``- keras=1.2.2=py27_0``, ``- keras==1.2.2``."""
    for row, line in _lines(text):
        item = line.strip()
        if not item.startswith("- "):
            continue
        written = item[2:].strip().strip("\"'").rpartition("::")[2]
        spec = re.search(_CONDA, written)
        if spec is not None and written[: spec.start()][-1:] not in ("", "=", "<", ">", "!", "~"):
            version = spec[1].rstrip("*").rstrip(".")
            found = parse(f"{written[: spec.start()]}=={version}{'.*' if version.count('.') < 2 else ''}", row)
            found = found and found._replace(written=written)
        else:
            found = parse(written, row)
        if found is not None:
            yield found


def _docker(text: str) -> Iterator[Requirement]:
    """What the lines of a Dockerfile install by pip."""
    for row, line in _lines(text):
        for command in re.findall(_PIP, line):
            for token in re.findall(_TOKENS, command):
                word = token.replace('"', "").replace("'", "")
                found = parse(word, row) if word[:1].isalnum() else None
                if found is not None:
                    yield found


# what the names of the files begin and end with
_READERS: Mapping[tuple[str, str], Callable[[str], Iterator[Requirement]]] = {
    ("requirements", ".txt"): _plain,
    ("setup.py", ".py"): _setup,
    ("setup.cfg", ".cfg"): _cfg,
    ("pyproject.toml", ".toml"): _toml,
    ("Pipfile", "Pipfile"): _toml,
    ("environment", ".yml"): _environment,
    ("environment", ".yaml"): _environment,
    ("Dockerfile", ""): _docker,
}
