"""First weights that Keras 3 draws otherwise, unless exact style says how. No layer is known here by name."""

from __future__ import annotations

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Layer, Parameter, Renamed, Spelling
from tdmigrate.rules.context import Context
from tdmigrate.rules.spreads import settle
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import LayerUse

_TOLD = (
    "Keras 3 draws its first weights, and those of layers like it, otherwise (traps B1 to B7); exact style draws them "
    "as Keras 1 did"
)


def tell(ctx: Context, use: LayerUse, entry: Layer, spelling: Spelling) -> None:
    """Say it once a file, at the first layer of which it is so."""
    if any(finding.message.endswith(_TOLD) for finding in ctx.findings):
        return
    if entry.kernels:
        spelling = settle(ctx, use, entry, spelling)
    if any(_differs(use, entry, name, one) for name, one in spelling.parameters.items()):
        message = f"{entry.name}: {_TOLD}"
        ctx.add("K206", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)


def _differs(use: LayerUse, entry: Layer, name: str, parameter: Parameter) -> bool:
    """Whether exact style would write another initializer for this argument."""
    if not isinstance(parameter, Renamed) or not parameter.to.endswith("initializer") or use.bound.starred:
        return False
    argument = use.bound.arguments.get(name)
    if argument is None and not parameter.pin_exact:
        return False
    form = signature(entry.signatures[use.bound.version])
    if argument is None and name not in form.names():
        return False
    if parameter.exact_from is not None:
        return True
    value = argument.value if argument is not None else form.default(name)
    if not isinstance(value, str) or parameter.exact is None:
        return False
    now = parameter.values.literal.get(value) if parameter.values is not None else None
    return parameter.exact.literal.get(value) != now
