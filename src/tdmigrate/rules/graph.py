"""K309–K312: Graph of Keras 0.x/1.x as a functional model, or through the builder where names are computed."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tdmigrate.findings import Applicability, CallEdit, Fix, Severity
from tdmigrate.keras1.models import GRAPH
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules import graph_data
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.graph_model import BuilderError, Functional, PersonError, functional
from tdmigrate.rules.graph_names import Variables
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import MethodUse
from tdmigrate.understanding.graphs import ADDERS, GraphUse, graphs

BEFORE_1 = parse("0.1-0.3")
ELEMENTWISE = ("sum", "mul", "ave")

RULES: tuple[Rule, ...] = (
    Rule(
        code="K309",
        name="graph",
        title="A Graph is a functional Model now",
        what=(
            "Finds a `Graph` that one run of statements builds with names that the source tells, and writes it as "
            "tensors: every input an `Input`, every node its layer called on what it was connected to, several inputs "
            "through the merging layer of their mode, and a `Model` whose outputs have the names they had."
        ),
        why="Keras 3 has no Graph: the import fails since Keras 1.1.2.",
        safety="Safe: the same layers, created in the same order, compute the same.",
        examples=(
            Example(
                "from keras.models import Graph\n"
                "from keras.layers.core import Dense, Dropout\n"
                "from keras.layers.recurrent import LSTM\n"
                "\n"
                "graph = Graph()\n"
                "graph.add_input(name='input', input_shape=(20, 8))\n"
                "graph.add_node(LSTM(4, inner_activation='tanh'), name='forward', input='input')\n"
                "graph.add_node(LSTM(4, inner_activation='tanh', go_backwards=True), name='backward', input='input')\n"
                "graph.add_node(Dropout(0.5), name='dropout', inputs=['forward', 'backward'])\n"
                "graph.add_node(Dense(1, activation='sigmoid'), name='sigmoid', input='dropout')\n"
                "graph.add_output(name='output', input='sigmoid')\n",
                "from keras.models import Model\n"
                "from keras.layers import Dense, Dropout, LSTM, Input, Concatenate\n"
                "\n"
                "input_ = Input(shape=(20, 8), name='input')\n"
                "forward = LSTM(4, recurrent_activation='tanh', name='forward')(input_)\n"
                "backward = LSTM(4, recurrent_activation='tanh', go_backwards=True, name='backward')(input_)\n"
                "dropout = Dropout(0.5, name='dropout')(Concatenate()([forward, backward]))\n"
                "sigmoid = Dense(1, activation='sigmoid', name='sigmoid')(dropout)\n"
                "graph = Model(inputs=[input_], outputs={'output': sigmoid})\n",
            ),
        ),
    ),
    Rule(
        code="K310",
        name="graph-data",
        title="What a Graph was given in one dict is x and y now",
        what=(
            "Finds compile, fit, evaluate, predict and their like of a graph that became a functional Model: inputs and"
            " outputs, in one dict until now, become two; several outputs get a loss, metrics and a weight each."
        ),
        why="Keras 3's methods take inputs and targets apart; predict still gives a dict by the outputs' names.",
        safety="Safe: the same arrays under the same names. Data that a call makes on the spot is left for a person.",
        examples=(
            Example(
                "from keras.models import Graph\n"
                "from keras.layers.core import Dense\n"
                "\n"
                "graph = Graph()\n"
                "graph.add_input(name='x', input_shape=(4,))\n"
                "graph.add_node(Dense(1), name='dense', input='x')\n"
                "graph.add_output(name='y', input='dense')\n"
                "graph.compile('sgd', {'y': 'mse'})\n"
                "graph.fit({'x': inputs, 'y': targets}, nb_epoch=3, batch_size=16)\n"
                "print(graph.predict({'x': inputs}, batch_size=16)['y'])\n",
                "from keras.models import Model\n"
                "from keras.layers import Dense, Input\n"
                "\n"
                "x = Input(shape=(4,), name='x')\n"
                "dense = Dense(1, name='dense')(x)\n"
                "graph = Model(inputs=[x], outputs={'y': dense})\n"
                "graph.compile('sgd', {'y': 'mse'})\n"
                "graph.fit({'x': inputs}, {'y': targets}, epochs=3, batch_size=16)\n"
                "print(graph.predict({'x': inputs}, batch_size=16)['y'])\n",
            ),
        ),
    ),
    Rule(
        code="K311",
        name="graph-builder",
        title="A Graph whose names are computed is the builder of tdmigrate.compat",
        what=(
            "Finds a `Graph` whose nodes are added in loops, in other functions or under names that only the run of "
            "the program tells."
        ),
        why="Keras 3 has no Graph; tensors in variables cannot be written down for names that nobody knows yet.",
        safety="Safe: `tdmigrate.compat.Graph` takes the same steps and makes a functional Model, as its `model`.",
        examples=(
            Example(
                "from keras.models import Graph\n"
                "from keras.layers.core import Dense\n"
                "\n"
                "graph = Graph()\n"
                "graph.add_input(name='x', input_shape=(4,))\n"
                "for i in range(3):\n"
                "    graph.add_node(Dense(2), name='dense%d' % i, input='x')\n"
                "graph.add_output(name='y', inputs=['dense%d' % i for i in range(3)])\n"
                "graph.fit(data, nb_epoch=2, batch_size=8)\n",
                "from keras.layers import Dense\n"
                "from tdmigrate.compat import Graph\n"
                "\n"
                "graph = Graph()\n"
                "graph.add_input(name='x', input_shape=(4,))\n"
                "for i in range(3):\n"
                "    graph.add_node(Dense(2), name='dense%d' % i, input='x')\n"
                "graph.add_output(name='y', inputs=['dense%d' % i for i in range(3)])\n"
                "graph.fit(data, epochs=2, batch_size=8)\n",
            ),
        ),
    ),
    Rule(
        code="K312",
        name="graph-note",
        title="Worth knowing about a graph",
        what="Notes where a graph's numbers depend on something that the source does not tell.",
        why="The rewrite names what it had to assume.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
)


class Graphs(NamedTuple):
    """What became of the graphs of a module, by their calls."""

    uses: tuple[GraphUse, ...]
    models: Mapping[ast.Call, Functional]
    builders: frozenset[ast.Call]


def check_graph(ctx: Context) -> None:
    """Each graph, its methods and its attributes."""
    made = check_graphs(ctx)
    graph_data.check_graph_methods(ctx, made.models, made.builders)
    graph_data.check_graph_attributes(ctx, made.uses, made.models)


def check_graphs(ctx: Context) -> Graphs:
    """Runs before the rules of models and their methods, behind those of layers."""
    models: dict[ast.Call, Functional] = {}
    builders = set()
    uses = graphs(ctx.module.tree, ctx.facts)
    if uses:
        needed = [one for finding in ctx.findings if finding.fix is not None for one in finding.fix.imports]
        variables = Variables(ctx.module, {one.asname or one.name or one.module for one in needed})
        for use in uses:
            made = _made(ctx, use, variables)
            if isinstance(made, Functional):
                models[use.node] = made
            elif made:
                builders.add(use.node)
    return Graphs(uses, models, frozenset(builders))


def _made(ctx: Context, use: GraphUse, variables: Variables) -> Functional | bool:
    """The functional model; else whether the builder makes it."""
    try:
        if use.straight is None:
            raise BuilderError(use.trouble)
        last = use.straight.steps[-1].statement
        naming = variables.of(use.node.lineno, last.end_lineno or last.lineno)
        return _write(ctx, use, functional(ctx, use, use.straight, naming))
    except BuilderError as why:
        trouble = _beyond_builder(ctx, use)
        if not trouble:
            return _build(ctx, use, str(why))
    except PersonError as why:
        trouble = str(why)
    person = GRAPH.person or ""
    ctx.add("K302", Severity.ERROR, ctx.span(use.node), f"Graph: {trouble}. {person}", symbol=_path(ctx, use))
    return False


def _path(ctx: Context, use: GraphUse) -> str:
    return next(one.symbol.path for one in ctx.facts.functions if one.node is use.node)


def _write(ctx: Context, use: GraphUse, made: Functional) -> Functional | bool:
    inputs, outputs = ", ".join(made.inputs), ", ".join(made.outputs)
    message = f"Graph: it is a functional Model now, inputs {inputs}, outputs {outputs}"
    fix = Fix(Applicability.SAFE, made.edits, made.imports)
    if not ctx.add("K309", Severity.ERROR, ctx.span(use.node), message, symbol=_path(ctx, use), fix=fix):
        return False
    ctx.replace(use.node.func, Applicability.SAFE, "keras.models.Model")
    for node, note in made.notes:
        ctx.add("K312", Severity.NOTE, ctx.span(node), f"Graph: {note}", symbol=_path(ctx, use))
    return made


def _build(ctx: Context, use: GraphUse, why: str) -> bool:
    spelled = ctx.name(f"{COMPAT}.Graph", free=True)
    span = ctx.span(use.node)
    message = f"Graph: {why}; the builder of {COMPAT} makes a functional Model of the same steps"
    fix = Fix(Applicability.SAFE, (CallEdit(span, spelled.text),), spelled.imports)
    if not ctx.add("K311", Severity.ERROR, span, message, symbol=_path(ctx, use), fix=fix):
        return False
    ctx.replace(use.node.func, Applicability.SAFE, f"{COMPAT}.Graph")
    return True


def _beyond_builder(ctx: Context, use: GraphUse) -> str:
    """What the builder would do otherwise than Keras 0.x did; "": nothing."""
    if not ctx.era.assumed.meets(BEFORE_1):
        return ""
    if any(layer.masked for layer in ctx.facts.layers):
        return "a mask ended at each merge, and Keras 3 hands it on"
    for method in ctx.facts.methods:
        mode, axes = (method.bound.arguments.get(name) for name in ("merge_mode", "dot_axes"))
        if method.method.name not in ADDERS or mode is None or (method.models and use.node not in method.models):
            continue
        last = mode.value == "dot" and (axes is None or axes.value == -1)  # the last axes, then as later
        if not last and mode.value not in (*ELEMENTWISE, "concat", None):
            return f"line {method.node.lineno} merges otherwise than by {', '.join(ELEMENTWISE)} and concat"
    return ""


def is_builder_s(ctx: Context, use: MethodUse) -> bool:
    """Whether a step of a graph that is not known can be one of the builder, in a source that has or gets it."""
    if use.method.name not in ADDERS or use.models:
        return False
    return "Graph" in ctx.compat.values() or any(one.path == f"{COMPAT}.Graph" for one in ctx.replaced.values())
