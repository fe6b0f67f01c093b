"""Running averages of a BatchNormalization that is shared, or not trained: what is told of them."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = "from keras.layers import *\nfrom keras.models import Model, Sequential\na, b = Input((4,)), Input((4,))\n"
LAYER = HEAD + "norm = BatchNormalization({})\nmodel = Model(input=[a, b], output=[norm(a), norm(b)])\n"
TOWER = (
    HEAD + "tower = Sequential()\ntower.add(Dense(3, input_dim=4))\ntower.add(BatchNormalization({}))\n"
    "model = Model(input=[a, b], output=[tower(a), tower(b)])\n"
)
BUILT = (
    HEAD + "def tower():\n    x = Input((4,))\n    return Model(x, BatchNormalization({})(Dense(3)(x)))\n"
    "base = tower()\nmodel = Model(input=[a, b], output=[base(a), base(b)])\n"
)
APART = HEAD + "model = Model(input=[a, b], output=[BatchNormalization({0})(a), BatchNormalization({0})(b)])\n"
BLOCK = (
    HEAD + "def block(x):\n    return BatchNormalization({})(Dense(3)(x))\n"
    "model = Model(input=[a, b], output=[block(a), block(b)])\n"
)


@pytest.mark.parametrize(
    ("form", "given", "version", "rows"),
    [
        (LAYER, "", "1.2.2", [4]),
        (LAYER, "", "1.1.2", [4]),
        (LAYER, "", "1.0.8", []),  # there it could not be shared
        (LAYER, "mode=1", "1.2.2", []),
        (LAYER, "mode=2", "1.2.2", []),
        (TOWER, "", "1.2.2", [6]),
        (BUILT, "", "1.2.2", [6]),
        (APART, "", "1.2.2", []),
        (BLOCK, "", "1.2.2", []),
    ],
)
def test_averages_of_what_is_shared(form: str, given: str, version: str, rows: list[int]) -> None:
    told = [one for one in migrate(form.format(given), version)[1] if "running averages move as often" in one.message]
    assert [one.span.row for one in told] == rows


@pytest.mark.parametrize(
    ("given", "version", "is_told"),
    [("trainable=False", "0.3.3", True), ("", "0.3.3", False), ("trainable=False", "1.0.8", False)],
)
def test_averages_of_what_is_not_trained(given: str, version: str, is_told: bool) -> None:
    layer = f"BatchNormalization({given}{', ' if given else ''}input_shape=(4,))"
    text = f"{HEAD.splitlines()[0]}\nfrom keras.models import Sequential\nmodel = Sequential()\nmodel.add({layer})\n"
    assert any("left them as they were" in one.message for one in migrate(text, version)[1]) is is_told
