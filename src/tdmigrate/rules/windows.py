"""The windows of a layer's call along each length of its input, as far as the source tells them."""

from __future__ import annotations

from collections.abc import Sequence

from tdmigrate.keras1.entry import Layer, Ordered, Spelling
from tdmigrate.keras1.orderings import FORMATS
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import LayerUse


class Along(NamedTuple):
    """A window along one length."""

    size: int  # with the gaps of its dilation
    stride: int
    length: object  # of what it slides along, where it is known

    def in_front(self) -> int | None:
        """How much the 'same' of Keras 3 adds in front; None: that hangs on a length which is not known."""
        if self.size == 1 or self.stride == 1:
            return (self.size - 1) // 2
        if not isinstance(self.length, int):
            return None
        steps = -(-self.length // self.stride)
        return max((steps - 1) * self.stride + self.size - self.length, 0) // 2


def windows(ctx: Context, use: LayerUse, entry: Layer) -> list[Along] | None:
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
    lengths = _lengths(ctx, use, entry, arguments, axes)
    return [
        Along((size - 1) * rate + 1, stride, length)
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


def _lengths(
    ctx: Context, use: LayerUse, entry: Layer, arguments: LegacyArguments, axes: int
) -> tuple[object, ...]:
    shape: object = use.inputs
    if entry.window is not None and entry.window.output:  # a transposed one slides along the output
        shape = arguments.get(entry.window.output)
    ordering = "tf" if axes == 1 else told(ctx, use, entry.keras3)
    if not isinstance(shape, (tuple, list)) or len(shape) != axes + 2 or ordering is None:
        return (None,) * axes
    return tuple(shape[2:] if ordering == "th" else shape[1:-1])


def told(ctx: Context, use: LayerUse, spelling: Spelling | None) -> str | None:
    """The ordering of a layer, "th" or "tf"; None: it is not known here."""
    for name, parameter in spelling.parameters.items() if spelling is not None else ():
        argument = use.bound.arguments.get(name)
        if isinstance(parameter, Ordered) and argument is not None and argument.value != "default":
            return argument.value if isinstance(argument.value, str) and argument.value in FORMATS else None
    return ctx.era.channels
