"""Every case of tests/fixtures: what is found, the exact rewrite, a quiet second run."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cases import CASES, Case
from tdmigrate.cli import main

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def report(path: Path, *options: str) -> dict[str, Any]:
    """The json report of one file."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), pytest.raises(SystemExit) as stopped:
        main(["--isolated", "--no-progress", "--output-format", "json", *options, str(path)])
    assert stopped.value.code in (0, 1)
    loaded: dict[str, Any] = json.loads(output.getvalue())
    return loaded


def findings(path: Path, *options: str) -> list[dict[str, Any]]:
    """Errors and warnings of one file."""
    files = report(path, *options)["files"]
    return [finding for file in files for finding in file["findings"] if finding["severity"] != "note"]


def place(case: Case, tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_bytes(case.before)
    return path


def unneeded(folder: Path) -> set[tuple[str, str, str]]:
    """Names that are imported and not used, or twice, in the sources of a folder: file, ruff's code, name."""
    command = ["ruff", "check", "--isolated", "--no-cache", "--select", "F401,F811", "--output-format", "json", "."]
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    names = [(Path(one["filename"]).name, one["code"], one["message"].split("`")[1]) for one in json.loads(done.stdout)]
    return {(file, code, name.rpartition(".")[2]) for file, code, name in names}


def test_imports_are_no_less_clean_afterwards(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
    for case in CASES:
        (before / f"{case.name}.py").write_bytes(case.before)
        (after / f"{case.name}.py").write_bytes(case.after)
    assert len(unneeded(before)) > 10
    assert unneeded(after) - unneeded(before) == set()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 50


@each_case
def test_findings_of_the_family(case: Case, tmp_path: Path) -> None:
    got = set()
    for finding in findings(place(case, tmp_path), *case.options):
        if finding["code"].startswith("TD"):
            rank = f":{finding['rank']}" if finding["rank"] is not None else ""
            got.add(f"{finding['location']['row']}:{finding['code']}{rank}")
    expected = set(case.about["findings"])
    # a rank stands with the finding of the call; others of the same call may repeat it
    bare = {entry for entry in expected if entry.count(":") == 1}
    assert {entry if entry in expected else ":".join(entry.split(":")[:2]) for entry in got} == expected, bare


@each_case
def test_what_is_left_needs_a_person(case: Case, tmp_path: Path) -> None:
    unsafe = "--unsafe-fixes" in case.options
    left = set()
    for finding in findings(place(case, tmp_path), *case.options):
        fix = finding["fix"]
        if fix is None or (fix["applicability"] != "safe" and not (unsafe and fix["applicability"] == "unsafe")):
            left.add(f"{finding['location']['row']}:{finding['code']}")
    expected = set(case.about.get("left", []))
    assert {entry for entry in left if not any(entry.startswith(prefix) for prefix in expected)} == set()
    assert {prefix for prefix in expected if not any(entry.startswith(prefix) for entry in left)} == set()


@each_case
def test_the_rewrite_is_exact_and_final(case: Case, tmp_path: Path) -> None:
    path = place(case, tmp_path)
    report(path, "--write", *case.options)
    assert path.read_bytes() == case.after
    ast.parse(path.read_bytes())
    assert report(path, *case.options)["summary"]["fixable"] == 0
