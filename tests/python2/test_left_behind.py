"""P210 and P211: names that Python 2 left behind, and numbers that round otherwise."""

from __future__ import annotations

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.findings import Severity
from tdmigrate.pipeline import run_text

from .test_check import HEAD, told

FOUND, NOTHING = [False], []  # type: ignore[var-annotated]


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        ("l = [q for q in a]\nprint q", 2),
        ("def f(x):\n    l = [i for i in x]\n    return i", 3),
        ("x = 5\nl = [x for x in a]\nprint x", 3),
        ("for i in a:\n    l = [i for i in b]\n    print i", 3),
        ("l = [[x for x in r] for r in m]\nprint x", 2),
        ("l = [(a, b) for a, b in m]\nprint b", 2),
        ("l = [w for w in a]\ndel w", 2),
        ("l = [n for n in a]\nn += 1", 2),
        ("l = [n for n in a]\nm = set(n + k for k in b)", 2),
        ("def g(): return w\nl = [w for w in a]", 1),
        ("if a: l = [x for x in b]\nprint x", 2),
        ("def f(x):\n    if a: return 3\n    l = [x for x in b]\n    return x", 4),
        ("try: f()\nexcept ValueError, e: pass\nprint e", 3),
        ("err = None\ntry: f()\nexcept ValueError as err: pass\nif err: print err", 4),
        ("for i in range(3):\n    try: f(); break\n    except ValueError, e: pass\nraise e", 4),
        ("try: f()\nexcept ValueError, e: pass\nfinally: print e", 3),
    ],
)
def test_a_name_left_behind(lines: str, row: int) -> None:
    assert told("P210", lines) == [(row, False)]


@pytest.mark.parametrize(
    "lines",
    [
        "l = (x for x in a); m = set(x for x in a); n = {x for x in a}; k = {x: 1 for x in a}\nprint x",
        "l = [x for x in a]\nx = 3\nprint x",
        "l = [x for x in a]\nfor x in l: print x",
        "l = [i for i in a]; m = [i for i in l if i]; n = [i * 2 for i in m]",
        "l = [x for x in a]\nwith f() as x: print x",
        "x = [x for x in a]\nprint x",
        "def f(x):\n    if isinstance(x, list): return [f(x) for x in x]\n    return x",
        "def f(x):\n    if a:\n        l = [x for x in b]\n        return l\n    return x",
        "for x in a:\n    if b:\n        l = [x for x in c]\n        continue\n    print x",
        "if a: l = [x for x in b]\nelse: print x",
        "x = map(lambda v: v, a); y = filter(lambda u: u, a)\nprint v, u",
        "f = lambda: [z for z in a]\nprint z",
        "class A:\n    l = [x for x in a]\n    def f(self): return x",
        "def f(): l = [x for x in a]\ndef g(x): return x\nprint x",
        "g = (sum([x for x in a]) for b in c)\nprint x",
        "try: f()\nexcept ValueError, e: print e\nexcept IOError, e: print e",
        "def f():\n    try: g()\n    except ValueError, e: return e\n    print e",
        "for i in range(3):\n    try: g()\n    except ValueError, e: continue\n    print e",
        "import sys\ntry: g()\nexcept ValueError, e: sys.exit(1)\nprint e",
        "try: g()\nexcept ValueError, e: pass\nelse: print e",
        "try: g()\nexcept ValueError, e: pass\ntry: g()\nexcept IOError, e: print e",
        "try: g()\nexcept ValueError, e: pass\ne = 3\nprint e",
        "try: g()\nexcept ValueError, e: pass\ntry: g()\nexcept IOError, e: raise A(e)",
        "try: g()\nexcept ValueError, e: pass\nfor e in a:\n    if e: break",
    ],
)
def test_names_that_are_set(lines: str) -> None:
    assert told("P210", lines) == NOTHING


@pytest.mark.parametrize(
    ("lines", "is_set"),
    [
        ("l = [q for q in a]\nprint q", False),
        ("l = [q for q in a]\nm = [q for q in b]\nprint q", False),
        ("l = [q for q in a]\nprint q\nq = 3", False),
        ("q = 3\nl = [q for q in a]\nprint q", True),
        ("for i in a:\n    l = [q for q in a]\n    print q\n    q = 3", True),
        ("def f():\n    l = [q for q in a]\n    q += 1", False),
        ("q = 3\ndef f():\n    l = [q for q in a]\n    print q\n    q = 3", False),
        ("q = 3\ndef f():\n    l = [q for q in a]\n    print q", True),
        ("def f(q):\n    l = [q for q in a]\n    print q", True),
        ("l = [q for q in a]\nprint q\ndef f():\n    global q\n    q = 3", True),
        ("try: f()\nexcept E as q: pass\nl = [q for q in a]\nprint q", False),
        ("l = [id for id in a]\nprint id", True),
        ("def f():\n    l = [id for id in a]\n    id += 1", False),
    ],
)
def test_what_a_name_is_then(lines: str, is_set: bool) -> None:
    (file,) = run_text(STDIN, f"{HEAD}{lines}\nprint 1\n".encode(), Settings()).files
    (found,) = [one for one in file.findings if one.code == "P210"]
    assert (found.severity is Severity.WARNING) == is_set
    assert ("in Python 3 it is what it was before" if is_set else "nothing sets it (NameError)") in found.message


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("x = round(a)", FOUND),
        ("x = int(round(2.5))", FOUND),
        ("x = round(3)", NOTHING),
        ("x = round(-3)", NOTHING),
        ("x = round(a, 2)", NOTHING),
        ("x = np.round(a)", NOTHING),
        ("x = a.round()", NOTHING),
        ("def round(x): return x\ny = round(2.5)", NOTHING),
        ("from numpy import round\ny = round(2.5)", NOTHING),
        ("def f(round): return round(2.5)", NOTHING),
    ],
)
def test_rounding(line: str, found: list[bool]) -> None:
    assert [is_mended for _, is_mended in told("P211", line)] == found
