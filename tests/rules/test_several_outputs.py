"""Losses of several outputs and their weights."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding

from .migrating import migrate as migrate_whole

HEAD = """\
from keras.layers import Dense, Input
from keras.models import Model
x = Input(shape=(3,))
model = Model(input=x, output=[Dense(2, name='b')(x), Dense(2, name='a')(x)])
"""


def migrate(text: str, head: str = HEAD) -> tuple[str, list[Finding]]:
    new, found = migrate_whole(head + text)
    return new.rpartition("(x)])\n")[2], found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'mse', loss_weights=[1, 2]", "['mse', 'mse'], loss_weights=[1, 2]"),
        ("'cosine', loss_weights=(1, 2)", "[cosine_proximity, cosine_proximity], loss_weights=(1, 2)"),
        ("{'a': 'mse', 'b': 'mse'}, loss_weights=w", "{'a': 'mse', 'b': 'mse'}, loss_weights=w"),
        ("'mse', loss_weights={'a': 3}", "['mse', 'mse'], loss_weights=[1.0, 3]"),
        ("['mse', 'mae'], loss_weights={'a': f(3), 'b': 2}", "['mse', 'mae'], loss_weights=[2, f(3)]"),
        ("['mse', 'mae'], loss_weights=[2, 3]", "['mse', 'mae'], loss_weights=[2, 3]"),
        (
            "{'a': 'mse', 'b': 'mse'}, loss_weights={'a': 3, 'b': 1}",
            "{'a': 'mse', 'b': 'mse'}, loss_weights={'a': 3, 'b': 1}",
        ),
        ("{'a': 'mse', 'b': 'mse'}, loss_weights={'a': 3}", "{'a': 'mse', 'b': 'mse'}, loss_weights=[1.0, 3]"),
        ("{'a': 'mse', 'b': 'mse'}, loss_weights=[2, 3]", "{'a': 'mse', 'b': 'mse'}, loss_weights=[2, 3]"),
        ("'mse'", "'mse'"),
        ("loss, loss_weights=[1, 2]", "loss, loss_weights=[1, 2]"),
    ],
)  # fmt: skip
def test_losses_and_weights_are_in_the_order_of_the_outputs(before: str, after: str) -> None:
    new, found = migrate(f"model.compile('sgd', {before})\n")
    assert new == f"model.compile('sgd', {after})\n"
    assert not [one for one in found if one.code == "K305"]
    assert [one.code for one in found if "the mean of batches" in one.message] == ["K306"]


def test_weights_that_a_variable_holds() -> None:
    new, _ = migrate("w = {'a': 3}\nmodel.compile('sgd', ['mse', 'mae'], loss_weights=w)\n")
    assert new.endswith("loss_weights=[w.get('b', 1.0), w.get('a', 1.0)])\n")


def test_it_is_asked_which_weight_is_of_which_output() -> None:
    head = HEAD.replace(", name='a'", "")
    _, found = migrate("model.compile('sgd', ['mse', 'mae'], loss_weights={'b': 1, 'dense_1': 2})\n", head)
    assert [one.message for one in found if one.code == "K305" and "`loss_weights`" in one.message]


@pytest.mark.parametrize(("loss", "code"), [("'mse'", "K305"), ("['mse', 'mae']", "K306")])
def test_weights_that_are_not_known_are_left(loss: str, code: str) -> None:
    new, found = migrate(f"model.compile('sgd', {loss}, loss_weights=w)\n")
    assert new == f"model.compile('sgd', {loss}, loss_weights=w)\n"
    assert [one.code for one in found if "`loss_weights`" in one.message] == [code]


def test_a_model_of_one_output_is_left() -> None:
    head = HEAD.replace(", Dense(2, name='a')(x)", "")
    new, found = migrate("model.compile('sgd', 'mse', loss_weights=[2.])\n", head)
    assert new == "model.compile('sgd', 'mse', loss_weights=[2.])\n"
    assert not [one for one in found if "mean of batches" in one.message]


@pytest.mark.parametrize(
    ("weights", "asked"),
    [
        ("class_weight={'a': {0: 1., 1: 2.}}", True), ("class_weight=None", False), ("sample_weight=[v, w]", False),
        ("sample_weight={'a': w}", True),
    ],
)  # fmt: skip
def test_weights_that_keras_3_takes_for_one_output_alone(weights: str, asked: bool) -> None:
    _, found = migrate(f"model.fit(x, [y, z], 3, 1, {weights})\n")
    assert [one.code for one in found if "`: Keras 3 " in one.message] == (["K305"] if asked else [])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("score = model.evaluate(x, y)", "score = scores(model, model.evaluate(x, y, return_dict=True))"),
        ("print(model.test_on_batch(x, y)[3])", "print(scores(model, model.test_on_batch(x, y, return_dict=True))[3])"),
        ("a = model.train_on_batch(x, y)[1:3]", "a = scores(model, model.train_on_batch(x, y, return_dict=True))[1:3]"),
        ("model.evaluate(x, y)", None),
        ("loss = model.evaluate(x, y)[0]", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("metrics", ["['acc', 'mse']", "{'a': 'mse'}", "own"])
def test_what_evaluate_gives_is_in_the_order_of_keras_1(metrics: str, before: str, after: str | None) -> None:
    new, _ = migrate(f"model.compile('sgd', 'mse', metrics={metrics})\n{before}\n")
    assert new.splitlines()[-1] == (after or before)


@pytest.mark.parametrize("compiled", ["'mse'", "'mse', metrics=None", "'mse', metrics=[]"])
def test_losses_alone_are_in_the_order_of_the_outputs(compiled: str) -> None:
    new, _ = migrate(f"model.compile('sgd', {compiled})\nscore = model.evaluate(x, y)\n")
    assert new.endswith("score = model.evaluate(x, y)\n")


def test_one_output_is_left() -> None:
    for head in (
        HEAD.replace(", Dense(2, name='a')(x)", ""),
        "from keras.layers import Dense\nfrom keras.models import Sequential\nmodel = Sequential([Dense(2)])\n",
    ):
        new, _ = migrate_whole(head + "model.compile('sgd', 'mse', metrics=['acc'])\nscore = model.evaluate(x, y)\n")
        assert new.endswith("score = model.evaluate(x, y)\n")


def test_a_model_that_a_function_is_given() -> None:
    call = "model.compile('sgd', 'mse', metrics=['acc'])\ndef t(model):\n    return model.evaluate(x, y)\nt(model)\n"
    new, _ = migrate(call)
    assert "    return scores(model, model.evaluate(x, y, return_dict=True))\n" in new
    new, _ = migrate_whole(HEAD.replace(", Dense(2, name='a')(x)", "") + call)
    assert "    return model.evaluate(x, y)\n" in new


def test_outputs_whose_number_is_not_known() -> None:
    head = HEAD.replace("[Dense(2, name='b')(x), Dense(2, name='a')(x)]", "outs(x)")
    new, _ = migrate_whole(head + "model.compile('sgd', 'mse', metrics=['acc'])\nscore = model.evaluate(x, y)\n")
    assert new.endswith("score = scores(model, model.evaluate(x, y, return_dict=True))\n")


def test_a_person_orders_what_a_call_for_a_model_gives() -> None:
    text = "def of(n):\n    return model\nmodel.compile('sgd', 'mse', metrics=['acc'])\nscore = of(1).evaluate(x, y)\n"
    _, found = migrate(text)
    assert [one.code for one in found if "sorts the metrics" in one.message] == ["K305"]
