"""Weights of samples, of their timesteps (sample_weight_mode='temporal') and of classes."""

from __future__ import annotations

import ast

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Text
from tdmigrate.keras1.models import ZEROS
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.accuracy import VECTORS, as_written, outputs, rank
from tdmigrate.rules.arguments import Plan, edited, is_none
from tdmigrate.rules.context import COMPAT, Context, once
from tdmigrate.rules.listed import is_numbers, numpy_name
from tdmigrate.understanding.facts import Argument, MethodUse

_FROM_1 = parse("1.0-1.2")
_NAME = "WeightedLoss"
_WEIGHTED = Text(f"{_NAME}({{}})", (Import(COMPAT, _NAME),))


def settle_temporal(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile of one output with a loss that takes such weights as they were taken."""
    mode = use.bound.arguments.get("sample_weight_mode")
    if mode is None or mode.value != "temporal" or not ctx.is_certain(mode.node) or not _is_single(ctx, use):
        return made
    made = edited(_weighed(ctx, use, made), mode.index, drop=True)
    return made._replace(
        asks=tuple(ask for ask in made.asks if ask[0] is not mode.node),
        changes=(*made.changes, "weights of timesteps need no mode; those that are 0 do not count (traps D8, D10)"),
    )


def settle_weights(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile of a model that is trained or evaluated with weights of samples or classes."""
    if not _may_weigh(ctx, use):
        return made
    weights = _shared(ctx, use).weights
    if ctx.settings.style == "exact" and not all(map(_is_positive, weights)):
        change = "what has the weight 0 does not count (trap D8)"
    elif (rank(ctx, use) or 0) > VECTORS and weights:
        change = "weights of samples hold for all of their timesteps (trap D9)"
    else:
        return made
    made = _weighed(ctx, use, made)
    return made._replace(changes=(*made.changes, change))


def settle_ignored(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """fit and its like with weights of classes that are no dict, such as 'auto': Keras 1 took them for none."""
    classes = use.bound.arguments.get("class_weight")
    if classes is None or not _is_ignored(ctx, classes):
        return made
    if any(value is classes.node for _, _, value in use.bound.spread) or (outputs(ctx, use) or 1) > 1:
        ask = (classes.node, "`class_weight` is no dict: Keras 1 ignored it, Keras 3 raises: leave it out")
        return made._replace(asks=(*made.asks, ask))
    goes = not classes.positional  # else the place of those behind it would be another
    made = edited(made, classes.index, None if goes else "None", drop=goes)
    change = "`class_weight` goes: it is no dict, which Keras 1 ignored and Keras 3 refuses"
    return made._replace(changes=(*made.changes, change))


def _is_ignored(ctx: Context, classes: Argument) -> bool:
    """Whether weights of classes are surely no dict: a string, or the array that scikit-learn computes."""
    if isinstance(classes.value, str):
        return ctx.is_certain(classes.node)
    made = as_written(ctx, classes.node)
    callee = made.func if isinstance(made, ast.Call) else None
    return (getattr(callee, "id", None) or getattr(callee, "attr", None)) == "compute_class_weight"


def settle_noted(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """fit and its like: what is told of weights that are 0 goes where each compile is changed for them."""
    if _shared(ctx, use).keeps_zeros:
        made = made._replace(notes=tuple(note for note in made.notes if ZEROS not in note[1]))
    else:
        taken = _weights(ctx, use)
        made = made._replace(notes=tuple(one for one in made.notes if one[0] in taken or one[1] != ZEROS))
        told = [place for place, message in made.notes if ZEROS in message]
        more = [(one, ZEROS) for one in taken if one not in told and not _is_positive(one)]
        made = made._replace(notes=(*made.notes, *more))
    split, classes = (use.bound.arguments.get(name) for name in ("validation_split", "class_weight"))
    if split is None or split.value in (0, 0.0) or classes is None or is_none(classes.node):
        return made
    if not ctx.era.assumed.meets(_FROM_1):
        return made
    note = (classes.node, "Keras 1 weighed the classes of `validation_split` too: `val_loss` is another number now")
    return made._replace(notes=(*made.notes, note))


def _keeps_zeros(ctx: Context, use: MethodUse) -> bool:
    """Whether this compile gets a loss that leaves out what has the weight 0."""
    if not _may_weigh(ctx, use):
        return False
    return ctx.settings.style == "exact" or (rank(ctx, use) or 0) > VECTORS


def _may_weigh(ctx: Context, use: MethodUse) -> bool:
    """Whether a compile can be given such a loss: it has one already where a mode says so, or the source."""
    if not use.models or not _is_single(ctx, use):
        return False
    mode, loss = use.bound.arguments.get("sample_weight_mode"), use.bound.arguments["loss"].node
    if mode is not None and not is_none(mode.node):
        return False
    func = loss.func if isinstance(loss, ast.Call) else None
    return not isinstance(func, ast.Name) or ctx.compat.get(func.id) != _NAME


def _is_single(ctx: Context, use: MethodUse) -> bool:
    """Whether a compile names one loss, for one output."""
    loss = use.bound.arguments.get("loss")
    if loss is None or use.bound.spread or ctx.settings.style == "modern":
        return False
    several = isinstance(as_written(ctx, loss.node), (ast.List, ast.Tuple, ast.Dict))
    return not several and (outputs(ctx, use) or 1) == 1


def _weighed(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    loss = use.bound.arguments["loss"]
    weighted = ctx.written(_WEIGHTED)
    own = next((edit.value for edit in made.edits if edit.index == loss.index), None)
    made = edited(made, loss.index, weighted.text.replace("{}", own or "{}"))
    return made._replace(imports=(*made.imports, *weighted.imports))


class _Shared(NamedTuple):
    """What all calls on some models say."""

    weights: list[ast.expr]
    keeps_zeros: bool  # they are compiled, each time with a loss that leaves out what has the weight 0


@once
def _known(ctx: Context) -> dict[frozenset[ast.Call], _Shared]:
    return {}


def _shared(ctx: Context, use: MethodUse) -> _Shared:
    """What is said by all calls on models of this call."""
    models, known = frozenset(use.models), _known(ctx)
    if models not in known:
        calls = [one for one in ctx.facts.methods if models & frozenset(one.models)]
        compiled = [one for one in calls if one.method.name == "compile"]
        weights = [node for one in calls for node in _weights(ctx, one)]
        known[models] = _Shared(weights, bool(compiled) and all(_keeps_zeros(ctx, one) for one in compiled))
    return known[models]


def _weights(ctx: Context, use: MethodUse) -> list[ast.expr]:
    """What a call gives as weights."""
    given = use.bound.arguments
    named = [given[name] for name in ("class_weight", "sample_weight") if name in given]
    found = [one.node for one in named if one.name != "class_weight" or not _is_ignored(ctx, one)]
    validated = given.get("validation_data")
    if validated is not None and isinstance(validated.node, ast.Tuple):
        found += validated.node.elts[2:]
    return [one for one in found if not is_none(one)]


def _is_positive(node: ast.expr) -> bool:
    """Whether weights are a dict of numbers, none of them 0."""
    if not isinstance(node, ast.Dict):
        return False
    return all(isinstance(one, ast.Constant) and one.value not in (0, 0.0) for one in node.values)


def settle_both(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """Weights of classes and of samples in one call: Keras 1 took those of samples alone, Keras 3 raises."""
    classes, samples = (use.bound.arguments[name] for name in ("class_weight", "sample_weight"))
    if is_none(classes.node) or is_none(samples.node) or _is_chosen(classes.node, samples.node):
        return made
    spread = [value for _, _, value in use.bound.spread]
    written = as_written(ctx, samples.node)
    change = "`class_weight` goes where there is `sample_weight`: Keras 1 took that alone"
    if {classes.node, samples.node} & set(spread) or (outputs(ctx, use) or 1) > 1:
        pass
    elif is_numbers(written) or _is_array(written, numpy_name(ctx)):
        goes = not classes.positional  # else the place of those behind it would be another
        made = edited(made, classes.index, None if goes else "None", drop=goes)
        return made._replace(changes=(*made.changes, change))
    elif isinstance(samples.node, (ast.Name, ast.Attribute)):
        text = ctx.module.segment(samples.node)
        made = edited(made, classes.index, f"{{}} if {text} is None else None")
        return made._replace(changes=(*made.changes, change))
    ask = (classes.node, "`class_weight` beside `sample_weight`: Keras 1 took the latter alone: leave this one out")
    return made._replace(asks=(*made.asks, ask))


def _is_chosen(classes: ast.expr, samples: ast.expr) -> bool:
    """Whether weights of classes are given as this rule writes them."""
    if not isinstance(classes, ast.IfExp) or not isinstance(classes.test, ast.Compare):
        return False
    return ast.dump(classes.test.left) == ast.dump(samples)


def _is_array(node: ast.expr, numpy: str) -> bool:
    """Whether an expression is what a function of numpy gives."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id == numpy
