"""The layer of Keras 3 that a Merge or merge is now, and what only a person can decide about it."""

import ast
from collections.abc import Sequence

from tdmigrate.findings import Import, Span
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.layers.merging import MODES
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import Argument, FunctionUse
from tdmigrate.understanding.shapes import UNKNOWN

Pieces = tuple[str | Span, ...]
OLD = parse("0.1-0.3")
# arguments that say which output of a layer is meant, where it has several
_INDICES = ("node_indices", "tensor_indices")


_UNKNOWN_MASKS = (
    "if its inputs have masks: Keras 1 kept a step where all of them had it (0.x dropped the masks), Keras 3 where any "
    "has it (trap C23)"
)
_MULTIPLIED = (
    "at a step that the masks leave out it gives zeros now, where Keras 1 gave the product (trap C23): see whether "
    "something reads those steps"
)
_OLD_AXES = (
    "if this is a source for Keras 0.3: there, `dot_axes=n` was the last n axes of the first input and the first n of "
    "the second (trap C22)"
)


class Ask(NamedTuple):
    """Why only a person can decide, and what to write."""

    reason: str


class Layered(NamedTuple):
    """The layer that a merge is now: ``pieces`` make it; ``outer`` makes one that is called on its output."""

    pieces: Pieces
    path: str
    imports: tuple[Import, ...]
    text: str  # the layer in short, for messages
    outer: str | None = None
    notes: tuple[str, ...] = ()

    def on(self, *inputs: str | Span) -> Pieces:
        """The layer called on inputs."""
        called: Pieces = (*self.pieces, "(", *inputs, ")")
        return called if self.outer is None else (f"{self.outer}(", *called, ")")


def layered(ctx: Context, use: FunctionUse) -> Layered | Ask:
    """The layer of Keras 3 that computes what a Merge or merge did."""
    assert isinstance(use.entry, Function)
    bound = use.bound
    if bound is None or bound.starred or bound.unknown or bound.surplus or bound.spread:
        return Ask(f"its arguments cannot be told from here; {use.entry.person}")
    if ctx.names.resolve(use.node.func) is None:
        return Ask(f"it is called through something that may be another function; {use.entry.person}")
    for name in _INDICES:
        if is_given(bound.arguments.get(name)):
            return Ask(f"`{name}` is gone: merge the very tensors; {use.entry.person}")
    function = bound.arguments.get("function")
    if function is not None:  # LambdaMerge
        return _Speller(ctx, use).function(function)
    mode = bound.arguments.get("mode")
    if mode is not None and _is_function(ctx, mode.node):
        return _Speller(ctx, use).function(mode)
    word = "sum" if mode is None else mode.value if _is_written(ctx, mode.node) else UNKNOWN
    if not isinstance(word, str) or word not in MODES:
        shown = "`mode` cannot be told from here" if word is UNKNOWN else f"mode {word!r} is gone"
        return Ask(f"{shown}; {use.entry.person}")
    return _Speller(ctx, use).word(word)


class _Speller:
    """Writes the layer for one call."""

    def __init__(self, ctx: Context, use: FunctionUse) -> None:
        assert use.bound is not None
        self.ctx = ctx
        self.use = use
        self.given = use.bound.arguments
        self.old = is_given(use.bound.arguments.get("layers")) and ctx.era.assumed.within(OLD)
        # the function, and Merge without layers, came with 1.0
        self.doubtful = is_given(use.bound.arguments.get("layers")) and not self.old and ctx.era.versions.meets(OLD)

    def word(self, mode: str) -> Layered | Ask:
        if mode == "cos":
            return self._cosine()
        masks = self.use.merging.masks
        notes: tuple[str, ...] = ()
        if mode != "dot":
            if masks == "several" or (masks == "same" and self.old):
                return Ask(self._masked(mode))
            if masks == "open" or (masks == "same" and self.doubtful):
                notes = (_UNKNOWN_MASKS,)
            elif masks == "same" and mode == "mul":
                notes = (_MULTIPLIED,)
        arguments: list[tuple[str, Pieces]] = []
        if mode == "concat":
            axis = self.given.get("concat_axis")
            if axis is not None and axis.value == 0:
                return Ask("`concat_axis=0` puts the samples of one input after those of the other: by hand")
            if axis is not None:
                arguments.append(("axis", (self.ctx.span(axis.node),)))
        elif mode == "dot":
            axes = self._axes()
            if isinstance(axes, Ask):
                return axes
            arguments.append(("axes", (axes,)))
            if self.doubtful and not self._are_vectors() and self._is_count():
                notes = (_OLD_AXES,)
        return self._layer(MODES[mode], arguments, notes=notes)

    def function(self, mode: Argument) -> Layered | Ask:
        """A mode that is a function of the list of tensors."""
        arguments: list[tuple[str, Pieces]] = [("function", (self.ctx.span(mode.node),))]
        if not {"mask", "train"}.isdisjoint(_parameters(self.ctx, mode.node)):
            return Ask("its function takes masks or `train`: write `Lambda(function)`, a function of the tensors alone")
        if is_given(self.given.get("output_mask")):
            return Ask("`output_mask` is `Lambda(function, mask=…)` now, a function of the tensors and the masks")
        for name in ("output_shape", "arguments"):
            argument = self.given.get(name)
            if argument is not None and is_given(argument):
                arguments.append((name, self._shape(argument.node)))
        return self._layer("keras.layers.Lambda", arguments)

    def _shape(self, node: ast.expr) -> Pieces:
        """An argument of Lambda: a shape is a tuple there, never a list."""
        if not isinstance(node, ast.List) or any(isinstance(one, ast.Starred) for one in node.elts):
            return (self.ctx.span(node),)
        members: list[str | Span] = []
        for one in node.elts:
            members += [self.ctx.span(one), ", "]
        return ("(", *members[:-1], ",)" if len(node.elts) == 1 else ")")

    def _cosine(self) -> Layered | Ask:
        dot = "`Dot(axes=…, normalize=True)`"
        if any(dims is None or len(dims) != 2 for dims in self.use.merging.inputs) or not self.use.merging.inputs:
            return Ask(f"mode 'cos' is {dot} for inputs (batch, features), which these are not known to be")
        if self.old:
            axes = self.given.get("dot_axes")
            if axes is None or _old_axes(axes.value) not in ("(-1, 1)", "(1, 1)"):
                return Ask(f"mode 'cos' with these `dot_axes`: {dot}")
            return self._layer("keras.layers.Dot", [("axes", ("1",)), ("normalize", ("True",))])
        axes_now = self._axes()
        if isinstance(axes_now, Ask):
            return axes_now
        note = (
            "mode 'cos' gave (batch, 1, 1), where Keras 1 believed (batch, 1): Reshape((1, 1)) keeps that. It divided "
            "by the product of both norms, at least epsilon; Dot takes each norm to be at least epsilon (trap C21)"
        )
        if self.doubtful:
            note += ". Keras 0.3 gave (batch, 1)"
        spelled = self.ctx.name("keras.layers.Reshape")
        arguments = [("axes", (axes_now,)), ("normalize", ("True",))]
        layer = self._layer("keras.layers.Dot", arguments, notes=(note,))
        return layer._replace(outer=f"{spelled.text}((1, 1))", imports=(*layer.imports, *spelled.imports))

    def _axes(self) -> str | Span | Ask:
        """The ``axes`` of Dot."""
        axes = self.given.get("dot_axes")
        if axes is None:
            return "-1"
        if self.old and not _is_written(self.ctx, axes.node):
            return Ask("`dot_axes` cannot be told from here: write `Dot(axes=(i, j))`")
        if axes.value == -1:
            return self.ctx.span(axes.node)
        if self.old or _is_nested(axes.value):
            old = _old_axes(axes.value)
            if old is not None:
                return old
        elif axes.value != 0:
            return self.ctx.span(axes.node)
        return Ask(
            "`dot_axes` of Keras 0.x named how many axes, or [axes, axes]; of 1.x one axis of each: "
            "write `Dot(axes=(i, j))`"
        )

    def _is_count(self) -> bool:
        """Whether ``dot_axes`` may be a number that was another thing in 0.x."""
        axes = self.given.get("dot_axes")
        return axes is not None and axes.value != -1 and not isinstance(axes.value, (tuple, list))

    def _are_vectors(self) -> bool:
        inputs = self.use.merging.inputs
        return bool(inputs) and all(dims is not None and len(dims) == 2 for dims in inputs)

    def _masked(self, mode: str) -> str:
        layer = MODES[mode].rpartition(".")[2]
        if self.old:
            return f"Keras 0.x dropped the masks of what it merged, `{layer}` passes them on (trap C23)"
        return (
            f"`{layer}` keeps a step where any of its inputs has it, Keras 1 where all had it, and these have masks "
            "that may differ (trap C23)"
        )

    def _layer(self, path: str, arguments: Sequence[tuple[str, Pieces]], notes: tuple[str, ...] = ()) -> Layered:
        func = self.use.node.func
        # a name may be the source's own for it
        symbol = None if isinstance(func, ast.Name) else self.ctx.names.resolve(func)
        spelled = self.ctx.name(path) if symbol is None else self.ctx.spell(func, symbol, path)
        name = self.given.get("name")
        if name is not None and is_given(name):
            arguments = [*arguments, ("name", (self.ctx.span(name.node),))]
        pieces: list[str | Span] = []
        for index, (keyword, value) in enumerate(arguments):
            pieces += [f"{', ' if index else ''}{keyword}=" if keyword != "function" else "", *value]
        text = "".join(piece if isinstance(piece, str) else "…" for piece in pieces)
        shown = f"{path.rpartition('.')[2]}({text})"
        return Layered((f"{spelled.text}(", *pieces, ")"), path, spelled.imports, shown, None, notes)


def _old_axes(value: object) -> str | None:
    """``axes`` for ``dot_axes`` of 0.3 (keras/layers/core.py of 0.3.3), where it sums over one axis of each.

    A number n was the last n axes of the first input and the first n behind the batch of the second; numbers below 0,
    the axes from there on, of both.
    """
    if value == 1:
        return "(-1, 1)"
    if _is_nested(value):
        assert isinstance(value, (tuple, list))
        first, second = ([*one] for one in value)
        if len(first) == len(second) == 1 and all(type(one) is int and one > 0 for one in (*first, *second)):
            return f"({first[0]}, {second[0]})"
    return None


def _is_nested(value: object) -> bool:
    return isinstance(value, (tuple, list)) and len(value) == 2 and all(isinstance(v, (tuple, list)) for v in value)


def is_given(argument: Argument | None) -> bool:
    return argument is not None and argument.value is not None


def _is_written(ctx: Context, node: ast.expr) -> bool:
    """Whether the source says a value once and for all: written here, or the module's constant."""
    if isinstance(node, ast.Name):
        return node.id in ctx.constants
    return not any(isinstance(one, ast.Name) for one in ast.walk(node))


def _is_function(ctx: Context, node: ast.expr) -> bool:
    return isinstance(node, ast.Lambda) or _definition(ctx, node) is not None


def _definition(ctx: Context, node: ast.expr) -> ast.FunctionDef | None:
    """The one function of the source that a name stands for."""
    if not isinstance(node, ast.Name):
        return None
    found = [one for one in ctx.module.nodes if isinstance(one, ast.FunctionDef) and one.name == node.id]
    return found[0] if len(found) == 1 else None


def _parameters(ctx: Context, node: ast.expr) -> tuple[str, ...]:
    function = node if isinstance(node, ast.Lambda) else _definition(ctx, node)
    return tuple(one.arg for one in function.args.args) if function is not None else ()
