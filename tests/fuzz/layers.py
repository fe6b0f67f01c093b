"""One layer of a legacy source for an input of a shape: the text of its call, and the shape that comes out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.keras1.versions import RELEASES, parse, since
from tdmigrate.understanding.calls import Required, Signature, signature
from tdmigrate.understanding.shapes import UNKNOWN, Dims

from .values import NEVER, OFTEN, OWN, RARE, VALUES, Scene, Shape

# layers that no program has, and why
ABSENT: Mapping[str, str] = {
    "Layer": "a base class",
    "MaskedLayer": "a base class",
    "Recurrent": "a base class",
    "ConvRecurrent2D": "a base class",
    "Wrapper": "a base class",
    "NeuralTuringMachine": "of 0.3.0 alone, which is not among the releases that run",
    "SeparableConvolution2D": "Theano has none",
    "AutoEncoder": "a container, of which tests/fixtures has its programs",
    "Siamese": "left to a person",
    "SiameseHead": "left to a person",
}
# layers that a release had, and that do not run there
BROKEN: Mapping[tuple[str, str], str] = {
    ("0.2.0", "ParametricSoftplus"): "it sets a property that has no setter, input_shape",
}
# input ranks (the batch counted) where the entry names none, or the releases had others
_ANY = (2, 3, 4, 5)
_RANKS: Mapping[str, tuple[int, ...]] = {
    "Flatten": (3, 4, 5), "Masking": (3,), "RepeatVector": (2,), "Embedding": (2,), "Permute": (3, 4),
    "TimeDistributed": (3, 4, 5), "Reshape": (2, 3, 4), "LRN2D": (4,), "Activation": _ANY,
}  # fmt: skip
_FIXED = (  # those that need to know each size
    "Flatten", "Reshape", "PReLU", "SReLU", "ParametricSoftplus", "LocallyConnected1D", "BatchNormalization",
    "TimeDistributedMerge", "Permute", "ZeroPadding1D", "Cropping1D", "UpSampling1D", "UpSample1D",
)  # fmt: skip


class Made(NamedTuple):
    """A call, and what its layer gives."""

    text: str
    shape: Shape
    masked: bool


class Drawn:
    """The arguments of a call that is drawn: what shape rules ask of it."""

    def __init__(self, form: Signature, given: Mapping[str, object], ordering: str) -> None:
        self._form = form
        self._given = given
        self._ordering = ordering

    def get(self, name: str) -> object:
        value = self._given[name] if name in self._given else self._form.default(name)
        if value is Required:
            return UNKNOWN
        if value is UNKNOWN and name not in self._form.names():
            return None
        return self._ordering if name == "dim_ordering" and value == "default" else value

    def given(self, name: str) -> bool:
        return name in self._given


class _Inside:
    """A layer inside a wrapper, as its shape rule asks for it."""

    def __init__(self, shape: Dims) -> None:
        self._shape = shape

    def output(self, inputs: Sequence[Dims | None]) -> Dims | None:
        return self._shape


def form_of(entry: Layer | Function, release: str) -> Signature:
    keys = tuple(entry.signatures)
    return signature(entry.signatures[since(keys, RELEASES.index(release))])


@cache
def at_release(release: str) -> tuple[Layer, ...]:
    """The layers that programs for a release are made of."""
    index = RELEASES.index(release)
    return tuple(
        entry
        for entry in registry.all_entries()
        if isinstance(entry, Layer)
        and entry.name not in ABSENT
        and (release, entry.name) not in BROKEN
        and homes(entry, index)
    )


def homes(entry: Layer | Function, index: int) -> list[str]:
    """The modules that had a name at a release."""
    found = []
    for path, versions in entry.paths.items():
        span = parse(versions)
        if span.lo <= index <= span.hi and path.rpartition(".")[2] == entry.name:
            found.append(path.rpartition(".")[0])
    return found


def takes(entry: Layer, scene: Scene, masked: bool, depth: int) -> bool:
    """Whether a layer of that release takes an input of this shape, with or without a mask."""
    shape, name = scene.shape, entry.name
    rank = len(shape) + 1
    ranks = _RANKS.get(name) or entry.ranks or _ANY
    if name == "Dense" and (not scene.is_since("1.2.0") or masked):
        ranks = (2,)
    if rank not in ranks or (entry.wraps and depth > 0):
        return False
    if masked and (entry.masks == "none" or (name == "ActivityRegularization" and not scene.is_since("1.0.0"))):
        return False
    is_free = None in shape
    if is_free and (name in _FIXED or rank > 3 or entry.window is not None):
        return False
    if name in ("Embedding", "WordContextProduct"):  # of ids, which come first
        return False
    if name == "TimeDistributedDense":
        return not (is_free and scene.is_since("1.2.0"))
    if name == "TimeDistributed":
        return not is_free or scene.is_since("1.0.0")
    if name == "Masking":
        return not masked and depth == 0
    if name == "Deconvolution2D":
        return scene.is_since("1.2.0") or scene.ordering == "th"
    return True


def draw(entry: Layer, scene: Scene, masked: bool, depth: int, first: tuple[str, ...] = ()) -> Made | None:
    """A call of a layer; None: this draw does not fit. ``first``: what it tells of the model's input."""
    form = form_of(entry, scene.release)
    chance = scene.chance
    given: dict[str, str] = {}
    if "dim_ordering" in form.names() and depth == 0 and chance.random() < OFTEN["dim_ordering"]:
        scene = scene._replace(named=scene.ordering)
    if "dim_ordering" not in form.names() and entry.name.endswith(("2D", "3D")):
        scene = scene._replace(named="th")  # 0.2 knew no other
    rank = len(scene.shape) + 1
    scene = scene._replace(layer=entry.name, unsafe=rank > 3 or depth > 0)
    inner: Made | None = None
    values: dict[str, object] = {}
    for name, default in form.parameters:
        if name == entry.wraps:
            inner = _inner(entry, scene, masked)
            if inner is None:
                return None
            given[name] = inner.text
            continue
        if name == "dim_ordering":
            if scene.named is not None:
                given[name] = repr(scene.named)
            continue
        own = _OF_LAYERS.get((entry.name, name))
        required = default is Required
        if own is None and (name in NEVER or (not required and chance.random() >= OFTEN.get(name, RARE))):
            continue
        if own is not None and not required and name in NEVER and name != "output_shape":
            continue
        value = (own or OWN.get((entry.name, name)) or VALUES[name])(scene)
        if value is None:
            if required:
                return None
            continue
        given[name] = value
    if not _fit(entry, scene, given, masked):
        return None
    if "output_shape" in given:
        value = _deconvolved(scene, given)
        if value is None:
            return None
        given["output_shape"] = value
    for name, text in given.items():
        values[name] = UNKNOWN if name == entry.wraps else _constant(text)
    if entry.wraps and inner is not None:
        values[entry.wraps] = _Inside(_inner_shape(entry, scene, inner))
    inputs: Dims = (scene.batch, *scene.shape)
    # on Theano a Lambda that is told no shape keeps its input's, as the functions here do
    shape = (
        inputs
        if entry.name in ("Lambda", "MaskedLambda")
        else entry.shape([inputs], Drawn(form, values, scene.ordering))
    )
    if (
        shape is None
        or len(shape) > 5
        or not all(dim is None or (isinstance(dim, int) and 0 < dim < 200) for dim in shape)
    ):
        return None
    takes_words = form.double_star and scene.is_since("0.3.3")  # 0.2 took but the input's shape
    if takes_words and chance.random() < OFTEN["trainable"] and entry.layout is not None:
        first = (*first, "trainable=False")
    if takes_words and chance.random() < 0.08:
        first = (*first, f"name='{entry.name.lower()}_{chance.randint(0, 999)}'")
    sizes = tuple(dim if isinstance(dim, int) else None for dim in shape[1:])
    return Made(_call(entry.name, form, given, first, scene), sizes, _masks(entry, given, masked, inner))


def _inner(entry: Layer, scene: Scene, masked: bool) -> Made | None:
    """The layer inside a wrapper."""
    if entry.name == "Bidirectional":
        pool = [one for one in at_release(scene.release) if one.name in ("LSTM", "GRU", "SimpleRNN")]
        return draw(scene.chance.choice(pool), scene, masked, 1)
    inside = scene._replace(shape=scene.shape[1:], named=None)
    pool = [
        one
        for one in at_release(scene.release)
        if one.name not in _NOT_INSIDE
        and (one.name != "BatchNormalization" or scene.is_since("1.0.0"))
        and takes(one._replace(masks="none"), inside._replace(layer=one.name), False, 1)
    ]
    return draw(scene.chance.choice(pool), inside, False, 1) if pool else None


# layers that TimeDistributed does not take, or whose states and masks it loses
_NOT_INSIDE = ("ActivityRegularization", "Bidirectional", "ConvLSTM2D", "Highway", "Masking", "TimeDistributedDense")


def _inner_shape(entry: Layer, scene: Scene, inner: Made) -> Dims:
    batch: Dims = (scene.batch,)
    return (*batch, *inner.shape)


def _masks(entry: Layer, given: Mapping[str, str], masked: bool, inner: Made | None) -> bool:
    if entry.masks == "makes":
        return entry.name == "Masking" or given.get("mask_zero") == "True"
    if not masked:
        return False
    if entry.name == "Bidirectional" and inner is not None:
        return "return_sequences=True" in inner.text
    return entry.masks == "passes" or (entry.masks == "consumes" and given.get("return_sequences") == "True")


def _fit(entry: Layer, scene: Scene, given: Mapping[str, str], masked: bool) -> bool:
    """Whether genuine Keras takes these arguments together."""
    name = entry.name
    if name.startswith("Atrous") and (
        given.get("subsample", "(1, 1)") != "(1, 1)" or given.get("subsample_length", "1") != "1"
    ):
        return False
    if name == "TimeDistributedMerge" and scene.release == "0.2.0" and given.get("mode") == "'mul'":
        return False  # it gave Theano's mul an axis
    if name == "SimpleRNN" and scene.release == "0.3.3" and (given.keys() & {"U_regularizer", "b_regularizer"}):
        return False  # it set the parameters of W_regularizer instead, and raised without one
    if name == "BatchNormalization":
        if given.get("mode") == "1" and ("axis" in given or len(scene.shape) > 1):
            return False
        if given.get("mode") == "2" and masked:
            return False
    # left to a person
    return not (name == "Bidirectional" and "go_backwards=True" in given["layer"])


def _constant(text: str) -> object:
    try:
        value: object = ast.literal_eval(text)
    except ValueError:
        return UNKNOWN
    return value


def _call(name: str, form: Signature, given: dict[str, str], more: Sequence[str], scene: Scene) -> str:
    """The call with its arguments by position, by keyword, or both; names that need an import are marked with "@"."""
    chance = scene.chance
    names = [one for one, default in form.parameters]
    keyword_only = names.index("weights") if "weights" in names and name in ("LSTM", "GRU", "SimpleRNN") else len(names)
    front = 0
    while front < min(len(names), keyword_only) and names[front] in given:
        front += 1
    least = 0
    count = chance.choice((least, front, front, chance.randint(0, front)))
    parts = [given[one] for one in names[:count]]
    rest = [f"{one}={text}" for one, text in given.items() if one not in names[:count]]
    rest += more
    if chance.random() < 0.3:
        chance.shuffle(rest)
    return f"@{name}({', '.join([*parts, *rest])})"


# --- values that hang on the shape of the input ---------------------------------------------------------------------


def _target(scene: Scene) -> str | None:
    total = 1
    for dim in scene.shape:
        if dim is None:
            return None
        total *= dim
    halves = [n for n in range(2, total) if total % n == 0]
    if not halves or scene.chance.random() < 0.2:
        return f"({total},)"
    one = scene.chance.choice(halves)
    # up to 1.1 Theano was given the batch's None beside -1
    free = scene.is_since("1.2.0") and scene.chance.random() < 0.3
    return f"({one}, {'-1' if free else total // one})"


def _order(scene: Scene) -> str:
    axes = list(range(1, len(scene.shape) + 1))
    scene.chance.shuffle(axes)
    return f"({', '.join(map(str, axes))})"


def _deconvolved(scene: Scene, given: Mapping[str, str]) -> str | None:
    """The shape that comes out of a transposed convolution, its batch free (keras/layers/convolutional.py of 1.2.2)."""
    steps = ast.literal_eval(given.get("subsample", "(1, 1)"))
    sizes = (int(given["nb_row"]), int(given["nb_col"]))
    is_same = given.get("border_mode") == "'same'"
    lengths = []
    for length, step, size in zip(scene.lengths, steps, sizes, strict=True):
        if length is None or (is_same and size % 2 == 0):
            return None
        lengths.append((length - 1) * step + (1 if is_same else size))
    filters = int(given["nb_filter"])
    shape = (None, filters, *lengths) if scene.channels == "th" else (None, *lengths, filters)
    return str(shape)


_OF_LAYERS: Mapping[tuple[str, str], Callable[[Scene], str | None]] = {
    ("Reshape", "target_shape"): _target,
    ("Reshape", "dims"): _target,
    ("Permute", "dims"): _order,
    ("Embedding", "input_dim"): lambda scene: scene.number(6, 12),
    ("WordContextProduct", "input_dim"): lambda scene: scene.number(6, 12),
    ("Deconvolution2D", "output_shape"): lambda scene: "",  # by the other arguments, which come after it
}
