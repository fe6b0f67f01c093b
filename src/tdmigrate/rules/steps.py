"""samples_per_epoch, nb_val_samples and val_samples: numbers of samples that are numbers of batches now."""

from __future__ import annotations

import ast

from tdmigrate.findings import ArgumentEdit
from tdmigrate.keras1.models import SAMPLES, count_of_samples
from tdmigrate.records import NamedTuple
from tdmigrate.rules.arguments import Plan
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import Argument, MethodUse

_FLOWS = {"flow": 2, "flow_from_directory": 5}  # methods of ImageDataGenerator → the place of their batch size
_DEFAULT = "32"  # ... which is this where it is not given
_UNEVEN, _UNKNOWN = "uneven", "unknown"
_EPOCHS = 500  # that are looked at
_SHAPED, _COUNTED = ("zeros", "ones", "empty", "random_sample"), ("rand", "randn")  # functions of NumPy
_REST = (
    "unless the data make whole batches, Keras 1 took other numbers of batches in each epoch, as the last batch of a "
    "pass over the data is smaller"
)
_SIZES = ("batch_size", "batchsize")
_SOURCES = {"nb_val_samples": "validation_data"}  # of the others it is the generator


class _Size(NamedTuple):
    """A batch size: its text, and its value if that is a constant."""

    text: str
    value: int | None


def count_batches(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """The plan with steps in the place of samples, wherever the generator tells its batch size."""
    for name, steps in SAMPLES.items():
        argument = use.bound.arguments.get(name)
        if argument is None or any(value is argument.node for _, _, value in use.bound.spread):
            continue
        source = use.bound.arguments.get(_SOURCES.get(name, "generator"))
        if name in _SOURCES and source is not None and isinstance(source.node, ast.Tuple):
            made = _settled(made, argument, ArgumentEdit(argument.index, drop=True), "it said nothing of arrays")
            continue
        size = _size(ctx, source.node, use.node) if source is not None else None
        if size is None:
            continue
        rest = _rest(ctx, argument, source.node, size) if source is not None else None
        if rest == _UNEVEN:
            why = (
                f"Keras 1 took batches until it had as many samples, and the last batch of each pass over the data is "
                f"smaller: epochs had different numbers of batches. Say `{steps}`"
            )
            asks = (ask for ask in made.asks if ask[0] is not argument.node)
            made = made._replace(asks=(*asks, (argument.node, f"`{name}`: {why}")))
            continue
        if rest == _UNKNOWN:
            made = made._replace(notes=(*made.notes, (argument.node, f"`{name}`: {_REST}")))
        edit = ArgumentEdit(argument.index, steps, str(rest) if type(rest) is int else _steps(ctx, argument, size))
        made = _settled(made, argument, edit, f"it is `{steps}`, of {size.text} samples each (trap F3)")
    return made


def _rest(ctx: Context, argument: Argument, source: ast.expr, size: _Size) -> int | str | None:
    """The number of batches in each epoch of Keras 1, of a flow of pictures that ends each pass with a smaller batch.

    None: as many as the samples make; or whether that differs from epoch to epoch, or is not known.
    """
    made = ctx.maker(source.id) if isinstance(source, ast.Name) else source
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute) or made.func.attr != "flow":
        return None
    data = made.args[0] if made.args else next((one.value for one in made.keywords if one.arg in ("X", "x")), None)
    count, samples = _length(ctx, data), argument.value
    if count is not None and type(samples) is int and size.value:
        return _batches(count, samples, size.value)
    held = ast.unparse(data) if data is not None else ""
    scaled = isinstance(argument.node, ast.BinOp) and held in map(ast.unparse, _names(argument.node))
    return _UNKNOWN if scaled else None


def _names(node: ast.expr) -> list[ast.expr]:
    return [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute))]


def _batches(count: int, samples: int, size: int) -> int | str | None:
    """How many batches an epoch of so many samples took of passes over ``count`` samples."""
    seen: set[int] = set()
    place = 0
    for _ in range(min(count, _EPOCHS)):
        taken = batches = 0
        while taken < samples:
            given = min(size, count - place)
            place = (place + given) % count
            taken += given
            batches += 1
        seen.add(batches)
    if len(seen) > 1:
        return _UNEVEN
    number = seen.pop()
    return None if number == -(-samples // size) else number


def _length(ctx: Context, data: ast.expr | None) -> int | None:
    """The number of samples of an array that a function of NumPy makes of constants."""
    made = ctx.maker(data.id) if isinstance(data, ast.Name) else None
    if made is None or not made.args:
        return None
    first = made.args[0]
    name = made.func.attr if isinstance(made.func, ast.Attribute) else ""
    if name in _SHAPED and isinstance(first, (ast.Tuple, ast.List)) and first.elts:
        first = first.elts[0]
    elif name not in _COUNTED:
        return None
    value = first.value if isinstance(first, ast.Constant) else None
    return value if isinstance(value, int) and value > 0 else None


def ask_again(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """The plan of fit, evaluate or predict that still counts samples, as ``fit_generator`` and its like did."""
    given = {keyword.arg: keyword.value for keyword in use.node.keywords if keyword.arg in SAMPLES}
    notes = tuple(note for note in made.notes if note[0] not in given.values())
    asks = [(node, count_of_samples(str(name))) for name, node in given.items()]
    return made._replace(notes=notes, asks=(*made.asks, *asks))


def _settled(made: Plan, argument: Argument, edit: ArgumentEdit, change: str) -> Plan:
    """The plan with nothing left to ask of an argument."""
    return made._replace(
        asks=tuple(ask for ask in made.asks if ask[0] is not argument.node),
        edits=(*(one for one in made.edits if one.index != argument.index), edit),
        changes=(*(one for one in made.changes if f"`{argument.name}`" not in one), f"`{argument.name}`: {change}"),
    )


def _steps(ctx: Context, argument: Argument, size: _Size) -> str:
    node, value = argument.node, argument.value
    if isinstance(node, ast.Constant) and type(value) is int and size.value:
        return str(-(-value // size.value))
    text = f"-(-{{}} // {size.text})"
    return f"int({text})" if any(_is_broken(one) for one in ast.walk(node)) else text


def _is_broken(node: ast.AST) -> bool:
    """Whether a number that this is a part of may be no whole one."""
    return isinstance(node, ast.Div) or (isinstance(node, ast.Constant) and type(node.value) is float)


def _size(ctx: Context, node: ast.expr, user: ast.Call) -> _Size | None:
    """The batch size of a generator; None: it is not known."""
    if isinstance(node, ast.Name):
        makers = [ctx.parents.get(one) for one in ctx.binders(node.id)]
        if len(makers) != 1 or not isinstance(makers[0], ast.Assign) or not isinstance(makers[0].value, ast.Call):
            return None
        size = _size(ctx, makers[0].value, user)
        near = ctx.names.scope_of(makers[0]) == ctx.names.scope_of(user)
        return size if size is None or size.value is not None or near else None
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute) and node.func.attr in _FLOWS:
        return _given(ctx, node, "batch_size", _FLOWS[node.func.attr], _DEFAULT)
    function = generator_of(ctx, node.func)
    if function is None:
        return None
    parameters = [*function.args.posonlyargs, *function.args.args]
    if isinstance(node.func, ast.Attribute):
        parameters = parameters[1:]
    for index, parameter in enumerate(parameters):
        if parameter.arg in _SIZES:
            defaults = function.args.defaults
            place = index - (len(parameters) - len(defaults))
            default = defaults[place] if 0 <= place < len(defaults) else None
            constant = isinstance(default, ast.Constant) and type(default.value) is int
            return _given(ctx, node, parameter.arg, index, str(default.value) if constant else None)  # type: ignore
    return None


def generator_of(ctx: Context, callee: ast.expr) -> ast.FunctionDef | None:
    """The generator function of the module that a name, or ``self.name``, stands for, whatever scope it is in."""
    makers: list[ast.AST] = []
    if isinstance(callee, ast.Name):
        makers = ctx.binders(callee.id)
    elif isinstance(callee, ast.Attribute) and isinstance(callee.value, ast.Name) and callee.value.id == "self":
        makers = [one for one in ctx.binders(callee.attr) if isinstance(ctx.parents.get(one), ast.ClassDef)]
        if any(isinstance(one, ast.FunctionDef) and one.decorator_list for one in makers):
            return None
    if len(makers) != 1 or not isinstance(makers[0], ast.FunctionDef):
        return None
    yields = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in ast.walk(makers[0]))
    return makers[0] if yields else None


def _given(ctx: Context, call: ast.Call, keyword: str, index: int, default: str | None) -> _Size | None:
    """The batch size that a call is given."""
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return None
    nodes = [one.value for one in call.keywords if one.arg == keyword] or call.args[index : index + 1]
    if not nodes:
        return _Size(default, int(default)) if default is not None else None
    (node,) = nodes
    if isinstance(node, ast.Constant):
        return _Size(str(node.value), node.value) if type(node.value) is int and node.value > 0 else None
    return _Size(ctx.module.segment(node), None) if isinstance(node, (ast.Name, ast.Attribute)) else None
