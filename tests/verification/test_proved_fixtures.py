"""Every fixture that is a whole model: genuine Keras on the old source, Keras 3 on the new one, equal to 1e-10; after a
training step too."""

from __future__ import annotations

import pytest

from cases import CASES, Case
from tdmigrate.results import Proof
from tdmigrate.sources.text import decode
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover

pytestmark = [pytest.mark.legacy, pytest.mark.slow]

MODELS = [case for case in CASES if "model" in case.about]


def job(case: Case) -> Job:
    target = case.about["model"]
    old, new = (decode("program.py", data).text for data in (case.before, case.after))
    return Job(case.name, 1, old, target, new, target, case.about["version"], case.about.get("adapter") == "old-order")


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> dict[str, Proof]:
    found = prover.prove([job(case) for case in MODELS])
    return {case.name: proof for case, proof in zip(MODELS, found, strict=True)}


def test_most_fixtures_are_whole_models() -> None:
    assert len(MODELS) >= 50


@pytest.mark.parametrize("name", [case.name for case in MODELS])
def test_the_rewrite_computes_the_same_numbers(name: str, proofs: dict[str, Proof]) -> None:
    proof = proofs[name]
    assert proof.status == "equal", proof
    assert proof.outputs is not None
    assert proof.outputs.dtype == "float64"
    assert proof.outputs.max_abs < 1e-10
    assert proof.step is not None
    assert max(proof.step[:2]) < 1e-10
    assert proof.legacy is not None
    assert proof.legacy.startswith("keras ")
