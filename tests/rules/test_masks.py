"""What became of a mask in Keras 1, and what becomes of it now."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from keras.layers.core import Dense, Dropout, Flatten, Lambda, Masking
from keras.layers.recurrent import GRU, LSTM, SimpleRNN
from keras.models import Sequential

model = Sequential()
"""


def told(layers: str, version: str = "1.2.2", style: str = "faithful") -> list[str]:
    """The findings, without a fix, that speak of masks: ``layers`` are parted by semicolons."""
    text = HEAD + "".join(f"model.add({layer})\n" for layer in layers.split("; "))
    _, findings = migrate(text, version, style)
    return [f"{one.code} {one.message}" for one in findings if one.fix is None and "mask" in one.message]


@pytest.mark.parametrize("layer", ["LSTM", "GRU", "SimpleRNN"])
def test_up_to_0_2_a_mask_restarted_recurrent_layers(layer: str) -> None:
    masked = f"Masking(input_shape=(5, 3)); {layer}(4)"
    assert ["K205" in one and "trap C25" in one for one in told(masked, "0.2")] == [True]
    assert ["K206" in one and "trap C25" in one for one in told(masked, "0.2", "modern")] == [True]
    assert told(masked, "0.3") == []
    assert told(masked, "1.2.2") == []
    assert told(f"{layer}(4, input_dim=3)", "0.2") == []


def test_a_layer_that_refused_masks() -> None:
    assert ["K206" in one and "trap C26" in one for one in told("Masking(input_shape=(5, 3)); Flatten()")] == [True]
    assert ["trap C26" in one for one in told("Masking(input_shape=(5, 3)); Dropout(0.5); Lambda(f)")] == [True]
    assert told("Masking(input_shape=(5, 3)); LSTM(4); Dense(2)") == []
    assert told("Dropout(0.5, input_shape=(5, 3)); Flatten()") == []


def test_a_wrapper_took_any_mask_and_handed_none_on() -> None:
    head = HEAD.replace("import Sequential", "import Sequential\nfrom keras.layers.wrappers import TimeDistributed")
    text = f"{head}model.add(Masking(input_shape=(5, 3)))\nmodel.add(TimeDistributed(Dense(2)))\n"
    _, findings = migrate(text, "1.2.2")
    assert [one.message for one in findings if "Keras 1 raised" in one.message] == []
