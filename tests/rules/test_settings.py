"""Losses, metrics, optimizers and initializers of every form: what they become."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity

from .migrating import migrate

HEAD = "from keras.models import Sequential\nfrom keras.layers.core import Dense\n"
MODEL = "model = Sequential([Dense(output_dim=2, input_dim=3)])\n"


def compiled(arguments: str, version: str = "1.2.2", style: str = "faithful", head: str = "") -> str:
    new, _ = migrate(f"{HEAD}{head}{MODEL}model.compile({arguments})\n", version, style)
    return new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'sgd', 'cosine'", "'sgd', cosine_proximity"),
        ("'sgd', loss=['hinge', 'mse']", "'sgd', loss=[hinge, 'mse']"),
        ("'sgd', loss={'a': 'squared_hinge', 'b': 'kld'}", "'sgd', loss={'a': squared_hinge, 'b': 'kld'}"),
        ("'sgd', 'mse', metrics=['MSE', 'precision']", "'sgd', 'mse', metrics=['mean_squared_error', precision]"),
        ("'sgd', 'mse', metrics=['f1score', 'acc']", "'sgd', 'mse', metrics=[fmeasure, 'acc']"),
        ("'sgd', 'mse', metrics={'a': ['hinge']}", "'sgd', 'mse', metrics={'a': [hinge]}"),
    ],
)
def test_names_in_compile(old: str, new: str) -> None:
    assert f"model.compile({new})\n" in compiled(old)


def test_a_list_in_a_dict_of_metrics_keeps_what_is_no_name() -> None:
    assert "metrics={'a': [metric(own), recall]}" in compiled("'sgd', 'mse', metrics={'a': [own, 'recall']}")


@pytest.mark.parametrize(
    ("old", "faithful", "exact"),
    [
        ("'rmsprop'", "'rmsprop'", "RMSprop()"),
        ("'nadam'", "Nadam(learning_rate=0.002, epsilon=1e-08)", "Nadam()"),
        ("'Adagrad'", "Adagrad(learning_rate=0.01, epsilon=1e-08, initial_accumulator_value=0.0)", "Adagrad()"),
        ("'adam'", "Adam(epsilon=1e-08)", "Adam(epsilon=1e-08)"),
        ("optimizers.rmsprop(lr=0.1)", "optimizers.RMSprop(learning_rate=0.1)", "RMSprop(learning_rate=0.1)"),
        (
            "optimizers.SGD(lr=0.1, decay=0.5)",
            "optimizers.SGD(learning_rate=InverseTimeDecay(0.1, 1, 0.5))",
            "SGD(learning_rate=0.1, decay=0.5)",
        ),
        (
            "optimizers.Adam(clipvalue=1, clipnorm=2)",
            "optimizers.Adam(global_clipnorm=2, epsilon=1e-08)",
            "Adam(clipvalue=1, global_clipnorm=2)",
        ),
        ("optimizers.SGD(lr=0.1, decay=0.0)", "optimizers.SGD(learning_rate=0.1)", "optimizers.SGD(learning_rate=0.1)"),
        ("optimizers.Nadam(schedule_decay=0.1)", "optimizers.Nadam(learning_rate=0.002, epsilon=1e-08)",
         "Nadam(schedule_decay=0.1)"),
    ],
)  # fmt: skip
def test_optimizers_by_style(old: str, faithful: str, exact: str) -> None:
    head = "from keras import optimizers\n"
    assert f"model.compile({faithful}, 'mse')\n" in compiled(f"{old}, 'mse'", head=head)
    assert f"model.compile({exact}, 'mse')\n" in compiled(f"{old}, 'mse'", style="exact", head=head)


@pytest.mark.parametrize("style", ["faithful", "exact"])
def test_before_1_0_3_epsilon_stood_where_it_stands_in_keras_3(style: str) -> None:
    head = "from keras.optimizers import RMSprop\n"
    text = f"{HEAD}{head}{MODEL}model.compile(RMSprop(), 'mse')\nmodel.compile('rmsprop', 'mse')\n"
    new, found = migrate(text, "0.3.3", style)
    assert new.count("compile(RMSprop(epsilon=1e-06), 'mse')") == 2
    assert "tdmigrate" not in new
    assert not any("epsilon inside" in one.message for one in found)


def test_optimizers_of_compat_take_the_place_of_imports() -> None:
    head = f"{HEAD}from keras.optimizers import RMSprop, SGD\n"
    new, _ = migrate(f"{head}{MODEL}one = [RMSprop(), SGD()]\n", style="exact")
    assert "from keras.optimizers import SGD\n" in new
    assert "from tdmigrate.compat import RMSprop\n" in new
    assert "one = [RMSprop(), SGD()]" in new


def test_a_dict_is_no_optimizer() -> None:
    _, found = migrate(f"{HEAD}{MODEL}model.compile({{'name': 'adam', 'lr': 0.1}}, 'mse')\n")
    asked = [one for one in found if one.fix is None and one.severity is Severity.ERROR]
    assert [one.code for one in asked] == ["K305"]


def test_functions_of_metrics_and_objectives() -> None:
    head = (
        "from keras import metrics, objectives as o\nfrom keras.metrics import fscore, mse, recall\n"
        "from keras.objectives import categorical_crossentropy as cce\n"
    )
    text = f"{HEAD}{head}{MODEL}def own(t, p):\n    return cce(t, p) + o.hinge(t, p) + o.mae(t, p)\n\n\n"
    new, _ = migrate(f"{text}model.compile('sgd', own, metrics=[fscore, mse, recall, metrics.precision])\n")
    assert "from keras.metrics import mean_squared_error as mse\n" in new
    assert "return categorical_crossentropy(t, p) + hinge(t, p) + o.mean_absolute_error(t, p)" in new
    assert "metrics=[fscore, mse, recall, precision]" in new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("initializations.normal(shape, scale=0.01, name=name)", "RandomNormal(stddev=0.01)(shape)"),
        ("initializations.uniform(shape, 2 * s, name)", "RandomUniform(-(2 * s), 2 * s)(shape)"),
        ("initializations.uniform(shape)", "RandomUniform(-0.05, 0.05)(shape)"),
        ("initializations.orthogonal(shape)", "Orthogonal(gain=1.1)(shape)"),
        ("initializations.he_normal(shape, name=name)", "VarianceScaling(2.0, 'fan_in', 'untruncated_normal')(shape)"),
        ("initializations.zero(shape, name=name)", "Zeros()(shape)"),
    ],
)
def test_initializers_that_are_functions(old: str, new: str) -> None:
    text = (
        f"from keras import initializations\n{HEAD}s = 0.1\n\n\ndef first(shape, name=None):\n    return {old}\n\n\n"
        f"model = Sequential([Dense(3, init=first, input_dim=4), Dense(2, init=lambda shape, name: {old})])\n"
    )
    out, found = migrate(text)
    assert f"    return {new}\n" in out
    assert "kernel_initializer=Keras1Initializer(first)" in out
    assert f"Keras1Initializer(lambda shape, name: {new})" in out
    assert "initializations" not in out
    assert all(one.fix is not None or one.severity is Severity.NOTE for one in found)


def test_a_variable_made_elsewhere_is_for_a_person() -> None:
    _, found = migrate(f"from keras import initializations\n{HEAD}{MODEL}w = initializations.uniform((3, 4))\n")
    assert any(one.code == "K403" and "RandomUniform" in one.message for one in found)


REGULARIZER = (
    "from keras.regularizers import Regularizer\n\n\nclass Own(Regularizer):\n    def {0}\n\n\n"
    "layer = Dense(3, W_regularizer=Own(), input_dim=4)\n"
)


@pytest.mark.parametrize("method", ["set_param(self, p):\n        self.p = p", "set_layer(self, l):\n        pass"])
def test_an_old_regularizer_of_its_own_is_for_a_person(method: str) -> None:
    _, found = migrate(HEAD + REGULARIZER.format(method))
    assert any(one.code == "K405" and one.fix is None for one in found)


def test_a_regularizer_that_is_called_with_the_weight_stays() -> None:
    _, found = migrate(HEAD + REGULARIZER.format("__call__(self, x):\n        return abs(x).sum()"))
    assert all(one.code != "K405" for one in found)


def test_an_optimizer_of_its_own_is_for_a_person() -> None:
    text = "import keras.optimizers as O\n\n\nclass Own(O.Optimizer):\n    def get_updates(self, *given):\n"
    _, found = migrate(f"{HEAD}{text}        return []\n\n\n{MODEL}model.compile(Own(), 'mse')\n")
    assert any(one.code == "K405" and "update_step" in one.message for one in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("o.lr.set_value(0.5 * rate)", "o.learning_rate.assign(0.5 * rate)"),
        ("print(o.lr.get_value())", "print(o.learning_rate.numpy())"),
        ("o.lr = 0.1", "o.lr = 0.1"),  # asked
        ("print(other.lr)", "print(other.lr)"),
    ],
)
def test_the_rate_of_a_variable_that_holds_an_optimizer(old: str, new: str) -> None:
    text = f"{HEAD}from keras.optimizers import SGD\n{MODEL}o = SGD(lr=0.1)\n{old}\n"
    assert migrate(text)[0].endswith(f"{new}\n")


def test_a_rate_that_decays_and_is_set_stays_a_variable_but_in_modern_style() -> None:
    text = f"{HEAD}from keras.optimizers import SGD\n{MODEL}o = SGD(decay=0.1)\no.lr.set_value(0.5)\n"
    new, found = migrate(text, style="modern")
    assert new.endswith("o.lr.set_value(0.5)\n")
    assert any(one.code == "K403" and "schedule" in one.message for one in found)
    for style in ("faithful", "exact"):
        new = migrate(text, style=style)[0]
        assert "tdmigrate.compat import SGD" in new
        assert new.endswith("o.learning_rate.assign(0.5)\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("optimizers.get('adamax')", "optimizers.get(Adamax(learning_rate=0.002, epsilon=1e-08))"),
        ("activations.get('hard_sigmoid')", "activations.get(hard_sigmoid)"),
        ("regularizers.get('l1l2')", "regularizers.get(L1L2(l1=0.01, l2=0.01))"),
        ("constraints.get('maxnorm')", "constraints.get('max_norm')"),
        ("initializations.get('normal')", "initializations.get('random_normal')"),
        ("objectives.get('hinge')", "objectives.get(hinge)"),
    ],
)
def test_what_get_is_given(old: str, new: str) -> None:
    name = old.partition(".")[0]
    assert f"found = {new}\n" in migrate(f"{HEAD}from keras import {name}\n{MODEL}found = {old}\n")[0]


@pytest.mark.parametrize(
    "call", ["get({'name': 'sgd'})", "get('sgd', kwargs={'lr': 1})", "optimizer_from_config({'class_name': 'SGD'})"]
)
def test_what_get_is_not_given(call: str) -> None:
    text = f"{HEAD}from keras import optimizers\n{MODEL}found = optimizers.{call}\n"
    new, found = migrate(text)
    assert f"found = optimizers.{call}\n" in new
    assert any(one.code == "K403" and one.fix is None for one in found)
