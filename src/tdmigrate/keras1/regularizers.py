"""Regularizers and constraints, by name and as functions (keras/regularizers.py, constraints.py of Keras 0.1–1.2)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Function, Parameter, Renamed, Spelling, Text, Values, Written

# --- by name -------------------------------------------------------------------------------------------------------

_L1L2 = Text(
    "L1L2(l1=0.01, l2=0.01)", (Import("keras.regularizers", "L1L2"),)
)  # Keras 3's own 'l1l2' is (0, 0): trap C30

REGULARIZERS = Values({"l1l2": _L1L2, "identity": Text("None")})  # 'l1' and 'l2' are 0.01 in both

# a name was instantiated with its defaults, summed over the whole batch (trap C28)
ACTIVITY_REGULARIZERS = Values(
    {
        "l1l2": _L1L2,
        **{
            name: Text(f"{name}()", (Import("tdmigrate.compat", name),))
            for name in ("activity_l1", "activity_l2", "activity_l1l2")
        },
    }
)

CONSTRAINTS = Values(
    {
        "maxnorm": Text("'max_norm'"),
        "nonneg": Text("'non_neg'"),
        "unitnorm": Text("'unit_norm'"),
        "identity": Text("None"),  # up to 0.3
    }
)

# --- functions and classes -----------------------------------------------------------------------------------------

_BOTH = {"l1": Renamed("l1", pin=True, trap="C30"), "l2": Renamed("l2", pin=True, trap="C30")}
_PER_BATCH = (Written("batch_mean", Text("True"), "C28", versions="0.1-0.3"),)


def _regularizer(
    name: str,
    keras3: str,
    signature: str,
    modern: str,
    parameters: Mapping[str, Parameter],
    versions: str = "0.1-1.2",
    written: tuple[Written, ...] = (),
) -> Function:
    return Function(
        name=name,
        paths={f"keras.regularizers.{name}": versions},
        signatures={versions.partition("-")[0]: signature},
        keras3=Spelling(keras3, parameters, written, modern),
        kind="regularizer",
    )


def _constraint(
    names: tuple[str, str], keras3: str, signatures: Mapping[str, str], spelling: Spelling
) -> tuple[Function, Function]:
    """The class and its lower-case alias."""
    return (
        Function(
            names[0],
            {f"keras.constraints.{names[0]}": "0.1-1.2"},
            signatures,
            spelling._replace(path=f"keras.constraints.{names[0]}"),
            "constraint",
        ),
        Function(
            names[1],
            {f"keras.constraints.{names[1]}": "0.1-1.2"},
            signatures,
            spelling._replace(path=f"keras.constraints.{keras3}"),
            "constraint",
        ),
    )


_MAX_NORM = Spelling("", {"m": Renamed("max_value")}, signature="max_value=2, axis=0")
# up to 0.3.1 each row of the kernel had norm 1, from 0.3.2 on each column (axis 0, as today)
_UNIT_NORM = Spelling("", {}, (Written("axis", Text("-1"), "C32", versions="0.1-0.3.1"),), "axis=0")

ENTRIES: tuple[Function, ...] = (
    _regularizer("l1", "keras.regularizers.l1", "l=0.01", "l1=0.01", {"l": Renamed("l1", trap="C31")}),
    _regularizer("l2", "keras.regularizers.l2", "l=0.01", "l2=0.01", {"l": Renamed("l2", trap="C31")}),
    _regularizer("l1l2", "keras.regularizers.L1L2", "l1=0.01, l2=0.01", "l1=0.0, l2=0.0", _BOTH),
    _regularizer("WeightRegularizer", "keras.regularizers.L1L2", "l1=0.0, l2=0.0", "l1=0.0, l2=0.0", _BOTH),
    _regularizer("L1L2Regularizer", "keras.regularizers.L1L2", "l1=0.0, l2=0.0", "l1=0.0, l2=0.0", _BOTH, "1.2"),
    _regularizer("activity_l1", "tdmigrate.compat.activity_l1", "l=0.01", "l=0.01", {}, written=_PER_BATCH),
    _regularizer("activity_l2", "tdmigrate.compat.activity_l2", "l=0.01", "l=0.01", {}, written=_PER_BATCH),
    _regularizer(
        "activity_l1l2",
        "tdmigrate.compat.activity_l1l2",
        "l1=0.01, l2=0.01",
        "l1=0.01, l2=0.01",
        {},
        written=_PER_BATCH,
    ),
    _regularizer(
        "ActivityRegularizer",
        "tdmigrate.compat.activity_l1l2",
        "l1=0.0, l2=0.0",
        "l1=0.01, l2=0.01",
        _BOTH,
        written=_PER_BATCH,
    ),
    Function(
        "EigenvalueRegularizer",
        {"keras.regularizers.EigenvalueRegularizer": "1.0.5-1.2"},
        {"1.0.5": "k"},
        None,
        "regularizer",
        person="Keras 3 has no eigenvalue regularizer: write a keras.regularizers.Regularizer with the same formula",
    ),
    *_constraint(("MaxNorm", "maxnorm"), "max_norm", {"0.1": "m=2", "0.3.2": "m=2, axis=0"}, _MAX_NORM),
    *_constraint(("NonNeg", "nonneg"), "non_neg", {"0.1": ""}, Spelling("")),
    *_constraint(("UnitNorm", "unitnorm"), "unit_norm", {"0.1": "", "0.3.2": "axis=0"}, _UNIT_NORM),
    Function(
        "MinMaxNorm",
        {"keras.constraints.MinMaxNorm": "1.2.2"},
        {"1.2.2": "low=0.0, high=1.0, rate=1.0, axis=0"},
        Spelling(
            "keras.constraints.MinMaxNorm",
            {"low": Renamed("min_value"), "high": Renamed("max_value")},
            signature="min_value=0.0, max_value=1.0, rate=1.0, axis=0",
        ),
        "constraint",
    ),
)
