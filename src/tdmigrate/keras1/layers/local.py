"""keras.layers.local of Keras 1.0.6–1.2."""

from __future__ import annotations

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Dropped, Layer, Layout, Renamed, Spelling
from tdmigrate.keras1.layers.convolutional import ROW_COL, gathered, on_images, on_sequences, since
from tdmigrate.keras1.layers.words import IMAGE, INIT_OF_ANY_RANK, KERNEL, SEQUENCE, SINCE_1_0, paths

_UNPADDED = Dropped("there is no padding", ask=True, harmless=("valid",))  # any other was a ValueError

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
            "border_mode": _UNPADDED,
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
    shape=shapes.convolution(ROW_COL, "subsample"),
    keras3=Spelling(
        "tdmigrate.compat.LocallyConnected2D",
        {
            **IMAGE,
            **KERNEL,
            "nb_filter": Renamed("filters"),
            **gathered(ROW_COL),
            "subsample": Renamed("strides"),
            "border_mode": _UNPADDED,
            "init": INIT_OF_ANY_RANK,
        },
        signature="filters, kernel_size, strides=(1, 1), data_format=None, activation=None",
        since=SINCE_1_0,
    ),
    layout=Layout(),
    ranks=(4,),
    first="image",
)

ENTRIES: tuple[Layer, ...] = (LOCALLY_CONNECTED_1D, LOCALLY_CONNECTED_2D)
