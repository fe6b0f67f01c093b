"""load_weights, where Keras 3 would set back an optimizer that trains on."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Finding

from .migrating import migrate as migrate_whole

HEAD = """\
from keras.layers import Dense
from keras.models import Sequential


def build():
    model = Sequential()
    model.add(Dense(2, input_dim=3))
    model.compile('adam', 'mse')
    return model


"""
BARE = HEAD.replace("    model.compile('adam', 'mse')\n", "")


def migrate(text: str, head: str = HEAD) -> tuple[str, list[Finding]]:
    new, found = migrate_whole(head + text, "1.2.2")
    return new, [one for one in found if one.code == "K327"]


@pytest.mark.parametrize(
    "text",
    [
        "m = build()\nm.load_weights(w)\nm.fit(x, y, nb_epoch=1)\n",
        "m = build()\nfor x in xs:\n    m.fit(x, y, nb_epoch=1)\n    m.load_weights(w)\n",
        "m = build()\nm.load_weights(w)\ntrain(m)\nm.train_on_batch(x, y)\n",
        "def restored(w):\n    m = build()\n    m.load_weights(w)\n    return m\n",
        "def restore(m, w):\n    m.load_weights(w)\n",
        "m = build()\nm.load_weights(w)\n\n\ndef step():\n    m.train_on_batch(x, y)\n",
        "m = build()\nif resume:\n    m.load_weights(w)\nelse:\n    m.compile('sgd', 'mse')\nm.fit(x, y, nb_epoch=1)\n",
        "m = build()\nm.load_weights(w)\nif fine:\n    m.compile('sgd', 'mse')\nm.fit(x, y, nb_epoch=1)\n",
        "class A(object):\n"
        "    def load(self):\n"
        "        self.m.load_weights(w)\n"
        "\n"
        "    def train(self):\n"
        "        self.m.fit(x, y, nb_epoch=1)\n"
        "\n"
        "    def __init__(self):\n"
        "        self.m = build()\n",
    ],
)
def test_a_model_that_trains_on_keeps_its_optimizer(text: str) -> None:
    new, found = migrate(text)
    model = "self.m" if "self" in text else "m"
    assert f"load_weights({model}, w)" in new
    assert "from tdmigrate.compat import load_weights" in new
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("m = build()\nm.fit(x, y, nb_epoch=1)\nm.load_weights(w)\nm.predict(x)\n", HEAD),
        ("m = build()\nm.load_weights(w)\nprint(m.evaluate(x, y))\n", HEAD),
        ("m = build()\nm.load_weights(w)\nshow(m)\n", HEAD),  # no file with a training
        ("m = build()\nm.load_weights(w)\nm.compile('sgd', 'mse')\nm.fit(x, y, nb_epoch=1)\n", BARE),
        ("m = build()\nif w:\n    m.load_weights(w)\nm.compile('sgd', 'mse')\nm.fit(x, y, nb_epoch=1)\n", BARE),
        (
            "for x in xs:\n"
            "    m = build()\n"
            "    m.load_weights(w)\n"
            "    m.compile('sgd', 'mse')\n"
            "    m.fit(x, y, nb_epoch=1)\n",
            BARE,
        ),
        (
            "def test(x):\n    m = build()\n    m.load_weights(w)\n    m.predict(x)\n\n\n"
            "def train(x):\n    m = build()\n    m.fit(x, y, nb_epoch=1)\n",
            HEAD,
        ),
        ("def net(w):\n    m = build()\n    m.load_weights(w)\n    m.compile('sgd', 'mse')\n    return m\n", BARE),
    ],
)
def test_others_stay(text: str, head: str) -> None:
    new, found = migrate(text, head)
    assert "m.load_weights(w)" in new
    assert found == []
