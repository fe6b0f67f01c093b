"""Lists of weights as Keras 1 laid them out, written as those that Keras 3 takes. No layer is known here by name."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import COMPAT, Context, once
from tdmigrate.rules.windows import told
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import LayerUse

# Layout.convert → what of tdmigrate.compat does the same
_FUNCTIONS: Mapping[str, str] = {
    "convolution": "keras1_kernels", "conv1d": "keras1_kernels_1d", "deconvolution": "keras1_transposed_kernels",
    "separable": "keras1_kernels", "convolution_gates": "keras1_kernels", "highway": "keras1_highway",
}  # fmt: skip
_BOTH = ("highway",)  # these take lists of today too
_UNTURNED = ("separable",)  # there was none on Theano
_KERNELS_SINCE = "1.1"  # a Convolution1D's kernel is laid out as it is by then


class Laid(NamedTuple):
    """How a list of weights is written today.

    ``text``: of the list, ``{}`` standing for it as it was; "": as it was. ``gates``: of Layout, where they are to be
    fused as well. ``ask``: why it cannot be written. ``note``: what was assumed.
    """

    text: str = ""
    imports: tuple[Import, ...] = ()
    gates: str = ""
    ask: str = ""
    note: str = ""

    def of(self, text: str) -> str:
        return self.text.replace("{}", text) if self.text else text


def is_as_before(ctx: Context, layout: Layout) -> bool:
    """Whether lists of Keras 1 are those of today."""
    since = layout.same_from
    return layout.convert == "same" or bool(since and ctx.era.assumed.lo >= parse(since).lo)


def laid_out(ctx: Context, use: LayerUse, layout: Layout, node: ast.expr) -> Laid:
    """The weights ``node`` of the layer that ``use`` makes."""
    if layout.convert == "gates" or is_as_before(ctx, layout):
        return Laid(gates=layout.gates)
    name = _FUNCTIONS.get(layout.convert)
    if name is None:
        return Laid(ask="the arrays are laid out otherwise now")
    spelled = ctx.name(f"{COMPAT}.{name}")
    if layout.convert in _BOTH:
        return Laid(f"{spelled.text}({{}})", spelled.imports)
    own = is_todays(ctx, node)
    if own and layout.convert != "deconvolution":
        return Laid()
    if own is not False:
        return Laid(ask="whether these are arrays of Keras 1's layout or what today's `get_weights` gives is not known")
    note = ""
    if layout.convert == "conv1d":
        ordering: str | None = "th" if ctx.era.assumed.hi < parse(_KERNELS_SINCE).lo else "tf"
        if ordering == "tf" and ctx.era.assumed.lo < parse(_KERNELS_SINCE).lo:
            note = (
                f"before Keras {_KERNELS_SINCE} the kernel had the axes (filters, inputs, length, 1), from then on "
                "(length, 1, inputs, filters); the latter is assumed (say --keras-version)"
            )
    else:
        ordering = told(ctx, use, use.entry.keras3)
    if ordering is None:
        return Laid(ask="how the kernel's axes stand hangs on `dim_ordering`, which is not known")
    backend = "tensorflow" if layout.convert in _UNTURNED or _is_a_point(use) else _backend(ctx)
    if backend is None:
        return Laid(ask="Theano turned the kernel round, TensorFlow did not (trap C14): say --source-backend")
    text = f"{spelled.text}({{}}, {ordering!r}, {backend!r})"
    return Laid(text, spelled.imports, layout.gates, note=note)


def _backend(ctx: Context) -> str | None:
    return ctx.era.backend if ctx.era.backend_told else None


def _is_a_point(use: LayerUse) -> bool:
    """Whether the kernel has one cell along every length, so that turning it round changes nothing."""
    window = use.entry.window if isinstance(use.entry, Layer) else None
    arguments = LegacyArguments(use.bound, use.entry)
    return window is not None and all(arguments.get(name) == 1 for name in window.sizes)


def is_todays(ctx: Context, node: ast.expr) -> bool | None:
    """Whether a list of weights comes from ``get_weights()``, and so is as Keras 3 has it; None: that is not known."""
    return _origin(ctx, node, frozenset()) if _gives_weights(ctx) else False


_GIVES = "get_weights"


@once
def _gives_weights(ctx: Context) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr == _GIVES for one in ctx.module.nodes)


def _origin(ctx: Context, node: ast.expr, seen: frozenset[ast.AST]) -> bool | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == _GIVES:
        return True
    if any(isinstance(one, ast.Attribute) and one.attr == _GIVES for one in ast.walk(node)):
        return None  # taken apart
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    found = {_origin_of_name(ctx, one, seen) for one in names}
    if found == {True} and isinstance(node, ast.Name):
        return True
    return False if found <= {False} else None


def _origin_of_name(ctx: Context, node: ast.Name, seen: frozenset[ast.AST]) -> bool | None:
    found: set[bool | None] = set()
    for binder in ctx.binders(node.id):
        if binder in seen or isinstance(binder, ast.alias):
            continue
        value, whole = _bound_to(ctx, binder)
        if value is not None:
            origin = _origin(ctx, value, seen | {binder})
            found.add(origin if whole else (False if origin is False else None))
        elif isinstance(binder, (ast.FunctionDef, ast.AsyncFunctionDef)):
            gives = any(isinstance(one, ast.Attribute) and one.attr == _GIVES for one in ast.walk(binder))
            found.add(None if gives else False)
        else:
            found.add(None)
    return found.pop() if len(found) == 1 else (False if not found else None)


def _bound_to(ctx: Context, binder: ast.AST) -> tuple[ast.expr | None, bool]:
    """What a name is bound to, and whether as a whole; None: that is not an expression of this module."""
    child, parent = binder, ctx.parents.get(binder)
    while isinstance(parent, (ast.Tuple, ast.List, ast.Starred)):
        child, parent = parent, ctx.parents.get(parent)
    if isinstance(parent, ast.Assign) and child in parent.targets:
        return parent.value, child is binder
    if isinstance(parent, (ast.For, ast.comprehension)) and child is parent.target:
        return parent.iter, False
    if isinstance(parent, ast.withitem):
        return parent.context_expr, False
    return None, False
