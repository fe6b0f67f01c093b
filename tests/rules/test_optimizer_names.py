"""Optimizers that are chosen when the program runs."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import Adam, SGD

model = Sequential([Dense(3, input_dim=4)])
"""
UNSEEN = {
    "grid": (
        "GRID = {'opt': ['sgd', 'adadelta']}\n"
        "def score(opt):\n    model.compile(opt, 'mse')\n"
        "for values in product(*GRID.values()): score(**dict(zip(GRID, values)))\n"
    ),
    "search": (
        "def build(optimizer='rmsprop'):\n    model.compile(optimizer, 'mse')\n    return model\n"
        "grid = dict(optimizer=['rmsprop', 'adam'])\n"
    ),
    "options": (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--optimizer')\n"
        "args = parser.parse_args()\nmodel.compile(args.optimizer, 'mse')\n"
    ),
    "choice": "import random\nname = random.choice(['adam', 'nadam'])\ndef f(name):\n    model.compile(name, 'mse')\n",
}


@pytest.mark.parametrize("style", ["faithful", "exact"])
@pytest.mark.parametrize("case", UNSEEN)
def test_a_name_that_is_not_seen_is_looked_up(case: str, style: str) -> None:
    new, found = migrate(HEAD + UNSEEN[case], style=style)
    assert "optimizer_of(" in new
    assert "from tdmigrate.compat import" in new
    assert not [one for one in found if one.code == "K305"]


@pytest.mark.parametrize(
    "text",
    [
        "adam = Adam(lr=0.1)\nmodel.compile(adam, 'mse')\nnames = ['adadelta']\n",  # an object
        "for name in ('adam', 'sgd'):\n    model.compile(name, 'mse')\n",  # seen
        "def f(optimizer):\n    model.compile(optimizer, 'mse')\nmodel.compile('adam', 'mse')\n",
        "def f(optimizer):\n    model.compile(optimizer, 'mse')\nrows = {'adam': 3}\n",
    ],
)
def test_others_stay(text: str) -> None:
    new, _ = migrate(HEAD + text)
    assert "optimizer_of(" not in new


def test_before_1_0_3_it_is_asked_about() -> None:
    new, found = migrate(HEAD + UNSEEN["grid"], "1.0.1")
    assert "optimizer_of(" not in new
    assert [one for one in found if one.code == "K305" and "make the optimizer" in one.message]


def test_a_dict_of_classes_takes_the_arguments_of_keras_1() -> None:
    new, _ = migrate(HEAD + "KNOWN = {'a': Adam, 's': SGD}\nmodel.compile(KNOWN[kind](lr=0.1), 'mse')\n")
    assert "KNOWN = {'a': optimizer_class('Adam'), 's': optimizer_class('SGD')}\n" in new
    assert "from keras.optimizers" not in new
    assert "KNOWN[kind](lr=0.1)" in new
