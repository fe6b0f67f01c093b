from __future__ import annotations

import pytest

from tdmigrate.errors import ERRORS
from tdmigrate.reporting.rule_pages import explain, rule_list
from tdmigrate.rules.registry import rules
from tdmigrate.rules.rule import Example, Rule

RULE = Rule(
    "TD001",
    "a-name",
    "A title",
    "What it finds.",
    "Why " + "it " * 40 + "is.",
    "Safe.",
    (
        Example("old()\n", "new()\n"),
        Example("worse()\n", "\nbetter()\n", unsafe=True, note="A note."),
        Example("'''```'''\n", None),
    ),
)


def test_golden() -> None:
    page = explain(RULE._replace(why="Because."))
    assert page == (
        """\
# TD001: A title

`a-name`

## What it does

What it finds.

## Why

Because.

## Safety

Safe.

## Examples

```python
old()
```

becomes:

```python
new()
```

A note.

```python
worse()
```

becomes, with `--unsafe-fixes`:

```python
better()
```

````python
'''```'''
````

Nothing is rewritten: a person decides.
"""
    )


def test_text_is_wrapped() -> None:
    assert max(map(len, explain(RULE).splitlines())) <= 88


@pytest.mark.parametrize("rule", [*rules(), *ERRORS], ids=lambda rule: rule.code)
def test_every_page_holds_its_rule(rule: Rule) -> None:
    page = explain(rule)
    assert " ".join(page.split()).count(" ".join(rule.why.split())) == 1
    assert page.count("```python\n") == sum(1 + (example.after is not None) for example in rule.examples)


def test_one_rule_a_line() -> None:
    listed = rule_list([RULE, RULE._replace(code="K1", name="longer-name")])
    assert listed == "TD001  a-name       A title\nK1     longer-name  A title\n"
    assert rule_list([]) == ""
