"""Whole programs in the manner of 2015–2017: run as they were by genuine Keras, and as they are now by Keras 3.

Both are run as they stand, in float64, and start from the same weights (see running.py). What each fit, evaluate and
predict of a program gives, and what the program prints, must be the same. The programs of one release share a process
on each side; each test judges its own program.
"""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tdmigrate.verification.proof import TOLERANCE

from .migrating import migrate
from .program import HERE, Program
from .whole import Job, Told, gap, run

LISTS = sorted(path.stem for path in HERE.glob("listed_*.py"))
PROGRAMS: list[Program] = [row for name in LISTS for row in import_module(f".{name}", __package__).PROGRAMS]


def marked(program: Program) -> Any:
    marks = () if program.quick else (pytest.mark.slow,)
    return pytest.param(program, id=str(program), marks=marks)


def test_each_program_is_listed_once() -> None:
    assert len(set(PROGRAMS)) == len(PROGRAMS)
    assert {program.name for program in PROGRAMS} == {path.parent.name for path in HERE.glob("*/before.py")}


@pytest.mark.parametrize("style", ["faithful", "exact"])
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_no_more_than_is_listed_is_left_to_a_person(program: Program, style: str, tmp_path: Path) -> None:
    done = migrate(program.folder, program.release, style, tmp_path / "new")
    assert {line.partition(": ")[0].split()[-1] for line in done.left} == set(program.left), done.left
    assert done.again == ()


def job(source: Path, folder: Path) -> Job:
    """The program of ``source``, to be run in ``folder``, where it finds no file of the other side."""
    folder.mkdir(parents=True)
    return Job(source / "before.py", folder)


class Runs(NamedTuple):
    """What one program told before and after."""

    old: Told
    new: Told


@pytest.fixture(scope="module")
def runs(request: Any, legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Runs]:
    """The runs of every program that is asked for, by its name and release."""
    asked = {item.callspec.params["program"] for item in request.session.items if "runs" in item.fixturenames}
    found: dict[str, Runs] = {}
    for release in sorted({program.release for program in asked}):
        place = tmp_path_factory.mktemp(f"keras-{release}")
        programs = sorted((program for program in asked if program.release == release), key=str)
        old = run(place, [job(one.folder, place / "old" / one.name) for one in programs], release, str(legacy_path))
        jobs = []
        for one in programs:
            migrate(one.folder, release, "exact", place / "sources" / one.name)
            jobs.append(job(place / "sources" / one.name, place / "new" / one.name))
            for weights in (place / "old" / one.name).glob("*.pickle"):
                shutil.copy(weights, jobs[-1].folder)
        new = run(place, jobs, release, KERAS_BACKEND="tensorflow")
        found |= {str(one): Runs(*both) for one, *both in zip(programs, old, new, strict=True)}
    return found


def difference(told: Runs) -> str:
    """Where the new program differs from the old one; "" where it does not."""
    old, new = told
    assert old.trouble is None, old.trouble
    if new.trouble is not None:
        return new.trouble
    if [name for name, _ in old.values] != [name for name, _ in new.values]:
        return "other calls"
    for (name, one), (_, other) in zip(old.values, new.values, strict=True):
        try:
            apart = gap(one, other)
        except AssertionError as trouble:
            return f"{name}: {trouble}"
        if not apart < TOLERANCE:
            return f"{name}: {apart}"
    return "" if new.printed == old.printed else f"{old.printed}\n{new.printed}"


@pytest.mark.legacy
@pytest.mark.parametrize("program", [marked(one) for one in PROGRAMS if not (one.left or one.known)])
def test_it_trains_and_predicts_as_it_did(program: Program, runs: dict[str, Runs]) -> None:
    assert difference(runs[str(program)]) == ""


@pytest.mark.legacy
@pytest.mark.parametrize("program", [marked(one) for one in PROGRAMS if one.left or one.known])
def test_what_is_listed_to_differ_does(program: Program, runs: dict[str, Runs]) -> None:
    assert difference(runs[str(program)]) != ""
