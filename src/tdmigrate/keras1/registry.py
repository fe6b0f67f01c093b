"""Every entry by its path: the one door through which all rooms ask what Keras 0.1–1.2 was."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from tdmigrate.keras1 import (
    activations,
    initializers,
    losses,
    models,
    modules,
    optimizers,
    orderings,
    regularizers,
)
from tdmigrate.keras1.entry import Entry, Function, Layer, Method, Module, Renamed
from tdmigrate.keras1.exports import EXPORTS
from tdmigrate.keras1.layers import (
    convolutional,
    core,
    elementwise,
    embeddings,
    local,
    merging,
    normalization,
    pooling,
    recurrent,
    wrappers,
)
from tdmigrate.keras1.versions import ALL, Versions, parse
from tdmigrate.records import NamedTuple

_ROOMS: tuple[tuple[Entry, ...], ...] = (
    core.ENTRIES,
    recurrent.ENTRIES,
    embeddings.ENTRIES,
    wrappers.ENTRIES,
    convolutional.ENTRIES,
    local.ENTRIES,
    pooling.ENTRIES,
    normalization.ENTRIES,
    elementwise.ENTRIES,
    merging.ENTRIES,
    models.ENTRIES,
    activations.ENTRIES,
    initializers.ENTRIES,
    regularizers.ENTRIES,
    losses.ENTRIES,
    optimizers.ENTRIES,
    modules.ENTRIES,
    orderings.ENTRIES,
)

_ENTRIES: Mapping[str, Entry] = {path: entry for room in _ROOMS for entry in room for path in entry.paths}


# packages whose entries only sources that name them need → the module of tdmigrate.keras1 that holds them
_SELDOM = {
    "keras.backend": "backend",
    "keras.metrics": "metrics",
    "keras.preprocessing": "preprocessing",
    "keras.utils": "utilities",
    "keras.datasets": "datasets",
    "keras.applications": "applications",
    "keras.wrappers": "estimators",
    "keras.callbacks": "callbacks",
}


def _seldom(name: str) -> tuple[Entry, ...]:
    entries: tuple[Entry, ...] = import_module(f"tdmigrate.keras1.{name}").ENTRIES
    return entries


@cache
def _paths(name: str) -> Mapping[str, Entry]:
    return {path: entry for entry in _seldom(name) for path in entry.paths}


def _entry(path: str) -> Entry | None:
    found = _ENTRIES.get(path)
    if found is None:
        name = _SELDOM.get(".".join(path.split(".")[:2]))
        found = _paths(name).get(path) if name is not None else None
    return found


_METHODS: Mapping[tuple[str, str], Method] = {
    (owner, method.name): method for method in models.METHODS for owner in method.owners
}

# Keyword arguments that no public signature of Keras 2 has where Keras 1 had them (its legacy interface took some with
# a warning). They prove something only with their entry at hand: see is_proof_keyword.
proof_words = frozenset(
    (
        "a_left_init", "a_right_init", "alpha_init", "atrous_rate", "b_constraint", "b_regularizer", "beta_init",
        "bias", "border_mode", "cache_enabled", "concat_axis", "consume_less", "create_input_layer", "dim_ordering",
        "dot_axes", "dropout_U", "dropout_W", "filter_length", "forget_bias_init", "gamma_init", "ignore_border",
        "init", "inner_activation", "inner_init", "input", "kernel_dim1", "kernel_dim2", "kernel_dim3", "length", "low",
        "m", "mode", "n_slots", "nb_col", "nb_feature", "nb_filter", "nb_row", "output", "output_dim", "output_mask",
        "output_reconstruction", "p", "pool_length", "poolsize", "proj_dim", "sigma", "stack_size", "stride",
        "subsample", "subsample_length", "t_left_init", "t_right_init", "tie_weights", "transform_bias",
        "truncate_gradient", "U_regularizer", "W_constraint", "W_regularizer",
    )
)  # fmt: skip

# of a model's methods; each is proof enough where the receiver is not known
METHOD_PROOF_KEYWORDS = frozenset(
    (
        "class_mode", "create_output", "merge_mode", "nb_epoch", "nb_val_samples", "nb_val_worker", "nb_worker",
        "sample_weight_modes", "samples_per_epoch", "show_accuracy", "theano_mode", "val_samples",
    )
)  # fmt: skip

# of helpers with data
DATA_PROOF_KEYWORDS = frozenset(("dim_ordering", "nb_classes", "nb_epoch", "nb_words"))
# methods that nothing but a model of Keras has, whatever the receiver
MODEL_METHODS = frozenset(
    (
        "evaluate_generator", "fit_generator", "load_weights", "predict_classes", "predict_generator",
        "predict_on_batch", "save_weights", "test_on_batch", "train_on_batch",
    )
)  # fmt: skip

# of the functions of keras.backend, which Keras 2 had too
BACKEND_PROOF_KEYWORDS = frozenset(("border_mode", "dim", "dim_ordering", "nb_classes", "std"))


def all_entries() -> tuple[Entry, ...]:
    """Every layer, function and class, each once."""
    seldom = [_seldom(name) for name in dict.fromkeys(_SELDOM.values())]
    return tuple(entry for room in (*_ROOMS, *seldom) for entry in room)


def lookup(path: str) -> Entry | None:
    """The entry behind a full legacy path, such as ``keras.layers.core.Dense``, also where a module hands it on."""
    entry = _entry(path)
    if entry is not None:
        return entry
    module_path, _, name = path.rpartition(".")
    origin = _origins(module_path).get(name)
    return _entry(origin) if origin is not None and origin != path else None


@cache
def layer(name: str) -> Layer | None:
    """The layer's entry of that name."""
    return next((one for room in _ROOMS for one in room if isinstance(one, Layer) and one.name == name), None)


def method(owner: str, name: str) -> Method | None:
    """The method ``name`` of "Sequential", "Model" or "Graph"."""
    return _METHODS.get((owner, name))


def methods(name: str) -> tuple[Method, ...]:
    """The methods of that name of any model."""
    return tuple(found for found in models.METHODS if found.name == name)


def module(path: str) -> Module | None:
    """The legacy module of that path."""
    return modules.MODULES.get(path)


def exports(module_path: str, versions: Versions = ALL) -> frozenset[str]:
    """The names that ``from module_path import *`` brings in some release of the interval."""
    if module_path == "keras.backend":  # its names are those of its entries
        known = [*_seldom(_SELDOM[module_path]), *orderings.ENTRIES]
        paths = ((path.rpartition("."), one.paths[path]) for one in known for path in one.paths)
        return frozenset(
            name
            for (home, _, name), span in paths
            if home == module_path and not name.startswith("_") and parse(span).meets(versions)
        )
    return frozenset(
        name for row in _rows(module_path) if parse(row.versions).meets(versions) for name, _, _ in row.names
    )


def available(path: str) -> Versions | None:
    """The releases in which a module or a name of one could be imported by that path; None: not known."""
    entry = _entry(path)
    if entry is not None:
        return parse(entry.paths[path])
    known = modules.MODULES.get(path)
    if known is not None:
        return parse(known.versions)
    module_path, _, name = path.rpartition(".")
    spans = [parse(row.versions) for row in _rows(module_path) if any(name == one for one, _, _ in row.names)]
    return Versions(min(span.lo for span in spans), max(span.hi for span in spans)) if spans else None


def is_lasting(path: str) -> bool:
    """Whether Keras 3 has that name, or that module, in that very place too."""
    entry = lookup(path)
    if entry is not None:
        return entry.keras3 is not None and entry.keras3.path == path
    known = module(path)
    return known.keras3 == path if known is not None else not is_proof_path(path)


def is_proof_path(path: str) -> bool:
    """Whether no Keras from 2.0.0 on has a module or name of that path, but Keras 0.1–1.2 had."""
    if path in modules.GONE:
        return True
    module_path, _, name = path.rpartition(".")
    if module_path in modules.GONE and (module_path not in EXPORTS or name in _origins(module_path)):
        return True
    return is_gone_name(path)


def is_gone_name(path: str) -> bool:
    """Whether a module that later Keras has too had a name that no Keras from 2.0.0 on has in it."""
    module_path, _, name = path.rpartition(".")
    return module_path not in modules.GONE and name in _gone(module_path)


def home_of_absent(path: str) -> str | None:
    """Where a name without an entry was defined that Keras 3 has not, though it has its module; None: it is not so."""
    module_path, _, name = path.rpartition(".")
    known = modules.MODULES.get(module_path)
    if known is None or known.keras3 != module_path or lookup(path) is not None:
        return None
    marked = any(name == one and mark for row in _rows(module_path) for one, _, mark in row.names)
    return _origins(module_path)[name] if marked else None


def is_proof_keyword(owner: Entry | Method, keyword: str) -> bool:
    """Whether ``owner(keyword=…)`` can only have been written for Keras 0.x or 1.x."""
    if isinstance(owner, Method):
        return keyword in METHOD_PROOF_KEYWORDS
    if isinstance(owner, Function) and owner.kind == "backend":
        return keyword in BACKEND_PROOF_KEYWORDS
    if isinstance(owner, Function) and owner.kind == "data":
        return keyword in DATA_PROOF_KEYWORDS
    if keyword not in proof_words:
        return False
    if owner.keras3 is None:
        return True
    parameter = owner.keras3.parameters.get(keyword)
    return parameter is not None and not (isinstance(parameter, Renamed) and parameter.to == keyword)


# --- the table of exports --------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    versions: str
    names: tuple[tuple[str, str, str], ...]  # name, path where it was defined, mark: "!", "-" or ""


@cache
def _rows(module_path: str) -> tuple[_Row, ...]:
    rows: list[list[str]] = []
    for line in EXPORTS.get(module_path, "").splitlines():
        if line.startswith(" "):
            rows[-1] += line.split()
        elif line:
            rows.append(line.split())
    return tuple(_row(module_path, words) for words in rows)


def _row(module_path: str, words: list[str]) -> _Row:
    versions, home, *names = words
    found = []
    for word in names:
        bare = word.lstrip("!-")
        name, _, original = bare.partition("=")
        found.append((name, f"{module_path if home == '.' else home}.{original or name}", word[: -len(bare)]))
    return _Row(versions, tuple(found))


@cache
def _origins(module_path: str) -> Mapping[str, str]:
    """Names of a module → the path where each was defined in the newest release that had it."""
    return {name: origin for row in _rows(module_path) for name, origin, _ in row.names}


@cache
def _gone(module_path: str) -> frozenset[str]:
    return frozenset(name for row in _rows(module_path) for name, _, mark in row.names if mark == "!")
