"""keras.layers.normalization of Keras 0.1–1.2."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Dropped, Instead, Layer, Layout, Parameter, Renamed, Spelling, Text, Weights, Written
from tdmigrate.keras1.initializers import INITIALIZERS
from tdmigrate.keras1.layers.words import COMMON, paths
from tdmigrate.keras1.regularizers import REGULARIZERS

_INITS = "weights=None, beta_init='zero', gamma_init='one'"
_REGULARIZERS = f"{_INITS}, gamma_regularizer=None, beta_regularizer=None, **kwargs"

_PARAMETERS: Mapping[str, Parameter] = {
    **COMMON,
    "epsilon": Renamed("epsilon", pin=True, trap="C41"),
    "momentum": Renamed("momentum", pin=True, trap="C8"),
    "weights": Weights(),
    "beta_init": Renamed("beta_initializer", INITIALIZERS),
    "gamma_init": Renamed("gamma_initializer", INITIALIZERS),
    "beta_regularizer": Renamed("beta_regularizer", REGULARIZERS),
    "gamma_regularizer": Renamed("gamma_regularizer", REGULARIZERS),
}


def _compat(
    why: str,
    versions: str,
    form: str = "",
    alike: tuple[str, tuple[object, ...]] | None = None,
    written: tuple[Written, ...] = (),
    masked: bool = False,
    trap: str = "C9",
) -> Instead:
    """``alike``: an argument and constants with which Keras 3's layer is the same function. ``trap``: the form's."""
    return Instead(
        Spelling(
            "tdmigrate.compat.BatchNormalization",
            _PARAMETERS,
            ((Written("form", Text(f"'{form}'"), trap),) if form else ()) + written,
            "mode=0, axis=-1, momentum=0.99, epsilon=0.001, beta_initializer='zeros', gamma_initializer='ones', "
            "beta_regularizer=None, gamma_regularizer=None, form='variance'",
        ),
        why,
        versions,
        alike,
        masked=masked,
    )


_MODES = "mode 1 is a normalization of each sample, mode 2 uses the batch's statistics in prediction too (trap C10)"
_MASKED = "in training Keras 3 takes the moments of the steps that the mask keeps, Keras 1 took those of all"
_DEVIATION = "it kept a running standard deviation s and divided by (s + epsilon) (trap C9)"
_EPSILON = "with Theano 0.9 or later the running variance, by which predictions go, took epsilon in (trap C43)"
_FROZEN = (
    "one that does not train goes by its running statistics in training too, where Keras 1 went by the batch's and had "
    "the running ones follow"
)

BATCH_NORMALIZATION = Layer(
    name="BatchNormalization",
    paths=paths("normalization", "BatchNormalization", "0.1-1.2"),
    signatures={
        "0.1": "input_shape, epsilon=1e-06, mode=0, momentum=0.9, weights=None",
        "0.2": "epsilon=1e-06, mode=0, momentum=0.9, weights=None, **kwargs",
        "0.3.2": "epsilon=1e-06, mode=0, axis=-1, momentum=0.9, weights=None, **kwargs",
        "0.3.3": f"epsilon=1e-06, mode=0, axis=-1, momentum=0.9, {_INITS}, **kwargs",
        "1.0.7": f"epsilon=1e-06, mode=0, axis=-1, momentum=0.99, {_INITS}, **kwargs",
        "1.0.8": f"epsilon=1e-05, mode=0, axis=-1, momentum=0.99, {_INITS}, **kwargs",
        "1.1.0": f"epsilon=1e-05, mode=0, axis=-1, momentum=0.99, {_REGULARIZERS}",
        "1.2.0": f"epsilon=0.001, mode=0, axis=-1, momentum=0.99, {_REGULARIZERS}",
    },
    shape=shapes.same,
    keras3=Spelling(
        "keras.layers.BatchNormalization",
        {**_PARAMETERS, "mode": Dropped("Keras 3 has 0 only", ask=True, trap="C10", harmless=(0,))},
        signature=(
            "axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
            "gamma_initializer='ones', moving_mean_initializer='zeros', moving_variance_initializer='ones', "
            "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, "
            "renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False"
        ),
    ),
    frozen=f"{_FROZEN}; tdmigrate.compat.BatchNormalization does as it did",
    layout=Layout("batch_normalization", same_from="1.0.6"),
    masks="passes",
    over_batch=True,
    # keras/layers/normalization.py of each release
    instead=(
        _compat(
            f"{_DEVIATION}, in training too",
            "0.1-0.3.1",
            "running",
            written=(
                Written("axis", Text("None"), "C9"),
                Written("gamma_initializer", Text("'random_uniform'"), "C9"),
            ),
        ),
        _compat(_DEVIATION, "0.3.2-1.0.4", "deviation"),
        _compat(_DEVIATION, "1.0.5", "deviation", alike=("mode", (1,))),  # its mode 1 is that of later releases
        _compat(_EPSILON, "1.2", "theano", alike=("mode", (1, 2)), trap="C43")._replace(
            styles=("exact",), backend="theano"
        ),
        _compat(_MODES, "1.0.5-1.2", alike=("mode", (0,))),
        _compat(_FROZEN, "1.0.5-1.2", alike=("trainable", (True,))),
        _compat(_MASKED, "", masked=True),
    ),
)

LRN_2D = Layer(
    name="LRN2D",
    paths=paths("normalization", "LRN2D", "0.1-0.3.0"),
    signatures={"0.1": "alpha=0.0001, k=2, beta=0.75, n=5, **kwargs"},
    shape=shapes.same,
    keras3=Spelling("tdmigrate.compat.LRN2D", COMMON, signature="alpha=0.0001, k=2, beta=0.75, n=5"),
    layout=Layout(),
    ranks=(4,),
)

ENTRIES: tuple[Layer, ...] = (BATCH_NORMALIZATION, LRN_2D)
