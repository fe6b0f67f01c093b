"""What generators yield: tuples now, and no lists in them."""

from __future__ import annotations

import pytest

from .migrating import migrate

TEXT = """\
import numpy as np
from keras.layers import Dense, Input, merge
from keras.models import Model


def batches():
    while True:
        {yielded}


a, b = Input(shape=(3,)), Input(shape=(3,))
model = Model(input=[a, b], output=Dense(output_dim=1)(merge([a, b], mode='sum')))
model.compile('sgd', 'mse')
model.{call}
"""
FIT = "fit_generator(batches(), samples_per_epoch=8, nb_epoch=1)"
EVALUATE = "evaluate_generator(batches(), val_samples=8)"
PREDICT = "predict_generator(batches(), val_samples=8)"


@pytest.mark.parametrize(
    ("call", "before", "after"),
    [
        (FIT, "yield [x, z], y", "yield (x, z), y"),
        (FIT, "yield ([x, z], [y])", "yield ((x, z), (y,))"),
        (FIT, "yield [[x, z], y]", "yield ((x, z), y)"),
        (FIT, "yield [xz, y]", "yield (xz, y)"),
        (EVALUATE, "yield [x, z], y, w", "yield (x, z), y, w"),
        (FIT, "yield {'a': x, 'b': z}, y", "yield {'a': x, 'b': z}, y"),
        (FIT, "yield xz, y", "yield xz, y"),
        (FIT, "yield [x, z, x], y", None),  # rows, perhaps
        (FIT, "yield xz, [0, 1, 1]", None),
        (FIT, "yield [x for x in xs], y", "yield [x for x in xs], y"),
        (PREDICT, "yield ([x, z],)", "yield ((x, z),)"),
        (PREDICT, "yield np.random.rand(4, 3)", "yield (np.random.rand(4, 3),)"),
        (PREDICT, "yield [x, z]", None),
        (PREDICT, "yield x", None),
        (PREDICT, "yield x[:4]", None),
        (PREDICT, "yield {'a': x, 'b': z}", None),
        (f"{PREDICT}\nx = next(batches())", "yield np.zeros(3)", None),
    ],
)
def test_what_is_yielded(call: str, before: str, after: str | None) -> None:
    text, found = migrate(TEXT.format(yielded=before, call=call), "1.2.2")
    asked = [one for one in found if "a generator" in one.message and one.fix is None]
    if after is None:
        assert asked
    else:
        assert asked == []
        assert f"        {after}\n" in text


def test_lists_that_are_in_other_tuples_stay() -> None:
    text, _ = migrate(TEXT.format(yielded="pair = [x, z], y; yield pair", call=FIT), "1.2.2")
    assert "pair = [x, z], y" in text


def test_a_generator_that_is_not_seen_is_noted_for_predictions() -> None:
    head = "from keras.models import Sequential\nfrom keras.layers import Dense\n"
    text = f"{head}model = Sequential()\nmodel.add(Dense(output_dim=1, input_dim=3))\nmodel.{{}}\n"
    for call, told in ((PREDICT.replace("batches", "others"), 1), (FIT.replace("batches", "others"), 0)):
        _, found = migrate(text.format(call), "1.2.2")
        assert sum("a generator" in one.message for one in found) == told
