"""``unroll`` inside a Bidirectional behind a mask."""

from __future__ import annotations

import pytest

from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover

from .migrating import migrate

HEAD = "from keras.layers import *\nfrom keras.models import Sequential\nmodel = Sequential()\n"
MASKED = HEAD + "model.add(Masking(input_shape=(6, 2)))\n"
UNMASKED = HEAD + "model.add(Dense(2, init='zero', input_shape=(6, 2)))\n"


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        (MASKED + "model.add(Bidirectional(GRU(3, unroll=True)))\n", False),
        (MASKED + "inner = LSTM(3, unroll=True)\nmodel.add(Bidirectional(inner))\n", False),
        (MASKED + "import sys\nmodel.add(Bidirectional(SimpleRNN(3, unroll=len(sys.argv) > 1)))\n", False),
        (MASKED + "model.add(Bidirectional(GRU(3, unroll=False)))\n", True),
        (MASKED + "model.add(GRU(3, unroll=True))\n", True),
        (UNMASKED + "model.add(Bidirectional(GRU(3, unroll=True)))\n", True),
    ],
)
def test_it_goes_where_keras_3_is_wrong(text: str, stays: bool) -> None:
    new, found = migrate(text)
    assert ("unroll" in new) is stays
    assert any("`unroll` is dropped" in one.message for one in found) is not stays


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.1.2", "1.2.2"])
def test_the_numbers_are_those_of_keras_1(version: str, prover: Prover) -> None:
    text = MASKED + "model.add(Bidirectional(GRU(3, return_sequences=True, unroll=True)))\n"
    new, _ = migrate(text, version)
    right = Job("model", 1, text, "model", new, "model", version)
    wrong = right._replace(new=new.replace("GRU(3,", "GRU(3, unroll=True,"))
    assert [one.status for one in prover.prove([right, wrong])] == ["equal", "different"]
