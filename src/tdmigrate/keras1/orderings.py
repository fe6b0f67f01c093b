"""Where images have their channels by default: the setting of keras/backend/common.py, Keras 1.0.4–1.2."""

from __future__ import annotations

from tdmigrate.keras1.entry import Function, Renamed, Spelling, Text, Values

KIND = "ordering"
# dim_ordering → data_format
FORMATS = {"th": "'channels_first'", "tf": "'channels_last'"}


def _paths(name: str) -> dict[str, str]:
    return {f"keras.backend.{home}{name}": "1.0.4-1.2" for home in ("", "common.")}


ENTRIES = (
    Function(
        name="set_image_dim_ordering",
        paths=_paths("set_image_dim_ordering"),
        signatures={"1.0.4": "dim_ordering"},
        keras3=Spelling(
            "keras.backend.set_image_data_format",
            {
                "dim_ordering": Renamed(
                    "data_format", Values({key: Text(text) for key, text in FORMATS.items()}, closed=True)
                )
            },
            signature="data_format",
        ),
        kind=KIND,
    ),
    Function(
        name="image_dim_ordering",
        paths=_paths("image_dim_ordering"),
        signatures={"1.0.4": ""},
        keras3=None,
        kind=KIND,
        person="keras.backend.image_data_format() gives 'channels_first' where it gave 'th', else 'channels_last'",
    ),
)
