"""The releases of Keras 0.1–1.2, and intervals of them."""

from __future__ import annotations

from functools import cache

from tdmigrate.records import NamedTuple

RELEASES = (
    "0.1.0", "0.1.1", "0.1.2", "0.1.3", "0.2.0", "0.3.0", "0.3.1", "0.3.2", "0.3.3",
    "1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.0.5", "1.0.6", "1.0.7", "1.0.8",
    "1.1.0", "1.1.1", "1.1.2", "1.2.0", "1.2.1", "1.2.2",
)  # fmt: skip


@cache
def _first(version: str) -> int:
    """Index of the first release of a series ("1.0") or of the very release ("1.0.3")."""
    for index, release in enumerate(RELEASES):
        if release == version or release.startswith(version + "."):
            return index
    raise ValueError(f"no such Keras release: {version}")


@cache
def _last(version: str) -> int:
    for index in range(len(RELEASES) - 1, -1, -1):
        if RELEASES[index] == version or RELEASES[index].startswith(version + "."):
            return index
    raise ValueError(f"no such Keras release: {version}")


class Versions(NamedTuple):
    """An interval of releases, by their indexes in RELEASES, both ends included."""

    lo: int
    hi: int

    @property
    def lowest(self) -> str:
        return RELEASES[self.lo]

    @property
    def highest(self) -> str:
        return RELEASES[self.hi]

    def meets(self, other: Versions) -> bool:
        """Whether some release lies in both."""
        return self.lo <= other.hi and other.lo <= self.hi

    def within(self, other: Versions) -> bool:
        """Whether every release of this one lies in the other."""
        return other.lo <= self.lo and self.hi <= other.hi

    def narrow(self, other: Versions) -> Versions | None:
        """The releases in both; None: there is none."""
        return Versions(max(self.lo, other.lo), min(self.hi, other.hi)) if self.meets(other) else None

    def show(self) -> str:
        """ "1.2.2", "0.3", "1.x", "0.2-1.1", as short as it is true."""
        if self.lo == self.hi:
            return self.lowest
        series = [self.lowest.rpartition(".")[0], self.highest.rpartition(".")[0]]
        major = [self.lowest[0], self.highest[0]]
        if series[0] == series[1]:
            return series[0]
        return f"{major[0]}.x" if major[0] == major[1] else f"{series[0]}-{series[1]}"


ALL = Versions(0, len(RELEASES) - 1)


@cache
def parse(text: str) -> Versions:
    """ "0.1-1.2", "1.1.2-1.2", "0.3" or "1.0.3" as an interval; a series covers its releases."""
    lo, _, hi = text.partition("-")
    return Versions(_first(lo), _last(hi or lo))


def since(mapping_keys: tuple[str, ...], version: int) -> str:
    """Of keys that each say "from this version on", the one in force at a release; before all of them, the first."""
    best = mapping_keys[0]
    for key in mapping_keys:
        if _first(key) <= version:
            best = key
    return best
