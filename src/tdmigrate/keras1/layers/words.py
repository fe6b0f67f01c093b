"""Words that the entries of layers share: paths, parameters that most layers had, and their Keras 3 names."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.activations import ACTIVATIONS
from tdmigrate.keras1.entry import Dropped, Ordered, Parameter, Renamed, Shaped, Text, Values, Weights, Written
from tdmigrate.keras1.initializers import INITIALIZERS, INITIALIZERS_EXACT, OF_ANY_RANK
from tdmigrate.keras1.regularizers import (
    ACTIVITY_REGULARIZERS,
    ACTIVITY_REGULARIZERS_0,
    CONSTRAINTS,
    CONSTRAINTS_0,
    REGULARIZERS,
)
from tdmigrate.keras1.versions import parse

_PACKAGE = "0.3.2-1.2"  # keras/layers/__init__.py was empty before


def paths(module: str, name: str, versions: str) -> dict[str, str]:
    """Where a layer is importable: its module, and ``keras.layers`` from 0.3.2 on."""
    found = {f"keras.layers.{module}.{name}": versions}
    package = parse(versions).narrow(parse(_PACKAGE))
    if package is not None:
        found[f"keras.layers.{name}"] = f"{package.lowest}-{package.highest}"
    return found


# what **kwargs of every layer took (keras/layers/core.py of 0.3.3, keras/engine/topology.py of 1.2.2)
COMMON: Mapping[str, Parameter] = {
    "input_shape": Shaped(),
    "batch_input_shape": Shaped(),
    "input_dtype": Shaped(),
    "create_input_layer": Dropped("Keras 3 makes the input itself"),
    "cache_enabled": Dropped("Keras 3 has no such cache"),
}

INPUT_DIM: Mapping[str, Parameter] = {**COMMON, "input_dim": Shaped()}
SEQUENCE: Mapping[str, Parameter] = {**INPUT_DIM, "input_length": Shaped()}

IMAGE: Mapping[str, Parameter] = {**COMMON, "dim_ordering": Ordered()}
# of layers that had no dim_ordering: the channels came last, and Flatten moved nothing (trap C13)
UNTOUCHED = (Written("data_format", Text("'channels_last'"), "C13", channels_first=True),)

INIT = Renamed("kernel_initializer", INITIALIZERS, trap="B8", exact=INITIALIZERS_EXACT, pin_exact=True)
# of a kernel that is no matrix nor one of a convolution over images
INIT_OF_ANY_RANK = INIT._replace(exact=OF_ANY_RANK, trap="B6")
ACTIVATION = Renamed("activation", ACTIVATIONS)
ACTIVITY = Renamed("activity_regularizer", ACTIVITY_REGULARIZERS_0, trap="C28")
SINCE_1_0: Mapping[str, Mapping[str, Parameter]] = {
    "1.0": {"activity_regularizer": ACTIVITY._replace(values=ACTIVITY_REGULARIZERS)}
}
BIAS = Renamed("use_bias")

# a share of 1 or more dropped nothing in Keras 1, where Keras 3 drops all or raises (trap C35)
DROPPED = Renamed("rate", Values(bounds=(0, 1)), trap="C35")

# of a layer with one kernel and one bias
KERNEL: Mapping[str, Parameter] = {
    "init": INIT,
    "activation": ACTIVATION,
    "weights": Weights(),
    "W_regularizer": Renamed("kernel_regularizer", REGULARIZERS),
    "b_regularizer": Renamed("bias_regularizer", REGULARIZERS),
    "activity_regularizer": ACTIVITY,
    "W_constraint": Renamed("kernel_constraint", CONSTRAINTS),
    "b_constraint": Renamed("bias_constraint", CONSTRAINTS),
    "bias": BIAS,
}

# the same up to 0.3.1, where it differed; and what it became
NORMED_0: Mapping[str, Parameter] = {"W_constraint": Renamed("kernel_constraint", CONSTRAINTS_0, trap="C32")}
SINCE_0_3_2: Mapping[str, Mapping[str, Parameter]] = {"0.3.2": {"W_constraint": KERNEL["W_constraint"]}}

# the same in signatures
REGULARIZED = "W_regularizer=None, b_regularizer=None, activity_regularizer=None, W_constraint=None, b_constraint=None"
