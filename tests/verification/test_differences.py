"""Where models part: the first layer on the same inputs, the numbers there, the trap, and few lines that show it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from tdmigrate.reporting import wording
from tdmigrate.results import Difference, Proof
from tdmigrate.verification.differences import gap_of, old_program, same_kind, trap_of
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.record import LayerOutput

OLD = """
from keras.models import Sequential
from keras.layers.core import *
from keras.layers.recurrent import *
from keras.layers.embeddings import *
from keras.layers.normalization import *
"""
NEW = """
import keras
from keras import Sequential, Input
from keras.layers import *
from tdmigrate import compat
"""
GATES = "recurrent_activation=compat.hard_sigmoid"
STATES = "batch_input_shape=(3, 6, 4), stateful=True"


def stack(head: str, *layers: str) -> str:
    return "\n".join([head, "model = Sequential()", *(f"model.add({layer})" for layer in layers)])


def job(version: str, old: tuple[str, ...], new: tuple[str, ...]) -> Job:
    return Job("model", 1, stack(OLD, *old), "model", stack(NEW, *new), "model", version)


# job, layer, trap, whether a minimal program shows it
CASES: dict[str, tuple[Job, str, str | None, bool]] = {
    "gates before another difference": (
        job("1.2.2", ("Dense(5, input_shape=(6, 4))", "LSTM(3)", "Activation('tanh')"),
            ("Input((6, 4))", "Dense(5)", "LSTM(3)", "Activation('sigmoid')")),
        "lstm_1", "A2", True,
    ),
    "behind layers without weights": (
        job("1.1.2", ("LSTM(3, input_shape=(6, 4), return_sequences=True)", "Activation('tanh')", "Flatten()"),
            ("Input((6, 4))", f"LSTM(3, {GATES}, return_sequences=True)", "Activation('sigmoid')", "Flatten()")),
        "activation_1", None, True,
    ),
    "behind a mask": (
        job("0.3.3", ("Embedding(9, 4, input_length=6, mask_zero=True)", "SimpleRNN(3)"),
            ("Input((6,))", "Embedding(9, 4, mask_zero=True)", "SimpleRNN(3, activation='relu')")),
        "simplernn", "C40", True,
    ),
    "epsilon": (
        job("1.0.8", ("BatchNormalization(input_shape=(6,))",), ("Input((6,))", "BatchNormalization()")),
        "batchnormalization_1", "C41", True,
    ),
}  # fmt: skip
STATEFUL: dict[str, tuple[Job, str]] = {
    "states stay": (
        job("1.2.2", (f"LSTM(3, {STATES})",), ("Input(batch_shape=(3, 6, 4))", f"LSTM(3, {GATES}, stateful=True)")),
        "equal",
    ),
    "states are lost": (
        job("1.2.2", (f"LSTM(3, {STATES})",), ("Input(batch_shape=(3, 6, 4))", f"LSTM(3, {GATES})")),
        "different",
    ),
    "states stay since 0.3": (
        job("0.3.3", (f"GRU(3, {STATES})",),
            ("Input(batch_shape=(3, 6, 4))", f"GRU(3, {GATES}, reset_after=False, stateful=True)")),
        "equal",
    ),
    "states that 0.3 moved with the chance of training": (
        job("0.3.3", (f"GRU(3, {STATES}, dropout_U=0.3)",),
            ("Input(batch_shape=(3, 6, 4))",
             f"GRU(3, {GATES}, reset_after=False, stateful=True, recurrent_dropout=0.3)")),
        "equal",
    ),
    "states are lost since 0.3": (
        job("0.3.3", (f"GRU(3, {STATES})",), ("Input(batch_shape=(3, 6, 4))", f"GRU(3, {GATES}, reset_after=False)")),
        "different",
    ),
}  # fmt: skip
RESET = job("1.0.8", ("GRU(3, input_shape=(6, 4))",), ("Input((6, 4))", f"GRU(3, {GATES})"))


FUNCTIONAL_OLD = """
from keras.layers import Input, Dense, merge
from keras.models import Model
x = Input((4,))
a, b = {}
model = Model(x, merge([a, b], mode='concat'))
"""
FUNCTIONAL_NEW = """
from keras import Model
from keras.layers import Input, Dense, Concatenate
x = Input((4,))
{}
model = Model(x, Concatenate()([a, b]))
"""


def branches(new: str) -> Job:
    old = FUNCTIONAL_OLD.format("Dense(3, activation='tanh')(x), Dense(3)(x)")
    return Job("model", 1, old, "model", FUNCTIONAL_NEW.format(new), "model", "1.2.2")


# the words of the reason
ORDERS: dict[str, tuple[Job, str]] = {
    "layers made the other way round": (
        branches("b = Dense(3)(x)\na = Dense(3, activation='tanh')(x)"),
        "only the order of the layers with weights differs: the outputs are equal where dense_1 of the new model has "
        "the weights of dense_1",
    ),
    "of other shapes": (
        branches("b = Dense(3)(x)\na = Dense(3, activation='tanh', use_bias=False)(x)"),
        "the weights of dense_2 (Dense) have the shapes",
    ),
    "another activation": (branches("a = Dense(3)(x)\nb = Dense(3, activation='sigmoid')(x)"), "the outputs differ"),
}


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> Mapping[str, Proof]:
    jobs = {name: case[0] for name, case in CASES.items()} | {name: case[0] for name, case in STATEFUL.items()}
    jobs |= {name: case[0] for name, case in ORDERS.items()}
    jobs["reset"] = RESET
    return dict(zip(jobs, prover.prove(list(jobs.values())), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_first_layer_that_differs_by_itself(proofs: Mapping[str, Proof], name: str, prover: Prover) -> None:
    proof, (job, layer, trap, is_shown) = proofs[name], CASES[name]
    assert (proof.status, proof.first_difference) == ("different", layer)
    difference = proof.difference
    assert difference is not None
    assert (difference.layer, difference.trap) == (layer, trap)
    assert difference.place is not None
    assert difference.values is not None
    assert abs(difference.values[0] - difference.values[1]) > 1e-6
    assert (difference.programs is not None) is is_shown
    if difference.programs is not None:
        (alone,) = prover.prove([job._replace(old=difference.programs[0], new=difference.programs[1])])
        assert alone.status == "different"


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", STATEFUL)
def test_states_are_carried_over_and_reset(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, status) = proofs[name], STATEFUL[name]
    assert proof.status == status
    if status == "different":
        assert "in a second call, which starts with the states of the first" in str(proof.reason)


@pytest.mark.legacy
@pytest.mark.slow
def test_weights_of_other_shapes_name_the_trap(proofs: Mapping[str, Proof]) -> None:
    assert proofs["reset"].status == "different"
    assert str(proofs["reset"].reason).endswith("likely trap C1")


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", ORDERS)
def test_an_order_that_differs_alone_is_said(proofs: Mapping[str, Proof], name: str) -> None:
    assert proofs[name].status == "different"
    assert ORDERS[name][1] in str(proofs[name].reason)


def test_the_worst_place_leaves_masked_steps_out() -> None:
    theirs = LayerOutput("lstm_1", "LSTM", np.array([[[1.0], [2.0]]]), np.array([[True, False]]))
    gap = gap_of(theirs, np.array([[[1.5], [9.0]]]))
    assert (gap.place, gap.values, gap.ranges) == ((0, 0, 0), (1.0, 1.5), ((1.0, 2.0), (1.5, 9.0)))
    assert gap_of(theirs, np.zeros((1, 2))).relative == float("inf")


def test_what_is_not_a_number_is_apart() -> None:
    theirs = LayerOutput("dense_1", "Dense", np.array([[1.0, 2.0]]))
    assert gap_of(theirs, np.array([[1.0, np.nan]])).relative == float("inf")


@pytest.mark.parametrize(
    ("kind", "old", "new", "trap"),
    [
        ("GRU", {}, {"reset_after": True}, "C1"),
        ("GRU", {}, {"reset_after": False}, None),
        ("LSTM", {"inner_activation": "hard_sigmoid"}, {"recurrent_activation": "sigmoid"}, "A2"),
        ("LSTM", {"inner_activation": "hard_sigmoid"}, {"recurrent_activation": "tdmigrate>hard_sigmoid"}, None),
        ("NoSuchLayer", {}, {}, None),
        ("SReLU", {}, {"capped": False}, "A7"),
    ],
)
def test_traps(kind: str, old: dict[str, object], new: dict[str, object], trap: str | None) -> None:
    assert trap_of(kind, old, "1.2.2", new) == trap


def test_a_trap_of_theano_is_none_on_tensorflow() -> None:
    assert trap_of("SReLU", {}, "1.2.2", {"capped": False}, "tensorflow") is None


def test_kinds_by_their_names_of_today() -> None:
    assert same_kind("TimeDistributedDense") == "Dense"
    assert same_kind("Merge") == same_kind("Concatenate")
    assert same_kind("NoSuchLayer") == "NoSuchLayer"


def test_an_old_program_of_one_layer() -> None:
    config = {"output_dim": 3, "return_sequences": True, "name": "lstm_1"}
    program = old_program("LSTM", config, "0.2.0", (3, 6, 4), False)
    assert program is not None
    assert program.splitlines()[1] == "from keras.layers.recurrent import LSTM"
    assert program.splitlines()[-1] == "model.add(LSTM(output_dim=3, return_sequences=True, input_shape=(6, 4)))"
    assert old_program("LSTM", {}, "0.2.0", (3, 6, 4), False) is None  # a size is missing
    assert old_program("NoSuchLayer", {}, "0.2.0", (3, 6, 4), False) is None


def test_the_words_of_a_difference() -> None:
    difference = Difference(
        "lstm_1", "LSTM", "LSTM", (2, 1), (0.5, 0.25), ((-1.0, 1.0), (-0.5, 0.75)), "A2", ("old\n", "new\n")
    )
    proof = Proof("model", 3, "different", "the outputs differ", difference=difference, first_difference="lstm_1")
    assert wording.proof(proof).endswith(
        "first layer that differs: lstm_1 (LSTM gave -1 to 1, the new LSTM gives -0.5 to 0.75 on the same inputs, "
        "at [2, 1] 0.5 and 0.25; likely trap A2)"
    )
    assert wording.minimal(proof) == ["old program that shows it:", "    old", "new one:", "    new"]
    assert wording.minimal(proof._replace(difference=None)) == []
