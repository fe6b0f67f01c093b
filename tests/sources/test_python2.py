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
        ("from itertools import izip\nfor a in izip(x, y): pass\n", "for a in zip(x, y): pass\n"),
        ("import itertools\nx = itertools.imap(f, y)\n", "import itertools\nx = map(f, y)\n"),
        ("# a\nfrom itertools import izip\n# b\nx = 3\n", "# a\n# b\nx = 3\n"),
        ("from itertools import izip  # why\nx = 3\n", "pass  # why\nx = 3\n"),
        ("from itertools import izip\n", "pass\n"),
        ("from itertools import izip; import os\n", "pass; import os\n"),
        ("from itertools import izip, chain\nx = izip(a)\n", "from itertools import chain\nx = zip(a)\n"),
        (
            "try:\n    from itertools import izip as zip\nexcept ImportError:\n    pass\n",
            "try:\n    pass\nexcept ImportError:\n    pass\n",
        ),
        ("from itertools import izip\nx = f(izip)\n", None),
        ("from itertools import izip as z\nx = z(a)\n", None),
        ("for a in zip(x, y)[:2]: pass\n", "for a in list(zip(x, y))[:2]: pass\n"),
        ("x = sorted(map(f, y)[1:])\n", "x = sorted(list(map(f, y))[1:])\n"),
        ("x = map(lambda a: a + 1, y)\n", "x = list(map(lambda a: a + 1, y))\n"),
        ("x = map(lambda a: lambda b: a, y)[0]\n", "x = list(map(lambda a: lambda b: a, y))[0]\n"),
        ("x = filter(None, a if b else c)\n", "x = list(filter(None, a if b else c))\n"),
        ("x = d.values()[0].keys()[0]\n", "x = list(list(d.values())[0].keys())[0]\n"),
        ("x = d.itervalues().next().keys()\n", "x = list(next(iter(d.values())).keys())\n"),
        ("x = sys.exc_value\n", "x = sys.exc_info()[1]\n"),
        ("x = args.unicode; f(long=3); x.long = y.map(z)\n", None),
        ("def f(x):\n\tif x:\n        \tprint 'a'\n", "def f(x):\n        if x:\n                print('a')\n"),
        ('"""x\nfrom __future__ import print_function\n"""\nprint a\n',
         '"""x\nfrom __future__ import print_function\n"""\nprint(a)\n'),
        ("def iteritems(self): return self.d.iteritems()\nx.has_key(3)\ndef has_key(self, k): pass\n", None),
        ("class A:\n    def __nonzero__(self): pass\n    __bool__ = __nonzero__\n", None),
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


@pytest.mark.parametrize(
    "text",
    ["class A:\n    def map(self): pass\ny = {}\n", "def f(map): pass\ny = {}\n", "f = lambda map: map\ny = {}\n"],
)
def test_what_another_scope_has_is_not_the_source_s(text: str) -> None:
    assert converted(text.format("map(g, x)")) == text.format("list(map(g, x))")


def test_a_method_does_not_see_what_its_class_binds() -> None:
    text = "class A:\n    map = 3\n    y = map(g, x)\n    def f(self): return map(g, x)\n"
    assert converted(text) == text.replace("return map(g, x)", "return list(map(g, x))")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x = f.next()\n", "x = next(f)\n"),
        ("x = f.next().strip()\n", "x = next(f).strip()\n"),
        ("x = os.walk(p).next()[2]\n", "x = next(os.walk(p))[2]\n"),
        ("x = f.next().next() ** 2\n", "x = next(next(f)) ** 2\n"),
        ("x = f . next ( )\n", "x = next(f)\n"),
        ("for x in iter(f.next, ''): pass\n", "for x in iter(f.__next__, ''): pass\n"),
        ("p = p.next\nwhile p.next: q.next = p\n", None),
        ("def f(it):\n    next = it.next()\n", "def f(it):\n    next = it.__next__()\n"),
        ("class A:\n    def next(self): return 1\n", "class A:\n    def __next__(self): return 1\n"),
        (
            "class B(A):\n    def next(self): return super(B, self).next() + A.next(self) + B.next(self)\n",
            "class B(A):\n    def __next__(self): return super(B, self).__next__() + A.next(self) + B.__next__(self)\n",
        ),
        ("class A:\n    def next(self, n=2): return n\nA().next(); A().next(3)\n", None),
        (
            "class A:\n    def next(self): return 1\n    __next__ = next\nx = A().next()\n",
            "class A:\n    def next(self): return 1\n    __next__ = next\nx = next(A())\n",
        ),
    ],
)
def test_methods_of_iterators(old: str, new: str | None) -> None:
    assert converted(old) == (old if new is None else new)


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
