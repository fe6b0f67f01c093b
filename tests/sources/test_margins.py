"""Prompts and indentations before the lines of a cell."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.sources.margins import margins, within, without

INDENTED = "    a = 1\n\n    if b:\n        c\n"
PYTHON = ">>> a = 1\n>>> for b in c:\n...     d\n... \n>>> e\n1\n"
IPYTHON = "In [10]: a = 1\n\nIn [11]: for b in c:\n    ...:     d\n    ...: \n"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (INDENTED, "a = 1\n\nif b:\n    c\n"),
        ("\n\ta\n\tb", "\na\nb"),
        ("  # a\n  b = '''\nc\n  '''\n", "# a\nb = '''\nc\n'''\n"),
        (PYTHON, "a = 1\nfor b in c:\n    d\n\ne\n1\n"),
        ("a\n>>> b\n", "a\nb\n"),
        ("  >>>a\n  >>>if b:\n  ...  c\n", "a\nif b:\n c\n"),
        (IPYTHON, "a = 1\n\nfor b in c:\n    d\n\n"),
        ("[ins] In [1]: a\n         ...: b\n", "a\nb\n"),
        ("%%time\n  a\n  b\n", "%%time\na\nb\n"),
        ("  %%time\n  a\n", "%%time\na\n"),
        (">>> %%time\n>>> a\n", "%%time\na\n"),
    ],
)
def test_what_ipython_takes_away(text: str, bare: str) -> None:
    before = margins(text)
    assert without(text, before) == bare
    assert within(bare, text, before) == text
    if "%%" not in bare:
        ast.parse(bare)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n",
        "a\nif b:\n    c\n",
        "# a\n    b\n",
        "'''\n>>> a\n... b\n'''\n",
        "def f():\n    \"\"\"A\n\n    >>> f()\n    \"\"\"\n    ...\n",
        "x = [\n  1]\n",
        "a\n\nIn[1]: b\n",
        ">>> a\r>>> \nb\n",
    ],
)
def test_python_has_no_margins(text: str) -> None:
    assert margins(text) == ()


@pytest.mark.parametrize(
    ("text", "old", "new", "wanted"),
    [
        (INDENTED, "a = 1", "n\n\nx = f(\n    y)", "    n\n\n    x = f(\n        y)\n\n    if b:\n        c\n"),
        (INDENTED, "    c\n", "    d\n    e\n", "    a = 1\n\n    if b:\n        d\n        e\n"),
        (PYTHON, "a = 1", "n\nf(\n 1)", PYTHON.replace("a = 1", "n\n>>> f(\n...  1)")),
        (PYTHON, "    d", "    m\n    n", PYTHON.replace("    d", "    m\n...     n")),
        (PYTHON, "    d\n\n", "    d\nelse:\n    x\nn\n", PYTHON.replace("... \n", "... else:\n...     x\n>>> n\n")),
        (IPYTHON, "a = 1", "m\nif n:\n    o", IPYTHON.replace("a = 1", "m\nIn [10]: if n:\n    ...:     o")),
        (IPYTHON, "    d", "    m\n    n", IPYTHON.replace("    d", "    m\n    ...:     n")),
    ],
)
def test_new_lines_have_them_too(text: str, old: str, new: str, wanted: str) -> None:
    before = margins(text)
    bare = without(text, before)
    assert old in bare
    again = bare.replace(old, new, 1)
    found = within(again, text, before)
    assert found == wanted
    assert without(found, margins(found)) == again


LINES = st.sampled_from(
    ["    a", "  b", "\tc", "d", "", "  ", ">>> e", "... f", "...",
     "In [1]: g", "   ...: h", "'''", "i(", "%%time", "%k", "\\"]
)  # fmt: skip


@given(st.lists(LINES))
def test_any_cell_comes_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    before = margins(text)
    assert within(without(text, before), text, before) == text
