"""Initial distributions of kernels whose axes are others now (traps B5 and B7). No layer is known here by name."""

from __future__ import annotations

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Kernel, Layer, Renamed, Spelling, Text, Values
from tdmigrate.keras1.initializers import (
    INITIALIZERS_EXACT,
    ORTHOGONAL,
    SCALED,
    by_fans,
    by_rows,
    exact_of,
    per_gate,
)
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import Context
from tdmigrate.rules.windows import told
from tdmigrate.understanding.facts import LayerUse

_LENGTHS_COUNT = parse("1.0.4").lo  # from here on fan-out counted the lengths of the kernel, as fan-in did
_ORDERING_TOLD = parse("1.2.1").lo  # from here on initializers were told which axes are the channels
_MEAN = ("glorot_normal", "glorot_uniform")  # scaled by both fans alike


def settle(ctx: Context, use: LayerUse, entry: Layer, spelling: Spelling) -> Spelling:
    """The spelling with initializers that draw as those of Keras 1 did for the kernel as it lay then."""
    release = ctx.era.assumed.hi
    spans = ((parse(kernel.versions), kernel) for kernel in entry.kernels)
    kernel = next((kernel for span, kernel in spans if span.lo <= release <= span.hi), None)
    if kernel is None:
        return spelling
    ordering = "th" if kernel.first == kernel.last else told(ctx, use, entry.keras3)
    if ordering is None and ctx.settings.style != "exact":
        return spelling
    if ordering is None:
        message = f"{entry.name}: its first weights spread by its ordering, which is not known here (trap B5)"
        ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
        return spelling
    gated = entry.layout is not None and entry.layout.gates != ""
    values = _values(kernel, ordering, release, gated)
    parameters = {
        name: parameter._replace(exact=values)
        for name, parameter in spelling.parameters.items()
        if isinstance(parameter, Renamed) and parameter.exact is INITIALIZERS_EXACT
    }
    return spelling._replace(parameters={**spelling.parameters, **parameters})


def _values(kernel: Kernel, ordering: str, release: int, gated: bool) -> Values:
    """``gated``: of a layer that drew a kernel for each of its four gates, and told no initializer the ordering."""
    lay = kernel.first if ordering == "th" else kernel.last
    counted = kernel.first if release >= _ORDERING_TOLD and not gated else lay
    lengths = counted[2:] if release >= _LENGTHS_COUNT else ()
    fan_in, fan_out = _axes(counted[1:]), _axes((counted[0], *lengths))
    *others, inputs, outputs = _axes(lay)
    today = {*others, inputs}, {*others, outputs}
    literal: dict[object, Text] = {}
    for name in SCALED:
        fans = set(fan_in), set(fan_out)
        alike = fans in (today, today[::-1]) if name in _MEAN else fans[0] == today[0]
        if not alike:
            literal[name] = by_fans(name, fan_in, fan_out)
        elif name not in INITIALIZERS_EXACT.literal and gated:
            literal[name] = Text(f"'{name}'")
    if lay[0] != outputs:
        literal[ORTHOGONAL] = by_rows(lay[0] or 0)
    values = exact_of(literal)
    if not gated:
        return values
    drawn: dict[object, Text] = {name: per_gate(values.literal[name], 4) for name in (*SCALED, ORTHOGONAL)}
    return values._replace(literal={**values.literal, **drawn})


def _axes(lay: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(sorted(axis for axis in lay if axis is not None))
