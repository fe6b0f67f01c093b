"""K307: a Sequential that begins with Merge becomes a functional Model, statement by statement."""

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Edit, Fix, Import, Recast, Severity, Span, StatementEdit
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import is_none
from tdmigrate.rules.context import Context
from tdmigrate.rules.merged import Ask, Layered, Pieces
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.chains import Chain, chain
from tdmigrate.understanding.facts import FunctionUse
from tdmigrate.understanding.tree import Tree, key

RULE = Rule(
    code="K307",
    name="merged-model",
    title="A Sequential that begins with Merge is a functional Model now",
    what="Finds `Sequential` models whose first layer is `Merge([left, right], mode=…)`.",
    why="Merge is gone since Keras 2.0, and a Sequential of Keras 3 has one input.",
    safety="Safe: the same layers on the same inputs, in the same order.",
    examples=(
        Example(
            "from keras.models import Sequential\n"
            "from keras.layers import Dense, Input, Merge\n"
            "\n"
            "left = Sequential([Input(shape=(4,)), Dense(3)])\n"
            "right = Sequential([Input(shape=(5,)), Dense(3)])\n"
            "model = Sequential()\n"
            "model.add(Merge([left, right], mode='concat'))\n"
            "model.add(Dense(1))\n"
            "model.compile('sgd', 'mse')\n",
            "from keras.models import Sequential, Model\n"
            "from keras.layers import Dense, Input, Concatenate\n"
            "\n"
            "left = Sequential([Input(shape=(4,)), Dense(3)])\n"
            "right = Sequential([Input(shape=(5,)), Dense(3)])\n"
            "x = Concatenate()([left.outputs[0], right.outputs[0]])\n"
            "x = Dense(1)(x)\n"
            "model = Model(inputs=left.inputs + right.inputs, outputs=x)\n"
            "model.compile('sgd', 'mse')\n",
        ),
    ),
)

_NAMES = ("x", "merged", "joined", "features")  # for the tensor that goes from layer to layer
_COMPOUND = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While, ast.If, ast.With,
             ast.AsyncWith, ast.Try, ast.Match)  # fmt: skip
# what tells the order of a model's layers
_ORDERED = frozenset(
    ("get_config", "get_layer", "get_weights", "layers", "load_weights", "save_weights", "set_weights", "to_json",
     "to_yaml", "weights")
)  # fmt: skip
_BY_HAND = "write `x = {}([left.outputs[0], right.outputs[0]])`, `x = layer(x)` for each layer, then " \
    "`Model(inputs=left.inputs + right.inputs, outputs=x)`"  # fmt: skip


class _Begun(NamedTuple):
    """A model that begins with a Merge; ``held``: the assignment by which the Merge comes from a variable."""

    chain: Chain
    held: ast.Assign | None


class _Parts(NamedTuple):
    """What is merged, as the new text says it."""

    before: Pieces  # assignments, each with its line's end
    outputs: str
    inputs: str
    names: tuple[str, ...]  # variables that must stay as they are until the model is made
    fresh: tuple[str, ...]  # new variables
    sources: tuple[str, ...] = ()  # models whose inputs they are


_UNCOUNTED = parse("1.2")  # the releases in which the penalties of merged models did not count
_UNMOVED = (parse("0.3.3"), parse("1.1.2-1.2"))  # and those in which their running averages did not move


class Models:
    """Rewrites the models of one module."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._tree = Tree(ctx.module)
        self._names: dict[ast.AST, frozenset[str]] = {}
        self._given: dict[tuple[ast.AST, str], int] = {}  # scope and new name → the row up to which it is in use
        self._begun: dict[ast.expr, _Begun] = {}
        self._others: list[Chain] = []  # models that begin with something else
        self._made: set[tuple[ast.AST, str]] = set()  # scope and model, of those that are rewritten
        # scope and model → the models whose inputs are its own, as far as it is rewritten here
        self._sources: dict[tuple[ast.AST, str], tuple[Chain, tuple[str, ...]]] = {}
        for use in ctx.facts.functions:
            if use.entry is not None and use.entry.name == "Sequential":
                found = chain(self._tree, use.node)
                if found is not None:
                    self._note(found)

    def _note(self, found: Chain) -> None:
        first = found.steps[0].layer
        if isinstance(first, ast.Name):
            scope = self._tree.scope(found.made)
            near = self._tree.mentions(scope, first.id)
            held = self._tree.of(near[0]) if len(near) == 2 else None
            if isinstance(held, ast.Assign) and held in self._tree.block(found.made) and held.targets == [near[0]]:
                self._begun[held.value] = _Begun(found, held)
            else:
                self._others.append(found)
        else:
            self._begun[first] = _Begun(found, None)

    def rewrite(self, use: FunctionUse, layer: Layered) -> Ask | None:
        """Rewrite the model that begins with a Merge of models; an Ask where that is for a person."""
        by_hand = _BY_HAND.format(layer.text)
        begun = self._begun.get(use.node)
        if begun is None:
            return Ask(by_hand)
        if use.merging.bare:
            return Ask(f"it merges layers: put each into a Sequential with its Input; then {by_hand}")
        found = begun.chain
        ends = self._end(found)
        if ends is None or self._is_helped(found):
            return Ask(by_hand)
        parts = self._parts(use, begun, self._indent(found.made))
        if parts is None:
            return Ask(by_hand)
        variable = self._free(found)
        merge: Pieces = (*parts.before, f"{variable} = ", *layer.on(parts.outputs))
        edits: list[Edit] = []
        first: Pieces | None = merge
        if begun.held is not None:  # the merge stays where it is
            edits.append(Recast(self._ctx.span(begun.held), merge))
            first = None
        what = "it begins with Merge; as a functional Model it is"
        if not self._make(found, variable, first, edits, parts, layer.imports, what, use.symbol.path):
            return Ask(by_hand)
        self._ctx.replace(use.node.func, Applicability.SAFE, layer.path)
        self._tell_penalties(use)
        return None

    def _tell_penalties(self, use: FunctionUse) -> None:
        """``hasattr(part, "losses")`` was False of a Sequential that was not built (keras/models.py of 1.2.2).

        So was that of its updates (of 1.1.2, too); 0.3.3 asked for them before there were any (keras/layers/core.py).
        """
        layers = (layer.entry for layer in self._ctx.facts.layers)
        averaging = any(isinstance(one, Layer) and one.over_batch for one in layers)
        if averaging and any(self._ctx.era.versions.meets(one) for one in _UNMOVED):
            message = (
                "Merge: running averages of BatchNormalization in the merged models move in training now; Keras 0.3.3, "
                "1.1.2 and 1.2 left them as they were, unless the part was built or compiled by itself"
            )
            self._ctx.add("K308", Severity.NOTE, self._ctx.span(use.node), message, symbol=use.symbol.path)
        if not self._ctx.era.versions.meets(_UNCOUNTED):
            return
        given = [
            argument
            for layer in self._ctx.facts.layers
            for argument in layer.bound.arguments.values()
            if argument.name.endswith("_regularizer") and not is_none(argument.node)
        ]
        if given:
            message = (
                "Merge: what regularizers of the merged models add to the loss counts now; Keras 1.2 left it out, "
                "unless the part was built or compiled by itself: without those regularizers the loss is as it was"
            )
            self._ctx.add("K308", Severity.NOTE, self._ctx.span(use.node), message, symbol=use.symbol.path)

    def follow(self) -> None:
        """Rewrite the models that begin with one of those that now have several inputs."""
        for found in self._others:
            first, scope = found.steps[0].layer, self._tree.scope(found.made)
            name = key(first)
            if name is None or (scope, name) not in self._made or not self._is_bound_once(scope, name):
                continue
            if self._end(found) is None or self._is_helped(found) or not self._stays(name, found.call, found):
                continue
            variable = self._free(found)
            sources = self._sources_of(name, found)
            parts = _Parts((), "", f"{name}.inputs", (name,), (), sources)
            pieces: Pieces = (f"{variable} = ", self._ctx.span(first), ".outputs[0]")
            what = "it begins with a model of several inputs; as a functional Model it is"
            self._make(found, variable, pieces, [], parts, (), what, "keras.models.Sequential")

    def _make(
        self,
        found: Chain,
        variable: str,
        first: Pieces | None,
        edits: list[Edit],
        parts: _Parts,
        imports: tuple[Import, ...],
        what: str,
        symbol: str,
    ) -> bool:
        """Add the finding of one model; ``first``: what gives its second layer's input, if that is not there yet."""
        ctx = self._ctx
        ends = self._end(found)
        assert ends is not None
        pieces: list[str | Span] = []
        for index, step in enumerate(found.steps):
            made: Pieces | None = (f"{variable} = ", ctx.span(step.layer), f"({variable})")
            if index == 0:
                made = first
            if step.statement is not None:
                span = ctx.span(step.statement)
                edits.append(Recast(span, made) if made is not None else StatementEdit(span, replace=True))
            elif made is not None:
                pieces += [f"\n{self._indent(found.made)}" if pieces else "", *made]
        if pieces:
            edits.append(Recast(ctx.span(found.made), tuple(pieces)))
        else:
            edits.append(StatementEdit(ctx.span(found.made), replace=True))
        model = ctx.name("keras.models.Model")
        named = next((word for word in found.call.keywords if word.arg == "name"), None)
        name = f", name={ctx.module.segment(named.value)}" if named is not None else ""
        target = ctx.module.segment(found.target)
        line = f"{target} = {model.text}(inputs={parts.inputs}, outputs={variable}{name})"
        if ends is found.last:
            edits.append(StatementEdit(ctx.span(ends), after=(line,)))
        else:
            edits.append(StatementEdit(ctx.span(ends), before=(line,)))
        fix = Fix(Applicability.SAFE, tuple(edits), (*imports, *model.imports))
        message = f"Sequential: {what} `{line}`"
        if not ctx.add("K307", Severity.ERROR, ctx.span(found.call), message, symbol=symbol, fix=fix):
            return False
        ctx.replace(found.call.func, Applicability.SAFE, "keras.models.Model")
        ctx.handled.add(found.call)
        for step in found.steps:
            if step.statement is not None and isinstance(step.statement.value, ast.Call):
                ctx.handled.add(step.statement.value)
        scope = self._tree.scope(found.made)
        for fresh in (variable, *parts.fresh):
            self._given[(scope, fresh)] = ends.end_lineno or ends.lineno
        self._made.add((scope, target))
        self._sources.pop((scope, target), None)
        if parts.sources:
            self._sources[(scope, target)] = (found, parts.sources)
        self._tell(found)
        return True

    def _sources_of(self, name: str, found: Chain) -> tuple[str, ...]:
        """The models whose inputs a part of a model has: its own, or those of what it was made of here."""
        scope = self._tree.scope(found.made)
        made, sources = self._sources.get((scope, name), (None, ()))
        if made is None:
            return (name,)
        if all(self._is_bound_once(scope, one) for one in (name, *sources)):
            return sources
        # the same variables still, if nothing in between sets them, in one block
        here = found.steps[0].statement or found.made
        if self._tree.block(made.made) is not self._tree.block(here):
            return (name,)
        between = [one for known in (name, *sources) for one in self._tree.mentions(scope, known)]
        is_set = any(
            isinstance(getattr(one, "ctx", None), ast.Store) and made.made.lineno < one.lineno <= here.lineno
            for one in between
        )
        return (name,) if is_set else sources

    def _is_bound_once(self, scope: ast.AST, name: str) -> bool:
        return sum(isinstance(getattr(one, "ctx", None), ast.Store) for one in self._tree.mentions(scope, name)) == 1

    def _end(self, found: Chain) -> ast.stmt | None:
        """The statement next to which the model is made: the last step, or what follows the loop that it is in."""
        if not isinstance(found.last, _COMPOUND):
            return found.last
        behind = found.following
        return None if behind is None or isinstance(behind, _COMPOUND) else behind

    def _is_helped(self, found: Chain) -> bool:
        """Whether the abstract run saw more layers join than the steps say."""
        block = self._tree.block(found.made)
        straight = all(step.statement is None or step.statement in block for step in found.steps)
        layers = [model.layers for model in self._ctx.facts.models if model.node is found.call]
        return straight and any(len(one) > len(found.steps) for one in layers)

    def _indent(self, statement: ast.stmt) -> str:
        """The indentation of a statement's line."""
        return self._ctx.module.line(statement.lineno)[: statement.col_offset]

    def _free(self, found: Chain) -> str:
        """A name for the tensor that goes from layer to layer."""
        known = self._known(self._tree.scope(found.made))
        names = (*_NAMES, *(f"x_{number}" for number in range(2, len(known) + 3)))
        return next(name for name in names if self._is_free(found, name))

    def _is_free(self, found: Chain, name: str) -> bool:
        scope = self._tree.scope(found.made)
        return name not in self._known(scope) and self._given.get((scope, name), 0) < found.made.lineno

    def _known(self, scope: ast.AST) -> frozenset[str]:
        """The names that stand in a scope, or in a function that does not have them for itself."""
        if scope not in self._names:
            named = ((one, name) for one in ast.walk(scope) for name in _named(one))
            self._names[scope] = frozenset(
                name
                for one, name in named
                if self._tree.scope(one) is scope or not self._tree.binds(self._tree.scope(one), name)
            )
        return self._names[scope]

    def _parts(self, use: FunctionUse, begun: _Begun, indent: str) -> _Parts | None:
        assert use.bound is not None
        node = use.bound.arguments["layers"].node
        if isinstance(node, (ast.List, ast.Tuple)):
            parts = self._listed(node, indent, begun.chain)
        else:
            parts = self._gathered(node, indent, begun.chain)
        if parts is None or (parts.before and indent.strip()):
            return None
        if not begun.chain.steps[0].statement and len(begun.chain.steps) > 1 and indent.strip():
            return None
        return parts if all(self._stays(name, use.node, begun.chain) for name in parts.names) else None

    def _listed(self, node: ast.List | ast.Tuple, indent: str, found: Chain) -> _Parts | None:
        """``[left, right]``: each part by its name; what has none gets one."""
        before: list[str | Span] = []
        texts: list[str] = []
        known: list[str] = []
        fresh: list[str] = []
        for number, one in enumerate(node.elts, 1):
            name = key(one)
            if isinstance(one, ast.Starred):
                return None
            if name is None and _is_stable(one):
                name = self._ctx.module.segment(one)
                known.append(key(one.value) or "")  # type: ignore[attr-defined]
            elif name is None:
                name = f"part_{number}"
                if not self._is_free(found, name):
                    return None
                fresh.append(name)
                before += [f"{name} = ", self._ctx.span(one), f"\n{indent}"]
            else:
                known.append(name)
            texts.append(name)
        outputs = ", ".join(f"{text}.outputs[0]" for text in texts)
        once = list(dict.fromkeys(texts))
        sources = [source for text in once for source in self._sources_of(text, found)]
        if len(set(sources)) < len(sources):  # an input that several parts have is one input of the model
            once = list(dict.fromkeys(sources))
        inputs = " + ".join(f"{text}.inputs" for text in once)
        return _Parts(tuple(before), f"[{outputs}]", inputs, tuple(known), tuple(fresh), tuple(sources))

    def _gathered(self, node: ast.expr, indent: str, found: Chain) -> _Parts | None:
        """Parts that are a list already."""
        before: tuple[str | Span, ...] = ()
        name = key(node)
        known = name
        if name is None:
            name = "parts"
            if not self._is_free(found, name):
                return None
            before = (f"{name} = ", self._ctx.span(node), f"\n{indent}")
        outputs = f"[part.outputs[0] for part in {name}]"
        inputs = f"[tensor for part in {name} for tensor in part.inputs]"
        return _Parts(before, outputs, inputs, (known,) if known is not None else (), (name,) * bool(before))

    def _stays(self, name: str, merge: ast.Call, found: Chain) -> bool:
        """Whether a part is the same from where it is merged to where the model is made."""
        scope = self._tree.scope(found.made)
        end = (found.last.end_lineno or found.last.lineno, found.last.end_col_offset or 0)
        for one in self._tree.mentions(scope, name):
            inside = any(above is merge for above in self._tree.up(one))
            if inside or not (merge.lineno, merge.col_offset) < (one.lineno, one.col_offset) < end:
                continue
            above = self._tree.of(one)
            if not isinstance(getattr(one, "ctx", None), ast.Load) or isinstance(above, ast.Attribute):
                return False
        return True

    def _tell(self, found: Chain) -> None:
        told = False
        for one in found.mentions:
            above = self._tree.of(one)
            if not isinstance(above, ast.Attribute) or above.attr not in _ORDERED:
                continue
            if above.attr == "layers":
                self._tell_layers(found, above)
            elif above.attr == "get_layer":
                continue  # rules/layer_places.py
            elif not told:
                told = True
                self._ctx.add(
                    "K308",
                    Severity.NOTE,
                    self._ctx.span(above),
                    f"`{above.attr}` of a model that began with Merge: the layers of its parts are its own now, in the "
                    "order in which they are reached from the inputs, not part after part",
                )

    def _tell_layers(self, found: Chain, layers: ast.Attribute) -> None:
        """The list of layers, which began with the Merge: those of the parts stand before it now."""
        count, span = len(found.steps), self._ctx.span(layers)
        above = self._tree.of(layers)
        place = above.slice if isinstance(above, ast.Subscript) and above.value is layers else None
        index = _constant(place) if place is not None else None
        if index is not None and -count < index < 0:
            return  # counted from the end, it is the same one
        if isinstance(above, ast.Attribute):
            return  # the list is changed: rules/attributes.py
        message = "`layers` of a model that began with Merge: the layers of its parts stand first now"
        if index in (0, -count):
            message = f"{message}, and what merges them has no `layers`: name the part that is meant"
            self._ctx.add("K308", Severity.ERROR, span, message)
        elif any("border_mode" in self._ctx.module.segment(step.layer) for step in found.steps[1:]):
            message = f"{message}, and a layer that pads may stand beside one of these: name the layer that is meant"
            self._ctx.add("K308", Severity.WARNING, span, message)
        else:
            fix = Fix(Applicability.SAFE, (Recast(span, (self._ctx.span(layers.value), f".layers[-{count}:]")),))
            self._ctx.add("K308", Severity.WARNING, span, f"{message}, its own are the last {count}", fix=fix)


def _constant(node: ast.expr) -> int | None:
    """The number of an index."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    return sign * node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _is_stable(node: ast.expr) -> bool:
    """Whether a subscript names the same thing each time, ``models[0]``."""
    return (
        isinstance(node, ast.Subscript)
        and key(node.value) is not None
        and isinstance(node.slice, (ast.Constant, ast.Name))
    )


def _named(node: ast.AST) -> Iterator[str]:
    """The name that a node gives or reads, if it does."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
