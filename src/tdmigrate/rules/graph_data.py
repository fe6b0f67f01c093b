"""Methods of a graph that became a functional model: one dict of inputs and outputs is two now, x and y."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tdmigrate.findings import Applicability, ArgumentEdit, Edit, Fix, Recast, Severity, Span, TextEdit
from tdmigrate.keras1.entry import Method, Spelling
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules import losses, optimizer_objects
from tdmigrate.rules.arguments import Plan, plan
from tdmigrate.rules.calls import About, Codes, report
from tdmigrate.rules.context import Context, Spelled
from tdmigrate.rules.forms import assigns
from tdmigrate.rules.graph_model import Functional
from tdmigrate.understanding.facts import Argument, MethodUse
from tdmigrate.understanding.graphs import ADDERS, GraphUse

CODES = Codes(arguments="K310", defaults="K304", ask="K305", note="K306")
BEFORE_1 = parse("0.1-0.3")
KEPT_BEFORE_1 = frozenset(("inputs", "outputs"))  # a Model of 1.x has them as lists, as today's has
KEPT = frozenset(("nodes", "namespace", "input_order", "output_order", "node_config"))
_GONE = "Graph.{}: a functional Model has no such thing by name; its layers are get_layer(name)"
_COMPREHENDED = 4  # names from which on a comprehension reads better than a display
_Pieces = tuple[str | Span, ...]
_PARTED = ("fit", "evaluate", "train_on_batch", "test_on_batch")  # what they are given holds outputs too


class Named(NamedTuple):
    """The names of a model's inputs and outputs."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def check_graph_methods(ctx: Context, models: Mapping[ast.Call, Functional], builders: frozenset[ast.Call]) -> None:
    """``models``: graphs that are functional models now. ``builders``: those that the builder of compat makes."""
    used = _used(ctx.module.tree)
    for use in ctx.facts.methods:
        if use.owner != "Graph" or use.method.name in ADDERS:
            continue
        names = {Named(models[one].inputs, models[one].outputs) for one in use.models if one in models}
        if use.models and all(one in builders for one in use.models):
            _check(ctx, use, None, True)
        elif use.models and all(one in models for one in use.models) and len(names) == 1:
            _check(ctx, use, names.pop(), use.node in used)
        elif not use.models or names:
            message = f"Graph.{use.method.name}: it is not known of which graph; Keras 3 takes inputs and outputs apart"
            ctx.add(CODES.ask, Severity.ERROR, ctx.span(use.node), message)


def check_graph_attributes(ctx: Context, uses: Sequence[GraphUse], models: Mapping[ast.Call, Functional]) -> None:
    """What a Graph of Keras 0.x kept by name and a Model does not."""
    held = {ast.unparse(use.straight.target): use for use in uses if use.straight is not None and use.node in models}
    if not held:
        return
    items = {node.value: node for node in ctx.module.nodes if isinstance(node, ast.Subscript)}
    kept = KEPT | KEPT_BEFORE_1 if ctx.era.assumed.within(BEFORE_1) else KEPT
    for node in ctx.module.nodes:
        if not isinstance(node, ast.Attribute) or node.attr not in kept or not isinstance(node.ctx, ast.Load):
            continue
        use = held.get(ast.unparse(node.value))
        item = items.get(node)
        if use is not None and ctx.names.scope_of(node) == ctx.names.scope_of(use.node):
            _check_attribute(ctx, node, item, models[use.node])
        elif node.attr == "nodes" and _is_layer_s(item, models):
            ctx.add(CODES.ask, Severity.ERROR, ctx.span(node), _GONE.format(node.attr))


def _is_layer_s(item: ast.Subscript | None, models: Mapping[ast.Call, Functional]) -> bool:
    key = item.slice if item is not None else None
    return isinstance(key, ast.Constant) and any(key.value in model.layers for model in models.values())


def _check_attribute(ctx: Context, node: ast.Attribute, item: ast.Subscript | None, model: Functional) -> None:
    key = item.slice if item is not None and node.attr == "nodes" else None
    if item is not None and isinstance(key, ast.Constant) and key.value in model.layers:
        text = f"{ctx.module.segment(node.value)}.get_layer({ctx.module.segment(key)})"
        fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(item), text),))
        ctx.add(CODES.arguments, Severity.ERROR, ctx.span(item), f"Graph.nodes: it is `{text}`", fix=fix)
        return
    ctx.add(CODES.ask, Severity.ERROR, ctx.span(node), _GONE.format(node.attr))


def _used(tree: ast.Module) -> frozenset[ast.Call]:
    """The calls of which the value is made use of."""
    alone = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return frozenset(node for node in ast.walk(tree) if isinstance(node, ast.Call) and node not in alone)


def _check(ctx: Context, use: MethodUse, names: Named | None, used: bool) -> None:
    """``names`` None: the builder takes the data as it stands."""
    method = use.method
    spelling = method.keras3
    label = f"Graph.{method.name}"
    if spelling is None:
        message = f"{label}: {method.person or 'it is gone from Keras 3'}"
        ctx.add(CODES.ask, Severity.ERROR, ctx.span(use.node), message)
        return
    made = plan(ctx, use.node, use.bound, method, losses.settle(ctx, use, spelling))
    if method.name == "compile":
        made = optimizer_objects.settle_optimizer(ctx, use, made)
    if names is not None:
        made = _Parting(ctx, use, names, made).parted()
        for message in _results(ctx, use, names) if used else ():
            part = _PARTS.get(method.name) if ctx.era.assumed.within(BEFORE_1) and len(names.outputs) > 1 else None
            if part is None:
                ctx.add("K312", Severity.NOTE, ctx.span(use.node), f"{label}: {message}")
            else:
                fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(use.node), f"{{}}{part}"),))
                message += f"; Keras 0.x gave the whole loss, `{part}` of it"
                ctx.add(CODES.arguments, Severity.ERROR, ctx.span(use.node), f"{label}: {message}", fix=fix)
    report(ctx, use.node, made, CODES, About(label, None), _callee(ctx, use, method, spelling))


# what keras/models.py of 0.3.3 gave back of what Keras 3 lists for several outputs
_PARTS = {"evaluate": "[0]", "evaluate_generator": "[0]", "train_on_batch": "[:1]", "test_on_batch": "[:1]"}


def _callee(ctx: Context, use: MethodUse, method: Method, spelling: Spelling) -> Spelled | None:
    if spelling.path == method.name or not isinstance(use.node.func, ast.Attribute):
        return None
    return Spelled(f"{ctx.module.segment(use.node.func.value)}.{spelling.path}", (), None)


def _results(ctx: Context, use: MethodUse, names: Named) -> Sequence[str]:
    """What a call gives back otherwise than it did."""
    if use.method.name not in ("evaluate", "train_on_batch", "test_on_batch", "evaluate_generator"):
        return ()
    found = []
    if len(names.outputs) > 1:
        found.append(f"it gives a list now: the whole loss, then that of each of {', '.join(names.outputs)}")
    elif use.method.name.endswith("_on_batch") and ctx.era.assumed.lowest < "1":
        found.append("Keras 0.x gave a list with the loss in it; it is the loss itself now")
    return found


class _Parting:
    """Takes the data of one call apart."""

    def __init__(self, ctx: Context, use: MethodUse, names: Named, made: Plan) -> None:
        self.ctx = ctx
        self.use = use
        self.names = names
        self.made = made
        self.texts = {name: repr(name) for name in (*names.inputs, *names.outputs)}
        self.edits: list[Edit] = []
        self.asks: list[tuple[ast.expr, str]] = []
        self.changes: list[str] = []

    def parted(self) -> Plan:
        given = self.use.bound.arguments
        method = self.use.method.name
        if "data" in given and method in _PARTED:
            self._data(given["data"])
        if "generator" in given:
            self._generator(given["generator"])
        if "validation_data" in given:
            self._validation(given["validation_data"])
        if method == "compile":
            self._compile()
        dropped = set()
        for name, check in (("class_weight", self._class_weights), ("sample_weight", self._sample_weights)):
            if name in given and _says_nothing(given[name].node):
                dropped.add(given[name].index)
                self.changes.append(f"`{name}` goes: it said nothing")
            elif name in given:
                check(given[name])
        made = self.made
        edits = tuple(edit for edit in made.edits if edit.index not in dropped)
        return made._replace(
            edits=edits + tuple(ArgumentEdit(index, drop=True) for index in sorted(dropped)),
            inner=made.inner + tuple(self.edits),
            asks=made.asks + tuple(self.asks),
            changes=(*made.changes, *self.changes),
        )

    def _data(self, argument: Argument) -> None:
        parts = self._parts(argument.node)
        if isinstance(parts, str):
            self.asks.append((argument.node, f"{parts}: give inputs and outputs as two dicts"))
            return
        x, y = parts
        self._recast(argument.node, (*x, ", " if argument.positional else ", y=", *y))
        self.changes.append("inputs and outputs are two dicts")

    def _validation(self, argument: Argument) -> None:
        if _says_nothing(argument.node):
            return
        parts = self._parts(argument.node)
        if isinstance(parts, str) or (self.use.method.name == "fit_generator" and not _is_display(argument.node)):
            message = "`validation_data`: give inputs and outputs as a tuple of two dicts"
            self.asks.append((argument.node, message))
            return
        x, y = parts
        self._recast(argument.node, ("(", *x, ", ", *y, ")"))
        self.changes.append("`validation_data` is a tuple of inputs and outputs")

    def _generator(self, argument: Argument) -> None:
        if assigns(argument.node):
            self.asks.append((argument.node, "`generator`: give it a name first, what it yields is taken apart"))
            return
        x, y = (self._picked("batch", names) for names in self.names)
        span = self.ctx.span(argument.node)
        self._recast(argument.node, (f"(({x}, {y}) for batch in ", span, ")"))
        self.changes.append("what the generator yields is taken apart, inputs and outputs")

    def _class_weights(self, argument: Argument) -> None:
        message = "`class_weight`: Keras 3 takes none where outputs have names; give sample_weight instead"
        self.asks.append((argument.node, message))

    def _sample_weights(self, argument: Argument) -> None:
        items = _items(argument.node)
        if len(self.names.outputs) > 1 and (items is None or set(items) != set(self.names.outputs)):
            message = "`sample_weight`: Keras 3 wants weights for every output, ones where there were none"
            self.asks.append((argument.node, message))

    def _compile(self) -> None:
        """Several outputs: Keras 3 wants a loss, metrics and a weight for each."""
        outputs = self.names.outputs
        if len(outputs) == 1:
            return
        given = self.use.bound.arguments
        loss = given.get("loss")
        if loss is not None and isinstance(loss.node, ast.Constant):
            self._each(loss)
        metrics = given.get("metrics")
        if metrics is not None and not _says_nothing(metrics.node) and not _is_display(metrics.node):
            if isinstance(metrics.node, (ast.List, ast.Tuple)):
                self._each(metrics)
            else:
                self.asks.append((metrics.node, "`metrics`: Keras 3 wants a dict with a list for every output"))
        weights = given.get("loss_weights")
        if weights is None or _says_nothing(weights.node):
            return
        items = _items(weights.node)
        if items is None:
            message = "`loss_weights`: Keras 3 wants one for every output, 1. where there was none"
            self.asks.append((weights.node, message))
        elif set(items) < set(outputs):
            members: list[str | Span] = []
            for name in outputs:
                value = self.ctx.span(items[name]) if name in items else "1.0"
                members += [", " * bool(members) + f"{self.texts[name]}: ", value]
            self._recast(weights.node, ("{", *members, "}"))
            self.changes.append("`loss_weights` has one for every output")

    def _each(self, argument: Argument) -> None:
        members = ", ".join(f"{self.texts[name]}: {{}}" for name in self.names.outputs)
        text = f"{{{members}}}"
        new = next((one for one in self.made.edits if one.index == argument.index and one.value is not None), None)
        if new is None or new.value is None:
            self.edits.append(TextEdit(self.ctx.span(argument.node), text))
        else:
            edits = tuple(one for one in self.made.edits if one is not new)
            self.made = self.made._replace(edits=(*edits, new._replace(value=text.replace("{}", new.value))))
        self.changes.append(f"`{self.ctx.module.segment(argument.node)}` is given for every output")

    # --- dicts

    def _recast(self, node: ast.expr, pieces: _Pieces) -> None:
        self.edits.append(Recast(self.ctx.span(node), pieces))

    def _parts(self, node: ast.expr) -> tuple[_Pieces, _Pieces] | str:
        """Inputs and outputs as two dicts; why not, in words."""
        items = _items(node)
        if items is None:
            if not _is_chain(node):
                return "what is given here cannot be taken apart"
            text = self.ctx.module.segment(node)
            x, y = (self._picked(text, names) for names in self.names)
            return (x,), (y,)
        missing = [name for name in (*self.names.inputs, *self.names.outputs) if name not in items]
        if missing:
            return f"there is no `{missing[0]}` among the data"
        if set(self.names.inputs) & set(self.names.outputs):
            return "an input and an output have one name"
        keys = _keys(node)
        sides = []
        for side in self.names:
            pieces: list[str | Span] = []
            for name in (one for one in items if one in side):
                key = self.ctx.module.segment(keys[name]) if name in keys else self.texts[name]
                pieces += [", " * bool(pieces) + f"{key}: ", self.ctx.span(items[name])]
            sides.append(("{", *pieces, "}"))
        return sides[0], sides[1]

    def _picked(self, text: str, names: Sequence[str]) -> str:
        """A dict of some members of a dict."""
        if len(names) < _COMPREHENDED:
            return "{" + ", ".join(f"{self.texts[name]}: {text}[{self.texts[name]}]" for name in names) + "}"
        listed = ", ".join(self.texts[name] for name in names)
        return f"{{name: {text}[name] for name in ({listed})}}"


def _items(node: ast.expr) -> dict[str, ast.expr] | None:
    """The members of a dict display, or of ``dict(a=…)``, each key once; None: not all are known."""
    found: dict[str, ast.expr] = {}
    pairs: list[tuple[object, ast.expr]]
    if isinstance(node, ast.Dict):
        keys = (key.value if isinstance(key, ast.Constant) else None for key in node.keys)
        pairs = list(zip(keys, node.values, strict=True))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
    else:
        return None
    for key, value in pairs:
        if not isinstance(key, str) or key in found:
            return None
        found[key] = value
    return found


def _keys(node: ast.expr) -> dict[str, ast.expr]:
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return {key.value: key for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def _is_display(node: ast.expr) -> bool:
    return _items(node) is not None


def _is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _says_nothing(node: ast.expr) -> bool:
    """None, or an empty display."""
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, (ast.Dict, ast.List, ast.Tuple)) and not ast.unparse(node).strip("{}[]()")
