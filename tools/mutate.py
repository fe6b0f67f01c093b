"""Does the proof notice what is wrong? Breaks each default, mapping and weight transform once and proves with it.

    python tools/mutate.py [--area AREA] [--only NAME] [--everywhere] [--sample N --seed S] [--workers N] [--kept FILE]
                           [--write | --check]

Each mutation (tools/mutations.py, tools/weight_mutations.py) is put into tdmigrate alone. Programs that exercise it are
migrated, and those whose new text is another than it should be are proved: genuine Keras on the old text, Keras 3 on
the new one. It is

- killed: a proof says "different";
- failed: no proof says that, but a new text does not run, where the right one is proved equal;
- returned: no proof, but weights of Keras 1 are others when they come back from Keras 3;
- survived: every proof says "equal";
- unshown: no program of tools/mutation_programs.py is migrated otherwise and proved;
- without a release: only sources for releases of which there is no genuine Keras here are migrated otherwise;
- idle: no source for any release is migrated otherwise, so that it is no fault;
- aside: no number of a model can hang on it, for the reason given.

Prints counts and every survivor. --kept adds each verdict to a file and takes those that stand in it as known, so that
a run of hours can be broken off. --write puts the figures into docs/mutation.md; --check exits 1 where a mutation is
not noticed that is not listed there.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np

from mutation_programs import (
    COMPILES,
    GENUINE,
    Program,
    is_reached,
    programs,
    weighty_programs,
    without_compile,
)
from mutations import SILENT, UNBROKEN, Mutation, broken, mutations
from pages import DOCS
from tdmigrate.findings import Applicability
from tdmigrate.keras1 import registry
from tdmigrate.keras1.versions import RELEASES
from tdmigrate.results import Proof
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.jobs import MEMORY, SECONDS, Compiled, Job, Limits
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.record import Array, Record
from tdmigrate.verification.sides import Legacy, Ran
from tdmigrate.verification.step import OWN_OPTIMIZER
from tdmigrate.verification.weights import Misfit, layout_of, to_keras3, to_legacy
from weight_mutations import BACK, in_place, kinds_of, weight_mutations

PAGE = DOCS / "mutation.md"
KILLED, FAILED, RETURNED, SURVIVED, UNSHOWN = "killed", "failed", "returned", "survived", "unshown"
UNREACHED, IDLE, SET_ASIDE = "without a release", "idle", "aside"
OUTCOMES = (KILLED, FAILED, RETURNED, SURVIVED, UNSHOWN, UNREACHED, IDLE, SET_ASIDE)
MISSED = (RETURNED, SURVIVED, UNSHOWN)
AT_MOST = 12  # proofs with one mutation
OWNERS = 6  # of what is broken, in which it is tried besides


class Verdict(NamedTuple):
    """What came of a mutation."""

    outcome: str  # one of OUTCOMES
    why: str  # the proof's reason, or a program that shows nothing
    proofs: int = 0


class Remembering(Legacy):
    """The old side, which runs each old program once: its record is the same whatever the new one does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, None)
        self._kept = folder / "kept"
        self._kept.mkdir()
        self._known: dict[tuple[str, str, str, str | None], tuple[Path, Ran | Proof]] = {}

    def run(self, job: Job, folder: Path, limits: Limits) -> Ran | Proof:
        key = (job.version, job.backend, job.old, job.compiled and job.compiled.old)
        if key not in self._known:
            ran = super().run(job, folder, limits)
            kept = self._kept / str(len(self._known))
            link = folder / "legacy"
            if isinstance(ran, Ran):
                link.resolve().rename(kept)
                link.unlink()
            self._known[key] = (kept, ran)
        kept, ran = self._known[key]
        if isinstance(ran, Ran):
            (folder / "legacy").symlink_to(kept)
        return ran

    def record(self, program: Program) -> Record | None:
        """That of a program; None: it does not run."""
        with tempfile.TemporaryDirectory() as folder:
            job = _job(program, "")
            ran = self.run(job, Path(folder), Limits(SECONDS, MEMORY))
        return ran.record if isinstance(ran, Ran) else None


class Bench(Prover):
    """Both sides; what was proved once is known."""

    def __init__(self) -> None:
        super().__init__()
        self._legacy = self._memory = Remembering(self._folder)
        self._proofs: dict[tuple[str, ...], Proof] = {}

    def proof(self, program: Program, new: str, mutation: Mutation | None = None) -> Proof:
        """Of a migrated program; with the functions of the mutation broken, on both sides."""
        code = mutation.code if mutation is not None else ""
        key = (program.release, program.backend, program.text, new, code)
        if key not in self._proofs:
            with in_place(code):
                self._proofs[key] = self.prove([_job(program, f"{code}{new}")])[0]
        return self._proofs[key]

    def record(self, program: Program) -> Record | None:
        """That of the old program; None: it does not run."""
        return self._memory.record(program)


def _job(program: Program, new: str) -> Job:
    """Where the program compiles its model, with steps of its own loss and optimizer."""
    bare = Job(
        "model", 1, without_compile(program.text), "model", without_compile(new), "model", program.release,
        backend=program.backend,
    )  # fmt: skip
    if COMPILES not in program.text:
        return bare
    compiled = Compiled(program.text, "model", new, "model")
    return bare._replace(compiled=compiled, own_optimizer=True, finished=True)


class Trier:
    """Tries mutations, one after the other."""

    def __init__(self) -> None:
        self._bench = Bench()
        self._right: dict[Program, str] = {}

    def verdict(self, mutation: Mutation) -> Verdict:
        """That of one; where it is not noticed, in another owner of what is broken."""
        found = self._verdict(mutation)
        others = mutation.alike[:: -(-len(mutation.alike) // OWNERS)] if mutation.alike else ()
        for other in others if found.outcome in (*MISSED, IDLE) else ():
            again = self._verdict(other)
            if again.outcome in (KILLED, FAILED):
                return again
            found = again if found.outcome == IDLE else found
        return found

    def _verdict(self, mutation: Mutation) -> Verdict:
        if mutation.aside:
            return Verdict(SET_ASIDE, mutation.aside)
        if mutation.code:
            return self._of_weights(mutation)
        failed, first = "", ""
        proofs = 0
        for program, new in self._shown(mutation, GENUINE):
            first = first or f"{program.release}: {_last_line(program.text)} → {_last_line(new or '')}"
            right = self._bench.proof(program, self._right[program])
            own = right.step is not None and right.step.of == OWN_OPTIMIZER
            asked = mutation.what == SILENT  # so that the right text is not whole
            if not asked and (right.status != "equal" or (COMPILES in program.text and not own)):
                continue
            if new is None:
                failed = failed or "the rules fail"
                continue
            proofs += 1
            proof = self._bench.proof(program, new)
            if proof.status == "different":
                return Verdict(KILLED, proof.reason or "", proofs)
            if proof.status == "unproved":
                failed = failed or proof.reason or ""
            if proofs == AT_MOST:
                break
        if not first:
            return self._unshown(mutation)
        if failed:
            return Verdict(FAILED, failed, proofs)
        if not proofs:
            return Verdict(UNSHOWN, f"not proved equal with the right entry: {first}")
        return Verdict(SURVIVED, first, proofs)

    def _shown(self, mutation: Mutation, releases: tuple[str, ...]) -> Iterator[tuple[Program, str | None]]:
        """Programs that are migrated otherwise, and to what; None: the rules fail."""
        for given in dict.fromkeys(programs(mutation, releases)):
            program = self._with_weights(given) if "weights=initial" in given.text else given
            if program not in self._right:
                self._right[program] = migrate(program)
            with broken(mutation):
                try:
                    new = migrate(program)
                except Exception:  # a wrong entry may lead to anything
                    new = None
            if new != self._right[program]:
                yield program, new

    def _with_weights(self, program: Program) -> Program:
        """A program that gives its layer weights, each of one value, of the shapes that the layer has."""
        record = self._bench.record(program._replace(text=program.text.replace("weights=initial", "weights=None")))
        shapes = [one.shape for one in record.layers[-1].weights] if record is not None and record.layers else []
        values = ", ".join(f"np.full({shape}, {(index + 1) / 8})" for index, shape in enumerate(shapes))
        return program._replace(text=f"import numpy as np\n{program.text.replace('initial', f'[{values}]')}")

    def _of_weights(self, mutation: Mutation) -> Verdict:
        """Of a function or layout: the programs stay, what becomes of their weights is another."""
        layout = registry.layer(mutation.owner)
        kinds = kinds_of(mutation)
        if layout is not None and layout.layout is not None:
            kinds = frozenset((layout.layout.convert,))
        failed, returned, proofs = "", False, 0
        for program in dict.fromkeys(weighty_programs(kinds, mutation.owner)):
            new = self._right[program] = self._right.get(program) or migrate(program)
            record = self._bench.record(program)
            if record is None:
                continue
            returned = returned or not _is_there_and_back(record, mutation)
            if mutation.area == BACK:
                proofs += 1
                if returned:
                    return Verdict(KILLED, "other weights come back", proofs)
            elif _predicts(right := self._bench.proof(program, new)):
                proofs += 1
                proof = self._bench.proof(program, new, mutation)
                if proof.status == "different" and (right.status == "equal" or not _predicts(proof)):
                    return Verdict(KILLED, proof.reason or "", proofs)
                failed = failed or (proof.reason or "" if proof.status == "unproved" else "")
        if failed:
            return Verdict(FAILED, failed, proofs)
        outcome = (RETURNED if returned else SURVIVED) if proofs else UNSHOWN
        return Verdict(outcome, f"{proofs} programs with {', '.join(sorted(kinds))}", proofs)

    def _unshown(self, mutation: Mutation) -> Verdict:
        if not is_reached(mutation):
            return Verdict(UNREACHED, mutation.place)
        others = tuple(release for release in RELEASES if release not in GENUINE)
        found = next(self._shown(mutation, others), None)
        if found is not None:
            return Verdict(UNREACHED, f"{found[0].release}: {_last_line(found[0].text)}")
        if not any(True for _ in programs(mutation, RELEASES)):
            return Verdict(UNSHOWN, "no program is known")
        return Verdict(IDLE, "no text is another")

    def close(self) -> None:
        self._bench.close()


def migrate(program: Program) -> str:
    """The new text."""
    settings = CheckSettings(keras_version=program.release, style=program.style, source_backend=program.backend)
    findings = check(Module(program.text), settings).findings
    return apply(
        program.text,
        [one.fix for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE],
    )


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if "(" in line), "")


def _predicts(proof: Proof) -> bool:
    """Whether the outputs are equal: in modern style, steps may be others all the same."""
    return proof.status == "equal" or (proof.reason or "").startswith("the outputs are equal, but in a training step")


def _is_there_and_back(record: Record, mutation: Mutation) -> bool:
    """Whether weights of Keras 1 are the same when they come back from Keras 3, the functions one way being broken."""
    for layer in record.layers:
        layout = layout_of(layer.kind, layer.ordering, backend=record.backend)
        forth, back = (in_place(mutation.code if (mutation.area == BACK) is way else "") for way in (False, True))
        try:
            with forth:
                new = to_keras3(layout, layer.weights, record.release, layer.halves)
            with back:
                again = to_legacy(layout, new, record.release, layer.halves)
        except (Misfit, ValueError, IndexError):
            return False
        fused = layout.gates and len(layer.weights) == 3 * layer.halves  # which no release says of itself
        if not fused and not (len(again) == len(layer.weights) and all(map(_is_same, layer.weights, again))):
            return False
    return True


def _is_same(one: Array, other: Array) -> bool:
    """But for the rounding of a square root."""
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-15, atol=0))


_MUTATIONS: list[Mutation] = []  # of this run; forked processes find them here


def _try(indexes: Sequence[int], kept: Path | None) -> list[tuple[int, Verdict]]:
    trier = Trier()
    found = []
    try:
        for index in indexes:
            verdict = trier.verdict(_MUTATIONS[index])
            print(_line(_MUTATIONS[index], verdict), file=sys.stderr, flush=True)
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([_key(_MUTATIONS[index]), *verdict]) + "\n")
            found.append((index, verdict))
    finally:
        trier.close()
    return found


def _line(mutation: Mutation, verdict: Verdict) -> str:
    return f"{verdict.outcome:9} {mutation.label}: {verdict.why}"


def _key(mutation: Mutation) -> str:
    return f"{mutation.area} {mutation.label}"


def known(kept: Path | None) -> dict[str, Verdict]:
    """The verdicts of a file, by mutation."""
    if kept is None or not kept.exists():
        return {}
    rows = map(json.loads, kept.read_text(encoding="utf-8").splitlines())
    return {str(key): Verdict(str(outcome), str(why), int(proofs)) for key, outcome, why, proofs in rows}


def tried(chosen: Sequence[Mutation], workers: int, kept: Path | None) -> list[Verdict]:
    """The verdict of each, those of one owner by one worker, which knows their programs."""
    _MUTATIONS[:] = chosen
    before = known(kept)
    verdicts = {index: before[key] for index, one in enumerate(chosen) if (key := _key(one)) in before}
    by_owner: dict[str, list[int]] = {}
    for index, mutation in enumerate(chosen):
        if index not in verdicts:
            by_owner.setdefault(mutation.owner, []).append(index)
    groups: list[list[int]] = []  # small enough that workers end together, large enough to be worth a start
    size = min(_GROUP, -(-(len(chosen) - len(verdicts)) // workers))
    for indexes in sorted(by_owner.values(), key=len, reverse=True):
        if groups and len(groups[-1]) + len(indexes) <= size:
            groups[-1] += indexes
        else:
            groups.append([*indexes])
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        for done in as_completed([pool.submit(_try, group, kept) for group in groups]):
            verdicts.update(done.result())
    return [verdicts[index] for index in range(len(chosen))]


_GROUP = 100


def share(verdicts: Iterable[Verdict]) -> float:
    """What part the proof noticed of all that can show."""
    counts = Counter(one.outcome for one in verdicts)
    noticed = counts[KILLED] + counts[FAILED]
    return noticed / max(1, noticed + sum(counts[name] for name in MISSED))


# --- the page


def page(chosen: Sequence[Mutation], verdicts: Sequence[Verdict], total: int) -> str:
    pairs = list(zip(chosen, verdicts, strict=True))
    of = f"{len(chosen)} of {total} mutations, drawn at random" if len(chosen) < total else f"all {total} mutations"
    lines = [HEAD.format(of=of, share=f"{share(verdicts):.1%}"), _row("", *OUTCOMES, "noticed"), _row(*["---"] * 10)]
    areas = dict.fromkeys(f"{mutation.area}, {mutation.family}" for mutation in chosen)
    for area in (*areas, "all"):
        of_area = [one for mutation, one in pairs if area in ("all", f"{mutation.area}, {mutation.family}")]
        counts = Counter(one.outcome for one in of_area)
        lines.append(_row(area, *(str(counts[name]) for name in OUTCOMES), f"{share(of_area):.1%}"))
    lines += [SURVIVORS, _row("mutation", "", "where it would show"), _row(*["---"] * 3)]
    lines += [
        _row(_code(mutation.label), verdict.outcome, _code(verdict.why))
        for mutation, verdict in pairs
        if verdict.outcome in MISSED
    ]
    reasons = Counter(verdict.why for verdict in verdicts if verdict.outcome == SET_ASIDE)
    lines += [ASIDE, *(f"- {count}: {why}.\n" for why, count in reasons.most_common())]
    lines += [UNTRIED, *(f"- `{name}`: {why}.\n" for name, why in UNBROKEN.items())]
    return "".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(' '.join(cell.replace('|', '/').split()) for cell in cells)} |\n"


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39)).replace('|', '/')}`"


HEAD = """\
# What the proof notices

Written by `python tools/mutate.py --write`. Each default, argument mapping, mapped value and step of a weight transform
that the rules read from the entries is broken once, alone; programs that exercise it are migrated and proved. Data that
several layers share are broken in one of them and, where nothing notices that, in some others. The figures are of {of}:
**{share}** are noticed.

- **killed**: a proof says "different". **failed**: the new program does not run. Both are noticed.
- **returned**: no proof says so, but weights are others when they come back from Keras 3 (conversions that no migrated
  program needs; saved models will).
- **survived**: every proof says "equal". **unshown**: no program that shows it is proved.
- **without a release**: it shows only in sources for releases of which there is no genuine Keras to run.
- **idle**: no source for any release is migrated otherwise.
- **aside**: no number of a model can hang on it.

"""
SURVIVORS = """
## What is not noticed

"""
ASIDE = """
## What is set aside

"""
UNTRIED = """
## What is not broken

"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--area", action="append", help="of this area alone; may be given again")
    parser.add_argument("--only", action="append", help="of this layer or function alone; may be given again")
    parser.add_argument("--everywhere", action="store_true", help="what layers share is broken in each of them")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of them, chosen by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--kept", type=Path, metavar="FILE", help="where verdicts are kept")
    parser.add_argument("--full", action="store_true", help="print every verdict")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    either.add_argument("--check", action="store_true", help=f"exit 1 where docs/{PAGE.name} does not list a survivor")
    wanted = parser.parse_args()
    every = [
        one
        for one in (*weight_mutations(), *mutations(wanted.everywhere))
        if (not wanted.area or one.area in wanted.area) and (not wanted.only or one.owner in wanted.only)
    ]
    chosen = every
    if wanted.sample is not None and wanted.sample < len(every):
        places = sorted(random.Random(wanted.seed).sample(range(len(every)), wanted.sample))
        chosen = [every[place] for place in places]
    verdicts = tried(chosen, wanted.workers, wanted.kept)
    missed = [
        (mutation, verdict) for mutation, verdict in zip(chosen, verdicts, strict=True) if verdict.outcome in MISSED
    ]
    for mutation, verdict in zip(chosen, verdicts, strict=True) if wanted.full else missed:
        print(_line(mutation, verdict))
    counts = Counter(one.outcome for one in verdicts)
    print(", ".join(f"{counts[name]} {name}" for name in OUTCOMES), f"({share(verdicts):.1%} noticed)")
    if wanted.write:
        PAGE.write_text(page(chosen, verdicts, len(every)), encoding="utf-8")
    if wanted.check:
        listed = PAGE.read_text(encoding="utf-8")
        unlisted = [mutation.label for mutation, _ in missed if _code(mutation.label) not in listed]
        for label in unlisted:
            print(f"not listed in {PAGE.name}: {label}")
        return int(bool(unlisted))
    return 0


if __name__ == "__main__":
    sys.exit(main())
