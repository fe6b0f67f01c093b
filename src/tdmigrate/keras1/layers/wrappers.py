"""keras.layers.wrappers of Keras 0.3.3–1.2."""

from __future__ import annotations

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Caution, Layer, Layout, Spelling, Weights
from tdmigrate.keras1.layers.words import COMMON, paths

TIME_DISTRIBUTED = Layer(
    name="TimeDistributed",
    paths={
        "keras.layers.wrappers.TimeDistributed": "0.3.3-1.2",
        "keras.layers.timedistributed.TimeDistributed": "0.3.2-0.3.3",
        "keras.layers.TimeDistributed": "1.0-1.2",
    },
    signatures={"0.3.2": "layer", "0.3.3": "layer, **kwargs"},
    shape=shapes.time_distributed,
    keras3=Spelling("keras.layers.TimeDistributed", COMMON, signature="layer"),
    layout=Layout(),
    masks="passes",
    wraps="layer",
)

BIDIRECTIONAL = Layer(
    name="Bidirectional",
    paths=paths("wrappers", "Bidirectional", "1.0.8-1.2"),
    signatures={"1.0.8": "layer, merge_mode='concat', weights=None, **kwargs"},
    shape=shapes.bidirectional,
    keras3=Spelling(
        "keras.layers.Bidirectional",
        {**COMMON, "weights": Weights()},
        signature="layer, merge_mode='concat', weights=None, backward_layer=None",
    ),
    layout=Layout(),
    ranks=(3,),
    masks="consumes",
    wraps="layer",
    copies=True,
    inside=(
        Caution(
            "go_backwards",
            (True,),
            "Keras 1 made its second layer go forwards then, Keras 3 raises: give that as backward_layer=, without "
            "go_backwards",
            "",
        ),
    ),
    masked_inside=(
        Caution(
            "return_sequences",
            (True,),
            "at a step that the mask leaves out it gives zeros now, where Keras 1 gave what it gave before: see "
            "whether something reads those steps",
            "C25",
        ),
    ),
)

WRAPPER = Layer(
    name="Wrapper",
    paths=paths("wrappers", "Wrapper", "1.0-1.2"),
    signatures={"1.0": "layer, **kwargs"},
    shape=shapes.unknown,
    keras3=Spelling("keras.layers.Wrapper", COMMON, signature="layer"),
    layout=Layout(),
    wraps="layer",
)

ENTRIES: tuple[Layer, ...] = (TIME_DISTRIBUTED, BIDIRECTIONAL, WRAPPER)
