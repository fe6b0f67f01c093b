"""What proofs cost: the first small model, those after it, and the memory of a run. By hand:

    python benchmarks/proofs.py [--models N] [--jobs N] [--large]

The first model pays for both frameworks. Seconds are told twice: of the clock, which others on the machine slow down,
and of the processors. Memory is the sum over all processes of the run, each page that several share counted once
(Pss of /proc), sampled while the run goes on.
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tdmigrate.records import NamedTuple
from tdmigrate.results import Proof
from tdmigrate.verification.jobs import MEMORY, Job
from tdmigrate.verification.prover import Prover

SHARE = 0.2  # of the first model's cost, that a later one may have
LIMIT = 3.0  # GB, over a run of small models

OLD = """
from keras.models import Sequential
from keras.layers.core import Activation, Dense, TimeDistributedDense
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import GRU, LSTM, SimpleRNN
model = Sequential()
"""
NEW = """
from keras import Input, Sequential
from keras.layers import *
from tdmigrate.compat import hard_sigmoid
model = Sequential()
"""
SMALL = (
    (
        ("LSTM(6, return_sequences=True, input_shape=(7, 4))", "TimeDistributedDense(5, activation='softmax')"),
        ("Input((7, 4))", "LSTM(6, return_sequences=True, recurrent_activation=hard_sigmoid)", "Dense(5, 'softmax')"),
    ),
    (
        ("Embedding(20, 6, mask_zero=True, input_length=7)", "GRU(5)", "Dense(3)"),
        (
            "Input((7,))",
            "Embedding(20, 6, mask_zero=True)",
            "GRU(5, recurrent_activation=hard_sigmoid, reset_after=False)",
            "Dense(3)",
        ),
    ),
    (("Dense(8, activation='relu', input_dim=4)", "Dense(2)"), ("Input((4,))", "Dense(8, 'relu')", "Dense(2)")),
    (("SimpleRNN(6, input_shape=(7, 4))", "Dense(2)"), ("Input((7, 4))", "SimpleRNN(6)", "Dense(2)")),
)
# the dense layers of VGG16: 124 million of its 138 million weights
LARGE = (
    ("Dense(4096, activation='relu', input_dim=25088)", "Dense(4096, activation='relu')", "Dense(1000)"),
    ("Input((25088,))", "Dense(4096, 'relu')", "Dense(4096, 'relu')", "Dense(1000)"),
)


class Cost(NamedTuple):
    seconds: float  # of the clock
    busy: float  # of all processors together


def job(layers: tuple[Sequence[str], Sequence[str]]) -> Job:
    old, new = (
        head + "".join(f"model.add({one})\n" for one in side) for head, side in zip((OLD, NEW), layers, strict=True)
    )
    return Job("model", 1, old, "model", new, "model", "1.2.2")


class Memory:
    """The most that this process and those under it had at a time, in GB."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.peak = max(self.peak, sum(map(_memory, _family(os.getpid()))) / 2**20)


def _family(process: int) -> list[int]:
    found = [process]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:  # it has ended
                continue
    return found


def _memory(process: int) -> int:
    """In kB."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def busy() -> float:
    """Seconds of the processors that this process and all under it have used, those that ended included."""
    ticks = os.sysconf("SC_CLK_TCK")
    whole = 0.0
    for process in _family(os.getpid()):
        try:
            told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        whole += sum(map(int, told[11:15])) / ticks  # its own, and that of its children that ended
    return whole


def cost(prover: Prover, jobs: Sequence[Job], memory: int = MEMORY) -> tuple[Cost, list[Proof]]:
    began, used = time.monotonic(), busy()
    proofs = prover.prove(jobs, memory=memory)
    return Cost(time.monotonic() - began, busy() - used), proofs


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--models", type=int, default=50, help="small models in one run")
    arguments.add_argument("--jobs", type=int, default=0, help="programs at a time; 0: one per core")
    arguments.add_argument("--large", action="store_true", help="also a model of 124 million weights, at 4 GB")
    given = arguments.parse_args()
    small = [job(SMALL[index % len(SMALL)]) for index in range(given.models)]
    with Memory() as memory, Prover(processes=given.jobs) as prover:
        first, proofs = cost(prover, small[:1])
        later, others = cost(prover, small[1:])
    good = all(proof.status == "equal" for proof in [*proofs, *others])
    each = Cost(later.seconds / len(others), later.busy / len(others))
    print(f"proved                {sum(one.status == 'equal' for one in [*proofs, *others])} of {given.models}")
    print(f"first model           {first.seconds:.2f} s, {first.busy:.2f} s of processors")
    print(f"each later one        {each.seconds:.2f} s, {each.busy:.2f} s of processors")
    shares = each.seconds / first.seconds, each.busy / first.busy
    print(f"share of the first    {shares[0]:.3f}, {shares[1]:.3f} (at most {SHARE})")
    print(f"peak memory           {memory.peak:.2f} GB (at most {LIMIT:g})")
    good = good and max(shares) <= SHARE and memory.peak <= LIMIT
    if given.large:
        with Memory() as memory, Prover(processes=given.jobs) as prover:
            large, (proof,) = cost(prover, [job(LARGE)])
        print(f"124 million weights   {proof.status}, {proof.reason}: {large.seconds:.0f} s, {memory.peak:.2f} GB")
        good = good and proof.status == "equal"

    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
