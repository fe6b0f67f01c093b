"""What long sources cost: every example of every rule, repeated to 1,000 rows and to twice as many. By hand:

    python benchmarks/growth.py [--rows N] [--show N]

Prints the slowest, and how often the time doubles where the rows do: 2 is linear. A source of 1,000 rows that takes
more than 5 seconds to rewrite is one too many, whatever stands in it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from tdmigrate.config import Settings
from tdmigrate.pipeline import run_text
from tdmigrate.records import NamedTuple
from tdmigrate.rules.registry import rules

LIMIT = 5.0  # seconds, for the first number of rows


class Growth(NamedTuple):
    code: str
    example: int  # of the rule, from 1
    rows: int
    first: float  # seconds
    second: float  # of twice the rows
    error: str


def repeated(text: str, rows: int) -> str:
    """The imports of a source once, and the rest of it so often that it has so many rows."""
    lines = text.splitlines(keepends=True)
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    rest = [line for line in lines if line not in imports]
    return "".join(imports + rest * max(1, rows // max(1, len(rest))))


def seconds(text: str) -> tuple[float, str]:
    """Of rewriting a source in memory, and the code of the error, if it is refused."""
    begun = time.perf_counter()
    files = run_text("source.py", text.encode(), Settings(mode="write")).files
    error = files[0].error if files else None
    return time.perf_counter() - begun, error.code if error is not None else ""


def measure(rows: int) -> list[Growth]:
    found = []
    for rule in rules():
        for number, example in enumerate(rule.examples, 1):
            first, _ = seconds(repeated(example.before, rows))
            second, error = seconds(repeated(example.before, 2 * rows))
            found.append(Growth(rule.code, number, rows, first, second, error))
    return sorted(found, key=lambda one: -one.second)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What long sources cost.")
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--show", type=int, default=15)
    told = parser.parse_args(arguments)
    seconds(rules()[0].examples[0].before)  # what the first pays for all
    found = measure(told.rows)
    for one in found[: told.show]:
        print(
            f"{one.code:6} example {one.example}: {told.rows} rows {one.first:6.2f} s, {2 * told.rows} rows "
            f"{one.second:6.2f} s, ratio {one.second / one.first:4.1f} {one.error}"
        )
    slow = [one for one in found if one.first > LIMIT]
    print(f"{len(found)} examples, {len(slow)} over {LIMIT:.0f} s at {told.rows} rows")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
