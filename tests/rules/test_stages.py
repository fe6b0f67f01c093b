"""Which rules run on a source: that hangs on what its code has, and never on what its comments say."""

from __future__ import annotations

from importlib import import_module

import pytest

from tdmigrate.rules.needs import KINDS
from tdmigrate.rules.stages import STAGES
from tdmigrate.understanding.module import Module

from .migrating import findings, rewrite

SLASH = (
    "from keras.layers import Dense\nfrom keras.models import Sequential\n\nlayer = Dense(output_dim=3, name='a/b')\n"
)
CALLBACK = (
    "import keras\n\nlayer = keras.layers.Dense(output_dim=3)\n\nclass Own(keras.callbacks.Callback):\n"
    "    def on_epoch_end(self, epoch, logs={}):\n"
)
LOSS = (
    "from keras.layers import Dense\nfrom keras.models import Sequential\n\n"
    "def loss(y_true, y_pred):\n    return (y_true - y_pred).mean(axis=-1)\n\n"
    "model = Sequential()\nmodel.add(Dense(output_dim=3, input_dim=4))\nmodel.compile(loss=loss, optimizer='sgd')\n"
)


@pytest.mark.parametrize("line", ["# plots a Graph of the loss", "print('a Graph')", "GraphPlot = None"])
def test_the_word_graph_leaves_no_slash_in_a_name(line: str) -> None:
    assert "name='a_b'" in rewrite(f"{line}\n{SLASH}")


def test_the_layers_of_a_graph_keep_the_slashes_of_their_names() -> None:
    text = "from keras.models import Graph\n" + SLASH + "graph = Graph()\ngraph.add_node(layer, name='c', input='d')\n"
    assert "K210" not in {one.code for one in findings(text)}


def test_a_slash_that_the_text_writes_otherwise_is_one() -> None:
    assert "K210" in {one.code for one in findings(SLASH.replace("/", r"\x2f"))}


@pytest.mark.parametrize(
    "comment",
    [
        "Graph", "on_batch_end", "def set_model(", "self.model.stop_training", "opt.lr", "opt.momentum", "layer.name",
        "x.trainable, freeze", "f.attrs of h5py", "_keras_shape", "config", "sklearn numpy", "theano tensorflow",
        "W_regularizer", "BatchNormalization", "metrics", "'dense_1/a'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [SLASH, LOSS, f"{CALLBACK}        print(self.params['nb_epoch'])\n"])
def test_a_comment_changes_nothing(text: str, comment: str) -> None:
    def told(text: str) -> list[tuple[str, int, str]]:
        return [(one.code, one.span.row, one.message) for one in findings(text)]

    assert told(f"{text}# {comment}\n") == told(text)


def test_methods_of_tensors_are_found_in_a_loss_without_any_import_of_theano() -> None:
    assert "K501" in {one.code for one in findings(LOSS)}


def test_callbacks_are_found_by_their_base() -> None:
    assert "K321" in {one.code for one in findings(f"{CALLBACK}        print(self.params['nb_epoch'])\n")}


def test_every_stage_can_run() -> None:
    for stage in STAGES:
        assert callable(getattr(import_module(f"tdmigrate.rules.{stage.module}"), stage.check))


def test_every_need_is_of_a_known_kind() -> None:
    for stage in STAGES:
        for need in (*stage.needs, *stage.also, *stage.unless):
            kind, colon, word = need.partition(":")
            assert colon, need
            assert word, need
            assert kind.removesuffix(" with") in KINDS, need


def test_imports_come_behind_all_that_may_ask_for_one() -> None:
    assert [stage.module for stage in STAGES[-2:]] == ["imports", "evidence"]


def test_words_are_those_of_the_code() -> None:
    words = Module("import a.b as c\nfrom d import e\nfrom . import f\nx.y('z')\ndef g(): h = '''i'''  # j\n").words
    assert words.attributes == {"y"}
    assert words.called == {"y"}
    assert words.bound == {"g", "h"}
    assert words.texts == {"z", "i"}
    assert words.imported == {"a", "d"}
