"""Layers that are another function in Keras 3 for some releases or arguments: what stands for them instead."""

from __future__ import annotations

from typing import Any

import pytest

from .migrating import migrate

NORMALIZATION = "from keras.layers.normalization import BatchNormalization\n"
DROPOUT = "from keras.layers.core import Dropout\n"


def test_a_mode_that_is_not_known_is_kept() -> None:
    new, _ = migrate(f"{NORMALIZATION}\ndef block(m):\n    return BatchNormalization(mode=m)\n")
    assert "from tdmigrate.compat import BatchNormalization\n" in new
    assert "BatchNormalization(mode=m)" in new


def test_mode_0_needs_nothing_of_compat() -> None:
    new, _ = migrate(f"{NORMALIZATION}\nlayer = BatchNormalization(mode=0)\n")
    assert "compat" not in new
    assert "BatchNormalization()" in new


def test_a_name_of_the_source_s_own_keeps_its_name() -> None:
    text = f"{NORMALIZATION}\nclass Dropout:\n    pass\n\nlayers = [BatchNormalization(mode=1), Dropout()]\n"
    new, _ = migrate(text)
    assert "Dropout()]" in new


def test_the_two_kinds_have_two_names() -> None:
    new, _ = migrate(f"{NORMALIZATION}\nlayers = [BatchNormalization(mode=1), BatchNormalization()]\n")
    assert "from keras.layers import BatchNormalization\n" in new
    assert "from tdmigrate.compat import BatchNormalization as Keras1BatchNormalization\n" in new
    assert "[Keras1BatchNormalization(mode=1), BatchNormalization()]" in new


def test_through_a_variable_a_person_decides() -> None:
    new, findings = migrate(f"{DROPOUT}\nmake = Dropout\nlayer = make(0.5)\n", "0.2")
    assert [one.code for one in findings if one.fix is None and one.severity.value == "error"] == ["K205"]
    assert "make = Dropout" in new


def test_dropout_by_release() -> None:
    text = f"{DROPOUT}\nlayer = Dropout(0.5)\n"
    assert "from tdmigrate.compat import Dropout\n" in migrate(text, "0.2")[0]
    assert "compat" not in migrate(text, "0.3")[0]


def test_modern_style_takes_keras_3_s_and_says_so() -> None:
    new, findings = migrate(f"{DROPOUT}\nlayer = Dropout(0.5)\n", "0.2", "modern")
    assert "compat" not in new
    assert any("multiplied by 1 - p" in one.message for one in findings)


MASKED = """\
from keras.layers.core import Masking
from keras.layers.normalization import BatchNormalization
from keras.layers.recurrent import LSTM
from keras.models import Sequential

model = Sequential()
model.add(Masking(input_shape=(5, 3)))
model.add(BatchNormalization())
model.add(LSTM(2))
"""
COMPAT = "from tdmigrate.compat import BatchNormalization"


def test_normalizing_behind_a_mask_takes_the_moments_of_every_step() -> None:
    assert COMPAT in migrate(MASKED)[0]
    assert COMPAT not in migrate(MASKED.replace("Masking(", "LSTM(3, return_sequences=True, "))[0]
    behind_all_steps = MASKED.replace("model.add(Batch", "model.add(LSTM(3))\nmodel.add(Batch", 1)
    assert COMPAT not in migrate(behind_all_steps)[0]
    new, findings = migrate(MASKED, style="modern")
    assert COMPAT not in new
    assert any("the mask keeps" in one.message for one in findings)


def test_normalizing_what_may_be_masked_takes_the_moments_of_every_step() -> None:
    text = f"{NORMALIZATION}from keras.layers import Embedding\n\n"
    text += "def block(x):\n    return BatchNormalization()(x)\n\n"
    assert COMPAT in migrate(f"{text}layer = Embedding(9, 4, mask_zero=True)\n")[0]
    assert COMPAT in migrate(f"{text}def embed(mask):\n    return Embedding(9, 4, mask_zero=mask)\n")[0]
    assert COMPAT not in migrate(f"{text}layer = Embedding(9, 4)\n")[0]
    assert COMPAT not in migrate(text)[0]


@pytest.mark.parametrize("backend", ["theano", "tensorflow", None])
@pytest.mark.parametrize("style", ["exact", "faithful", "modern"])
def test_a_running_variance_with_epsilon_is_of_theano_and_training(backend: str | None, style: str) -> None:
    text = f"{NORMALIZATION}\nlayers = [BatchNormalization(), BatchNormalization(), BatchNormalization(mode=1)]\n"
    new, findings = migrate(text, "1.2.2", style, backend)
    exact = backend == "theano" and style == "exact"
    assert new.count("form='theano'") == 2 * exact
    told = [one.message for one in findings if "C43" in one.message and one.severity.value == "note"]
    assert len(told) == (backend == "theano" or (backend is None and style == "exact"))
    assert all(("if it ran on" in one) == (backend is None) for one in told)
    assert "theano'" not in migrate(text, "1.1.2", style, backend)[0]


def test_a_layer_of_compat_that_came_by_a_star_is_imported() -> None:
    new, _ = migrate("from keras.layers import *\n\nlayers = [Highway(), LocallyConnected1D(3, 2)]\n", "1.2.2")
    names: dict[str, Any] = {}
    exec(new, names)
    assert [type(one).__module__ for one in names["layers"]] == ["tdmigrate.compat.core", "tdmigrate.compat.local"]
    assert [one for one in migrate(new, "1.2.2")[1] if one.fix is not None] == []
