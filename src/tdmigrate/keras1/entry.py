"""The words in which the legacy API is written down: one entry per layer, function, class or method.

An entry is data. Linter, codemod, rank inference and verification read the same entry, so a fact stands once.
Versions are written as in "0.1", "0.3.2", "1.0.3"; a range "0.1-1.2" includes every release of both ends' series
("1.2" covers 1.2.2), "1.1.2-1.2" starts at that very release.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tdmigrate.findings import Import
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.shapes import Dims


class Arguments(Protocol):
    """The bound arguments of one legacy call, by legacy parameter name."""

    def get(self, name: str) -> object:
        """The constant value (int, str, bool, None, float, tuple, list of those) of a parameter, its default when it is
        not given, ``UNKNOWN`` when the source does not tell; a tuple may hold ``UNKNOWN`` members."""

    def given(self, name: str) -> bool:
        """Whether the call names this parameter, by position or keyword."""


# (input shapes as the layer gets them, arguments) → output shape; None: not even the rank is known
ShapeRule = Callable[[Sequence[Dims | None], Arguments], Dims | None]


class Text(NamedTuple):
    """New source text and the names it needs; ``{}`` in it stands for the old value's text."""

    text: str
    imports: tuple[Import, ...] = ()


class Values(NamedTuple):
    """How the value of an argument is spelled now.

    ``literal``: for a constant of the source (a string, number, bool or None; keyed by the Python value) the new text.
    A constant that is not in the mapping stays as it is, unless ``closed``, which makes it a finding for a person.
    ``other``: what to write for any other expression (None: leave it as it is).
    ``doubt``: what to tell a person where the value is not known (None: nothing to tell).
    ``bounds``: numbers below the first or from the second on are a finding for a person. ``gone``: constants that are
    one, with what to tell. ``notes``: what to tell of constants that stay or are mapped. ``modern``: as ``literal``,
    for constants that modern style writes otherwise. ``functions``: what to tell a person where the value is a function
    that the source defines itself, or with ``wrapped`` what to write there. ``aliases``: constants that are mapped, and
    that Keras 3 takes as well. ``tuples``: a tuple of so many members is spelled with them in the places of ``{0}``,
    ``{1}`` …; ``keys``: a dict display with its values in the places of their keys, 0 where there is none.
    ``axes``: the value is an axis of a kernel, or several, that are others now: see ``Kernel``.
    ``dicts``: what to tell a person where it is a dict display, whose values then stay. ``known``: the names that Keras
    took; another one is of a function that the source registers itself, which is a finding for a person.
    """

    literal: Mapping[object, Text] = {}
    other: Text | None = None
    closed: bool = False
    doubt: str | None = None
    bounds: tuple[float, float] | None = None
    gone: Mapping[object, str] = {}
    notes: Mapping[object, str] = {}
    modern: Mapping[object, Text] = {}
    functions: str | None = None
    wrapped: Text | None = None
    aliases: frozenset[object] = frozenset()
    tuples: Mapping[int, str] = {}
    keys: str = ""
    axes: tuple[int | None, ...] = ()
    dicts: str | None = None
    known: frozenset[str] = frozenset()


class Renamed(NamedTuple):
    """The argument lives on as ``to``; ``values`` where its value is spelled otherwise.

    ``pin``: the old default differs from Keras 3's and changes outputs or loss: written out when the source does not
    give the argument, unless the old default, mapped, is the default in ``Spelling.signature`` anyway, or the source
    gives one of ``moot``. ``pin_exact``: as ``pin``, in exact style only (initial distributions, training steps).
    ``also``: further Keras 3 keywords that get the same value, where the source gives the argument. ``exact_from``: in
    exact style its value is that of another legacy argument, whatever the source gives.
    """

    to: str
    values: Values | None = None
    pin: bool = False
    trap: str | None = None  # the number in the table of numeric traps, such as "A2"
    exact: Values | None = None  # values in exact style, instead of ``values``
    pin_exact: bool = False
    also: tuple[str, ...] = ()
    moot: tuple[str, ...] = ()
    exact_from: str | None = None


class Dropped(NamedTuple):
    """The argument has no meaning in Keras 3; dropping it changes no output. ``why`` completes "`x` is dropped: …".

    ``note``: dropping may change numbers in training (a note is made); ``ask``: only a person can decide (no fix).
    Neither holds for a constant in ``harmless`` (where True is 1 and False is 0).
    """

    why: str
    note: bool = False
    ask: bool = False
    trap: str | None = None
    harmless: tuple[object, ...] = ()


class Shaped(NamedTuple):
    """The argument told a first layer's input shape: it becomes ``Input(...)``, or goes where a layer is not first."""


class Weights(NamedTuple):
    """``weights=[...]``: set on the built layer."""


class Folded(NamedTuple):
    """The argument goes into another's value: ``lr=0.1, decay=1e-6`` is ``InverseTimeDecay(0.1, 1, 1e-6)`` now.

    ``into``: the legacy name of the other. ``text``: the other's new value; in it ``{}`` stands for the text of the
    other's own value (as given, else its old default), ``{0}`` for this argument's text. Dropped where the value is a
    constant in ``harmless``.
    """

    into: str
    text: Text
    harmless: tuple[object, ...] = ()
    note: str | None = None
    trap: str | None = None


class Gathered(NamedTuple):
    """One of several arguments that are one tuple now: ``nb_row, nb_col`` are ``kernel_size=(…, …)``.

    ``names``: all of them, in the order of the tuple.
    """

    to: str
    names: tuple[str, ...]
    trap: str | None = None


class Ordered(NamedTuple):
    """``dim_ordering``, of which 'th' has the channels first and 'tf' last; 'default', or none, is ``Era.channels``.

    Written out where it is 'th', which Keras 3 takes for granted nowhere.
    """

    to: str = "data_format"
    trap: str = "C12"


Parameter = Renamed | Dropped | Shaped | Weights | Folded | Gathered | Ordered


class Written(NamedTuple):
    """A Keras 3 argument that no legacy argument stands behind, always written, such as ``reset_after=False``.

    ``versions``: only in sources that were written for these; "": in all. ``channels_first``: only in those that may
    set 'th' for all layers over images, a setting that more layers follow in Keras 3 than did in Keras 1. ``backend``:
    only in those that ran on it. ``trap``: of the default that it keeps, which modern style leaves to Keras 3; "": it
    is part of what the call means, in every style.
    """

    keyword: str
    text: Text
    trap: str
    versions: str = ""
    channels_first: bool = False
    backend: str = ""


class Spelling(NamedTuple):
    """What an entry is in Keras 3: where it lives and what its arguments are called.

    Parameters not named keep their name. ``parameters`` is keyed by the legacy name; ``since`` gives, by the first
    version that differs, the parameters that are otherwise from then on. ``unless``: a parameter and a constant; a call
    that gives it so has the parameters of before. ``exclusive``: of these, Keras 3 takes one alone: the first given.
    """

    path: str  # "keras.layers.Dense", or "tdmigrate.compat.Highway"
    parameters: Mapping[str, Parameter] = {}
    written: tuple[Written, ...] = ()
    signature: str = ""  # Keras 3's positional parameters: which old positions still hold, which pins are needed
    since: Mapping[str, Mapping[str, Parameter]] = {}
    unless: tuple[str, object] | None = None
    exclusive: tuple[str, ...] = ()


class Layout(NamedTuple):
    """Legacy weights → Keras 3 weights, both as lists in ``get_weights()`` order.

    ``convert`` names a function of ``verification/weights.py``: "same", "gates" (LSTM/GRU lists fused), …
    """

    convert: str = "same"
    gates: str = ""  # for "gates": legacy order of the gates and Keras 3's, "icfo>ifco"
    ordering: str = "th"  # of a single layer over images: its ``dim_ordering``, by which its kernels are laid out
    same_from: str = ""  # from this release on the lists are the same
    backend: str = "theano"  # that the legacy layer ran on: on Theano, convolutions turn their kernels round


class Instead(NamedTuple):
    """What stands for a layer in some sources, or with some argument, where Keras 3's is another function.

    ``versions``: in sources for these only; "": in all. ``argument``: a parameter and the constants with which Keras
    3's is the same function; None: it never is. ``masked``: only where a mask may reach it. ``styles``: in these
    styles only, as it differs in training alone; none: in all that keep numbers. ``backend``: only in sources that ran
    on it. ``padded``: not where Keras 3's certainly pads as that did. ``rows``: only optimizers that square or clip
    gradients make the difference. ``why``: what is otherwise, in words.
    """

    spelling: Spelling
    why: str
    versions: str = ""
    argument: tuple[str, tuple[object, ...]] | None = None
    layout: Layout = Layout()
    masked: bool = False
    styles: tuple[str, ...] = ()
    backend: str = ""
    padded: bool = False
    rows: bool = False


class Caution(NamedTuple):
    """What to say of an argument under some condition, such as that the source ran on Theano."""

    parameter: str
    values: tuple[object, ...]  # constants that matter; none: any value
    note: str
    trap: str
    harmless: tuple[object, ...] = ()  # constants that do not matter
    beside: Mapping[str, tuple[object, ...]] = {}  # constants that other arguments, or their defaults, are then


class BehindMask(NamedTuple):
    """What a layer of these releases made of a mask, where Keras 3's makes something else of it."""

    versions: str
    why: str


class Kernel(NamedTuple):
    """How the kernel lay that a constraint is for: for each of its axes the one that it is now.

    None: an axis of length 1 that is gone. ``parameter``: the constraint. ``first`` and ``last``: with the channels of
    images first and last. ``versions``: in sources for these only.
    """

    parameter: str
    first: tuple[int | None, ...]
    last: tuple[int | None, ...]
    versions: str = "0.1-1.2"


class Window(NamedTuple):
    """The parameters of a window that slides along each length: its sizes (one for each, or one for all) and steps."""

    sizes: tuple[str, ...]
    strides: str
    rate: str = ""  # of its dilation
    pool: bool = False
    output: str = ""  # of a transposed one: the parameter that told the output's shape
    unsure: bool = False  # what 'same' added on Theano hung on the release of that


class Layer(NamedTuple):
    """Everything known of one legacy layer."""

    name: str
    paths: Mapping[str, str]  # full path → versions in which it is importable from there
    signatures: Mapping[str, str]  # first version → parameters with defaults, as Python writes them (without self)
    shape: ShapeRule
    keras3: Spelling | None  # None: a rule of its own decides, or a person
    layout: Layout | None = None
    ranks: tuple[int, ...] | None = None  # input ranks it accepts; None: any
    masks: str = "none"  # "passes", "consumes" (but passes with return_sequences), "makes" (mask_zero, Masking), "none"
    wraps: str | None = None  # the parameter that holds an inner layer (TimeDistributed, Bidirectional)
    person: str | None = None  # with keras3 None: what a person is told to do
    first: str = ""  # what its arguments tell of its input: "vector", "sequence", "ids", "image"; "": input_shape only
    instead: tuple[Instead, ...] = ()  # what stands for it where ``keras3`` does not; the first that holds
    cautions: tuple[Caution, ...] = ()
    theano: tuple[Caution, ...] = ()
    frozen: str | None = None  # what to say where ``trainable = False`` may be set on it
    kernels: tuple[Kernel, ...] = ()  # those whose axes are others now
    over_batch: bool = False  # whether what it makes of a sample hangs on the others, and its running averages on all
    copies: bool = False  # whether Keras 3's wrapper works with copies of its inner layer
    inside: tuple[Caution, ...] = ()  # of a wrapper: what its inner layer must not be told any more
    masked_inside: tuple[Caution, ...] = ()  # of a wrapper behind a mask: what to say of what its inner layer is told
    window: Window | None = None
    behind_mask: tuple[BehindMask, ...] = ()  # no fix keeps that: a person is told
    one_by_one: bool = False  # whether 0.1 took the members of its first argument as arguments of their own, too


class Form(NamedTuple):
    """A call as an expression of another form.

    In ``text``, ``{name}`` stands for the argument of that legacy parameter, as the call gives it or else as its old
    default. It holds only for calls whose arguments, or defaults, are the constants of ``when``, and where the value of
    the parameter ``nonnegative`` is known to be that.
    """

    text: Text
    when: Mapping[str, object] = {}
    nonnegative: str = ""


class InStyle(NamedTuple):
    """What stands for a function where it is called, in some styles, in sources for ``since`` and later releases.

    ``given``: sets of arguments, of which a call has to give all of one; none: every call. ``rows``: what to tell of a
    call with a layer's weight in the other styles, where optimizers may square or clip gradients.
    """

    spelling: Spelling
    given: tuple[tuple[str, ...], ...] = ()
    since: str = "0.1"
    styles: tuple[str, ...] = ("exact",)
    rows: str = ""


class Function(NamedTuple):
    """A function or class that is not a layer: regularizers.l2, merge, optimizers.SGD, Input, Sequential …"""

    name: str
    paths: Mapping[str, str]
    signatures: Mapping[str, str]
    keras3: Spelling | None
    kind: str  # "model", "input", "merge", "regularizer", "constraint", "optimizer", "function", …
    person: str | None = None
    shape: ShapeRule | None = None  # of kind "merge"
    activity: Spelling | None = None  # of a regularizer: where it is an ``activity_regularizer``
    note: str | None = None  # what to tell at every call
    note_since: str = "0.1"  # in sources for this release and later ones
    styled: InStyle | None = None  # where it stands there is nothing to tell
    layers: str | None = None  # of a trained model: what its layers are in Keras 3; "": the same as in Keras 1
    # of kind "backend":
    forms: tuple[Form, ...] = ()  # the first that holds is written, before ``keras3``
    operand: Text | None = None  # instead, as an operand of arithmetic; in the manner of ``Form.text``
    phase: Text | None = None  # instead, in a function that is told the phase as ``training``
    sign: str = ""  # the result is "nonnegative", or if the first argument is ("kept"), or if "any" is, or if "all" are
    variable: tuple[Form, ...] = ()  # it made a variable: the first that holds, where the source assigns to some
    value: Text | None = None  # what it is where it is no call, as ``K._EPSILON``


class Method(NamedTuple):
    """A method of a model: Sequential.fit and its like; ``keras3.path`` is the new method name."""

    name: str  # "fit"
    owners: tuple[str, ...]  # "Sequential", "Model", "Graph"
    signatures: Mapping[str, str]
    keras3: Spelling | None
    person: str | None = None


class Module(NamedTuple):
    """A module of the legacy package and where its names went; names with an entry of their own are looked up there."""

    path: str
    versions: str
    keras3: str | None  # None: gone, names must be looked up one by one


Entry = Layer | Function
