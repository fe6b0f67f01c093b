"""Optimizers of Keras 0.1–1.2 (keras/optimizers.py)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import (
    Dropped,
    Folded,
    Function,
    InStyle,
    Parameter,
    Renamed,
    Spelling,
    Text,
    Values,
    Written,
)

# lr / (1 + decay * iterations), trap E1
_DECAY = Folded(
    into="lr",
    text=Text("InverseTimeDecay({}, 1, {0})", (Import("keras.optimizers.schedules", "InverseTimeDecay"),)),
    harmless=(0, 0.0),
    note="`decay` makes the rate a schedule: LearningRateScheduler and ReduceLROnPlateau, which set it, raise then",
    trap="E1",
)

_PARAMETERS: Mapping[str, Parameter] = {
    "lr": Renamed("learning_rate", pin=True, trap="E6"),
    "epsilon": Renamed("epsilon", pin=True, trap="E7"),
    "decay": _DECAY,
    "clipnorm": Renamed("global_clipnorm", trap="E2"),
}

_LAST = (
    "weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99, "
    "ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None, name=None"
)

_INSIDE = "Keras 3 adds epsilon inside the root, Keras 1 outside: steps differ where gradients are small"
# what keeps training from being equal, though all arguments are; up to 1.0.2 Keras 1 added epsilon inside, too
_OTHERWISE = "1.0.3"
_OTHER_STEPS = {
    "RMSprop": f"{_INSIDE} (trap E4)",
    "Adagrad": f"{_INSIDE} (trap E5)",
    "Nadam": "Keras 3 schedules its momentum otherwise: steps differ by a percent or so (trap E9)",
}

# of tables that layers look rows up in
SUMMED = (
    "of a row that a batch takes several times Keras 1 took the sum of the gradients; on TensorFlow the optimizers of "
    "Keras 3 that square or clip them (all but plain SGD) take each by itself"
)

# Optimizer.__init__ took these as **kwargs in every release
_CLIPPING = "*, clipnorm=None, clipvalue=None"
_BOTH_CLIPS = ("clipnorm", "clipvalue")

_COMPAT = "tdmigrate.compat"
_RENAMED: Mapping[str, Parameter] = {"lr": Renamed("learning_rate"), "clipnorm": Renamed("global_clipnorm")}


def _optimizer(
    name: str,
    versions: str,
    signatures: Mapping[str, str],
    modern: str,
    parameters: Mapping[str, Parameter] | None = None,
    written: tuple[Written, ...] = (),
    since: Mapping[str, Mapping[str, Parameter]] | None = None,
) -> Function:
    """With its lower-case alias."""
    given = " " + " ".join(signatures.values())
    known = {key: value for key, value in _PARAMETERS.items() if f" {key}=" in given or key == "clipnorm"}
    return Function(
        name=name,
        paths={f"keras.optimizers.{name}": versions, f"keras.optimizers.{name.lower()}": versions},
        signatures={key: f"{text}, {_CLIPPING}, **kwargs" for key, text in signatures.items()},
        keras3=Spelling(
            f"keras.optimizers.{name}",
            {**known, **(parameters or {})},
            written,
            f"{modern}, {_LAST}",
            since=since or {},
            exclusive=_BOTH_CLIPS,
        ),
        kind="optimizer",
        note=_OTHER_STEPS.get(name),
        note_since=_OTHERWISE,
        styled=InStyle(
            Spelling(f"{_COMPAT}.{name}", _RENAMED, signature=_compat(list(signatures.values())[-1])),
            () if name in _OTHER_STEPS else (("decay",), _BOTH_CLIPS),
            _OTHERWISE,
        ),
    )


def _compat(signature: str) -> str:
    """The parameters of what tdmigrate.compat has, which are those of the last releases."""
    return f"{signature.replace('lr=', 'learning_rate=')}, *, global_clipnorm=None, clipvalue=None"


def _adaptive(start: str, lr: str, betas: str, first: str, old_epsilon: str = "1e-08") -> dict[str, str]:
    """epsilon went from 1e-6 to 1e-8 in 1.0.3 for three of them; ``decay`` came in 1.1.0."""
    before, after = (f"lr={lr}{betas}, epsilon={epsilon}" for epsilon in (old_epsilon, "1e-08"))
    found = {first: before}
    if old_epsilon != "1e-08":
        found["1.0.3"] = after
    found[start] = f"{after}, decay=0.0"
    return found


_BETAS = ", beta_1=0.9, beta_2=0.999"

# --- by name -------------------------------------------------------------------------------------------------------


def by_name(epsilon: str) -> Values:
    """Optimizers that ``compile`` took by name, with Keras 1's defaults written out (trap E10).

    ``epsilon``: Adagrad's, Adadelta's and RMSprop's; where that was 1e-06, all are as they were. 'sgd' is the same.
    """
    early = epsilon == "1e-06"
    arguments = {
        "Adagrad": f"learning_rate=0.01, epsilon={epsilon}, initial_accumulator_value=0.0",
        "Adadelta": f"learning_rate=1.0, epsilon={epsilon}",
        "Adam": "epsilon=1e-08",
        "Adamax": "learning_rate=0.002, epsilon=1e-08",
        "Nadam": "learning_rate=0.002, epsilon=1e-08",
        **({"RMSprop": f"epsilon={epsilon}"} if early else {}),
    }
    literal: dict[object, Text] = {}
    for name, text in arguments.items():
        literal[name] = literal[name.lower()] = Text(f"{name}({text})", (Import("keras.optimizers", name),))
    notes: dict[object, str] = {given: note for name, note in _OTHER_STEPS.items() for given in (name, name.lower())}
    return Values(literal, notes={} if early else notes, dicts=_CONFIG)


_CONFIG = "Keras 3 takes no dict with the name and the settings of an optimizer: make the optimizer"


def by_name_exact() -> Values:
    """As ``by_name("1e-08")``, with the optimizers of tdmigrate.compat where Keras 3's take other steps."""
    known = by_name("1e-08")
    literal = dict(known.literal)
    for name in _OTHER_STEPS:
        literal[name] = literal[name.lower()] = Text(f"{name}()", (Import(_COMPAT, name),))
    return known._replace(literal=literal, notes={})


BY_NAME = Renamed("identifier", by_name("1e-08"), trap="E10", exact=by_name_exact())


ENTRIES: tuple[Function, ...] = (
    _optimizer(
        "SGD",
        "0.1-1.2",
        {"0.1": "lr=0.01, momentum=0.0, decay=0.0, nesterov=False"},
        "learning_rate=0.01, momentum=0.0, nesterov=False",
    ),
    _optimizer(
        "RMSprop",
        "0.1-1.2",
        _adaptive("1.1.0", "0.001", ", rho=0.9", "0.1", "1e-06"),
        "learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-07, centered=False",
        {"epsilon": Renamed("epsilon", pin=True, trap="E4")},
        # Keras 3 adds epsilon inside the root: the value of later releases would be no closer
        since={_OTHERWISE: {"epsilon": Renamed("epsilon", trap="E4")}},
    ),
    _optimizer(
        "Adagrad",
        "0.1-1.2",
        _adaptive("1.1.0", "0.01", "", "0.1", "1e-06"),
        "learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-07",
        {"lr": Renamed("learning_rate", pin=True, trap="E5"), "epsilon": Renamed("epsilon", pin=True, trap="E5")},
        (Written("initial_accumulator_value", Text("0.0"), "E5"),),
    ),
    _optimizer(
        "Adadelta",
        "0.1-1.2",
        _adaptive("1.1.0", "1.0", ", rho=0.95", "0.1", "1e-06"),
        "learning_rate=0.001, rho=0.95, epsilon=1e-07",
        {"lr": Renamed("learning_rate", pin=True, trap="E6"), "epsilon": Renamed("epsilon", pin=True, trap="E6")},
    ),
    _optimizer(
        "Adam",
        "0.1-1.2",
        _adaptive("1.1.0", "0.001", _BETAS, "0.1"),
        "learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=False",
    ),
    _optimizer(
        "Adamax",
        "0.3.1-1.2",
        _adaptive("1.1.0", "0.002", _BETAS, "0.3.1"),
        "learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07",
        {"lr": Renamed("learning_rate", pin=True, trap="E8"), "epsilon": Renamed("epsilon", pin=True, trap="E8")},
    ),
    _optimizer(
        "Nadam",
        "1.0.5-1.2",
        {"1.0.5": f"lr=0.002{_BETAS}, epsilon=1e-08, schedule_decay=0.004"},
        "learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07",
        {
            "lr": Renamed("learning_rate", pin=True, trap="E9"),
            "epsilon": Renamed("epsilon", pin=True, trap="E9"),
            "schedule_decay": Dropped("Keras 3's Nadam has a fixed schedule", note=True, trap="E9"),
        },
    ),
    Function(
        "TFOptimizer",
        {"keras.optimizers.TFOptimizer": "1.1.2-1.2"},
        {"1.1.2": "optimizer"},
        None,
        "optimizer",
        person="Keras 3 takes no TensorFlow optimizer: use the one of keras.optimizers with the same name",
    ),
    Function(
        "get",
        {"keras.optimizers.get": "0.1-1.2"},
        {"0.1": "identifier, kwargs=None"},
        Spelling(
            "keras.optimizers.get",
            {
                "identifier": Renamed("identifier", by_name("1e-06"), trap="E10"),
                "kwargs": Dropped("make the optimizer with these arguments", ask=True, harmless=(None,)),
            },
            signature="identifier",
            since={_OTHERWISE: {"identifier": BY_NAME}},
        ),
        "optimizer",
    ),
    Function(
        "optimizer_from_config",
        {"keras.optimizers.optimizer_from_config": "1.0.7-1.2"},
        {"1.0.7": "config, custom_objects={}", "1.2.1": "config, custom_objects=None"},
        None,
        "optimizer",
        person="Keras 3 has keras.optimizers.deserialize, which takes the settings by their new names only: make the "
        "optimizer itself",
    ),
)
