"""K321–K324: callbacks by their entries, subclasses of Callback, and the rate of an optimizer."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from tdmigrate.findings import Added, Applicability, Fix, Recast, Severity, TextEdit
from tdmigrate.keras1 import registry
from tdmigrate.keras1.attributes import OTHER_VALUE, SAME_VALUE
from tdmigrate.keras1.callbacks import (
    CHECKPOINT,
    COMPAT,
    COMPAT_LAMBDA,
    EXACT,
    KIND,
    LAMBDA,
    OTHER_STEPS,
    PARAMS,
    PARAMS_WHY,
    SCHEDULER,
    SETTERS,
    STOPPING,
    WATCHERS,
)
from tdmigrate.keras1.entry import Function, Spelling
from tdmigrate.rules.arguments import Plan, edited, plan
from tdmigrate.rules.batch_logs import HOOKS, check_class, check_strangers, hooks_read, keyed
from tdmigrate.rules.calls import About, Codes, report
from tdmigrate.rules.context import Context, Spelled
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import LegacyArguments, signature
from tdmigrate.understanding.facts import FunctionUse

CODES = Codes(arguments="K321", defaults="K322", ask="K323", note="K324")

RULES = (
    Rule(
        code="K321",
        name="callback-arguments",
        title="A callback is told otherwise now, or has things of other names",
        what=(
            "Finds the arguments of callbacks that changed; in subclasses of Callback `self.params['nb_epoch']`, "
            "`logs` of batches, and hooks of batches whose second parameter is not called `logs`."
        ),
        why="Keras 3 raises TypeError, KeyError or AttributeError, or EarlyStopping stops one epoch too early.",
        safety="Safe: training ends, and saves, when it did.",
        examples=(
            Example(
                "from keras.callbacks import EarlyStopping\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "early = EarlyStopping(monitor='val_loss', patience=3)\n"
                "model.fit(x, y, nb_epoch=50, validation_split=0.1, callbacks=[early])\n",
                "from keras.callbacks import EarlyStopping\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "early = EarlyStopping(monitor='val_loss', patience=1 + 3)\n"
                "model.fit(x, y, epochs=50, validation_split=0.1, callbacks=[early])\n",
                note="Keras 1 stopped when an epoch without improvement came after `patience` others, Keras 3 stops in "
                "the last of these (trap F6).",
            ),
            Example(
                "from keras.callbacks import Callback\n"
                "from keras.layers import Dense\n"
                "\n"
                "layer = Dense(output_dim=2)\n"
                "\n"
                "class Losses(Callback):\n"
                "    def on_batch_end(self, batch, logs={}):\n"
                "        for name, value in logs.items():\n"
                "            print(name, value)\n",
                "from keras.callbacks import Callback\n"
                "from keras.layers import Dense\n"
                "from tdmigrate.compat import BatchLogs\n"
                "\n"
                "layer = Dense(units=2)\n"
                "\n"
                "class Losses(BatchLogs, Callback):\n"
                "    def on_batch_end(self, batch, logs={}):\n"
                "        for name, value in logs.items():\n"
                "            print(name, value)\n",
                note="`logs` of a batch have its own loss, metrics, 'batch' and 'size' in Keras 1, the means since "
                "the epoch began in Keras 3 (trap D17).",
            ),
            Example(
                "from keras.callbacks import Callback\n"
                "from keras.layers import Dense\n"
                "\n"
                "layer = Dense(output_dim=2)\n"
                "\n"
                "class Steps(Callback):\n"
                "    def on_batch_end(self, batch, log={}):\n"
                "        print(batch)\n",
                "from keras.callbacks import Callback\n"
                "from keras.layers import Dense\n"
                "\n"
                "layer = Dense(units=2)\n"
                "\n"
                "class Steps(Callback):\n"
                "    def on_batch_end(self, batch, logs={}):\n"
                "        print(batch)\n",
                note="Keras 3 calls the hooks of batches with `logs=`, Keras 1 went by place.",
            ),
        ),
    ),
    Rule(
        code="K322",
        name="callback-defaults",
        title="An old default of a callback is written out",
        what="Finds callbacks that relied on a default which Keras 3 changed.",
        why="Keras 3 does not guess from a name such as 'val_acc' or 'val_f1' whether it should grow: it raises.",
        safety="Safe: it keeps the old setting.",
        examples=(
            Example(
                "from keras.callbacks import ModelCheckpoint\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "best = ModelCheckpoint('best.h5', monitor='val_acc', save_best_only=True)\n"
                "model.fit(x, y, nb_epoch=5, callbacks=[best])\n",
                "from keras.callbacks import ModelCheckpoint\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "best = ModelCheckpoint('best.keras', monitor='val_acc', save_best_only=True, mode='max')\n"
                "model.fit(x, y, epochs=5, callbacks=[best])\n",
            ),
        ),
    ),
    Rule(
        code="K323",
        name="callback-by-hand",
        title="Something of a callback that only a person can decide",
        what="Finds arguments of callbacks, and what subclasses of Callback read, that went without an equal.",
        why="Keras 3 raises, or the callback sees other numbers.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example(
                "from keras.callbacks import Callback\n"
                "from keras.layers import Dense\n"
                "\n"
                "layer = Dense(output_dim=2)\n"
                "\n"
                "class Progress(Callback):\n"
                "    def on_train_begin(self, logs={}):\n"
                "        self.total = self.params['nb_sample']\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K324",
        name="callback-note",
        title="Worth knowing about a callback",
        what="Notes where a callback may see, or do, something at another time than it did.",
        why="Outputs stay the same; what is recorded of training does not always.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
)

_RATE = "Keras 3 hands the rate as well to a schedule that takes two arguments, even one with a default (trap F10)"
_NAMES_OF_LAYERS = (SAME_VALUE | OTHER_VALUE | {"W", "U", "b"}) - {"n", "p"}
_VALIDATION = "Keras 3 does not keep the validation data: hand them to the callback"
_KEPT = {"validation_data": _VALIDATION, "training_data": "Keras 3 does not keep the data: hand them to the callback"}
_LOSSES = ("loss", "val_loss")  # of which Keras 3 knows that they should fall


def check_callback(ctx: Context, use: FunctionUse, entry: Function) -> None:
    """A call that makes a callback."""
    label = entry.name
    if entry.keras3 is None or use.bound is None:
        message = f"{label}: {entry.person or 'its arguments are not known'}"
        ctx.add(CODES.ask, Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path)
        return
    style = ctx.settings.style
    doubtful = label == SCHEDULER and not _takes_one(ctx, use)
    kept = (style == "exact" and label in EXACT) or (doubtful and style != "modern")
    spelling = entry.keras3
    callee: Spelled | None = None
    if label == LAMBDA and hooks_read(ctx, use) and style != "modern":
        spelling = Spelling(COMPAT_LAMBDA, signature=list(entry.signatures.values())[-1])
        callee = ctx.spell(use.node.func, use.symbol, spelling.path)
    if kept:
        needed = COMPAT[label]
        spelling = spelling._replace(
            path=f"{needed.module}.{needed.name}",
            parameters={name: one for name, one in spelling.parameters.items() if name != "period"},
        )
        callee = ctx.spell(use.node.func, use.symbol, spelling.path)
    made = plan(ctx, use.node, use.bound, entry, spelling)
    if label == STOPPING:
        made = _patient(ctx, use, made)
    if label in WATCHERS and not kept:
        made = _directed(ctx, use, entry, made)
    report(ctx, use.node, made, CODES, About(label, use.symbol.path), callee)
    told = OTHER_STEPS.get(label) if not doubtful else _RATE
    notes = [entry.note, told if not kept and _tells(use, entry) else None]
    for note in notes:
        if note is not None:
            ctx.add(CODES.note, Severity.NOTE, ctx.span(use.node), f"{label}: {note}", symbol=use.symbol.path)


def _takes_one(ctx: Context, use: FunctionUse) -> bool:
    """Whether a schedule of rates is known to take the epoch alone: Keras 3 hands others the rate as well."""
    argument = use.bound.arguments.get("schedule") if use.bound is not None else None
    node: ast.AST | None = argument.node if argument is not None else None
    if isinstance(node, ast.Name):
        binders = ctx.binders(node.id)
        node = binders[0] if len(binders) == 1 else None
        statement = ctx.parents.get(node) if isinstance(node, ast.Name) else None
        node = statement.value if isinstance(statement, ast.Assign) else node
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)) or getattr(node, "decorator_list", []):
        return False
    given = node.args
    return len([*given.posonlyargs, *given.args]) == 1 and given.vararg is None


def _tells(use: FunctionUse, entry: Function) -> bool:
    """Whether what Keras 3 does otherwise shows: numbers of epochs in the names of files."""
    if entry.name != CHECKPOINT or use.bound is None:
        return True
    path = use.bound.arguments.get("filepath")
    return path is None or not isinstance(path.value, str) or "{epoch" in path.value


def _patient(ctx: Context, use: FunctionUse, made: Plan) -> Plan:
    """EarlyStopping with one epoch more to wait for: Keras 1 looked at its count first, Keras 3 counts first."""
    assert use.bound is not None
    argument = use.bound.arguments.get("patience")
    if argument is None or _is_patient(argument.node):
        return made
    if any(value is argument.node for _, _, value in use.bound.spread):
        ask = (argument.node, "`patience`: Keras 3 stops one epoch earlier: add 1 (trap F6)")
        return made._replace(asks=(*made.asks, ask))
    return edited(made, argument.index, "1 + {}")._replace(
        changes=(*made.changes, "`patience` is one more: Keras 3 stops one epoch earlier (trap F6)")
    )


def _is_patient(node: ast.expr) -> bool:
    """Whether a patience is written as this rule writes it."""
    return isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and node.left.value == 1


def _directed(ctx: Context, use: FunctionUse, entry: Function, made: Plan) -> Plan:
    """With the direction that Keras 1 took from the name of what is watched."""
    assert use.bound is not None
    given, mode = use.bound.arguments, use.bound.arguments.get("mode")
    if use.bound.starred or (mode is not None and mode.value != "auto"):
        return made
    watched = given.get("monitor")
    value = LegacyArguments(use.bound, entry).get("monitor")
    early = "mode" not in signature(entry.signatures[use.bound.version]).names()
    if isinstance(value, str):
        if value in _LOSSES and (mode is None or mode.positional is False):
            return made
        text = repr("min" if early or not _grows(value) else "max")
    elif watched is not None and isinstance(watched.node, (ast.Name, ast.Attribute)):
        text = "'min'" if early else f"'max' if 'acc' in {ctx.module.segment(watched.node)} else 'min'"
    else:
        ask = (use.node, "say mode='max' or 'min': Keras 3 does not tell it from every name")
        return made._replace(asks=(*made.asks, ask))
    if mode is not None:
        return edited(made, mode.index, text)._replace(changes=(*made.changes, f"`mode` is {text}"))
    return made._replace(added=(*made.added, Added("mode", text)), pins=(*made.pins, f"mode={text}"))


def _grows(watched: str) -> bool:
    return "acc" in watched or watched.startswith("fmeasure")


# --- subclasses of Callback


def check_subclasses(ctx: Context) -> None:
    known: dict[str, ast.ClassDef] = {}
    asked: set[str] = set()
    for node in subclasses(ctx):
        known[node.name] = node
        by_place = check_class(ctx, node, known)
        own = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute) and _is_stored(one)}
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and method.args.args:
                _check_method(ctx, method, own, by_place)
            if isinstance(method, ast.FunctionDef) and method.name in SETTERS:
                asked.add(method.name)
                now = SETTERS[method.name]
                message = f"`{method.name}`: Keras 3 calls `{now}`: rename it, and where it is called"
                ctx.add(CODES.ask, Severity.ERROR, ctx.span(method), message)
    check_strangers(ctx, known)
    if any(name in ctx.module.text for name in SETTERS):
        _check_setters(ctx, asked)


def _check_setters(ctx: Context, asked: set[str]) -> None:
    """Calls of what Keras 1 called on callbacks by other names. ``asked``: those that subclasses define."""
    own = {node.name for node in ctx.module.nodes if isinstance(node, ast.FunctionDef)}
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr not in SETTERS.keys() - asked:
            continue
        new = SETTERS[node.attr]
        if node.attr in own:  # of some other class
            ctx.add(CODES.note, Severity.NOTE, ctx.span(node), f"`{node.attr}` of a callback is `{new}` now")
            continue
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (ctx.span(node.value), f".{new}")),))
        ctx.add(CODES.arguments, Severity.ERROR, ctx.span(node), f"`{node.attr}` is `{new}` now", fix=fix)


def _is_base(ctx: Context, base: ast.expr, known: Collection[str]) -> bool:
    symbol = ctx.names.resolve(base)
    entry = registry.lookup(symbol.path) if symbol is not None else None
    return getattr(entry, "kind", None) == KIND or (isinstance(base, ast.Name) and base.id in known)


def _is_stored(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


def _check_method(ctx: Context, method: ast.FunctionDef, own: set[str], by_place: bool) -> None:
    """``own``: the attributes that the class sets itself. ``by_place``: hooks of batches are called by position."""
    receiver = method.args.args[0].arg
    for node in ast.walk(method):
        if (
            isinstance(node, ast.Attribute)
            and not _is_stored(node)
            and node.attr in _KEPT.keys() - own
            and (_is_self(node.value, receiver) or _is_own(node.value, receiver, "model"))
        ):
            message = f"`{ctx.module.segment(node)}`: {_KEPT[node.attr]}"
            ctx.add(CODES.ask, Severity.ERROR, ctx.span(node), message)
        if isinstance(node, ast.Attribute):
            _check_model(ctx, node, receiver)
        key = keyed(node)
        if key is not None and _is_own(key[0], receiver, "params"):
            check_parameter(ctx, key[1])
    if method.name in HOOKS and not by_place:
        _check_keyword(ctx, method)


def _check_model(ctx: Context, node: ast.Attribute, receiver: str) -> None:
    """What a callback does with its model, of which it is not known which one that is."""
    call = ctx.parents.get(node)
    called = isinstance(call, ast.Call) and call.func is node
    if node.attr == "reset_states" and called and _is_own(node.value, receiver, "model"):
        assert isinstance(call, ast.Call)
        if not call.args and not call.keywords:
            spelled = ctx.name("tdmigrate.compat.reset_states")
            pieces = (f"{spelled.text}(", ctx.span(node.value), ")")
            fix = Fix(Applicability.SAFE, (Recast(ctx.span(call), pieces),), spelled.imports)
            message = "`model.reset_states()`: a model of Keras 3 has no such method: it is `reset_states(model)` now"
            ctx.add(CODES.arguments, Severity.ERROR, ctx.span(call), message, fix=fix)
        return
    owner = _owner(node.value)
    if owner is not None and _is_own(owner, receiver, "model") and node.attr in _NAMES_OF_LAYERS:
        message = f"`{ctx.module.segment(node)}`: what it is called in Keras 3 depends on the layer, such as `kernel`"
        ctx.add(CODES.ask, Severity.ERROR, ctx.span(node), message)


def _owner(layer: ast.expr) -> ast.expr | None:
    """What has a layer: the model of ``model.layers[0]`` and ``model.get_layer(name)``."""
    if isinstance(layer, ast.Subscript):
        held = layer.value
        return held.value if isinstance(held, ast.Attribute) and held.attr == "layers" else None
    got = layer.func if isinstance(layer, ast.Call) else None
    return got.value if isinstance(got, ast.Attribute) and got.attr == "get_layer" else None


def _check_keyword(ctx: Context, method: ast.FunctionDef) -> None:
    """A hook of batches that cannot be called with ``logs=``, as Keras 3 calls it; Keras 1 went by place."""
    arguments = method.args
    taken = [one.arg for one in (*arguments.args, *arguments.kwonlyargs)]
    if "logs" in taken or arguments.kwarg is not None:
        return
    message = f"`{method.name}`: Keras 3 calls it with `logs=`, which this method does not take: it raises TypeError"
    if len(arguments.args) != 3 or arguments.vararg is not None:
        at = arguments.vararg or arguments.args[0]
        ctx.add(CODES.ask, Severity.ERROR, ctx.span(at), f"{message}. Name its last parameter `logs`")
        return
    parameter = arguments.args[2]
    inside = [node for node in ast.walk(method) if isinstance(node, (ast.Name, ast.arg))]
    uses = [node for node in inside if isinstance(node, ast.Name) and node.id == parameter.arg]
    names = [node.id if isinstance(node, ast.Name) else node.arg for node in inside]
    handed = (one.arg for node in ctx.module.nodes if isinstance(node, ast.Call) for one in node.keywords)
    clear = "logs" not in names and names.count(parameter.arg) == len(uses) + 1 and parameter.arg not in handed
    if not clear or parameter.annotation is not None or _rebinds(method, parameter.arg):
        ctx.add(CODES.ask, Severity.ERROR, ctx.span(parameter), f"{message}. Rename `{parameter.arg}` to `logs`")
        return
    spans = [ctx.span(parameter), *map(ctx.span, uses)]
    edits = tuple(TextEdit(span, "logs") for span in spans)
    message = f"{message}; `{parameter.arg}` is `logs` now"
    ctx.add(CODES.arguments, Severity.ERROR, ctx.span(parameter), message, fix=Fix(Applicability.SAFE, edits))


def _rebinds(method: ast.FunctionDef, name: str) -> bool:
    """Whether something in a method binds a name without an expression for it: an import, an ``except … as``."""
    return any(
        name in (getattr(node, "name", None), getattr(node, "asname", None)) or name in getattr(node, "names", ())
        for node in ast.walk(method)
    )


def check_parameter(ctx: Context, key: ast.Constant) -> None:
    """A key of the ``params`` of a callback."""
    if not isinstance(key.value, str) or key.value not in PARAMS:
        return
    span = ctx.span(key)
    new = PARAMS[key.value]
    if new is None:
        message = f"`params[{key.value!r}]`: Keras 3 does not have it: {PARAMS_WHY[key.value]} (trap F9)"
        ctx.add(CODES.ask, Severity.ERROR, span, message)
        return
    message = f"`params[{key.value!r}]` is `params[{new!r}]` now (trap F9)"
    fix = Fix(Applicability.SAFE, (TextEdit(span, repr(new)),))
    ctx.add(CODES.arguments, Severity.ERROR, span, message, fix=fix)


def subclasses(ctx: Context) -> Iterator[ast.ClassDef]:
    """The subclasses of Callback that the source defines."""
    known: set[str] = set()
    for node in ctx.module.nodes:
        if isinstance(node, ast.ClassDef) and any(_is_base(ctx, base, known) for base in node.bases):
            known.add(node.name)
            yield node


def model_calls(ctx: Context, names: Collection[str]) -> Iterator[ast.Call]:
    """Calls of these methods on the model of a callback, in subclasses of Callback."""
    for node in subclasses(ctx):
        for one in ast.walk(node):
            func = one.func if isinstance(one, ast.Call) else None
            if isinstance(func, ast.Attribute) and func.attr in names:
                held = func.value
                if isinstance(held, ast.Attribute) and held.attr == "model" and isinstance(held.value, ast.Name):
                    assert isinstance(one, ast.Call)
                    yield one


def _is_self(node: ast.expr, receiver: str) -> bool:
    return isinstance(node, ast.Name) and node.id == receiver


def _is_own(node: ast.expr, receiver: str, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and _is_self(node.value, receiver)
