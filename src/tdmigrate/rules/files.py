"""K325: the endings of the files that models and weights are saved to, alike wherever a source names such a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras1.callbacks import CHECKPOINT
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import Argument

CODE = "K325"
WEIGHTS, MODEL = ".weights.h5", ".keras"
_OLD = (".hdf5", ".h5", ".hdf", ".hf5")
_WEIGHTS_ONLY = parse("0.1-1.0.6")  # of ModelCheckpoint
_OLD_FILE = (
    "a file that Keras 1 wrote lists the weights of LSTM and GRU gate by gate, and holds kernels of convolutions on "
    "Theano turned round (trap C14): it has to be converted first"
)
SAVERS = {"save_weights": WEIGHTS, "save": MODEL}
LOADERS: Mapping[str, str] = {
    "load_weights": _OLD_FILE,
    "load_model": "a file that Keras 1 wrote has layers that Keras 3 does not know so: it has to be converted first",
}

RULE = Rule(
    code=CODE,
    name="file-ending",
    title="A file of weights or of a model ends otherwise now",
    what=(
        "Finds the names of files that `save_weights`, `save` and ModelCheckpoint write, and every other mention of "
        "these names in the source, such as in `load_weights`."
    ),
    why="Keras 3 writes weights to `….weights.h5` and models to `….keras` only: it raises ValueError.",
    safety="Safe: the same program names the file alike everywhere; other programs have to follow.",
    examples=(
        Example(
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential()\n"
            "model.fit(x, y, nb_epoch=5)\n"
            "model.save_weights('tagger.h5', overwrite=True)\n",
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential()\n"
            "model.fit(x, y, epochs=5)\n"
            "model.save_weights('tagger.weights.h5', overwrite=True)\n",
        ),
    ),
)


class _Written(NamedTuple):
    """A name that something is saved to: where it is given, and the ending that it needs."""

    node: ast.expr
    argument: Argument
    ending: str
    by: str


class _Read(NamedTuple):
    """A name of a file that something is read from."""

    node: ast.expr
    argument: Argument
    by: str


class Policy(NamedTuple):
    """What names of files are taken of those that save, where that is more than the ending that is written.

    ``unknown``: those of which a name that is not known is reported. ``folders``: what to tell of a name without any
    ending that is taken; None: it gets one. ``loads``: whether what is read from such files is worth a note.
    """

    taken: Mapping[str, tuple[str, ...]] = {}
    unknown: frozenset[str] = frozenset((*SAVERS, CHECKPOINT))
    folders: Mapping[str, str] = {}
    loads: bool = True


_POLICY = Policy()


def check_files(ctx: Context, policy: Policy = _POLICY) -> None:
    written = list(_written(ctx))
    endings: dict[str, set[str]] = {}
    for one in written:
        tail = _tail(ctx, one.argument)
        taken = policy.taken.get(one.by, (one.ending,)) if one.ending == MODEL else (one.ending,)
        if tail is None:
            if one.by in policy.unknown and not _is_named_so(one.argument.value, taken):
                message = f"{one.by}: Keras 3 writes to names that end in {one.ending!r} only: mend the name"
                ctx.add(CODE, Severity.ERROR, ctx.span(one.node), message)
        elif tail.endswith(taken):
            continue
        elif one.by in policy.folders and not tail.endswith(_OLD):
            ctx.add(CODE, Severity.ERROR, ctx.span(one.node), f"{one.by}: {policy.folders[one.by]}")
        else:
            endings.setdefault(tail, set()).add(one.ending)
    mentioned = {name for name in endings if len(endings[name]) == 1}
    for name in endings.keys() - mentioned:
        one = next(one for one in written if _tail(ctx, one.argument) == name)
        message = f"{one.by}: {name!r} is a file of weights and of a model here: Keras 3 wants {WEIGHTS} and {MODEL}"
        ctx.add(CODE, Severity.ERROR, ctx.span(one.node), message)
    loaded = list(_loaded(ctx))
    told = [one.argument for one in written] + [one.argument for one in loaded]
    ends = {_end(argument.node) for argument in told}
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value not in mentioned:
            continue
        if node in ends or node.value.endswith(_OLD):  # another word may be anything elsewhere
            (ending,) = endings[node.value]
            new = _renamed(node.value, ending)
            message = f"{node.value!r} is {new!r} now: Keras 3 writes to names that end in {ending!r} only"
            fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (_quoted(ctx, node, new),)),))
            ctx.add(CODE, Severity.ERROR, ctx.span(node), message, fix=fix)
    known = {_tail(ctx, one.argument) for one in written} - {None}
    for read in loaded if policy.loads else ():
        if _tail(ctx, read.argument) not in known:
            ctx.add("K306", Severity.NOTE, ctx.span(read.node), f"{read.by}: {LOADERS[read.by]}")


def _written(ctx: Context) -> Iterator[_Written]:
    for method in ctx.facts.methods:
        path = method.bound.arguments.get("filepath")
        if method.method.name in SAVERS and path is not None:
            yield _Written(path.node, path, SAVERS[method.method.name], method.method.name)
    for use in ctx.facts.functions:
        if not isinstance(use.entry, Function) or use.entry.name != CHECKPOINT or use.bound is None:
            continue
        path = use.bound.arguments.get("filepath")
        if path is None:
            continue
        weights = LegacyArguments(use.bound, use.entry).get("save_weights_only")
        only = "save_weights_only" in use.bound.arguments and weights is True
        only = only or any(name == "save_weights_only" for _, name in use.bound.unknown)
        if only or ctx.era.assumed.within(_WEIGHTS_ONLY):
            yield _Written(path.node, path, WEIGHTS, CHECKPOINT)
        else:
            yield _Written(path.node, path, MODEL, CHECKPOINT)


def _loaded(ctx: Context) -> Iterator[_Read]:
    """Names of files that weights and models are read from."""
    methods = [(use.node, use.bound, use.method.name) for use in ctx.facts.methods]
    functions = [
        (use.node, use.bound, use.entry.name)
        for use in ctx.facts.functions
        if isinstance(use.entry, Function) and use.bound is not None
    ]
    for node, bound, name in (*methods, *functions):
        path = bound.arguments.get("filepath") if bound is not None and name in LOADERS else None
        if path is not None:
            yield _Read(node, path, name)


def _is_named_so(value: object, endings: tuple[str, ...]) -> bool:
    return isinstance(value, str) and value.endswith(endings)


def _tail(ctx: Context, argument: Argument) -> str | None:
    """The text that a name ends in, as it stands in the source; None: it is not known."""
    found = _end(argument.node)
    if found is not None:
        return found.value if isinstance(found.value, str) else None
    if isinstance(argument.node, ast.Name):
        values = [ctx.parents.get(one) for one in ctx.binders(argument.node.id)]
        ends = [_end(one.value) if isinstance(one, ast.Assign) else None for one in values]
        texts = {end.value if end is not None else None for end in ends}
        (text,) = texts if len(texts) == 1 else (None,)
        return text if isinstance(text, str) else None
    return None


def _end(node: ast.expr) -> ast.Constant | None:
    """The constant that the text of an expression ends in."""
    while True:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            node = node.right
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            node = node.left
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            node = node.func.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            if not node.args or isinstance(node.args[-1], ast.Starred):
                return None
            node = node.args[-1]
        else:
            return node if isinstance(node, ast.Constant) and _is_text(node.value) else None


def _is_text(value: object) -> bool:
    """Whether a text ends a name, and not within what is put in."""
    return isinstance(value, str) and bool(value) and not value.endswith(("}", "%s", "%d", "/"))


def _renamed(name: str, ending: str) -> str:
    for old in (WEIGHTS, MODEL, *_OLD):
        if name.endswith(old):
            return name[: -len(old)] + ending
    return name + ending


def _quoted(ctx: Context, node: ast.Constant, new: str) -> str:
    """The text with the quotes of the one that it stands for."""
    old = ctx.module.segment(node)
    kept = old.replace(str(node.value), new)
    try:
        same = ast.literal_eval(kept) == new
    except (SyntaxError, ValueError):
        same = False
    return kept if same else repr(new)
