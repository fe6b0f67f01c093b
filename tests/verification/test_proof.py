from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tdmigrate.results import Outputs, Proof
from tdmigrate.verification import proof as proving
from tdmigrate.verification.beginnings import gives_its_own, hangs_on_no_size, is_other_chance, settled
from tdmigrate.verification.jobs import Call, Job
from tdmigrate.verification.prover import Prover, prove
from tdmigrate.verification.record import Array, LayerOutput, LayerWeights, Record, Run

OLD = """
from keras.models import Sequential, Model
from keras.layers.core import Dense, Dropout, Activation, Flatten, Masking, TimeDistributedDense
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import SimpleRNN, LSTM, GRU
from keras.regularizers import l1, l2, activity_l2
"""
FUNCTIONAL = """
from keras.layers import Input, merge, Bidirectional, BatchNormalization, TimeDistributed, Convolution1D
"""
NEW = """
from keras import Model, Sequential, ops
from keras.layers import *
from keras.regularizers import L1, L2, L1L2
from tdmigrate import compat
from tdmigrate.compat import activity_l2, hard_sigmoid
"""
GATES = "recurrent_activation=hard_sigmoid"


def stack(head: str, *layers: str) -> str:
    return "\n".join([head, "model = Sequential()", *(f"model.add({layer})" for layer in layers)])


def job(version: str, old: str, new: str, target: str = "model", old_order: bool = False) -> Job:
    return Job("model", 8, old, target, new, target, version, old_order)


def tagger(shape: str, old: str, new: str, version: str = "1.2.2", rnn: str = "LSTM", extra: str = "") -> Job:
    return job(
        version,
        stack(OLD, f"{rnn}(6, return_sequences=True, input_shape={shape})", f"{old}"),
        stack(NEW, f"Input({shape})", f"{rnn}(6, return_sequences=True{extra})", f"{new}"),
    )


HANG = "\nwhile True:\n    pass\n"
SLEEP = "\nimport time\ntime.sleep(1000)\n"
SMALL = "TimeDistributedDense(5, activation='softmax', input_shape=(7, 4))"
SMALL_OLD, SMALL_NEW = stack(OLD, SMALL), stack(NEW, "Input((7, 4))", "Dense(5, activation='softmax')")

EQUAL: dict[str, Job] = {
    "lstm": tagger("(7, 4)", "TimeDistributedDense(5)", "Dense(5)", extra=f", {GATES}"),
    "gru": tagger("(7, 4)", "TimeDistributedDense(5)", "Dense(5)", rnn="GRU", extra=f", {GATES}, reset_after=False"),
    "simple": tagger("(7, 4)", "TimeDistributedDense(5, activation='relu')", "Dense(5, 'relu')", rnn="SimpleRNN"),
    "wrapper over a known length": tagger(
        "(7, 4)", "TimeDistributedDense(5)", "TimeDistributed(Dense(5))", extra=f", {GATES}"
    ),
    "free axis": tagger("(None, 4)", "TimeDistributedDense(5)", "Dense(5)", "1.1.2", extra=f", {GATES}"),
    "free axis under 0.2": tagger("(None, 4)", "TimeDistributedDense(5)", "Dense(5)", "0.2.0", extra=f", {GATES}"),
    "free axis under 0.3": tagger("(None, 4)", "TimeDistributedDense(5)", "Dense(5)", "0.3.3", extra=f", {GATES}"),
    "free axis under 1.0": tagger("(None, 4)", "TimeDistributedDense(5)", "Dense(5)", "1.0.8", extra=f", {GATES}"),
    "the corrected wrapper over a free axis": job(
        "1.1.2",
        stack(OLD + FUNCTIONAL, "TimeDistributedDense(5, input_shape=(None, 4))", "TimeDistributed(RepeatVector(2))",
              "TimeDistributed(Flatten())").replace("Flatten, M", "Flatten, RepeatVector, M"),
        stack(NEW + "from tdmigrate.compat import TimeDistributed", "Input((None, 4))", "TimeDistributed(Dense(5))",
              "TimeDistributed(RepeatVector(2))", "TimeDistributed(Flatten())"),
    ),
    "bias=False, whose weight Keras 1.1 forgets": tagger(
        "(None, 4)", "TimeDistributedDense(5, bias=False)", "Dense(5, use_bias=False)", "1.1.2", extra=f", {GATES}"
    ),
    "masked ids": job(
        "1.1.2",
        stack(OLD, "Embedding(20, 6, mask_zero=True)", "LSTM(5, return_sequences=True)", "TimeDistributedDense(3)"),
        stack(NEW, "Input((None,))", "Embedding(20, 6, mask_zero=True)", f"LSTM(5, return_sequences=True, {GATES})",
              "Dense(3)"),
    ),
    "masked ids, last state": job(
        "1.2.2",
        stack(OLD, "Embedding(20, 6, mask_zero=True, input_length=7)", "GRU(5)", "Dense(3)"),
        stack(NEW, "Input((7,))", "Embedding(20, 6, mask_zero=True)", f"GRU(5, {GATES}, reset_after=False)",
              "Dense(3)"),
    ),
    "masked ids under 0.3": job(
        "0.3.3",
        stack(OLD, "Embedding(20, 6, mask_zero=True)", "LSTM(5, return_sequences=True)", "TimeDistributedDense(3)"),
        stack(NEW, "Input((None,))", "Embedding(20, 6, mask_zero=True)", f"LSTM(5, return_sequences=True, {GATES})",
              "Dense(3)"),
    ),
    "masked numbers": job(
        "1.2.2",
        stack(OLD, "Masking(-1., input_shape=(7, 4))", "LSTM(5, return_sequences=True)", "TimeDistributedDense(3)"),
        stack(NEW, "Input((7, 4))", "Masking(-1.)", f"LSTM(5, return_sequences=True, {GATES})", "Dense(3)"),
    ),
    "dropout and regularisation": job(
        "1.2.2",
        stack(OLD, "TimeDistributedDense(5, W_regularizer=l2(.02), b_regularizer=l1(.1), input_shape=(7, 4))",
              "Dropout(.5)"),
        stack(NEW, "Input((7, 4))", "Dense(5, kernel_regularizer=L2(.02), bias_regularizer=L1(.1))", "Dropout(.5)"),
    ),
    "activity regularisation": job(
        "1.2.2",
        stack(OLD, "TimeDistributedDense(5, activity_regularizer=activity_l2(.02), input_shape=(7, 4))"),
        stack(NEW, "Input((7, 4))", "Dense(5, activity_regularizer=activity_l2(.02))"),
    ),
    "activity regularisation behind a dropout": job(
        "1.1.2",
        stack(OLD, "Dropout(.5, input_shape=(7, 4))", "TimeDistributedDense(5, activity_regularizer=activity_l2(.02))"),
        stack(NEW, "Input((7, 4))", "Dropout(.5)", "Dense(5, activity_regularizer=activity_l2(.02))"),
    ),
    "a regularizer that can't be computed": job(
        "1.1.2",
        stack(OLD + "class Own(object):\n    def set_param(self, p): pass\n    def __call__(self, loss): return 1 / 0",
              "TimeDistributedDense(5, W_regularizer=Own(), input_shape=(7, 4))"),
        stack(NEW, "Input((7, 4))", "Dense(5)"),
    ),
    "regularisation before 1.2": job(
        "1.1.2",
        stack(OLD, "Dropout(.5, input_shape=(7, 4))", "TimeDistributedDense(5, W_regularizer=l2(.02))"),
        stack(NEW, "Input((7, 4))", "Dropout(.5)", "Dense(5, kernel_regularizer=L2(.02))"),
    ),
    "two inputs, shared layers, a nested model": job(
        "1.2.2",
        OLD + FUNCTIONAL + """
inner = Sequential([Dense(4, input_dim=5), Activation('tanh')])
a, b = Input((5,)), Input((5,))
model = Model([b, a], [merge([inner(a), inner(b)], mode='concat'), Dense(2)(inner(a))])
""",
        NEW + """
inner = Sequential([Input((5,)), Dense(4), Activation('tanh')])
a, b = Input((5,)), Input((5,))
model = Model([b, a], [Concatenate()([inner(a), inner(b)]), Dense(2)(inner(a))])
""",
    ),
    "bidirectional, by a function": job(
        "1.2.2",
        OLD + FUNCTIONAL + """
def build(length, size=4):
    x = Input((length, size))
    y = Bidirectional(GRU(3, return_sequences=True), merge_mode='sum')(x)
    y = BatchNormalization()(TimeDistributedDense(6)(y))
    return Model(input=x, output=TimeDistributed(Dense(2))(y))
""",
        NEW + f"""
def build(length, size=4):
    x = Input((length, size))
    y = Bidirectional(GRU(3, return_sequences=True, {GATES}, reset_after=False), merge_mode='sum')(x)
    y = BatchNormalization()(Dense(6)(y))
    return Model(inputs=x, outputs=Dense(2)(y))
""",
        "build(7)",
    ),
    "merged branches": job(
        "1.2.2",
        OLD + """
from keras.layers import Merge
left, right = [Sequential([TimeDistributedDense(size, input_shape=(5, size))]) for size in (2, 3)]
model = Sequential([Merge([left, right], mode='concat'), TimeDistributedDense(4)])
""",
        NEW + """
inputs = [Input((5, size)) for size in (2, 3)]
branches = [Dense(size)(x) for x, size in zip(inputs, (2, 3))]
model = Model(inputs, Dense(4)(Concatenate()(branches)))
""",
    ),
    "merged branches under 0.3": job(
        "0.3.3",
        OLD + """
from keras.layers.core import Merge
left, right = [Sequential([TimeDistributedDense(size, input_shape=(5, size))]) for size in (2, 3)]
model = Sequential()
model.add(Merge([left, right], mode='concat'))
model.add(TimeDistributedDense(4))
""",
        NEW + """
inputs = [Input((5, size)) for size in (2, 3)]
branches = [Dense(size)(x) for x, size in zip(inputs, (2, 3))]
model = Model(inputs, Dense(4)(Concatenate()(branches)))
""",
    ),
    "fixed batch, stateful": job(
        "1.2.2",
        stack(OLD, "LSTM(5, stateful=True, return_sequences=True, batch_input_shape=(2, 7, 4))",
              "TimeDistributedDense(3)"),
        stack(NEW, "Input(batch_shape=(2, 7, 4))", f"LSTM(5, stateful=True, return_sequences=True, {GATES})",
              "Dense(3)"),
    ),
    "free length, stateful": job(
        "1.2.2",
        stack(OLD, "LSTM(5, stateful=True, return_sequences=True, batch_input_shape=(2, None, 3))",
              "Activation('tanh')"),
        stack(NEW, "Input(batch_shape=(2, None, 3))", f"LSTM(5, stateful=True, return_sequences=True, {GATES})",
              "Activation('tanh')"),
    ),
    "free length, stateful, last step": job(
        "1.2.2",
        stack(OLD, "GRU(5, stateful=True, batch_input_shape=(2, None, 3))", "Dense(3)"),
        stack(NEW, "Input(batch_shape=(2, None, 3))", f"GRU(5, stateful=True, {GATES}, reset_after=False)", "Dense(3)"),
    ),
    "convolution": job(
        "1.2.2",
        OLD + FUNCTIONAL + stack("", "Convolution1D(5, 3, input_shape=(9, 4))", "TimeDistributedDense(2)"),
        stack(NEW, "Input((9, 4))", "Conv1D(5, 3)", "Dense(2)"),
    ),
    "convolution over a free axis, in need of many steps": job(
        "1.0.8",
        OLD + FUNCTIONAL + stack("", "Convolution1D(5, 9, input_shape=(None, 4))", "TimeDistributedDense(2)"),
        stack(NEW, "Input((None, 4))", "Conv1D(5, 9)", "Dense(2)"),
    ),
    "pooling": job(
        "1.2.2",
        stack(OLD + "from keras.layers import MaxPooling1D, AveragePooling1D", "MaxPooling1D(2, input_shape=(9, 4))",
              "AveragePooling1D(2, stride=1)", "TimeDistributedDense(2)"),
        stack(NEW, "Input((9, 4))", "MaxPooling1D(2)", "AveragePooling1D(2, strides=1)", "Dense(2)"),
    ),
    "convolution and pooling under 0.2": job(
        "0.2.0",
        stack(OLD + "from keras.layers.convolutional import Convolution1D, MaxPooling1D",
              "Convolution1D(5, 3, input_dim=4, input_length=9)", "MaxPooling1D(2)", "TimeDistributedDense(2)"),
        stack(NEW, "Input((9, 4))", "Conv1D(5, 3)", "MaxPooling1D(2)", "Dense(2)"),
    ),
    "the old order of 0.1": job(
        "0.3.3",
        stack(OLD, "Embedding(20, 6)", "LSTM(6, 5, return_sequences=True)", "TimeDistributedDense(5, 3)",
              "GRU(3, 4, init='uniform', return_sequences=True, truncate_gradient=3)",
              "TimeDistributedDense(4, 2, 'uniform', activation='relu')"),
        stack(NEW, "Input((None,))", "Embedding(20, 6)", f"LSTM(5, return_sequences=True, {GATES})", "Dense(3)",
              f"GRU(4, 'sigmoid', return_sequences=True, {GATES}, reset_after=False)", "Dense(2, 'relu')"),
        old_order=True,
    ),
    "images as in 0.1": job(
        "0.2.0",
        stack(OLD + "from keras.layers.core import Reshape, Flatten\n"
              "from keras.layers.convolutional import Convolution2D, MaxPooling2D\n"
              "from keras.layers.advanced_activations import PReLU\n"
              "from keras.layers.normalization import BatchNormalization",
              "Dense(6, 32)", "Reshape((2, 4, 4))", "Convolution2D(3, 2, 3, 3, 'uniform', border_mode='full')",
              "PReLU((3, 6, 6))", "MaxPooling2D(poolsize=(2, 2))", "Flatten()",
              "BatchNormalization(input_shape=(27,))", "Dense(27, 2)"),
        stack(NEW, "Input((6,))", "Dense(32)", "Reshape((2, 4, 4))",
              "Lambda(lambda x: ops.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2))))",
              "Conv2D(3, 3, data_format='channels_first')", "PReLU()",
              "MaxPooling2D(data_format='channels_first')", "Flatten()",
              "compat.BatchNormalization(epsilon=1e-06, momentum=0.9, form='running', axis=None, "
              "gamma_initializer='random_uniform')", "Dense(2)"),
        old_order=True,
    ),
    "never built by itself": job("1.2.2", SMALL_OLD, stack(NEW, "Dense(5, activation='softmax')")),
    "never built by itself, free axis": job(
        "1.1.2",
        stack(OLD, "TimeDistributedDense(5, input_shape=(None, 4))"),
        stack(NEW, "Dense(5)"),
    ),
    "wide": job(
        "1.2.2",
        stack(OLD, "LSTM(300, return_sequences=True, input_shape=(9, 200))", "TimeDistributedDense(100)"),
        stack(NEW, "Input((9, 200))", f"LSTM(300, return_sequences=True, {GATES})", "Dense(100)"),
    ),
    "truth values": job(
        "1.2.2",
        stack(OLD, SMALL, "Activation(lambda x: x > .2)"),
        stack(NEW, "Input((7, 4))", "Dense(5, activation='softmax')", "Lambda(lambda x: x > .2)"),
    ),
    "prints a lot": job("1.2.2", SMALL_OLD + "\nfor _ in range(9): print('x' * 10**5)", SMALL_NEW),
    "one constant output": job(
        "1.2.2",
        stack(OLD, "TimeDistributedDense(1, activation='softmax', input_shape=(7, 4))"),
        stack(NEW, "Input((7, 4))", "Dense(1, activation='softmax')"),
    ),
}  # fmt: skip

# name → job, words of the reason, the first layer that differs
DIFFERENT: dict[str, tuple[Job, str, str | None]] = {
    "gates of Keras 3": (tagger("(7, 4)", "TimeDistributedDense(5)", "Dense(5)"), "the outputs differ by", "lstm_1"),
    "GRU of Keras 3": (
        tagger("(7, 4)", "TimeDistributedDense(5)", "Dense(5)", rnn="GRU", extra=f", {GATES}"),
        "the weights of gru_1 (GRU) have the shapes",
        "gru_1",
    ),
    "the last activation": (
        tagger("(7, 4)", "TimeDistributedDense(5, activation='relu')", "Dense(5)", extra=f", {GATES}"),
        "the outputs differ by",
        "timedistributeddense_1",
    ),
    "other units": (
        tagger("(7, 4)", "TimeDistributedDense(5)", "Dense(6)", extra=f", {GATES}"),
        "(6, 5), (5,), those of dense (Dense) (6, 6), (6,)",
        "timedistributeddense_1",
    ),
    "a layer lost": (
        job("1.2.2", stack(OLD, SMALL, "TimeDistributedDense(5)"), SMALL_NEW),
        "2 layers with weights in the old model, 1 in the new",
        "timedistributeddense_2",
    ),
    "an activation between": (
        job(
            "1.2.2",
            stack(OLD, "TimeDistributedDense(5, input_shape=(7, 4))", "Activation('tanh')", "TimeDistributedDense(2)"),
            stack(NEW, "Input((7, 4))", "Dense(5)", "Activation('sigmoid')", "Dense(2)"),
        ),
        "the outputs differ by",
        "activation_1",
    ),
    "the second of a name, under 0.2": (
        job(
            "0.2.0",
            stack(OLD, "TimeDistributedDense(5, input_shape=(7, 4))", "TimeDistributedDense(3)", "Activation('tanh')",
                  "TimeDistributedDense(2)"),
            stack(NEW, "Input((7, 4))", "Dense(5)", "Dense(3, 'sigmoid')", "Dense(2)"),
        ),
        "the outputs differ by",
        "timedistributeddense_2",
    ),
    "Dropout of 0.2, which scales when it predicts": (
        job("0.2.0", stack(OLD, "TimeDistributedDense(5, input_shape=(7, 4))", "Dropout(.5)"),
            stack(NEW, "Input((7, 4))", "Dense(5)", "Dropout(.5)")),
        "the outputs differ by",
        "dropout",
    ),
    "regularisation lost": (
        job("1.2.2", stack(OLD, "TimeDistributedDense(5, W_regularizer=l2(.02), input_shape=(7, 4))"),
            stack(NEW, "Input((7, 4))", "Dense(5)")),
        "now 0",
        None,
    ),
    "behind a constant output": (
        job("1.2.2", stack(OLD, SMALL, "TimeDistributedDense(1, activation='softmax')"),
            stack(NEW, "Input((7, 4))", "Dense(5, activation='sigmoid')", "Dense(1, activation='softmax')")),
        "the outputs are constant, those of a layer differ",
        "timedistributeddense_1",
    ),
    "a kernel that begins with zeros": (
        job("1.2.2", stack(OLD, "Dense(5, input_dim=4)"),
            stack(NEW, "Input((4,))", "Dense(5, kernel_initializer='zeros')")),
        "with the same weights the outputs are equal, but dense_1 begins with other weights",
        "dense_1",
    ),
    "a kernel that begins wider": (
        job("1.2.2", stack(OLD, "Dense(64, init='uniform', input_dim=4)"),
            stack(NEW, "Input((4,))", "Dense(64, kernel_initializer='random_normal')")),
        "with the same weights the outputs are equal, but dense_1 begins with other weights",
        "dense_1",
    ),
    "a bias that begins otherwise": (
        job("1.2.2", stack(OLD, "LSTM(5, inner_activation='sigmoid', input_shape=(7, 4))"),
            stack(NEW, "Input((7, 4))", "LSTM(5, unit_forget_bias=False)")),
        "with the same weights the outputs are equal, but lstm_1 begins with other weights",
        "lstm_1",
    ),
    "another rank": (
        job("1.2.2", SMALL_OLD, stack(NEW, "Input((7, 4))", "Dense(5, activation='softmax')", "Flatten()")),
        "(3, 7, 5) in the old model, (3, 35) in the new",
        None,
    ),
    "not finite any more": (
        job("1.2.2", SMALL_OLD, stack(NEW, "Input((7, 4))", "Dense(5)", "Lambda(lambda x: ops.log(-1 - x * x))")),
        "the outputs of the new model are not finite numbers",
        "timedistributeddense_1",
    ),
}  # fmt: skip

TRAP_C39 = tagger("(None, 4)", "TimeDistributedDense(5)", "TimeDistributed(Dense(5))", "1.1.2", extra=f", {GATES}")

# name → job, words of the reason
ENDLESS: dict[str, tuple[Job, str]] = {
    "hangs": (job("1.2.2", SMALL_OLD + HANG, SMALL_NEW), "the old program did not finish within 2 seconds"),
    "sleeps": (job("1.2.2", SMALL_OLD, SMALL_NEW + SLEEP), "the new program did not finish within 2 seconds"),
}
UNPROVED: dict[str, tuple[Job, str]] = {
    "ends its process": (
        job("1.2.2", SMALL_OLD + "\nimport os; os._exit(3)", SMALL_NEW),
        "the old program ended its process (exit code 3)",
    ),
    "ends itself": (job("1.2.2", SMALL_OLD + "\nraise SystemExit(4)", SMALL_NEW), "SystemExit: 4"),
    "crashes": (
        job("1.2.2", SMALL_OLD, SMALL_NEW + "\nimport os; os.abort()"),
        "the new program crashed (signal 6)",
    ),
    "20 GB": (job("1.2.2", SMALL_OLD + "\nx = bytearray(20 * 2**30)", SMALL_NEW), "needs more memory than 2.0 GB"),
    "20 GB, new": (
        job("1.2.2", SMALL_OLD, SMALL_NEW + "\nx = ops.ones((20 * 2**27,), 'float64') + 1"),
        "needs more memory than 2.0 GB",
    ),
    "missing file": (
        job("1.2.2", SMALL_OLD + "\nopen('corpus.txt')", SMALL_NEW),
        "failed at `open('corpus.txt')`: FileNotFoundError",
    ),
    "syntax error": (job("1.2.2", SMALL_OLD, SMALL_NEW + "\nmodel ="), "SyntaxError"),
    "old names": (job("1.2.2", SMALL_OLD, SMALL_OLD), "No module named 'keras.layers.core'"),
    "no model": (job("1.2.2", SMALL_OLD + "\nmodel = 3", SMALL_NEW), "is not a model but int"),
    "no new model": (job("1.2.2", SMALL_OLD, SMALL_NEW + "\nmodel = None"), "is not a model but NoneType"),
    "no such name": (job("1.2.2", SMALL_OLD, SMALL_NEW, "net"), "name 'net' is not defined"),
    "rank 2": (job("1.2.2", stack(OLD, "TimeDistributedDense(5, input_dim=4)"), SMALL_NEW), "under Keras 1.2.2"),
    "a class": (job("1.2.2", SMALL_OLD + "\nmodel = Sequential", SMALL_NEW), "is not a model"),
    "not finite": (
        job("1.2.2", stack(OLD, SMALL, "Activation(lambda x: x / 0.)"), SMALL_NEW),
        "the outputs of the old model are not finite numbers",
    ),
    "unknown release": (job("1.2.7", SMALL_OLD, SMALL_NEW), "there is no genuine Keras 1.2.7"),
    "no layers": (job("1.2.2", OLD + "\nmodel = Sequential()", SMALL_NEW), "is a model without layers"),
    "no layers under 0.2": (job("0.2.0", OLD + "\nmodel = Sequential()", SMALL_NEW), "is a model without layers"),
    "noise": (
        job(
            "1.2.2",
            stack(
                f"from theano.tensor.shared_randomstreams import RandomStreams\nfrom keras.layers import Lambda\n{OLD}",
                SMALL,
                "Lambda(lambda x: x + RandomStreams().normal(x.shape))",
            ),
            stack(NEW, "Input((7, 4))", "Dense(5, activation='softmax')", "Lambda(lambda x: x + 0.1)"),
        ),
        "depends on chance",
    ),
    "a graph without an output": (
        job("0.3.3", OLD + "\nfrom keras.models import Graph\nmodel = Graph()\nmodel.add_input('x', (4,))", SMALL_NEW),
        "the old model has no output",
    ),
}


# those of the equal ones of which no training step is compared
NO_STEP = {
    "a regularizer that can't be computed": "the old model could not be trained: ZeroDivisionError: division by zero",
    "truth values": "an output of the old model is no floating-point number, so it has no gradient",
    "one constant output": "no gradient reaches a weight of the old model",
}


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> Mapping[str, Proof]:
    """All jobs in one go, as a user's run has them: the workers start once."""
    jobs = {"trap": TRAP_C39, **EQUAL}
    jobs |= {name: case[0] for name, case in DIFFERENT.items()} | {name: case[0] for name, case in UNPROVED.items()}
    found = dict(zip(jobs, prover.prove(list(jobs.values()), seconds=60, memory=2 * 2**30), strict=True))
    return found | dict(zip(ENDLESS, prover.prove([case[0] for case in ENDLESS.values()], seconds=2), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUAL)
def test_equal(proofs: Mapping[str, Proof], name: str) -> None:
    proof = proofs[name]
    reason = f"step not compared: {NO_STEP[name]}" if name in NO_STEP else None
    assert (proof.status, proof.reason, proof.first_difference) == ("equal", reason, None)
    assert proof.legacy == f"keras {EQUAL[name].version} theano"
    assert proof.modern is not None
    assert proof.modern.startswith("keras 3.")
    assert proof.outputs is not None
    assert proof.outputs.dtype == "float64"
    assert proof.outputs.max_abs < 1e-13
    assert (proof.step is None) is (name in NO_STEP)
    if proof.step is not None:
        assert max(proof.step[:2]) < 1e-12


# of two samples two steps each, over two lengths where the axis is free
MASKED = {"masked ids": 8, "masked ids, last state": 0, "masked ids under 0.3": 8, "masked numbers": 4, "lstm": 0}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", MASKED)
def test_masked_steps_are_counted(proofs: Mapping[str, Proof], name: str) -> None:
    outputs = proofs[name].outputs
    assert outputs is not None
    assert outputs.masked == MASKED[name]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", DIFFERENT)
def test_different(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words, layer) = proofs[name], DIFFERENT[name]
    assert proof.status == "different"
    assert words in str(proof.reason)
    assert proof.first_difference == layer


@pytest.mark.legacy
@pytest.mark.slow
def test_a_batch_size_taken_for_a_length_is_caught(proofs: Mapping[str, Proof]) -> None:
    proof = proofs["trap"]
    release = tuple(int(part) for part in str(proof.modern).split()[1].split(".")[:2])
    if release < (3, 14):  # numeric trap C39 came with Keras 3.14
        assert proof.status == "equal"
    else:
        assert proof.status == "different"
        assert proof.reason == "an output of shape (3, 8, 5) in the old model, (3, 3, 5) in the new"
        assert proof.first_difference == "timedistributeddense_1"


# a release that does not run the old program, and the one that does
OTHERS = {
    "another release runs it": tagger("(None, 4)", "TimeDistributedDense(5)", "Dense(5)", extra=f", {GATES}")._replace(
        others=("1.1.2",)
    ),
    "none does": job("1.2.2", SMALL_OLD + "\nopen('corpus.txt')", SMALL_NEW)._replace(others=("1.1.2",)),
    "the first runs it": EQUAL["lstm"]._replace(others=("1.1.2",)),
}
WRONG = job("1.2.2", SMALL_OLD, stack(NEW, "Input((7, 4))", "Dense(5, act='softmax')"))


@pytest.mark.legacy
@pytest.mark.slow
def test_another_release_is_tried_where_one_does_not_run_the_program(prover: Prover) -> None:
    another, none, first = prover.prove(list(OTHERS.values()))
    assert (another.status, another.legacy) == ("equal", "keras 1.1.2 theano")
    assert (none.status, none.legacy) == ("unproved", "keras 1.2.2 theano")
    assert (first.status, first.legacy) == ("equal", "keras 1.2.2 theano")


@pytest.mark.legacy
@pytest.mark.slow
def test_a_difference_from_a_release_of_another_era_proves_nothing(prover: Prover) -> None:
    old = SMALL_OLD + "\nfrom keras.layers import Dense"  # an ImportError in 0.2
    sigmoid = stack(NEW, "Input((7, 4))", "Dense(5, activation='sigmoid')")
    needs = job("0.2.0", old, SMALL_NEW)._replace(others=("0.3.3",), foreign=("0.3.3",))
    equal, doubtful, different = prover.prove(
        [needs, needs._replace(new=sigmoid), needs._replace(new=sigmoid, foreign=())]
    )
    assert (equal.status, equal.reason, equal.legacy) == ("equal", None, "keras 0.3.3 theano")
    assert (doubtful.status, doubtful.legacy) == ("unproved", "keras 0.3.3 theano")
    assert str(doubtful.reason).startswith("the source needs Keras 0.2.0, which did not run it (the old program under ")
    assert "); Keras 0.3.3 ran instead, whose defaults may be others: the outputs differ by " in str(doubtful.reason)
    assert different.status == "different"


RAISING = {
    "own layer": (
        "from keras.engine.topology import Layer\nclass Odd(Layer):\n    def call(self, x, mask=None):\n"
        "        return {}\n",
        "from keras.layers import Layer\nclass Odd(Layer):\n    def call(self, x):\n        return {}\n",
        "Odd()",
    ),
    "lambda": ("def odd(x):\n    return {}\n", "def odd(x):\n    return {}\n", "Lambda(odd)"),
    "lambda of a shape": (
        "def odd(x):\n    return {}\n", "def odd(x):\n    return {}\n", "Lambda(odd, output_shape=(4,))"
    ),
}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", RAISING)
def test_a_layer_that_raises_is_told_by_its_own_line(prover: Prover, name: str) -> None:
    old, new, layer = RAISING[name]
    old = stack(
        f"from keras.models import Sequential\nfrom keras.layers import *\n{old.format('x.sort(axis=1)')}",
        "Dense(4, input_dim=3)", layer, "Dense(2)",
    )  # fmt: skip
    parts = ("Input((3,))", "Dense(4)", layer, "Dense(2)")
    wrong = stack(f"{NEW}{new.format('x.sort(axis=1)')}", *parts)
    right = stack(f"{NEW}{new.format('ops.sort(x, axis=1)')}", *parts)
    failing, equal = prover.prove([job("1.2.2", old, one)._replace(finished=True) for one in (wrong, right)])
    assert failing.status == "different"
    assert "failed at `return x.sort(axis=1)`: AttributeError: '" in str(failing.reason)
    assert str(failing.reason).endswith("Tensor' object has no attribute 'sort'")
    assert equal.status == "equal"


@pytest.mark.legacy
@pytest.mark.slow
def test_a_new_program_that_fails_is_wrong_where_nothing_is_left_to_a_person(prover: Prover) -> None:
    left, finished = prover.prove([WRONG, WRONG._replace(finished=True)])
    assert (left.status, finished.status) == ("unproved", "different")
    assert left.reason == finished.reason
    assert "failed at `model.add(Dense(5, act='softmax'))`: ValueError" in str(left.reason)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", [*ENDLESS, *UNPROVED])
def test_unproved(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words) = proofs[name], (ENDLESS | UNPROVED)[name]
    assert proof.status == "unproved"
    assert words in str(proof.reason)
    assert "\n" not in str(proof.reason)
    assert proof.outputs is None


def record(*outputs: object, mask: object = None, penalty: float | None = None, parameters: int = 3) -> Record:
    told = tuple(
        LayerOutput(
            f"layer_{index}", "Dense", np.asarray(value, float), None if mask is None else np.asarray(mask, bool)
        )
        for index, value in enumerate(outputs)
    )
    layers = tuple(LayerWeights(one.name, one.kind, ()) for one in told)
    return Record("keras 1.2.2 theano", parameters, layers, (Run((), told[-1:], told),), penalty)


def compare(old: Record, new: Record) -> Proof:
    return proving.compare(EQUAL["lstm"], old, new)


def test_masked_steps_are_set_aside() -> None:
    mask = [[True, False]]
    aside = compare(record([[[1.0], [2.0]]], mask=mask), record([[[1.0], [9.0]]]))
    assert (aside.status, aside.outputs) == ("equal", Outputs(0.0, "float64", 1))
    assert compare(record([[[1.0], [2.0]]], mask=mask), record([[[9.0], [2.0]]])).status == "different"


def test_a_mask_of_another_shape_sets_nothing_aside() -> None:
    old = record([[1.0, 2.0]], mask=[[True, False]])  # (batch, units): the mask is of time steps that are gone
    assert compare(old, record([[1.0, 9.0]])).status == "different"


@pytest.mark.parametrize(("gap", "status"), [(9e-9, "equal"), (2e-8, "different")])
def test_the_tolerance_goes_with_the_scale(gap: float, status: str) -> None:
    assert compare(record([100.0, 1.0]), record([100.0, 1.0 + gap])).status == status


def test_the_first_layer_in_order_is_named() -> None:
    proof = compare(record([1.0, 2.0], [3.0], [4.0]), record([1.0, 2.0], [3.5], [4.5]))
    assert proof.first_difference == "layer_1"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (record([1.0]), record([1.0], parameters=4), "3 parameters in the old model, 4 in the new"),
        (
            record([1.0, 2.0], penalty=0.5),
            record([1.0, 2.0], penalty=0.25),
            "regularisation adds 0.5 to the loss, now 0.25",
        ),
        (record([[1.0]]), record([1.0]), "(1, 1) in the old model, (1,) in the new"),
        (record([1.0]), record([np.nan]), "the outputs of the new model are not finite numbers"),
    ],
)
def test_what_else_differs(old: Record, new: Record, words: str) -> None:
    proof = compare(old, new)
    assert proof.status == "different"
    assert words in str(proof.reason)


def begun(*first: object) -> Record:
    layer = LayerWeights("dense_1", "Dense", (), first=tuple(np.asarray(one, float) for one in first))
    return record([1.0, 2.0])._replace(layers=(layer,))


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ([0.25, 0.5], [3.0, 7.0], "equal"),  # drawn
        ([1.0, 0.0], [0.0, 0.0], "different"),
        ([0.2] * 3, [float(np.float32(0.2))] * 3, "equal"),
        ([0.2] * 3, [0.2001, 0.2, 0.2], "different"),
        ([1.0, 1.0], [1.0], "different"),
    ],
)
def test_weights_are_compared_before_anything_is_done(old: list[float], new: list[float], status: str) -> None:
    proof = compare(begun(old), begun(new))
    assert proof.status == status
    assert proof.first_difference == ("dense_1" if status == "different" else None)


@pytest.mark.parametrize(
    ("first", "is_settled"),
    [
        (np.zeros((3, 4)), True),
        (np.full(5, -2.0), True),
        (np.eye(3) * 1.1, True),
        ([0.0, 1.0, 1.0, 0.0], True),
        ([1.0], True),
        (np.ones((1, 1)), True),
        ([0.3], False),
        ([[0.3]], False),
        ([0.3, 0.3], False),
        ([[0.0, 1.0], [1.0, 1.0]], False),
        (np.random.default_rng(2).uniform(size=(3, 3)), False),
        (np.zeros((0, 3)), True),
    ],
)
def test_first_weights_are_drawn_or_not(first: object, is_settled: bool) -> None:
    found = settled(np.asarray(first, "float32"))
    assert found.dtype == np.float64
    assert not np.isnan(found).any() if is_settled else np.isnan(found).all()


def test_no_jobs() -> None:
    assert prove([], Path("/nowhere")) == []


def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No registry answers; genuine Keras is nowhere."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")


def test_offline_a_call_is_proved_by_its_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    call = Call("TimeDistributedDense", {"output_dim": 5, "activation": "softmax"}, (None, None, 4))
    new = stack(NEW, "Input((None, 4))", "Dense(5, activation='softmax')")
    wrong = stack(NEW, "Input((None, 4))", "Dense(5, activation='sigmoid')")
    jobs = [job("1.2.2", SMALL_OLD, one)._replace(call=call) for one in (new, wrong)]
    jobs += [jobs[0]._replace(call=Call("Highway", {}, (None, 4))), jobs[0]._replace(call=None)]
    equal, different, no_formula, whole = prove(jobs, tmp_path / "legacy")
    reason = "step not compared: a reference formula has no gradient"
    assert (equal.status, equal.reason, equal.legacy) == ("equal", reason, "reference formula")
    assert (different.status, different.legacy) == ("different", "reference formula")
    assert (no_formula.status, no_formula.legacy) == ("unproved", "reference formula")
    assert "no reference formula of Highway" in str(no_formula.reason)
    assert (whole.status, whole.legacy) == ("unproved", None)
    assert "tdmigrate legacy install" in str(whole.reason)
    assert "\n" not in str(whole.reason)


EVEN, NORMAL = np.random.default_rng(1).uniform(-1, 1, (30, 20)), np.random.default_rng(1).normal(size=(30, 20))


@pytest.mark.parametrize(
    ("old", "new", "fixed", "is_other"),
    [
        (EVEN, np.zeros((30, 20)), False, True),
        (EVEN[:3, :5], np.zeros((3, 5)), True, False),  # so few may be alike
        (np.ones((30, 20)), EVEN, True, False),  # that is no chance
        (EVEN, 3 * EVEN[::-1], False, False),  # a scale that hangs on sizes may be another one
        (EVEN, 1.2 * EVEN[::-1], True, False),
        (EVEN, 1.5 * EVEN[::-1], True, True),
        (EVEN, 0.5 * EVEN[::-1], True, True),
        (EVEN, NORMAL * np.std(EVEN), True, True),
        (NORMAL, NORMAL[::-1], True, False),
        (EVEN[:10], 1.5 * EVEN[:10], True, False),  # too few to tell
    ],
)
def test_numbers_drawn_otherwise(old: Array, new: Array, fixed: bool, is_other: bool) -> None:
    assert is_other_chance(old, new, fixed) is is_other


@pytest.mark.parametrize(
    ("config", "fixed"),
    [
        ({"init": "uniform", "units": 3}, True),
        ({"init": "uniform", "inner_init": "zero"}, True),
        ({"init": "uniform", "inner_init": "orthogonal"}, False),
        ({"init": "glorot_uniform"}, False),
        ({"units": 3}, False),
    ],
)
def test_scales_that_hang_on_sizes(config: dict[str, object], fixed: bool) -> None:
    assert hangs_on_no_size(config) is fixed


@pytest.mark.parametrize(
    ("kind", "config", "release", "gives"),
    [
        ("LocallyConnected1D", {"init": "uniform"}, "1.0.8", False),  # the default of then
        ("LocallyConnected1D", {"init": "uniform"}, "1.2.2", True),
        ("Dense", {"init": "glorot_uniform"}, "1.2.2", False),
        ("Dense", {"init": "normal"}, "1.2.2", True),
        ("LayerOfTheProgram", {"init": "normal"}, "1.2.2", False),
    ],
)
def test_initializations_that_a_source_gives(kind: str, config: dict[str, object], release: str, gives: bool) -> None:
    assert gives_its_own(kind, config, release) is gives


LSTM_1_2 = "LSTM(16, inner_init='zero', inner_activation='sigmoid', input_shape=(7, 4))"


@pytest.mark.legacy
@pytest.mark.slow
def test_how_recurrent_kernels_of_1_2_begin_is_for_exact_style(prover: Prover) -> None:
    """Keras 1.2 drew them by ``init`` (trap B4)."""
    faithful = job("1.2.2", stack(OLD, LSTM_1_2),
                   stack(NEW, "Input((7, 4))", "LSTM(16, recurrent_initializer='zeros')"))  # fmt: skip
    exact = faithful._replace(own_optimizer=True)
    drawn = exact._replace(new=exact.new.replace("'zeros'", "'glorot_uniform'"))
    earlier = faithful._replace(version="1.1.2", new=drawn.new)
    assert [one.status for one in prover.prove([faithful, exact, drawn, earlier])] == [
        "equal", "different", "equal", "different",
    ]  # fmt: skip
