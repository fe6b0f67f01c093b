"""Magics, shell lines and questions of IPython: set aside and put back."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.sources.magics import Plain, put_back, set_aside


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


@pytest.mark.parametrize("new", ["import keras\n", '"mark-1"\n"mark-1"\n'])
def test_nothing_is_lost(new: str) -> None:
    with pytest.raises(ValueError, match="%matplotlib inline"):
        put_back(new, plain("%matplotlib inline\n").asides)


@given(st.lists(st.sampled_from(["%a b", "!c 'd", "x = !e", "%time f(", ")", "'''", "x?", "\\", "  y = 1", "# z", ""])))
def test_any_cell_comes_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = set_aside(text, "mark-")
    assert put_back(found.text, found.asides) == text
