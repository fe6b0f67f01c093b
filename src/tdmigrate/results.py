"""What a run brings back: the words between pipeline, verification and reporting.

Everything here is finished: suppressed and unselected findings are gone, spans point into ``FileResult.text``.
"""

from collections.abc import Sequence

from tdmigrate.findings import Applicability, Finding, Severity
from tdmigrate.records import NamedTuple


class Outputs(NamedTuple):
    """How far the outputs of two models lie apart."""

    max_abs: float  # largest absolute difference over all outputs and time lengths
    dtype: str  # in which both models computed, "float64"
    masked: int = 0  # time steps of all samples and outputs that the old model masks: they are set aside


class Step(NamedTuple):
    """How far two models lie apart after training a little."""

    loss: float  # of the last step
    weights: float  # largest absolute difference of any weight
    of: str = "made up"  # the loss; "own loss" of the source, by one step of SGD; "own optimizer" too, by three of it


class Evaluate(NamedTuple):
    """How far two models lie apart in what ``evaluate`` returns: the loss, then the source's own metrics."""

    max_abs: float  # largest absolute difference of any number
    numbers: tuple[str, ...]  # what they are called in the old model: "loss", "acc"


class Difference(NamedTuple):
    """The first layer that gives something else than its counterpart in the old model does on the same inputs."""

    layer: str  # its name in the old model
    kind: str  # its class there
    new_kind: str
    place: tuple[int, ...] | None  # where they are furthest apart, the batch first; None: their shapes differ
    values: tuple[float, float] | None  # at that place, the old one first
    ranges: tuple[tuple[float, float], tuple[float, float]]  # least and largest number of each
    trap: str | None  # the numeric trap that the new layer's settings fell into
    programs: tuple[str, str] | None = None  # an old and a new one of this layer alone that differ as well


STOPPED = "the run was interrupted before it"  # why a file was not written


class Proof(NamedTuple):
    """Two real models that ran side by side, or why they did not."""

    model: str  # what holds the model: "model", "build_model"
    row: int  # of the old source, from 1
    status: str  # "equal", "different", "unproved"
    reason: str | None = None  # always said for "unproved"; for "equal", why there is no step
    outputs: Outputs | None = None
    step: Step | None = None
    legacy: str | None = None  # "keras 1.2.2 theano", "reference formula"
    modern: str | None = None  # "keras 3.15.1 tensorflow"
    first_difference: str | None = None  # the first layer whose output differs
    difference: Difference | None = None  # more of it, where a layer differs by itself
    evaluate: Evaluate | None = None  # with the source's own compile, before the step


class FileError(NamedTuple):
    """Why a file could not be done: one line on standard error, never hidden by --select or --ignore."""

    code: str  # E9xx
    row: int | None  # from 1; None: it concerns the whole file
    message: str  # what is wrong, one line
    advice: str  # what to do, one line
    cell: int | None = None  # of a notebook, among its code cells, from 1; the row counts in it

    @property
    def place(self) -> str:
        """What follows the path: ":3", ":cell 2:3", ":cell 2" or nothing."""
        cell = "" if self.cell is None else f":cell {self.cell}"
        return cell if self.row is None else f"{cell}:{self.row}"

    def show(self) -> str:
        """``E901 invalid syntax: mend it …``, without the path and the row."""
        return f"{self.code} {self.message}: {self.advice}"


class CellLines(NamedTuple):
    """One code cell of a notebook."""

    number: int  # among the code cells, from 1
    row: int  # of the text that all of them make, where it begins
    rows: tuple[int, ...]  # of the file, for each line of the cell


def cell_at(cells: Sequence[CellLines], row: int) -> CellLines | None:
    """The cell of a row of the text that all cells make; None: there are no cells."""
    return next((cell for cell in reversed(cells) if cell.row <= row), None)


def where(cells: Sequence[CellLines], row: int) -> str:
    """A row of a text in words: "12", in a notebook "cell 3:12"."""
    cell = cell_at(cells, row)
    return str(row) if cell is None else f"cell {cell.number}:{row - cell.row + 1}"


def file_row(cells: Sequence[CellLines], row: int) -> int:
    """The row of the file: of a notebook that of the JSON text."""
    cell = cell_at(cells, row)
    if cell is None:
        return row
    return cell.rows[min(row - cell.row, len(cell.rows) - 1)] if cell.rows else 1


class Conclusion(NamedTuple):
    """Which Keras a file was taken to be written for, and why."""

    words: str  # "Keras 1.0.4 on theano"
    project: tuple[str, ...]  # what of the project decided: "requirements.txt:1: keras==1.0.4"
    own: tuple[str, ...]  # what of the file itself did: "models/tagger.py:3: imports theano"


class FileResult(NamedTuple):
    """One file, done.

    ``findings`` are those that stand now, notes among them: all of them in check and diff mode, those left in write
    mode (with their places in the new text). ``fixed`` are those that writing mended (with places in the old text).
    """

    path: str  # as a user would type it; may hold surrogate escapes
    error: FileError | None = None
    keras_version: str | None = None
    source_backend: str | None = None
    findings: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    proofs: tuple[Proof, ...] = ()
    text: str = ""  # the source that the spans of ``findings`` point into; of a notebook all its code, cell by cell
    old_text: str = ""  # the source as it was before the run
    new_text: str | None = None  # with its fixes applied (diff, write, verify); None: nothing to change
    cells: tuple[CellLines, ...] = ()  # of a notebook: where they begin in ``text``
    old_cells: tuple[CellLines, ...] = ()  # and in ``old_text``
    new_cells: tuple[CellLines, ...] = ()  # and in ``new_text``
    new_file: str | None = None  # the text of the whole file, where that is not ``new_text``
    encoding: str = "utf-8"
    bom: str = ""  # that stands before both texts in the file
    written: bool = False
    created: bool = False  # there was no such file before
    pieces: tuple[str, ...] = ()  # of the module that --vendor makes: what it hands on
    conclusion: Conclusion | None = None  # of a file for Keras 0.x/1.x
    kept: str | None = None  # why a file that has fixes was not written (a proof came out different)

    @property
    def left(self) -> int:
        """How many findings are left; notes do not count."""
        return sum(finding.severity is not Severity.NOTE for finding in self.findings)

    @property
    def status(self) -> str:
        """ "error", "findings" or "clean"; notes alone are clean."""
        if self.error is not None:
            return "error"
        return "findings" if self.left else "clean"


class Summary(NamedTuple):
    """The counts of a whole run."""

    files: int  # looked at, those without anything to say too
    findings: int  # left, without notes
    fixable: int  # of these, those that --write would fix with the same options
    fixed: int  # those that were fixed
    notes: int
    errors: int  # files that could not be done
    proved: int
    failed: int  # proofs that came out different
    unproved: int


class RunResult(NamedTuple):
    """All files of one run, in order of their paths as discovered.

    Error lines are on standard error already; reports name the errors but a text report need not print them again.
    """

    mode: str  # "check", "diff", "write"
    files: tuple[FileResult, ...]  # those with something to say
    looked_at: int
    unsafe_fixes: bool = False
    require_proof: bool = False
    verified: bool = False  # whether proofs were asked for
    interrupted: bool = False  # in the middle of writing; ``kept`` tells which files were not written

    def applies(self, finding: Finding) -> bool:
        """Whether ``--write`` with the same options fixes it."""
        return applies(finding, self.unsafe_fixes)

    @property
    def summary(self) -> Summary:
        found = [finding for file in self.files for finding in file.findings]
        real = [finding for finding in found if finding.severity is not Severity.NOTE]
        verdicts = [proof.status for file in self.files for proof in file.proofs]
        return Summary(
            files=self.looked_at,
            findings=len(real),
            fixable=sum(map(self.applies, real)),
            fixed=sum(len(file.fixed) for file in self.files),
            notes=len(found) - len(real),
            errors=sum(file.error is not None for file in self.files),
            proved=verdicts.count("equal"),
            failed=verdicts.count("different"),
            unproved=verdicts.count("unproved"),
        )

    @property
    def exit_code(self) -> int:
        """0 nothing left, 1 findings left or a proof that failed, 2 a file could not be done; the highest stands."""
        counts = self.summary
        if counts.errors:
            return 2
        return int(bool(counts.findings or counts.failed or (self.require_proof and counts.unproved)))


def applies(finding: Finding, unsafe_fixes: bool) -> bool:
    """Whether the finding has a fix that is applied with these options."""
    if finding.fix is None:
        return False
    kind = finding.fix.applicability
    return kind is Applicability.SAFE or (kind is Applicability.UNSAFE and unsafe_fixes)
