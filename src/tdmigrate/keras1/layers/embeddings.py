"""keras.layers.embeddings of Keras 0.1–1.2."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import (
    Dropped,
    Instead,
    Layer,
    Layout,
    Parameter,
    Renamed,
    Shaped,
    Spelling,
    Text,
    Weights,
    Written,
)
from tdmigrate.keras1.initializers import INITIALIZERS, INITIALIZERS_EXACT
from tdmigrate.keras1.layers.words import ACTIVATION, ACTIVITY, COMMON, SINCE_1_0, paths
from tdmigrate.keras1.optimizers import SUMMED
from tdmigrate.keras1.regularizers import CONSTRAINTS, CONSTRAINTS_0, REGULARIZERS

_START = "input_dim, output_dim, init='uniform'"
_END = "W_regularizer=None, activity_regularizer=None, W_constraint=None, mask_zero=False, weights=None"

_INIT = Renamed("embeddings_initializer", INITIALIZERS, trap="B8", exact=INITIALIZERS_EXACT, pin_exact=True)
_PARAMETERS: Mapping[str, Parameter] = {
    **COMMON,
    "input_length": Shaped(),
    "output_dim": Renamed("output_dim"),  # no proof of Keras 1 here
    "init": _INIT,
    "W_regularizer": Renamed("embeddings_regularizer", REGULARIZERS),
    "activity_regularizer": ACTIVITY,
    "W_constraint": Renamed("embeddings_constraint", CONSTRAINTS_0, trap="C32"),
}
_SINCE: Mapping[str, Mapping[str, Parameter]] = {
    "0.3.2": {"W_constraint": Renamed("embeddings_constraint", CONSTRAINTS)},
    **SINCE_1_0,
}
_NO_DROPOUT = Dropped("Keras 3 has no equal", ask=True, trap="C6", harmless=(0,))
_COMPAT = "input_dim, output_dim, dropout=0.0, rescaled='training', seed=None"


def _dropping(why: str, versions: str, written: tuple[Written, ...] = ()) -> Instead:
    return Instead(
        Spelling(
            "tdmigrate.compat.Embedding",
            {**_PARAMETERS, "dropout": Renamed("dropout", trap="C6")},
            written,
            signature=_COMPAT,
            since=_SINCE,
        ),
        why,
        versions,
        ("dropout", (0,)),
    )


EMBEDDING = Layer(
    name="Embedding",
    paths=paths("embeddings", "Embedding", "0.1-1.2"),
    signatures={
        "0.1": f"{_START}, {_END}",
        "0.2": f"{_START}, input_length=None, {_END}, **kwargs",
        "0.3.3": f"{_START}, input_length=None, {_END}, dropout=0.0, **kwargs",
    },
    shape=shapes.embedding,
    keras3=Spelling(
        "keras.layers.Embedding",
        {**_PARAMETERS, "dropout": _NO_DROPOUT},
        signature=(
            "input_dim, output_dim, embeddings_initializer='uniform', embeddings_regularizer=None, "
            "embeddings_constraint=None, mask_zero=False, weights=None, lora_rank=None, lora_alpha=None, "
            "quantization_config=None"
        ),
        since=_SINCE,
    ),
    layout=Layout(),
    masks="makes",
    first="ids",
    # keras/layers/embeddings.py of 0.3.3 and of 1.0.0
    instead=(
        _dropping(
            "its dropout dropped whole words in training, and multiplied by 1 - dropout when predicting (trap C6)",
            "0.3",
            (Written("rescaled", Text("'prediction'"), "C6"),),
        ),
        _dropping("its dropout dropped whole words in training (trap C6)", "1.0-1.2"),
        Instead(
            Spelling(
                "tdmigrate.compat.Embedding",
                {**_PARAMETERS, "dropout": _NO_DROPOUT},
                signature=f"{_COMPAT}, *, embeddings_initializer='uniform'",
                since=_SINCE,
            ),
            SUMMED,
            styles=("exact",),
            rows=True,
        ),
    ),
)

WORD_CONTEXT_PRODUCT = Layer(
    name="WordContextProduct",
    paths=paths("embeddings", "WordContextProduct", "0.1-0.2"),
    signatures={
        "0.1": "input_dim, proj_dim=128, init='uniform', activation='sigmoid', weights=None",
        "0.2": "input_dim, proj_dim=128, init='uniform', activation='sigmoid', weights=None, **kwargs",
    },
    shape=shapes.flat(1),
    keras3=Spelling(
        "tdmigrate.compat.WordContextProduct",
        {**COMMON, "init": _INIT, "activation": ACTIVATION, "weights": Weights()},
        signature=("input_dim, proj_dim=128, embeddings_initializer='random_uniform', activation='sigmoid'"),
    ),
    layout=Layout(),
    ranks=(2,),
)

ENTRIES: tuple[Layer, ...] = (EMBEDDING, WORD_CONTEXT_PRODUCT)
