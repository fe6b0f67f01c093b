"""Part-of-speech tagging, one tag for every word of a sentence of any length (Keras 1.1, 2016)."""
from __future__ import print_function

import numpy as np

from keras.models import Sequential
from keras.layers.core import Activation, Dropout, TimeDistributedDense
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import LSTM
from keras.optimizers import SGD

WORDS = ['<pad>', 'the', 'a', 'old', 'red', 'dog', 'cat', 'boat', 'sees', 'likes', 'runs', 'sleeps']
TAGS = ['<pad>', 'DET', 'ADJ', 'NOUN', 'VERB']
TAG_OF = [0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4]


def sentences(n, rng):
    """n random sentences of the same length, with their tags one-hot."""
    length = rng.randint(4, 9)
    X = rng.randint(1, len(WORDS), size=(n, length))
    y = np.eye(len(TAGS))[np.take(TAG_OF, X)]
    return X, y


def build_tagger(embedding_size=24, hidden=32):
    model = Sequential()
    # 0 is padding, the layers behind may not look at it
    model.add(Embedding(len(WORDS), embedding_size, mask_zero=True))
    model.add(LSTM(hidden, return_sequences=True))
    model.add(Dropout(0.2))
    model.add(TimeDistributedDense(len(TAGS), init='uniform'))  # the same weights at every word
    model.add(Activation('softmax'))
    return model


def main():
    rng = np.random.RandomState(7)
    model = build_tagger()
    model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.5, momentum=0.9))
    for _ in range(30):
        X, y = sentences(32, rng)
        model.fit(X, y, batch_size=16, nb_epoch=1, verbose=0)
    X, y = sentences(4, rng)
    guess = np.argmax(model.predict(X), axis=-1)
    for words, tags in zip(X, guess):
        print(' '.join('%s/%s' % (WORDS[w], TAGS[t]) for w, t in zip(words, tags)))


if __name__ == '__main__':
    main()
