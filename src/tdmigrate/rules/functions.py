"""K3xx and K4xx: models and their methods, regularizers, constraints, optimizers, by their entries."""

from __future__ import annotations

import ast

from tdmigrate.findings import Severity
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.models import SAMPLES
from tdmigrate.keras1.orderings import KIND
from tdmigrate.keras1.versions import parse
from tdmigrate.rules import shuffling
from tdmigrate.rules.arguments import plan
from tdmigrate.rules.calls import About, Codes, check_call, report
from tdmigrate.rules.context import Context, Spelled, once
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import FunctionUse, MethodUse

MODEL_CODES = Codes(arguments="K301", defaults="K304", ask="K305", note="K306")
_WEIGHTS = {"class_weight", "sample_weight", "validation_data"}
_SCORING = {"evaluate", "evaluate_generator", "train_on_batch", "test_on_batch"}
_GENERATORS = ("generator", "validation_data")
_TAKING_TARGETS = {"fit", "evaluate", "train_on_batch", "test_on_batch", "fit_generator"}
METHOD_CODES = Codes(arguments="K303", defaults="K304", ask="K305", note="K306")
OTHER_CODES = Codes(arguments="K401", defaults="K402", ask="K403", note="K404")
MODEL_KINDS = frozenset(("model", "input", "merge", "loader"))
# the codes of a kind of function, where they are not those of losses, optimizers and their like
KIND_CODES = {
    **dict.fromkeys(MODEL_KINDS, MODEL_CODES),
    "data": Codes(arguments="K601", defaults="K602", ask="K603", note="K604"),
}

RULES = (
    Rule(
        code="K301",
        name="model-arguments",
        title="Model(input=, output=) and its like are called otherwise now",
        what="Finds calls of Model, Input and other makers of models whose arguments changed.",
        why="Keras 3 knows them by other names and raises TypeError.",
        safety="Safe: only names change.",
        examples=(
            Example(
                "from keras.layers import Input, Dense\n"
                "from keras.models import Model\n"
                "\n"
                "x = Input(shape=(5,))\n"
                "model = Model(input=x, output=Dense(2)(x))\n",
                "from keras.layers import Input, Dense\n"
                "from keras.models import Model\n"
                "\n"
                "x = Input(shape=(5,))\n"
                "model = Model(inputs=x, outputs=Dense(2)(x))\n",
            ),
        ),
    ),
    Rule(
        code="K302",
        name="model-by-hand",
        title="Graph, and a Merge or merge that only a person can decide",
        what="Finds the containers and merges of Keras 0.x/1.x that Keras 3 no longer has and that are not rewritten.",
        why="The import fails on Keras 3.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example("from keras.layers import Merge\n\nboth = Merge([left, right], mode='sum')\n", None),
            Example(
                "from keras.models import Graph\n\ngraph = Graph()\ngraph.add_input(name='x')\n",
                None,
                note="An input without a shape.",
            ),
        ),
    ),
    Rule(
        code="K303",
        name="training-arguments",
        title="Arguments of compile, fit and their like",
        what="Finds arguments of a model's methods that have another name, or mean other numbers, now.",
        why="Keras 3 raises TypeError, or takes a crossentropy of other numbers than the outputs.",
        safety="Safe: names change, and what computed other numbers comes from tdmigrate.compat.",
        examples=(
            Example(
                "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.fit(x, y, nb_epoch=5)\n",
                "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.fit(x, y, epochs=5)\n",
            ),
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers import Dense\n"
                "\n"
                "model = Sequential([Dense(output_dim=4, activation='sigmoid', input_dim=9)])\n"
                "model.compile('sgd', loss='categorical_crossentropy')\n",
                "from keras.models import Sequential\n"
                "from keras.layers import Dense, Input\n"
                "from tdmigrate.compat import categorical_crossentropy\n"
                "\n"
                "model = Sequential([Input(shape=(9,)), Dense(units=4, activation='sigmoid')])\n"
                "model.compile('sgd', loss=categorical_crossentropy)\n",
                note="On TensorFlow, Keras 3 would take the loss of a softmax of the logits behind the sigmoid.",
            ),
            Example(
                "from keras.models import Sequential\n"
                "from keras.optimizers import SGD\n"
                "\n"
                "opt = SGD()\n"
                "for fold in range(3):\n"
                "    model = Sequential()\n"
                "    model.compile(opt, 'mse')\n"
                "    model.fit(x, y, nb_epoch=5)\n",
                "from keras.models import Sequential\n"
                "from keras.optimizers import SGD\n"
                "from tdmigrate.compat import fresh_optimizer\n"
                "\n"
                "opt = SGD()\n"
                "for fold in range(3):\n"
                "    model = Sequential()\n"
                "    model.compile(fresh_optimizer(opt), 'mse')\n"
                "    model.fit(x, y, epochs=5)\n",
                note="Keras 1 made new moments in each compile; Keras 3 raises for the second model.",
            ),
            Example(
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "settings = dict(nb_epoch=5)\n"
                "model.fit(x, y, **settings)\n"
                "model.fit(x, y, nb_epoch=2)\n",
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "settings = dict(epochs=5)\n"
                "model.fit(x, y, **settings)\n"
                "model.fit(x, y, epochs=2)\n",
            ),
        ),
    ),
    Rule(
        code="K304",
        name="training-defaults",
        title="An old default of a model's method is written out",
        what="Finds calls of fit and its like that relied on a default which Keras 3 changed (10 or 100 epochs).",
        why="The program runs on Keras 3 and trains for another number of epochs, without a word.",
        safety="Safe: it keeps the old setting.",
        examples=(
            Example(
                "from keras.models import Sequential\n\nmodel = Sequential()\nmodel.fit(x, y, show_accuracy=False)\n",
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "model.fit(x, y, epochs=100, batch_size=128)\n",
            ),
        ),
    ),
    Rule(
        code="K305",
        name="training-by-hand",
        title="Something of a model or its training that only a person can decide",
        what="Finds arguments and methods that went without an equal.",
        why="A guess could change what is trained or returned.",
        safety="Nothing is changed; the message says what to write.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "model.fit_generator(batches, samples_per_epoch=1000, nb_epoch=2)\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K306",
        name="training-note",
        title="Worth knowing about a model or its training",
        what="Notes where training takes or tells other numbers, and where the old behaviour depended on the release.",
        why="Losses clip, weigh and count otherwise than they did, and the rewrite names what it had to assume.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
    Rule(
        code="K401",
        name="function-arguments",
        title="A regularizer, constraint or optimizer is called otherwise now",
        what="Finds names and arguments of keras.regularizers, keras.constraints and keras.optimizers that changed.",
        why="`lr` is `learning_rate`, `maxnorm(m)` is `MaxNorm(max_value)`, `l1l2` is `L1L2`.",
        safety="Safe: the same formula.",
        examples=(
            Example(
                "from keras.constraints import maxnorm\n\nlimit = maxnorm(m=3)\n",
                "from keras.constraints import max_norm\n\nlimit = max_norm(max_value=3)\n",
            ),
        ),
    ),
    Rule(
        code="K402",
        name="function-defaults",
        title="An old default of a regularizer, constraint or optimizer is written out",
        what="Finds calls that relied on a default which Keras 3 changed, such as Adam's epsilon.",
        why="The program runs and trains with other numbers.",
        safety="Safe: it keeps the old setting.",
        examples=(
            Example(
                "from keras.regularizers import l1l2\n\npenalty = l1l2(l1=0.1)\n",
                "from keras.regularizers import L1L2\n\npenalty = L1L2(l1=0.1, l2=0.01)\n",
            ),
        ),
    ),
    Rule(
        code="K403",
        name="function-by-hand",
        title="A regularizer, constraint or optimizer that only a person can decide",
        what="Finds names and arguments that went without an equal.",
        why="A guess could change the numbers without a word.",
        safety="Nothing is changed; the message says what to look at.",
        examples=(),
    ),
    Rule(
        code="K404",
        name="function-note",
        title="Worth knowing about a regularizer, constraint or optimizer",
        what="Notes where training may take other steps than it did.",
        why="Outputs stay the same; training does not always.",
        safety="Notes never change the exit code.",
        examples=(),
    ),
)


def check_functions(ctx: Context) -> None:
    for use in ctx.facts.functions:
        if not isinstance(use.entry, Function) or use.node in ctx.handled:
            continue
        if use.entry.kind not in ("backend", KIND):  # rules/backend.py, rules/image_ordering.py
            _check_function(ctx, use, use.entry)


def _check_function(ctx: Context, use: FunctionUse, entry: Function) -> None:
    codes = KIND_CODES.get(entry.kind, OTHER_CODES)
    spelling = entry.keras3
    if entry.name == "Graph":  # rules/graph.py
        return
    if entry.kind == "callback":
        from tdmigrate.rules import callbacks  # only sources with callbacks need it

        callbacks.check_callback(ctx, use, entry)
        return
    if entry.name == "add_shared_layer":
        from tdmigrate.rules.shared_layer import check_shared_layer  # of Keras 0.3 alone

        if check_shared_layer(ctx, use):
            return
    if entry.kind == "initializer" and spelling is None:
        from tdmigrate.rules import initializers  # few sources call them

        if initializers.check_call(ctx, use, entry, codes.arguments):
            return
    if spelling is None:
        code = "K302" if entry.kind in MODEL_KINDS else codes.ask
        message = f"{entry.name}: {entry.person or 'it is gone from Keras 3'}"
        ctx.add(code, Severity.ERROR, ctx.span(use.node), message, symbol=use.symbol.path)
        return
    if use.bound is None:
        return
    if entry.activity is not None and use.node in ctx.penalties:
        spelling = entry.activity
    if use.node in ctx.kernels:
        from tdmigrate.rules import constraints  # only sources with convolutions need it

        spelling = constraints.turned(ctx, use, entry, spelling)
    if entry.kind == "data":
        from tdmigrate.rules import data  # few sources need it

        settled = data.settle(ctx, use, entry, spelling)
        if settled is None:
            return
        spelling = settled
    callee: Spelled | None = None
    note = entry.note if ctx.era.assumed.hi >= parse(entry.note_since).lo else None
    symbol = ctx.names.resolve(use.node.func)
    if entry.styled is not None and (ctx.settings.style in entry.styled.styles or entry.kind == "optimizer"):
        from tdmigrate.rules.styled import standing_in

        instead = standing_in(ctx, use, entry)
        if instead is not None:
            spelling, callee = instead
            note = symbol = None
    if symbol is not None and spelling.path.rpartition(".")[2] != symbol.path.rpartition(".")[2]:
        spelled = ctx.spell(use.node.func, symbol, spelling.path)
        callee = None if spelled.text == ctx.module.segment(use.node.func) else spelled
    check_call(ctx, use.node, use.bound, entry, spelling, codes, About(entry.name, use.symbol.path), callee)
    if note is not None:
        ctx.add(codes.note, Severity.NOTE, ctx.span(use.node), f"{entry.name}: {note}", symbol=use.symbol.path)


def check_rates(ctx: Context) -> None:
    """The learning rates of optimizers that the source looks at or sets."""
    from tdmigrate.rules import rates  # few sources do

    rates.check_rates(ctx, OTHER_CODES.arguments, OTHER_CODES.ask)


def check_settings(ctx: Context) -> None:
    """What else of optimizers the source looks at or sets."""
    from tdmigrate.rules import optimizer_settings  # few sources do

    optimizer_settings.check_settings(ctx, OTHER_CODES.arguments, OTHER_CODES.ask)


def check_methods(ctx: Context) -> None:
    for use in ctx.facts.methods:
        already = len(ctx.findings)
        _check_method(ctx, use)
        if not (use.sure or ctx.names.bindings):
            from tdmigrate.rules import receivers  # of sources that import no Keras

            receivers.leave_to_person(ctx, use, already)
    shuffling.check_shuffling(ctx, METHOD_CODES.note)


@once
def _weighs(ctx: Context) -> bool:
    """Whether any call may give samples or classes their weights."""
    return any(one.bound.arguments.keys() & _WEIGHTS for one in ctx.facts.methods)


@once
def _compiles(ctx: Context) -> int:
    return sum(use.method.name == "compile" for use in ctx.facts.methods)


def _check_method(ctx: Context, use: MethodUse) -> None:
    method = use.method
    label = f"{use.owner or 'model'}.{method.name}"
    spelling = method.keras3
    if use.owner == "Graph" or ("Graph" in method.owners and _is_builder_s(ctx, use)):  # rules/graph_data.py
        return
    if method.name == "predict_classes":
        from tdmigrate.rules import predictions  # only sources that call them need it

        predictions.check_predictions(ctx, use, label, METHOD_CODES)
        return
    if spelling is None:
        message = f"{label}: {method.person or 'it is gone from Keras 3'}"
        ctx.add("K305", Severity.ERROR, ctx.span(use.node), message)
        return
    by_dict = method.name == "compile" and any(one.arg is None for one in use.node.keywords)
    if by_dict or (method.name == "compile" and use.bound.starred):
        from tdmigrate.rules import open_compile  # few sources hand such settings on

        if open_compile.check_open(ctx, use, label):
            return
    callee: Spelled | None = None
    if spelling.path != method.name and isinstance(use.node.func, ast.Attribute):
        callee = Spelled(f"{ctx.module.segment(use.node.func.value)}.{spelling.path}", (), None)
    if method.name == "compile":
        from tdmigrate.rules import losses, metrics  # a source of layers alone does without them

        spelling = metrics.settle(ctx, use, losses.settle(ctx, use, spelling))
    unseen = False  # whether a name of an optimizer may come that is not seen
    if method.name == "compile" and "optimizer" in use.bound.arguments:
        from tdmigrate.rules import optimizer_names  # few sources have names elsewhere

        spelling, unseen = optimizer_names.settle(ctx, use, spelling)
    made = plan(ctx, use.node, use.bound, method, spelling)
    if unseen:
        made = optimizer_names.by_name(ctx, use, made)
    if method.name.endswith("_generator"):
        from tdmigrate.rules import generators, steps  # only sources with generators need them

        made = steps.count_batches(ctx, use, made)
        for name in _GENERATORS:
            if name in use.bound.arguments:
                generators.check_generator(ctx, use, use.bound.arguments[name].node, label)
    elif any(keyword in SAMPLES for _, keyword in use.bound.unknown):
        from tdmigrate.rules import steps

        made = steps.ask_again(ctx, use, made)
    if method.name == "get_layer" and "index" in use.bound.arguments:
        from tdmigrate.rules import layer_places  # few sources go by places

        if layer_places.check_place(ctx, use, label):
            return
    if method.name == "compile":
        from tdmigrate.rules import accuracy

        made = metrics.settle_own(ctx, use, accuracy.settle_compile(ctx, use, made))
        if _compiles(ctx) > 1:
            from tdmigrate.rules import recompiled  # few sources do

            made = recompiled.settle(ctx, use, made)
        if "loss" in use.bound.arguments:
            from tdmigrate.rules import own_losses  # few sources have losses of their own

            made = own_losses.settle(ctx, use, made)
        optimizer = use.bound.arguments.get("optimizer")
        if optimizer is not None and not isinstance(optimizer.value, str):
            from tdmigrate.rules import optimizer_objects  # few sources share them

            made = optimizer_objects.settle_optimizer(ctx, use, made)
        if "sample_weight_mode" in use.bound.arguments:
            from tdmigrate.rules import weighting  # few sources weigh timesteps

            made = weighting.settle_temporal(ctx, use, made)
        if use.owner != "Sequential":
            from tdmigrate.rules import several_outputs  # few models have them

            made = several_outputs.settle(ctx, use, made)
        if _weighs(ctx):
            from tdmigrate.rules import weighting

            made = weighting.settle_weights(ctx, use, made)
        if by_dict or use.bound.starred:
            from tdmigrate.rules import open_compile

            if open_compile.check_spread(ctx, use, label, made):
                return
            made = open_compile.ask(ctx, use, made)
    elif method.name != "add":
        from tdmigrate.rules import accuracy, listed

        made = accuracy.settle_result(ctx, use, accuracy.settle_shown(ctx, use, listed.settle_lists(ctx, use, made)))
        if {"class_weight", "sample_weight"} <= use.bound.arguments.keys():
            from tdmigrate.rules import weighting

            made = weighting.settle_both(ctx, use, made)
        if use.bound.arguments.keys() & _WEIGHTS:
            from tdmigrate.rules import weighting

            made = weighting.settle_noted(ctx, use, weighting.settle_ignored(ctx, use, made))
            if use.owner != "Sequential":
                from tdmigrate.rules import several_outputs

                made = several_outputs.settle_weights(ctx, use, made)
        if method.name in _TAKING_TARGETS:
            from tdmigrate.rules import by_output

            made = by_output.settle(ctx, use, made)
        if method.name in _SCORING and use.owner != "Sequential":
            from tdmigrate.rules import several_outputs

            made = several_outputs.settle_scores(ctx, use, made)
    report(ctx, use.node, made, METHOD_CODES, About(label, None), callee)


def _is_builder_s(ctx: Context, use: MethodUse) -> bool:
    from tdmigrate.rules.graph import is_builder_s  # only sources with graphs need it

    return is_builder_s(ctx, use)
