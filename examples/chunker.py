"""Noun chunks with a bidirectional network and the functional API (Keras 1.2, early 2017)."""
import numpy as np
from keras.layers import Input, Embedding, LSTM, Bidirectional, TimeDistributedDense
from keras.models import Model

VOCABULARY, LENGTH = 200, 12
LABELS = ('B', 'I', 'O')


def build(units=20):
    words = Input(shape=(LENGTH,), dtype='int32', name='words')
    vectors = Embedding(VOCABULARY, 16, input_length=LENGTH)(words)
    context = Bidirectional(LSTM(units, return_sequences=True, dropout_W=0.1, dropout_U=0.1), merge_mode='concat')(vectors)
    hidden = TimeDistributedDense(units, activation='tanh')(context)
    labels = TimeDistributedDense(len(LABELS), 'glorot_normal', 'softmax', name='labels')(hidden)
    return Model(input=words, output=labels)


def toy_corpus(n):
    X = np.random.randint(1, VOCABULARY, size=(n, LENGTH))
    # words below 80 are nouns, a chunk begins where no noun stands before
    noun = X < 80
    before = np.hstack([np.zeros((n, 1), dtype=bool), noun[:, :-1]])
    y = np.where(noun, np.where(before, 1, 0), 2)
    return X, np.eye(len(LABELS))[y]


if __name__ == '__main__':
    X, y = toy_corpus(300)
    model = build()
    model.summary()
    model.compile(optimizer='sgd', loss='categorical_crossentropy', metrics=['accuracy'])
    model.fit(X, y, nb_epoch=3, batch_size=32, verbose=2)
