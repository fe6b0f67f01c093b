"""Genuine Keras on TensorFlow: what Theano computes otherwise is proved by the whole tool, a training step included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tdmigrate.cli import main
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.legacy.install import KERAS, is_intact
from tdmigrate.verification.prover import Prover

pytestmark = [pytest.mark.legacy, pytest.mark.slow]

HEAD = """\
from keras.models import Sequential, Model
from keras.layers import *
from keras.layers.normalization import BatchNormalization
from keras import backend as K


"""
IMAGE = "input_shape=(9, 8, 3), dim_ordering='tf'"
FIRST = "input_shape=(3, 9, 8), dim_ordering='th'"
VOLUME = "input_shape=(5, 6, 7, 2), dim_ordering='tf'"
STEPS = "input_shape=(9, 3)"
SAME = "border_mode='same'"
THEN = f"Convolution2D(3, 2, 2, {SAME}, {IMAGE})"
IN_STEPS = f"Convolution1D(4, 2, {SAME}, {STEPS})"

LAST: Mapping[str, tuple[str, ...]] = {
    "odd": (f"Convolution2D(7, 3, 3, {SAME}, {IMAGE})",),
    "even": (f"Convolution2D(7, 2, 4, {SAME}, {IMAGE})",),
    "odd_strided": (f"Convolution2D(7, 3, 3, {SAME}, subsample=(2, 2), {IMAGE})",),
    "even_strided": (f"Convolution2D(7, 4, 2, {SAME}, subsample=(3, 2), {FIRST})",),
    "first": (f"Convolution2D(7, 3, 2, {SAME}, subsample=(2, 1), {FIRST})",),
    "atrous": (f"AtrousConvolution2D(4, 3, 2, atrous_rate=(2, 2), {SAME}, {IMAGE})",),
    "atrous_first": (f"AtrousConvolution2D(4, 2, 2, atrous_rate=(2, 2), {FIRST})",
                     f"Convolution2D(5, 2, 2, {SAME}, dim_ordering='th')"),
    "transposed": (f"Deconvolution2D(4, 3, 2, output_shape=(None, 18, 16, 4), subsample=(2, 2), {SAME}, {IMAGE})",),
    "transposed_first": (f"Deconvolution2D(4, 2, 2, output_shape=(None, 4, 18, 16), subsample=(2, 2), {SAME}, "
                         f"{FIRST})",),
    "separable": (f"SeparableConvolution2D(5, 3, 2, depth_multiplier=2, {IMAGE})",),
    "separable_strided": (f"SeparableConvolution2D(5, 2, 2, subsample=(2, 2), {SAME}, {IMAGE})",),
    "separable_first": (f"SeparableConvolution2D(5, 3, 2, depth_multiplier=2, {FIRST})",),
    "volume": (f"Convolution3D(3, 2, 3, 2, {SAME}, {VOLUME})",),
    "volume_strided": (f"Convolution3D(3, 3, 3, 3, {SAME}, subsample=(2, 2, 2), {VOLUME})",),
    "steps": (f"Convolution1D(4, 2, {SAME}, {STEPS})",),
    "steps_strided": (f"Convolution1D(4, 3, {SAME}, subsample_length=2, {STEPS})",),
    "atrous_steps": (f"AtrousConvolution1D(4, 2, atrous_rate=2, {SAME}, {STEPS})",),
    "largest": (THEN, f"MaxPooling2D((2, 2), strides=(1, 1), {SAME}, dim_ordering='tf')"),
    "largest_strided": (THEN, f"MaxPooling2D((3, 3), strides=(2, 2), {SAME}, dim_ordering='tf')"),
    "average": (THEN, f"AveragePooling2D((3, 2), strides=(1, 2), {SAME}, dim_ordering='tf')"),
    "average_first": (f"Convolution2D(5, 3, 3, {FIRST})",
                      f"AveragePooling2D((2, 2), strides=(3, 3), {SAME}, dim_ordering='th')"),
    "pooled_volume": (f"Convolution3D(3, 2, 2, 2, {VOLUME})",
                      f"MaxPooling3D((2, 3, 2), strides=(1, 2, 3), {SAME}, dim_ordering='tf')",
                      f"AveragePooling3D((2, 2, 2), {SAME}, dim_ordering='tf')"),
    "pooled_steps": (IN_STEPS, f"MaxPooling1D(3, stride=2, {SAME})", f"AveragePooling1D(2, stride=1, {SAME})"),
    "local": (THEN, "LocallyConnected2D(4, 3, 3, dim_ordering='tf')"),
    "local_steps": (IN_STEPS, "LocallyConnected1D(3, 2, subsample_length=2)"),
    "aside": (THEN, "UpSampling2D((2, 3), dim_ordering='tf')", "ZeroPadding2D((1, 2), dim_ordering='tf')",
              "Cropping2D(((1, 0), (0, 2)), dim_ordering='tf')", "Flatten()", "Dense(3, activation='softmax')"),
    "normalized": (THEN, "BatchNormalization()", "Flatten()", "Dense(2, W_regularizer='l2')"),
    "normalized_alone": (THEN, "BatchNormalization(mode=1)"),
    "normalized_anew": (THEN, "BatchNormalization(mode=2)"),
    "recurrent": (IN_STEPS, "Masking()", "LSTM(4, return_sequences=True)", "GRU(3)"),
    "recurrent_convolution": (f"ConvLSTM2D(3, 2, 3, {SAME}, return_sequences=True, input_shape=(4, 6, 5, 2), "
                              "dim_ordering='tf')",),
    "wrapped": (f"TimeDistributed(Convolution2D(4, 2, 2, {SAME}, dim_ordering='tf'), input_shape=(3, 6, 5, 2))",
                "TimeDistributed(Flatten())", "Bidirectional(LSTM(3))"),
    "corners": ("Dense(5, input_dim=4)", "SReLU(t_left_init='normal', a_left_init='normal')"),
}  # fmt: skip
EARLIER = ("odd", "even_strided", "first", "atrous", "volume", "steps_strided", "largest_strided", "average_first",
           "pooled_volume", "pooled_steps", "normalized")  # fmt: skip
EARLIEST = ("odd", "even_strided", "first", "steps_strided", "largest_strided", "average_first", "pooled_steps",
            "normalized")  # fmt: skip
NAMES = {"1.2": tuple(LAST), "1.1": (*EARLIER, "recurrent"), "1.0": EARLIER, "0.3": EARLIEST}
RELEASES = {"1.2": "1.2.2", "1.1": "1.1.2", "1.0": "1.0.8", "0.3": "0.3.3"}


def stack(name: str) -> str:
    lines = [f"def {name}():", "    model = Sequential()", *(f"    model.add({layer})" for layer in LAST[name])]
    return "\n".join([*lines, "    return model", "", ""])


def proved(folder: Path, program: str, capfd: pytest.CaptureFixture[str], *options: str) -> dict[str, dict[str, Any]]:
    """The proofs of one file, by the names of its models."""
    (folder / "models.py").write_text(program)
    with pytest.raises(SystemExit) as ended:
        main([str(folder), "--isolated", "--write", "--verify", "--output-format", "json", *options])
    (file,) = json.loads(capfd.readouterr().out)["files"]
    assert ended.value.code in (0, 1)
    return {proof["model"]: proof for proof in file["proofs"]}


@pytest.mark.parametrize("version", NAMES)
def test_it_is_equal_to_that_of_tensorflow(
    version: str, tmp_path: Path, legacy_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = HEAD + "\n".join(map(stack, NAMES[version]))
    options = ("--source-backend", "tensorflow", "--keras-version", version, "--legacy-path", str(legacy_path))
    proofs = proved(tmp_path, program, capfd, *options)
    assert list(proofs) == list(NAMES[version])
    for name, proof in proofs.items():
        assert proof["legacy"] == f"keras {RELEASES[version]} tensorflow", (name, proof)
        assert (proof["status"], proof["reason"]) == ("equal", None), (name, proof)
        assert proof["outputs"]["max_abs"] < 1e-12, (name, proof)
        assert max(proof["step"]["loss"], proof["step"]["weights"]) < 1e-12, (name, proof)
    assert is_intact(legacy_path, KERAS[RELEASES[version]])  # byte for byte as it was published


BY_TENSORFLOW = """
import tensorflow as tf


def early():
    model = Sequential()
    model.add(Dense(4, input_dim=3))
    model.add(Lambda(lambda x: tf.multiply(tf.exp(x), 2.0)))
    return model


def plain():
    model = Sequential()
    model.add(Dense(4, input_dim=3, activation='tanh'))
    return model
"""


def test_what_calls_tensorflow_runs_there_and_what_does_not_stays_on_theano(
    tmp_path: Path, legacy_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    proofs = proved(tmp_path, HEAD + BY_TENSORFLOW, capfd, "--keras-version", "1.2")
    told = {name: (proof["status"], proof["legacy"]) for name, proof in proofs.items()}
    assert told == {"early": ("equal", "keras 1.2.2 tensorflow"), "plain": ("equal", "keras 1.2.2 theano")}


OLD = "from keras.models import Sequential\nfrom keras.layers import *\nmodel = Sequential()\n"
NEW = (
    "import keras\nfrom keras.layers import *\nfrom tdmigrate.compat import activity_l2, hard_sigmoid\n"
    "model = keras.Sequential()\n"
)


def job(old: str, new: str, version: str, backend: str = "tensorflow") -> Job:
    return Job("model", 1, OLD + old, "model", NEW + new, "model", version, backend=backend)


def test_a_theano_convolution_is_not_taken_for_one_of_tensorflow(prover: Prover) -> None:
    old = "model.add(Convolution2D(5, 2, 2, border_mode='same', input_shape=(6, 5, 2), dim_ordering='tf'))"
    new = "model.add(Input((6, 5, 2)))\nmodel.add(Conv2D(5, 2, padding='same'))"
    there, here = prover.prove([job(old, new, "1.2.2"), job(old, new, "1.2.2", "theano")])
    assert (there.status, here.status) == ("equal", "different")


@pytest.mark.parametrize("new", ["strides=3", "padding='same'"])
def test_another_padding_is_caught(prover: Prover, new: str) -> None:
    old = f"model.add(MaxPooling2D((3, 3), strides=(3, 3), {SAME}, input_shape=(10, 8, 2), dim_ordering='tf'))"
    front = "model.add(Input((10, 8, 2)))\nmodel.add(ZeroPadding2D(((2, 0), (1, 0))))\n"
    (proof,) = prover.prove([job(old, f"{front}model.add(MaxPooling2D(3, {new}))", "1.2.2")])
    assert proof.status == "different"


def test_a_release_without_tensorflow_runs_on_theano(prover: Prover) -> None:
    program = (
        "from keras.models import Sequential\nfrom keras.layers.core import Dense\n"
        "model = Sequential()\nmodel.add(Dense(3, input_dim=4))"
    )
    new = NEW + "model.add(Input((4,)))\nmodel.add(Dense(3))"
    (proof,) = prover.prove([Job("model", 1, program, "model", new, "model", "0.2.0", backend="tensorflow")])
    assert (proof.status, proof.legacy) == ("equal", "keras 0.2.0 theano")


FREE = "model.add(LSTM(3, return_sequences=True, input_shape=(None, 4)))"  # 0.3 unrolled it on TensorFlow


def test_what_does_not_run_there_runs_on_theano(prover: Prover) -> None:
    new = "model.add(Input((None, 4)))\nmodel.add(LSTM(3, return_sequences=True, recurrent_activation=hard_sigmoid))"
    (proof,) = prover.prove([job(FREE, new, "0.3.3")])
    assert (proof.status, proof.legacy) == ("equal", "keras 0.3.3 theano")


def test_free_axes_are_filled_until_nothing_is_empty(prover: Prover) -> None:
    old = "model.add(MaxPooling2D((6, 6), input_shape=(None, None, 3), dim_ordering='tf'))\nmodel.add({})"
    new = "model.add(Input((None, None, 3)))\nmodel.add(MaxPooling2D(6))\nmodel.add({})"
    last = ("Convolution2D(2, 1, 1, dim_ordering='tf')", "Conv2D(2, 1)")
    (proof,) = prover.prove([job(old.format(last[0]), new.format(last[1]), "1.2.2")])
    assert proof.status == "equal", proof.reason


def test_an_empty_output_proves_nothing(prover: Prover) -> None:
    old = "from keras import backend as K\nmodel.add(Lambda(lambda x: x[:, 4:], output_shape=(0,), input_shape=(4,)))"
    new = "model.add(Input((4,)))\nmodel.add(Lambda(lambda x: x[:, 4:], output_shape=(0,)))"
    (proof,) = prover.prove([job(old, new, "1.2.2", "theano")])
    assert (proof.status, proof.reason) == (
        "unproved",
        "the old model could not be run: ValueError: lambda_1 gives an empty array of shape (3, 0)",
    )


BY_ITSELF = "import tensorflow as tf\nmodel.add(Dense(4, input_dim=4))\nmodel.add(Lambda(lambda x: {}))"
TOO_MUCH = {
    "another batch": (
        BY_ITSELF.format("tf.reshape(x, [7, 4])"),
        "the old model could not be run: ValueError: Input to reshape is a tensor with 12 values, but the requested "
        "shape has 28",
    ),
    "memory": (BY_ITSELF.format("tf.tile(x, [1, 10**10])"), "the old program needs more memory than 4.0 GB"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_why_it_cannot_run_is_said_in_one_line(prover: Prover, name: str) -> None:
    old, reason = TOO_MUCH[name]
    (proof,) = prover.prove([job(old, "model.add(Input((4,)))\nmodel.add(Dense(4))", "1.2.2")])
    assert (proof.status, proof.legacy, proof.reason) == ("unproved", "keras 1.2.2 tensorflow", reason)


TRAINED = {
    "penalties of the training phase": (
        "model.add(Dense(4, input_dim=3, W_regularizer='l2', activity_regularizer='activity_l2'))", "1.1.2",
    ),
    "constraints": ("model.add(Dense(4, input_dim=3, W_constraint='maxnorm'))\nmodel.add(Dropout(0.3))", "1.2.2"),
    "tables": (
        "model.add(Embedding(7, 4, mask_zero=True, input_length=6))\nmodel.add(LSTM(3, return_sequences=True))\n"
        "model.add(TimeDistributedDense(2))", "1.0.8",
    ),
    "averages": ("model.add(Dense(4, input_dim=3))\nmodel.add(BatchNormalization(momentum=0.8))", "1.1.2"),
}  # fmt: skip
TRAINED_NEW = {
    "penalties of the training phase":
        "model.add(Input((3,)))\nmodel.add(Dense(4, kernel_regularizer='l2', activity_regularizer=activity_l2(0.01)))",
    "constraints":
        "model.add(Input((3,)))\nmodel.add(Dense(4, kernel_constraint=keras.constraints.MaxNorm(2)))\n"
        "model.add(Dropout(0.3))",
    "tables":
        "model.add(Input((6,), dtype='int32'))\nmodel.add(Embedding(7, 4, mask_zero=True))\n"
        "model.add(LSTM(3, return_sequences=True, recurrent_activation=hard_sigmoid))\nmodel.add(Dense(2))",
    "averages":
        "model.add(Input((3,)))\nmodel.add(Dense(4))\nmodel.add(BatchNormalization(momentum=0.8, epsilon=1e-5))",
}  # fmt: skip


def test_its_training_step_is_that_of_theano(prover: Prover) -> None:
    jobs = [
        job(old, TRAINED_NEW[name], version, backend)
        for name, (old, version) in TRAINED.items()
        for backend in ("tensorflow", "theano")
    ]
    for asked, proof in zip(jobs, prover.prove(jobs), strict=True):
        assert (proof.status, proof.reason) == ("equal", None), (asked.old, proof)
        assert proof.legacy == f"keras {asked.version} {asked.backend}"
        assert proof.step is not None
        assert max(proof.step[:2]) < 1e-12
