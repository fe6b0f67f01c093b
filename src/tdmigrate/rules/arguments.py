"""A legacy call's arguments → how they are spelled now. Reads the entry's Spelling; knows no layer by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from tdmigrate.findings import Added, ArgumentEdit, CallEdit, Edit, Import, TextEdit
from tdmigrate.keras1.entry import (
    Dropped,
    Entry,
    Folded,
    Method,
    Parameter,
    Renamed,
    Shaped,
    Spelling,
    Text,
    Values,
    Weights,
)
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.calls import in_force, is_constant, signature
from tdmigrate.understanding.facts import Argument, Bound
from tdmigrate.understanding.shapes import UNKNOWN


class Plan(NamedTuple):
    """What becomes of the arguments of one call."""

    edits: tuple[ArgumentEdit, ...]
    inner: tuple[Edit, ...]  # edits inside the values, and of the keys of a resolved **dict
    imports: tuple[Import, ...]
    changes: tuple[str, ...]  # in words, "`output_dim` is `units`"
    added: tuple[Added, ...]  # old defaults written out
    added_imports: tuple[Import, ...]
    pins: tuple[str, ...]  # those defaults in words
    asks: tuple[tuple[ast.expr, str], ...]  # what only a person can decide: where, and what
    notes: tuple[tuple[ast.expr, str], ...]
    shaped: dict[str, Argument]  # input_dim, input_shape … by name
    weights: Argument | None


class _Planner:
    def __init__(
        self,
        ctx: Context,
        call: ast.Call,
        bound: Bound,
        entry: Entry | Method,
        spelling: Spelling,
        partial: ast.Call | None = None,
    ) -> None:
        self.partial = partial
        members = [*partial.args, *(keyword.value for keyword in partial.keywords)] if partial is not None else []
        self.held = frozenset(members)
        self.ctx = ctx
        self.call = call
        self.bound = bound
        self.entry = entry
        self.spelling = spelling
        self.form = signature(entry.signatures[bound.version])
        self.parameters, self.later = _parameters(spelling, ctx)
        self.edits: list[ArgumentEdit] = []
        self.inner: list[Edit] = []
        self.imports: list[Import] = []
        self.changes: list[str] = []
        self.added: list[Added] = []
        self.added_imports: list[Import] = []
        self.pins: list[str] = []
        self.asks: list[tuple[ast.expr, str]] = []
        self.notes: list[tuple[ast.expr, str]] = []
        self.shaped: dict[str, Argument] = {}
        self.weights: Argument | None = None

    def plan(self) -> Plan:
        positions = signature(self.spelling.signature).names() if self.spelling.signature else None
        kept = 0  # positional arguments that stay positional so far
        straight = True
        spread = {name: (key, value) for name, key, value in self.bound.spread}
        for argument in sorted(self.bound.arguments.values(), key=lambda a: a.index):
            parameter = self.parameters.get(argument.name)
            self._doubt(argument, parameter)
            if argument.name in spread and argument.node is spread[argument.name][1]:
                self._spread(argument, parameter, spread[argument.name][0])
                continue
            if isinstance(parameter, Shaped):  # rules/inputs.py decides
                self.shaped[argument.name] = argument
                continue
            if self._goes(argument, parameter):
                self._edit(argument, drop=True)
                continue
            to = parameter.to if isinstance(parameter, Renamed) else argument.name
            value = self._value(argument, parameter)
            keyword: str | None = None
            if argument.positional and argument.node not in self.held:
                stays = straight and (
                    positions[kept : kept + 1] == (to,) if positions is not None else kept == argument.index
                )
                if stays:
                    kept += 1
                else:
                    straight = False
                    keyword = to
            elif to != argument.name:
                keyword = to
            folded = self._folded_into(argument.name)
            if folded is not None:
                value = folded.replace("{}", value or "{}")
            if keyword is not None or value is not None:
                self._edit(argument, keyword, value)
                self._say(argument, to, keyword, value)
            if isinstance(parameter, Renamed) and parameter.also and not _is_none(argument.node):
                self._also(argument, parameter, value)
        for index, keyword_name in self.bound.unknown:
            if not self._is_new(keyword_name):
                node = self.call.keywords[index - len(self.call.args)].value
                self.notes.append((node, f"Keras {self.bound.version} has no argument `{keyword_name}`"))
        if not self.bound.starred:
            self._defaults()
        else:
            self._starred()
        return Plan(
            tuple(self.edits),
            tuple(self.inner),
            tuple(self.imports),
            tuple(self.changes),
            tuple(self.added),
            tuple(self.added_imports),
            tuple(self.pins),
            tuple(self.asks),
            tuple(self.notes),
            self.shaped,
            self.weights,
        )

    def _edit(
        self, argument: Argument, keyword: str | None = None, value: str | None = None, drop: bool = False
    ) -> None:
        edit = ArgumentEdit(argument.index, keyword, value, drop)
        if argument.node in self.held:  # it stands in functools.partial(...)
            assert self.partial is not None
            self.inner.append(CallEdit(self.ctx.span(self.partial), arguments=(edit,)))
        else:
            self.edits.append(edit)

    def _is_new(self, keyword: str) -> bool:
        """Whether a keyword is Keras 3's own already."""
        targets = {p.to for p in self.parameters.values() if isinstance(p, Renamed)}
        written = {w.keyword for w in self.spelling.written}
        positional = signature(self.spelling.signature).names() if self.spelling.signature else ()
        return keyword in targets or keyword in written or keyword in positional

    def _goes(self, argument: Argument, parameter: Parameter | None) -> bool:
        """Whether the argument leaves the call."""
        if isinstance(parameter, Weights):
            if _is_none(argument.node):
                return True
            self.weights = argument
            return False
        if isinstance(parameter, Folded):
            self._fold(argument, parameter)
            return True
        if isinstance(parameter, Dropped):
            where = _trap(parameter.trap)
            if _harmless(argument, parameter.harmless):
                self.changes.append(f"`{argument.name}` goes: it said nothing that Keras 3 does not do")
                return True
            if parameter.ask:
                self.asks.append((argument.node, f"`{argument.name}`: {parameter.why}{where}"))
                return False
            if parameter.note:
                self.notes.append((argument.node, f"`{argument.name}` is dropped: {parameter.why}{where}"))
            self.changes.append(f"`{argument.name}` is dropped: {parameter.why}")
            return True
        return False

    def _doubt(self, argument: Argument, parameter: Parameter | None) -> None:
        """An argument that means something else in a later release which the source may be for."""
        later = self.later.get(argument.name)
        if later is not None and not _is_none(argument.node) and _outcome(later[1]) != _outcome(parameter):
            trap = _trap(getattr(later[1], "trap", None))
            message = f"from Keras {later[0]} on, `{argument.name}` did something else{trap}; "
            self.notes.append((argument.node, message + "an older release is assumed (say --keras-version)"))

    def _fold(self, argument: Argument, parameter: Folded) -> None:
        if _harmless(argument, parameter.harmless):
            self.changes.append(f"`{argument.name}` goes: it said nothing")
            return
        shown = self.ctx.module.segment(argument.node)
        self.changes.append(f"`{argument.name}` is part of `{self._target(parameter.into)}` now")
        self.imports.extend(parameter.text.imports)
        if parameter.note is not None:
            self.notes.append((argument.node, parameter.note))
        if parameter.into not in self.bound.arguments:
            text = parameter.text.text.replace("{0}", shown)
            default = repr(self.form.default(parameter.into))
            self._edit(argument, self._target(parameter.into), text.replace("{}", default))

    def _folded_into(self, name: str) -> str | None:
        """The new text of an argument that another goes into (``{}``: its own)."""
        for other, parameter in self.parameters.items():
            argument = self.bound.arguments.get(other)
            if not isinstance(parameter, Folded) or parameter.into != name or argument is None:
                continue
            if not _harmless(argument, parameter.harmless):
                return parameter.text.text.replace("{0}", self.ctx.module.segment(argument.node))
        return None

    def _target(self, name: str) -> str:
        parameter = self.parameters.get(name)
        return parameter.to if isinstance(parameter, Renamed) else name

    def _also(self, argument: Argument, parameter: Renamed, value: str | None) -> None:
        shown = self.ctx.module.segment(argument.node)
        for keyword in parameter.also:
            if not self._given((keyword,)):
                self.added.append(Added(keyword, (value or "{}").replace("{}", shown)))
                self.pins.append(f"{keyword}, to which `{argument.name}` applied too{_trap(parameter.trap)}")

    def _spread(self, argument: Argument, parameter: Parameter | None, key: ast.expr) -> None:
        """A member of a ``**dict`` that stands in the source: its key is renamed where it stands."""
        if isinstance(parameter, (Shaped, Weights, Dropped, Folded)):
            self.asks.append((key, f"`{argument.name}` in the dict cannot stay; take it out by hand"))
            return
        if isinstance(parameter, Renamed):
            if parameter.to != argument.name:
                quoted = isinstance(key, ast.Constant)
                if not quoted:
                    self.asks.append((key, f"`{argument.name}` is `{parameter.to}` now"))
                    return
                self.inner.append(TextEdit(self.ctx.span(key), repr(parameter.to)))
                self.changes.append(f"`{argument.name}` is `{parameter.to}`")
            value = self._value(argument, parameter)
            if value is not None:
                self.inner.append(TextEdit(self.ctx.span(argument.node), value))

    def _values(self, parameter: Renamed) -> Values | None:
        if self.ctx.settings.style == "exact" and parameter.exact is not None:
            return parameter.exact
        return parameter.values

    def _value(self, argument: Argument, parameter: Parameter | None) -> str | None:
        """The new text of a value (``{}``: the present one); None: it stays."""
        if not isinstance(parameter, Renamed):
            return None
        values = self._values(parameter)
        if values is None:
            return None
        if isinstance(argument.node, ast.Constant):
            return self._literal(values, argument, argument.node.value, argument.node)
        leaves = list(_leaves(argument.node))
        if len(leaves) > 1:
            for leaf in leaves:
                if isinstance(leaf, ast.Constant):
                    text = self._literal(values, argument, leaf.value, leaf)
                    if text is not None:
                        self.inner.append(TextEdit(self.ctx.span(leaf), text))
            return None
        if is_constant(argument.value) and not isinstance(argument.value, (tuple, list)):
            return self._literal(values, argument, argument.value, argument.node)
        if values.other is not None:
            self.imports.extend(values.other.imports)
            return values.other.text
        if values.doubt is not None and argument.value is UNKNOWN and _is_plain(argument.node):
            self.notes.append((argument.node, values.doubt))
        return None

    def _literal(self, values: Values, argument: Argument, value: object, node: ast.expr) -> str | None:
        text = _lookup(values, value)
        if text is None:
            if values.closed and not (value is None and argument.name not in values.literal):
                self.asks.append((node, f"`{argument.name}={value!r}` has no equal in Keras 3"))
            return None
        if self.ctx.settings.style == "modern" and _is_compat(text):
            self.notes.append((node, f"{value!r} computes other numbers in Keras 3"))
            return None
        if text.text == repr(value):
            return None
        if isinstance(node, ast.Constant) and isinstance(value, str) and _same_string(text.text, value):
            return None
        self.imports.extend(text.imports)
        return text.text

    def _say(self, argument: Argument, to: str, keyword: str | None, value: str | None) -> None:
        old = argument.name
        if value is not None:
            shown = self.ctx.module.segment(argument.node)
            new = value.replace("{}", shown)
            self.changes.append(f"`{old}={_short(shown)}` is `{to}={_short(new)}`")
        elif keyword is not None and to != old:
            self.changes.append(f"`{old}` is `{to}`")
        elif keyword is not None:
            self.changes.append(f"`{old}` is given by name")

    def _given(self, names: tuple[str, ...]) -> bool:
        new = {keyword for _, keyword in self.bound.unknown}
        return any(self.bound.arguments.get(name) is not None or name in new for name in names)

    def _defaults(self) -> None:
        style = self.ctx.settings.style
        new = signature(self.spelling.signature) if self.spelling.signature else None
        for name, parameter in self.parameters.items():
            if not isinstance(parameter, Renamed) or self._given((name, parameter.to)):
                continue
            if not (parameter.pin or (parameter.pin_exact and style == "exact")):
                continue
            default = self.form.default(name)
            if name not in self.form.names():
                continue
            values = self._values(parameter)
            text = _lookup(values, default) if values is not None else None
            if text is None:
                text = Text(repr(default))
            if new is not None and parameter.to in new.names() and repr(new.default(parameter.to)) == text.text:
                continue
            others = self._other_defaults(name, default)
            if others:
                self.notes.append(
                    (
                        self.call,
                        f"the default of `{name}` was {_list(others)} in other releases this source may be for; "
                        f"{default!r} is assumed (say --keras-version)",
                    )
                )
            self._pin(parameter.to, text, f"{name}={default!r}", parameter.trap)
        for written in self.spelling.written:
            holds = not written.versions or self.ctx.era.versions.within(parse(written.versions))
            if holds and not self._given((written.keyword,)):
                self._pin(written.keyword, written.text, f"{written.keyword}={written.text.text}", written.trap)

    def _pin(self, keyword: str, text: Text, old: str, trap: str | None) -> None:
        if self.ctx.settings.style == "modern":
            self.notes.append((self.call, f"Keras 1's `{old}` is not Keras 3's default: numbers change{_trap(trap)}"))
            return
        self.added.append(Added(keyword, text.text))
        self.added_imports.extend(text.imports)
        self.pins.append(f"{keyword}={text.text}{_trap(trap)}")

    def _other_defaults(self, name: str, default: object) -> list[str]:
        found: list[str] = []
        for key in in_force(self.entry, self.ctx.era.versions):
            form = signature(self.entry.signatures[key])
            if name in form.names() and form.default(name) != default:
                shown = repr(form.default(name))
                if shown not in found:
                    found.append(shown)
        return found

    def _starred(self) -> None:
        if any(isinstance(p, Renamed) and (p.to != name or p.pin) for name, p in self.parameters.items()):
            self.notes.append((self.call, "arguments handed on by * or ** are not known here: see where they are made"))


def plan(
    ctx: Context,
    call: ast.Call,
    bound: Bound,
    entry: Entry | Method,
    spelling: Spelling,
    partial: ast.Call | None = None,
) -> Plan:
    """What becomes of each argument of ``call``, bound to ``entry``'s signature; some may stand in ``partial``."""
    return _Planner(ctx, call, bound, entry, spelling, partial).plan()


def _parameters(
    spelling: Spelling, ctx: Context
) -> tuple[dict[str, Parameter], dict[str, tuple[str, Parameter]]]:
    """The parameters in force, and those of later releases that the source may be for."""
    now = dict(spelling.parameters)
    later: dict[str, tuple[str, Parameter]] = {}
    for version, changed in spelling.since.items():
        start = parse(version).lo
        if start <= ctx.era.versions.lo:
            now.update(changed)
        elif start <= ctx.era.versions.hi:
            later.update({name: (version, parameter) for name, parameter in changed.items()})
    return now, later


def _trap(number: str | None) -> str:
    return f" (trap {number})" if number else ""


def _outcome(parameter: Parameter | None) -> object:
    """What a parameter does to an argument that is given, in the styles that keep numbers."""
    if isinstance(parameter, Renamed):
        return parameter.to, parameter.also
    return type(parameter)


def _harmless(argument: Argument, constants: tuple[object, ...]) -> bool:
    return is_constant(argument.value) and argument.value in constants


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _lookup(values: Values, value: object) -> Text | None:
    for key, text in values.literal.items():
        if type(key) is type(value) and key == value:
            return text
    return None


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """The values an expression may take: both arms of a conditional, both sides of ``or``."""
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.IfExp):
            stack += [node.orelse, node.body]
        elif isinstance(node, ast.BoolOp):
            stack += reversed(node.values)
        else:
            yield node


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression may hold a name: a call (an instance) or a lambda cannot."""
    return not isinstance(node, (ast.Call, ast.Lambda, ast.Constant))


def _is_compat(text: Text) -> bool:
    return any(needed.module == COMPAT for needed in text.imports)


def _same_string(text: str, value: str) -> bool:
    return text in (f"'{value}'", f'"{value}"')


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:37] + "..."


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " or " + items[-1]
