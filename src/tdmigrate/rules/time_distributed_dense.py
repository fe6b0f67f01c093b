"""TD0xx: TimeDistributedDense and its family."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tdmigrate.findings import (
    Added,
    Applicability,
    ArgumentEdit,
    CallEdit,
    Evidence,
    Fix,
    Severity,
    TextEdit,
    Wrap,
)
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import plan
from tdmigrate.rules.calls import About, Codes, report
from tdmigrate.rules.context import COMPAT, Context, Spelled, once, worst
from tdmigrate.rules.inputs import plan_input
from tdmigrate.rules.layers import CODES as LAYER_CODES
from tdmigrate.rules.layers import check_shape, inner_use, standing_in
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.rules.weights import check_weights
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.facts import Argument, Binding, LayerUse, Reference
from tdmigrate.understanding.shapes import Dims, show

_HEAD = "from keras.models import Sequential\nfrom keras.layers.core import TimeDistributedDense\n"
_NEW = "from keras.models import Sequential\nfrom keras.layers import Dense"

RULES = (
    Rule(
        code="TD001",
        name="time-distributed-dense",
        title="TimeDistributedDense is Dense",
        what=(
            "Finds calls of TimeDistributedDense whose input has rank 3, `(samples, timesteps, features)`, or a rank "
            "that the source does not prove. They become `Dense(...)`."
        ),
        why=(
            "TimeDistributedDense applied one Dense, the same weights, to every timestep of a rank-3 tensor. It is "
            "gone since Keras 2.0, where Dense itself works along the last axis of a tensor of any rank: `(samples, "
            "timesteps, features)` → `(samples, timesteps, units)`, the same kernel `(features, units)`, the same "
            "numbers. The old layer accepted rank 3 only, so a program that worked has it. "
            "`TimeDistributed(Dense(...))` is the same again, slower, and over a time axis of unknown length Keras "
            "3.14–3.16 on TensorFlow computes it wrongly (trap C39)."
        ),
        safety="Safe: same weights, same numbers, masks pass through as before.",
        examples=(
            Example(
                _HEAD + "from keras.layers.recurrent import LSTM\n"
                "\n"
                "model = Sequential()\n"
                "model.add(LSTM(16, return_sequences=True, input_shape=(7, 6)))\n"
                "model.add(TimeDistributedDense(3))\n",
                _NEW + ", LSTM, Input\n"
                "from tdmigrate.compat import hard_sigmoid\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Input(shape=(7, 6)))\n"
                "model.add(LSTM(16, return_sequences=True, recurrent_activation=hard_sigmoid))\n"
                "model.add(Dense(3))\n",
            ),
        ),
    ),
    Rule(
        code="TD002",
        name="time-distributed-dense-rank-4",
        title="TimeDistributedDense on rank 4 or more",
        what="Finds calls of TimeDistributedDense whose input has rank 4 or more: TimeDistributed(Dense(...)).",
        why="The old layer raised on such an input; the wrapper keeps its meaning of a time axis.",
        safety="Unsafe: the old program cannot have run, so there are no old numbers to keep.",
        examples=(
            Example(
                _HEAD + "\nmodel = Sequential()\nmodel.add(TimeDistributedDense(3, input_shape=(7, 6, 5)))\n",
                _NEW + ", Input, TimeDistributed\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Input(shape=(7, 6, 5)))\n"
                "model.add(TimeDistributed(Dense(3)))\n",
                unsafe=True,
            ),
        ),
    ),
    Rule(
        code="TD003",
        name="time-distributed-dense-rank-2",
        title="TimeDistributedDense on rank 2",
        what="Finds calls of TimeDistributedDense whose input has rank 2, `(samples, features)`: Dense(...).",
        why="The old layer raised on such an input: there is no time axis. Nothing but Dense can have been meant.",
        safety="Unsafe: the old program cannot have run, so there are no old numbers to keep.",
        examples=(
            Example(
                _HEAD + "\nmodel = Sequential()\nmodel.add(TimeDistributedDense(3, input_shape=(6,)))\n",
                _NEW + ", Input\n\nmodel = Sequential()\nmodel.add(Input(shape=(6,)))\nmodel.add(Dense(3))\n",
                unsafe=True,
            ),
        ),
    ),
    Rule(
        code="TD004",
        name="old-argument-order",
        title="(input_dim, output_dim), the order of Keras 0.1",
        what="Finds TimeDistributedDense(input_dim, output_dim): the first of two sizes is not the units.",
        why="Keras 0.1 took both sizes by position. Read as of today, the layer gets the wrong number of units.",
        safety="Safe: told from a second positional argument that cannot be the name of an initializer.",
        examples=(
            Example(
                _HEAD + "\nmodel = Sequential()\nmodel.add(TimeDistributedDense(16, 3))\n",
                _NEW + ", Input\n\nmodel = Sequential()\nmodel.add(Input(shape=(None, 16)))\nmodel.add(Dense(3))\n",
            ),
        ),
    ),
    Rule(
        code="TD005",
        name="time-distributed-dense-arguments",
        title="Arguments of TimeDistributedDense",
        what="Finds the arguments of TimeDistributedDense that Dense calls otherwise.",
        why="`output_dim` is `units`, `init` is `kernel_initializer`, `W_` is `kernel_`, `b_` is `bias_`.",
        safety="Safe: the same numbers.",
        examples=(
            Example(
                "from keras.layers import TimeDistributedDense\n"
                "\n"
                "layer = TimeDistributedDense(output_dim=3, init='uniform', W_regularizer='l2')\n",
                "from keras.layers import Dense\n"
                "\n"
                "layer = Dense(units=3, kernel_initializer='random_uniform', kernel_regularizer='l2')\n",
            ),
        ),
    ),
    Rule(
        code="TD006",
        name="time-distributed-dense-import",
        title="Import of TimeDistributedDense",
        what="Finds imports of TimeDistributedDense, also where nothing uses them.",
        why="That line alone is an ImportError since Keras 2.0.",
        safety="Safe: the name is replaced by what the uses need, or goes.",
        examples=(
            Example(
                "from keras.layers.core import Dense, TimeDistributedDense\n\nlayer = Dense(3)\n",
                "from keras.layers import Dense\n\nlayer = Dense(3)\n",
            ),
        ),
    ),
    Rule(
        code="TD007",
        name="time-distributed-dense-value",
        title="TimeDistributedDense as a value",
        what="Finds the class itself handed around: a default argument, a dict value, a partial, an alias.",
        why="The name is gone; what is made of it later decides what it can become.",
        safety="Safe where every call that it reaches is known; else a person decides.",
        examples=(
            Example(
                "from keras.layers.core import TimeDistributedDense as TDD\n\nOutput = TDD\nlayer = Output(3)\n",
                "from keras.layers import Dense\n\nOutput = Dense\nlayer = Output(3)\n",
            ),
        ),
    ),
    Rule(
        code="TD008",
        name="time-distributed-dense-subclass",
        title="A subclass of TimeDistributedDense",
        what="Finds classes derived from TimeDistributedDense.",
        why="Dense keeps its weights as `kernel` and `bias`, builds in `build` and computes in `call`.",
        safety="Nothing is changed: derive from `keras.layers.Dense`; `self.W` is `self.kernel`, `self.b` `self.bias`.",
        examples=(
            Example(
                "from keras.layers.core import TimeDistributedDense\n\n\nclass Head(TimeDistributedDense):\n    pass\n",
                None,
            ),
        ),
    ),
    Rule(
        code="TD009",
        name="time-distributed-dense-name",
        title="A string that names TimeDistributedDense",
        what="Finds the name in strings that Keras or the program reads: custom_objects, a comparison, a model's JSON.",
        why="No Keras 3 layer is called so.",
        safety="Nothing is changed: what the string is compared with, or loaded from, decides.",
        examples=(
            Example(
                "from keras.layers.core import TimeDistributedDense\n"
                "\n"
                "\n"
                "def is_head(layer):\n"
                "    return layer.__class__.__name__ == 'TimeDistributedDense'\n",
                "\n\ndef is_head(layer):\n    return layer.__class__.__name__ == 'TimeDistributedDense'\n",
            ),
        ),
    ),
    Rule(
        code="TD010",
        name="time-distributed-merge",
        title="TimeDistributedMerge",
        what="Finds TimeDistributedMerge(mode), the sum, product or average over the timesteps.",
        why="It is gone since Keras 1.0.",
        safety="Safe: tdmigrate.compat.TimeDistributedMerge computes the same.",
        examples=(
            Example(
                "from keras.layers.core import TimeDistributedMerge\n\nlayer = TimeDistributedMerge(mode='ave')\n",
                "from tdmigrate.compat import TimeDistributedMerge\n\nlayer = TimeDistributedMerge(mode='ave')\n",
            ),
        ),
    ),
    Rule(
        code="TD011",
        name="time-distributed-softmax",
        title="time_distributed_softmax is softmax",
        what="Finds the activation 'time_distributed_softmax' of Keras 0.1–0.2.",
        why="softmax works along the last axis of a tensor of any rank; the other name is gone.",
        safety="Safe: the same numbers on `(samples, timesteps, features)`.",
        examples=(
            Example(
                "from keras.layers.core import Activation\n\nlayer = Activation('time_distributed_softmax')\n",
                "from keras.layers import Activation\n\nlayer = Activation('softmax')\n",
            ),
        ),
    ),
    Rule(
        code="TD012",
        name="time-distributed-dense-function",
        title="The function time_distributed_dense",
        what="Finds `time_distributed_dense(x, w, b, …)` of keras.layers.recurrent, used or only imported.",
        why="It became private in Keras 2.0 and is gone since.",
        safety="Safe: an unused import goes; a used one comes from tdmigrate.compat.",
        examples=(
            Example(
                "from keras.layers.recurrent import LSTM, time_distributed_dense\n"
                "\n"
                "layer = LSTM(4, inner_activation='sigmoid')\n",
                "from keras.layers import LSTM\n\nlayer = LSTM(4, recurrent_activation='sigmoid')\n",
            ),
        ),
    ),
    Rule(
        code="TD013",
        name="time-distributed-of-dense",
        title="TimeDistributed(Dense(...)) over a time axis that may vary",
        what="Finds `TimeDistributed(Dense(...))` where the number of timesteps is not fixed. It becomes `Dense(...)`.",
        why=(
            "Keras 3.14–3.16 on TensorFlow takes the batch size for the length of a time axis that is not static, and "
            "returns an output of the wrong shape without a word (trap C39). Dense alone computes the same."
        ),
        safety="Safe: same weights, same numbers.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers import LSTM, TimeDistributed, Dense\n"
                "\n"
                "model = Sequential()\n"
                "model.add(LSTM(8, return_sequences=True, input_dim=4, inner_activation='sigmoid'))\n"
                "model.add(TimeDistributed(Dense(3)))\n",
                "from keras.models import Sequential\n"
                "from keras.layers import LSTM, Dense, Input\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Input(shape=(None, 4)))\n"
                "model.add(LSTM(8, return_sequences=True, recurrent_activation='sigmoid'))\n"
                "model.add(Dense(3))\n",
            ),
        ),
    ),
    Rule(
        code="TD014",
        name="time-distributed-free-axis",
        title="TimeDistributed of another layer over a time axis that may vary",
        what=(
            "Finds TimeDistributed around a layer other than Dense where the number of timesteps is not fixed, and "
            "around BatchNormalization."
        ),
        why=(
            "As TD013: Keras 3.14–3.16 on TensorFlow computes it wrongly (trap C39). Moments of a batch it takes of "
            "each timestep by itself, where Keras 1 took them of all."
        ),
        safety="Safe: tdmigrate.compat.TimeDistributed is the wrapper with that corrected.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "from keras.layers import Embedding, TimeDistributed, RepeatVector, LSTM\n"
                "\n"
                "model = Sequential()\n"
                "model.add(LSTM(8, return_sequences=True, input_dim=4, inner_activation='sigmoid'))\n"
                "model.add(TimeDistributed(RepeatVector(3)))\n",
                "from keras.models import Sequential\n"
                "from keras.layers import Embedding, RepeatVector, LSTM, Input\n"
                "from tdmigrate.compat import TimeDistributed\n"
                "\n"
                "model = Sequential()\n"
                "model.add(Input(shape=(None, 4)))\n"
                "model.add(LSTM(8, return_sequences=True, recurrent_activation='sigmoid'))\n"
                "model.add(TimeDistributed(RepeatVector(3)))\n",
            ),
        ),
    ),
    Rule(
        code="TD016",
        name="unclear-time-distributed-dense",
        title="A TimeDistributedDense that may or may not be Keras's",
        what="Finds the name where the source does not bind it, or binds it to Keras's layer and to something else.",
        why="Unbound it is a NameError when the line runs; bound twice, which one runs is not told.",
        safety="Nothing is changed: import the layer that is meant, or write `Dense`.",
        examples=(
            Example(
                "from keras.models import Sequential\n"
                "\n"
                "model = Sequential()\n"
                "model.add(TimeDistributedDense(3))\n"
                "model.fit(x, y, nb_epoch=1)\n",
                None,
            ),
        ),
    ),
    Rule(
        code="TD015",
        name="time-distributed-dense-weights",
        title="weights= of TimeDistributedDense",
        what="Finds `weights=[W, b]`, the initial kernel `(features, units)` and bias `(units,)`.",
        why="Dense takes no `weights`; they are set once the layer is built.",
        safety="Safe where the layer joins a built container: same arrays, same order, same layout.",
        examples=(
            Example(
                _HEAD + "\n"
                "\n"
                "def build(W, b):\n"
                "    model = Sequential()\n"
                "    model.add(TimeDistributedDense(3, input_shape=(7, 6), weights=[W, b]))\n"
                "    return model\n",
                _NEW + ", Input\n"
                "\n"
                "\n"
                "def build(W, b):\n"
                "    model = Sequential()\n"
                "    model.add(Input(shape=(7, 6)))\n"
                "    model.add(Dense(3))\n"
                "    model.layers[-1].set_weights([W, b])\n"
                "    return model\n",
            ),
        ),
    ),
)

DENSE = "keras.layers.Dense"
NAME = "TimeDistributedDense"
WRAPPER = "keras.layers.TimeDistributed"
COMPAT_WRAPPER = COMPAT + ".TimeDistributed"


class _Target(NamedTuple):
    """What one TimeDistributedDense becomes."""

    code: str
    wrapper: str | None  # path of the wrapper around Dense
    applicability: Applicability
    reason: str


def check_family(ctx: Context) -> None:
    """TimeDistributedDense, TimeDistributedMerge and TimeDistributed, called or named."""
    yielding = _yielding(ctx)
    seen: dict[ast.Call, int] = {}
    for use in ctx.facts.layers:
        seen[use.node] = seen.get(use.node, 0) + 1
    for use in ctx.facts.layers:
        if not isinstance(use.entry, Layer):
            continue
        if use.entry.name == "TimeDistributedDense":
            _check_dense(ctx, use, use.entry, alone=seen[use.node] == 1)
        elif use.entry.name == "TimeDistributedMerge":
            _check_merge(ctx, use, use.entry)
        elif use.entry.name == "TimeDistributed":
            _check_wrapper(ctx, use, use.entry, yielding)
    for reference in ctx.facts.references:
        if reference.entry is not None and reference.entry.name == "TimeDistributedDense":
            _check_reference(ctx, reference)
    _check_texts(ctx)
    _check_unclear(ctx)


def _check_dense(ctx: Context, use: LayerUse, entry: Layer, alone: bool) -> None:
    spelling = entry.keras3
    assert spelling is not None
    target = _target(ctx, use)
    made = plan(ctx, use.node, use.bound, entry, spelling, use.partial)
    rank = len(use.inputs) if use.inputs is not None else None
    about = About(
        "TimeDistributedDense",
        use.symbol.path,
        target.applicability,
        rank,
    )
    span = ctx.span(use.node)
    symbol = ctx.names.resolve(use.node.func)
    if symbol is not None:
        spelled = ctx.spell(use.node.func, symbol, DENSE)
    else:  # through a variable: what the variable stands for is TD007's
        spelled = Spelled(ctx.module.segment(use.node.func), (), None)
    imports = spelled.imports
    wrap = None
    if target.wrapper is not None:
        wrapper = ctx.spell(use.node.func, symbol, target.wrapper) if symbol is not None else ctx.name(target.wrapper)
        if wrapper.text == spelled.text:  # an alias of the source's own names the Dense
            wrapper = ctx.name(target.wrapper)
        imports += wrapper.imports
        outer = tuple(
            made.stands[argument.name]
            for argument in use.bound.arguments.values()
            if argument.name in ("name", "trainable") and argument.name in made.stands
        )
        wrap = Wrap(wrapper.text, outer)
    new = _outputs(use, entry)
    shapes = f": {show(use.inputs)} → {show(new)}" if use.inputs is not None and new is not None else ""
    message = f"TimeDistributedDense is gone since Keras 2.0; {target.reason}{shapes}"
    text = None if symbol is None or spelled.text == ctx.module.segment(use.node.func) else spelled.text
    fix: Fix | None = None
    settled = _settled(ctx, use)
    if not _is_wanted(ctx, use, entry):
        settled = None
    if settled is not None and (symbol is not None or wrap is not None or alone):
        edit = CallEdit(span, text, wrap=wrap)
        fix = Fix(worst(target.applicability, settled), (edit,), imports)
    added = ctx.add(
        target.code,
        Severity.ERROR,
        span,
        message,
        symbol=use.symbol.path,
        rank=rank,
        evidence=use.evidence,
        fix=fix,
    )
    if added and symbol is not None and fix is not None:
        ctx.replace(use.node.func, fix.applicability, DENSE)
    if not added or fix is None:  # what stays TimeDistributedDense keeps its arguments
        about = about._replace(applicability=Applicability.DISPLAY)
    _check_order(ctx, use, about)
    report(ctx, use.node, made, DENSE_CODES, about)
    check_shape(ctx, use, entry, made, about)
    check_weights(ctx, use, made.weights, about, "TD015", wrapped=target.wrapper is not None, layout=entry.layout)
    _check_bias(ctx, use)


DENSE_CODES = Codes(arguments="TD005", defaults="TD005", ask="TD005", note="TD005")


def _target(ctx: Context, use: LayerUse) -> _Target:
    style = ctx.settings.td_style
    rank = len(use.inputs) if use.inputs is not None else None
    wrapper = _wrapper(ctx)
    unproved = "the rank of its input was not proved, and the old layer took rank 3 only"
    code, applicability = "TD001", Applicability.SAFE
    if rank == 2:
        code, applicability = "TD003", Applicability.UNSAFE
        reason = "its input has rank 2, on which the old layer raised; Dense can have been meant"
    elif rank is not None and rank != 3:
        code, applicability = "TD002", Applicability.UNSAFE
        reason = f"its input has rank {rank}, on which the old layer raised; TimeDistributed keeps the time axis"
    elif rank == 3:
        reason = "Dense does the same along the last axis"
    else:
        reason = f"Dense does the same along the last axis ({unproved})"
    wrapped = style == "time-distributed" or (style == "auto" and code == "TD002")
    return _Target(code, wrapper if wrapped else None, applicability, reason)


@once
def _wrapper(ctx: Context) -> str:
    """The wrapper for all: Keras 3's where it computes each rightly, else the corrected one, under that one name."""
    uses = [use for use in ctx.facts.layers if use.entry.name == NAME]
    sound = all(_is_fixed(use) and not _is_penalized(use) for use in uses)
    return WRAPPER if sound and not _yielding(ctx) else COMPAT_WRAPPER


def _outputs(use: LayerUse, entry: Layer) -> Dims | None:
    return entry.shape([use.inputs], LegacyArguments(use.bound, entry)) if use.inputs is not None else None


def _check_order(ctx: Context, use: LayerUse, about: About) -> None:
    """Two sizes by position: input_dim, output_dim."""
    first = use.bound.arguments.get("input_dim")
    second = use.bound.arguments.get("output_dim")
    if first is None or second is None or not (first.positional and second.positional) or use.partial is not None:
        return
    span = ctx.span(use.node)
    sizes = [" ".join(ctx.module.segment(a.node).split()) for a in (first, second)]
    ctx.add(
        "TD004",
        Severity.ERROR,
        span,
        f"Keras 0.1 took (input_dim, output_dim): {sizes[0]} is the features, {sizes[1]} the units",
        symbol=use.symbol.path,
        rank=about.rank,
        evidence=ctx.era.version_evidence,
        fix=Fix(about.applicability, (CallEdit(span, arguments=(ArgumentEdit(first.index, drop=True),)),)),
    )


def _check_bias(ctx: Context, use: LayerUse) -> None:
    bias = use.bound.arguments.get("bias")
    if bias is not None and bias.value is False and ctx.era.versions.lo <= parse("1.1.2").hi:
        ctx.add(
            "TD005",
            Severity.NOTE,
            ctx.span(bias.node),
            "TimeDistributedDense(bias=False): up to Keras 1.1.2 the old layer never trained or saved its kernel "
            "(trap C42); Dense does",
            symbol=use.symbol.path,
        )


def _check_merge(ctx: Context, use: LayerUse, entry: Layer) -> None:
    spelling = entry.keras3
    span = ctx.span(use.node)
    if spelling is None:
        ctx.add("TD010", Severity.ERROR, span, f"TimeDistributedMerge: {entry.person}", symbol=use.symbol.path)
        return
    made = plan(ctx, use.node, use.bound, entry, spelling)
    symbol = ctx.names.resolve(use.node.func)
    spelled = ctx.spell(use.node.func, symbol, spelling.path) if symbol is not None else None
    old = ctx.module.segment(use.node.func)
    edit = CallEdit(span, spelled.text if spelled is not None and spelled.text != old else None, made.edits)
    added = ctx.add(
        "TD010",
        Severity.ERROR,
        span,
        "TimeDistributedMerge is gone since Keras 1.0; tdmigrate.compat has it: (samples, timesteps, features) → "
        "(samples, features)",
        symbol=use.symbol.path,
        evidence=use.evidence,
        fix=Fix(Applicability.SAFE, (edit, *made.inner), made.imports + (spelled.imports if spelled else ())),
    )
    if added and symbol is not None:
        ctx.replace(use.node.func, Applicability.SAFE, spelling.path)
    about = About("TimeDistributedMerge", use.symbol.path)
    for place, message in (*made.asks, *made.notes):
        ctx.add("TD010", Severity.NOTE, ctx.span(place), f"TimeDistributedMerge: {message}", symbol=use.symbol.path)
    check_shape(ctx, use, entry, made, about)


@once
def _yielding(ctx: Context) -> frozenset[Binding]:
    """Imports of TimeDistributed that no use will need: every one becomes Dense or the corrected wrapper."""
    going = {
        use.node.func
        for use in ctx.facts.layers
        if use.entry.name == "TimeDistributed"
        and not _is_sound(ctx, use)
        and ctx.names.resolve(use.node.func) is not None
    }
    return frozenset(
        binding
        for binding, uses in ctx.facts.uses.items()
        if binding.path.endswith(".TimeDistributed")
        and uses
        and all(use in going for use in uses)
        and ctx.active("K101", ctx.span(binding.statement))
    )


def _is_fixed(use: LayerUse) -> bool:
    """Whether the number of timesteps is a number that the source tells."""
    return use.inputs is not None and len(use.inputs) > 1 and isinstance(use.inputs[1], int)


def _is_penalized(use: LayerUse | None) -> bool:
    """Whether the layer regularizes its output: the wrapper of Keras 3 loses that penalty."""
    argument = use.bound.arguments.get("activity_regularizer") if use is not None else None
    return argument is not None and not (isinstance(argument.node, ast.Constant) and argument.node.value is None)


def _is_sound(ctx: Context, use: LayerUse) -> bool:
    """Whether Keras 3's wrapper computes this one rightly."""
    inner = inner_use(ctx, use, use.entry) if isinstance(use.entry, Layer) else None
    return (
        _is_fixed(use)
        and not _is_penalized(inner)
        and not _is_over_batch(inner)
        and not _may_be_behind_merge(ctx, use)
        and not _may_be_behind_unknown(ctx, use)
    )


def _may_be_behind_merge(ctx: Context, use: LayerUse) -> bool:
    """Whether it is called on a tensor where some are merged: in Keras 3 the next run does not know their shape."""
    call = ctx.parents.get(use.node)
    return (
        isinstance(call, ast.Call)
        and call.func is use.node
        and any(isinstance(use.entry, Function) and use.entry.kind == "merge" for use in ctx.facts.functions)
    )


def _may_be_behind_unknown(ctx: Context, use: LayerUse) -> bool:
    """Whether its model has a layer that becomes one whose shape the next run does not know."""
    models = [model for model in ctx.facts.models if use.node in model.layers]
    beside = [one for one in ctx.facts.layers if not models or any(one.node in model.layers for model in models)]
    found = [(one, one.entry) for one in beside if isinstance(one.entry, Layer) and one.entry.wraps is None]
    stands = [(standing_in(ctx, one, entry), entry) for one, entry in found]
    spellings = [entry.keras3 if instead is None else instead.spelling for instead, entry in stands]
    return any(one is not None and registry.lookup(one.path) is None for one in spellings)


def _is_over_batch(inner: LayerUse | None) -> bool:
    return inner is not None and isinstance(inner.entry, Layer) and inner.entry.over_batch


# keras/layers/wrappers.py of 0.3.3: ``self.layer(x, train=False)``, but with a batch size that is known
_UNTRAINED = parse("0.3")


def _is_otherwise_in_training(inner: LayerUse | None) -> bool:
    """Whether a layer is for training alone, or drops then."""
    if inner is None:
        return False
    dropping = any(name.startswith("dropout") and one.value != 0 for name, one in inner.bound.arguments.items())
    return dropping or inner.entry.name in ("Dropout", "GaussianDropout", "GaussianNoise")


def _check_wrapper(ctx: Context, use: LayerUse, entry: Layer, yielding: frozenset[Binding]) -> None:
    """TimeDistributed(layer): over a time axis that may vary, Dense alone or the corrected wrapper (trap C39)."""
    spelling = entry.keras3
    assert spelling is not None
    made = plan(ctx, use.node, use.bound, entry, spelling)
    about = About("TimeDistributed", use.symbol.path)
    span = ctx.span(use.node)
    shaped = plan_input(ctx, use, entry, made.shaped)
    if not _is_sound(ctx, use):
        why = _why_unsound(use, inner_use(ctx, use, entry))
        inner = use.bound.arguments.get("layer")
        symbol = ctx.names.resolve(use.node.func)
        if inner is not None and _is_dense(ctx, inner.node) and not use.bound.starred and symbol is not None:
            gone = {edit.index for edit in shaped.arguments} if shaped is not None else set()
            moved = [
                argument
                for argument in use.bound.arguments.values()
                if argument is not inner and argument.index not in gone and argument.name in ("name", "trainable")
            ]
            edits = [CallEdit(span, unwrap=inner.index)]
            if moved:
                edits.append(_told_inside(ctx, inner.node, moved, inner_use(ctx, use, entry)))
            added = ctx.add(
                "TD013",
                Severity.WARNING,
                span,
                f"TimeDistributed(Dense) is Dense: {why}",
                symbol=use.symbol.path,
                rank=len(use.inputs) if use.inputs else None,
                evidence=use.evidence,
                fix=Fix(Applicability.SAFE, tuple(edits)),
            )
            if added:
                ctx.replace(use.node.func, Applicability.SAFE, None)
        elif symbol is not None:
            _freeze_inside(ctx, use, entry)
            spelled = ctx.name(COMPAT_WRAPPER, free=symbol.binding in yielding)
            added = ctx.add(
                "TD014",
                Severity.WARNING,
                span,
                f"TimeDistributed: {why}; tdmigrate.compat.TimeDistributed is right",
                symbol=use.symbol.path,
                rank=len(use.inputs) if use.inputs else None,
                evidence=use.evidence,
                fix=Fix(Applicability.SAFE, (CallEdit(span, spelled.text),), spelled.imports),
            )
            if added:
                ctx.replace(use.node.func, Applicability.SAFE, COMPAT_WRAPPER)
    else:
        _freeze_inside(ctx, use, entry)
    if _is_penalized(inner_use(ctx, use, entry)) and ctx.era.versions.lo < parse("1.1").lo:
        message = "TimeDistributed: up to Keras 1.0 it lost the inner layer's activity_regularizer; now that counts"
        ctx.add(LAYER_CODES.note, Severity.NOTE, span, message, symbol=use.symbol.path)
    if _is_otherwise_in_training(inner_use(ctx, use, entry)) and ctx.era.versions.meets(_UNTRAINED):
        message = "TimeDistributed: Keras 0.3 ran the inner layer as in a prediction always; now it drops in training"
        ctx.add(LAYER_CODES.note, Severity.NOTE, span, message, symbol=use.symbol.path)
    if _is_over_batch(inner_use(ctx, use, entry)):
        message = "TimeDistributed: Keras 1 never moved running averages of a layer in it, Keras 3 does"
        ctx.add(LAYER_CODES.note, Severity.NOTE, span, message, symbol=use.symbol.path)
    report(ctx, use.node, made, LAYER_CODES, about)
    check_shape(ctx, use, entry, made, about)


def _freeze_inside(ctx: Context, use: LayerUse, entry: Layer) -> None:
    """``trainable`` of a wrapper that stays: a model of Keras 3 asks the weights of the inner layer alone."""
    frozen, inner = use.bound.arguments.get("trainable"), use.bound.arguments.get("layer")
    if frozen is None or frozen.value is True or inner is None or use.bound.starred:
        return
    message = "TimeDistributed: Keras 3 trains the inner layer whatever the wrapper is told: "
    if not isinstance(inner.node, ast.Call):
        message += f"give it `trainable={ctx.module.segment(frozen.node)}`"
        ctx.add("K205", Severity.WARNING, ctx.span(frozen.node), message, symbol=use.symbol.path)
        return
    drop = CallEdit(ctx.span(use.node), arguments=(ArgumentEdit(frozen.index, drop=True),))
    edits = (drop, _told_inside(ctx, inner.node, [frozen], inner_use(ctx, use, entry)))
    ctx.add(
        "K201", Severity.WARNING, ctx.span(frozen.node), f"{message}it is told that itself", symbol=use.symbol.path,
        fix=Fix(Applicability.SAFE, edits),
    )  # fmt: skip


def _told_inside(ctx: Context, node: ast.expr, moved: Sequence[Argument], inner: LayerUse | None) -> CallEdit:
    """The inner layer's call with the wrapper's arguments, whose name the model knew.

    Both had to be trainable for the weights to be (keras/layers/wrappers.py and keras/engine/topology.py of 1.2.2).
    """
    own = inner.bound.arguments if inner is not None else {}
    dropped, added = [], []
    for argument in moved:
        text = ctx.module.segment(argument.node)
        if argument.name in own:
            if argument.name == "trainable":
                text = f"({ctx.module.segment(own[argument.name].node)}) and ({text})"
            dropped.append(ArgumentEdit(own[argument.name].index, drop=True))
        added.append(Added(argument.name, text))
    return CallEdit(ctx.span(node), arguments=tuple(dropped), added=tuple(added))


def _why_unsound(use: LayerUse, inner: LayerUse | None) -> str:
    if _is_over_batch(inner):
        return "Keras 3's wrapper takes the moments of each timestep by itself"
    if _is_fixed(use) and not _is_penalized(inner):
        return "merged tensors or layers of tdmigrate.compat come to it, whose time axis may not be known"
    if _is_fixed(use):
        return "Keras 3's wrapper loses the inner layer's activity_regularizer"
    may = f"its input {show(use.inputs)} has a time axis that may vary" if use.inputs else "its time axis may vary"
    return f"{may}, for which Keras 3.14-3.16 on TensorFlow computes the wrapper wrongly (trap C39)"


def _is_dense(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression is a Dense made on the spot, used by nothing else."""
    if not isinstance(node, ast.Call):
        return False
    symbol = ctx.names.resolve(node.func)
    return symbol is not None and symbol.path.rpartition(".")[2] == "Dense"


def _check_reference(ctx: Context, reference: Reference) -> None:
    if reference.role == "export":  # the finding of its import says so
        return
    span = ctx.span(reference.node)
    path = reference.symbol.path
    if reference.role == "isinstance":
        message = "a layer is compared with TimeDistributedDense, which nothing is any more: a migrated one is a Dense"
        ctx.add("TD007", Severity.ERROR, span, message, symbol=path)
        return
    if reference.role == "base":
        ctx.add(
            "TD008",
            Severity.ERROR,
            span,
            "a subclass of TimeDistributedDense: derive from keras.layers.Dense; self.W is self.kernel, self.b is "
            "self.bias, get_output(train) is call(inputs)",
            symbol=path,
        )
        return
    applicability = _reach(ctx, reference)
    certain = applicability is not None
    spelled = ctx.spell(reference.node, reference.symbol, DENSE)
    words = {
        "default": "as a default argument",
        "base": "as a base class",
        "alias": "under another name",
        "partial": "in a partial",
    }.get(reference.role, "as a value")
    if certain:
        message = f"TimeDistributedDense {words}: every call it reaches is known, and Dense does the same there"
    else:
        message = f"TimeDistributedDense {words}: what is called through it is not known; Dense does the same on rank 3"
    added = ctx.add(
        "TD007",
        Severity.ERROR,
        span,
        message,
        symbol=path,
        evidence=tuple(_such_a_call(ctx, call) for call in reference.calls[:3]),
        fix=None if applicability is None else Fix(applicability, (TextEdit(span, spelled.text),), spelled.imports),
    )
    if added and applicability is not None:
        ctx.replace(reference.node, applicability, DENSE)


def _reach(ctx: Context, reference: Reference) -> Applicability | None:
    """How safe it is that Dense stands for the class here; None: it may reach a call of which nothing is known."""
    uses = [use for use in ctx.facts.layers if use.node in reference.calls or use.partial in reference.calls]
    known = {use.node for use in uses} | {use.partial for use in uses}
    if not uses or any(call not in known for call in reference.calls):
        return None
    for use in uses:
        if not isinstance(use.entry, Layer) or use.entry.name != NAME or not _is_wanted(ctx, use, use.entry):
            return None
    return worst(*(_target(ctx, use).applicability for use in uses))


def _is_wanted(ctx: Context, use: LayerUse, entry: Layer) -> bool:
    """Whether all that makes the call one of Dense is wanted; else its old arguments would stay, on a Dense."""
    span = ctx.span(use.node)
    if not ctx.active(_target(ctx, use).code, span):
        return False
    if ctx.active("TD005", span):
        return True
    assert entry.keras3 is not None
    made = plan(ctx, use.node, use.bound, entry, entry.keras3, use.partial)
    return not made.edits and not made.inner


def _settled(ctx: Context, use: LayerUse) -> Applicability | None:
    """How safe it is that a call is one of Dense, where it goes through a variable; None: that stays what it is."""
    found = Applicability.SAFE
    for reference in ctx.facts.references:
        if reference.entry is use.entry and (use.node in reference.calls or use.partial in reference.calls):
            reach = _reach(ctx, reference) if ctx.active("TD007", ctx.span(reference.node)) else None
            if reach is None:
                return None
            found = worst(found, reach)
    return found


def _such_a_call(ctx: Context, call: ast.Call) -> Evidence:
    return Evidence(ctx.span(call), f"{ctx.module.segment(call.func)}(…) is such a call")


def _check_unclear(ctx: Context) -> None:
    for expression in ctx.names.uncertain:
        if any(symbol.path.endswith("." + NAME) for symbol in ctx.names.candidates(expression)):
            message = f"{NAME} here may be Keras's layer or another: write Dense where it is Keras's"
            ctx.add("TD016", Severity.ERROR, ctx.span(expression), message)
    scopes = ctx.scopes_binding(NAME)
    for node in ctx.module.nodes:
        if isinstance(node, ast.Name) and node.id == NAME and not _reaches(scopes, ctx.names.scope_of(node)):
            message = f"{NAME} is used but never imported: a NameError when this line runs; import Dense and write that"
            ctx.add("TD016", Severity.ERROR, ctx.span(node), message)


def _reaches(scopes: frozenset[str], scope: str) -> bool:
    """Whether a name bound in one of ``scopes`` may be seen from ``scope``."""
    return any(not outer or scope == outer or scope.startswith(outer + ".") for outer in scopes)


def _check_texts(ctx: Context) -> None:
    for use in ctx.facts.texts:
        span = ctx.span(use.node)
        if use.name == "time_distributed_softmax":
            if use.role == "activation":
                text = ctx.module.segment(use.node).replace("time_distributed_softmax", "softmax")
                fix = Fix(Applicability.SAFE, (TextEdit(span, text),))
                message = "time_distributed_softmax is softmax, which works along the last axis of any rank"
                ctx.add("TD011", Severity.ERROR, span, message, fix=fix)
            continue
        places = {
            "custom_objects": "in custom_objects: no Keras 3 model names this layer; drop it, or map it to Dense",
            "comparison": "compared with a layer's name: a migrated layer is called 'Dense' (its own name: 'dense')",
            "json": "in a model's JSON: Keras 3 cannot load it; rebuild the model and load its weights",
        }
        if use.role in places:
            ctx.add("TD009", Severity.ERROR, span, f"'{use.name}' {places[use.role]}")
