"""Files as modules of Python 3, and the way back: Python 2, notebooks, and both at once."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tdmigrate.config import Settings
from tdmigrate.pipeline import run_text
from tdmigrate.results import FileResult, where
from tdmigrate.sources.text import SourceError, decode
from tdmigrate.view import View, view

HEAD = "from keras.layers.core import TimeDistributedDense\nfrom keras.models import Sequential\n"


@pytest.fixture(autouse=True)
def _by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is asked about in a folder without a project."""
    monkeypatch.chdir(tmp_path)


def seen(text: str, path: str = "a.py") -> View:
    return view(decode(path, text.encode()))


def refused(text: str, path: str = "a.py") -> tuple[str, int | None, int | None, str]:
    with pytest.raises(SourceError) as caught:
        seen(text, path)
    error = caught.value.error
    assert "\n" not in error.show()
    return error.code, error.cell, error.row, error.message


def done(text: str, path: str = "a.py", **settings: Any) -> FileResult:
    result = run_text(path, text.encode(), Settings(**settings))
    (file,) = result.files
    return file


def nb(*cells: str, python: int = 3) -> str:
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in cells]
    kernel = {"display_name": f"Python {python}", "language": "python", "name": f"python{python}"}
    return json.dumps({"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 0}, indent=1)


def cells_of(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"]]


# --- Python 2 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('print "loss", loss', 'print("loss", loss)'),
        ("print >>f, x,", "print(x, end=' ', file=f)"),
        ("print ('a'), b", "print(('a'), b)"),
        ("print ('%d') % 3", "print(('%d') % 3)"),
        ("print", "print()"),
        ("if verbose: print n", "if verbose: print(n)"),
        ("try:\n    f()\nexcept IOError, e:\n    pass", "try:\n    f()\nexcept IOError as e:\n    pass"),
        ("raise ValueError, 'bad'", "raise ValueError('bad')"),
        ("x = 0644", "x = 0o644"),
        ("x = 10L", "x = 10"),
        ("x = ur'a'", "x = r'a'"),
        ("x = u'a'\nprint x", "x = u'a'\nprint(x)"),
        ("if a <> b: pass", "if a != b: pass"),
        ("x = `y`", "x = repr(y)"),
        ("exec 'x = 1'", "exec('x = 1')"),
        ("if x:\n        a\n\tb", "if x:\n        a\n        b"),
        ("if x:\n\ty = '''\n\tz'''\n        w = 1", "if x:\n        y = '''\n\tz'''\n        w = 1"),
        ("for i in xrange(3): pass", "for i in range(3): pass"),
        ("import cPickle, os", "import pickle, os"),
        ("print d.has_key(1)", "print(1 in d)"),
        ("print raw_input()", "print(input())"),
        ("def f((a, b)):\n    print a", "def f(given):\n    (a, b) = given\n    print(a)"),
        ("x = [1, 2] / 0\nprint u'é'", "x = [1, 2] / 0\nprint(u'é')"),
    ],
)
def test_python_2_is_understood_in_python_3(old: str, new: str) -> None:
    text = f"import keras\n{old}\n"
    assert seen(text).module.text == f"import keras\n{new}\n"
    assert seen(text.replace("\n", "\r\n")).module.text == f"import keras\n{new}\n".replace("\n", "\r\n")
    assert seen(text.removesuffix("\n")).module.text == f"import keras\n{new}"


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    xrange\nexcept NameError:\n    xrange = range\nfor i in xrange(3): pass\n",
        "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n",
        "import sys\nif sys.version_info[0] == 2:\n    text = unicode\n",
        "from six.moves import xrange\nfor i in xrange(3): pass\n",
        "def f(xrange):\n    return xrange(3)\n",
        "x.xrange = 3\n",
        "print('xrange')\n",
        "x.has_key(1, 2)\n",
        "from __future__ import print_function\nprint('a'), b\n",
        "print('a'); print('b')\n",
        "x = print\n",
        "from functools import reduce\nreduce(f, x)\n",
        "def cmp(a, b): return 0\ncmp(1, 2); file = 3\nopen(file)\n",
        "from numpy import *\nreduce(f, x)\n",
        "import urllib.request as urllib\nurllib.urlopen(x)\n",
        "class string: letters = 3\nstring.letters\n",
        "try:\n    from urllib import urlretrieve\nexcept ImportError:\n    from urllib.request import urlretrieve\n",
        "try:\n    from itertools import izip\nexcept ImportError:\n    izip = zip\n",
        "x = flow.next(); y.join(z); file.strip()\n",
    ],
)
def test_what_runs_on_both_stays(text: str) -> None:
    assert seen(f"import keras\n{text}").python2 is None


@pytest.mark.parametrize(
    "text",
    [
        "from itertools import izip\nfor a in izip(x, y): pass\n",
        "import itertools\nfor a in itertools.izip(x, y): pass\n",
        "import sys\nx = sys.maxint\n",
        "import sys\nreload(sys)\n",
        "import urllib\nurllib.urlretrieve(x)\n",
        "from urllib import urlencode\n",
        "x = reduce(f, y)\n",
        "x = file('a')\nfor i in xrange(3): cmp(1, 2)\n",
        "from types import StringType\nx = isinstance(y, StringType)\nz = xrange(3)\n",
        "import copy_reg\n",
        "print [1]\n",
        "print -1\n",
        "for k in d.viewkeys(): pass\n",
    ],
)
def test_what_python_2_alone_runs_is_converted(text: str) -> None:
    assert seen(f"import keras\n{text}").python2 is not None


def test_without_keras_nothing_is_converted() -> None:
    assert refused("print 'x'\n")[:3] == ("E901", None, 1)
    assert seen("for i in xrange(3): pass\n").python2 is None


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        ("import keras\nprint 'x'\ndef f(:\n    pass\n", 3, "for Python 2 as well"),
        ("import keras\nx = (\n", 2, "was never closed"),
        ("import keras\nx = f(3\ny = 1\n", 2, "was never closed"),
        ("import keras\nprint x if\n", 2, "syntax error"),
        ("import keras\nprint 'x'\rprint 'y'\n", 2, "syntax error"),
    ],
)
def test_what_no_python_parses_is_told_by_the_one_that_gets_further(text: str, row: int, said: str) -> None:
    code, cell, found, message = refused(text)
    assert (code, cell, found) == ("E901", None, row)
    assert said in message


SPANS = """\
# -*- coding: utf-8 -*-
import keras
from urllib2 import urlopen, HTTPError
def f((a, b), c):
\tprint 'é', model.add(Dense(10L), x.has_key(y))
        print >>sys.stderr, g(`c`)
\treturn map(lambda (x, y): x, d.items()), fit(nb_epoch=0777)
"""


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("model.add(Dense(10), y in x)", "model.add(Dense(10L), x.has_key(y))"),
        ("Dense(10)", "Dense(10L)"),
        ("g(repr(c))", "g(`c`)"),
        ("repr(c)", "`c`"),
        ("print(g(repr(c)), file=sys.stderr)", "print >>sys.stderr, g(`c`)"),
        ("d.items()", "d.items()"),
        ("fit(nb_epoch=0o777)", "fit(nb_epoch=0777)"),
        ("a", "a"),
        ("c", "c"),
    ],
)
def test_places_are_those_of_the_file(new: str, old: str) -> None:
    one = seen(SPANS)
    nodes = [node for node in ast.walk(one.module.tree) if isinstance(node, ast.expr)]
    spans = [one.place(one.module.span(node)) for node in nodes if one.module.segment(node) == new]
    lines = SPANS.split("\n")
    assert spans
    for span in spans:
        assert span.row == span.end_row
        assert lines[span.row - 1][span.column - 1 : span.end_column - 1] == old


def test_findings_stand_at_the_lines_of_the_file() -> None:
    text = f"import sys\ndef f((a, b)):\n    print a\n{HEAD}m = Sequential()\nprint m.add(TimeDistributedDense(3))\n"
    file = done(text)
    told = {(one.code, one.span.row, one.span.column) for one in file.findings}
    assert {("P201", 2, 1), ("TD006", 4, 31), ("TD001", 7, 13)} <= told
    assert file.text == file.old_text == text


def test_both_conversions_are_written() -> None:
    add = "m.add(TimeDistributedDense(3, init='zero'))"
    text = f"{HEAD}m = Sequential()\nfor i in xrange(6 / 4):\n    {add}\nprint m\n"
    file = done(text, mode="write")
    assert file.written
    assert file.new_text == (
        "from keras.layers import Dense\nfrom keras.models import Sequential\nm = Sequential()\n"
        "for i in range(6 // 4):\n    m.add(Dense(3, kernel_initializer='zeros'))\nprint(m)\n"
    )
    assert {"P201", "P202", "TD001"} <= {one.code for one in file.fixed}
    assert run_text("a.py", file.new_text.encode(), Settings()).exit_code == 0


@pytest.mark.parametrize("settings", [{"python2": "keep"}, {"ignore": ("P201",)}, {"select": ("TD",)}])
def test_python_2_may_be_kept(settings: dict[str, Any]) -> None:
    text = f"{HEAD}m = Sequential()\nm.add(TimeDistributedDense(3))\nprint m\n"
    file = done(text, mode="write", **settings)
    assert (file.written, file.new_text) == (False, None)
    assert file.kept is not None
    assert "Python 2" in file.kept
    assert "TD001" in {one.code for one in file.findings}
    assert run_text("a.py", text.encode(), Settings(**settings)).summary.fixable == 0


def test_a_comment_silences_what_is_said_of_its_line() -> None:
    text = f"{HEAD}def f((a, b)):\n    return a\nx = 1 / 2  # noqa: P202\ny = 1 / 2\nm = Sequential()\nprint m\n"
    assert [one.span.row for one in done(text).findings if one.code == "P202"] == [6]


# --- notebooks -----------------------------------------------------------------------------------------------------

CELLS = (
    "%matplotlib inline\nfrom keras.models import Sequential\nfrom keras.layers.core import TimeDistributedDense",
    "%%bash\nls",
    "model = Sequential()\nmodel.add(TimeDistributedDense(5, input_shape=(7, 4)))\n",
    "%time model.fit(x, y, nb_epoch=3)",
)


def test_cells_are_one_module() -> None:
    file = done(nb(*CELLS), "a.ipynb")
    places = {(one.code, where(file.cells, one.span.row), one.span.column) for one in file.findings}
    assert {("TD006", "cell 1:3", 31), ("TD001", "cell 3:2", 11), ("K303", "cell 4:1", 7)} <= places


def test_cells_are_written() -> None:
    file = done(nb(*CELLS), "a.ipynb", mode="write")
    assert file.new_file is not None
    assert cells_of(file.new_file) == [
        "%matplotlib inline\nfrom keras.models import Sequential\nfrom keras.layers import Dense, Input",
        "%%bash\nls",
        "model = Sequential()\nmodel.add(Input(shape=(7, 4)))\nmodel.add(Dense(5))\n",
        "%time model.fit(x, y, epochs=3)",
    ]
    assert run_text("a.ipynb", file.new_file.encode(), Settings()).exit_code == 0


def test_what_is_left_stands_at_the_new_rows() -> None:
    text = nb("from keras.models import Sequential, Graph\nfrom keras.layers.core import *\nm = Sequential()\n"
              "m.add(TimeDistributedDense(5, input_shape=(7, 4)))", "from keras.layers import WhatIsThis\n"
              "%time g = containers.Graph(); m.predict_stochastic(x)")  # fmt: skip
    file = done(text, "a.ipynb", mode="write")
    lines = file.text.split("\n")
    for one in file.findings:
        assert one.symbol is None or one.symbol.rpartition(".")[2] in lines[one.span.row - 1]


@pytest.mark.parametrize("python", [2, 3])
def test_the_last_word_of_keras_may_go(python: int) -> None:
    text = nb("from keras.layers.core import TimeDistributedDense\n", "%matplotlib inline\nx = 1", python=python)
    result = done(text, "a.ipynb", mode="write")
    assert result.error is None
    assert "TD006" in [one.code for one in result.fixed]
    assert cells_of(result.new_file or "") == ["", "%matplotlib inline\nx = 1"]


@pytest.mark.parametrize("cell", ["print 'x'", "x = (", "what is this?!"])
def test_code_without_keras_is_none_of_ours(cell: str) -> None:
    text = nb(cell).replace('"metadata": {}', '"metadata": {"keras": 1}')
    assert run_text("a.ipynb", text.encode(), Settings()).exit_code == 0


def test_a_notebook_of_python_2() -> None:
    text = nb(CELLS[0], "print u'é'\nn = 7 / 2\n!ls", *CELLS[2:], python=2)
    file = done(text, "a.ipynb", mode="write")
    assert file.new_file is not None
    assert cells_of(file.new_file)[1] == "print(u'é')\nn = 7 // 2\n!ls"
    assert json.loads(file.new_file)["metadata"]["kernelspec"]["name"] == "python3"
    assert {"P201", "P202", "P206"} <= {one.code for one in file.fixed}
    assert run_text("a.ipynb", file.new_file.encode(), Settings()).exit_code == 0


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (("import keras", "a = 1\nb = )"), (2, 2)),
        (("import keras", "a = 1\nprint 'x'\nb = )"), (2, 3)),
        (("import keras", "a = 1\nb = (", ")"), (2, None)),
        (("import keras", "%%sh\n(", "what is this?!"), (3, 1)),
    ],
)
def test_an_error_of_a_notebook_names_its_cell(cells: tuple[str, ...], place: tuple[int, int | None]) -> None:
    code, cell, row, _ = refused(nb(*cells), "a.ipynb")
    assert (code, (cell, row)) == ("E901", place)


ADDS = "model.add(TimeDistributedDense(5, input_shape=(7, 4)))"
INPUT, DENSE = "model.add(Input(shape=(7, 4)))", "model.add(Dense(5))"


@pytest.mark.parametrize(
    ("cell", "new"),
    [
        (f"a\n%time {ADDS}  # why\nb", f"a\n{INPUT}\n%time {DENSE}  # why\nb"),
        (f"%time {ADDS};", f"{INPUT}\n%time {DENSE};"),
        (f"%time {ADDS}; b;", f"{INPUT}\n%time {DENSE}; b;"),
        (f"if a:\n    %time {ADDS}\n", f"if a:\n    {INPUT}\n    %time {DENSE}\n"),
        (f"%time {ADDS}\n%time b = !ls\n", f"{INPUT}\n%time {DENSE}\n%time b = !ls\n"),
        ("%time for a in b: c = TimeDistributedDense(5)(a)", "%time for a in b: c = Dense(5)(a)"),
        (f"    a\n    {ADDS}\n\n    b", f"    a\n    {INPUT}\n    {DENSE}\n\n    b"),
        (f"%%time\n  {ADDS}\n", f"%%time\n  {INPUT}\n  {DENSE}\n"),
        (f">>> a\n1\n>>> {ADDS}\n>>> b\n", f">>> a\n1\n>>> {INPUT}\n>>> {DENSE}\n>>> b\n"),
        (f">>> if a:\n...   {ADDS}\n", f">>> if a:\n...   {INPUT}\n...   {DENSE}\n"),
        (f">>> %time {ADDS}", f">>> {INPUT}\n>>> %time {DENSE}"),
        (f"In [3]: a\n\nIn [4]: {ADDS}\n   ...: b\n", f"In [3]: a\n\nIn [4]: {INPUT}\nIn [4]: {DENSE}\n   ...: b\n"),
        (f"d[-1] = !ls\nmodel.layers[0]?\n{ADDS}", f"d[-1] = !ls\nmodel.layers[0]?\n{INPUT}\n{DENSE}"),
        (f"a\r\n{ADDS}\r\n", f"a\r\n{INPUT}\r\n{DENSE}\r\n"),
    ],
)
def test_a_cell_as_ipython_reads_it(cell: str, new: str) -> None:
    text = nb(f"{HEAD}model = Sequential()", cell)
    file = done(text, "a.ipynb", mode="write")
    assert file.error is None
    assert cells_of(file.new_file or "")[1] == new
    (found,) = (one for one in file.fixed if one.code == "TD001")
    lines = file.old_text.replace("\r\n", "\n").split("\n")
    assert lines[found.span.row - 1][found.span.column - 1 :].startswith("TimeDistributedDense(5")
    assert run_text("a.ipynb", (file.new_file or "").encode(), Settings()).exit_code == 0


def test_what_is_timed_and_goes_leaves_something_to_time() -> None:
    text = nb("if a:\n    %time from keras.layers.core import TimeDistributedDense\nb\n", "m = WhatIsThis()\n")
    file = done(text, "a.ipynb", mode="write")
    assert cells_of(file.new_file or "")[0] == "if a:\n    %time pass\nb\n"


def test_two_timed_statements_stay_in_one_line() -> None:
    text = nb(f"{HEAD}model = Sequential()", f"%time b; {ADDS}")
    file = done(text, "a.ipynb", mode="write")
    assert file.error is not None
    assert file.error.code == "E907"
    assert "'%time' would stand before another statement" in file.error.message


@pytest.mark.parametrize("cell", ["f(x)?", "x += !ls", "a = 1; !ls", "%time f(x)?"])
def test_what_ipython_refuses_is_an_error_of_its_cell(cell: str) -> None:
    assert refused(nb(HEAD, f"a\n{cell}"), "a.ipynb")[:3] == ("E901", 2, 2)


@pytest.mark.parametrize("cell", ["a\nb = '\0'", "a\nb = '\ud800'"])
def test_what_no_text_can_hold_is_an_error_of_its_cell(cell: str) -> None:
    assert refused(nb(HEAD, cell), "a.ipynb")[:3] == ("E903", 2, 2)


def test_a_magic_may_hold_what_python_cannot() -> None:
    file = done(nb(HEAD, "!echo \ud800", ADDS), "a.ipynb", mode="write")
    assert cells_of(file.new_file or "")[1] == "!echo \ud800"


def test_capitals_name_a_notebook_too() -> None:
    assert seen(nb("import keras"), "A.IPYNB").notebook is not None


# --- ported in part ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "for i in xrange(3): print(i, end=' ')\n",
        "for k, v in d.iteritems(): print(k, file=f)\n",
        "import cPickle\nmatch x:\n    case 3: pass\n",
    ],
)
def test_what_python_2_would_not_parse_is_left_to_its_owner(text: str) -> None:
    one = seen(f"import keras\n{text}")
    assert (one.python2, one.module.text) == (None, f"import keras\n{text}")


def test_a_notebook_of_python_2_that_holds_python_3_keeps_its_kernel() -> None:
    text = nb(HEAD, "model = Sequential([TimeDistributedDense(3)])\nprint(1, end=' ')", python=2)
    new = done(text, "a.ipynb", mode="write").new_file
    assert new is not None
    assert "Dense(3)" in cells_of(new)[1]
    assert json.loads(new)["metadata"] == json.loads(text)["metadata"]


def test_carriage_returns_of_a_last_line_do_not_stay_alone() -> None:
    assert seen("import keras\r\nprint 'a'").module.text == "import keras\r\nprint('a')"
