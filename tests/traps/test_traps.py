"""Every trap: its programs tell the same numbers after migration as before it, or the tool says what is to decide."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from programs.whole import Job, Told, gap, run
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.proof import TOLERANCE
from test_company import migrate

from .cases import Case, load, numbers

TRAPS = load()
CASES = [case for trap in TRAPS for case in trap.cases]
RUN = [case for case in CASES if case.kind != "told"]
# of weights drawn by chance, a few thousand at least: how far their deviation, their largest size (that of normal ones
# varies by a quarter; cut off at two deviations it is half as much) and singular value may lie apart
SPREAD = (0.05, 0.35, 0.1)
NOTICED = 1e-7  # further apart, numbers of a program unaware of its trap are other ones


def test_every_trap_has_a_program() -> None:
    assert [trap.number for trap in TRAPS] == numbers()
    assert [trap.number for trap in TRAPS if not trap.cases] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "told"], ids=str)
def test_it_is_said(case: Case) -> None:
    settings = CheckSettings(keras_version=case.release, style=case.style, source_backend=case.backend)
    found = check(Module(case.program), settings).findings
    assert case.code
    assert case.says
    assert any(one.code == case.code and case.says in one.message for one in found), [
        f"{one.code}: {one.message}" for one in found
    ]


@cache
def changed(case: Case) -> str:
    done = migrate(case.program, case.release, case.style, case.backend)
    assert done.left == ()
    assert done.again == ()
    return done.text


@pytest.mark.parametrize("case", RUN, ids=str)
def test_nothing_is_left_to_a_person(case: Case) -> None:
    text = changed(case)
    if case.naive is not None:
        assert case.naive[0] in text, text
        compile(text.replace(*case.naive), "naive.py", "exec")


class Runs(NamedTuple):
    """What one program told before, after, and after in the way of somebody unaware of the trap."""

    old: Told
    new: Told
    naive: Told | None


@pytest.fixture(scope="module")
def told(request: Any, legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Runs]:
    """The runs of every program that is asked for, by its name."""
    asked = {item.callspec.params["case"] for item in request.session.items if "told" in item.fixturenames}
    found: dict[str, Runs] = {}
    for release in sorted({case.release for case in asked}):
        folder = tmp_path_factory.mktemp(f"keras-{release}")
        cases = sorted((case for case in asked if case.release == release), key=str)
        before = {case.source: _job(folder / case.source, "before", case.program, case) for case in cases}
        old = dict(zip(before, run(folder, list(before.values()), release, str(legacy_path)), strict=True))
        after: dict[tuple[str, str], Job] = {}  # what two styles write alike is run once
        for case in cases:
            for name, text in _texts(case):
                place = folder / str(case)
                after.setdefault((case.source, text), _job(place, name, text, case))
        for (source, _), job in after.items():
            for weights in before[source].folder.glob("*.pickle"):
                (job.folder / weights.name).write_bytes(weights.read_bytes())
        told = dict(zip(after, run(folder, list(after.values()), release, KERAS_BACKEND="tensorflow"), strict=True))
        for case in cases:
            new = {name: told[case.source, text] for name, text in _texts(case)}
            found[str(case)] = Runs(old[case.source], new["after"], new.get("naive"))
    return found


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    """The new program, and that of somebody unaware of the trap."""
    text = changed(case)
    yield "after", text
    if case.naive is not None:
        yield "naive", text.replace(*case.naive)


def _job(place: Path, name: str, text: str, case: Case) -> Job:
    own = place / name
    own.mkdir(parents=True, exist_ok=True)  # the program of two styles is one
    program = place / f"{name}.py"
    program.write_text(text)
    return Job(program, own, "drawn" if case.kind == "drawn" else "own" if case.own else "handed")


def furthest(old: Told, new: Told) -> float:
    """How far what two programs told lies apart; those that told other things are without end apart."""
    if [name for name, _ in old.values] != [name for name, _ in new.values]:
        return float("inf")
    return max(_apart(one, other) for (_, one), (_, other) in zip(old.values, new.values, strict=True))


def _apart(one: Any, other: Any) -> float:
    try:
        apart = gap(one, other)
    except AssertionError:
        return float("inf")
    return float("inf") if isnan(apart) else apart


def beyond(told: Told) -> list[list[float]]:
    """How far the spreads of each weight lie apart, of those of Keras 1: those further than SPREAD."""
    [(_, weights)] = told.values
    found = [
        [abs(mine - theirs) / max(theirs, 1e-9) for theirs, mine in zip(old, new, strict=True)] for old, new in weights
    ]
    return [one for one in found if any(part > may for part, may in zip(one, SPREAD, strict=True))]


def ran(case: Case, runs: Runs) -> None:
    """Raises AssertionError where a program failed, but for that of somebody unaware where this is known."""
    assert runs.old.trouble is None, runs.old.trouble
    assert runs.new.trouble is None, runs.new.trouble
    if runs.naive is not None:
        assert bool(runs.naive.trouble) == bool(case.fails), runs.naive.trouble
        assert case.fails in (runs.naive.trouble or ""), runs.naive.trouble


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in RUN if case.kind == "equal"], ids=str)
def test_it_tells_the_numbers_of_keras_1(case: Case, told: dict[str, Runs]) -> None:
    runs = told[str(case)]
    ran(case, runs)
    assert runs.old.values
    assert [name for name, _ in runs.old.values] == [name for name, _ in runs.new.values]
    gaps = [(name, gap(one, other)) for (name, one), (_, other) in zip(runs.old.values, runs.new.values, strict=True)]
    assert max(apart for _, apart in gaps) < TOLERANCE, gaps
    if runs.naive is not None and not case.fails:
        unaware = furthest(runs.old, runs.naive)
        assert unaware > NOTICED


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in RUN if case.kind == "drawn"], ids=str)
def test_it_draws_weights_as_keras_1(case: Case, told: dict[str, Runs]) -> None:
    runs = told[str(case)]
    ran(case, runs)
    assert beyond(runs.new) == []
    if runs.naive is not None and not case.fails:
        unaware = beyond(runs.naive)
        assert unaware
