"""P205: text and bytes, and the modes of files."""

from __future__ import annotations

import pytest

from .test_check import mended, told

MODULES = "import hashlib, base64, zlib, struct, subprocess, codecs, json, os; "


@pytest.mark.parametrize(
    "line",
    [
        "y = x.decode('utf-8')",
        "y = x.decode()",
        "y = x.decode(encoding='utf8', errors='ignore')",
        "y = x.decode(enc)",
        "for l in open(p): print l.decode('utf8')",
        "y = [l.decode('utf8') for l in open(p)]",
        "class C:\n    def decode(self, x): return y.decode('utf-8')",
        "if isinstance(s, str): s = s.decode('utf-8')",
        "print x.encode('utf-8')",
        "y = 'a' + x.encode('utf-8')",
        "y = '%s' % x.encode('ascii', 'ignore')",
        "y = '{}'.format(x.encode('utf8'))",
        "y = ', '.join([x.encode('utf8') for x in a])",
        "y = x.encode('utf8') == 'a'",
        "y = str(x.encode('utf8'))",
        "s = x.encode('utf-8')\nprint s",
        "f = open(p, 'w'); f.write(x.encode('utf-8'))",
        "with open(p, 'w') as f: f.write(x.encode('utf-8'))",
        "sys.stdout.write(x.encode('utf-8'))",
        "class A:\n    def __str__(self): return self.x.encode('utf-8')",
        "y = unicode(x, 'utf-8')",
        "y = hashlib.md5('abc').hexdigest()",
        "y = hashlib.md5(x).hexdigest()",
        "m = hashlib.md5(); m.update(x)",
        "y = base64.b64encode(x)",
        "y = zlib.crc32('abc')",
        "y = struct.unpack('>I', '\\x00\\x00\\x00\\x01')",
        "print subprocess.check_output(c)",
        "o = subprocess.check_output(c)\nfor l in o.split('\\n'): print l",
        "print subprocess.Popen(c).communicate()[0]",
        "out, err = subprocess.Popen(c).communicate()\nprint out.split('\\n')",
        "p = subprocess.Popen(c)\nfor l in p.stdout: print l.split('\\t')",
        "print base64.b64decode(x)",
        "f = open(p, 'wb')\nprint >>f, 'hi'",
        "f = open(p, 'wb'); f.write(json.dumps(x))",
        "json.dump(x, open(p, 'wb'))",
        "y = [l.strip().split('\\t') for l in open(p, 'rb')]",
        "y = hasattr(x, '__iter__')",
    ],
)
def test_text_that_was_bytes(line: str) -> None:
    assert len(told("P205", MODULES + "\n" + line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "y = b'abc'.decode('utf-8')",
        "y = open(p, 'rb').read().decode('utf-8')",
        "with open(p, 'rb') as f:\n    for l in f: print l.decode('utf-8').split('\\t')",
        "class A:\n    def o(self): self.f = open(p, 'rb')\n    def r(self): return self.f.read().decode('utf8')",
        "y = x.encode('utf8').decode('ascii')",
        "y = subprocess.check_output(c).decode('utf-8').split('\\n')",
        "print subprocess.check_output(c, universal_newlines=True)",
        "y = table.decode(guesses)",
        "y = table.decode(ids, 5, True)",
        "y = codecs.decode(x, 'utf-8')",
        "class C:\n    def decode(self): return self\ny = C().decode()",
        "class C:\n    def encode(self, x): return x\nprint C().encode(z)",
        "if isinstance(s, bytes): s = s.decode('utf8')",
        "if hasattr(s, 'decode'): s = s.decode('utf8')",
        "if not isinstance(s, unicode): s = s.decode('utf-8')",
        "y = s if isinstance(s, unicode) else s.decode('utf-8')",
        "def f(s):\n    if isinstance(s, unicode): return s\n    return unicode(s, 'utf-8')",
        "try: s = s.decode('utf-8')\nexcept AttributeError: pass",
        "y = hashlib.md5(x.encode('utf-8')); m = hashlib.md5(); m.update(b'x'); m.update(open(p, 'rb').read())",
        "m.update(x)",
        "sock.send(x.encode('utf-8')); h.write(x.encode('utf-8'))",
        "f = open(p, 'wb'); f.write(x.encode('utf-8'))",
        "pickle.dumps(x.encode('utf8'))",
        "y = unicode(x); z = unicode(b'abc', 'utf-8'); w = unicode(open(p, 'rb').read(), 'utf-8')",
        "y = struct.unpack('>I', f.read(4)); z = zlib.decompress(x)",
        "y = x.encode('utf-8') == b'a'; z = b'a' + x.encode('utf8')",
        "s = x.encode('utf-8')\ns = 'a'\nprint s",
        "json.dump(x, open(p, 'w')); y = json.loads(open(p, 'rb').read())",
        "y = hasattr(x, '__iter__') and not isinstance(x, str)",
        "f = open(p, 'r'); csv.reader(f); g = open(p, 'rb'); pickle.load(g, encoding='latin1')",
    ],
)
def test_text_and_bytes_that_stay(line: str) -> None:
    assert told("P205", MODULES + "\n" + line) == []


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        ("from pickle import load\nx = load(open(p))", "load(open(p, mode='rb'), encoding='latin1')"),
        ("from pickle import dump as d\nd(x, open(p, 'w'))", "d(x, open(p, 'wb'))"),
        ("from csv import reader as r\nx = r(open(p, 'rb'))", "r(open(p, 'r', newline=''))"),
        ("import csv as c\nx = c.writer(open(p, 'ab'))", "c.writer(open(p, 'a', newline=''))"),
        ("x = csv.reader(open(p, mode='rb'))", "csv.reader(open(p, mode='r', newline=''))"),
        ("class A:\n    def o(self): self.f = open(p)\n    def r(self): pickle.load(self.f)", "open(p, mode='rb')"),
        ("if z: f = open(q)\nelse: f = open(p)\npickle.load(f)", "open(q, mode='rb')\nelse: f = open(p, mode='rb')"),
        ("import gzip\nif z: f = gzip.open(p)\nelse: f = open(p)\npickle.load(f)", "else: f = open(p, mode='rb')"),
        ("f = open(p, 'w')\npickle.dump(a, f); pickle.dump(b, f)", "f = open(p, 'wb')\n"),
        ("x = pickle.load(open(p, 'rU'))", "pickle.load(open(p, 'rb'), encoding='latin1')"),
        ("f = open(p, 'rb')\nf = wrapped(f)\ncsv.reader(f)", "f = open(p, 'rb')\n"),
        ("def f(g): return csv.reader(g)\ng = open(p, 'rb')", "g = open(p, 'rb')"),
        ("f = open(p, 'wb'); f.write('a,b')\ncsv.writer(f)", "f = open(p, 'w', newline=''); f.write('a,b')"),
        ("import hashlib as H\nx = H.md5('abc')", "H.md5(b'abc')"),
    ],
)  # fmt: skip
def test_modes(lines: str, new: str) -> None:
    assert new in mended(lines)


def test_one_name_of_two_files() -> None:
    new = mended(
        "def read(fn):\n    f = open(fn, 'rb')\n    return csv.reader(f)\n"
        "def write(fn):\n    f = open(fn, 'wb')\n    return csv.writer(f)"
    )
    assert "f = open(fn, 'r', newline='')" in new
    assert "f = open(fn, 'w', newline='')" in new


def test_a_file_of_which_two_want_another_mode() -> None:
    lines = "f = open(p, 'rb')\ncsv.reader(f)\nx = pickle.load(f, encoding='latin1')"
    assert told("P205", lines, "write") == [(1, False)]
    assert "open(p, 'rb')" in mended(lines)


def test_a_random_of_ones_own() -> None:
    assert told("P208", "from random import seed\nimport random as R\nseed(3)\nx = R.Random(3); y = R.Random()") == [
        (3, False),
        (4, False),
    ]
