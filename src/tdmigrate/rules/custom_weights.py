"""The weights that a layer of the source's own makes: what variables and lists of them are now."""

from __future__ import annotations

import ast
from typing import TypeGuard

from tdmigrate.findings import (
    Applicability,
    ArgumentEdit,
    BlockEdit,
    CallEdit,
    Edit,
    Fix,
    Import,
    Recast,
    Severity,
    Span,
    StatementEdit,
)
from tdmigrate.keras1.entry import Text
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context
from tdmigrate.understanding.custom import LayerClass, is_own, statements

_PENALTIES = parse("0.1-1.1")  # releases in which the list `regularizers` counted; 1.2 only warned
_TRAINED = frozenset(("trainable_weights", "_trainable_weights", "params"))
_KEPT = frozenset(("non_trainable_weights", "_non_trainable_weights"))
_ADDED = ("shape", "initializer", "name", "trainable", "regularizer", "constraint")  # add_weight of Keras 1.1 and 1.2

# path → its initializer today, with what it was told in the places of names; the first parameter is the shape
_MAKERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "keras.backend.zeros": ("'zeros'", ("shape", "dtype", "name")),
    "keras.backend.ones": ("'ones'", ("shape", "dtype", "name")),
    "keras.backend.random_uniform_variable": (
        "RandomUniform({low}, {high})", ("shape", "low", "high", "dtype", "name", "seed")
    ),
    "keras.backend.random_normal_variable": (
        "RandomNormal({mean}, {scale})", ("shape", "mean", "scale", "dtype", "name", "seed")
    ),
    "keras.utils.theano_utils.shared_zeros": ("'zeros'", ("shape", "dtype", "name")),
    "keras.utils.theano_utils.shared_ones": ("'ones'", ("shape", "dtype", "name")),
    "keras.initializations.uniform": ("RandomUniform(-{scale}, {scale})", ("shape", "scale", "name")),
    "keras.initializations.normal": ("RandomNormal(stddev={scale})", ("shape", "scale", "name")),
    "keras.initializations.orthogonal": ("Orthogonal(gain={scale})", ("shape", "scale", "name")),
    "keras.initializations.identity": ("Identity(gain={scale})", ("shape", "scale", "name")),
    "keras.initializations.glorot_uniform": ("'glorot_uniform'", ("shape", "name")),
    "keras.initializations.glorot_normal": ("'glorot_normal'", ("shape", "name")),
    "keras.initializations.he_uniform": ("'he_uniform'", ("shape", "name")),
    "keras.initializations.he_normal": ("'he_normal'", ("shape", "name")),
    "keras.initializations.lecun_uniform": ("'lecun_uniform'", ("shape", "name")),
    "keras.initializations.zero": ("'zeros'", ("shape", "name")),
    "keras.initializations.one": ("'ones'", ("shape", "name")),
}  # fmt: skip
_SCALES = {"uniform": "0.05", "normal": "0.05", "orthogonal": "1.1", "identity": "1"}
_VALUES = ("keras.backend.variable", "keras.utils.theano_utils.sharedX", "keras.utils.theano_utils.shared_scalar")

# names of initializers that draw as they did, whatever the shape
_ALIKE = ("zero", "one", "uniform", "normal", "identity")

Key = tuple[str, str]  # ("self", attribute) or ("", variable)


class _Maker(NamedTuple):
    """A call that makes a weight. ``kind``: "init" (shape and initializer), "value", "add" (add_weight itself)."""

    node: ast.Call
    kind: str
    method: ast.FunctionDef
    given: dict[str, ast.expr]
    initializer: str  # new text; "": that of ``source``
    source: ast.expr | None  # an expression of the source that is the initializer
    holder: Key | None
    home: str = ""  # of what the text of the initializer names


class _Penalty(NamedTuple):
    """What a weight is given besides: an expression of the source."""

    what: str  # "regularizer", "constraint"
    value: ast.expr


def check_weights(ctx: Context, found: LayerClass) -> None:
    """Every weight of one class, and every list of them."""
    _Weights(ctx, found).check()


class _Weights:
    def __init__(self, ctx: Context, found: LayerClass) -> None:
        self.ctx = ctx
        self.found = found
        self.makers: list[_Maker] = []
        self.lists: list[tuple[ast.stmt, str, list[Key] | None]] = []
        self.gone: dict[ast.stmt, str] = {}  # statements that go, with why
        self.extras: dict[Key, list[_Penalty]] = {}
        self.rows: list[tuple[ast.stmt, list[ast.expr]]] = []  # constraints in the order of the weights

    def check(self) -> None:
        for method in self.found.methods.values():
            for node in ast.walk(method):
                if isinstance(node, ast.Call) and method.name in ("build", "__init__"):
                    maker = self._maker(node, method)
                    if maker is not None:
                        self.makers.append(maker)
        self.makers.sort(key=lambda one: (one.node.lineno, one.node.col_offset))
        for method in self.found.methods.values():
            self._scan(method)
        self._follow()
        held = {maker.holder for maker in self.makers if maker.holder is not None}
        trained: list[Key] = []
        kept: list[Key] = []
        unclear = False
        for statement, name, keys in self.lists:
            known = keys is not None and all(key in held or key[0] == "layer" for key in keys)
            if name == "params" and not known and "get_output" not in self.found.methods:
                self.lists = [one for one in self.lists if one[0] is not statement]
                continue  # of the class itself
            if keys is None or not known or self._hangs(keys):
                unclear = True
                why = "Keras 3 lists what add_weight makes, and refuses this: make each with self.add_weight(...)"
                self._ask(statement, f"self.{name}: {why}")
                continue
            (trained if name in _TRAINED else kept).extend(keys)
        order = [key for key in trained if key in held]
        made = [maker.holder for maker in self.makers if maker.holder in order and maker.holder is not None]
        if list(dict.fromkeys(made)) != list(dict.fromkeys(order)):
            unclear = True
            names = ", ".join(key[1] for key in dict.fromkeys(made))
            for statement, name, _ in self.lists:
                if name in _TRAINED:
                    why = f"Keras 3 lists weights in the order in which they are made ({names}): make them in this one"
                    self._ask(statement, f"self.{name}: {why}")
        self._pair(order)
        for maker in self.makers:
            self._write(maker, set(trained), set(kept), unclear)
        if not unclear:
            for statement, name, _ in self.lists:
                self.gone[statement] = f"self.{name} is kept by Keras 3 itself: what add_weight makes is in it"
        self._remove()

    def _follow(self) -> None:
        """Weights that go through a variable: ``W = self.init(shape); self.W = W``."""
        held = {maker.holder for maker in self.makers}
        other: dict[Key, Key] = {}
        for method in self.found.methods.values():
            for one in statements(method.body):
                if isinstance(one, ast.Assign) and isinstance(one.value, ast.Name) and ("", one.value.id) in held:
                    other.update({key: ("", one.value.id) for key in map(_key, one.targets) if key is not None})
        self.lists = [
            (statement, name, keys if keys is None else [other.get(key, key) for key in keys])
            for statement, name, keys in self.lists
        ]
        self.extras = {other.get(key, key): extras for key, extras in self.extras.items()}

    def _hangs(self, keys: list[Key]) -> bool:
        """Whether a weight that is always made is listed under some condition alone."""
        for key in keys:
            listing = [statement for statement, _, others in self.lists if others is not None and key in others]
            if len(listing) == len(self.lists) or any(self._is_plain(statement) for statement in listing):
                continue
            if any(maker.holder == key and self._is_plain(maker.node) for maker in self.makers):
                return True
        return False

    def _is_plain(self, node: ast.AST) -> bool:
        """Whether something runs under no condition of its method."""
        while not isinstance(node, (ast.FunctionDef, ast.If)):
            node = self.ctx.parents[node]
        return isinstance(node, ast.FunctionDef)

    def _pair(self, order: list[Key]) -> None:
        """The constraints of Keras 0.x, one for each weight."""
        for statement, values in self.rows:
            if len(values) == len(order) and all(is_own(one) for one in values):
                for key, value in zip(order, values, strict=True):
                    self.extras.setdefault(key, []).append(_Penalty("constraint", value))
                self.gone[statement] = ""
        for method in self.found.methods.values():
            for statement in statements(method.body):
                if statement not in self.gone and _is_penalty(statement):
                    name = "constraint" if "constraints" in ast.unparse(statement) else "regularizer"
                    self._ask(statement, f"Keras 3 looks at no such list: give `{name}=` to self.add_weight(...)")

    # --- what the class says

    def _maker(self, node: ast.Call, method: ast.FunctionDef) -> _Maker | None:
        ctx = self.ctx
        holder = self._holder(node)
        func = node.func
        if is_own(func, "add_weight"):
            given = _given(node, _ADDED)
            return _Maker(node, "add", method, given, "", None, holder) if given is not None else None
        if is_own(func) and self.found.made.get(func.attr) == "initializers":
            given = _given(node, ("shape", "name"))
            return _Maker(node, "init", method, given, "", func, holder) if given is not None else None
        if isinstance(func, ast.Call):
            symbol = ctx.names.resolve(func.func)
            if symbol is not None and symbol.path == "keras.initializations.get":
                given = _given(node, ("shape", "name"))
                return _Maker(node, "init", method, given, "", func, holder) if given is not None else None
            return None
        symbol = ctx.names.resolve(func)
        if symbol is None:
            return None
        if symbol.path in _VALUES and "build" in method.name:
            given = _given(node, ("value", "dtype", "name"))
            return _Maker(node, "value", method, given, "", None, holder) if given is not None else None
        if symbol.path not in _MAKERS:
            return None
        text, parameters = _MAKERS[symbol.path]
        given = _given(node, parameters)
        if given is None or "seed" in given:
            return None
        return _Maker(node, "init", method, given, text, None, holder, symbol.path.rpartition(".")[2])

    def _holder(self, node: ast.expr) -> Key | None:
        parent = self.ctx.parents.get(node)
        while isinstance(parent, (ast.List, ast.Tuple, ast.ListComp)):
            parent = self.ctx.parents.get(parent)
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            return _key(parent.targets[0])
        if isinstance(parent, ast.AugAssign):
            return _key(parent.target)
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "append":
            return _key(parent.func.value)
        return None

    def _scan(self, method: ast.FunctionDef) -> None:
        for statement in statements(method.body):
            name, value = _listing(statement)
            if name in _TRAINED or name in _KEPT:
                if name != "params" or self.ctx.era.versions.meets(parse("0.1-0.3")):
                    self.lists.append((statement, name, _members(value)))
                continue
            self._scan_penalty(statement)

    def _scan_penalty(self, statement: ast.stmt) -> None:
        """Regularizers and constraints that weights were given behind their making."""
        value: ast.expr | None = None
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            func = call.func
            if isinstance(func, ast.Attribute) and func.attr == "set_param" and is_own(func.value) and call.args:
                key = _key(call.args[0])
                if key is not None and self._counts(statement):
                    self.extras.setdefault(key, []).append(_Penalty("regularizer", func.value))
                self.gone[statement] = ""
            elif isinstance(func, ast.Attribute) and func.attr == "append" and is_own(func.value, "regularizers"):
                key = _key(call.args[0]) if call.args else None
                if key is not None and key[1] != "activity_regularizer":
                    self.gone[statement] = ""
            return
        if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1):
            return
        target, value = statement.targets[0], statement.value
        if is_own(target, "regularizers") and isinstance(value, ast.List):
            told = {ast.dump(one.value) for extras in self.extras.values() for one in extras}
            if all(ast.dump(one) in told for one in value.elts):
                self.gone[statement] = ""
        elif is_own(target, "constraints") and isinstance(value, ast.List) and value.elts:
            self.rows.append((statement, value.elts))
        elif is_own(target, "constraints") and isinstance(value, ast.Dict):
            keys = [_key(key) if key is not None else None for key in value.keys]
            if None not in keys:
                for key, one in zip(keys, value.values, strict=True):
                    assert key is not None
                    self.extras.setdefault(key, []).append(_Penalty("constraint", one))
                self.gone[statement] = ""
        elif isinstance(target, ast.Subscript) and is_own(target.value, "constraints"):
            key = _key(target.slice)
            if key is not None:
                self.extras.setdefault(key, []).append(_Penalty("constraint", value))
                self.gone[statement] = ""

    def _counts(self, statement: ast.stmt) -> bool:
        """Whether the release added such a penalty to the loss."""
        if not self.ctx.era.versions.meets(_PENALTIES):
            message = "Keras 1.2 left penalties of `set_param` out of the loss, and so does this: give `regularizer=`"
            self.ctx.add("K703", Severity.NOTE, self.ctx.span(statement), f"{self.found.node.name}: {message}")
            return False
        if self.ctx.era.versions.meets(parse("1.2")):
            message = "this penalty counts, as in Keras 0.x to 1.1; Keras 1.2 left it out of the loss"
            self.ctx.add("K703", Severity.NOTE, self.ctx.span(statement), f"{self.found.node.name}: {message}")
        return True

    # --- what is written

    def _write(self, maker: _Maker, trained: set[Key], kept: set[Key], unclear: bool) -> None:
        ctx = self.ctx
        self.ctx.handled.add(maker.node)
        why = ""
        extras = self.extras.get(maker.holder, []) if maker.holder is not None else []
        if maker.kind == "add":
            self._add(maker)
            return
        if self._before_super(maker):
            why = "a weight can be made only behind super().__init__(): move it there, or into `build`"
        elif unclear and maker.holder not in trained | kept:
            why = "make it with self.add_weight(shape=, initializer=, name=, trainable=)"
        elif maker.holder not in trained | kept:
            why = "it is in no list of weights, so Keras 1 did not train or save it: a tensor, or add_weight(trainable="
            why += "False), which get_weights() lists"
        elif maker.kind == "value" and extras:
            why = "a weight with a regularizer or constraint is made by self.add_weight"
        if why:
            self._ask(maker.node, why)
            return
        pieces: list[str | Span]
        imports: tuple[Import, ...] = ()
        if maker.kind == "value":
            spelled = ctx.written(Text("Variable", (Import("keras", "Variable"),)))
            pieces = [f"{spelled.text}(", ctx.span(maker.given["value"]), ", dtype="]
            pieces.append(ctx.span(maker.given["dtype"]) if "dtype" in maker.given else "self.variable_dtype")
            imports = spelled.imports
        else:
            pieces = ["self.add_weight(shape=", ctx.span(maker.given["shape"]), ", initializer="]
            made, imports = self._initializer(maker)
            pieces += made
            if "dtype" in maker.given:
                pieces += [", dtype=", ctx.span(maker.given["dtype"])]
        if "name" in maker.given:
            pieces += [", name=", *self._name(maker.given["name"])]
        for extra in extras:
            pieces += [f", {extra.what}={ast.unparse(extra.value)}"]
        if maker.holder in kept and maker.holder not in trained:
            pieces.append(", trainable=False")
        pieces.append(")")
        now = "keras.Variable(...)" if maker.kind == "value" else "self.add_weight(...)"
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(maker.node), tuple(pieces)),), imports)
        if self._add_finding(maker.node, f"a weight is made by `{now}` now", fix):
            ctx.replace(maker.node.func, Applicability.SAFE, None)
        self._note_distribution(maker)

    def _initializer(self, maker: _Maker) -> tuple[list[str | Span], tuple[Import, ...]]:
        ctx = self.ctx
        if maker.source is not None:
            return [ctx.span(maker.source)], ()
        text = maker.initializer
        for name in ("low", "high", "mean", "scale"):
            given = maker.given.get(name)
            value = ast.unparse(given) if given is not None else _SCALES.get(maker.home, "")
            if given is not None and not isinstance(given, (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp)):
                value = f"({value})"
            text = text.replace("{" + name + "}", value)
        cls = text.partition("(")[0]
        if "(" not in text:
            return [text], ()
        spelled = ctx.written(Text(text, (Import("keras.initializers", cls),)))
        return [spelled.text], spelled.imports

    def _name(self, node: ast.expr) -> list[str | Span]:
        return [_slashless(node) or self.ctx.span(node)]

    def _add(self, maker: _Maker) -> None:
        """``add_weight(shape, initializer, name)``: Keras 3 has its parameters in another order."""
        edits: list[ArgumentEdit] = []
        for index, argument in enumerate(maker.node.args):
            if index >= 1 or isinstance(argument, ast.Starred):
                edits.append(ArgumentEdit(index, keyword=_ADDED[index]))
        name = maker.given.get("name")
        plain = _slashless(name) if name is not None else ""
        if plain:
            index = next(i for i, one in enumerate([*maker.node.args, *_values(maker.node)]) if one is name)
            edits = [one for one in edits if one.index != index]
            edits.append(ArgumentEdit(index, keyword="name", value=plain))
        if edits:
            edit: Edit = CallEdit(self.ctx.span(maker.node), arguments=tuple(edits))
            fix = Fix(Applicability.SAFE, (edit,))
            self._add_finding(maker.node, "add_weight has its parameters in another order now: they are named", fix)
        self._note_distribution(maker)

    def _note_distribution(self, maker: _Maker) -> None:
        given = maker.given.get("initializer", maker.source)
        if isinstance(given, ast.Constant) and given.value in _ALIKE:
            return
        if self.ctx.settings.style == "exact" and given is not None:
            message = "what it is drawn from is Keras 3's: of glorot_normal, he_normal, orthogonal and of kernels with"
            message += " three axes or more Keras 1 had others"
            self.ctx.add("K703", Severity.NOTE, self.ctx.span(maker.node), f"{self.found.node.name}: {message}")

    def _before_super(self, maker: _Maker) -> bool:
        if maker.method.name != "__init__":
            return False
        rows = [node.lineno for node in ast.walk(maker.method) if is_super_init(node)]
        return not rows or maker.node.lineno < min(rows)

    def _remove(self) -> None:
        """Statements that have nothing to say any more, and tests of which nothing else is left."""
        ctx = self.ctx
        for statement in list(self.gone):
            around = ctx.parents.get(statement)
            alone = isinstance(around, ast.If) and not around.orelse and all(one in self.gone for one in around.body)
            if alone and isinstance(around, ast.If):
                outer = ctx.parents.get(around)
                block = getattr(outer, "body", [])
                if around in block and any(one is not around and one not in self.gone for one in block):
                    self.gone.setdefault(around, self.gone[statement])
        for statement, why in self.gone.items():
            if isinstance(ctx.parents.get(statement), ast.If) and ctx.parents[statement] in self.gone:
                continue
            span = ctx.span(statement)
            edit: Edit = BlockEdit(span) if isinstance(statement, ast.If) else StatementEdit(span, replace=True)
            why = why or "regularizers and constraints are given to add_weight now"
            self._add_finding(statement, why, Fix(Applicability.SAFE, (edit,)))

    def _add_finding(self, node: ast.expr | ast.stmt, message: str, fix: Fix) -> bool:
        text = f"{self.found.node.name}: {message}"
        return self.ctx.add("K701", Severity.ERROR, self.ctx.span(node), text, fix=fix)

    def _ask(self, node: ast.expr | ast.stmt, message: str) -> None:
        self.ctx.add("K702", Severity.ERROR, self.ctx.span(node), f"{self.found.node.name}: {message}")


def is_super_init(node: ast.AST) -> TypeGuard[ast.Call]:
    """``super(X, self).__init__(…)`` and ``Layer.__init__(self, …)``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__"


def _slashless(node: ast.expr) -> str:
    """The new text of a name that has a slash in it, which Keras 3 refuses; "": it has none."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if not any("/" in one.value for one in found if isinstance(one.value, str)):
        return ""
    copy = ast.parse(ast.unparse(node), mode="eval").body
    for one in ast.walk(copy):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            one.value = one.value.replace("/", "_")
    return ast.unparse(copy)


def _is_penalty(statement: ast.stmt) -> bool:
    """Whether a simple statement fills a list of regularizers or constraints."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr)):
        return False
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    if isinstance(statement, ast.AugAssign):
        target = statement.target
    call = statement.value
    if isinstance(statement, ast.Expr) and isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        if call.func.attr in ("set_param", "set_layer"):
            return True
        target = call.func.value
    if isinstance(target, ast.Subscript):
        target = target.value
    return target is not None and (is_own(target, "regularizers") or is_own(target, "constraints"))


def _values(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords]


def _given(call: ast.Call, parameters: tuple[str, ...]) -> dict[str, ast.expr] | None:
    """The arguments by name; None: they are not all known, or not these."""
    if len(call.args) > len(parameters) or any(isinstance(one, ast.Starred) for one in call.args):
        return None
    given = dict(zip(parameters, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in given or keyword.arg not in parameters:
            return None
        given[keyword.arg] = keyword.value
    return given if parameters[0] in given else None


def _key(node: ast.expr) -> Key | None:
    if is_own(node):
        return "self", node.attr
    return ("", node.id) if isinstance(node, ast.Name) else None


def _listing(statement: ast.stmt) -> tuple[str, ast.expr]:
    """The list of the layer that a statement fills, and with what."""
    nothing = ast.Constant(None)
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and is_own(statement.targets[0]):
        return statement.targets[0].attr, statement.value
    if isinstance(statement, ast.AugAssign) and is_own(statement.target):
        return statement.target.attr, statement.value
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and is_own(call.func.value):
        if call.func.attr == "append" and len(call.args) == 1:
            return call.func.value.attr, ast.List([call.args[0]], ast.Load())
        if call.func.attr == "extend" and len(call.args) == 1:
            return call.func.value.attr, call.args[0]
    return "", nothing


def _members(node: ast.expr) -> list[Key] | None:
    """What is in a list of weights; None: not known."""
    if isinstance(node, (ast.List, ast.Tuple)):
        found: list[Key] = []
        for one in node.elts:
            key = _members(one.value) if isinstance(one, ast.Starred) else _one(one)
            if key is None:
                return None
            found += key
        return found
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _members(node.left), _members(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Attribute) and node.attr in _TRAINED | _KEPT:
        if is_own(node):
            return []
        # Keras 3 lists the weights of layers that are attributes by itself
        return [("layer", node.value.attr)] if is_own(node.value) else None
    return _one(node)


def _one(node: ast.expr) -> list[Key] | None:
    key = _key(node)
    return [key] if key is not None else None
