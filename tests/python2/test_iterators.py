"""P203, P207: how iterators end, and their method ``next``."""

from __future__ import annotations

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.pipeline import run_text

from .test_check import HEAD, mended, told

MODULES = "import itertools; "


@pytest.mark.parametrize(
    "lines",
    [
        "def g(it):\n    while True: yield next(it)",
        "def g(it):\n    yield 1\n    x = it.next()",
        "def g(it): yield [next(it) for i in a]",
        "def g(it):\n    try: yield next(it)\n    except KeyError: pass",
        "x = list(next(it) for i in a)",
        "try: x = list(next(it) for i in a)\nexcept StopIteration: pass",
        "def h():\n    yield 1\ndef g(): yield next(h())",
        "def h():\n    while True:\n        if a: break\n        yield 1\ndef g(): yield next(h())",
    ],
)
def test_an_iterator_that_ends_a_generator(lines: str) -> None:
    assert [is_mended for _, is_mended in told("P207", lines)] == [False]
    assert [is_mended for _, is_mended in told("P207", lines, "write")] == [False]


@pytest.mark.parametrize(
    "lines",
    [
        "def f(it): return next(it)",
        "def g(it): yield next(it, None)",
        "def g(it):\n    try: yield next(it)\n    except StopIteration: pass",
        "def g(it):\n    yield 1\n    def f(): return next(it)",
        "x = [next(it) for i in a]",
        "x = list(i for i in next(it))",
        "def next(a): return a\ndef g(it): yield next(it)",
        MODULES + "c = itertools.count(1)\ndef g(): yield next(c)",
        "class A:\n    def __init__(self): self.it = i.flow(a)\n    def g(self): yield self.it.next()",
        "def h():\n    while 1: yield 1\ndef g():\n    it = h()\n    yield next(it)",
        "class A:\n    def __iter__(self): return self\n    def next(self): return self.it.next()",
        "def g(it):\n    with suppress(StopIteration): yield it.next()",
        "def g(self):\n    yield 1\n    with self.assertRaises(StopIteration): raise StopIteration",
    ],
)
def test_iterators_that_end_no_generator(lines: str) -> None:
    assert told("P207", lines) == []


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        ("it = iter(a)\nf = it.next", "f = it.__next__"),
        ("f(iter(a).next)", "f(iter(a).__next__)"),
        ("g = (i for i in a)\nf(g.next)", "f(g.__next__)"),
        ("f(iter({}).next)", "f(iter({}).__next__)"),
        ("from itertools import count\nf = count(1).next", "f = count(1).__next__"),
        ("def g(): yield 1\nf = g().next", "f = g().__next__"),
        ("f = open(p).next\nf()", "f = open(p).__next__"),
        ("class A:\n    def next(self): return 1\n    def go(self): return f(self.next)", "f(self.__next__)"),
    ],
)
def test_the_method_of_an_iterator(lines: str, new: str) -> None:
    assert [is_mended for _, is_mended in told("P207", lines)] == [True]
    assert new in mended(lines)


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        ("f = it.next\nprint f()", 1),
        ("f = it.next\nprint f", 0),
        ("g(it.next)", 0),
        ("class A: next = None\nf = a.next\nf()", 0),
        ("a.next = b\nf = a.next\nf()", 0),
        ("while n: n = n.next", 0),
        ("try: f = it.next\nexcept AttributeError: f = it.__next__\nf()", 0),
    ],
)
def test_what_may_be_the_method_of_an_iterator(lines: str, count: int) -> None:
    assert [is_mended for _, is_mended in told("P207", lines)] == [False] * count


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("x = map(f, a, b)", True),
        ("for x in map(f, a, a[1:]): pass", True),
        ("x = map(lambda a, b: (a, b), a, b)", True),
        ("x = map(lambda a, b: a + b if b else a, a, b)", True),
        ("x = map(lambda a, b: a[0], a, b)", True),
        ("x = map(lambda *a: a, a, b)", True),
        ("x = map(lambda a, b: a * b, a, b)", False),
        ("x = map(lambda a, b: a.x(b[0]), a, b)", False),
        ("import operator\nx = map(operator.add, a, b)", False),
        ("x = map(f, a, range(len(a)))", False),
        ("x = map(f, a, [k] * len(a), a)", False),
        ("x = map(f, a, [k] * len(b))", True),
        ("x = map(f, [1, 2], (3, 4))", False),
        ("x = map(f, [1, 2], [3])", True),
        ("x = map(f, a)", False),
        ("x = map(f, *a)", False),
        ("from itertools import imap\nfor x in imap(f, a, b): pass", False),
        (MODULES + "for x in itertools.imap(f, a, b): pass", False),
        ("def map(f, a, b): return a\nx = map(f, a, b)", False),
    ],
)
def test_a_map_over_several_lists(line: str, is_told: bool) -> None:
    (file,) = run_text(STDIN, f"{HEAD}{line}\nprint 1\n".encode(), Settings()).files
    assert any("equally long" in one.message for one in file.findings) == is_told
