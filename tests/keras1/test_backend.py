"""Every function of keras.backend, migrated by the whole tool and computed on both sides: genuine Keras, and Keras 3.

A program has one model whose outputs are Lambda layers, one for each expression, so that a family is one proof.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from backend_calls import FAMILIES, Family, calls, spelled
from tdmigrate.findings import Applicability, Severity
from tdmigrate.keras1 import backend, registry
from tdmigrate.results import Proof
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import prove

SPELLED = (*FAMILIES, *(spelled(one, keywords) for one in FAMILIES for keywords in (True, False)))


class Migrated(NamedTuple):
    text: str
    left: tuple[str, ...]
    again: int


def migrate(text: str, version: str) -> Migrated:
    settings = CheckSettings(keras_version=version, source_backend="theano")
    findings = check(Module(text), settings).findings
    fixes = [one.fix for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE]
    new = apply(text, fixes)
    again = check(Module(new), settings).findings
    return Migrated(
        new,
        tuple(
            f"{one.code}: {one.message}" for one in findings if one.fix is None and one.severity is not Severity.NOTE
        ),
        sum(1 for one in again if one.fix is not None),
    )


@pytest.mark.parametrize("family", SPELLED, ids=str)
def test_nothing_is_left_and_a_second_run_is_quiet(family: Family) -> None:
    done = migrate(family.text, family.version)
    assert done.left == ()
    assert done.again == 0


WRONG = (
    ("K.argmax(x)", "axis=-1", "axis=0"),
    ("K.sqrt(x)", "ops.maximum(x, 0.0)", "x"),
    ("K.clip(x, -0.1, 0.2)", "0.2", "0.3"),
)


def _jobs(families: Sequence[Family]) -> list[Job]:
    return [
        Job(str(one), 1, one.text, "model", migrate(one.text, one.version).text, "model", one.version)
        for one in families
    ]


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    jobs = _jobs(SPELLED)
    for expression, right, wrong in WRONG:
        family = Family(expression, "(4,)", ("x + 1", expression))
        text = migrate(family.text, family.version).text
        assert right in text
        jobs.append(Job(expression, 1, family.text, "model", text.replace(right, wrong), "model", family.version))
    return {job.model: proof for job, proof in zip(jobs, prove(jobs, legacy_path), strict=True)}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("family", SPELLED, ids=str)
def test_it_computes_what_the_old_one_did(family: Family, proofs: dict[str, Proof]) -> None:
    proof = proofs[str(family)]
    assert proof.status == "equal", proof


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("expression", [expression for expression, _, _ in WRONG])
def test_a_wrong_rewrite_is_seen(expression: str, proofs: dict[str, Proof]) -> None:
    assert proofs[expression].status != "equal"


# what has no output to compare: settings, and what a value is read from
APART = frozenset(
    (
        "backend", "batch_set_value", "clear_session", "ctc_batch_cost", "function", "get_uid", "is_keras_tensor",
        "placeholder", "set_epsilon", "set_floatx", "set_value", "to_dense", "_BACKEND",
    )
)  # fmt: skip


def test_every_function_is_proved_or_a_person_s() -> None:
    proved = {*calls(), *re.findall(r"_[A-Z]+", " ".join(family.text for family in FAMILIES))}
    written = {one.name for one in backend.ENTRIES if one.keras3 is not None or one.forms or one.value is not None}
    assert written - proved == APART


# of one backend, for itself
INNER = frozenset(("py_all", "tf_major_version", "tf_minor_version"))


@pytest.mark.legacy
@pytest.mark.parametrize("release", ["0.3.3", "1.0.8", "1.1.2", "1.2.2"])
def test_every_public_name_of_the_genuine_package_is_known(release: str, legacy_path: Path) -> None:
    folder = legacy_path / f"keras-{release}" / "keras" / "backend"
    names = set()
    for module in ("common", "theano_backend", "tensorflow_backend"):
        for node in ast.parse((folder / f"{module}.py").read_text()).body:
            if isinstance(node, ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign):
                names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    public = {name for name in names if not name.startswith("_")}
    assert len(public) > 70
    assert {name for name in public if registry.lookup(f"keras.backend.{name}") is None} <= INNER
