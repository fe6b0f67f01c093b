"""K325: the endings of the files that models and weights are saved to, alike wherever a source names such a file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from tdmigrate.findings import Applicability, Fix, Recast, Severity
from tdmigrate.keras1.callbacks import CHECKPOINT
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.callbacks import model_calls
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.file_mentions import Name, is_number_of, mentions
from tdmigrate.rules.receivers import leave_to_person
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import Argument, MethodUse
from tdmigrate.understanding.shapes import UNKNOWN

CODE = "K325"
WEIGHTS, MODEL = ".weights.h5", ".keras"
_BY_NAME = "load_weights_by_name"
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
        Example(
            "import glob\n"
            "from keras.callbacks import ModelCheckpoint\n"
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential()\n"
            "model.fit(x, y, nb_epoch=5, callbacks=[ModelCheckpoint('w.{epoch:02d}.hdf5')])\n"
            "model.load_weights(sorted(glob.glob('*.hdf5'))[-1])\n",
            "import glob\n"
            "from keras.callbacks import ModelCheckpoint\n"
            "from keras.models import Sequential\n"
            "\n"
            "model = Sequential()\n"
            "model.fit(x, y, epochs=5, callbacks=[ModelCheckpoint('w.{epoch:02d}.keras')])\n"
            "model.load_weights(sorted(glob.glob('*.keras'))[-1])\n",
            note="Patterns, endings and single files of a series follow where they mean these files alone.",
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
    if policy is _POLICY:
        _check_doubtful(ctx)
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
    loaded = list(_loaded(ctx))
    saved = _saved_beside(ctx, written, loaded) if policy is _POLICY else {}
    endings |= {name: {ending} for name, ending in saved.items()}
    mentioned = {name for name in endings if len(endings[name]) == 1}
    for name in endings.keys() - mentioned:
        one = next(one for one in written if _tail(ctx, one.argument) == name)
        message = f"{one.by}: {name!r} is a file of weights and of a model here: Keras 3 wants {WEIGHTS} and {MODEL}"
        ctx.add(CODE, Severity.ERROR, ctx.span(one.node), message)
    told = [one.argument for one in written] + [one.argument for one in loaded]
    ends = {_end(argument.node) for argument in told}
    renamed: set[ast.AST] = set()
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.value not in mentioned:
            continue
        if node in ends or node.value.endswith(_OLD):  # another word may be anything elsewhere
            (ending,) = endings[node.value]
            new = _renamed(node.value, ending)
            message = f"{node.value!r} is {new!r} now: Keras 3 writes to names that end in {ending!r} only"
            _rename(ctx, node, new, message)
            renamed.add(node)
    _check_mentions(ctx, written, {name: one for name in mentioned for one in endings[name]}, renamed)
    if policy is _POLICY:  # Keras 2 counted as Keras 3 does, and its files of weights end as they did
        _check_epochs(ctx, written)
        _check_by_name(ctx, written)
    known = {_tail(ctx, one.argument) for one in written} | {*saved} - {None}
    for read in loaded if policy.loads else ():
        if _tail(ctx, read.argument) not in known:
            ctx.add("K306", Severity.NOTE, ctx.span(read.node), f"{read.by}: {LOADERS[read.by]}")


def _saved_beside(ctx: Context, written: Iterable[_Written], loaded: Iterable[_Read]) -> Mapping[str, str]:
    """Names that are read here and that another source of the project saves to, with their new endings."""
    own = {_tail(ctx, one.argument) for one in written}
    wanted = {_tail(ctx, one.argument) for one in loaded} - own - {None}
    names = [name for name in wanted if name is not None and name.endswith(_OLD) and not name.endswith(WEIGHTS)]
    if not names:
        return {}
    from tdmigrate.rules.files_beside import endings_beside  # few sources read what they do not save

    beside = endings_beside(ctx, WEIGHTS, MODEL)
    found: dict[str, str] = {}
    for name in names:
        fits = beside.get(name, set()) | {end for end in (WEIGHTS, MODEL) if end in beside.get(_renamed(name, end), ())}
        if len(fits) == 1:
            found[name] = fits.pop()
    return found


def _rename(ctx: Context, node: ast.Constant, new: str, message: str) -> None:
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (_quoted(ctx, node, new),)),))
    ctx.add(CODE, Severity.ERROR, ctx.span(node), message, fix=fix)


def _check_mentions(
    ctx: Context, written: Iterable[_Written], endings: Mapping[str, str], renamed: set[ast.AST]
) -> None:
    """Texts that mean files which are ``renamed`` without being their names. ``endings``: the new ones, by tails."""
    names: list[Name] = []
    for one in written:
        tail = _tail(ctx, one.argument)
        old = next((end for end in _OLD if tail is not None and tail.endswith(end)), None)
        if tail in endings and tail is not None and old is not None:
            names.append(Name(*_name(ctx, one.argument.node), old, endings[tail]))
    if not names:
        return
    for mention in mentions(ctx, names, renamed):
        node, text = mention.node, mention.node.value
        files = " and ".join(sorted({repr(one.new) for one in mention.names}))
        if mention.new is None:
            message = f"{text!r}: this program writes {files} now: name these where they are meant"
            ctx.add(CODE, Severity.ERROR, ctx.span(node), message)
        else:
            _rename(ctx, node, mention.new, f"{text!r} is {mention.new!r} now: this program writes {files}")


def _check_epochs(ctx: Context, written: Iterable[_Written]) -> None:
    """Files that a ModelCheckpoint of Keras 3 numbers otherwise, where one is named."""
    if ctx.settings.style == "exact":
        return  # tdmigrate.compat.ModelCheckpoint counts from 0
    for one in written:
        name, _ = _name(ctx, one.argument.node) if one.by == CHECKPOINT else ("", False)
        for node in ctx.module.nodes if "{epoch" in name else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_number_of(node.value, name):
                message = (
                    f"{node.value!r}: ModelCheckpoint counts epochs from 1 now, from 0 in Keras 1, so that this file "
                    "has the epoch before (trap F8): name the one that is meant, or use `--style exact`"
                )
                ctx.add(CODE, Severity.WARNING, ctx.span(node), message)


def _check_by_name(ctx: Context, written: Iterable[_Written]) -> None:
    """Weights that are taken by the names of layers, which Keras 3 refuses for the files that it writes itself."""
    tails = {_tail(ctx, one.argument) for one in written}
    for use in ctx.facts.methods:
        named = use.bound.arguments.get("by_name") if use.method.name == "load_weights" else None
        path = use.bound.arguments.get("filepath")
        if named is None or path is None or named.value is False or not isinstance(use.node.func, ast.Attribute):
            continue
        tail = _tail(ctx, path)
        if tail is not None and tail not in tails and not tail.endswith((WEIGHTS, MODEL)):
            continue  # a file of Keras 1, which Keras 3 takes by name
        if named.value is not True:
            message = "load_weights: Keras 3 refuses `by_name` for the files that it writes"
            ctx.add(CODE, Severity.ERROR, ctx.span(named.node), f"{message}: call {COMPAT}.{_BY_NAME} where it is true")
            continue
        spelled = ctx.name(f"{COMPAT}.{_BY_NAME}")
        pieces = (f"{spelled.text}(", ctx.span(use.node.func.value), ", ", ctx.span(path.node), ")")
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(use.node), pieces),), spelled.imports)
        message = f"`load_weights(…, by_name=True)`: Keras 3 refuses it for the files that it writes: `{_BY_NAME}` now"
        ctx.add(CODE, Severity.ERROR, ctx.span(use.node), message, fix=fix)


def _name(ctx: Context, node: ast.expr, depth: int = 4) -> tuple[str, bool]:
    """What is known of a text: its end, and whether that is the whole."""
    if isinstance(node, ast.Constant):
        return (node.value, True) if isinstance(node.value, str) else ("", False)
    parts: list[ast.expr] = []
    joint = ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        parts = [node.left]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        parts = [node.func.value]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        parts, joint = node.args, "/"
    elif isinstance(node, ast.Name):
        binders = ctx.binders(node.id)
        statement = ctx.parents.get(binders[0]) if len(binders) == 1 else None
        parts = [statement.value] if isinstance(statement, ast.Assign) and statement.targets == binders else []
    text, whole = "", bool(parts) and depth > 0
    for part in reversed(parts if whole else ()):
        found, whole = _name(ctx, part, depth - 1)
        text = f"{found}{joint}{text}" if text else found
        if not whole:
            break
    return (text, whole) if whole or not joint or "/" in text else (f"/{text}", False)


def _is_doubtful(ctx: Context, use: MethodUse) -> bool:
    """Whether a source that imports no Keras does not tell that the receiver is a model."""
    return not (use.sure or ctx.names.bindings)


def _check_doubtful(ctx: Context) -> None:
    """Files of what may be a model: their names are for a person."""
    for use in ctx.facts.methods:
        path = use.bound.arguments.get("filepath")
        ending = SAVERS.get(use.method.name)
        if path is None or ending is None or not _is_doubtful(ctx, use) or _is_named_so(path.value, (ending,)):
            continue
        already = len(ctx.findings)
        message = f"{use.method.name}: Keras 3 writes to names that end in {ending!r} only: mend the name"
        ctx.add(CODE, Severity.ERROR, ctx.span(path.node), message)
        leave_to_person(ctx, use, already)


def _written(ctx: Context) -> Iterator[_Written]:
    for method in ctx.facts.methods:
        path = method.bound.arguments.get("filepath")
        if method.method.name in SAVERS and path is not None and not _is_doubtful(ctx, method):
            yield _Written(path.node, path, SAVERS[method.method.name], method.method.name)
    seen = {method.node for method in ctx.facts.methods}
    for call in model_calls(ctx, SAVERS):
        node = call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == "filepath"), None)
        if call not in seen and node is not None and isinstance(call.func, ast.Attribute):
            value = node.value if isinstance(node, ast.Constant) else UNKNOWN
            path, name = Argument("filepath", 0, bool(call.args), node, value), call.func.attr
            yield _Written(node, path, SAVERS[name], name)
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
