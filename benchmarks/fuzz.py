"""Thousands of random legacy programs through the whole tool: ``python benchmarks/fuzz.py --programs N [--seed S]``.

Each is drawn by its number from the seed, migrated, and proved against genuine Keras. A program that comes out wrong is
made as small as it stays wrong and written into a folder, with its verdict. A run that was broken off goes on where it
stopped: what is done stands in ``FOLDER/seed-S.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fuzz.grammar import Program, program
from fuzz.shrinking import shrunk
from fuzz.verdict import WRONG, Verdict, verdicts
from tdmigrate.verification.prover import Prover

BATCH = 25  # programs proved in one go
PROGRESS = 50


def drawn(seed: str, index: int) -> Program:
    return program(Random(f"{seed}-{index}"))


def run(seed: str, first: int, last: int, folder: Path, shrinks: bool) -> Iterator[tuple[int, Program, Verdict]]:
    """The verdicts of the programs of these numbers; the wrong ones are written down."""
    with Prover() as prover:
        for start in range(first, last, BATCH):
            numbers = range(start, min(start + BATCH, last))
            made = [drawn(seed, index) for index in numbers]
            for index, one, verdict in zip(numbers, made, verdicts(made, prover), strict=True):
                if verdict.kind in WRONG:
                    kept = _keeping(verdict.kind, prover)
                    smallest = shrunk(one, kept) if shrinks else one
                    write(folder / f"{verdict.kind}-{seed}-{index}.py", smallest, verdict)
                yield index, one, verdict


def _keeping(kind: str, prover: Prover) -> Callable[[Program], bool]:
    return lambda candidate: verdicts([candidate], prover)[0].kind == kind


def write(path: Path, one: Program, verdict: Verdict) -> None:
    head = f"# {one.release} {one.style} {one.backend}, the model is {one.target}\n# {verdict}\n"
    path.write_text(head + one.text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=2000, metavar="N")
    parser.add_argument("--seed", default="0", metavar="S")
    parser.add_argument("--folder", type=Path, default=Path("fuzz-runs"), help="default: %(default)s")
    parser.add_argument("--no-shrink", action="store_true", help="write wrong programs as they were drawn")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    log = asked.folder / f"seed-{asked.seed}.jsonl"
    done = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    counts = Counter((one["kind"], one["reason"]) for one in done)
    began = time.monotonic()
    with log.open("a") as record:
        for index, one, verdict in run(asked.seed, len(done), asked.programs, asked.folder, not asked.no_shrink):
            record.write(
                json.dumps({"index": index, "release": one.release, "kind": verdict.kind, "reason": verdict.reason})
                + "\n"
            )
            record.flush()
            counts[verdict.kind, verdict.reason] += 1
            if (index + 1) % PROGRESS == 0:
                print(
                    f"{index + 1} of {asked.programs}: {summary(counts)}, {time.monotonic() - began:.0f} s", flush=True
                )
    print(f"generated {sum(counts.values())}: {summary(counts)}")
    for (kind, reason), count in sorted(counts.items(), key=lambda item: (item[0][0], -item[1])):
        if reason:
            print(f"{count:6} {kind}: {reason}")
    return 1 if any(kind in WRONG for kind, _ in counts) else 0


def summary(counts: Counter[tuple[str, str]]) -> str:
    kinds: Counter[str] = Counter()
    for (kind, _), count in counts.items():
        kinds[kind] += count
    return ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


if __name__ == "__main__":
    sys.exit(main())
