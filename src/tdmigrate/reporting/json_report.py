"""One JSON object of the whole run; schema 1."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, TextIO

from tdmigrate import __version__
from tdmigrate.findings import Finding
from tdmigrate.results import CellLines, Difference, FileError, FileResult, Proof, RunResult, cell_at

SCHEMA = 1


def write(run: RunResult, stream: TextIO) -> None:
    """ASCII only: an unpaired surrogate of a file name stands as its escape."""
    counts = run.summary
    report = {
        "tool": "tdmigrate",
        "version": __version__,
        "schema": SCHEMA,
        "files": [_file(file) for file in run.files],
        "summary": {
            "files": counts.files,
            "findings": counts.findings,
            "fixable": counts.fixable,
            "errors": counts.errors,
            "proved": counts.proved,
            "failed": counts.failed,
            "unproved": counts.unproved,
        },
    }
    json.dump(report, stream, indent=2, allow_nan=False)
    stream.write("\n")


def _file(file: FileResult) -> dict[str, Any]:
    return {
        "path": file.path,
        "status": file.status,
        "error": None if file.error is None else _error(file.error),
        "keras_version": file.keras_version,
        "source_backend": file.source_backend,
        "findings": [_finding(finding, file.cells) for finding in file.findings],
        "proofs": [_proof(proof, file.old_cells) for proof in file.proofs],
    }


def _error(error: FileError) -> dict[str, Any]:
    return {"code": error.code, "cell": error.cell, "row": error.row, "message": error.message, "advice": error.advice}


def _finding(finding: Finding, cells: Sequence[CellLines]) -> dict[str, Any]:
    span, fix = finding.span, finding.fix
    cell = cell_at(cells, span.row)
    before = 0 if cell is None else cell.row - 1
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "symbol": finding.symbol,
        "cell": None if cell is None else cell.number,
        "location": {"row": span.row - before, "column": span.column},
        "end_location": {"row": span.end_row - before, "column": span.end_column},
        "rank": finding.rank,
        "evidence": [
            {**_row(one.span.row, cells), "column": one.span.column, "message": one.message}
            for one in finding.evidence
        ],
        "fix": None if fix is None else {"applicability": fix.applicability.value, "replacement": fix.replacement},
    }


def _row(row: int, cells: Sequence[CellLines]) -> dict[str, Any]:
    cell = cell_at(cells, row)
    return {"row": row} if cell is None else {"cell": cell.number, "row": row - cell.row + 1}


def _proof(proof: Proof, cells: Sequence[CellLines]) -> dict[str, Any]:
    outputs, step, told = proof.outputs, proof.step, proof.evaluate
    return {
        "model": proof.model,
        **_row(proof.row, cells),
        "status": proof.status,
        "reason": proof.reason,
        "outputs": None if outputs is None else {"max_abs": _number(outputs.max_abs), "dtype": outputs.dtype},
        "step": None if step is None else {"loss": _number(step.loss), "weights": _number(step.weights), "of": step.of},
        "evaluate": None if told is None else {"max_abs": _number(told.max_abs), "numbers": list(told.numbers)},
        "legacy": proof.legacy,
        "modern": proof.modern,
        "first_difference": proof.first_difference,
        "difference": None if proof.difference is None else _difference(proof.difference),
    }


def _difference(one: Difference) -> dict[str, Any]:
    (low, high), (new_low, new_high) = one.ranges
    programs = one.programs
    return {
        "layer": one.layer,
        "old": one.kind,
        "new": one.new_kind,
        "place": None if one.place is None else list(one.place),
        "values": None if one.values is None else [_number(value) for value in one.values],
        "ranges": [[_number(low), _number(high)], [_number(new_low), _number(new_high)]],
        "trap": one.trap,
        "programs": None if programs is None else {"old": programs[0], "new": programs[1]},
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None  # JSON has no word for infinity
