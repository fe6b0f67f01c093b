"""Coverage-guided fuzzing of all that reads a source.

    cd tests && python -m fuzz.atheris_target [CORPUS] [-max_total_time=SECONDS]

Needs ``pip install atheris``. The first byte decides whether the rest is a module or a notebook, or a cell of one.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import atheris

# what turns bytes into a module and back; all the rest runs too, far faster than with counters in it
ROOMS = ["tdmigrate.sources", "tdmigrate.view", "tdmigrate.syntax", "tdmigrate.rewriting"]

with atheris.instrument_imports(include=ROOMS):
    import tdmigrate.rewriting.apply
    import tdmigrate.rules.check
    import tdmigrate.rules.registry
    import tdmigrate.sources.fixers
    import tdmigrate.sources.notebook
    import tdmigrate.sources.python2  # noqa: F401
    from fuzz.anything import check

FIXTURES = Path(__file__).parent.parent / "fixtures"
outcomes: Counter[str] = Counter()


def one(data: bytes) -> None:
    kind, rest = data[:1], data[1:]
    if kind < b"\x80":
        outcomes[check("a.py", rest)] += 1
    elif kind < b"\xa0":
        outcomes[check("a.ipynb", rest)] += 1
    else:
        cells = rest.decode("utf-8", "replace").split("\0")
        code = [{"cell_type": "code", "source": cell, "outputs": [], "metadata": {}} for cell in cells]
        outcomes[check("a.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": code}).encode())] += 1
    if sum(outcomes.values()) % 1000 == 0:
        print(dict(outcomes), file=sys.stderr, flush=True)


def plant(corpus: Path) -> None:
    """The fixtures, as modules and as cells, to start from."""
    corpus.mkdir(parents=True, exist_ok=True)
    for path in sorted(FIXTURES.glob("*/before.py")):
        for kind in (b"\x00", b"\xff"):
            (corpus / f"{path.parent.name}-{kind.hex()}").write_bytes(kind + path.read_bytes())
    for number, text in enumerate((b"print 'x'", b"exec 'x' in y", b"def f((a, b)):\n\tprint `a`\n        return 07L")):
        (corpus / f"python2-{number}").write_bytes(b"\x00import keras\n" + text)


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if not argument.startswith("-")]
    for folder in folders:
        plant(folder)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
