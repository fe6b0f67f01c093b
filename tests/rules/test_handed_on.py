"""K208: layers whose class is looked up by its name."""

from __future__ import annotations

import pytest

from .migrating import findings

HEAD = (
    "from keras.models import Sequential\nfrom keras.layers import Dense, GRU, LSTM\nkind = 'GRU'\n"
    "model = Sequential()\nmodel.add(Dense(output_dim=3, input_dim=4))\n"
)


def told(line: str) -> list[str]:
    return [one.message for one in findings(HEAD + line) if one.code == "K208"]


@pytest.mark.parametrize("func", ["globals()[kind]", "locals()[kind]", "vars()[kind]", "eval(kind)"])
def test_a_layer_out_of_the_names_of_the_module_is_reported(func: str) -> None:
    (message,) = told(f"model.add({func}(5, return_sequences=True))")
    assert message.startswith("this call may make any of Dense, GRU, LSTM, ")


@pytest.mark.parametrize(
    "line",
    ["found.add(globals()[kind])", "found.add(eval(kind))", "x = globals()[kind]('a')", "model.add(cells()[kind](5))"],
)
def test_other_look_ups_are_none(line: str) -> None:
    assert told(line) == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("model.add(getattr(layers, pick())(5))", 1),
        ("made = getattr(layers, pick())\nmodel.add(made(**settings))", 1),
        ("model.compile(getattr(optimizers, pick())(lr=0.1), 'mse')", 1),
        ("model.add(getattr(layers, 'Flatten')())", 0),
        ("known = getattr(layers, pick(), None)", 0),
        ("model.add(getattr(mine, pick())(5))", 0),
    ],
)
def test_what_a_module_of_keras_gives_by_a_name_is_reported(line: str, count: int) -> None:
    assert len(told(f"from keras import layers, optimizers\n{line}\n")) == count
