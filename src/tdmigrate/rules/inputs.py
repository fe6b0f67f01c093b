"""K203: the shape that a first layer was told becomes ``Input(...)`` before it."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tdmigrate.findings import Added, ArgumentEdit, Edit, ElementEdit, Import, StatementEdit
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.shape_rules import first_input
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import Argument, LayerUse, Place

RULE = Rule(
    code="K203",
    name="first-layer-shape",
    title="The first layer's input shape is Input(...) now",
    what=(
        "Finds `input_dim`, `input_length`, `input_shape`, `batch_input_shape` and `input_dtype` on a layer. For the "
        "first layer of a container they become an `Input(...)` before it, as what an Embedding there took without a "
        "word does; on any other layer, where Keras 1 ignored them, they go."
    ),
    why=(
        "Keras 3 layers take none of them but `input_shape`, and that one with a warning; a model whose first layer "
        "says no shape has no weights until it sees data."
    ),
    safety="Safe: the same shape, told in the other place.",
    examples=(
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import LSTM\n"
            "\n"
            "model = Sequential()\n"
            "model.add(LSTM(32, input_dim=10, inner_activation='sigmoid'))\n",
            "from keras.models import Sequential\n"
            "from keras.layers import LSTM, Input\n"
            "\n"
            "model = Sequential()\n"
            "model.add(Input(shape=(None, 10)))\n"
            "model.add(LSTM(32, recurrent_activation='sigmoid'))\n",
        ),
    ),
)


class InputPlan(NamedTuple):
    """What becomes of the shape arguments of one layer call."""

    arguments: tuple[ArgumentEdit, ...] = ()
    added: tuple[Added, ...] = ()
    edits: tuple[Edit, ...] = ()  # the new statement or element
    imports: tuple[Import, ...] = ()
    message: str = ""
    ask: str | None = None


def plan_input(ctx: Context, use: LayerUse, entry: Layer, shaped: dict[str, Argument]) -> InputPlan | None:
    """None: the call says no shape, nor is one understood."""
    place = _one_place(use)
    implied = entry.first == "ids" and place is not None and not _is_flattened(ctx, use)
    if not shaped and (not implied or use.bound.starred):
        return None
    drops = tuple(ArgumentEdit(argument.index, drop=True) for argument in shaped.values())
    names = " and ".join(f"`{name}`" for name in shaped)
    kinds = {place.kind for place in use.places}
    if kinds and kinds <= {"later", "call", "inner", "node"}:
        return InputPlan(drops, message=f"{names} goes: only a first layer is told its input's shape")
    shape = _shape(ctx, use, entry, shaped)
    if shape is None:
        return InputPlan(ask=f"{names}: the shape cannot be read from here; add an Input(...) before this layer")
    if place is not None:
        spelled = ctx.name("keras.layers.Input")
        text = f"{spelled.text}({', '.join(shape.input)})"
        edit: Edit
        if place.sequence is not None:
            edit = ElementEdit(ctx.span(place.sequence), place.position, text)
        else:
            assert place.statement is not None
            edit = StatementEdit(ctx.span(place.statement), before=(f"{place.receiver}.add({text})",))
        said = f"{names} of the first layer is" if shaped else "as the first layer it took ids of any length: that is"
        return InputPlan(drops, (), (edit,), spelled.imports, f"{said} `{text}`")
    if shape.layer is None:
        text = f"Input({', '.join(shape.input)})"
        return InputPlan(ask=f"{names}: no Keras 3 layer takes it; add `{text}` where the model begins")
    if set(shaped) == {"input_shape"}:
        return None
    return InputPlan(
        drops,
        added=(Added("input_shape", shape.layer),),
        message=f"{names} is `input_shape={shape.layer}`",
    )


def _is_flattened(ctx: Context, use: LayerUse) -> bool:
    """Whether a Flatten follows: 0.1 inferred no shapes and let it have any length; Keras 3 refuses a Dense then."""
    flat = {other.node for other in ctx.facts.layers if other.entry.name == "Flatten"}
    return any(use.node in model.layers and not flat.isdisjoint(model.layers) for model in ctx.facts.models)


def _one_place(use: LayerUse) -> Place | None:
    """The one place where the layer certainly is the first and an Input can stand before it."""
    places = set(use.places)
    if len(places) != 1:
        return None
    place = use.places[0]
    if place.kind != "first":
        return None
    if place.sequence is not None or (place.statement is not None and place.receiver is not None):
        return place
    return None


class _Shape(NamedTuple):
    input: tuple[str, ...]  # arguments of Input(...)
    layer: str | None  # value of input_shape= on a layer; None: a layer cannot say it


def _shape(ctx: Context, use: LayerUse, entry: Layer, shaped: dict[str, Argument]) -> _Shape | None:
    def text(name: str) -> str:
        return " ".join(ctx.module.segment(shaped[name].node).split())

    dtype: tuple[str, ...] = ()
    if "input_dtype" in shaped:
        dtype = (f"dtype={text('input_dtype')}",)
    elif entry.name == "Embedding":
        dtype = ("dtype='int32'",)
    if "batch_input_shape" in shaped:
        node = shaped["batch_input_shape"].node
        layer = None
        if isinstance(node, (ast.Tuple, ast.List)) and node.elts and _is_none(node.elts[0]):
            rest = [" ".join(ctx.module.segment(element).split()) for element in node.elts[1:]]
            layer = _tuple(rest)
            return _Shape((f"shape={layer}", *dtype), layer)
        return _Shape((f"batch_shape={text('batch_input_shape')}", *dtype), layer)
    if "input_shape" in shaped:
        return _Shape((f"shape={text('input_shape')}", *dtype), text("input_shape"))
    length = text("input_length") if "input_length" in shaped else "None"
    if entry.name == "Embedding":
        return _Shape((f"shape=({length},)", *dtype), f"({length},)")
    if "input_dim" not in shaped:
        return None
    dims = first_input(entry, LegacyArguments(use.bound, entry))
    if dims is None:
        return None
    if len(dims) == 3:
        shape = _tuple([length, text("input_dim")])
    elif len(dims) == 2:
        shape = _tuple([text("input_dim")])
    else:
        return None
    return _Shape((f"shape={shape}", *dtype), shape)


def _tuple(members: list[str]) -> str:
    return f"({members[0]},)" if len(members) == 1 else f"({', '.join(members)})"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
