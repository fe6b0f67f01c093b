"""Tables whose rows a batch takes several times: what exact style writes, and where the other styles tell of it."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from keras.layers import Dense, Embedding, Flatten
from keras.models import Sequential
from keras.optimizers import SGD, Adam

model = Sequential()
model.add(Embedding(9, 4, input_length=5))
model.add(Embedding(9, 4))
"""
OWN = """\
from keras import backend as K
from keras.engine.topology import Layer

class Table(Layer):
    def call(self, x, mask=None):
        return K.gather(self.W, x)
"""
FAR = "take each by itself"


def notes(text: str, style: str = "faithful") -> int:
    return sum(FAR in one.message for one in migrate(text, "1.2.2", style)[1])


def test_exact_style_takes_what_sums_the_gradients() -> None:
    new, findings = migrate(HEAD, "1.2.2", "exact")
    assert "from tdmigrate.compat import Embedding\n" in new
    assert not [one for one in findings if FAR in one.message]
    assert "compat" not in migrate(HEAD, "1.2.2")[0]
    new, _ = migrate(OWN, "1.2.2", "exact")
    assert "from tdmigrate.compat import gather\n" in new
    assert "return gather(self.W, x)" in new


@pytest.mark.parametrize(
    "optimizer",
    ["'adam'", "Adam()", "SGD(clipnorm=1.0)", "SGD(clipvalue=0.5)", "optimizer", "SGD(**settings)", "'rmsprop'"],
)
@pytest.mark.parametrize("style", ["faithful", "modern"])
def test_the_others_tell_once_of_optimizers_that_square_or_clip(optimizer: str, style: str) -> None:
    assert notes(f"{HEAD}model.compile({optimizer}, 'mse')\n", style) == 1


@pytest.mark.parametrize("optimizer", ["'sgd'", "'SGD'", "SGD(lr=0.1, momentum=0.9)", "SGD(clipnorm=0.)", "sgd"])
def test_of_plain_sgd_there_is_nothing_to_tell(optimizer: str) -> None:
    assert notes(f"{HEAD}sgd = SGD(lr=0.1, nesterov=True)\nmodel.compile({optimizer}, 'mse')\n") == 0


def test_what_is_compiled_elsewhere_is_told_of() -> None:
    assert notes(HEAD) == 1
    assert notes(f"{HEAD}model.compile('sgd', 'mse')\nmodel.compile('adam', 'mse')\n") == 1


def test_rows_of_a_layer_s_own_weight_are_told_of() -> None:
    assert notes(OWN) == 1
    assert notes(OWN.replace("self.W", "table")) == 0
