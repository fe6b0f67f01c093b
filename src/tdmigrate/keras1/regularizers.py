"""Regularizers and constraints, by name and as functions (keras/regularizers.py, constraints.py of Keras 0.1–1.2)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Dropped, Function, Parameter, Renamed, Spelling, Text, Values, Written

# --- by name -------------------------------------------------------------------------------------------------------

_L1L2 = Text(
    "L1L2(l1=0.01, l2=0.01)", (Import("keras.regularizers", "L1L2"),)
)  # Keras 3's own 'l1l2' is (0, 0): trap C30

_KNOWN = frozenset(
    ("l1", "l2", "l1l2", "l1_l2", "activity_l1", "activity_l2", "activity_l1l2", "identity")  # 'l1_l2' is Keras 3's
)
# 'l1' and 'l2' are 0.01 in both
REGULARIZERS = Values({"l1l2": _L1L2, "identity": Text("None")}, known=_KNOWN)

_ACTIVITY_DOUBT = (
    "Keras 1.x summed the penalty over the batch, Keras 3.14 and later divides it by the batch size (trap C28): what "
    "comes from elsewhere has to be a regularizer of tdmigrate.compat, such as activity_l2"
)

_ACTIVITY_MODERN: Mapping[object, Text] = {
    "activity_l1": Text("'l1'"), "activity_l2": Text("'l2'"), "activity_l1l2": _L1L2, "l1l2": _L1L2,
}  # fmt: skip


def _activity(arguments: str) -> Values:
    """A name was instantiated with its defaults. Up to 1.1 only the names that begin with activity_ worked."""
    literal: dict[object, Text] = {}
    for kind in ("l1", "l2", "l1l2"):
        name = f"activity_{kind}"
        literal[kind] = literal[name] = Text(f"{name}({arguments})", (Import("tdmigrate.compat", name),))
    return Values(literal, doubt=_ACTIVITY_DOUBT, modern=_ACTIVITY_MODERN, known=_KNOWN)


# summed over the batch from 1.0 on, before that its mean (trap C28)
ACTIVITY_REGULARIZERS_0 = _activity("batch_mean=True")
ACTIVITY_REGULARIZERS = _activity("")

CONSTRAINTS = Values(
    {
        "maxnorm": Text("'max_norm'"),
        "nonneg": Text("'non_neg'"),
        "unitnorm": Text("'unit_norm'"),
        "identity": Text("None"),  # up to 0.3
    },
    known=frozenset(("maxnorm", "nonneg", "unitnorm", "identity", "max_norm", "non_neg", "unit_norm")),
)
# up to 0.3.1 each row of the kernel had norm 1, from 0.3.2 on each column (axis 0, as today)
_ROWS = Text("-1")
CONSTRAINTS_0 = Values(
    {
        **CONSTRAINTS.literal,
        "unitnorm": Text(f"unit_norm(axis={_ROWS.text})", (Import("keras.constraints", "unit_norm"),)),
    },
    modern=CONSTRAINTS.literal,
    known=CONSTRAINTS.known,
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
    activity: Spelling | None = None,
) -> Function:
    return Function(
        name=name,
        paths={f"keras.regularizers.{name}": versions},
        signatures={versions.partition("-")[0]: signature},
        keras3=Spelling(keras3, parameters, written, modern),
        kind="regularizer",
        activity=activity,
    )


def _summed(name: str, signature: str, parameters: Mapping[str, Parameter] | None = None) -> Spelling:
    """What an activity regularizer is now."""
    return Spelling(f"tdmigrate.compat.{name}", parameters or {}, _PER_BATCH, signature)


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
_UNIT_NORM = Spelling("", {}, (Written("axis", _ROWS, "C32", versions="0.1-0.3.1"),), "axis=0")

_L1 = _summed("activity_l1", "l=0.01, batch_mean=False")
_L2 = _summed("activity_l2", "l=0.01, batch_mean=False")
_ACTIVITY_L1L2 = _summed("activity_l1l2", "l1=0.01, l2=0.01, batch_mean=False", _BOTH)


def _spelled(spelling: Spelling, name: str, signature: str) -> Function:
    """One that was an activity regularizer by its name."""
    return _regularizer(name, spelling.path, signature, spelling.signature, spelling.parameters, written=_PER_BATCH)


def _weights(name: str, signature: str, versions: str = "0.1-1.2") -> Function:
    """L1 and L2 at once."""
    keras3 = "keras.regularizers.L1L2"
    return _regularizer(name, keras3, signature, "l1=0.0, l2=0.0", _BOTH, versions, activity=_ACTIVITY_L1L2)


ENTRIES: tuple[Function, ...] = (
    _regularizer("l1", "keras.regularizers.l1", "l=0.01", "l1=0.01", {"l": Renamed("l1", trap="C31")}, activity=_L1),
    _regularizer("l2", "keras.regularizers.l2", "l=0.01", "l2=0.01", {"l": Renamed("l2", trap="C31")}, activity=_L2),
    _weights("l1l2", "l1=0.01, l2=0.01"),
    _weights("WeightRegularizer", "l1=0.0, l2=0.0"),
    _weights("L1L2Regularizer", "l1=0.0, l2=0.0", "1.2"),
    _spelled(_L1, "activity_l1", "l=0.01"),
    _spelled(_L2, "activity_l2", "l=0.01"),
    _spelled(_ACTIVITY_L1L2, "activity_l1l2", "l1=0.01, l2=0.01"),
    _spelled(_ACTIVITY_L1L2, "ActivityRegularizer", "l1=0.0, l2=0.0"),
    Function(
        "EigenvalueRegularizer",
        {"keras.regularizers.EigenvalueRegularizer": "1.0.5-1.2"},
        {"1.0.5": "k"},
        Spelling("tdmigrate.compat.EigenvalueRegularizer", signature="k"),
        "regularizer",
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
    *(
        Function(
            "get",
            {f"keras.{module}.get": "0.1-1.2"},
            {"0.1": "identifier, kwargs=None"},
            Spelling(
                f"keras.{module}.get",
                {
                    "identifier": Renamed("identifier", values),
                    "kwargs": Dropped("make the object with these arguments", ask=True, harmless=(None,)),
                },
                signature="identifier",
            ),
            module.removesuffix("s"),
        )
        for module, values in (("regularizers", REGULARIZERS), ("constraints", CONSTRAINTS))
    ),
)
