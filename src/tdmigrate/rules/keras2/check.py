"""One module's findings where it is for Keras 2: understanding, then the rules in their order."""

from __future__ import annotations

from tdmigrate.findings import Finding
from tdmigrate.keras1.versions import ALL
from tdmigrate.keras2.layers import ALIKE
from tdmigrate.rules.context import CheckSettings
from tdmigrate.rules.keras2 import attributes, calls, custom, files, imports
from tdmigrate.rules.keras2.context import Keras2
from tdmigrate.rules.render import with_replacements
from tdmigrate.rules.silence import silenced
from tdmigrate.understanding import models
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names


def check_keras2(module: Module, settings: CheckSettings) -> tuple[Finding, ...]:
    """Findings in the order of their places; () where nothing in it is of Keras."""
    names = Names(module, ALL, keras2=True)
    if not names.bindings:
        return ()
    nodes = module.nodes
    facts = models.run(module, names.taken_for(ALIKE), ALL)
    facts = facts._replace(
        functions=tuple(calls.uses(names, facts, nodes)),
        methods=(*facts.methods, *calls.unknown_models(names, facts, nodes)),
        attributes=tuple(filter(attributes.is_wanted, facts.attributes)),
    )
    ctx = Keras2(module, names, facts, settings, silenced(module.text))
    calls.check_calls(ctx)
    calls.check_methods(ctx)
    attributes.check_attributes(ctx, nodes)
    files.check_files(ctx)
    custom.check_custom(ctx, nodes)
    if any("backend" in one.path or one.path in ("keras", "tensorflow") for one in facts.bindings):
        from tdmigrate.rules import backend

        backend.check_backend(ctx)
    imports.check_imports(ctx)
    findings = with_replacements(module, ctx.findings)
    findings.sort(key=lambda finding: (finding.span, finding.code, finding.message))
    return tuple(findings)
