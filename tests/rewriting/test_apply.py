from __future__ import annotations

import ast
import warnings

import pytest

from rewriting.places_of import fix, only, where
from tdmigrate.findings import CallEdit, ImportEdit, Span, StatementEdit, TextEdit
from tdmigrate.rewriting.apply import Misfit, apply

SOURCES = ["", "\n", "a", "a\r\nb\rc\n", "\x0ca\n\x0c\nb", "\\\na\n", "# é\n", "a\n  # b\n\n  \n", "not python ("]


@pytest.mark.parametrize("text", SOURCES)
def test_nothing_to_fix_changes_nothing(text: str) -> None:
    assert apply(text, []) == text
    assert apply(text, [fix()]) == text


@pytest.mark.parametrize(
    ("before", "code", "text", "after"),
    [
        ("x = old\n", "old", "new", "x = new\n"),
        ("x = (old)\n", "old", "new", "x = (new)\n"),
        ("x = a + old * 2\n", "old", "({} or b)", "x = a + (old or b) * 2\n"),
        ("x = a, b\n", "a, b", "f({})", "x = f(a, b)\n"),
        ("x = (a, b)\n", "(a, b)", "f{}", "x = f(a, b)\n"),
        ("x = (a for a in b)\n", "(a for a in b)", "list{}", "x = list(a for a in b)\n"),
        ("x = [\n    a,  # one\n]\n", "[\n    a,  # one\n]", "f({})", "x = f([\n    a,  # one\n])\n"),
        ("x = 'a' \\\n    'b'\n", "'a' \\\n    'b'", "'c'", "x = 'c'\n"),
        ("def f(a=old): pass\n", "old", "new", "def f(a=new): pass\n"),
        ("class A(old): pass\n", "old", "new", "class A(new): pass\n"),
        ("f(a=old)\n", "old", "new", "f(a=new)\n"),
        ("x = {'é': old}\r\n", "old", "g(\n  {})", "x = {'é': g(\r\n  old)}\r\n"),
        ("x = a.b.c\n", "a.b", "d", "x = d.c\n"),
        ("for a in old: pass\n", "old", "new", "for a in new: pass\n"),
    ],
)
def test_an_expression_is_replaced(before: str, code: str, text: str, after: str) -> None:
    assert apply(before, [fix(TextEdit(where(before, code), text))]) == after


def test_an_expression_is_replaced_around_the_edits_inside_it() -> None:
    before = "x = f(g(a))\n"
    fixes = [
        fix(TextEdit(where(before, "a"), "b")),
        fix(TextEdit(where(before, "f(g(a))"), "[{}]"), CallEdit(where(before, "f(g(a))"), func="F")),
        fix(CallEdit(where(before, "g(a)"), func="G")),
    ]
    assert apply(before, fixes) == "x = [F(G(b))]\n"


def test_one_expression_is_replaced_once_or_refused() -> None:
    before = "x = old\n"
    span = where(before, "old")
    assert apply(before, [fix(TextEdit(span, "({})")), fix(TextEdit(span, "({})"))]) == "x = (old)\n"
    with pytest.raises(Misfit):
        apply(before, [fix(TextEdit(span, "a")), fix(TextEdit(span, "b"))])


@pytest.mark.parametrize(
    "span",
    [
        Span(1, 5, 1, 6),
        Span(1, 5, 1, 99),
        Span(0, 1, 0, 2),
        Span(1, 0, 1, 2),
        Span(9, 1, 9, 2),
        Span(1, 6, 1, 5),
        Span(2, 1, 2, 1),
    ],
)
def test_a_span_that_is_not_there_is_refused(span: Span) -> None:
    with pytest.raises(Misfit):
        apply("x = old\n", [fix(TextEdit(span, "new"))])


def test_a_span_of_another_kind_is_refused() -> None:
    before = "x = old\n"
    for edit in (CallEdit(where(before, "old"), func="f"), ImportEdit(where(before, "old"), drop=(0,))):
        with pytest.raises(Misfit):
            apply(before, [fix(edit)])
    with pytest.raises(Misfit):
        apply(before, [fix(StatementEdit(where(before, "old"), before=("a",)))])


@pytest.mark.parametrize("text", ["(", "a b", "'", "\n", "x\\"])
def test_a_result_that_does_not_parse_is_refused(text: str) -> None:
    before = "x = old\n"
    with pytest.raises(Misfit):
        apply(before, [fix(TextEdit(where(before, "old"), text))])


@pytest.mark.parametrize(
    "before",
    [
        "\\\nold\nold\n",  # libcst drops the first line, so that rows would not be what they seem
        "old\nprint 1\n",
        "old\n'\ud800'\n",
    ],
)
def test_a_source_that_libcst_does_not_read_is_refused(before: str) -> None:
    with pytest.raises(Misfit):
        apply(before, [fix(TextEdit(Span(1, 1, 1, 4), "new"))])


def test_a_source_that_is_nested_too_deeply_says_so() -> None:
    before = f"old\n{'+'.join(['1'] * 2000)}\n"
    with pytest.raises(RecursionError):
        apply(before, [fix(TextEdit(Span(1, 1, 1, 4), "new"))])


def test_a_warning_of_the_source_is_none_of_ours() -> None:
    before = "x = '\\d', old\n"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        span = only(before, ast.Tuple)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert apply(before, [fix(TextEdit(span, "({})"))]) == "x = ('\\d', old)\n"
