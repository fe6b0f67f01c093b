from __future__ import print_function

import numpy as np

from . import tagger
from .data import sentences

model = tagger(features=4, tags=3)


def train(rounds):
    X, Y = sentences(12, 5)
    for i in range(rounds):
        model.fit(X, Y, nb_epoch=1, verbose=0, shuffle=False)
    return model.fit(X, Y, batch_size=6, verbose=0, shuffle=False).history['loss']


def tags(X):
    return np.argmax(model.predict(X, verbose=0), axis=-1)
