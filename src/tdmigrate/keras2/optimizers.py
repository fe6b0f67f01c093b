"""Optimizers of Keras 2, as its releases up to 2.2 had them, then as 2.3 and tf.keras had them."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Dropped, Folded, Function, Parameter, Renamed, Text, Values
from tdmigrate.keras2.words import Silent, function

KIND = "optimizer"
_PACKAGE = "keras.optimizers"

# lr / (1 + decay * iterations)
_SCHEDULE = Text("InverseTimeDecay({}, 1, {0})", (Import("keras.optimizers.schedules", "InverseTimeDecay"),))
_RAISES = "`decay` makes the rate a schedule: LearningRateScheduler and ReduceLROnPlateau, which set it, raise then"


def _decay(into: str) -> Folded:
    return Folded(into, _SCHEDULE, harmless=(0, 0.0), note=_RAISES)


_EPSILON = Renamed("epsilon", Values({None: Text("1e-07")}))
_SCHEDULED = Dropped("Keras 3's Nadam has a fixed schedule: other steps", note=True)

# name → what followed the rate up to 2.2, and what follows it in Keras 3
_ALL: Mapping[str, tuple[str, str]] = {
    "SGD": ("momentum=0.0, decay=0.0, nesterov=False", "momentum=0.0, nesterov=False"),
    "RMSprop": ("rho=0.9, epsilon=None, decay=0.0", "rho=0.9, momentum=0.0, epsilon=1e-07, centered=False"),
    "Adagrad": ("epsilon=None, decay=0.0", "initial_accumulator_value=0.1, epsilon=1e-07"),
    "Adadelta": ("rho=0.95, epsilon=None, decay=0.0", "rho=0.95, epsilon=1e-07"),
    "Adam": (
        "beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, amsgrad=False",
        "beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=False",
    ),
    "Adamax": ("beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0", "beta_1=0.9, beta_2=0.999, epsilon=1e-07"),
    "Nadam": (
        "beta_1=0.9, beta_2=0.999, epsilon=None, schedule_decay=0.004, decay=0.0",
        "beta_1=0.9, beta_2=0.999, epsilon=1e-07",
    ),
}
_RATES = {"SGD": "0.01", "Adagrad": "0.01", "Adadelta": "1.0", "Adamax": "0.002", "Nadam": "0.002"}
_RATE = "0.001"
_NEW_RATES = {"SGD": "0.01"}

_INSIDE = "Keras 3 adds epsilon inside the root, Keras 2 outside: steps differ where gradients are small"
NOTES = {
    "RMSprop": _INSIDE,
    "Adagrad": _INSIDE,
    "Nadam": "Keras 3 schedules its momentum otherwise: steps differ by a percent or so",
}
_CLIPS = (
    "Keras 2.0–2.3 scaled all gradients by their common norm, which is `global_clipnorm`; Keras 3 takes each by its "
    "own, as tf.keras did"
)


def _rate(name: str) -> Silent:
    said = f"Keras 2.0–2.3 had lr={_RATES[name]} by default; Keras 3 has {_RATE}, as tf.keras had: other steps"
    return Silent(("lr", "learning_rate"), said)


_ACCUMULATORS = (
    "Keras 2.0–2.3 began with 0.0 in its accumulators; Keras 3 begins with 0.1, as tf.keras did: other steps"
)
SILENT: Mapping[str, tuple[Silent, ...]] = {
    "Adagrad": (_rate("Adagrad"), Silent(("initial_accumulator_value",), _ACCUMULATORS)),
    **{name: (_rate(name),) for name in ("Adadelta", "Adamax", "Nadam")},
}
# arguments that call for a word
TOLD: Mapping[str, str] = {"clipnorm": _CLIPS}


def _variants(name: str) -> tuple[Function, ...]:
    """By the releases up to 2.2, then by 2.3 and tf.keras."""
    old, new = _ALL[name]
    path = f"{_PACKAGE}.{name}"
    common: dict[str, Parameter] = {"epsilon": _EPSILON}
    if name == "Nadam":
        common["schedule_decay"] = _SCHEDULED
    modern = f"learning_rate={_NEW_RATES.get(name, _RATE)}, {new}, **kwargs"
    before = function(
        name,
        path,
        KIND,
        f"lr={_RATES.get(name, _RATE)}, {old}",
        None,
        {**common, "lr": Renamed("learning_rate"), "decay": _decay("lr")},
        modern,
        note=NOTES.get(name),
    )
    after = function(
        name,
        path,
        KIND,
        f"learning_rate={_NEW_RATES.get(name, _RATE)}, {new}, *, decay=0.0, schedule_decay=0.004",
        None,
        {**common, "decay": _decay("learning_rate")},
        modern,
        note=NOTES.get(name),
    )
    return before, after


# the first of each that takes a call is meant
VARIANTS: Mapping[str, tuple[Function, ...]] = {f"{_PACKAGE}.{name}": _variants(name) for name in _ALL}
# keras.optimizers.adam, and keras.optimizers.legacy.Adam
ALIASES: Mapping[str, str] = {
    **{f"{_PACKAGE}.{name.lower()}": f"{_PACKAGE}.{name}" for name in _ALL},
    **{f"{_PACKAGE}.legacy.{name}": f"{_PACKAGE}.{name}" for name in (*_ALL, "Ftrl")},
}
NAMES = tuple(_ALL)
