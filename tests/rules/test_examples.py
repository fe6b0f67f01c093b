"""Every example of every rule: the rewrite is exact, a second run is quiet, the result parses."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.findings import Applicability, Finding, Severity
from tdmigrate.pipeline import run_text
from tdmigrate.results import FileResult
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.rules.registry import rules
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.module import Module

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules()
    for number, example in enumerate(rule.examples)
    if not rule.code.startswith("P")
]
OF_PYTHON2 = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules()
    for number, example in enumerate(rule.examples)
    if rule.code.startswith("P")
]


def fixable(findings: tuple[Finding, ...], unsafe: bool) -> list[Finding]:
    wanted = (Applicability.SAFE, Applicability.UNSAFE) if unsafe else (Applicability.SAFE,)
    return [finding for finding in findings if finding.fix is not None and finding.fix.applicability in wanted]


def settings(rule: Rule) -> CheckSettings:
    """Those with which the rule finds anything."""
    return CheckSettings(from_keras2=rule.option == "--from-keras2")


def rewrite(text: str, unsafe: bool, wanted: CheckSettings) -> str:
    findings = fixable(check(Module(text), wanted).findings, unsafe)
    return apply(text, [finding.fix for finding in findings if finding.fix is not None])


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_rule_finds_its_example(rule: Rule, example: Example) -> None:
    assert rule.code in {finding.code for finding in check(Module(example.before), settings(rule)).findings}


@pytest.mark.parametrize(("rule", "example"), [one for one in EXAMPLES if one.values[0].option])  # type: ignore[union-attr]
def test_a_rule_that_needs_an_option_is_silent_without_it(rule: Rule, example: Example) -> None:
    assert check(Module(example.before), CheckSettings()).findings == ()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_rewrite_is_exact_and_final(rule: Rule, example: Example) -> None:
    if example.after is None:
        own = [f for f in check(Module(example.before), settings(rule)).findings if f.code == rule.code]
        assert own
        assert all(one.fix is None or one.fix.applicability is Applicability.DISPLAY for one in own)
        return
    after = rewrite(example.before, example.unsafe, settings(rule))
    assert after == example.after
    ast.parse(after)
    again = check(Module(after), settings(rule))
    assert fixable(again.findings, example.unsafe) == []


@pytest.mark.parametrize(("rule", "example"), OF_PYTHON2)
def test_an_example_of_python_2_is_converted(rule: Rule, example: Example) -> None:
    def findings(text: str, **settings: Any) -> FileResult:
        result = run_text(STDIN, text.encode(), Settings(**settings))
        return result.files[0] if result.files else FileResult(STDIN)

    own = [one for one in findings(example.before).findings if one.code == rule.code]
    assert own
    after = findings(example.before, mode="write")
    if example.after is None:
        assert any(one.fix is None for one in own)
        assert [one.code for one in after.findings if one.code == rule.code]
        return
    assert after.new_text == example.after
    assert [one.code for one in after.findings if one.severity is not Severity.NOTE] == []
    assert findings(example.after).left == 0


def test_codes_are_unique_and_well_formed() -> None:
    codes = [rule.code for rule in rules()]
    assert len(codes) == len(set(codes))
    assert all(len(code) == 5 if code.startswith("TD") else len(code) == 4 for code in codes)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_a_rule_says_what_why_and_how_safe(rule: Rule) -> None:
    for text in (rule.title, rule.what, rule.why, rule.safety):
        assert text
        assert text == text.strip()
    assert rule.what.endswith(".")
    assert rule.why.endswith(".")
    assert rule.safety.endswith(".")
