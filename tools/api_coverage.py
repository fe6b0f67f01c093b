"""Everything public of genuine Keras and each parameter, called, migrated, bound and run on the installed Keras 3.

    python tools/api_coverage.py [--area AREA] [--full] [--prove] [--write | --check]

Reads layers, functions, classes and their methods out of the sources of genuine Keras 0.2.0, 0.3.3, 1.0.8 and 1.2.2,
makes a call for each parameter (by keyword and by position), migrates the program around it, binds every call of the
result to the signatures of Keras 3 and runs it (of layers: builds the model; what fetches or draws is only bound).
Prints a table and exits 1 when a call that tdmigrate has nothing to say about does not bind or run ("broken"). The
table and what is left to a person stand in docs/coverage.md: --write writes it, --check exits 1 where it is not so.
With --prove, every such call of a layer is proved too, as one for Theano: genuine Keras runs the old program,
Keras 3 the new one. Prints the numbers of those that come out equal, different without a word ("different", which exits
1 too), different as a note of tdmigrate says ("noted"), and unproved.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import io
import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np

import backend_calls
import function_calls
from binding import calls, imported, misfit, resolve
from layer_calls import Trial, trials
from legacy_api import LegacyFunction, functions, layers
from tdmigrate.findings import Applicability, Finding, Severity
from tdmigrate.rewriting.apply import apply
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.legacy.install import KERAS, install
from tdmigrate.verification.weights import layout_of, to_legacy

RELEASES = ("0.2.0", "0.3.3", "1.0.8", "1.2.2")
OUTCOMES = ("same", "rewritten", "flagged", "broken")
LAYERS, BACKEND = "layers", "backend"
PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"
HEAD = """\
# How much of Keras 0.x/1.x is migrated

Written by `python tools/api_coverage.py --write`, which takes every public name out of the sources of genuine Keras,
makes a call for each of its parameters, by keyword and by position, migrates it in faithful style, and binds and runs
what comes out on Keras 3.

- **same**: the call is right as it stands.
- **rewritten**: it was changed, binds and runs.
- **flagged**: a finding asks a person; the second table says for what.
- **broken**: it does not run, and nothing was said. There is none.

"""
LEFT = """
## What is left to a person

| name | parameters | releases | finding |
|---|---|---|---|
"""
AREAS = (LAYERS, *function_calls.AREAS, BACKEND)


class Outcome(NamedTuple):
    area: str
    trial: Trial
    release: str
    kind: str  # one of OUTCOMES
    why: str  # of flagged and broken
    new: str = ""  # the migrated program, of same and rewritten


def outcome(area: str, trial: Trial, release: str, tried: dict[str, str], runs: bool = True) -> Outcome:
    """``tried``: migrated program → what was wrong with it, of those tried before. ``runs``: whether it can be run."""
    if not trial.program:
        why = f"{trial.layer}: no call is made, add it to tools/layer_calls.py"
        return Outcome(area, trial, release, "broken", why)
    try:
        new, left = migrate(trial.program, release)
    except Misfit as error:
        return Outcome(area, trial, release, "broken", str(error))
    if left:
        return Outcome(area, trial, release, "flagged", left[0])
    if new not in tried:
        tried[new] = build(new, trial, release) if area == LAYERS else run(new, runs)
    if tried[new]:
        return Outcome(area, trial, release, "broken", tried[new])
    return Outcome(area, trial, release, "same" if new == trial.program else "rewritten", "", new)


def migrate(program: str, release: str) -> tuple[str, list[str]]:
    """The new text, and what is left to a person."""
    new, left, _ = _migrated(program, CheckSettings(keras_version=release))
    return new, left


def _migrated(program: str, settings: CheckSettings) -> tuple[str, list[str], list[str]]:
    """The new text, what is left to a person, and notes."""
    findings = check(Module(program), settings).findings
    left = [one for one in findings if one.fix is None or not _is_fixed(one)]
    notes = [one for one in left if one.severity is Severity.NOTE]
    new = apply(program, [one.fix for one in findings if one.fix is not None and _is_fixed(one)])
    return new, [_line(one) for one in left if one not in notes], [_line(one) for one in notes]


def _line(finding: Finding) -> str:
    return f"{finding.code} {finding.message}"


def _is_fixed(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.applicability is Applicability.SAFE


def build(program: str, trial: Trial, release: str) -> str:
    """Run a migrated program; what is wrong with it, or ''."""
    import keras

    keras.backend.clear_session()
    keras.config.set_image_data_format("channels_last")
    names: dict[str, Any] = {}
    try:
        if "initial" in program:
            names["initial"] = initial(trial, release)
        exec(compile(program, "<migrated>", "exec"), names)
    except Exception as error:  # whatever a migrated program may raise is what is looked for
        return f"{type(error).__name__}: {[*str(error).strip().splitlines(), ''][0]}"
    if not all(layer.built for layer in names["model"].layers):
        return "a layer of the model is not built"
    return misfits(program)


def run(program: str, runs: bool) -> str:
    """Bind the calls of a migrated program and, where it ``runs``, run it in an empty folder; what is wrong, or ''."""
    wrong = misfits(program) or unknown_imports(program)
    if wrong or not runs:
        return wrong
    import keras
    import tensorflow as tf

    keras.backend.clear_session()
    keras.config.set_image_data_format("channels_last")
    tf.config.run_functions_eagerly(True)  # a compiled step takes seconds, and each program makes but one
    home = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        os.chdir(folder)
        try:
            exec(compile(program, "<migrated>", "exec"), {})
        except Exception as error:  # whatever a migrated program may raise is what is looked for
            return f"{type(error).__name__}: {[*str(error).strip().splitlines(), ''][0]}"
        finally:
            os.chdir(home)
            tf.config.run_functions_eagerly(False)
    return ""


def misfits(program: str) -> str:
    wrong = (misfit(call, path) for call, path in calls(ast.parse(program)))
    return "; ".join(one for one in wrong if one is not None)


def unknown_imports(program: str) -> str:
    """The names that a program imports from Keras or compat and that are not there."""
    missing = []
    for path in imported(ast.parse(program)).values():
        try:
            resolve(path)
        except (AttributeError, ImportError):
            missing.append(f"{path} is not in Keras 3")
    return "; ".join(missing)


def initial(trial: Trial, release: str) -> object:
    """Weights for ``weights=initial`` as the legacy layer had them, with the values of a new layer."""
    names: dict[str, Any] = {}
    exec(compile(migrate(trial.program.replace("initial", "None"), release)[0], "<migrated>", "exec"), names)
    weights = [np.asarray(one) for one in names["model"].layers[-1].get_weights()]
    kind, halves = ("LSTM", 2) if trial.layer == "Bidirectional" else (trial.layer, 1)
    ordering = "th" if release < "1.1" else "tf"  # that of a layer which names none
    return to_legacy(layout_of(kind)._replace(ordering=ordering), weights, release, halves)


def measure(release: str, package: Path, areas: Collection[str], only: str | None) -> list[Outcome]:
    import keras  # noqa: F401

    gc.freeze()  # clear_session collects for each program, which takes a second with all that Keras imports
    tried: dict[str, str] = {}
    found: list[Outcome] = []
    if LAYERS in areas:
        chosen = [layer for layer in layers(package) if only in (None, layer.name)]
        found += [outcome(LAYERS, trial, release, tried) for layer in chosen for trial in trials(layer)]
    for area in areas:
        for one in functions(package, function_calls.AREAS.get(area, ())):
            if only in (None, one.name) and one.name not in function_calls.BASES:
                found += [outcome(area, trial, release, tried, runs) for trial, runs in of_function(one)]
    if BACKEND in areas:
        for trial, runs in backend_calls.trials(functions(package, ("keras.backend",)), release):
            if only in (None, trial.layer):
                found.append(outcome(BACKEND, trial, release, tried, runs))
    return found


def of_function(function: LegacyFunction) -> Iterator[tuple[Trial, bool]]:
    """Every call of a function, class or method of a class, and whether it can be run."""
    runs = function_calls.is_run(function.name, function.parameters)
    yield from ((trial, runs) for trial in function_calls.trials(function))
    for name in function_calls.methods_of(function.name, tuple(function.methods)):
        parameters = function.methods[name]
        runs = function_calls.is_run(name, parameters)
        yield from ((trial, runs) for trial in function_calls.method_trials(function, name, parameters))


def proofs(outcomes: list[Outcome]) -> tuple[list[str], bool]:
    """What came of proving each migrated call: a table, and each that is not equal; whether none differs in silence."""
    from prove_calls import Case, prove

    cases: dict[tuple[str, str], Case] = {}
    said: dict[tuple[str, str], list[str]] = {}
    for one in outcomes:
        if one.area != LAYERS or not one.new or "initial" in one.trial.call:
            continue
        new, left, notes = _migrated(
            one.trial.program, CheckSettings(keras_version=one.release, source_backend="theano")
        )
        if not left:
            cases.setdefault((one.release, new), Case(one.trial, new, one.release))
            said.setdefault((one.release, new), notes)
    statuses = ("equal", "different", "noted", "unproved")
    counts: Counter[tuple[str, str]] = Counter()
    rows = []
    for case, proof in zip(cases.values(), prove(list(cases.values())), strict=True):
        notes = said[case.release, case.new]
        status = "noted" if proof.status == "different" and notes else proof.status
        counts[case.release, status] += 1
        if status != "equal":
            shown = f" ({'; '.join(notes)})" if status == "noted" else ""
            rows.append(f"{status:9} {case.release} {case.trial.call}: {proof.reason}{shown}")
    lines = [f"{'release':8} {'models':>6} " + " ".join(f"{status:>9}" for status in statuses)]
    for release in RELEASES:
        numbers = [counts[release, status] for status in statuses]
        lines.append(f"{release:8} {sum(numbers):6} " + " ".join(f"{number:9}" for number in numbers))
    return lines + rows, not any(status == "different" for _, status in counts)


class Row(NamedTuple):
    """The calls of one area and release."""

    area: str
    release: str
    names: int
    calls: int
    kinds: tuple[int, ...]  # as OUTCOMES


class Left(NamedTuple):
    """What is left to a person for one reason."""

    name: str
    parameters: str
    releases: str
    why: str


def rows(outcomes: list[Outcome]) -> Iterator[Row]:
    for area in dict.fromkeys(one.area for one in outcomes):
        for release in RELEASES:
            chosen = [one for one in outcomes if (one.area, one.release) == (area, release)]
            counts = Counter(one.kind for one in chosen)
            names = {one.trial.layer for one in chosen}
            yield Row(area, release, len(names), len(chosen), tuple(counts[kind] for kind in OUTCOMES))


def table(outcomes: list[Outcome], full: bool) -> Iterator[str]:
    yield f"{'area':12} {'release':8} {'names':>6} {'calls':>6} " + " ".join(f"{kind:>9}" for kind in OUTCOMES)
    for row in rows(outcomes):
        numbers = " ".join(f"{number:9}" for number in row.kinds)
        yield f"{row.area:12} {row.release:8} {row.names:6} {row.calls:6} {numbers}"
    shown = OUTCOMES if full else OUTCOMES[-1:]
    for one in outcomes:
        if one.kind in shown:
            yield f"{one.kind:9} {one.release} {one.trial.call}" + (f": {one.why}" if one.why else "")
    if not full:
        for left in asked(outcomes):
            yield f"flagged   {left.name}({left.parameters}) {left.releases}: {left.why}"


def asked(outcomes: list[Outcome]) -> Iterator[Left]:
    """What is left to a person: each name and reason once, with its parameters and releases."""
    by_reason: dict[tuple[str, str], tuple[list[str], set[str]]] = {}
    for one in outcomes:
        if one.kind == "flagged":
            parameters, when = by_reason.setdefault((one.trial.layer, one.why), ([], set()))
            parameters.append(one.trial.parameter)
            when.add(one.release)
    for (name, why), (parameters, when) in sorted(by_reason.items()):
        yield Left(name, ", ".join(sorted(set(parameters))), ", ".join(sorted(when)), why)


def page(outcomes: list[Outcome]) -> str:
    cells = [("area", "release", "names", "calls", *OUTCOMES), ("---",) * (4 + len(OUTCOMES))]
    cells += [(row.area, row.release, *map(str, (row.names, row.calls, *row.kinds))) for row in rows(outcomes)]
    left = [(f"`{one.name}`", f"`{one.parameters}`" if one.parameters else "", *one[2:]) for one in asked(outcomes)]
    return HEAD + "".join(map(_cells, cells)) + LEFT + "".join(map(_cells, left))


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in cells)} |\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--area", choices=AREAS, action="append", help="of this area alone; may be given again")
    parser.add_argument("--full", action="store_true", help="print every call")
    parser.add_argument("--prove", action="store_true", help="run both programs of every call")
    parser.add_argument("--only", help="of this layer or function alone")
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}")
    kept.add_argument("--check", action="store_true", help=f"exit 1 where docs/{PAGE.name} says otherwise")
    options = parser.parse_args()
    if (options.write or options.check) and (options.area or options.only):
        parser.error("the page is of all areas and names")
    home = install(releases=[KERAS[release] for release in RELEASES])
    packages = [home / KERAS[release].folder / "keras" for release in RELEASES]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context) as pool:  # each imports Keras 3 once
        areas = options.area or AREAS
        found = pool.map(measure, RELEASES, packages, [areas] * len(RELEASES), [options.only] * len(RELEASES))
        outcomes = [one for outcomes_of_one in found for one in outcomes_of_one]
    print("\n".join(table(outcomes, options.full)))
    sound = all(one.kind != "broken" for one in outcomes)
    if options.write:
        PAGE.write_text(page(outcomes), encoding="utf-8")
    elif options.check and PAGE.read_text(encoding="utf-8") != page(outcomes):
        print(f"docs/{PAGE.name} is not what was found: python tools/api_coverage.py --write")
        sound = False
    if options.prove:
        lines, told = proofs(outcomes)
        print("\n".join(lines))
        sound = sound and told
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
