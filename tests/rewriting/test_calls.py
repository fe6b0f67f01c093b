from __future__ import annotations

import ast

import pytest

from rewriting.places_of import fix, only, where
from tdmigrate.findings import Added, ArgumentEdit, CallEdit, ElementEdit, TextEdit, Wrap
from tdmigrate.rewriting.apply import Misfit, apply


def edited(before: str, *edits: CallEdit) -> str:
    return apply(before, [fix(edit) for edit in edits])


def on_call(before: str, **what: object) -> str:
    return edited(before, CallEdit(only(before, ast.Call), **what))  # type: ignore[arg-type]


def test_comments_in_a_callee_stay_behind_it() -> None:
    before = "x = [k  # one\n     .a  # two\n     .b  # three\n     (c)]\n"
    assert on_call(before, func="g") == "x = [g  # one\n    # two\n      # three\n     (c)]\n"


RENAMES = [
    ("f(output_dim=10)\n", "f(units=10)\n"),
    ("f(output_dim = 10)\n", "f(units = 10)\n"),
    ("f( output_dim\t=\t10 )\n", "f( units\t=\t10 )\n"),
    ("f(output_dim=(10))\n", "f(units=(10))\n"),
    ("f(10)\n", "f(units=10)\n"),
    ("f( 10 )\n", "f( units=10 )\n"),
    ("f(\n    10,  # tags\n)\n", "f(\n    units=10,  # tags\n)\n"),
    ("f((10))\n", "f(units=(10))\n"),
    ("f(x for x in y)\n", "f(units=(x for x in y))\n"),
    ("f((x for x in y))\n", "f(units=(x for x in y))\n"),
    ("(f)(10)\n", "(f)(units=10)\n"),
    ("f (10)\n", "f (units=10)\n"),
    ("f \\\n  (10)\n", "f \\\n  (units=10)\n"),
    ("'é'; f('é', ) ; 'é'\r\n", "'é'; f(units='é', ) ; 'é'\r\n"),
    ("@f(10)\ndef g(): pass\n", "@f(units=10)\ndef g(): pass\n"),
    ("f(\n10\n)\n", "f(\nunits=10\n)\n"),
    ("if a:\n\tx = f(\n\t\t10\n\t)\n", "if a:\n\tx = f(\n\t\tunits=10\n\t)\n"),
    ("f(10)\r", "f(units=10)\r"),
    ("x\r\ny\rf(10)\nz", "x\r\ny\rf(units=10)\nz"),
    ("\x0cf(10)\n", "\x0cf(units=10)\n"),
    ("if a:\n    b\n\x0c\n\x0cf(10)\n", "if a:\n    b\n\x0c\n\x0cf(units=10)\n"),
    ("x = f(10) \\\n\n", "x = f(units=10) \\\n\n"),
    ("f(10)\n  # end\n\n   \n", "f(units=10)\n  # end\n\n   \n"),
    ("f(10)\n# end\n\x0c", "f(units=10)\n# end\n\x0c"),
]


@pytest.mark.parametrize(("before", "after"), RENAMES)
def test_an_argument_gets_another_keyword(before: str, after: str) -> None:
    assert on_call(before, arguments=(ArgumentEdit(0, keyword="units"),)) == after


def test_a_form_feed_inside_brackets_moves_nothing() -> None:
    before = "g(a,\n\x0c  f(10))\n"
    edit = CallEdit(where(before, "f(10)"), arguments=(ArgumentEdit(0, keyword="units"),))
    assert edited(before, edit) == "g(a,\n\x0c  f(units=10))\n"


def test_a_call_inside_a_format_string_is_rewritten() -> None:
    before = 'print(f"{f(1)!r:>10} {f(10)}")\n'
    edit = CallEdit(where(before, "f(10)"), arguments=(ArgumentEdit(0, keyword="units"),))
    assert edited(before, edit) == 'print(f"{f(1)!r:>10} {f(units=10)}")\n'


DROPS = [
    # before, dropped, after
    ("f(a)\n", (0,), "f()\n"),
    ("f(a, b)\n", (0,), "f(b)\n"),
    ("f(a, b)\n", (1,), "f(a)\n"),
    ("f(a, b)\n", (0, 1), "f()\n"),
    ("f(a, b, c)\n", (1,), "f(a, c)\n"),
    ("f(a, b, c)\n", (1, 2), "f(a)\n"),
    ("f( a, b )\n", (1,), "f( a )\n"),
    ("f(a, b,)\n", (1,), "f(a,)\n"),
    ("f(a ,b ,c)\n", (1,), "f(a ,c)\n"),
    ("f(a,\n  b)\n", (0,), "f(b)\n"),
    ("f(a,\n  b)\n", (1,), "f(a)\n"),
    ("f(a,\n  b,\n  c)\n", (1,), "f(a,\n  c)\n"),
    ("f(a,\n  b,\n  c)\n", (1, 2), "f(a)\n"),
    ("f(a, b,\n  c)\n", (1,), "f(a,\n  c)\n"),
    ("f(a, b,\n  c, d)\n", (2,), "f(a, b,\n  d)\n"),
    ("f(\n    a,\n    b,\n)\n", (0,), "f(\n    b,\n)\n"),
    ("f(\n    a,\n    b,\n)\n", (1,), "f(\n    a,\n)\n"),
    ("f(\n    a,\n    b\n)\n", (1,), "f(\n    a\n)\n"),
    ("f(\n    a,\n    b,\n)\n", (0, 1), "f()\n"),
    ("f(a,  # one\n  b,  # two\n  c)  # three\n", (1,), "f(a,  # one\n  # two\n  c)  # three\n"),
    ("f(a,  # one\n  b)\n", (1,), "f(a  # one\n  )\n"),
    ("f(a,  # one\n  b)\n", (0,), "f(  # one\n  b)\n"),
    ("f(\n    a,  # one\n    b  # two\n)\n", (1,), "f(\n    a  # one\n    # two\n)\n"),
    ("f(\n    # one\n    a,\n    # two\n    b,\n)\n", (1,), "f(\n    # one\n    a,\n    # two\n)\n"),
    ("f(a  # one\n  , b\n  , c)\n", (0,), "f(  # one\n   b\n  , c)\n"),
    ("f(a\n  , b\n  , c)\n", (1,), "f(a\n  , c)\n"),
    ("f(a, b=g(\n    1,\n), c=2)\n", (1,), "f(a, c=2)\n"),
    ("f(\n    a,\n    b=g(\n        1,\n    ),\n    c=2)\n", (1,), "f(\n    a,\n    c=2)\n"),
    ("f(a, \\\n  b)\n", (1,), "f(a)\n"),
    ("f(a, *b, **c)\n", (1,), "f(a, **c)\n"),
    ("f(a,\r\n  b,\r\n  c)\r\n", (1,), "f(a,\r\n  c)\r\n"),
    ("f(a,\r  b,\r  c)\r", (1,), "f(a,\r  c)\r"),
    ("f(a,\n\n  b,\n\n  c)\n", (1,), "f(a,\n\n\n  c)\n"),
]


@pytest.mark.parametrize(("before", "dropped", "after"), DROPS)
def test_a_dropped_argument_takes_its_comma_and_no_comment(before: str, dropped: tuple[int, ...], after: str) -> None:
    assert on_call(before, arguments=tuple(ArgumentEdit(index, drop=True) for index in dropped)) == after


ADDITIONS = [
    ("f()\n", "f(k=v)\n"),
    ("f(  )\n", "f(k=v)\n"),
    ("f(a)\n", "f(a, k=v)\n"),
    ("f( a )\n", "f( a, k=v )\n"),
    ("f(a,)\n", "f(a, k=v,)\n"),
    ("f(a, b,\n  c)\n", "f(a, b,\n  c,\n  k=v)\n"),
    ("f(a, b,\n  c, d)\n", "f(a, b,\n  c, d, k=v)\n"),
    ("f(\n    a,\n)\n", "f(\n    a,\n    k=v,\n)\n"),
    ("f(\n    a\n)\n", "f(\n    a,\n    k=v\n)\n"),
    ("f(\n\ta,  # one\n)\n", "f(\n\ta,  # one\n\tk=v,\n)\n"),
    ("f(\n    a  # one\n    # end\n)\n", "f(\n    a,  # one\n    k=v\n    # end\n)\n"),
    ("f(a,  # one\n  )\n", "f(a, k=v,  # one\n  )\n"),
    ("f(a  # one\n  )\n", "f(a, k=v  # one\n  )\n"),
    ("f(**kw)\n", "f(k=v, **kw)\n"),
    ("f(a, **kw)\n", "f(a, k=v, **kw)\n"),
    ("f(\n    a,\n    **kw\n)\n", "f(\n    a,\n    k=v,\n    **kw\n)\n"),
    ("f(*args)\n", "f(*args, k=v)\n"),
    ("f(x for x in y)\n", "f((x for x in y), k=v)\n"),
    ("f(  # none\n)\n", "f(  # none\nk=v)\n"),
    ("f(\r\n    a,\r\n)\r\n", "f(\r\n    a,\r\n    k=v,\r\n)\r\n"),
    ("f(a, \\\n  b)\n", "f(a, \\\n  b, k=v)\n"),
    ("f(a,\n  lambda: (\n    1))\n", "f(a,\n  lambda: (\n    1),\n  k=v)\n"),
]


@pytest.mark.parametrize(("before", "after"), ADDITIONS)
def test_an_added_argument_goes_last_in_the_layout_of_the_call(before: str, after: str) -> None:
    assert on_call(before, added=(Added("k", "v"),)) == after


def test_a_last_argument_that_goes_leaves_its_line_to_a_new_one() -> None:
    before = "f(a,  # one\n  b)\n"
    after = "f(a,  # one\n  k=v)\n"
    assert on_call(before, arguments=(ArgumentEdit(1, drop=True),), added=(Added("k", "v"),)) == after


@pytest.mark.parametrize(
    ("before", "outer", "after"),
    [
        ("f(10)\n", (), "T(g(10))\n"),
        ("f(10, name='a')\n", (1,), "T(g(10), name='a')\n"),
        ("f(name='a', x=10)\n", (0,), "T(g(x=10), name='a')\n"),
        ("f(\n    10,\n    name='a',  # it\n)\n", (1,), "T(g(\n    10,\n    # it\n), name='a')\n"),
        ("m.f(10, trainable=False, name='a')(x)\n", (1, 2), "T(g(10), trainable=False, name='a')(x)\n"),
    ],
)
def test_a_wrapped_call_hands_arguments_to_the_wrapper(before: str, outer: tuple[int, ...], after: str) -> None:
    call = where(before, before.removesuffix("(x)\n").removesuffix("\n"))
    assert edited(before, CallEdit(call, func="g", wrap=Wrap("T", outer))) == after


def test_moved_arguments_are_rewritten_on_the_way() -> None:
    before = "f(10, input_shape=(3, 4))\n"
    edit = CallEdit(
        only(before, ast.Call), func="g", arguments=(ArgumentEdit(1, keyword="shape"),), wrap=Wrap("T", (1,))
    )
    assert edited(before, edit) == "T(g(10), shape=(3, 4))\n"


def test_values_hold_the_present_text_with_its_own_edits() -> None:
    before = "f(a, W_regularizer = l2(.01), b=old)\n"
    edits = [
        CallEdit(
            where(before, before.strip()),
            arguments=(ArgumentEdit(1, keyword="kernel_regularizer", value="wrap({})"), ArgumentEdit(2, value="{}")),
        ),
        CallEdit(where(before, "l2(.01)"), func="L2"),
    ]
    text = TextEdit(where(before, "old"), "new")
    after = "f(a, kernel_regularizer = wrap(L2(.01)), b=new)\n"
    assert apply(before, [*(fix(edit) for edit in edits), fix(text)]) == after


def test_edits_of_one_call_add_up_with_those_inside_and_around_it() -> None:
    before = "m.add(f(g(1, p=2), init='uniform'))  # it\n"
    call = where(before, "f(g(1, p=2), init='uniform')")
    edits = [
        CallEdit(call, func="F"),
        CallEdit(call, arguments=(ArgumentEdit(1, keyword="kernel_initializer"),)),
        CallEdit(call, added=(Added("k", "v"),)),
        CallEdit(where(before, "g(1, p=2)"), func="G", arguments=(ArgumentEdit(1, drop=True),)),
        CallEdit(where(before, before[: before.index("  #")]), added=(Added("z", "0"),)),
    ]
    assert edited(before, *edits) == "m.add(F(G(1), kernel_initializer='uniform', k=v), z=0)  # it\n"


def test_a_chain_of_calls_is_rewritten_at_every_link() -> None:
    before = "f(1)(x)(y)\n"
    edits = [
        CallEdit(where(before, "f(1)"), func="F"),
        CallEdit(where(before, "f(1)(x)"), arguments=(ArgumentEdit(0, value="X"),)),
        CallEdit(where(before, "f(1)(x)(y)"), added=(Added("k", "v"),)),
    ]
    assert edited(before, *edits) == "F(1)(X)(y, k=v)\n"


def test_an_edit_that_two_fixes_hold_is_done_once() -> None:
    before = "f(a)\n"
    edit = CallEdit(only(before, ast.Call), func="g", added=(Added("k", "v"),))
    assert edited(before, edit, edit, edit._replace(func=None)) == "g(a, k=v)\n"


def test_edits_inside_what_goes_go_with_it() -> None:
    before = "f(a, b=old)\n"
    call = CallEdit(only(before, ast.Call), arguments=(ArgumentEdit(1, drop=True),))
    assert apply(before, [fix(call), fix(TextEdit(where(before, "old"), "new"))]) == "f(a)\n"


@pytest.mark.parametrize(
    ("before", "what"),
    [
        ("f(a, b)\n", {"arguments": (ArgumentEdit(0, keyword="x"),)}),  # positional behind a keyword
        ("f(a, x=1)\n", {"arguments": (ArgumentEdit(0, keyword="x"),)}),  # the same keyword twice
        ("f(a, x=1)\n", {"added": (Added("x", "2"),)}),
        ("f(*a)\n", {"arguments": (ArgumentEdit(0, keyword="x"),)}),
        ("f(**a)\n", {"arguments": (ArgumentEdit(0, keyword="x"),)}),
        ("f(a)\n", {"arguments": (ArgumentEdit(1, drop=True),)}),
        ("f(a)\n", {"arguments": (ArgumentEdit(-1, drop=True),)}),
        ("f(a)\n", {"wrap": Wrap("T", (1,))}),
        ("f(a)\n", {"arguments": (ArgumentEdit(0, value="("),)}),
        ("f(a)\n", {"arguments": (ArgumentEdit(0, value="b"), ArgumentEdit(0, value="c"))}),
        ("f(a)\n", {"added": (Added("x", "1"), Added("x", "2"))}),
    ],
)
def test_edits_that_cannot_be_are_refused(before: str, what: dict[str, object]) -> None:
    with pytest.raises(Misfit):
        on_call(before, **what)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"func": "g"}, {"func": "h"}),
        ({"wrap": Wrap("T")}, {"wrap": Wrap("U")}),
        ({"arguments": (ArgumentEdit(0, value="b"),)}, {"arguments": (ArgumentEdit(0, drop=True),)}),
    ],
)
def test_edits_that_contradict_each_other_are_refused(one: dict[str, object], other: dict[str, object]) -> None:
    before = "f(a)\n"
    call = only(before, ast.Call)
    with pytest.raises(Misfit):
        edited(before, CallEdit(call, **one), CallEdit(call, **other))  # type: ignore[arg-type]


ELEMENTS = [
    # before, index, after
    ("x = [a, b]\n", 0, "x = [e, a, b]\n"),
    ("x = [a, b]\n", 1, "x = [a, e, b]\n"),
    ("x = [a, b]\n", 2, "x = [a, b, e]\n"),
    ("x = []\n", 0, "x = [e]\n"),
    ("x = ()\n", 0, "x = (e,)\n"),
    ("x = (a,)\n", 0, "x = (e, a,)\n"),
    ("x = a, b\n", 0, "x = e, a, b\n"),
    ("x = a, b\n", 2, "x = a, b, e\n"),
    ("x = ((a, b))\n", 0, "x = ((e, a, b))\n"),
    ("x = (  # one\n    a, b)\n", 0, "x = (  # one\n    e,\n    a, b)\n"),
    ("x = [\n    a,\n    b,\n]\n", 0, "x = [\n    e,\n    a,\n    b,\n]\n"),
    ("x = [\n    # one\n    a,\n]\n", 0, "x = [\n    # one\n    e,\n    a,\n]\n"),
    ("x = [a,\n     b]\n", 0, "x = [e,\n     a,\n     b]\n"),
    ("x = [a, b,\n     c]\n", 0, "x = [e, a, b,\n     c]\n"),
    ("x = [(a), *b]\n", 0, "x = [e, (a), *b]\n"),
    ("x = [\r\n    a,\r\n]\r\n", 0, "x = [\r\n    e,\r\n    a,\r\n]\r\n"),
]


@pytest.mark.parametrize(("before", "index", "after"), ELEMENTS)
def test_an_element_is_put_into_a_display(before: str, index: int, after: str) -> None:
    kind = ast.List if "[" in before else ast.Tuple
    assert apply(before, [fix(ElementEdit(only(before, kind), index, "e"))]) == after


def test_elements_add_up_with_edits_of_the_elements() -> None:
    before = "m = S([f(1), g(2)])\n"
    display = where(before, "[f(1), g(2)]")
    fixes = [
        fix(ElementEdit(display, 0, "first")),
        fix(ElementEdit(display, 0, "second"), CallEdit(where(before, "f(1)"), func="F")),
        fix(ElementEdit(display, 1, "between"), CallEdit(where(before, "g(2)"), func="G")),
        fix(CallEdit(only(before, ast.Call), func="T")),
    ]
    assert apply(before, fixes) == "m = T([first, second, F(1), between, G(2)])\n"


def test_the_only_element_of_a_display_keeps_its_own_edits() -> None:
    before = "m = [f(1)]\n"
    fixes = [
        fix(ElementEdit(where(before, "[f(1)]"), 0, "e")),
        fix(CallEdit(where(before, "f(1)"), func="F"), TextEdit(where(before, "f(1)"), "({})")),
    ]
    assert apply(before, fixes) == "m = [e, (F(1))]\n"


def test_an_element_that_is_not_there_is_refused() -> None:
    with pytest.raises(Misfit):
        apply("[a]\n", [fix(ElementEdit(only("[a]\n", ast.List), 2, "e"))])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = f(g(1))\n", "x = g(1)\n"),
        ("x = f(g(1), name='n')\n", "x = g(1)\n"),
        ("x = f(\n    g(1),\n    name='n',\n)\n", "x = g(1)\n"),
        ("x = f(g(1),  # why\n      name='n')\n", "x = (g(1)  # why\n      )\n"),
        ("x = f(layer=g(1))\n", "x = g(1)\n"),
        ("x = f(layer = \\\n      g(1), name='n')\n", "x = g(1)\n"),
        ("x = f(layer=  # why\n      g(1))\n", "x = (  # why\n      g(1))\n"),
        ("x = f(layer=g(1)  # why\n      )\n", "x = (g(1)  # why\n      )\n"),
    ],
)
def test_a_call_becomes_its_argument(before: str, after: str) -> None:
    assert on_call(before, unwrap=0) == after
