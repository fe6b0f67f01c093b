"""Pooling layers: keras.layers.convolutional up to 1.0.5, keras.layers.pooling from 1.0.6 on."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1 import shape_rules as shapes
from tdmigrate.keras1.entry import Dropped, Instead, Layer, Layout, Parameter, Renamed, Spelling, Window
from tdmigrate.keras1.layers.convolutional import PADDING, SAME_ON_THEANO
from tdmigrate.keras1.layers.words import COMMON, IMAGE, UNTOUCHED, paths

_IGNORE_BORDER = Dropped("what is left over at the end was pooled too", ask=True, harmless=(True,))


def _on_theano(spelling: Spelling, versions: str) -> tuple[Instead, ...]:
    """The pool of compat, which pads as Theano did; it takes the same arguments."""
    name = spelling.path.rpartition(".")[2]
    why = "for 'same' Theano added as much on both sides (trap C15)"
    return (
        Instead(
            spelling._replace(path=f"tdmigrate.compat.{name}"),
            why,
            versions,
            ("border_mode", ("valid",)),
            backend="theano",
            padded=True,
        ),
    )


def _paths(name: str, versions: str) -> dict[str, str]:
    """Both homes; the old one still gives the names in 1.x."""
    return {**paths("convolutional", name, versions), f"keras.layers.pooling.{name}": "1.0.6-1.2"}


def _sequences(name: str, versions: str, signatures: Mapping[str, str], required: bool) -> Layer:
    parameters: dict[str, Parameter] = {
        **COMMON,
        "pool_length": Renamed("pool_size", pin=True, trap="C17"),
        "stride": Renamed("strides"),
        "border_mode": PADDING,
        **({"ignore_border": _IGNORE_BORDER} if versions.startswith("0.1") else {}),
    }
    pool = "pool_size" if required else "pool_size=2"
    spelling = Spelling(
        f"keras.layers.{name}",
        parameters,
        UNTOUCHED,
        signature=f"{pool}, strides=None, padding='valid', data_format=None, name=None",
    )
    return Layer(
        name=name,
        paths=_paths(name, versions),
        signatures=signatures,
        shape=shapes.pooling(1),
        keras3=spelling,
        instead=_on_theano(spelling, "0.3-1.2"),
        layout=Layout(),
        ranks=(3,),
        theano=(SAME_ON_THEANO,),
        window=Window(("pool_length",), "stride", pool=True),
    )


_SEQUENCE = "pool_length=2, stride=None, border_mode='valid', **kwargs"
_BORDER = "stride=None, ignore_border=True, **kwargs"


def _images(kind: str, axes: int, versions: str, older: Mapping[str, str]) -> Layer:
    name = f"{kind}Pooling{axes}D"
    pool = ", ".join(["2"] * axes)
    start = versions.partition("-")[0]
    text = f"pool_size=({pool}), strides=None, border_mode='valid', dim_ordering="
    parameters: dict[str, Parameter] = {
        **IMAGE,
        "pool_size": Renamed("pool_size", pin=True, trap="C17"),
        "border_mode": PADDING,
    }
    if older:
        parameters["poolsize"] = parameters["pool_size"]
        parameters.update(stride=Renamed("strides"), ignore_border=_IGNORE_BORDER)
    default = "" if kind == "Average" else f"=({pool})"
    spelling = Spelling(
        f"keras.layers.{name}",
        parameters,
        signature=f"pool_size{default}, strides=None, padding='valid', data_format=None, name=None",
    )
    return Layer(
        name=name,
        paths=_paths(name, versions),
        signatures={
            **older,
            ("0.3" if older else start): f"{text}'th', **kwargs",
            "1.0.4": f"{text}'default', **kwargs",
        },
        shape=shapes.pooling(axes),
        keras3=spelling,
        instead=_on_theano(spelling, "0.3-1.2"),
        layout=Layout(),
        ranks=(axes + 2,),
        theano=(SAME_ON_THEANO,),
        window=Window(("pool_size",), "strides", pool=True),
    )


def _global(kind: str, axes: int) -> Layer:
    name = f"Global{kind}Pooling{axes}D"
    versions = "1.1.1-1.2" if axes == 3 else "1.1-1.2"
    sequence = axes == 1
    return Layer(
        name=name,
        paths=paths("pooling", name, versions),
        signatures={versions.partition("-")[0]: "**kwargs" if sequence else "dim_ordering='default', **kwargs"},
        shape=shapes.global_pooling(axes),
        keras3=Spelling(
            f"keras.layers.{name}",
            COMMON if sequence else IMAGE,
            UNTOUCHED if sequence else (),
            signature="data_format=None, keepdims=False",
        ),
        layout=Layout(),
        ranks=(axes + 2,),
    )


MAX_POOLING_1D = _sequences(
    "MaxPooling1D", "0.1-1.2", {"0.1": f"pool_length=2, {_BORDER}", "0.3": _SEQUENCE}, required=False
)

ENTRIES: tuple[Layer, ...] = (
    MAX_POOLING_1D,
    _sequences("AveragePooling1D", "0.3.1-1.2", {"0.3.1": _SEQUENCE}, required=True),
    _images("Max", 2, "0.1-1.2", {"0.1": f"poolsize=(2, 2), {_BORDER}", "0.2": f"pool_size=(2, 2), {_BORDER}"}),
    _images("Average", 2, "0.3.1-1.2", {}),
    _images("Max", 3, "0.3.3-1.2", {}),
    _images("Average", 3, "0.3.3-1.2", {}),
    *(_global(kind, axes) for axes in (1, 2, 3) for kind in ("Max", "Average")),
)
