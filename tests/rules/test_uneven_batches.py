"""Flows of pictures whose passes end with a smaller batch."""

from __future__ import annotations

import pytest

from tdmigrate.rules.steps import _batches

from .migrating import migrate

HEAD = """\
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator

model = Sequential([Dense(1, input_dim=4)])
images = ImageDataGenerator()
X = np.random.rand(10, 4, 4, 1)
"""


def last(text: str) -> tuple[str, list[str]]:
    new, found = migrate(f"{HEAD}{text}\n")
    row = f"{HEAD}{text}\n".count("\n")
    left = [f"{one.code} {one.message}" for one in found if one.span.row == row and "smaller" in one.message]
    return new.splitlines()[-1], left


@pytest.mark.parametrize(
    ("samples", "size", "steps"),
    [
        ("10", "4", "3"),
        ("10", "5", "2"),
        ("20", "5", "4"),
        ("20", "4", "6"),
        ("30", "3", "12"),
        ("5", "5", "1"),
        ("15", "4", "5"),
        ("7", "3", "3"),
    ],
)
def test_epochs_that_are_alike_have_their_number_of_batches(samples: str, size: str, steps: str) -> None:
    text = f"model.fit_generator(images.flow(X, Y, batch_size={size}), samples_per_epoch={samples}, nb_epoch=2)"
    new, left = last(text)
    assert new == f"model.fit(images.flow(X, Y, batch_size={size}), steps_per_epoch={steps}, epochs=2)"
    assert left == []


@pytest.mark.parametrize(("samples", "size"), [("8", "4"), ("14", "4"), ("6", "3")])
def test_epochs_that_are_not_alike_are_asked_about(samples: str, size: str) -> None:
    text = f"model.fit_generator(images.flow(X, Y, {size}), samples_per_epoch={samples}, nb_epoch=2)"
    new, (message,) = last(text)
    assert f"samples_per_epoch={samples}" in new
    assert message.startswith("K305 ")
    assert "epochs had different numbers of batches" in message


def test_of_data_that_are_not_known_a_part_is_noted() -> None:
    text = "def run(A):\n    model.fit_generator(images.flow(A, Y, 4), samples_per_epoch={}, nb_epoch=2)"
    assert last(text.format("len(A)"))[1] == []
    assert last(text.format("2000"))[1] == []
    (message,) = last(text.format("len(A) // 2"))[1]
    assert message.startswith("K306 ")


@pytest.mark.parametrize(
    ("count", "samples", "size", "expected"),
    [(10, 10, 4, None), (10, 8, 4, "uneven"), (10, 20, 4, 6), (8, 4, 4, None), (8, 6, 4, None), (3, 10, 32, 4)],
)
def test_batches_of_an_epoch(count: int, samples: int, size: int, expected: int | str | None) -> None:
    assert _batches(count, samples, size) == expected
