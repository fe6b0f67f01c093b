"""Losses that read tensors of the model: found where Keras 3 refuses them, and only there."""

from __future__ import annotations

import pytest

from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module

HEAD = """\
from keras import backend as K
from keras import objectives
from keras.layers import Dense, Input, Lambda, merge
from keras.models import Model

x = Input(batch_shape=(None, 8))
h = Dense(4, init='uniform')(x)
mean = Dense(2)
z_mean = mean(h)
z_log_var = Dense(2)(h)
z = z_mean + K.exp(z_log_var / 2)
weight = 0.5
decoded = Dense(8)(z_mean)
vae = Model(input=x, output=decoded)
"""

FOUND = {
    "of a variational autoencoder": (
        "def vae_loss(x, x_decoded):\n"
        "    xent = objectives.binary_crossentropy(x, x_decoded)\n"
        "    kl = -0.5 * K.mean(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)\n"
        "    return xent + kl\n"
        "vae.compile(optimizer='sgd', loss=vae_loss)\n",
        ["vae_loss: `z_log_var` and `z_mean` are tensors of the model"],
    ),
    "by position, of a tensor that is computed": (
        "def penalty(a, b):\n    return K.mean(K.square(a - b)) + K.sum(z)\nvae.compile('sgd', penalty)\n",
        ["penalty: `z` is a tensor of the model"],
    ),
    "a lambda among several": (
        "vae.compile('sgd', loss={'a': 'mse', 'b': lambda a, b: K.mean(a - b + h)})\n",
        ["loss: `h` is a tensor of the model"],
    ),
    "a metric": (
        "def kl(a, b):\n    return K.mean(z_mean)\nvae.compile('sgd', 'mse', metrics=['accuracy', kl])\n",
        ["kl: `z_mean` is a tensor of the model"],
    ),
    "in a function": (
        "def build(n):\n"
        "    inputs = Input(shape=(n,))\n"
        "    code = Dense(2)(inputs)\n"
        "    def loss(a, b):\n"
        "        return K.mean(a - b) + K.mean(code)\n"
        "    model = Model(input=inputs, output=Dense(n)(code))\n"
        "    model.compile('sgd', loss=loss)\n"
        "    return model\n",
        ["loss: `code` is a tensor of the model"],
    ),
    "of several that one line makes": (
        "mu, sigma = Dense(2)(h), Dense(2)(h)\n"
        "def kl(a, b):\n    return K.mean(a - b) + K.sum(mu) + K.exp(sigma)\n"
        "vae.compile('sgd', kl)\n",
        ["kl: `mu` and `sigma` are tensors of the model"],
    ),
    "handed to what makes the loss": (
        "def with_code(code, rate=2):\n"
        "    def loss(a, b):\n"
        "        return K.mean(a - b) + rate * K.sum(code)\n"
        "    return loss\n"
        "vae.compile('sgd', loss=with_code(z_mean))\n",
        ["loss: `code` is a tensor of the model"],
    ),
    "handed by its name to what makes a lambda": (
        "def with_code(rate, code):\n"
        "    return lambda a, b: K.mean(a - b) + rate * K.sum(code)\n"
        "penalty = with_code(2, code=z)\n"
        "vae.compile('sgd', ['mse', penalty])\n",
        ["loss: `code` is a tensor of the model"],
    ),
    "handed to what makes the losses of a loop": (
        "def with_code(code):\n"
        "    return lambda a, b: K.mean(a - b) + K.sum(code)\n"
        "for penalty in ('mse', with_code(z)):\n    vae.compile('sgd', penalty)\n",
        ["loss: `code` is a tensor of the model"],
    ),
    "bound by partial": (
        "from functools import partial\n"
        "def loss(a, b, code):\n    return K.mean(a - b) + K.sum(code)\n"
        "vae.compile('sgd', loss=partial(loss, code=h))\n",
        ["loss: `code` is a tensor of the model"],
    ),
    "merged": (
        "both = merge([h, h], mode='sum')\nvae.compile('sgd', lambda a, b: K.mean(a - b) * K.mean(both))\n",
        ["loss: `both` is a tensor of the model"],
    ),
}

SILENT = {
    "what it is given": "def loss(a, b):\n    return weight * K.mean(a - b)\nvae.compile('sgd', loss)\n",
    "names of its own": (
        "def loss(x, z):\n    h = K.mean(x - z)\n    return h\nvae.compile('sgd', loss=loss)\n"
        "vae.compile('sgd', loss=lambda z_mean, z: K.mean(z_mean - z))\n"
    ),
    "a function that is no loss": "def other(a):\n    return Dense(2)(z_mean)\nvae.compile('sgd', 'mse')\n",
    "a name that is another thing later": "y = Dense(2)(h)\ny = 3.0\nvae.compile('sgd', lambda a, b: K.sum(a) * y)\n",
    "a number for what makes the loss": (
        "def scaled(rate):\n    def loss(a, b):\n        return rate * K.mean(a - b)\n    return loss\n"
        "vae.compile('sgd', loss=scaled(weight))\n"
    ),
    "a tensor that the loss does not read": (
        "def sized(code):\n    n = 2\n    def loss(a, b):\n        return n * K.mean(a - b)\n    return loss\n"
        "vae.compile('sgd', loss=sized(h))\n"
    ),
    "a shape": "n = 8\nvae.compile('sgd', lambda a, b: n * objectives.binary_crossentropy(a, b))\n",
}


def told(body: str) -> list[str]:
    findings = check(Module(HEAD + body), CheckSettings(keras_version="1.2")).findings
    return [one.message for one in findings if one.code == "K504"]


@pytest.mark.parametrize("name", FOUND)
def test_a_loss_that_reads_tensors_is_for_a_person(name: str) -> None:
    body, words = FOUND[name]
    messages = told(body)
    assert len(messages) == len(words)
    for message, wanted in zip(messages, words, strict=True):
        assert message.startswith(wanted)


def test_the_message_names_what_to_write() -> None:
    (message,) = told(FOUND["of a variational autoencoder"][0])
    assert "`self.add_loss(...)`" in message
    (message,) = told(FOUND["a metric"][0])
    assert "as an output" in message


@pytest.mark.parametrize("name", SILENT)
def test_other_losses_are_not(name: str) -> None:
    assert told(SILENT[name]) == []


def test_keras_3_refuses_such_a_loss() -> None:
    import keras
    import numpy as np

    x = keras.Input((4,))
    code = keras.layers.Dense(2)(x)
    model = keras.Model(x, keras.layers.Dense(4)(code))
    model.compile("sgd", lambda true, predicted: keras.ops.mean(true - predicted) + keras.ops.mean(code))
    with pytest.raises(ValueError, match="KerasTensor"):
        model.fit(np.zeros((2, 4)), np.zeros((2, 4)), verbose=0)
