"""One training step on both sides: what is equal there, and what only it can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tdmigrate.results import Outputs, Proof, Step
from tdmigrate.verification import proof as proving
from tdmigrate.verification import step as steps
from tdmigrate.verification.jobs import Job, Limits
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.record import LayerOutput, LayerWeights, Record, Run
from tdmigrate.verification.sides import Ran
from tdmigrate.verification.step import RATE, Trained, Untrained

OLD = """
from keras.models import Sequential, Model
from keras.layers import *
from keras.layers.normalization import BatchNormalization
from keras.regularizers import l1, l2, activity_l2
from keras.constraints import maxnorm, nonneg, unitnorm
from keras import backend as K
from theano.tensor.shared_randomstreams import RandomStreams
"""
NEW = """
import keras
from keras import Model, Sequential, ops
from keras.layers import *
from keras.constraints import MaxNorm, NonNeg, UnitNorm
from keras.regularizers import L1, L2
from tdmigrate import compat
from tdmigrate.compat import activity_l2, hard_sigmoid
"""
GATES = "recurrent_activation=hard_sigmoid"
SMALL = "Dense(5, activation='tanh', input_dim=4)"


def stack(*layers: str) -> str:
    return "\n".join(["model = Sequential()", *(f"model.add({layer})" for layer in layers)])


def job(old: str, new: str, version: str = "1.2.2") -> Job:
    return Job("model", 1, OLD + old, "model", NEW + new, "model", version)


def both(old: tuple[str, ...], new: tuple[str, ...], shape: str = "(4,)", version: str = "1.2.2") -> Job:
    """Stacks of layers; ``{shape}`` of the old ones is that of the input."""
    return job(stack(*(layer.replace("SHAPE", f"input_shape={shape}") for layer in old)),
               stack(f"Input({shape})", *new), version)  # fmt: skip


FIRST = "Dense(5, activation='tanh', SHAPE)"
THEN = "Dense(5, activation='tanh')"
CLIPPED = ("Dense(5, SHAPE)", "Lambda(lambda x: 8 * x)", "Activation('hard_sigmoid')")
TWO_INPUTS_OLD = """
inner = Sequential([Dense(4, input_dim=5), BatchNormalization()])
a, b = Input((5,)), Input((5,))
whole = merge([Dense(4)(a), inner(b)], mode='mul')
model = Model([b, a], [merge([whole, b], mode='concat'), Dense(2)(whole)])
"""
TWO_INPUTS_NEW = """
inner = Sequential([Input((5,)), Dense(4), BatchNormalization(epsilon=1e-3)])
a, b = Input((5,)), Input((5,))
whole = Multiply()([Dense(4)(a), inner(b)])
model = Model([b, a], [Concatenate()([whole, b]), Dense(2)(whole)])
"""
NAMED_OLD = """
x = Input((4,))
a = Dense(3, name='a')(x)
b = Dense(3, name='b')(x)
model = Model(x, merge([a, b], mode='concat'))
"""
NAMED_NEW = """
x = Input((4,))
b = Dense(3, name='b')(x)
a = Dense(3, name='a')(x)
model = Model(x, Concatenate()([a, b]))
"""

# name → job
EQUAL: dict[str, Job] = {
    "moving averages": both(
        (FIRST, "BatchNormalization(momentum=0.8)", "Dense(2)"), (THEN, "BatchNormalization(momentum=0.8)", "Dense(2)")
    ),
    "moving averages that take epsilon in": both(
        (FIRST, "BatchNormalization(momentum=0.8)", "Dense(2)"),
        (THEN, "compat.BatchNormalization(momentum=0.8, form='theano')", "Dense(2)"),
    ),
    "moving averages under 1.1": both(
        (FIRST, "BatchNormalization(epsilon=1e-3)", "Dense(2)"), (THEN, "BatchNormalization()", "Dense(2)"),
        version="1.1.2",
    ),
    "moving averages over time": both(
        ("LSTM(3, return_sequences=True, SHAPE)", "BatchNormalization()"),
        (f"LSTM(3, return_sequences=True, {GATES})", "BatchNormalization()"), "(5, 4)",
    ),
    "averages behind a Dropout": both(
        (FIRST, "BatchNormalization()", "Dropout(0.5)", "Dense(2)"), (THEN, "BatchNormalization()", "Dropout(0.5)",
         "Dense(2)"),
    ),
    "noise of every kind": both(
        (FIRST, "Dropout(0.3)", "GaussianNoise(0.2)", "GaussianDropout(0.4)", "Dense(2)"),
        (THEN, "Dropout(0.3)", "GaussianNoise(0.2)", "GaussianDropout(0.4)", "Dense(2)"), version="1.0.8",
    ),
    "noise that 0.2 scaled when it predicted": Job(
        "model", 1, "from keras.models import Sequential\nfrom keras.layers.core import *\n"
        + stack("Dense(5, input_dim=4)", "Dropout(0.3)", "Dense(2)"), "model",
        NEW + stack("Input((4,))", "Dense(5)", "compat.Dropout(0.3)", "Dense(2)"), "model", "0.2.0",
    ),
    "a Dropout of whole channels": both(
        ("SpatialDropout1D(0.4, SHAPE)", "Flatten()", "Dense(2)"), ("SpatialDropout1D(0.4)", "Flatten()", "Dense(2)"),
        "(6, 4)",
    ),
    "a Dropout in each step, of which other numbers are drawn": both(
        ("TimeDistributed(Dropout(0.5), SHAPE)", "TimeDistributed(Dense(3))", "LSTM(2)"),
        ("TimeDistributed(Dropout(0.5))", "TimeDistributed(Dense(3))", f"LSTM(2, {GATES})"), "(6, 4)",
    ),
    "dropout in gates": both(
        ("LSTM(3, dropout_W=0.3, dropout_U=0.2, return_sequences=True, SHAPE)",
         "GRU(2, dropout_W=0.1, dropout_U=0.4, consume_less='gpu')"),
        (f"LSTM(3, dropout=0.3, recurrent_dropout=0.2, return_sequences=True, {GATES})",
         f"GRU(2, dropout=0.1, recurrent_dropout=0.4, reset_after=False, {GATES})"), "(6, 4)",
    ),
    "dropout of ids": job(
        stack("Embedding(9, 4, input_length=6, dropout=0.3)", "Flatten()", "Dense(2)"),
        stack("Input((6,))", "compat.Embedding(9, 4, dropout=0.3)", "Flatten()", "Dense(2)"),
    ),
    "a latent code that is drawn": job(
        "x = Input((4,))\nm = Dense(2)(x)\n"
        "z = Lambda(lambda t: t + .3 * K.random_normal((3, 2), mean=0., std=.5))(m)\nmodel = Model(x, Dense(4)(z))",
        "x = Input((4,))\nm = Dense(2)(x)\n"
        "z = Lambda(lambda t: t + .3 * keras.random.normal((3, 2), stddev=.5))(m)\nmodel = Model(x, Dense(4)(z))",
    ),
    "penalties of before 1.2 behind a Dropout": both(
        (FIRST, "Dropout(0.5)", "Dense(2, W_regularizer=l2(0.3))"),
        (THEN, "Dropout(0.5)", "Dense(2, kernel_regularizer=L2(0.3))"), version="1.1.2",
    ),
    "gates that clip": both(CLIPPED, ("Dense(5)", "Lambda(lambda x: 8 * x)", "Activation(hard_sigmoid)")),
    "penalties": both(
        ("Dense(5, W_regularizer=l2(0.3), b_regularizer=l1(0.1), activity_regularizer=activity_l2(0.2), SHAPE)",),
        ("Dense(5, kernel_regularizer=L2(0.3), bias_regularizer=L1(0.1), activity_regularizer=activity_l2(0.2))",),
    ),
    "constraints": both(
        ("Dense(5, W_constraint=maxnorm(0.5), b_constraint=nonneg(), SHAPE)", "Dense(3, W_constraint=unitnorm())"),
        ("Dense(5, kernel_constraint=MaxNorm(0.5), bias_constraint=NonNeg())",
         "Dense(3, kernel_constraint=UnitNorm())"),
    ),
    "constraints under 0.3": both(
        ("Dense(5, W_constraint=maxnorm(0.5), b_constraint=nonneg(), SHAPE)", "Dense(3, W_constraint=maxnorm(0.3))"),
        ("Dense(5, kernel_constraint=MaxNorm(0.5), bias_constraint=NonNeg())",
         "Dense(3, kernel_constraint=MaxNorm(0.3))"), version="0.3.3",
    ),
    "frozen": both(
        ("Dense(5, trainable=False, SHAPE)", "Dense(3)"), ("Dense(5, trainable=False)", "Dense(3)"),
    ),
    "several inputs and outputs, a merge, a model in the model": job(TWO_INPUTS_OLD, TWO_INPUTS_NEW),
    "leaky": both((FIRST, "LeakyReLU(0.1)", "Dense(2)"), (THEN, "LeakyReLU(negative_slope=0.1)", "Dense(2)")),
    "a dilated convolution": both(
        ("AtrousConvolution1D(4, 3, atrous_rate=2, SHAPE)", "Dense(2)"), ("Conv1D(4, 3, dilation_rate=2)", "Dense(2)"),
        "(9, 3)",
    ),
    "stateful": job(
        stack("GRU(4, stateful=True, batch_input_shape=(3, 5, 3))"),
        stack("Input(batch_shape=(3, 5, 3))", f"GRU(4, stateful=True, {GATES}, reset_after=False)"),
    ),
    "a phase that the program has set": job(
        "K.set_learning_phase(0)\n" + stack("Dense(5, input_dim=4)", "BatchNormalization()", "Dense(2)"),
        stack("Input((4,))", "Dense(5)", "BatchNormalization()", "Dense(2)"),
    ),
    "layers by their names, whatever the order": job(NAMED_OLD, NAMED_NEW),
    "a class of the program": job(
        "class Net(Sequential):\n    pass\nmodel = Net([Dense(5, input_dim=4), BatchNormalization()])",
        stack("Input((4,))", "Dense(5)", "BatchNormalization()"),
    ),
}  # fmt: skip

# A mutation that leaves outputs and penalty as they were: job, words of the reason, layer
DIFFERENT: dict[str, tuple[Job, str, str | None]] = {
    "a gate with another slope where it clips": (
        both(CLIPPED, (
            "Dense(5)", "Lambda(lambda x: 8 * x)",
            "Lambda(lambda x: ops.stop_gradient(hard_sigmoid(x) - 0.2 * x) + 0.2 * x)",
        )),
        "in a training step the weight kernel of dense_1 differs by",
        "dense_1",
    ),
    "another momentum": (
        both((FIRST, "BatchNormalization(momentum=0.8)"), (THEN, "BatchNormalization()")),
        "in a training step the weight moving_mean of batchnormalization_1 differs by",
        "batchnormalization_1",
    ),
    # Keras 1 took the moments of all steps, Keras 3 takes those that are not masked
    "averages that a mask bears on": (
        both(
            ("Masking(SHAPE)", "LSTM(3, return_sequences=True)", "BatchNormalization()"),
            ("Masking()", f"LSTM(3, return_sequences=True, {GATES})", "BatchNormalization()"), "(5, 4)",
        ),
        "in a training step the weight",
        "lstm_1",
    ),
    "a constraint lost": (
        both(("Dense(5, W_constraint=maxnorm(0.5), SHAPE)",), ("Dense(5)",)),
        "in a training step the weight kernel of dense_1 differs by",
        "dense_1",
    ),
    "a constraint along the other axis": (
        both(("Dense(5, W_constraint=maxnorm(0.5), SHAPE)",), ("Dense(5, kernel_constraint=MaxNorm(0.5, axis=1))",)),
        "in a training step the weight kernel of dense_1 differs by",
        "dense_1",
    ),
    # its kernel was (filters, inputs, length, 1), is (length, inputs, filters)
    "a constraint on the kernel of a convolution before 1.1": (
        both(
            ("Convolution1D(4, 3, W_constraint=maxnorm(0.5), SHAPE)",),
            ("Conv1D(4, 3, kernel_constraint=MaxNorm(0.5))",), "(9, 3)", "1.0.8",
        ),
        "in a training step the weight kernel of convolution1d_1 differs by",
        "convolution1d_1",
    ),
    "trained, not frozen": (
        both(("Dense(5, trainable=False, SHAPE)", "Dense(3)"), ("Dense(5)", "Dense(3)")),
        "in a training step the weight kernel of dense_1 differs by",
        "dense_1",
    ),
    "a gradient that one way does not get": (
        both(
            ("Bidirectional(GRU(3), SHAPE)", "Dense(2)"),
            (f"Bidirectional(GRU(3, {GATES}, reset_after=False))",
             "Lambda(lambda x: ops.concatenate([x[:, :3], ops.stop_gradient(x[:, 3:])], -1))", "Dense(2)"), "(5, 4)",
        ),
        "in a training step the weight backward kernel of bidirectional_1 differs by",
        "bidirectional_1",
    ),
    "a Dropout of another rate": (
        both((FIRST, "Dropout(0.4)", "Dense(2)"), (THEN, "Dropout(0.3)", "Dense(2)")),
        "in a training step the weight kernel of dense_",
        "dense_1",
    ),
    "noise of another deviation": (
        both((FIRST, "GaussianNoise(0.2)", "Dense(2)"), (THEN, "GaussianNoise(0.1)", "Dense(2)")),
        "in a training step the weight kernel of dense_",
        "dense_1",
    ),
    "a Dropout that was not there": (
        both((FIRST, "Dense(2)"), (THEN, "Dropout(0.5)", "Dense(2)")),
        "in a training step the weight kernel of dense_",
        "dense_1",
    ),
    "a factor that is another by one in ten million": (
        both(("Dense(5, W_regularizer=l2(0.3), SHAPE)",), ("Dense(5, kernel_regularizer=L2(0.30000003))",)),
        "regularisation adds",
        None,
    ),
    "an activity penalty of the mean": (
        both(
            ("Dense(5, activity_regularizer=activity_l2(0.2), SHAPE)",),
            ("Dense(5, activity_regularizer=activity_l2(0.2, batch_mean=True))",),
        ),
        "regularisation adds",
        None,
    ),
    "an activity penalty of the outputs without gradient": (
        both(
            ("Dense(5, activity_regularizer=activity_l2(0.2), SHAPE)",),
            ("Dense(5, activity_regularizer=lambda x: penalty(ops.stop_gradient(x)))",),
        )._replace(new=NEW + "penalty = activity_l2(0.2)\n" + stack(
            "Input((4,))", "Dense(5, activity_regularizer=lambda x: penalty(ops.stop_gradient(x)))"
        )),
        "in a training step the weight kernel of dense_1 differs by",
        "dense_1",
    ),
    "names that changed places": (
        job(NAMED_OLD, NAMED_NEW.replace("[a, b]", "[b, a]")),
        "only the order of the layers with weights differs: the outputs are equal where b of the new model has the",
        None,  # each of them gives what it gave
    ),
    "a name on another layer": (
        job(NAMED_OLD, NAMED_NEW.replace("Dense(3, name='a')", "Dense(3, use_bias=False, name='a')")),
        "the weights of a (Dense) have the shapes (4, 3), (3,), those of a (Dense) (4, 3)",
        "a",
    ),
}  # fmt: skip

FATAL = """
from keras.regularizers import Regularizer
import os
class Fatal(object):
    asked = 0
    def set_param(self, p): pass
    def set_layer(self, layer): pass
    def __call__(self, loss):
        Fatal.asked += 1
        if Fatal.asked > 1: END
        return loss
"""
PICKY = """
class Picky(Layer):
    def call(self, x, training=None):
        if training:
            raise ValueError("not today")
        return x
"""
# the outputs are equal and the step is not made: job, why not
NOT_COMPARED: dict[str, tuple[Job, str]] = {
    "nothing to train": (both(("Activation('tanh', SHAPE)",), ("Activation('tanh')",)), "has no weights to train"),
    "all frozen": (
        both(("Dense(5, trainable=False, SHAPE)",), ("Dense(5, trainable=False)",)),
        "has no weights to train",
    ),
    "numbers of classes": (
        both((FIRST, "Lambda(lambda x: K.argmax(x), output_shape=lambda s: s[:1])"),
             (THEN, "Lambda(lambda x: ops.argmax(x, axis=-1))")),
        "an output of the old model is no floating-point number, so it has no gradient",
    ),
    "no way back": (
        both((FIRST, "Lambda(lambda x: x > 0)", "Lambda(lambda x: x * 1.5)"),
             (THEN, "Lambda(lambda x: ops.cast(x > 0, 'float64') * 1.5)")),
        "no gradient reaches a weight of the old model",
    ),
    "penalties by chance of the program's own": (
        both(("Lambda(lambda x: K.in_train_phase(x + RandomStreams().normal(x.shape), x), SHAPE)",
              "Dense(5, activity_regularizer=activity_l2(0.2))"),
             ("Identity()", "Dense(5, activity_regularizer=activity_l2(0.2))"), version="1.1.2"),
        "what regularisation adds to the loss depends on chance",
    ),
    "penalties by the chance of each step": (
        both((FIRST, "RepeatVector(3)", "TimeDistributed(Dropout(0.3))", "ActivityRegularization(l2=0.2)"),
             (THEN, "RepeatVector(3)", "compat.TimeDistributed(Dropout(0.3))", "compat.ActivityRegularization(l2=0.2)"),
             version="1.1.2"),
        "what regularisation adds to the loss depends on chance",
    ),
    "the new model does not train": (
        both((FIRST, "Dense(2)"), (THEN, "Picky()", "Dense(2)"))._replace(
            new=NEW + PICKY + stack("Input((4,))", THEN, "Picky()", "Dense(2)")
        ),
        "the new model could not be trained: ValueError: ",
    ),
}  # fmt: skip
# how the old program ends in the step, and the words for it
ENDS = {
    "os.abort()": "the old program crashed (signal 6)",
    "os._exit(3)": "the old program ended its process (exit code 3)",
    "raise MemoryError": "the training step needs more memory than it may use",
}
ENDING = {
    end: job(
        FATAL.replace("END", end) + stack("Dense(5, W_regularizer=Fatal(), input_dim=4)"),
        stack("Input((4,))", "Dense(5)"), version="1.1.2",
    )
    for end in ENDS
}  # fmt: skip


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> Mapping[str, Proof]:
    jobs = {**EQUAL, **{name: case[0] for name, case in (DIFFERENT | NOT_COMPARED).items()}}
    jobs |= ENDING
    return dict(zip(jobs, prover.prove(list(jobs.values())), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUAL)
def test_equal_steps(proofs: Mapping[str, Proof], name: str) -> None:
    proof = proofs[name]
    assert (proof.status, proof.reason) == ("equal", None)
    assert proof.step is not None
    assert proof.step.loss < 1e-12
    assert proof.step.weights < 1e-12


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", DIFFERENT)
def test_different_steps(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words, layer) = proofs[name], DIFFERENT[name]
    assert proof.status == "different"
    assert words in str(proof.reason)
    assert proof.first_difference == layer


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", NOT_COMPARED)
def test_why_there_is_no_step(proofs: Mapping[str, Proof], name: str) -> None:
    proof, (_, words) = proofs[name], NOT_COMPARED[name]
    assert (proof.status, proof.step) == ("equal", None)
    assert str(proof.reason).startswith("step not compared: ")
    assert words in str(proof.reason)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_a_step_that_ends_all_leaves_the_proof_of_the_outputs(proofs: Mapping[str, Proof], end: str) -> None:
    proof = proofs[end]
    assert (proof.status, proof.step) == ("equal", None)
    assert proof.reason == f"step not compared: {ENDS[end]}"


# --- the comparison --------------------------------------------------------------------------------------------------

WEIGHTS = (np.array([[1.0, 2.0]]), np.array([3.0, 4.0]))
OUTPUT = LayerOutput("dense_1", "Dense", np.array([[1.0, 2.0]]))
RECORD = Record("keras 1.2.2 theano", 4, (LayerWeights("dense_1", "Dense", WEIGHTS),), (Run((), (OUTPUT,)),))
OLD_STEP = Trained(True, 2.0, (WEIGHTS,))
NEW_STEP = Trained(True, 2.0, (WEIGHTS,), (("kernel", "bias"),))
EQUAL_OUTPUTS = Proof("model", 1, "equal", outputs=Outputs(0.0, "float64"))


def compared(old: Trained | Untrained, new: Trained | Untrained) -> Proof:
    job = Job("model", 1, "", "model", "", "model", "1.2.2", finished=True)
    return proving.with_step(EQUAL_OUTPUTS, job, Ran(RECORD, old), Ran(RECORD, new))


def test_the_first_weight_that_differs_is_named() -> None:
    other = NEW_STEP._replace(loss=9.0, layers=((WEIGHTS[0], WEIGHTS[1] + [0, 1e-3]),))
    proof = compared(OLD_STEP, other)
    assert proof.status == "different"
    assert proof.reason == "the outputs are equal, but in a training step the weight bias of dense_1 differs by 1.0e-03"
    assert proof.first_difference == "dense_1"
    assert proof.step is not None
    assert (proof.step.loss, round(proof.step.weights, 9)) == (7.0, 1e-3)
    assert proof.outputs == EQUAL_OUTPUTS.outputs


def test_a_loss_that_differs_alone() -> None:
    proof = compared(OLD_STEP, NEW_STEP._replace(loss=2.0 + 1e-8))
    assert proof.status == "different"
    assert str(proof.reason).endswith("in a training step the loss differs by 1.0e-08")
    assert proof.first_difference is None


@pytest.mark.parametrize(("gap", "status"), [(3.9e-10, "equal"), (4.1e-10, "different")])
def test_the_tolerance_goes_with_the_scale_of_a_weight(gap: float, status: str) -> None:
    assert compared(OLD_STEP, NEW_STEP._replace(layers=((WEIGHTS[0], WEIGHTS[1] + [gap, 0]),))).status == status


def test_numbers_that_are_none_are_different() -> None:
    assert compared(OLD_STEP, NEW_STEP._replace(loss=np.nan)).status == "different"
    assert compared(OLD_STEP, NEW_STEP._replace(layers=((WEIGHTS[0] * np.nan, WEIGHTS[1]),))).status == "different"


@pytest.mark.parametrize(
    "new",
    [
        NEW_STEP._replace(layers=(), names=()),
        NEW_STEP._replace(layers=(WEIGHTS[:1],), names=(("kernel",),)),
        NEW_STEP._replace(layers=((WEIGHTS[1], WEIGHTS[0]),)),
    ],
)
def test_a_step_of_other_weights_is_never_equal_in_silence(new: Trained) -> None:
    proof = compared(OLD_STEP, new)
    assert proof.step is None
    assert str(proof.reason).startswith("step not compared: ")


@pytest.mark.parametrize("sides", [(Untrained("so"), NEW_STEP), (OLD_STEP, Untrained("so"))])
def test_a_side_without_a_step(sides: tuple[Trained | Untrained, Trained | Untrained]) -> None:
    proof = compared(*sides)
    assert (proof.status, proof.reason, proof.step) == ("equal", "step not compared: so", None)


def test_equal() -> None:
    assert compared(OLD_STEP, NEW_STEP) == EQUAL_OUTPUTS._replace(step=Step(0.0, 0.0))


# --- what crosses processes ------------------------------------------------------------------------------------------


def test_a_step_is_read_back(tmp_path: Path) -> None:
    steps.save(tmp_path, NEW_STEP)
    found = steps.load(tmp_path)
    assert isinstance(found, Trained)
    assert (found.training, found.loss, found.names) == (True, 2.0, NEW_STEP.names)
    for one, other in zip(found.layers[0], WEIGHTS, strict=True):
        np.testing.assert_array_equal(one, other)


def test_why_there_is_none_is_read_back(tmp_path: Path) -> None:
    assert steps.load(tmp_path) is None
    steps.save(tmp_path, Untrained("so"))
    assert str(steps.load(tmp_path)) == "so"


def test_masked_steps_count_nothing_and_targets_do_not_depend_on_outputs() -> None:
    value = np.arange(12.0).reshape(1, 4, 3)
    mask = np.array([[True, True, False, True]])
    (target,) = steps.targets(Run((), (LayerOutput("", "", value, mask),)))
    (other,) = steps.targets(Run((), (LayerOutput("", "", value + 1),)))
    assert target.counts.shape == value.shape
    assert target.counts[0].all(axis=1).tolist() == [True, True, False, True]
    assert other.counts.all()
    np.testing.assert_array_equal(target.values, other.values)


@pytest.mark.legacy
@pytest.mark.slow
def test_the_numbers_are_those_of_the_formula(prover: Prover, tmp_path: Path) -> None:
    """Of one linear layer, by hand: loss, and ``w - RATE * gradient`` with its penalty."""
    text = OLD + stack("Dense(2, W_regularizer=l2(0.3), input_dim=4)")
    ran = prover._legacy.run(Job("", 1, text, "model", "", "", "1.2.2"), tmp_path, Limits(60, 2**32))
    assert isinstance(ran, Ran)
    assert isinstance(ran.step, Trained)
    (run,) = ran.record.runs
    (target,) = steps.targets(run)
    kernel, bias = ran.record.layers[0].weights
    error = run.inputs[0] @ kernel + bias - target.values
    assert ran.step.training
    assert ran.step.loss == pytest.approx(np.mean(error**2) + 0.3 * np.sum(kernel**2), abs=1e-14)
    gradient = 2 / error.size * run.inputs[0].T @ error + 0.6 * kernel
    np.testing.assert_allclose(ran.step.layers[0][0], kernel - RATE * gradient, atol=1e-14)
    np.testing.assert_allclose(ran.step.layers[0][1], bias - RATE * 2 / error.size * error.sum(axis=0), atol=1e-14)
