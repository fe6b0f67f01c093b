from __future__ import annotations

import numpy as np
import pytest

from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.keras1.registry import all_entries
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


@pytest.mark.parametrize(
    ("layout", "weights", "release", "halves"),
    [
        (Layout(), draw((3, 2), (2,)), "1.2.2", 1),
        (LSTM, gates(4), "1.2.2", 1),
        (GRU, gates(3), "0.2.0", 1),
        (LSTM, gates(8), "1.2.2", 2),
        (GRU, gates(6), "1.1.2", 2),
        (Layout("conv1d"), draw((5, 1, 3, 2), (2,)), "1.2.2", 1),
        (Layout("conv1d"), draw((2, 3, 5, 1), (2,)), "1.0.8", 1),
        (Layout("convolution", ordering="th"), draw((4, 3, 5, 2), (4,)), "1.2.2", 1),
        (Layout("convolution", ordering="tf"), draw((5, 2, 3, 4), (4,)), "0.3.3", 1),
        (Layout("convolution", ordering="th"), draw((4, 3, 5, 2, 1)), "1.0.8", 1),
        (Layout("deconvolution", ordering="th"), draw((4, 3, 5, 2), (4,)), "1.2.2", 1),
        (Layout("deconvolution", ordering="tf"), draw((5, 2, 3, 4), (4,)), "1.2.2", 1),
        (Layout("separable", ordering="th"), draw((2, 3, 5, 4), (4, 6, 1, 1), (4,)), "1.2.2", 1),
        (Layout("separable", ordering="tf"), draw((5, 4, 3, 2), (1, 1, 6, 4), (4,)), "1.2.2", 1),
        (Layout("convolution_gates", "icfo>ifco", "th"), draw(*[(4, 3, 5, 2), (4, 4, 5, 2), (4,)] * 4), "1.2.2", 1),
        (Layout("convolution_gates", "icfo>ifco", "tf"), draw(*[(5, 2, 3, 4), (5, 2, 4, 4), (4,)] * 4), "1.1.2", 1),
        (Layout("conv1d", backend="tensorflow"), draw((5, 1, 3, 2), (2,)), "1.2.2", 1),
        (Layout("convolution", ordering="th", backend="tensorflow"), draw((4, 3, 5, 2), (4,)), "1.2.2", 1),
        (Layout("deconvolution", ordering="tf", backend="tensorflow"), draw((5, 2, 3, 4), (4,)), "1.2.2", 1),
        (
            Layout("convolution_gates", "icfo>ifco", "th", backend="tensorflow"),
            draw(*[(4, 3, 5, 2), (4, 4, 5, 2), (4,)] * 4),
            "1.2.2",
            1,
        ),
        (Layout("batch_normalization"), draw((3,), (3,), (3,), (3,)), "1.2.2", 1),
        (Layout("batch_normalization"), draw((3,), (3,), (3,), (3,)), "0.3.3", 1),
        (Layout("highway"), draw((3, 3), (3,), (3, 3), (3,)), "1.1.2", 1),
        (Layout("highway"), draw((3, 3), (3, 3), (3,), (3,)), "1.2.2", 1),
        (Layout("highway"), draw((3, 3), (3, 3)), "1.0.8", 1),
    ],
)
def test_there_and_back(layout: Layout, weights: list[Array], release: str, halves: int) -> None:
    new = to_keras3(layout, weights, release, halves)
    back = to_legacy(layout, new, release, halves)
    assert len(back) == len(weights)
    for one, other in zip(weights, back, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-15)


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


def test_highway_before_1_2_had_its_biases_elsewhere() -> None:
    w, b, carry, carry_bias = draw((3, 3), (3,), (3, 3), (3,))
    assert to_keras3(Layout("highway"), [w, b, carry, carry_bias], "1.1.2") == [w, carry, b, carry_bias]


def test_what_stands_for_a_layer_has_its_own_layout() -> None:
    assert layout_of("BatchNormalization", new="BatchNormalization").convert == "batch_normalization"
    assert layout_of("BatchNormalization", new="tdmigrate>BatchNormalization").convert == "same"
