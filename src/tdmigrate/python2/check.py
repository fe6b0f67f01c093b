"""P2xx: what of Python 2 goes with the conversion of a file, and what a person has to look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tdmigrate.findings import Applicability, Finding, Fix, Severity, Span
from tdmigrate.python2.base import LISTS
from tdmigrate.python2.leftovers import calls
from tdmigrate.rules.context import CheckSettings
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.rules.silence import is_silenced, silenced
from tdmigrate.understanding.module import Module

if TYPE_CHECKING:
    from tdmigrate.view import Told

SYNTAX, DIVISION, KERNEL, BESIDE = "P201", "P202", "P206", "P209"

RULES = (
    Rule(
        code=SYNTAX,
        name="python-2",
        title="A source in Python 2",
        what=(
            "Finds a source that Python 3 does not parse and Python 2 does, or that uses what Python 2 alone has, such "
            "as `xrange`, `iteritems` or `cPickle`, where nothing in it tells that it runs on both; and the modules in "
            "Python 2 that such a source imports, with or without Keras in them."
        ),
        why="Keras 3 runs on Python 3 alone.",
        safety=(
            "Safe: fissix, the successor of 2to3, converts the whole file, syntax first; what would silently mean "
            "something else has findings of its own (P202 to P211). Findings stand at the lines of the file as it is. "
            "`--python2 keep` reports and leaves such files as they are; so does ignoring this code."
        ),
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "for epoch in xrange(3):\n"
                '    print "epoch", epoch\n',
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "for epoch in range(3):\n"
                '    print("epoch", epoch)\n',
            ),
        ),
    ),
    Rule(
        code=DIVISION,
        name="integer-division",
        title="A division of integers rounded down",
        what=(
            "Finds `/` in Python 2 where both sides are integers, or where the result is a size of a layer or goes to "
            "`range`, which took integers alone. Of other divisions a person has to say what they are of, unless one "
            "side is a fraction."
        ),
        why="In Python 2, `7 / 2` is 3; in Python 3 it is 3.5, which is no number of units, and another number of all.",
        safety="Safe: `//` gives the same in both. Where it is not known, nothing is changed.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers.core import Dense\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Dense(n / 2, init='zero', input_dim=n))\n"
                'print "share", n / 2.0\n',
                "from keras.models import Sequential\n"
                "from keras.layers import Dense, Input\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Input(shape=(n,)))\n"
                "model.add(Dense(n // 2, kernel_initializer='zeros'))\n"
                'print("share", n / 2.0)\n',
            ),
        ),
    ),
    Rule(
        code=LISTS,
        name="no-list",
        title="What gave a list gives a view or an iterator",
        what=(
            "Finds `map`, `filter`, `zip`, `range`, `keys`, `items`, `values` in Python 2 where a list may be wanted, "
            "and `map` over several lists."
        ),
        why=(
            "In Python 3 an iterator is empty after the first walk, and has no length and no index; and `map` stops at "
            "the end of the shortest list, where Python 2 went on with None for what it had not."
        ),
        safety="Safe: `list(…)` around it is what Python 2 gave. Whether lists are equally long is left to a person.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "sizes = map(int, words)\n"
                "print len(sizes)\n",
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "sizes = list(map(int, words))\n"
                "print(len(sizes))\n",
            ),
        ),
    ),
    Rule(
        code=KERNEL,
        name="kernel",
        title="A notebook with a kernel of Python 2",
        what="Finds the kernel that a notebook names.",
        why="Jupyter would run the cells in Python 2, which has no Keras 3.",
        safety="Safe: the notebook's code is converted with it.",
        examples=(),
    ),
    Rule(
        code=BESIDE,
        name="import-from-beside",
        title="A module beside the file, in a package",
        what=(
            "Finds imports in Python 2 that name a module beside the file without a dot. It is a note where the import "
            "is mended, and a warning where it is not, as `import words.lists` and `import os, words` are not."
        ),
        why="Python 3 looks for it along the path alone: `import words` becomes `from . import words`.",
        safety="The file then runs as a part of its package, `python -m package.file`, and not by its path.",
        examples=(),
    ),
)

_LISTS: Final = {
    "range": "`range` gave a list in Python 2 and gives no list now",
    "map": "`map` gave a list in Python 2 and gives an iterator now",
    "filter": "`filter` gave a list in Python 2 and gives an iterator now",
    "zip": "`zip` gave a list in Python 2 and gives an iterator now",
    "dict": "this gave a list of its own in Python 2 and gives a view of the dict now",
}

_MAKERS: Final = frozenset(("filter", "list", "map", "range", "sorted", "split", "splitlines", "readlines", "zip"))

_BESIDE: Final = "write `from . import a` for `import a`, `from .a import b` for `import a.b`, each on its own line"

_DONE = Fix(Applicability.SAFE, ())  # the conversion of the file does it


def check_python2(module: Module, told: Sequence[Told], settings: CheckSettings) -> tuple[Finding, ...]:
    """The findings of a module that was Python 2, each code that is wanted and not silenced on its line."""
    filters = {one.span for one in told if one.kind == "filter"}
    met: dict[str, set[Span]] = {"imap": set(), "raise": set()}
    for one in told:
        if one.kind in met:
            met[one.kind].add(one.span)
    found = (*(_finding(one) for one in told if one.kind not in met), *_filtered(module, filters), *calls(module, met))
    rows = silenced(module.text)
    return tuple(one for one in found if settings.wants(one.code) and not is_silenced(one.code, one.span, rows))


def _filtered(module: Module, spans: set[Span]) -> Iterator[Finding]:
    """Of what is filtered and is not told to be a list: a string gave a string, a tuple a tuple."""
    for node in module.nodes if spans else ():
        if not isinstance(node, ast.Call) or module.span(node) not in spans:
            continue
        inner = node.args[0]
        sequence = inner.args[1] if isinstance(inner, ast.Call) and len(inner.args) == 2 else inner
        made = sequence.func if isinstance(sequence, ast.Call) else None
        name = made.id if isinstance(made, ast.Name) else made.attr if isinstance(made, ast.Attribute) else ""
        if not isinstance(sequence, (ast.List, ast.ListComp)) and name not in _MAKERS:
            message = "`filter` gave a string of a string, and a tuple of a tuple; it is a list now: see what it is of"
            yield Finding(LISTS, Severity.WARNING, module.span(node), message)


def _finding(told: Told) -> Finding:
    if told.kind == "syntax":
        why = f": {told.why}" if told.why else ""
        message = f"the file is Python 2 and is converted as a whole; from here on no Python 3 runs it{why}"
        return Finding(SYNTAX, Severity.ERROR, told.span, message, fix=_DONE)
    if told.kind == "kernel":
        message = "the notebook runs in a kernel of Python 2, which has no Keras 3: it asks for Python 3"
        return Finding(KERNEL, Severity.ERROR, told.span, message, fix=_DONE)
    if told.kind == "/":
        message = f"`/` rounded down in Python 2, where {told.why}; that is `//`"
        return Finding(DIVISION, Severity.WARNING, told.span, message, fix=_DONE)
    if told.kind == "import":
        message = "it lies beside this file: Python 3 finds it so in a package, run as python -m package.file"
        return Finding(BESIDE, Severity.NOTE, told.span, message)
    if told.kind == "beside":
        message = "a module here lies beside this file, where Python 3 does not look from a package: {}"
        return Finding(BESIDE, Severity.WARNING, told.span, message.format(_BESIDE))
    if told.kind == "?":
        message = "`/` of what may be integers rounded down in Python 2; if they are, it is `//`"
        return Finding(DIVISION, Severity.WARNING, told.span, message)
    message = f"{_LISTS[told.kind]}: `list(…)` keeps it one"
    return Finding(LISTS, Severity.WARNING, told.span, message, fix=_DONE)
