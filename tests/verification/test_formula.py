from __future__ import annotations

import numpy as np
import pytest

from tdmigrate.verification.formula import NoFormula, record_of
from tdmigrate.verification.jobs import Call, Job, Limits
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.record import Record
from tdmigrate.verification.sides import Ran

HEAD = "from keras.models import Sequential\nfrom keras.layers.{room} import {layer}\n"
SEQUENCE = (None, 7, 4)

# release, room of keras.layers, call
GENUINE = [
    ("1.2.2", "core", Call("TimeDistributedDense", {"output_dim": 5}, SEQUENCE)),
    ("0.2.0", "core", Call("TimeDistributedDense", {"output_dim": 5, "activation": "sigmoid"}, SEQUENCE)),
    ("1.2.2", "core", Call("TimeDistributedDense", {"output_dim": 5, "activation": "softsign"}, SEQUENCE)),
    ("1.1.2", "core", Call("TimeDistributedDense", {"output_dim": 5, "activation": "softmax"}, (None, None, 4))),
    ("1.2.2", "core", Call("TimeDistributedDense", {"output_dim": 5, "bias": False}, SEQUENCE)),
    ("1.2.2", "core", Call("Dense", {"output_dim": 5, "activation": "softplus"}, (None, 4))),
    ("1.2.2", "core", Call("Dense", {"output_dim": 5, "activation": "relu"}, (None, 3, 4))),
    ("1.2.2", "core", Call("Activation", {"activation": "hard_sigmoid"}, SEQUENCE)),
    ("1.2.2", "core", Call("Dropout", {"p": 0.5}, SEQUENCE)),
    ("1.2.2", "recurrent", Call("SimpleRNN", {"output_dim": 3, "return_sequences": True}, SEQUENCE)),
    ("0.2.0", "recurrent", Call("SimpleRNN", {"output_dim": 3}, SEQUENCE)),
    ("1.2.2", "recurrent", Call("LSTM", {"output_dim": 3, "go_backwards": True, "return_sequences": True}, SEQUENCE)),
    ("1.0.8", "recurrent", Call("LSTM", {"output_dim": 3, "inner_activation": "sigmoid"}, SEQUENCE)),
    ("1.2.2", "recurrent", Call("GRU", {"output_dim": 3, "return_sequences": True}, SEQUENCE)),
    ("0.2.0", "recurrent", Call("GRU", {"output_dim": 3, "return_sequences": True}, SEQUENCE)),
]


def program(call: Call, room: str) -> str:
    arguments = "".join(f"{name}={value!r}, " for name, value in call.arguments.items())
    head = HEAD.format(room=room, layer=call.layer)
    return f"{head}model = Sequential()\nmodel.add({call.layer}({arguments}input_shape={call.shape[1:]}))\n"


@pytest.fixture(scope="module")
def genuine(prover: Prover, tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """What genuine Keras says of the calls."""
    records = []
    for release, room, call in GENUINE:
        job = Job("model", 1, program(call, room), "model", "", "", release)
        ran = prover._legacy.run(job, tmp_path_factory.mktemp("genuine"), Limits(60, 2**32))
        assert isinstance(ran, Ran), ran
        records.append(ran.record)
    return records


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(GENUINE)))
def test_a_formula_is_what_genuine_keras_computes(genuine: list[Record], index: int) -> None:
    release, _, call = GENUINE[index]
    theirs, ours = genuine[index], record_of(call, release)
    assert ours.parameters == theirs.parameters
    assert len(ours.runs) == len(theirs.runs)
    for mine, other in zip(ours.runs, theirs.runs, strict=True):
        # the same weights and inputs were drawn
        np.testing.assert_array_equal(mine.inputs[0], other.inputs[0])
        np.testing.assert_allclose(mine.outputs[0].value, other.outputs[0].value, rtol=0, atol=1e-14)


def test_a_free_axis_has_two_lengths() -> None:
    record = record_of(Call("TimeDistributedDense", {"output_dim": 2}, (None, None, 4)), "1.2.2")
    assert [run.outputs[0].value.shape for run in record.runs] == [(3, 5, 2), (3, 8, 2)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (Call("Highway", {}, SEQUENCE), "no reference formula of Highway"),
        (Call("Dense", {}, (None, 4)), "output_dim is not known"),
        (Call("Dense", {"output_dim": "n"}, (None, 4)), "output_dim is not known"),
        (
            Call("Dense", {"output_dim": 3, "activation": "elu"}, (None, 4)),
            "no reference formula of the activation 'elu'",
        ),
        (Call("Dense", {"output_dim": 3, "activation": ["relu"]}, (None, 4)), "no reference formula of the activation"),
        (Call("Dense", {"output_dim": 3, "bias": "maybe"}, (None, 4)), "bias is not known"),
        (Call("Dense", {"output_dim": 3, "flavour": 1}, (None, 4)), "does not know flavour"),
        (Call("Dense", {"output_dim": 3}, (None, None)), "the size of the input of Dense is not known"),
        (Call("Dense", {"output_dim": 3}, ()), "the size of the input of Dense is not known"),
        (Call("LSTM", {"output_dim": 3, "stateful": True}, (2, 7, 4)), "no reference formula of a stateful layer"),
    ],
)
def test_what_has_no_formula_says_so(call: Call, words: str) -> None:
    with pytest.raises(NoFormula, match=words):
        record_of(call, "1.2.2")
