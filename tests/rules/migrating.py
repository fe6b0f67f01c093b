"""Sources checked and rewritten in one process, as the tests of rules want them."""

from __future__ import annotations

from tdmigrate.findings import Applicability, Finding
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module

DEFAULT = CheckSettings()
GRAPH = """from keras.models import Graph
from keras.layers import Dense

graph = Graph()
graph.add_input(name='x', input_shape=(3,))
graph.add_node(Dense(2), name='h', input='x')
graph.add_output(name='y', input='h')
graph.compile('sgd', {'y': 'mse'})
"""


def findings(text: str, settings: CheckSettings = DEFAULT) -> tuple[Finding, ...]:
    return check(Module(text), settings).findings


def fixable(text: str, settings: CheckSettings = DEFAULT) -> list[Finding]:
    found = findings(text, settings)
    return [one for one in found if one.fix is not None and one.fix.applicability is Applicability.SAFE]


def rewrite(text: str, settings: CheckSettings = DEFAULT) -> str:
    """The source with its safe fixes."""
    return apply(text, [one.fix for one in fixable(text, settings) if one.fix is not None])


def migrate(
    text: str, version: str = "1.2.2", style: str = "faithful", backend: str | None = None
) -> tuple[str, list[Finding]]:
    """The source with all fixes, after which none are left, and what was found."""
    settings = CheckSettings(keras_version=version, style=style, source_backend=backend)
    found = list(findings(text, settings))
    new = apply(text, [one.fix for one in found if one.fix is not None])
    assert all(one.fix is None for one in findings(new, settings))
    return new, found
