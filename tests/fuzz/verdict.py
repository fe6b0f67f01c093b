"""What comes of a program: migrated in this process, and proved against genuine Keras."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import NamedTuple

from tdmigrate.findings import Applicability, Severity
from tdmigrate.results import Proof
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover

from .grammar import Program

# kinds of verdicts; "told": other numbers, as a note says; "left": a person has to decide
PROVED, TOLD, LEFT, UNPROVED = "proved", "told", "left", "unproved"
DIFFERENT, CRASHED, UNPARSED, UNQUIET = "different", "crashed", "unparsed", "unquiet"
WRONG = (DIFFERENT, CRASHED, UNPARSED, UNQUIET)

# differences that a note foretells: words of the note, and what the proof says then
FORETOLD: tuple[tuple[str, str], ...] = (
    ("trap C15", r"outputs|an output of shape|of a layer differ|training step|regularisation adds"),
    ("dropped no inputs but with consume_less='cpu'", r"training step"),
    ("regularizers of the merged models add to the loss counts now", r"regularisation adds|training step"),
    ("by its outputs counts now, too", r"regularisation adds|training step"),
    ("lost the inner layer's activity_regularizer; now that counts", r"regularisation adds|training step"),
    ("its running averages move as often in a step", r"the weight (moving|running)_"),
    ("of its inner layer add to the loss counts now", r"regularisation adds|training step"),
    ("left them as they were in a layer that is not trained", r"the weight (moving|running)_"),
    ("see whether something reads those steps", r"training step"),
    ("running averages of BatchNormalization in the merged models", r"the weight (moving|running)_"),
    ("as in a prediction always", r"training step"),
    ("Keras 1 never moved running averages of a layer in it", r"the weight (moving|running)_"),
    ("by its outputs counts now, though it is not trained", r"regularisation adds|training step"),
    ("penalty of weights that are not trained", r"regularisation adds|the loss differs"),
)


class Verdict(NamedTuple):
    """``reason``: why, in words; of a proved one why no training step was compared, or nothing."""

    kind: str
    reason: str = ""
    new: str | None = None  # the migrated program

    def __str__(self) -> str:
        return f"{self.kind}: {self.reason}" if self.reason else self.kind


class Migrated(NamedTuple):
    """What is to be proved, and the notes of the migration."""

    job: Job
    notes: tuple[str, ...]


def migrated(program: Program) -> Migrated | Verdict:
    """The job that proves it, or why there is none."""
    settings = CheckSettings(keras_version=program.release, style=program.style, source_backend=program.backend)
    try:
        checked = check(Module(program.text), settings)
    except Exception as error:
        return Verdict(CRASHED, f"check: {type(error).__name__}: {error}")
    findings = checked.findings
    fixes = [one.fix for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE]
    left = [
        one
        for one in findings
        if one.severity is not Severity.NOTE and (one.fix is None or one.fix.applicability is not Applicability.SAFE)
    ]
    try:
        new = apply(program.text, fixes)
    except Exception as error:
        return Verdict(CRASHED, f"rewrite: {type(error).__name__}: {error}")
    try:
        ast.parse(new)
    except SyntaxError as error:
        return Verdict(UNPARSED, str(error), new)
    if left:
        return Verdict(LEFT, f"{left[0].code}: {left[0].message}", new)
    try:
        again = [one for one in check(Module(new), settings).findings if one.fix is not None]
    except Exception as error:
        return Verdict(CRASHED, f"second check: {type(error).__name__}: {error}", new)
    if again:
        return Verdict(UNQUIET, f"{again[0].code}: {again[0].message}", new)
    ordering = (checked.era.channels if checked.era is not None else None) or "tf"
    job = Job(
        "model", 1, program.text, program.target, new, program.target, program.release,
        finished=True, ordering=ordering,
    )  # fmt: skip
    return Migrated(job, tuple(one.message for one in findings if one.severity is Severity.NOTE))


def of_proof(proof: Proof, new: str, notes: Sequence[str]) -> Verdict:
    """``notes``: what was told of the migration without asking for a decision."""
    reason = proof.reason or ""
    kind = {"equal": PROVED, "different": DIFFERENT}.get(proof.status, UNPROVED)
    if kind == DIFFERENT:
        for words, pattern in FORETOLD:
            if re.search(pattern, reason) and any(words in note for note in notes):
                return Verdict(TOLD, words, new)
    return Verdict(kind, reason, new)


def verdicts(programs: Sequence[Program], prover: Prover) -> list[Verdict]:
    """One for each program, in their order; all are proved in one go."""
    made = [migrated(one) for one in programs]
    proofs = iter(prover.prove([one.job for one in made if isinstance(one, Migrated)]))
    return [one if isinstance(one, Verdict) else of_proof(next(proofs), one.job.new, one.notes) for one in made]


def verdict(program: Program, prover: Prover) -> Verdict:
    """What comes of one program."""
    return verdicts([program], prover)[0]
