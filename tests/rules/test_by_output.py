"""Targets and weights by the names of outputs, where a model has one."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding

from .migrating import migrate as migrate_whole

HEAD = """\
from keras.layers import Dense, Input
from keras.models import Model
a = Input(shape=(3,), name='a')
model = Model(input=a, output=Dense(2, name='o')(a))
model.compile('sgd', {'o': 'mse'})
"""
TWO = """\
from keras.layers import Dense, Input
from keras.models import Model
a = Input(shape=(3,), name='a')
model = Model(input=a, output=[Dense(2, name='o')(a), Dense(2, name='p')(a)])
model.compile('sgd', {'o': 'mse', 'p': 'mse'})
"""


def migrate(text: str, head: str = HEAD) -> tuple[str, list[Finding]]:
    new, found = migrate_whole(f"{head}{text}\n", "1.2.2")
    return new.rpartition(": 'mse'})\n")[2].rstrip("\n"), [one for one in found if one.span.row > 5]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.fit({'a': A}, {'o': T}, nb_epoch=2)", "model.fit({'a': A}, T, epochs=2)"),
        (
            "model.fit(A, y={'o': T}, nb_epoch=2, validation_data=({'a': A}, {'o': V}))",
            "model.fit(A, y=T, epochs=2, validation_data=({'a': A}, V))",
        ),
        ("t = {'o': T}\nmodel.train_on_batch(A, t)", "t = {'o': T}\nmodel.train_on_batch(A, t['o'])"),
        ("t = {}\nt['o'] = T\nmodel.evaluate(A, t)", "t = {}\nt['o'] = T\nmodel.evaluate(A, t['o'])"),
        ("d = dict(a=A, o=T)\nmodel.test_on_batch(d, d)", "d = dict(a=A, o=T)\nmodel.test_on_batch(d, d['o'])"),
        (
            "t = {'o': T}\nmodel.evaluate(A, T)\nmodel.fit(A, T, nb_epoch=1, validation_data=(A, t))",
            "t = {'o': T}\nmodel.evaluate(A, T)\nmodel.fit(A, T, epochs=1, validation_data=(A, t['o']))",
        ),
        ("model.evaluate(A, {name: T})", "model.evaluate(A, T)"),
        ("model.evaluate(A, T, sample_weight={'o': w})", "model.evaluate(A, T, sample_weight=w)"),
        ("model.train_on_batch(A, T, class_weight={'o': w})", "model.train_on_batch(A, T, class_weight=w)"),
        ("model.train_on_batch(A, T, class_weight={0: 1., 1: 2.})", None),
        ("model.train_on_batch(A, T, class_weight={positive: 2.})", None),
        ("model.evaluate(A, T)", None),
        ("def score(t):\n    return model.evaluate(A, t)", None),
    ],
)
def test_one_output_takes_its_array(before: str, after: str | None) -> None:
    new, found = migrate(before)
    assert new == (after or before)
    assert [one.code for one in found if "no dict" in one.message] == ([] if after is None else ["K303"])
    assert not [one for one in found if one.code == "K305"]


@pytest.mark.parametrize(
    "text",
    [
        "t = {name: T}\nmodel.evaluate(A, t)",  # which key it is, is not known
        "t = {'x': T, 'y': T}\nmodel.evaluate(A, t)",  # neither is the output
        "t = {'o': T}\nopts = dict(y=t)\nmodel.train_on_batch(A, **opts)",
    ],
)
def test_what_a_person_has_to_write(text: str) -> None:
    new, found = migrate(text)
    assert new == text
    assert [one.code for one in found if "no dict" in one.message] == ["K305"]


def test_two_outputs_keep_their_names() -> None:
    text = "model.evaluate(A, {'o': T, 'p': T})\nmodel.train_on_batch(A, {'p': T, 'o': T})"
    _, found = migrate(text, TWO)
    assert not [one for one in found if "no dict" in one.message or "no output" in one.message]


def test_names_that_no_output_has() -> None:
    _, found = migrate("model.train_on_batch(A, {'o': T, 'p': T, 'id': T})", TWO)
    assert [one.code for one in found if "names that no output has" in one.message] == ["K305"]


BATCHES = """\
def batches():
    while True:
        x = {{'a': A}}
        y = {{'o': T}}
        yield {}
{}model.fit_generator(batches(), samples_per_epoch=64, nb_epoch=3)"""


@pytest.mark.parametrize(
    ("before", "after"), [("x, y", "x, y['o']"), ("(x, {'o': T})", "(x, T)"), ("x, T, {'o': w}", "x, T, w")]
)
def test_generators_give_arrays(before: str, after: str) -> None:
    new, _ = migrate(BATCHES.format(before, ""))
    assert f"        yield {after}\n" in new


def test_a_generator_that_the_source_reads_too_is_left_to_a_person() -> None:
    new, found = migrate(BATCHES.format("x, y", "x, y = next(batches())\n"))
    assert "        yield x, y\n" in new
    assert [one.span.row for one in found if one.code == "K305" and "no dict" in one.message] == [10]


@pytest.mark.parametrize(("name", "told"), [("o", True), ("other", False)])
def test_a_pair_that_a_function_returns(name: str, told: bool) -> None:
    _, found = migrate(f"def load():\n    return {{'a': A}}, {{{name!r}: T}}\nx, y = load()\nmodel.evaluate(x, y)")
    assert [one.span.row for one in found if one.code == "K305"] == ([7] if told else [])
