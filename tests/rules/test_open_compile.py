"""compile that gets its optimizer, loss or metrics by ``*`` or ``**``: what comes in is known when the program runs."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = (
    "from keras.models import Sequential\n"
    "from keras.layers.core import Dense\n"
    "model = Sequential()\n"
    "model.add(Dense(3, input_dim=4, init='zero'))\n"
)


@pytest.mark.parametrize(
    ("lines", "call"),
    [
        ("from conf import COMPILE\nmodel.compile(**COMPILE)\n", "(**COMPILE)"),
        ("from conf import *\nmodel.compile(metrics=['accuracy'], **COMPILE)\n", "(metrics=['accuracy'], **COMPILE)"),
        ("import conf\nmodel.compile('sgd', **conf.COMPILE)\n", "('sgd', **conf.COMPILE)"),
        ("import json\nmodel.compile(**json.load(open('a.json')))\n", "(**json.load(open('a.json')))"),
        ("def train(**opts):\n    model.compile(**opts)\n", "(**opts)"),
        ("def train(opts):\n    model.compile(loss='mse', **dict(opts, metrics=[]))\n", "**dict(opts, metrics=[]))"),
    ],
)
def test_what_comes_in_is_looked_at_at_run_time(lines: str, call: str) -> None:
    new, found = migrate(f"{HEAD}{lines}", "1.2.2")
    assert "model.compile(**compile_arguments(" in new
    assert call in new
    assert "K303" in {finding.code for finding in found}


def test_a_dict_of_one_compile_is_rewritten_where_it_stands() -> None:
    settings = "OPTS = dict(loss='mse', optimizer='sgd', metrics=['mse'])\n"
    new, _ = migrate(f"{HEAD}{settings}model.compile(**OPTS)\n", "1.2.2")
    assert "model.compile(**OPTS)" in new
    assert "metrics=['mean_squared_error']" in new


def test_what_releases_without_compat_meant_is_left_to_a_person() -> None:
    new, found = migrate(f"{HEAD}from conf import COMPILE\nmodel.compile(**COMPILE)\n", "0.3.3")
    assert "model.compile(**COMPILE)" in new
    [ask] = [finding for finding in found if "may come in by * or ** here" in finding.message]
    assert (ask.code, ask.fix) == ("K305", None)


def test_a_rewritten_call_is_left_alone() -> None:
    new, _ = migrate(f"{HEAD}from conf import COMPILE\nmodel.compile(**COMPILE)\n", "1.2.2")
    assert migrate(new, "1.2.2")[0] == new
