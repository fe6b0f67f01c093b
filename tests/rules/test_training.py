"""Methods that train: batches of generators, accuracies, classes."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding, Severity

from .migrating import migrate as migrate_whole

HEAD = """\
from keras.layers import Dense
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator
def batches(x, batch_size=16):
    while True:
        yield x
def listed(x, batch_size=16):
    return [x]
model = Sequential([Dense(output_dim=3, input_dim=2)])
flow = ImageDataGenerator().flow(x, y, batch_size=20)
"""


def migrate(text: str, version: str = "1.2.2") -> tuple[str, list[Finding]]:
    new, found = migrate_whole(HEAD + text, version)
    return new.rpartition("batch_size=20)\n")[2], found


def fit(arguments: str) -> str:
    return f"model.fit_generator({arguments})\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("batches(x), 1000, 3", "batches(x), steps_per_epoch=63, epochs=3"),
        ("batches(x, 10), nb_epoch=3, samples_per_epoch=1000", "batches(x, 10), epochs=3, steps_per_epoch=100"),
        ("flow, len(x), n", "flow, steps_per_epoch=-(-len(x) // 20), epochs=n"),
        ("flow, n * 2, 1", "flow, steps_per_epoch=-(-(n * 2) // 20), epochs=1"),
        ("flow, 0.5 * n, 1", "flow, steps_per_epoch=int(-(-(0.5 * n) // 20)), epochs=1"),
        ("gen.flow(x, y), 64, 1", "gen.flow(x, y), steps_per_epoch=2, epochs=1"),
        ("gen.flow(x, y, n), 64, 1", "gen.flow(x, y, n), steps_per_epoch=-(-64 // n), epochs=1"),
        (
            "gen.flow_from_directory('d', batch_size=self.size), 64, 1",
            "gen.flow_from_directory('d', batch_size=self.size), steps_per_epoch=-(-64 // self.size), epochs=1",
        ),
        (
            "flow, 60, 1, validation_data=batches(v), nb_val_samples=33",
            "flow, steps_per_epoch=3, epochs=1, validation_data=batches(v), validation_steps=3",
        ),
        (
            "flow, 60, 1, validation_data=(v, w), nb_val_samples=33",
            "flow, steps_per_epoch=3, epochs=1, validation_data=(v, w)",
        ),
    ],
)
def test_samples_are_batches_where_the_batch_size_is_known(before: str, after: str) -> None:
    new, found = migrate(fit(before))
    assert new == f"model.fit({after})\n"
    assert all(one.fix is not None for one in found if one.code == "K305")


@pytest.mark.parametrize("generator", ["listed(x)", "other", "batches(*x)", "gen.flow(**x)", "batches(x, f(3))"])
def test_samples_are_asked_about_where_it_is_not(generator: str) -> None:
    new, found = migrate(fit(f"{generator}, samples_per_epoch=60, nb_epoch=1"))
    assert "samples_per_epoch=60" in new
    assert [one.message.count("steps_per_epoch=-(-samples_per_epoch") for one in found if one.code == "K305"] == [1]


def test_the_other_methods_count_batches_too() -> None:
    text = "model.evaluate_generator(flow, val_samples=50)\nmodel.predict_generator(flow, 50)\n"
    assert migrate(text)[0] == "model.evaluate(flow, steps=3)\nmodel.predict(flow, steps=3)\n"


def test_a_generator_may_be_a_method() -> None:
    text = (
        "class Net:\n    def pairs(self, x, batch_size=8):\n        yield x\n"
        "    def fit(self):\n        model.fit_generator(self.pairs(x), 33, 1)\n"
        "        model.fit_generator(self.pairs(x, 10), 33, 1)\n"
    )
    assert migrate(text)[0].count("steps_per_epoch=5, epochs=1") == 1
    assert migrate(text)[0].count("self.pairs(x, 10), steps_per_epoch=4, epochs=1") == 1


def test_a_batch_size_of_another_function_is_not_in_sight() -> None:
    text = "def f(m, size):\n    g = batches(x, size)\n    m.fit_generator(g, 60, 1)\n    return g\n"
    assert "steps_per_epoch=-(-60 // size)" in migrate(text)[0]
    text = "def f(m, g, size):\n    m.fit_generator(g, 60, 1)\n"
    assert "steps_per_epoch" not in migrate(text)[0]


@pytest.mark.parametrize(
    ("layer", "compiled", "metrics"),
    [
        ("Dense(3)", "'mse'", "'acc'"),
        ("Dense(1)", "'mse'", "acc"),
        ("Dense(1, activation='sigmoid')", "'mse'", "'acc'"),
        ("Dense(1, activation='sigmoid')", "'binary_crossentropy'", "'acc'"),
        ("Dense(3, activation='sigmoid')", "'binary_crossentropy'", "BinaryAccuracy(name='acc')"),
        ("Dense(n, activation='sigmoid')", "'binary_crossentropy'", "BinaryAccuracy(name='acc')"),
        ("Dense(n, activation='softmax')", "'categorical_crossentropy'", "'acc'"),
        ("Dense(n)", "'mse'", "acc"),
    ],
)
def test_an_accuracy_is_the_one_that_was_meant(layer: str, compiled: str, metrics: str) -> None:
    built = f"m = Sequential()\nm.add(Dense(4, input_dim=3))\nm.add({layer})\n"
    text = f"{built}m.compile('sgd', {compiled}, metrics=['accuracy'])\n"
    assert migrate(text)[0].rpartition("metrics=")[2] == f"[{metrics}])\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{'dense_1': 'accuracy'}", "{'dense_1': 'acc'}"),
        ("{'dense_1': ['accuracy', 'mse']}", "{'dense_1': ['acc', 'mean_squared_error']}"),
        ("['accuracy'] if shown else []", "['acc'] if shown else []"),
        ("('accuracy',)", "('acc',)"),
        ("wanted", "wanted"),
    ],
)
def test_accuracies_are_found_wherever_they_stand(before: str, after: str) -> None:
    text = "wanted = ['accuracy']\nmodel.compile('sgd', 'categorical_crossentropy', metrics="
    expected = text.replace("'accuracy'", "'acc'") if after == "wanted" else text
    assert migrate(f"{text}{before})\n")[0] == f"{expected}{after})\n"


def test_metrics_in_a_variable_may_mean_several() -> None:
    text = "wanted = ['accuracy']\nmodel.compile('sgd', 'categorical_crossentropy', metrics=wanted)\n"
    new, found = migrate(f"{text}model.compile('sgd', 'binary_crossentropy', metrics=wanted)\n")
    assert new.startswith("wanted = ['acc']\n")
    assert [one.message for one in found if one.code == "K305" and "BinaryAccuracy(name='acc')" in one.message]


def test_metrics_of_several_outputs_are_given_for_each() -> None:
    text = (
        "from keras.layers import Input\nfrom keras.models import Model\nx = Input(shape=(3,))\n"
        "m = Model(input=x, output=[Dense(2)(x), Dense(4)(x)])\nm.compile('sgd', 'mse', metrics=['accuracy'])\n"
    )
    assert migrate(text)[0].endswith("metrics=[['acc'], ['acc']])\n")


# --- show_accuracy


COMPILED = "model.compile('sgd', 'mse')\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fit(X, y, 5, 1, 0, [], .5, None, True, True)", "fit(X, y, 5, 1, 0, [], .5, None, True)"),
        ("fit(X, y, 5, 1, 0, [], .5, None, True, True, {})", "fit(X, y, 5, 1, 0, [], .5, None, True, class_weight={})"),
        ("evaluate(X, y, 5, True, 0)", "evaluate(X, y, 5, verbose=0)"),
        ("train_on_batch(X, y, True)", "train_on_batch(X, y)"),
    ],
)
def test_the_flag_goes_by_position_too(before: str, after: str) -> None:
    new, _ = migrate(f"{COMPILED}model.{before}\n", "0.3.3")
    assert new == f"model.compile('sgd', 'mse', metrics=['acc'])\nmodel.{after}\n"


def test_a_shown_accuracy_is_a_metric_of_compile() -> None:
    text = (
        "loss, acc = model.evaluate(X, y, show_accuracy=True, batch_size=5)\n"
        "loss = model.evaluate(X, y, batch_size=5)\n"
        "model.evaluate(X, y, batch_size=5)\nloss = model.train_on_batch(X, y)\nfirst = model.train_on_batch(X, y)[0]\n"
        "hist = model.fit(X, y, 5, 1, show_accuracy=False)\n"
    )
    new, _ = migrate(COMPILED + text, "0.3.3")
    assert new == (
        "model.compile('sgd', 'mse', metrics=['acc'])\n"
        "loss, acc = model.evaluate(X, y, batch_size=5)\nloss = model.evaluate(X, y, batch_size=5)[0]\n"
        "model.evaluate(X, y, batch_size=5)\nloss = model.train_on_batch(X, y)[:1]\n"
        "first = model.train_on_batch(X, y)[0]\nhist = model.fit(X, y, 5, 1)\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "def f(m):\n    m.compile('sgd', 'mse')\n    m.fit(X, y, show_accuracy=True)\n",
        f"{COMPILED}{COMPILED}model.fit(X, y, show_accuracy=True)\n",
        f"{COMPILED}model.fit(X, y, show_accuracy=args.shown)\n",
        f"{COMPILED}model.fit(X, y, show_accuracy=True)\ndef f(m):\n    return m.evaluate(X, y, show_accuracy=True)\n",
    ],
)
def test_it_is_asked_about_where_not_all_calls_are_known(text: str) -> None:
    new, found = migrate(text, "0.3.3")
    assert "metrics" not in new
    assert "K305" in {one.code for one in found}


def test_the_loss_of_a_batch_was_in_a_list() -> None:
    text = "a = model.train_on_batch(x, y)\nb = model.test_on_batch(x, y)[0]\nmodel.train_on_batch(x, y)\n"
    assert migrate(COMPILED + text, "0.3.3")[0] == (
        f"{COMPILED}a = [float(model.train_on_batch(x, y))]\nb = float(model.test_on_batch(x, y))\n"
        "model.train_on_batch(x, y)\n"
    )


# --- classes


@pytest.mark.parametrize(
    ("version", "text", "after"),
    [
        ("1.2.2", "model.predict_classes(x, verbose=0)", "model.predict(x, verbose=0).argmax(axis=-1)"),
        ("1.2.2", "one.predict_classes(x, 5)[0]", "(one.predict(x, 5) > 0.5).astype('int32')[0]"),
        ("1.2.2", "f().predict_classes(x, batch_size=5)", "predict_classes(f(), x, batch_size=5)"),
        ("1.2.2", "model.predict_proba(x)", "model.predict(x)"),
        ("1.2.2", "sklearn_model.predict_proba(x)", "sklearn_model.predict_proba(x)"),
        ("0.2", "one.predict_classes(X, 5)", "one.predict(X, 5).argmax(axis=-1)"),
    ],
)
def test_classes_are_made_of_what_predict_gives(version: str, text: str, after: str) -> None:
    before = "one = Sequential([Dense(1, input_dim=2)])\none.compile('sgd', 'mse')\nfound = "
    assert migrate(f"{before}{text}\n", version)[0].rpartition("found = ")[2] == f"{after}\n"


# --- data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.fit([[0, 1], [1, 1]], [0, -1], 5, 1)", "model.fit(array([[0, 1], [1, 1]]), array([0, -1]), 5, 1)"),
        ("t = [[0.5], [1]]\nmodel.predict(t)", "t = [[0.5], [1]]\nmodel.predict(array(t))"),
        ("import numpy as np\nmodel.predict(x=[[1, 2]])", "import numpy as np\nmodel.predict(x=np.array([[1, 2]]))"),
        ("model.predict([a, b])", "model.predict([a, b])"),
        ("model.predict([[a], [b]])", "model.predict([[a], [b]])"),
        ("model.predict([[i, i * 2] for i in n])", "model.predict(array([[i, i * 2] for i in n]))"),
        ("t = [[f(i) for i in r] for r in n]\nmodel.predict(t)",
         "t = [[f(i) for i in r] for r in n]\nmodel.predict(array(t))"),
        ("t = []\nfor i in n:\n    t.append([i, 0])\nmodel.predict(t)",
         "t = []\nfor i in n:\n    t.append([i, 0])\nmodel.predict(array(t))"),
        ("t = []\nt.append(f(i))\nmodel.predict(t)", "t = []\nt.append(f(i))\nmodel.predict(t)"),
        ("t = []\nt.append([1])\nt.extend(n)\nmodel.predict(t)",
         "t = []\nt.append([1])\nt.extend(n)\nmodel.predict(t)"),
        ("model.predict([f(i) for i in n])", "model.predict([f(i) for i in n])"),
        ("t = []\nmodel.predict(t)", "t = []\nmodel.predict(t)"),
    ],
)  # fmt: skip
def test_lists_of_numbers_are_arrays(before: str, after: str) -> None:
    assert migrate(f"{before}\n")[0] == f"{after}\n"


def test_weights_of_timesteps_have_a_loss_of_their_own() -> None:
    new, _ = migrate("model.compile('sgd', 'mse', sample_weight_mode='temporal')\n")
    assert new == "model.compile('sgd', WeightedLoss('mse'))\n"
    assert "sample_weight_mode" in migrate("model.compile('sgd', {'a': 'mse'}, sample_weight_mode='temporal')\n")[0]


WEIGHTS = "import numpy as np\ncw, ones = {0: 1.}, np.ones(4)\nsw = np.ones(4)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fit(x, y, class_weight=cw, sample_weight=np.ones(4))", "fit(x, y, sample_weight=np.ones(4))"),
        ("fit(x, y, class_weight={0: 1}, sample_weight=sw)", "fit(x, y, sample_weight=sw)"),
        ("fit(x, y, class_weight=cw, sample_weight=[1, 2])", "fit(x, y, sample_weight=np.array([1, 2]))"),
        (
            "fit(x, y, sample_weight=w, class_weight=cw)",
            "fit(x, y, sample_weight=w, class_weight=cw if w is None else None)",
        ),
        (
            "train_on_batch(x, y, cw or other, self.w)",
            "train_on_batch(x, y, class_weight=(cw or other) if self.w is None else None, sample_weight=self.w)",
        ),
        ("fit(x, y, 1, 2, 0, [], 0., None, True, cw, sw)", "fit(x, y, 1, 2, 0, [], 0., None, True, None, sw)"),
        ("fit(x, y, class_weight=None, sample_weight=w)", "fit(x, y, class_weight=None, sample_weight=w)"),
        ("fit(x, y, class_weight=cw, sample_weight=None)", "fit(x, y, class_weight=cw, sample_weight=None)"),
    ],
)  # fmt: skip
def test_weights_of_samples_stood_alone(before: str, after: str) -> None:
    new, found = migrate(f"{WEIGHTS}model.{before}\n")
    assert new.partition(WEIGHTS)[2].replace(", epochs=10", "") == f"model.{after}\n"
    assert not [one for one in found if one.code == "K305"]


@pytest.mark.parametrize(
    "arguments", ["class_weight=cw, sample_weight=weigh(y)", "class_weight=cw, sample_weight=[a, None]"]
)
def test_it_is_asked_about_where_they_may_be_none(arguments: str) -> None:
    _, found = migrate(f"model.train_on_batch(x, y, {arguments})\n")
    assert [one.code for one in found if one.message.startswith("Sequential.train_on_batch: `class_weight` beside")]


def test_a_layer_is_got_by_its_index_first() -> None:
    assert migrate("model.get_layer('a', 0)\n")[0] == "model.get_layer(index=0)\n"
    assert migrate("model.get_layer('a')\n")[0] == "model.get_layer('a')\n"


def test_the_config_of_0_x_could_be_printed() -> None:
    assert migrate("c = model.get_config(verbose=1)\nc = model.get_config(0)\n", "0.3.3")[0] == (
        "c = model.get_config()\n" * 2
    )


def test_custom_layers_of_0_x_are_custom_objects() -> None:
    new, _ = migrate_whole("from keras.models import *\n\nmodel = model_from_json(text, custom_layers={})\n", "0.2.0")
    assert new.endswith("model_from_json(text, custom_objects={})\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("model.compile('sgd', 'mse')\nmodel.trainable = False\n", True),
        ("model.trainable = False\nmodel.compile('sgd', 'mse')\n", False),
        ("other = Sequential([Dense(1, input_dim=2)])\nmodel.compile('sgd', 'mse')\nother.trainable = False\n", False),
    ],
)
def test_a_model_that_is_frozen_after_compile_is_asked_about(text: str, told: bool) -> None:
    assert ("K326" in {one.code for one in migrate(text)[1]}) == told


# --- what accuracies count


MODE = (
    "one = Sequential([Dense(1, input_dim=4)])\none.compile('sgd', 'mse'{})\none.evaluate(X, y, show_accuracy=True)\n"
)


@pytest.mark.parametrize(
    ("version", "mode", "told"),
    [
        ("0.2", "", True), ("0.3.2", ", class_mode='categorical'", True), ("0.2", ", class_mode='binary'", False),
        ("0.3.3", "", False),
    ],
)  # fmt: skip
def test_the_accuracy_of_one_unit_was_always_1(version: str, mode: str, told: bool) -> None:
    _, found = migrate(MODE.format(mode), version)
    assert any("always 1" in one.message for one in found) == told


def test_the_accuracy_of_several_units_by_mode_is_of_each_number() -> None:
    text = MODE.replace("Dense(1", "Dense(2, activation='sigmoid'").format(", class_mode='binary'")
    new, found = migrate(text, "0.2")
    assert "metrics=[BinaryAccuracy(name='acc')]" in new
    assert not [one for one in found if "rounded" in one.message]
    _, found = migrate(MODE.replace("Dense(1", "Dense(2").format(", class_mode='binary'"), "0.2")
    assert [one.code for one in found if "rounded outputs" in one.message] == ["K306"]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("np.random.seed(1)\nmodel.fit(X, Y)\nmodel.fit(X, Y, nb_epoch=3)\n", 1),
        ("np.random.seed(1)\nmodel.fit(X, Y, shuffle=False)\n", 0),
        ("np.random.seed(1)\nmodel.fit(X, Y, shuffle=shuffled)\n", 1),
        ("np.random.seed(1)\nmodel.train_on_batch(X, Y)\n", 0),
        ("model.fit(X, Y)\n", 0),
        ("np.random.seed(1)\nkeras.wrappers.scikit_learn.KerasClassifier(build, nb_epoch=3)\n", 1),
        ("np.random.seed(1)\nkeras.wrappers.scikit_learn.KerasClassifier(build, shuffle=False)\n", 0),
    ],
)
def test_a_source_that_seeds_numpy_is_told_that_the_order_is_drawn_elsewhere(text: str, notes: int) -> None:
    assert [
        one.code for one in migrate(f"import keras.wrappers.scikit_learn\n{text}")[1] if "(trap F12)" in one.message
    ] == ["K306"] * notes


@pytest.mark.parametrize(
    "made",
    [
        "load_model('m.h5')",
        "model_from_json(open('m.json').read())",
        "Sequential.from_config(config)",
        "[load_model(path) for path in paths][0]",
    ],
)
def test_a_model_that_is_read_back_is_a_model(made: str) -> None:
    text = (
        "from keras.models import *\n"
        f"one = {made}\n"
        "one.compile('sgd', 'mse', metrics=['accuracy'])\n"
        "one.evaluate(x, y)\n"
        "print(one.predict_proba(x), one.layers[0].output_shape)\n"
    )
    new, found = migrate_whole(text, "1.2.2")
    assert "metrics=[acc])" in new
    assert new.endswith("print(one.predict(x), one.layers[0].output.shape)\n")
    assert all(one.fix is not None or one.severity is Severity.NOTE for one in found)


@pytest.mark.parametrize(
    ("made", "row"),
    [
        ("load_model('m.h5')", "write `outputs[0]`"),
        ("Sequential.from_config(c)", "is `….outputs[0]` now"),
        ("Model.from_config(c)", None),
    ],
)
def test_the_output_of_a_model_that_is_read_back(made: str, row: str | None) -> None:
    text = f"from keras.models import *\none = {made}\none.fit(x, y, nb_epoch=2)\nprint(one.output)\n"
    found = [one.message for one in migrate_whole(text, "1.2.2")[1] if ".output`" in one.message]
    assert [row in one for one in found if row is not None] == ([True] if row is not None else [])
    assert len(found) == (row is not None)
