"""Optimizers by the names and arguments of Keras 1."""

from __future__ import annotations

import keras
import pytest

from tdmigrate import compat

NAMES = ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_gives_the_optimizer_with_the_defaults_of_keras_1(name: str) -> None:
    made = compat.optimizer_of(name.lower())
    assert type(made) is getattr(compat, name)
    assert type(compat.optimizer_of(name)) is type(made)
    assert compat.optimizer_of(name) is not made


def test_anything_else_is_given_back() -> None:
    own = keras.optimizers.Adam()
    assert compat.optimizer_of(own) is own
    assert compat.optimizer_of("lion") == "lion"
    assert compat.optimizer_of(None) is None


def test_a_class_takes_the_arguments_of_keras_1() -> None:
    made = compat.optimizer_class("Adadelta")(lr=0.5, clipnorm=2.0)
    assert type(made) is compat.Adadelta
    assert float(made.learning_rate) == 0.5
    assert made.global_clipnorm == 2.0
    assert made.epsilon == 1e-8
    assert float(compat.optimizer_class("sgd")(0.25).learning_rate) == 0.25
    with pytest.raises(KeyError):
        compat.optimizer_class("lion")
