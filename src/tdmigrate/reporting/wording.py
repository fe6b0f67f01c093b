"""What several reports say in the same words."""

from __future__ import annotations

from collections.abc import Sequence

from tdmigrate.findings import Applicability, Finding, Severity
from tdmigrate.records import NamedTuple
from tdmigrate.results import CellLines, Difference, FileResult, Proof, RunResult, cell_at

VERDICTS = {"equal": "proved", "different": "different", "unproved": "unproved"}


class Remedy(NamedTuple):
    label: str
    text: str | None  # the new text at the finding's place, maybe of several lines


def count(number: int, noun: str) -> str:
    """ "1 finding", "2 findings"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shown_findings(file: FileResult, quiet: bool) -> tuple[Finding, ...]:
    """The findings that stand; without notes where the reader wants none."""
    if not quiet:
        return file.findings
    return tuple(finding for finding in file.findings if finding.severity is not Severity.NOTE)


def is_marked(finding: Finding, run: RunResult) -> bool:
    """Whether ``[*]`` stands at the finding: ``--write`` with the same options mends it."""
    return run.mode != "write" and run.applies(finding)


def remedy(finding: Finding, run: RunResult) -> Remedy | None:
    """What a report says of a finding's fix; None: nothing beyond its mark."""
    fix = finding.fix
    if fix is None:
        return None
    if fix.applicability is Applicability.SAFE:
        label = "becomes"
    elif fix.applicability is Applicability.DISPLAY:
        label = "could become, by hand"
    elif run.unsafe_fixes:
        label = "becomes (unsafe fix)"
    else:
        label = "becomes, with --unsafe-fixes"
    if fix.replacement is not None:
        return Remedy(label, fix.replacement)
    return Remedy("can be fixed with --unsafe-fixes", None) if _needs_unsafe(finding, run) else None


def evidence(finding: Finding, cells: Sequence[CellLines] = ()) -> list[str]:
    """Why, by line; ``cells``: of the text that the finding is in."""
    return [f"because {line(one.span.row, cells)}: {one.message}" for one in finding.evidence]


def line(row: int, cells: Sequence[CellLines]) -> str:
    """ "line 12", in a notebook "cell 3, line 12"."""
    cell = cell_at(cells, row)
    return f"line {row}" if cell is None else f"cell {cell.number}, line {row - cell.row + 1}"


_STEPS = {
    "made up": "a training step",
    "own loss": "a training step with its own loss",
    "own optimizer": "three steps of its own optimizer",
}


def proof(one: Proof) -> str:
    """One proof without its verdict and its place: "model `build_model`: equal, largest difference 1.1e-16 (…)"."""
    said = []
    if one.status == "equal":
        said.append("equal")
    if one.outputs is not None and one.status == "equal":
        said.append(f"largest difference {one.outputs.max_abs:.2g}")
        if one.outputs.masked:
            said.append(f"{count(one.outputs.masked, 'masked step')} set aside")
    if one.reason is not None:
        said.append(one.reason)
    if one.evaluate is not None and one.status == "equal":
        said.append(f"evaluate ({', '.join(one.evaluate.numbers)}) differs by {one.evaluate.max_abs:.2g}")
    if one.step is not None:
        gap = f"the loss differs by {one.step.loss:.2g}, weights by {one.step.weights:.2g}"
        said.append(f"after {_STEPS[one.step.of]} {gap}")
    ran = " / ".join(side for side in (one.legacy, one.modern) if side is not None)
    text = f"model `{one.model}`" + (f": {', '.join(said)}" if said else "") + (f" ({ran})" if ran else "")
    if one.first_difference is not None:
        text += f"; first layer that differs: {one.first_difference}"
    return text if one.difference is None else f"{text} ({_difference(one.difference)})"


def _difference(one: Difference) -> str:
    """ "LSTM gave -0.7 to 0.9, the new LSTM gives -0.6 to 0.8 on the same inputs, at [2, 1] 0.5 and 0.4"."""
    (low, high), (new_low, new_high) = one.ranges
    text = f"{one.kind} gave {low:.3g} to {high:.3g}, the new {one.new_kind} gives {new_low:.3g} to {new_high:.3g} on "
    text += "the same inputs"
    if one.place is not None and one.values is not None:
        text += f", at {list(one.place)} {one.values[0]:.6g} and {one.values[1]:.6g}"
    return text + (f"; likely trap {one.trap}" if one.trap is not None else "")


def minimal(one: Proof) -> list[str]:
    """The lines of two programs that show a difference, if there are any."""
    if one.difference is None or one.difference.programs is None:
        return []
    old, new = one.difference.programs
    lines = ["old program that shows it:", *(f"    {line}" for line in old.splitlines())]
    return [*lines, "new one:", *(f"    {line}" for line in new.splitlines())]


def outcome(file: FileResult) -> str | None:
    """What writing did with a file, if anything is to be said."""
    if file.kept is not None:
        return f"not written: {file.kept}"
    if file.pieces:
        done = ("made" if file.created else "added to") if file.written else "to be made" if file.created else "grows"
        return f"{done} for --vendor: {', '.join(file.pieces)}"
    if file.written:
        return f"rewritten, {count(len(file.fixed), 'finding')} fixed"
    return None


def conclusions(run: RunResult) -> list[str]:
    """Which Keras the files were taken to be written for, and why: a line for those of one conclusion and reason."""
    groups: dict[tuple[str, tuple[str, ...]], list[FileResult]] = {}
    for file in run.files:
        if file.conclusion is not None:
            groups.setdefault(file.conclusion[:2], []).append(file)
    return [_conclusion(words, why, files) for (words, why), files in groups.items()]


def _conclusion(words: str, why: tuple[str, ...], files: list[FileResult]) -> str:
    own = next((file.conclusion.own for file in files if file.conclusion is not None and file.conclusion.own), ())
    more = f" and {count(len(files) - 1, 'file')} more" if len(files) > 1 else ""
    reasons = "; ".join((*why, *own)) or "no line says more"
    return f"{files[0].path}{more}: written for {words} ({reasons})."


def summary(run: RunResult) -> list[str]:
    """The counts of a run, as sentences."""
    counts = run.summary
    total = counts.findings + counts.fixed
    said = []
    if total:
        files = sum(bool(file.left or file.fixed) for file in run.files)
        said.append(f"Found {count(total, 'finding')} in {count(files, 'file')} ({', '.join(_kinds(run))}).")
    elif counts.files > counts.errors:
        said.append(f"Nothing to migrate in {count(counts.files - counts.errors, 'file')}.")
    if counts.notes:
        said.append(f"{count(counts.notes, 'note')} besides.")
    if run.interrupted:
        done = sum(file.written for file in run.files)
        said.append(f"Interrupted: {count(done, 'file')} written, {_unwritten(run)} as they were.")
    if counts.errors:
        said.append(f"{count(counts.errors, 'file')} could not be done.")
    if run.verified:
        from tdmigrate.reporting.reasons import grouped  # hardly ever needed

        verdicts = ((counts.proved, "equal"), (counts.failed, "different"), (counts.unproved, "unproved"))
        proofs = f"Proofs: {', '.join(f'{number} {verdict}' for number, verdict in verdicts if number) or 'none'}"
        reasons = [one.reason or "" for file in run.files for one in file.proofs if one.status == "unproved"]
        groups = [f"  {number} × {reason}" for number, reason in grouped(reasons)]
        said += [f"{proofs}:", *(f"{group};" for group in groups[:-1]), f"{groups[-1]}."] if groups else [f"{proofs}."]
    return said


def _unwritten(run: RunResult) -> str:
    return count(sum(file.kept is not None for file in run.files), "file")


def _kinds(run: RunResult) -> list[str]:
    counts = run.summary
    real = [finding for file in run.files for finding in file.findings if finding.severity is not Severity.NOTE]
    unsafe = sum(_needs_unsafe(finding, run) for finding in real)
    person = counts.findings - counts.fixable - unsafe
    said = []
    if counts.fixed:
        said.append(f"{counts.fixed} fixed")
    if counts.fixable:
        said.append(f"{counts.fixable} {'not written' if run.mode == 'write' else 'fixable with --write'}")
    if unsafe:
        said.append(f"{unsafe} with --unsafe-fixes")
    if person:
        said.append(f"{person} {'needs' if person == 1 else 'need'} a person")
    return said


def _needs_unsafe(finding: Finding, run: RunResult) -> bool:
    fix = finding.fix
    return fix is not None and fix.applicability is Applicability.UNSAFE and not run.unsafe_fixes
