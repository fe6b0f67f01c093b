"""Weights of Keras 3, put into genuine Keras as ``to_legacy`` lays them out: the old layer computes what the new one
does. (A proof goes the other way.)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from mutation_programs import GENUINE, weighty_programs
from tdmigrate.verification import weights as converting
from tdmigrate.verification.jobs import MEMORY, SECONDS, Job, Limits
from tdmigrate.verification.record import LayerWeights
from tdmigrate.verification.sides import Legacy, Ran
from tdmigrate.verification.weights import layout_of, to_keras3, to_legacy
from test_initial_weights import outputs


class Case(NamedTuple):
    """One layer in both forms."""

    kind: str  # its class in Keras 1, or that of the layer inside
    release: str
    old: str
    new: str
    shape: tuple[int, ...]  # of the input
    ordering: str = "th"
    halves: int = 1

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.ordering}-{self.release}-{self.halves}"

    @property
    def inputs(self) -> str:
        return f"np.random.RandomState(1).normal(0, 1, {(2, *self.shape)})"


_BACK, _FRONT = "data_format='channels_last'", "data_format='channels_first'"
_GATES = "recurrent_activation=hard_sigmoid"
CASES = [
    *(
        case
        for release in ("0.3.3", "1.2.2")
        for case in (
            Case("LSTM", release, "recurrent.LSTM(4, {})", f"LSTM(4, {_GATES})", (5, 3)),
            Case("GRU", release, "recurrent.GRU(4, {})", f"GRU(4, {_GATES}, reset_after=False)", (5, 3)),
            Case("Convolution1D", release, "convolutional.Convolution1D(4, 3, {})", "Conv1D(4, 3)", (7, 3)),
            Case("Convolution2D", release, "convolutional.Convolution2D(4, 3, 2, dim_ordering='th', {})",
                 f"Conv2D(4, (3, 2), {_FRONT})", (3, 7, 8)),
            Case("Convolution2D", release, "convolutional.Convolution2D(4, 3, 2, dim_ordering='tf', {})",
                 f"Conv2D(4, (3, 2), {_BACK})", (7, 8, 3), "tf"),
            Case("Convolution3D", release, "convolutional.Convolution3D(4, 3, 2, 1, dim_ordering='th', {})",
                 f"Conv3D(4, (3, 2, 1), {_FRONT})", (2, 5, 4, 3)),
            Case("Highway", release, "core.Highway({})", "Highway()", (5,)),
        )
    ),
    # Keras's own layer, with which a deviation becomes a variance
    Case("BatchNormalization", "0.3.3", "normalization.BatchNormalization({})", "BatchNormalization(epsilon=1e-6)",
         (5,)),
    Case("BatchNormalization", "1.2.2", "normalization.BatchNormalization({})", "BatchNormalization()", (5,)),
    Case("Deconvolution2D", "1.2.2", "convolutional.Deconvolution2D(4, 3, 2, (None, 4, 9, 9), dim_ordering='th', {})",
         f"Conv2DTranspose(4, (3, 2), {_FRONT})", (3, 7, 8)),
    Case("ConvLSTM2D", "1.2.2", "convolutional_recurrent.ConvLSTM2D(4, 3, 1, dim_ordering='tf', {})",
         f"ConvLSTM2D(4, (3, 1), {_GATES}, {_BACK})", (3, 7, 8, 2), "tf"),
    Case("LSTM", "1.2.2", "wrappers.Bidirectional(LSTM(4), {})", f"Bidirectional(LSTM(4, {_GATES}))", (5, 3), "th", 2),
    Case("GRU", "1.2.2", "wrappers.TimeDistributed(GRU(4), {})",
         f"TimeDistributed(GRU(4, {_GATES}, reset_after=False))", (3, 5, 3)),
]  # fmt: skip

MODERN = """\
import numpy as np
from keras import Sequential
from keras.layers import *
from tdmigrate.compat import Highway, hard_sigmoid
from tdmigrate.verification.weights import layout_of, to_legacy

model = Sequential([Input({case.shape}), {case.new}])
random = np.random.default_rng(7)
weights = [random.uniform(0.4, 1, one.shape) * random.choice([-1, 1], one.shape) for one in model.get_weights()]
if {case.kind!r} == "BatchNormalization":
    weights[-1] = abs(weights[-1])
model.set_weights(weights)
old = to_legacy(layout_of({case.kind!r}, {case.ordering!r}), weights, {case.release!r}, {case.halves})
"""
GENUINE_PROGRAM = """\
import numpy as np
from keras.models import Sequential
from keras.layers.{home} import {kind}
from keras.layers.recurrent import LSTM, GRU

model = Sequential()
model.add({call})
model.compile("sgd", "mse")
flat = {flat}
weights = []
for one in model.layers[0].get_weights():
    weights.append(np.array(flat[: one.size]).reshape(one.shape))
    flat = flat[one.size :]
assert not flat
model.layers[0].set_weights(weights)
"""
FLAT = "np.concatenate([one.ravel() for one in old])"


def genuine_program(case: Case, flat: Any) -> str:
    home, _, call = case.old.partition(".")
    call = call.format(f"input_shape={case.shape}")
    return GENUINE_PROGRAM.format(home=home, kind=call.partition("(")[0], call=call, flat=flat.tolist())


@pytest.fixture(scope="module")
def computed(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    jobs = [
        (f"{case.name} {what}", MODERN.format(case=case), expression)
        for case in CASES
        for what, expression in (("new", f"model.predict({case.inputs}, verbose=0)"), ("flat", FLAT))
    ]
    found = outputs(jobs, tmp_path_factory.mktemp("keras-3"))
    for release in sorted({case.release for case in CASES}):
        old = [
            (f"{case.name} old", genuine_program(case, found[f"{case.name} flat"]), f"model.predict({case.inputs})")
            for case in CASES
            if case.release == release
        ]
        found |= outputs(old, tmp_path_factory.mktemp(f"keras-{release}"), str(legacy_path), release)
    return found


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_old_layer_computes_the_same(case: Case, computed: dict[str, Any]) -> None:
    new, old = (computed[f"{case.name} {side}"] for side in ("new", "old"))
    assert new.dtype == np.float64, new
    assert old.dtype == np.float64, old
    assert np.std(new) > 1e-3
    np.testing.assert_allclose(old, new, rtol=0, atol=1e-10)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("release", GENUINE)
def test_weights_of_genuine_layers_go_there_and_back(release: str, legacy_path: Path, tmp_path: Path) -> None:
    """Of every layer whose weights are laid out otherwise now, as ``get_weights`` gave them: bit by bit."""
    kinds = frozenset(converting._FORTH) - {"same"}
    programs = [one for one in weighty_programs(kinds) if one.release == release]
    found: list[LayerWeights] = []
    legacy = Legacy(tmp_path, legacy_path)
    try:
        for index, program in enumerate(programs):
            (tmp_path / str(index)).mkdir()
            job = Job("model", 1, program.text, "model", "", "model", release)
            ran = legacy.run(job, tmp_path / str(index), Limits(SECONDS, MEMORY))
            found += ran.record.layers if isinstance(ran, Ran) else ()
    finally:
        legacy.close()
    assert {"LSTM", "GRU", "Convolution1D", "Convolution2D", "BatchNormalization"} <= {one.kind for one in found}
    for layer in found:
        layout = layout_of(layer.kind, layer.ordering)
        new = to_keras3(layout, layer.weights, release, layer.halves)
        if layout.gates and len(layer.weights) == 3 * layer.halves:
            continue  # fused by consume_less='gpu' already, of which no list says so
        back = to_legacy(layout, new, release, layer.halves)
        rounds = layer.kind == "BatchNormalization" and release < "1"
        for one, other in zip(layer.weights, back, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-15 if rounds else 0, atol=0)
