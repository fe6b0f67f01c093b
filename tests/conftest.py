from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tdmigrate.verification.legacy.install import install


@pytest.fixture(scope="session")
def legacy_path() -> Path:
    """Genuine Keras and Theano, fetched once into the user's cache; without a registry it fails loudly."""
    return install(progress=sys.stderr)
