from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tdmigrate.verification.legacy.install import install
from tdmigrate.verification.prover import Prover


@pytest.fixture(scope="session")
def legacy_path() -> Path:
    """Genuine Keras and Theano, fetched once into the user's cache; without a registry it fails loudly."""
    return install(progress=sys.stderr)


@pytest.fixture(scope="session")
def prover(legacy_path: Path) -> Iterator[Prover]:
    """Both sides of proofs, started once for all tests."""
    with Prover(legacy_path) as both:
        yield both
