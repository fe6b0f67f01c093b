"""Files of weights that a source reads with h5py."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
import h5py
from keras.layers import Dense
from keras.models import Sequential
model = Sequential([Dense(3, input_dim=2)])
f = h5py.File('vgg16_weights.h5')
"""


@pytest.mark.parametrize(
    "line",
    [
        "for k in range(f.attrs['nb_layers']): pass",
        "names = [n.decode('utf8') for n in f.attrs['layer_names']]",
        "g = f['dense_1']\nprint(g.attrs.get('weight_names'))",
    ],
)
def test_the_layout_of_keras_1_is_asked_about(line: str) -> None:
    found = [one for one in migrate(f"{HEAD}{line}\n", "1.2.2")[1] if "of a file of weights" in one.message]
    assert [(one.code, one.fix) for one in found] == [("K305", None)]


@pytest.mark.parametrize("line", ["print(f.attrs['date'])", "f.attrs['nb_layers'] = 3", "print(row['nb_layers'])"])
def test_other_attributes_are_not(line: str) -> None:
    assert not [one for one in migrate(f"{HEAD}{line}\n", "1.2.2")[1] if "of a file of weights" in one.message]
