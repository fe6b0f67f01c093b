from __future__ import annotations

import pytest

from rewriting.places_of import fix, where
from tdmigrate.findings import ArgumentEdit, CallEdit, Import, Recast, StatementEdit, TextEdit
from tdmigrate.rewriting.apply import Misfit, apply

ADD = "model.add(LSTM(3, input_dim=4))\n"


def test_parts_stay_with_the_edits_inside_them() -> None:
    whole, layer = where(ADD, "model.add(LSTM(3, input_dim=4))"), where(ADD, "LSTM(3, input_dim=4)")
    edits = (
        Recast(whole, ("x = ", layer, "(x)")),
        CallEdit(layer, arguments=(ArgumentEdit(1, drop=True),)),
        CallEdit(whole, func="model.push"),
        StatementEdit(where(ADD, "model.add(LSTM(3, input_dim=4))", statement=True), before=("x = a",)),
    )
    assert apply(ADD, [fix(*edits, imports=(Import("keras", "ops"),))]) == (
        "from keras import ops\nx = a\nx = LSTM(3)(x)\n"
    )


@pytest.mark.parametrize(
    ("before", "whole", "pieces", "after"),
    [
        ("y = f(a, b)\n", "f(a, b)", ("g(", "b", ", ", "a", ")"), "y = g(b, a)\n"),
        ("y = f(a, (b +\n c))\n", "f(a, (b +\n c))", ("g(", "b +\n c", ")"), "y = g((b +\n c))\n"),
        ("y = f(i for i in a)\n", "f(i for i in a)", ("g(1, ", "(i for i in a)", ")"), "y = g(1, (i for i in a))\n"),
        ("y = f(f(a))\n", "f(f(a))", ("[", "f(a)", "]"), "y = [f(a)]\n"),
        ("y = f(a)\r\n", "f(a)", ("(1 +\n", "a", ")"), "y = (1 +\r\na)\r\n"),
        ("y = f(a, a)\n", "f(a, a)", ("", "a", " * ", "a"), "y = a * a\n"),
    ],
)
def test_an_expression_in_a_new_form(before: str, whole: str, pieces: tuple[str, ...], after: str) -> None:
    parts = tuple(where(before, piece) if index % 2 else piece for index, piece in enumerate(pieces))
    assert apply(before, [fix(Recast(where(before, whole), parts))]) == after


def test_a_statement_in_a_new_form() -> None:
    before = "if a:\n    y = f(b); z = 1  # two\n"
    edit = Recast(where(before, "y = f(b)", statement=True), ("g(", where(before, "b"), ")"))
    assert apply(before, [fix(edit)]) == "if a:\n    g(b); z = 1  # two\n"


def test_comments_that_would_go_stand_before_the_statement() -> None:
    before = (
        "def f():\n"
        "    graph.add_node(LSTM(3,  # units\n"
        "                        4),  # forward\n"
        "                   # by name\n"
        "                   name='#a')  # end\n"
    )
    layer = where(before, "LSTM(3,  # units\n                        4)")
    whole = where(before, before[before.index("graph") : before.index("  # end")])
    assert apply(before, [fix(Recast(whole, ("a = ", layer, "(b)")))]) == (
        "def f():\n"
        "    # forward\n"
        "    # by name\n"
        "    a = LSTM(3,  # units\n"
        "                        4)(b)  # end\n"
    )


@pytest.mark.parametrize(
    ("head", "call", "after"),
    [
        ("if {}: pass\n", "f(a,  # why\n     b)", "if (  # why\n    g(b)): pass\n"),
        ("def h(x={}):\n  pass\n", "f(a,\n  # why\n  b  # two\n)", "def h(x=(  # why\n  # two\n  g(b))):\n  pass\n"),
        ("if a:\n\t@{}\n\tclass C: x = 1\n", "f(a, b  # why\n)", "if a:\n\t@(  # why\n\t\tg(b))\n\tclass C: x = 1\n"),
    ],
)
def test_comments_in_the_head_of_a_statement_stay_there(head: str, call: str, after: str) -> None:
    before = head.format(call)
    edit = Recast(where(before, call), ("g(", where(before, "b"), ")"))
    assert apply(before, [fix(edit)]) == after


def test_one_form_only() -> None:
    before = "y = f(a)\n"
    span, part = where(before, "f(a)"), where(before, "a")
    same = Recast(span, ("g(", part, ")"))
    assert apply(before, [fix(same), fix(same, TextEdit(part, "b"))]) == "y = g(b)\n"
    with pytest.raises(Misfit):
        apply(before, [fix(same), fix(Recast(span, (part,)))])
    with pytest.raises(Misfit):
        apply(before, [fix(Recast(part, (span,)))])
