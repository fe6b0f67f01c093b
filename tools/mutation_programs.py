"""Programs that show a broken entry: calls that give the arguments in question, and those of tests/test_company.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layer_calls import BENCHES, IMAGE, SEQUENCE, VECTOR, VOLUME, Bench, program, told_by
from legacy_api import LegacyLayer
from mutations import AREAS, Mutation
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Entry, Function, Layer
from tdmigrate.keras1.versions import RELEASES, parse
from tdmigrate.understanding.calls import LAYER_KEYWORDS, Required, Signature, in_force, signature
from tdmigrate.verification.legacy.install import KERAS

GENUINE = tuple(reversed(KERAS))  # newest first


class Program(NamedTuple):
    """A source for a release of Keras that makes ``model``, and compiles it perhaps, in a line that begins so."""

    release: str
    text: str
    style: str = "faithful"
    backend: str = "theano"  # what genuine Keras runs it on


COMPILES = "model.compile("


def without_compile(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(COMPILES))


def programs(mutation: Mutation, releases: tuple[str, ...] = GENUINE) -> Iterator[Program]:
    """Those that may show it, the likeliest first."""
    if mutation.area == "merging":
        entry: Entry | None = registry.lookup("keras.layers.core.Merge")
    else:
        entry = next((one for one in registry.all_entries() if _is_owner(one, mutation)), None)
    if entry is None and mutation.owner != "compile":
        return
    for backend, some in (("theano", releases), ("tensorflow", releases[:1])):
        for release in some:
            for given in (*mutation.given, {}):
                made = _of_entry(entry, given, release) if entry is not None else _compiling(**given)
                yield from (_program(release, mutation.head + text, mutation.style, backend) for text in made)
    yield from (one for one in _company() if one.release in releases and f"{mutation.owner}(" in one.text)


def _program(release: str, text: str, style: str = "faithful", backend: str = "theano") -> Program:
    backend = "tensorflow" if "SeparableConvolution2D" in text else backend  # Theano has none
    return Program(release, text, style, backend)


def is_reached(mutation: Mutation) -> bool:
    """Whether a signature that is broken is in force in a release that can run here."""
    key = mutation.place.removeprefix("signatures['").partition("'")[0]
    entry = next((one for one in registry.all_entries() if _is_owner(one, mutation)), None)
    if entry is None or not mutation.place.startswith("signatures"):
        return True
    return any(in_force(entry, parse(release))[0] == key for release in GENUINE if _home(entry, release))


def weighty_programs(kinds: frozenset[str], owner: str = "") -> Iterator[Program]:
    """Layers whose weights are laid out in one of these ways (``Layout.convert``): one of each way, or ``owner``.

    In every release and ordering; in the last without a bias, with fused gates and in both directions too.
    """
    ways: dict[str, list[Layer]] = {}
    for entry in registry.all_entries():
        if isinstance(entry, Layer) and entry.layout is not None and entry.layout.convert in kinds:
            ways.setdefault(f"{entry.layout.convert} {entry.layout.gates}", []).append(entry)
    for layers in ways.values():
        entry = next((one for one in layers if one.name == owner), layers[0])
        for release in GENUINE:
            gives: list[Mapping[str, str]] = [{}, {"dim_ordering": "'th'"}, {"dim_ordering": "'tf'"}]
            gives += [{"bias": "False"}, *([{"consume_less": "'gpu'"}] if release == GENUINE[0] else ())]
            for given in gives:
                yield from (_program(release, text) for text in [*_of_entry(entry, given, release)][:1])
                if release == GENUINE[0] and entry.layout is not None and "conv" in entry.layout.convert:
                    yield from (
                        _program(release, text, backend="tensorflow")
                        for text in [*_of_entry(entry, given, release)][:1]
                    )
            if entry.name == "BatchNormalization":  # which in this style becomes that of Keras 3
                yield from (_program(release, text, "modern") for text in [*_of_entry(entry, _BY_RUNNING, release)][:1])
        bidirectional = registry.layer("Bidirectional")
        if entry.name in ("LSTM", "GRU") and bidirectional is not None:
            given = {"layer": f"{entry.name}(3)"}
            yield from (Program(GENUINE[0], text) for text in _of_entry(bidirectional, given, GENUINE[0]))


_BY_RUNNING = {"epsilon": "1e-06", "gamma_init": "'one'"}  # with which both Kerases begin alike


def _is_owner(entry: Entry, mutation: Mutation) -> bool:
    return entry.name == mutation.owner and (isinstance(entry, Layer) or mutation.area == AREAS.get(entry.kind))


def _of_entry(entry: Entry, given: Mapping[str, str], release: str) -> Iterator[str]:
    home = _home(entry, release)
    if home is None:
        return
    form = signature(entry.signatures[in_force(entry, parse(release))[0]])
    if isinstance(entry, Function) and entry.kind != "merge":
        yield from _around(entry, home, given, form)
        return
    bench = BENCHES.get(entry.name)
    names = form.names()
    if bench is None or any(name not in names and name not in LAYER_KEYWORDS for name in given):
        return
    call = _call(entry.name, bench, given, form)
    text = program(LegacyLayer(entry.name, home, ()), call, bench)
    if any("started" in value for value in given.values()):
        text = _STARTED + text
    if any("maxnorm(" in value for value in given.values()):
        text = f"from keras.constraints import maxnorm\n{text}"
    if isinstance(entry, Layer):
        yield from _telling(entry, home, given, form, bench)
    if isinstance(entry, Layer) and not _WEIGHTY & {*names}:
        yield from _behind(text, call, bench, release)
    yield text
    if isinstance(entry, Layer) and entry.masks == "passes" and bench.shape == VECTOR:
        bench = bench._replace(shape=SEQUENCE)
        call = _call(entry.name, bench, given, form)
        text = program(LegacyLayer(entry.name, home, ()), call, bench)
    if bench.shape.count(",") == 2 and "input_shape" in call:  # behind a mask
        layer = call.replace(f", input_shape={bench.shape}", "")
        masking = f"from keras.layers.core import Masking\n{text}"
        yield masking.replace(
            f"model.add({call})", f"model.add(Masking(input_shape={bench.shape}))\nmodel.add({layer})"
        )


def _telling(entry: Layer, home: str, given: Mapping[str, str], form: Signature, bench: Bench) -> Iterator[str]:
    """Programs in which an argument shows that is not seen in one of the layer alone."""

    def made(wide: Bench, *behind: str) -> str:
        text = program(LegacyLayer(entry.name, home, ()), _call(entry.name, wide, given, form), wide)
        return (
            "from keras.layers.core import *\nfrom keras.layers.recurrent import *\n"
            + text
            + "".join(f"model.add({layer})\n" for layer in behind)
        )

    drawn = any(name.endswith("init") for name in given) or (not given and entry.name == "BatchNormalization")
    if drawn:  # numbers enough to tell how they were drawn
        sizes = {name: "64" for name in ("output_dim", "nb_filter") if name in bench.required}
        shape = "(300,)" if bench.shape == VECTOR and entry.name != "Embedding" else bench.shape
        yield made(bench._replace(shape=shape, required={**bench.required, **sizes}))
    if "input_length" in given and "return_sequences" in form.names():
        given = {**given, "return_sequences": "True"}
        yield made(bench, "Flatten()", "Dense(2)")
    elif "input_length" in given:
        yield made(bench, "Flatten()", "Dense(2)")
    if "mask_zero" in given or "mask_value" in given:
        yield made(bench, "LSTM(2)")
    if "axis" in given and bench.shape == VECTOR:
        yield made(bench._replace(shape=IMAGE))


_WEIGHTY = frozenset(("init", "weights", "layer", "alpha_init", "t_left_init"))  # parameters of layers with weights
_FRONT = {
    VECTOR: "Dense(6, {})", SEQUENCE: "Convolution1D(4, 1, {})",
    IMAGE: "Convolution2D(8, 1, 1, {})", VOLUME: "Convolution3D(6, 1, 1, 1, {})",
}  # fmt: skip


def _behind(text: str, call: str, bench: Bench, release: str) -> Iterator[str]:
    """The layer behind one with weights, so that there is a step of training."""
    told = f"input_shape={bench.shape}"
    if f", {told}" not in call or bench.shape not in _FRONT or (bench.shape == VOLUME and release < "0.3.3"):
        return
    front = _FRONT[bench.shape].format(told)
    kind = front.partition("(")[0]
    home = "core" if kind == "Dense" else "convolutional"
    layer = call.replace(f", {told}", "")
    made = text.replace(f"model.add({call})", f"model.add({front})\nmodel.add({layer})")
    yield f"from keras.layers.{home} import {kind}\n{made}"


_STARTED = """\
import numpy as np
from keras import backend as K

def started(shape, name=None):
    return K.variable(np.full(shape, 0.25), name=name)

"""


def _call(name: str, bench: Bench, given: Mapping[str, str], form: Signature) -> str:
    required = {one: value for one, value in bench.required.items() if one in form.names()}
    arguments = {**required, **given}
    if bench.first and not arguments.keys() & told_by(name):
        if "input_length" in arguments:
            arguments["input_dim"] = bench.shape.strip("(,)").rpartition(" ")[2]
        elif given.get("stateful") == "True" and bench.batch is not None:
            arguments["batch_input_shape"] = bench.batch
        else:
            arguments["input_shape"] = bench.shape
    return f"{name}({', '.join(f'{one}={value}' for one, value in arguments.items())})"


def _compiling(optimizer: str = "'sgd'", loss: str = "'mse'", head: str = "") -> Iterator[str]:
    """A model that is compiled, with outputs that a loss may take: any number, and shares, some next to nothing."""
    end = f"{COMPILES}loss={loss}, optimizer={optimizer})\n"

    def stack(*layers: str) -> str:
        kinds = sorted({layer.partition("(")[0] for layer in layers})
        imports = f"from keras.models import Sequential\nfrom keras.layers.core import {', '.join(kinds)}\n{head}"
        return f"{imports}model = Sequential()\n{''.join(f'model.add({layer})' + chr(10) for layer in layers)}{end}"

    first = "Dense(4, input_shape=(6,))"
    yield stack(first)
    yield stack(first, "Lambda(lambda x: x * 1e-4)")  # gradients in which an epsilon shows
    for activation in ("softmax", "sigmoid"):
        yield stack(f"Dense(4, input_shape=(6,), activation='{activation}')")
        yield stack(first, "Lambda(lambda x: x * 40.)", f"Activation('{activation}')")


def _around(entry: Function, home: str, given: Mapping[str, str], form: Signature) -> Iterator[str]:
    """A layer that is given a regularizer, a constraint or an activation; a model that is compiled with the rest."""
    if any(name not in form.names() for name in given):
        return
    name = entry.name
    if entry.kind in ("optimizer", "loss"):
        arguments = ", ".join(f"{one}={value}" for one, value in given.items())
        if name == "get":
            arguments = arguments or ("identifier='adam'" if entry.kind == "optimizer" else "identifier='hinge'")
        value = name if entry.kind == "loss" and name != "get" else f"{name}({arguments})"
        yield from _compiling(**{entry.kind: value, "head": f"from {home} import {name}\n"})
        return
    needed = [one for one, default in form.parameters if default is Required and one not in given]
    kinds = "Dense, Lambda" if entry.kind == "activation" else "Dense"
    head = f"from keras.models import Sequential\nfrom keras.layers.core import {kinds}\nfrom {home} import {name}\n"
    end = "model = Sequential()\nmodel.add({})\n"
    if entry.kind == "activation":
        arguments = ", ".join(f"{one}={value}" for one, value in given.items() if one != "x")
        shown = f"{name}(x, {arguments})" if arguments else f"{name}(x)"
        identifier = given.get("identifier", "'relu'")
        if "time_distributed_softmax" in (name, identifier.strip("'")):
            value = name if name != "get" else f"get({identifier})"
            steps = f"TimeDistributedDense(4, activation={value}, input_shape=(6, 4))"
            yield "from keras.layers.core import TimeDistributedDense\n" + head + end.format(steps)
        elif name != "get":
            yield head + end.format(f"Dense(4, activation={name}, input_shape=(6,))")
            yield head + end.format(f"Lambda(lambda x: {shown}, input_shape=(6,))")
        else:
            yield head + end.format(f"Dense(4, activation=get({identifier}), input_shape=(6,))")
        return
    given = {
        **{one: "0.1" for one, default in form.parameters if default == 0 and one != "axis"},
        **given,
    }  # penalties of 0 show nothing
    arguments = ", ".join([*(f"{one}=2" for one in needed), *(f"{one}={value}" for one, value in given.items())])
    if name == "get":
        arguments = given.get("identifier", "'l2'" if entry.kind == "regularizer" else "'nonneg'")
    places = ("W_regularizer", "activity_regularizer") if entry.kind == "regularizer" else ("W_constraint",)
    for place in places:
        yield head + end.format(f"Dense(4, {place}={name}({arguments}), input_shape=(6,))")


def _home(entry: Entry, release: str) -> str | None:
    index = RELEASES.index(release)
    for path, versions in entry.paths.items():
        span = parse(versions)
        if span.lo <= index <= span.hi:
            return path.rpartition(".")[0]
    return None


@cache
def _company() -> tuple[Program, ...]:
    """Each chain of tests/test_company.py as a program of its own."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    from test_company import PROGRAMS
    from test_company import Program as Chains

    found = [Program(one.version, Chains("", one.version, (chain,)).text) for one in PROGRAMS for chain in one.chains]
    return tuple(dict.fromkeys(found))
