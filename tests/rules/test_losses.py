"""Crossentropies that compile is told: whether Keras 3 takes them of the outputs, or of logits of another kind."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding

from .migrating import migrate as migrate_whole

HEAD = """\
from keras import objectives
from keras.activations import sigmoid
from keras.layers import LSTM, Activation, Dense, Input, TimeDistributed
from keras.models import Model, Sequential
"""
ONE = "model = Sequential([Dense(4, activation={}, input_dim=3)])\nmodel.compile('sgd', loss={})\n"


def migrate(text: str, style: str = "faithful") -> tuple[str, list[Finding]]:
    return migrate_whole(HEAD + text, style=style)


def taken(text: str, style: str = "faithful") -> list[str]:
    """The losses that come from compat."""
    names = ("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy")
    lines = [line for line in migrate(text, style)[0].splitlines() if line.startswith("from tdmigrate.compat import")]
    return [name for line in lines for name in names if name in line.partition("import ")[2].split(", ")]


@pytest.mark.parametrize(
    ("activation", "loss", "wrong"),
    [
        ("'sigmoid'", "categorical_crossentropy", True),
        ("'softmax'", "categorical_crossentropy", False),
        ("'relu'", "categorical_crossentropy", False),
        ("'hard_sigmoid'", "categorical_crossentropy", False),
        ("'sigmoid'", "sparse_categorical_crossentropy", True),
        ("'softmax'", "sparse_categorical_crossentropy", False),
        ("'softmax'", "binary_crossentropy", True),
        ("'sigmoid'", "binary_crossentropy", False),
        ("sigmoid", "categorical_crossentropy", True),
        ("sigmoid", "binary_crossentropy", False),
        ("which", "categorical_crossentropy", True),  # it may be
        ("lambda x: x", "binary_crossentropy", True),
    ],
)
def test_a_loss_of_other_logits_comes_from_compat(activation: str, loss: str, wrong: bool) -> None:
    text = ONE.format(activation, f"'{loss}'")
    assert taken(text) == [loss] * wrong
    assert (f"loss={loss})" if wrong else f"loss='{loss}')") in migrate(text)[0]


@pytest.mark.parametrize(
    ("end", "wrong"),
    [
        ("Dense(4), Activation('sigmoid')", True),
        ("Dense(4, activation='sigmoid'), Activation('softmax')", False),
        ("Dense(4, activation='sigmoid'), Dense(4)", False),
        ("TimeDistributed(Dense(4, activation='sigmoid'))", True),
        ("LSTM(4)", False),
        ("Sequential([Dense(4, activation='sigmoid')])", True),
    ],
)
def test_the_last_activation_decides(end: str, wrong: bool) -> None:
    text = f"model = Sequential([LSTM(4, return_sequences=True, input_shape=(9, 3)), {end}])\n"
    assert taken(f"{text}model.compile('sgd', 'categorical_crossentropy')\n") == ["categorical_crossentropy"] * wrong


BRANCHES = """\
x = Input(shape=(3,))
a = Dense(4, activation='sigmoid', name='a')(x)
b = Dense(4, activation='softmax', name='b')(x)
model = Model(input=x, output={})
model.compile('sgd', loss={})
"""


@pytest.mark.parametrize(
    ("output", "loss", "found"),
    [
        ("[a, b]", "'categorical_crossentropy'", ["categorical_crossentropy"]),
        ("[a, b]", "['binary_crossentropy', 'mse']", []),
        ("[b, a]", "['binary_crossentropy', 'mse']", ["binary_crossentropy"]),
        ("[b, a]", "['categorical_crossentropy', 'binary_crossentropy']", []),
        ("[b, a]", "{'a': 'binary_crossentropy', 'b': 'categorical_crossentropy'}", []),
        ("[b, a]", "{key: 'categorical_crossentropy', 'b': 'categorical_crossentropy'}", ["categorical_crossentropy"]),
        ("[a, b]", "{'a': 'mse', 'b': 'binary_crossentropy'}", ["binary_crossentropy"]),
        ("a", "'binary_crossentropy'", []),
        ("b", "'categorical_crossentropy'", []),
        ("[a, b]", "'mse'", []),
    ],
)
def test_every_output_of_a_model_counts(output: str, loss: str, found: list[str]) -> None:
    assert taken(BRANCHES.format(output, loss)) == found


def test_branches_of_the_program_count() -> None:
    text = """\
model = Sequential()
if several:
    model.add(Dense(4, activation='softmax', input_dim=3))
else:
    model.add(Dense(1, activation='sigmoid', input_dim=3))
model.compile('sgd', 'binary_crossentropy' if other else 'mse')
"""
    assert taken(text) == ["binary_crossentropy"]


def test_a_model_of_which_nothing_is_known_keeps_its_loss() -> None:
    assert taken("def train(model):\n    model.compile('sgd', 'binary_crossentropy', metrics=[])\n") == []


def test_a_loss_that_is_given_as_a_function() -> None:
    new, _ = migrate(ONE.format("'sigmoid'", "objectives.categorical_crossentropy"))
    assert "from tdmigrate.compat import categorical_crossentropy\n" in new
    assert "loss=categorical_crossentropy)" in new
    text = BRANCHES.format("[a, b]", "[objectives.categorical_crossentropy, 'mse']")
    new, findings = migrate(text)
    assert "compat" not in new
    assert [one.code for one in findings if "logits" in one.message] == ["K306"]


def test_a_name_of_the_source_s_own() -> None:
    own = "def binary_crossentropy(t, y):\n    return y\n\n"
    new, _ = migrate(own + ONE.format("'softmax'", "'binary_crossentropy'"))
    assert "loss=keras1_binary_crossentropy)" in new


def test_exact_style_keeps_what_keras_1_clipped() -> None:
    assert taken(ONE.format("'softmax'", "'categorical_crossentropy'"), "exact") == ["categorical_crossentropy"]


def test_modern_style_keeps_the_name_and_says_so() -> None:
    for loss in ("'categorical_crossentropy'", "objectives.categorical_crossentropy"):
        new, findings = migrate(ONE.format("'sigmoid'", loss), "modern")
        assert "compat" not in new
        assert [one.code for one in findings if one.severity.value == "note"] == ["K306"]


@pytest.mark.parametrize(("activation", "loss", "told"), [
    ("'softmax'", "'categorical_crossentropy'", True),
    ("'sigmoid'", "'binary_crossentropy'", True),
    ("'sigmoid'", "'mse'", False),
    ("'hard_sigmoid'", "'binary_crossentropy'", False),
])  # fmt: skip
def test_faithful_style_tells_what_keras_1_clipped(activation: str, loss: str, told: bool) -> None:
    _, findings = migrate(ONE.format(activation, loss))
    assert any("Keras 1 clipped outputs" in one.message for one in findings) == told
    _, findings = migrate(ONE.format(activation, loss), "exact")
    assert not any("Keras 1 clipped outputs" in one.message for one in findings)


@pytest.mark.parametrize(("activation", "told"), [("'relu'", True), ("'softmax'", False), ("mine", False)])
def test_a_sparse_loss_of_outputs_above_1_is_told(activation: str, told: bool) -> None:
    text = ONE.format(activation, "'sparse_categorical_crossentropy'")
    assert any("divided the outputs" in one.message for one in migrate(text)[1]) == told
