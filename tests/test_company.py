"""Every layer that is migrated, with every argument that can change its outputs or its loss, through the whole tool.

Calls that are rewritten are proved: genuine Keras on the old text, Keras 3 on the new one. Calls that keep something
for a person say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tdmigrate.config import Settings
from tdmigrate.findings import Applicability, Severity
from tdmigrate.keras1 import registry
from tdmigrate.keras1.versions import RELEASES, parse
from tdmigrate.results import Proof
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification import verify
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import prove

FIRST, OLD, EARLY, LATE, LAST = "0.2.0", "0.3.3", "1.0.8", "1.1.2", "1.2.2"  # the releases that genuine Keras runs as
VECTOR, SEQUENCE, FIXED = "input_shape=(6,)", "input_shape=(None, 3)", "input_shape=(5, 3)"


class Program(NamedTuple):
    """One program: models of one chain of layers each."""

    name: str
    version: str
    chains: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def text(self) -> str:
        """As a source of its time. Several models are one with as many inputs and outputs, so that they run at once."""
        names = sorted(set(re.findall(r"\b(\w+)\(", " ".join(call for chain in self.chains for call in chain))))
        homes = [(_home(name, self.version), name) for name in names]
        lines = [f"from {home} import {name}" for home, name in homes if home is not None]
        lines += ["from keras.models import Sequential"]
        if len(self.chains) > 1:
            lines += ["from keras.models import Model"]
        parts = ["model"] if len(self.chains) == 1 else [f"part_{index}" for index in range(len(self.chains))]
        for part, chain in zip(parts, self.chains, strict=True):
            lines += ["", f"{part} = Sequential()", *(f"{part}.add({call})" for call in chain)]
        if len(parts) > 1:
            inputs, outputs = (", ".join(f"{part}.{side}[0]" for part in parts) for side in ("inputs", "outputs"))
            lines += ["", f"model = Model(input=[{inputs}], output=[{outputs}])"]
        return "\n".join([*lines, ""])


def _home(name: str, version: str) -> str | None:
    """The first module that had a name at a release; None: it is none of Keras's."""
    for entry in registry.all_entries():
        for path, versions in entry.paths.items():
            module, _, last = path.rpartition(".")
            span = parse(versions)
            if last == name and span.lo <= RELEASES.index(version) <= span.hi:
                return module
    return None


class Migrated(NamedTuple):
    text: str
    left: tuple[str, ...]  # "K205: message" of what a person has to do
    notes: tuple[str, ...]
    again: tuple[str, ...]  # codes that a second run would fix


def migrate(text: str, version: str | None, style: str = "faithful", backend: str | None = None) -> Migrated:
    settings = CheckSettings(keras_version=version, style=style, source_backend=backend)
    findings = check(Module(text), settings).findings
    fixes = [one.fix for one in findings if one.fix is not None and one.fix.applicability is Applicability.SAFE]
    kept = [one for one in findings if one.fix is None or one.fix.applicability is not Applicability.SAFE]
    new = apply(text, fixes)
    return Migrated(
        new,
        tuple(f"{one.code}: {one.message}" for one in kept if one.severity is not Severity.NOTE),
        tuple(f"{one.code}: {one.message}" for one in kept if one.severity is Severity.NOTE),
        tuple(one.code for one in check(Module(new), settings).findings if one.fix is not None),
    )


# --- calls that are the same afterwards ----------------------------------------------------------------------------

INITIALIZERS = ("uniform", "normal", "lecun_uniform", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal")
ACTIVATIONS = ("softmax", "softplus", "relu", "tanh", "sigmoid", "hard_sigmoid", "linear")
PENALTIES = ("'l1'", "'l2'", "'l1l2'", "l1(0.02)", "l2(l=0.03)", "l1l2()", "l1l2(0.1)", "WeightRegularizer(l1=0.1)")
ACTIVITY = (
    "'activity_l1'", "'activity_l2'", "'activity_l1l2'", "activity_l1(0.02)", "activity_l2()", "activity_l1l2(l2=0.2)",
    "ActivityRegularizer(l1=0.1)", "None",
)  # fmt: skip
CONSTRAINTS = (
    "'maxnorm'", "'nonneg'", "'unitnorm'", "maxnorm()", "maxnorm(m=0.5)", "maxnorm(0.5, axis=1)", "nonneg()",
    "unitnorm(axis=1)", "MaxNorm(0.3)", "NonNeg()", "UnitNorm()",
)  # fmt: skip
# of kernels whose axes may stand otherwise now; they bite
KERNEL_CONSTRAINTS = (
    "'maxnorm'", "'unitnorm'", "'nonneg'", "maxnorm(0.1)", "maxnorm(m=0.1, axis=[1, 2, 3])", "MaxNorm(0.1, axis=1)",
    "unitnorm(axis=-1)", "UnitNorm((0, 2))", "nonneg()", "None",
)  # fmt: skip
GATED = ("LSTM", "GRU")
RECURRENT = ("SimpleRNN", *GATED)


def each(pattern: str, values: Iterable[str]) -> list[str]:
    return [pattern.format(value) for value in values]


def dense() -> list[Any]:
    return [
        *each("Dense(4, init='{}', " + VECTOR + ")", (*INITIALIZERS, "orthogonal", "zero", "one")),
        f"Dense(6, init='identity', {VECTOR})",
        *each("Dense(4, activation='{}', " + VECTOR + ")", ACTIVATIONS),
        *[(f"Dense(4, {VECTOR})", call) for call in each("Activation('{}')", ACTIVATIONS)],
        "Dense(4, 'normal', 'tanh', input_dim=6)",
        "Dense(output_dim=4, input_dim=6)",
        "Dense(4, batch_input_shape=(None, 6), name='named', trainable=False)",
        (f"Dense(4, {VECTOR})", "Dropout(0.5)", "Dropout(p=0.1)", "Dense(3)"),
        f"Dropout(0.5, {VECTOR})",
        *each("Dense(4, W_constraint={}, " + VECTOR + ")", CONSTRAINTS),
        *each("Dense(4, b_constraint={}, " + VECTOR + ")", ("'maxnorm'", "nonneg()")),
    ]


def shapes() -> list[Any]:
    return [
        "Reshape((3, 2), input_shape=(6,))", "Permute((2, 1), input_shape=(4, 5))",
        "Permute(dims=(3, 1, 2), input_shape=(4, 5, 2))", "Flatten(input_shape=(4, 5))",
        "Flatten(input_shape=(4, 5, 2))", "RepeatVector(4, input_shape=(5,))", "RepeatVector(n=4, input_shape=(5,))",
        (f"Dense(4, {VECTOR})", "Lambda(lambda x: x * 2)"),
        (f"Dense(4, {VECTOR})", "Lambda(lambda x: x[:, :2], output_shape=(2,))"),
        (f"Dense(4, {VECTOR})", "Lambda(lambda x, k: x * k, arguments={'k': 3})"),
    ]  # fmt: skip


def penalties(version: str) -> list[Any]:
    weights = each("Dense(4, W_regularizer={}, " + VECTOR + ")", PENALTIES)
    activity = ACTIVITY if version < "1.2" else (*ACTIVITY, "'l2'", "'l1l2'", "l1(0.02)", "l1l2()", "l2(l=0.3)")
    return [
        *weights,
        f"Dense(4, b_regularizer=l2(0.1), {VECTOR})",
        *each("Dense(4, activity_regularizer={}, " + VECTOR + ")", activity),
    ]


def recurrent(version: str) -> list[Any]:
    rows: list[Any] = []
    for name in RECURRENT:
        rows += [
            f"{name}(4, input_dim=3, input_length=5)",
            f"{name}(4, 'normal', 'orthogonal', W_regularizer=l2(0.1), {FIXED})",
        ]
        if name in GATED:
            rows += [f"{name}(4, inner_activation='sigmoid', U_regularizer='l1', b_regularizer='l2', {FIXED})"]
        if version >= "1":
            rows += [f"{name}(4, unroll=True, consume_less='mem', input_shape=(2, 3))"]
            rows += [f"{name}(4, W_regularizer='l2', U_regularizer='l1', consume_less='gpu', {FIXED})"]
    return rows


def lengths() -> list[Any]:
    """Recurrent layers over a free time axis."""
    return [
        *each("{}(4, " + SEQUENCE + ")", GATED),
        "GRU(4, return_sequences=True, input_dim=3)",
        f"SimpleRNN(output_dim=4, go_backwards=True, return_sequences=True, {SEQUENCE})",
    ]


def spellings() -> list[Any]:
    """Recurrent layers: what does not depend on the release."""
    functions = ("relu", "sigmoid", "linear", "softsign", "softplus", "hard_sigmoid")
    return [
        *each("{}(output_dim=4, go_backwards=True, return_sequences=True, " + FIXED + ")", RECURRENT),
        *each("{}(4, dropout_W=0.2, dropout_U=0.3, " + FIXED + ")", RECURRENT),
        *each("SimpleRNN(4, activation='{}', " + FIXED + ")", functions),
        *each("LSTM(4, activation='{}', " + FIXED + ")", functions),
        *each("GRU(4, inner_activation='{}', " + FIXED + ")", functions),
        *each("GRU(4, inner_init='{}', " + FIXED + ")", ("uniform", "he_normal", "orthogonal", "identity", "zero")),
        *each("LSTM(4, forget_bias_init='{}', " + FIXED + ")", ("one", "zero")),
        f"LSTM(4, 'normal', 'orthogonal', 'one', 'relu', 'sigmoid', l2(0.1), None, 'l1', 0.1, 0.2, {FIXED})",
        f"GRU(4, 'normal', 'orthogonal', 'relu', 'sigmoid', l2(0.1), None, 'l1', 0.1, 0.2, {FIXED})",
        f"SimpleRNN(4, 'normal', 'orthogonal', 'relu', l2(0.1), None, 'l1', 0.1, 0.2, {FIXED})",
    ]


NORMALIZED = "BatchNormalization(1e-4, momentum=0.8, gamma_init='uniform')"


def masked() -> list[Any]:
    return [
        (f"Masking({SEQUENCE})", "LSTM(4, return_sequences=True)", "Dropout(0.2)", "Activation('tanh')", "GRU(3)"),
        (f"Masking(mask_value=0., {SEQUENCE})", "SimpleRNN(4)"),
        (f"Masking(0, {SEQUENCE})", "TimeDistributedDense(4)"),
        (f"Masking({SEQUENCE})", "LSTM(4, go_backwards=True, return_sequences=True)"),
        ("Embedding(10, 4, mask_zero=True)", "LSTM(3)"),
        ("Embedding(10, 4, mask_zero=True, input_length=5)", "GRU(3)"),
        (f"Masking({SEQUENCE})", "BatchNormalization()", "LSTM(3)"),
        (f"Masking({FIXED})", "BatchNormalization(mode=0, axis=1)", "GRU(4, return_sequences=True)", NORMALIZED),
        ("Embedding(10, 4, mask_zero=True, input_length=5)", "BatchNormalization()", NORMALIZED, "LSTM(3)"),
    ]


def embeddings() -> list[Any]:
    return [
        ("Embedding(10, 4)", "LSTM(3)"),
        ("Embedding(10, 4, input_length=5, dropout=0.)", "Flatten()", "Dense(2)"),
        "Embedding(input_dim=10, output_dim=4, init='glorot_uniform', W_regularizer='l2', W_constraint='nonneg')",
        "Embedding(10, 4, activity_regularizer=activity_l2(0.1))",
    ]


def stateful() -> list[Any]:
    return [
        (f"{name}(4, stateful=True, return_sequences=True, batch_input_shape=(3, 5, 3))", "LSTM(2, stateful=True)")
        for name in RECURRENT
    ]


def wrapped() -> list[Any]:
    bidirectional = [
        *each("Bidirectional(LSTM(4, return_sequences=True), merge_mode={}, " + SEQUENCE + ")", ("'concat'", "'ave'")),
        *each("Bidirectional(GRU(4), {}, " + SEQUENCE + ")", ("'sum'", "'mul'")),
        f"Bidirectional(SimpleRNN(4, activation='relu'), {FIXED})",
        f"Bidirectional(LSTM(4, consume_less='gpu', W_regularizer='l2'), {SEQUENCE})",
    ]
    vectors = ("Dense(4, activation='tanh')", "RepeatVector(2)", "Activation('softmax')", "Dropout(0.5)")
    sequences = (
        "Flatten()", "Convolution1D(4, 3)", "LSTM(4)", "GRU(4, return_sequences=True)", "Bidirectional(LSTM(4))",
        "TimeDistributed(Dense(2))", "MaxPooling1D(2)", "Permute((2, 1))", "Reshape((3, 6))",
        "Dense(2, activity_regularizer=activity_l2(0.1))",
    )  # fmt: skip
    return [
        *bidirectional,
        *each("TimeDistributed({}, " + SEQUENCE + ")", vectors),
        *each("TimeDistributed({}, " + FIXED + ")", vectors),
        *each("TimeDistributed({}, input_shape=(5, 6, 3))", sequences),
        *each("TimeDistributed({}, input_shape=(None, 6, 3))", (one for one in sequences if "TimeD" not in one)),
        "TimeDistributed(Dense(4, W_regularizer='l2', activity_regularizer=activity_l2(0.1)), input_shape=(5, 3))",
        *each("TimeDistributed(BatchNormalization({}), " + FIXED + ")", ("mode=1", "mode=2", "momentum=1.0")),
        "TimeDistributed(Dense(4), batch_input_shape=(3, 5, 6))",
        "TimeDistributed(Lambda(lambda x: x * 2), input_shape=(5, 6))",
    ]


def normalized(version: str) -> list[Any]:
    rows: list[Any] = [
        f"BatchNormalization({VECTOR})",
        f"BatchNormalization(epsilon=1e-4, momentum=0.8, mode=0, {VECTOR})",
        "BatchNormalization(0.01, axis=1, input_shape=(5, 6))",
        f"BatchNormalization(1e-5, 0, -1, 0.9, beta_init='one', gamma_init='uniform', {VECTOR})",
        (f"Masking({FIXED})", "BatchNormalization()", "LSTM(3)"),
    ]
    if version >= "1.1":
        rows += [f"BatchNormalization(gamma_regularizer=l2(0.1), beta_regularizer='l1', {VECTOR})"]
    return rows


def convolved(version: str) -> list[Any]:
    image = "input_shape=(9, 3)"
    rows = [
        "Convolution1D(nb_filter=4, filter_length=3, input_dim=3, input_length=9)",
        f"Convolution1D(4, 2, 'normal', 'relu', subsample_length=2, {image})",
        "Convolution1D(4, 3, input_dim=3, border_mode='same')",
        f"Convolution1D(4, 3, activation='hard_sigmoid', W_regularizer=l2(0.1), b_regularizer='l1', {image})",
        f"Convolution1D(4, 3, activity_regularizer=activity_l2(0.1), {image})",
        *each("Convolution1D(4, 3, W_constraint={}, " + image + ")", KERNEL_CONSTRAINTS),
        f"Convolution1D(4, 3, W_constraint=maxnorm(0.1, axis=3), b_constraint=maxnorm(0.1), {image})",
    ]
    for name in ("MaxPooling1D", "AveragePooling1D"):
        rows += each(name + "({}, " + image + ")", ("3", "2, 1", "pool_length=2, stride=3, border_mode='valid'"))
        rows += [f"{name}({image})"]
    if version >= "1":
        rows += [f"Convolution1D(4, 3, bias=False, {image})"]
    if version >= "1.1":
        rows += [f"AtrousConvolution1D(4, 3, atrous_rate=2, {image})", f"GlobalMaxPooling1D({image})"]
        rows += [f"GlobalAveragePooling1D({image})"]
    return rows


def over_images(version: str) -> list[Any]:
    """Layers over images and volumes, with their channels first and last."""
    return [row for ordering in ("th", "tf") for row in in_ordering(ordering, version)]


def in_ordering(ordering: str, version: str) -> list[Any]:
    image = told(ordering, 3, (7, 8))
    volume = told(ordering, 2, (5, 6, 5))
    rows: list[Any] = [
        f"Convolution2D(4, 3, 2, 'normal', 'relu', None, 'valid', (2, 1), {image})",
        f"Convolution2D(nb_filter=4, nb_row=3, nb_col=3, border_mode='same', W_regularizer=l2(0.1), {image})",
        f"MaxPooling2D((3, 2), (1, 2), 'valid', {image})", f"MaxPooling2D({image})",
        f"AveragePooling2D(strides=(2, 1), {image})", f"ZeroPadding2D((1, 2), {image})",
        f"UpSampling2D(size=(2, 3), {image})",
        f"Convolution3D(4, 2, 3, 1, subsample=(1, 2, 2), {volume})",
        f"Convolution3D(nb_filter=2, kernel_dim1=3, kernel_dim2=3, kernel_dim3=1, border_mode='same', {volume})",
        f"MaxPooling3D({volume})", f"AveragePooling3D(pool_size=(2, 2, 1), strides=(1, 2, 2), {volume})",
        f"ZeroPadding3D((1, 0, 2), {volume})", f"UpSampling3D(size=(1, 2, 2), {volume})",
        (f"Convolution2D(4, 3, 3, {image})", f"MaxPooling2D(dim_ordering='{ordering}')", "Flatten()", "Dense(3)"),
    ]  # fmt: skip
    rows += each("Convolution2D(4, 3, 2, W_constraint={}, " + image + ")", KERNEL_CONSTRAINTS)
    rows += each("Convolution3D(4, 2, 3, 1, W_constraint={}, " + volume + ")", ("'unitnorm'", "maxnorm(0.1, axis=1)"))
    if version >= "1":
        rows += [
            f"AtrousConvolution2D(4, 2, 3, W_constraint=maxnorm(0.1), {image})",
            f"Convolution2D(4, 3, 3, bias=False, activity_regularizer=activity_l2(0.1), {image})",
            f"SpatialDropout2D(0.3, {image})", f"SpatialDropout3D(p=0.3, {volume})",
            f"Cropping2D(((1, 2), (0, 1)), {image})", f"Cropping3D(cropping=((1, 1), (2, 1), (1, 0)), {volume})",
            f"AtrousConvolution2D(4, 2, 2, atrous_rate=(2, 2), {image})",
        ]  # fmt: skip
    if version >= ("1.2" if ordering == "tf" else "1"):  # before 1.2 Theano took the channels of 'tf' for a length
        even, odd = (told(ordering, 3, lengths) for lengths in ((6, 5), (5, 5)))
        rows += [
            f"Deconvolution2D(4, 3, 3, {output(ordering, 4, (13, 11))}, subsample=(2, 2), bias=False, {even})",
            f"Deconvolution2D(4, 3, 3, {output(ordering, 4, (12, 12))}, 'normal', 'tanh', subsample=(2, 2), {odd})",
            f"Deconvolution2D(4, 3, 3, {output(ordering, 4, (6, 5))}, border_mode='same', {even})",
            f"Deconvolution2D(4, 3, 3, {output(ordering, 4, (8, 7))}, W_constraint='unitnorm', {even})",
            f"Deconvolution2D(4, 3, 3, {output(ordering, 4, (8, 7))}, W_constraint=maxnorm(0.1, [-1, 1]), {even})",
        ]
    if version >= "1.1.1":
        rows += each("Global{}Pooling2D(" + image + ")", ("Max", "Average"))
        rows += each("Global{}Pooling3D(" + volume + ")", ("Max", "Average"))
        rows += each("ZeroPadding2D({}, " + image + ")", ("(1, 2, 3, 4)", "{'top_pad': 1, 'right_pad': 2}"))
        rows += each("ZeroPadding1D({}, input_shape=(4, 3))", ("(1, 2)", "{'left_pad': 1}"))
    return rows


def told(ordering: str, channels: int, lengths: tuple[int, ...]) -> str:
    shape = (channels, *lengths) if ordering == "th" else (*lengths, channels)
    return f"dim_ordering='{ordering}', input_shape={shape}"


def over_time(version: str) -> list[Any]:
    """Images in sequences."""
    rows: list[Any] = []
    for shape in ("dim_ordering='th', input_shape=(3, 2, 5, 6)", "dim_ordering='tf', input_shape=(3, 5, 6, 2)"):
        rows += [
            f"ConvLSTM2D(4, 3, 3, return_sequences=True, border_mode='same', {shape})",
            f"ConvLSTM2D(nb_filter=3, nb_row=3, nb_col=1, subsample=(2, 2), go_backwards=True, {shape})",
            f"ConvLSTM2D(3, 1, 3, 'normal', 'orthogonal', 'zero', 'relu', 'sigmoid', dropout_U=0.2, {shape})",
            f"ConvLSTM2D(3, 3, 3, W_regularizer='l2', U_regularizer='l1', b_regularizer=l2(0.2), {shape})",
        ]
    inner = ("Convolution2D(3, 3, 3)", "MaxPooling2D()", "Flatten()", "ZeroPadding2D()", "UpSampling2D((1, 2))")
    return [*rows, *each("TimeDistributed({}, input_shape=(3, 5, 6, 2))", inner)]


def output(ordering: str, channels: int, lengths: tuple[int, ...]) -> str:
    """An output shape, its batch size free."""
    return str((None, channels, *lengths) if ordering == "th" else (None, *lengths, channels))


def by_default(version: str) -> list[Any]:
    """The same where nothing tells the ordering: first before 1.1, last from then on."""
    image = told("th" if version < "1.1" else "tf", 3, (7, 8)).partition(", ")[2]
    return [
        (f"Convolution2D(4, 3, 3, {image})", "MaxPooling2D()", "UpSampling2D()", "Flatten()", "Dense(3)"),
        (f"ZeroPadding2D({image})", "AveragePooling2D((2, 3))", "Flatten()"),
        *([(f"MaxPooling2D({image})", "Deconvolution2D(2, 3, 3, (None, 5, 6, 2))")] if version >= "1.2" else []),
    ]


def time_distributed(version: str) -> list[Any]:
    rows: list[Any] = [
        "TimeDistributedDense(4, input_dim=3, input_length=5)",
        f"TimeDistributedDense(output_dim=4, init='normal', activation='softmax', {FIXED})",
        f"TimeDistributedDense(4, W_regularizer=l2(0.1), b_regularizer=l1(0.1), W_constraint=maxnorm(1), {FIXED})",
        f"TimeDistributedDense(4, activity_regularizer=activity_l2(0.1), b_constraint=nonneg(), {FIXED})",
        "TimeDistributedDense(4, activation='hard_sigmoid', batch_input_shape=(3, 5, 3))",
    ]
    if version < "1.2":  # from there on, Theano has to know the length
        rows += [f"TimeDistributedDense(4, {SEQUENCE})", "TimeDistributedDense(4, input_dim=3)"]
    if version < "1":
        rows += [(f"LSTM(4, return_sequences=True, {SEQUENCE})", f"TimeDistributedMerge({mode})")
                 for mode in ("", "mode='sum'", "'ave'", "mode='mul'")]  # fmt: skip
    else:
        rows += [f"TimeDistributedDense(4, bias=False, {FIXED})"]
    return rows


def others() -> list[Any]:
    return [
        *each("{}, input_shape=(4, 3))", ("UpSampling1D(2", "UpSampling1D(length=3", "ZeroPadding1D(2")),
        "Cropping1D((1, 2), input_shape=(7, 3))",
        *each(
            "{}, input_shape=(4,))",
            (
                "GaussianNoise(0.1", "GaussianDropout(p=0.1", "PReLU(init='one'", "ELU(0.5", "LeakyReLU(0.2",
                "ThresholdedReLU(theta=0.3", "LeakyReLU(alpha=0.1",
            ),
        ),
        "ThresholdedReLU(input_shape=(4,))", "LeakyReLU(input_shape=(4,))",
    ]  # fmt: skip


def remembered(version: str) -> list[Any]:
    """Layers that Keras 3 lacks, and those that are another function there."""
    rows: list[Any] = [
        f"MaxoutDense(4, {VECTOR})",
        f"MaxoutDense(3, 2, 'normal', W_regularizer=l2(0.1), b_regularizer='l1', {VECTOR})",
        f"MaxoutDense(output_dim=3, W_constraint=maxnorm(1), activity_regularizer=activity_l2(0.1), {VECTOR})",
        f"Highway({VECTOR})",
        f"Highway('uniform', activation='hard_sigmoid', W_regularizer='l2', b_constraint=nonneg(), {VECTOR})",
        f"ParametricSoftplus({VECTOR})",
        "ParametricSoftplus(0.3, beta_init=2, input_shape=(4, 3))",
        f"ActivityRegularization(l1=0.1, l2=0.2, {VECTOR})",
        f"BatchNormalization(mode=1, {VECTOR})",
        f"BatchNormalization(1e-3, 1, beta_init='one', {VECTOR})",
    ]
    if version < "1":
        rows += [f"BatchNormalization({VECTOR})", "BatchNormalization(axis=1, input_shape=(3, 4))"]
        if version == "0.3.3":
            rows += ["Embedding(10, 4, dropout=0.3)", (f"Masking({FIXED})", "MaskedLambda(lambda x: x * 2)", "LSTM(3)")]
        return rows
    rows += [
        f"MaxoutDense(4, bias=False, {VECTOR})",
        f"Highway(bias=False, {VECTOR})",
        f"BatchNormalization(mode=2, {VECTOR})",
        "BatchNormalization(mode=2, axis=1, input_shape=(5, 3))",
        ("Dense(4, input_dim=3)", "BatchNormalization(trainable=False)", "Dense(2)"),
        "Embedding(10, 4, dropout=0.3, input_length=5)",
        ("Embedding(10, 4, dropout=0.3, mask_zero=True, W_constraint='nonneg')", "LSTM(3)"),
        "LocallyConnected1D(4, 3, input_shape=(9, 3))",
        "LocallyConnected1D(4, 2, subsample_length=3, activation='tanh', W_regularizer='l2', input_shape=(8, 3))",
        "LocallyConnected1D(4, 2, bias=False, input_dim=3, input_length=6)",
    ]
    if version >= "1.2":
        rows += ["ParametricSoftplus(shared_axes=[1], input_shape=(4, 3))"]
    return rows


def remembered_longest() -> list[Any]:
    """Of Keras 0.2, whose layers were other functions in part."""
    sequence = "input_shape=(None, 3)"
    return [
        (f"Dense(4, {VECTOR})", "Dropout(0.3)", "Dense(3)", "Dropout(p=0)"),
        f"BatchNormalization({VECTOR})",
        "BatchNormalization(mode=1, epsilon=1e-3, input_shape=(4,))",
        "BatchNormalization(momentum=0.8, input_shape=(3, 4))",
        "LRN2D(alpha=0.3, n=3, input_shape=(4, 3, 2))",
        f"ThresholdedLinear(0.3, {VECTOR})",
        f"MaxoutDense(4, nb_feature=3, {VECTOR})",
        *[f"{name}(4, return_sequences=True, {sequence})" for name in ("JZS1", "JZS2", "JZS3", "SimpleDeepRNN")],
        (f"Masking({sequence})", "JZS2(3, inner_activation='hard_sigmoid')"),
        (f"Masking({sequence})", "SimpleDeepRNN(3, depth=2, return_sequences=True)", "JZS1(3)"),
        "WordContextProduct(10, 4, input_shape=(2,))",
        "Convolution1D(4, 3, W_constraint=maxnorm(0.1), input_shape=(9, 3))",
        "Convolution2D(4, 3, 2, W_constraint=MaxNorm(0.1), input_shape=(3, 7, 8))",
    ]


def programs() -> list[Program]:
    families: list[tuple[str, tuple[str, ...], Any]] = [
        ("dense", (LAST,), dense),
        ("shapes", (LAST,), shapes),
        ("penalties", (LATE, LAST), penalties),
        ("recurrent", (LATE, LAST), recurrent),
        ("lengths", (EARLY, LAST), lengths),
        ("spellings", (LAST,), spellings),
        ("masked", (EARLY, LATE), masked),
        ("embeddings", (EARLY, LAST), embeddings),
        ("stateful", (LAST,), stateful),
        ("wrapped", (LAST,), wrapped),
        ("normalized", (EARLY, LATE, LAST), normalized),
        ("convolved", (EARLY, LATE, LAST), convolved),
        ("over_images", (EARLY, LATE, LAST), over_images),
        ("by_default", (EARLY, LATE, LAST), by_default),
        ("over_time", (LATE, LAST), over_time),
        ("time_distributed", (EARLY, LATE, LAST), time_distributed),
        ("others", (LAST,), others),
        ("remembered", (EARLY, LATE, LAST), remembered),
    ]
    found = []
    for name, versions, rows in families:
        for version in versions:
            made = rows(version) if rows.__code__.co_argcount else rows()
            found.append(Program(name, version, tuple((row,) if isinstance(row, str) else row for row in made)))
    return found + [  # 0.x has no functional API: one model, one program
        Program(f"{name}_{index}", version, ((row,) if isinstance(row, str) else row,))
        for version, families_of in ((OLD, OLDEST), (FIRST, {"remembered": remembered_longest()}))
        for name, rows in families_of.items()
        for index, row in enumerate(rows)
    ]


OLDEST: dict[str, list[Any]] = {
    "dense": [
        ("Dense(6, 'normal', 'hard_sigmoid', input_dim=6)", "Dense(4, init='zero', W_constraint=maxnorm(1))"),
        (f"Dense(4, W_regularizer=l1l2(0.1), b_regularizer='l2', {VECTOR})", "Dropout(0.5)", "Activation('softmax')"),
        f"Dense(4, activity_regularizer='activity_l1l2', {VECTOR})",
        f"Dense(4, activity_regularizer=activity_l2(0.1), {VECTOR})",
    ],
    "shapes": [("Reshape(dims=(3, 2), input_shape=(6,))", "Permute((2, 1))", "Flatten()", "RepeatVector(2)")],
    "recurrent": [
        (f"LSTM(4, return_sequences=True, W_regularizer='l2', U_regularizer='l1', {SEQUENCE})", "GRU(4)"),
        (f"GRU(4, return_sequences=True, W_regularizer='l2', {SEQUENCE})", "SimpleRNN(4, go_backwards=True)"),
        ("Embedding(10, 4, mask_zero=True)", "LSTM(3, 'normal', 'orthogonal', 'one', 'relu', 'sigmoid')"),
    ],
    "convolved": [
        ("Convolution1D(4, 3, input_dim=3, input_length=9)", "MaxPooling1D(2)", "AveragePooling1D(pool_length=2)"),
        *each("Convolution1D(4, 3, W_constraint={}, input_shape=(9, 3))", ("'unitnorm'", "maxnorm(0.1, axis=3)")),
    ],
    "over_images": over_images(OLD),
    "by_default": by_default(OLD),
    "time_distributed": time_distributed(OLD),
    "leaky": [(f"Dense(4, {VECTOR})", "LeakyReLU(0.2)")],
    "remembered": remembered(OLD),
}  # fmt: skip

PROGRAMS = programs()


@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_nothing_is_left_and_a_second_run_is_quiet(program: Program) -> None:
    done = migrate(program.text, program.version)
    assert done.left == ()
    assert done.again == ()


WRONG = [  # a call, and what of its rewrite is taken for something else
    (f"GRU(4, {FIXED})", ", reset_after=False", ""),
    (f"LSTM(4, W_regularizer='l1', {FIXED})", "recurrent_regularizer='l1', ", ""),
    (f"Dense(4, activity_regularizer='activity_l2', {VECTOR})", "activity_l2()", "'l2'"),
    ("MaxPooling2D(dim_ordering='th', input_shape=(4, 4, 4))", "data_format='channels_first'", ""),
    ("Convolution2D(4, 3, 2, W_constraint=maxnorm(0.1), dim_ordering='th', input_shape=(3, 7, 8))", ", axis=3", ""),
]


def wrong_job(call: str, right: str, wrong: str) -> Job:
    program = Program("wrong", LAST, ((f"Dense(2, {VECTOR})",), (call,)))
    text = migrate(program.text, LAST).text
    assert right in text
    return Job(f"wrong {call}", 1, program.text, "model", text.replace(right, wrong), "model", LAST)


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    jobs = [
        Job(str(one), 1, one.text, "model", migrate(one.text, one.version).text, "model", one.version)
        for one in PROGRAMS
    ]
    jobs += [wrong_job(*wrong) for wrong in WRONG]
    return {job.model: proof for job, proof in zip(jobs, prove(jobs, legacy_path), strict=True)}


_NO_WEIGHTS = re.compile(  # layers that have none
    r"(Max|Average)Pooling|UpSampl|ZeroPadding|Cropping|ActivityReg|LRN2D|Thresholded|Flatten|Permute|Reshape|Repeat"
)


def has_weights(program: Program) -> bool:
    return any(not _NO_WEIGHTS.match(call) for chain in program.chains for call in chain)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_it_computes_what_the_old_one_did(program: Program, proofs: dict[str, Proof]) -> None:
    proof = proofs[str(program)]
    assert proof.status == "equal", proof
    assert (proof.step is not None) is has_weights(program)
    if proof.step is None:
        assert proof.reason == "step not compared: the model has no weights to train"
    else:
        assert max(proof.step[:2]) < 1e-10


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("call", [call for call, _, _ in WRONG])
def test_a_wrong_rewrite_is_seen(call: str, proofs: dict[str, Proof]) -> None:
    """So that "equal" above says something: of outputs, of the loss, and of one model among several."""
    assert proofs[f"wrong {call}"].status == "different"


# --- calls that keep something for a person, or for the reader -------------------------------------------------------

LEFT = [
    (LAST, "MaxPooling1D(border_mode='full', input_shape=(9, 3))", "K205"),
    (LAST, f"LSTM(4, forget_bias_init='uniform', {SEQUENCE})", "K205"),
    (LAST, f"Dropout(1.0, {VECTOR})", "K205"),
    (LAST, f"GaussianDropout(p=1.5, {VECTOR})", "K205"),
    (LAST, f"GaussianNoise(1.5, {VECTOR})", "K205"),
    (LAST, f"LSTM(4, dropout_U=1, {SEQUENCE})", "K205"),
    (LAST, f"ThresholdedReLU(-0.3, {VECTOR})", "K205"),
    (LAST, f"Bidirectional(LSTM(4, go_backwards=True), {SEQUENCE})", "K205"),
    (LAST, "Convolution1D(4, 2, weights=[w, b], input_shape=(9, 3))", "K207"),
    (LAST, "Deconvolution2D(4, 3, 3, (None, 4, 99, 9), dim_ordering='th', input_shape=(3, 5, 5))", "K205"),
    (LAST, "Deconvolution2D(4, 3, 3, shape, dim_ordering='th', input_shape=(3, 5, 5))", "K205"),
    (LAST, "Deconvolution2D(4, 3, 3, (None, 4, 7, 7), dim_ordering='th', input_shape=(3, None, None))", "K205"),
    (LAST, "AveragePooling2D((2, 2), None, 'full', input_shape=(9, 9, 3))", "K205"),
    (LAST, "Convolution2D(6, 3, 3, dim_ordering='th', input_shape=(3, 7, 8))", "K522"),
    (LAST, "SeparableConvolution2D(6, 3, 3, dim_ordering='th', input_shape=(3, 7, 8))", "K522"),
    (LAST, "LocallyConnected1D(4, 3, border_mode='same', input_shape=(9, 3))", "K205"),
]


@pytest.mark.parametrize(("version", "call", "code"), LEFT)
def test_what_only_a_person_can_decide(version: str, call: str, code: str) -> None:
    done = migrate(Program("", version, ((call,),)).text, version)
    assert code in {line.partition(":")[0] for line in done.left}
    assert done.again == ()


_PADDED: dict[str, list[Any]] = {
    "0.2.0": [
        "Convolution2D(4, 2, 3, border_mode='same', input_shape=(3, 7, 8))",
        "Convolution2D(4, 2, 3, border_mode='full', input_shape=(3, 7, 8))",
        "Convolution1D(4, 4, border_mode='full', input_shape=(7, 3))",
    ],
    OLD: [
        f"Convolution2D(4, 4, 2, border_mode='same', {told('tf', 3, (7, 8))})",
        ("Convolution1D(4, 2, border_mode='same', input_shape=(7, 3))", "Activation('tanh')"),
    ],
    **{
        version: [
            ("Convolution1D(4, 2, border_mode='same', input_shape=(7, 3))",
             "Convolution1D(4, 4, border_mode='same', subsample_length=3)"),
            f"Convolution2D(2, 2, 5, border_mode='same', subsample=(3, 2), {told('th', 3, (7, 8))})",
            f"Convolution2D(4, 3, 3, border_mode='same', subsample=(2, 2), {told('tf', 3, (7, 8))})",
            f"AtrousConvolution2D(4, 2, 2, border_mode='same', atrous_rate=(2, 1), {told('th', 3, (7, 8))})",
            f"MaxPooling2D((3, 3), (1, 2), 'same', {told('tf', 3, (8, 7))})",
            f"AveragePooling2D((3, 3), (2, 1), 'same', {told('th', 3, (7, 8))})",
        ]
        for version in (EARLY, LATE)
    },
    LAST: [
        (f"Convolution2D(4, 3, 3, border_mode='same', subsample=(2, 2), {told('tf', 3, (7, 8))})",
         "Convolution2D(4, 3, 2, border_mode='full', subsample=(1, 2), dim_ordering='tf')"),
        f"Convolution3D(4, 3, 2, 1, border_mode='full', {told('th', 2, (5, 6, 5))})",
        f"AveragePooling2D((3, 1), (2, 1), 'same', {told('th', 3, (7, 8))})",
        "MaxPooling1D(3, 1, 'same', input_shape=(7, 3))",
    ],
}  # fmt: skip
PADDED = [
    Program(f"padded_{index}", version, ((row,) if isinstance(row, str) else row,))
    for version, rows in _PADDED.items()
    for index, row in enumerate(rows)
]


@pytest.mark.parametrize("program", PADDED, ids=str)
def test_what_theano_padded_is_written_out(program: Program) -> None:
    done = migrate(program.text, program.version, backend="theano")
    assert done.left == ()
    assert not any("trap C15" in line for line in done.notes)
    assert done.again == ()


@pytest.mark.legacy
@pytest.mark.slow
def test_what_is_written_out_is_what_theano_padded(legacy_path: Path) -> None:
    texts = [migrate(one.text, one.version, backend="theano").text for one in PADDED]
    jobs = [
        Job(str(one), 1, one.text, "model", text, "model", one.version)
        for one, text in zip(PADDED, texts, strict=True)
    ]
    assert [proof for proof in prove(jobs, legacy_path) if proof.status != "equal"] == []


def test_what_bidirectional_gives_at_masked_steps_is_told() -> None:
    def notes(*chain: str) -> list[str]:
        return [line for line in migrate(Program("", LAST, (chain,)).text, LAST).notes if "trap C25" in line]

    assert len(notes(f"Masking({FIXED})", "Bidirectional(GRU(3, return_sequences=True))")) == 1
    assert notes(f"Masking({FIXED})", "Bidirectional(GRU(3))") == []
    assert notes(f"Bidirectional(GRU(3, return_sequences=True), {FIXED})") == []


def test_what_theano_padded_otherwise_is_told() -> None:
    call = "Convolution3D(4, 2, 2, 2, border_mode='same', input_shape=(8, 8, 8, 3))"
    done = migrate(Program("", LAST, ((call,),)).text, LAST, backend="theano")
    assert any("trap C15" in line for line in done.notes)


@pytest.mark.parametrize("kind", ["Max", "Average"])
def test_a_pool_pads_as_on_theano(kind: str) -> None:
    calls = (f"{kind}Pooling1D(2, border_mode='same', input_shape=(9, 3))",
             f"{kind}Pooling2D((3, 3), border_mode='same', input_shape=(8, 8, 3))",
             f"{kind}Pooling3D((2, 2, 2), border_mode='same', input_shape=(8, 8, 8, 3))")  # fmt: skip
    for call in calls:
        text = Program("", LAST, ((call,),)).text
        done = migrate(text, LAST, backend="theano")
        assert f"from tdmigrate.compat import {call.partition('(')[0]}" in done.text
        assert (done.left, done.again) == ((), ())
        assert not any("trap C15" in line for line in done.notes)
        assert "tdmigrate.compat" not in migrate(text, LAST, backend="tensorflow").text
        assert "tdmigrate.compat" not in migrate(text.replace("'same'", "'valid'"), LAST, backend="theano").text


@pytest.mark.parametrize(("size", "sure"), [("4", True), ("3", False), ("k", False)])
def test_what_certainly_pads_otherwise_is_left_to_a_person(size: str, sure: bool) -> None:
    text = Program("", LAST, ((f"Convolution1D(4, {size}, border_mode='same', input_shape=(9, 3))",),)).text
    text += f"kept = Convolution1D(4, {size}, border_mode='same', input_shape=(9, 3))\n"
    done = migrate(text, LAST, backend="theano")
    assert any("trap C15" in line for line in done.left) is sure


SAME = "Convolution1D(4, {}, border_mode='same', {}input_shape=(9, 3))"
TOLD: list[tuple[str | None, str | None, str, str]] = [
    (LAST, None, SAME.format(2, ""), "trap C15"),
    (LAST, "theano", SAME.format("k", ""), "trap C15"),
    (LAST, "theano", "ConvLSTM2D(3, 3, 2, input_shape=(3, 5, 6, 2))", "trap C15"),
    (LAST, None, "ConvLSTM2D(3, 3, 3, W_regularizer='l2', input_shape=(3, 5, 6, 2))", "trap C3"),
    (LAST, None, SAME.format(4, "subsample_length=2, "), "if it ran on Theano"),
    (LAST, None, "MaxPooling1D(border_mode='same', input_shape=(9, 3))", "trap C15"),
    (LAST, None, f"LSTM(4, U_regularizer='l2', {SEQUENCE})", "trap C2"),
    (LAST, None, "Convolution2D(4, 3, 3, W_constraint='maxnorm', dim_ordering=order)", "trap C32"),
    (LAST, None, f"Convolution2D(4, 3, 3, W_constraint=mine if big else None, {told('th', 3, (9, 9))})", "trap C32"),
    (None, None, "Convolution1D(4, 3, W_constraint=maxnorm(2), input_shape=(9, 3))", "trap C32"),
    (None, None, "Convolution2D(4, 3, 3, W_constraint='unitnorm', dim_ordering='th')", "trap C32"),
    (None, None, f"Dense(4, W_constraint='unitnorm', {VECTOR})", "trap C32"),
    (LAST, None, f"Dense(4, activity_regularizer=penalty, {VECTOR})", "trap C28"),
    (LAST, None, f"TimeDistributed(BatchNormalization(), {FIXED})", "never moved running averages"),
    # where the release decides
    (None, None, f"LSTM(4, W_regularizer='l2', {SEQUENCE})", "trap C2"),
    (None, None, f"BatchNormalization(mode=0, {VECTOR})", "`epsilon` was 1e-05 or 1e-06"),
    (None, None, f"Dense(output_dim=4, activity_regularizer='activity_l2', {VECTOR})", "trap C28"),
    (None, None, f"Dense(output_dim=4, activity_regularizer=activity_l2(0.1), {VECTOR})", "trap C28"),
    (None, None, f"Dense(4, W_constraint=unitnorm(), {VECTOR})", "axis=-1"),
]


@pytest.mark.parametrize(("version", "backend", "call", "words"), TOLD)
def test_what_may_be_other_numbers_is_told(version: str | None, backend: str | None, call: str, words: str) -> None:
    done = migrate(Program("", version or LAST, ((call,),)).text, version, backend=backend)
    assert any(words in line for line in done.notes), done


@pytest.mark.parametrize("call", [SAME.format(2, ""), "MaxPooling1D(border_mode='same', input_shape=(9, 3))"])
def test_padding_of_a_source_for_tensorflow_is_the_same(call: str) -> None:
    notes = migrate(Program("", LAST, ((call,),)).text, LAST, backend="tensorflow").notes
    assert [one for one in notes if "draws its first weights" not in one] == []


# --- the other styles ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("style", ["exact", "modern"])
@pytest.mark.parametrize("program", [one for one in PROGRAMS if one.version in (LAST, OLD)], ids=str)
def test_what_other_styles_write_builds(program: Program, style: str) -> None:
    done = migrate(program.text, program.version, style)
    assert done.left == ()
    assert done.again == ()
    names: dict[str, Any] = {}
    exec(done.text, names)
    assert names["model"].outputs


def test_modern_style_tells_what_it_changes() -> None:
    done = migrate(Program("", LAST, ((f"LSTM(4, {SEQUENCE})",),)).text, LAST, "modern")
    assert "hard_sigmoid" not in done.text
    assert any("trap A2" in line for line in done.notes)


@pytest.mark.parametrize(
    ("version", "call", "text"),
    [
        (LATE, "LSTM(4)", "recurrent_initializer=PerGate(Orthogonal(gain=1.1), 4)"),
        # 1.2 made the recurrent kernels as it made the others (trap B4)
        (LAST, "LSTM(4)", "recurrent_initializer=PerGate('glorot_uniform', 4)"),
        (LAST, "GRU(4, init='he_uniform', inner_init='orthogonal')", "recurrent_initializer=PerGate('he_uniform', 3)"),
        (LAST, "GRU(4, init=mine)", "recurrent_initializer=mine"),
        (LAST, "Dense(4, init='glorot_normal')", "VarianceScaling(1.0, 'fan_avg', 'untruncated_normal')"),
        # fans that Keras 1 counted otherwise (traps B5, B6, B7)
        (LAST, "Convolution1D(4, 3)", "kernel_initializer=FanScaling('glorot_uniform', (1, 2), (0, 1, 2))"),
        (OLD, "Convolution2D(4, 3, 3)", "kernel_initializer=FanScaling('glorot_uniform', (0, 1, 2), (3,))"),
        (LATE, "Convolution2D(4, 3, 3, dim_ordering='tf')", "FanScaling('glorot_uniform', (1, 2, 3), (0, 2, 3))"),
        (LAST, "Convolution2D(4, 3, 3, dim_ordering='tf')", "Conv2D(4, (3, 3), data_format='channels_last')"),
        (LAST, "Convolution2D(4, 3, 3, init='orthogonal', dim_ordering='tf')", "=RowOrthogonal(1.1)"),
        (LAST, "Convolution2D(4, 3, 3, init='orthogonal', dim_ordering='th')", "=Orthogonal(gain=1.1)"),
        (LAST, "MaxoutDense(4)", "kernel_initializer=FanScaling('glorot_uniform')"),
        (FIRST, "MaxoutDense(4)", "kernel_initializer=FanScaling('glorot_uniform', (1, 2), (0,))"),
        (LAST, "ConvLSTM2D(4, 3, 3, dim_ordering='tf')", "recurrent_initializer=PerGate(RowOrthogonal(1.1), 4)"),
        (LAST, "ConvLSTM2D(4, 3, 3, dim_ordering='th')", "kernel_initializer=PerGate('glorot_uniform', 4)"),
    ],
)
def test_exact_style_writes_initial_distributions_out(version: str, call: str, text: str) -> None:
    assert text in migrate(Program("", version, ((call,),)).text, version, "exact").text


def test_exact_style_tells_a_spread_that_it_cannot_write() -> None:
    call = "Convolution2D(4, 3, 3, dim_ordering=ordering, input_shape=(9, 9, 3))"
    assert any("trap B5" in line for line in migrate(Program("", LAST, ((call,),)).text, LAST, "exact").notes)


class Different:
    """Stands in for the two sides: every model comes out different."""

    def __init__(self, path: Path | None, *_: object) -> None:
        self.path = path

    def __enter__(self) -> Different:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def prove(self, jobs: Sequence[Job]) -> list[Proof]:
        legacy = "keras 1.2.2 theano"
        return [Proof(job.model, job.row, "different", "the outputs differ by 1", legacy=legacy) for job in jobs]


@pytest.mark.parametrize(
    ("backend", "mode", "status"),
    [("tensorflow", "same", "unproved"), ("theano", "same", "different"), ("tensorflow", "valid", "different")],
)
def test_theano_s_own_padding_fails_no_source_for_tensorflow(
    backend: str, mode: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "Prover", Different)
    call = f"Convolution1D(4, 2, border_mode='{mode}', input_shape=(9, 3))"
    text = Program("", LAST, ((call,),)).text
    checked = check(Module(text), CheckSettings(keras_version=LAST, source_backend=backend))
    changed = Changed("model.py", text, migrate(text, LAST).text, checked)
    assert [proof.status for proof in verify.verify_files([changed], Settings())["model.py"]] == [status]
