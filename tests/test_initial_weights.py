"""weights=[...] and set_weights(...) with the arrays of Keras 1: the new program computes with its own weights what
genuine Keras computed with those of the old one. (The proofs of --verify give both the same weights for their outputs;
what the programs set before is compared in verification/test_given_weights.py.)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from test_company import EARLY, FIRST, LAST, LATE, OLD, migrate

HERE = Path(__file__).parent
DRAWN = """\
import numpy as np

random = np.random.RandomState(0)


def draw(*shapes):
    return [random.normal(0, 0.5, shape) for shape in shapes]


"""
PREDICTED = "model.predict({})"


class Case(NamedTuple):
    name: str
    version: str
    body: str
    shape: tuple[int, ...]  # of the input
    holds: tuple[str, ...] = ()  # what of the new text
    predicted: str = PREDICTED

    @property
    def text(self) -> str:
        return DRAWN + self.body

    @property
    def outputs(self) -> str:
        given = f"np.random.RandomState(1).normal(0, 1, {self.shape})"
        return self.predicted.format(given)


def sequential(name: str, version: str, layer: str, shape: tuple[int, ...], *holds: str) -> Case:
    """A model of one layer; ``layer`` with ``home.`` before its name."""
    home, _, call = layer.partition(".")
    kind = call.partition("(")[0]
    body = (
        f"from keras.models import Sequential\nfrom keras.layers.{home} import {kind}\n\nmodel = Sequential()\n"
        f"model.add({call})\nmodel.compile('sgd', 'mse')\n"
    )
    return Case(f"{name}_{version}", version, body, (2, *shape), holds)


CASES: list[Case] = []
_DECONVOLVES = ((LATE, "th"), (LAST, "th"), (LAST, "tf"))  # where it runs on Theano
TH, TF = ((2, 7, 8), (4, 2, 3, 3)), ((7, 8, 2), (3, 3, 2, 4))
shape: tuple[int, ...]
for version in (FIRST, OLD, EARLY, LATE, LAST):
    images = {"th": TH, "tf": TF} if version != FIRST else {"": TH}
    for ordering, (shape, kernel) in images.items():
        told = f", dim_ordering='{ordering}'" if ordering else ""
        turned = f"keras1_kernels(draw({kernel}, (4,)), '{ordering or 'th'}', 'theano')"
        CASES.append(
            sequential(
                f"convolution_{ordering}", version,
                f"convolutional.Convolution2D(4, 3, 3, weights=draw({kernel}, (4,)), input_shape={shape}{told})",
                shape, turned,
            )
        )  # fmt: skip
    kernel = (4, 2, 3, 1) if version < "1.1" else (3, 1, 2, 4)
    CASES.append(
        sequential(
            "sequence", version,
            f"convolutional.Convolution1D(4, 3, weights=draw({kernel}, (4,)), input_shape=(8, 2))",
            (8, 2), f"keras1_kernels_1d(draw({kernel}, (4,)), '{'th' if version < '1.1' else 'tf'}', 'theano')",
        )
    )  # fmt: skip


    if version not in (FIRST, OLD):
        volume = "(4, 2, 3, 2, 2)"
        CASES.append(
            sequential(
                "volume", version,
                f"convolutional.Convolution3D(4, 3, 2, 2, weights=draw({volume}, (4,)), dim_ordering='th', "
                "input_shape=(2, 5, 6, 7))",
                (2, 5, 6, 7), f"keras1_kernels(draw({volume}, (4,)), 'th', 'theano')",
            )
        )  # fmt: skip
        CASES.extend(
            sequential(
                f"{layer.lower()}_{ordering}", version,
                f"convolutional.{layer}(4, 3, 3, {extra}weights=draw({kernel}, (4,)), input_shape={shape}, "
                f"dim_ordering='{ordering}')",
                shape, f"{function}(draw({kernel}, (4,)), '{ordering}', 'theano')",
            )
            for ordering, (shape, kernel) in {"th": TH, "tf": TF}.items()
            for layer, extra, function in (
                ("AtrousConvolution2D", "atrous_rate=(2, 1), ", "keras1_kernels"),
                ("Deconvolution2D", f"output_shape=(None, {'4, 9, 10' if ordering == 'th' else '9, 10, 4'}), ",
                 "keras1_transposed_kernels"),
            )
            if layer != "Deconvolution2D" or (version, ordering) in _DECONVOLVES
        )  # fmt: skip
        CASES.append(
            sequential("local", version, "local.LocallyConnected1D(4, 3, weights=draw((6, 6, 4), (6, 4)), "
                       "input_shape=(8, 2))", (8, 2), "set_weights(draw((6, 6, 4), (6, 4)))")
        )  # fmt: skip
    if version != FIRST:
        order = "(5, 5), (5, 5), (5,), (5,)" if version == LAST else "(5, 5), (5,), (5, 5), (5,)"
        CASES.append(
            sequential("highway", version, f"core.Highway(weights=draw({order}), input_shape=(5,))", (5,),
                       f"set_weights(draw({order}))" if version == LAST else f"keras1_highway(draw({order}))")
        )  # fmt: skip
    statistics = "[*draw((5,), (5,), (5,)), np.arange(1., 6)]"
    CASES.append(
        sequential("normalization", version, f"normalization.BatchNormalization(weights={statistics}, "
                   "input_shape=(5,))", (5,), f".set_weights({statistics})")
    )  # fmt: skip
    if version >= EARLY:
        CASES.append(
            sequential("normalization_by_sample", version, f"normalization.BatchNormalization(mode=1, "
                       f"weights={statistics}, input_shape=(5,))", (5,), f".set_weights({statistics})")
        )  # fmt: skip
    CASES.extend(
        sequential(
            layer.lower(), version,
            f"recurrent.{layer}(4, weights=draw(*[(3, 4), (4, 4), (4,)] * {count}), input_shape=(5, 3))", (5, 3),
            f"weights=draw(*[(3, 4), (4, 4), (4,)] * {count}), gates=" if count > 1 else "set_weights(draw(",
        )
        for layer, count in (("SimpleRNN", 1), ("LSTM", 4), ("GRU", 3))
    )  # fmt: skip

for version in (LATE, LAST):
    for ordering, shape, kernels in (("th", (3, 2, 7, 8), "(4, 2, 3, 3), (4, 4, 3, 3), (4,)"),
                                     ("tf", (3, 7, 8, 2), "(3, 3, 2, 4), (3, 3, 4, 4), (4,)")):  # fmt: skip
        CASES.append(
            sequential(
                f"recurrent_convolution_{ordering}", version,
                f"convolutional_recurrent.ConvLSTM2D(4, 3, 3, weights=draw(*[{kernels}] * 4), input_shape={shape}, "
                f"border_mode='same', dim_ordering='{ordering}')",
                shape, f"weights=keras1_kernels(draw(*[{kernels}] * 4), '{ordering}', 'theano'), gates='icfo>ifco'",
            )
        )  # fmt: skip

FUNCTIONAL = """\
from keras.layers import *
from keras.models import Model

x = Input(shape={shape})
{body}
model = Model(input=x, output=y)
"""
FORMS = {
    "functional": ((3, 8, 9), "y = Convolution2D(5, 2, 2, weights=draw((5, 3, 2, 2), (5,)), dim_ordering='th')(x)"),
    "in_time": (
        (4, 7, 8, 2),
        "y = TimeDistributed(Convolution2D(5, 2, 2, weights=draw((2, 2, 2, 5), (5,)), dim_ordering='tf'))(x)",
    ),
    "both_ways": ((5, 3), "y = Bidirectional(GRU(4), weights=draw(*[(3, 4), (4, 4), (4,)] * 6))(x)"),
    "forwards": (
        (5, 3),
        "y = Bidirectional(GRU(4, weights=draw(*[(3, 4), (4, 4), (4,)] * 3),  # of last week\n"
        "                      inner_init='one', init='one'), merge_mode='sum')(x)",
    ),
    "gated": ((5, 3), "y = LSTM(4, weights=draw(*[(3, 4), (4, 4), (4,)] * 4), return_sequences=True)(x)"),
    "shared": (
        (8, 2),
        "layer = Convolution1D(2, 3, weights=draw({kernel}, (2,)), border_mode='same')\ny = layer(layer(x))",
    ),
    "merged": (
        (5,),
        "y = merge([Dense(3, weights=draw((5, 3), (3,)))(x), Dense(3, weights=draw((5, 3), (3,)))(x)], mode='mul')",
    ),
    "in_a_loop": (
        (5,), "y = x\nfor n, m in (5, 4), (4, 3):\n    y = Dense(m, weights=draw((n, m), (m,)), activation='tanh')(y)"
    ),
    "by_a_function": (
        (9, 8, 3),
        "def block(x, weights, n=4):\n    return Convolution2D(n, 3, 3, weights=weights, dim_ordering='tf')(x)\n\n"
        "y = block(block(x, draw((3, 3, 3, 4), (4,))), draw((3, 3, 4, 5), (5,)), 5)",
    ),
}  # fmt: skip
for version in (EARLY, LAST):
    for name, (shape, body) in FORMS.items():
        body = body.replace("{kernel}", str((2, 2, 3, 1) if version < "1.1" else (3, 1, 2, 2)))
        text = FUNCTIONAL.replace("{shape}", str(shape)).replace("{body}", body)
        CASES.append(Case(f"{name}_{version}", version, text, (2, *shape)))

SET = {
    "conv": ((9, 8, 3), "Convolution2D(4, 3, 3, dim_ordering='tf', input_shape=(9, 8, 3))",
             "draw((3, 3, 3, 4), (4,))", "set_weights(keras1_kernels(draw(("),
    "convs_in_time": ((3, 9, 8, 3),
                      "TimeDistributed(Convolution2D(4, 3, 3, dim_ordering='tf'), input_shape=(3, 9, 8, 3))",
                      "draw((3, 3, 3, 4), (4,))", "set_weights(keras1_kernels(draw(("),
    "gates": ((5, 3), "LSTM(4, input_shape=(5, 3))", "draw(*[(3, 4), (4, 4), (4,)] * 4)",
              "set_keras1_weights(model.layers[0], draw(*[(3, 4), (4, 4), (4,)] * 4), gates='icfo>ifco')"),
    "both": ((5, 3), "Bidirectional(GRU(4), input_shape=(5, 3))", "draw(*[(3, 4), (4, 4), (4,)] * 6)",
             "set_keras1_weights(model.layers[0], draw("),
    "by_carrying": ((5,), "Highway(input_shape=(5,))", "draw({highway})", "model.layers[0].set_weights("),
    "dense": ((5,), "Dense(4, input_shape=(5,))", "draw((5, 4), (4,))", "model.layers[0].set_weights(draw("),
}  # fmt: skip
for version in (EARLY, LAST):
    order = "(5, 5), (5, 5), (5,), (5,)" if version == LAST else "(5, 5), (5,), (5, 5), (5,)"
    for name, (shape, layer, weights, text) in SET.items():
        body = (
            "from keras.layers import *\nfrom keras.models import Sequential\n\nmodel = Sequential()\n"
            f"model.add({layer})\nmodel.layers[0].set_weights({weights.format(highway=order)})\n"
            "model.compile('sgd', 'mse')\n"
        )
        CASES.append(Case(f"set_{name}_{version}", version, body, (2, *shape), (text,)))

GRAPH = """\
from keras.models import Graph
from keras.layers.core import Dense
from keras.layers.convolutional import Convolution2D

model = Graph()
model.add_input(name='x', input_shape=(2, 7, 8))
model.add_node(Convolution2D(4, 3, 3, weights=draw((4, 2, 3, 3), (4,))), name='a', input='x')
model.add_output(name='y', input='a')
model.compile('sgd', {'y': 'mse'})
"""
CASES.append(Case("graph", OLD, GRAPH, (2, 2, 7, 8), predicted="model.predict({{'x': {}}})['y']"))


def outputs(jobs: list[tuple[str, str, str]], folder: Path, *release: str) -> dict[str, Any]:
    """What programs compute, each a name, a source and an expression."""
    (folder / "jobs.json").write_text(json.dumps(jobs))
    environment = {
        **os.environ, "HOME": str(folder), "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(HERE / "outputs.py"), "jobs.json", "outputs.npz", *release],
        cwd=folder, env=environment, check=False, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-6000:]
    return dict(np.load(folder / "outputs.npz"))


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for release in sorted({case.version for case in CASES}):
        jobs = [(case.name, case.text, case.outputs) for case in CASES if case.version == release]
        found.update(outputs(jobs, tmp_path_factory.mktemp(f"keras-{release}"), str(legacy_path), release))
    return found


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    jobs = [(case.name, migrate(case.text, case.version, backend="theano").text, case.outputs) for case in CASES]
    return outputs(jobs, tmp_path_factory.mktemp("keras-3"))


each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@each_case
def test_nothing_is_left_to_do(case: Case) -> None:
    done = migrate(case.text, case.version, backend="theano")
    assert done.left == ()
    assert done.again == ()
    assert [text for text in case.holds if text not in done.text] == [], done.text


@pytest.mark.legacy
@pytest.mark.slow
@each_case
def test_it_computes_with_its_own_weights_what_the_old_one_did(
    case: Case, genuine: dict[str, Any], new: dict[str, Any]
) -> None:
    for found in (genuine[case.name], new[case.name]):
        assert found.dtype == "float64", str(found)
    assert np.ptp(genuine[case.name]) > 0.01
    np.testing.assert_allclose(new[case.name], genuine[case.name], rtol=1e-9, atol=1e-11)
