"""What the entries say of Keras 3, held against the Keras 3 that is installed."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from tdmigrate.keras1 import registry
from tdmigrate.keras1.activations import ACTIVATIONS
from tdmigrate.keras1.entry import Entry, Folded, Function, Layer, Method, Renamed, Spelling, Text, Values
from tdmigrate.keras1.initializers import INITIALIZERS, INITIALIZERS_EXACT, gates_exact
from tdmigrate.keras1.losses import LOSSES
from tdmigrate.keras1.models import METHODS
from tdmigrate.keras1.optimizers import by_name
from tdmigrate.keras1.regularizers import ACTIVITY_REGULARIZERS, CONSTRAINTS, REGULARIZERS
from tdmigrate.understanding.calls import signature

pytestmark = pytest.mark.slow

SPELLED: list[tuple[Entry | Method, Spelling]] = [
    (entry, entry.keras3) for entry in (*registry.all_entries(), *METHODS) if entry.keras3 is not None
]
SPELLED += [(e, one.spelling) for e in registry.all_entries() if isinstance(e, Layer) for one in e.instead]

_ANY_LAYER = {"name", "trainable", "dtype", "activity_regularizer"}


def _modern(path: str) -> Any:
    module, _, name = path.rpartition(".")
    found = importlib.import_module(module)
    return getattr(found, name)


def _target(entry: Entry | Method, spelling: Spelling) -> Any:
    if isinstance(entry, Method):
        return getattr(_modern("keras.models.Sequential"), spelling.path)
    return _modern(spelling.path)


def _parameters(target: Any) -> dict[str, inspect.Parameter]:
    """Those of a function, or of a class with what a layer of compat hands on to its bases by ``**kwargs``."""
    if not inspect.isclass(target):
        return dict(inspect.signature(target).parameters)
    made: Any = target
    found = dict(inspect.signature(made.__init__).parameters)
    for base in made.__mro__[1:]:
        if not made.__module__.startswith("tdmigrate.") or base is importlib.import_module("keras").layers.Layer:
            break
        for name, parameter in inspect.signature(base.__init__).parameters.items():
            found.setdefault(name, parameter)
    return found


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.mark.parametrize(("entry", "spelling"), SPELLED, ids=[entry.name for entry, _ in SPELLED])
def test_spelled_names_exist(entry: Entry | Method, spelling: Spelling) -> None:
    if isinstance(entry, Layer) or getattr(entry, "kind", "") != "model":
        target = _target(entry, spelling)
        found = _parameters(target)
        names = [name for name, p in found.items() if name != "self" and p.kind is p.POSITIONAL_OR_KEYWORD]
        mine = signature(spelling.signature) if spelling.signature else None
        if mine is not None:
            if isinstance(entry, Method) and entry.owners == ("Graph",) and "y" not in mine.names():
                names = [name for name in names if name != "y"]  # its data hold inputs and outputs
            assert list(mine.names()) == names[: len(mine.names())]
            for name, default in mine.parameters:
                real = found[name].default
                if name == "batch_size" and isinstance(entry, Method):
                    assert (default, real) == (32, None)
                elif isinstance(default, (str, int, float, bool, type(None))) and name != "strides":
                    assert default == real, name
        keywords = set(names) | (_ANY_LAYER if isinstance(entry, Layer) else set())
        keywords |= {name for name, p in found.items() if p.kind is p.KEYWORD_ONLY}
        for parameters in (spelling.parameters, *spelling.since.values()):
            for parameter in parameters.values():
                if isinstance(parameter, Renamed):
                    assert parameter.to in keywords, parameter.to
                    assert set(parameter.also) <= keywords
        assert {written.keyword for written in spelling.written} <= keywords


def _values() -> Iterator[tuple[str, Values, str]]:
    yield "initializers", INITIALIZERS, "keras.initializers"
    yield "exact initializers", INITIALIZERS_EXACT, "keras.initializers"
    yield "gates", gates_exact(4), "keras.initializers"
    yield "activations", ACTIVATIONS, "keras.activations"
    yield "regularizers", REGULARIZERS, "keras.regularizers"
    yield "activity regularizers", ACTIVITY_REGULARIZERS, "keras.regularizers"
    yield "constraints", CONSTRAINTS, "keras.constraints"
    yield "losses", LOSSES, "keras.losses"
    yield "optimizers", by_name("1e-08"), "keras.optimizers"


def _made(text: Text) -> Any:
    names = {}
    for needed in text.imports:
        assert needed.name is not None
        names[needed.asname or needed.name] = _modern(f"{needed.module}.{needed.name}")
    return eval(text.text, names)


@pytest.mark.parametrize(("values", "module"), [v[1:] for v in _values()], ids=[v[0] for v in _values()])
def test_mapped_values_resolve(values: Values, module: str) -> None:
    get = importlib.import_module(module).get
    for old, text in values.literal.items():
        made = _made(text)
        if old == "identity" and made is None:
            continue
        assert get(made) is not None, old


@pytest.mark.parametrize(
    "name", ["lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform", "orthogonal", "identity"]
)
def test_initializers_that_stay_resolve(name: str) -> None:
    assert name not in INITIALIZERS.literal
    assert callable(importlib.import_module("keras.initializers").get(name))


@pytest.mark.parametrize("name", ["softmax", "softplus", "softsign", "relu", "tanh", "sigmoid", "linear", "elu"])
def test_activations_that_stay_resolve(name: str) -> None:
    assert name not in ACTIVATIONS.literal
    assert callable(importlib.import_module("keras.activations").get(name))


def test_decay_is_keras_1_s() -> None:
    sgd = registry.lookup("keras.optimizers.SGD")
    assert sgd is not None
    assert sgd.keras3 is not None
    decay = sgd.keras3.parameters["decay"]
    assert isinstance(decay, Folded)
    schedule = _made(decay.text._replace(text=decay.text.text.replace("{}", "0.5").replace("{0}", "0.01")))
    assert float(schedule(7)) == pytest.approx(0.5 / (1 + 0.01 * 7), rel=1e-6)


def test_defaults_of_names() -> None:
    regularizers = importlib.import_module("keras.regularizers")
    both = _made(REGULARIZERS.literal["l1l2"])
    assert [float(both.l1), float(both.l2)] == pytest.approx([0.01, 0.01])
    for name in ("l1", "l2"):
        assert float(getattr(regularizers.get(name), name)) == pytest.approx(0.01)
    norm = importlib.import_module("keras.constraints").get("max_norm")
    assert (norm.max_value, norm.axis) == (2, 0)


def test_person_is_told_where_nothing_is_spelled() -> None:
    for entry in (*registry.all_entries(), *METHODS):
        written = entry.keras3 is not None or (isinstance(entry, Function) and bool(entry.forms or entry.value))
        assert written or entry.person is not None, entry.name
        assert entry.keras3 is None or entry.person is None, entry.name
