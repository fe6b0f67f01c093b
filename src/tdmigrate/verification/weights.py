"""Legacy weights → Keras 3 weights and back, as lists in ``get_weights()`` order, by the ``Layout`` of an entry."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import tdmigrate
from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.keras1.registry import lookup
from tdmigrate.keras1.versions import parse
from tdmigrate.verification.record import Array, LayerWeights

if TYPE_CHECKING:
    from tdmigrate.compat import layouts as layouts
else:

    def _layouts():
        """That module, which needs NumPy alone, without the package around it, which imports Keras."""
        name = "tdmigrate.compat.layouts"
        if name not in sys.modules:
            place = Path(tdmigrate.__file__).with_name("compat") / "layouts.py"
            spec = importlib.util.spec_from_file_location(name, place)
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        return sys.modules[name]

    layouts = _layouts()


class Misfit(Exception):  # noqa: N818
    """The weights are not those of such a layer; the message is one line."""


def layout_of(kind: str, ordering: str = "th", new: str = "", backend: str = "theano") -> Layout:
    """The layout of the legacy layer of this class name; weights of a layer that has no entry keep their order.

    ``ordering``: the ``dim_ordering`` of a layer over images, "th" or "tf". ``new``: what the layer that takes them is
    registered as, such as "tdmigrate>BatchNormalization". ``backend``: of the legacy layer, "theano" or "tensorflow".
    """
    entry = lookup(f"keras.layers.{kind}")
    layout = entry.layout if isinstance(entry, Layer) and entry.layout is not None else Layout()
    for instead in entry.instead if isinstance(entry, Layer) else ():
        if new == f"tdmigrate>{instead.spelling.path.rpartition('.')[2]}":
            layout = instead.layout
            break
    return layout._replace(ordering=ordering, backend=backend)


def to_keras3(layout: Layout, weights: Sequence[Array], release: str, halves: int = 1) -> list[Array]:
    """Convert the weights of a layer of this release of Keras. ``halves`` 2: a Bidirectional's, forward ones first.

    Raises Misfit.
    """
    return _each(_FORTH, layout, weights, release, halves)


def in_keras3(
    layer: LayerWeights, weights: Sequence[Array], release: str, new: str = "", backend: str = "theano"
) -> list[Array]:
    """``weights`` of this legacy layer as its counterpart in Keras 3 has them; ``new``: its kind. Raises Misfit."""
    return to_keras3(layout_of(layer.kind, layer.ordering, new, backend), weights, release, layer.halves)


def to_legacy(layout: Layout, weights: Sequence[Array], release: str, halves: int = 1) -> list[Array]:
    """The way back. Raises Misfit."""
    return _each(_BACK, layout, weights, release, halves)


_Conversion = Callable[[Layout, list[Array], str], list[Array]]


def _each(
    table: dict[str, _Conversion], layout: Layout, weights: Sequence[Array], release: str, halves: int
) -> list[Array]:
    convert = table.get(layout.convert)
    if convert is None:
        raise Misfit(f"no conversion {layout.convert!r} is known")
    size, rest = divmod(len(weights), halves)
    if rest:
        raise Misfit(f"{len(weights)} weights are not those of {halves} layers")
    groups = [list(weights[half * size : (half + 1) * size]) for half in range(halves)]
    return [one for group in groups for one in convert(layout, group, release)]


def _is_as_today(layout: Layout, release: str) -> bool:
    return bool(layout.same_from) and parse(release).lo >= parse(layout.same_from).lo


def _same(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    return weights


def _fuse_gates(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    try:
        return layouts.fuse_gates(weights, layout.gates)
    except ValueError as error:
        raise Misfit(str(error)) from None


def _split_gates(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    old, _, new = layout.gates.partition(">")
    if len(weights) != 3 or any(array.ndim == 0 or array.shape[-1] % len(new) for array in weights):
        raise Misfit(f"{len(weights)} weights are not a kernel, a recurrent kernel and a bias of {len(new)} gates")
    gates = [dict(zip(new, np.split(array, len(new), axis=-1), strict=True)) for array in weights]
    return [part[gate] for gate in old for part in gates]


def _convolution_1d(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    """Kernel (length, 1, inputs, filters), before 1.1 (filters, inputs, length, 1), → (length, inputs, filters)."""
    return _converted(layouts.keras1_kernels_1d, weights, "th" if release < "1.1" else "tf", layout.backend)


def _convolution_1d_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    if not weights or weights[0].ndim != 3:
        raise Misfit("there is no kernel of three axes")
    kernel, *rest = weights
    kernel = kernel[::-1] if layout.backend == "theano" else kernel
    return [kernel.transpose(2, 1, 0)[..., None] if release < "1.1" else kernel[:, None], *rest]


def _converted(
    convert: Callable[[list[Array], str, str], list[Array] | None],
    weights: list[Array],
    ordering: str,
    backend: str,
    kernels: int = 1,
) -> list[Array]:
    """By a function of tdmigrate.compat; ``weights`` begin with so many kernels."""
    if len(weights) < kernels or any(kernel.ndim < 3 for kernel in weights[:kernels]):
        raise Misfit(f"the first of {len(weights)} weights are no kernels of a convolution")
    try:
        converted = convert(weights, ordering, backend)
    except ValueError as error:
        raise Misfit(str(error)) from None
    assert converted is not None
    return converted


def _kernel_back(layout: Layout, kernel: Array) -> Array:
    if kernel.ndim < 3:
        raise Misfit(f"a kernel of {kernel.ndim} axes")
    last = np.flip(kernel, tuple(range(kernel.ndim - 2))) if layout.backend == "theano" else kernel
    return last if layout.ordering == "tf" else _channels_first(last)


def _channels_first(kernel: Array) -> Array:
    return np.moveaxis(kernel, (-2, -1), (1, 0))


def _convolution(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    return _converted(layouts.keras1_kernels, weights, layout.ordering, layout.backend)


def _convolution_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    if not weights:
        raise Misfit("there is no kernel")
    return [_kernel_back(layout, weights[0]), *weights[1:]]


def _deconvolution(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    return _converted(layouts.keras1_transposed_kernels, weights, layout.ordering, layout.backend)


def _deconvolution_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    if not weights or weights[0].ndim < 3:
        raise Misfit("there is no kernel")
    return _convolution_back(layout, [weights[0].swapaxes(-1, -2), *weights[1:]], release)


def _separable(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    """Not turned round: Theano had none (keras/backend/theano_backend.py, Keras 1.2.2)."""
    return _converted(layouts.keras1_kernels, weights, layout.ordering, "tensorflow", kernels=2)


def _separable_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    if len(weights) < 2 or any(kernel.ndim != 4 for kernel in weights[:2]):
        raise Misfit("there are no two kernels of four axes")
    return weights if layout.ordering == "tf" else [*map(_channels_first, weights[:2]), *weights[2:]]


def _convolution_gates(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    """(W, U, b) per gate, of ConvLSTM2D → kernel, recurrent kernel and bias of all gates, along their last axis."""
    kernels = _converted(layouts.keras1_kernels, weights, layout.ordering, layout.backend, kernels=2)
    return _fuse_gates(layout, kernels, release)


def _convolution_gates_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    split = _split_gates(layout, weights, release)
    return [_kernel_back(layout, one) if one.ndim > 1 else one for one in split]


def _batch_normalization(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    """gamma, beta, running mean, running variance; before 1.0.6 a standard deviation s: (x - mean) / (s + epsilon).

    Numeric trap C9; ``_EPSILON`` is the default of those releases, for both sides.
    """
    if len(weights) != 4:
        raise Misfit(f"{len(weights)} weights are not the four of a BatchNormalization")
    *others, deviation = weights
    return weights if _is_as_today(layout, release) else [*others, (deviation + _EPSILON) ** 2 - _EPSILON]


def _batch_normalization_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    if len(weights) != 4:
        raise Misfit(f"{len(weights)} weights are not the four of a BatchNormalization")
    *others, variance = weights
    return weights if _is_as_today(layout, release) else [*others, np.sqrt(variance + _EPSILON) - _EPSILON]


def _highway(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    if len(weights) not in (2, 4):
        raise Misfit(f"{len(weights)} weights are not those of a Highway")
    return layouts.keras1_highway(weights) or []


def _highway_back(layout: Layout, weights: list[Array], release: str) -> list[Array]:
    """W, b, W_carry, b_carry before 1.2, then kernel, carry kernel, bias, carry bias; without biases two kernels."""
    if len(weights) not in (2, 4):
        raise Misfit(f"{len(weights)} weights are not those of a Highway")
    if _is_as_today(layout, release) or len(weights) == 2:
        return weights
    kernel, carry, bias, carry_bias = weights
    return [kernel, bias, carry, carry_bias]


_EPSILON = 1e-6
_FORTH: dict[str, _Conversion] = {
    "same": _same, "gates": _fuse_gates, "conv1d": _convolution_1d, "batch_normalization": _batch_normalization,
    "convolution": _convolution, "deconvolution": _deconvolution, "separable": _separable,
    "convolution_gates": _convolution_gates, "highway": _highway,
}  # fmt: skip
_BACK: dict[str, _Conversion] = {
    "same": _same, "gates": _split_gates, "conv1d": _convolution_1d_back,
    "batch_normalization": _batch_normalization_back, "convolution": _convolution_back,
    "deconvolution": _deconvolution_back, "separable": _separable_back, "convolution_gates": _convolution_gates_back,
    "highway": _highway_back,
}  # fmt: skip
