"""Whole programs in the many styles of 2015–2017, migrated and proved as a user has them: nothing is left unproved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.pipeline import run_text

# name → source, how many models it makes, the genuine release that runs it and its backend
STYLES: dict[str, tuple[str, int, str]] = {
    "shapes first, as in 0.1": (
        """
from keras.models import Sequential
from keras.layers.advanced_activations import PReLU
from keras.layers.core import Dense, Activation, Dropout
from keras.layers.normalization import BatchNormalization
dims = 93
model = Sequential()
model.add(Dense(dims, 32, init='glorot_uniform'))
model.add(PReLU((32,)))
model.add(BatchNormalization((32,)))
model.add(Dropout(0.5))
model.add(Dense(32, 9))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam')
""",
        1,
        "0.2.0 theano",
    ),
    "only a shape tells 0.1": (
        """
from keras.models import Sequential
from keras.layers.advanced_activations import PReLU
from keras.layers.core import Dense
from keras.layers.normalization import BatchNormalization
model = Sequential()
model.add(Dense(input_dim=9, output_dim=12))
model.add(PReLU((12,)))
model.add(BatchNormalization((12,)))
model.add(Dense(input_dim=12, output_dim=3))
model.compile(loss='mse', optimizer='sgd')
""",
        1,
        "0.2.0 theano",
    ),
    "layers by map": (
        """
from keras.models import Sequential
from keras.layers.core import Dense, Activation
model = Sequential()
map(model.add, [Dense(3, input_dim=4, init='uniform'), Activation('relu')])
model.compile(loss='mse', optimizer='sgd')
print "done"
""",
        1,
        "1.2.2 theano",
    ),
    "a dict of models": (
        """
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
def build(kind):
    model = Sequential()
    model.add(Dense(3, input_dim=4, init='uniform'))
    model.add(Activation(kind))
    model.compile(loss='mse', optimizer='sgd')
    return model
models = dict((k, build(k)) for k in ('softplus', 'tanh'))
models['tanh'].fit(np.random.rand(10, 4), np.random.rand(10, 3), nb_epoch=2)
""",
        1,
        "1.2.2 theano",
    ),
    "settings by loop": (
        """
from keras.models import Sequential
from keras.layers.core import Dense, Activation
GRID = [{'act': 'tanh', 'units': 5}, {'act': 'sigmoid', 'units': 6}]
def build(act, units):
    model = Sequential()
    model.add(Dense(units, input_dim=4, init='uniform', activation=act))
    return model
for settings in GRID:
    build(**settings).compile(loss='mse', optimizer='sgd')
""",
        1,
        "1.2.2 theano",
    ),
    "a model that trains itself": (
        """
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
class Net(Sequential):
    def __init__(self, n):
        super(Net, self).__init__()
        self.add(Dense(n, input_dim=4, init='uniform'))
        self.add(Activation('tanh'))
    def fit(self, X, Y, **kwargs):
        return super(Net, self).fit(X, Y, nb_epoch=3, **kwargs)
    def start(self, X, Y):
        self.compile(loss='mse', optimizer='sgd')
        return self.fit(X, Y, verbose=0).history['loss']
net = Net(3)
net.start(np.random.rand(10, 4), np.random.rand(10, 3))
""",
        1,
        "1.2.2 theano",
    ),
    "a top on a trained model": (
        """
from keras.applications.vgg16 import VGG16
from keras.models import Model, Sequential
from keras.layers import Dense, Flatten
base = VGG16(weights='imagenet', include_top=False, input_shape=(48, 48, 3))
top = Sequential()
top.add(Flatten(input_shape=base.output_shape[1:]))
top.add(Dense(4, init='uniform', activation='tanh'))
model = Model(input=base.input, output=top(base.output))
for layer in model.layers[:15]:
    layer.trainable = False
model.compile(loss='mse', optimizer='sgd')
""",
        1,
        "1.2.2 tensorflow",
    ),
    "a top on a trained model for images of any size": (
        """
from keras.applications.xception import Xception
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model
base = Xception(weights='imagenet', include_top=False)
x = base.output
x = GlobalAveragePooling2D()(x)
model = Model(input=base.input, output=Dense(5, activation='softmax', init='uniform')(x))
model.compile(loss='mse', optimizer='sgd')
""",
        1,
        "1.2.2 tensorflow",
    ),
    "choices of the command line, and layers handed in": (
        """
import sys
from keras.models import Sequential
from keras.layers.core import Dense, Activation
kind = sys.argv[1] if len(sys.argv) > 1 else 'small'
units = {'small': 8, 'big': 64}[kind]
def stack(layers):
    model = Sequential()
    for layer in layers:
        model.add(layer)
    return model
net = stack([Dense(4, input_dim=3, init='uniform'), Activation('tanh'), Dense(2, init='normal')])
net.compile(loss='mse', optimizer='sgd')
model = Sequential()
model.add(Dense(units, input_dim=5, init='uniform'))
model.add(Activation('relu' if kind == 'big' else 'tanh'))
model.compile(loss='mse', optimizer='sgd')
""",
        2,
        "1.2.2 theano",
    ),
}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", STYLES)
def test_every_model_is_proved(name: str, legacy_path: Path) -> None:
    text, models, release = STYLES[name]
    settings = Settings(mode="diff", verify=True, legacy_path=str(legacy_path))
    (file,) = run_text(STDIN, text.lstrip().encode(), settings).files
    untrusted = "step not of its own loss: what genuine Keras trains on TensorFlow is not trusted"
    reason = untrusted if release.endswith("tensorflow") else None
    assert [(proof.status, proof.reason) for proof in file.proofs] == [("equal", reason)] * models
    assert {proof.legacy for proof in file.proofs} == {f"keras {release}"}
    for proof in file.proofs:
        assert proof.outputs is not None
        assert proof.outputs.max_abs < 1e-12
        assert proof.step is not None
        assert max(proof.step[:2]) < 1e-12
