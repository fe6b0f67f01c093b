"""What is said to stand for functions of Theano and TensorFlow is there."""

from __future__ import annotations

import operator

import keras
import pytest

from tdmigrate import compat
from tdmigrate.keras1.foreign import TENSORFLOW, THEANO, instead


@pytest.mark.parametrize(("package", "table"), [("theano", THEANO), ("tensorflow", TENSORFLOW)])
def test_it_is_in_keras_3_or_compat(package: str, table: dict[str, str]) -> None:
    for name in table:
        text = instead(package, name)
        assert text is not None
        home, _, path = text.partition("(")[0].removeprefix("tdmigrate.").partition(".")
        assert callable(operator.attrgetter(path)({"keras": keras, "compat": compat}[home])), name
