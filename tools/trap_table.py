"""The traps between Keras 0.x/1.x and Keras 3, and what tdmigrate does about each: docs/traps.md.

    python tools/trap_table.py [--check]

Reads the programs of tests/traps, each of which a test runs. With --check nothing is written; exits 1 where the page is
not what they say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pages import DOCS, kept

sys.path.insert(0, str(DOCS.parent / "tests"))

from traps.cases import STYLES, Case, Trap, load

PAGE = DOCS / "traps.md"
HEAD = """\
# What changed in silence, and what tdmigrate does about it

Written by `python tools/trap_table.py`, from the programs of `tests/traps`: each stands in a file there under the
number of its trap and is run by `python -m pytest -m "" tests/traps`. Messages name a trap by this number.

- **equal**: programs of that release run on genuine Keras (Theano, float64), and after migration on Keras 3
  (TensorFlow); what they train, evaluate, predict and compute is the same to 1e-10. Many are also run with the spelling
  that somebody unaware of the trap would keep, which gives other numbers.
- **drawn alike**: initial weights of both have the same deviation, largest size and largest singular value.
- A code: what cannot be equal in that style, or only a person can decide, is a finding or a note with this code.

| trap | Keras 0.x/1.x | Keras 3 | faithful | exact |
|---|---|---|---|---|
"""


def page() -> str:
    return HEAD + "".join(_row(trap) for trap in load())


def _row(trap: Trap) -> str:
    cells = [trap.number, trap.was, trap.now, *("; ".join(_done(trap.cases, style)) for style in STYLES)]
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in cells)} |\n"


def _done(cases: tuple[Case, ...], style: str) -> Iterator[str]:
    mine = [case for case in cases if case.style == style]
    for kind, words in (("equal", "equal"), ("drawn", "drawn alike")):
        releases = sorted({case.release for case in mine if case.kind == kind})
        if releases:
            yield f"{words} ({', '.join(releases)})"
    yield from sorted({case.code for case in mine if case.kind == "told"})


if __name__ == "__main__":
    sys.exit(kept(PAGE, page(), __doc__, "trap_table.py"))
