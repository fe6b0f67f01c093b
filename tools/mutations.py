"""Every default, mapping and value of the entries, broken once, one at a time.

A mutation is a few items of dictionaries of tdmigrate that get another value: mostly the entry behind each path of a
layer. What cannot change a number of a model is set aside in ``ASIDE``, with the reason.
"""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple, cast

from layer_calls import OF_ONE_LAYER, VALUES
from tdmigrate.keras1 import orderings, registry
from tdmigrate.keras1.entry import (
    Dropped,
    Entry,
    Function,
    Gathered,
    Layer,
    Ordered,
    Parameter,
    Renamed,
    Shaped,
    Spelling,
    Text,
    Values,
    Weights,
)
from tdmigrate.keras1.layers import merging
from tdmigrate.keras1.models import METHODS
from tdmigrate.keras1.regularizers import ACTIVITY_REGULARIZERS_0, CONSTRAINTS_0
from tdmigrate.keras1.versions import parse
from tdmigrate.understanding.calls import Required, signature

FAMILIES = ("default", "mapping", "value", "form")
# kinds of functions that layers and models are given → their area
AREAS = {"regularizer": "regularizers", "constraint": "constraints", "activation": "activations",
         "optimizer": "optimizers", "loss": "losses"}  # fmt: skip

SILENT = "is dropped without a word"
COMPILE = next(one.keras3 for one in METHODS if one.name == "compile" and one.keras3 is not None)

# legacy parameters on which no number of a model can hang → why
ASIDE: Mapping[str, str] = {
    "name": "what a layer is called",
    "seed": "which numbers chance draws, and neither Keras can draw the other's",
    "unroll": "it chooses an implementation",
    "input_dtype": "dropped; the proof runs in double precision",
}
# of one layer
OF_LAYER: Mapping[tuple[str, str], str] = {
    ("Embedding", "input_length"): "Keras 3 takes the length from the input",
    **dict.fromkeys([("Lambda", "output_shape"), ("MaskedLambda", "output_shape")], "Keras 3 finds the shape itself"),
    ("SimpleDeepRNN", "inner_activation"): "what is written out is the default of the layer in tdmigrate.compat, too",
    ("LocallyConnected1D", "border_mode"): "genuine Keras refuses all but one",
    ("LocallyConnected2D", "border_mode"): "genuine Keras refuses all but one",
}
_ELSEWHERE = "another spelling stands for calls that give it"
# mutations that change nothing → why
EQUIVALENT: Mapping[str, str] = {
    "BatchNormalization.instead[5].parameters['mode'] is not carried over": _ELSEWHERE,
    "BatchNormalization.instead[6].parameters['mode'] is not carried over": _ELSEWHERE,
    "GlobalMaxPooling1D.keras3.parameters['trainable'] is not carried over": "it has no weights",
    "LSTM.keras3.parameters['forget_bias_init'] 'one' stays as it was": "any word is true",
    "SeparableConvolution2D.kernels[1].last has its first two axes turned round": "both are of length 1",
}
# parameters of releases that do not know the name 'identity'
_LATER = ("beta_regularizer", "gamma_regularizer", "depthwise_", "pointwise_")
# what else of an entry is not broken → why
UNBROKEN: Mapping[str, str] = {
    "doubt, bounds, closed, gone, notes, functions, dicts": "whether a person is asked, or is told something",
    "cautions, theano, inside, masked_inside, behind_mask, frozen": "words to a person",
    "exact, pin_exact, exact_from, modern": "of other styles than the one that is proved here",
    "shape, ranks, masks, first": "what is known of shapes; no text is written from it alone",
    "paths": "where names are imported from; a wrong one does not run",
}


class Mutation(NamedTuple):
    """One thing broken.

    ``given``: arguments of ``owner``, as Python writes them, with which it can show; without any, the defaults.
    ``code``: statements that break a function of tdmigrate where they run, instead of ``items``.
    """

    area: str
    family: str
    owner: str
    place: str  # "keras3.parameters['init']"
    what: str  # "is not carried over"
    items: tuple[tuple[MutableMapping[Any, Any], Any, Any], ...] = ()  # dictionary, key, broken value
    given: tuple[Mapping[str, str], ...] = ()
    code: str = ""
    head: str = ""  # what a source says first, where it shows in such alone
    aside: str = ""  # why no number can hang on it
    style: str = "faithful"  # of the sources in which it shows
    datum: int = 0  # the identity of what is broken, where it may be shared
    alike: tuple[Mutation, ...] = ()  # the same datum, in other owners that share it

    @property
    def label(self) -> str:
        return f"{self.owner}.{self.place} {self.what}"


@contextlib.contextmanager
def broken(mutation: Mutation) -> Iterator[None]:
    """The tool with the mutation in it."""
    before = [(table, key, table[key]) for table, key, _ in mutation.items]
    for table, key, value in mutation.items:
        table[key] = value
    registry.layer.cache_clear()
    try:
        yield
    finally:
        for table, key, value in before:
            table[key] = value
        registry.layer.cache_clear()


def mutations(everywhere: bool = False) -> Iterator[Mutation]:
    """Every mutation of data, those of layers first.

    A parameter that several layers share is broken in one of them, and so is each value of a table for each parameter
    that it is of; with ``everywhere`` in all of them.
    """
    shared: dict[tuple[object, ...], list[Mutation]] = {}
    for one in _of_every_entry():
        if everywhere or not one.datum:
            yield one
            continue
        name = one.place.rpartition("['")[2]
        shared.setdefault((one.area, name, one.what, one.datum), []).append(one)
    for index, alike in enumerate(shared.values()):
        turned = [*alike[index % len(alike) :], *alike[: index % len(alike)]]
        yield turned[0]._replace(alike=tuple(turned[1:]))
    yield from _of_modes()
    yield from _of_orderings()
    yield from _of_names()


def _of_every_entry() -> Iterator[Mutation]:
    for entry in registry.all_entries():
        if entry.name in _BASES:
            continue
        if isinstance(entry, Layer) or (isinstance(entry, Function) and entry.kind in AREAS):
            for made in _of_entry(entry):
                name = made.place.rpartition("['")[2].removesuffix("']")
                aside = ASIDE.get(name, "") or OF_LAYER.get((entry.name, name), "")
                aside = EQUIVALENT.get(made.label, aside if made.family != "form" else "")
                if "since['1.2']['inner_init']" in made.place:
                    aside = "Keras 1.2 took `init` in its place, which a note tells (trap B4)"
                if name.startswith(_LATER) and made.what.startswith("'identity' "):
                    aside = "no release that has the parameter knows that name"
                yield made._replace(aside=made.aside or aside)


_BASES = ("Layer", "Wrapper")  # which sources only derive from


def _of_modes() -> Iterator[Mutation]:
    """Each mode of a merge is another layer."""
    modes = merging.MODES
    names = list(modes)
    for mode, following in zip(names, [*names[1:], names[0]], strict=True):
        path = modes[following] if modes[following] != modes[mode] else modes[names[0]]
        items = ((modes, mode, path),)
        yield Mutation("merging", "value", "Merge", f"MODES['{mode}']", f"is {path}", items, ({"mode": repr(mode)},))


def _of_orderings() -> Iterator[Mutation]:
    formats = orderings.FORMATS
    for ordering, other in (("th", "tf"), ("tf", "th")):
        items = ((formats, ordering, formats[other]),)
        given = ({"dim_ordering": repr(ordering)},)
        yield Mutation("layers", "value", "Convolution2D", f"FORMATS['{ordering}']", "is the other", items, given)


def _of_names() -> Iterator[Mutation]:
    """Each loss and optimizer that ``compile`` takes by name."""
    since = {key: table["optimizer"] for key, table in COMPILE.since.items()}
    optimizers = {_EARLY: COMPILE.parameters["optimizer"], **since}
    for when, parameter in optimizers.items():
        assert isinstance(parameter, Renamed)
        for style, values in (("faithful", parameter.values), ("exact", parameter.exact)):
            yield from _of_table(values, "optimizers", "optimizer", when, style)
    loss = COMPILE.parameters["loss"]
    assert isinstance(loss, Renamed)
    yield from _of_table(loss.values, "losses", "loss", "names", "faithful")


def _of_table(values: Values | None, area: str, parameter: str, place: str, style: str) -> Iterator[Mutation]:
    """Each name of a table stays as it was; aliases, which have one text, by their first."""
    seen: set[str] = set()
    if values is None:
        return
    for name, text in values.literal.items():
        if text.text not in seen:
            seen.add(text.text)
            items = ((cast("dict[object, Text]", values.literal), name, Text(repr(name))),)
            given = ({parameter: repr(name)},)
            where = f"{parameter}, {place}, {style}: {name!r}"
            aside = _OTHER_STEPS if name in values.notes else ""
            aside = _NADAM if name in ("Nadam", "nadam") and place == _EARLY else aside
            yield Mutation(area, "value", "compile", where, "stays as it was", items, given, aside=aside, style=style)


_EARLY = "up to 1.0.2"
_NADAM = "up to 1.0.2 there was no Nadam"
_OTHER_STEPS = "a note says that Keras 3's optimizer takes other steps"


def _takes_other_steps(entry: Layer | Function, place: str) -> bool:
    """Whether what stands there is of releases whose optimizer Keras 3 has not."""
    if not isinstance(entry, Function) or entry.kind != "optimizer" or entry.note is None or "styled" in place:
        return False
    key = re.search(r"(?:since|signatures)\['([\d.]+)'\]", place)
    return parse(key.group(1) if key else next(iter(entry.signatures))).lo >= parse(entry.note_since).lo


def _of_entry(entry: Layer | Function) -> Iterator[Mutation]:
    area = "layers" if isinstance(entry, Layer) else AREAS[entry.kind]

    def made(family: str, place: str, what: str, other: Entry, **more: Any) -> Mutation:
        table = registry._paths(_room(entry)) if _room(entry) else registry._ENTRIES
        items = tuple((cast("dict[str, Entry]", table), path, other) for path in entry.paths)
        if _takes_other_steps(entry, place):
            more["aside"] = _OTHER_STEPS
        if place.startswith("activity.written"):
            more["aside"] = _NEVER_TRAINED
        return Mutation(area, family, entry.name, place, what, items, **more)

    def of(place: str, spelling: Spelling | None, put: Any) -> Iterator[Mutation]:
        for family, inner, what, other, more in _of_spelling(spelling, entry) if spelling is not None else ():
            yield made(family, f"{place}.{inner}", what, put(other), **more)

    if not isinstance(entry, Function) or entry.kind != "loss" or entry.name == "get":
        yield from of("keras3", entry.keras3, lambda other: entry._replace(keras3=other))
    if isinstance(entry, Function):
        yield from of("activity", entry.activity, lambda other: entry._replace(activity=other))
        yield from (made(*one[:4], **one[4]) for one in _of_function(entry))
        styled = entry.styled
        if styled is not None and entry.kind != "loss":
            style = styled.styles[-1]

            def put_styled(other: Spelling) -> Function:
                return entry._replace(styled=styled._replace(spelling=other))

            yield from (one._replace(style=style) for one in of("styled", styled.spelling, put_styled))
    yield from (made(*one) for one in _defaults(entry))
    if isinstance(entry, Layer):
        yield from (made(*one[:4], **one[4]) for one in _of_layer(entry))
        for index, instead in enumerate(entry.instead):

            def put(other: Spelling, index: int = index) -> Layer:
                changed = [*entry.instead]
                changed[index] = changed[index]._replace(spelling=other)
                return entry._replace(instead=tuple(changed))

            if "exact" in instead.styles:
                continue
            values = _values_beside(*instead.argument) if instead.argument is not None else ()
            gives = tuple({instead.argument[0]: value} for value in [*values][:1] if instead.argument is not None)
            for one in of(f"instead[{index}]", instead.spelling, put):
                both = tuple({**given, **more} for given in gives or ({},) for more in one.given or ({},))
                yield one._replace(given=both)


_OTHERWISE = {"mode": "1", "trainable": "False", "dropout": "0.3"}  # values for which ``Instead.argument`` asks


def _room(entry: Entry) -> str:
    """The module of tdmigrate.keras1 that holds it, where that is looked into only seldom."""
    return registry._SELDOM.get(".".join(next(iter(entry.paths)).split(".")[:2]), "")


_TRAINABLE = Renamed("trainable")
_Made = tuple[str, str, str, Spelling, dict[str, Any]]  # family, place, what, the broken spelling, more


def _of_spelling(spelling: Spelling, entry: Layer | Function) -> Iterator[_Made]:
    tables: list[tuple[str, Mapping[str, Parameter], Any]] = [
        ("parameters", spelling.parameters, lambda other: spelling._replace(parameters=other)),
        *(
            (f"since['{key}']", table, lambda other, key=key: spelling._replace(since={**spelling.since, key: other}))
            for key, table in spelling.since.items()
        ),
    ]
    named = {name for text in entry.signatures.values() for name in _names(text)}
    unnamed = {name: Renamed(name) for name in sorted(named | ({"name"} if isinstance(entry, Layer) else set()))}
    unnamed |= {"trainable": _TRAINABLE} if isinstance(entry, Layer) else {}
    for place, parameters, put in tables:
        whole = {**(unnamed if place == "parameters" else {}), **parameters}
        for name, parameter in whole.items():
            for family, what, other, given in _of_parameter(name, parameter, whole, entry, spelling):
                aside = _ALIAS if what in _known_words(parameter) else ""
                if any(what.startswith(f"{old!r} ") for old in _told(parameter)):
                    aside = _OTHER_STEPS
                if any(values is _values(parameter) and what.startswith(words) for values, words in _UNTRAINED):
                    aside = _NEVER_TRAINED
                if what.lower().startswith("'nadam' ") and not place.startswith("since"):
                    aside = _NADAM
                broken_part = parameter.values if family == "value" and isinstance(parameter, Renamed) else parameter
                datum = id(broken_part) if name in parameters or name == "trainable" else 0
                more = {"given": given, "aside": aside, "datum": datum}
                yield family, f"{place}['{name}']", what, put({**parameters, name: other}), more
    for key in spelling.since:
        rest = {other: table for other, table in spelling.since.items() if other != key}
        given = tuple(one for name in spelling.since[key] for one in _gives(entry, name))
        yield "form", f"since['{key}']", "is as before", spelling._replace(since=rest), {"given": (*given, {})}
    for index, written in enumerate(spelling.written):
        before, after = spelling.written[:index], spelling.written[index + 1 :]
        place, more = f"written['{written.keyword}']", {"head": _FIRST if written.channels_first else ""}
        yield "default", place, "is not written", spelling._replace(written=(*before, *after)), more
        text = _otherwise(written.text.text)
        if text is not None:
            changed = written._replace(text=written.text._replace(text=text))
            yield "default", place, f"is {text}", spelling._replace(written=(*before, changed, *after)), more
    if spelling.unless is not None:
        name, value = spelling.unless
        given = tuple({name: repr(value), **one} for one in _REGULARIZED)
        yield "form", "unless", "holds for no call", spelling._replace(unless=None), {"given": given}


_ALIAS = "Keras 3 takes the old word as well"


_NEVER_TRAINED = "genuine Keras of these releases does not train with it"
# values with which the releases that have these tables fail to train: of regularizers the wrong kind
_UNTRAINED = ((ACTIVITY_REGULARIZERS_0, ("'l1' ", "'l2' ", "'l1l2' ")), (CONSTRAINTS_0, ("'nonneg' ",)))


def _values(parameter: Parameter) -> Values | None:
    return parameter.values if isinstance(parameter, Renamed) else None


def _told(parameter: Parameter) -> set[object]:
    """Values that come with a note."""
    values = _values(parameter)
    return {*values.notes} if values is not None else set()


def _known_words(parameter: Parameter) -> set[str]:
    values = _values(parameter)
    return {f"{old!r} stays as it was" for old in values.aliases} if values is not None else set()


# with this setting more layers take their channels first in Keras 3 than did in Keras 1
_FIRST = "from keras import backend\nbackend.set_image_dim_ordering('th')\n"
_REGULARIZED = ({"W_regularizer": "'l2'"}, {"U_regularizer": "'l2'"})


def _otherwise(text: str) -> str | None:
    """Another value in the place of one that is always written."""
    swaps = {
        "True": "False", "False": "True", "'channels_last'": "'channels_first'", "'channels_first'": "'channels_last'",
        "None": "-1", "-1": "0", "'running'": "'deviation'", "'deviation'": "'variance'",
        "'prediction'": "'training'", "'random_uniform'": "'ones'",
    }  # fmt: skip
    return swaps.get(text)


def _of_parameter(
    name: str, parameter: Parameter, table: Mapping[str, Parameter], entry: Layer | Function, spelling: Spelling
) -> Iterator[tuple[str, str, Parameter, tuple[Mapping[str, str], ...]]]:
    """Family, what, the broken parameter, and arguments with which it can show."""
    lost = Dropped("broken")
    gives = _gives(entry, name)
    if isinstance(parameter, Dropped):
        if parameter.ask:
            yield "mapping", SILENT, parameter._replace(ask=False), gives
        original = spelling.parameters.get(name)
        kept = original if isinstance(original, Renamed) else Renamed(name)
        yield "mapping", "is carried over all the same", kept, gives
        return
    if isinstance(parameter, Gathered):
        if name == parameter.names[0]:
            given = ({one: str(index + 2) for index, one in enumerate(parameter.names)},)
            turned = parameter._replace(names=parameter.names[::-1])
            yield "mapping", "has the members the other way round", turned, given
            yield "mapping", "is not carried over", lost, given
        return
    if isinstance(parameter, (Shaped, Weights, Ordered)):
        yield "mapping", "is not carried over", lost, gives
        return
    if not isinstance(parameter, Renamed):
        yield "mapping", "is not carried over", lost, gives
        return
    required = any(_default(text, name) is Required for text in entry.signatures.values())
    yield "mapping", "is not carried over", lost, gives
    elsewhere = _elsewhere(parameter, table)
    if elsewhere is not None:
        yield "mapping", f"is {elsewhere}", parameter._replace(to=elsewhere), gives
    if parameter.pin and not required:
        yield "default", "has its old default no more", parameter._replace(pin=False), ({},)
    for also in parameter.also:
        rest = tuple(one for one in parameter.also if one != also)
        yield "mapping", f"is not {also} too", parameter._replace(also=rest), gives
    if parameter.values is not None:
        for what, values, words in _of_values(parameter.values):
            gives = tuple({name: one, **_BESIDE.get(name, {})} for one in words)
            yield "value", what, parameter._replace(values=values), gives


def _elsewhere(parameter: Renamed, table: Mapping[str, Parameter]) -> str | None:
    """A parameter of the same kind whose place it could be mistaken to have."""
    for other in table.values():
        if isinstance(other, Renamed) and other.to != parameter.to and other.values is parameter.values is not None:
            return other.to
    return None


def _of_values(values: Values) -> Iterator[tuple[str, Values, tuple[str, ...]]]:
    """What, the broken values, and arguments with which it can show."""
    texts = list(dict.fromkeys(text for text in values.literal.values()))
    for old, text in values.literal.items():
        given = (repr(old),)
        rest = {key: one for key, one in values.literal.items() if key != old}
        yield f"{old!r} stays as it was", values._replace(literal=rest), given
        other = next((one for one in [*texts[texts.index(text) + 1 :], *texts] if one.text != text.text), None)
        other = other or Text("None")
        yield f"{old!r} is {other.text}", values._replace(literal={**values.literal, old: other}), given
    if values.wrapped is not None:
        yield "functions stay as they were", values._replace(wrapped=None), ("started",)
    for size, form in values.tuples.items():
        turned = form.replace("{0}", "{x}").replace("{1}", "{0}").replace("{x}", "{1}")
        given = (str(tuple(range(1, size + 1))),)
        yield f"tuples of {size} stay as they were", values._replace(tuples={}), given
        yield (
            f"tuples of {size} have their first two members turned round",
            values._replace(tuples={size: turned}),
            given,
        )
    if values.keys:
        fields = [part.partition("}")[0] for part in values.keys.split("{")[1:]]
        first, second = fields[:2]
        turned = values.keys.replace(f"{{{first}}}", "{x}").replace(second, first).replace("{x}", f"{{{second}}}")
        given = (str({name: index for index, name in enumerate(fields, 1)}),)
        yield "dicts have their first two members turned round", values._replace(keys=turned), given


def _gives(entry: Layer | Function, name: str) -> tuple[Mapping[str, str], ...]:
    usual = OF_ONE_LAYER.get((entry.name, name)) or VALUES.get(name, ())
    return tuple({name: value, **_BESIDE.get(name, {})} for value in (*_TELLING.get(name, ()), *usual))


_CORNERS = ("t_left_init", "a_left_init", "t_right_init", "a_right_init")
# values that show most, before those of ``layer_calls.VALUES``
_TELLING: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("init", "inner_init", "beta_init", "gamma_init", *_CORNERS), ("'zero'", "'one'")),
    **dict.fromkeys(("W_constraint", "b_constraint"), ("'unitnorm'", "'nonneg'")),
    **dict.fromkeys(("depthwise_constraint", "pointwise_constraint"), ("'unitnorm'",)),
    "forget_bias_init": ("'zero'",),
    "target_shape": ("(2, 3)",),
    "mask_value": ("-1.",),
    "max_value": ("0.5",),
    "rate": ("0.5",),
    "size": ("(3, 3)",),
    "mode": ("2", "1"),
    "input_length": ("6",),
    "low": ("0.95",),
    "arguments": ("{'by': 3}",),
    "inner_activation": ("'tanh'",),
    # of optimizers
    "lr": ("0.3",),
    "decay": ("0.5",),
    "rho": ("0.6",),
    **dict.fromkeys(("beta_1", "beta_2", "clipnorm"), ("0.5",)),
    "clipvalue": ("0.01",),
    "nesterov": ("True",),
    "schedule_decay": ("0.1",),
}
# what has to be given besides, without which it shows nothing
_BESIDE: Mapping[str, Mapping[str, str]] = {
    "nesterov": {"momentum": "0.9"},
    "arguments": {"function": "lambda x, by=1: x * by"},
    # else it hangs on sizes how some are drawn
    "inner_init": {"init": "'normal'"},
    "rate": {"low": "0.95"},
    **{name: {other: "'zero'" for other in _CORNERS if other != name} for name in _CORNERS},
}


def _defaults(entry: Layer | Function) -> Iterator[tuple[str, str, str, Entry]]:
    """Each old default that is written out, in each release that had it."""
    if isinstance(entry, Layer):
        spellings = [entry.keras3, *(one.spelling for one in entry.instead)]
    else:
        spellings = [entry.keras3, entry.activity]
    pinned = {
        name
        for spelling in spellings
        if spelling is not None
        for table in (spelling.parameters, *spelling.since.values())
        for name, parameter in table.items()
        if isinstance(parameter, Renamed) and parameter.pin
    }
    for key, text in entry.signatures.items():
        for name in _names(text):
            default = _default(text, name)
            if name in pinned and default is not Required:
                other = _another(default)
                changed = {**entry.signatures, key: _with_default(text, name, repr(other))}
                place = f"signatures['{key}']['{name}']"
                yield "default", place, f"is {other!r}", entry._replace(signatures=changed)


def _another(default: object) -> object:
    if isinstance(default, bool):
        return not default
    if isinstance(default, (int, float)):
        return default + 1 if isinstance(default, int) else default / 2 or 0.25
    if isinstance(default, tuple):
        return tuple(one + 1 for one in default)
    return "relu"


def _names(text: str) -> list[str]:
    return [name for name in signature(text).names() if not name.startswith("*")]


def _default(text: str, name: str) -> object:
    form = signature(text)
    return form.default(name) if name in form.names() else None


def _with_default(text: str, name: str, value: str) -> str:
    function = ast.parse(f"def f({text}): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    last = arguments.args[len(arguments.args) - len(arguments.defaults) :]
    new = ast.parse(value, mode="eval").body
    arguments.defaults = [new if one.arg == name else old for one, old in zip(last, arguments.defaults, strict=True)]
    arguments.kw_defaults = [
        new if one.arg == name else old for one, old in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return ast.unparse(arguments)


def _of_function(entry: Function) -> Iterator[tuple[str, str, str, Entry, dict[str, Any]]]:
    """A loss that is another, and what stands for a function in a style."""
    if entry.kind == "loss" and entry.keras3 is not None and entry.name != "get":
        other = "mean_absolute_error" if entry.name == "mean_squared_error" else "mean_squared_error"
        path = entry.keras3._replace(path=f"keras.losses.{other}")
        yield "mapping", "keras3.path", f"is {other}", entry._replace(keras3=path, styled=None), {}
    if entry.styled is not None:
        more: dict[str, Any] = {"style": entry.styled.styles[-1]}
        given = [{name: _TELLING[name][0] for name in names} for names in entry.styled.given[::-1]] or [
            {}
        ]  # a decay alone is equal
        yield "form", "styled", "never stands for it", entry._replace(styled=None), {**more, "given": tuple(given)}


def _of_layer(entry: Layer) -> Iterator[tuple[str, str, str, Entry, dict[str, Any]]]:
    """What stands for it in some sources, how kernels lie for constraints, and windows whose padding is written out."""
    for index, instead in enumerate(entry.instead):
        rest = (*entry.instead[:index], *entry.instead[index + 1 :])
        given: tuple[Mapping[str, str], ...] = ()
        if instead.argument is not None:
            given = tuple({instead.argument[0]: one} for one in _values_beside(*instead.argument))
        if "exact" not in instead.styles:
            yield "form", f"instead[{index}]", "never stands for it", entry._replace(instead=rest), {"given": given}
    for index, kernel in enumerate(entry.kernels):
        given = tuple({kernel.parameter: value} for value in _ALONG)
        before, after = entry.kernels[:index], entry.kernels[index + 1 :]
        lost = entry._replace(kernels=(*before, *after))
        yield "form", f"kernels[{index}]", "is taken for one that lay as today", lost, {"given": given}
        for side in ("first", "last"):
            one, other, *others = getattr(kernel, side)
            axes: dict[str, Any] = {side: (other, one, *others)}
            turned = kernel._replace(**axes)
            place = f"kernels[{index}].{side}"
            changed = entry._replace(kernels=(*before, turned, *after))
            yield "form", place, "has its first two axes turned round", changed, {"given": given}
    window = entry.window
    if window is not None:
        alone: dict[str, Any] = {"given": _padded(entry)}
        yield "form", "window", "is none", entry._replace(window=None), alone
        if not window.output:
            other = entry._replace(window=window._replace(strides="none"))
            yield "form", "window.strides", "is 1", other, alone
        if window.rate:
            yield "form", "window.rate", "is 1", entry._replace(window=window._replace(rate="")), alone
        if len(window.sizes) > 1:
            other = entry._replace(window=window._replace(sizes=window.sizes[::-1]))
            yield "form", "window.sizes", "is the other way round", other, alone


# along a single axis of the kernel
_ALONG = (*(f"maxnorm(0.1, axis={axis})" for axis in (0, 1, 2, 3)), "'unitnorm'")


def _values_beside(name: str, alike: tuple[object, ...]) -> Iterator[str]:
    if name == "mode":
        yield from (str(mode) for mode in (1, 2, 0) if mode not in alike)
    elif name in _OTHERWISE:
        yield _OTHERWISE[name]


def _padded(entry: Layer) -> tuple[Mapping[str, str], ...]:
    """Calls with 'same' and 'full', whose padding is written out for Theano."""
    assert entry.window is not None
    axes = (entry.ranks or (4,))[0] - 2
    if entry.window.output:  # nothing is padded: the sizes tell what the output's shape is
        return ({"nb_row": "3", "nb_col": "2", "output_shape": "(None, 10, 10, 9)", "dim_ordering": "'th'"},)
    if entry.window.pool:
        sizes = dict.fromkeys(entry.window.sizes, "3" if axes == 1 else str((3, 2, 3)[:axes]))
    else:
        sizes = {name: str(size) for name, size in zip(entry.window.sizes, (4, 2, 2), strict=False)}
    steps = "2" if axes == 1 else str((2, 1, 2)[:axes])
    made: list[Mapping[str, str]] = []
    for mode in ("'same'", "'full'"):
        made += [{**sizes, "border_mode": mode}, {**sizes, "border_mode": mode, entry.window.strides: steps}]
        if entry.window.rate:
            rate = "2" if axes == 1 else str((2, 3, 2)[:axes])
            made.append({**sizes, "border_mode": mode, entry.window.rate: rate})
    return tuple(made)
