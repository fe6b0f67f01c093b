"""K326: `trainable` that is set after a compile, as in the networks of a GAN and in fine-tuning."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Import, Severity, StatementEdit
from tdmigrate.keras1.entry import Text
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.after_compile import is_followed
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import MethodUse

CODE = "K326"
_NAME = "keep_trainable"
_KEEP = Text(f"{_NAME}({{}})", (Import(COMPAT, _NAME),))
_TRAINS = frozenset(("fit", "fit_generator", "train_on_batch"))
# took the weights to train in the first step after compile, as Keras 3 does; but a Sequential that is trained itself
# did not look at its own flag
_FIRST_STEP = parse("1.0")

_BEGINS = (
    "Keras 1 trained the layers of a Sequential that another one begins with, whatever its own flag says; Keras 3 "
    "freezes them. Set `trainable` of each layer that is meant, or leave this out"
)
_FREEZES = re.compile(r"trainable|freeze")

RULE = Rule(
    code=CODE,
    name="frozen-after-compile",
    title="`trainable` is set after a model was compiled",
    what="Finds `trainable` of a model, or of its layers, that is set between `compile` and training.",
    why=(
        "Keras 0.x, 1.1 and 1.2 trained what was trainable when compile was called. Keras 3 looks when it makes the "
        "first step (as 1.0 did): a discriminator that was frozen for the model around it never trains."
    ),
    safety="Safe: tdmigrate.compat.keep_trainable keeps what was trainable at compile until the next compile.",
    examples=(
        Example(
            "from keras.layers import Dense\n"
            "from keras.models import Sequential\n"
            "\n"
            "judge = Sequential([Dense(output_dim=1, input_dim=2)])\n"
            "judge.compile('sgd', 'mse')\n"
            "judge.trainable = False\n"
            "judge.train_on_batch(x, y)\n",
            "from keras.layers import Dense, Input\n"
            "from keras.models import Sequential\n"
            "from tdmigrate.compat import keep_trainable\n"
            "\n"
            "judge = Sequential([Input(shape=(2,)), Dense(units=1)])\n"
            "judge.compile('sgd', 'mse')\n"
            "keep_trainable(judge)\n"
            "judge.trainable = False\n"
            "judge.train_on_batch(x, y)\n",
        ),
    ),
)


class _Compiled(NamedTuple):
    """A compile of a model that a name, or an attribute, stands for."""

    use: MethodUse
    receiver: str
    scope: str


class _Change(NamedTuple):
    """Where ``trainable`` of ``owner`` is set: by an assignment, or by a function that is handed what it sets."""

    node: ast.expr  # the attribute, or the call
    owner: ast.expr

    @property
    def lineno(self) -> int:
        return self.node.lineno


def check_freezing(ctx: Context) -> None:
    _Freezing(ctx).check()


class _Freezing:
    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.compiled = [
            _Compiled(use, ctx.module.segment(use.node.func.value), ctx.names.scope_of(use.node))
            for use in ctx.facts.methods
            if use.method.name == "compile" and isinstance(use.node.func, ast.Attribute)
        ]
        # by scope and text of a receiver: the calls that made it
        self.models: dict[tuple[str, str], set[ast.Call]] = {}
        for use in ctx.facts.methods:
            if isinstance(use.node.func, ast.Attribute):
                key = (ctx.names.scope_of(use.node), ctx.module.segment(use.node.func.value))
                self.models.setdefault(key, set()).update(use.models)

        self.made = {use.node for use in ctx.facts.layers} | {use.node for use in ctx.facts.methods}
        self.attributes: dict[str, list[ast.Call]] = {}  # "self.trunk": the calls whose results it is
        for node in ctx.module.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        self.attributes.setdefault(self._text(target), []).append(node.value)

    def check(self) -> None:
        stores = [*self._assigned(), *self._handed()]
        self._check_beginnings()
        told: set[ast.Call] = set()
        for store in stores:
            if self._is_toggled(store, stores):
                continue
            for compiled in self._compiles_before(store):
                if compiled.use.node in told or self._is_kept(compiled) or self._is_late(store, compiled):
                    continue
                if self._counts(store, compiled):
                    told.add(compiled.use.node)
                    self._report(store, compiled)

    def _assigned(self) -> Iterator[_Change]:
        for node in self.ctx.module.nodes:
            if isinstance(node, ast.Attribute) and node.attr == "trainable" and isinstance(node.ctx, ast.Store):
                yield _Change(node, node.value)

    def _handed(self) -> Iterator[_Change]:
        """What is handed to a function of the source that sets ``trainable`` of it, or to one of another module that
        says so by its name.
        """
        for node in self.ctx.module.nodes:
            if not isinstance(node, ast.Call) or node in self.made:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            makers = [one for one in self.ctx.binders(name) if isinstance(one, ast.FunctionDef)]
            if any(map(_sets, makers)) or (not makers and _FREEZES.search(name) and name not in self.ctx.compat):
                yield from (_Change(node, one) for one in node.args if not isinstance(one, ast.Constant))

    def _check_beginnings(self) -> None:
        """A Sequential that another one begins with: keras/models.py of 1.0 to 1.2.2 took its layers one by one."""
        if self.ctx.era.assumed.hi < _FIRST_STEP.lo:
            return
        kinds = {model.node: model for model in self.ctx.facts.models if model.kind == "Sequential"}
        # what one call makes several of may stand further on as well
        whole = [one.layers for one in kinds.values() if one.complete and one.layers]
        firsts = {layers[0] for layers in whole if layers[0] in kinds and layers.count(layers[0]) == 1}
        for store in self._assigned() if firsts else ():
            scope, text = self.ctx.names.scope_of(store.node), self._text(store.owner)
            made = {*self.models.get((scope, text), ()), self.ctx.maker(text)}
            if self._value(store) is not True and made & firsts:
                message = f"`{text}.trainable`: {_BEGINS}"
                self.ctx.add(CODE, Severity.WARNING, self.ctx.span(store.node), message)

    def _is_late(self, store: _Change, compiled: _Compiled) -> bool:
        """Whether Keras 1 looked at this flag when Keras 3 does."""
        own = compiled.use.owner == "Sequential" and compiled.receiver == self._text(store.owner)
        return self.ctx.era.assumed.within(_FIRST_STEP) and not own

    def _report(self, store: _Change, compiled: _Compiled) -> None:
        ctx, node = self.ctx, compiled.use.node
        message = (
            f"`{self._shown(store)}` is set after row {node.lineno} compiled `{compiled.receiver}`: Keras 1 "
            "went on training what was trainable there, Keras 3 does not"
        )
        statement = ctx.parents.get(node)
        fix: Fix | None = None
        if ctx.settings.style == "modern" or compiled.use.owner == "Graph" or not isinstance(statement, ast.Expr):
            message += ": set it as it was before each step of training"
        else:
            keep = ctx.written(_KEEP)
            line = keep.text.replace("{}", compiled.receiver)
            fix = Fix(Applicability.SAFE, (StatementEdit(ctx.span(statement), after=(line,)),), keep.imports)
        ctx.add(CODE, Severity.WARNING, ctx.span(store.node), message, fix=fix)

    # --- which compiles

    def _compiles_before(self, store: _Change) -> Iterator[_Compiled]:
        """Compiles of models that a store changes, which may have run when it does."""
        scope = self.ctx.names.scope_of(store.node)
        texts = set(self._prefixes(store.owner))
        vague = not self._is_known(scope, texts)
        for compiled in self.compiled:
            row = compiled.use.node.lineno
            if compiled.scope == scope:
                again = any(loop in self._above(compiled.use.node) for loop in self._loops(store.node))
                if row >= store.lineno and not again:
                    continue
                if vague or compiled.receiver in texts or self._holds(compiled, scope, texts):
                    yield compiled
            elif compiled.use.models and any(
                self.models.get((scope, text), set()) & set(compiled.use.models) for text in texts
            ):
                yield compiled

    def _prefixes(self, node: ast.expr, depth: int = 4) -> Iterator[str]:
        """The expression, what it is a part of, and what the variable in it was taken from."""
        while True:
            yield self._text(node)
            if isinstance(node, (ast.Attribute, ast.Subscript)):
                node = node.value
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                node = node.func.value  # model.get_layer('a')
            else:
                break
        if not isinstance(node, ast.Name) or not depth:
            return
        for binder in self.ctx.binders(node.id):
            statement: ast.AST | None = binder
            while isinstance(statement, ast.expr):
                statement = self.ctx.parents.get(statement)
            origin: ast.expr | None = None
            if isinstance(statement, ast.For) and binder in ast.walk(statement.target):
                origin = statement.iter
                if isinstance(origin, ast.Call) and isinstance(origin.func, ast.Name) and origin.args:
                    origin = origin.args[0]  # enumerate, reversed
            elif isinstance(statement, ast.Assign):
                origin = statement.value
            if isinstance(origin, (ast.Attribute, ast.Subscript, ast.Call)):
                yield from self._prefixes(origin, depth - 1)

    def _is_known(self, scope: str, texts: set[str]) -> bool:
        """Whether the source tells which layer or model these are; a list or dict of them may hold any."""
        known = {text for where, text in self.models if where == scope} | self.attributes.keys() | {"self"}
        return not known.isdisjoint(texts) or any(self.ctx.maker(text) is not None for text in texts)

    def _holds(self, compiled: _Compiled, scope: str, texts: set[str]) -> bool:
        """Whether a compiled model holds a layer, or a model, of one of these names."""
        makers: set[ast.Call | None] = {self.ctx.maker(text) for text in texts if text.isidentifier()}
        makers.update(call for text in texts for call in self.attributes.get(text, ()))
        for text in texts:
            makers |= self.models.get((scope, text), set())
        makers -= {None, *compiled.use.models}
        held = {layer for model in self.ctx.facts.models if model.node in compiled.use.models for layer in model.layers}
        inner = {layer for model in self.ctx.facts.models if model.node in makers for layer in model.layers}
        return bool(held & (makers | inner))

    # --- whether it counts

    def _counts(self, store: _Change, compiled: _Compiled) -> bool:
        """Whether the model is trained, with no compile between, after a store."""
        scope = self.ctx.names.scope_of(store.node)
        events = sorted(self._events(compiled, scope), key=lambda event: event[0].lineno)
        later = [event for event in events if event[0].lineno > store.lineno]
        for loop in self._loops(store.node):
            inside = [event for event in events if loop in self._above(event[0])]
            following = [event for event in later if event in inside]
            if inside:
                return (following or inside)[0][1]
        if later:
            return later[0][1]
        return bool(scope) or not any(
            one.method.name in _TRAINS and set(one.models) & set(compiled.use.models) for one in self.ctx.facts.methods
        )

    def _events(self, compiled: _Compiled, scope: str) -> Iterator[tuple[ast.Call, bool]]:
        """Calls of a scope that train the model (True) or compile it, by a function that gets it as well."""
        models = set(compiled.use.models)
        names = {text for (where, text), made in self.models.items() if where == scope and made & models}
        if compiled.scope == scope:
            names.add(compiled.receiver)
        for use in self.ctx.facts.methods:
            if self.ctx.names.scope_of(use.node) == scope and use.method.name in (*_TRAINS, "compile"):
                named = isinstance(use.node.func, ast.Attribute) and self._text(use.node.func.value) in names
                if named or set(use.models) & models:
                    yield use.node, use.method.name != "compile"
        for node in self.ctx.module.nodes:
            if not isinstance(node, ast.Call) or self.ctx.names.scope_of(node) != scope:
                continue
            if not isinstance(node.func, ast.Name) or not any(self._text(one) in names for one in node.args):
                continue
            for function in self.ctx.binders(node.func.id):
                called = {one.attr for one in ast.walk(function) if isinstance(one, ast.Attribute)}
                if isinstance(function, ast.FunctionDef) and called & {*_TRAINS, "compile"}:
                    yield node, "compile" not in called

    def _text(self, node: ast.expr) -> str:
        return self.ctx.module.segment(node)

    def _is_toggled(self, store: _Change, stores: list[_Change]) -> bool:
        """Whether a loop sets it to True and to False in turn, before the steps that want it so."""
        same = [one for one in stores if self._text(one.owner) == self._text(store.owner)]
        for loop in self._loops(store.node):
            if {self._value(one) for one in same if loop in self._above(one.node)} >= {True, False}:
                return True
        return False

    def _value(self, store: _Change) -> object:
        if isinstance(store.node, ast.Call):
            return next((one.value for one in store.node.args if isinstance(one, ast.Constant)), None)
        assignment = self.ctx.parents.get(store.node)
        return getattr(assignment.value, "value", None) if isinstance(assignment, ast.Assign) else None

    def _shown(self, store: _Change) -> str:
        return f"{self._text(store.owner)}.trainable"

    def _is_kept(self, compiled: _Compiled) -> bool:
        """Whether the statement after a compile keeps what was trainable there."""
        statement = self.ctx.parents.get(compiled.use.node)
        return isinstance(statement, ast.stmt) and is_followed(self.ctx, statement, _NAME)

    def _loops(self, node: ast.AST) -> Iterator[ast.AST]:
        for outer in self._above(node):
            if isinstance(outer, (ast.FunctionDef, ast.ClassDef)):
                return
            if isinstance(outer, (ast.For, ast.While)):
                yield outer

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        parent = self.ctx.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.ctx.parents.get(parent)


def _sets(function: ast.FunctionDef) -> bool:
    """Whether a function sets ``trainable`` of what it is handed."""
    given = {one.arg for one in function.args.args}
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "trainable"
        and isinstance(node.ctx, ast.Store)
        and not given.isdisjoint(_roots(function, node.value))
        for node in ast.walk(function)
    )


def _roots(function: ast.FunctionDef, node: ast.expr) -> set[str]:
    """The names that an expression in a function begins with, or that the loop around runs over."""
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    for loop in ast.walk(function):
        if isinstance(loop, ast.For) and names & {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}:
            names |= {one.id for one in ast.walk(loop.iter) if isinstance(one, ast.Name)}
    return names
