from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras import constraints, layers, ops

from tdmigrate import compat

from .models import Array, draw, gap, model_of, reloaded

SEQUENCE = (2, 1, 0, None)  # (filters, inputs, length, 1)
IMAGE = (3, 2, 0, 1)


def normed(kernel: Array, limit: float, axes: tuple[int, ...]) -> Array:
    norms = np.sqrt(np.sum(np.square(kernel), axis=axes, keepdims=True))
    return kernel * (np.clip(norms, 0, limit) / (1e-7 + norms))


@pytest.mark.parametrize(
    ("axes", "axis", "shape", "now"),
    [
        (IMAGE, 0, (3, 2, 4, 5), (3,)), (IMAGE, [1, 2, 3], (3, 2, 4, 5), (0, 1, 2)), (IMAGE, -1, (3, 2, 4, 5), (1,)),
        (SEQUENCE, 0, (3, 4, 5), (2,)), (SEQUENCE, 3, (3, 4, 5), ()), ((0, None, 1, 2), 3, (3, 4, 5), (2,)),
        ((0, None, 1, 2), [1, 2], (3, 4, 5), (1,)), ((2, 3, 0, 1), 0, (3, 2, 4, 5), (2,)),
    ],
)  # fmt: skip
def test_norms_of_the_kernel_as_it_lay(
    axes: tuple[int | None, ...], axis: Any, shape: tuple[int, ...], now: tuple[int, ...]
) -> None:
    kernel = draw(*shape)
    limited = compat.InOldLayout(constraints.MaxNorm(0.7, axis=axis), axes)(ops.convert_to_tensor(kernel))
    assert gap(limited, normed(kernel, 0.7, now)) < 1e-15


def test_what_it_holds_may_be_a_name_or_nothing() -> None:
    kernel = draw(3, 2, 4, 5)
    assert gap(compat.InOldLayout("non_neg", IMAGE)(ops.convert_to_tensor(kernel)), np.maximum(kernel, 0)) == 0
    assert gap(compat.InOldLayout(None, IMAGE)(kernel), kernel) == 0


@pytest.mark.parametrize("axes", [(0, 0, 1), (1, 2), (0, 1, 3), (0, 1, -1)])
def test_axes_are_each_one_once(axes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="each axis of a kernel once"):
        compat.InOldLayout("non_neg", axes)


def test_it_constrains_in_training_and_round_trips(tmp_path: Path) -> None:
    held = compat.InOldLayout(constraints.MaxNorm(0.2, axis=[1, 2]), SEQUENCE)
    model = model_of(layers.Conv1D(5, 3, kernel_constraint=held), shape=(8, 4))
    model.compile("sgd", "mse")
    again = reloaded(model, tmp_path)
    for one in (model, again):
        one.train_on_batch(draw(2, 8, 4), draw(2, 6, 5))
        kernel = np.asarray(one.layers[-1].kernel)
        assert np.sqrt(np.square(kernel).sum((0, 1))).max() < 0.2001
    assert again.layers[-1].kernel_constraint.get_config() == held.get_config()
