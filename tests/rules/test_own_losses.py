"""Losses of a program's own that go by the columns of their targets."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(3, input_dim=4)])
"""


@pytest.mark.parametrize(
    ("body", "wrapped"),
    [
        ("K.square(t[:, 0] - p[:, 0])", True),
        ("K.sum(K.repeat_elements(t, 3, 1) * p)", True),
        ("K.sum(K.concatenate([t, p]))", True),
        ("K.mean(K.square(t - p))", False),
        ("K.mean(K.square(t[0] - p[:, 0]))", False),
    ],
)
def test_columns_are_made_where_a_loss_asks_for_them(body: str, wrapped: bool) -> None:
    new, _ = migrate(f"{HEAD}def own(t, p):\n    return {body}\nmodel.compile('sgd', own)\n")
    assert new.endswith("model.compile('sgd', with_columns(own))\n" if wrapped else "model.compile('sgd', own)\n")
    new, _ = migrate(f"{HEAD}model.compile('sgd', loss=lambda t, p: {body})\n")
    assert ("with_columns(lambda" in new) is wrapped
