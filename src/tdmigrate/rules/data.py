"""K6xx: data and helpers. What of them hangs on more than the call: labels, releases, the channels of data sets."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Function, Ordered, Renamed, Spelling, Text, Written
from tdmigrate.keras1.estimators import ESTIMATORS, FIT_0_X
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import Context, once
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import Argument, FunctionUse, Reference

RULES = (
    Rule(
        code="K601",
        name="data-arguments",
        title="A helper with data is called otherwise now",
        what=(
            "Finds calls into keras.preprocessing, keras.utils, keras.datasets, keras.applications and keras.wrappers "
            "whose names or arguments changed."
        ),
        why="The modules are gone or the arguments are TypeErrors in Keras 3.",
        safety="Safe: the same function, of Keras 3 or of tdmigrate.compat where Keras 3's does something else.",
        examples=(
            Example(
                "from keras.preprocessing.text import Tokenizer\n"
                "from keras.preprocessing.sequence import pad_sequences\n"
                "\n"
                "tokenizer = Tokenizer(nb_words=5000)\n"
                "tokenizer.fit_on_texts(texts)\n"
                "x = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=100)\n",
                "from keras.preprocessing.sequence import pad_sequences\n"
                "from tdmigrate.compat import Tokenizer\n"
                "\n"
                "tokenizer = Tokenizer(num_words=5000)\n"
                "tokenizer.fit_on_texts(texts)\n"
                "x = pad_sequences(tokenizer.texts_to_sequences(texts), maxlen=100)\n",
            ),
            Example(
                "from keras.datasets import mnist\n"
                "from keras.utils import np_utils\n"
                "\n"
                "(x_train, y_train), (x_test, y_test) = mnist.load_data()\n"
                "y_train = np_utils.to_categorical(y_train, nb_classes=10)\n",
                "from keras.datasets import mnist\n"
                "from keras.utils import to_categorical\n"
                "\n"
                "(x_train, y_train), (x_test, y_test) = mnist.load_data()\n"
                "y_train = to_categorical(y_train, num_classes=10)\n",
                note="Labels of other shapes become a flat list, in Keras 1; tdmigrate.compat.to_categorical does so.",
            ),
        ),
    ),
    Rule(
        code="K602",
        name="data-defaults",
        title="An old default of a helper is written out",
        what="Finds calls of helpers that relied on a default which Keras 3 changed.",
        why="The program runs on Keras 3 and does something else.",
        safety="Safe: it keeps the old setting.",
        examples=(
            Example(
                "from keras.utils.visualize_util import plot\n\nplot(model, to_file='model.png')\n",
                "from keras.utils import plot_model\n\nplot_model(model, to_file='model.png', show_layer_names=True)\n",
            ),
        ),
    ),
    Rule(
        code="K603",
        name="data-by-hand",
        title="Something of the data or a helper that only a person can decide",
        what="Finds helpers and data sets that went without an equal, or give something else now.",
        why="A guess could change the data without a word.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example(
                "from keras.utils.np_utils import categorical_probas_to_classes\n"
                "\n"
                "classes = categorical_probas_to_classes(model.predict(x))\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K604",
        name="data-note",
        title="Worth knowing about the data",
        what="Notes where data sets, trained weights or hashes are others than they were.",
        why="The program runs as before, on other numbers.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
)

_IMAGES = ("cifar10.load_data", "cifar100.load_data")
_LEARNT = ("featurewise_center", "featurewise_std_normalization", "zca_whitening")
_READS = "flow_from_directory"
_DRAWN = (
    "rotation_range",
    "width_shift_range",
    "height_shift_range",
    "shear_range",
    "zoom_range",
    "channel_shift_range",
    "horizontal_flip",
    "vertical_flip",
)
_CHANGES = ("random_rotation", "random_shift", "random_shear", "random_zoom", "random_channel_shift")
_MEANS = ("imagenet_utils", "resnet50", "vgg16", "vgg19")  # modules whose preprocess_input takes means off
_OLD_GENERATOR = "tdmigrate.compat.OldImageDataGenerator"
_OLD_SIGNATURE = (
    "featurewise_center=True, samplewise_center=False, featurewise_std_normalization=True, "
    "samplewise_std_normalization=False, zca_whitening=False, rotation_range=0.0, width_shift_range=0.0, "
    "height_shift_range=0.0, shear_range=0.0, horizontal_flip=False, vertical_flip=False"
)
_TO_CATEGORICAL = "keras.utils.to_categorical"


def homes(ctx: Context) -> Mapping[str, str | None]:
    """Where names live that live elsewhere for some sources; None: a person decides, so their imports stay."""
    found: dict[str, str | None] = {}
    for use in ctx.facts.functions:
        entry = use.entry
        if not isinstance(entry, Function) or entry.kind != "data":
            continue
        if entry.name == "to_categorical" and (ctx.settings.style == "modern" or _all_flat(ctx)):
            found.update(dict.fromkeys(entry.paths, _TO_CATEGORICAL))
        elif entry.name == "ImageDataGenerator" and _is_of_0_3(ctx):
            found.update(dict.fromkeys(entry.paths, _OLD_GENERATOR))
        elif _other_formula(ctx, entry.name):
            found.update(dict.fromkeys(entry.paths))
    return found


def _other_formula(ctx: Context, name: str) -> bool:
    """Whether it is something that did otherwise up to 0.3, in a source for these."""
    return name in ("ImageDataGenerator", *_CHANGES) and ctx.era.assumed.hi < parse("1.0").lo


def _is_of_0_3(ctx: Context) -> bool:
    return parse("0.3").lo <= ctx.era.assumed.hi < parse("1.0").lo


def settle(ctx: Context, use: FunctionUse, entry: Function, spelling: Spelling) -> Spelling | None:
    """What stands for this very call; None: a finding says what is to be done."""
    name = entry.name
    old = ctx.era.assumed.hi < parse("1.0").lo
    if name == "to_categorical":
        return _labels(ctx, use, spelling)
    if name == "ImageDataGenerator" and _is_of_0_3(ctx):
        return Spelling(_OLD_GENERATOR, signature=_OLD_SIGNATURE)
    if _other_formula(ctx, name):
        return _ask(ctx, use, "up to 0.3 pictures were changed by other formulas: keep a copy of it")
    if name == "ImageDataGenerator":
        return _generator(ctx, use, spelling)
    if name == "preprocess_input" and use.symbol.path.split(".")[-2] in _MEANS:
        _tell_of_means(ctx, use)
    if name in _IMAGES and ctx.era.channels == "th" and not ctx.era.orderings:
        return _ask(ctx, use, "the images have their channels last now: `x.transpose(0, 3, 1, 2)` brings them first")
    if use.bound is None:
        return spelling
    if name in ESTIMATORS and "model" in use.bound.arguments:
        return _ask(ctx, use, "up to 0.2 it took a model that was not compiled: give it a function that builds one")
    if name in ESTIMATORS and old:
        pins = tuple(Written(keyword, Text(text), trap) for keyword, (text, trap) in FIT_0_X.items())
        return spelling._replace(written=pins)
    if ctx.era.assumed.hi < parse("1.0.8").lo:
        _tell_of_before_1_0_8(ctx, use, name)
    if name == "ResNet50" and "include_top" in use.bound.arguments:
        _tell_of_top(ctx, use, use.bound.arguments["include_top"])
    if name == "get_file" and "untar" in use.bound.arguments:
        argument = use.bound.arguments["untar"]
        if argument.value is not False:
            message = "get_file(untar=True): Keras 3 unpacks into the folder `fname`: files may be one folder deeper"
            ctx.add("K603", Severity.WARNING, ctx.span(argument.node), message, symbol=use.symbol.path)
    if name in ("custom_object_scope", "CustomObjectScope") and use.bound.starred | bool(use.bound.surplus):
        return _ask(ctx, use, "Keras 3 takes one dict: merge them")
    return spelling


def _tell_of_top(ctx: Context, use: FunctionUse, argument: Argument) -> None:
    if argument.value is not True:
        message = (
            "ResNet50(include_top=False): it ended in an average over 7x7 pixels, Keras 3's ends before that: put an "
            "AveragePooling2D((7, 7)) behind it (trap G14)"
        )
        ctx.add("K603", Severity.WARNING, ctx.span(argument.node), message, symbol=use.symbol.path)


def _tell_of_means(ctx: Context, use: FunctionUse) -> None:
    known, turned = ctx.era.versions, parse("1.1.1").lo
    what = "before 1.1.1 the means of B, G, R were taken from R, G, B, and the channels turned round then (trap G16)"
    if ctx.era.assumed.hi < turned:
        message = f"preprocess_input: {what}, Keras 3 turns them first: subtract the means by hand to keep the numbers"
        ctx.add("K603", Severity.WARNING, ctx.span(use.node), message, symbol=use.symbol.path)
    elif known.lo < turned:
        message = f"preprocess_input: {what}; a later release is assumed (say --keras-version)"
        ctx.add("K604", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)


def _tell_of_before_1_0_8(ctx: Context, use: FunctionUse, name: str) -> None:
    message = ""
    if name == "Tokenizer" and "tfidf" in ctx.module.text:
        message = "Tokenizer: mode='tfidf' was another formula up to 1.0.4, that of 1.0.8 is written"
    elif name == "load_img" and use.bound is not None and "target_size" in use.bound.arguments:
        message = "load_img: `target_size` was (width, height) up to 1.0.4, it is (height, width)"
    if message:
        ctx.add("K603", Severity.WARNING, ctx.span(use.node), message, symbol=use.symbol.path)


def _ask(ctx: Context, use: FunctionUse, why: str) -> Spelling | None:
    """Say what is to be done; gives None."""
    name = use.symbol.path.rpartition(".")[2]
    ctx.add("K603", Severity.ERROR, ctx.span(use.node), f"{name}: {why}", symbol=use.symbol.path)
    return None


def check_keywords(ctx: Context, reference: Reference, entry: Function) -> None:
    """Keywords by which a subclass calls its base, or that stand in functools.partial(...)."""
    owner = ctx.parents.get(reference.node)
    if entry.keras3 is None:
        return
    role = "as a base class" if isinstance(owner, ast.ClassDef) else "in functools.partial"
    within = list(ast.walk(owner)) if isinstance(owner, ast.ClassDef) else getattr(owner, "keywords", [])
    for node in within:
        parameter = entry.keras3.parameters.get(node.arg or "") if isinstance(node, ast.keyword) else None
        if isinstance(node, ast.keyword) and isinstance(parameter, (Renamed, Ordered)) and parameter.to != node.arg:
            message = f"{entry.name} {role}: `{node.arg}` is `{parameter.to}` now"
            ctx.add("K603", Severity.ERROR, ctx.span(node), message, symbol=reference.symbol.path)


def _generator(ctx: Context, use: FunctionUse, spelling: Spelling) -> Spelling:
    """``fit`` learns other numbers in some releases (trap G7, and featurewise_* by pixel), a seed draws others, and
    folders are read otherwise."""
    if use.bound is None:
        return spelling
    learns, draws, reads = _is_asked(use, _LEARNT), _is_asked(use, _DRAWN), _READS in ctx.module.text
    known, seeded, averaged = ctx.era.versions, parse("1.1.1").lo, parse("1.2").lo
    told = []
    if learns and known.lo < averaged <= known.hi:
        told.append("before 1.2 `fit` learnt means for each pixel, not each channel")
    if draws and known.lo < seeded <= known.hi and "seed" in ctx.module.text:
        told.append("before 1.1.1 the seed of `flow` was set once in a pass over the data, not for each batch")
    if reads and known.lo < averaged <= known.hi:
        told.append(f"before 1.2 `{_READS}` took no pictures from folders inside those of the classes")
    for message in told:
        message = f"ImageDataGenerator: {message}; a later release is assumed (say --keras-version)"
        ctx.add("K604", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
    newest = ctx.era.assumed.hi
    release = None
    if newest < averaged and (learns or reads or (draws and newest < seeded)):
        release = "1.0.4" if newest < seeded else "1.1.1"
    return spelling._replace(written=(Written("release", Text(repr(release)), ""),)) if release else spelling


def _is_asked(use: FunctionUse, names: Iterable[str]) -> bool:
    """Whether a generator is told, or may be, to do any of these, which it does not by default."""
    assert use.bound is not None
    given = [use.bound.arguments[name] for name in names if name in use.bound.arguments]
    return use.bound.starred or any(argument.value is not False and argument.value != 0 for argument in given)


# --- labels: Keras 3 keeps the shape of what to_categorical gets, Keras 1 made it flat (trap G1)


def _labels(ctx: Context, use: FunctionUse, spelling: Spelling) -> Spelling:
    if ctx.settings.style == "modern" or _all_flat(ctx):
        new = spelling._replace(path=_TO_CATEGORICAL, signature="x, num_classes=None")
        if ctx.settings.style == "modern" and not _all_flat(ctx):
            message = "to_categorical: Keras 1 made labels of any shape a flat list first, Keras 3 keeps it (trap G1)"
            ctx.add("K604", Severity.NOTE, ctx.span(use.node), message, symbol=use.symbol.path)
        return new._replace(parameters={**spelling.parameters, "y": Renamed("x")})
    if ctx.era.versions.within(parse("0.1-1.2.0")):
        return spelling._replace(written=(Written("each_row", Text("True"), ""),))
    return spelling


@once
def _all_flat(ctx: Context) -> bool:
    """Whether all calls of to_categorical get labels (n,) or (n, 1), and nothing else is done with it."""
    uses = [
        one for one in ctx.facts.functions if isinstance(one.entry, Function) and one.entry.name == "to_categorical"
    ]
    if any(one.entry is not None and one.entry.name == "to_categorical" for one in ctx.facts.references):
        return False
    if any(one.bound is None or "y" not in one.bound.arguments for one in uses):
        return False
    given = [one.bound.arguments["y"].node for one in uses if one.bound is not None]
    names = {node.id for node in given if isinstance(node, ast.Name)}
    own = frozenset(use.node for use in uses)
    return all(isinstance(node, ast.Name) or _is_flat(node) for node in given) and all(
        _is_flat_name(ctx, name, own) for name in names
    )


def _is_flat(node: ast.expr) -> bool:
    if isinstance(node, ast.List):
        return all(isinstance(one, ast.Constant) for one in node.elts)
    return _is_flat_call(node)


def _is_flat_name(ctx: Context, name: str, own: frozenset[ast.Call]) -> bool:
    """Whether a name stands for nothing but flat labels, or what the calls ``own`` give."""
    values = list(_values(ctx, name))
    return bool(values) and all(
        value is not None and (value in own or _is_data_set(ctx, value, name) or _is_flat_call(value, name))
        for value in values
    )


def _is_flat_call(node: ast.expr, name: str = "") -> bool:
    """``numpy.random.randint(k, size=n)``, ``….ravel()``, ``y.astype('int')`` of a flat y of that name."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    called, receiver = node.func.attr, node.func.value
    if called in ("ravel", "flatten"):
        return True
    if called == "astype":
        return isinstance(receiver, ast.Name) and receiver.id == name
    if called == "randint":
        sizes = [keyword.value for keyword in node.keywords if keyword.arg == "size"] or node.args[2:3]
        return bool(sizes) and _is_length(sizes[0])
    return False


def _is_length(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        ones = all(isinstance(one, ast.Constant) and one.value == 1 for one in node.elts[1:])
        return 1 <= len(node.elts) <= 2 and ones
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def _values(ctx: Context, name: str) -> Iterator[ast.expr | None]:
    """All that a name is bound to anywhere in the module; None: something that is not known."""
    for node in ctx.module.nodes:
        if isinstance(node, ast.arg) and node.arg == name:
            yield None
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            outer: ast.AST | None = ctx.parents.get(node)
            while isinstance(outer, (ast.Tuple, ast.List)):
                outer = ctx.parents.get(outer)
            yield outer.value if isinstance(outer, ast.Assign) else None


def _is_data_set(ctx: Context, value: ast.expr, name: str) -> bool:
    """Whether ``name`` is one of the labels in ``(x, name), (x2, y2) = mnist.load_data()``."""
    symbol = ctx.names.resolve(value.func) if isinstance(value, ast.Call) else None
    if symbol is None or not symbol.path.endswith(".load_data") or not symbol.path.startswith("keras.datasets."):
        return False
    assign = ctx.parents.get(value)
    target = assign.targets[0] if isinstance(assign, ast.Assign) else None
    pairs = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    seconds = [pair.elts[1] for pair in pairs if isinstance(pair, (ast.Tuple, ast.List)) and len(pair.elts) == 2]
    names = [one.id for one in ast.walk(target) if isinstance(one, ast.Name)] if target is not None else []
    return names.count(name) == 1 and any(isinstance(one, ast.Name) and one.id == name for one in seconds)
