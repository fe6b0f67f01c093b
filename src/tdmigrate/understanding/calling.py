"""Calls in the abstract run: by what is called."""

from __future__ import annotations

import ast
from abc import abstractmethod

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.keras1.layers.merging import NEW
from tdmigrate.keras1.versions import parse
from tdmigrate.understanding.calls import bind
from tdmigrate.understanding.containers import ADDERS, CHANGERS, GRAPH_METHODS, kind_of, model_kind
from tdmigrate.understanding.elsewhere import attribute
from tdmigrate.understanding.facts import Place, Symbol
from tdmigrate.understanding.functions import Functions
from tdmigrate.understanding.joins import join_all
from tdmigrate.understanding.layers import Given
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import (
    CONTAINERS,
    NONE,
    Attribute,
    Builtin,
    ClassValue,
    Const,
    ContainerCell,
    DictCell,
    Elsewhere,
    Foreign,
    Func,
    GraphCell,
    InstanceCell,
    LayerValue,
    ListCell,
    Merger,
    Method,
    ModelCell,
    OneOf,
    Partial,
    Ref,
    SequentialCell,
    SomeLayer,
    Sym,
    Tensor,
    Value,
    alternatives,
)

# packages whose functions do not change the models, layers and lists they are given
HARMLESS = frozenset(
    (
        "numpy", "scipy", "pandas", "matplotlib", "sklearn", "os", "sys", "time", "json", "pickle", "cPickle", "random",
        "math", "logging", "itertools", "re", "copy", "theano", "tensorflow", "h5py", "string", "datetime", "operator",
        "collections", "functools", "six", "argparse", "csv", "glob", "shutil",
    )
)  # fmt: skip
_FUNCTIONAL = parse("1.0")
LEAVERS = frozenset(("sys.exit", "os._exit", "os.abort"))


class Calls(Functions):
    """What a call does, by what is called."""

    @abstractmethod
    def assign(self, target: ast.expr, value: Value, source: ast.expr | None = None) -> None:
        ...

    # --- the call expression

    def call(self, node: ast.Call) -> Value:
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in CHANGERS:
            changed = self._changer(node, func)
            if changed is not None:
                return changed
        callee = self.callee(func)
        given = self.given(node)
        return self.invoke(callee, given)

    def callee(self, func: ast.expr) -> Value:
        """As ``evaluate``, but being called is no mention."""
        symbol = self.symbol(func) if isinstance(func, (ast.Name, ast.Attribute, ast.Call)) else None
        if symbol is None:
            if isinstance(func, ast.Name):
                return self.lookup(func.id)
            return self.evaluate(func)
        if isinstance(func, ast.Name):
            held = self.lookup(func.id)
            if isinstance(held, Sym):
                return Sym(symbol, held.origins)
        return Sym(symbol)

    def given(self, node: ast.Call) -> Given:
        values: dict[ast.expr, Value] = {}
        positional: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        spread: dict[str, tuple[ast.expr, ast.expr]] | None = {}
        known: dict[str, tuple[ast.expr, ast.expr]] = {}
        is_open = False
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                items = self.sequence(self.evaluate(argument.value))
                if items is None:
                    is_open = True
                elif not is_open:
                    positional.extend(item.value for item in items)
                continue
            value = values[argument] = self.evaluate(argument)
            if not is_open:
                positional.append(value)
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                values[keyword.value] = value
                keywords.append((keyword.arg, value))
                continue
            cell = self.cell(value)
            if not isinstance(cell, DictCell) or cell.open:
                is_open, spread = True, None
            for entry in cell.entries if isinstance(cell, DictCell) else ():
                if not isinstance(entry.key, str):
                    continue
                keywords.append((entry.key, entry.value))
                if entry.key_node is None or entry.value_node is None:
                    spread = None
                    stand_in = ast.copy_location(ast.Constant(None), keyword.value)
                    known[entry.key] = (stand_in, stand_in)
                else:
                    known[entry.key] = (entry.key_node, entry.value_node)
                    if spread is not None:
                        spread[entry.key] = known[entry.key]
                values[known[entry.key][1]] = entry.value
        told = None if is_open else known
        return Given(node, node, values, tuple(positional), tuple(keywords), spread, told, is_open)

    def _changer(self, node: ast.Call, func: ast.Attribute) -> Value | None:
        """``model.add(layer)`` on a model that comes from elsewhere, and ``model.layers.append(layer)``."""
        if not _is_chain(func.value):
            return None
        if isinstance(func.value, ast.Attribute) and func.value.attr == "layers":
            owner = self.model_of(self.evaluate(func.value.value))
            if owner is not None:
                changed = self.cell(owner)
                self.recorder.attribute(func, model_kind(changed) if isinstance(changed, CONTAINERS) else None)
                given = self.given(node)
                self.unsettle(owner)
                for value in given.positional:
                    self.hand_over(value)
                return UNKNOWN
        if func.attr not in ADDERS or self.symbol(func) is not None:
            return None
        if self.evaluate(func.value) is not UNKNOWN:
            return None
        given = self.given(node)
        if func.attr != "add":
            layerlike = any(self.is_layer(value) for value in given.everything()) or func.attr != "add_node"
            cell: ContainerCell = GraphCell(None, (), (), (), (), False)
        else:
            layerlike = bool(given.positional) and self.is_layer(given.positional[0])
            cell = self.new_sequential(None)._replace(empty=None, exact=False)
        if not layerlike:
            return self.invoke(UNKNOWN, given)
        guess = self.allocate(node, cell, "guess")
        self.assign(func.value, guess)
        return self.invoke(Attribute(guess, func.attr), given)

    def model_of(self, value: Value) -> Ref | None:
        """The container that a value is, or that an instance of a subclass has."""
        if not isinstance(value, Ref):
            return None
        cell = self.cell(value)
        if isinstance(cell, InstanceCell):
            return cell.model
        return value if isinstance(cell, CONTAINERS) else None

    # --- what is called

    def invoke(self, callee: Value, given: Given) -> Value:
        choices = alternatives(callee)
        if len(choices) == 1:
            return self._invoke(callee, given, True)
        results: list[Value] = []
        # a constant cannot be called: it is not what it is where this runs
        chosen = tuple(choice for choice in choices if not isinstance(choice, Const)) or choices
        sure = len(chosen) == 1
        branches = [self.branch(lambda one=one: results.append(self._invoke(one, given, sure))) for one in chosen]  # type: ignore[misc]
        self.join_branches(branches)
        return join_all(results)

    def _invoke(self, callee: Value, given: Given, sure: bool) -> Value:
        self.spend()
        if isinstance(callee, Sym):
            return self._call_symbol(callee, given, sure)
        if isinstance(callee, Partial):
            return self._invoke_all(callee.function, self._with_partial(callee, given), sure)
        self.recorder.other(given.node)
        if isinstance(callee, Attribute):
            return self._call_attribute(callee.receiver, callee.name, given)
        if isinstance(callee, (Func, Method)):
            self.recorder.method(given.node, None, "other", None)
            if isinstance(callee, Func):
                return self.call_function(callee, given.node, given.positional, given.keywords, given.open)
            arguments = (callee.receiver, *given.positional)
            return self.call_function(callee.function, given.node, arguments, given.keywords, given.open)
        if isinstance(callee, ClassValue):
            return self.instantiate(callee, given)
        if isinstance(callee, LayerValue):
            return self._apply_call(callee, given)
        if isinstance(callee, Merger):
            return self.merge_anew(callee, given)
        if isinstance(callee, Ref):
            return self._call_object(callee, given)
        if isinstance(callee, Builtin):
            return self.call_builtin(callee.name, given)
        if isinstance(callee, Foreign):
            return self._call_foreign(callee.path, given)
        if isinstance(callee, Elsewhere):
            return self._call_elsewhere(callee, given)
        return self.call_unknown(given)

    def _call_elsewhere(self, callee: Elsewhere, given: Given) -> Value:
        """A function or class of another module: no method of a model, whatever its name."""
        if callee.base is not None:
            return self._apply_call(callee.base, given)
        self.recorder.method(given.node, None, "other", None)
        for value in given.everything():
            self.hand_over(value)
        own = attribute(callee, "__call__")  # of an object
        returns = own.returns if isinstance(own, Elsewhere) else callee.returns
        return self.made_elsewhere(returns, (self.context, given.node, ("elsewhere",)), anew=True)

    def _invoke_all(self, callee: Value, given: Given, sure: bool) -> Value:
        return self._invoke(callee, given, sure) if not isinstance(callee, OneOf) else self.invoke(callee, given)

    def _with_partial(self, partial: Partial, given: Given) -> Given:
        """One call with the arguments of both, those of the partial first."""
        own = partial.node
        later = {keyword.arg for keyword in given.form.keywords}
        form = ast.Call(
            func=given.form.func,
            args=[*own.args[1:], *given.form.args],
            keywords=[*(k for k in own.keywords if k.arg is None or k.arg not in later), *given.form.keywords],
        )
        ast.copy_location(form, given.node)
        values = dict(given.values)
        plain = [node for node in own.args[1:] if not isinstance(node, ast.Starred)]
        is_open = given.open or len(plain) != len(partial.arguments)
        values.update(zip(plain, partial.arguments, strict=False))
        kept = dict(partial.keywords)
        values.update((k.value, kept[k.arg]) for k in own.keywords if k.arg is not None and k.arg in kept)
        keywords = (*((name, value) for name, value in partial.keywords if name not in later), *given.keywords)
        positional = (*partial.arguments, *given.positional)
        return Given(given.node, form, values, positional, keywords, given.spread, given.known, is_open, own)

    def _apply_call(self, layer: Value, given: Given) -> Value:
        """``layer(x)``."""
        value = given.positional[0] if given.positional else given.keyword("x") or UNKNOWN
        return self.apply(layer, self.tensors(value), Place("call"))

    def _call_object(self, ref: Ref, given: Given) -> Value:
        cell = self.cell(ref)
        if isinstance(cell, CONTAINERS):
            return self._apply_call(ref, given)
        if isinstance(cell, InstanceCell):
            if cell.model is not None:
                return self._apply_call(cell.model, given)
            method = self.get_attribute(ref, "__call__")
            if isinstance(method, Method):
                return self._invoke(method, given, True)
        return self.call_unknown(given)

    # --- Keras

    def _call_symbol(self, callee: Sym, given: Given, sure: bool) -> Value:
        symbol = callee.symbol
        self.recorder.reached(given.node, callee.origins)
        entry = registry.lookup(symbol.path)
        if isinstance(entry, Layer):
            return self.make_layer(given, symbol, entry, sure)
        if entry is None:
            return self._call_unlisted(symbol, given)
        told = bind(given.form, entry, self.versions, self.value_of(given), given.spread)
        bound = self.bound(given, entry)
        self.recorder.function(given.node, symbol, entry, told)
        self.note_constants(given)
        if entry.kind == "model":
            return self.make_model(given, entry)
        if entry.kind == "input":
            return self.make_input(given, bound, entry)
        if entry.kind == "merge":
            return self.make_merge(given, symbol, entry, bound)
        for value in given.everything():
            self.hand_over(value, harmless=True)
        if entry.kind == "loader" and self.versions.hi >= _FUNCTIONAL.lo:  # up to 0.3 it may be a Graph
            return self.read_back(given.node, ("Sequential", "Model"))
        return UNKNOWN

    def _call_unlisted(self, symbol: Symbol, given: Given) -> Value:
        owner, _, name = symbol.path.rpartition(".")
        if owner == "keras.layers" and (name in NEW or name.capitalize() in NEW):
            return self._make_merger(symbol, name, given)
        entry = registry.lookup(owner)
        if isinstance(entry, Function) and entry.kind == "model" and given.positional:
            # Sequential.add(self, layer), Sequential.__init__(self)
            receiver = self.model_of(given.positional[0])
            if receiver is not None:
                rest = given._replace(positional=given.positional[1:])
                return self.call_container(receiver, name, rest)
        self.recorder.function(given.node, symbol, None, None)
        for value in given.everything():
            self.hand_over(value, harmless=True)
        if isinstance(entry, Function) and entry.kind == "model" and name == "from_config":
            return self.read_back(given.node, (kind_of(entry),))
        return UNKNOWN

    def _make_merger(self, symbol: Symbol, name: str, given: Given) -> Value:
        """``Concatenate(axis=1)`` and ``concatenate([a, b], axis=1)`` of Keras 3."""
        self.recorder.function(given.node, symbol, None, None)
        layer = name if name in NEW else name.capitalize()
        positional = given.positional if layer == name else given.positional[1:]
        word = "axes" if layer == "Dot" else "axis"
        axis = given.keyword(word) or (positional[0] if positional else None)
        known = Const(-1) if axis is None and not given.open else axis or UNKNOWN
        merger = Merger(given.node, layer, NEW[layer], self.constant(known))
        return merger if layer == name else self.merge_anew(merger, given)

    def _call_attribute(self, receiver: Value, name: str, given: Given) -> Value:
        cell = self.cell(receiver)
        if isinstance(receiver, Ref) and isinstance(cell, CONTAINERS):
            return self.call_container(receiver, name, given)
        if isinstance(receiver, Ref) and isinstance(cell, ListCell):
            return self.call_list(receiver, cell, name, given)
        if isinstance(receiver, Ref) and isinstance(cell, DictCell):
            return self.call_dict(receiver, cell, name, given)
        if isinstance(receiver, Const):
            if receiver.value is None:  # it is not None where this runs: a subclass may have put a model there
                self.note_method("", name, given)
            return self.call_constant(receiver.value, name, given)
        if isinstance(receiver, (LayerValue, SomeLayer, Tensor, Sym)):
            return self.call_unknown(given, harmless=True)
        return self.call_unknown(given)

    def call_container(self, ref: Ref, name: str, given: Given) -> Value:
        cell = self.cell(ref)
        if not isinstance(cell, CONTAINERS):
            return self.call_unknown(given)
        guessed = not isinstance(cell, ModelCell) and cell.node is None and not cell.known
        owner = model_kind(cell)
        self.note_method("" if guessed else owner, name, given, cell.node)
        if isinstance(cell, SequentialCell) and name == "add":
            layer = given.positional[0] if given.positional else given.keyword("layer")
            if layer is None or given.open:
                self.unsettle(ref)
            else:
                self.add(ref, layer, self.site(given.node))
            return NONE
        if isinstance(cell, SequentialCell) and name == "pop":
            self.pop(ref)
            return NONE
        if isinstance(cell, SequentialCell) and name == "__init__":
            self.fill(ref, given)
            return NONE
        if isinstance(cell, GraphCell) and name in GRAPH_METHODS:
            self.touch(ref)
            present = self.cell(ref)
            if isinstance(present, GraphCell):
                self.graph_method(ref, present, name, given, self.site(given.node))
            return NONE
        if isinstance(cell, ModelCell) and name == "__init__":
            function = registry.lookup("keras.models.Model")
            if isinstance(function, Function):
                self.write(ref, self.functional(given, function)._replace(node=cell.node))
            return NONE
        for value in given.everything():
            self.hand_over(value, harmless=True)
        return SomeLayer(name) if name == "get_layer" and not isinstance(cell, GraphCell) else UNKNOWN

    def _call_foreign(self, path: str, given: Given) -> Value:
        if path == "functools.partial" and given.positional and isinstance(given.node, ast.Call):
            keywords = given.keywords if not given.open else ()
            return Partial(given.positional[0], given.form, given.positional[1:], keywords)
        if path in LEAVERS:
            self.dead = True
            return UNKNOWN
        if path == "collections.OrderedDict":
            return self.dict_(given)
        if path in ("six.moves.range", "six.moves.xrange"):
            return self.call_builtin("range", given)
        if path in ("six.moves.zip", "itertools.izip"):
            return self.call_builtin("zip", given)
        return self.call_unknown(given, harmless=path.partition(".")[0] in HARMLESS)


def _is_chain(node: ast.expr) -> bool:
    """``a.b.c``: what can be read twice and assigned to."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)
