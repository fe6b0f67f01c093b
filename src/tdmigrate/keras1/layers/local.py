"""keras.layers.local of Keras 1.0.6–1.2."""

from __future__ import annotations

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Dropped, Layer, Layout, Renamed, Spelling
from tdmigrate.keras1.layers.convolutional import on_images, on_sequences, since
from tdmigrate.keras1.layers.words import INIT_OF_ANY_RANK, KERNEL, SEQUENCE, SINCE_1_0, paths

LOCALLY_CONNECTED_1D = Layer(
    name="LocallyConnected1D",
    paths=paths("local", "LocallyConnected1D", "1.0.6-1.2"),
    signatures=since(on_sequences(), "1.0.6"),
    shape=shapes.convolution(("filter_length",), "subsample_length"),
    keras3=Spelling(
        "tdmigrate.compat.LocallyConnected1D",
        {
            **SEQUENCE,
            **KERNEL,
            "nb_filter": Renamed("filters"),
            "filter_length": Renamed("kernel_size"),
            "subsample_length": Renamed("strides"),
            # any other was a ValueError
            "border_mode": Dropped("there is no padding", ask=True, harmless=("valid",)),
            "init": INIT_OF_ANY_RANK,
        },
        signature="filters, kernel_size, strides=1, activation=None",
        since=SINCE_1_0,
    ),
    layout=Layout(),
    ranks=(3,),
    first="sequence",
)

LOCALLY_CONNECTED_2D = Layer(
    name="LocallyConnected2D",
    paths=paths("local", "LocallyConnected2D", "1.0.6-1.2"),
    signatures=since(on_images("nb_row, nb_col", "(1, 1)"), "1.0.6"),
    shape=shapes.convolution(("nb_row", "nb_col"), "subsample"),
    keras3=None,
    ranks=(4,),
    person="use tdmigrate.compat.LocallyConnected2D(filters, kernel_size, strides=…, data_format=…): nb_row and nb_col "
    "go into kernel_size=(…), subsample is strides, dim_ordering 'th' is data_format='channels_first'",
    first="image",
)

ENTRIES: tuple[Layer, ...] = (LOCALLY_CONNECTED_1D, LOCALLY_CONNECTED_2D)
