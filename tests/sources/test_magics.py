"""Magics, shell lines and questions of IPython: set aside and put back."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.sources.magics import Plain, put_back, set_aside, settled


def plain(text: str) -> Plain:
    found = set_aside(text, "mark-")
    assert put_back(found.text, found.asides) == text
    assert len(found.text.split("\n")) == len(text.split("\n"))
    return found


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("%matplotlib inline\nimport keras\n", ["%matplotlib inline"]),
        ("!pip install keras\n", ["!pip install keras"]),
        ("!!ls\n", ["!!ls"]),
        ("for x in y:\n    !rm {x}\n    f(x)\n", ["!rm {x}"]),
        ("files = !ls *.py\nf(files)\n", ["!ls *.py"]),
        ("a.b, c = %who\n", ["%who"]),
        ("model?\n", ["model?"]),
        ("model.fit??\n", ["model.fit??"]),
        ("?model\n%time?\n", ["?model", "%time?"]),
        ("%time model.fit(x,\n  y)\n", ["%time "]),
        ("%%time\nmodel.fit(x)\n", ["%%time"]),
        ("\n%%timeit n = 3\nf(n)\n", ["%%timeit n = 3"]),
        ("!echo it's (\nf(x)\n", ["!echo it's ("]),
        ("if x:\n  !a \\\n      b \\\n c\nf(x)\n", ["!a \\", "      b \\", " c"]),
        ("d[-1] = !ls\nd['# ='] = !ls '\n", ["!ls", "!ls '"]),
        ("x: int = !ls\na[b == c], *d = %who\n", ["!ls", "%who"]),
        ("if x: y = !ls\nf(a=1)[0] = !ls\n", ["!ls", "!ls"]),
        ("x = !ls \\\n  -l\nf(x)\n", ["!ls \\", "  -l"]),
        ("a = %timeit -o f(x)\n", ["%timeit -o f(x)"]),
        ("for x in y:\n    files = !ls *.py\n    f(files)\n", ["!ls *.py"]),
        ("model.layers[-1]?\nx = model.fit??\n", ["model.layers[-1]?", "x = model.fit??"]),
        ("f('#'); a.b?\nnp.*load*?\n", ["f('#'); a.b?", "np.*load*?"]),
        ("%%time?\nf(x)\n", ["%%time?"]),
        (",f a b\n;f a b\nif x:\n    /f a\n", [",f a b", ";f a b", "/f a"]),
        ("if x:\n    %matplotlib inline\n", ["%matplotlib inline"]),
        ("%time !ls\n%time %run a\n%time m?\n%time\n%time # a\n",
         ["%time !ls", "%time %run a", "%time m?", "%time", "%time # a"]),
        ("%time x = !ls\n", ["%time x = !ls"]),
        ("%time  --no-raise-error f(x)\n%time f(x)", ["%time  --no-raise-error ", "%time "]),
        ("if x:\n    %time for x in y: f(x)\n", ["%time "]),
        ("%time a; b\n%time f(x, \\\n  y)\n", ["%time ", "%time "]),
    ],
)
def test_what_is_not_python_is_set_aside(text: str, pieces: list[str]) -> None:
    found = plain(text)
    assert [aside.piece for aside in found.asides] == pieces
    ast.parse(found.text)


@pytest.mark.parametrize(
    "text",
    [
        "x = (a\n% b)\n",
        "x = '''\n%no\n!no\n'''\n",
        "x = a \\\n  % b\n",
        "f(x != 3)\n",
        "print('%d?' % x)\n",
        "# %no\n",
        "# no?\nx = 1  # no?\n",
        "x = \"no?\"\ny = '''no?\n'''\n",
        "f(a == b, c=d % e)\nx = '=!no'\n",
        "",
    ],
)
def test_python_stays(text: str) -> None:
    assert plain(text) == Plain(text, ())


@pytest.mark.parametrize(
    "text", ["%%bash\nls\n", "%%html\n<b>keras</b>", "\n\n%%writefile a.py\nimport keras\n", "%%\nx"]
)
def test_a_cell_of_another_language_is_no_code(text: str) -> None:
    assert set_aside(text, "mark-") == Plain("", (), is_code=False)


def test_what_a_name_gets_from_the_shell_is_not_known() -> None:
    assert plain("files = !ls\n").text == 'files = get_ipython("mark-1")\n'


@pytest.mark.parametrize("text", ["f(x)?\n", "x += !ls\n", "x = y = !ls\n", "a = 1; !ls\n", "if x: %who\n", "m? # a\n"])
def test_what_ipython_does_not_read_stays(text: str) -> None:
    assert plain(text).text == text


TIMED = "if a:\n    %time f(x)  # why\n    b\n"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("f(x)", "g(x)", "if a:\n    %time g(x)  # why\n    b\n"),
        ("    f(x)", "    n = 1\n    f(n)", "if a:\n    n = 1\n    %time f(n)  # why\n    b\n"),
        ("    b\n", "    c\n    b\n", "if a:\n    %time f(x)  # why\n    c\n    b\n"),
        ("f(x)  # why", "# why", "if a:\n    %time pass  # why\n    b\n"),
        ("f(x)  # why  #", "#", "if a:\n    %time pass\n    b\n"),
    ],
)
def test_what_is_timed_has_its_magic_before_it(old: str, new: str, text: str) -> None:
    found = plain(TIMED)
    assert old in found.text
    again = settled(found.text.replace(old, new, 1), found.asides)
    assert put_back(again, found.asides) == text
    assert set_aside(text, "mark-").text == again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("f(x)", "f(\n        x)"),
        ("f(x)", "f(x) \\\n    + 1"),
        ("f(x)", "f(x); b"),
        ("    f(x)", "    for y in x:\n        f(y)"),
    ],
)
def test_what_would_time_another_statement_is_refused(old: str, new: str) -> None:
    found = plain(TIMED)
    with pytest.raises(ValueError, match="'%time' would stand before another statement"):
        put_back(found.text.replace(old, new, 1), found.asides)


@pytest.mark.parametrize("new", ["import keras\n", '"mark-1"\n"mark-1"\n'])
def test_nothing_is_lost(new: str) -> None:
    with pytest.raises(ValueError, match="%matplotlib inline"):
        put_back(new, plain("%matplotlib inline\n").asides)


LINES = st.sampled_from(
    ["%a b", "!c 'd", "x = !e", "%time f(", "%time g", "%time h;i",
     "  %time j \\", "k # l", ")", "'''", "x?", "\\", "  y = 1", "# z", ""]
)  # fmt: skip


@given(st.lists(LINES))
def test_any_cell_comes_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = set_aside(text, "mark-")
    assert put_back(found.text, found.asides) == text
