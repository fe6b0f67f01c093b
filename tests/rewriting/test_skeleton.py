"""What libcst sees of a source."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tdmigrate.findings import Applicability, Fix, Span, TextEdit
from tdmigrate.rewriting.apply import apply
from tdmigrate.rewriting.skeleton import skeleton

CASES = {
    "statements": (
        "import a\nvalue = [1,\n         2]  # why\nb(value)\nc = 3\n",
        [4],
        "import a\npass       \nb(value)\nc = 3\n".replace("c = 3", "pass "),
    ),
    "short ones stay": ("a = 1\nx=1\ny\nf(a)\n", [4], "a = 1\nx=1\ny\nf(a)\n"),
    "a line of several stays or goes as one": (
        "f()\naaa = 1; b = 2; \naaa = 1; b = g(\n 2); c = 3\n",
        [4],
        "f()\npass          ; \naaa = 1; b = g(\n 2); c = 3\n",
    ),
    "a line goes on behind a backslash": ("f()\naaa = 1; \\\nb = 2\nlast\n", [3], "f()\naaa = 1; \\\nb = 2\nlast\n"),
    "blocks": (
        "def f():\n    if a:\n        b = 1\n    return g(\n        2)\nfor i in x:\n    print(i)\n",
        [4],
        "def f():\n    pass \n    return g(\n        2)\npass       \n",
    ),
    "the first indentation stays": (
        "x\nif a:\n  b = 22\nif c:\n        d = 22\nf(x)\n",
        [6],
        "x\nif a:\n  pass  \npass \nf(x)\n",
    ),
    "elif is no statement": (
        "x\nif a:\n    b = 22\nelif c:\n    d(22)\nelif e:\n    g = 22\n",
        [5],
        "x\nif a:\n    pass  \nelif c:\n    d(22)\nelif e:\n    pass  \n",
    ),
    "a decorator has no body of its own": (
        "x\n@a\ndef f():\n    return 1\nx = 12345\n",
        [],
        "x\n@a\ndef f():\n    pass    \npass     \n",
    ),
    "imports anywhere": (
        "x\ntry:\n    import a\nexcept ImportError:\n    a = None\n",
        [],
        "x\ntry:\n    import a\nexcept ImportError:\n    pass    \n",
    ),
    "what imports may come behind": (
        '"""Doc."""\nnp.random.seed(1)\n__author__ = "me"\nos.environ["A"] = "1"\nname = f()\nf(name)\n',
        [],
        '"""Doc."""\nnp.random.seed(1)\n__author__ = "me"\nos.environ["A"] = "1"\npass      \n',
    ),
    "characters are not bytes": ("x\nif a: 'äöü'; f('ß')\n'é'; 'é'\n", [], "x\npass               \n"),
    "one stands for many": ("x\nif a:\n    b = 1\n    c()\n\n    d = 1; # e\n", [2], "x\nif a:\n    pass \n"),
    "comments and empty rows": (
        "#!\n\nf()\n# a\n\nf(a, # b\n\n  # c\n  2)\nif a:  # d\n    # e\n    f()\n\n    f()\n# g\n",
        [6, 12, 14],
        "f()\nf(a, # b\n\n  # c\n  2)\nif a:  # d\n    # e\n    f()\n    f()\n",
    ),
    "an empty row behind a backslash": ("f(a) \\\n\n\ng(a) \\\n\n\n", [1, 4], "f(a) \\\n\n\ng(a) \\\n\n"),
    "nothing but a backslash behind it": (
        "f()\naaaa = 1\\\n;# b\nc = 1; \\\n\nd = 1 \\\n ; \\\n e()\ng()\n",
        [9],
        "f()\npass     \ng()\n",
    ),
    "no Python": ("print 1\n", [], "print 1\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_statements_without_an_edit_become_pass(name: str) -> None:
    text, wanted, seen = CASES[name]
    rows = skeleton(text.split("\n"), wanted)
    assert "\n".join(rows.values()) == seen


def test_nothing_of_the_source_is_lost() -> None:
    text = "import a\nlong = [1,  # one\n        2];\nif a: b = 1  # two\nf(a); g(a)\nlast = 'ä'; h(a)\n"
    fix = Fix(Applicability.SAFE, edits=(TextEdit(Span(5, 1, 5, 5), "new(a)"),))
    assert apply(text, [fix]) == text.replace("f(a)", "new(a)")


_SIMPLE = st.sampled_from(
    ("a = 1", "x", "call(a,\n  b)", "value = [\n1,\n]; b = 2", "d = 'é'; f(d);", "f(g); h = 1; i()")
)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2) -> list[str]:
    rows: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(("simple", "if", "try", "def", "one line"))) if depth else "simple"
        if kind == "simple":
            first, *rest = draw(_SIMPLE).split("\n")
            rows += [first, *rest]
        elif kind == "one line":
            rows.append("while a: b = 1; call(b)")
        else:
            parts = {
                "if": ("if a:", "elif b:", "else:"),
                "try": ("try:", "except E:", "finally:"),
                "def": ("def f():",),
            }
            for head in parts[kind]:
                rows.append(head)
                rows += ["   " + row for row in draw(blocks(depth=depth - 1))]
    return rows


@settings(deadline=None)
@given(blocks(), st.data())
def test_what_is_wanted_stands_where_it_stood(rows: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.integers(1, len(rows))))
    seen = skeleton(rows, wanted)
    cst.parse_module("\n".join(seen.values()) + "\n")
    assert [seen[row] for row in wanted] == [rows[row - 1] for row in wanted]
