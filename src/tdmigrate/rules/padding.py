"""K220: what Theano added around a sequence, image or volume, where Keras 3 adds it otherwise, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

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
from tdmigrate.rules.windows import told, windows
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


def pads_alike(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    """Whether a layer with 'same' certainly pads in Keras 3 as it did on Theano.

    There half a kernel was added in front, of a pool of k cells k - 1, or k - 2 where k is odd and more than 2, and as
    many windows were taken as TensorFlow takes (keras/backend/theano_backend.py, Keras 1.2.2).
    """
    found = windows(ctx, use, entry)
    if found is None or entry.window is None:
        return False
    if entry.window.output and any(one.size % 2 == 0 for one in found):
        return False  # there, what is over was cut from the wrong length
    front = _pool_front if entry.window.pool else _front
    return all(window.in_front() == front(window.size) for window in found)


def pads_otherwise(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    """Whether a layer with 'same' certainly pads in Keras 3 otherwise than it did on Theano."""
    mode = use.bound.arguments.get("border_mode")
    found = windows(ctx, use, entry)
    if found is None or entry.window is None or entry.window.unsure or mode is None or mode.value != "same":
        return False
    known = all(window.in_front() is not None for window in found)
    return known and not entry.window.output and not pads_alike(ctx, use, entry)


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
    found = windows(ctx, use, entry)
    ordering = _ordering(ctx, use, spelling)
    place = _place(ctx, use)
    if found is None or ordering is None or entry.window is None or entry.window.pool or place is None:
        return spelling
    if entry.window.output:
        return spelling
    if mode.value == "same" and (entry.window.unsure or pads_alike(ctx, use, entry)):
        return spelling
    # as many windows as Theano took: of 'same' the length over the stride, rounded up
    pads = [(one.size - 1,) * 2 if mode.value == "full" else (one.size // 2, (one.size - 1) // 2) for one in found]
    name = ctx.name(f"keras.layers.ZeroPadding{len(found)}D")
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


def _ordering(ctx: Context, use: LayerUse, spelling: Spelling) -> str | None:
    """What a layer before this one is told of its channels; None: that cannot be said."""
    names = [name for name, parameter in spelling.parameters.items() if isinstance(parameter, Ordered)]
    if not names:  # sequences
        return "" if ctx.era.orderings <= {"tf"} else f", data_format={FORMATS['tf']}"
    argument = next((use.bound.arguments[name] for name in names if name in use.bound.arguments), None)
    known = told(ctx, use, spelling)
    if known is not None:
        plain = known == "tf" and (argument is None or argument.value == "default")
        return "" if plain else f", data_format={FORMATS[known]}"
    return "" if argument is None or argument.value == "default" else None


def _place(ctx: Context, use: LayerUse) -> Callable[[str], Edit] | None:
    """How a layer, given as text, comes before this one; None: where this one goes is not known for certain."""
    places = set(use.places)
    if len(places) != 1 or use.bound.starred or use.partial is not None:
        return None
    place = use.places[0]
    if place.kind == "call":
        outer = next((n for n in ctx.module.nodes if isinstance(n, ast.Call) and n.func is use.node), None)
        if outer is None or len(outer.args) != 1 or isinstance(outer.args[0], ast.Starred):
            return None
        span = ctx.span(outer)
        return lambda text: CallEdit(span, arguments=(ArgumentEdit(0, value=f"{text}({{}})"),))
    if place.kind not in ("first", "later"):
        return None
    if place.sequence is not None:
        display, index = ctx.span(place.sequence), place.position
        return lambda text: ElementEdit(display, index, text)
    if place.statement is None or place.adder is None:
        return None
    statement, adder = ctx.span(place.statement), place.adder
    return lambda text: StatementEdit(statement, before=(f"{adder}({text})",))
