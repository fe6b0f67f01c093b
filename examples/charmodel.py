"""A character model: at every position of a text, guess the next character."""
import sys

import numpy as np

from keras.models import Sequential
from keras.layers.core import TimeDistributedDense, Dropout
from keras.layers.recurrent import GRU
from keras.optimizers import Adam
from keras.regularizers import l2

POEM = """
the gate was open and the yard was white,
a lantern swung, a shadow crossed the wall;
the snow had come without a sound that night
and there was no one on the road at all.
"""


def read_text(path):
    with open(path) as f:
        return f.read().lower()


class CharModel(object):

    def __init__(self, chars, hidden=64, maxlen=20):
        self.chars = sorted(chars)
        self.index = dict((c, i) for i, c in enumerate(self.chars))
        self.maxlen = maxlen

        self.model = Sequential()
        self.model.add(GRU(
            hidden,
            return_sequences=True,
            input_dim=len(self.chars),
            input_length=maxlen,
        ))
        self.model.add(Dropout(0.1))
        self.model.add(GRU(hidden, return_sequences=True))
        self.model.add(TimeDistributedDense(
            output_dim=len(self.chars),     # one score for each character
            activation='softmax',
            W_regularizer=l2(1e-4),
        ))

    def vectors(self, text):
        """windows of maxlen characters and the same windows one character on"""
        ids = [self.index[c] for c in text]
        starts = range(0, len(ids) - self.maxlen - 1, 3)
        X = np.array([ids[s:s + self.maxlen] for s in starts])
        y = np.array([ids[s + 1:s + 1 + self.maxlen] for s in starts])
        eye = np.eye(len(self.chars))
        return eye[X], eye[y]

    def train(self, text, epochs):
        X, y = self.vectors(text)
        self.model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=0.01))
        self.model.fit(X, y, batch_size=16, nb_epoch=epochs)


if __name__ == '__main__':
    text = read_text(sys.argv[1]) if len(sys.argv) > 1 else POEM
    CharModel(set(text)).train(text, epochs=5)
