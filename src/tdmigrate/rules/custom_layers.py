"""K701–K704: classes of the source's own that derive from a layer of Keras."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from tdmigrate.findings import (
    Applicability,
    ArgumentEdit,
    CallEdit,
    Edit,
    Fix,
    Import,
    Recast,
    Severity,
    Span,
    StatementEdit,
    TextEdit,
)
from tdmigrate.keras1 import registry
from tdmigrate.keras1.activations import HARD_SIGMOID
from tdmigrate.keras1.entry import Function, Layer, Renamed, Spelling, Text
from tdmigrate.keras1.versions import parse
from tdmigrate.rules import custom_masks, custom_weights
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.custom_weights import is_super_init
from tdmigrate.rules.heads import head, parameter
from tdmigrate.rules.layers import is_wanted
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import Required, signature
from tdmigrate.understanding.custom import GETTERS, LayerClass, is_own, layer_classes, statements

RULES = (
    Rule(
        code="K701",
        name="custom-layer",
        title="A layer of your own is written otherwise now",
        what=(
            "Finds classes that derive from a layer of Keras and what Keras 3 calls otherwise in them: "
            "`get_output_shape_for`, variables and lists of weights, `add_weight(shape, …)`, `initializations.get`, "
            "`self.init.__name__`, `get_output(train)` of Keras 0.x."
        ),
        why="Keras 3 never calls the old methods, and refuses `self.trainable_weights = […]`.",
        safety="Safe: the same weights in the same order, and the same outputs from them.",
        examples=(
            Example(
                "from keras import backend as K\n"
                "from keras import initializations\n"
                "from keras.engine.topology import Layer\n"
                "\n"
                "\n"
                "class Scale(Layer):\n"
                "    def __init__(self, init='one', **kwargs):\n"
                "        self.init = initializations.get(init)\n"
                "        super(Scale, self).__init__(**kwargs)\n"
                "\n"
                "    def build(self, input_shape):\n"
                "        self.gamma = self.init((input_shape[-1],), name='gamma')\n"
                "        self.beta = K.zeros((input_shape[-1],))\n"
                "        self.trainable_weights = [self.gamma, self.beta]\n"
                "\n"
                "    def call(self, x, mask=None):\n"
                "        return K.tanh(x * self.gamma + self.beta)\n"
                "\n"
                "    def get_output_shape_for(self, input_shape):\n"
                "        return input_shape\n"
                "\n"
                "    def get_config(self):\n"
                "        config = {'init': self.init.__name__}\n"
                "        return dict(list(super(Scale, self).get_config().items()) + list(config.items()))\n",
                "from keras import initializers, ops\n"
                "from keras.layers import Layer\n"
                "\n"
                "\n"
                "class Scale(Layer):\n"
                "    def __init__(self, init='one', **kwargs):\n"
                "        self.init = initializers.get(init)\n"
                "        super(Scale, self).__init__(**kwargs)\n"
                "\n"
                "    def build(self, input_shape):\n"
                "        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer=self.init, name='gamma')\n"
                "        self.beta = self.add_weight(shape=(input_shape[-1],), initializer='zeros')\n"
                "\n"
                "    def call(self, x, mask=None):\n"
                "        return ops.tanh(x * self.gamma + self.beta)\n"
                "\n"
                "    def compute_output_shape(self, input_shape):\n"
                "        return input_shape\n"
                "\n"
                "    def get_config(self):\n"
                "        config = {'init': initializers.serialize(self.init)}\n"
                "        return dict(list(super(Scale, self).get_config().items()) + list(config.items()))\n",
            ),
        ),
    ),
    Rule(
        code="K702",
        name="custom-layer-by-hand",
        title="Something of a layer of your own that only a person can decide",
        what=(
            "Finds what a class that derives from a layer of Keras does and Keras 3 has no equal for: attributes that "
            "went, weights in no list, methods of Keras that it calls or overrides."
        ),
        why="Keras 3 raises, or never calls the method.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example(
                "from keras.layers.core import Layer\n"
                "\n"
                "\n"
                "class Double(Layer):\n"
                "    def get_output_shape_for(self, input_shape):\n"
                "        return self.input_shape\n"
                "\n"
                "    def call(self, x, mask=None):\n"
                "        return 2 * x\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K703",
        name="custom-layer-note",
        title="Worth knowing about a layer of your own",
        what="Notes where releases of Keras 0.x and 1.x did other things with such a class.",
        why="The rewrite names what it had to assume.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
    Rule(
        code="K704",
        name="custom-recurrent",
        title="A recurrent layer of your own is a cell now",
        what="Finds classes with a `step` that derive from Recurrent, LSTM, GRU or SimpleRNN, and shows a skeleton.",
        why="Keras 3 calls no `step`, `get_constants` or `preprocess_input`: a class would compute as its base does.",
        safety="Nothing is changed; the skeleton is shown to be filled.",
        examples=(
            Example(
                "from keras.layers.recurrent import Recurrent\n"
                "\n"
                "\n"
                "class Mean(Recurrent):\n"
                "    def get_output_shape_for(self, input_shape):\n"
                "        return input_shape\n"
                "\n"
                "    def step(self, x, states):\n"
                "        h = 0.5 * (x + states[0])\n"
                "        return h, [h]\n",
                None,
            ),
        ),
    ),
)

_SHAPES = "get_output_shape_for"
_NEW_SHAPES = "compute_output_shape"
# attributes that Keras 3's Layer has and refuses to be set (3.15) → what to do
_OWNED = {
    "input": "call it otherwise",
    "output": "call it otherwise",
    "losses": "hand each loss to self.add_loss",
    "weights": "call it otherwise",
    "variables": "call it otherwise",
    "metrics": "call it otherwise",
    "dtype": "give super().__init__ the dtype",
    "input_dtype": "give super().__init__ the dtype",
    "path": "call it otherwise",
}
# what a layer of Keras 1 knew of itself and one of Keras 3 does not
_GONE = {
    "input_shape": "the shape is what `build` and compute_output_shape are given; in `call` it is that of the tensor",
    "output_shape": "it is self.compute_output_shape(input_shape)",
    "get_output_shape_at": "keep the tensors that the layer was called on",
    "get_input_shape_at": "keep the tensors that the layer was called on",
    "get_output_at": "keep the tensors that the layer was called on",
    "get_input_at": "keep the tensors that the layer was called on",
    "inbound_nodes": "keep the tensors that the layer was called on",
    "outbound_nodes": "keep the tensors that the layer was called on",
    "add_inbound_node": "keep the tensors that the layer was called on",
    "create_input_layer": "call the layer on a keras.Input(...)",
    "add_update": "assign to the variable in `call`",
    "updates": "assign to the variable in `call`",
    "batch_input_shape": "the shape is what `build` is given",
    "get_input": "it is the first argument of `call`",
    "get_output": "it is `call` now",
    "get_input_mask": "it is the argument `mask` of `call`",
    "get_params": "Keras 3 has trainable_weights",
    "previous": "it is the first argument of `call`",
}
_SUMMED = (
    "Keras 1 added its sum over the batch, Keras 3 the mean, and none that is set before super().__init__(): give "
    "super().__init__ `activity_regularizer=`, one of tdmigrate.compat"
)
# methods of recurrent layers that Keras 3 never calls
_STEPS = frozenset(("step", "get_constants", "get_initial_states", "preprocess_input"))
_RECURRENT = frozenset(("Recurrent", "LSTM", "GRU", "SimpleRNN", "ConvLSTM2D"))
_OWN_BASES = frozenset(("Layer", "MaskedLayer", "Wrapper"))
_OLD = frozenset(("get_output", "get_input", "get_output_mask"))
# strings that a class of the source's own may hand to a getter → what they are now
_WORDS = {
    "hard_sigmoid": HARD_SIGMOID,
    "maxnorm": Text("'max_norm'"),
    "nonneg": Text("'non_neg'"),
    "unitnorm": Text("'unit_norm'"),
    "l1l2": Text("L1L2(0.01, 0.01)", (Import("keras.regularizers", "L1L2"),)),
}


def check_custom_layers(ctx: Context) -> None:
    """Every class of the module that derives from a layer of Keras. Runs before rules/backend.py."""
    classes = layer_classes(ctx.module.tree, ctx.names)
    for found in classes:
        if found.base == "TimeDistributedDense":  # rules/time_distributed_dense.py
            continue
        if found.base in _RECURRENT and not _STEPS.isdisjoint(found.methods):
            from tdmigrate.rules import custom_recurrent  # few sources have any

            custom_recurrent.check_recurrent(ctx, found)
            continue
        _Class(ctx, found).check()
    for use in ctx.facts.layers:
        if use.entry.name == "Layer":
            message = "Layer: called as it is it changed nothing, in Keras 3 it raises: write keras.layers.Identity()"
            ctx.add("K702", Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path)
    _check_getters(ctx)
    names = {found.node.name for found in classes}
    for node in ctx.module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            _check_use(ctx, node)


def _check_getters(ctx: Context) -> None:
    """``initializations.get(name)``: the other getters are where they were."""
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Call):
            continue
        symbol = ctx.names.resolve(node.func)
        home = GETTERS.get(symbol.path) if symbol is not None else None
        if home is None or symbol is None:
            continue
        for argument in node.args[:1]:
            _check_word(ctx, argument)
        if home == "initializers" and isinstance(node.func, ast.Attribute):
            new = ctx.written(Text("initializers.get", (Import("keras", "initializers"),)))
            given = [ArgumentEdit(index, drop=True) for index in range(1, len(node.args) + len(node.keywords))]
            edit: Edit = CallEdit(ctx.span(node), new.text, tuple(given))
            if node in ctx.handled:
                continue
            fix = Fix(Applicability.SAFE, (edit,), new.imports)
            message = "keras.initializations.get is keras.initializers.get now"
            if ctx.add("K701", Severity.ERROR, ctx.span(node), message, symbol=symbol.path, fix=fix):
                ctx.replace(node.func, Applicability.SAFE, None)


def _check_use(ctx: Context, node: ast.Call) -> None:
    """A call of a class of the source's own."""
    for keyword in node.keywords:
        if keyword.arg in ("batch_input_shape", "input_dtype"):
            message = f"{keyword.arg}: Keras 3 refuses it: put an Input(batch_shape=, dtype=) before the layer"
            ctx.add("K702", Severity.ERROR, ctx.span(keyword.value), message)
        elif keyword.arg in ("init", "inner_init") and ctx.is_function(keyword.value):
            message = f"{keyword.arg}: Keras 3 calls an initializer as f(shape, dtype=...), not as f(shape, name=...)"
            ctx.add("K702", Severity.ERROR, ctx.span(keyword.value), message)
        else:
            _check_word(ctx, keyword.value)


def _check_word(ctx: Context, node: ast.expr) -> None:
    """The name of something that Keras 3 calls otherwise, or that is another function (trap A1)."""
    text = _WORDS.get(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
    if text is None:
        return
    new = ctx.written(text)
    fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(node), new.text),), new.imports)
    shown = ctx.module.segment(node)
    now = (
        f"is `{new.text}` now"
        if text is not HARD_SIGMOID
        else f"is another function in Keras 3: {COMPAT} has Keras 1's"
    )
    ctx.add("K701", Severity.ERROR, ctx.span(node), f"{shown} {now}", fix=fix)


class _Class:
    def __init__(self, ctx: Context, found: LayerClass) -> None:
        self.ctx = ctx
        self.found = found
        self.name = found.node.name
        self.own = found.base in _OWN_BASES

    def check(self) -> None:
        old = not _OLD.isdisjoint(self.found.methods) or self._reads_input()
        if old:
            from tdmigrate.rules import custom_old  # of Keras 0.x alone

            custom_old.check_old(self.ctx, self.found)
        custom_weights.check_weights(self.ctx, self.found)
        self._check_shapes()
        if "call" in self.found.methods:
            self._check_call(self.found.methods["call"])
        for method in self.found.methods.values():
            self._check_defaults(method)
            for node in ast.walk(method):
                self._check_node(node, method, old)
        if "__init__" in self.found.methods:
            self._check_init(self.found.methods["__init__"])
        if not self.own:
            self._check_derived()
        for name in ("__call__", "assert_input_compatibility", "set_previous", "get_params"):
            if name in self.found.methods:
                self._ask(self._head(self.found.methods[name]), f"{name}: Keras 3 has its own way there: leave it out")

    def _reads_input(self) -> bool:
        return any(is_own(node, "get_input") for node in ast.walk(self.found.node))

    # --- methods

    def _check_shapes(self) -> None:
        """``get_output_shape_for``, unless the class is for later Keras as well."""
        method = self.found.methods.get(_SHAPES)
        if method is None:
            return
        if _NEW_SHAPES in self.found.methods or _assigns(self.found.node, _NEW_SHAPES):
            return
        span = self._head(method)
        fix = Fix(Applicability.SAFE, (TextEdit(span, _NEW_SHAPES),))
        self._fix(span, f"{_SHAPES} is {_NEW_SHAPES} now", fix)

    def _check_call(self, method: ast.FunctionDef) -> None:
        """What ``call`` is told: a mask has a default now, the phase is an argument."""
        ctx = self.ctx
        tensor = method.args.args[1].arg if len(method.args.args) > 1 else ""
        ctx.calls[method] = tensor
        custom_masks.check_masks(ctx, method)
        given = method.args
        parameters = given.args
        plain = not (given.vararg or given.kwonlyargs or given.posonlyargs) and len(parameters) > 1
        told = any(one.arg == "training" for one in parameters)
        add = self._asks_phase(method) and plain and not told
        edits: list[Edit] = []
        texts = []
        bare = len(parameters) - len(given.defaults)  # so many have no default
        if bare > 2 and parameters[bare - 1].arg == "mask":
            texts.append("`mask` has a default")
            told_too = ", training=None" if add and not given.defaults else ""
            edits.append(TextEdit(parameter(ctx, parameters[bare - 1]), f"mask=None{told_too}"))
        if add:
            texts.append("it is told the phase as `training`")
            if given.defaults:
                edits.append(TextEdit(ctx.span(given.defaults[-1]), "{}, training=None"))
            elif not edits:
                edits.append(TextEdit(parameter(ctx, parameters[-1]), f"{parameters[-1].arg}, training=None"))
        if edits:
            self._fix(self._head(method), f"call: {'; '.join(texts)}", Fix(Applicability.SAFE, tuple(edits)))
        if told or add:
            ctx.phased.add(method)

    def _asks_phase(self, method: ast.FunctionDef) -> bool:
        for node in ast.walk(method):
            symbol = self.ctx.names.resolve(node.func) if isinstance(node, ast.Call) else None
            entry = registry.lookup(symbol.path) if symbol is not None else None
            if isinstance(entry, Function) and entry.phase is not None:
                return True
        return False

    def _check_defaults(self, method: ast.FunctionDef) -> None:
        for default in method.args.defaults:
            _check_word(self.ctx, default)

    def _check_init(self, method: ast.FunctionDef) -> None:
        """Keras 3's ``Layer.__init__`` sets some attributes anew: what was said of them before it is lost."""
        supers = [node for node in statements(method.body) if isinstance(node, ast.Expr) and is_super_init(node.value)]
        if not supers:
            return
        call = supers[0]
        for statement in statements(method.body):
            if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1):
                continue
            target = statement.targets[0]
            if not is_own(target, "supports_masking") or statement.lineno > call.lineno:
                continue
            text = self.ctx.module.segment(statement)
            if self.ctx.parents.get(statement) is not method or self.ctx.parents.get(call) is not method:
                self._ask(self.ctx.span(statement), "supports_masking: set it behind super().__init__(), which sets it")
                continue
            edits = (
                StatementEdit(self.ctx.span(statement), replace=True),
                StatementEdit(self.ctx.span(call), after=(text,)),
            )
            message = "supports_masking is set behind super().__init__() now, which would unset it"
            self._fix(self.ctx.span(statement), message, Fix(Applicability.SAFE, edits))

    # --- expressions

    def _check_node(self, node: ast.AST, method: ast.FunctionDef, old: bool) -> None:
        ctx = self.ctx
        if isinstance(node, ast.Call):
            self._check_spec(node)
            self._check_loss(node)
        if not isinstance(node, ast.Attribute):
            return
        name = node.attr
        if name == _SHAPES and isinstance(node.ctx, ast.Load) and _NEW_SHAPES not in self.found.methods:
            if not any(use.node is node for use in ctx.facts.attributes):
                fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (ctx.span(node.value), f".{_NEW_SHAPES}")),))
                self._fix(ctx.span(node), f"{_SHAPES} is {_NEW_SHAPES} now", fix)
            return
        if name == "__name__" and is_own(node.value) and node.value.attr in self.found.made:
            self._serialize(node, node.value, self.found.made[node.value.attr])
            return
        parent = ctx.parents.get(node)
        called = isinstance(parent, ast.Call) and parent.func is node and not (parent.args or parent.keywords)
        if name == "get_config" and is_own(node.value) and called:
            module = self.found.made.get(node.value.attr, "")
            if module in ("regularizers", "constraints") and isinstance(parent, ast.Call):
                self._serialize(parent, node.value, module)
            return
        if not is_own(node):
            return
        stored = isinstance(node.ctx, ast.Store)
        if stored and name == "input" and old and isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Call):
            return  # rules/custom_old.py
        if stored and name in _OWNED:
            self._ask(ctx.span(node), f"self.{name}: Keras 3's Layer has it and refuses this: {_OWNED[name]}")
        elif name == "updates" and not _is_emptied(parent):
            self._ask(ctx.span(node), f"self.{name}: Keras 3 runs no such list: {_GONE[name]}")
        elif stored and name == "activity_regularizer":
            self._ask(ctx.span(node), f"self.activity_regularizer: {_SUMMED}")
        elif name in _GONE and not self._defines(name) and not old:
            self._ask(ctx.span(node), f"self.{name}: Keras 3 has no such thing: {_GONE[name]}")

    def _defines(self, name: str) -> bool:
        """Whether the class has something of that name itself."""
        return any(
            (isinstance(one, ast.FunctionDef) and one.name == name)
            or (is_own(one, name) and isinstance(one.ctx, ast.Store))
            for owner in self.found.family
            for one in ast.walk(owner)
        )

    def _serialize(self, node: ast.expr, held: ast.expr, module: str) -> None:
        ctx = self.ctx
        new = ctx.written(Text(f"{module}.serialize", (Import("keras", module),)))
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (f"{new.text}(", ctx.span(held), ")")),), new.imports)
        self._fix(ctx.span(node), f"a config holds `{module}.serialize(...)` now, which `get` takes", fix)

    def _check_spec(self, node: ast.Call) -> None:
        """``InputSpec(ndim='3+')``."""
        symbol = self.ctx.names.resolve(node.func)
        if symbol is None or symbol.path.rpartition(".")[2] != "InputSpec":
            return
        for index, keyword in enumerate(node.keywords, len(node.args)):
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            found = re.fullmatch(r"(\d+)\+", value) if isinstance(value, str) else None
            if keyword.arg == "ndim" and found is not None:
                edit = CallEdit(self.ctx.span(node), None, (ArgumentEdit(index, "min_ndim", found[1]),))
                message = f"InputSpec: `ndim={value!r}` is `min_ndim={found[1]}` now"
                self._fix(self.ctx.span(node), message, Fix(Applicability.SAFE, (edit,)))

    def _check_loss(self, node: ast.Call) -> None:
        """``self.add_loss(losses, inputs)`` of Keras 1.2."""
        if is_own(node.func, "add_loss") and (len(node.args) > 1 or node.keywords):
            if len(node.args) + len(node.keywords) == 2 and not isinstance(node.args[0], (ast.List, ast.Tuple)):
                edit = CallEdit(self.ctx.span(node), None, (ArgumentEdit(1, drop=True),))
                self._fix(self.ctx.span(node), "add_loss takes the loss alone now", Fix(Applicability.SAFE, (edit,)))
            else:
                self._ask(self.ctx.span(node), "add_loss takes one loss now, a scalar: hand it over in `call`")

    # --- classes that derive from another layer than Layer

    def _check_derived(self) -> None:
        base = self.found.base
        entry = registry.layer(base)
        if entry is None or entry.keras3 is None:
            person = entry.person if entry is not None and entry.person else "Keras 3 does not have it"
            self._ask(self._head_of_class(), f"it derives from {base}: {person}")
            return
        told, stands = _otherwise(self.ctx, entry, entry.keras3)
        if stands:
            self._ask(self._head_of_class(), f"it derives from {base}: derive from {stands}, which is Keras 1's")
        elif told:
            why = f"Keras 3's has other defaults: hand super().__init__ what {', '.join(told)} of Keras 1 became"
            self._ask(self._head_of_class(), f"it derives from {base}; {why}")
        names = {name for form in entry.signatures.values() for name in re.findall(r"\w+(?==|,|$)", form)}
        for method in self.found.methods.values():
            for node in ast.walk(method):
                if is_super_init(node):
                    self._check_super(node, base)
                elif _is_super_call(node):
                    message = f"super().call: Keras 3's {base} takes no mask as its second argument: name what it takes"
                    self._ask(self.ctx.span(node), message)
                elif is_own(node) and isinstance(node.ctx, ast.Load):
                    self._check_inherited(node, names)

    def _check_super(self, node: ast.Call, base: str) -> None:
        given = [one for one in node.args if not (isinstance(one, (ast.Starred, ast.Name)) and _is_self(one))]
        plain = {"name", "trainable", "input_shape"}
        if given or any(one.arg is not None and one.arg not in plain for one in node.keywords):
            message = f"super().__init__: give it what Keras 3's {base} takes, by its names and with Keras 1's settings"
            self._ask(self.ctx.span(node), message)

    def _check_inherited(self, node: ast.Attribute, names: set[str]) -> None:
        """Attributes that the base set: of its arguments and weights."""
        from tdmigrate.keras1.attributes import OTHER_VALUE, SAME_VALUE, attribute

        ctx = self.ctx
        if self._defines(node.attr) or any(use.node is node for use in ctx.facts.attributes):
            return
        row = attribute(node.attr, (self.found.base,))
        entry = registry.layer(self.found.base)
        assert entry is not None
        assert entry.keras3 is not None
        if row is not None and row.now is not None and not (row.at or row.call or row.compat or "{" in row.now):
            if row.now != f".{node.attr}":
                fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (ctx.span(node.value), row.now)),))
                self._fix(ctx.span(node), f"self.{node.attr} of {self.found.base} is `self{row.now}` now", fix)
        elif row is not None:
            if node.attr not in _GONE and not row.note:
                self._ask(ctx.span(node), f"self.{node.attr}: {row.why}")
        elif node.attr == "bias" and not _is_test(ctx.parents.get(node), node):
            return  # it is what Keras 3 calls the vector
        elif node.attr in names and (node.attr in SAME_VALUE or node.attr in OTHER_VALUE):
            parameter = entry.keras3.parameters.get(node.attr)
            to = getattr(parameter, "to", node.attr if parameter is None else "")
            if to and to != node.attr and node.attr in SAME_VALUE:
                fix = Fix(Applicability.SAFE, (Recast(ctx.span(node), (ctx.span(node.value), f".{to}")),))
                self._fix(ctx.span(node), f"self.{node.attr} of {self.found.base} is `self.{to}` now", fix)
            elif to != node.attr:
                now = f"it is `self.{to}` now, in another form" if to else "Keras 3 does not have it"
                self._ask(ctx.span(node), f"self.{node.attr}: {now}")

    # --- places and words

    def _head(self, method: ast.FunctionDef) -> Span:
        return head(self.ctx, method)

    def _head_of_class(self) -> Span:
        return self.ctx.span(self.found.node.bases[0])

    def _fix(self, span: Span, message: str, fix: Fix) -> bool:
        return self.ctx.add("K701", Severity.ERROR, span, f"{self.name}: {message}", fix=fix)

    def _ask(self, span: Span, message: str) -> None:
        self.ctx.add("K702", Severity.ERROR, span, f"{self.name}: {message}")


def _otherwise(ctx: Context, entry: Layer, spelling: Spelling) -> tuple[list[str], str]:
    """The arguments whose defaults are others now, and the layer that stands for Keras 1's; ``""``: Keras 3's does."""
    old, new = list(entry.signatures.values())[-1], spelling.signature
    told = []
    for name, one in spelling.parameters.items():
        if isinstance(one, Renamed) and one.pin and name in signature(old).names():
            default = signature(old).default(name)
            if default is not Required and default != signature(new).default(one.to):
                told.append(f"{name}={default!r}")
    told += [one.keyword for one in spelling.written]
    span = ctx.era.assumed
    wanted = [one for one in entry.instead if is_wanted(ctx, one)]
    stands = [one for one in wanted if not one.versions or parse(one.versions).meets(span)]
    return told, stands[0].spelling.path if stands else ""


def _assigns(node: ast.ClassDef, name: str) -> bool:
    targets: Iterator[ast.expr] = (t for one in node.body if isinstance(one, ast.Assign) for t in one.targets)
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def _is_super_call(node: ast.AST) -> TypeGuard[ast.Call]:
    """``super(X, self).call(x, mask)``."""
    func = node.func if isinstance(node, ast.Call) else None
    if not (isinstance(node, ast.Call) and isinstance(func, ast.Attribute) and func.attr == "call"):
        return False
    holder = func.value.func if isinstance(func.value, ast.Call) else None
    return isinstance(holder, ast.Name) and holder.id == "super" and len(node.args) + len(node.keywords) > 1


def _is_emptied(parent: ast.AST | None) -> bool:
    return isinstance(parent, ast.Assign) and isinstance(parent.value, (ast.List, ast.Tuple)) and not parent.value.elts


def _is_test(parent: ast.AST | None, node: ast.expr) -> bool:
    """Whether an expression is asked for its truth."""
    if isinstance(parent, (ast.If, ast.IfExp, ast.While)):
        return parent.test is node
    return isinstance(parent, ast.BoolOp) or (isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not))


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred) or (isinstance(node, ast.Name) and node.id == "self")
