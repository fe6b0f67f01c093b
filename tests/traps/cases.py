"""The traps of the .toml files here, as their README describes them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
STYLES = ("faithful", "exact")
KINDS = ("equal", "drawn", "told")
LETTERS = {"A": 8, "B": 10, "C": 44, "D": 20, "E": 10, "F": 18, "G": 16}  # and how many traps each has


class Case(NamedTuple):
    """One program of a trap, in one style."""

    trap: str
    kind: str
    place: int
    style: str
    release: str
    backend: str
    program: str
    naive: tuple[str, str] | None
    fails: str
    code: str
    says: str
    own: bool

    @property
    def source(self) -> str:
        """The name of the program, in whatever style it is migrated."""
        return f"{self.trap}-{self.kind}{self.place}-{self.release}"

    def __str__(self) -> str:
        return f"{self.trap}-{self.kind}{self.place}-{self.style}-{self.release}"


class Trap(NamedTuple):
    """A change between Keras 1 and Keras 3, in words, and its programs."""

    number: str
    was: str
    now: str
    cases: tuple[Case, ...]


def numbers() -> list[str]:
    return [f"{letter}{index}" for letter, count in LETTERS.items() for index in range(1, count + 1)]


def _cases(number: str, about: dict[str, Any]) -> Iterator[Case]:
    for kind in KINDS:
        for index, one in enumerate(about.pop(kind, ())):
            styles = one.pop("styles", STYLES)
            for style in styles:
                given = dict(one)
                naive, fails = given.pop("naive", None), given.pop("fails", "")
                if style != styles[0]:  # one style is enough to see that the program would notice
                    naive, fails = None, ""
                yield Case(
                    number, kind, index, style, given.pop("release"), given.pop("backend", "theano"),
                    given.pop("program"), naive and tuple(naive), fails,
                    given.pop("code", ""), given.pop("says", ""), given.pop("own", False),
                )  # fmt: skip
                assert not given, (number, given)


def load() -> list[Trap]:
    """Raises AssertionError where a file has a word that its README has not."""
    found = []
    for path in sorted(HERE.glob("*.toml")):
        for number, about in tomllib.loads(path.read_text(encoding="utf-8")).items():
            was, now = about.pop("was"), about.pop("now")
            found.append(Trap(number, was, now, tuple(_cases(number, about))))
            assert not about, (number, about)
    return sorted(found, key=lambda trap: (trap.number[0], int(trap.number[1:])))
