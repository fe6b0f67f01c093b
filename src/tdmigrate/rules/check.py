"""One module's findings: understanding, then the rules in their order."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from tdmigrate.findings import Finding
from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import CheckSettings, Context
from tdmigrate.rules.needs import Present
from tdmigrate.rules.render import with_replacements
from tdmigrate.rules.silence import silenced
from tdmigrate.rules.stages import STAGES, Stage
from tdmigrate.understanding import models
from tdmigrate.understanding.claims import Claims
from tdmigrate.understanding.era import Era, Search, weigh
from tdmigrate.understanding.facts import Facts, LayerUse
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

BEFORE_1_2 = parse("0.1-1.1")


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


def _of_keras2(module: Module, settings: CheckSettings) -> tuple[Finding, ...]:
    """What Keras 3 breaks in a source for Keras 2, where that is asked for."""
    if not settings.from_keras2:
        return ()
    from tdmigrate.rules.keras2.check import check_keras2

    return check_keras2(module, settings)


def _of_any(module: Module, names: Names, era: Era | None, settings: CheckSettings) -> tuple[Finding, ...]:
    """What goes another way under Keras 3 whatever a source is for, such as one that is migrated but for that."""
    tests = "__version__" in module.words.attributes or any(one.path == "keras.__version__" for one in names.bindings)
    if era is None or not tests:
        return ()
    ctx = Context(
        module, names, models.run(module, names, era.assumed, era.channels), era, settings, silenced(module.text)
    )
    import_module("tdmigrate.rules.version_branches").check_version_branches(ctx)
    return tuple(ctx.findings)


def check(module: Module, settings: CheckSettings, claims: Claims = (), reading: Reading | None = None) -> CheckResult:
    """Findings in the order of their places, each code that is wanted and not silenced on its line.

    ``claims``: what the project says of the Keras it is for. ``reading``: of this very module, where it is there.
    """
    reading = reading or read(module, settings)
    names, era = reading.names, reading.era(settings, claims)
    if era is None or not era.legacy:
        found = (*_of_keras2(module, settings), *_of_any(module, names, era, settings))
        return CheckResult(found, era, None)
    facts = models.run(module, names, era.assumed, era.channels)
    earlier = era.assumed.narrow(BEFORE_1_2)
    if earlier is not None and earlier != era.assumed and has_free_time(facts.layers):
        era = era._replace(assumed=earlier)
        facts = models.run(module, names, era.assumed, era.channels)
    if not (names.bindings or facts.methods or facts.attributes):
        return CheckResult((), None, None)  # it imports what uses models, and uses none itself
    ctx = Context(module, names, facts, era, settings, silenced(module.text))
    run_stages(ctx)
    findings = with_replacements(module, ctx.findings)
    findings.sort(key=lambda finding: (finding.span, finding.code, finding.message))
    return CheckResult(tuple(findings), era, facts)


def run_stages(ctx: Context) -> None:
    """Every rule that may have anything to say, in order."""
    present = Present(ctx)
    for stage in STAGES:
        if _may_find(stage, ctx) and _is_met(stage, present):
            getattr(import_module(f"tdmigrate.rules.{stage.module}"), stage.check)(ctx)


def _may_find(stage: Stage, ctx: Context) -> bool:
    """Whether it is for such releases, and for such a style."""
    if ctx.settings.style == "modern" and not stage.modern:
        return False
    if stage.since and ctx.era.assumed.hi < parse(stage.since).lo:
        return False
    return not stage.until or ctx.era.assumed.within(parse(stage.until))


def _is_met(stage: Stage, present: Present) -> bool:
    """Whether the source has what the stage needs."""
    if stage.needs and not present.any(stage.needs):
        return False
    if stage.also and not present.any(stage.also):
        return False
    return not present.any(stage.unless)
