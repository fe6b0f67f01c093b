"""What keras2/ says of names, looked up in Keras 3 itself and in its tensorflow.keras."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tdmigrate.keras2 import backend, layers, optimizers, registry
from tdmigrate.keras2.modules import HOMES, PUBLIC, WHOLE
from tdmigrate.keras2.names import CONSTANTS, GONE, IN_TENSORFLOW, RENAMED, RENAMED_IN_TENSORFLOW

KERAS, TENSORFLOW = "keras", "tensorflow.keras"
SCRIPT = """
import importlib, json, sys
found = {}
for root in ("keras", "tensorflow.keras"):
    for path in json.load(open("paths.json")):
        parts = path.split(".")[1:]
        value = importlib.import_module(root)
        try:
            for index, part in enumerate(parts, 1):
                if not hasattr(value, part):
                    importlib.import_module(".".join((root, *parts[:index])))
                value = getattr(value, part)
        except (ImportError, AttributeError):
            continue
        found.setdefault(root, []).append(path)
json.dump(found, open("found.json", "w"))
"""

PUBLISHED = [f"{module}.{name}" for module, names in PUBLIC.items() for name in names]
BACKEND = [f"keras.backend.{name}" for name in backend.ENTRIES]
OPTIMIZERS = [*optimizers.VARIANTS, *optimizers.ALIASES, *optimizers.ALIASES.values()]
TARGETS = [
    *RENAMED.values(),
    *(entry.keras3.path for entry in (*layers.RENAMED, *backend.ENTRIES.values()) if entry.keras3 is not None),
]


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> dict[str, frozenset[str]]:
    """The paths that each of both has."""
    folder = tmp_path_factory.mktemp("names")
    paths = {*PUBLISHED, *HOMES, *RENAMED, *RENAMED_IN_TENSORFLOW, *RENAMED_IN_TENSORFLOW.values(), *GONE, *CONSTANTS}
    paths |= {*BACKEND, *OPTIMIZERS, *TARGETS, *IN_TENSORFLOW, *(f"keras.backend.{name}" for name in backend.KEPT)}
    paths |= {f"keras.backend.{name}" for name in backend.GONE_FROM_TENSORFLOW}
    (folder / "paths.json").write_text(json.dumps(sorted(paths)), encoding="utf-8")
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, "-c", SCRIPT], cwd=folder, env=environment, check=True, timeout=300)
    found = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return {root: frozenset(known) for root, known in found.items()}


def test_homes_have_their_names(there: dict[str, frozenset[str]]) -> None:
    assert [path for path in PUBLISHED if path not in there[KERAS]] == []


def test_modules_that_are_gone_are_gone(there: dict[str, frozenset[str]]) -> None:
    assert [path for path in HOMES if path in there[KERAS] and path != "keras.optimizers.legacy"] == []
    assert [path for path in HOMES if path in there[TENSORFLOW] and path not in IN_TENSORFLOW] == [
        "keras.optimizers.legacy"  # a module whose every optimizer raises ImportError
    ]
    assert not WHOLE - HOMES.keys()


def test_names_that_are_renamed_or_gone_are_not_there(there: dict[str, frozenset[str]]) -> None:
    assert [path for path in (*RENAMED, *GONE, *CONSTANTS) if path in there[KERAS]] == []
    assert [path for path in RENAMED_IN_TENSORFLOW if path in there[TENSORFLOW]] == []


def test_new_names_are_there(there: dict[str, frozenset[str]]) -> None:
    ours = [path for path in TARGETS if not path.startswith("tdmigrate.compat.")]
    assert [path for path in ours if path not in there[KERAS]] == []
    assert [path for path in RENAMED_IN_TENSORFLOW.values() if path not in there[TENSORFLOW]] == []


def test_what_tensorflow_has_kept(there: dict[str, frozenset[str]]) -> None:
    kept = {*RENAMED, *GONE, *CONSTANTS, "keras.layers.ThresholdedReLU", "keras.preprocessing.text"}
    assert kept & there[TENSORFLOW] == IN_TENSORFLOW


def test_functions_of_the_backend(there: dict[str, frozenset[str]]) -> None:
    kept = {f"keras.backend.{name}" for name in backend.KEPT}
    assert {path for path in BACKEND if path in there[KERAS]} <= kept <= there[KERAS]
    lost = {f"keras.backend.{name}" for name in backend.GONE_FROM_TENSORFLOW}
    assert lost.isdisjoint(there[TENSORFLOW])
    known = {path for path in BACKEND if not registry.is_lasting(path, True)}
    assert known <= lost | {path for path in BACKEND if path not in there[TENSORFLOW]}


@pytest.mark.parametrize("tensorflow", [False, True])
def test_a_new_path_stays(tensorflow: bool) -> None:
    for path in (*PUBLISHED, *RENAMED, *GONE, *OPTIMIZERS, *HOMES):
        new = registry.new_path(path, tensorflow)
        assert new is None or new.startswith("keras.") is False or registry.new_path(new, tensorflow) == new
