"""K215: texts that hold what Keras 1 called a layer or its class: automatic names and names of classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras1 import registry
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

RULE = Rule(
    code="K215",
    name="name-by-keras",
    title="A text holds the name that Keras 1 gave to a layer or to its class",
    what=(
        "Finds automatic names of layers (`get_layer('dense_1')`, `history['dense_2_loss']`, "
        "`name.startswith('convolution2d')`) and comparisons of `layer.__class__.__name__` with the name of a class."
    ),
    why=(
        "Keras 3 calls the first Dense `dense` and the second `dense_1`, and Convolution2D is Conv2D: the text names "
        "another layer, or none."
    ),
    safety=(
        "Safe for the name of a class that has one new name. A layer that is asked for by an automatic name is for a "
        "person, who gives it that name."
    ),
    examples=(
        Example(
            "from keras.layers import Convolution2D\n"
            "\n"
            "layer = Convolution2D(8, 3, 3)\n"
            "\n"
            "def freeze(model):\n"
            "    for layer in model.layers:\n"
            "        if layer.__class__.__name__ == 'Convolution2D':\n"
            "            layer.trainable = False\n",
            "from keras.layers import Conv2D\n"
            "\n"
            "layer = Conv2D(8, (3, 3))\n"
            "\n"
            "def freeze(model):\n"
            "    for layer in model.layers:\n"
            "        if layer.__class__.__name__ == 'Conv2D':\n"
            "            layer.trainable = False\n",
        ),
        Example(
            "from keras.layers import Dense, Input\n"
            "from keras.models import Model\n"
            "\n"
            "x = Input(shape=(4,))\n"
            "model = Model(input=x, output=Dense(3)(x))\n"
            "kernel, bias = model.get_layer('dense_1').get_weights()\n",
            None,
        ),
    ),
)

_AUTOMATIC = re.compile(r"(val_)?(?P<name>(?P<stem>[a-z][a-z0-9]*)_(?P<number>\d+))(?P<rest>_\w+)?")
_OF_LOGS = re.compile(r"_(loss|acc|accuracy|mse|mae|precision|recall|fmeasure|mean_\w+|\w+_accuracy|\w+_crossentropy)")
_MODELS = ("model", "sequential")  # words that programs use for things of their own as well
# keras/src/utils/naming.py of 3.15.1 makes a name of a class's; merges become one of several classes
_NEW = {"Input": "InputLayer", "Model": "Functional", "Sequential": "Sequential", "merge": "", "Merge": ""}
_TOLD_ELSEWHERE = ("TimeDistributedDense", "TimeDistributedMerge")  # TD009
_GRAPH = ("add_node", "add_input", "add_output", "add_shared_node")


def check_layer_names(ctx: Context) -> None:
    unnamed = _unnamed(ctx)
    given = {text for node in _names(ctx) for text in _texts(node)}
    for node in ctx.module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            _check_automatic(ctx, node, node.value, unnamed, given)
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                if _is_class_name(one):
                    _check_classes(ctx, other)
                elif _is_name(one) and isinstance(node.ops[0], (ast.In, ast.NotIn)) and other is node.left:
                    _check_part(ctx, other, unnamed, given, begins=False)
        elif isinstance(node, ast.Call) and node.args and _asks_for_beginning(node.func):
            _check_part(ctx, node.args[0], unnamed, given, begins=True)


def _check_automatic(ctx: Context, node: ast.Constant, text: str, unnamed: dict[str, str], given: set[str]) -> None:
    found = _AUTOMATIC.fullmatch(text)
    if found is None or found["stem"] not in unnamed or int(found["number"]) == 0:
        return
    name, stem, rest = found["name"], found["stem"], found["rest"]
    if any(one == name or one.startswith(f"{stem}_%") or one in (stem, f"{stem}_") for one in given):
        return
    if rest is not None and (stem in _MODELS or not _OF_LOGS.fullmatch(rest)):
        return
    if rest is None and not _is_asked(ctx, node, stem not in _MODELS):
        return
    new = _new_stem(unnamed[stem])
    calls = f"calls the first of them `{new}`, the second `{new}_1`" if new else "gives it another name"
    message = (
        f"{text!r}: `{name}` is an automatic name of Keras 1; Keras 3 {calls}, so the text names another layer or "
        f"none. Give the layer `name={name!r}`"
    )
    ctx.add(RULE.code, Severity.ERROR, ctx.span(node), message)


def _is_asked(ctx: Context, node: ast.Constant, alone: bool) -> bool:
    """Whether a text names a layer: in get_layer, beside ``layer.name``, or as a key; ``alone``: keys count."""
    place: ast.AST = node
    parent = ctx.parents.get(place)
    if isinstance(parent, ast.keyword) and parent.arg == "name":
        place, parent = parent, ctx.parents.get(parent)
        return isinstance(parent, ast.Call) and _called(parent) == "get_layer"
    if isinstance(parent, ast.Call):
        return _called(parent) == "get_layer"
    if isinstance(parent, ast.Dict):
        return alone and node in parent.keys
    if isinstance(parent, (ast.List, ast.Tuple, ast.Set)):
        parent = ctx.parents.get(parent)
    return isinstance(parent, ast.Compare) and any(_is_name(one) for one in (parent.left, *parent.comparators))


def _check_classes(ctx: Context, told: ast.expr) -> None:
    """The names of classes with which that of a layer's class is compared."""
    nodes = told.elts if isinstance(told, (ast.List, ast.Tuple, ast.Set)) else [told]
    for node in nodes:
        old = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        entry = registry.layer(old)
        if (entry is None and old != "Merge") or old in _TOLD_ELSEWHERE:
            continue
        new = entry.keras3.path.rpartition(".")[2] if entry is not None and entry.keras3 is not None else ""
        if new == old:
            continue
        others = {one for one in _words(ctx) if one != old and _new_class(one) == new}
        message = f"{old!r}: no class of Keras 3 has this name, so the comparison has another result"
        fix: Fix | None = None
        if new and not others:
            message = f"{old!r}: the name of this class is `{new}` in Keras 3"
            fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (ctx.module.segment(node).replace(old, new),)),))
        elif new:
            message += f"; it is `{new}` there, as is that of {', '.join(sorted(others))}"
        ctx.add(RULE.code, Severity.ERROR, ctx.span(node), message, fix=fix)


def _check_part(ctx: Context, node: ast.expr, unnamed: dict[str, str], given: set[str], begins: bool) -> None:
    """A text that automatic names hold, or begin with, in Keras 1 and not in Keras 3."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    if len(text) < 3 or any(text in one for one in given):
        return
    for stem, name in unnamed.items():
        old, new = f"{stem}_1", _new_stem(name)
        had, has = (one.startswith(text) if begins else text in one for one in (old, f"{new}_1"))
        if new and had and not has:
            message = f"{text!r}: the automatic name of {name} is `{new}` in Keras 3, which does not have this text"
            ctx.add(RULE.code, Severity.ERROR, ctx.span(node), message)
            return


def _unnamed(ctx: Context) -> dict[str, str]:
    """What the automatic names of the module's layers and models begin with → the name of the class."""
    calls = [node for node in ctx.module.nodes if isinstance(node, ast.Call)]
    names = [_called(call) for call in calls if all(one.arg not in (None, "name") for one in call.keywords)]
    names += [use.entry.name for use in ctx.facts.layers if "name" not in use.bound.arguments and not use.bound.starred]
    own = {node.name for node in ctx.module.nodes if isinstance(node, ast.ClassDef)}
    return {one.lower(): one for one in names if one in own or one in _NEW or registry.layer(one) is not None}


def _names(ctx: Context) -> Iterator[ast.expr]:
    """What layers are named in the source."""
    for node in ctx.module.nodes:
        if isinstance(node, ast.Call) and _called(node) in _GRAPH:
            yield from (*node.args, *(one.value for one in node.keywords))
        elif isinstance(node, ast.Call) and _called(node) != "get_layer":
            yield from (one.value for one in node.keywords if one.arg == "name")
        elif isinstance(node, ast.Assign) and any(_is_name(target) for target in node.targets):
            yield node.value


def _texts(node: ast.expr) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _words(ctx: Context) -> set[str]:
    """The names that may be those of layers' classes, in texts as well."""
    return {word for word in re.findall(r"\b[A-Z]\w+", ctx.module.text) if registry.layer(word) is not None}


def _new_class(name: str) -> str:
    """What Keras 3 calls a class; "": several may stand for it."""
    entry = registry.layer(name)
    if entry is None:
        return _NEW.get(name, name)
    return entry.keras3.path.rpartition(".")[2] if entry.keras3 is not None else ""


def _new_stem(name: str) -> str:
    """What Keras 3 calls the first layer of a class; "": that is not one class."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", _new_class(name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def _called(call: ast.Call) -> str:
    func = call.func
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "name"


def _asks_for_beginning(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and func.attr == "startswith" and _is_name(func.value)


def _is_class_name(node: ast.expr) -> bool:
    """Whether it is ``layer.__class__.__name__`` or ``type(layer).__name__``."""
    if not (isinstance(node, ast.Attribute) and node.attr == "__name__"):
        return False
    kind = node.value
    if isinstance(kind, ast.Call):
        return isinstance(kind.func, ast.Name) and kind.func.id == "type"
    return isinstance(kind, ast.Attribute) and kind.attr == "__class__"
