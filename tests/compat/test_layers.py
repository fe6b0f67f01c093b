"""What genuine Keras draws at random or refuses, of the layers that compat has."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tdmigrate import compat

from .models import draw, gap, model_of, numbers


def test_dropout_scales_when_predicting_only() -> None:
    layer = compat.Dropout(0.25, seed=3)
    x = np.ones((200, 50))
    assert gap(layer(x), 0.75 * x) < 1e-15
    y = numbers(layer(x, training=True))
    assert set(np.unique(y)) == {0.0, 1.0}
    assert abs(y.mean() - 0.75) < 0.02
    assert not np.array_equal(y, numbers(layer(x, training=True)))


@pytest.mark.parametrize("rate", [0, -0.5])
def test_dropout_of_nothing(rate: float) -> None:
    x = draw(4, 5)
    assert gap(compat.Dropout(rate)(x, training=True), x) == 0
    assert gap(compat.Dropout(rate)(x), x) == 0


def test_all_is_dropped() -> None:
    x = draw(4, 5)
    assert not numbers(compat.Dropout(1.0)(x, training=True)).any()
    assert not numbers(compat.Dropout(1.0)(x)).any()


def test_embedding_drops_an_id_everywhere() -> None:
    layer = compat.Embedding(30, 4, dropout=0.5, seed=1)
    ids = np.arange(30)[None].repeat(3, axis=0)
    whole = numbers(layer(ids))
    y = numbers(layer(ids, training=True))
    dropped = ~y[0].any(axis=-1)
    assert 5 < dropped.sum() < 25
    assert gap(y[:, ~dropped], 2 * whole[:, ~dropped]) < 1e-15
    assert not y[:, dropped].any()


def test_embedding_of_0_3_is_not_rescaled_in_training() -> None:
    layer = compat.Embedding(30, 4, dropout=0.5, rescaled="prediction", seed=1)
    ids = np.arange(30)[None].repeat(3, axis=0)
    y = numbers(layer(ids, training=True))
    table = numbers(layer.embeddings)
    dropped = ~y[0].any(axis=-1)
    assert 5 < dropped.sum() < 25
    assert gap(y[:, ~dropped], table[None, ~dropped].repeat(3, axis=0)) == 0
    assert gap(layer(ids), 0.5 * table[None].repeat(3, axis=0)) == 0
    with pytest.raises(ValueError, match="'never'"):
        compat.Embedding(30, 4, rescaled="never")


@pytest.mark.parametrize("rate", [0.0, 1.0, 1.5])
def test_embedding_drops_nothing_at_such_rates(rate: float) -> None:
    layer = compat.Embedding(9, 4, dropout=rate)
    ids = np.arange(9)[None]
    assert gap(layer(ids, training=True), layer(ids)) == 0


def test_embedding_starts_with_weights() -> None:
    table = draw(9, 4)
    layer = compat.Embedding(9, 4, dropout=0.2, weights=[table])
    assert gap(layer(np.arange(9)[None]), table[None]) == 0


class _OneHot(keras.layers.Layer):  # type: ignore[misc]
    """A table whose gradient comes in one piece."""

    def build(self, input_shape: Any) -> None:
        self.table = self.add_weight(shape=(9, 4))

    def call(self, ids: Any) -> Any:
        return keras.ops.matmul(keras.ops.one_hot(keras.ops.cast(ids, "int32"), 9, dtype="float64"), self.table)


@pytest.mark.parametrize("compiled", [False, True])
def test_rows_taken_twice_train_by_the_sum_of_their_gradients(compiled: bool) -> None:
    table, ids, y = draw(9, 4), np.array([[[3, 3, 2], [2, 3, 1]], [[5, 5, 5], [1, 4, 1]]]), draw(2, 2, 3, 4)
    found = {}
    for layer in (compat.Embedding(9, 4), _OneHot(), keras.layers.Embedding(9, 4)):
        model = model_of(layer, shape=(3,))
        model.set_weights([table])
        model.compile(keras.optimizers.Adam(0.1), "mse", jit_compile=compiled)
        for step in range(4):
            model.train_on_batch(ids[step % 2], y[step % 2])
        found[type(layer)] = model.get_weights()[0]
    assert gap(found[compat.Embedding], found[_OneHot]) < 1e-14
    assert gap(found[keras.layers.Embedding], found[_OneHot]) > 1e-3  # when it is not, compat need not be


def test_rows_of_a_table_that_is_no_variable() -> None:
    table = draw(9, 4)
    model = keras.Model(whole := keras.Input((9, 4), batch_size=1), compat.gather(whole[0], np.array([2, 2, 0])))
    assert gap(model(table[None]), table[[2, 2, 0]]) == 0


def test_embedding_masks_as_keras_does() -> None:
    model = model_of(compat.Embedding(9, 4, mask_zero=True, dropout=0.2), shape=(None,))
    ids = np.array([[3, 0, 2, 0]])
    assert numbers(model.layers[0].compute_mask(ids)).tolist() == [[True, False, True, False]]


PRODUCTS: list[tuple[tuple[int, ...], tuple[int, ...], Any, str]] = [
    ((5, 4), (5, 4), 1, "bi,bi->b"),
    ((5, 4), (5, 3, 4), (1, 2), "bi,bji->bj"),
    ((5, 3, 4), (5, 4, 2), None, "bij,bjk->bik"),
    ((5, 3, 4), (5, 2, 4), (2, 2), "bij,bkj->bik"),
    ((5, 3, 4), (5, 3, 2), [1, 1], "bij,bik->bjk"),
    ((5, 3, 4), (5, 2, 4), (-1, -1), "bij,bkj->bik"),
    ((5, 3, 4), (5, 3), (1, 1), "bij,bi->bj"),
    ((5, 2, 3, 4), (5, 4, 6), (3, 1), "bhij,bjk->bhik"),
]


@pytest.mark.parametrize(("x", "y", "axes", "formula"), PRODUCTS)
def test_batch_dot(x: tuple[int, ...], y: tuple[int, ...], axes: Any, formula: str) -> None:
    a, b = draw(*x), draw(*y)
    expected = np.einsum(formula, a, b)
    got = numbers(compat.batch_dot(keras.ops.convert_to_tensor(a), keras.ops.convert_to_tensor(b), axes))
    assert gap(got, expected[:, None] if expected.ndim == 1 else expected) < 1e-12


@pytest.mark.parametrize("axes", [0, (1, 0), (2, 1), (1, -3), None])
def test_batch_dot_of_no_axes_of_samples(axes: Any) -> None:
    with pytest.raises(ValueError, match="axes"):
        compat.batch_dot(keras.ops.ones((5, 4)), keras.ops.ones((5, 4)), axes)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="mode"):
        compat.BatchNormalization(mode=3)
    with pytest.raises(ValueError, match="form"):
        compat.BatchNormalization(form="std")
    with pytest.raises(ValueError, match="odd"):
        compat.LRN2D(n=4)
    with pytest.raises(ValueError, match="fixed size"):
        model_of(compat.LocallyConnected1D(4, 3), shape=(None, 3))
    with pytest.raises(ValueError, match="shared_axes"):
        model_of(compat.SReLU(), shape=(None, 3))
    with pytest.raises(ValueError, match="data_format"):
        compat.LocallyConnected2D(4, (3, 3), data_format="th")


def test_shapes_are_told_before_anything_runs() -> None:
    assert model_of(compat.LocallyConnected1D(4, 3, strides=2), shape=(9, 3)).output_shape == (None, 4, 4)
    assert model_of(compat.JZS1(4), shape=(None, 3)).output_shape == (None, 4)
    assert model_of(compat.JZS1(4, return_sequences=True), shape=(None, 3)).output_shape == (None, None, 4)
    assert model_of(compat.SReLU(shared_axes=1), shape=(None, 3)).layers[0].t_left.shape == (1, 3)


def test_activity_is_penalized_over_the_whole_batch() -> None:
    x = draw(5, 3)
    for batch_mean, size in ((False, 1), (True, 5)):
        layer = compat.ActivityRegularization(0.1, 0.2, batch_mean)
        assert gap(layer(x), x) == 0
        expected = (0.1 * np.abs(x).sum() + 0.2 * np.square(x).sum()) / size
        assert abs(float(sum(layer.losses)) - expected) < 1e-10
