"""K309–K312: Graph of Keras 0.x/1.x as a functional model, or through the builder where names are computed."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tdmigrate.findings import Applicability, Fix, Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.graph_model import BuilderError, Functional, PersonError, functional
from tdmigrate.rules.graph_names import Variables
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.graphs import GraphUse, graphs

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
                "from keras.layers import Dense, Dropout, Input, Concatenate\n"
                "from keras.layers import LSTM\n"
                "\n"
                "input_ = Input(shape=(20, 8), name='input')\n"
                "forward = LSTM(4, recurrent_activation='tanh', name='forward')(input_)\n"
                "backward = LSTM(4, recurrent_activation='tanh', go_backwards=True, name='backward')(input_)\n"
                "dropout = Dropout(0.5, name='dropout')(Concatenate()([forward, backward]))\n"
                "sigmoid = Dense(1, activation='sigmoid', name='sigmoid')(dropout)\n"
                "graph = Model(inputs=input_, outputs={'output': sigmoid})\n",
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
                "graph = Model(inputs=x, outputs={'y': dense})\n"
                "graph.compile('sgd', {'y': 'mse'})\n"
                "graph.fit({'x': inputs}, {'y': targets}, epochs=3, batch_size=16)\n"
                "print(graph.predict({'x': inputs}, batch_size=16)['y'])\n",
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


def check_graphs(ctx: Context) -> Mapping[ast.Call, Functional]:
    """The graphs that become functional models, by their calls. Runs before the rules of models and their methods."""
    done: dict[ast.Call, Functional] = {}
    uses = graphs(ctx.module.tree, ctx.facts)
    if not uses:
        return done
    needed = (one for finding in ctx.findings if finding.fix is not None for one in finding.fix.imports)
    variables = Variables(ctx.module, {one.asname or one.name or one.module for one in needed})
    for use in uses:
        made = _functional(ctx, use, variables)
        if isinstance(made, Functional):
            done[use.node] = made
    return done


def _functional(ctx: Context, use: GraphUse, variables: Variables) -> Functional | None:
    span = ctx.span(use.node)
    symbol = next(one.symbol.path for one in ctx.facts.functions if one.node is use.node)
    try:
        if use.straight is None:
            raise BuilderError(use.trouble)
        last = use.straight.steps[-1].statement
        made = functional(ctx, use, use.straight, variables.of(use.node.lineno, last.end_lineno or last.lineno))
    except (BuilderError, PersonError):
        return None
    names = ", ".join(made.inputs)
    message = f"Graph: it is a functional Model of {names} now, with the outputs {', '.join(made.outputs)}"
    fix = Fix(Applicability.SAFE, made.edits, made.imports)
    if not ctx.add("K309", Severity.ERROR, span, message, symbol=symbol, fix=fix):
        return None
    ctx.replace(use.node.func, Applicability.SAFE, "keras.models.Model")
    for node, note in made.notes:
        ctx.add("K312", Severity.NOTE, ctx.span(node), f"Graph: {note}", symbol=symbol)
    return made
