"""How far proofs reach: verify the models of real packages that nobody here wrote, and say which could not be proved.

    python tools/reach.py [--keep FOLDER]

Prints a table of packages, then why models are unproved. Exits 1 when a proof comes out different, or less than 70 % of
the models of the packages that count are proved. The table says how many sources were in Python 2. Nothing fetched is
kept unless told to.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from real_code import PACKAGES, Package, fetch, tool
from tdmigrate.reporting.reasons import grouped

COUNTED = ("dragonn", "keras-rl", "word2veckeras", "keras-toolbox")
OTHERS = ("deepcpg", "elephas", "keras-vis")
LEAST = 0.7  # of the models of the packages that count


class Reach(NamedTuple):
    """What became of the models of one package."""

    label: str
    counts: bool
    converted: int  # files that were Python 2
    proved: int
    different: tuple[str, ...]  # each with its place
    unproved: tuple[str, ...]  # the reason of each

    @property
    def found(self) -> int:
        return self.proved + len(self.different) + len(self.unproved)


def reach(package: Package, root: Path) -> Reach:
    """Verify a package that lies in a folder."""
    return counted(package, tool("--verify", str(root)))


def counted(package: Package, report: dict[str, Any]) -> Reach:
    """The models of a report; not the calls that are proved alone where a model could not be."""
    proofs = [
        (file["path"], proof)
        for file in report["files"]
        for proof in file["proofs"]
        if not proof["model"].endswith(" alone")
    ]
    return Reach(
        f"{package.name} {package.version}",
        package.name in COUNTED,
        sum(any(finding["code"] == "P201" for finding in file["findings"]) for file in report["files"]),
        sum(proof["status"] == "equal" for _, proof in proofs),
        tuple(
            f"{path}:{proof['row']}: {proof['model']}: {proof['reason']}"
            for path, proof in proofs
            if proof["status"] == "different"
        ),
        tuple(proof["reason"] for _, proof in proofs if proof["status"] == "unproved"),
    )


def share(reached: Sequence[Reach]) -> float:
    """How many of the models that count are proved, of all that were found in their packages."""
    found = sum(one.found for one in reached if one.counts)
    return sum(one.proved for one in reached if one.counts) / found if found else 0.0


def lines(reached: Sequence[Reach]) -> list[str]:
    """The table, and the reasons."""
    text = [f"{'package':24} {'python 2':>8} {'models':>6} {'proved':>6} {'different':>9} {'unproved':>8}"]
    text += [
        f"{one.label + ('' if one.counts else ' *'):24} {one.converted:8} {one.found:6} {one.proved:6}"
        f" {len(one.different):9} {len(one.unproved):8}"
        for one in reached
    ]
    text += ["* does not count", "", "unproved:"]
    text += [f"{number:4} × {reason}" for number, reason in grouped(r for one in reached for r in one.unproved)]
    return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="unpack here and leave it there")
    keep: Path | None = parser.parse_args().keep
    base = keep if keep is not None else Path(tempfile.mkdtemp())
    packages = {package.name: package for package in PACKAGES}
    try:
        reached = [reach(packages[name], fetch(packages[name], base)) for name in (*COUNTED, *OTHERS)]
    finally:
        if keep is None:
            shutil.rmtree(base)
    print("\n".join(lines(reached)))
    different = [one for package in reached for one in package.different]
    proved = share(reached)
    print("", *different, f"{proved:.0%} of the models that count are proved, {LEAST:.0%} asked for", sep="\n")
    return int(bool(different) or proved < LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
