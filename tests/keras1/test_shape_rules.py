from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.shape_rules import first_input, merged, window
from tdmigrate.understanding.shapes import UNKNOWN as U
from tdmigrate.understanding.shapes import Dim, Dims

from .calls import layer_call

Case = tuple[str, Dims | None, Dims | None]


# what genuine Keras 1.2.2 (Theano) answers to get_output_shape_for
GENUINE: list[Case] = [
    ("Convolution1D(5, 3)", (None, 10, 4), (None, 8, 5)),
    ("Convolution1D(5, 3, subsample_length=3)", (None, 11, 4), (None, 3, 5)),
    ("Convolution1D(5, 3, border_mode='same', subsample_length=2)", (None, 11, 4), (None, 6, 5)),
    ("Convolution1D(5, 3)", (None, None, 4), (None, None, 5)),
    ("AtrousConvolution1D(5, 3, atrous_rate=2)", (None, 20, 4), (None, 16, 5)),
    ("Convolution2D(5, 3, 2, subsample=(2, 3), dim_ordering='th')", (None, 12, 13, 14), (None, 5, 6, 5)),
    ("Convolution2D(5, 3, 2, subsample=(2, 3), dim_ordering='tf')", (None, 12, 13, 14), (None, 5, 4, 5)),
    ("AtrousConvolution2D(5, 3, 2, atrous_rate=(2, 3), dim_ordering='tf')", (None, 12, 13, 14), (None, 8, 10, 5)),
    (
        "Convolution3D(5, 3, 2, 2, subsample=(1, 2, 3), border_mode='same', dim_ordering='th')",
        (None, 12, 13, 14, 15),
        (None, 5, 13, 7, 5),
    ),
    ("MaxPooling1D(pool_length=2, stride=3)", (None, 11, 4), (None, 4, 4)),
    ("MaxPooling1D()", (None, 11, 4), (None, 5, 4)),
    ("AveragePooling1D(pool_length=3, border_mode='same')", (None, 11, 4), (None, 4, 4)),
    ("MaxPooling2D(pool_size=(2, 3), dim_ordering='th')", (None, 12, 13, 14), (None, 12, 6, 4)),
    (
        "MaxPooling3D(pool_size=(2, 3, 2), strides=(1, 2, 3), dim_ordering='tf')",
        (None, 12, 13, 14, 9),
        (None, 11, 6, 5, 9),
    ),
    ("GlobalMaxPooling1D()", (None, 5, 6), (None, 6)),
    ("GlobalMaxPooling2D(dim_ordering='th')", (None, 12, 13, 14), (None, 12)),
    ("GlobalAveragePooling3D(dim_ordering='tf')", (None, 12, 13, 14, 15), (None, 15)),
    ("UpSampling1D(length=3)", (None, 5, 4), (None, 15, 4)),
    ("UpSampling2D(size=(2, 3), dim_ordering='th')", (None, 12, None, 14), (None, 12, None, 42)),
    ("UpSampling3D(size=(2, 3, 4), dim_ordering='tf')", (None, 2, 3, 4, 5), (None, 4, 9, 16, 5)),
    ("ZeroPadding1D(2)", (None, 5, 4), (None, 9, 4)),
    ("ZeroPadding1D((1, 2))", (None, 5, 4), (None, 8, 4)),
    ("ZeroPadding2D((1, 2, 3, 4), dim_ordering='th')", (None, 12, 7, 14), (None, 12, 10, 21)),
    ("ZeroPadding3D((2, 3, 4), dim_ordering='tf')", (None, 2, 3, 4, 5), (None, 6, 9, 12, 5)),
    ("Cropping1D((1, 2))", (None, 9, 4), (None, 6, 4)),
    ("Cropping2D(((1, 2), (3, 4)), dim_ordering='th')", (None, 20, 21, 22), (None, 20, 18, 15)),
    ("Cropping3D(((1, 2), (3, 4), (0, 1)), dim_ordering='tf')", (None, 20, 21, 22, 23), (None, 17, 14, 21, 23)),
    ("LocallyConnected1D(5, 3)", (None, 9, 4), (None, 7, 5)),
    (
        "Deconvolution2D(5, 3, 2, output_shape=(None, 5, 14, 15), dim_ordering='th')",
        (None, 9, 12, 13),
        (None, 5, 14, 15),
    ),
    (
        "ConvLSTM2D(5, 3, 2, dim_ordering='tf', return_sequences=True, border_mode='same')",
        (None, 7, 12, 13, 14),
        (None, 7, 12, 13, 5),
    ),
    ("ConvLSTM2D(5, 3, 2, dim_ordering='th')", (None, 7, 12, 13, 14), (None, 5, 11, 13)),
    ("LSTM(7, return_sequences=True)", (None, None, 4), (None, None, 7)),
    ("GRU(7)", (None, 5, 4), (None, 7)),
    ("SimpleRNN(output_dim=7, return_sequences=1)", (32, 5, 4), (32, 5, 7)),
    ("TimeDistributedDense(7)", (None, 5, 4), (None, 5, 7)),
    ("Dense(7)", (None, 5, 4), (None, 5, 7)),
    ("RepeatVector(7)", (None, 5), (None, 7, 5)),
    ("Flatten()", (None, 5, 6, 7), (None, 210)),
    ("Permute((3, 1, 2))", (None, 5, 6, 7), (None, 7, 5, 6)),
    ("Reshape((3, -1))", (None, 12), (None, 3, 4)),
    ("Reshape((-1,))", (None, 3, 4), (None, 12)),
    ("Embedding(10, 7)", (None, 5), (None, 5, 7)),
    ("Embedding(10, 7, input_length=9)", (None, None), (None, 9, 7)),
    ("MaxoutDense(7)", (None, 5), (None, 7)),
    ("BatchNormalization()", (None, 5, 4), (None, 5, 4)),
    ("Lambda(f, output_shape=(4, None))", (None, 3), (None, 4, None)),
]


@pytest.mark.parametrize(("text", "given_", "wanted"), GENUINE)
def test_as_genuine_keras(text: str, given_: Dims | None, wanted: Dims | None) -> None:
    entry, arguments = layer_call(text)
    assert entry.shape([given_], arguments) == wanted


@pytest.mark.parametrize(
    ("text", "given_", "wanted"),
    [
        ("LSTM(n, return_sequences=True)", None, (None, U, U)),
        ("LSTM(7, return_sequences=True)", (None, 4), (None, U, 7)),
        ("LSTM(7, return_sequences=flag)", (None, 5, 4), None),
        ("LSTM(7, return_sequence=True)", (None, 5, 4), (None, 7)),
        ("LSTM(7, return_sequences=True, **more)", (None, 5, 4), (None, 5, 7)),
        ("LSTM(7, **more)", (None, 5, 4), None),
        ("TimeDistributedDense(n)", None, (None, U, U)),
        ("TimeDistributedDense(6)", (None, 2, 3, 4), (None, 2, 3, 6)),
        ("Dense(7)", None, None),
        ("Flatten()", None, (None, U)),
        ("Flatten()", (None, U, 4), (None, U)),
        ("Flatten()", (None, None, 4), (None, None)),
        ("Reshape((3, n))", None, (None, 3, U)),
        ("Reshape(shape)", (None, 12), None),
        ("Reshape((n, -1))", (None, 12), (None, U, U)),
        ("Reshape((-1, 4))", (None, None, 8), (None, None, 4)),
        ("Permute((2, 1))", None, (None, U, U)),
        ("Permute(dims)", (None, 5, 4), (None, U, U)),
        ("Permute((1, 9))", (None, 5, 4), (None, 5, U)),
        ("RepeatVector(n)", None, (None, U, U)),
        ("Embedding(n, 7)", None, (None, U, 7)),
        ("Embedding(n, m, input_length=k)", None, (None, U, U)),
        ("Lambda(f)", (None, 5), None),
        ("Lambda(f, output_shape=g)", (None, 5), None),
        ("Activation('tanh')", None, None),
        ("Convolution1D(5, n)", (None, 10, 4), (None, U, 5)),
        ("Convolution1D(5, 3, border_mode=mode)", (None, 10, 4), (None, U, 5)),
        ("Convolution1D(5, 3, border_mode='full')", (None, 10, 4), (None, 12, 5)),
        ("Convolution1D(5, 3, subsample_length=0)", (None, 10, 4), (None, U, 5)),
        # the ordering comes from keras.json: only what both orderings agree on is known
        ("Convolution2D(5, 3, 3)", (None, 5, 7, 5), (None, U, 5, U)),
        ("Convolution2D(5, 3, 3)", None, (None, U, U, U)),
        ("MaxPooling2D()", (None, 8, 8, 8), (None, U, 4, U)),
        ("GlobalMaxPooling2D()", (None, 8, 8, 8), (None, U)),
        ("GlobalMaxPooling1D()", None, (None, U)),
        ("ZeroPadding2D(pad, dim_ordering='tf')", (None, 5, 6, 3), (None, U, U, 3)),
        ("ZeroPadding2D({'top_pad': 1}, dim_ordering='tf')", (None, 5, 6, 3), (None, U, U, 3)),
        ("Cropping2D(n, dim_ordering='tf')", (None, 5, 6, 3), (None, U, U, 3)),
        ("UpSampling2D(2, dim_ordering='tf')", (None, 5, 6, 3), (None, 10, 12, 3)),
        ("keras.layers.core.TimeDistributedMerge()", (None, 5, 6), (None, 6)),
        ("keras.layers.core.AutoEncoder(a, b)", (None, 5), None),
        ("keras.layers.embeddings.WordContextProduct(100)", (None, 2), (None, 1)),
    ],
)
def test_unknown_stays_unknown_in_its_place_only(text: str, given_: Dims | None, wanted: Dims | None) -> None:
    entry, arguments = layer_call(text)
    assert entry.shape([given_], arguments) == wanted


@pytest.mark.parametrize(
    ("text", "versions", "given_", "wanted"),
    [
        ("keras.layers.recurrent.LSTM(256, 128, return_sequences=True)", "0.1", (None, None, 256), (None, None, 128)),
        ("keras.layers.core.TimeDistributedDense(256, 128)", "0.1", (None, None, 256), (None, None, 128)),
        ("keras.layers.core.Dense(256, 128)", "0.1", (None, 256), (None, 128)),
        ("keras.layers.convolutional.Convolution1D(16, 32, 3)", "0.1", (None, 10, 16), (None, 8, 32)),
        ("keras.layers.convolutional.Convolution2D(32, 3, 5, 5)", "0.1", (None, 3, 20, 20), (None, 32, 16, 16)),
        ("keras.layers.convolutional.Convolution2D(32, 5, 5)", "0.2", (None, 3, 20, 20), (None, 32, 16, 16)),
        ("keras.layers.convolutional.MaxPooling2D(poolsize=(2, 2))", "0.1", (None, 3, 20, 20), (None, 3, 10, 10)),
        ("keras.layers.convolutional.MaxPooling1D(2, ignore_border=False)", "0.2", (None, 9, 4), (None, U, 4)),
        ("keras.layers.core.Reshape(dims=(3, 4))", "0.2", (None, 12), (None, 3, 4)),
    ],
)
def test_older_signatures(text: str, versions: str, given_: Dims | None, wanted: Dims | None) -> None:
    entry, arguments = layer_call(text, versions)
    assert entry.shape([given_], arguments) == wanted


class _Fake:
    def __init__(self, rank_kept: bool) -> None:
        self.asked: list[Dims | None] = []
        self.rank_kept = rank_kept

    def output(self, inputs: Sequence[Dims | None]) -> Dims | None:
        self.asked += inputs
        shape = inputs[0]
        return (*shape[:-1], 9) if shape is not None and self.rank_kept else None


def test_time_distributed_hands_on_all_axes_but_the_second() -> None:
    inner = _Fake(rank_kept=True)
    entry, arguments = layer_call("TimeDistributed(layer)", inner=inner)
    assert entry.shape([(None, 5, 6, 7)], arguments) == (None, 5, 6, 9)
    assert inner.asked == [(None, 6, 7)]
    assert entry.shape([None], arguments) is None
    entry, arguments = layer_call("TimeDistributed(layer)", inner=_Fake(rank_kept=False))
    assert entry.shape([(None, 5, 6)], arguments) is None
    entry, arguments = layer_call("TimeDistributed(layer)")
    assert entry.shape([(None, 5, 6)], arguments) is None


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("", (None, 5, 18)),
        (", merge_mode='sum'", (None, 5, 9)),
        (", merge_mode=m", (None, 5, U)),
        (", merge_mode=None", None),
    ],
)
def test_bidirectional(mode: str, wanted: Dims | None) -> None:
    entry, arguments = layer_call(f"Bidirectional(layer{mode})", inner=_Fake(rank_kept=True))
    assert entry.shape([(None, 5, 6)], arguments) == wanted


A, B = (None, 5, 6), (None, 5, 7)


@pytest.mark.parametrize(
    ("inputs", "mode", "axis", "dot", "shape", "wanted"),
    [
        ([A, B], "concat", -1, -1, None, (None, 5, 13)),
        ([A, A], "concat", 1, -1, None, (None, 10, 6)),
        ([A, (None, None, 6)], "concat", 1, -1, None, (None, None, 6)),
        ([A, None], "concat", -1, -1, None, (None, 5, U)),
        ([A, B], "concat", U, -1, None, (None, U, U)),
        ([A, (None, 6)], "concat", -1, -1, None, None),
        ([A, A], "sum", -1, -1, None, A),
        ([None, A], "mul", -1, -1, None, A),
        ([(None, U, 6), (None, 5, U)], "ave", -1, -1, None, A),
        ([None, None], "max", -1, -1, None, None),
        ([A, (None, 5, 7)], "dot", -1, 1, None, (None, 6, 7)),
        ([(None, 4, 6), (None, 5, 6)], "dot", -1, (2, 2), None, (None, 4, 5)),
        ([(None, 6), (None, 6)], "dot", -1, -1, None, (None, 1)),
        ([(None, 6), (None, 6)], "cos", -1, 1, None, (None, 1)),
        ([(None, 4, 6), (None, 5, 6)], "dot", -1, ([2], [2]), None, (None, 4, 5)),
        ([(None, 6), (None, 6)], "cos", -1, ([1], [1]), None, (None, 1)),
        ([A, B], "dot", -1, U, None, None),
        ([A, B], "dot", -1, 7, None, None),
        ([A, B], "join", -1, -1, None, None),
        ([A, B], U, -1, -1, (3, 4), (None, 3, 4)),
        ([A, B], U, -1, -1, None, None),
        ([], "sum", -1, -1, None, None),
    ],
)  # fmt: skip
def test_merging(
    inputs: Sequence[Dims | None], mode: object, axis: object, dot: object, shape: object, wanted: Dims | None
) -> None:
    assert merged(inputs, mode, axis, dot, shape) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("LSTM(8, input_dim=4)", (None, None, 4)),
        ("LSTM(8, input_dim=4, input_length=7)", (None, 7, 4)),
        ("LSTM(8, input_dim=n, input_length=None)", (None, None, U)),
        ("LSTM(8, input_shape=(None, 4))", (None, None, 4)),
        ("LSTM(8, input_shape=[7, n])", (None, 7, U)),
        ("LSTM(8, batch_input_shape=(32, 7, 4), input_dim=4)", (32, 7, 4)),
        ("LSTM(8, input_shape=x.shape[1:])", None),
        ("LSTM(8)", None),
        ("LSTM(4, 8)", (None, None, 4)),
        ("TimeDistributedDense(8, input_dim=4)", (None, None, 4)),
        ("TimeDistributedDense(4, 8)", (None, None, 4)),
        ("Dense(8, input_dim=4)", (None, 4)),
        ("Dense(4, 8)", (None, 4)),
        ("Dense(8, input_dim=None)", None),
        ("Convolution1D(8, 3, input_dim=4, input_length=n)", (None, U, 4)),
        ("Convolution2D(32, 3, 5, 5)", (None, 3, None, None)),
        ("Convolution2D(32, 5, 5, input_shape=(3, 20, 20))", (None, 3, 20, 20)),
        ("Embedding(100, 8)", (None, None)),
        ("Embedding(100, 8, input_length=7)", (None, 7)),
        ("Embedding(100, 8, input_shape=(9,))", (None, 9)),
        ("Masking(0.0, input_shape=(None, 4))", (None, None, 4)),
        ("Activation('tanh')", None),
        ("keras.layers.normalization.BatchNormalization((7, 4))", None),
        ("TimeDistributed(layer, input_shape=(7, 4))", (None, 7, 4)),
    ],
)
def test_what_a_first_layer_says(text: str, wanted: Dims | None) -> None:
    entry, arguments = layer_call(text)
    assert first_input(entry, arguments) == wanted


def test_a_first_batch_normalization_of_0_1() -> None:
    entry, arguments = layer_call("keras.layers.normalization.BatchNormalization((7, 4))", "0.1")
    assert first_input(entry, arguments) == (None, 7, 4)


def test_a_record_is_no_shape() -> None:
    class Record(tuple[int, ...]):
        """As the facts' own records, a tuple that is not a value of the source."""

    class Given:
        def get(self, name: str) -> object:
            return Record((3, 4))

        def given(self, name: str) -> bool:
            return True

    for path in ("keras.layers.core.Reshape", "keras.layers.core.Lambda"):
        entry = registry.lookup(path)
        assert isinstance(entry, Layer)
        assert entry.shape([(None, 12)], Given()) is None
        assert first_input(entry, Given()) is None


@pytest.mark.parametrize("length", range(3, 12))
@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_window_is_as_often_somewhere_as_it_fits(length: int, size: int, stride: int) -> None:
    assert window(length, size, "valid", stride) == len(range(0, length - size + 1, stride))
    assert window(length, size, "same", stride) == len(range(0, length, stride))
    assert window(length, size, "full", stride) == len(range(0, length + size - 1, stride))


DIMS = st.one_of(st.none(), st.just(U), st.integers(-2, 9))
SHAPES = st.one_of(st.none(), st.lists(DIMS, max_size=6).map(tuple))
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.just(U),
    st.sampled_from(["", "same", "valid", "th", "tf", "concat", "dot"]),
    st.lists(st.one_of(DIMS, st.lists(DIMS, max_size=3).map(tuple)), max_size=5).map(tuple),
)  # fmt: skip


class _Any:
    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    def get(self, name: str) -> object:
        return self.values.get(name)

    def given(self, name: str) -> bool:
        return name in self.values


NAMES = (
    "output_dim", "input_dim", "input_length", "input_shape", "return_sequences", "dims", "target_shape", "n",
    "nb_filter", "filter_length", "nb_row", "nb_col", "border_mode", "subsample", "subsample_length", "dim_ordering",
    "pool_size", "pool_length", "strides", "padding", "cropping", "size", "length", "mode", "concat_axis", "dot_axes",
    "output_shape",
)  # fmt: skip
LAYERS = [entry for entry in registry.all_entries() if isinstance(entry, Layer)]


@given(
    entry=st.sampled_from(LAYERS),
    shapes=st.lists(SHAPES, max_size=3),
    values=st.dictionaries(st.sampled_from(NAMES), ODD, max_size=8),
)
def test_no_arguments_break_a_rule(entry: Layer, shapes: list[Dims | None], values: dict[str, object]) -> None:
    found = entry.shape(shapes, _Any(values))
    first = first_input(entry, _Any(values))
    for shape in (found, first):
        assert shape is None or all(_is_dim(dim) for dim in shape)


@given(shapes=st.lists(SHAPES, max_size=3), mode=ODD, axis=ODD, dot=ODD, target=ODD)
def test_no_arguments_break_a_merge(
    shapes: list[Dims | None], mode: object, axis: object, dot: object, target: object
) -> None:
    shape = merged(shapes, mode, axis, dot, target)
    assert shape is None or all(_is_dim(dim) for dim in shape)


def _is_dim(dim: Dim) -> bool:
    return dim is None or dim is U or type(dim) is int
