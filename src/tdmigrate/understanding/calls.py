"""A call's arguments, bound to the legacy signature in force."""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from tdmigrate.keras1.entry import Entry, Layer, Method, Renamed
from tdmigrate.keras1.versions import Versions, parse
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.facts import Argument, Bound
from tdmigrate.understanding.shapes import UNKNOWN

# what `data_format` says → how `dim_ordering` said it
ORDERINGS: Mapping[object, str] = {"channels_first": "th", "channels_last": "tf"}

# what **kwargs of any layer took (keras/engine/topology.py of 1.2.2, keras/layers/core.py of 0.3.3)
LAYER_KEYWORDS = frozenset(
    ("name", "trainable", "input_shape", "batch_input_shape", "input_dtype", "create_input_layer", "cache_enabled")
)


class Required:
    """The default of a parameter that has none."""


class Signature(NamedTuple):
    """A signature as data: parameters with their defaults in order."""

    parameters: tuple[tuple[str, object], ...]  # (name, constant default; Required; UNKNOWN for any other expression)
    star: bool  # *args
    double_star: bool  # **kwargs

    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.parameters)

    def default(self, name: str) -> object:
        return next((value for known, value in self.parameters if known == name), UNKNOWN)


@cache
def signature(text: str) -> Signature:
    """Parse "output_dim, init='glorot_uniform', **kwargs"."""
    tree = ast.parse(f"lambda {text}: 0", mode="eval").body
    assert isinstance(tree, ast.Lambda)
    arguments = tree.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[object] = [Required] * (len(positional) - len(arguments.defaults))
    defaults += [_constant(node) for node in arguments.defaults]
    parameters = [(arg.arg, value) for arg, value in zip(positional, defaults, strict=True)]
    for arg, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters.append((arg.arg, Required if node is None else _constant(node)))
    return Signature(tuple(parameters), arguments.vararg is not None, arguments.kwarg is not None)


def _constant(node: ast.expr) -> object:
    try:
        value: object = ast.literal_eval(node)
    except ValueError:
        return UNKNOWN
    return value


def in_force(entry: Entry | Method, versions: Versions) -> tuple[str, ...]:
    """Keys of the signatures that hold at some release of the interval, newest first."""
    keys = tuple(entry.signatures)
    if len(keys) == 1:
        return keys
    starts = [parse(key).lo for key in keys]
    found = []
    for index, key in enumerate(keys):
        end = starts[index + 1] - 1 if index + 1 < len(keys) else versions.hi
        if starts[index] <= versions.hi and (end >= versions.lo or index + 1 == len(keys)):
            found.append(key)
    return tuple(reversed(found or keys[:1]))


def bind(
    call: ast.Call,
    entry: Entry | Method,
    versions: Versions,
    value_of: Callable[[ast.expr], object],
    spread: Mapping[str, tuple[ast.expr, ast.expr]] | None = None,
) -> Bound:
    """Bind to the newest signature of the interval that takes the call; where none does, to the one that fits best,
    be it of another release.

    ``value_of`` gives what is known of an expression (a constant, a Symbol, else ``UNKNOWN``); ``spread`` the members
    of a ``**dict`` that the source resolves: keyword → (key node, value node).

    A layer of 0.1 took ``(input_dim, output_dim)``. That order is told from a second positional that cannot be the
    initializer's name: a number, or anything but a string where 0.1 is possible at all.
    """
    best: tuple[int, Bound] | None = None
    keys = in_force(entry, versions) if not is_new(call, entry) else tuple(entry.signatures)[-1:]
    oldest = next(iter(entry.signatures))
    for key in (*keys, *(key for key in reversed(tuple(entry.signatures)) if key not in keys)):
        bound, misfits = _bind_to(call, signature(entry.signatures[key]), key, value_of, spread)
        misfits += _order_misfits(bound, signature(entry.signatures[key]), oldest in keys)
        if best is None or misfits < best[0]:
            best = (misfits, bound)
        if misfits == 0:
            break
    assert best is not None
    bound = _with_other_releases(best[1], call, entry, value_of)
    return _one_by_one(bound, call, value_of) if isinstance(entry, Layer) and entry.one_by_one else bound


def _one_by_one(bound: Bound, call: ast.Call, value_of: Callable[[ast.expr], object]) -> Bound:
    """With all values of ``Reshape(20, 5)`` as the value of its first argument; ``surplus`` still tells them."""
    if bound.starred or not bound.surplus or bound.surplus != tuple(range(1, len(call.args))):
        return bound
    name, values = next(iter(bound.arguments)), tuple(map(value_of, call.args))
    if isinstance(values[0], (tuple, list)) or isinstance(call.args[0], (ast.Tuple, ast.List)):
        return bound
    together = bound.arguments[name]._replace(value=values)
    return bound._replace(arguments={**bound.arguments, name: together})


def is_new(call: ast.Call, entry: Entry | Method) -> bool:
    """Whether a call has a keyword that is Keras 3's and was none before: it is for the newest, whatever it lacks."""
    if entry.keras3 is None:
        return False
    modern = set(signature(entry.keras3.signature).names()) | {written.keyword for written in entry.keras3.written}
    legacy = {name for text in entry.signatures.values() for name in signature(text).names()}
    new = modern - legacy - {"name"}
    return any(keyword.arg in new for keyword in call.keywords)


def _with_other_releases(
    bound: Bound, call: ast.Call, entry: Entry | Method, value_of: Callable[[ast.expr], object]
) -> Bound:
    """A keyword that only another release knew is an argument all the same: sources mix what they were copied from."""
    known = {name for text in entry.signatures.values() for name in signature(text).names()}
    arguments = dict(bound.arguments)
    unknown = []
    for index, keyword in bound.unknown:
        if keyword in known and keyword not in arguments:
            node = call.keywords[index - len(call.args)].value
            arguments[keyword] = Argument(keyword, index, False, node, value_of(node))
        else:
            unknown.append((index, keyword))
    modern = {}
    for name, parameter in entry.keras3.parameters.items() if entry.keras3 is not None and unknown else ():
        for index, keyword in unknown:
            if isinstance(parameter, Renamed) and parameter.to == keyword and name not in arguments:
                node = call.keywords[index - len(call.args)].value
                modern[name] = Argument(name, index, False, node, value_of(node))
    return bound._replace(arguments=arguments, unknown=tuple(unknown), modern=modern)


def _bind_to(
    call: ast.Call,
    form: Signature,
    key: str,
    value_of: Callable[[ast.expr], object],
    spread: Mapping[str, tuple[ast.expr, ast.expr]] | None,
) -> tuple[Bound, int]:
    names = form.names()
    arguments: dict[str, Argument] = {}
    unknown: list[tuple[int, str]] = []
    surplus: list[int] = []
    starred = False
    for index, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            starred = True
            break
        if index < len(names):
            arguments[names[index]] = Argument(names[index], index, True, node, value_of(node))
        elif not form.star:
            surplus.append(index)
    spread_out: list[tuple[str, ast.expr, ast.expr]] = []
    for offset, keyword in enumerate(call.keywords):
        index = len(call.args) + offset
        if keyword.arg is None:
            if spread is None:
                starred = True
                continue
            for name, (key_node, value_node) in spread.items():
                spread_out.append((name, key_node, value_node))
                if name not in arguments:
                    arguments[name] = Argument(name, index, False, value_node, value_of(value_node))
                else:
                    surplus.append(arguments[name].index)
            continue
        if keyword.arg in arguments:
            surplus.append(arguments[keyword.arg].index)
        if keyword.arg in names or (form.double_star and keyword.arg in LAYER_KEYWORDS):
            arguments[keyword.arg] = Argument(keyword.arg, index, False, keyword.value, value_of(keyword.value))
        else:
            unknown.append((index, keyword.arg))
    missing = 0
    if not starred:
        missing = sum(1 for name, default in form.parameters if default is Required and name not in arguments)
    bound = Bound(key, arguments, tuple(unknown), tuple(surplus), starred, tuple(spread_out))
    return bound, 4 * (len(unknown) + len(surplus)) + 2 * missing


def _order_misfits(bound: Bound, form: Signature, old_possible: bool) -> int:
    """How badly positional values sit: a number where a name's default is a string, a string where there is none."""
    misfits = 0
    for argument in bound.arguments.values():
        if not argument.positional:
            continue
        default = form.default(argument.name)
        number = isinstance(argument.value, (int, float)) and not isinstance(argument.value, bool)
        if isinstance(default, str):
            if number:
                misfits += 8
            elif argument.index == 1 and old_possible and argument.value is UNKNOWN:
                misfits += 1
        elif default is Required and isinstance(argument.value, str):
            misfits += 8
    return misfits


def other_names(bound: Bound, entry: Entry | Method, versions: Versions) -> dict[str, dict[str, str]]:
    """By the name of an argument that is given by its place: which other parameter it is in other releases of the
    interval, which take the call just as well, and the key of that signature."""
    own = signature(entry.signatures[bound.version]).names()
    found: dict[str, dict[str, str]] = {}
    given = [one for one in bound.arguments.values() if one.positional]
    named = {one.name for one in bound.arguments.values() if not one.positional}
    for key in in_force(entry, versions) if given and not bound.starred else ():
        form = signature(entry.signatures[key])
        names = form.names()
        if key == bound.version or len(names) < len(given) or not named <= set(names[len(given) :]) | LAYER_KEYWORDS:
            continue
        arguments = {names[one.index]: one._replace(name=names[one.index]) for one in given}
        other = bound._replace(version=key, arguments=arguments)
        lacks = any(value is Required and name not in (*arguments, *named) for name, value in form.parameters)
        if not lacks and not _order_misfits(other, form, key == next(iter(entry.signatures))):
            for one in given:
                if names[one.index] != one.name and names[one.index] in own:  # else it is the same by another name
                    found.setdefault(one.name, {}).setdefault(names[one.index], key)
    return found


class LegacyArguments:
    """The ``Arguments`` of a bound call: what shape rules read."""

    def __init__(
        self, bound: Bound, entry: Entry | Method, inner: object = None, channels: str | None = None
    ) -> None:
        """``inner``: what stands for the wrapped layer of a wrapper, by the parameter of ``entry.wraps``.
        ``channels``: the ordering of layers over images that name none, "th" or "tf"; None: it is not known.
        """
        self._bound = bound
        self._channels = channels
        self._form = signature(entry.signatures[bound.version])
        self._inner = inner
        self._wraps = getattr(entry, "wraps", None)

    def get(self, name: str) -> object:
        value = self._get(name)
        if name != "dim_ordering":
            return value
        if isinstance(value, str) and value in ORDERINGS:  # what is already written as Keras 3 has it
            return ORDERINGS[value]
        return self._channels or value if value == "default" else value

    def _get(self, name: str) -> object:
        if name == self._wraps and self._inner is not None:
            return self._inner
        argument = self._bound.arguments.get(name) or self._bound.modern.get(name)
        if argument is not None:
            return argument.value
        if self._bound.starred:
            return UNKNOWN
        default = self._form.default(name)
        if default is Required:
            return UNKNOWN
        return None if default is UNKNOWN and name not in self._form.names() else default

    def given(self, name: str) -> bool:
        return name in self._bound.arguments or name in self._bound.modern


def is_constant(value: object) -> bool:
    """Whether a value is wholly known: a constant, or a tuple or list of constants."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return all(is_constant(member) for member in value)
    return value is None or isinstance(value, (bool, int, float, str))
