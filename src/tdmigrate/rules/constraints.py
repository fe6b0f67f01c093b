"""Constraints on a kernel whose axes are others now (trap C32). No layer and no constraint is known here by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tdmigrate.findings import Import, Severity
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Kernel, Layer, Renamed, Spelling, Text, Values, Written
from tdmigrate.keras1.regularizers import CONSTRAINTS
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import is_none, leaves, moved
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.windows import told
from tdmigrate.understanding.calls import in_force, signature
from tdmigrate.understanding.facts import Argument, FunctionUse, LayerUse

KIND = "constraint"
_HOME = "keras.constraints"
_AXIS = "axis"
_TRAP = "C32"
_WRAPPER = "InOldLayout"

Axes = tuple[int | None, ...]


class _Given(NamedTuple):
    """A constraint that a call of a layer gives for a kernel whose axes are others now."""

    argument: Argument
    axes: Axes | None  # None: the ordering of the layer is not known
    unsure: str  # the releases in which the axes were others still, of those that the source may be for


def settle(ctx: Context, use: LayerUse, entry: Layer, spelling: Spelling) -> Spelling:
    """The spelling with constraints that take the norms which they took, of a kernel with other axes.

    A constraint that is not told in the source is applied to the kernel as it lay.
    """
    for given in _given(ctx, use, entry):
        members = [one for one in leaves(given.argument.node) if not is_none(one)]
        kinds = [_entry_of(ctx, one) for one in members]
        if all(kind is not None and not _has_axis(kind) for kind in kinds):
            continue
        opaque = not all(isinstance(one, ast.Constant) or _call(ctx, one) in ctx.kernels for one in members)
        if given.axes is None or (opaque and (ctx.settings.style == "modern" or members != [given.argument.node])):
            message = (
                "its axis counted along the kernel of Keras 1, and counts along (lengths, inputs, filters) now: see "
                "which norms are meant"
            )
            _note(ctx, use, entry, given, message)
            continue
        if any(isinstance(one, ast.Constant) and _varies(ctx, kind) for one, kind in zip(members, kinds, strict=True)):
            message = "in an early release it had another axis; a later one is assumed (say --keras-version)"
            _note(ctx, use, entry, given, message)
        if given.unsure:
            message = f"in a source for Keras {given.unsure} the kernel had other axes; a later release is assumed"
            _note(ctx, use, entry, given, f"{message} (say --keras-version)")
        spelling = _with_axes(ctx, spelling, given.argument.name, given.axes, opaque)
    return spelling


def _note(ctx: Context, use: LayerUse, entry: Layer, given: _Given, message: str) -> None:
    text = f"{entry.name}: `{given.argument.name}`: {message} (trap {_TRAP})"
    ctx.add("K206", Severity.NOTE, ctx.span(given.argument.node), text, symbol=use.symbol.path)


def _with_axes(ctx: Context, spelling: Spelling, name: str, axes: Axes, opaque: bool) -> Spelling:
    parameter = spelling.parameters[name]
    assert isinstance(parameter, Renamed)
    assert parameter.values is not None
    by_name = parameter.values.literal
    literal = {**by_name, **{known: _by_name(ctx, known, text, axes) for known, text in by_name.items()}}
    other = _wrapped("{}", axes) if opaque else None
    values = parameter.values._replace(literal=literal, modern=CONSTRAINTS.literal, other=other)
    changed = {name: parameter._replace(values=values, trap=_TRAP)}
    later = {key: {**of, **(changed if name in of else {})} for key, of in spelling.since.items()}
    return spelling._replace(parameters={**spelling.parameters, **changed}, since=later)


def _by_name(ctx: Context, name: object, text: Text, axes: Axes) -> Text:
    """What a constraint by name, which is made with its defaults, is now."""
    entry = _named(name)
    if entry is None or entry.keras3 is None or not _has_axis(entry):
        return text
    path = entry.keras3.path.rpartition(".")[2]
    imports = (Import(_HOME, path),)
    axis = _default(entry, in_force(entry, ctx.era.assumed)[0])
    new = moved(axes, axis)
    if new == repr(signature(entry.keras3.signature).default(_AXIS)):
        return CONSTRAINTS.literal[name]
    if new is not None:
        return Text(f"{path}(axis={new})", imports)
    wrapped = _wrapped(f"{path}(axis={axis})", axes)
    return wrapped._replace(imports=(*wrapped.imports, *imports))


def calls(ctx: Context) -> Mapping[ast.Call, Axes]:
    """Calls that make a constraint for such kernels alone, and that can say the new axes; with these."""
    found: dict[ast.Call, Axes] = {}
    named: dict[str, list[tuple[ast.Name, Axes]]] = {}
    for use in ctx.facts.layers:
        for given in _given(ctx, use, use.entry) if isinstance(use.entry, Layer) else ():
            for leaf in leaves(given.argument.node):
                if given.axes is not None and isinstance(leaf, ast.Call):
                    found[leaf] = given.axes
                elif given.axes is not None and isinstance(leaf, ast.Name):
                    named.setdefault(leaf.id, []).append((leaf, given.axes))
    for name, uses in named.items():
        call = ctx.maker(name)
        alike = len({axes for _, axes in uses}) == 1 and len(uses) == len(ctx.loads[name])
        if call is not None and alike:
            found[call] = uses[0][1]
    functions = (use for use in ctx.facts.functions if isinstance(use.entry, Function) and use.entry.kind == KIND)
    makers = {use.node: use for use in functions}
    return {call: axes for call, axes in found.items() if call in makers and _can_say(makers[call], axes)}


def turned(ctx: Context, use: FunctionUse, entry: Function, spelling: Spelling) -> Spelling:
    """The spelling of a constraint with the axes of the kernel that it is for."""
    axes = ctx.kernels.get(use.node)
    if axes is None or use.bound is None or not _has_axis(entry):
        return spelling
    before = moved(axes, _default(entry, next(iter(entry.signatures))))
    written = tuple(one._replace(text=Text(before or "")) for one in spelling.written if one.keyword == _AXIS)
    if _AXIS not in signature(entry.signatures[use.bound.version]).names():
        written = written or (Written(_AXIS, Text(before or ""), _TRAP),)
    parameter = Renamed(_AXIS, Values(axes=axes), pin=True, trap=_TRAP)
    return spelling._replace(parameters={**spelling.parameters, _AXIS: parameter}, written=written)


def _given(ctx: Context, use: LayerUse, entry: Layer) -> Iterator[_Given]:
    for kernel in entry.kernels:
        argument = use.bound.arguments.get(kernel.parameter)
        versions = parse(kernel.versions)
        if argument is None or is_none(argument.node) or not versions.lo <= ctx.era.assumed.hi <= versions.hi:
            continue
        before = [one for one in entry.kernels if one.parameter == kernel.parameter and one.versions != kernel.versions]
        unsure = [one.versions for one in before if ctx.era.versions.meets(parse(one.versions))]
        axes = _axes(ctx, use, kernel)
        if axes != tuple(range(len(kernel.first))):
            yield _Given(argument, axes, unsure[0] if unsure else "")


def _axes(ctx: Context, use: LayerUse, kernel: Kernel) -> Axes | None:
    if kernel.first == kernel.last:
        return kernel.first
    ordering = told(ctx, use, use.entry.keras3)
    return None if ordering is None else kernel.first if ordering == "th" else kernel.last


def _call(ctx: Context, leaf: ast.expr) -> ast.expr | None:
    """The call that makes what an expression stands for; None: which one is not known."""
    return ctx.maker(leaf.id) if isinstance(leaf, ast.Name) else leaf


def _entry_of(ctx: Context, leaf: ast.expr) -> Function | None:
    """The constraint that an expression stands for."""
    if isinstance(leaf, ast.Constant):
        return _named(leaf.value)
    call = _call(ctx, leaf)
    entry = next((use.entry for use in ctx.facts.functions if use.node is call), None)
    return entry if isinstance(entry, Function) and entry.kind == KIND else None


def _named(name: object) -> Function | None:
    entry = registry.lookup(f"{_HOME}.{name}")
    return entry if isinstance(entry, Function) else None


def _has_axis(entry: Function) -> bool:
    return entry.keras3 is not None and _AXIS in signature(entry.keras3.signature).names()


def _default(entry: Function, key: str) -> object:
    """The axis where a call says none, by the signature of this key; where that has none, the one that is written."""
    form = signature(entry.signatures[key])
    if _AXIS in form.names():
        return form.default(_AXIS)
    written = entry.keras3.written if entry.keras3 is not None else ()
    return next((ast.literal_eval(one.text.text) for one in written if one.keyword == _AXIS), 0)


def _varies(ctx: Context, entry: Function | None) -> bool:
    """Whether the axis by default depends on the release."""
    return entry is not None and len({_default(entry, key) for key in in_force(entry, ctx.era.versions)}) > 1


def _can_say(use: FunctionUse, axes: Axes) -> bool:
    """Whether the axis of a call is known, and there still."""
    if use.bound is None or use.bound.starred or not isinstance(use.entry, Function):
        return False
    if not _has_axis(use.entry):
        return True
    given = use.bound.arguments.get(_AXIS)
    keys = {use.bound.version, next(iter(use.entry.signatures))}  # the oldest one's is written, or noted
    wanted = [given.value] if given is not None else [_default(use.entry, key) for key in keys]
    return all(moved(axes, axis) is not None for axis in wanted)


def _wrapped(text: str, axes: Axes) -> Text:
    return Text(f"{_WRAPPER}({text}, {axes})", (Import(COMPAT, _WRAPPER),))
