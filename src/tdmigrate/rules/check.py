"""One module's findings: understanding, then the rules in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tdmigrate.findings import Finding
from tdmigrate.keras1.entry import Function, Layer, Ordered, Spelling
from tdmigrate.keras1.layers.core import LAMBDAS
from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules import evidence, functions, handed_on, imports, layers, time_distributed_dense
from tdmigrate.rules.context import CheckSettings, Context
from tdmigrate.rules.render import with_replacements
from tdmigrate.rules.silence import silenced
from tdmigrate.understanding import models
from tdmigrate.understanding.claims import Claims
from tdmigrate.understanding.era import Era, Search, weigh
from tdmigrate.understanding.facts import Facts, LayerUse
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

FILE_METHODS = ("save", "save_weights", "load_weights")
BEFORE_1_2 = parse("0.1-1.1")
_COUNTED = parse("1.0")  # automatic names of layers have numbers since
_NAMED = re.compile(r"__name__|\.name\b|['\"](val_)?[a-z][a-z0-9]*_[1-9]")  # what rules/layer_names.py looks for
_SETTING = re.compile(r"\.(momentum|rho|beta_[12]|decay|iterations)\b")  # of an optimizer
COMPANY = ("sklearn", "scipy", "numpy")  # packages that rules/company.py knows


class CheckResult(NamedTuple):
    """What is found in one module; ``facts`` None: nothing in it is of Keras 0.x/1.x."""

    findings: tuple[Finding, ...]
    era: Era | None
    facts: Facts | None


def has_free_time(layers: Iterable[LayerUse]) -> bool:
    """Whether a TimeDistributedDense may get a time axis of unknown length, which Keras 1.2 refuses on Theano."""
    inputs = [use.inputs for use in layers if use.entry.name == "TimeDistributedDense"]
    return any(dims is None or len(dims) < 2 or not isinstance(dims[1], int) for dims in inputs)


class Reading(NamedTuple):
    """One module and what its lines say; ``search`` None: nothing in it is of Keras."""

    module: Module
    names: Names
    search: Search | None

    def era(self, settings: CheckSettings, claims: Claims = ()) -> Era | None:
        """What the module is for. ``claims``: what its project says of that."""
        if self.search is None:
            return None
        return weigh(self.search, settings.keras_version, settings.source_backend, claims)


def read(module: Module, settings: CheckSettings, origin: str = "") -> Reading:
    """``origin``: of a source that imports no Keras, the one of its project that makes the models it uses."""
    versions = parse(settings.keras_version) if settings.keras_version is not None else ALL
    names = Names(module, versions)
    search = Search(module, names, settings.vendor, origin) if names.bindings or origin else None
    return Reading(module, names, search)


class _Has:
    """Which families of rules can have anything to say of a module."""

    def __init__(self, facts: Facts) -> None:
        functions = [use.entry for use in facts.functions if isinstance(use.entry, Function)]
        self.merges = any(entry.kind == "merge" for entry in functions)
        self.graphs = any(entry.name == "Graph" for entry in functions)
        self.graphs = self.graphs or any("Graph" in (use.owner, *use.method.owners) for use in facts.methods)
        self.backend = any(one.path == "keras" or one.path.startswith("keras.backend") for one in facts.bindings)
        self.callbacks = any(one.path.startswith(("keras.callbacks", "keras.*")) for one in facts.bindings)
        self.files = self.callbacks or any(use.method.name in FILE_METHODS for use in facts.methods)
        self.files = self.files or any(entry.name == "load_model" for entry in functions)
        self.tensors = any(entry.name in ("Input", "merge") for entry in functions)
        self.classes = any(one.role == "base" and isinstance(one.entry, Layer) for one in facts.references)
        self.classes = self.classes or any(use.entry.name == "Layer" for use in facts.layers)
        self.bases = any(one.role == "base" for one in facts.references)
        self.lambdas = any(use.entry.name in LAMBDAS for use in facts.layers)
        self.images = self.backend or any(
            isinstance(use.entry, Layer) and use.entry.keras3 is not None and _knows_channels(use.entry.keras3)
            for use in facts.layers
        )


def _knows_channels(spelling: Spelling) -> bool:
    return any(isinstance(one, Ordered) for one in spelling.parameters.values()) or any(
        one.keyword == "data_format" for one in spelling.written
    )


def _of_keras2(module: Module, settings: CheckSettings) -> tuple[Finding, ...]:
    """What Keras 3 breaks in a source for Keras 2, where that is asked for."""
    if not settings.from_keras2:
        return ()
    from tdmigrate.rules.keras2.check import check_keras2

    return check_keras2(module, settings)


def check(module: Module, settings: CheckSettings, claims: Claims = (), reading: Reading | None = None) -> CheckResult:
    """Findings in the order of their places, each code that is wanted and not silenced on its line.

    ``claims``: what the project says of the Keras it is for. ``reading``: of this very module, where it is there.
    """
    reading = reading or read(module, settings)
    names, era = reading.names, reading.era(settings, claims)
    if era is None or not era.legacy:
        return CheckResult(_of_keras2(module, settings), era, None)
    facts = models.run(module, names, era.assumed, era.channels)
    earlier = era.assumed.narrow(BEFORE_1_2)
    if earlier is not None and earlier != era.assumed and has_free_time(facts.layers):
        era = era._replace(assumed=earlier)
        facts = models.run(module, names, era.assumed, era.channels)
    if not (names.bindings or facts.methods or facts.attributes):
        return CheckResult((), None, None)  # it imports what uses models, and uses none itself
    ctx = Context(module, names, facts, era, settings, silenced(module.text))
    has = _Has(facts)
    # the rules of what a source does not have are not even imported: most of a short check is imports
    if has.merges:
        from tdmigrate.rules import merging

        merging.check_merging(ctx)
    time_distributed_dense.check_family(ctx)
    layers.check_layers(ctx)
    handed_on.check_handed_on(ctx)
    if has.images:
        from tdmigrate.rules import image_ordering

        image_ordering.check_image_ordering(ctx)
    if "/" in module.text and "Graph" not in module.text:  # the nodes of a Graph get names of their own
        from tdmigrate.rules import slashes

        slashes.check_slashes(ctx)
    if era.assumed.hi >= _COUNTED.lo and _NAMED.search(module.text):
        from tdmigrate.rules import layer_names

        layer_names.check_layer_names(ctx)
    if has.graphs:
        from tdmigrate.rules import graph, graph_data

        made = graph.check_graphs(ctx)
        graph_data.check_graph_methods(ctx, made.models, made.builders)
        graph_data.check_graph_attributes(ctx, made.uses, made.models)
    if has.classes:
        from tdmigrate.rules import custom_layers

        custom_layers.check_custom_layers(ctx)
    functions.check_functions(ctx)
    if ".lr" in module.text:
        functions.check_rates(ctx)
    if _SETTING.search(module.text):
        functions.check_settings(ctx)
    functions.check_methods(ctx)
    if facts.methods and era.assumed.within(BEFORE_1_2):
        from tdmigrate.rules import penalties

        penalties.check_penalties(ctx)
    if "egulariz" in module.text and ctx.settings.style != "modern":
        from tdmigrate.rules import lost_penalties

        lost_penalties.check_lost_penalties(ctx)
    if "BatchNormalization" in module.text and ctx.settings.style != "modern":
        from tdmigrate.rules import averages

        averages.check_averages(ctx)
    if has.callbacks or "on_batch_" in module.text:
        from tdmigrate.rules import callbacks

        callbacks.check_subclasses(ctx)
    if (has.callbacks and ".stop_training" in module.text) or "def set_model(" in module.text:
        from tdmigrate.rules import hooks

        hooks.check_hooks(ctx)
    if has.files:
        from tdmigrate.rules import files

        files.check_files(ctx)
    if ".attrs" in module.text and "h5py" in module.text:
        from tdmigrate.rules import weight_files

        weight_files.check_weight_files(ctx)
    if ".trainable" in module.text or "trainable(" in module.text or "freeze" in module.text:
        from tdmigrate.rules import freezing

        freezing.check_freezing(ctx)
    if has.bases:
        from tdmigrate.rules import subclasses

        subclasses.check_subclasses(ctx)
    if has.backend:
        from tdmigrate.rules import backend

        backend.check_backend(ctx)
    if has.backend or has.lambdas or ctx.calls or "theano" in module.text or "tensorflow" in module.text:
        from tdmigrate.rules import lambdas

        lambdas.check_lambdas(ctx)
    if has.backend and "metrics" in module.text:
        from tdmigrate.rules import whole_batches

        whole_batches.check_whole_batches(ctx)
    if has.tensors:
        from tdmigrate.rules import closures

        closures.check_closures(ctx)
    if facts.attributes or "_keras_shape" in module.text:
        from tdmigrate.rules import attributes

        attributes.check_attributes(ctx)
    if "config" in module.text:
        from tdmigrate.rules import configs

        configs.check_configs(ctx)
    if any(name in module.text for name in COMPANY):
        from tdmigrate.rules import company

        company.check_company(ctx)
    imports.check_imports(ctx)
    evidence.check_evidence(ctx)
    findings = with_replacements(module, ctx.findings)
    findings.sort(key=lambda finding: (finding.span, finding.code, finding.message))
    return CheckResult(tuple(findings), era, facts)
