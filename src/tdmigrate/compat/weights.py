"""Weights as Keras 0.x and 1.x listed them, set on the layers of today."""

from __future__ import annotations

import io
import os
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import keras
import numpy as np

from tdmigrate.compat.layouts import fuse_gates

Array = Any
Layer = Any
Model = Any


def set_keras1_weights(layer: Layer, weights: Sequence[Array], gates: str = "") -> None:
    """``layer.set_weights(weights)`` with what Keras 1's ``get_weights()`` of that layer gave, or today's gives.

    ``gates``: for LSTM, GRU and a Bidirectional of them, see ``fuse_gates``. A number or shapes that do not fit the
    built layer are a ``ValueError``, as in Keras 1 (set_weights in keras/engine/topology.py of 1.2.2).
    """
    layer.set_weights(fuse_gates(weights, gates) if gates else list(weights))


def with_initial_weights(layer: Layer, weights: Sequence[Array] | None, gates: str = "", of: str = "") -> Layer:
    """``layer`` itself; when it is built, its weights are set: ``weights=[...]`` of a Keras 0.1-1.2 layer.

    As in Keras 1.2.2 (``initial_weights`` in ``build``, such as that of Dense in keras/layers/core.py). None sets
    nothing. The weights are no part of the layer's configuration. ``gates``: see ``set_keras1_weights``. ``of``: the
    attribute of ``layer`` that they are for, "forward_layer" where Keras 1 gave them to the layer inside a
    Bidirectional, whose other one it made anew (keras/layers/wrappers.py of 1.2.2).

    A model that learns its input's shape only from data cannot take them (``ValueError``): begin it with an Input.
    """
    if weights is None:
        return layer
    build = layer.build

    @wraps(build)
    def build_and_set(*args: Any, **kwargs: Any) -> None:
        _refuse_later()
        build(*args, **kwargs)
        set_keras1_weights(getattr(layer, of) if of else layer, weights, gates)

    layer.build = build_and_set
    return layer


def _refuse_later() -> None:
    """Where Keras traces what a model would compute, values that are set would be lost without a word."""
    # ValueError: a stateless scope makes no variable; NotImplementedError: TensorFlow reads none in a graph
    try:
        keras.ops.convert_to_numpy(keras.Variable(np.zeros(()), trainable=False))
    except (NotImplementedError, ValueError) as error:
        message = "initial weights need a model that knows its input's shape: put keras.Input(...) first"
        raise ValueError(message) from error


def load_weights(model: Model, filepath: str) -> None:
    """``model.load_weights(filepath)`` of Keras 1: the weights of its layers, and nothing of its optimizer.

    Keras 1 read layers only (load_weights_from_hdf5_group in keras/engine/topology.py of 1.2.2). Keras 3 also reads the
    learning rate, the moments and the number of steps of an optimizer with as many of them as the file has.
    """
    with _optimizers_kept(model):
        model.load_weights(filepath)


@contextmanager
def _optimizers_kept(model: Model) -> Iterator[None]:
    """The optimizers of a model and of models inside it keep what they have."""
    parts = [model]
    for part in parts:
        parts += getattr(part, "layers", ())
    optimizers = [one for one in (getattr(part, "optimizer", None) for part in parts) if one is not None]
    kept = [(one, keras.ops.convert_to_numpy(one)) for optimizer in optimizers for one in optimizer.variables]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
        yield
    for variable, value in kept:
        variable.assign(value)


def load_weights_by_name(model: Model, filepath: str) -> None:
    """Give each layer of ``model`` the weights that a layer of its name has in the file; leave the others alone.

    ``model.load_weights(filepath, by_name=True)`` of Keras 1.0.3-1.2 (load_weights_from_hdf5_group_by_name in
    keras/engine/topology.py of 1.2.2), of a file that Keras 3 wrote: ``….weights.h5`` or ``….keras``, for which Keras 3
    refuses ``by_name``. Any other file goes to ``load_weights`` of Keras 3.

    Raises:
        ValueError: a layer of the same name has other weights, or the file does not tell names, as those of early
            releases of Keras 3.
    """
    if not str(filepath).endswith((".weights.h5", ".keras")):
        model.load_weights(filepath, by_name=True)
        return
    import h5py

    source: Any = filepath
    if str(filepath).endswith(".keras"):
        with zipfile.ZipFile(filepath) as archive:
            source = io.BytesIO(archive.read("model.weights.h5"))
    with tempfile.TemporaryDirectory() as folder:
        mixed = os.path.join(folder, "mixed.weights.h5")
        model.save_weights(mixed)
        with h5py.File(source, "r") as theirs, h5py.File(mixed, "r+") as ours:
            given, wanted = _layers_by_name(theirs), _layers_by_name(ours)
            if theirs.get("layers") and not given:
                raise ValueError(f"{filepath} does not tell the names of its layers: save it with this Keras")
            for name in given.keys() & wanted.keys():
                del ours[wanted[name]]
                theirs.copy(given[name], ours, wanted[name])
        load_weights(model, mixed)


def _layers_by_name(file: Any) -> dict[str, str]:
    """The groups of a file's own layers by the names of these."""
    groups = {f"layers/{key}": group for key, group in file.get("layers", {}).items()}
    return {
        str(group["vars"].attrs["name"]): place
        for place, group in groups.items()
        if "vars" in group and "name" in group["vars"].attrs
    }
