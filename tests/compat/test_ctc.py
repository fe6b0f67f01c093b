"""ctc_batch_cost beside the sum over every path, by the formula of TensorFlow's backend of Keras 1.2.2."""

from __future__ import annotations

from itertools import groupby, product

import keras
import numpy as np
from keras import layers, ops

from tdmigrate import compat

CLASSES = 4  # the last is the blank


def cost(labels: list[int], probabilities: np.ndarray) -> float:
    """- log of the sum over the paths that come to the labels once repeats, then blanks, are taken out."""
    given = probabilities + 1e-8
    given /= given.sum(axis=-1, keepdims=True)
    total = 0.0
    for path in product(range(CLASSES), repeat=len(given)):
        if [one for one, _ in groupby(path) if one != CLASSES - 1] == labels:
            total += float(np.prod([given[step, one] for step, one in enumerate(path)]))
    return -float(np.log(total))


def test_it_is_the_sum_over_every_path() -> None:
    random = np.random.default_rng(5)
    predicted = random.dirichlet(np.ones(CLASSES), size=(3, 6))
    predicted[2, 1] = (1.0, 0.0, 0.0, 0.0)
    labels = np.array([[0, 1, 2], [2, 2, -1], [0, -1, -1]])
    label_length, input_length = np.array([[3], [2], [1]]), np.array([[6], [5], [4]])
    wanted = [
        cost(list(labels[index][: label_length[index, 0]]), predicted[index][: input_length[index, 0]])
        for index in range(3)
    ]
    found = ops.convert_to_numpy(compat.ctc_batch_cost(labels, predicted, input_length, label_length))
    assert found.shape == (3, 1)
    assert np.abs(found[:, 0] - wanted).max() < 1e-5  # Keras 3 computes it in float32 on TensorFlow


def test_in_a_lambda_of_a_functional_model() -> None:
    inputs = [
        layers.Input((3,)), layers.Input((6, CLASSES)), layers.Input((1,), dtype="int32"),
        layers.Input((1,), dtype="int32"),
    ]  # fmt: skip
    output = layers.Lambda(lambda given: compat.ctc_batch_cost(*given), output_shape=(1,))(inputs)
    model = keras.Model(inputs, output)
    predicted = np.full((2, 6, CLASSES), 0.25)
    lengths = np.array([[6], [6]]), np.array([[1], [2]])
    given = [np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 0.0]]), predicted, *lengths]
    wanted = [cost([0], predicted[0]), cost([1, 2], predicted[1])]
    assert np.abs(model.predict(given, verbose=0)[:, 0] - wanted).max() < 1e-5
