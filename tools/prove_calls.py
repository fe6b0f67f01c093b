"""Proves migrated calls against genuine Keras: many calls of one layer in one model, or alone where that fails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from layer_calls import Trial
from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover

_OWN = re.compile(r"\b(model|left|right|encoder|decoder)\b")  # names that a trial's program gives


class Case(NamedTuple):
    """A trial, its migrated program and the release that runs the old one."""

    trial: Trial
    new: str
    release: str


def prove(cases: Sequence[Case]) -> list[Proof]:
    """The proof of each case, in their order."""
    groups = list(_groups(cases))
    proofs: dict[int, Proof] = {}
    with Prover() as prover:
        found = prover.prove([_together([cases[index] for index in group]) for group in groups])
        alone = []
        for group, proof in zip(groups, found, strict=True):
            if proof.status == "equal" or len(group) == 1:
                proofs.update(dict.fromkeys(group, proof))
            else:
                alone += group
        for index, proof in zip(alone, prover.prove([_together([cases[index]]) for index in alone]), strict=True):
            proofs[index] = proof
    return [proofs[index] for index in range(len(cases))]


def _groups(cases: Sequence[Case]) -> Iterator[list[int]]:
    """Cases that can stand in one model: of one release, one layer and one size of the batch."""
    found: dict[tuple[object, ...], list[int]] = {}
    for index, case in enumerate(cases):
        single = case.release < "1" or "activity" in case.trial.call  # 0.x cannot make a model of several
        key = (case.release, case.trial.layer, "batch_input_shape" in case.trial.call, index if single else None)
        found.setdefault(key, []).append(index)
    yield from found.values()


def _together(cases: Sequence[Case]) -> Job:
    first = cases[0]
    label = f"{first.release} {first.trial.call}"
    if len(cases) == 1:
        return Job(label, 1, first.trial.program, "model", first.new, "model", first.release)
    old = _joined([case.trial.program for case in cases], "from keras.models import Model", "input", "output")
    new = _joined([case.new for case in cases], "from keras.models import Model", "inputs", "outputs")
    return Job(label, 1, old, "model", new, "model", first.release)


def _joined(programs: Sequence[str], imports: str, inputs: str, outputs: str) -> str:
    """One model with the inputs and outputs of all."""
    lines = [imports]
    for index, program in enumerate(programs):
        lines += [_OWN.sub(rf"\1_{index}", line) for line in program.splitlines() if not line.startswith("from ")]
        lines += [line for line in program.splitlines() if line.startswith("from ") and line not in lines]
    lines.sort(key=lambda line: not line.startswith("from "))
    ends = [
        f"{keyword}=[one for part in parts for one in part.{side}]"
        for keyword, side in ((inputs, "inputs"), (outputs, "outputs"))
    ]
    lines.append(f"parts = [{', '.join(f'model_{index}' for index in range(len(programs)))}]")
    lines.append(f"model = Model({', '.join(ends)})")
    return "\n".join(lines) + "\n"
