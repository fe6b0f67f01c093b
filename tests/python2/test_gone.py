"""P203, P204, P207: sorting by two, and what Python 3 does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdmigrate.config import Settings
from tdmigrate.pipeline import run_text

from .test_check import mended, told


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        ("def f(a, b): return 0\nx = sorted(w, f, None, True)", "sorted(w, key=functools.cmp_to_key(f), reverse=True)"),
        ("w.sort(cmp=None, key=str.lower)", "w.sort(key=str.lower)"),
        ("w.sort(None, str.lower)", "w.sort(key=str.lower)"),
        ("w.sort(None, None, True)", "w.sort(reverse=True)"),
        ("l.sort(cmp)", "l.sort()"),
        ("x = sorted(l, cmp=cmp, reverse=True)", "sorted(l, reverse=True)"),
        ("f = lambda a, b: 0\nl.sort(f)", "l.sort(key=functools.cmp_to_key(f))"),
        ("f = lambda a: 0\nl.sort(f)", "l.sort(f)"),
        ("def f(a): return 0\nl.sort(f)", "l.sort(f)"),
        ("class A:\n    def by(self, a, b): return 0\n    def go(self): l.sort(self.by)", "_to_key(self.by)"),
        ("class A:\n    def by(self, a): return 0\n    def go(self): l.sort(self.by)", "l.sort(self.by)"),
        ("class A:\n    @staticmethod\n    def by(a, b): return 0\nl.sort(A.by)", "key=functools.cmp_to_key(A.by)"),
        ("def cmp(a, b): return 0\nl.sort(cmp)", "l.sort(key=functools.cmp_to_key(cmp))"),
        ("def f(by): l.sort(by)\ndef by(a, b): return 0", "def f(by): l.sort(by)"),
        ("a.sort(None)", "a.sort(None)"),
    ],
)  # fmt: skip
def test_sorting(lines: str, new: str) -> None:
    assert new in mended(lines)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("x = sorted(w, cmp=f, key=g)", 1),
        ("x = sorted(w, f, g)", 1),
        ("def f(a): return 0\nx = sorted(w, f)", 1),
        ("k = cmp_to_key(cmp)", 1),
        ("class A:\n    def sort(self, cmp): return cmp\nA().sort(cmp=lambda a, b: 0)", 1),
        ("f(how=cmp)", 1),
        ("def f(cmp): return sorted(a, key=cmp)", 0),
        ("try: cmp\nexcept NameError: pass", 0),
        ("a.sort(0); a.sort(axis=1); np.sort(a, None); df.sort('x', ascending=False); x = sorted(l, *a)", 0),
    ],
)
def test_sorting_that_a_person_has_to_mend(lines: str, count: int) -> None:
    assert [is_mended for _, is_mended in told("P204", lines)] == [False] * count
    assert [is_mended for _, is_mended in told("P204", lines, "write")] == [False] * count


@pytest.mark.parametrize("line", ["x = map(None, a, b)", "import itertools\nx = itertools.imap(None, a, b)"])
def test_a_map_of_none(line: str) -> None:
    assert False in {is_mended for _, is_mended in told("P203", line)}


@pytest.mark.parametrize(
    "line",
    [
        "x = string.join(a, ' ')",
        "x = string.atoi(a)",
        "import string as S\nx = S.upper(a)",
        "from string import join\nx = join(a)",
        "from string import *\nx = join(a)",
        "x = s.translate(None, chars)",
        "t = string.punctuation\nx = s.translate(None, t)",
        "try: f()\nexcept E as e: print e.message",
        "import codecs\nsys.stdout = codecs.getwriter('utf8')(sys.stdout)",
        "def g():\n    yield 1\n    raise StopIteration('x')",
        "import time\nx = time.clock()",
        "from time import clock\nx = clock()",
        "import inspect\nx = inspect.getargspec(f)",
        "import fractions\nx = fractions.gcd(a, b)",
        "import cgi\nx = cgi.escape(a)",
        "import os\nx = os.errno.EINTR",
        "import os\nx = os.popen3(a)",
        "import os\nos.path.walk(a, b, c)",
        "import operator\nx = operator.div",
        "from operator import isCallable",
        "from contextlib import nested",
        "import argparse\nx = argparse.ArgumentParser(version='1')",
        "x = t.isAlive()",
        "x = t.getiterator('a')",
        "import HTMLParser\nx = HTMLParser.HTMLParser().unescape(a)",
        "x = coerce(1, 2)",
        "x = buffer(a)",
        "import types\nx = types.InstanceType",
        "from types import InstanceType",
        "import md5",
        "from sets import Set",
        "import email.MIMEText",
        "from email.MIMEText import MIMEText",
        "from UserDict import DictMixin",
        "class A:\n    def __unicode__(self): return 1",
        "class A:\n    def __rdiv__(self, b): return 1",
        "class A:\n    def __idiv__(self, b): return 1",
        "class A:\n    def __setslice__(self, i, j, v): return 1",
        "class A:\n    def __coerce__(self, b): return 1",
        "class A:\n    __nonzero__ = lambda self: 1",
        "import re\nx = re.split('x*', s)",
        "import re\nP = re.compile('(a|b)?')\nx = P.split(s)",
        "import re\nx = re.sub('b(', 'x', s)",
        "random.shuffle(x, random.random)",
        "from time import clock as c",
    ],
)
def test_what_is_gone(line: str) -> None:
    assert [is_mended for _, is_mended in told("P207", line)] == [False]
    assert [is_mended for _, is_mended in told("P207", line, "write")] == [False]


@pytest.mark.parametrize(
    "line",
    [
        "def f(string): return string.split(' '), string.join",
        "def f(time): return time.clock()",
        "class T:\n    def isAlive(self): return 1\nx = T().isAlive()",
        "class T:\n    def clock(self): return 1\nx = T().clock()",
        "x = string.capwords(a) + string.punctuation + string.digits",
        "x = s.translate(t); y = b'a'.translate(None, b'b'); z = box.translate(3, 4); w = box.translate(dx, dy)",
        "class X(Exception):\n    def __init__(self, m): self.message = m\ntry: f()\nexcept X as e: print e.message",
        "try: f()\nexcept E as e:\n    if hasattr(e, 'message'): print e.message",
        "try: f()\nexcept E as e:\n    e = [1, 2]\n    print e[0], e.args[0], e.errno",
        "e = [1, 2]\na, b = e\nprint e[0], e.message",
        "import codecs\nx = codecs.getwriter('utf8')(open(p, 'wb'))",
        "def g(): raise StopIteration\nclass A:\n    def next(self): raise StopIteration",
        "def g():\n    yield 1\n    def h(): raise StopIteration",
        "def g():\n    try:\n        yield 1\n        raise StopIteration\n    except StopIteration: pass",
        "try: import hashlib\nexcept ImportError: import md5",
        "if sys.version_info[0] < 3:\n    x = reduce",
        "def coerce(a, b): return a\nx = coerce(1, 2)",
        "from mine import buffer\nx = buffer(1)",
        "class A:\n    def __div__(self, b): return 1\n    __truediv__ = __div__",
        "class A:\n    def __unicode__(self): return 1\n    def __str__(self): return ''",
        "class A:\n    def __cmp__(self, b): return 1\n    def __lt__(self, b): return 1",
        "class A:\n    def __getitem__(self, i): pass\n    def __getslice__(self, i, j): return self[slice(i, j)]",
        "import re\nx = re.split('\\W+', s), re.compile('x+').split(s), s.split('x*'), re.sub('x*', '', s)",
        "import json\nx = json.loads(s), json.dumps(s, indent=2)",
        "import collections\nx = collections.Counter(), collections.OrderedDict",
        "x = open(p, 'w', 1), open(p, 'wb', 0)",
    ],
)
def test_what_is_there(line: str) -> None:
    assert told("P207", line) == []


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        ("import string as S\nx = S.letters", "x = S.ascii_letters"),
        ("from string import letters, digits\nx = letters", "from string import ascii_letters as letters, digits"),
        ("from string import lowercase as lc\nx = lc", "from string import ascii_lowercase as lc"),
        ("x = s.translate(None, string.punctuation)", "s.translate(str.maketrans('', '', string.punctuation))"),
        ("try: f()\nexcept E as e: print e[0]", "print(e.args[0])"),
        ("try: f()\nexcept E as e: a, b = e", "a, b = e.args"),
        ("def g():\n    yield 1\n    raise StopIteration", "    yield 1\n    return\n"),
        ("def g():\n    if a: raise StopIteration()\n    yield 1", "if a: return\n"),
        ("x = open(p, 'rU')", "open(p, 'r')"),
        ("x = open(p, 'U')", "open(p, 'r')"),
        ("x = open(p, mode='rbU')", "open(p, mode='rb')"),
        ("x = csv.reader(open(p, 'rU'))", "csv.reader(open(p, 'r'))"),
        ("x = open(p, 'w', 0)", "open(p, 'w', 1)"),
        ("import os\nsys.stdout = os.fdopen(sys.stdout.fileno(), 'w', 0)", "os.fdopen(sys.stdout.fileno(), 'w', 1)"),
        ("import json\nx = json.loads(s, encoding='utf-8')", "json.loads(s)"),
        ("import collections\nx = isinstance(a, collections.Mapping)", "isinstance(a, collections.abc.Mapping)"),
        ("from collections import Mapping, Counter", "from collections.abc import Mapping\n"),
        ("from collections import Iterable as It", "from collections.abc import Iterable as It"),
        ("import xml.etree.cElementTree as ET", "import xml.etree.ElementTree as ET"),
        ("import itertools as it\nf(it.izip)", "f(zip)"),
        ("import re\nx = re.split('(\\\\W+)?', s)", "re.split('(\\\\W+)', s)"),
        ("import re\nx = re.split(r'\\s*', s)", "re.split(r'\\s+', s)"),
        ("f = file", "f = open"),
    ],
)
def test_what_has_another_name(lines: str, new: str) -> None:
    assert new in mended(lines)


def test_a_module_of_the_project_is_no_module_of_python(tmp_path: Path) -> None:
    (tmp_path / "sets.py").touch()
    (tmp_path / "new").mkdir()
    text = b"import keras\nimport sets, new, md5\nprint 1\n"
    (file,) = run_text(str(tmp_path / "train.py"), text, Settings()).files
    assert [one.message.partition(";")[0] for one in file.findings if one.code == "P207"] == [
        "Python 3 has no module md5"
    ]
