"""K220: what Theano added around a sequence, image or volume, where Keras 3 adds it otherwise, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tdmigrate.findings import (
    Applicability,
    ArgumentEdit,
    CallEdit,
    Edit,
    ElementEdit,
    Fix,
    Severity,
    StatementEdit,
)
from tdmigrate.keras1.entry import Layer, Ordered, Renamed, Spelling, Text, Values
from tdmigrate.keras1.orderings import FORMATS
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import LayerUse

RULE = Rule(
    code="K220",
    name="theano-padding",
    title="Theano's padding is written out",
    what=(
        "Finds convolutions of sources for Theano with `border_mode='same'`, where the sizes are even or the strides "
        "more than 1, and with `border_mode='full'`."
    ),
    why=(
        "For 'same' Theano added half a kernel on both sides, TensorFlow and Keras 3 the smaller half in front, and "
        "less where strides need less (trap C15). Keras 3 has no 'full' (trap C16)."
    ),
    safety="Safe: a layer that adds the zeros comes before the convolution. Layers behind are one index further.",
    examples=(
        Example(
            "import theano\n"
            "from keras.layers.convolutional import Convolution2D\n"
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential()\n"
            "model.add(Convolution2D(8, 4, 4, border_mode='same', dim_ordering='tf', input_shape=(9, 9, 3)))\n",
            "import theano\n"
            "from keras.layers import Conv2D, Input, ZeroPadding2D\n"
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential()\n"
            "model.add(Input(shape=(9, 9, 3)))\n"
            "model.add(ZeroPadding2D(((2, 1), (2, 1)), data_format='channels_last'))\n"
            "model.add(Conv2D(8, (4, 4), padding='valid', data_format='channels_last'))\n",
        ),
    ),
)


class _Window(NamedTuple):
    """A window along one length."""

    size: int  # with the gaps of its dilation
    stride: int
    length: object  # of the input, where it is known

    def in_front(self) -> int | None:
        """How much the 'same' of Keras 3 adds in front; None: that hangs on a length which is not known."""
        if self.size == 1 or self.stride == 1:
            return (self.size - 1) // 2
        if not isinstance(self.length, int):
            return None
        steps = -(-self.length // self.stride)
        return max((steps - 1) * self.stride + self.size - self.length, 0) // 2


def pads_alike(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    """Whether a layer with 'same' certainly pads in Keras 3 as it did on Theano.

    There half a kernel was added in front, of a pool of k cells k - 1, or k - 2 where k is odd and more than 2, and as
    many windows were taken as TensorFlow takes (keras/backend/theano_backend.py, Keras 1.2.2).
    """
    windows = _windows(ctx, use, entry)
    if windows is None or entry.window is None:
        return False
    front = _pool_front if entry.window.pool else _front
    return all(window.in_front() == front(window.size) for window in windows)


def _front(size: int) -> int:
    return size // 2


def _pool_front(size: int) -> int:
    return size - 2 if size > 2 and size % 2 else size - 1


def write_out(ctx: Context, use: LayerUse, entry: Layer, spelling: Spelling) -> Spelling:
    """Put a layer that adds Theano's zeros before a convolution; the spelling with which that one adds none.

    Elsewhere, and where the sizes are not known, the spelling stays as it is.
    """
    mode = use.bound.arguments.get("border_mode")
    if ctx.era.backend != "theano" or mode is None or mode.value not in ("same", "full"):
        return spelling
    windows = _windows(ctx, use, entry)
    ordering = _ordering(ctx, use, spelling)
    place = _place(ctx, use)
    if windows is None or ordering is None or entry.window is None or entry.window.pool or place is None:
        return spelling
    if mode.value == "same" and (entry.window.unsure or pads_alike(ctx, use, entry)):
        return spelling
    # as many windows as Theano took: of 'same' the length over the stride, rounded up
    pads = [(one.size - 1,) * 2 if mode.value == "full" else (one.size // 2, (one.size - 1) // 2) for one in windows]
    name = ctx.name(f"keras.layers.ZeroPadding{len(windows)}D")
    text = f"{name.text}({_pairs(pads)}{ordering})"
    added = ctx.add(
        RULE.code,
        Severity.WARNING if mode.value == "same" else Severity.ERROR,
        ctx.span(use.node),
        f"{entry.name}: what `border_mode={mode.value!r}` added on Theano is `{text}` "
        f"(trap {'C15' if mode.value == 'same' else 'C16'})",
        symbol=use.symbol.path,
        fix=Fix(Applicability.SAFE, (place(text),), name.imports),
    )
    if not added:
        return spelling
    valid = Renamed("padding", Values({mode.value: Text("'valid'")}))
    return spelling._replace(parameters={**spelling.parameters, "border_mode": valid})


def _pairs(pads: Sequence[tuple[int, int]]) -> str:
    if len(pads) == 1:
        front, back = pads[0]
        return str(front) if front == back else f"({front}, {back})"
    if all(front == back for front, back in pads):
        return f"({', '.join(str(front) for front, _ in pads)})"
    return f"({', '.join(f'({front}, {back})' for front, back in pads)})"


def _windows(ctx: Context, use: LayerUse, entry: Layer) -> list[_Window] | None:
    """The windows along all lengths; None: their sizes are not known."""
    if entry.window is None or entry.ranks is None:
        return None
    axes = entry.ranks[0] - 2
    arguments = LegacyArguments(use.bound, entry)
    sizes = _numbers([arguments.get(name) for name in entry.window.sizes], axes)
    strides = sizes
    given = arguments.get(entry.window.strides)
    if given is not None or not entry.window.pool:
        strides = _numbers([given], axes)
    rates = _numbers([arguments.get(entry.window.rate)], axes) if entry.window.rate else (1,) * axes
    if sizes is None or strides is None or rates is None:
        return None
    lengths = _lengths(ctx, use, entry, axes)
    return [
        _Window((size - 1) * rate + 1, stride, length)
        for size, stride, rate, length in zip(sizes, strides, rates, lengths, strict=True)
    ]


def _numbers(values: Sequence[object], axes: int) -> tuple[int, ...] | None:
    """A number for each length, from arguments for each, or from one for all."""
    if len(values) == 1 and type(values[0]) in (tuple, list):
        values = list(values[0])  # type: ignore[call-overload]
    elif len(values) == 1:
        values = list(values) * axes
    numbers = [value for value in values if isinstance(value, int) and value > 0]
    return tuple(numbers) if len(numbers) == axes == len(values) else None


def _lengths(ctx: Context, use: LayerUse, entry: Layer, axes: int) -> tuple[object, ...]:
    if use.inputs is None or len(use.inputs) != axes + 2:
        return (None,) * axes
    if axes == 1:
        return use.inputs[1:-1]
    ordering = _told(ctx, use, entry.keras3)
    return {"th": use.inputs[2:], "tf": use.inputs[1:-1]}.get(ordering or "", (None,) * axes)


def _told(ctx: Context, use: LayerUse, spelling: Spelling | None) -> str | None:
    """The ordering of a layer, "th" or "tf"; None: it is not known here."""
    for name, parameter in spelling.parameters.items() if spelling is not None else ():
        argument = use.bound.arguments.get(name)
        if isinstance(parameter, Ordered) and argument is not None and argument.value != "default":
            return argument.value if isinstance(argument.value, str) and argument.value in FORMATS else None
    return ctx.era.channels


def _ordering(ctx: Context, use: LayerUse, spelling: Spelling) -> str | None:
    """What a layer before this one is told of its channels; None: that cannot be said."""
    names = [name for name, parameter in spelling.parameters.items() if isinstance(parameter, Ordered)]
    if not names:  # sequences
        return "" if ctx.era.orderings <= {"tf"} else f", data_format={FORMATS['tf']}"
    argument = next((use.bound.arguments[name] for name in names if name in use.bound.arguments), None)
    told = _told(ctx, use, spelling)
    if told is not None:
        plain = told == "tf" and (argument is None or argument.value == "default")
        return "" if plain else f", data_format={FORMATS[told]}"
    return "" if argument is None or argument.value == "default" else None


def _place(ctx: Context, use: LayerUse) -> Callable[[str], Edit] | None:
    """How a layer, given as text, comes before this one; None: where this one goes is not known for certain."""
    places = set(use.places)
    if len(places) != 1 or use.bound.starred or use.partial is not None:
        return None
    place = use.places[0]
    if place.kind == "call":
        outer = next((n for n in ast.walk(ctx.module.tree) if isinstance(n, ast.Call) and n.func is use.node), None)
        if outer is None or len(outer.args) != 1 or isinstance(outer.args[0], ast.Starred):
            return None
        span = ctx.span(outer)
        return lambda text: CallEdit(span, arguments=(ArgumentEdit(0, value=f"{text}({{}})"),))
    if place.kind not in ("first", "later"):
        return None
    if place.sequence is not None:
        display, index = ctx.span(place.sequence), place.position
        return lambda text: ElementEdit(display, index, text)
    if place.statement is None or place.receiver is None:
        return None
    statement, receiver = ctx.span(place.statement), place.receiver
    return lambda text: StatementEdit(statement, before=(f"{receiver}.add({text})",))
