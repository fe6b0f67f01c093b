"""Activations by name and as functions (keras/activations.py of Keras 0.1–1.2)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Function, Parameter, Renamed, Spelling, Text, Values

HARD_SIGMOID = Text("hard_sigmoid", (Import("tdmigrate.compat", "hard_sigmoid"),))

# Keras 3's hard_sigmoid is another function (trap A1); softmax takes any rank since Keras 1
ACTIVATIONS = Values(
    {"hard_sigmoid": HARD_SIGMOID, "time_distributed_softmax": Text("'softmax'")},
    known=frozenset(
        (
            "elu", "hard_sigmoid", "linear", "relu", "sigmoid", "softmax", "softplus", "softsign", "tanh",
            "time_distributed_softmax",
        )
    ),
)  # fmt: skip


def _activation(
    name: str,
    versions: str = "0.1-1.2",
    keras3: str | None = None,
    signatures: Mapping[str, str] | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    modern: str = "x",
) -> Function:
    return Function(
        name=name,
        paths={f"keras.activations.{name}": versions},
        signatures=signatures or {versions.partition("-")[0]: "x"},
        keras3=Spelling(keras3 or f"keras.activations.{name}", parameters or {}, signature=modern),
        kind="activation",
    )


ENTRIES: tuple[Function, ...] = (
    _activation("softmax"),
    _activation("time_distributed_softmax", "0.1-0.2", "keras.activations.softmax"),
    _activation("softplus"),
    _activation("softsign", "1.0.3-1.2"),
    _activation(
        "relu",
        signatures={"0.1": "x", "0.3": "x, alpha=0.0, max_value=None"},
        parameters={"alpha": Renamed("negative_slope", trap="A4")},
        modern="x, negative_slope=0.0, max_value=None, threshold=0.0",
    ),
    _activation("elu", "1.1.1-1.2", signatures={"1.1.1": "x, alpha=1.0"}, modern="x, alpha=1.0"),
    _activation("tanh"),
    _activation("sigmoid"),
    _activation("hard_sigmoid", keras3="tdmigrate.compat.hard_sigmoid"),
    _activation("linear"),
    Function(
        "get",
        {"keras.activations.get": "0.1-1.2"},
        {"0.1": "identifier"},
        Spelling("keras.activations.get", {"identifier": Renamed("identifier", ACTIVATIONS)}, signature="identifier"),
        "activation",
    ),
)
