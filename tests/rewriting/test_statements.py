from __future__ import annotations

import ast

import pytest

from rewriting.places_of import fix, only, where
from tdmigrate.findings import CallEdit, ImportEdit, StatementEdit, TextEdit
from tdmigrate.rewriting.apply import Misfit, apply


def beside(text: str, **what: object) -> str:
    span = where(text, "m.add(x)", statement=True)
    return apply(text, [fix(StatementEdit(span, **what))])  # type: ignore[arg-type]


BEFORE = [
    ("m.add(x)\n", "new\nm.add(x)\n"),
    ("m.add(x)", "new\nm.add(x)"),
    ("a\nm.add(x)  # it\nb\n", "a\nnew\nm.add(x)  # it\nb\n"),
    ("# it\nm.add(x)\n", "# it\nnew\nm.add(x)\n"),
    ("def f():\n    # it\n    m.add(x)\n    return m\n", "def f():\n    # it\n    new\n    m.add(x)\n    return m\n"),
    ("if a:\n\tif b:\n\t\tm.add(x)\n", "if a:\n\tif b:\n\t\tnew\n\t\tm.add(x)\n"),
    ("if a:\n  m.add(x)\nelse:\n      b\n", "if a:\n  new\n  m.add(x)\nelse:\n      b\n"),
    ("if a:\n  b\nelse:\n      m.add(x)\n", "if a:\n  b\nelse:\n      new\n      m.add(x)\n"),
    ("a; m.add(x); b  # it\n", "a\nnew\nm.add(x); b  # it\n"),
    ("m.add(x); b;\n", "new\nm.add(x); b;\n"),
    ("if a: m.add(x)\n", "if a:\n    new\n    m.add(x)\n"),
    ("if a: m.add(x)  # it\nb\n", "if a:\n    new\n    m.add(x)  # it\nb\n"),
    ("if a: b; m.add(x)\n", "if a:\n    b\n    new\n    m.add(x)\n"),
    ("if a:\n\tb\nif a:m.add(x)\n", "if a:\n\tb\nif a:\n\tnew\n\tm.add(x)\n"),
    ("if a:\n\tfor b in c: m.add(x)\n", "if a:\n\tfor b in c:\n\t\tnew\n\t\tm.add(x)\n"),
    ("if a: b\nelif c: d\nelse: m.add(x)\n", "if a: b\nelif c: d\nelse:\n    new\n    m.add(x)\n"),
    ("try: m.add(x)\nexcept E: b\n", "try:\n    new\n    m.add(x)\nexcept E: b\n"),
    ("try: a\nexcept E: m.add(x)\nfinally: b\n", "try: a\nexcept E:\n    new\n    m.add(x)\nfinally: b\n"),
    ("try: a\nfinally: m.add(x)\n", "try: a\nfinally:\n    new\n    m.add(x)\n"),
    ("match a:\n    case 1: m.add(x)\n", "match a:\n    case 1:\n        new\n        m.add(x)\n"),
    ("class A: m.add(x)\n", "class A:\n    new\n    m.add(x)\n"),
    ("if a: m.add(x)", "if a:\n    new\n    m.add(x)"),
    ("if (a and\n    b): m.add(x)\n", "if (a and\n    b):\n    new\n    m.add(x)\n"),
    ("if a: \\\n  m.add(x)\n", "if a:\n    new\n    m.add(x)\n"),
    ("'''a\n'''; m.add(x)\n", "'''a\n'''\nnew\nm.add(x)\n"),
    ("a\r\nm.add(x)\r\n", "a\r\nnew\r\nm.add(x)\r\n"),
    ("if a: m.add(x)\r\n", "if a:\r\n    new\r\n    m.add(x)\r\n"),
    ("a\rm.add(x)\r", "a\rnew\rm.add(x)\r"),
    ("a\n\x0cm.add(x)\n", "a\nnew\n\x0cm.add(x)\n"),
]


@pytest.mark.parametrize(("before", "after"), BEFORE)
def test_a_line_goes_before_a_statement(before: str, after: str) -> None:
    assert beside(before, before=("new",)) == after


AFTER = [
    ("m.add(x)\n", "m.add(x)\nnew\n"),
    ("m.add(x)", "m.add(x)\nnew"),
    ("a\nm.add(x)  # it\nb\n", "a\nm.add(x)  # it\nnew\nb\n"),
    ("m.add(x);  # it\n", "m.add(x);  # it\nnew\n"),
    ("if a:\n\tm.add(x)\n\tb\n", "if a:\n\tm.add(x)\n\tnew\n\tb\n"),
    ("m.add(x); b; c\n", "m.add(x)\nnew\nb; c\n"),
    ("if a: m.add(x); b  # it\n", "if a:\n    m.add(x)\n    new\n    b  # it\n"),
    ("if a: m.add(x)\nelse: b\n", "if a:\n    m.add(x)\n    new\nelse: b\n"),
    ("m.add(x) \\\n\nb\n", "m.add(x) \\\n\nnew\nb\n"),
]


@pytest.mark.parametrize(("before", "after"), AFTER)
def test_a_line_goes_behind_a_statement(before: str, after: str) -> None:
    assert beside(before, after=("new",)) == after


REPLACED = [
    # before, new lines, after
    ("a\nm.add(x)\nb\n", (), "a\nb\n"),
    ("a\nm.add(x)  # it\nb\n", (), "a\n# it\nb\n"),
    ("a\n# it\nm.add(x)\nb\n", (), "a\n# it\nb\n"),
    ("a; m.add(x); b\n", (), "a; b\n"),
    ("a; m.add(x)  # it\n", (), "a  # it\n"),
    ("m.add(x); a\n", (), "a\n"),
    ("if a:\n    m.add(x)\n", (), "if a:\n    pass\n"),
    ("if a:\n\tm.add(x)  # it\nb\n", (), "if a:\n\tpass  # it\nb\n"),
    ("if a:\n    m.add(x)\n    if b: c\n", (), "if a:\n    if b: c\n"),
    ("if a: m.add(x)\n", (), "if a: pass\n"),
    ("if a: m.add(x)  # it\nelse: b\n", (), "if a: pass  # it\nelse: b\n"),
    ("if a: m.add(x); b\n", (), "if a: b\n"),
    ("try:\n    m.add(x)\nfinally:\n    b\n", (), "try:\n    pass\nfinally:\n    b\n"),
    ("a\nm.add(x)\nb\n", ("new",), "a\nnew\nb\n"),
    ("a\nm.add(x)  # it\nb\n", ("new", "more"), "a\nnew\nmore  # it\nb\n"),
    ("if a: m.add(x)\n", ("new",), "if a:\n    new\n"),
    ("a; m.add(x); b\n", ("new",), "a\nnew\nb\n"),
    ("if a:\n\tm.add(x)\n", ("for b in c:", "    d", "", "    e"), "if a:\n\tfor b in c:\n\t\td\n\n\t\te\n"),
    ("m.add(x)\n", ("f(", "  1)"), "f(\n  1)\n"),
    ("m.add(x)\n", ("f(\n  1)",), "f(\n  1)\n"),
    ("if a:\n    m.add(x)\n", ("# nothing",), "if a:\n    # nothing\n    pass\n"),
    ("m.add(x)\n", (), ""),
]


@pytest.mark.parametrize(("before", "lines", "after"), REPLACED)
def test_a_statement_is_replaced_and_its_comments_stay(before: str, lines: tuple[str, ...], after: str) -> None:
    assert beside(before, before=lines, replace=True) == after


def test_all_statements_of_a_block_may_go() -> None:
    before = "for a in b:\n    # one\n    x()\n    y(); z()  # two\n"
    edits = [StatementEdit(where(before, code, statement=True), replace=True) for code in ("x()", "y()", "z()")]
    assert apply(before, [fix(edit) for edit in edits]) == "for a in b:\n    # one\n    pass  # two\n"


def test_edits_of_one_statement_add_up() -> None:
    before = "m.add(f(1))  # it\n"
    span = where(before, "m.add(f(1))", statement=True)
    fixes = [
        fix(StatementEdit(span, before=("one",), after=("four",))),
        fix(StatementEdit(span, before=("two",), after=("five",)), CallEdit(where(before, "f(1)"), func="F")),
        fix(StatementEdit(span, before=("one",), after=("four",))),
    ]
    assert apply(before, fixes) == "one\ntwo\nm.add(F(1))  # it\nfour\nfive\n"
    replaced = StatementEdit(span, before=("three",), replace=True)
    assert apply(before, [*fixes, fix(replaced)]) == "one\ntwo\nthree  # it\nfour\nfive\n"


def test_an_assignment_keeps_its_edits_inside() -> None:
    before = "if a: self.m = f(1); b = self.m\n"
    edits = (
        StatementEdit(only(before, ast.Assign), after=("self.m.build()",)),
        CallEdit(where(before, "f(1)"), func="F"),
        TextEdit(where(before, "a"), "(not {})"),
    )
    assert apply(before, [fix(*edits)]) == "if (not a):\n    self.m = F(1)\n    self.m.build()\n    b = self.m\n"


def test_two_replacements_of_one_statement_are_refused() -> None:
    before = "m.add(x)\n"
    span = only(before, ast.Expr)
    with pytest.raises(Misfit):
        apply(before, [fix(StatementEdit(span, before=(code,), replace=True)) for code in ("a", "b")])
    imported = "import a\n"
    span = only(imported, ast.Import)
    with pytest.raises(Misfit):
        apply(imported, [fix(StatementEdit(span, replace=True)), fix(ImportEdit(span, drop=(0,)))])


def test_a_compound_statement_is_no_place_for_lines() -> None:
    before = "if a:\n    b\n"
    with pytest.raises(Misfit):
        apply(before, [fix(StatementEdit(only(before, ast.If), before=("new",)))])
