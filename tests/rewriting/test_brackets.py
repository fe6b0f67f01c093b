"""Expressions in new text stay one expression each."""

from __future__ import annotations

import ast

import pytest

from tdmigrate.rewriting.brackets import fill, filled

TEXTS = (
    "a", "a.b", "a()", "a[0]", "3", "3.5", "'a'", "'a' 'b'", "f'{a}'", "[a]", "{a: b}", "(a, b)", "(x for x in a)",
    "a if b else c", "lambda: a", "lambda x, y=1: x", "a or b", "not a", "a < b", "a in b", "a + b", "-a", "a ** b",
    "b := 3", "(b := 3)", "(yield)", "(yield a)", "await a", "(a)", "(a) + (b)", "a +\n b", "a\n.b",
    "f(\n a)", "(a  # c\n)", "a +  # c\n b",
)  # fmt: skip
FORMS = (
    "f({})", "f(1, a={})", "[{}, 1]", "({}, 1)", "{'a': {}}", "{}.shape", "{}[0]", "a[{}]", "{}(a)", "-{}", "1 + {}",
    "{} ** 2", "(None,) * {}", "-(-{} // 32)", "not {}",
    "a < {}", "{} and a", "[x for x in {}]", "[x for x in y if {}]",
    "({} if a else b)", "(b if {} else c)", "(b if a else {})", "lambda x: {}", "x = {}", "a.b = {}", "a.add({})",
    "*{},", "x = {}\n    y = {}(x)",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", TEXTS)
def test_an_expression_stays_one(form: str, text: str) -> None:
    words = form.split("{}") if form != "{'a': {}}" else ["{'a': ", "}"]
    new = fill(words, [text] * (len(words) - 1))
    meant = ast.dump(ast.parse(f"({text}\n)", mode="eval").body)
    tree = ast.parse("async def f():\n  " + new.replace("\n    y", "\n  y"))
    found = [ast.dump(node) for node in ast.walk(tree)]
    assert found.count(meant) >= len(words) - 1


@pytest.mark.parametrize(
    ("form", "text", "after"),
    [
        ("f({})", "a if b else c", "f(a if b else c)"),
        ("1 + ({})", "a or b", "1 + (a or b)"),
        ("{}.x", "a.b", "a.b.x"),
        ("a={}", "(b := 3)", "a=(b := 3)"),
        ("a={}", "b\n.c", "a=b\n.c"),
        ("a * 2", "b", "a * 2"),
        ("*a", "b", "*a"),
    ],
)
def test_no_more_brackets_than_it_takes(form: str, text: str, after: str) -> None:
    assert filled(form, text) == after


def test_what_is_no_expression_stays() -> None:
    assert fill(["f(a=[", "])"], ["*a"]) == "f(a=[*a])"
    assert filled("f({})", "a b") == "f(a b)"
