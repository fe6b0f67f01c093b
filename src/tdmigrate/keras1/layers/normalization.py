"""keras.layers.normalization of Keras 0.1–1.2."""

from __future__ import annotations

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Dropped, Layer, Layout, Renamed, Spelling, Weights
from tdmigrate.keras1.initializers import INITIALIZERS
from tdmigrate.keras1.layers.words import COMMON, paths
from tdmigrate.keras1.regularizers import REGULARIZERS

_INITS = "weights=None, beta_init='zero', gamma_init='one'"
_REGULARIZERS = f"{_INITS}, gamma_regularizer=None, beta_regularizer=None, **kwargs"

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
        {
            **COMMON,
            "epsilon": Renamed("epsilon", pin=True, trap="C41"),
            "momentum": Renamed("momentum", pin=True, trap="C8"),
            "mode": Dropped(
                "Keras 3 normalizes over the batch only: mode 1 is a normalization of each sample, mode 2 uses the "
                "batch's statistics in prediction too",
                ask=True,
                trap="C10",
                harmless=(0,),
            ),
            "weights": Weights(),
            "beta_init": Renamed("beta_initializer", INITIALIZERS),
            "gamma_init": Renamed("gamma_initializer", INITIALIZERS),
            "beta_regularizer": Renamed("beta_regularizer", REGULARIZERS),
            "gamma_regularizer": Renamed("gamma_regularizer", REGULARIZERS),
        },
        signature=(
            "axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, beta_initializer='zeros', "
            "gamma_initializer='ones', moving_mean_initializer='zeros', moving_variance_initializer='ones', "
            "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, "
            "renorm=False, renorm_clipping=None, renorm_momentum=0.99, synchronized=False"
        ),
    ),
    layout=Layout("batch_normalization", same_from="1.0"),
    unlike={
        "0.1-0.3": "it kept a running standard deviation and divided by (std + epsilon), Keras 3 keeps a variance and "
        "divides by sqrt(var + epsilon) (trap C9)"
    },
)

LRN_2D = Layer(
    name="LRN2D",
    paths=paths("normalization", "LRN2D", "0.1-0.3.0"),
    signatures={"0.1": "alpha=0.0001, k=2, beta=0.75, n=5, **kwargs"},
    shape=shapes.same,
    keras3=None,
    ranks=(4,),
    person="Keras 3 has no local response normalization: write it as a layer with keras.ops",
)

ENTRIES: tuple[Layer, ...] = (BATCH_NORMALIZATION, LRN_2D)
