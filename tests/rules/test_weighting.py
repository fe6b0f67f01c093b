"""Weights of samples and classes: which losses of compile are weighed as they were, and what is told of the others."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding

from .migrating import migrate as migrate_whole

HEAD = """\
import numpy as np
from keras.layers import Dense, LSTM, TimeDistributed
from keras.models import Sequential
model = Sequential([Dense(output_dim=3, input_dim=2)])
steps = Sequential([LSTM(2, return_sequences=True, input_shape=(4, 2)), TimeDistributed(Dense(output_dim=3))])
"""


def migrate(text: str, style: str = "faithful", version: str = "1.2.2") -> tuple[str, list[Finding]]:
    new, found = migrate_whole(HEAD + text, version, style)
    return new[new.index("model.compile" if "model.compile" in new else "steps.compile") :], found


def told(found: list[Finding]) -> list[str]:
    return [one.message for one in found if one.code == "K306" and "trap D8" in one.message]


WEIGHTED = "model.compile('sgd', WeightedLoss('mse'))\n"
COMPILED = "model.compile('sgd', 'mse')\n"


@pytest.mark.parametrize(
    ("call", "weighed"),
    [
        ("model.train_on_batch(x, y, sample_weight=np.array([1, 0]))", True),
        ("model.train_on_batch(x, y, class_weight=weights)", True),
        ("model.train_on_batch(x, y, class_weight={0: 0., 1: 2.})", True),
        ("model.train_on_batch(x, y, class_weight={0: 1., 1: 2.})", False),
        ("model.train_on_batch(x, y, class_weight=None)", False),
        ("model.evaluate(x, y, sample_weight=w)", True),
        ("model.fit(x, y, 3, 1, validation_data=(x, y, w))", True),
        ("model.fit(x, y, 3, 1, validation_data=(x, y))", False),
    ],
)
def test_what_has_the_weight_0_does_not_count_in_exact_style(call: str, weighed: bool) -> None:
    new, found = migrate(f"{COMPILED}{call}\n", "exact")
    assert new.startswith(WEIGHTED if weighed else COMPILED)
    assert told(found) == []
    new, found = migrate(f"{COMPILED}{call}\n")
    assert new.startswith(COMPILED)
    assert len(told(found)) == weighed


@pytest.mark.parametrize("loss", ["['mse']", "{'a': 'mse'}", "losses"])
def test_losses_of_several_outputs_are_left_and_told(loss: str) -> None:
    text = f"losses = ['mse']\nmodel.compile('sgd', {loss})\nmodel.train_on_batch(x, y, sample_weight=w)\n"
    new, found = migrate(text, "exact")
    assert "WeightedLoss" not in new
    assert len(told(found)) == 1


@pytest.mark.parametrize("style", ["faithful", "exact"])
def test_weights_of_samples_hold_for_all_of_their_timesteps(style: str) -> None:
    new, found = migrate("steps.compile('sgd', 'mse')\nsteps.train_on_batch(x, y, sample_weight=w)\n", style)
    assert new.startswith("steps.compile('sgd', WeightedLoss('mse'))\n")
    assert told(found) == []
    assert "WeightedLoss" not in migrate("steps.compile('sgd', 'mse')\nsteps.train_on_batch(x, y)\n", style)[0]


@pytest.mark.parametrize(
    ("version", "split", "is_told"), [("1.2.2", 0.1, True), ("1.2.2", 0.0, False), ("0.3.3", 0.1, False)]
)
def test_classes_of_validation_were_weighed(version: str, split: float, is_told: bool) -> None:
    call = f"model.fit(x, y, 3, 1, validation_split={split}, class_weight=weights)\n"
    _, found = migrate(COMPILED + call, version=version)
    assert any("`val_loss` is another number" in one.message for one in found) == is_told


def test_a_loss_that_has_it_is_not_weighed_again_where_the_source_stays_legacy() -> None:
    compiled = "steps.compile('sgd', 'mse')\n"
    fit = "steps.fit(x, y, class_weight=w, show_accuracy=True)\n"  # stays, as there are two compiles
    new, _ = migrate_whole(HEAD + compiled + fit + compiled, "0.3.3")
    assert new.count("WeightedLoss('mse'))\n") == 2
    assert "show_accuracy=True" in new
