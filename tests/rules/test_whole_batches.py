"""Metrics of the source's own that give one number for a whole batch, which Keras 3 weighs otherwise."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = "from keras import backend as K\nfrom keras.models import Sequential\n\nmodel = Sequential()\n\n\n"
COMPILED = "\n\nmodel.compile('sgd', 'mse', metrics=[{}])\n"


def notes(text: str) -> list[str]:
    _, found = migrate(HEAD + text, style="modern")  # others write metric(...), which gives one for each sample
    return [one.message for one in found if one.code == "K404"]


@pytest.mark.parametrize(
    "body",
    [
        "return K.sqrt(K.mean(K.square(p - t)))",
        "return K.sum(t * p) / (K.sum(t) + K.epsilon())",
        "hits = K.sum(K.round(t * p))\n    rate = hits / K.sum(t)\n    rate = 2 * rate\n    return rate",
        "def hits(t, p):\n        return K.sum(t * p)\n    return 2 * hits(t, p)",
        "return K.mean(p, axis=None)",
        "if True:\n        return K.max(p)\n    return -K.min(p)",
    ],
)
def test_one_number_for_a_batch_is_noted(body: str) -> None:
    (note,) = notes(f"def own(t, p):\n    {body}" + COMPILED.format("'mse', own"))
    assert note.startswith("own: one number for a whole batch")


def test_what_is_given_by_default_is_a_number() -> None:
    text = "def own(t, p, beta=1):\n    b = beta ** 2\n    return (1 + b) * K.sum(t * p) / (b * K.sum(t))"
    assert len(notes(text + COMPILED.format("own"))) == 1


def test_lambdas_and_dicts_are_looked_into() -> None:
    assert len(notes("model.compile('sgd', 'mse', metrics={'a': [lambda t, p: K.mean(p)]})\n")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return K.mean(K.square(p - t), axis=-1)",
        "return K.mean(K.square(p - t), -1)",
        "return K.abs(p - t) / K.mean(t)",
        "return p",
        "if True:\n        return p\n    return K.mean(p)",
        "x = K.mean(p)\n    x = x + p\n    return x",
        "return unknown(K.mean(p))",
        "return own(t, p)",
    ],
)
def test_a_value_for_each_sample_is_not(body: str) -> None:
    assert notes(f"def own(t, p):\n    {body}" + COMPILED.format("own")) == []


def test_a_loss_is_weighed_as_it_was() -> None:
    assert notes("def own(t, p):\n    return K.mean(p)\n\n\nmodel.compile('sgd', own)\n") == []
