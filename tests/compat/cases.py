"""Layers of tdmigrate.compat beside the legacy ones they stand for: what both are called, and on which input."""

from __future__ import annotations

from typing import Any, NamedTuple

OLD, MIDDLE, EARLY, LATE, LAST = "0.2.0", "0.3.3", "1.0.8", "1.1.2", "1.2.2"


class Case(NamedTuple):
    """One legacy layer, under genuine Keras ``release``, and the one of compat."""

    release: str
    old: str  # the layer's call, but for the shape
    new: str
    shape: tuple[int, ...]  # of the input, with the batch
    training: bool = False
    masked: bool = False
    ids: int | None = None  # the input holds numbers below this
    spread: bool = False  # the last weight is a variance or a deviation
    layout: str = "same"
    backends: tuple[str, ...] = ("tensorflow", "jax", "torch")

    def __str__(self) -> str:
        return f"{self.release}-{self.old}{'-training' if self.training else ''}{'-masked' if self.masked else ''}"


def _normalizations() -> list[Case]:
    rows = []
    for release, form in ((OLD, "running"), (MIDDLE, "deviation"), (LAST, "variance")):
        axis = ", axis=None" if form == "running" else ""
        for mode in (0, 1, 2) if release == LAST else (0, 1):
            for training in (False, True):
                now = "theano" if training and release == LAST and mode == 0 else form
                rows += [
                    Case(
                        release,
                        f"BatchNormalization(epsilon=1e-3, mode={mode}, momentum=0.8)",
                        f"BatchNormalization(mode={mode}, epsilon=1e-3, momentum=0.8, form='{now}'{axis})",
                        shape,
                        training,
                        spread=True,
                    )
                    # of a sample of more axes, mode 1 had other weights than it could use
                    for shape in ((5, 4), (5, 3, 4))
                    if not (form == "running" and mode == 1 and len(shape) == 3)
                ]
    rows += [
        Case(
            release,
            f"BatchNormalization({old}axis=1)",
            f"BatchNormalization({new}axis=1)",
            shape,
            training,
            spread=True,
        )
        for shape in ((3, 4, 2, 5), (3, 4, 2, 4))  # as many channels as columns
        for release, old, new in (
            (MIDDLE, "", "epsilon=1e-6, momentum=0.9, form='deviation', "),
            (LAST, "mode=2, ", "mode=2, "),
        )
        for training in (False, True)
    ]
    return rows


def _locals() -> list[Case]:
    rows = [
        Case(LAST, "LocallyConnected1D(4, 3)", "LocallyConnected1D(4, 3)", (2, 7, 3)),
        Case(
            LAST,
            "LocallyConnected1D(4, 2, subsample_length=3, activation='sigmoid', bias=False)",
            "LocallyConnected1D(4, 2, strides=3, activation='sigmoid', use_bias=False)",
            (2, 8, 3),
        ),
    ]
    for ordering, data, shape in (("th", "first", (2, 3, 5, 6)), ("tf", "last", (2, 5, 6, 3))):
        for old, new in (
            ("", ""),
            (", subsample=(2, 3), activation='sigmoid'", ", strides=(2, 3), activation='sigmoid'"),
            (", bias=False", ", use_bias=False"),
        ):
            rows.append(
                Case(
                    LAST,
                    f"LocallyConnected2D(4, 3, 2, dim_ordering='{ordering}'{old})",
                    f"LocallyConnected2D(4, (3, 2), data_format='channels_{data}'{new})",
                    shape,
                )
            )
    return rows


def _recurrent() -> list[Case]:
    rows = []
    for name in ("JZS1", "JZS2", "JZS3", "SimpleDeepRNN"):
        both = "activation='relu', return_sequences=True"
        for masked in (False, True):
            rows += [
                Case(OLD, f"{name}(4, {both})", f"{name}(4, {both})", (3, 6, 5), masked=masked),
                Case(OLD, f"{name}(3)", f"{name}(3)", (3, 6, 3), masked=masked, backends=("tensorflow",)),
            ]
    rows += [
        Case(
            OLD,
            f"SimpleDeepRNN(4, depth={depth}, inner_activation='sigmoid')",
            f"SimpleDeepRNN(4, depth={depth}, recurrent_activation='sigmoid')",
            (2, 5, 3),
            masked=masked,
        )
        for depth in (1, 2)
        for masked in (False, True)
    ]
    return rows


def _pairs() -> list[Case]:
    found = []
    for release in (MIDDLE, LATE, LAST):
        layout = "highway"
        found += [
            Case(release, "MaxoutDense(4)", "MaxoutDense(4)", (5, 6)),
            Case(release, "MaxoutDense(3, nb_feature=2)", "MaxoutDense(3, features=2)", (5, 6)),
            Case(release, "Highway(activation='sigmoid')", "Highway(activation='sigmoid')", (5, 6), layout=layout),
            Case(release, "Highway()", "Highway()", (5, 6), layout=layout),
            Case(release, "ParametricSoftplus()", "ParametricSoftplus()", (5, 6)),
            Case(release, "SReLU()", "SReLU(capped=True)", (5, 6)),
        ]
        if release > "1":
            found += [
                Case(release, "MaxoutDense(4, bias=False)", "MaxoutDense(4, use_bias=False)", (5, 6)),
                Case(release, "Highway(bias=False)", "Highway(use_bias=False)", (5, 6), layout=layout),
            ]
    return found


CASES = [
    *_pairs(),
    Case(LAST, "ParametricSoftplus(shared_axes=[1])", "ParametricSoftplus(shared_axes=[1])", (2, 4, 3)),
    Case(LAST, "SReLU(shared_axes=[1, 2])", "SReLU(capped=True, shared_axes=[1, 2])", (2, 4, 3, 2)),
    Case(OLD, "ThresholdedLinear(theta=0.4)", "ThresholdedLinear(theta=0.4)", (5, 6)),
    *_normalizations(),
    Case(OLD, "LRN2D()", "LRN2D()", (2, 7, 3, 2)),
    Case(OLD, "LRN2D(alpha=0.3, k=1, beta=0.5, n=3)", "LRN2D(alpha=0.3, k=1, beta=0.5, n=3)", (2, 4, 3, 2)),
    *_locals(),
    Case(LAST, "Embedding(9, 4, dropout=0.3)", "Embedding(9, 4, dropout=0.3)", (3, 5), ids=9),
    Case("0.3.3", "Embedding(9, 4, dropout=0.3)", "Embedding(9, 4, dropout=0.3, rescaled='prediction')", (3, 5), ids=9),
    Case(OLD, "WordContextProduct(9, 4)", "WordContextProduct(9, 4)", (6, 2), ids=9),
    Case(OLD, "Dropout(0.3)", "Dropout(0.3)", (5, 6)),
    Case(OLD, "Dropout(0.)", "Dropout(0.)", (5, 6), training=True),
    *_recurrent(),
]


def described(case: Case, inputs: Any) -> dict[str, Any]:
    """For genuine.py."""
    name = case.old.partition("(")[0]
    homes = {
        "advanced_activations": ("ParametricSoftplus", "SReLU", "ThresholdedLinear"),
        "normalization": ("BatchNormalization", "LRN2D"),
        "local": ("LocallyConnected1D", "LocallyConnected2D"),
        "embeddings": ("Embedding", "WordContextProduct"),
        "recurrent": ("JZS1", "JZS2", "JZS3", "SimpleDeepRNN"),
    }
    home = next((home for home, names in homes.items() if name in names), "core")
    call = case.old[:-1] + ("" if case.old.endswith("()") else ", ")
    told = f"input_shape={tuple(case.shape[1:])}"
    if name == "Embedding":
        told = f"input_length={case.shape[1]}"
    return {
        "imports": [f"from keras.layers.{home} import {name}", "from keras.layers.core import Masking"],
        "old": [f"Masking({told})", case.old] if case.masked else [f"{call}{told})"],
        "training": case.training,
        "ids": case.ids is not None,
        "spread": case.spread,
        "inputs": inputs.tolist(),
    }
