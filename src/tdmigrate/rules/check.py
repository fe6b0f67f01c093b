"""One module's findings: understanding, then the rules in their order."""

from __future__ import annotations

from typing import NamedTuple

from tdmigrate.findings import Finding
from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.rules import functions, imports, layers, time_distributed_dense
from tdmigrate.rules.context import CheckSettings, Context
from tdmigrate.rules.render import with_replacements
from tdmigrate.rules.silence import silenced
from tdmigrate.understanding import models
from tdmigrate.understanding.era import Era, conclude
from tdmigrate.understanding.facts import Facts
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names


class CheckResult(NamedTuple):
    """What is found in one module; ``facts`` None: nothing in it is of Keras 0.x/1.x."""

    findings: tuple[Finding, ...]
    era: Era | None
    facts: Facts | None


def check(module: Module, settings: CheckSettings) -> CheckResult:
    """Findings in the order of their places, each code that is wanted and not silenced on its line."""
    versions = parse(settings.keras_version) if settings.keras_version is not None else ALL
    names = Names(module, versions)
    if not names.bindings:
        return CheckResult((), None, None)
    era = conclude(module, names, settings.keras_version, settings.source_backend)
    if not era.legacy:
        return CheckResult((), era, None)
    facts = models.run(module, names, era.versions)
    ctx = Context(module, names, facts, era, settings, silenced(module.text))
    time_distributed_dense.check_family(ctx)
    layers.check_layers(ctx)
    functions.check_functions(ctx)
    functions.check_methods(ctx)
    imports.check_imports(ctx)
    findings = with_replacements(module, ctx.findings)
    findings.sort(key=lambda finding: (finding.span, finding.code, finding.message))
    return CheckResult(tuple(findings), era, facts)
