"""keras.layers.noise and keras.layers.advanced_activations of Keras 0.1–1.2: the output has the input's shape."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nextafter

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Layer, Layout, Renamed, Spelling, Text, Values, Weights, Written
from tdmigrate.keras1.initializers import INITIALIZERS, OF_ANY_RANK
from tdmigrate.keras1.layers.words import COMMON, DROPPED, paths


def _layer(
    module: str,
    name: str,
    versions: str,
    signatures: Mapping[str, str],
    keras3: Spelling,
) -> Layer:
    return Layer(
        name=name,
        paths=paths(module, name, versions),
        signatures=signatures,
        shape=shapes.same,
        keras3=keras3,
        layout=Layout(),
        masks="passes",
    )


_ACTIVATIONS = "advanced_activations"
_CORNERS = ("t_left", "a_left", "t_right", "a_right")
_SRELU = "t_left_init='zero', a_left_init='glorot_uniform', t_right_init='glorot_uniform', a_right_init='one'"

# Keras 3 raises where its noise would deviate by more than 1
_DEVIATION = Values(bounds=(0, nextafter(1, inf)))

ENTRIES: tuple[Layer, ...] = (
    _layer(
        "noise",
        "GaussianNoise",
        "0.1-1.2",
        {"0.1": "sigma, **kwargs"},
        Spelling(
            "keras.layers.GaussianNoise",
            {**COMMON, "sigma": Renamed("stddev", _DEVIATION, trap="C35")},
            signature="stddev, seed=None",
        ),
    ),
    _layer(
        "noise",
        "GaussianDropout",
        "0.1-1.2",
        {"0.1": "p, **kwargs"},
        Spelling("keras.layers.GaussianDropout", {**COMMON, "p": DROPPED}, signature="rate, seed=None"),
    ),
    _layer(
        _ACTIVATIONS,
        "LeakyReLU",
        "0.1-1.2",
        {"0.1": "alpha=0.3, **kwargs"},
        Spelling(
            "keras.layers.LeakyReLU",
            {**COMMON, "alpha": Renamed("negative_slope", pin=True, trap="A4")},
            signature="negative_slope=0.3",
        ),
    ),
    _layer(
        _ACTIVATIONS,
        "PReLU",
        "0.1-1.2",
        {
            "0.1": "input_shape, init='zero', weights=None",
            "0.2": "init='zero', weights=None, **kwargs",
            "1.2.0": "init='zero', weights=None, shared_axes=None, **kwargs",
        },
        Spelling(
            "keras.layers.PReLU",
            {**COMMON, "init": Renamed("alpha_initializer", INITIALIZERS), "weights": Weights()},
            signature="alpha_initializer='Zeros', alpha_regularizer=None, alpha_constraint=None, shared_axes=None",
        ),
    ),
    _layer(
        _ACTIVATIONS,
        "ELU",
        "0.3-1.2",
        {"0.3": "alpha=1.0, **kwargs"},
        Spelling("keras.layers.ELU", COMMON, signature="alpha=1.0"),
    ),
    _layer(
        _ACTIVATIONS,
        "ThresholdedReLU",
        "0.1-1.2",
        {"0.1": "theta=1.0, **kwargs"},
        Spelling(
            "keras.layers.ReLU",
            # Keras 3's ReLU takes no negative threshold
            {**COMMON, "theta": Renamed("threshold", Values(bounds=(0, inf)), pin=True, trap="A5")},
            signature="max_value=None, negative_slope=0.0, threshold=0.0",
        ),
    ),
    _layer(
        _ACTIVATIONS,
        "ThresholdedLinear",
        "0.1-0.3",
        {"0.1": "theta=1.0, **kwargs"},
        Spelling("tdmigrate.compat.ThresholdedLinear", COMMON, signature="theta=1.0"),
    ),
    _layer(
        _ACTIVATIONS,
        "ParametricSoftplus",
        "0.1-1.2",
        {
            "0.1": "input_shape, alpha_init=0.2, beta_init=5.0, weights=None",
            "0.2": "alpha_init=0.2, beta_init=5.0, weights=None, **kwargs",
            "1.2.0": "alpha_init=0.2, beta_init=5.0, weights=None, shared_axes=None, **kwargs",
        },
        Spelling(
            "tdmigrate.compat.ParametricSoftplus",
            {
                **COMMON,
                "alpha_init": Renamed("initial_alpha"),
                "beta_init": Renamed("initial_beta"),
                "weights": Weights(),
            },
            signature="initial_alpha=0.2, initial_beta=5.0",
        ),
    ),
    _layer(
        _ACTIVATIONS,
        "SReLU",
        "0.3.3-1.2",
        {
            "0.3.3": f"{_SRELU}, **kwargs",
            "1.2.0": f"{_SRELU}, shared_axes=None, **kwargs",
        },
        Spelling(
            "tdmigrate.compat.SReLU",
            {
                **COMMON,
                **{
                    f"{name}_init": Renamed(
                        f"{name}_initializer", INITIALIZERS, trap="B6", exact=OF_ANY_RANK, pin_exact=True
                    )
                    for name in _CORNERS
                },
            },
            (Written("capped", Text("True"), "A7", backend="theano"),),
            "t_left_initializer='zeros', a_left_initializer='glorot_uniform', t_right_initializer='glorot_uniform', "
            "a_right_initializer='ones', capped=False",
        ),
    ),
)
