"""The endings of files that models and weights of Keras 2 are saved to."""

from __future__ import annotations

from tdmigrate.keras1.callbacks import CHECKPOINT
from tdmigrate.rules import files
from tdmigrate.rules.keras2.context import Keras2

_POLICY = files.Policy(
    taken={"save": (files.MODEL, ".h5", ".hdf5"), CHECKPOINT: (files.MODEL, ".h5")},
    unknown=frozenset(("save_weights",)),
    folders={
        "save": (
            "Keras 3 writes no folder: name a file that ends in '.keras', or write a SavedModel by `model.export(…)`"
        )
    },
    loads=False,  # Keras 3 reads them
)


def check_files(ctx: Keras2) -> None:
    files.check_files(ctx, _POLICY)
