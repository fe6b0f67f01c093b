"""K501–K503: functions of keras.backend, called or handed on, wherever they stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from tdmigrate.findings import Applicability, CallEdit, Edit, Fix, Import, Recast, Severity, Span, TextEdit
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Dropped, Form, Function, Renamed, Spelling, Text
from tdmigrate.keras1.layers.core import LAMBDAS
from tdmigrate.rules import foreign
from tdmigrate.rules.arguments import plan
from tdmigrate.rules.context import Context, Spelled
from tdmigrate.rules.forms import in_form
from tdmigrate.rules.optimizer_settings import NUMBERS
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.calls import signature
from tdmigrate.understanding.facts import Bound, FunctionUse, Reference, Symbol

if TYPE_CHECKING:
    from tdmigrate.rules.compiled import Compiled

RULES = (
    Rule(
        code="K501",
        name="backend-function",
        title="A function of keras.backend is one of keras.ops now",
        what="Finds uses of keras.backend (`K.mean(x)`) in Lambda bodies and anywhere else, called or handed on.",
        why="Keras 3's keras.backend has none of them: AttributeError.",
        safety=(
            "Safe: the same formula. `K.sqrt` of a negative number was 0: `ops.maximum(x, 0.0)` is written where the "
            "source does not tell that there is none."
        ),
        examples=(
            Example(
                "from keras import backend as K\n"
                "from keras.layers.core import Dense, Lambda\n"
                "\n"
                "norm = Lambda(lambda x: K.sqrt(K.sum(K.square(x), axis=1)), output_shape=(1,))\n"
                "layers = [Dense(output_dim=3), norm]\n",
                "from keras import ops\n"
                "from keras.layers import Dense, Lambda\n"
                "\n"
                "norm = Lambda(lambda x: ops.sqrt(ops.sum(ops.square(x), axis=1)), output_shape=(1,))\n"
                "layers = [Dense(units=3), norm]\n",
            ),
            Example(
                "import keras.backend as K\n"
                "from keras.layers.core import Dense, Lambda\n"
                "\n"
                "layers = [Dense(output_dim=3), Lambda(K.tanh), Lambda(lambda x: K.repeat(x, n=2))]\n"
                "layers += [Lambda(lambda x: K.expand_dims(x, dim=1))]\n",
                "from keras.layers import Dense, Lambda\n"
                "from keras import ops\n"
                "\n"
                "layers = [Dense(units=3), Lambda(ops.tanh), "
                "Lambda(lambda x: ops.repeat(ops.expand_dims(x, 1), 2, axis=1))]\n"
                "layers += [Lambda(lambda x: ops.expand_dims(x, axis=1))]\n",
            ),
            Example(
                "from keras import backend as K\n"
                "from keras.layers import Dense, Dropout\n"
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential([Dense(output_dim=3, input_dim=4), Dropout(0.5)])\n"
                "hidden = K.function([model.layers[0].input, K.learning_phase()], [model.layers[0].output])\n"
                "outputs = hidden([x, 0])[0]\n",
                "from keras.layers import Dense, Dropout, Input\n"
                "from keras.models import Sequential\n"
                "from tdmigrate.compat import function\n"
                "\n"
                "model = Sequential([Input(shape=(4,)), Dense(units=3), Dropout(0.5)])\n"
                "hidden = function([model.layers[0].input, 'training'], [model.layers[0].output])\n"
                "outputs = hidden([x, 0])[0]\n",
            ),
        ),
    ),
    Rule(
        code="K502",
        name="backend-by-hand",
        title="A function of keras.backend that only a person can rewrite",
        what=(
            "Finds functions of keras.backend without an equal: the learning phase, gradients, updates, sessions; and "
            "what of Theano or TensorFlow itself stands in functions that Keras calls."
        ),
        why="A guess could change the numbers without a word.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example(
                "from keras import backend as K\n"
                "from keras.layers.core import Dense, Lambda\n"
                "\n"
                "layers = [Dense(output_dim=3), Lambda(lambda x: x * K.learning_phase())]\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K503",
        name="backend-note",
        title="Worth knowing about a function of keras.backend",
        what="Notes where a function of keras.backend gives something else than it did.",
        why="Code that compares its result may take another branch.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
)

# functions that assign to variables
_ASSIGN = frozenset(("batch_set_value", "moving_average_update", "set_value", "update", "update_add", "update_sub"))
_VALUES = frozenset(("get_value", "set_value"))
_SETTINGS = frozenset(("lr", *NUMBERS))
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def check_backend(ctx: Context) -> None:
    """Every use of keras.backend."""
    roots = ("keras", "tensorflow")
    if not any(binding.path.startswith("keras.backend") or binding.path in roots for binding in ctx.facts.bindings):
        return
    found = _Backend(ctx)
    called = set()
    for use in ctx.facts.functions:
        if isinstance(use.entry, Function) and use.entry.kind == "backend":
            symbol = ctx.names.resolve(use.node.func)
            if use.node in ctx.handled or (symbol is not None and ctx.is_lasting(symbol)):
                called.add(use.node.func)
            elif symbol is not None and use.bound is not None:
                called.add(use.node.func)
                found.check_call(use, use.entry, use.bound, symbol)
    for node in sorted({node for nodes in ctx.facts.uses.values() for node in nodes}, key=ctx.span):
        symbol = ctx.names.resolve(node)
        named = symbol is not None and symbol.path.startswith("keras.backend.")
        if symbol is not None and named and node not in called and not ctx.is_lasting(symbol):
            found.check_value(node, symbol)
    for node in ctx.names.uncertain:
        found.check_uncertain(node)
    for reference in ctx.facts.references:
        if reference.symbol.path == "keras.backend" and not ctx.is_lasting(reference.symbol):
            found.check_module(reference)


class _Backend:
    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.parents = ctx.module.parents
        self.calls = {use.node: use for use in ctx.facts.functions}
        self.assigns = any(
            use.symbol.path.rpartition(".")[2] in _ASSIGN or "updates" in (use.bound.arguments if use.bound else ())
            for use in ctx.facts.functions
        )
        layers = (use.bound.arguments.get("function") for use in ctx.facts.layers if use.entry.name in LAMBDAS)
        self.of_layers = {given.node for given in layers if given is not None}
        self.handed = {reference.node: reference.calls for reference in ctx.facts.references}

    @cached_property
    def compiled(self) -> Compiled:
        from tdmigrate.rules import compiled  # few sources compile functions

        return compiled.compiled(self.ctx, self.calls)

    # --- calls

    def check_call(self, use: FunctionUse, entry: Function, bound: Bound, symbol: Symbol) -> None:
        if entry.note is not None:
            self._tell("K503", use.node, f"{entry.name}: {entry.note}", symbol)
        fits = not (bound.starred or bound.unknown or bound.surplus or bound.spread)
        if entry.name == "function" and use.node in self.compiled.asks:
            self._tell("K502", use.node, f"{entry.name}: {self.compiled.asks[use.node]}", symbol)
            return
        if entry.name in _VALUES and fits and self._check_rate(use, entry, bound, symbol):
            return
        if entry.name == "learning_phase" and self.compiled.is_input(use.node):
            self._recast(use.node, entry, bound, Text("'training'"), symbol)
            return
        drawn = entry.keras3 is None and not entry.forms and not self._is_in_function(use.node)
        if entry.variable and (self.assigns or drawn or self._is_in_class(use.node)):
            form = next((one for one in entry.variable if self._holds(one, entry, bound)), None) if fits else None
            if form is None or self._is_in_class(use.node):
                message = "a variable is keras.Variable(value) outside of a layer, self.add_weight(...) in its `build`"
                self._tell("K502", use.node, f"{entry.name}: {message}", symbol)
            else:
                self._recast(use.node, entry, bound, form.text, symbol)
            return
        if entry.operand is not None and fits and self._is_operand(use.node):
            self._recast(use.node, entry, bound, entry.operand, symbol)
            return
        if entry.phase is not None and fits and not any(map(self.ctx.is_function, _values(bound))):
            layer = self._layer_around(use.node)
            if layer is not None:
                inside = f"lambda {ast.unparse(layer.args)}, training=None: "
                told = Recast(self.ctx.span(layer), (inside, self.ctx.span(layer.body)))
                self._recast(use.node, entry, bound, entry.phase, symbol, told)
                return
            if self._is_told_phase(use.node):
                self._recast(use.node, entry, bound, entry.phase, symbol)
                return
        for form in entry.forms if fits else ():
            if self._holds(form, entry, bound):
                self._recast(use.node, entry, bound, form.text, symbol)
                return
        if entry.keras3 is None:
            text = _shown(entry.forms[-1].text) if entry.forms else ""
            why = entry.person or (
                f"it is `{text}`, which cannot be written here" if text else "it is gone from Keras 3"
            )
            self._tell("K502", use.node, f"{entry.name}: {why}", symbol)
            return
        self._rename(use.node, entry, self._spelling(use, entry, entry.keras3, bound, symbol), bound, symbol)

    def _spelling(
        self, use: FunctionUse, entry: Function, spelling: Spelling, bound: Bound, symbol: Symbol
    ) -> Spelling:
        """How a function is spelled in this style; tells what of a weight's rows trains otherwise in others."""
        styled = entry.styled
        if styled is None:
            return spelling
        if self.ctx.settings.style in styled.styles:
            return styled.spelling
        if styled.rows and any(map(_is_own, _values(bound))):
            from tdmigrate.rules import gradients  # few sources look rows up

            message = f"{entry.name}: {styled.rows}; exact style, or {styled.spelling.path}, trains as it did"
            said = any(finding.message == message for finding in self.ctx.findings)  # once a file
            if not said and gradients.may_be_squared(self.ctx):
                self._tell("K503", use.node, message, symbol)
        return spelling

    def _check_rate(self, use: FunctionUse, entry: Function, bound: Bound, symbol: Symbol) -> bool:
        """``K.get_value(optimizer.lr)`` and ``K.set_value(optimizer.lr, …)``; says whether it is that."""
        variable, value = bound.arguments.get("x"), bound.arguments.get("value")
        if variable is None or not isinstance(variable.node, ast.Attribute) or variable.node.attr not in _SETTINGS:
            return False
        from tdmigrate.rules import rates  # few sources read or set them

        if not rates.is_optimizer(self.ctx, variable.node.value):
            return False
        if variable.node.attr != "lr":
            return value is not None  # rules/optimizer_settings.py reports what is set
        span = self.ctx.span
        if rates.is_schedule(self.ctx, variable.node.value):
            self._tell("K502", use.node, f"{entry.name}: {rates.SCHEDULE}", symbol)
            return True
        pieces: tuple[str | Span, ...] = (span(variable.node.value), ".learning_rate")
        if value is None:
            ops = self.ctx.written(Text("ops", (Import("keras", "ops"),)))
            shown, imports = f"{ops.text}.convert_to_numpy(….learning_rate)", ops.imports
            pieces = (f"{ops.text}.convert_to_numpy(", *pieces, ")")
        else:
            shown, imports = "….learning_rate = value", ()
            statement = self.parents.get(use.node)
            if not isinstance(statement, ast.Expr):
                self._tell("K502", use.node, f"{entry.name}: it is the statement `{shown}`", symbol)
                return True
            pieces = (*pieces, " = ", span(value.node))
        if self._mend(use.node, f"{entry.name}: it is `{shown}`", symbol, (Recast(span(use.node), pieces),), imports):
            self.ctx.replace(use.node.func, Applicability.SAFE, None)
        return True

    def _rename(self, node: ast.Call, entry: Function, spelling: Spelling, bound: Bound, symbol: Symbol) -> None:
        ctx = self.ctx
        made = plan(ctx, node, bound, entry, spelling)
        for place, message in made.notes:
            self._tell("K503", place, f"{entry.name}: {message}", symbol)
        for place, message in made.asks:
            self._tell("K502", place, f"{entry.name}: {message}", symbol)
        if made.asks:
            return
        spelled = self._spell(node.func, symbol, spelling.path)
        same = spelled.text == ctx.module.segment(node.func)
        moved = not same or (symbol.binding.local == "*" and bool(spelled.imports))
        if not (moved or made.edits or made.inner or made.added):
            return
        whole = same or spelled.text == entry.name
        changes = [
            *([f"it is `{spelling.path if whole else spelled.text}`"] if moved else []),
            *made.changes,
            *made.pins,
        ]
        edits: tuple[Edit, ...] = (
            CallEdit(ctx.span(node), None if same else spelled.text, made.edits, made.added),
            *made.inner,
        )
        imports = (*made.imports, *made.added_imports, *(spelled.imports if moved else ()))
        if self._mend(node, f"{entry.name}: {'; '.join(changes)}", symbol, edits, imports) and moved:
            ctx.replace(node.func, Applicability.SAFE, spelling.path)

    def _recast(
        self, node: ast.Call, entry: Function, bound: Bound, text: Text, symbol: Symbol, *besides: Edit
    ) -> None:
        new = in_form(self.ctx.module, entry, bound, self.ctx.written(text).text)
        if new is None:
            message = f"{entry.name}: it is `{_shown(text)}`; name its arguments first, they cannot stand there"
            self._tell("K502", node, message, symbol)
            return
        edits = (Recast(self.ctx.span(node), new), *besides)
        if self._mend(node, f"{entry.name}: it is `{_shown(text)}`", symbol, edits, self.ctx.written(text).imports):
            self.ctx.replace(node.func, Applicability.SAFE, None)

    def _holds(self, form: Form, entry: Function, bound: Bound) -> bool:
        known = signature(entry.signatures[bound.version])
        for name, wanted in form.when.items():
            argument = bound.arguments.get(name)
            value = argument.value if argument is not None else known.default(name)
            if name == "backend":
                value = self.ctx.era.backend
            elif name == "dim_ordering" and value == "default":
                value = self.ctx.era.channels  # None: the setting at run time decides
            if type(value) not in (bool, int, float, str, tuple, type(None)) or value != wanted:
                return False
        argument = bound.arguments.get(form.nonnegative)
        return not form.nonnegative or (argument is not None and self._is_nonnegative(argument.node))

    # --- what the source tells of a value

    def _is_nonnegative(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, (int, float)) and node.value >= 0
        if isinstance(node, ast.BinOp):
            if isinstance(node.op, ast.Pow):
                power = node.right.value if isinstance(node.right, ast.Constant) else None
                if isinstance(power, (int, float)) and power % 2 == 0:
                    return True
                return self._is_nonnegative(node.left)
            if isinstance(node.op, ast.Mult) and ast.dump(node.left) == ast.dump(node.right):
                return not any(isinstance(part, ast.Call) for part in ast.walk(node))  # it may draw other numbers
            if isinstance(node.op, (ast.Add, ast.Mult, ast.Div)):
                return self._is_nonnegative(node.left) and self._is_nonnegative(node.right)
            return False
        use = self.calls.get(node) if isinstance(node, ast.Call) else None
        if use is None or not isinstance(use.entry, Function) or use.bound is None:
            return False
        sign = use.entry.sign
        values = _values(use.bound)
        if sign == "kept":
            first = use.bound.arguments.get(signature(use.entry.signatures[use.bound.version]).names()[0])
            return first is not None and self._is_nonnegative(first.node)
        if sign in ("any", "all"):
            return len(values) == 2 and (any if sign == "any" else all)(map(self._is_nonnegative, values))
        return sign == "nonnegative"

    def _is_operand(self, node: ast.expr) -> bool:
        """Whether arithmetic is done with it, here or where the variable is read that holds it."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
            name = parent.targets[0].id
            around: ast.AST = parent
            while not isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
                around = self.parents[around]
            reads = [one for one in ast.walk(around) if isinstance(one, ast.Name) and one.id == name]
            return any(isinstance(one.ctx, ast.Load) and self._is_in_arithmetic(one) for one in reads)
        return self._is_in_arithmetic(node)

    def _is_in_arithmetic(self, node: ast.expr) -> bool:
        parent = self.parents.get(node)
        return isinstance(parent, (ast.BinOp, ast.AugAssign)) and isinstance(parent.op, _ARITHMETIC)

    def _layer_around(self, node: ast.AST) -> ast.Lambda | None:
        """The lambda around a call, where it is a Lambda layer's function that can be told the phase."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)):
            above = self.parents.get(above)
        if not isinstance(above, ast.Lambda) or above not in self.of_layers:
            return None
        given = above.args
        names = {one.arg for one in (*given.posonlyargs, *given.args)}
        plain = names and not (given.vararg or given.kwarg or given.kwonlyargs or "training" in names)
        return above if plain else None

    def _is_told_phase(self, node: ast.AST) -> bool:
        """Whether a function around has the phase as its ``training``, or a fix gives it that."""
        above = self.parents.get(node)
        while above is not None:
            if isinstance(above, (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)):
                given = above.args
                names = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
                if "training" in names or above in self.ctx.phased:
                    return True
            above = self.parents.get(above)
        return False

    def _is_in_function(self, node: ast.AST) -> bool:
        above: ast.AST | None = node
        while above is not None and not isinstance(above, (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef)):
            above = self.parents.get(above)
        return above is not None

    def _is_in_class(self, node: ast.AST) -> bool:
        """Whether the innermost function around is a method."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            above = self.parents.get(above)
        return above is not None and isinstance(self.parents.get(above), ast.ClassDef)

    # --- where it is no call

    def check_value(self, node: ast.expr, symbol: Symbol) -> None:
        entry = registry.lookup(symbol.path)
        name = symbol.path.rpartition(".")[2]
        if not isinstance(entry, Function):
            known = foreign.of_backend(symbol.path, self.ctx.module.segment(node))
            if known is not None:
                self._tell("K502", node, known, symbol)
            elif registry.module(symbol.path) is None and not _is_still_there(symbol.path):
                self._tell("K502", node, f"{name}: Keras 3's keras.backend does not have it", symbol)
            return
        if entry.kind != "backend":
            return
        if entry.value is not None:
            new = self.ctx.written(entry.value)
            if self._mend(
                node, f"{name}: it is `{new.text}`", symbol, (TextEdit(self.ctx.span(node), new.text),), new.imports
            ):
                self.ctx.replace(node, Applicability.SAFE, None)
            return
        if isinstance(node, ast.Name) and symbol.binding.local not in (node.id, "*"):
            return  # an alias of the source's own
        spelling = entry.keras3
        if spelling is None or entry.variable or self._differs(node, entry, spelling):
            text = _shown(entry.forms[-1].text) if entry.forms else spelling.path if spelling is not None else None
            why = entry.person or f"handed on as it is it would get other arguments: write a function with `{text}`"
            self._tell("K502", node, f"{name}: {why}", symbol)
            return
        spelled = self._spell(node, symbol, spelling.path)
        same = spelled.text == self.ctx.module.segment(node)
        if same and not (symbol.binding.local == "*" and spelled.imports):
            return
        edits: tuple[Edit, ...] = () if same else (TextEdit(self.ctx.span(node), spelled.text),)
        if self._mend(
            node, f"{name}: it is `{spelling.path if same else spelled.text}`", symbol, edits, spelled.imports
        ):
            self.ctx.replace(node, Applicability.SAFE, spelling.path)

    def check_uncertain(self, node: ast.expr) -> None:
        """What may be a function of keras.backend and may be something else, such as ``K`` of a try/except."""
        for symbol in self.ctx.names.candidates(node):
            entry = registry.lookup(symbol.path)
            lasting = entry is not None and entry.keras3 is not None and entry.keras3.path == symbol.path
            if isinstance(entry, Function) and entry.kind == "backend" and not lasting:
                text = _shown(entry.forms[-1].text) if entry.forms else entry.keras3.path if entry.keras3 else None
                why = f"there it is `{text}`" if text is not None else entry.person
                shown = self.ctx.module.segment(node)
                self._tell("K502", node, f"`{shown}` may be {symbol.path}, which Keras 3 does not have: {why}", symbol)
                return

    def check_module(self, reference: Reference) -> None:
        """``K`` itself as a default, an attribute, an argument: what is called on it there is not seen."""
        node, parent = reference.node, self.parents.get(reference.node)
        followed = reference.role == "alias" and not isinstance(self.parents.get(parent or node), ast.ClassDef)
        named = isinstance(parent, ast.Call) and self.ctx.names.resolve(parent) is not None  # getattr(K, 'mean')
        if followed or named or reference.role in ("export", "isinstance"):
            return
        shown = self.ctx.module.segment(node)
        message = f"`{shown}` is handed on, and what is called on it there is not seen: call keras.ops there"
        self._tell("K502", node, message, reference.symbol)

    def _differs(self, node: ast.expr, entry: Function, spelling: Spelling) -> bool:
        """Whether someone who calls it may get another result: by an argument's old name or by an old default."""
        text = list(entry.signatures.values())[-1]
        old, new = signature(text).names(), signature(spelling.signature).names()
        renamed = {one for one, parameter in spelling.parameters.items() if getattr(parameter, "to", "") != one}
        pinned = any(isinstance(one, Renamed) and one.pin for one in spelling.parameters.values())
        gone = {name for name, one in spelling.parameters.items() if isinstance(one, Dropped) and not one.ask}
        targets = tuple(
            one.to if isinstance(one := spelling.parameters.get(name), Renamed) else name
            for name in old
            if name not in gone
        )
        if spelling.written or pinned or targets != new[: len(targets)]:
            return True
        return not renamed.isdisjoint(self._keywords(node))

    def _keywords(self, node: ast.expr) -> Iterator[str]:
        """The names of arguments that it is known to be called with, or that stand beside it."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.keyword):
            parent = self.parents.get(parent)
        for call in (parent, *self.handed.get(node, ())):
            if not isinstance(call, ast.Call):
                continue
            for keyword in call.keywords:
                yield keyword.arg or ""
                if keyword.arg == "arguments" and isinstance(keyword.value, ast.Dict):
                    yield from (str(key.value) for key in keyword.value.keys if isinstance(key, ast.Constant))

    # --- words

    def _spell(self, node: ast.expr, symbol: Symbol, path: str) -> Spelled:
        """``ops.mean`` where it was ``K.mean``, ``mean`` where it was that."""
        spelled = self.ctx.spell(node, symbol, path)
        parent, _, module = path.rpartition(".")[0].rpartition(".")
        if isinstance(node, ast.Name) or not spelled.imports or parent != "keras":
            return spelled
        text = self.ctx.written(Text(f"{module}.{path.rpartition('.')[2]}", (Import(parent, module),)))
        return Spelled(text.text, text.imports, path)

    def _mend(
        self, node: ast.expr, message: str, symbol: Symbol, edits: tuple[Edit, ...], imports: tuple[Import, ...]
    ) -> bool:
        fix = Fix(Applicability.SAFE, edits, imports)
        return self.ctx.add("K501", Severity.ERROR, self.ctx.span(node), message, symbol=symbol.path, fix=fix)

    def _tell(self, code: str, node: ast.expr, message: str, symbol: Symbol) -> None:
        severity = Severity.NOTE if code == "K503" else Severity.ERROR
        self.ctx.add(code, severity, self.ctx.span(node), message, symbol=symbol.path)


def _values(bound: Bound) -> list[ast.expr]:
    return [argument.node for argument in bound.arguments.values()]


def _is_own(node: ast.expr) -> bool:
    """Whether a value is an attribute of ``self``, as the weights of a layer are."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _shown(text: Text) -> str:
    """A form as messages show it: with the parameters' names."""
    return text.text.replace("{", "").replace("}", "")


def _is_still_there(path: str) -> bool:
    return path.rpartition(".")[2] in _STILL


# what keras.backend of Keras 3 has besides (3.15)
_STILL = frozenset(
    (
        "image_data_format", "is_float_dtype", "is_int_dtype", "result_type", "set_image_data_format",
        "standardize_dtype",
    )
)  # fmt: skip
