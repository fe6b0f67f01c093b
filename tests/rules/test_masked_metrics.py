"""Metrics that count the steps which a mask leaves out of the loss, as in Keras 1 (trap D11)."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity

from .migrating import migrate

HEAD = "from keras.layers import *\nfrom keras.models import Model, Sequential, load_model\n"
MASKED = (
    f"{HEAD}m = Sequential()\nm.add(Masking(input_shape=(4, 2)))\n"
    "m.add(LSTM(2, return_sequences={}))\nm.add({}(Dense(3)))\nm.compile('sgd', 'mse', metrics={})\n"
)
STEPS = MASKED.format("True", "TimeDistributed", "['acc']")
LINE = "count_masked_steps(m)"
OWN = (
    "from keras import backend as K\nfrom keras.engine.topology import Layer\n"
    "from keras.layers import GRU, TimeDistributed, Dense\nfrom keras.models import Sequential\n\n\n"
    "class Skip(Layer):\n    def compute_mask(self, x, mask=None):\n        return {}\n\n"
    "    def call(self, x, mask=None):\n        return x\n\n\n"
    "m = Sequential([Skip(input_shape=(4, 3)), GRU(5, return_sequences=True), TimeDistributed(Dense(2))])\n"
    "m.compile('sgd', 'mse', metrics=['mae'])\n"
)
HEADS = (
    f"{HEAD}x = Input(shape=(4,))\ns = LSTM(3, return_sequences=True)(Embedding(5, 2, mask_zero={{}})(x))\n"
    "m = Model(x, [TimeDistributed(Dense(2), name='a')(s), Dense(1, name='b')(LSTM(2)(s))])\n"
    "m.compile('sgd', 'mse', metrics={})\n"
)


@pytest.mark.parametrize(
    ("sequences", "wrapper", "metrics", "counts"),
    [
        ("True", "TimeDistributed", "['acc']", True),
        ("True", "TimeDistributed", "['mae']", True),
        ("True", "TimeDistributed", "['mae', lambda t, p: t - p]", True),
        ("True", "TimeDistributed", "{'a': 'acc'}", True),
        ("True", "TimeDistributed", "wanted", True),
        ("True", "TimeDistributed", "[]", False),
        ("True", "TimeDistributed", "None", False),
        ("False", "", "['acc']", False),
    ],
)
@pytest.mark.parametrize("version", ["1.0.8", "1.2.2"])
def test_metrics_of_masked_steps(sequences: str, wrapper: str, metrics: str, counts: bool, version: str) -> None:
    new, found = migrate(MASKED.format(sequences, wrapper, metrics), version)
    assert any("trap D11" in one.message for one in found) == counts
    assert new.splitlines().count(LINE) == counts
    assert ("from tdmigrate.compat import" in new and "count_masked_steps" in new) == counts


def test_the_line_stands_once_behind_compile() -> None:
    new, _ = migrate(STEPS)
    lines = new.splitlines()
    assert lines[lines.index(LINE) - 1].startswith("m.compile(")
    assert migrate(new)[0].splitlines().count(LINE) == 1


def test_in_modern_style_it_is_a_note() -> None:
    new, found = migrate(STEPS, style="modern")
    assert [one.severity for one in found if "trap D11" in one.message] == [Severity.NOTE]
    assert "count_masked_steps" not in new


def test_a_model_without_a_name_is_left_to_a_person() -> None:
    text = STEPS.replace("m = Seq", "def build():\n    m = Seq").replace("\nm.", "\n    m.")
    _, found = migrate(text.replace("    m.compile", "    return m\n\n\nbuild().compile"))
    assert [(one.code, one.severity, one.fix) for one in found if "trap D11" in one.message] == [
        ("K305", Severity.ERROR, None)
    ]


@pytest.mark.parametrize(
    ("mask", "counts"), [("K.any(K.not_equal(x, 0.), axis=-1)", True), ("mask", False), ("None", False)]
)
def test_a_layer_of_the_program_s_own_makes_masks(mask: str, counts: bool) -> None:
    assert (LINE in migrate(OWN.format(mask))[0]) == counts


@pytest.mark.parametrize("metrics", ["['acc']", "{'a': 'acc', 'b': ['mae']}"])
def test_of_several_outputs(metrics: str) -> None:
    text = HEADS.replace("metrics={}", f"metrics={metrics.replace('{', '{{').replace('}', '}}')}")
    assert migrate(text.format("True"))[0].count(LINE) == 1
    assert LINE not in migrate(text.format("False"))[0]


def test_arguments_that_are_not_known_may_have_metrics() -> None:
    text = STEPS.replace("metrics=['acc']", "**options")
    assert LINE in migrate(text)[0]


def test_of_an_accuracy_that_is_shown() -> None:
    text = (
        "from keras.models import Sequential\nfrom keras.layers.core import Masking, TimeDistributedDense\n"
        "from keras.layers.recurrent import LSTM\n\nm = Sequential()\nm.add(Masking(input_shape=(4, 2)))\n"
        "m.add(LSTM(3, return_sequences=True))\nm.add(TimeDistributedDense(2))\nm.compile('sgd', 'mse')\n"
        "m.fit(X, Y, show_accuracy={})\n"
    )
    assert LINE in migrate(text.format("True"), "0.3.3")[0]
    assert LINE not in migrate(text.format("False"), "0.3.3")[0]


def test_a_model_that_is_loaded_has_the_line_too() -> None:
    text = f"{STEPS}n = load_model('n.h5')\nn.evaluate(X, Y)\no = load_model('o.h5')\no.predict(X)\n"
    new, _ = migrate(f"{text}m.compile('sgd', 'mae', metrics=['acc'])\n")
    assert (new.count(LINE), new.count("count_masked_steps(n)"), new.count("count_masked_steps(o)")) == (2, 1, 0)
