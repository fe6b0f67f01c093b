"""Initializers by name, and the functions themselves (keras/initializations.py of Keras 0.1–1.2)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Function, Renamed, Spelling, Text, Values

# Keras 3 calls an initializer as f(shape, dtype=…), Keras 1 did as f(shape, name=…)
_FUNCTION = Text("Keras1Initializer({})", (Import("tdmigrate.compat", "Keras1Initializer"),))
_DOUBT = "an initializer that is not a plain name: Keras 3 calls it with (shape, dtype), Keras 1 did with (shape, name)"

# names that Keras 3 resolves only as aliases, or not at all (trap B8)
_RENAMED: dict[object, Text] = {
    "zero": Text("'zeros'"),
    "one": Text("'ones'"),
    "uniform": Text("'random_uniform'"),  # ±0.05 in both
    "normal": Text("'random_normal'"),  # standard deviation 0.05 in both
}

INITIALIZERS = Values(_RENAMED, doubt=_DOUBT, wrapped=_FUNCTION, aliases=frozenset(_RENAMED))

_SCALING = (Import("keras.initializers", "VarianceScaling"),)
_SPREAD: dict[object, Text] = {
    # Keras 1 never truncated its normal distributions (trap B2); its orthogonal matrices were scaled by 1.1 (trap B1)
    "glorot_normal": Text("VarianceScaling(1.0, 'fan_avg', 'untruncated_normal')", _SCALING),
    "he_normal": Text("VarianceScaling(2.0, 'fan_in', 'untruncated_normal')", _SCALING),
    "orthogonal": Text("Orthogonal(gain=1.1)", (Import("keras.initializers", "Orthogonal"),)),
}

INITIALIZERS_EXACT = INITIALIZERS._replace(literal={**_RENAMED, **_SPREAD})

SCALED = ("lecun_uniform", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform")
ORTHOGONAL = "orthogonal"
_COMPAT = "tdmigrate.compat"


def by_fans(name: str, *fans: tuple[int, ...]) -> Text:
    """A distribution scaled by fans that are the lengths of these axes; without axes, those of any other shape."""
    axes = "".join(f", {axes}" for axes in fans)
    return Text(f"FanScaling('{name}'{axes})", (Import(_COMPAT, "FanScaling"),))


def by_rows(axis: int = 0) -> Text:
    """An orthogonal matrix with a row for each index along an axis."""
    return Text(f"RowOrthogonal(1.1{f', {axis}' if axis else ''})", (Import(_COMPAT, "RowOrthogonal"),))


def per_gate(text: Text, count: int) -> Text:
    return Text(f"PerGate({text.text}, {count})", (Import(_COMPAT, "PerGate"), *text.imports))


def exact_of(literal: Mapping[object, Text]) -> Values:
    """The initializers of exact style, but for these."""
    return INITIALIZERS_EXACT._replace(literal={**INITIALIZERS_EXACT.literal, **literal})


# up to 0.3.2 a kernel of three axes had the fans of one for images
KERNELS_OF_FEATURES = exact_of({**{name: by_fans(name, (1, 2), (0,)) for name in SCALED}, ORTHOGONAL: by_rows()})
OF_ANY_RANK = exact_of({**{name: by_fans(name) for name in SCALED}, ORTHOGONAL: by_rows()})


def gates_exact(count: int) -> Values:
    """Initial distributions of a recurrent kernel's ``count`` gates, each drawn by itself as in Keras 1 (trap B3)."""
    plain: dict[object, Text] = {name: Text(f"'{name}'") for name in ("glorot_uniform", "lecun_uniform", "he_uniform")}
    literal = {name: per_gate(text, count) for name, text in {**plain, **_SPREAD}.items()}
    function = per_gate(_FUNCTION, count)
    return INITIALIZERS._replace(literal={**_RENAMED, **literal}, wrapped=function)


_PERSON = "Keras 3 takes an initializer object: use keras.initializers.{} in its place"

# each with its arguments and how it is made now; ``{scale}`` is the argument of that name
_OBJECTS = {
    "uniform": ("scale=0.05", "RandomUniform(-{scale}, {scale})"),
    "normal": ("scale=0.05", "RandomNormal(stddev={scale})"),
    "lecun_uniform": ("", "LecunUniform()"),
    "glorot_normal": ("", "VarianceScaling(1.0, 'fan_avg', 'untruncated_normal')"),
    "glorot_uniform": ("", "GlorotUniform()"),
    "he_normal": ("", "VarianceScaling(2.0, 'fan_in', 'untruncated_normal')"),
    "he_uniform": ("", "HeUniform()"),
    "orthogonal": ("scale=1.1", "Orthogonal(gain={scale})"),
    "identity": ("scale=1", "Identity(gain={scale})"),
    "zero": ("", "Zeros()"),
    "one": ("", "Ones()"),
}


def made(name: str) -> Text:
    """The Keras 3 object for a function of keras.initializations, which is called with a shape."""
    text = _OBJECTS[name][1]
    return Text(text, (Import("keras.initializers", text.partition("(")[0]),))


def _signatures(own: str, fans: bool) -> dict[str, str]:
    start = f"shape, {own}" if own else "shape"
    ordered = f"{start}, name=None, dim_ordering='th'"
    return {"0.1": start, "0.3.2": f"{start}, name=None", "0.3.3" if fans else "1.2.1": ordered}


_FUNCTIONS = tuple(
    Function(
        name=name,
        paths={f"keras.initializations.{name}": "0.1-1.2"},
        signatures=_signatures(own, fans=not own and name not in ("zero", "one")),
        keras3=None,
        kind="initializer",
        person=_PERSON.format(text.replace("{scale}", "scale")),
    )
    for name, (own, text) in _OBJECTS.items()
)

ENTRIES: tuple[Function, ...] = (
    *_FUNCTIONS,
    Function(
        name="get",
        paths={"keras.initializations.get": "0.1-1.2"},
        signatures={"0.1": "identifier", "0.3.3": "identifier, **kwargs"},
        keras3=Spelling(
            "keras.initializers.get", {"identifier": Renamed("identifier", INITIALIZERS)}, signature="identifier"
        ),
        kind="initializer",
        note="what it gives is called as f(shape, dtype=…) now, not as f(shape, name=…), and makes no variable",
    ),
)
