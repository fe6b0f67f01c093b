"""What ``explain`` and ``rules`` print, which is also what the documentation shows: Markdown, from the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import fill

from tdmigrate.rules.rule import Example, Rule

WIDTH = 88


def explain(rule: Rule) -> str:
    """One rule as a page."""
    parts = [f"# {rule.code}: {rule.title}", f"`{rule.name}`"]
    if rule.option:
        parts.append(_filled(f"It needs the option `{rule.option}`."))
    for title, text in (("What it does", rule.what), ("Why", rule.why), ("Safety", rule.safety)):
        parts += [f"## {title}", _filled(text)]
    if rule.examples:
        parts.append("## Example" if len(rule.examples) == 1 else "## Examples")
    for example in rule.examples:
        parts += _example(example)
    return "\n\n".join(parts) + "\n"


def rule_list(rules: Sequence[Rule]) -> str:
    """All rules, one a line: code, name, title, and the option that it needs."""
    codes = max((len(rule.code) for rule in rules), default=0)
    names = max((len(rule.name) for rule in rules), default=0)
    return "".join(
        f"{rule.code:<{codes}}  {rule.name:<{names}}  {rule.title}{f' ({rule.option})' if rule.option else ''}\n"
        for rule in rules
    )


def _example(example: Example) -> Iterator[str]:
    if example.note:
        yield _filled(example.note)
    yield _fenced(example.before)
    if example.after is None:
        yield "Nothing is rewritten: a person decides."
        return
    yield "becomes, with `--unsafe-fixes`:" if example.unsafe else "becomes:"
    yield _fenced(example.after)


def _fenced(source: str) -> str:
    fence = "```"
    while fence in source:
        fence += "`"
    body = source.strip("\n")
    return f"{fence}python\n{body}\n{fence}"


def _filled(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
