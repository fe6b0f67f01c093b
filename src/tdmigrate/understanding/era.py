"""Which Keras a source was written for, and on which backend: what proves it, line by line."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from tdmigrate.findings import Evidence
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Dropped, Entry, Function, Gathered, Layer, Method, Ordered, Renamed
from tdmigrate.keras1.versions import ALL, Versions, parse
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.calls import LAYER_KEYWORDS, ORDERINGS, is_new, signature
from tdmigrate.understanding.claims import Claim, Claims
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

_SOFTMAX = "time_distributed_softmax"
_CHANNELS_LAST = parse("1.1")  # from here on the default, keras/backend/common.py
_ORDERINGS = parse("1.0-1.2")  # before, none was set for a whole program: layers had their channels first
# functions that set where images have their channels → their values as Keras 1 says them
SETS_ORDERING: Mapping[str, Mapping[object, str]] = {
    "set_image_dim_ordering": {"th": "th", "tf": "tf"},
    "set_image_data_format": ORDERINGS,
}
# methods that layers of their own had → releases
_METHODS = {"get_output_shape_for": "1.0-1.2", "get_output": "0.1-0.3", "get_output_mask": "0.1-0.3"}
_CHANNELS = (1, 3)  # of grey and coloured images
_LAST_AXIS = 4  # larger numbers are lengths; tf.keras took a list of axes where Keras 0.1 took a shape
ASKS_ORDERING = frozenset(("image_dim_ordering", "image_data_format"))

BACKENDS = ("theano", "tensorflow")

# environment variables: what their value says of the backend
_KERAS_BACKEND, _THEANO_FLAGS = "KERAS_BACKEND", "THEANO_FLAGS"

# keywords that take the name of something of a module of Keras
_NAMED = {
    "activation": "keras.activations",
    "inner_activation": "keras.activations",
    "init": "keras.initializations",
    "inner_init": "keras.initializations",
    "loss": "keras.objectives",
    "activity_regularizer": "keras.regularizers",
}


class Era(NamedTuple):
    """What was concluded, and from which lines.

    ``legacy``: whether anything proves Keras 0.x/1.x, or the user or the project says so and nothing is of Keras 3, or
    it imports no Keras and uses models of a source for that; else it is left alone.
    ``maybe``: it is not legacy, but would be if the project said so.
    ``modern``: whether something is of Keras 3 all the same.
    ``assumed``: of the ``versions`` that it may be for, those that are assumed where they differ: the newest of these.
    ``ordering``: where images have their channels by default, "th" (channels, rows, columns) or "tf" (rows, columns,
    channels); ``ordering_told``: whether the source or its project sets it or the shape of an input allows no other,
    else it is what such a shape looks like (``ordering_guessed``) or that of the releases.
    ``orderings``: all that the source sets, "" for one that is no constant; ``ordering_asked``: whether it asks which
    one is set.
    ``backend_told``: whether anything says which backend it ran on, else it is the usual one.
    ``contradictions``: lines of the source that say otherwise than earlier ones, whose say stands.
    ``theano_asked``: where the source itself asks Keras for Theano.
    ``claims``: what of the project decided; ``at_odds``: what of it says otherwise than the source, or than a
    weightier file of the project.
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
    ordering_evidence: tuple[Evidence, ...] = ()
    backend_told: bool = False
    modern: bool = False
    maybe: bool = False
    contradictions: tuple[Evidence, ...] = ()
    claims: Claims = ()
    at_odds: Claims = ()
    orderings: frozenset[str] = frozenset()
    ordering_asked: bool = False
    ordering_guessed: bool = False
    theano_asked: tuple[Evidence, ...] = ()

    @property
    def channels(self) -> str | None:
        """The ordering of every layer that names none; None: the setting at run time decides, in Keras 3 as before."""
        if len(self.orderings) > 1 or "" in self.orderings or (self.ordering_asked and not self.orderings):
            return None
        return self.ordering


def conclude(
    module: Module,
    names: Names,
    pinned: str | None = None,
    backend: str | None = None,
    claims: Claims = (),
    vendor: str | None = None,
) -> Era:
    """``pinned`` and ``backend``: what the user says, which stands above what the source says.

    ``claims`` of the project stand below both. ``vendor``: the module of the project that migrated sources import what
    is in ``tdmigrate.compat`` from.
    """
    return weigh(Search(module, names, vendor), pinned, backend, claims)


def weigh(search: Search, pinned: str | None = None, backend: str | None = None, claims: Claims = ()) -> Era:
    """As ``conclude``, of a source that was searched already."""
    versions = search.versions if pinned is None else parse(pinned)
    found = backend or search.backend
    ordering = search.ordering or _only(search.fitting)
    decided: list[Claim] = []
    at_odds: list[Claim] = []
    for claim in claims:
        said = used = False
        if claim.versions is not None and pinned is None:
            narrower = versions.narrow(claim.versions)
            said = narrower is None
            used = narrower is not None and (narrower != versions or claim.legacy_only)
            versions = narrower or versions
        if claim.backend is not None and backend is None:
            said = said or (found not in (None, claim.backend) and not search.sets_backend)
            used = used or found is None
            found = found or claim.backend
        if claim.ordering is not None and ordering is None:
            ordering, used = claim.ordering, True
        (at_odds if said else decided if used else []).append(claim)
    for_keras1 = pinned is not None or any(claim.legacy_only for claim in claims)
    assumed = search.assumed(versions)
    if ordering is None and versions.hi < _ORDERINGS.lo:
        ordering = "th"
    guessed = _only(search.likely) if ordering is None else None
    return Era(
        versions,
        assumed,
        found or ("theano" if versions.hi < parse("0.3").lo else "tensorflow"),
        search.proof is not None or bool(search.origin) or (for_keras1 and not search.modern),
        search.proof,
        tuple(search.version_evidence),
        tuple(search.backend_evidence),
        ordering or guessed or ("th" if assumed.hi < _CHANNELS_LAST.lo else "tf"),
        ordering is not None,
        tuple(search.ordering_evidence),
        found is not None or versions.hi < parse("0.3").lo,
        search.modern,
        search.proof is None and not for_keras1 and not search.modern,
        tuple(search.contradictions) if pinned is None else (),
        tuple(decided),
        tuple(at_odds),
        frozenset(search.orderings),
        search.ordering_asked,
        guessed is not None,
        tuple(search.set_backends.get("theano", ())),
    )


def _only(orderings: set[str]) -> str | None:
    return next(iter(orderings)) if len(orderings) == 1 else None


class Search:
    """What the lines of a source say."""

    def __init__(self, module: Module, names: Names, vendor: str | None, origin: str = "") -> None:
        """``origin``: of a source that imports no Keras, the one of its project that makes the models it uses."""
        self.origin = origin
        self.module = module
        self.names = names
        self.vendor = vendor
        self.versions = ALL
        self.proof: Evidence | None = None
        self.version_evidence: list[Evidence] = []
        self.contradictions: list[Evidence] = []
        self.backends: dict[str, list[Evidence]] = {}  # that the source imports
        self.set_backends: dict[str, list[Evidence]] = {}  # that it asks Keras for
        self.ordering: str | None = None  # the last one set
        self.ordering_evidence: list[Evidence] = []
        self.orderings: set[str] = set()
        self.ordering_asked = False
        self.fitting: set[str] = set()  # what the shapes of inputs allow alone
        self.likely: set[str] = set()  # what they look like
        self.modern = False  # whether something is of Keras 3
        self._told_versions: list[tuple[Versions, Evidence, bool]] = []  # True: Keras 3 has that too
        self._quirks: list[Versions] = []  # the releases before one did what an argument says otherwise
        self._imports()
        self._walk()
        self._settle()

    @property
    def sets_backend(self) -> bool:
        """Whether the source itself asks for a backend, whatever is said elsewhere."""
        return len(self.set_backends) == 1

    @property
    def _told(self) -> dict[str, list[Evidence]]:
        return self.set_backends or self.backends

    @property
    def backend(self) -> str | None:
        """The one that the source is for; None: nothing says so, or it can do with either."""
        return next(iter(self._told)) if len(self._told) == 1 else None

    @property
    def backend_evidence(self) -> list[Evidence]:
        return next(iter(self._told.values())) if len(self._told) == 1 else []

    def assumed(self, versions: Versions) -> Versions:
        """Where some release did not do what an argument says, one before it is assumed."""
        for before in self._quirks:
            versions = versions.narrow(before) or versions
        return versions

    def _prove(self, node: ast.expr | ast.stmt | ast.keyword, message: str) -> None:
        evidence = Evidence(self.module.span(node), message)
        if self.proof is None or evidence.span < self.proof.span:
            self.proof = evidence

    def _narrow(
        self, versions: Versions, node: ast.expr | ast.stmt | ast.keyword, what: str, lasting: bool = False
    ) -> None:
        """A line is for these releases. ``lasting``: it could be for Keras 3 as well."""
        if versions != ALL:
            evidence = Evidence(self.module.span(node), f"{what}: Keras {versions.show()}")
            self._told_versions.append((versions, evidence, lasting))

    def _settle(self) -> None:
        """Evidence that contradicts what stands already is left out: the earlier line keeps its say.

        In a source that is migrated in part, what Keras 3 has too proves nothing.
        """
        for versions, evidence, lasting in self._told_versions:
            narrower = self.versions.narrow(versions)
            if narrower == self.versions or (lasting and self.modern):
                continue
            if narrower is None:
                self.contradictions.append(evidence)
                continue
            self.versions = narrower
            self.version_evidence.append(evidence)

    def _imports(self) -> None:
        alternatives = self._alternatives()
        for binding in self.names.bindings:
            if registry.is_proof_path(binding.path):
                self._prove(binding.statement, f"{binding.path} was in Keras 0.x/1.x only")
            available = registry.available(binding.path)
            if available is not None and binding.statement not in alternatives:
                lasting = registry.is_lasting(binding.path)
                self._narrow(available, binding.statement, f"import of {binding.path}", lasting)
        for statement in self.module.nodes:
            if isinstance(statement, ast.Import):
                homes = [alias.name for alias in statement.names]
            elif isinstance(statement, ast.ImportFrom) and statement.level == 0 and statement.module:
                homes = [statement.module]
            else:
                continue
            tops = [home.partition(".")[0] for home in homes]
            self.modern = self.modern or "tdmigrate" in tops or self.vendor in homes
            for backend in BACKENDS:
                if backend in tops and statement not in alternatives:
                    self._add(self.backends, backend, statement, f"imports {backend}")

    def _alternatives(self) -> set[ast.stmt]:
        """Statements inside try or if: one of several ways, so no proof of a version."""
        imports = [node for node in self.module.nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
        return {one for one in imports if any(isinstance(node, (ast.Try, ast.If)) for node in self._around(one))}

    def _is_tried(self, node: ast.AST) -> bool:
        """Whether it stands inside try: it may be there to fail."""
        return any(isinstance(one, ast.Try) for one in self._around(node))

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        inside = self.module.parents.get(node)
        while inside is not None:
            yield inside
            inside = self.module.parents.get(inside)

    def _add(self, told: dict[str, list[Evidence]], what: str, node: ast.expr | ast.stmt, message: str) -> None:
        told.setdefault(what, []).append(Evidence(self.module.span(node), message))

    def _walk(self) -> None:
        for node in self.module.nodes:
            if isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.ClassDef) and node.bases:
                self._class(node)
            elif isinstance(node, ast.Constant) and node.value == _SOFTMAX:
                self._softmax(node)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Subscript) and _is_environment(target.value):
                        self._variable(target.slice, node.value, node)
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                symbol = self.names.resolve(node)
                if symbol is None:
                    continue
                if registry.is_proof_path(symbol.path):
                    self._prove(node, f"{symbol.path} was in Keras 0.x/1.x only")
                if symbol.path != symbol.binding.path and not self._is_tried(node):
                    available = registry.available(symbol.path)
                    if available is not None:
                        self._narrow(available, node, symbol.path, registry.is_lasting(symbol.path))

    def _class(self, node: ast.ClassDef) -> None:
        """A layer of the source's own: Keras 2 calls none of these methods; one with the new one too is for both."""
        methods = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        found = [(name, versions) for name, versions in _METHODS.items() if name in methods]
        if not found or "compute_output_shape" in methods:
            return
        symbols = [self.names.resolve(base) for base in node.bases]
        if not any(isinstance(registry.lookup(one.path), Layer) for one in symbols if one is not None):
            return
        for name, versions in found:
            self._prove(methods[name], f"{name} of a layer was in Keras 0.x/1.x only")
            self._narrow(parse(versions), methods[name], f"{name} of a layer")

    def _variable(self, name: ast.expr, value: ast.expr | None, node: ast.expr | ast.stmt) -> None:
        """An environment variable that is set before Keras is imported."""
        if not isinstance(name, ast.Constant) or value is None:
            return
        if name.value == _KERAS_BACKEND and isinstance(value, ast.Constant) and value.value in BACKENDS:
            self._add(self.set_backends, str(value.value), node, f"sets {_KERAS_BACKEND} to {value.value}")
        elif name.value == _THEANO_FLAGS:
            self._add(self.backends, "theano", node, f"sets {_THEANO_FLAGS}")

    def _call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute):
            if node.func.attr in ("setdefault", "putenv") and len(node.args) == 2:
                holder = node.func.value
                if _is_environment(holder) or (isinstance(holder, ast.Name) and holder.id == "os"):
                    self._variable(node.args[0], node.args[1], node)
            elif node.func.attr == "update" and _is_environment(node.func.value):
                for keyword in node.keywords:
                    self._variable(ast.Constant(keyword.arg), keyword.value, node)
                for given in node.args:
                    for key, value in zip(given.keys, given.values, strict=True) if isinstance(given, ast.Dict) else ():
                        if key is not None:
                            self._variable(key, value, node)
        for keyword in node.keywords:
            home = _NAMED.get(keyword.arg or "")
            if home is not None and isinstance(keyword.value, ast.Constant) and self.names.bindings:
                self._named(home, keyword.value)
        symbol = self.names.resolve(node.func)
        if symbol is None and self.names.bindings:  # of a Graph, or handed on to a layer
            self._channels(self._lengths(_keywords(node), "input_shape", "batch_input_shape"))
        if symbol is not None:
            self._image_setting(node, symbol.path)
            entry = registry.lookup(symbol.path)
            if entry is not None:
                self._keywords(node, entry, entry.name)
                self._order(node, entry)
                self._kernel(node, entry, symbol.path.rpartition(".")[2])
                self._image(node, entry)
                self._quirk(node, entry)
                mode = _keywords(node).get("border_mode")
                if isinstance(mode, ast.Constant) and mode.value == "full":  # tensorflow_backend.py never knew it
                    self._add(self.backends, "theano", mode, "border_mode='full' is of Theano alone")
                self.modern = self.modern or is_new(node, entry)
                if entry.name == "Activation" and node.args and isinstance(node.args[0], ast.Constant):
                    self._named(_NAMED["activation"], node.args[0])
        elif isinstance(node.func, ast.Attribute) and (self.names.bindings or self.origin):
            methods = registry.methods(node.func.attr)
            lasting = [method for method in methods if method.keras3 is not None]
            self.modern = self.modern or (bool(lasting) and all(is_new(node, method) for method in lasting))
            legacy = [k for k in node.keywords if k.arg in registry.METHOD_PROOF_KEYWORDS]
            if methods and legacy:
                self._prove(legacy[0], f"{node.func.attr}({legacy[0].arg}=…) was in Keras 0.x/1.x only")
                for keyword in legacy:
                    ranges = [r for m in methods if (r := _having(m, keyword.arg or "")) is not None]
                    if ranges:
                        hull = Versions(min(r.lo for r in ranges), max(r.hi for r in ranges))
                        self._narrow(hull, keyword, f"{node.func.attr}({keyword.arg}=…)")
            for name, place in self._handed_on(node) if methods else ():
                if name in registry.METHOD_PROOF_KEYWORDS:
                    self._prove(place, f"{node.func.attr}({name}=…), which comes in by **, was in Keras 0.x/1.x only")

    def _handed_on(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """Keywords that a dict which the module writes hands on by ``**``."""
        for star in (keyword.value for keyword in call.keywords if keyword.arg is None):
            made = [star]
            if isinstance(star, ast.Name):
                assigned = (node for node in self.module.nodes if isinstance(node, ast.Assign))
                made = [node.value for node in assigned for one in node.targets if getattr(one, "id", "") == star.id]
            for value in made:
                if isinstance(value, ast.Dict):
                    for key in value.keys:
                        if isinstance(key, ast.Constant) and isinstance(key.value, str):
                            yield key.value, key
                elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict":
                    for keyword in value.keywords:
                        if keyword.arg is not None:
                            yield keyword.arg, keyword.value

    def _named(self, home: str, node: ast.Constant) -> None:
        """A string that names something of a module."""
        known = isinstance(node.value, str) and node.value != _SOFTMAX
        path = f"{home}.{node.value!s}"
        available = registry.available(path) if known else None
        if available is not None and registry.is_gone_name(path):
            self._prove(node, f"{node.value!r} of {home} was in Keras 0.x/1.x only")
        if available is not None:
            self._narrow(available, node, f"{node.value!r} of {home}", not registry.is_gone_name(path))

    def _image_setting(self, node: ast.Call, path: str) -> None:
        """Where images have their channels: set or asked, in the words of Keras 1 or, once migrated, of Keras 3."""
        name = path.rpartition(".")[2]
        if name in SETS_ORDERING:
            given = next(iter([*node.args, *(keyword.value for keyword in node.keywords)]), None)
            value = given.value if isinstance(given, ast.Constant) else None
            told = SETS_ORDERING[name].get(value, "")
            self.orderings.add(told)
            if told:
                self.ordering = told
                self.ordering_evidence = [Evidence(self.module.span(node), f"{name}({value!r})")]
        self.ordering_asked = self.ordering_asked or name in ASKS_ORDERING
        if path in ("keras.backend.set_image_dim_ordering", "keras.backend.image_dim_ordering"):
            self._narrow(parse("1.0.4-1.2"), node, path)

    def _order(self, node: ast.Call, entry: Entry) -> None:
        """Two sizes by position, (input_dim, output_dim), where later releases took an initializer's name second; or
        the input's shape by position, which they took by name only.
        """
        first = [signature(text).names()[:2] for text in entry.signatures.values()]
        if first[0][:1] == ("input_shape",) and first[-1][:1] != first[0][:1] and node.args:
            shape = self._constant(node.args[0])
            if isinstance(shape, ast.Tuple | ast.List):
                shown = " ".join(self.module.segment(node).split())
                if any((self._number(size) or 0) > _LAST_AXIS for size in shape.elts):
                    self._prove(node, f"{shown}, an input's shape by position, was in Keras 0.1 only")
                self._narrow(parse("0.1"), node, f"{shown} takes the input's shape first")
            return
        if first[0] != ("input_dim", "output_dim") or first[-1] == first[0] or len(node.args) < 2:
            return
        if _is_size(node.args[1]):
            shown = " ".join(self.module.segment(node).split())
            if isinstance(node.args[1], ast.Constant):
                self._prove(node, f"{shown}, two sizes by position, was in Keras 0.1 only")
            self._narrow(parse("0.1"), node, f"{shown} is (input_dim, output_dim)")

    def _kernel(self, node: ast.Call, entry: Entry, name: str) -> None:
        """The sizes of a kernel by position, where Keras 2 took one argument for all, and the strides next.

        The name of Keras 1 says so as well: Keras 2 was written with the short one, Conv2D.
        """
        names = _kernel_names(entry)
        if not names or name != entry.name:
            return
        form = signature(list(entry.signatures.values())[-1]).names()
        sizes = node.args[form.index(names[0]) : form.index(names[-1]) + 1]
        if len(sizes) < len(names):
            return
        constants = all(isinstance(one, ast.Constant) and type(one.value) is int for one in sizes)
        alike = len({ast.dump(one) for one in sizes}) == 1 and all(isinstance(one, ast.Name) for one in sizes)
        if constants or alike or all(isinstance(one, ast.Subscript) for one in sizes):
            shown = " ".join(self.module.segment(node).split())
            self._prove(node, f"{shown}, the sizes of a kernel by position, was in Keras 0.x/1.x only")

    def _image(self, node: ast.Call, entry: Entry) -> None:
        """What the shape of an input says of where its channels are: a kernel is no larger than what it slides over,
        and images have one channel or three."""
        names = _kernel_names(entry)
        given = _keywords(node)
        form = signature(list(entry.signatures.values())[-1]).names()
        placed = dict(zip(form, node.args, strict=False)) | given
        if _is_input(entry):
            self._channels(self._lengths(placed, "shape", "batch_shape"))
            return
        lengths = self._lengths(given, "input_shape", "batch_input_shape")
        if not _has_ordering(entry) or "dim_ordering" in given or (names and len(lengths) != len(names) + 1):
            return
        self._channels(lengths)
        sizes = [self._number(placed.get(name)) for name in names]
        mode = placed.get("border_mode")
        valid = mode is None or (isinstance(mode, ast.Constant) and mode.value == "valid")
        slides = {"th": lengths[1:], "tf": lengths[:-1]} if names else {}
        pairs = {ordering: zip(found, sizes, strict=True) for ordering, found in slides.items()}
        fitting = {
            ordering
            for ordering, both in pairs.items()
            if not valid or all(length is None or size is None or size <= length for length, size in both)
        }
        if len(fitting) == 1:
            self.fitting |= fitting

    def _channels(self, lengths: Sequence[int | None]) -> None:
        """What the lengths of images, or of volumes, look like."""
        if len(lengths) in (3, 4):
            first, last = lengths[0] in _CHANNELS, lengths[-1] in _CHANNELS
            if first != last:
                self.likely.add("th" if first else "tf")

    def _lengths(self, given: Mapping[str, ast.expr], shape: str, batch: str) -> list[int | None]:
        """The lengths of an input, as far as they are told; none where not even their count is."""
        told = self._constant(given.get(shape) or given.get(batch))
        elements = told.elts if isinstance(told, (ast.Tuple, ast.List)) else []
        return [self._number(one) for one in (elements if shape in given else elements[1:])]

    def _number(self, node: ast.expr | None) -> int | None:
        told = self._constant(node)
        known = isinstance(told, ast.Constant) and type(told.value) is int
        return told.value if known else None  # type: ignore[union-attr]

    def _constant(self, node: ast.expr | None) -> ast.expr | None:
        """What a name stands for that the source assigns once, else the expression itself."""
        return self._constants.get(node.id, node) if isinstance(node, ast.Name) else node

    @cached_property
    def _constants(self) -> Mapping[str, ast.expr]:
        """Names that are bound once in all of the source, by an assignment, and to what."""
        nodes = self.module.nodes
        bound = Counter(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        bound.update(node.arg for node in nodes if isinstance(node, ast.arg))
        assigned = [(one, node.value) for node in nodes if isinstance(node, ast.Assign) for one in node.targets]
        pairs: list[tuple[ast.expr, ast.expr]] = []
        for target, value in assigned:
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs += zip(target.elts, value.elts, strict=False)
            else:
                pairs.append((target, value))
        return {target.id: value for target, value in pairs if isinstance(target, ast.Name) and bound[target.id] == 1}

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
            proof = registry.is_proof_keyword(entry, keyword.arg)
            self._narrow(versions, keyword, f"{name}({keyword.arg}=…)", not proof)
            if proof:
                self._prove(keyword, f"{name}({keyword.arg}=…) was in Keras 0.x/1.x only")


def _kernel_names(entry: Entry) -> tuple[str, ...]:
    """The parameters of a kernel's sizes, where each length has its own."""
    parameters = entry.keras3.parameters if entry.keras3 is not None else {}
    return next((one.names for one in parameters.values() if isinstance(one, Gathered)), ())


def _keywords(node: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}


def _has_ordering(entry: Entry) -> bool:
    parameters = entry.keras3.parameters if entry.keras3 is not None else {}
    return any(isinstance(one, Ordered) for one in parameters.values())


def _is_input(entry: Entry) -> bool:
    return isinstance(entry, Function) and entry.kind == "input"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_size(node: ast.expr) -> bool:
    """Whether an expression can only be a number, or is named like anything but an initializer."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return "init" not in (node.id if isinstance(node, ast.Name) else node.attr).lower()
    return isinstance(node, (ast.BinOp, ast.Subscript))


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


def _is_environment(node: ast.expr) -> bool:
    """``os.environ``, or ``environ`` imported from there."""
    return (isinstance(node, ast.Attribute) and node.attr == "environ") or (
        isinstance(node, ast.Name) and node.id == "environ"
    )
