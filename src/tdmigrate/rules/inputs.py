"""K203: the shape that a first layer was told becomes ``Input(...)`` before it."""

import ast

from tdmigrate.findings import Added, ArgumentEdit, Edit, ElementEdit, Import, StatementEdit
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.shape_rules import first_input
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context
from tdmigrate.rules.moving import is_plain, means_the_same
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import Argument, LayerUse

RULE = Rule(
    code="K203",
    name="first-layer-shape",
    title="The first layer's input shape is Input(...) now",
    what=(
        "Finds `input_dim`, `input_length`, `input_shape`, `batch_input_shape` and `input_dtype` on a layer. For the "
        "first layer of a container they become an `Input(...)` before it, as what an Embedding there took without a "
        "word does; on any other layer, where Keras 1 ignored them, they go. A layer that may be the first, or whose "
        "container is not seen, keeps `input_shape=`, which Keras 3 heeds for a first layer alone."
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


# keras/models.py of 1.2.2: Sequential.add took the inputs of whatever its first layer was connected to already
JOINED = (
    "it begins one model and stands behind other layers elsewhere: in Keras 1 both were one chain, with those other "
    "layers before it; say what is meant"
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
    implied = entry.first == "ids" and len(use.places) == 1 and not use.bound.starred and not _is_flattened(ctx, use)
    if not shaped and not implied:
        return None
    drops = tuple(ArgumentEdit(argument.index, drop=True) for argument in shaped.values())
    names = " and ".join(f"`{name}`" for name in shaped)
    said = {name: argument for name, argument in shaped.items() if not is_none(argument.node)}
    silent = InputPlan(drops, message=f"{names} goes: None said nothing") if shaped else None
    if not said and not implied:
        return silent
    kinds = {place.kind for place in use.places}
    if kinds <= {"later", "call", "inner", "node"}:
        later = InputPlan(drops, message=f"{names} goes: only a first layer is told its input's shape")
        return later if said else silent
    if "first" in kinds and _is_joined(ctx, use):
        return InputPlan(ask=JOINED)
    shape = _shape(ctx, use, entry, said)
    if shape is None:
        return InputPlan(ask=f"{names}: the shape cannot be read from here; add an Input(...) before this layer")
    spelled = ctx.name("keras.layers.Input")
    text = f"{spelled.text}({', '.join(shape.input)})"
    edits = _inputs(ctx, use, said, text, shape.layer is None)
    if edits is not None:
        told = f"{names} of the first layer is" if said else "as the first layer it took ids of any length: that is"
        return InputPlan(drops, (), edits, spelled.imports, f"{told} `{' '.join(text.split())}`")
    if not said:
        return silent
    if shape.layer is None:
        return InputPlan(ask=f"{names}: no Keras 3 layer takes it; add `{text}` where the model begins")
    if set(shaped) == {"input_shape"}:
        return None
    return InputPlan(
        drops,
        added=(Added("input_shape", shape.layer),),
        message=f"{names} is `input_shape={shape.layer}`",
    )


def _inputs(
    ctx: Context, use: LayerUse, said: dict[str, Argument], text: str, only_way: bool
) -> tuple[Edit, ...] | None:
    """An Input before the layer at every place where it is the first; None: some place cannot have one.

    ``only_way``: ``input_shape=`` on the layer cannot say it.
    """
    values = [argument.node for argument in said.values()]
    edits: list[Edit] = []
    for place in dict.fromkeys(use.places):
        if place.kind == "loose" or (place.kind == "maybe" and not only_way):
            return None
        if place.kind not in ("first", "maybe"):
            continue
        there = place.sequence if place.sequence is not None else place.statement
        if there is None or not all(means_the_same(ctx, value, there) for value in values):
            return None
        if place.sequence is not None:
            if place.kind == "maybe" or not (only_way or _is_only_layers(ctx, place.sequence)):
                return None
            edits.append(ElementEdit(ctx.span(place.sequence), place.position, text))
            continue
        if place.adder is None or not is_plain(place.adder) or (place.kind == "maybe" and place.receiver is None):
            return None
        assert place.statement is not None
        line = f"{place.adder}({text})"
        lines = (line,) if place.kind == "first" else (f"if not {place.receiver}.layers:", f"    {line}")
        edits.append(StatementEdit(ctx.span(place.statement), before=lines))
    computed = any(isinstance(part, ast.Call) for value in values for part in ast.walk(value))
    return tuple(edits) if edits and (len(edits) == 1 or not computed) else None


def _is_joined(ctx: Context, use: LayerUse) -> bool:
    """Whether one and the same layer begins a model and stands behind others elsewhere."""
    held = isinstance(ctx.parents.get(use.node), (ast.Assign, ast.AnnAssign))
    return held and any(place.kind in ("later", "call") for place in use.places)


def _is_only_layers(ctx: Context, display: ast.expr) -> bool:
    """Whether a display goes into one of Keras's models and nowhere else: another element is in nobody's way."""
    node: ast.AST = display
    parent = ctx.parents.get(node)
    while isinstance(parent, (ast.BinOp, ast.Starred, ast.List, ast.IfExp, ast.keyword)):
        node, parent = parent, ctx.parents.get(parent)
    if isinstance(parent, ast.Call):
        return node is not parent.func and ctx.names.resolve(parent.func) is not None
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        loads = ctx.loads.get(parent.targets[0].id, [])
        return len(loads) == 1 and _is_only_layers(ctx, loads[0])
    return False


_UNSHAPED = parse("0.1")


def _is_flattened(ctx: Context, use: LayerUse) -> bool:
    """Whether a Flatten follows: 0.1 inferred no shapes and let it have any length; Keras 3 refuses a Dense then."""
    if not ctx.era.versions.meets(_UNSHAPED):
        return False
    flat = {other.node for other in ctx.facts.layers if other.entry.name == "Flatten"}
    return any(use.node in model.layers and not flat.isdisjoint(model.layers) for model in ctx.facts.models)


class _Shape(NamedTuple):
    input: tuple[str, ...]  # arguments of Input(...)
    layer: str | None  # value of input_shape= on a layer; None: a layer cannot say it


def _shape(ctx: Context, use: LayerUse, entry: Layer, shaped: dict[str, Argument]) -> _Shape | None:
    shape = _told_shape(ctx, use, entry, shaped)
    if shape is not None and "input_dtype" in shaped and entry.first != "ids":
        return shape._replace(layer=None)
    return shape


def _told_shape(ctx: Context, use: LayerUse, entry: Layer, shaped: dict[str, Argument]) -> _Shape | None:
    def text(name: str) -> str:
        return _flat(ctx, shaped[name].node)

    dtype: tuple[str, ...] = ()
    if "input_dtype" in shaped:
        dtype = (f"dtype={text('input_dtype')}",)
    elif entry.name == "Embedding":
        dtype = ("dtype='int32'",)
    if "batch_input_shape" in shaped:
        node = shaped["batch_input_shape"].node
        layer = None
        if isinstance(node, (ast.Tuple, ast.List)) and node.elts and is_none(node.elts[0]):
            rest = [_flat(ctx, element) for element in node.elts[1:]]
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


def _flat(ctx: Context, node: ast.expr) -> str:
    """The text of an expression in one line, unless a comment, a string or a continuation needs its lines."""
    text = ctx.module.segment(node)
    return text if any(sign in text for sign in "#\"'\\") else " ".join(text.split())


def _tuple(members: list[str]) -> str:
    return f"({members[0]},)" if len(members) == 1 else f"({', '.join(members)})"
