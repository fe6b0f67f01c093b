"""Python 2 in Python 3, by itself: what is converted, what is left, and what no Python 2 was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.sources.python2 import Conversion, Python2Error


def converted(text: str, path: str | None = None) -> str:
    return Conversion(text, path).converted().text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("# print 1", "# print 1"),
        ("\x0cprint a\n", "\x0cprint(a)\n"),
        ("#!/usr/bin/env python2.7\nprint 1\n", "#!/usr/bin/env python3\nprint(1)\n"),
        ("#!/usr/bin/python2\n", "#!/usr/bin/python3\n"),
        ("#!/usr/bin/env python\n", "#!/usr/bin/env python\n"),
        ("print(a, b)\n", "print((a, b))\n"),
        ("if a:\n\tprint 1\nif b:\n    print 2\n", "if a:\n\tprint(1)\nif b:\n    print(2)\n"),
        ("if a:\n\tprint 1\n        print 2\n", "if a:\n        print(1)\n        print(2)\n"),
        ("x = ur'\\u00e9\\\\u00e9\\d\\U0001F389'\n", "x = r'é\\\\u00e9\\d🎉'\n"),
        ("from __future__ import print_function\nprint(a, file=b)\n", None),
        ("from __future__ import (division,\n    print_function)\nprint(a, file=b)\n", None),
        ("print u'\\u1234', '\\u1234'\n", "print(u'\\u1234', '\\\\u1234')\n"),
        ("x = map(f, y)\n", "x = list(map(f, y))\n"),
        ("for x in map(f, y): pass\n", None),
        ("x = y.keys()[0]\n", "x = list(y.keys())[0]\n"),
        ("for x in y.iteritems(): pass\n", "for x in y.items(): pass\n"),
        ("x = range(3) + range(4)\n", "x = list(range(3)) + list(range(4))\n"),
        ("import types\nisinstance(x, types.StringType)\n", "import types\nisinstance(x, str)\n"),
        ("from itertools import izip\nfor a in izip(x, y): pass\n", "\nfor a in zip(x, y): pass\n"),
        ("import itertools\nx = itertools.imap(f, y)\n", "import itertools\nx = map(f, y)\n"),
        ("np.sort(x, 0); x.sort(1)\n", None),
        ("self.assertEquals(a, b)\n", "self.assertEqual(a, b)\n"),
        ("def f((a, b), c=map): pass\n", "def f(given, c=map): (a, b) = given; pass\n"),
    ],
)
def test_conversion(old: str, new: str | None) -> None:
    assert converted(old) == (old if new is None else new)


@pytest.mark.parametrize(
    "text",
    [
        "def map(f, x): return f\ny = map(1, 2)\n",
        "from mine import apply\ny = apply(f, x)\n",
        "from mine import (a as b,\n    reduce)\ny = reduce(f, x)\n",
        "unicode = str\ny = unicode(x)\n",
        "input, zip = f()\ny = zip(input(), 3)\n",
        "for filter in y: filter(None, x)\n",
        "for a, filter in y: filter(None, x)\n",
        "y = lambda input: input(3)\n",
        "def f(a, zip=3, *map): return zip(map(a, a), a)\n",
        "class long(object): pass\ny = long(3)\n",
        "with x as input: input()\n",
        "class A:\n    def f(self): self.func_name = 3; return self.func_name\n",
    ],
)
def test_what_a_source_has_of_its_own_is_left(text: str) -> None:
    assert converted(text) == text


@pytest.mark.parametrize("text", ["y = f(map=map(g, x))\n", "def f(a=map(g, x)): pass\n", "x.map = map(g, x)\n"])
def test_a_keyword_or_attribute_binds_no_name(text: str) -> None:
    assert converted(text) == text.replace("map(g, x)", "list(map(g, x))")


def test_modules_beside_a_file(tmp_path: Path) -> None:
    for name in ("__init__.py", "mine.py", "commands.py"):
        (tmp_path / name).write_text("")
    path = str(tmp_path / "a.py")
    assert converted("import mine\nfrom mine import x\n", path) == "from . import mine\nfrom .mine import x\n"
    assert converted("import commands\ncommands.f()\n", path) == "from . import commands\ncommands.f()\n"
    assert converted("import commands\ncommands.f()\n") == "import subprocess\nsubprocess.f()\n"
    (tmp_path / "__init__.py").unlink()  # no package: Python 3 finds them too
    assert converted("import mine\nimport commands\n", path) == "import mine\nimport commands\n"


@pytest.mark.parametrize(
    ("text", "said", "row"),
    [
        ("x = (\n", "EOF in multi-line statement", None),
        ("print 1\n  y = 1\n", "bad input", 2),
        ("def f(:\n", "bad input", 1),
        ("if x:\n  a\n b\n", "unindent does not match any outer indentation level", 3),
        ("x = $\n", "bad token", 1),
        ("print 1\rprint 2\n", "its lines end in carriage returns", None),
    ],
)
def test_what_python_2_would_not_parse(text: str, said: str, row: int | None) -> None:
    with pytest.raises(Python2Error) as caught:
        converted(text)
    assert str(caught.value).startswith(said)
    assert caught.value.row == row


def test_a_cache_that_cannot_be_written_to(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    home = tmp_path / "home"
    home.write_text("no folder")
    program = "from tdmigrate.sources.python2 import Conversion; print(Conversion('print 1', None).converted().text)"
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home)}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("print(1)\n", "")


PARTS = st.sampled_from(
    ["print x", "print >>f, x,", "x = `y`", "exec s", "raise E, 'm'", "d.has_key(1)", "f(u'é', ur'é')", "x = 07L", "y",
     "if x:\n\tprint y", "if x:\n        y", "def f((a, b)):\n    return a", "'''\n\t'''", "# e", "", "map(f, x)[0]"]
)  # fmt: skip


@given(st.lists(PARTS), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_conversion_is_final_and_knows_its_places(parts: list[str], newline: str, closes: bool) -> None:
    text = "\n".join(parts).replace("\n", newline) + newline * closes
    one = Conversion(text, None).converted()
    compile(one.text, "a.py", "exec")
    assert one.text.count(newline) == one.text.count("\n")
    for row, line in enumerate(one.text.split("\n"), 1):
        if "é" in line:
            from tdmigrate.findings import Span

            column = line.index("é") + 1
            old = one.origins.span(Span(row, column, row, column + 1))
            assert text.split("\n")[old.row - 1][old.column - 1] == "é"
