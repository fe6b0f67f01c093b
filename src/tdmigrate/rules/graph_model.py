"""A graph that is built step by step as the functional model that a person would write."""

import ast
import io
import re
import tokenize
from typing import cast

from tdmigrate.findings import Added, ArgumentEdit, CallEdit, Edit, Import, Recast, Span, StatementEdit
from tdmigrate.keras1.graphs import MERGES
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context
from tdmigrate.rules.graph_names import Naming
from tdmigrate.understanding.facts import Argument, Node
from tdmigrate.understanding.graphs import ADDERS, GraphUse, Step, Straight
from tdmigrate.understanding.shapes import UNKNOWN

_AUTOMATIC = re.compile(r"(add|multiply|average|maximum|concatenate|dot|reshape)(_\d+)?")
_VALID = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.>-]*")  # what TensorFlow takes for a scope, without "/"
_OLD = parse("0.1-0.3")
_WIDTH = 88
_MASKED = (
    "a mask may reach the merge of nodes here: Keras 1 joined masks with `and`, Keras 3's Add, Multiply and Average "
    "join them with `or`, and drop them where an input has none"
)


class BuilderError(Exception):
    """Why a graph cannot be written out and needs the builder, in words."""


class PersonError(Exception):
    """What of a graph has no equal in Keras 3, in words."""


class Functional(NamedTuple):
    """A graph written as a functional model."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    layers: frozenset[str]  # nodes whose layers have their names
    edits: tuple[Edit, ...]
    imports: tuple[Import, ...]
    notes: tuple[tuple[ast.expr, str], ...]


def functional(ctx: Context, use: GraphUse, straight: Straight, naming: Naming) -> Functional:
    """Raises ``BuilderError`` and ``PersonError``."""
    return _Writer(ctx, use, straight, naming).write()


_Pieces = list[str | Span]
_UNKNOWN = Node(None, None)


class _Writer:
    def __init__(self, ctx: Context, use: GraphUse, straight: Straight, naming: Naming) -> None:
        self.ctx = ctx
        self.use = use
        self.straight = straight
        self.naming = naming
        self.nodes = use.model.nodes if use.model is not None else {}
        self.texts: dict[str, str] = {}  # names of nodes, as the source writes them
        self.tensors: dict[str, str] = {}  # by the names of nodes: the variables that hold what they give
        self.inputs: list[str] = []
        self.outputs: dict[str, str] = {}
        self.named: dict[str, ast.Call | None] = {}
        self.arm: tuple[ast.If | None, bool] = (None, False)  # where the last step stands
        self.before: dict[str, str] = {}  # the tensors before the ``if`` around it
        self.first: dict[str, str] = {}  # those that its other arm adds, inside of its ``else``
        self.edits: list[Edit] = []
        self.imports: list[Import] = []
        self.notes: list[tuple[ast.expr, str]] = []
        called = [self._constant(step.use.bound.arguments.get("name")) for step in straight.steps]
        self.clashes = any(isinstance(name, str) and _AUTOMATIC.fullmatch(name) for name in called)
        layers = {layer.node for layer in ctx.facts.layers}
        self.layers = layers | {one.node for one in ctx.facts.functions if one.symbol.path.endswith(".Sequential")}

    def write(self) -> Functional:
        for step in self.straight.steps:
            self._choose(step)
            bound = step.use.bound
            if bound.starred or bound.unknown or bound.surplus:
                raise BuilderError(f"line {step.statement.lineno} hands arguments on")
            if self.ctx.span(step.statement) != self.ctx.span(step.use.node):
                raise BuilderError(f"line {step.statement.lineno} has parentheses around it")
            {
                "add_input": self._input,
                "add_node": self._node,
                "add_shared_node": self._shared,
                "add_output": self._output,
            }[step.use.method.name](step)
        if not self.inputs or not self.outputs:
            raise BuilderError(f"no {'output' if self.inputs else 'input'} is added to it here")
        self._model()
        return Functional(
            tuple(self.inputs),
            tuple(self.outputs),
            frozenset(self.named),
            tuple(self.edits),
            tuple(self.imports),
            tuple(self.notes),
        )

    # --- steps

    def _choose(self, step: Step) -> None:
        """Keep account of the arms of an ``if``: nodes that the first adds are there for the ``else`` to add again."""
        if (step.choice, step.otherwise) == self.arm:
            return
        choice, otherwise = self.arm
        added = {name: self.tensors[name] for name in self.tensors if name not in self.before}
        if choice is not None and otherwise and set(added) != set(self.first):
            raise BuilderError(f"the arms of line {choice.lineno} add other nodes")
        if choice is not None and not otherwise and step.choice is not choice:
            raise BuilderError(f"line {choice.lineno} adds nodes without an else")
        self.arm = (step.choice, step.otherwise)
        if step.otherwise:
            if choice is not step.choice:
                raise BuilderError(f"only the else of line {step.statement.lineno} adds nodes")
            self.first = added
            self.tensors = dict(self.before)
        else:
            self.first = {}
            self.before = dict(self.tensors)

    def _input(self, step: Step) -> None:
        given = step.use.bound.arguments
        name = self._name(step)
        if not _VALID.fullmatch(name):  # data come by the name of the layer
            raise BuilderError(f"the name of the input in line {step.statement.lineno} is none that Keras 3 takes")
        pieces: _Pieces = []
        for parameter, keyword in (("input_shape", "shape"), ("batch_input_shape", "batch_shape")):
            argument = given.get(parameter)
            if argument is None or self._constant(argument) is None:
                continue
            if pieces:
                raise BuilderError(f"line {step.statement.lineno} gives two shapes")
            pieces = [f"{keyword}=", self.ctx.span(argument.node)]
        dtype: _Pieces = []
        kind = self._constant(given.get("dtype"))
        if "dtype" in given and isinstance(given["dtype"].node, ast.Name) and given["dtype"].node.id == "int":
            kind = "int"  # 0.x took all but 'float' for it
        if kind is not None and not (isinstance(kind, str) and kind.startswith("float")):
            if not (isinstance(kind, str) and kind.startswith("int")):
                raise BuilderError(f"the dtype of the input in line {step.statement.lineno} is not known")
            dtype = [", dtype='int32'"]
        pieces = pieces or [f"shape={self._told(step, name, bool(dtype))}"]
        pieces += dtype
        pieces.append(f", name={self.texts[name]}")
        variable = self._holds(name)
        self.inputs.append(name)
        self._recast(step, [f"{variable} = {self._spell('keras.layers.Input')}(", *pieces, ")"])

    def _told(self, step: Step, name: str, ids: bool) -> str:
        """The shape of an input of which Keras 0.1 knew the number of axes: a layer on it says how many features."""
        axes = self._constant(step.use.bound.arguments.get("ndim")) if "ndim" in step.use.bound.arguments else 2
        if step.use.bound.version == "0.1" and axes in (2, 3):
            free = ["None"] if axes == 3 or ids else []
            if axes == 2 and ids:
                return "(None,)"
            for later in self.straight.steps:
                layer = later.use.bound.arguments.get("layer")
                if layer is None or self._constant(later.use.bound.arguments.get("input")) != name:
                    continue
                made = next((use for use in self.ctx.facts.layers if use.node is layer.node), None)
                features = made.bound.arguments.get("input_dim") if made is not None else None
                if features is not None:
                    text = self.ctx.module.segment(features.node)
                    return f"({', '.join([*free, text])}{'' if free else ','})"
        raise PersonError(f"line {step.statement.lineno} gives an input without a shape, which Keras 3 has to know")

    def _node(self, step: Step) -> None:
        name = self._name(step)
        source = self._source(step, None)
        layer = self._layer(step, name)
        self._recast(step, [f"{self._holds(name)} = ", *layer, f"({source})"])
        self._create(step, name)

    def _shared(self, step: Step) -> None:
        given = step.use.bound.arguments
        name = self._name(step)
        sources = [self._tensor(source, step) for source in self._names(given.get("inputs"), step)]
        if not sources:
            raise BuilderError(f"line {step.statement.lineno} shares a layer among no inputs")
        if self._constant(given.get("merge_mode")) is not None:
            variable = self.naming.new(f"{name}_layer")
            self.texts.setdefault(f"{name}_layer", repr(f"{name}_layer"))
            layer = self._layer(step, f"{name}_layer")
            # of one layer: two give a matrix, one row a sample, only when they are that themselves
            dims, masked = self.nodes.get(name, _UNKNOWN)
            nodes = [Node(dims if dims is not None and len(dims) == 2 else None, masked)]
            merged = self._merge(step, [f"{variable}({source})" for source in sources], nodes, self._named(name))
            self._recast(step, [f"{variable} = ", *layer])
            line = f"{self._holds(name)} = {merged}"
            self.edits.append(StatementEdit(self.ctx.span(step.statement), after=(line,)))
            self._create(step, name)
            return
        heads = self._names(given.get("outputs"), step)
        if len(heads) != len(sources):
            message = f"line {step.statement.lineno} shares a layer among {len(sources)} inputs, not as many `outputs`"
            raise PersonError(message)
        if any(head in self.texts for head in heads) or len(set(heads)) < len(heads):
            raise BuilderError(f"line {step.statement.lineno} gives a second node of one name")
        self.texts.update((head, repr(head)) for head in heads)
        variable = self.naming.new(name)
        self._recast(step, [f"{variable} = ", *self._layer(step, name)])
        lines = [f"{self._holds(head)} = {variable}({source})" for head, source in zip(heads, sources, strict=True)]
        self.edits.append(StatementEdit(self.ctx.span(step.statement), after=tuple(lines)))
        for head in heads:
            self._create(step, head)

    def _output(self, step: Step) -> None:
        name = self._constant(step.use.bound.arguments.get("name"))
        if not isinstance(name, str):
            raise BuilderError(f"the name in line {step.statement.lineno} is computed")
        if name in self.outputs:
            raise BuilderError(f"line {step.statement.lineno} gives a second output of one name")
        self.texts.setdefault(name, self._text(step.use.bound.arguments["name"], name))
        source = self._source(step, name)
        if source in self.tensors.values():
            self.outputs[name] = source
            self.edits.append(self._gone(step.statement))
            return
        variable = self.naming.new(name)
        self.outputs[name] = variable
        self._recast(step, [f"{variable} = {source}"])

    def _create(self, step: Step, name: str) -> None:
        wanted = self._constant(step.use.bound.arguments.get("create_output"))
        if wanted is UNKNOWN or (wanted and step.choice is not None):
            raise BuilderError(f"whether line {step.statement.lineno} makes an output is not known")
        if not wanted:
            return
        if name in self.outputs:
            raise BuilderError(f"line {step.statement.lineno} gives a second output of one name")
        self.outputs[name] = self.tensors[name]

    # --- their parts

    def _constant(self, argument: Argument | None) -> object:
        """What an argument is in every run; in a function that other modules may call only what stands there."""
        if argument is None:
            return None
        if self.ctx.names.scope_of(self.straight.statement):
            try:
                return cast(object, ast.literal_eval(argument.node))
            except (ValueError, TypeError, SyntaxError, RecursionError):
                return UNKNOWN
        return argument.value

    def _name(self, step: Step) -> str:
        argument = step.use.bound.arguments.get("name")
        name = self._constant(argument)
        if argument is None or not isinstance(name, str) or not name:
            raise BuilderError(f"the name in line {step.statement.lineno} is computed")
        if name in self.texts and (name not in self.first or name in self.tensors):
            raise BuilderError(f"line {step.statement.lineno} gives a second node of one name")
        if step.choice is not None and step.use.method.name != "add_node":
            raise BuilderError(f"line {step.statement.lineno} adds no plain node in an arm")
        self.texts[name] = self._text(argument, name)
        return name

    def _text(self, argument: Argument, name: str) -> str:
        return self.ctx.module.segment(argument.node) if isinstance(argument.node, ast.Constant) else repr(name)

    def _holds(self, name: str) -> str:
        self.tensors[name] = self.first[name] if name in self.first else self.naming.new(name)
        return self.tensors[name]

    def _names(self, argument: Argument | None, step: Step) -> list[str]:
        value = self._constant(argument)
        if value is None:
            return []
        if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
            raise BuilderError(f"the names in line {step.statement.lineno} are computed")
        return [str(one) for one in value]

    def _tensor(self, name: object, step: Step) -> str:
        if not isinstance(name, str):
            raise BuilderError(f"the names in line {step.statement.lineno} are computed")
        if name not in self.tensors:
            raise BuilderError(f"line {step.statement.lineno} names `{name}`, which is no node yet")
        return self.tensors[name]

    def _source(self, step: Step, output: str | None) -> str:
        """What a node or output is connected to, as an expression."""
        given = step.use.bound.arguments
        one, several = self._constant(given.get("input")), self._names(given.get("inputs"), step)
        if several and one is None:
            if len(several) == 1:
                return self._tensor(several[0], step)
            named = self._named(output) if output is not None and output not in self.tensors else ""
            nodes = [self.nodes.get(name, _UNKNOWN) for name in several]
            return self._merge(step, [self._tensor(name, step) for name in several], nodes, named)
        if one is None or several:
            raise BuilderError(f"line {step.statement.lineno} does not say what one thing it is connected to")
        return self._tensor(one, step)

    def _layer(self, step: Step, name: str) -> _Pieces:
        """The layer of a step, under the name of its node."""
        argument = step.use.bound.arguments.get("layer")
        if argument is None:
            raise BuilderError(f"line {step.statement.lineno} adds no layer")
        node = argument.node
        made = node if isinstance(node, ast.Call) and node in self.layers else self._made_before(step)
        if made is not None:
            self._call_it(made, self._label(name))
            if _VALID.fullmatch(name):
                self.named[name] = made if step.choice is None else None
        else:
            self.named.pop(name, None)
        return [self.ctx.span(node)]

    def _made_before(self, step: Step) -> ast.Call | None:
        """The call that makes the layer which a variable holds, where it makes no other."""
        made = [use for use in self.ctx.facts.layers if any(p.statement is step.statement for p in use.places)]
        return made[0].node if len(made) == 1 and len(made[0].places) == 1 else None

    def _call_it(self, node: ast.Call, text: str) -> None:
        keywords = [keyword.arg for keyword in node.keywords]
        if None in keywords or any(isinstance(one, ast.Starred) for one in node.args):
            return
        span = self.ctx.span(node)
        if "name" in keywords:
            index = len(node.args) + keywords.index("name")
            self.edits.append(CallEdit(span, arguments=(ArgumentEdit(index, value=text),)))
        else:
            self.edits.append(CallEdit(span, added=(Added("name", text),)))

    def _named(self, name: str) -> str:
        """``name='…'`` for a layer that stands for a node."""
        return f"name={self._label(name)}"

    def _label(self, name: str) -> str:
        """The name of the layer that stands for a node: its own as far as Keras 3 on TensorFlow takes it."""
        return self.texts[name] if _VALID.fullmatch(name) else repr(_cleaned(name))

    def _merge(self, step: Step, sources: list[str], nodes: list[Node], named: str) -> str:
        """Several tensors made one, as Merge did; ``nodes``: what is known of them."""
        given = step.use.bound.arguments
        mode = self._constant(given.get("merge_mode")) if "merge_mode" in given else "concat"
        row = step.statement.lineno
        if mode is UNKNOWN:
            raise BuilderError(f"the merge_mode in line {row} is computed")
        if not isinstance(mode, str) or mode not in MERGES:
            raise PersonError(f"merge_mode={mode!r} in line {row} has no equal in Keras 3")
        self._masks(step, nodes)
        arguments = []
        after = ""
        if mode == "concat" and "concat_axis" in given:
            arguments.append(f"axis={self.ctx.module.segment(given['concat_axis'].node)}")
        elif mode in ("dot", "cos"):
            arguments.append(f"axes={self._axes(step, mode, nodes)}")
            if mode == "cos":
                arguments.append("normalize=True")
                if not self.ctx.era.assumed.within(_OLD):  # expand_dims, of which the shape rule did not know
                    after = f"{self._spell('keras.layers.Reshape')}((1, 1))("
        if not named and self.clashes:
            name = str(self._constant(given.get("name")))
            named = f"name={'merge_inputs_for_' + _cleaned(name)!r}"
        arguments += [named] * bool(named)
        layer = f"{self._spell(MERGES[mode])}({', '.join(arguments)})"
        return f"{after}{layer}([{', '.join(sources)}])" + ")" * bool(after)

    def _masks(self, step: Step, nodes: list[Node]) -> None:
        if all(node.masked is False for node in nodes):
            return
        if any(node.masked for node in nodes) and self.ctx.era.assumed.within(_OLD):
            raise PersonError(f"a mask ended at the merge in line {step.statement.lineno}; Keras 3 hands it on")
        self.notes.append((step.use.node, _MASKED))

    def _axes(self, step: Step, mode: str, nodes: list[Node]) -> str:
        """The axes of a Dot that contracts what ``dot_axes`` did."""
        given = step.use.bound.arguments
        axes = self._constant(given.get("dot_axes")) if "dot_axes" in given else -1
        row = step.statement.lineno
        ranks = {len(node.dims) if node.dims is not None else 0 for node in nodes}
        if mode == "cos" and ranks != {2}:
            raise PersonError(f"merge_mode='cos' in line {row} of what is not proved to be (batch, features)")
        if not ranks <= {2, 3}:
            raise PersonError(f"merge_mode='dot' in line {row} of what is not proved to have two or three axes")
        if self.ctx.era.assumed.within(_OLD):
            if isinstance(axes, (list, tuple)) and len(axes) == 2:
                pair = [list(one) if isinstance(one, (list, tuple)) else [] for one in axes]
                if all(len(one) == 1 and isinstance(one[0], int) for one in pair):
                    return f"({pair[0][0]}, {pair[1][0]})" if pair[0] != pair[1] else str(pair[0][0])
            if axes == -1 and mode == "dot":
                return "-1"
            if axes == 1 and mode == "dot":
                first = nodes[0].dims or ()
                return "1" if ranks == {2} else f"({len(first) - 1}, 1)"
            raise PersonError(f"dot_axes={axes!r} in line {row} has no equal in Keras 3")
        if isinstance(axes, int) and not isinstance(axes, bool):
            return str(axes)
        if isinstance(axes, (list, tuple)) and len(axes) == 2 and all(isinstance(one, int) for one in axes):
            return f"({axes[0]}, {axes[1]})"
        raise PersonError(f"dot_axes={axes!r} in line {row} has no equal in Keras 3")

    # --- the text

    def _spell(self, path: str) -> str:
        spelled = self.ctx.name(path)
        self.imports += spelled.imports
        return spelled.text

    def _recast(self, step: Step, pieces: _Pieces) -> None:
        self.edits.append(Recast(self.ctx.span(step.statement), tuple(pieces)))

    def _gone(self, statement: ast.stmt, instead: tuple[str, ...] = ()) -> StatementEdit:
        return StatementEdit(self.ctx.span(statement), before=(*self._comments(statement), *instead), replace=True)

    def _comments(self, statement: ast.stmt) -> tuple[str, ...]:
        text = self.ctx.module.segment(statement)
        if "#" not in text:
            return ()
        tokens = tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline)
        return tuple(token.string for token in tokens if token.type == tokenize.COMMENT)

    def _model(self) -> None:
        """The statement that makes the model, behind the last step."""
        target = self.ctx.module.segment(self.straight.target)
        tensors = [self.tensors[name] for name in self.inputs]
        inputs = f"[{', '.join(tensors)}]"  # a list takes data by name without a warning; a tensor alone does not
        members = [f"{self.texts[name]}: {tensor}" for name, tensor in self.outputs.items()]
        outputs = f"{{{', '.join(members)}}}"
        if self.use.model is not None and not self.use.model.outermost:  # it is a layer of another model
            if len(self.outputs) > 1:
                raise PersonError("it is a part of another model and has several outputs")
            if any(self.use.node in one.models and one.method.name not in ADDERS for one in self.ctx.facts.methods):
                raise BuilderError("it is a part of another model and is trained by itself")
            (outputs,) = self.outputs.values()
            inputs = tensors[0] if len(tensors) == 1 else inputs
        arguments = [f"inputs={inputs}", f"outputs={outputs}"]
        for one in (*self.use.node.args, *(word.value for word in self.use.node.keywords)):
            arguments.append(f"name={self.ctx.module.segment(one)}")
        head = f"{target} = {self._spell('keras.models.Model')}("
        line = f"{head}{', '.join(arguments)})"
        last = self.straight.steps[-1]
        if last.statement.col_offset + len(line) > _WIDTH:
            line = "\n".join([head, *(f"    {argument}," for argument in arguments), ")"])
        self.edits.append(self._gone(self.straight.statement))
        gone = next((edit for edit in self.edits if edit == self._gone(last.statement)), None)
        if gone is not None:
            self.edits.remove(gone)
            self.edits.append(self._gone(last.statement, (line,)))
        else:
            self.edits.append(StatementEdit(self.ctx.span(last.statement), after=(line,)))


def _cleaned(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.>-]", "_", name).lstrip("_>-") or "node"
