"""P207: Python 2 in strings."""

from __future__ import annotations

import pytest

from .test_check import told

MODULES = "import timeit, re; "


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ('exec "print 1"', [1]),
        ('exec("print 1") in d', [1]),
        ("s = '''\nprint 1\n'''\nexec s\nexec s", [1]),
        ("x = eval('1 <> 2')", [1]),
        ("x = compile('print 1', 'a', 'exec')", [1]),
        (MODULES + "x = timeit.Timer('print 1')", [1]),
        ("x = eval(' 1 + 2')", []),
        ("exec 'x = 1'", []),
        (MODULES + "x = re.compile('print 1')", []),
        ("x = compile('print 1', 'a', mode)", []),
        ("try: eval('1 +')\nexcept SyntaxError: pass", []),
        ("exec 'print %s' % x", []),
        ("import sys\nif sys.version_info[0] < 3: exec 'print 1'", []),
        ("import six\nif six.PY2:\n    exec 'raise a, b, c'", []),
        ("x = eval(s)", []),
    ],
)
def test_code_in_a_string(lines: str, rows: list[int]) -> None:
    assert told("P207", lines) == [(row, False) for row in rows]
