"""Which Keras a source was written for, and on which backend: what proves it, line by line."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tdmigrate.findings import Evidence
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Dropped, Entry, Method, Renamed
from tdmigrate.keras1.versions import ALL, Versions, parse
from tdmigrate.understanding.calls import LAYER_KEYWORDS, is_new, signature
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

_SOFTMAX = "time_distributed_softmax"
_CHANNELS_LAST = parse("1.1")  # from here on the default, keras/backend/common.py


class Era(NamedTuple):
    """What was concluded, and from which lines.

    ``legacy``: whether anything proves Keras 0.x/1.x, or the user says so and nothing is of Keras 3; else it is left
    alone.
    ``assumed``: of the ``versions`` that it may be for, those that are assumed where they differ: the newest of these.
    ``ordering``: where images have their channels by default, "th" (channels, rows, columns) or "tf" (rows, columns,
    channels); ``ordering_told``: whether the source sets it, else it is that of the releases.
    """

    versions: Versions
    assumed: Versions
    backend: str  # "theano" or "tensorflow"
    legacy: bool
    proof: Evidence | None  # the first line that proves Keras 0.x/1.x
    version_evidence: tuple[Evidence, ...]
    backend_evidence: tuple[Evidence, ...]
    ordering: str
    ordering_told: bool


def conclude(module: Module, names: Names, pinned: str | None = None, backend: str | None = None) -> Era:
    """``pinned`` and ``backend``: what the user says, which stands above what the source says."""
    search = _Search(module, names)
    search.imports()
    search.walk()
    versions = search.versions
    if pinned is not None:
        versions = parse(pinned)
    if backend is None:
        backend = search.backend or ("theano" if versions.hi < parse("0.3").lo else "tensorflow")
    legacy = search.proof is not None or (pinned is not None and not search.modern)
    return Era(
        versions,
        search.assumed(versions),
        backend,
        legacy,
        search.proof,
        tuple(search.version_evidence),
        tuple(search.backend_evidence),
        search.ordering or ("th" if search.assumed(versions).hi < _CHANNELS_LAST.lo else "tf"),
        search.ordering is not None,
    )


class _Search:
    def __init__(self, module: Module, names: Names) -> None:
        self.module = module
        self.names = names
        self.versions = ALL
        self.proof: Evidence | None = None
        self.version_evidence: list[Evidence] = []
        self.backend: str | None = None
        self.backend_evidence: list[Evidence] = []
        self.ordering: str | None = None  # the last one set
        self.modern = False  # whether something is of Keras 3
        self._quirks: list[Versions] = []  # the releases before one did what an argument says otherwise

    def assumed(self, versions: Versions) -> Versions:
        """Where some release did not do what an argument says, one before it is assumed."""
        for before in self._quirks:
            versions = versions.narrow(before) or versions
        return versions

    def _prove(self, node: ast.expr | ast.stmt | ast.keyword, message: str) -> None:
        evidence = Evidence(self.module.span(node), message)
        if self.proof is None or evidence.span < self.proof.span:
            self.proof = evidence

    def _narrow(self, versions: Versions, node: ast.expr | ast.stmt | ast.keyword, what: str) -> None:
        """Evidence that contradicts what stands already is left out: the earlier line keeps its say."""
        narrower = self.versions.narrow(versions)
        if narrower is None or narrower == self.versions:
            return
        self.versions = narrower
        self.version_evidence.append(Evidence(self.module.span(node), f"{what}: Keras {versions.show()}"))

    def imports(self) -> None:
        alternatives = _alternatives(self.module.tree)
        for binding in self.names.bindings:
            if registry.is_proof_path(binding.path):
                self._prove(binding.statement, f"{binding.path} was in Keras 0.x/1.x only")
            entry = registry.lookup(binding.path)
            if entry is not None and binding.statement not in alternatives:
                self._narrow(_importable(entry, binding.path), binding.statement, f"import of {binding.path}")
        for statement in ast.walk(self.module.tree):
            if isinstance(statement, ast.Import):
                tops = [alias.name.partition(".")[0] for alias in statement.names]
            elif isinstance(statement, ast.ImportFrom) and statement.level == 0 and statement.module:
                tops = [statement.module.partition(".")[0]]
            else:
                continue
            self.modern = self.modern or "tdmigrate" in tops
            for backend in ("theano", "tensorflow"):
                if backend in tops:
                    self._backend(backend, statement, f"imports {backend}")

    def _backend(self, backend: str, node: ast.expr | ast.stmt, message: str) -> None:
        if self.backend is None:
            self.backend = backend
        if self.backend == backend:
            self.backend_evidence.append(Evidence(self.module.span(node), message))

    def walk(self) -> None:
        for node in ast.walk(self.module.tree):
            if isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.Constant) and node.value == _SOFTMAX:
                self._softmax(node)
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                symbol = self.names.resolve(node)
                if symbol is not None and registry.is_proof_path(symbol.path):
                    self._prove(node, f"{symbol.path} was in Keras 0.x/1.x only")

    def _call(self, node: ast.Call) -> None:
        symbol = self.names.resolve(node.func)
        if symbol is not None:
            if symbol.path.endswith(".set_image_dim_ordering") and node.args and isinstance(node.args[0], ast.Constant):
                told = node.args[0].value
                self.ordering = str(told) if told in ("th", "tf") else self.ordering
            entry = registry.lookup(symbol.path)
            if entry is not None:
                self._keywords(node, entry, entry.name)
                self._order(node, entry)
                self._quirk(node, entry)
                self.modern = self.modern or is_new(node, entry)
        elif isinstance(node.func, ast.Attribute) and self.names.bindings:
            methods = registry.methods(node.func.attr)
            legacy = [k for k in node.keywords if k.arg in registry.METHOD_PROOF_KEYWORDS]
            if methods and legacy:
                self._prove(legacy[0], f"{node.func.attr}({legacy[0].arg}=…) was in Keras 0.x/1.x only")
                for keyword in legacy:
                    ranges = [r for m in methods if (r := _having(m, keyword.arg or "")) is not None]
                    if ranges:
                        hull = Versions(min(r.lo for r in ranges), max(r.hi for r in ranges))
                        self._narrow(hull, keyword, f"{node.func.attr}({keyword.arg}=…)")

    def _order(self, node: ast.Call, entry: Entry) -> None:
        """Two sizes by position, (input_dim, output_dim), where later releases took an initializer's name second."""
        first = [signature(text).names()[:2] for text in entry.signatures.values()]
        if first[0] != ("input_dim", "output_dim") or first[-1] == first[0] or len(node.args) < 2:
            return
        if _is_size(node.args[1]):
            shown = " ".join(self.module.segment(node).split())
            if isinstance(node.args[1], ast.Constant):
                self._prove(node, f"{shown}, two sizes by position, was in Keras 0.1 only")
            self._narrow(parse("0.1"), node, f"{shown} is (input_dim, output_dim)")

    def _softmax(self, node: ast.Constant) -> None:
        self._prove(node, f"the activation {_SOFTMAX} was in Keras 0.1-0.2 only")
        self._narrow(parse("0.1-0.2"), node, f"the activation {_SOFTMAX}")

    def _quirk(self, node: ast.Call, entry: Entry) -> None:
        """An argument that some later release dropped, or used for another one too."""
        spelling = entry.keras3
        if spelling is None or not spelling.since:
            return
        given = {keyword.arg: keyword.value for keyword in node.keywords if not _is_none(keyword.value)}
        if spelling.unless is not None:
            name, value = spelling.unless
            constant = given.get(name)
            if isinstance(constant, ast.Constant) and constant.value == value:
                return
        for version, changed in spelling.since.items():
            for name, new in changed.items():
                old = spelling.parameters.get(name)
                lost = isinstance(new, Dropped) and not isinstance(old, Dropped)
                shared = isinstance(new, Renamed) and isinstance(old, Renamed) and new.also != old.also
                if name in given and (lost or shared):
                    self._quirks.append(Versions(0, parse(version).lo - 1))

    def _keywords(self, node: ast.Call, entry: Entry, name: str) -> None:
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            versions = _having(entry, keyword.arg)
            if versions is None:
                continue
            self._narrow(versions, keyword, f"{name}({keyword.arg}=…)")
            if registry.is_proof_keyword(entry, keyword.arg):
                self._prove(keyword, f"{name}({keyword.arg}=…) was in Keras 0.x/1.x only")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_size(node: ast.expr) -> bool:
    """Whether an expression can only be a number, or is named like anything but an initializer."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return "init" not in (node.id if isinstance(node, ast.Name) else node.attr).lower()
    return isinstance(node, (ast.BinOp, ast.Subscript))


def _importable(entry: Entry, path: str) -> Versions:
    return parse(entry.paths[path]) if path in entry.paths else ALL


def _having(entry: Entry | Method, keyword: str) -> Versions | None:
    """The releases that took this parameter; None: no signature names it."""
    keys = tuple(entry.signatures)
    found: list[tuple[int, int]] = []
    forms = [signature(text) for text in entry.signatures.values()]
    if all(keyword not in form.names() for form in forms):
        return None
    for index, (key, form) in enumerate(zip(keys, forms, strict=True)):
        if keyword in form.names() or (form.double_star and keyword in LAYER_KEYWORDS):
            start = parse(key).lo if index else 0
            end = parse(keys[index + 1]).lo - 1 if index + 1 < len(keys) else ALL.hi
            found.append((start, end))
    return Versions(min(s for s, _ in found), max(e for _, e in found))


def _alternatives(tree: ast.Module) -> set[ast.stmt]:
    """Statements inside try or if: one of several ways, so no proof of a version."""
    found: set[ast.stmt] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Try, ast.If)):
            found.update(child for child in ast.walk(node) if isinstance(child, (ast.Import, ast.ImportFrom)))
    return found
