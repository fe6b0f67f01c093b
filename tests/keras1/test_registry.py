from __future__ import annotations

import pkgutil
import subprocess
import sys

import keras
import pytest

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Entry, Function, Layer, Method, Renamed
from tdmigrate.keras1.exports import EXPORTS
from tdmigrate.keras1.layers.core import TIME_DISTRIBUTED_DENSE
from tdmigrate.keras1.models import METHODS
from tdmigrate.keras1.modules import GONE, LATER, MODULES
from tdmigrate.keras1.versions import ALL, RELEASES, parse
from tdmigrate.understanding.calls import LAYER_KEYWORDS, Required, signature

from .calls import find

ENTRIES = registry.all_entries()
IDS = [entry.name for entry in ENTRIES]


@pytest.mark.parametrize(
    "path",
    [
        "keras.layers.core.TimeDistributedDense",
        "keras.layers.TimeDistributedDense",
        "keras.layers.recurrent.LSTM",
        "keras.layers.LSTM",
        "keras.layers.pooling.MaxPooling1D",
        "keras.layers.convolutional.MaxPooling1D",
        "keras.layers.Conv1D",
        "keras.regularizers.l2",
        "keras.constraints.maxnorm",
        "keras.optimizers.rmsprop",
        "keras.objectives.mse",
        "keras.layers.merge",
        "keras.engine.training.Model",
        "keras.layers.containers.Sequential",
    ],
)
def test_every_place_leads_to_the_entry(path: str) -> None:
    assert registry.lookup(path) is not None


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("keras.layers.containers.Siamese", "keras.layers.core.Siamese"),
        ("keras.layers.recurrent.MaskedLayer", "keras.layers.core.MaskedLayer"),
        ("keras.layers.convolutional.Layer", "keras.layers.core.Layer"),
        ("keras.models.Layer", "keras.engine.topology.Layer"),
        ("keras.layers.core.ActivityRegularizer", "keras.regularizers.ActivityRegularizer"),
    ],
)
def test_a_name_that_a_module_only_hands_on(path: str, origin: str) -> None:
    found = registry.lookup(path)
    assert found is not None
    assert found in (registry.lookup(origin), registry.lookup("keras.regularizers.L1L2Regularizer"))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "keras",
        "keras.layers",
        "keras.layers.core",
        "keras.layers.core.K",
        "keras.layers.Nothing",
        "TimeDistributedDense",
    ],
)
def test_what_is_no_entry(path: str) -> None:
    assert registry.lookup(path) is None


def test_exports_follow_the_version() -> None:
    layers = registry.exports("keras.layers", parse("1.2"))
    assert {"TimeDistributedDense", "LSTM", "merge", "Input", "Bidirectional", "core"} <= layers
    assert "TimeDistributedMerge" not in layers
    assert "np" not in layers
    assert registry.exports("keras.layers", parse("0.2")) == frozenset()
    assert "TimeDistributedMerge" in registry.exports("keras.layers.core", parse("0.3"))
    assert {"TimeDistributedDense", "Dense"} <= registry.exports("keras.layers.core", parse("0.1"))
    assert "Graph" in registry.exports("keras.models", parse("1.0"))
    assert "Graph" not in registry.exports("keras.models", parse("1.2"))
    assert "Graph" in registry.exports("keras.models")
    assert registry.exports("keras.nothing", ALL) == frozenset()


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("keras.layers.core.TimeDistributedDense", True),
        ("keras.layers.TimeDistributedDense", True),
        ("keras.layers.recurrent.time_distributed_dense", True),
        ("keras.layers.containers", True),
        ("keras.layers.containers.Sequential", True),
        ("keras.initializations", True),
        ("keras.models.Graph", True),
        ("keras.regularizers.activity_l2", True),
        ("keras.regularizers.WeightRegularizer", True),
        ("keras.utils.visualize_util.plot", True),
        ("keras.activations.time_distributed_softmax", True),
        ("keras.layers.normalization.LRN2D", True),
        ("keras.layers.Dense", False),
        ("keras.layers.core", False),
        ("keras.layers.core.Dense", False),
        ("keras.layers.Convolution2D", False),
        ("keras.layers.TimeDistributed", False),
        ("keras.layers.recurrent.LSTM", False),
        ("keras.models.Sequential", False),
        ("keras.objectives", False),
        ("keras.optimizers.adam", False),
        ("keras.layers.core.NothingOfTheKind", False),
        ("keras.layers.containers_of_mine", False),
        ("keras", False),
        ("", False),
    ],
)
def test_paths_that_prove_keras_1(path: str, wanted: bool) -> None:
    assert registry.is_proof_path(path) is wanted


@pytest.mark.parametrize(
    ("path", "keyword", "wanted"),
    [
        ("keras.layers.Dense", "output_dim", True),
        ("keras.layers.Dense", "W_regularizer", True),
        ("keras.layers.Dense", "input_dim", False),
        ("keras.layers.Dense", "activation", False),
        ("keras.layers.Embedding", "output_dim", False),
        ("keras.layers.Embedding", "init", True),
        ("keras.layers.Dropout", "p", True),
        ("keras.layers.BatchNormalization", "mode", True),
        ("keras.layers.BatchNormalization", "epsilon", False),
        ("keras.layers.Convolution2D", "border_mode", True),
        ("keras.layers.Convolution2D", "input_shape", False),
        ("keras.models.Model", "input", True),
        ("keras.optimizers.SGD", "lr", False),
        ("keras.optimizers.SGD", "decay", False),
        ("keras.regularizers.l2", "l", False),
        ("keras.layers.LeakyReLU", "alpha", False),
    ],
)
def test_keywords_that_prove_keras_1(path: str, keyword: str, wanted: bool) -> None:
    assert registry.is_proof_keyword(find(path), keyword) is wanted


def test_method_keywords() -> None:
    fit = registry.method("Sequential", "fit")
    assert fit is not None
    assert registry.is_proof_keyword(fit, "nb_epoch")
    assert not registry.is_proof_keyword(fit, "epochs")
    assert registry.method("Sequential", "add_node") is None
    assert {owner for found in registry.methods("compile") for owner in found.owners} == {
        "Sequential",
        "Model",
        "Graph",
    }
    assert registry.methods("nothing") == ()


def test_a_method_is_found_by_each_owner_once() -> None:
    keys = [(owner, method.name) for method in METHODS for owner in method.owners]
    assert len(keys) == len(set(keys))
    assert all(registry.method(*key) is not None for key in keys)


def test_no_two_entries_claim_one_path() -> None:
    paths = [path for entry in ENTRIES for path in entry.paths]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("entry", [*ENTRIES, *METHODS], ids=[*IDS, *(method.name for method in METHODS)])
def test_signatures_parse_in_order(entry: Entry | Method) -> None:
    starts = [parse(key).lo for key in entry.signatures]
    assert starts
    assert starts == sorted(set(starts))
    for text in entry.signatures.values():
        form = signature(text)
        assert len(set(form.names())) == len(form.names())
        defaults = [default is Required for _, default in form.parameters]
        assert defaults == sorted(defaults, reverse=True), text


@pytest.mark.parametrize("entry", ENTRIES, ids=IDS)
def test_paths_lie_in_known_modules_and_releases(entry: Entry) -> None:
    first = min(parse(key).lo for key in entry.signatures)
    for path, versions in entry.paths.items():
        module = path.rpartition(".")[0]
        assert module in MODULES
        assert parse(versions).within(parse(MODULES[module].versions)), path
        assert first <= parse(versions).lo or entry.name == "Model"
        if module in EXPORTS:
            assert entry.name in registry.exports(module, parse(versions)) or path.rpartition(".")[
                2
            ] in registry.exports(module, parse(versions))


@pytest.mark.parametrize("entry", [*ENTRIES, *METHODS], ids=[*IDS, *(method.name for method in METHODS)])
def test_parameters_are_those_of_the_signatures(entry: Entry | Method) -> None:
    if entry.keras3 is None:
        assert entry.person or (isinstance(entry, Function) and (entry.forms or entry.value))
        return
    assert entry.person is None
    forms = list(entry.signatures.values())
    if isinstance(entry, Method):  # one spelling for all owners
        forms = [text for other in registry.methods(entry.name) for text in other.signatures.values()]
        forms += [text for other in METHODS if "generator" in other.name for text in other.signatures.values()]
    known = {name for text in forms for name in signature(text).names()} | LAYER_KEYWORDS
    changed = set(entry.keras3.parameters)
    for later in entry.keras3.since.values():
        changed |= set(later)
    assert changed <= known
    for name in changed & registry.proof_words:
        parameter = entry.keras3.parameters[name]
        if isinstance(parameter, Renamed) and parameter.to == name:
            assert not isinstance(entry, Method)
            assert not registry.is_proof_keyword(entry, name)


@pytest.mark.parametrize(
    "entry", [e for e in ENTRIES if isinstance(e, Layer)], ids=[e.name for e in ENTRIES if isinstance(e, Layer)]
)
def test_layers_are_whole(entry: Layer) -> None:
    assert entry.masks in ("passes", "consumes", "makes", "none")
    assert entry.first in ("", "vector", "sequence", "ids", "image")
    if entry.keras3 is not None:
        assert entry.layout is not None
        assert all("input_shape" in entry.keras3.parameters for _ in entry.paths)
    for instead in entry.instead:
        assert parse(instead.versions or "0.1-1.2")
        assert instead.spelling.path.startswith("tdmigrate.compat.")
        assert "input_shape" in instead.spelling.parameters


def test_gone_modules_are_legacy_modules() -> None:
    assert set(MODULES) >= GONE
    assert set(EXPORTS) <= set(MODULES)
    assert all(MODULES[path].keras3 != path for path in GONE)


def test_time_distributed_dense_by_release() -> None:
    forms = {key: signature(text).names() for key, text in TIME_DISTRIBUTED_DENSE.signatures.items()}
    assert list(forms) == ["0.1", "0.1.2", "0.2", "1.0.3", "1.1.2"]
    assert forms["0.1"][:3] == ("input_dim", "output_dim", "init")
    assert "activity_regularizer" not in forms["0.1"]
    assert forms["0.2"][-2:] == ("input_dim", "input_length")
    assert forms["1.0.3"][-3:] == ("bias", "input_dim", "input_length")
    assert TIME_DISTRIBUTED_DENSE.paths == {
        "keras.layers.core.TimeDistributedDense": "0.1-1.2",
        "keras.layers.TimeDistributedDense": "0.3.2-1.2.2",
    }


def test_every_release_has_a_dense() -> None:
    for release in RELEASES:
        assert "Dense" in registry.exports("keras.layers.core", parse(release))


def test_the_registry_is_light() -> None:
    heavy = "{'numpy', 'keras', 'libcst', 'dataclasses', 'ast'}"
    code = f"import sys, tdmigrate.keras1.registry; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_modules_of_keras_3_alone() -> None:
    there = {f"keras.{one.name}" for one in pkgutil.iter_modules(keras.__path__) if not one.name.startswith("_")}
    assert {path for path in there if registry.module(path) is None} <= LATER  # 3.6 lacks some
    assert not any(registry.module(path) for path in LATER)
