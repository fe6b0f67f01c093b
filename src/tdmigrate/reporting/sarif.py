"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from os.path import isabs, normpath
from typing import Any, TextIO
from urllib.parse import quote

from tdmigrate import __version__
from tdmigrate.errors import ERRORS
from tdmigrate.findings import Finding, Severity, Span
from tdmigrate.reporting import wording
from tdmigrate.results import FileError, FileResult, Proof, RunResult, file_row
from tdmigrate.rules.registry import rules
from tdmigrate.rules.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}

PROOFS = {
    "different": "The old and the new model computed different numbers.",
    "unproved": "The old and the new model could not be compared.",
}


def write(run: RunResult, stream: TextIO) -> None:
    """One run; files that could not be done are notifications, as SARIF calls what went wrong in the tool."""
    descriptors = [
        *map(_descriptor, rules()),
        *({"id": name, "shortDescription": _text(PROOFS[name])} for name in PROOFS),
    ]
    indexes = {descriptor["id"]: index for index, descriptor in enumerate(descriptors)}
    results = [result for file in run.files for result in _results(file, run)]
    for result in results:
        if result["ruleId"] in indexes:
            result["ruleIndex"] = indexes[result["ruleId"]]
    errors = [_notification(file, file.error) for file in run.files if file.error is not None]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "tdmigrate",
                        "version": __version__,
                        "rules": descriptors,
                        "notifications": [*map(_descriptor, ERRORS)],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not errors, "toolExecutionNotifications": errors}],
                "results": results,
            }
        ],
    }
    json.dump(log, stream, indent=2, allow_nan=False)
    stream.write("\n")


def uri(path: str) -> str:
    """A path as a URI reference, percent-encoded byte by byte."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that no file name decodes to
        data = path.encode("utf-8", "surrogatepass")
    encoded = quote(normpath(data), safe="/")
    return f"file:///{encoded.lstrip('/')}" if isabs(path) else encoded


def _descriptor(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": _text(rule.title),
        "fullDescription": _text(rule.what),
        "help": _text(f"{rule.why} {rule.safety}"),
    }


def _results(file: FileResult, run: RunResult) -> Iterator[dict[str, Any]]:
    for finding in file.findings:
        yield _finding(file, finding, run)
    for proof in file.proofs:
        if proof.status in PROOFS:
            yield _proof(file, proof, run)


def _finding(file: FileResult, finding: Finding, run: RunResult) -> dict[str, Any]:
    remedy = wording.remedy(finding, run)
    said = finding.message
    if file.cells:
        said = f"{wording.line(finding.span.row, file.cells)}: {said}"
    if remedy is not None:
        said += f"; {remedy.label}" if remedy.text is None else f"; {remedy.label}: {remedy.text}"
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": LEVELS[finding.severity],
        "message": _text(said),
        "locations": [_location(file.path, _region(file, finding.span))],
    }
    if finding.evidence:
        result["relatedLocations"] = [
            {**_location(file.path, _region(file, one.span)), "id": number, "message": _text(one.message)}
            for number, one in enumerate(finding.evidence, 1)
        ]
    return result


def _proof(file: FileResult, proof: Proof, run: RunResult) -> dict[str, Any]:
    return {
        "ruleId": proof.status,
        "level": "error" if proof.status == "different" or run.require_proof else "note",
        "message": _text(wording.proof(proof)),
        "locations": [_location(file.path, {"startLine": file_row(file.old_cells, proof.row)})],
    }


def _notification(file: FileResult, error: FileError) -> dict[str, Any]:
    region = None if error.row is None or error.cell is not None else {"startLine": error.row}
    return {
        "descriptor": {"id": error.code},
        "level": "error",
        "message": _text(error.show()),
        "locations": [_location(file.path, region)],
    }


def _location(path: str, region: dict[str, int] | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(path)}}
    if region is not None:
        place["region"] = region
    return {"physicalLocation": place}


def _region(file: FileResult, span: Span) -> dict[str, int]:
    if file.cells:  # columns are others in JSON
        return {"startLine": file_row(file.cells, span.row)}
    return {
        "startLine": span.row,
        "startColumn": span.column,
        "endLine": span.end_row,
        "endColumn": span.end_column,
    }


def _text(text: str) -> dict[str, str]:
    # an unpaired surrogate is not Unicode, and upload services refuse it even as an escape
    return {"text": text.encode("utf-8", "backslashreplace").decode("utf-8")}
