"""P204, P205, P207, P208: calls of Python 2 that fissix leaves, and that fail or mean something else in Python 3."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tdmigrate.findings import Finding, Span
from tdmigrate.python2 import left_behind, rounding
from tdmigrate.python2.base import CHANCE, FILES, GONE, HEAD, ORDER, Source
from tdmigrate.python2.bytes_as_text import bytes_as_text
from tdmigrate.python2.code_in_strings import code
from tdmigrate.python2.comparing import ordering
from tdmigrate.python2.file_modes import files
from tdmigrate.python2.gone import default_encoding, gone, seeds
from tdmigrate.python2.hashes import hashes
from tdmigrate.python2.iterators import iterators
from tdmigrate.python2.raises import raises
from tdmigrate.python2.refused_uses import ways
from tdmigrate.python2.text_as_bytes import literals, text_as_bytes
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.bytestrings import Bytestrings
from tdmigrate.understanding.module import Module

RULES = (
    Rule(
        code=ORDER,
        name="comparison",
        title="Sorting by comparing two",
        what="Finds `cmp`, and functions that compare two handed to `sort` and `sorted`, in Python 2.",
        why="Python 3 sorts by keys alone and has no `cmp`: it raises TypeError or NameError.",
        safety="Safe where a function is handed to `sort` or `sorted`; `cmp` itself is left to a person.",
        examples=(
            Example(
                f"import random\n{HEAD}words.sort(lambda a, b: len(a) - len(b))\nprint words\n",
                "import random\nfrom keras.models import Sequential\nimport functools\n\nmodel = Sequential()\n"
                "words.sort(key=functools.cmp_to_key(lambda a, b: len(a) - len(b)))\nprint(words)\n",
            ),
            Example(f"{HEAD}print cmp(a, b)\n", None),
        ),
    ),
    Rule(
        code=FILES,
        name="text-and-bytes",
        title="Text and bytes are two things",
        what=(
            "Finds files that `pickle` and `csv` get in the other mode, strings that are decoded, and bytes (of "
            "`encode`, `base64`, a subprocess, a file opened `'rb'`) that go as text, or text as bytes, in Python 2."
        ),
        why=(
            "A string of Python 2 was bytes. In Python 3 pickle wants bytes and csv text; what Python 2 pickled, such "
            "as arrays, does not load without `encoding='latin1'`."
        ),
        safety="Safe where the file is opened in the same source; what is decoded is left to a person.",
        examples=(
            Example(
                f"import cPickle\n{HEAD}data = cPickle.load(open('data.pkl'))\n",
                f"import pickle\n{HEAD}data = pickle.load(open('data.pkl', mode='rb'), encoding='latin1')\n",
            ),
            Example(f"{HEAD}print 'words'.decode('utf-8')\n", None),
        ),
    ),
    Rule(
        code=GONE,
        name="gone-from-python",
        title="What Python 3 does not have",
        what=(
            "Finds names, modules, arguments and modes of Python 2 that Python 3 does not have, such as `file`, "
            "`string.letters` and `time.clock`, methods nobody calls now, `e.message`, and patterns that split at "
            "nothing; a `raise` of a class and an exception; generators that StopIteration ended, of a `raise` or of "
            "`next`; an iterator's `next` that is handed on; classes with `__eq__` and without `__hash__`; and Python "
            "2 in the strings that `exec`, `eval`, `compile` and `timeit` are given."
        ),
        why="They raise an error in Python 3, are never called, or, as a pattern that splits, do something else.",
        safety="Safe where there is one that does the same; else it is left to a person.",
        examples=(
            Example(
                f"import string\n{HEAD}print string.letters\n",
                f"import string\n{HEAD}print(string.ascii_letters)\n",
            ),
            Example(f"{HEAD}print 1\n\n\nclass Word:\n    def __cmp__(self, other):\n        return 0\n", None),
            Example(
                f"{HEAD}lines = iter(words)\nprint reader(lines.next)\n",
                f"{HEAD}lines = iter(words)\nprint(reader(lines.__next__))\n",
            ),
            Example(f"{HEAD}print 1\n\n\ndef pairs(words):\n    while True:\n        yield next(words)\n", None),
        ),
    ),
    Rule(
        code=CHANCE,
        name="seed-of-random",
        title="The same seed draws other numbers",
        what="Finds `random.seed` in Python 2; it is a note.",
        why=(
            "Python 3 makes an integer of a random number in another way: after the same seed, `shuffle` and `sample` "
            "give another order. `random.random` and all of numpy draw what they drew."
        ),
        safety="A note: write the order to a file where it has to stay.",
        examples=(Example(f"import random\n{HEAD}random.seed(7)\nprint 1\n", None),),
    ),
    left_behind.RULE,
    rounding.RULE,
)


def calls(module: Module, met: Mapping[str, Collection[Span]]) -> Iterator[Finding]:
    """What there is to say of a module that was Python 2.

    ``met``: each ``map`` in it that was "imap", and each "raise" that named a value.
    """
    source = Source(module)
    yield from ordering(source)
    of_files = [*files(source)]
    yield from of_files
    mended = {one.span for one in of_files if one.code == FILES and one.fix is not None}
    known = Bytestrings(source, mended)
    yield from text_as_bytes(source, known)
    yield from bytes_as_text(source, known, mended)
    yield from literals(source)
    for check in (gone, default_encoding, seeds, ways, code, hashes, rounding.rounded):
        yield from check(source)
    yield from iterators(source, met["imap"])
    yield from raises(source, met["raise"])
    yield from left_behind.left_behind(source)
