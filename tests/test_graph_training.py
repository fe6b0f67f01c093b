"""What graphs are trained with: the calls before and after, and the new text run by Keras 3."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from test_company import Migrated, migrate

NEW, OLD = "1.0.8", "0.3.3"
RNG = np.random.default_rng(3)

ONE = """\
from keras.models import Graph
from keras.layers.core import Dense

graph = Graph()
graph.add_input(name='x', input_shape=(4,))
graph.add_node(Dense(3, activation='tanh'), name='hidden', input='x')
graph.add_node(Dense(1), name='value', input='hidden')
graph.add_output(name='y', input='value')
"""
TWO = ONE + """\
graph.add_input(name='more', input_shape=(2,))
graph.add_node(Dense(2), name='both', inputs=['hidden', 'more'])
graph.add_output(name='z', input='both')
"""
LOOP = "for n in ['both']:\n    graph.add_node(Dense(2), name=n"
COMPUTED = TWO.replace("graph.add_node(Dense(2), name='both'", LOOP)


def last(source: str, line: str, version: str = NEW) -> tuple[str, Migrated]:
    """The last row after a migration."""
    done = migrate(source + line + "\n", version)
    assert done.again == ()
    return done.text.rstrip("\n").rpartition("\n")[2], done


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("graph.fit({'x': a, 'y': b}, nb_epoch=3)", "graph.fit({'x': a}, {'y': b}, epochs=3)"),
        ("graph.fit({'y': b, 'x': a}, 16, 3, 2)", "graph.fit({'x': a}, {'y': b}, 16, 3, 2)"),
        ("graph.fit(data={'x': a, 'y': b}, nb_epoch=3)", "graph.fit(x={'x': a}, y={'y': b}, epochs=3)"),
        ("graph.fit(dict(x=a, y=b), nb_epoch=3)", "graph.fit({'x': a}, {'y': b}, epochs=3)"),
        ("graph.fit(data, nb_epoch=3)", "graph.fit({'x': data['x']}, {'y': data['y']}, epochs=3)"),
        (
            "graph.fit(self.data, nb_epoch=3, validation_data=self.valid)",
            "graph.fit({'x': self.data['x']}, {'y': self.data['y']}, epochs=3, "
            "validation_data=({'x': self.valid['x']}, {'y': self.valid['y']}))",
        ),
        (
            "graph.fit({'x': a, 'y': b}, nb_epoch=1, validation_data={'x': c, 'y': d})",
            "graph.fit({'x': a}, {'y': b}, epochs=1, validation_data=({'x': c}, {'y': d}))",
        ),
        (
            "graph.fit({'x': a, 'y': b}, nb_epoch=1, class_weight={}, sample_weight={})",
            "graph.fit({'x': a}, {'y': b}, epochs=1)",
        ),
        (
            "graph.fit({'x': a, 'y': b}, nb_epoch=1, sample_weight={'y': w})",
            "graph.fit({'x': a}, {'y': b}, epochs=1, sample_weight={'y': w})",
        ),
        ("graph.evaluate({'x': a, 'y': b}, 32)", "graph.evaluate({'x': a}, {'y': b}, 32)"),
        ("p = graph.predict({'x': a}, 32)['y']", "p = graph.predict({'x': a}, 32)['y']"),
        ("p = graph.predict_on_batch(data=data)", "p = graph.predict_on_batch(x=data)"),
        ("graph.train_on_batch({'x': a, 'y': b})", "graph.train_on_batch({'x': a}, {'y': b})"),
        ("graph.test_on_batch(batch)", "graph.test_on_batch({'x': batch['x']}, {'y': batch['y']})"),
        ("graph.compile('sgd', {'y': 'mse'})", "graph.compile('sgd', {'y': 'mse'})"),
        (
            "graph.compile(loss={'y': 'kullback_leibler_divergence'}, optimizer='sgd')",
            "graph.compile(loss={'y': 'kl_divergence'}, optimizer='sgd')",
        ),
        ("w = graph.nodes['hidden'].get_weights()", "w = graph.get_layer('hidden').get_weights()"),
    ],
)
def test_calls_of_one_output(line: str, after: str) -> None:
    row, done = last(ONE, line)
    assert row == after
    assert done.left == ()


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (
            "graph.fit({'x': a, 'more': m, 'y': b, 'z': c}, nb_epoch=3)",
            "graph.fit({'x': a, 'more': m}, {'y': b, 'z': c}, epochs=3)",
        ),
        (
            "graph.compile('sgd', {'y': 'mse', 'z': 'mae'}, ['accuracy'], loss_weights={'z': 2.})",
            "graph.compile('sgd', {'y': 'mse', 'z': 'mae'}, metrics={'y': ['accuracy'], 'z': ['accuracy']}, "
            "loss_weights={'y': 1.0, 'z': 2.})",
        ),
        ("graph.compile('sgd', 'mse')", "graph.compile('sgd', {'y': 'mse', 'z': 'mse'})"),
    ],
)
def test_calls_of_several_outputs(line: str, after: str) -> None:
    row, done = last(TWO, line)
    assert row == after
    assert done.left == ()


@pytest.mark.parametrize(
    ("source", "line", "version", "words"),
    [
        (ONE, "graph.fit(load(), nb_epoch=3)", NEW, "cannot be taken apart"),
        (ONE, "graph.fit({'x': a}, nb_epoch=3)", NEW, "there is no `y` among the data"),
        (ONE, "graph.fit({key: a, 'y': b}, nb_epoch=3)", NEW, "cannot be taken apart"),
        (ONE, "graph.fit(data, nb_epoch=3, validation_data=load())", NEW, "`validation_data`"),
        (ONE, "graph.fit(data, nb_epoch=3, class_weight={'y': {0: 1.}})", NEW, "`class_weight`"),
        (ONE, "graph.fit(data, nb_epoch=3, show_accuracy=True)", OLD, "`show_accuracy`"),
        (TWO, "graph.fit(data, nb_epoch=3, sample_weight={'y': w})", NEW, "`sample_weight`"),
        (TWO, "graph.compile('sgd', losses, loss_weights=weights)", NEW, "`loss_weights`"),
        (TWO, "graph.compile('sgd', losses, metrics=known)", NEW, "`metrics`"),
        (ONE, "graph.fit_generator(batches(), 100, 3)", NEW, "`samples_per_epoch`"),
        (ONE, "names = graph.output_order", OLD, "Graph.output_order"),
        (ONE, "out = graph.outputs['y']", OLD, "Graph.outputs"),
        (ONE, "graph.nodes['gone'].get_weights()", OLD, "Graph.nodes"),
    ],
)
def test_what_only_a_person_can_do(source: str, line: str, version: str, words: str) -> None:
    _, done = last(source, line, version)
    assert any(words in one for one in done.left), done


@pytest.mark.parametrize(
    ("source", "line", "version", "words"),
    [
        (TWO, "loss = graph.evaluate(data, 32)", NEW, "it gives a list now"),
        (ONE, "loss = graph.train_on_batch(data)", OLD, "it is the loss itself now"),
    ],
)
def test_what_is_given_back_otherwise_is_told(source: str, line: str, version: str, words: str) -> None:
    _, done = last(source, line, version)
    assert any(one.startswith("K312") and words in one for one in done.notes), done


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (
            "loss = graph.evaluate({'x': a, 'more': m, 'y': b, 'z': c}, 32)",
            "loss = graph.evaluate({'x': a, 'more': m}, {'y': b, 'z': c}, 32)[0]",
        ),
        (
            "loss = graph.train_on_batch({'x': a, 'more': m, 'y': b, 'z': c})[0]",
            "loss = graph.train_on_batch({'x': a, 'more': m}, {'y': b, 'z': c})[:1][0]",
        ),
        (
            "graph.train_on_batch({'x': a, 'more': m, 'y': b, 'z': c})",
            "graph.train_on_batch({'x': a, 'more': m}, {'y': b, 'z': c})",
        ),
    ],
)
def test_keras_0_gave_the_whole_loss_of_several_outputs(line: str, after: str) -> None:
    row, done = last(TWO, line, OLD)
    assert row == after
    assert (done.left, done.notes) == ((), ())


def test_nothing_is_told_of_a_result_that_is_the_same() -> None:
    _, done = last(ONE, "loss = graph.evaluate(data, 32)")
    assert done.notes == ()


TRAINING = """\
graph.compile('sgd', {'y': 'mse', 'z': 'mse'}, metrics=['mae'], loss_weights={'z': 2.})
graph.set_weights(weights)
history = graph.fit(data, batch_size=4, nb_epoch=2, shuffle=False, verbose=0,
                    validation_data={'x': data['x'], 'more': data['more'], 'y': data['y'], 'z': data['z']})
losses = graph.evaluate(data, batch_size=4, verbose=0)
graph.train_on_batch(data)
predicted = graph.predict({'x': data['x'], 'more': data['more']}, batch_size=4)
"""


def trained(source: str) -> dict[str, Any]:
    done = migrate(source + TRAINING, NEW)
    assert done.left == ()
    data = {name: RNG.normal(size=(12, size)) for name, size in (("x", 4), ("more", 2), ("y", 1), ("z", 2))}
    weights = [RNG.normal(size=shape) for shape in ((4, 3), (3,), (3, 1), (1,), (5, 2), (2,))]
    names: dict[str, Any] = {"data": data, "weights": weights}
    exec(done.text, names)
    return names


def test_the_model_and_the_builder_train_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    for source in (TWO, COMPUTED):
        monkeypatch.setattr("test_graph_training.RNG", np.random.default_rng(3))
        runs.append(trained(source))
    written, built = runs
    assert isinstance(written["graph"], keras.Model)
    assert isinstance(built["graph"].model, keras.Model)
    assert set(written["predicted"]) == {"y", "z"}
    for name in ("y", "z"):
        assert np.max(np.abs(written["predicted"][name] - built["predicted"][name])) < 1e-6
        assert written["predicted"][name].shape == written["data"][name].shape
    for name, values in written["history"].history.items():
        assert values == pytest.approx(built["history"].history[name], abs=1e-6)
    assert set(written["history"].history) >= {"loss", "y_loss", "z_loss", "val_loss", "val_y_mean_absolute_error"}
    assert written["losses"] == pytest.approx(built["losses"], abs=1e-6)


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")  # Keras 3's own default, with every generator
def test_a_generator_is_taken_apart() -> None:
    done = migrate(
        ONE
        + "def batches():\n    while True:\n        yield {'x': a, 'y': b}\n\n"
        + "graph.compile('sgd', {'y': 'mse'})\ngraph.fit_generator(batches(), 8, 2, verbose=0)\n",
        NEW,
    )
    assert len(done.left) == 1
    names: dict[str, Any] = {"a": RNG.normal(size=(4, 4)), "b": RNG.normal(size=(4, 1))}
    exec(done.text.replace("samples_per_epoch=8", "steps_per_epoch=2"), names)
    assert names["graph"].optimizer.iterations == 4
