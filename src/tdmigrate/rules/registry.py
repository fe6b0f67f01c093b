"""All rules, in the order of their codes."""

from __future__ import annotations

from functools import cache

from tdmigrate.python2 import check as python2
from tdmigrate.python2 import leftovers
from tdmigrate.rules import (
    attributes,
    backend,
    callbacks,
    closures,
    company,
    custom_layers,
    custom_masks,
    data,
    evidence,
    files,
    freezing,
    functions,
    graph,
    handed_on,
    image_ordering,
    imports,
    inputs,
    layer_names,
    layers,
    loaded_weights,
    merging,
    padding,
    shared_layer,
    slashes,
    subclasses,
    time_distributed_dense,
    vendored,
    version_branches,
)
from tdmigrate.rules.keras2 import docs as keras2
from tdmigrate.rules.rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    found = (
        *time_distributed_dense.RULES,
        *imports.RULES,
        version_branches.RULE,
        *layers.RULES,
        *merging.RULES,
        inputs.RULE,
        handed_on.RULE,
        padding.RULE,
        shared_layer.RULE,
        slashes.RULE,
        layer_names.RULE,
        *evidence.RULES,
        *functions.RULES,
        subclasses.RULE,
        *attributes.RULES,
        *image_ordering.RULES,
        *graph.RULES,
        *backend.RULES,
        *data.RULES,
        *callbacks.RULES,
        files.RULE,
        freezing.RULE,
        loaded_weights.RULE,
        *company.RULES,
        closures.RULE,
        *custom_layers.RULES,
    custom_masks.RULE,
        vendored.RULE,
        *keras2.RULES,
        *python2.RULES,
        *leftovers.RULES,
    )
    return tuple(sorted(found, key=lambda rule: (rule.code[0] != "T", rule.code)))


def codes() -> tuple[str, ...]:
    return tuple(rule.code for rule in rules())


def rule(code: str) -> Rule | None:
    return next((known for known in rules() if known.code == code.upper()), None)
