"""Where images have their channels, from the shapes of inputs."""

from __future__ import annotations

import pytest

from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.era import Era
from tdmigrate.understanding.module import Module


def era(call: str, before: str = "", version: str | None = None) -> Era:
    layers = "Convolution2D, MaxPooling2D, ZeroPadding2D"
    imports = f"from keras.layers import Input\nfrom keras.layers.convolutional import {layers}\n"
    text = f"from keras import backend as K\n{imports}{before}\n{call}\n"
    found = check(Module(text), CheckSettings(keras_version=version)).era
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("call", "ordering"),
    [
        ("Convolution2D(8, 3, 3, input_shape=(1, 28, 28))", "th"),  # three rows do not fit in one
        ("Convolution2D(nb_filter=8, nb_row=5, nb_col=5, input_shape=(3, n, n))", "th"),
        ("Convolution2D(8, 3, 3, border_mode='valid', input_shape=(28, 28, 1))", "tf"),
    ],
)
def test_a_kernel_that_fits_one_way_tells(call: str, ordering: str) -> None:
    found = era(call)
    assert (found.ordering, found.ordering_told, found.channels) == (ordering, True, ordering)


@pytest.mark.parametrize(
    ("call", "ordering"),
    [
        ("Convolution2D(8, 3, 3, border_mode='same', input_shape=(3, 32, 32))", "th"),
        ("Convolution2D(8, k, k, input_shape=(1, 28, 28))", "th"),
        ("Convolution2D(8, 3, 3, border_mode='same', input_shape=(32, 32, 3))", "tf"),
        ("ZeroPadding2D((1, 1), input_shape=(3, 224, 224))", "th"),
        ("MaxPooling2D((2, 2), batch_input_shape=(16, 3, 32, 32))", "th"),
        ("Input(shape=(1, 28, 28))", "th"),
        ("Input((rows, columns, 3))", "tf"),
        ("Input(batch_shape=(None, 3, 64, 64))", "th"),
        ("def block(n, **kw):\n    return Convolution2D(n, 3, 3, **kw)\nblock(8, input_shape=(3, 32, 32))", "th"),
        ("net.block(8, input_shape=(32, 32, 3))", "tf"),
        ("graph.add_input(name='data', input_shape=(1, length, size))", "th"),
        ("c, n = 3, 32\nConvolution2D(8, 3, 3, border_mode='same', input_shape=(c, n, n))", "th"),
        ("shape = (3, 32, 32)\nConvolution2D(8, 3, 3, border_mode='same', input_shape=shape)", "th"),
    ],
)
def test_one_channel_or_three_are_taken_for_channels(call: str, ordering: str) -> None:
    for version in (None, "1.0", "1.2"):
        found = era(call, version=version)
        assert (found.ordering, found.ordering_told, found.ordering_guessed) == (ordering, False, True)


@pytest.mark.parametrize(
    "call",
    [
        "Convolution2D(8, 3, 3, input_shape=(16, 28, 28))",
        "Convolution2D(8, 3, 3, border_mode='same', input_shape=(3, 32, 3))",
        "Convolution2D(8, 3, 3, dim_ordering='th', input_shape=(1, 28, 28))",
        "Convolution2D(8, 3, 3, input_shape=shape)",
        "for shape in sizes:\n    Convolution2D(8, 3, 3, input_shape=shape)\nshape = (3, 32, 32)",
        "if K.image_dim_ordering() == 'th':\n    Input((3, 9, 9))\nelse:\n    Input((9, 9, 3))",
        "Input((3, 12))",
        "Convolution2D(8, 3, 3, input_shape=(1, 28, 28))\nConvolution2D(8, 3, 3, input_shape=(28, 28, 1))",
    ],
)
def test_else_the_release_decides(call: str) -> None:
    assert [(era(call, version=one).ordering, era(call).ordering_told) for one in ("1.0", "1.2")] == [
        ("th", False), ("tf", False),
    ]  # fmt: skip


def test_what_is_set_stands_above_what_a_shape_says() -> None:
    call = "Convolution2D(8, 3, 3, input_shape=(1, 28, 28))"
    assert era(call, "K.set_image_dim_ordering('tf')").channels == "tf"
    assert era(call, "K.set_image_dim_ordering(mine)").channels is None
    assert era(call, "K.set_image_dim_ordering('th')\nK.set_image_dim_ordering('tf')").channels is None
    assert era("first = K.image_dim_ordering() == 'th'", "x = Convolution2D(8, 3, 3, init='zero')").channels is None


@pytest.mark.parametrize(
    ("version", "ordering", "guessed"), [("0.2", "th", False), ("0.3", "th", False), ("1.0", "tf", True)]
)
def test_before_1_0_there_was_one_for_all(version: str, ordering: str, guessed: bool) -> None:
    found = era("MaxPooling2D(input_shape=(2, 6, 3))", version=version)
    assert (found.ordering, found.ordering_guessed, found.ordering_told) == (ordering, guessed, not guessed)
