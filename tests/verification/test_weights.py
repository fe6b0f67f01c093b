from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.keras1.registry import all_entries
from tdmigrate.keras1.versions import RELEASES, parse
from tdmigrate.verification import weights as converting
from tdmigrate.verification.record import Array
from tdmigrate.verification.weights import Misfit, layout_of, to_keras3, to_legacy

RANDOM = np.random.default_rng(3)
LSTM = Layout("gates", "icfo>ifco")
GRU = Layout("gates", "zrh>zrh")


def draw(*shapes: tuple[int, ...]) -> list[Array]:
    return [RANDOM.uniform(0.5, 1, shape) for shape in shapes]


def gates(count: int) -> list[Array]:
    return draw(*[(3, 2), (2, 2), (2,)] * count)


# --- every layer that has weights, from the entries

_LENGTHS = (5, 2, 7)


def _kernel(lengths: tuple[int, ...], ordering: str, inputs: int = 3, filters: int = 4) -> tuple[int, ...]:
    return (filters, inputs, *lengths) if ordering == "th" else (*lengths, inputs, filters)


def _shapes(entry: Layer, layout: Layout, release: str) -> list[tuple[int, ...]]:
    """Of the weights of a small layer of this release, in the order of its ``get_weights()``."""
    lengths = _LENGTHS[: (entry.ranks or (4,))[0] - 2]
    gate_count = len(layout.gates.partition(">")[0])
    match layout.convert:
        case "gates":
            return [(3, 2), (2, 2), (2,)] * gate_count
        case "convolution_gates":
            kernel, recurrent = (_kernel((5, 2), layout.ordering, inputs) for inputs in (3, 4))
            return [kernel, recurrent, (4,)] * gate_count
        case "conv1d":
            return [(4, 3, 5, 1) if parse(release).hi < parse("1.1").lo else (5, 1, 3, 4), (4,)]
        case "convolution" | "deconvolution":
            return [_kernel(lengths, layout.ordering), (4,)]
        case "separable":
            return [_kernel((5, 2), layout.ordering, 3, 2), _kernel((1, 1), layout.ordering, 6, 4), (4,)]
        case "batch_normalization":
            return [(3,)] * 4
        case "highway":
            kernels = [(3, 3), (3,), (3, 3), (3,)]
            return sorted(kernels, key=len, reverse=True) if parse(release).lo >= parse("1.2").lo else kernels
        case _:
            return [(3, 4), (4,)]


LAYERS = [one for one in all_entries() if isinstance(one, Layer) and one.layout is not None]


@pytest.mark.parametrize("entry", LAYERS, ids=lambda entry: entry.name)
def test_there_and_back(entry: Layer) -> None:
    """In every release that had the layer, with channels first and last, and in a Bidirectional.

    Bit by bit, but for the running deviations of a BatchNormalization, of which a square and its root are taken.
    """
    span = parse(next(iter(entry.paths.values())))
    for release in RELEASES[span.lo : span.hi + 1]:
        for ordering, backend in product(("th", "tf"), ("theano", "tensorflow")):
            layout = layout_of(entry.name, ordering)._replace(backend=backend)
            shapes = _shapes(entry, layout, release)
            rounds = layout.convert == "batch_normalization" and parse(release).lo < parse("1.0.6").lo
            for kept in _with_and_without_bias(layout, shapes):
                for halves in (1, 2):
                    weights = draw(*kept * halves)
                    new = to_keras3(layout, weights, release, halves)
                    back = to_legacy(layout, new, release, halves)
                    again = to_keras3(layout, back, release, halves)
                    for ones, others in ((weights, back), (new, again)):
                        assert [one.shape for one in ones] == [other.shape for other in others]
                        for one, other in zip(ones, others, strict=True):
                            np.testing.assert_allclose(one, other, rtol=1e-15 if rounds else 0, atol=0)


def _with_and_without_bias(layout: Layout, shapes: list[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    if layout.convert in ("gates", "convolution_gates", "batch_normalization"):  # they had no bias=False
        return [shapes]
    return [shapes, [one for one in shapes if len(one) > 1]]


LAYOUTS = sorted({layout_of(entry.name) for entry in LAYERS if entry.wraps is None})


@given(
    st.sampled_from(LAYOUTS),
    st.sampled_from(["th", "tf"]),
    st.sampled_from(RELEASES),
    st.integers(1, 2),
    st.lists(st.lists(st.integers(0, 4), max_size=5), max_size=13),
)
def test_whatever_is_given_a_misfit_is_all_that_comes(
    layout: Layout, ordering: str, release: str, halves: int, shapes: list[list[int]]
) -> None:
    weights = [np.ones(shape) for shape in shapes]
    for way in (to_keras3, to_legacy):
        found, said = weights, ""
        try:
            found = way(layout._replace(ordering=ordering), weights, release, halves)
        except Misfit as misfit:
            said = str(misfit)
        assert "\n" not in said
        assert sum(one.size for one in found) == sum(one.size for one in weights)


def test_kernels_over_images_are_turned_and_have_their_channels_last() -> None:
    kernel = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)  # filters, inputs, rows, columns
    (new,) = to_keras3(Layout("convolution"), [kernel], "1.2.2")
    assert new.shape == (4, 5, 3, 2)
    assert new[0, 1, 2, 1] == kernel[1, 2, 3, 3]
    (transposed,) = to_keras3(Layout("deconvolution"), [kernel], "1.2.2")
    assert transposed[0, 1, 1, 2] == kernel[1, 2, 3, 3]
    (same_order,) = to_keras3(Layout("convolution", ordering="tf"), [new], "1.2.2")
    assert same_order[3, 3, 2, 1] == new[0, 1, 2, 1]


def test_kernels_of_tensorflow_are_not_turned() -> None:
    kernel = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    (new,) = to_keras3(Layout("convolution", backend="tensorflow"), [kernel], "1.2.2")
    (transposed,) = to_keras3(Layout("deconvolution", backend="tensorflow"), [kernel], "1.2.2")
    assert new[0, 1, 2, 1] == transposed[0, 1, 1, 2] == kernel[1, 2, 0, 1]
    steps = np.arange(4 * 3 * 2.0).reshape(4, 1, 3, 2)
    (lengths,) = to_keras3(Layout("conv1d", backend="tensorflow"), [steps], "1.2.2")
    np.testing.assert_array_equal(lengths, steps[:, 0])
    assert layout_of("Convolution2D", "tf", backend="tensorflow").backend == "tensorflow"


def test_separable_kernels_are_not_turned() -> None:
    depthwise, pointwise = draw((2, 3, 4, 5), (6, 6, 1, 1))
    new = to_keras3(Layout("separable"), [depthwise, pointwise], "1.2.2")
    assert [one.shape for one in new] == [(4, 5, 3, 2), (1, 1, 6, 6)]
    assert new[0][1, 2, 2, 1] == depthwise[1, 2, 1, 2]


@pytest.mark.parametrize("convert", ["convolution", "deconvolution", "separable"])
def test_what_has_no_kernel_is_refused(convert: str) -> None:
    for way in (to_keras3, to_legacy):
        with pytest.raises(Misfit):
            way(Layout(convert), [], "1.2.2")
        with pytest.raises(Misfit):
            way(Layout(convert), draw((3, 2), (2,)), "1.2.2")


def test_gates_go_where_keras3_has_them() -> None:
    i, c, f, o = (np.full((1, 1), value) for value in (1.0, 2.0, 3.0, 4.0))
    weights = [array for gate in (i, c, f, o) for array in (gate, gate * 10, gate[0] * 100)]
    kernel, recurrent, bias = to_keras3(LSTM, weights, "1.2.2")
    assert kernel.tolist() == [[1, 3, 2, 4]]
    assert recurrent.tolist() == [[10, 30, 20, 40]]
    assert bias.tolist() == [100, 300, 200, 400]


def test_gates_that_keras1_had_fused_stay() -> None:
    weights = draw((3, 8), (2, 8), (8,))
    assert to_keras3(LSTM, weights, "1.2.2") == weights


def test_a_convolution_is_turned_round() -> None:
    kernel = np.arange(3.0).reshape(3, 1, 1, 1)
    assert to_keras3(Layout("conv1d"), [kernel], "1.2.2")[0].ravel().tolist() == [2, 1, 0]
    assert to_keras3(Layout("conv1d"), [kernel.reshape(1, 1, 3, 1)], "1.0.8")[0].ravel().tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("layout", "weights", "halves"),
    [
        (LSTM, gates(3), 1),
        (LSTM, [], 1),
        (GRU, draw((1,)), 2),
        (Layout("conv1d"), draw((3, 2)), 1),
        (Layout("conv1d"), [], 1),
        (Layout("batch_normalization"), draw((3,)), 1),
        (Layout("never heard of"), [], 1),
    ],
)
def test_weights_of_another_layer_are_refused(layout: Layout, weights: list[Array], halves: int) -> None:
    with pytest.raises(Misfit):
        to_keras3(layout, weights, "1.2.2", halves)


@pytest.mark.parametrize(
    ("layout", "weights"),
    [
        (LSTM, draw((3, 9), (2, 8), (8,))),
        (Layout("conv1d"), draw((3, 2))),
        (Layout("highway"), draw((3, 3))),
        (Layout("batch_normalization"), draw((3,))),
    ],
)
def test_and_on_the_way_back(layout: Layout, weights: list[Array]) -> None:
    with pytest.raises(Misfit):
        to_legacy(layout, weights, "1.2.2")


def test_layouts_come_from_the_entries() -> None:
    assert layout_of("LSTM") == LSTM
    assert layout_of("GRU") == GRU
    assert layout_of("TimeDistributedDense") == Layout()
    assert layout_of("OfTheUsersOwn") == Layout()


def test_every_layer_that_has_a_spelling_has_a_known_conversion() -> None:
    # a Bidirectional's weights are asked for by the layer inside
    for entry in all_entries():
        if isinstance(entry, Layer) and entry.keras3 is not None and entry.layout is not None:
            assert entry.layout.convert in {*converting._FORTH, "bidirectional"}, entry.name
    assert converting._FORTH.keys() == converting._BACK.keys()


def test_a_batch_normalization_kept_a_deviation_before_1_0_6() -> None:
    layout = layout_of("BatchNormalization")
    weights = [np.array([value]) for value in (1.0, 2.0, 3.0, 0.5)]
    assert to_keras3(layout, weights, "1.0.6") == weights
    for release in ("0.2.0", "1.0.5"):
        *others, variance = to_keras3(layout, weights, release)
        assert others == weights[:3]
        assert variance[0] == pytest.approx((0.5 + 1e-6) ** 2 - 1e-6, rel=1e-15)


def test_highway_before_1_2_had_its_biases_elsewhere() -> None:
    w, b, carry, carry_bias = draw((3, 3), (3,), (3, 3), (3,))
    assert to_keras3(layout_of("Highway"), [w, b, carry, carry_bias], "1.1.2") == [w, carry, b, carry_bias]


def test_what_stands_for_a_layer_has_its_own_layout() -> None:
    assert layout_of("BatchNormalization", new="BatchNormalization").convert == "batch_normalization"
    assert layout_of("BatchNormalization", new="tdmigrate>BatchNormalization").convert == "same"
