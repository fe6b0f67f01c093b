"""Output shapes of the legacy layers, from their input shapes and arguments.

Every formula is that of ``get_output_shape_for`` (Keras 1.2.2) or ``output_shape`` (Keras 0.2.0 and 0.3.3) in the
module that defines the layer. What is unknown stays unknown in that place only: arithmetic with a free dimension
(``None``) is free, with ``UNKNOWN`` is ``UNKNOWN``. A rule claims a rank only where the old layer could have no other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeGuard, runtime_checkable

from tdmigrate.keras1.entry import Arguments, Layer, ShapeRule
from tdmigrate.understanding.shapes import UNKNOWN, Dim, Dims, Unknown, join


@runtime_checkable
class Inner(Protocol):
    """The layer inside a wrapper: what ``arguments.get("layer")`` of TimeDistributed and Bidirectional gives."""

    def output(self, inputs: Sequence[Dims | None]) -> Dims | None:
        """The inner layer's output shape for these input shapes."""


# --- single dimensions ---------------------------------------------------------------------------------------------


def arithmetic(formula: Callable[..., int], *dims: Dim) -> Dim:
    """``formula`` over dimensions: free if one is free, else unknown if one is unknown."""
    if any(dim is None for dim in dims):
        return None
    if any(isinstance(dim, Unknown) for dim in dims):
        return UNKNOWN
    try:
        return formula(*dims)
    except ZeroDivisionError:  # strides of 0, which Keras refused
        return UNKNOWN


def _size(value: object) -> Dim:
    """A number that an argument gives (units, a length); anything but an ``int`` is a number we do not know."""
    return value if isinstance(value, int) and not isinstance(value, bool) else UNKNOWN


def _dimension(value: object) -> Dim:
    """A member of ``input_shape``: ``None`` is a free dimension there."""
    return None if value is None else _size(value)


def _sizes(value: object, count: int) -> tuple[Dim, ...]:
    """A tuple or list argument of ``count`` numbers, such as ``strides``; one number stands for all."""
    if _is_sequence(value) and len(value) == count:
        return tuple(_size(member) for member in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,) * count
    return (UNKNOWN,) * count


def _is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    """Whether a value is a plain tuple or list: the facts' own records are tuples too."""
    return type(value) in (tuple, list)


def _flag(value: object) -> bool | None:
    """A switch such as ``return_sequences``; ``None``: not known."""
    return bool(value) if value is None or isinstance(value, (bool, int, float, str)) else None


def _first(inputs: Sequence[Dims | None]) -> Dims | None:
    return inputs[0] if inputs else None


def _batch(shape: Dims | None) -> Dim:
    return shape[0] if shape else None


def _at(shape: Dims | None, index: int, rank: int) -> Dim:
    """A dimension of an input of the rank the layer takes; ``UNKNOWN`` where the input is not known to be that."""
    return shape[index] if shape is not None and len(shape) == rank else UNKNOWN


# --- layers that keep or change single axes -----------------------------------------------------------------------


def same(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """The input's shape: Activation, Dropout, Masking, noise, normalization, advanced activations."""
    return _first(inputs)


def unknown(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """A layer whose output shape its arguments do not tell."""
    return None


def last_axis(units: str, rank: int | None = None) -> ShapeRule:
    """``(…, features)`` → ``(…, units)``; ``rank``: of the output, where the layer takes one rank only."""

    def rule(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
        shape = _first(inputs)
        if shape:
            return (*shape[:-1], _size(arguments.get(units)))
        if rank is None:
            return None
        return (None, *(UNKNOWN,) * (rank - 2), _size(arguments.get(units)))

    return rule


def flat(units: str | int) -> ShapeRule:
    """``(batch, …)`` → ``(batch, units)``: layers with an output of rank 2 whatever comes in."""

    def rule(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
        return (_batch(_first(inputs)), units if isinstance(units, int) else _size(arguments.get(units)))

    return rule


def flatten(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """``(batch, a, b, …)`` → ``(batch, a·b·…)``."""
    shape = _first(inputs)
    if shape is None:
        return (None, UNKNOWN)
    return (_batch(shape), arithmetic(_product, *shape[1:]))


def _product(*dims: int) -> int:
    product = 1
    for dim in dims:
        product *= dim
    return product


def reshape(target: str) -> ShapeRule:
    """``(batch, …)`` → ``(batch, *target)``; one -1 in the target takes what is left (keras/layers/core.py)."""

    def rule(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
        dims = arguments.get(target) or arguments.get("dims")
        if isinstance(dims, int) and not isinstance(dims, bool):
            dims = (dims,)
        if not _is_sequence(dims):
            return None
        shape = _first(inputs)
        new = [_dimension(dim) for dim in dims]
        if new.count(-1) == 1:
            rest = [dim for dim in new if dim != -1]
            total: Dim = arithmetic(_product, *shape[1:]) if shape is not None else UNKNOWN
            left = arithmetic(lambda all_, *known: all_ // max(_product(*known), 1), total, *rest)
            new = [left if dim == -1 else dim for dim in new]
        return (_batch(shape), *new)

    return rule


def permute(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """``dims`` counts the input's axes from 1, the batch aside: ``(2, 1)`` swaps axes 1 and 2."""
    dims = arguments.get("dims")
    shape = _first(inputs)
    if _is_sequence(dims):
        members = [_size(dim) for dim in dims]
        taken = [
            shape[dim] if shape is not None and isinstance(dim, int) and -len(shape) <= dim < len(shape) else UNKNOWN
            for dim in members
        ]
        return (_batch(shape), *taken)
    return None if not shape else (shape[0], *(UNKNOWN,) * (len(shape) - 1))


def repeat(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """RepeatVector: ``(batch, features)`` → ``(batch, n, features)``."""
    shape = _first(inputs)
    return (_batch(shape), _size(arguments.get("n")), _at(shape, 1, 2))


def recurrent(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """``(batch, timesteps, features)`` → ``(batch, units)``; ``return_sequences``: ``(batch, timesteps, units)``."""
    shape = _first(inputs)
    units = _size(arguments.get("output_dim"))
    sequences = _flag(arguments.get("return_sequences"))
    if sequences is None:
        return None
    return (_batch(shape), _at(shape, 1, 3), units) if sequences else (_batch(shape), units)


def embedding(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """Ids ``(batch, timesteps)`` → ``(batch, timesteps, output_dim)``; ``input_length``, if given, is the timesteps."""
    shape = _first(inputs)
    length = arguments.get("input_length")
    timesteps = _size(length) if length else _at(shape, 1, 2)
    return (_batch(shape), timesteps, _size(arguments.get("output_dim")))


def lambda_(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """``output_shape`` as a tuple is the shape without the batch; a function, or none at all, does not tell."""
    target = arguments.get("output_shape")
    if _is_sequence(target):
        return (_batch(_first(inputs)), *(_dimension(dim) for dim in target))
    return None


def time_axis_merged(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """TimeDistributedMerge: ``(batch, timesteps, features)`` → ``(batch, features)``."""
    shape = _first(inputs)
    return (_batch(shape), _at(shape, 2, 3))


# --- images and sequences: one length at a time -------------------------------------------------------------------


def window(length: Dim, size: Dim, mode: object, stride: Dim, dilation: Dim = 1) -> Dim:
    """Output length of a window that slides: ``conv_output_length`` (keras/utils/np_utils.py, Keras 1.2.2)."""
    if length is None:
        return None
    if mode == "same":
        return arithmetic(lambda n, s: -(-n // s), length, stride)
    if mode not in ("valid", "full"):
        return UNKNOWN
    sign = -1 if mode == "valid" else 1
    return arithmetic(
        lambda n, k, s, d: -(-(n + sign * ((k - 1) * d)) // s),
        length, size, stride, dilation,
    )  # fmt: skip


# what becomes of each length of an image or sequence
Lengths = Callable[[tuple[Dim, ...], Arguments], tuple[Dim, ...]]


def spatial(axes: int, lengths: Lengths, channels: str | None = None) -> ShapeRule:
    """Layers on ``axes`` lengths and channels; ``channels`` names the argument with the number of new channels.

    ``dim_ordering`` 'tf': ``(batch, *lengths, channels)``, 'th': ``(batch, channels, *lengths)``. Where the source does
    not tell which, the result is what both have in common. Sequences (``axes`` 1) have their channels last always.
    """

    def rule(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
        ordering = "tf" if axes == 1 else arguments.get("dim_ordering")
        if ordering is None:  # Keras 0.1 and 0.2 knew no other
            ordering = "th"
        if ordering in ("tf", "th"):
            return ordered(inputs, arguments, first=ordering == "th")
        return join(ordered(inputs, arguments, first=False), ordered(inputs, arguments, first=True))

    def ordered(inputs: Sequence[Dims | None], arguments: Arguments, first: bool) -> Dims:
        shape = _first(inputs)
        if shape is None or len(shape) != axes + 2:
            shape = (_batch(shape), *(UNKNOWN,) * (axes + 1))
        old = shape[2:] if first else shape[1:-1]
        depth = (shape[1] if first else shape[-1]) if channels is None else _size(arguments.get(channels))
        new = lengths(old, arguments)
        return (shape[0], depth, *new) if first else (shape[0], *new, depth)

    return rule


def convolution(kernel: tuple[str, ...], stride: str, rate: str | None = None) -> ShapeRule:
    """Convolutions with ``nb_filter`` channels out; ``kernel`` names the size of each length."""

    def lengths(old: tuple[Dim, ...], arguments: Arguments) -> tuple[Dim, ...]:
        sizes = [_size(arguments.get(name)) for name in kernel]
        steps = _sizes(arguments.get(stride), len(kernel))
        rates = _sizes(arguments.get(rate), len(kernel)) if rate else (1,) * len(kernel)
        mode = arguments.get("border_mode")
        return tuple(window(*each) for each in zip(old, sizes, (mode,) * len(old), steps, rates, strict=True))

    return spatial(len(kernel), lengths, "nb_filter")


def deconvolution(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """Deconvolution2D says its output shape itself, the batch included."""
    target = arguments.get("output_shape")

    def lengths(old: tuple[Dim, ...], inner: Arguments) -> tuple[Dim, ...]:
        if not _is_sequence(target) or len(target) != 4:
            return (UNKNOWN, UNKNOWN)
        ordering = inner.get("dim_ordering")
        if ordering not in ("tf", "th"):
            return (UNKNOWN, UNKNOWN)
        rows, columns = target[1:3] if ordering == "tf" else target[2:4]
        return (_dimension(rows), _dimension(columns))

    return spatial(2, lengths, "nb_filter")(inputs, arguments)


def pooling(axes: int) -> ShapeRule:
    """MaxPooling and AveragePooling; no strides: as the pool."""
    names = ("pool_length", "poolsize") if axes == 1 else ("pool_size", "poolsize")

    def lengths(old: tuple[Dim, ...], arguments: Arguments) -> tuple[Dim, ...]:
        pool = arguments.get(names[0]) or arguments.get(names[1])
        step = arguments.get("strides") or arguments.get("stride") or pool
        mode = arguments.get("border_mode")
        if mode is None:  # Keras 0.1 and 0.2 had ignore_border instead
            mode = "valid" if _flag(arguments.get("ignore_border")) else UNKNOWN
        sizes, steps = _sizes(pool, axes), _sizes(step, axes)
        return tuple(window(*each) for each in zip(old, sizes, (mode,) * axes, steps, strict=True))

    return spatial(axes, lengths)


def global_pooling(axes: int) -> ShapeRule:
    """``(batch, *lengths, channels)`` → ``(batch, channels)``."""
    keep = spatial(axes, lambda old, arguments: old)

    def rule(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
        shape = _first(inputs)
        if axes == 1:
            return (_batch(shape), _at(shape, 2, 3))
        ordering = arguments.get("dim_ordering")
        known = shape if shape is not None and len(shape) == axes + 2 else keep((None,), arguments)
        if known is None or ordering not in ("tf", "th"):
            return (_batch(shape), UNKNOWN)
        return (_batch(shape), known[-1] if ordering == "tf" else known[1])

    return rule


def upsampling(axes: int) -> ShapeRule:
    """Each length times ``length`` or ``size``."""
    name = "length" if axes == 1 else "size"

    def lengths(old: tuple[Dim, ...], arguments: Arguments) -> tuple[Dim, ...]:
        factors = _sizes(arguments.get(name), axes)
        return tuple(arithmetic(lambda n, k: n * k, n, k) for n, k in zip(old, factors, strict=True))

    return spatial(axes, lengths)


def zero_padding(axes: int) -> ShapeRule:
    """Padding before and after each length: a number a length, or (1.2) a pair, four numbers or a dict."""

    def lengths(old: tuple[Dim, ...], arguments: Arguments) -> tuple[Dim, ...]:
        padding = arguments.get("padding")
        if axes == 1:
            pair = _is_sequence(padding) and len(padding) == 2
            added = [_sum(_sizes(padding, 2)) if pair else arithmetic(lambda n: 2 * n, _size(padding))]
        elif axes == 2 and _is_sequence(padding) and len(padding) == 4:
            four = _sizes(padding, 4)
            added = [_sum(four[:2]), _sum(four[2:])]
        elif _is_sequence(padding) and len(padding) == axes:
            added = [arithmetic(lambda n: 2 * n, n) for n in _sizes(padding, axes)]
        else:
            added = [UNKNOWN] * axes
        return tuple(arithmetic(lambda n, k: n + k, n, k) for n, k in zip(old, added, strict=True))

    return spatial(axes, lengths)


def _sum(dims: Sequence[Dim]) -> Dim:
    return arithmetic(lambda *numbers: sum(numbers), *dims)


def cropping(axes: int) -> ShapeRule:
    """Each length less what ``cropping`` cuts off: ``(before, after)``, a pair of numbers for each length."""

    def lengths(old: tuple[Dim, ...], arguments: Arguments) -> tuple[Dim, ...]:
        value = arguments.get("cropping")
        pairs: Sequence[object] = (value,) if axes == 1 else ()
        if axes > 1 and _is_sequence(value) and len(value) == axes:
            pairs = value
        cut: list[Dim] = [_sum(_sizes(pair, 2)) if _is_sequence(pair) and len(pair) == 2 else UNKNOWN for pair in pairs]
        cut += [UNKNOWN] * (axes - len(cut))
        return tuple(arithmetic(lambda n, k: n - k, n, k) for n, k in zip(old, cut, strict=True))

    return spatial(axes, lengths)


def conv_lstm(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """ConvLSTM2D: ``(batch, timesteps, *image)``, each image convolved; timesteps stay with ``return_sequences``."""
    shape = _first(inputs)
    sequences = _flag(arguments.get("return_sequences"))
    if sequences is None:
        return None
    image = (shape[0], *shape[2:]) if shape is not None and len(shape) == 5 else None
    new = convolution(("nb_row", "nb_col"), "subsample")([image], arguments)
    if new is None:
        return None
    return (_batch(shape), _at(shape, 1, 5), *new[1:]) if sequences else (_batch(shape), *new[1:])


# --- wrappers ------------------------------------------------------------------------------------------------------


def time_distributed(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """``(batch, timesteps, …)``: the inner layer on ``(batch, …)``, with the timesteps put back."""
    layer = arguments.get("layer")
    if not isinstance(layer, Inner):
        return None
    shape = _first(inputs)
    new = layer.output([(shape[0], *shape[2:]) if shape is not None and len(shape) > 2 else None])
    if not new:
        return None
    timesteps = shape[1] if shape is not None and len(shape) > 2 else UNKNOWN
    return (new[0], timesteps, *new[1:])


def bidirectional(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """The inner layer's output, twice as many features with ``merge_mode='concat'``; with None it is a list of two."""
    layer = arguments.get("layer")
    mode = arguments.get("merge_mode")
    if not isinstance(layer, Inner) or mode is None:
        return None
    new = layer.output(inputs)
    if not new or mode in ("sum", "ave", "mul"):
        return new
    features = arithmetic(lambda n: 2 * n, new[-1]) if mode == "concat" else UNKNOWN
    return (*new[:-1], features)


# --- merging -------------------------------------------------------------------------------------------------------


def merge(inputs: Sequence[Dims | None], arguments: Arguments) -> Dims | None:
    """``Merge`` and ``merge`` by their own arguments."""
    return merged(
        inputs,
        arguments.get("mode"),
        arguments.get("concat_axis"),
        arguments.get("dot_axes"),
        arguments.get("output_shape"),
    )


def merged(
    inputs: Sequence[Dims | None],
    mode: object,
    concat_axis: object = -1,
    dot_axes: object = -1,
    output_shape: object = None,
) -> Dims | None:
    """Several tensors made one (keras/engine/topology.py of 1.2.2, keras/layers/core.py of 0.3.3), as in a Graph."""
    if not inputs:
        return None
    if mode in ("sum", "mul", "ave", "max"):
        return _alike(inputs)
    if mode == "concat":
        return _concatenated(inputs, concat_axis)
    if mode in ("dot", "cos") and len(inputs) == 2:
        return _dotted(inputs[0], inputs[1], mode, dot_axes)
    if _is_sequence(output_shape) and not isinstance(mode, str):
        return (_batch(inputs[0]), *(_dimension(dim) for dim in output_shape))
    return None


def _alike(inputs: Sequence[Dims | None]) -> Dims | None:
    """Inputs that must have one shape: what any of them tells holds for all."""
    known = [shape for shape in inputs if shape is not None]
    if not known or any(len(shape) != len(known[0]) for shape in known):
        return None
    return tuple(_agreed([shape[axis] for shape in known]) for axis in range(len(known[0])))


def _agreed(dims: Sequence[Dim]) -> Dim:
    numbers = {dim for dim in dims if isinstance(dim, int)}
    if len(numbers) == 1:
        return numbers.pop()
    return None if not numbers and None in dims else UNKNOWN


def _concatenated(inputs: Sequence[Dims | None], axis: object) -> Dims | None:
    known = [shape for shape in inputs if shape is not None]
    if not known or any(len(shape) != len(known[0]) for shape in known):
        return None
    rank = len(known[0])
    if rank == 0:
        return None
    if not isinstance(axis, int) or isinstance(axis, bool) or not -rank <= axis < rank:
        return (_agreed([shape[0] for shape in known]), *(UNKNOWN,) * (rank - 1))
    place = axis % rank
    rest = [_agreed([shape[index] for shape in known]) for index in range(rank)]
    total: Dim = _sum([shape[place] for shape in known])
    if len(known) < len(inputs) and total is not None:
        total = UNKNOWN
    return (*rest[:place], total, *rest[place + 1 :])


def _dotted(a: Dims | None, b: Dims | None, mode: object, axes: object) -> Dims | None:
    if a is None or b is None:
        return None
    first: Sequence[object]
    second: Sequence[object]
    if isinstance(axes, int) and not isinstance(axes, bool):
        first, second = [axes], [axes]
    elif _is_sequence(axes) and len(axes) == 2:
        first = axes[0] if _is_sequence(axes[0]) else [axes[0]]
        second = axes[1] if _is_sequence(axes[1]) else [axes[1]]
        if mode == "cos" and _is_sequence(axes[0]):
            return (_batch(a), 1)  # 0.x
    else:
        return None
    left, right = _without(a, first), _without(b, second)
    if left is None or right is None:
        return None
    rest = (*left, *right[1:])
    return (*rest, 1) if len(rest) == 1 else rest


def _without(shape: Dims, axes: Sequence[object]) -> Dims | None:
    gone = {axis % len(shape) for axis in axes if isinstance(axis, int) and -len(shape) <= axis < len(shape)}
    if len(gone) != len(axes) or 0 in gone:
        return None
    return tuple(dim for index, dim in enumerate(shape) if index not in gone)


# --- the shape a first layer is given --------------------------------------------------------------------------------


def first_input(entry: Layer, arguments: Arguments) -> Dims | None:
    """The input shape, batch first, that the layer's own arguments tell if it is a model's first one.

    ``batch_input_shape`` and ``input_shape`` of any layer; ``input_dim`` with or without ``input_length`` of the layers
    that take it: ``(batch, input_length or free, input_dim)`` on sequences, ``(batch, input_dim)`` for Dense and its
    kind; an Embedding's ``(batch, input_length or free)``. None: nothing told, or by a value the source does not show.
    """
    for name, batch in (("batch_input_shape", False), ("input_shape", True)):
        if arguments.given(name):
            shape = arguments.get(name)
            if _is_sequence(shape):
                dims = tuple(_dimension(dim) for dim in shape)
                return (None, *dims) if batch else dims
            if shape is not None:
                return None
    if entry.first == "ids":
        return (None, _dimension(arguments.get("input_length")))
    if entry.first == "image" and arguments.given("stack_size"):
        return (None, _size(arguments.get("stack_size")), None, None)  # Convolution2D of 0.1
    if entry.first not in ("vector", "sequence") or not arguments.given("input_dim"):
        return None
    dim = arguments.get("input_dim")
    if dim is None:
        return None
    if entry.first == "vector":
        return (None, _size(dim))
    return (None, _dimension(arguments.get("input_length")), _size(dim))
