"""A legacy call's arguments → how they are spelled now. Reads the entry's Spelling; knows no layer by name."""

import ast
from collections.abc import Iterator
from string import Formatter
from typing import TYPE_CHECKING

from tdmigrate.findings import Added, ArgumentEdit, CallEdit, Edit, Import, TextEdit
from tdmigrate.keras1.entry import (
    Dropped,
    Entry,
    Folded,
    Gathered,
    Layer,
    Method,
    Ordered,
    Parameter,
    Renamed,
    Shaped,
    Spelling,
    Text,
    Values,
    Weights,
)
from tdmigrate.keras1.orderings import FORMATS
from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.understanding.calls import Required, in_force, is_constant, other_names, signature
from tdmigrate.understanding.era import ASKS_ORDERING
from tdmigrate.understanding.facts import Argument, Bound
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.values import KeywordName

if TYPE_CHECKING:
    from tdmigrate.understanding.told import Told

_STAYS = ("input_shape",)  # Keras 3 layers take it, with a warning

_REGISTERED = (
    "no name of Keras 1 but of a function that the source registers; Keras 3 looks for names among its own alone, and "
    "raises or takes its own function of that name: give the function itself"
)

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
    stands: dict[str, int]  # the keyword arguments of the call itself, by legacy name, with their indexes


UNCHANGED = Plan((), (), (), (), (), (), (), (), (), {}, None, {})


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
        # where each argument stands: in the call, or in functools.partial(...), and its index there
        self.stands = {
            node: (one, index) for one in (partial, call) if one is not None for index, node in _members(one)
        }
        self.ctx = ctx
        self.call = call
        self.bound = bound
        self.entry = entry
        self.spelling = spelling
        self.form = signature(entry.signatures[bound.version])
        self.parameters, self.others = _parameters(spelling, ctx, bound)
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
        self.taken_over: set[str] = set()  # arguments that are not given, and that another one becomes

    def plan(self) -> Plan:
        positions = signature(self.spelling.signature).names() if self.spelling.signature else None
        kept = 0  # positional arguments that stay positional so far
        straight = True
        spread: dict[str, list[tuple[ast.expr, ast.expr]]] = {}
        for name, key, given in self.bound.spread:
            spread.setdefault(name, []).append((key, given))
        arguments = sorted(self.bound.arguments.values(), key=lambda a: a.index)
        if self._is_of_keras3():
            arguments = list(filter(self._is_word_of_keras1, arguments))
        for argument in arguments:
            parameter = self.parameters.get(argument.name)
            self._doubt(argument, parameter)
            if any(argument.node is one for _, one in spread.get(argument.name, ())):
                for key, one in spread[argument.name]:
                    other = getattr(one, "value", UNKNOWN) if isinstance(one, ast.Constant) else UNKNOWN
                    alone = argument if one is argument.node else argument._replace(node=one, value=other)
                    self._spread(alone, parameter, key)
                continue
            if isinstance(parameter, (Shaped, Weights)) and self._held(argument) and not is_none(argument.node):
                message = f"`{argument.name}` in functools.partial: Keras 3 takes it elsewhere, take it out by hand"
                self.asks.append((argument.node, message))
                if argument.positional:
                    self._edit(argument, keyword=argument.name)
                    straight = False
                continue
            if isinstance(parameter, Shaped):  # rules/inputs.py decides
                self.shaped[argument.name] = argument._replace(index=self.stands[argument.node][1])
                continue
            if isinstance(parameter, Weights) and not is_none(argument.node):  # rules/weights.py decides
                self.weights = argument._replace(index=self.stands[argument.node][1])
                straight = straight and not argument.positional
                continue
            if isinstance(parameter, Folded) and self._takes_over(argument, parameter):
                straight = False
                continue
            if self._goes(argument, parameter) or self._yields(argument):
                self._edit(argument, drop=True)
                gathered = isinstance(parameter, Gathered)
                # else a second run would take the next for this one
                straight = straight and (gathered or not argument.positional)
                continue
            to = self._target(argument.name)
            value = self._value(argument, parameter)
            keyword: str | None = None
            if argument.positional:
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
            if isinstance(parameter, Renamed) and parameter.also and not is_none(argument.node):
                self._also(argument, parameter, value)
        for _, keyword_name in self.bound.unknown:
            if not self._is_new(keyword_name):
                releases = self.ctx.era.versions.show()
                self.notes.append((self._named(keyword_name), f"Keras {releases} has no argument `{keyword_name}`"))
        if not self._is_of_keras3():
            self._scattered()
            self._exclude()
            self._freeze()
            self._other_places()
            self._defaults()
        if self.bound.starred:
            self._handed_on()
            self._by_dict()
            self._starred()
        if self.bound.surplus and not self._gather_all():
            moves = self.edits or self.inner or self.added or self.shaped or self.weights is not None
            # an argument that Keras 1 did not take may be Keras 3's own, where nothing of the call changes
            new = signature(self.spelling.signature) if self.spelling.signature else self.form
            if moves or max(self.bound.surplus) >= len(new.names()):
                self._refuse()
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
            {given.arg: index for index, given in enumerate(self.call.keywords, len(self.call.args)) if given.arg},
        )

    def _edit(
        self, argument: Argument, keyword: str | None = None, value: str | None = None, drop: bool = False
    ) -> None:
        call, index = self.stands[argument.node]
        edit = ArgumentEdit(index, keyword, value, drop)
        if call is self.call:
            self.edits.append(edit)
        else:
            self.inner.append(CallEdit(self.ctx.span(call), arguments=(edit,)))

    def _gather_all(self) -> bool:
        """Make one tuple of values that 0.1 took one by one; False: the call has others."""
        values = self.call.args
        if not (isinstance(self.entry, Layer) and self.entry.one_by_one) or self.partial is not None:
            return False
        first = next(iter(self.bound.arguments.values()))  # which holds all of them then
        if self.bound.surplus != (*range(1, len(values)),) or not isinstance(first.value, tuple):
            return False
        if isinstance(first.node, (ast.Tuple, ast.List)) or len(first.value) != len(values):
            return False
        rest = [self.ctx.module.segment(value) for value in values[1:]]
        self.edits.append(ArgumentEdit(0, None, f"({{}}, {', '.join(rest)})"))
        self.edits += [ArgumentEdit(index, drop=True) for index in range(1, len(values))]
        self.changes.append("its sizes are one tuple since Keras 0.2")
        return True

    def _refuse(self) -> None:
        """Ask for the call itself: which of its values were meant is not known, so that none is moved."""
        message = "it is given more than it took, a TypeError in Keras 1: mend the call, then migrate it"
        self.asks = [(self.call, message)]
        for told in (self.edits, self.inner, self.imports, self.changes, self.added, self.added_imports, self.pins):
            told.clear()
        self.shaped, self.weights = {}, None

    def _held(self, argument: Argument) -> bool:
        """Whether the argument stands in functools.partial(...)."""
        return self.stands[argument.node][0] is not self.call

    def _named(self, keyword: str) -> ast.expr:
        """The value of a keyword argument."""
        calls = [call for call in (self.call, self.partial) if call is not None]
        return next(given.value for call in calls for given in call.keywords if given.arg == keyword)

    def _is_new(self, keyword: str) -> bool:
        """Whether a keyword is Keras 3's own already, or one of any that are taken."""
        targets = {p.to for p in self.parameters.values() if isinstance(p, (Renamed, Gathered, Ordered))}
        written = {w.keyword for w in self.spelling.written}
        form = signature(self.spelling.signature)
        return keyword in targets or keyword in written or keyword in form.names() or form.double_star

    def _goes(self, argument: Argument, parameter: Parameter | None) -> bool:
        """Whether the argument leaves the call."""
        if isinstance(parameter, Weights):
            return True
        if isinstance(parameter, Folded):
            self._fold(argument, parameter)
            return True
        if isinstance(parameter, Gathered):
            return self._is_gathered(parameter) and argument.name != parameter.names[0]
        if isinstance(parameter, Ordered):
            goes = argument.value == "default" and self.ctx.era.channels != "th"
            if goes:
                self.changes.append(f"`{argument.name}='default'` goes: that is what Keras 3 does")
            return goes
        if isinstance(parameter, Dropped):
            where = _trap(parameter.trap)
            if _harmless(self.ctx, argument, parameter.harmless):
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
        """An argument that means something else in another release which the source may be for."""
        other = self.others.get(argument.name)
        if other is None or is_none(argument.node):
            return
        if _outcome(other.parameter, argument) != _outcome(parameter, argument):
            trap = _trap(getattr(other.parameter, "trap", None) or getattr(parameter, "trap", None))
            when, which = (
                (f"from Keras {other.since} on", "an older")
                if other.later
                else (f"before Keras {other.since}", "a later")
            )
            message = f"{when}, `{argument.name}` did something else{trap}; {which} release is assumed"
            self.notes.append((argument.node, f"{message} (say --keras-version)"))

    def _fold(self, argument: Argument, parameter: Folded) -> None:
        if _harmless(self.ctx, argument, parameter.harmless):
            self.changes.append(f"`{argument.name}` goes: it said nothing")
            return
        self.changes.append(f"`{argument.name}` is part of `{self._target(parameter.into)}` now")
        self.imports.extend(self.ctx.written(parameter.text).imports)
        if parameter.note is not None:
            self.notes.append((argument.node, parameter.note))

    def _takes_over(self, argument: Argument, parameter: Folded) -> bool:
        """Whether the argument it goes into is not given, so that this one becomes it."""
        if parameter.into in self.bound.arguments or _harmless(self.ctx, argument, parameter.harmless):
            return False
        self._fold(argument, parameter)
        text = self.ctx.written(parameter.text).text.replace("{0}", self.ctx.module.segment(argument.node))
        default = repr(self.form.default(parameter.into))
        self._edit(argument, self._target(parameter.into), text.replace("{}", default))
        self.taken_over.add(parameter.into)
        return True

    def _folded_into(self, name: str) -> str | None:
        """The new text of an argument that another goes into (``{}``: its own)."""
        for other, parameter in self.parameters.items():
            argument = self.bound.arguments.get(other)
            if not isinstance(parameter, Folded) or parameter.into != name or argument is None:
                continue
            if not _harmless(self.ctx, argument, parameter.harmless):
                text = self.ctx.written(parameter.text).text
                return text.replace("{0}", self.ctx.module.segment(argument.node))
        return None

    def _exclude(self) -> None:
        given = self._excluding()
        spread = {value for _, _, value in self.bound.spread}
        if len(given) > 1 and given[-1].node in spread:
            names = " and ".join(f"`{argument.name}`" for argument in given)
            self.asks.append((given[-1].node, f"{names}: Keras 3 takes one of them only"))

    def _excluding(self) -> list[Argument]:
        """What the call gives of the arguments of which Keras 3 takes one alone."""
        arguments = [self.bound.arguments[name] for name in self.spelling.exclusive if name in self.bound.arguments]
        return [argument for argument in arguments if not is_none(argument.node)]

    def _yields(self, argument: Argument) -> bool:
        """Whether the argument goes, as Keras 3 takes it alone and another one stays."""
        given = self._excluding()
        if argument not in given[1:]:
            return False
        if not isinstance(self.entry, Method):  # which took the first alone
            message = f"`{argument.name}` is dropped: Keras 3 takes `{given[0].name}` or that; exact style keeps both"
            self.notes.append((argument.node, message))
        self.changes.append(f"`{argument.name}` is dropped")
        return True

    def _freeze(self) -> None:
        """Keras 3 leaves the penalties of a layer that does not train out of the loss."""
        trainable = self.bound.arguments.get("trainable")
        if trainable is None or trainable.value is not False:
            return
        for argument in self.bound.arguments.values():
            to = self._target(argument.name)
            if to.endswith("_regularizer") and to != "activity_regularizer" and not is_none(argument.node):
                message = f"`{argument.name}` with `trainable=False`: the loss that is shown lacks this constant now"
                self.notes.append((argument.node, message))

    def _target(self, name: str) -> str:
        parameter = self.parameters.get(name)
        if isinstance(parameter, Gathered):
            return parameter.to if self._is_gathered(parameter) else name
        return parameter.to if isinstance(parameter, (Renamed, Ordered)) else name

    def _is_gathered(self, parameter: Gathered) -> bool:
        """Whether all members of a tuple stand in one call."""
        given = [self.bound.arguments.get(name) for name in parameter.names]
        spread = {value for _, _, value in self.bound.spread}
        places = [self.stands[one.node][0] for one in given if one is not None and one.node not in spread]
        return len(places) == len(given) and len(set(places)) == 1

    def _is_of_keras3(self) -> bool:
        """Whether a call gives in one tuple, or number, what Keras 1 took in several arguments."""
        for parameter in self._gathers():
            given = [self.bound.arguments[name] for name in parameter.names if name in self.bound.arguments]
            if any(isinstance(one.node, (ast.Tuple, ast.List)) or type(one.value) in (tuple, list) for one in given):
                return True
            if 0 < len(given) < len(parameter.names) and not self.bound.starred:
                return True
        return False

    def _is_word_of_keras1(self, argument: Argument) -> bool:
        """Whether a call in the form of Keras 2, which took both, has here a keyword that only Keras 1 had."""
        parameter = self.parameters.get(argument.name)
        if argument.positional or not isinstance(parameter, (Renamed, Ordered, Dropped)):
            return False
        return argument.name not in signature(self.spelling.signature).names()

    def _gather(self, parameter: Gathered) -> str:
        """The members of a tuple, of which the first stands where it stood."""
        rest = [self.ctx.module.segment(self.bound.arguments[name].node) for name in parameter.names[1:]]
        return f"({', '.join(['{}', *rest])})"

    def _scattered(self) -> None:
        """Members of a tuple that stand in different places, or of which some come in from elsewhere."""
        for parameter in self._gathers():
            given = [name for name in parameter.names if name in self.bound.arguments]
            if not given or self._is_gathered(parameter):
                continue
            names = ", ".join(parameter.names)
            message = f"`{names}` are `{parameter.to}=({names})` now: bring them together"
            self.asks.append((self.bound.arguments[given[0]].node, message))

    def _also(self, argument: Argument, parameter: Renamed, value: str | None) -> None:
        for keyword in parameter.also:
            if self._given((keyword,)):
                continue
            if self._held(argument):
                self.asks.append((argument.node, f"give it to `{keyword}` as well{_trap(parameter.trap)}"))
                continue
            self.added.append(Added(keyword, value or "{}", self.stands[argument.node][1]))
            self.pins.append(f"{keyword}, to which `{argument.name}` applied too{_trap(parameter.trap)}")

    def _spread(self, argument: Argument, parameter: Parameter | None, key: ast.expr) -> None:
        """A member of a ``**dict`` that stands in the source: its key is renamed where it stands."""
        if isinstance(parameter, Shaped) and argument.name in _STAYS:
            return
        if isinstance(parameter, Gathered):
            return  # asked for all of them at once
        if isinstance(parameter, (Shaped, Weights, Dropped, Folded)):
            self.asks.append((key, f"`{argument.name}` in the dict cannot stay; take it out by hand"))
            return
        if isinstance(parameter, (Renamed, Ordered)):
            if parameter.to != argument.name:
                named = isinstance(key, KeywordName)
                if self._is_read_by(argument.name):
                    message = f"`{argument.name}` is `{parameter.to}` now: the dict it comes in is read by the old name"
                    self.asks.append((key, f"{message} elsewhere, too"))
                    return
                if not named and not isinstance(key, ast.Constant):
                    self.asks.append((key, f"`{argument.name}` is `{parameter.to}` now"))
                    return
                text = parameter.to if named else repr(parameter.to)
                self.inner.append(TextEdit(self.ctx.span(key), text))
                change = f"`{argument.name}` is `{parameter.to}`"
                self.changes += [change] if change not in self.changes else []
            value = self._value(argument, parameter)
            if value is not None:
                self.inner.append(TextEdit(self.ctx.span(argument.node), value))

    def _is_read_by(self, name: str) -> bool:
        """Whether a dict that is handed on by ``**`` here is read by this key, or given to other functions."""
        held = {one.value.id for one in self.call.keywords if one.arg is None and isinstance(one.value, ast.Name)}
        facts = self.ctx.facts
        keras = {use.node for use in facts.methods} | {use.node for use in facts.layers}
        keras |= {use.node for use in facts.functions}
        for load in (load for one in held for load in self._loads(one)):
            parent = self.ctx.parents.get(load)
            if isinstance(parent, ast.keyword) and parent.arg is None:
                if self.ctx.parents.get(parent) not in keras:
                    return True
            elif isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load):
                if getattr(parent.slice, "value", name) == name:
                    return True
            elif isinstance(parent, ast.Attribute) and parent.attr in ("get", "pop", "setdefault"):
                call = self.ctx.parents.get(parent)
                if isinstance(call, ast.Call) and any(getattr(one, "value", name) == name for one in call.args[:1]):
                    return True
        return False

    def _loads(self, name: str) -> list[ast.Name]:
        """Where the variable is read that the call reads by this name."""
        scope = self.ctx.names.scope_of(self.call)
        loads = self.ctx.loads.get(name, [])
        bound = {self.ctx.names.scope_of(one) for one in self.ctx.binders(name) if not isinstance(one, ast.arg)}
        function: ast.AST | None = self.call
        while function is not None and not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = self.ctx.parents.get(function)
        if scope not in bound and not (function is not None and name in _parameter_names(function.args)):
            return loads
        return [one for one in loads if f"{self.ctx.names.scope_of(one)}.".startswith(f"{scope}." if scope else "")]

    def _values(self, parameter: Renamed) -> Values | None:
        if self.ctx.settings.style == "exact" and parameter.exact is not None:
            return parameter.exact
        return parameter.values

    def _value(self, argument: Argument, parameter: Parameter | None) -> str | None:
        """The new text of a value (``{}``: the present one); None: it stays."""
        if isinstance(parameter, Gathered):
            return self._gather(parameter) if self._is_gathered(parameter) else None
        if isinstance(parameter, Ordered):
            return self._order(argument)
        if not isinstance(parameter, Renamed):
            return None
        if parameter.exact_from is not None and self.ctx.settings.style == "exact":
            return self._as_the_other(parameter.exact_from)
        values = self._values(parameter)
        if values is None:
            return None
        if values.axes:
            return moved(values.axes, argument.value)
        if values.dicts is not None and isinstance(argument.node, ast.Dict):
            self.asks.append((argument.node, f"`{argument.name}`: {values.dicts}"))
            return None
        if isinstance(argument.node, ast.Constant):
            return self._literal(values, argument, argument.node.value, argument.node)
        if values.tuples or values.keys:
            return self._regrouped(values, argument)
        members = list(leaves(held_once(self.ctx, argument.node)))
        if members != [argument.node]:
            for leaf in members:
                if isinstance(leaf, ast.Constant):
                    text = self._literal(values, argument, leaf.value, leaf)
                    if text is not None:
                        self.inner.append(TextEdit(self.ctx.span(leaf), text))
                else:
                    told = self._told(values, argument, leaf)
                    self._ask_where_written(values, argument.name, told)
            return None
        if is_constant(argument.value) and not isinstance(argument.value, (tuple, list)):
            if self.ctx.is_certain(argument.node):
                return self._literal(values, argument, argument.value, argument.node)
            return self._by_default(values, argument)
        if values.other is not None:
            other = self.ctx.written(values.other)
            self.imports.extend(other.imports)
            return other.text
        if values.wrapped is not None:
            from tdmigrate.rules import own_initializers  # nothing else is wrapped

            if own_initializers.is_made(self.ctx, argument.node):
                wrapped = self.ctx.written(values.wrapped)
                self.imports.extend(wrapped.imports)
                return wrapped.text
            if argument.value is UNKNOWN and own_initializers.may_be_made(self.ctx, argument.node):
                self.asks.append((argument.node, f"`{argument.name}`: {own_initializers.ASK}"))
                return None
        if values.literal and (argument.value is UNKNOWN or isinstance(argument.value, list)):
            text = self._by_string(values, argument)
            if text is not None:
                return text
        if values.functions is not None and self.ctx.is_function(argument.node):
            self.asks.append((argument.node, f"`{argument.name}`: {values.functions}"))
        elif values.doubt is not None and argument.value is UNKNOWN and _is_plain(argument.node):
            self.notes.append((argument.node, values.doubt))
        return None

    def _by_default(self, values: Values, argument: Argument) -> str | None:
        """The new text of what is one value where this source calls, and may be another where other files do."""
        value = argument.value
        if _lookup(values, value) is None or value in values.aliases:
            if value not in values.aliases:
                self._literal(values, argument, value, argument.node)  # it has no equal, or something is to be told
            return self._by_string(values, argument, value)
        if not isinstance(argument.node, (ast.Name, ast.Attribute)):
            self.asks.append((argument.node, f"`{argument.name}` may be {value!r} here: mend it where that is written"))
            return None
        text = self._literal(values, argument, value, argument.node)
        others = self._by_string(values, argument, value)
        return f"{text} if {{}} == {value!r} else {others or '{}'}" if text is not None else others

    def _by_string(self, values: Values, argument: Argument, besides: object = None) -> str | None:
        """The new text of a value that is not known, where strings that are spelled otherwise now may come to it."""
        told = self._told(values, argument, argument.node)
        read = isinstance(argument.node, (ast.Name, ast.Attribute, ast.Subscript))
        known = list(dict.fromkeys(_string(one) for one in told if read and not one.held))
        texts = [(value, self._literal(values, argument, value, argument.node)) for value in known if value != besides]
        self._ask_where_written(values, argument.name, [one for one in told if one.held or not known])
        arms = [f"{text} if {{}} == {value!r} else " for value, text in texts if text is not None]
        return f"{''.join(arms)}{{}}" if arms else None

    def _told(self, values: Values, argument: Argument, node: ast.expr) -> list["Told"]:
        """Strings that may come to an expression, and that are spelled otherwise now or have no equal."""
        looked = {
            part.value
            for compared in ast.walk(argument.node)
            if isinstance(compared, ast.Compare)
            for part in ast.walk(compared)
            if isinstance(part, ast.Constant)
        }
        here = set(ast.walk(argument.node))
        told = [one for one in self.ctx.strings.reaching(node) if one.node not in here]
        return [one for one in told if _string(one) not in looked and _is_otherwise(values, _string(one))]

    def _ask_where_written(self, values: Values, name: str, told: list["Told"]) -> None:
        for one in told:
            value = _string(one)
            text = _lookup(values, value)
            now = values.gone[value] if text is None else f"write `{_home(text)}` here"
            told_of = self.notes if text is not None and not text.imports else self.asks
            told_of.append((one.node, f"{value!r} may come to `{name}`: {now}"))

    def _regrouped(self, values: Values, argument: Argument) -> str | None:
        """A tuple or dict with its members grouped otherwise."""
        node = argument.node
        if isinstance(node, (ast.Tuple, ast.List)):
            form = values.tuples.get(len(node.elts))
            if form is None or any(isinstance(element, ast.Starred) for element in node.elts):
                return None
            return form.format(*map(self.ctx.module.segment, node.elts))
        if isinstance(node, ast.Dict) and values.keys:
            given: dict[object, str] = {
                key.value: self.ctx.module.segment(value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if len(given) == len(node.keys) and given.keys() <= _fields(values.keys):
                return values.keys.format_map(_Zeros(given))
        elif isinstance(argument.value, (tuple, list)):
            form = values.tuples.get(len(argument.value))
            text = self.ctx.module.segment(node)
            return form and form.format(*(f"{text}[{index}]" for index in range(len(argument.value))))
        elif is_constant(argument.value):
            return None
        elif values.doubt is not None:
            self.notes.append((node, f"`{argument.name}`: {values.doubt}"))
            return None
        self.asks.append((node, f"`{argument.name}`: a dict is a tuple now"))
        return None

    def _order(self, argument: Argument) -> str | None:
        """'channels_first' for 'th', 'channels_last' for 'tf'."""
        if argument.value == "default":
            return FORMATS["th"]
        if isinstance(argument.value, str) and (argument.value not in FORMATS or self.ctx.is_certain(argument.node)):
            if argument.value not in FORMATS and repr(argument.value) not in FORMATS.values():
                self.asks.append((argument.node, f"`{argument.name}={argument.value!r}` is no ordering of Keras 1"))
            return FORMATS.get(argument.value)
        symbol = self.ctx.names.resolve(argument.node.func) if isinstance(argument.node, ast.Call) else None
        if symbol is not None and symbol.path.rpartition(".")[2] in ASKS_ORDERING:
            return None  # rules/image_ordering.py
        return "'channels_first' if {} == 'th' else 'channels_last'"

    def _as_the_other(self, name: str) -> str:
        """The value that another legacy argument has now, given or by default."""
        parameter = self.parameters[name]
        assert isinstance(parameter, Renamed)
        other = self.bound.arguments.get(name)
        if other is None:
            return self._default_text(name, parameter).text
        return (self._value(other, parameter) or "{}").replace("{}", self.ctx.module.segment(other.node))

    def _default_text(self, name: str, parameter: Renamed) -> Text:
        """The old default, as it is spelled now."""
        if parameter.exact_from is not None and self.ctx.settings.style == "exact":
            return Text(self._as_the_other(parameter.exact_from))
        default = self.form.default(name)
        values = self._values(parameter)
        if values is not None and values.axes:
            return Text(moved(values.axes, default) or repr(default))
        text = _lookup(values, default) if values is not None else None
        return self.ctx.written(text) if text is not None else Text(repr(default))

    def _literal(self, values: Values, argument: Argument, value: object, node: ast.expr) -> str | None:
        if (value is None or isinstance(value, str)) and value in values.notes:
            self.notes.append((node, f"{value!r}: {values.notes[value]}"))
        text = _lookup(values, value)
        if text is None:
            if isinstance(value, str) and value in values.gone:
                self.asks.append((node, f"{value!r}: {values.gone[value]}"))
            if isinstance(value, str) and values.known and value not in values.known:
                self.asks.append((node, f"{value!r}: {_REGISTERED}"))
            if not _is_within(value, values.bounds):
                self.asks.append((node, f"`{argument.name}={value!r}` has no equal in Keras 3"))
            if values.closed and not (value is None and argument.name not in values.literal):
                self.asks.append((node, f"`{argument.name}={value!r}` has no equal in Keras 3"))
            return None
        if self.ctx.settings.style == "modern" and _is_compat(text):
            self.notes.append((node, f"{value!r} computes other numbers in Keras 3"))
            text = values.modern.get(value, Text(repr(value)))
        text = self.ctx.written(text)
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

    def _other_places(self) -> None:
        """Arguments by place that are others in releases which the source may be for, too."""
        if isinstance(self.entry, Layer):
            return  # those of 0.1 took the size of the input first, which is told by what else is given
        for name, others in other_names(self.bound, self.entry, self.ctx.era.versions).items():
            argument = self.bound.arguments[name]
            told = " or ".join(f"`{other}` (as in Keras {key})" for other, key in others.items())
            message = f"`{_short(self.ctx.module.segment(argument.node))}` is taken for `{name}`; it may be {told}"
            self.notes.append((argument.node, f"{message}: give it by name, or say --keras-version"))

    def _defaults(self) -> None:
        style = self.ctx.settings.style
        new = signature(self.spelling.signature)
        for name, parameter in self.parameters.items():
            if not isinstance(parameter, Renamed) or name in self.taken_over:
                continue
            if self._given((name, parameter.to, *parameter.moot)) or name in self.bound.handed:
                continue
            if not (parameter.pin or (parameter.pin_exact and style == "exact")):
                continue
            default = self.form.default(name)
            if name not in self.form.names() or default is Required:
                continue
            if self.bound.starred and not (isinstance(self.entry, Layer) and parameter.to != name):
                continue  # it may be among what * or ** hands on; a legacy keyword there cannot stay anyway
            text = self._default_text(name, parameter)
            values = self._values(parameter)
            if values is not None and style == "exact" and default in values.notes:
                self.notes.append((self.call, f"`{name}={default!r}`: {values.notes[default]}"))
            others = self._other_defaults(name, default)
            if others:
                self.notes.append(
                    (
                        self.call,
                        f"the default of `{name}` was {_list(others)} in other releases this source may be for; "
                        f"{default!r} is assumed (say --keras-version)",
                    )
                )
            if parameter.to in new.names() and repr(new.default(parameter.to)) == text.text:
                continue
            self._pin(parameter.to, text, f"{name}={default!r}", parameter.trap)
        self._channels()
        for written in self.spelling.written:
            if self._given((written.keyword,)) or written.keyword in map(self._target, self.bound.arguments):
                continue
            if written.channels_first and self.ctx.era.orderings <= {"tf"}:
                continue
            versions = parse(written.versions) if written.versions else ALL
            if written.backend and written.backend != self.ctx.era.backend:
                if not self.ctx.era.backend_evidence and self.ctx.settings.source_backend is None:
                    message = f"if it ran on {written.backend}: say {written.keyword}={written.text.text}"
                    self.notes.append((self.call, f"{message}{_trap(written.trap)}"))
            elif not self.ctx.era.versions.within(versions):
                if self.ctx.era.versions.meets(versions):
                    self.notes.append(
                        (
                            self.call,
                            f"in a source for Keras {written.versions} this was {written.keyword}={written.text.text}"
                            f"{_trap(written.trap)}; a later release is assumed (say --keras-version)",
                        )
                    )
            else:
                old = f"{written.keyword}={written.text.text}"
                self._pin(written.keyword, written.text, old, written.trap, always=not written.trap)

    def _channels(self) -> None:
        """The ordering of a layer that names none."""
        if self.ctx.era.channels != "th":
            return
        for name, parameter in self.parameters.items():
            if not isinstance(parameter, Ordered) or self._given((name, parameter.to)) or name in self.bound.handed:
                continue
            self.added.append(Added(parameter.to, FORMATS["th"]))
            self.pins.append(f"{parameter.to}={FORMATS['th']}{_trap(parameter.trap)}")

    def _gathers(self) -> set[Gathered]:
        return {parameter for parameter in self.parameters.values() if isinstance(parameter, Gathered)}

    def _pin(self, keyword: str, text: Text, old: str, trap: str | None, always: bool = False) -> None:
        new = signature(self.spelling.signature)
        always = always or (keyword in new.names() and new.default(keyword) is Required)
        if self.ctx.settings.style == "modern" and not always:
            self.notes.append((self.call, f"Keras 1's `{old}` is not Keras 3's default: numbers change{_trap(trap)}"))
            return
        text = self.ctx.written(text)
        self.added.append(Added(keyword, text.text))
        self.added_imports.extend(text.imports)
        self.pins.append(f"{keyword}={text.text}{_trap(trap)}")

    def _other_defaults(self, name: str, default: object) -> list[str]:
        found: list[str] = []
        for key in in_force(self.entry, self.ctx.era.versions):
            form = signature(self.entry.signatures[key])
            if name in form.names() and form.default(name) not in (default, Required):
                shown = repr(form.default(name))
                if shown not in found:
                    found.append(shown)
        return found

    def _handed_on(self) -> None:
        """Arguments that are known to come in by ``**``, written elsewhere, and that cannot stay as they are."""
        star = next((keyword.value for keyword in self.call.keywords if keyword.arg is None), self.call)
        for name in self.bound.handed:
            parameter = self.parameters.get(name)
            if isinstance(parameter, (Renamed, Gathered, Ordered)):
                now = f"is `{parameter.to}` now" if parameter.to != name else ""
                pinned = isinstance(parameter, Renamed) and parameter.pin and self.form.default(name) is not Required
                if now and pinned:
                    now += f" and has another default{_trap(parameter.trap)}"
            elif isinstance(parameter, (Shaped, Weights)):
                now = "is told elsewhere now" if name not in _STAYS else ""
            elif isinstance(parameter, Folded):
                now = f"is part of `{self._target(parameter.into)}` now"
            else:
                now = f"goes: {parameter.why}" if isinstance(parameter, Dropped) else ""
            if now:
                self.asks.append((star, f"`{name}`, which comes in by ** here, {now}: mend it where it is written"))

    def _by_dict(self) -> None:
        """Strings in a dict that is handed on by ``**``, and that are spelled otherwise now."""
        for keyword in self.call.keywords:
            for name, parameter in self.parameters.items() if keyword.arg is None else ():
                values = self._values(parameter) if isinstance(parameter, Renamed) else None
                if values is not None and values.literal and name not in self.bound.arguments:
                    told = self.ctx.strings.keyed(keyword.value, name)
                    told = [one for one in told if _is_otherwise(values, _string(one))]
                    self._ask_where_written(values, name, told)

    def _starred(self) -> None:
        if isinstance(self.entry, Method):
            self._open()
            return
        if any(isinstance(p, Renamed) and (p.to != name or p.pin) for name, p in self.parameters.items()):
            self.notes.append((self.call, "arguments handed on by * or ** are not known here: see where they are made"))

    def _open(self) -> None:
        """Ask for what may come into a method by ``**``, and has another name or default now."""
        given = self.bound.arguments.keys() - {name for name, _, _ in self.bound.spread}
        new = signature(self.spelling.signature)
        changed = []
        for name in self.form.names():
            parameter = self.parameters.get(name)
            if name in given or not isinstance(parameter, Renamed):
                continue
            default = self.form.default(name)
            if parameter.to != name and default is not Required:
                changed.append(f"`{name}` is `{parameter.to}` now")
            if parameter.pin and default is not Required and default != new.default(parameter.to):
                changed.append(f"without it there were {default!r}, now {new.default(parameter.to)!r}")
        if changed:
            message = f"what comes in by * or ** is not all known here: {', '.join(changed)}; mend it where it is made"
            self.asks.append((self.call, message))


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


def held_once(ctx: Context, node: ast.expr) -> ast.expr:
    """The list of constants that a variable holds for this place alone, else the expression itself."""
    if not isinstance(node, ast.Name) or len(ctx.loads.get(node.id, ())) != 1:
        return node
    binders = ctx.binders(node.id)
    statement = ctx.parents.get(binders[0]) if len(binders) == 1 else None
    if not isinstance(statement, ast.Assign) or statement.targets != binders:
        return node
    held = statement.value
    plain = isinstance(held, ast.List) and all(isinstance(one, ast.Constant) for one in held.elts)
    return held if plain else node


def edited(made: Plan, index: int, value: str | None = None, drop: bool = False) -> Plan:
    """The plan with another text for an argument, or without the argument."""
    edits = {edit.index: edit for edit in made.edits}
    kept = ArgumentEdit(index) if drop else edits.get(index, ArgumentEdit(index))
    edits[index] = kept._replace(value=value, drop=drop)
    return made._replace(edits=tuple(edits.values()))


def _parameter_names(arguments: ast.arguments) -> set[str]:
    named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    return {one.arg for one in named if one is not None}


def _fields(form: str) -> set[object]:
    return {name for _, name, _, _ in Formatter().parse(form) if name}


class _Zeros(dict[object, str]):
    """Texts by key, "0" for a key that is not there."""

    def __missing__(self, key: object) -> str:
        return "0"


class _Other(NamedTuple):
    """A parameter of another release than those that are assumed."""

    since: str  # the release that made the difference
    later: bool  # whether it is of that release and later ones, or of earlier ones
    parameter: Parameter


def _members(call: ast.Call) -> Iterator[tuple[int, ast.expr]]:
    """The arguments of a call with their indexes."""
    yield from enumerate((*call.args, *(keyword.value for keyword in call.keywords)))


def _parameters(spelling: Spelling, ctx: Context, bound: Bound) -> tuple[dict[str, Parameter], dict[str, _Other]]:
    """The parameters in force, and those of other releases that the source may be for."""
    now = dict(spelling.parameters)
    others: dict[str, _Other] = {}
    if spelling.unless is not None:
        name, value = spelling.unless
        argument = bound.arguments.get(name)
        if argument is not None and argument.value == value:
            return now, others
    for version, changed in spelling.since.items():
        start = parse(version).lo
        if start <= ctx.era.assumed.hi:
            if start > ctx.era.versions.lo:
                others.update({n: _Other(version, False, now[n]) for n in changed if n in now})
            now.update(changed)
        elif start <= ctx.era.versions.hi:
            others.update({name: _Other(version, True, parameter) for name, parameter in changed.items()})
    return now, others


def _trap(number: str | None) -> str:
    return f" (trap {number})" if number else ""


def _outcome(parameter: Parameter | None, argument: Argument) -> object:
    """What a parameter does to an argument that is given, in the styles that keep numbers."""
    if isinstance(parameter, Renamed):
        values = parameter.values
        known = values is not None and is_constant(argument.value) and not isinstance(argument.value, (tuple, list))
        return parameter.to, parameter.also, _lookup(values, argument.value) if values is not None and known else None
    return type(parameter)


def _harmless(ctx: Context, argument: Argument, constants: tuple[object, ...]) -> bool:
    if isinstance(argument.node, ast.List) and not argument.node.elts:
        return () in constants
    return is_constant(argument.value) and argument.value in constants and ctx.is_certain(argument.node)


def _is_within(value: object, bounds: tuple[float, float] | None) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return bounds is None or not number or bounds[0] <= value < bounds[1]  # type: ignore[operator]


def moved(axes: tuple[int | None, ...], value: object) -> str | None:
    """An axis of a kernel, or several, as they are now; None: they are not known, or gone."""
    several = isinstance(value, (tuple, list))
    old = value if isinstance(value, (tuple, list)) else (value,)
    if not all(type(axis) is int and -len(axes) <= axis < len(axes) for axis in old):
        return None
    new = sorted(axis for axis in (axes[one] for one in old) if axis is not None)
    return None if not new else repr(tuple(new)) if several else repr(new[0])


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _lookup(values: Values, value: object) -> Text | None:
    for key, text in values.literal.items():
        if type(key) is type(value) and key == value:
            return text
    return None


def _string(told: "Told") -> str:
    return str(told.node.value)


def _is_otherwise(values: Values, value: str) -> bool:
    """Whether a string is spelled otherwise now, or has no equal."""
    text = _lookup(values, value)
    if text is None:
        return value in values.gone
    return value not in values.aliases and not _same_string(text.text, value)


def _home(text: Text) -> str:
    """A new text with the module that it is of, where it is a mere name."""
    needed = next((one for one in text.imports if one.name == text.text), None)
    return f"{needed.module}.{text.text}" if needed is not None else text.text


def leaves(node: ast.expr) -> Iterator[ast.expr]:
    """The values an expression may take, or hold: arms of a conditional, sides of ``or``, members of a dict or list."""
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.IfExp):
            stack += [node.orelse, node.body]
        elif isinstance(node, (ast.BoolOp, ast.Dict)):
            stack += reversed(node.values)
        elif isinstance(node, ast.List):
            stack += reversed(node.elts)
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
